/* SPDX-License-Identifier: MIT
 *
 * The frame of the page: its head with the policy that lets nothing in, the list of
 * sections, and the pieces that sections share.
 */
#include "report_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct section {
  const char *id, *name;
  void (*write)(html *h, const report *r);
  bool (*has)(const report *r); // NULL: it always stands there
} section;

static const section sections[] = {
    {"summary", "Summary", report_summary, NULL},
    {"lfs", "Labeling functions", report_lfs, NULL},
    {"pairs", "Where they meet", report_pairs, NULL},
    {"duplicates", "Near duplicates", report_duplicates, NULL},
    {"labels", "Labels", report_labels, NULL},
    {"reliability", "Reliability", report_reliability, NULL},
    {"active", "Learning curve", report_active, report_has_active},
    {"flips", "Against majority vote", report_flips, NULL},
    {"examples", "Examples", report_examples, NULL},
    {"classifier", "Classifier", report_features, NULL},
    {"about", "This run", report_about, NULL},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

/* --- pieces ------------------------------------------------------------------------- */

void page_section(html *h, const char *id, const char *heading) {
  html_format(h,
              "\n<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">%s</h2>\n",
              id, id, id, heading);
}

void page_scroll(html *h, const char *label) {
  html_format(h,
              "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n",
              label);
}

unsigned page_colour(size_t label) {
  return (unsigned)(label % 8);
}

void page_class(html *h, const report *r, int32_t label) {
  if (label == WS_ABSTAIN) {
    html_raw(h, "<span class=\"cls none\">none</span>");
    return;
  }
  html_format(h, "<span class=\"cls k%u\">", page_colour((size_t)label));
  html_name(h, ws_task_class(r->task, (size_t)label));
  html_raw(h, "</span>");
}

void page_bar(html *h, double share, const char *colour) {
  double width = isnan(share) ? 0 : share < 0 ? 0 : share > 1 ? 1 : share;
  html_format(h,
              "<svg class=\"bar %s\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
              "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"8\"/></svg>",
              colour, 100 * width);
}

void page_note(html *h, ws_text note) {
  html_raw(h, "<p class=\"note\">");
  html_shown(h, note);
  html_raw(h, "</p>\n");
}

ws_text page_text_of(ws_value object, const char *name) {
  ws_value value = ws_value_is(object, WS_OBJECT) ? ws_value_get(object, ws_text_of(name))
                                                  : (ws_value){NULL};
  return ws_value_is(value, WS_STRING) ? ws_value_text(value) : (ws_text){"", 0};
}

double page_number_of(ws_value object, const char *name) {
  ws_value value = ws_value_is(object, WS_OBJECT) ? ws_value_get(object, ws_text_of(name))
                                                  : (ws_value){NULL};
  bool number = ws_value_is(value, WS_INT) || ws_value_is(value, WS_DOUBLE);
  return number ? ws_value_number(value) : (double)NAN;
}

bool page_is_true(ws_value object, const char *name) {
  ws_value value = ws_value_is(object, WS_OBJECT) ? ws_value_get(object, ws_text_of(name))
                                                  : (ws_value){NULL};
  return ws_value_is(value, WS_BOOL) && ws_value_bool(value);
}

/* --- the frame ---------------------------------------------------------------------- */

void page_signed(html *h, double number, int digits) {
  if (number < 0)
    html_raw(h, "\xE2\x88\x92");
  else
    html_raw(h, "+");
  html_number(h, fabs(number), digits);
}

void page_share(html *h, double share, const char *colour) {
  page_bar(h, share, colour);
  html_raw(h, "<span class=\"v\">");
  html_percent(h, share);
  html_raw(h, "</span>");
}

static void put_lines(html *h, const char *const *lines) {
  for (; *lines; lines++) html_raw(h, *lines);
}

/* Nothing is loaded and nothing runs but the two blocks that have these hashes. */
static void put_head(html *h, const report *r) {
  html_raw(h,
           "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
  html_format(h,
              "style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'\">\n",
              report_css_hash, report_js_hash);
  html_raw(h, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
  html_string(h, r->run);
  html_raw(h, " \xC2\xB7 weaksup report</title>\n<style>");
  put_lines(h, report_css);
  html_raw(h, "</style>\n</head>\n");
}

static void put_title(html *h, const report *r) {
  const char *words = ws_task_get(r->task, WS_TASK_TASK_TEXT);
  html_raw(h, "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
              "<header>\n<p class=\"kicker\">weaksup report</p>\n<h1>");
  html_name(h, ws_text_of(r->run));
  html_raw(h, "</h1>\n");
  if (words) {
    html_raw(h, "<p class=\"lead\" dir=\"auto\">");
    html_shown(h, ws_text_of(words));
    html_raw(h, "</p>\n");
  }
  html_raw(h, "</header>\n");
}

static bool is_there(size_t i, const report *r) {
  return !sections[i].has || sections[i].has(r);
}

static void put_contents(html *h, const report *r) {
  html_raw(h, "<nav aria-label=\"Sections\">\n<ul>\n");
  for (size_t i = 0; i < SECTIONS; i++)
    if (is_there(i, r))
      html_format(h, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id,
                  sections[i].name);
  html_raw(h, "</ul>\n</nav>\n");
}

void report_page(html *h, const report *r) {
  put_head(h, r);
  put_title(h, r);
  html_raw(h, "<div class=\"page\">\n");
  put_contents(h, r);
  html_raw(h, "<main id=\"main\">\n");
  for (size_t i = 0; i < SECTIONS; i++) {
    if (!is_there(i, r)) continue;
    page_section(h, sections[i].id, sections[i].name);
    sections[i].write(h, r);
    html_raw(h, "</section>\n");
  }
  html_raw(h, "</main>\n</div>\n<script>");
  put_lines(h, report_js);
  html_raw(h, "</script>\n</body>\n</html>\n");
}
