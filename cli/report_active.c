/* SPDX-License-Identifier: MIT
 *
 * What gold labels brought: the learning curve of `weaksup active`, by how many labels
 * were fitted with.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/metrics.h>

#include "report_page.h"

enum { WIDTH = 420, HEIGHT = 250, LEFT = 52, RIGHT = 12, TOP = 10, BOTTOM = 42 };

typedef double (*figure_fn)(const active_score *score);

static double accuracy_of(const active_score *score) {
  return score->accuracy;
}

static double loss_of(const active_score *score) {
  return score->log_loss;
}

/* One chart: what it shows, and the part of it that is seen. */
typedef struct chart {
  const active_journal *journal;
  const char *id, *title;
  figure_fn figure;
  bool whiskers;
  double low, high, labels;
} chart;

static const active_score *score_of(const active_round *round, bool classifier) {
  return classifier ? &round->classifier : &round->label_model;
}

static bool is_shown(const chart *c, const active_round *round, bool classifier) {
  return isfinite(c->figure(score_of(round, classifier)));
}

static ws_interval interval_of(const active_round *round, double accuracy) {
  return ws_accuracy_interval(accuracy, round->n, 0.95);
}

/* A little more than what is drawn, in steps of 0.05. */
static void find_range(chart *c) {
  c->low = (double)INFINITY, c->high = -(double)INFINITY, c->labels = 1;
  for (size_t i = 0; i < c->journal->round_count; i++) {
    const active_round *round = &c->journal->rounds[i];
    c->labels = fmax(c->labels, (double)round->labels);
    for (int who = 0; who < 2; who++) {
      if (!is_shown(c, round, who)) continue;
      double y = c->figure(score_of(round, who));
      c->low = fmin(c->low, y), c->high = fmax(c->high, y);
      if (!c->whiskers || !round->n) continue;
      ws_interval range = interval_of(round, y);
      c->low = fmin(c->low, range.low), c->high = fmax(c->high, range.high);
    }
  }
  c->low = floor((c->low - 0.02) * 20) / 20;
  c->high = ceil((c->high + 0.02) * 20) / 20;
  if (c->low < 0) c->low = 0;
  if (c->whiskers && c->high > 1) c->high = 1;
}

static double x_of(const chart *c, double labels) {
  return LEFT + (WIDTH - LEFT - RIGHT) * labels / c->labels;
}

static double y_of(const chart *c, double y) {
  double share = (y - c->low) / (c->high - c->low);
  return TOP + (HEIGHT - TOP - BOTTOM) * (1 - fmin(fmax(share, 0), 1));
}

static void put_axes(html *h, const chart *c) {
  for (int i = 0; i <= 4; i++) {
    double y = c->low + (c->high - c->low) * i / 4;
    html_format(h,
                "<path class=\"line\" d=\"M%d %.1fH%d\"/><text class=\"y\" x=\"%d\" "
                "y=\"%.1f\">%.3g</text>\n",
                LEFT, y_of(c, y), WIDTH - RIGHT, LEFT - 6, y_of(c, y) + 4, y);
  }
  for (int i = 0; i <= 2; i++) {
    double labels = floor(c->labels * i / 2);
    html_format(h, "<text class=\"x\" x=\"%.1f\" y=\"%d\">%.0f</text>\n", x_of(c, labels),
                HEIGHT - BOTTOM + 16, labels);
  }
  html_format(h, "<text class=\"x\" x=\"%d\" y=\"%d\">gold labels</text>\n",
              LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 6);
}

