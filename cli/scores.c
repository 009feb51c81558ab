/* SPDX-License-Identifier: MIT
 *
 * Scoring and showing scores.
 */
#include "scores.h"
#include "members.h"

#include <math.h>
#include <stdio.h>

#include <weaksup/alloc.h>
#include <weaksup/run_diff.h>

#include "data_matrix.h"
#include "gold_field.h"
#include "say.h"
#include "table.h"

/* A record without votes is not labeled wrong: it is not labeled. */
static ws_status add_wrong(const ws_labels *labels, const ws_votes *votes,
                           ws_mistakes *wrong) {
  size_t K = ws_votes_classes(votes);
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    size_t u = ws_votes_row_pattern(votes, i);
    const double *probs = ws_labels_get(labels, u);
    char digits[24];
    if (ws_votes_pattern(votes, u).size == 0) continue;
    WS_TRY(ws_mistakes_add(wrong, ws_votes_row_number(votes, i),
                           ws_votes_row_id(votes, i, digits), (ws_text){NULL, 0}, probs,
                           ws_probs_argmax(probs, K), ws_votes_row_gold(votes, i)));
  }
  return WS_OK;
}

ws_status score_label_model(const ws_label_model *model, const ws_votes *votes,
                            ws_scores *out, ws_error *err) {
  return score_label_model_in_detail(model, votes, out, NULL, err);
}

ws_status score_label_model_in_detail(const ws_label_model *model, const ws_votes *votes,
                                      ws_scores *out, ws_mistakes *wrong, ws_error *err) {
  ws_labels *labels = NULL;
  WS_TRY(ws_label_model_predict(model, votes, &labels, err));
  ws_status status = ws_score_labels(labels, votes, out);
  if (status == WS_OK && wrong) status = add_wrong(labels, votes, wrong);
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

ws_status score_majority(const ws_votes *votes, ws_scores *out, ws_error *err) {
  ws_label_model_options options = ws_label_model_options_default();
  ws_label_model *majority = NULL;
  options.kind = "mv";
  WS_TRY(ws_label_model_fit(votes, &options, &majority, err));
  ws_status status = score_label_model(majority, votes, out, err);
  ws_label_model_free(majority);
  return status;
}

/* A classifier at work on the records of a file. */
typedef struct scoring {
  const ws_task *task;
  const char *path;
  ws_reader *reader;
  ws_npy *matrix; // NULL: the classifier needs none
  ws_predictor *predictor;
  ws_scorer *scorer;
  double *probs;                // [K]
  const score_details *details; // or NULL
  size_t count;                 // of records with gold so far
  gold_field gold;
} scoring;

static ws_status add_details(const scoring *s, const ws_record *record, size_t at) {
  const score_details *d = s->details;
  size_t K = ws_task_classes(s->task);
  int32_t label = ws_decide(d->decision, s->probs, K);
  if (d->right && at < d->right_count)
    d->right[at] = ws_prediction_right(s->probs, K, true, record->gold);
  if (d->all) ws_reliability_add(d->all, s->probs, record->gold);
  if (d->decision) ws_reliability_add_label(d->decided, label, record->gold);
  if (!d->wrong) return WS_OK;
  return ws_mistakes_add(d->wrong, record->row, record->id, record->text, s->probs, label,
                         record->gold);
}

static ws_status score_record(void *user, const ws_record *record, ws_error *err) {
  scoring *s = user;
  if (gold_field_record(&s->gold, s->task, record->fields) != WS_OK)
    return ws_error_nomem(err);
  if (record->gold == WS_ABSTAIN) return WS_OK;
  WS_TRY(predict_record(s->predictor, record, s->path, s->probs, err));
  ws_scorer_add(s->scorer, s->probs, true, record->gold);
  if (s->details && add_details(s, record, s->count++) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

static ws_status begin(scoring *s, const ws_classifier *classifier, data_matrix given,
                       ws_error *err) {
  size_t classes = ws_classifier_classes(classifier);
  WS_TRY(predictor_open(classifier, given, &s->matrix, &s->predictor, err));
  s->probs = ws_alloc_array(classes, sizeof *s->probs);
  return s->probs && ws_scorer_new(classes, &s->scorer) == WS_OK ? WS_OK
                                                                 : ws_error_nomem(err);
}

ws_status score_classifier_in_detail(const ws_classifier *classifier, const ws_task *task,
                                     const char *path, const ws_reader_options *options,
                                     data_matrix matrix, ws_scores *out,
                                     const score_details *details, ws_error *err) {
  scoring s = {.task = task, .path = path, .details = details};
  ws_status status = ws_reader_open(path, task, options, &s.reader, err);
  if (status == WS_OK) status = begin(&s, classifier, matrix, err);
  if (status == WS_OK) status = ws_reader_each(s.reader, score_record, &s, err);
  if (status == WS_OK) status = check_matrix(s.matrix, s.reader, err);
  if (status == WS_OK) {
    *out = ws_scorer_result(s.scorer);
    if (out->n == 0)
      status = ws_error_set(
          err, WS_EINVAL, "%s: no record has a gold label in the field '%s'%s",
          input_name(path), ws_task_get(task, WS_TASK_GOLD), gold_field_hint(&s.gold));
  }
  gold_field_clear(&s.gold);
  ws_free(s.probs);
  ws_scorer_free(s.scorer);
  ws_predictor_free(s.predictor);
  ws_npy_free(s.matrix);
  ws_reader_free(s.reader);
  return status;
}

ws_status score_classifier(const ws_classifier *classifier, const ws_task *task,
                           const char *path, const ws_reader_options *options,
                           data_matrix matrix, ws_scores *out, ws_error *err) {
  return score_classifier_in_detail(classifier, task, path, options, matrix, out, NULL,
                                    err);
}

void scores_json(ws_json_writer *json, const char *name, bool has,
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
  scores_json(json, "majority_vote", set->has_majority, &set->majority);
  scores_json(json, "label_model", set->has_label_model, &set->label_model);
  if (set->cross_fitted) {
    json_put_bool(json, "cross_fitted", true);
  }
  if (set->classifier_cross_fitted) json_put_bool(json, "classifier_cross_fitted", true);
  scores_json(json, "classifier", set->has_classifier, &set->classifier);
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

bool score_sets_print(const score_set *sets, size_t count, const ws_text *classes,
                      size_t class_count) {
  static const bool right[] = {false, false, true, true, true, true,
                               true,  true,  true, true, true};
  static const unsigned char give_up[] = {0, 0, 3, 0, 4, 5, 0, 1, 2, 6, 7};
  table t = {.columns = 11, .right = right, .give_up = give_up};
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
  bool fine = table_print(&t), uncovered = false;
  for (size_t i = 0; i < count; i++)
    uncovered =
        uncovered || (sets[i].has_label_model && sets[i].label_model.coverage < 1);
  if (uncovered)
    printf("accuracy counts a record without votes as one of %zu, a guess; acc. covered "
           "leaves it out\n",
           class_count);
  return fine;
}
