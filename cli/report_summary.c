/* SPDX-License-Identifier: MIT
 *
 * The summary: what there is, how good it is beside majority vote, and what the doctor
 * would mend.
 */
#include <math.h>
#include <string.h>

#include "members.h"
#include "report_page.h"

enum { FINDINGS = 40, FINDING_LFS = 8 };

/* --- figures ------------------------------------------------------------------------ */

static void open_figure(html *h, const char *name) {
  html_format(h, "<div><dt>%s</dt><dd>", name);
}

static void close_figure(html *h) {
  html_raw(h, "</dd></div>\n");
}

static void put_count(html *h, uint64_t count, const char *name) {
  open_figure(h, name);
  html_count(h, count);
  close_figure(h);
}

static void put_part(html *h, uint64_t part, uint64_t of, const char *name) {
  open_figure(h, name);
  html_count(h, part);
  html_raw(h, " <small>");
  html_percent(h, of ? (double)part / (double)of : (double)NAN);
  html_raw(h, "</small>");
  close_figure(h);
}

static void put_figures(html *h, const report *r) {
  const ws_label_summary *s = &r->summary;
  html_raw(h, "<dl class=\"figures\">\n");
  put_count(h, s->records, "records");
  put_part(h, s->covered - s->ties, s->records, "have a label");
  put_part(h, s->records - s->covered, s->records, "have no vote");
  put_part(h, s->ties, s->records, "have votes that tie");
  put_count(h, r->table.count, "labeling functions");
  put_count(h, s->class_count, "classes");
  open_figure(h, "votes on a record that has any");
  html_number(h, s->covered ? (double)s->cast / (double)s->covered : (double)NAN, 2);
  close_figure(h);
  html_raw(h, "</dl>\n");
}

/* --- scores ------------------------------------------------------------------------- */

static void put_cell(html *h, double number, int digits) {
  html_raw(h, "<td>");
  html_number(h, number, digits);
  html_raw(h, "</td>");
}

static void put_accuracy(html *h, ws_value scores, double before) {
  double n = page_number_of(scores, "n"), accuracy = page_number_of(scores, "accuracy");
  if (isnan(n) || isnan(accuracy)) {
    html_raw(h, "<td>\xE2\x80\x93</td><td>\xE2\x80\x93</td><td>\xE2\x80\x93</td>");
    return;
  }
  ws_interval range = ws_accuracy_interval(accuracy, (uint64_t)n, 0.95);
  html_format(h, "<td class=\"main\">%.3f</td><td>%.2f\xE2\x80\x93%.2f</td>", accuracy,
              range.low, range.high);
  if (isnan(before))
    html_raw(h, "<td></td>");
  else {
    html_raw(h, "<td>");
    page_signed(h, accuracy - before, 3);
    html_raw(h, "</td>");
  }
}

static void put_score_row(html *h, const char *set, const char *what, ws_value scores,
                          double before, bool f1) {
  if (!ws_value_is(scores, WS_OBJECT)) return;
  html_format(h, "<tr><td>%s</td><th scope=\"row\">%s</th><td>", set, what);
  html_count(h, (uint64_t)page_number_of(scores, "n"));
  html_raw(h, "</td>");
  put_accuracy(h, scores, before);
  put_cell(h, page_number_of(scores, "macro_f1"), 3);
  if (f1) put_cell(h, page_number_of(scores, "f1"), 3);
  put_cell(h, page_number_of(scores, "log_loss"), 3);
  put_cell(h, page_number_of(scores, "brier"), 3);
  put_cell(h, page_number_of(scores, "ece"), 3);
  html_raw(h, "<td>");
  html_percent(h, page_number_of(scores, "coverage"));
  html_raw(h, "</td>");
  put_cell(h, page_number_of(scores, "accuracy_covered"), 3);
  html_raw(h, "</tr>\n");
}

static void put_set(html *h, const char *name, ws_value set, bool f1, bool *crossed) {
  if (!ws_value_is(set, WS_OBJECT)) return;
  ws_value majority = ws_value_get(set, ws_text_of("majority_vote"));
  double before = page_number_of(majority, "accuracy");
  bool model = page_is_true(set, "cross_fitted");
  bool classifier = page_is_true(set, "classifier_cross_fitted");
  *crossed = *crossed || model || classifier;
  html_raw(h, "<tbody>\n");
  put_score_row(h, name, "majority vote", majority, (double)NAN, f1);
  put_score_row(h, name, model ? "label model \xE2\x80\xA0" : "label model",
                ws_value_get(set, ws_text_of("label_model")), before, f1);
  put_score_row(h, name, classifier ? "classifier \xE2\x80\xA0" : "classifier",
                ws_value_get(set, ws_text_of("classifier")), before, f1);
  html_raw(h, "</tbody>\n");
}