static void put_marker(html *h, double x, double y, bool square) {
  if (square)
    html_format(h, "<rect x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"7\"/>", x - 3.5,
                y - 3.5);
  else
    html_format(h, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", x, y);
}

static void put_point(html *h, const chart *c, const active_round *round,
                      bool classifier) {
  double figure = c->figure(score_of(round, classifier));
  double x = x_of(c, (double)round->labels) + (classifier ? 2 : -2);
  if (c->whiskers && round->n) {
    ws_interval range = interval_of(round, figure);
    html_format(h, "<path class=\"whisker\" d=\"M%.1f %.1fV%.1f\"/>", x,
                y_of(c, range.low), y_of(c, range.high));
  }
  put_marker(h, x, y_of(c, figure), classifier);
}

static void put_curve(html *h, const chart *c, bool classifier) {
  const active_journal *j = c->journal;
  bool first = true;
  html_format(h, "<g class=\"%s\"><path class=\"curve\" d=\"",
              classifier ? "learner" : "model");
  for (size_t i = 0; i < j->round_count; i++) {
    const active_round *round = &j->rounds[i];
    if (!is_shown(c, round, classifier)) continue;
    html_format(h, "%s%.1f %.1f", first ? "M" : "L",
                x_of(c, (double)round->labels) + (classifier ? 2 : -2),
                y_of(c, c->figure(score_of(round, classifier))));
    first = false;
  }
  html_raw(h, "\"/>");
  for (size_t i = 0; i < j->round_count; i++)
    if (is_shown(c, &j->rounds[i], classifier))
      put_point(h, c, &j->rounds[i], classifier);
  html_raw(h, "</g>\n");
}

static void put_chart(html *h, chart *c) {
  find_range(c);
  if (!(c->low < c->high)) return; // nothing was measured
  html_format(h,
              "<figure><figcaption>%s</figcaption>\n<svg class=\"plot\" role=\"img\" "
              "aria-labelledby=\"%s-t\" viewBox=\"0 0 %d %d\" width=\"%d\" "
              "height=\"%d\"><title id=\"%s-t\">%s by gold labels; the figures are in "
              "the table below</title>\n",
              c->title, c->id, WIDTH, HEIGHT, WIDTH, HEIGHT, c->id, c->title);
  put_axes(h, c);
  put_curve(h, c, false);
  put_curve(h, c, true);
  html_raw(h, "</svg>\n</figure>\n");
}

static void put_legend(html *h) {
  html_raw(h, "<p class=\"keys\"><span class=\"key\"><svg class=\"plot\" viewBox=\"0 0 "
              "12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\"><g "
              "class=\"model\"><circle cx=\"6\" cy=\"6\" r=\"4.5\"/></g></svg> label "
              "model</span>\n<span class=\"key\"><svg class=\"plot\" viewBox=\"0 0 12 "
              "12\" width=\"12\" height=\"12\" aria-hidden=\"true\"><g "
              "class=\"learner\"><rect x=\"2\" y=\"2\" width=\"8\" height=\"8\"/></g>"
              "</svg> classifier</span></p>\n");
}

static void put_figure(html *h, double figure) {
  html_raw(h, "<td>");
  if (isfinite(figure))
    html_format(h, "%.4f", figure);
  else
    html_raw(h, "\xE2\x80\x93");
  html_raw(h, "</td>");
}

static void put_table(html *h, const active_journal *j) {
  page_scroll(h, "Rounds");
  html_raw(h, "<table class=\"plain\"><caption>Rounds</caption><thead><tr>"
              "<th scope=\"col\">round</th><th scope=\"col\">asked</th>"
              "<th scope=\"col\">gold labels</th><th scope=\"col\">on</th>"
              "<th scope=\"col\">label model</th><th scope=\"col\">log-loss</th>"
              "<th scope=\"col\">classifier</th><th scope=\"col\">log-loss</th></tr>"
              "</thead><tbody>\n");
  for (size_t i = 0; i < j->round_count; i++) {
    const active_round *r = &j->rounds[i];
    html_format(h, "<tr><th scope=\"row\">%llu</th><td>", (unsigned long long)r->round);
    html_count(h, r->asked);
    html_raw(h, "</td><td>");
    html_count(h, r->labels);
    html_raw(h, "</td><td>");
    html_string(h, r->set);
    html_raw(h, "</td>");
    put_figure(h, r->label_model.accuracy);
    put_figure(h, r->label_model.log_loss);
    put_figure(h, r->classifier.accuracy);
    put_figure(h, r->classifier.log_loss);
    html_raw(h, "</tr>\n");
  }
  html_raw(h, "</tbody></table>\n</div>\n");
}

static bool is_on_dev(const active_journal *j) {
  for (size_t i = 0; i < j->round_count; i++)
    if (j->rounds[i].set[0] == 'd') return true;
  return false;
}

void report_active(html *h, const report *r) {
  const active_journal *j = &r->journal;
  chart accuracy = {.journal = j,
                    .id = "lc-accuracy",
                    .title = "Accuracy",
                    .figure = accuracy_of,
                    .whiskers = true};
  chart loss = {.journal = j, .id = "lc-loss", .title = "Log-loss", .figure = loss_of};
  if (r->journal_note.size) page_note(h, ws_buffer_as_text(&r->journal_note));
  if (!j->round_count) return;
  html_raw(h, "<p>What was measured after each round of <code>weaksup active</code>. "
              "Whiskers are exact 95\xC2\xA0% intervals: steps within them mean little.");
  if (is_on_dev(j))
    html_raw(h, " There is no test set: rounds are measured on dev, cross-fitted, which "
                "grows by records that were chosen because they are hard.");
  html_raw(h, "</p>\n<div class=\"pair\">\n");
  put_chart(h, &accuracy);
  put_chart(h, &loss);
  html_raw(h, "</div>\n");
  put_legend(h);
  put_table(h, j);
}

bool report_has_active(const report *r) {
  return r->journal.round_count || r->journal_note.size;
}
