/* SPDX-License-Identifier: MIT
 *
 * Labels: how sure they are, and how the classes share votes, labels and gold.
 */
#include <math.h>
#include <stdio.h>

#include "report_page.h"

enum { WIDTH = 420, HEIGHT = 230, LEFT = 46, RIGHT = 8, TOP = 10, BOTTOM = 40 };

/* A digit times a power of ten, at least `most`. */
static double round_up(double most) {
  double power = pow(10, floor(log10(most > 1 ? most : 1)));
  static const double steps[] = {1, 2, 3, 4, 5, 6, 8, 10};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (steps[i] * power >= most) return steps[i] * power;
  return most;
}

/* --- how sure labels are ------------------------------------------------------------ */

static uint64_t highest(const ws_label_summary *s) {
  uint64_t most = 1;
  for (size_t b = 0; b < WS_POSTERIOR_BINS; b++)
    if (s->histogram[b] > most) most = s->histogram[b];
  return most;
}

static void put_y_axis(html *h, double top) {
  for (int i = 0; i <= 2; i++) {
    double y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - i / 2.0);
    html_format(h,
                "<path class=\"line\" d=\"M%d %.1fH%d\"/><text class=\"y\" x=\"%d\" "
                "y=\"%.1f\">",
                LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4);
    if (top * i / 2 == floor(top * i / 2)) html_count(h, (uint64_t)(top * i / 2));
    html_raw(h, "</text>\n");
  }
}

static void put_x_axis(html *h) {
  for (int i = 0; i <= 4; i++)
    html_format(h, "<text class=\"x\" x=\"%.1f\" y=\"%d\">%.2g</text>\n",
                LEFT + (WIDTH - LEFT - RIGHT) * i / 4.0, HEIGHT - BOTTOM + 16, i / 4.0);
}

static void put_bins(html *h, const ws_label_summary *s, double top) {
  double step = (double)(WIDTH - LEFT - RIGHT) / WS_POSTERIOR_BINS;
  for (size_t b = 0; b < WS_POSTERIOR_BINS; b++) {
    double height = (HEIGHT - TOP - BOTTOM) * (double)s->histogram[b] / top;
    if (s->histogram[b] == 0) continue;
    if (height < 1) height = 1;
    html_format(h,
                "<g><title>%.2f to %.2f: %llu records</title><rect x=\"%.2f\" y=\"%.2f\" "
                "width=\"%.2f\" height=\"%.2f\"/></g>\n",
                (double)b / WS_POSTERIOR_BINS, (double)(b + 1) / WS_POSTERIOR_BINS,
                (unsigned long long)s->histogram[b], LEFT + step * (double)b + 0.75,
                HEIGHT - BOTTOM - height, step - 1.5, height);
  }
}

/* What the probability is of, for axis and table. */
static void put_what(html *h, const report *r) {
  if (r->summary.class_count != 2) {
    html_raw(h, "probability of the label");
    return;
  }
  html_raw(h, "probability of ");
  html_text(h, ws_task_class(r->task, 1));
}

static void put_bin_table(html *h, const report *r) {
  html_raw(h,
           "<details><summary>Figures</summary><table class=\"plain\"><caption>Records "
           "by ");
  put_what(h, r);
  html_raw(h, "</caption><thead><tr><th scope=\"col\">from</th><th scope=\"col\">to</th>"
              "<th scope=\"col\">records</th></tr></thead><tbody>\n");
  for (size_t b = 0; b < WS_POSTERIOR_BINS; b++) {
    html_format(h, "<tr><th scope=\"row\">%.2f</th><td>%.2f</td><td>",
                (double)b / WS_POSTERIOR_BINS, (double)(b + 1) / WS_POSTERIOR_BINS);
    html_count(h, r->summary.histogram[b]);
    html_raw(h, "</td></tr>\n");
  }
  html_raw(h, "</tbody></table></details>\n");
}

static void put_histogram(html *h, const report *r) {
  double top = round_up((double)highest(&r->summary));
  html_raw(h, "<figure><figcaption>How sure the label model is, records with votes"
              "</figcaption>\n");
  html_format(h,
              "<svg class=\"plot\" role=\"img\" aria-labelledby=\"hist-t\" viewBox=\"0 0 "
              "%d %d\" width=\"%d\" height=\"%d\"><title id=\"hist-t\">Histogram of the ",
              WIDTH, HEIGHT, WIDTH, HEIGHT);
  put_what(h, r);
  html_raw(h, "; its figures are listed below</title>\n");
  put_y_axis(h, top);
  put_bins(h, &r->summary, top);
  put_x_axis(h);
  html_format(h, "<text class=\"x\" x=\"%d\" y=\"%d\">",
              LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 6);
  put_what(h, r);
  html_raw(h, "</text>\n</svg>\n");
  put_bin_table(h, r);
  html_raw(h, "</figure>\n");
}

/* --- the classes -------------------------------------------------------------------- */

static void put_class_share(html *h, double part, double of, const char *colour) {
  double share = of > 0 ? part / of : (double)NAN;
  html_format(h, "<td data-v=\"%.9g\">", isnan(share) ? 0 : share);
  page_share(h, share, colour);
  html_raw(h, "</td>");
}

static void put_class_row(html *h, const report *r, size_t k) {
  const ws_label_summary *s = &r->summary;
  const ws_class_summary *c = &s->classes[k];
  char colour[8];
  snprintf(colour, sizeof colour, "k%u", page_colour(k));
  html_raw(h, "<tr><th scope=\"row\" class=\"text\">");
  page_class(h, r, (int32_t)k);
  html_raw(h, "</th>");
  put_class_share(h, (double)c->votes, (double)s->cast, colour);
  put_class_share(h, (double)c->labels, (double)(s->covered - s->ties), colour);
  put_class_share(h, c->mass, (double)s->covered, colour);
  if (s->gold) put_class_share(h, (double)c->gold, (double)s->gold, colour);
  html_raw(h, "</tr>\n");
}

static void put_classes(html *h, const report *r) {
  size_t K = r->summary.class_count;
  html_raw(h, "<figure><figcaption>How the classes share them</figcaption>\n");
  page_scroll(h, "Class balance");
  html_raw(
      h, "<table class=\"plain shares\"><thead><tr><th scope=\"col\" class=\"text\">class"
         "</th><th scope=\"col\">votes</th><th scope=\"col\">labels</th>"
         "<th scope=\"col\">mean probability</th>");
  if (r->summary.gold) html_raw(h, "<th scope=\"col\">gold</th>");
  html_raw(h, "</tr></thead><tbody>\n");
  for (size_t k = 0; k < K && k < REPORT_CLASSES; k++) put_class_row(h, r, k);
  html_raw(h, "</tbody></table>\n</div>\n");
  if (K > REPORT_CLASSES)
    html_format(h, "<p class=\"note\">The first %d of %zu classes.</p>\n",
                (int)REPORT_CLASSES, K);
  html_raw(h, "</figure>\n");
}

void report_labels(html *h, const report *r) {
  html_raw(h, "<p>Mass in the middle of the histogram is records that need another "
              "labeling function, or a person. Where votes are shared very differently "
              "from gold labels, a known <code>--class-balance</code> helps.</p>\n"
              "<div class=\"pair\">\n");
  put_histogram(h, r);
  put_classes(h, r);
  html_raw(h, "</div>\n");
}
