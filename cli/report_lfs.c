/* SPDX-License-Identifier: MIT
 *
 * The table of labeling functions, and the groups of near duplicates among them.
 */
#include <math.h>

#include "report_page.h"

enum { CLASSES_SHOWN = 4, MARKS_SHOWN = 4 };

/* The columns that a table may have. */
typedef struct columns {
  bool gold, errors;
} columns;

static columns columns_of(const report *r) {
  columns c = {false, false};
  for (size_t j = 0; j < r->table.count; j++) {
    c.gold = c.gold || r->table.rows[j].gold_votes;
    c.errors = c.errors || r->table.rows[j].stats.errors;
  }
  return c;
}

static double gold_accuracy(const lf_row *row) {
  return row->gold_votes ? (double)row->gold_correct / (double)row->gold_votes
                         : (double)NAN;
}

/* --- marks -------------------------------------------------------------------------- */

static bool list_has(ws_value list, ws_text name) {
  ws_text key;
  ws_value item;
  if (!ws_value_is(list, WS_ARRAY)) return false;
  for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);)
    if (ws_value_is(item, WS_STRING) && ws_text_equal(ws_value_text(item), name))
      return true;
  return false;
}

/* What each kind of finding is called in a table. */
static const char *mark_of(ws_text kind) {
  static const char *const names[][2] = {{"worse_than_chance", "worse than chance"},
                                         {"no_better_than_chance", "near chance"},
                                         {"too_broad", "too broad"},
                                         {"dead", "never votes"},
                                         {"cannot_tell", "votes cannot tell"},
                                         {"no_overlap", "meets no other"},
                                         {"disconnected", "apart"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (ws_text_equals(kind, names[i][0])) return names[i][1];
  return NULL;
}

static void put_marks(html *h, const report *r, const lf_row *row) {
  ws_text key;
  ws_value item, list = ws_value_get(r->metrics, ws_text_of("doctor"));
  ws_value groups = ws_value_get(r->metrics, ws_text_of("near_duplicates"));
  size_t shown = 0, number = 0;
  if (row->stats.quarantined) html_raw(h, "<span class=\"mark bad\">quarantined</span> ");
  if (row->left_out) html_raw(h, "<span class=\"mark bad\">left out by gold</span> ");
  if (ws_value_is(list, WS_ARRAY))
    for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);) {
      const char *mark = mark_of(page_text_of(item, "kind"));
      if (!mark || !list_has(ws_value_get(item, ws_text_of("lfs")), row->name)) continue;
      if (shown++ < MARKS_SHOWN) html_format(h, "<span class=\"mark\">%s</span> ", mark);
    }
  if (!ws_value_is(groups, WS_ARRAY)) return;
  for (ws_value_iter it = ws_value_each(groups); ws_value_next(&it, &key, &item);) {
    number++;
    if (list_has(ws_value_get(item, ws_text_of("lfs")), row->name))
      html_format(h, "<a class=\"mark\" href=\"#dup%zu\">duplicates %zu</a> ", number,
                  number);
  }
}

/* --- cells -------------------------------------------------------------------------- */

static int32_t class_named(const report *r, ws_text name) {
  return ws_task_find(r->task, name);
}

static void put_polarity(html *h, const report *r, const lf_row *row) {
  html_raw(h, "<td class=\"text\" data-v=\"");
  if (row->polarity.count) html_text(h, row->polarity.items[0]);
  html_raw(h, "\" data-classes=\" ");
  for (size_t k = 0; k < row->polarity.count; k++)
    html_format(h, "%d ", (int)class_named(r, row->polarity.items[k]));
  html_raw(h, "\">");
  for (size_t k = 0; k < row->polarity.count && k < CLASSES_SHOWN; k++) {
    if (k) html_raw(h, " ");
    page_class(h, r, class_named(r, row->polarity.items[k]));
  }
  if (row->polarity.count > CLASSES_SHOWN)
    html_format(h, " and %zu more", row->polarity.count - CLASSES_SHOWN);
  if (row->polarity.count == 0) html_raw(h, "\xE2\x80\x93");
  html_raw(h, "</td>");
}

static void put_share(html *h, double share, bool drawn) {
  html_format(h, "<td data-v=\"%.9g\">", share);
  if (drawn) page_bar(h, share, "ink");
  html_format(h, "<span class=\"v\">%.1f</span></td>", 100 * share);
}

/* A number, and its interval in a cell of its own; NULL, or why there is none. */
static void put_estimate(html *h, double number, ws_interval range, const char *why) {
  if (isnan(number)) {
    html_raw(h, "<td data-v=\"\">\xE2\x80\x93</td><td></td>");
    return;
  }
  html_format(h, "<td data-v=\"%.9g\">%.2f</td><td class=\"range\">", number, number);
  if (!isnan(range.low))
    html_format(h, "%.2f\xE2\x80\x93%.2f", range.low, range.high);
  else if (why)
    html_raw(h, why);
  html_raw(h, "</td>");
}