static void put_score_heads(html *h, const report *r, bool f1) {
  html_raw(h, "<thead><tr><th scope=\"col\">set</th><th scope=\"col\">who</th>"
              "<th scope=\"col\">n</th><th scope=\"col\">accuracy</th>"
              "<th scope=\"col\">95&nbsp;%</th><th scope=\"col\">against majority</th>"
              "<th scope=\"col\">macro-F1</th>");
  if (f1) {
    html_raw(h, "<th scope=\"col\">F1 ");
    html_name(h, ws_task_class(r->task, 1));
    html_raw(h, "</th>");
  }
  html_raw(h, "<th scope=\"col\">log-loss</th><th scope=\"col\">Brier</th>"
              "<th scope=\"col\">ECE</th><th scope=\"col\">coverage</th>"
              "<th scope=\"col\">accuracy, covered</th></tr></thead>\n");
}

static void put_scores(html *h, const report *r) {
  static const char *const sets[] = {"data", "dev", "test"};
  ws_value scores = ws_value_get(r->metrics, ws_text_of("scores"));
  bool f1 = r->summary.class_count == 2, crossed = false;
  html_raw(h, "<h3>Scores</h3>\n");
  if (!ws_value_is(scores, WS_OBJECT) || ws_value_count(scores) == 0) {
    html_raw(h, "<p class=\"note\">No gold labels: nothing here tells how often labels "
                "are right. A few dozen records with a label, as <code>dev</code> in the "
                "task file, would.</p>\n");
    return;
  }
  page_scroll(h, "Scores");
  html_raw(h, "<table class=\"scores\">\n<caption>Against gold labels; ties and records "
              "without votes count in parts</caption>\n");
  put_score_heads(h, r, f1);
  for (size_t i = 0; i < 3; i++)
    put_set(h, sets[i], ws_value_get(scores, ws_text_of(sets[i])), f1, &crossed);
  html_raw(h, "</table>\n</div>\n");
  if (crossed)
    html_raw(h, "<p class=\"note\">\xE2\x80\xA0 cross-fitted: the gold of dev helped to "
                "fit, so each record of dev was scored by models that did not see its "
                "gold label.</p>\n");
}

/* --- models ------------------------------------------------------------------------- */

static void put_models(html *h, const report *r) {
  ws_text why = ws_label_model_why(r->model), note = ws_label_model_note(r->model);
  uint64_t gold = ws_label_model_gold_rows(r->model);
  html_raw(h, "<h3>Models</h3>\n<p>The label model is <strong>");
  html_string(h, ws_label_model_kind(r->model));
  html_format(h, "</strong>, %u iterations%s.", ws_label_model_iterations(r->model),
              ws_label_model_converged(r->model) ? "" : ", not converged");
  if (why.size) {
    html_raw(h, " It was chosen because ");
    html_shown(h, why);
    html_raw(h, ".");
  }
  if (gold) {
    html_raw(h, " The gold labels of ");
    html_count(h, gold);
    html_raw(h, " dev records helped to fit it.");
  }
  html_raw(h, "</p>\n");
  if (note.size) page_note(h, note);
  if (!r->classifier) {
    html_raw(h, "<p>There is no classifier in this run.</p>\n");
    return;
  }
  html_raw(h, "<p>The classifier was trained on ");
  html_count(h, ws_classifier_rows(r->classifier));
  html_raw(h, " records and knows ");
  html_count(h, ws_classifier_active(r->classifier));
  html_raw(h, " features.</p>\n");
}

/* --- findings ----------------------------------------------------------------------- */

static int64_t find_lf(const report *r, ws_text name) {
  return ws_votes_find_lf(r->votes, name);
}

static void put_finding_lfs(html *h, const report *r, ws_value lfs) {
  ws_text key;
  ws_value item;
  size_t count = 0;
  if (!ws_value_is(lfs, WS_ARRAY) || ws_value_count(lfs) == 0) return;
  html_raw(h, " <span class=\"where\">");
  for (ws_value_iter it = ws_value_each(lfs); ws_value_next(&it, &key, &item);) {
    int64_t j = ws_value_is(item, WS_STRING) ? find_lf(r, ws_value_text(item)) : -1;
    if (j < 0 || count++ >= FINDING_LFS) continue;
    html_format(h, "%s<a href=\"#lf%lld\">", count > 1 ? " " : "", (long long)j + 1);
    html_name(h, ws_value_text(item));
    html_raw(h, "</a>");
  }
  if (count > FINDING_LFS) html_format(h, " and %zu more", count - FINDING_LFS);
  html_raw(h, "</span>");
}

