/* SPDX-License-Identifier: MIT
 *
 * Where gold labels tell how sure predictions are and how often right then: the test set
 * of the run, else its dev set, whose votes are cast once more; else the data, which
 * tells of the label model only, as the classifier learned from its texts.
 */
#include "part.h"
#include "report.h"
#include "report_page.h"
#include "run_paths.h"
#include "scores.h"

static ws_value scores_of(const report *r, const char *set) {
  return ws_value_get(ws_value_get(r->metrics, ws_text_of("scores")), ws_text_of(set));
}

/* Memory and signals end the command; all else is said on the page. */
static ws_status or_note(report *r, ws_status status, const ws_error *why,
                         ws_error *err) {
  if (status == WS_OK) return WS_OK;
  if (status == WS_ENOMEM || status == WS_ESTOPPED) {
    if (err) *err = *why;
    return status;
  }
  bool fine = ws_buffer_printf(&r->gold.note, "%s%s", r->gold.note.size ? "; " : "",
                               why->message) == WS_OK;
  return fine ? WS_OK : ws_error_nomem(err);
}

static ws_status add_votes(report *r, const ws_votes *votes, ws_error *err) {
  ws_labels *labels = NULL;
  if (ws_reliability_new(ws_votes_classes(votes), &r->gold.label_model) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(ws_label_model_predict(r->model, votes, &labels, err));
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    size_t u = ws_votes_row_pattern(votes, i);
    if (ws_votes_pattern(votes, u).size == 0) continue; // it says nothing of its own
    ws_reliability_add(r->gold.label_model, ws_labels_get(labels, u),
                       ws_votes_row_gold(votes, i));
  }
  ws_labels_free(labels);
  return WS_OK;
}

/* The votes on a set: cast by the LFs, or ready-made as those of the run. */
static ws_status look_at_votes(report *r, const char *path, ws_error *err) {
  part p = {0};
  bool ready_made = run_is_ready_made(r->manifest);
  if (!r->lfs && !ready_made)
    return ws_error_set(err, WS_EINVAL, "the label model is not shown: %s",
                        r->no_spans.size ? r->no_spans.data : "no labeling functions");
  ws_status status = ready_made
                         ? part_import(&p, &r->setup, r->task, path, false, err)
                         : part_apply(&p, &r->setup, r->task, r->lfs, path, false, err);
  if (status == WS_OK) status = add_votes(r, p.votes, err);
  part_clear(&p);
  return status;
}

static ws_status look_at_classifier(report *r, const char *path, data_matrix matrix,
                                    ws_error *err) {
  ws_scores scores;
  if (!r->classifier) return WS_OK;
  if (ws_reliability_new(ws_task_classes(r->task), &r->gold.classifier) != WS_OK)
    return ws_error_nomem(err);
  ws_reader_options how = r->setup.reader;
  how.need_text = ws_classifier_needs_text(r->classifier);
  how.optional_id = true;
  const score_details details = {.all = r->gold.classifier};
  ws_status status = score_classifier_in_detail(r->classifier, r->task, path, &how,
                                                matrix, &scores, &details, err);
  if (status == WS_OK) return WS_OK;
  ws_reliability_free(r->gold.classifier);
  r->gold.classifier = NULL;
  if (status == WS_EPARSE || status == WS_EINVAL)
    ws_error_prefix(err, "the classifier is not shown: ");
  return status;
}

/* Whether the file is that of the run; what is said if not goes to the note. */
static ws_status is_same(report *r, const char *path, const char *digest, bool *same) {
  ws_buffer why = {0}, *note = &r->gold.note;
  ws_status status = report_same_file(path, digest, same, &why);
  if (status == WS_OK && why.size)
    status = ws_buffer_printf(note, "%s%s", note->size ? "; " : "", why.data);
  ws_buffer_clear(&why);
  return status;
}

static ws_status look_at(report *r, const char *set, data_matrix matrix, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  const char *digest, *path = report_path_of(r, set, &digest);
  bool same;
  if (!path || !ws_value_is(scores_of(r, set), WS_OBJECT)) return WS_OK;
  if (is_same(r, path, digest, &same) != WS_OK) return ws_error_nomem(err);
  if (!same) return WS_OK;
  r->setup.reader.format = WS_INPUT_AUTO; // --input-format speaks of the data
  r->setup.reader.skipped = NULL;
  WS_TRY(or_note(r, look_at_votes(r, path, &why), &why, err));
  WS_TRY(or_note(r, look_at_classifier(r, path, matrix, &why), &why, err));
  if (!r->gold.label_model && !r->gold.classifier) return WS_OK;
  r->gold.set = set;
  r->gold.fitted = page_is_true(scores_of(r, set), "cross_fitted") ||
                   page_is_true(scores_of(r, set), "classifier_cross_fitted");
  return WS_OK;
}

ws_status report_find_gold(report *r, ws_error *err) {
  WS_TRY(look_at(r, "test", (data_matrix){r->o->test_npy, "--test-npy"}, err));
  if (!r->gold.set)
    WS_TRY(look_at(r, "dev", (data_matrix){r->o->dev_npy, "--dev-npy"}, err));
  if (r->gold.set || !ws_votes_has_gold(r->votes)) return WS_OK;
  r->gold.set = "data";
  return add_votes(r, r->votes, err);
}