/* No interval where it would pass for certainty. */
static const char *why_no_range(const lf_row *row) {
  if (lf_row_at_bound(row)) return "at bound";
  return row->votes < LF_FEW_VOTES ? "few votes" : NULL;
}

static void put_gold(html *h, const lf_row *row, ws_interval range) {
  put_estimate(h, gold_accuracy(row), range, NULL);
  html_format(h, "<td data-v=\"%llu\">", (unsigned long long)row->gold_votes);
  html_count(h, row->gold_votes);
  html_raw(h, "</td>");
}

enum { CHART_WIDTH = 110 };

static double x_of(double share) {
  return 4 + share * (CHART_WIDTH - 8);
}

static void put_range(html *h, ws_interval range, double y, const char *colour) {
  if (isnan(range.low)) return;
  html_format(h, "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/>", colour, x_of(range.low), y,
              x_of(range.high));
}

/* Both accuracies on one line from 0 to 1: gold as a disc, learned as a diamond. The
 * numbers stand in the cells beside it. */
static void put_chart(html *h, const lf_row *row, ws_interval gold_range, bool gold) {
  double found = gold_accuracy(row);
  html_format(h,
              "<td class=\"chart\"><svg class=\"iv\" viewBox=\"0 0 %d 22\" width=\"%d\" "
              "height=\"22\" aria-hidden=\"true\"><path class=\"axis\" d=\"M4 11H%d"
              "M4 8V14M%.0f 8V14M%d 8V14\"/>",
              CHART_WIDTH, CHART_WIDTH, CHART_WIDTH - 4, x_of(0.5), CHART_WIDTH - 4);
  put_range(h, row->sampling, gold ? 15 : 11, "learned");
  if (!isnan(row->learned))
    html_format(h, "<path class=\"learned dot\" d=\"M%.1f %dl4 4l-4 4l-4 -4z\"/>",
                x_of(row->learned), gold ? 11 : 7);
  if (gold) {
    put_range(h, gold_range, 6, "gold");
    if (!isnan(found))
      html_format(h, "<circle class=\"gold dot\" cx=\"%.1f\" cy=\"6\" r=\"3.5\"/>",
                  x_of(found));
  }
  html_raw(h, "</svg></td>");
}

static void put_row(html *h, const report *r, size_t j, columns shown) {
  const lf_row *row = &r->table.rows[j];
  ws_interval range = ws_binomial_interval(row->gold_correct, row->gold_votes, 0.95);
  html_format(h, "<tr id=\"lf%zu\"><td data-v=\"%zu\">%zu</td><th scope=\"row\">", j + 1,
              j + 1, j + 1);
  html_name(h, row->name);
  html_raw(h, "</th>");
  put_polarity(h, r, row);
  put_share(h, row->coverage, true);
  put_share(h, row->overlaps, false);
  put_share(h, row->conflicts, false);
  put_chart(h, row, range, shown.gold);
  if (shown.gold) put_gold(h, row, range);
  put_estimate(h, row->learned, row->sampling, why_no_range(row));
  if (shown.errors) {
    html_format(h, "<td data-v=\"%llu\">", (unsigned long long)row->stats.errors);
    html_count(h, row->stats.errors);
    html_raw(h, "</td>");
  }
  html_raw(h, "<td class=\"text\">");
  put_marks(h, r, row);
  html_raw(h, "</td></tr>\n");
}

/* --- the table ---------------------------------------------------------------------- */

static void put_legend(html *h, const report *r, columns shown) {
  html_raw(h, "<p>Coverage, overlaps and conflicts are percentages of all records: on "
              "which it votes, on which another one votes too, and on which another one "
              "votes for another class.");
  if (shown.gold) {
    html_raw(h, " <svg class=\"iv key\" viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" "
                "aria-hidden=\"true\"><circle class=\"gold dot\" cx=\"6\" cy=\"6\" "
                "r=\"3.5\"/></svg> is the accuracy on the gold labels of ");
    html_string(h, r->table.gold_set ? r->table.gold_set : "dev");
    html_raw(h, ", with its exact 95\xC2\xA0% interval;");
  }
  html_raw(h, " <svg class=\"iv key\" viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" "
              "aria-hidden=\"true\"><path class=\"learned dot\" d=\"M6 2l4 4l-4 4l-4 "
              "-4z\"/></svg> is what the label model learned without looking at a "
              "record, with the interval of the sampling error alone: where the two "
              "disagree, believe the gold.</p>\n");
}