static void put_finding(html *h, const report *r, ws_value finding) {
  bool severe = page_is_true(finding, "severe");
  html_format(h, "<li class=\"%s\"><p><span class=\"tag\">%s</span> ",
              severe ? "severe" : "mild", severe ? "mend" : "note");
  html_shown(h, page_text_of(finding, "what"));
  html_raw(h, ".</p><p class=\"todo\">\xE2\x86\x92 ");
  html_shown(h, page_text_of(finding, "todo"));
  html_raw(h, ".");
  put_finding_lfs(h, r, ws_value_get(finding, ws_text_of("lfs")));
  html_raw(h, "</p></li>\n");
}

static void put_nothing(html *h, const report *r) {
  ws_buffer unsure = {0};
  bool said = lf_table_put_unsure(&r->table, &unsure) == WS_OK && unsure.size;
  html_raw(h, "<p>Nothing in what was looked at.");
  if (said) html_format(h, " %s.", unsure.data);
  html_raw(h, "</p>\n");
  ws_buffer_clear(&unsure);
}

static void put_findings(html *h, const report *r) {
  ws_text key;
  ws_value item, list = ws_value_get(r->metrics, ws_text_of("doctor"));
  size_t count = 0;
  html_raw(h, "<h3>What stands out</h3>\n");
  if (!ws_value_is(list, WS_ARRAY)) {
    html_raw(h, "<p class=\"note\">This run is of a version before the doctor: fit "
                "again.</p>\n");
    return;
  }
  if (ws_value_count(list) == 0) {
    put_nothing(h, r);
    return;
  }
  html_raw(h, "<ul class=\"findings\">\n");
  for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);)
    if (ws_value_is(item, WS_OBJECT) && count++ < FINDINGS) put_finding(h, r, item);
  html_raw(h, "</ul>\n");
  if (count > FINDINGS)
    html_format(h,
                "<p class=\"note\">%zu more: <code>weaksup analyze RUN --json</code> "
                "lists them all.</p>\n",
                count - FINDINGS);
}

/* --- what went wrong ---------------------------------------------------------------- */

static void put_skipped(html *h, const report *r) {
  static const char *const sets[] = {"data", "dev", "test"};
  for (size_t i = 0; i < 3; i++) {
    ws_value set = ws_value_get(r->manifest, ws_text_of(sets[i]));
    double skipped = page_number_of(set, "skipped");
    if (isnan(skipped) || skipped < 1) continue;
    html_raw(h, "<li class=\"severe\"><p><span class=\"tag\">mend</span> ");
    html_count(h, (uint64_t)skipped);
    html_format(h,
                " bad records of %s were skipped.</p><p class=\"todo\">"
                "<code>--on-error stop</code> names the first of them.</p></li>\n",
                sets[i]);
  }
}

static void put_errors(html *h, const report *r) {
  for (size_t j = 0; j < r->table.count; j++) {
    const lf_row *row = &r->table.rows[j];
    char reason[128];
    const char *why = lf_stats_reason(&row->stats, reason, sizeof reason);
    if (!row->applied || row->stats.errors == 0) continue;
    html_format(h,
                "<li class=\"severe\"><p><span class=\"tag\">mend</span> <a "
                "href=\"#lf%zu\">",
                j + 1);
    html_name(h, row->name);
    html_raw(h, "</a> failed on ");
    html_count(h, row->stats.errors);
    html_raw(h, " records");
    if (why) {
      html_raw(h, ", and is quarantined: ");
      html_string(h, why);
    }
    html_raw(h, ".</p>");
    if (row->stats.failure_count) {
      html_raw(h, "<p class=\"todo\"><code>");
      html_string(h, row->stats.failures[0].what);
      html_raw(h, "</code></p>");
    }
    html_raw(h, "</li>\n");
  }
}

static void put_load_errors(html *h, const report *r) {
  for (size_t i = 0; i < r->errors.count; i++) {
    html_raw(h, "<li class=\"severe\"><p><span class=\"tag\">mend</span> did not load: "
                "<code>");
    html_string(h, r->errors.items[i].message);
    html_raw(h, "</code></p></li>\n");
  }
}

static bool has_trouble(const report *r) {
  static const char *const sets[] = {"data", "dev", "test"};
  bool any = r->errors.count > 0;
  for (size_t j = 0; j < r->table.count && !any; j++)
    any = r->table.rows[j].applied && r->table.rows[j].stats.errors;
  for (size_t i = 0; i < 3 && !any; i++)
    any = page_number_of(ws_value_get(r->manifest, ws_text_of(sets[i])), "skipped") >= 1;
  return any;
}

static void put_trouble(html *h, const report *r) {
  if (!has_trouble(r)) return;
  html_raw(h, "<h3>What went wrong</h3>\n<ul class=\"findings\">\n");
  put_skipped(h, r);
  put_load_errors(h, r);
  put_errors(h, r);
  html_raw(h, "</ul>\n");
}

void report_summary(html *h, const report *r) {
  put_figures(h, r);
  put_scores(h, r);
  put_trouble(h, r);
  put_findings(h, r);
  put_models(h, r);
}
