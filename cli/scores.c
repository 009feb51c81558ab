/* SPDX-License-Identifier: MIT
 *
 * Scoring and showing scores.
 */
#include "scores.h"
#include "members.h"

#include <math.h>
#include <stdio.h>

#include <weaksup/alloc.h>

#include "say.h"
#include "table.h"

ws_status score_label_model(const ws_label_model *model, const ws_votes *votes,
                            ws_scores *out, ws_error *err) {
  ws_labels *labels = NULL;
  WS_TRY(ws_label_model_predict(model, votes, &labels, err));
  ws_status status = ws_score_labels(labels, votes, out);
  ws_labels_free(labels);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status predict_record(ws_predictor *predictor, const ws_record *record,
                         const char *path, double *probs, ws_error *err) {
  ws_status status = ws_predict(predictor, record, probs, err);
  if (status == WS_EPARSE)
    ws_error_prefix(err, "%s:%llu: ", input_name(path), (unsigned long long)record->line);
  return status;
}

static ws_status score_batch(ws_predictor *predictor, ws_scorer *scorer,
                             const ws_records *batch, const char *path, double *probs,
                             ws_error *err) {
  for (size_t i = 0; i < ws_records_count(batch); i++) {
    ws_record record = ws_records_at(batch, i);
    if (record.gold == WS_ABSTAIN) continue;
    WS_TRY(predict_record(predictor, &record, path, probs, err));
    ws_scorer_add(scorer, probs, true, record.gold);
  }
  return WS_OK;
}

static ws_status score_all(ws_reader *reader, ws_predictor *predictor, ws_scorer *scorer,
                           const char *path, size_t classes, ws_error *err) {
  ws_records *batch = NULL;
  double *probs = ws_alloc_array(classes, sizeof *probs);
  size_t added = 1;
  ws_status status = WS_OK;
  if (!probs || ws_records_new(&batch) != WS_OK) status = ws_error_nomem(err);
  while (status == WS_OK && added) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, 1024, 1 << 20, &added, err);
    if (status == WS_OK) status = score_batch(predictor, scorer, batch, path, probs, err);
  }
  ws_records_free(batch);
  ws_free(probs);
  return status;
}

ws_status score_classifier(const ws_classifier *classifier, const ws_task *task,
                           const char *path, const ws_reader_options *options,
                           ws_scores *out, ws_error *err) {
  ws_reader *reader = NULL;
  ws_predictor *predictor = NULL;
  ws_scorer *scorer = NULL;
  size_t classes = ws_classifier_classes(classifier);
  ws_status status = ws_reader_open(path, task, options, &reader, err);
  if (status == WS_OK && (ws_predictor_new(classifier, &predictor) != WS_OK ||
                          ws_scorer_new(classes, &scorer) != WS_OK))
    status = ws_error_nomem(err);
  if (status == WS_OK) status = score_all(reader, predictor, scorer, path, classes, err);
  if (status == WS_OK) {
    *out = ws_scorer_result(scorer);
    if (out->n == 0)
      status =
          ws_error_set(err, WS_EINVAL, "%s: no record has a gold label in the field '%s'",
                       input_name(path), ws_task_get(task, WS_TASK_GOLD));
  }
  ws_scorer_free(scorer);
  ws_predictor_free(predictor);
  ws_reader_free(reader);
  return status;
}

static void write_scores(ws_json_writer *json, const char *name, bool has,
                         const ws_scores *scores) {
  ws_json_key(json, name);
  if (has)
    ws_scores_json(json, scores);
  else
    ws_json_null(json);
}

void score_set_json(ws_json_writer *json, const score_set *set) {
  ws_json_key(json, set->name);
  ws_json_open(json, '{');
  write_scores(json, "majority_vote", set->has_majority, &set->majority);
  write_scores(json, "label_model", set->has_label_model, &set->label_model);
  if (set->cross_fitted) {
    json_put_bool(json, "cross_fitted", true);
  }
  if (set->classifier_cross_fitted) json_put_bool(json, "classifier_cross_fitted", true);
  write_scores(json, "classifier", set->has_classifier, &set->classifier);
  ws_json_close(json, '}');
}

static void print_number(table *t, double number) {
  if (isnan(number))
    table_cell(t, "-");
  else
    table_cell(t, "%.3f", number);
}

static void print_scores(table *t, const char *set, const char *what, bool has,
                         const ws_scores *s) {
  if (!has) return;
  table_cell(t, "%s", set);
  table_cell(t, "%s", what);
  table_cell(t, "%llu", (unsigned long long)s->n);
  const double numbers[] = {s->accuracy, s->macro_f1, s->f1,       s->log_loss,
                            s->brier,    s->ece,      s->coverage, s->accuracy_covered};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    print_number(t, numbers[i]);
}

static void print_heads(table *t, const score_set *sets, size_t count,
                        const ws_text *classes) {
  static const char *const before[] = {"scores on", "", "n", "accuracy", "macro-F1"};
  static const char *const after[] = {"log-loss", "Brier", "ECE", "coverage",
                                      "acc. covered"};
  bool two = false; // classes: F1 is that of the second
  for (size_t i = 0; i < count; i++)
    two = two || (sets[i].has_label_model && !isnan(sets[i].label_model.f1)) ||
          (sets[i].has_classifier && !isnan(sets[i].classifier.f1));
  for (size_t i = 0; i < 5; i++) table_cell(t, "%s", before[i]);
  table_cell(t, "F1%s%.*s", two ? " " : "", two ? ws_text_shown(classes[1]) : 0,
             classes[1].data);
  for (size_t i = 0; i < 5; i++) table_cell(t, "%s", after[i]);
}

bool score_sets_print(const score_set *sets, size_t count, const ws_text *classes) {
  static const bool right[] = {false, false, true, true, true, true,
                               true,  true,  true, true, true};
  table t = {.columns = 11, .right = right};
  print_heads(&t, sets, count, classes);
  for (size_t i = 0; i < count; i++) {
    const score_set *s = &sets[i];
    print_scores(&t, s->name, "majority vote", s->has_majority, &s->majority);
    print_scores(&t, s->name,
                 s->cross_fitted ? "label model (cross-fitted)" : "label model",
                 s->has_label_model, &s->label_model);
    print_scores(&t, s->name,
                 s->classifier_cross_fitted ? "classifier (cross-fitted)" : "classifier",
                 s->has_classifier, &s->classifier);
  }
  return table_print(&t);
}