/* Without the script these are not there. */
static void put_tools(html *h, const report *r) {
  html_raw(h, "<form class=\"tools\" id=\"lf-tools\" hidden>\n<label>Name <input "
              "type=\"search\" id=\"lf-name\" autocomplete=\"off\"></label>\n"
              "<label>Votes for <select id=\"lf-class\"><option value=\"\">any "
              "class</option>");
  for (size_t k = 0; k < ws_task_classes(r->task); k++) {
    html_format(h, "<option value=\"%zu\">", k);
    html_text(h, ws_task_class(r->task, k));
    html_raw(h, "</option>");
  }
  html_raw(h, "</select></label>\n<label class=\"check\"><input type=\"checkbox\" "
              "id=\"lf-marked\"> only those with a remark</label>\n<output "
              "id=\"lf-count\" aria-live=\"polite\"></output>\n</form>\n");
}

static void put_heads(html *h, columns shown) {
  html_raw(h, "<thead><tr><th scope=\"col\" data-sort=\"n\">#</th>"
              "<th scope=\"col\" class=\"text\" data-sort=\"t\">labeling function</th>"
              "<th scope=\"col\" class=\"text\" data-sort=\"t\">votes for</th>"
              "<th scope=\"col\" data-sort=\"n\">coverage</th>"
              "<th scope=\"col\" data-sort=\"n\">overlaps</th>"
              "<th scope=\"col\" data-sort=\"n\">conflicts</th>"
              "<th scope=\"col\" class=\"text\">accuracy, 0 to 1</th>");
  if (shown.gold)
    html_raw(h, "<th scope=\"col\" data-sort=\"n\">gold</th><th scope=\"col\">95&nbsp;%"
                "</th><th scope=\"col\" data-sort=\"n\">n</th>");
  html_raw(h, "<th scope=\"col\" data-sort=\"n\">learned</th>"
              "<th scope=\"col\">95&nbsp;%</th>");
  if (shown.errors) html_raw(h, "<th scope=\"col\" data-sort=\"n\">errors</th>");
  html_raw(h, "<th scope=\"col\" class=\"text\">remarks</th></tr></thead>\n");
}

void report_lfs(html *h, const report *r) {
  columns shown = columns_of(r);
  put_legend(h, r, shown);
  put_tools(h, r);
  page_scroll(h, "Table of labeling functions");
  html_raw(h, "<table id=\"lf-table\">\n<caption>");
  html_count(h, r->table.count);
  html_raw(h, " labeling functions on ");
  html_count(h, r->table.records);
  html_format(h, " records: coverage %.1f, overlaps %.1f, conflicts %.1f\xC2\xA0%%",
              100 * r->table.coverage, 100 * r->table.overlaps, 100 * r->table.conflicts);
  html_raw(h, "</caption>\n");
  put_heads(h, shown);
  html_raw(h, "<tbody>\n");
  for (size_t j = 0; j < r->table.count; j++) put_row(h, r, j, shown);
  html_raw(h, "</tbody>\n</table>\n</div>\n");
}

/* --- near duplicates ---------------------------------------------------------------- */

static void put_group(html *h, const report *r, ws_value group, size_t number) {
  enum { MOST = 30 };
  ws_text key;
  ws_value item, lfs = ws_value_get(group, ws_text_of("lfs"));
  size_t count = ws_value_is(lfs, WS_ARRAY) ? ws_value_count(lfs) : 0, shown = 0;
  html_format(h, "<li id=\"dup%zu\"><p><strong>Group %zu</strong>, for ", number, number);
  page_class(h, r, class_named(r, page_text_of(group, "class")));
  html_format(h, ": %zu labeling functions that together count as ", count);
  html_number(h, page_number_of(group, "effective_votes"), 2);
  html_raw(h, " votes.</p><p class=\"where\">");
  for (ws_value_iter it = ws_value_each(lfs); count && ws_value_next(&it, &key, &item);) {
    int64_t j = ws_value_is(item, WS_STRING)
                    ? ws_votes_find_lf(r->votes, ws_value_text(item))
                    : -1;
    if (j < 0 || shown++ >= MOST) continue;
    html_format(h, "%s<a href=\"#lf%lld\">", shown > 1 ? " " : "", (long long)j + 1);
    html_name(h, ws_value_text(item));
    html_raw(h, "</a>");
  }
  if (shown > MOST) html_format(h, " and %zu more", shown - MOST);
  html_raw(h, "</p></li>\n");
}

void report_duplicates(html *h, const report *r) {
  ws_text key;
  ws_value item, groups = ws_value_get(r->metrics, ws_text_of("near_duplicates"));
  size_t number = 0;
  if (!ws_value_is(groups, WS_ARRAY) || ws_value_count(groups) == 0) {
    html_raw(h, "<p>None: no two labeling functions vote alike on at least half of the "
                "records on which either votes.</p>\n");
    return;
  }
  html_raw(h, "<p>Labeling functions that vote for one class on nearly the same records "
              "are no independent witnesses: kind lift counts the group for less than "
              "its number. Keep the best of each, or merge them.</p>\n"
              "<ol class=\"groups\">\n");
  for (ws_value_iter it = ws_value_each(groups); ws_value_next(&it, &key, &item);)
    if (ws_value_is(item, WS_OBJECT)) put_group(h, r, item, ++number);
  html_raw(h, "</ol>\n");
}
