/* SPDX-License-Identifier: MIT
 *
 * Reliability: of labels with a probability of 0.8, eight in ten should be right.
 */

#include "report_page.h"

enum { SIDE = 300, LEFT = 44, BOTTOM = 40, TOP = 10 };

static double x_of(double p) {
  return LEFT + p * SIDE;
}

static double y_of(double p) {
  return TOP + (1 - p) * SIDE;
}

static void put_axes(html *h) {
  for (int i = 0; i <= 4; i++) {
    double p = i / 4.0;
    html_format(h,
                "<path class=\"line\" d=\"M%d %.1fH%d\"/><text class=\"y\" x=\"%d\" "
                "y=\"%.1f\">%.2g</text><text class=\"x\" x=\"%.1f\" y=\"%d\">%.2g"
                "</text>\n",
                LEFT, y_of(p), LEFT + SIDE, LEFT - 6, y_of(p) + 4, p, x_of(p),
                TOP + SIDE + 16, p);
  }
  html_format(h, "<path class=\"ideal\" d=\"M%.0f %.0fL%.0f %.0f\"/>\n", x_of(0), y_of(0),
              x_of(1), y_of(1));
  html_format(h, "<text class=\"x\" x=\"%d\" y=\"%d\">probability of the label</text>\n",
              LEFT + SIDE / 2, TOP + SIDE + BOTTOM - 8);
}

static void put_marker(html *h, double x, double y, bool square) {
  if (square)
    html_format(h, "<rect x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\"/>", x - 4,
                y - 4);
  else
    html_format(h, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>", x, y);
}

static void put_curve(html *h, const ws_reliability *r, const char *colour, bool square,
                      double aside) {
  bool first = true;
  if (!r) return;
  html_format(h, "<g class=\"%s\"><path class=\"curve\" d=\"", colour);
  for (size_t b = 0; b < WS_RELIABILITY_BINS; b++) {
    ws_reliability_bin bin = ws_reliability_bin_at(r, b);
    if (bin.n == 0) continue;
    html_format(h, "%s%.1f %.1f", first ? "M" : "L", x_of(bin.confidence) + aside,
                y_of(bin.accuracy));
    first = false;
  }
  html_raw(h, "\"/>");
  for (size_t b = 0; b < WS_RELIABILITY_BINS; b++) {
    ws_reliability_bin bin = ws_reliability_bin_at(r, b);
    if (bin.n == 0) continue;
    ws_interval range = ws_accuracy_interval(bin.accuracy, bin.n, 0.95);
    html_format(h, "<path class=\"whisker\" d=\"M%.1f %.1fV%.1f\"/>",
                x_of(bin.confidence) + aside, y_of(range.low), y_of(range.high));
    put_marker(h, x_of(bin.confidence) + aside, y_of(bin.accuracy), square);
  }
  html_raw(h, "</g>\n");
}

static void put_table(html *h, const ws_reliability *r, const char *who) {
  if (!r) return;
  html_format(h,
              "<table class=\"plain\"><caption>%s</caption><thead><tr>"
              "<th scope=\"col\">probability</th><th scope=\"col\">n</th>"
              "<th scope=\"col\">mean</th><th scope=\"col\">right</th>"
              "<th scope=\"col\">95&nbsp;%%</th></tr></thead><tbody>\n",
              who);
  for (size_t b = 0; b < WS_RELIABILITY_BINS; b++) {
    ws_reliability_bin bin = ws_reliability_bin_at(r, b);
    if (bin.n == 0) continue;
    ws_interval range = ws_accuracy_interval(bin.accuracy, bin.n, 0.95);
    html_format(h, "<tr><th scope=\"row\">%.1f\xE2\x80\x93%.1f</th><td>", bin.low,
                bin.high);
    html_count(h, bin.n);
    html_format(h, "</td><td>%.3f</td><td>%.3f</td><td>%.2f\xE2\x80\x93%.2f</td></tr>\n",
                bin.confidence, bin.accuracy, range.low, range.high);
  }
  html_raw(h, "</tbody></table>\n");
}

static void put_legend(html *h, const report_gold *gold) {
  html_raw(h, "<p class=\"keys\">");
  if (gold->label_model)
    html_raw(h, "<span class=\"key\"><svg class=\"plot\" viewBox=\"0 0 12 12\" "
                "width=\"12\" height=\"12\" aria-hidden=\"true\"><g class=\"model\">"
                "<circle cx=\"6\" cy=\"6\" r=\"4.5\"/></g></svg> label model, records "
                "with votes</span>\n");
  if (gold->classifier)
    html_raw(h, "<span class=\"key\"><svg class=\"plot\" viewBox=\"0 0 12 12\" "
                "width=\"12\" height=\"12\" aria-hidden=\"true\"><g class=\"learner\">"
                "<rect x=\"2\" y=\"2\" width=\"8\" height=\"8\"/></g></svg> classifier"
                "</span>\n");
  html_raw(h, "</p>\n");
}

static void put_chart(html *h, const report_gold *gold) {
  html_raw(h, "<figure><figcaption>Reliability on ");
  html_string(h, gold->set);
  html_format(h,
              "</figcaption>\n<svg class=\"plot square\" role=\"img\" "
              "aria-labelledby=\"rel-t\" viewBox=\"0 0 %d %d\" width=\"%d\" "
              "height=\"%d\"><title id=\"rel-t\">How often labels of a probability are "
              "right; the figures are in the tables beside it</title>\n",
              LEFT + SIDE + 10, TOP + SIDE + BOTTOM, LEFT + SIDE + 10,
              TOP + SIDE + BOTTOM);
  put_axes(h);
  put_curve(h, gold->label_model, "model", false, gold->classifier ? -3 : 0);
  put_curve(h, gold->classifier, "learner", true, gold->label_model ? 3 : 0);
  html_raw(h, "</svg>\n");
  put_legend(h, gold);
  html_raw(h, "</figure>\n");
}

void report_reliability(html *h, const report *r) {
  const report_gold *gold = &r->gold;
  if (!gold->set) {
    html_raw(h, "<p>There are no gold labels to compare with.</p>\n");
    if (gold->note.size) page_note(h, ws_buffer_as_text(&gold->note));
    return;
  }
  html_raw(h, "<p>Points on the dotted line are probabilities that mean what they say; "
              "below it predictions are surer than right. Whiskers are exact 95\xC2\xA0% "
              "intervals: a point of few records says little.");
  if (gold->fitted)
    html_raw(h, " The gold labels of this set helped to fit the models, so the curve "
                "looks better than it will on other records.");
  html_raw(h, "</p>\n");
  if (gold->note.size) page_note(h, ws_buffer_as_text(&gold->note));
  html_raw(h, "<div class=\"pair\">\n");
  put_chart(h, gold);
  html_raw(h, "<div>\n");
  put_table(h, gold->label_model, "label model");
  put_table(h, gold->classifier, "classifier");
  html_raw(h, "</div>\n</div>\n");
}
