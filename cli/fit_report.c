/* SPDX-License-Identifier: MIT
 *
 * What `weaksup fit` tells of its label model: the diagnosis, the sampling error of the
 * learned accuracies, and what changed against majority vote.
 */
#include <stdio.h>

#include <weaksup/alloc.h>
#include <weaksup/run_diff.h>

#include "findings.h"
#include "fit.h"
#include "members.h"
#include "prose.h"
#include "say.h"
#include "table.h"

static ws_status find_changes(fit *f, ws_error *err) {
  const ws_votes *votes = f->parts[DATA].votes;
  ws_labels *majority = NULL;
  WS_TRY(ws_label_model_predict(f->majority, votes, &majority, err));
  ws_status status = ws_label_changes_find(majority, f->labels, votes, &f->changes);
  ws_labels_free(majority);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* How right the labels are that a model gives these votes. */
static ws_status find_right(const ws_label_model *model, const ws_votes *votes,
                            double *out, ws_error *err) {
  ws_labels *labels = NULL;
  WS_TRY(ws_label_model_predict(model, votes, &labels, err));
  ws_labels_right(labels, votes, out);
  ws_labels_free(labels);
  return WS_OK;
}

size_t fit_gold_count(const fit *f, int which) {
  const ws_votes *votes = f->parts[which].votes;
  size_t n = 0;
  for (size_t i = 0; votes && i < ws_votes_rows(votes); i++)
    n += ws_votes_row_gold(votes, i) != WS_ABSTAIN;
  return n;
}

static const char *const part_names[PARTS] = {"the data", "dev", "test"};

/* Where models are held against majority vote: test, which nothing was fitted on, unless
 * it is small and dev is not; the gold of the data where neither has any. */
static int compared_part(const fit *f) {
  enum { FEW = 30 };
  size_t test = fit_gold_count(f, TEST), dev = fit_gold_count(f, DEV);
  if (test && (test >= FEW || test >= dev)) return TEST;
  return dev ? DEV : DATA;
}

bool fit_has_lf(const ws_votes *votes, ws_text name) {
  for (size_t j = 0; j < ws_votes_lfs(votes); j++)
    if (ws_text_equal(ws_votes_lf(votes, j), name)) return true;
  return false;
}

/* Whether there are votes of all that the model learned from. */
static bool has_all(const fit *f, const ws_votes *votes) {
  const ws_votes *data = f->parts[DATA].votes;
  for (size_t j = 0; j < ws_votes_lfs(data); j++)
    if (!fit_has_lf(votes, ws_votes_lf(data, j))) return false;
  return true;
}

/* On dev as its scores are: by models that did not see its gold. */
static ws_status compare(fit *f, ws_error *err) {
  int which = compared_part(f);
  const ws_votes *gold = f->parts[which].votes;
  size_t rows = ws_votes_rows(gold), n = fit_gold_count(f, which);
  bool crossed = which == DEV && f->scores[DEV].cross_fitted;
  if (n == 0 || !has_all(f, gold)) return WS_OK; // else it is not the model's doing
  double *right = ws_alloc_array(2 * rows, sizeof *right);
  if (!right) return ws_error_nomem(err);
  ws_status status = find_right(f->majority, gold, right + rows, err);
  if (status == WS_OK && !crossed) status = find_right(f->model, gold, right, err);
  if (status == WS_OK &&
      ws_diagnosis_compare(f->diagnosis, WS_BELOW_MAJORITY, part_names[which],
                           crossed ? f->right : right, right + rows, n) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK &&
      ws_diagnosis_compare_frequent(f->diagnosis, WS_BELOW_FREQUENT, part_names[which],
                                    gold, crossed ? f->right : right) != WS_OK)
    status = ws_error_nomem(err);
  ws_free(right);
  return status;
}

ws_status fit_classifier_right(const fit *f, int which, double **out, ws_error *err) {
  *out = NULL;
  if (which == DATA || which != compared_part(f)) return WS_OK;
  *out = ws_alloc_array(fit_gold_count(f, which), sizeof **out);
  return *out ? WS_OK : ws_error_nomem(err);
}

/* The diagnosis is out by now: what weighs is said at once. */
static void say_classifier_below(const fit *f) {
  for (size_t i = 0; i < ws_diagnosis_count(f->diagnosis); i++) {
    const ws_finding *finding = ws_diagnosis_at(f->diagnosis, i);
    bool below = finding->kind == WS_CLASSIFIER_BELOW ||
                 finding->kind == WS_CLASSIFIER_BELOW_FREQUENT;
    if (below && finding->severe) say_warning("%.*s", WS_TEXT_ARG(finding->what));
  }
}

ws_status fit_compare_classifier(fit *f, const double *right, int which, ws_error *err) {
  const ws_votes *gold = f->parts[which].votes;
  size_t n = fit_gold_count(f, which);
  double *majority = ws_alloc_array(ws_votes_rows(gold), sizeof *majority);
  if (!majority) return ws_error_nomem(err);
  ws_status status = find_right(f->majority, gold, majority, err);
  if (status == WS_OK &&
      ws_diagnosis_compare(f->diagnosis, WS_CLASSIFIER_BELOW, part_names[which], right,
                           majority, n) != WS_OK)
    status = ws_error_nomem(err);
  ws_free(majority);
  if (status == WS_OK &&
      ws_diagnosis_compare_frequent(f->diagnosis, WS_CLASSIFIER_BELOW_FREQUENT,
                                    part_names[which], gold, right) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK) say_classifier_below(f);
  return status;
}

ws_status fit_examine(fit *f, ws_error *err) {
  const ws_votes *votes = f->parts[DATA].votes, *dev = f->parts[DEV].votes;
  const ws_votes *gold = dev && ws_votes_has_gold(dev) ? dev
                         : ws_votes_has_gold(votes)    ? votes
                                                       : NULL;
  ws_lf_intervals *intervals = NULL;
  WS_TRY(ws_diagnose(f->model, votes, f->labels, gold, f->selection.left_out,
                     &f->diagnosis, err));
  WS_TRY(compare(f, err));
  WS_TRY(find_changes(f, err));
  WS_TRY(ws_lf_intervals_find(f->model, votes, &f->setup.label_model, &intervals, err));
  ws_status status = lf_table_learned(&f->table, f->model, intervals);
  ws_lf_intervals_free(intervals);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

void fit_report_clear(fit *f) {
  ws_diagnosis_free(f->diagnosis);
  ws_free(f->right);
  ws_buffer_clear(&f->placeholders);
  ws_free(f->has_placeholders);
  ws_label_changes_clear(&f->changes);
}

/* What a finding says against a model in the fewest words; NULL: nothing. */
static const char *below_what(ws_finding_kind kind) {
  switch (kind) {
  case WS_BELOW_MAJORITY:
    return "on gold labels majority vote is right more often: ";
  case WS_CLASSIFIER_BELOW:
    return "on gold labels majority vote is right more often than the classifier: ";
  case WS_BELOW_FREQUENT:
    return "on gold labels always saying the most frequent class is as good or better: ";
  case WS_CLASSIFIER_BELOW_FREQUENT:
    return "on gold labels always saying the most frequent class is as good as the "
           "classifier, or better: ";
  default:
    return NULL;
  }
}

/* What is not certain stands in `analyze`. */
void fit_print_majority(const fit *f) {
  for (size_t i = 0; i < ws_diagnosis_count(f->diagnosis); i++) {
    const ws_finding *finding = ws_diagnosis_at(f->diagnosis, i);
    const char *what = below_what(finding->kind);
    if (what && finding->severe) // it was warned of
      prose_texts("  ", (ws_text[]){ws_text_of(what), finding->todo}, 2);
  }
}

/* The class that all votes of the pattern are for, or WS_ABSTAIN. */
static int32_t unanimous(ws_pattern pattern, size_t K) {
  for (size_t i = 1; i < pattern.size; i++)
    if (pattern.columns[i] % K != pattern.columns[0] % K) return WS_ABSTAIN;
  return pattern.size ? (int32_t)(pattern.columns[0] % K) : WS_ABSTAIN;
}

void fit_say_collapse(const fit *f) {
  const ws_votes *votes = f->parts[DATA].votes;
  size_t K = ws_votes_classes(votes);
  int32_t only = WS_ABSTAIN, other = WS_ABSTAIN;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    int32_t label = ws_probs_argmax(ws_labels_get(f->labels, u), K);
    if (pattern.size == 0 || label == WS_ABSTAIN) continue;
    if (only != WS_ABSTAIN && label != only) return;
    only = label;
    int32_t all = unanimous(pattern, K);
    if (all != WS_ABSTAIN && all != label) other = all;
  }
  if (other == WS_ABSTAIN) return;
  say_warning(
      "all labels are '%.*s', even where all votes are for '%.*s': the label model "
      "%s does not suit these votes; --label-model lift may",
      WS_TEXT_ARG(ws_votes_class(votes, (size_t)only)),
      WS_TEXT_ARG(ws_votes_class(votes, (size_t)other)), ws_label_model_kind(f->model));
}

/* --- what changed ------------------------------------------------------------------- */

static ws_text class_or_tie(const ws_votes *votes, int32_t label) {
  return label == WS_ABSTAIN ? ws_text_of("a tie") : ws_votes_class(votes, (size_t)label);
}

static void put_change(ws_json_writer *json, const ws_label_change *change,
                       const ws_votes *votes) {
  const int32_t labels[] = {change->from, change->to};
  static const char *const keys[] = {"from", "to"};
  char digits[24];
  ws_json_open(json, '{');
  for (int i = 0; i < 2; i++) {
    ws_json_key(json, keys[i]);
    if (labels[i] == WS_ABSTAIN)
      ws_json_null(json);
    else
      ws_json_text(json, ws_votes_class(votes, (size_t)labels[i]));
  }
  json_put_uint(json, "records", change->count);
  ws_json_key(json, "examples");
  ws_json_open(json, '[');
  for (size_t i = 0; i < change->example_count; i++)
    ws_json_text(json, ws_votes_row_id(votes, change->examples[i], digits));
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

static void put_changes(ws_json_writer *json, const fit *f) {
  const ws_label_changes *changes = &f->changes;
  ws_json_key(json, "changes");
  ws_json_open(json, '{');
  json_put_uint(json, "covered", changes->covered);
  json_put_uint(json, "flipped", changes->flipped);
  json_put_uint(json, "ties_settled", changes->settled);
  json_put_uint(json, "ties_made", changes->lost);
  ws_json_key(json, "pairs");
  ws_json_open(json, '[');
  for (size_t i = 0; i < changes->pair_count; i++)
    put_change(json, &changes->pairs[i], f->parts[DATA].votes);
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

void fit_report_json(ws_json_writer *json, const fit *f) {
  findings_json(json, f->diagnosis, f->parts[DATA].votes);
  put_changes(json, f);
}

/* "HAM to SPAM 9 (records a, b, c, ...)" */
static ws_status put_pair(ws_buffer *line, const ws_votes *votes,
                          const ws_label_change *c) {
  ws_text from = class_or_tie(votes, c->from), to = class_or_tie(votes, c->to);
  char digits[24];
  if (c->from != WS_ABSTAIN)
    WS_TRY(ws_buffer_printf(line, "%.*s to ", WS_TEXT_ARG(from)));
  WS_TRY(ws_buffer_printf(line, "%.*s %llu (record%s", WS_TEXT_ARG(to),
                          (unsigned long long)c->count, c->example_count > 1 ? "s" : ""));
  for (size_t e = 0; e < c->example_count; e++) {
    ws_text id = ws_votes_row_id(votes, c->examples[e], digits);
    WS_TRY(ws_buffer_printf(line, "%s%.*s", e ? ", " : " ", WS_TEXT_ARG(id)));
  }
  return ws_buffer_string(line, c->count > c->example_count ? ", ...)" : ")");
}

/* Of the pairs that are flips, or of those from ties. */
static ws_status put_pairs(ws_buffer *line, const fit *f, bool ties) {
  enum { MOST = 3 };
  size_t shown = 0, left = 0;
  for (size_t i = 0; i < f->changes.pair_count; i++) {
    const ws_label_change *c = &f->changes.pairs[i];
    if ((c->from == WS_ABSTAIN) != ties || c->to == WS_ABSTAIN) continue;
    if (shown == MOST) {
      left++;
      continue;
    }
    WS_TRY(ws_buffer_string(line, shown++ ? ", " : ": "));
    WS_TRY(put_pair(line, f->parts[DATA].votes, c));
  }
  return left ? ws_buffer_printf(line, ", %zu more pairs", left) : WS_OK;
}

static ws_status put_line(ws_buffer *line, const fit *f) {
  const ws_label_changes *changes = &f->changes;
  WS_TRY(ws_buffer_printf(line, "against majority vote: %llu of %llu labels flip",
                          (unsigned long long)changes->flipped,
                          (unsigned long long)changes->covered));
  WS_TRY(put_pairs(line, f, false));
  WS_TRY(ws_buffer_printf(line, "; %llu %s settled", (unsigned long long)changes->settled,
                          changes->settled == 1 ? "tie is" : "ties are"));
  WS_TRY(put_pairs(line, f, true));
  if (!changes->lost) return WS_OK;
  return ws_buffer_printf(line, "; %llu %s", (unsigned long long)changes->lost,
                          changes->lost == 1 ? "becomes a tie" : "become ties");
}

void fit_print_changes(const fit *f) {
  ws_buffer line = {0};
  if (put_line(&line, f) == WS_OK) prose_print("  ", "%s", line.data);
  ws_buffer_clear(&line);
}
