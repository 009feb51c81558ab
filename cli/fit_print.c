/* SPDX-License-Identifier: MIT
 *
 * What fit prints of a run.
 */
#include <stdio.h>

#include <weaksup/alloc.h>

#include "fit.h"
#include "load_errors.h"
#include "prose.h"
#include "table.h"

enum { LOW_COVERAGE = 60, CLASSES_SHOWN = 20 }; // percent; in a line

static ws_status put_labels(const fit *f, ws_buffer *line) {
  const ws_votes *votes = f->parts[DATA].votes;
  size_t classes = ws_votes_classes(votes),
         *count = ws_alloc_zero(classes, sizeof *count);
  uint64_t covered = ws_votes_covered(votes), tied = covered;
  ws_status status = ws_buffer_string(line, "labels:");
  for (size_t u = 0; count && u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    int32_t label = ws_probs_argmax(ws_labels_get(f->labels, u), classes);
    if (pattern.size == 0 || label == WS_ABSTAIN) continue;
    count[label] += pattern.count;
    tied -= pattern.count;
  }
  for (size_t k = 0; count && k < classes && k < CLASSES_SHOWN && status == WS_OK; k++)
    status = ws_buffer_printf(line, "%s%.*s %zu", k ? ", " : " ",
                              WS_TEXT_ARG(ws_votes_class(votes, k)), count[k]);
  ws_free(count);
  WS_TRY(status);
  return ws_buffer_printf(
      line, "%s; none for %llu records without votes and %llu with a tie",
      classes > CLASSES_SHOWN ? ", ..." : "",
      (unsigned long long)(ws_votes_rows(votes) - covered), (unsigned long long)tied);
}

/* How many records got which label. */
static void print_labels(const fit *f) {
  ws_buffer line = {0};
  if (put_labels(f, &line) == WS_OK) prose_print("  ", "%s", line.data);
  ws_buffer_clear(&line);
}

static void print_sentence(const char *front, ws_text sentence) {
  if (!sentence.size) return;
  prose_texts("  ", (ws_text[]){ws_text_of(front), sentence}, 2);
}

static ws_status put_balance(const fit *f, const double *balance, uint64_t rows,
                             ws_buffer *line) {
  size_t classes = ws_label_model_classes(f->model);
  WS_TRY(ws_buffer_printf(line,
                          "  class balance, of %llu gold labels, pulled towards uniform:",
                          (unsigned long long)rows));
  for (size_t k = 0; k < classes && k < CLASSES_SHOWN; k++) {
    ws_text name = ws_label_model_class(f->model, k);
    WS_TRY(ws_buffer_printf(line, "%s%.*s %.2f", k ? ", " : " ", WS_TEXT_ARG(name),
                            balance[k]));
  }
  return ws_buffer_printf(line, "%s (--class-balance, if you know better)",
                          classes > CLASSES_SHOWN ? ", ..." : "");
}

/* What was taken from dev without a word from the user. */
static void print_balance(const fit *f) {
  const double *balance = ws_label_model_balance(f->model);
  uint64_t rows = f->setup.gold ? ws_gold_rows(f->setup.gold) : 0;
  ws_buffer line = {0};
  if (!balance || f->setup.label_model.class_balance || !rows) return;
  if (put_balance(f, balance, rows, &line) == WS_OK) prose_print("  ", "%s", line.data);
  ws_buffer_clear(&line);
}

static void print_label_model(const fit *f) {
  ws_text why = ws_label_model_why(f->model), note = ws_label_model_note(f->model);
  uint64_t gold = ws_label_model_gold_rows(f->model);
  printf("\nlabel model: %s, %u iterations%s\n", ws_label_model_kind(f->model),
         ws_label_model_iterations(f->model),
         ws_label_model_converged(f->model) ? "" : ", not converged");
  print_sentence("  chosen because ", why);
  print_sentence("  note: ", note);
  if (gold)
    prose_print(
        "  ",
        "  the gold labels of %llu dev records helped to fit it (--no-dev-gold leaves "
        "them out); scale %.2f",
        (unsigned long long)gold, ws_label_model_scale(f->model));
  print_balance(f);
}

/* The one step that promises most. */
static void print_next(const fit *f, const char *run) {
  const ws_votes *votes = f->parts[DATA].votes, *dev = f->parts[DEV].votes;
  uint64_t rows = ws_votes_rows(votes), covered = ws_votes_covered(votes);
  size_t severe = 0;
  for (size_t i = 0; f->diagnosis && i < ws_diagnosis_count(f->diagnosis); i++)
    severe += ws_diagnosis_at(f->diagnosis, i)->severe;
  printf("next: ");
  if (f->placeholders.size)
    printf("put words of yours in the place of those that `init` dealt out, then fit "
           "again\n");
  else if (severe)
    printf("mend what stands out: weaksup analyze %s says how\n", run);
  else if (100 * covered < LOW_COVERAGE * rows)
    printf("%llu records have no vote: weaksup next %s --lfs 5 proposes rules\n",
           (unsigned long long)(rows - covered), run);
  else if (!dev || !ws_votes_has_gold(dev))
    printf("a few gold labels tell how good this is:\n  weaksup annotate %s --out "
           "dev.jsonl, then fit with --dev dev.jsonl\n",
           run);
  else
    printf("look at it: weaksup report %s --open\n", run);
}

void fit_print(const fit *f) {
  const char *out = f->o->out ? f->o->out : "run";
  bool scored = false;
  lf_table_print(&f->table, false);
  load_errors_print(load_errors_of(f->lfs));
  for (int i = 0; i < PARTS; i++) scored = scored || f->scores[i].has_label_model;
  print_label_model(f);
  print_labels(f);
  fit_print_changes(f);
  if (f->classifier)
    printf("classifier: trained on %llu records, %zu active features, %u iterations%s\n",
           (unsigned long long)ws_classifier_rows(f->classifier),
           ws_classifier_active(f->classifier), ws_classifier_iterations(f->classifier),
           ws_classifier_converged(f->classifier) ? "" : ", not converged");
  if (f->classifier)
    fit_recipe_print(f);
  else if (!f->o->no_classifier)
    printf("classifier: none, %s\n", f->no_classifier);
  if (scored) {
    printf("\n");
    score_sets_print(f->scores, PARTS, ws_task_names(f->task), ws_task_classes(f->task));
    fit_print_majority(f);
    if (f->scores[DATA].has_label_model)
      printf("gold labels in the data were used for its scores only\n");
    if (f->scores[DEV].has_label_model && f->selection.left_out_count)
      printf("the gold of dev told which labeling functions to leave out, so its scores "
             "are a little too good (`cv --select-lfs` has others)\n");
    if (f->scores[DEV].cross_fitted || f->scores[DEV].classifier_cross_fitted)
      printf("cross-fitted: the gold of dev helped to fit, so dev was labeled by models "
             "that did not see its gold\n");
  }
  printf("\nthe run is in %s\n", out);
  print_next(f, out);
}
