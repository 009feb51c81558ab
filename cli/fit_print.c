/* SPDX-License-Identifier: MIT
 *
 * What fit prints of a run.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "fit.h"
#include "load_errors.h"
#include "prose.h"
#include "setup.h"
#include "step.h"
#include "table.h"

enum { LOW_COVERAGE = 60, CLASSES_SHOWN = 20, ENOUGH_GOLD = 100 }; // percent; in a line

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

static size_t dev_gold(const fit *f) {
  return fit_gold_count(f, DEV);
}

/* Whether the scores rest on gold labels enough, if dev has none. */
static bool has_other_gold(const fit *f) {
  size_t data = f->chosen_by_data ? 0 : fit_gold_count(f, DATA);
  return data >= ENOUGH_GOLD || fit_gold_count(f, TEST) >= ENOUGH_GOLD;
}

/* Ready-made votes have no texts to show. */
static const char *data_needed(const fit *f) {
  return f->lfs ? "" : " --data FILE";
}

/* The command that proposes rules, to stand beside the labeling functions. */
static void print_propose(const fit *f, unsigned rules) {
  const char *lfs = f->o->argument_count ? f->o->arguments[0] : NULL;
  const char *texts = ws_task_get(f->task, WS_TASK_DATA);
  ws_buffer path = {0};
  step s = step_to(&cmd_next);
  step_argument(&s, f->o->out ? f->o->out : "run");
  step_number(&s, "lfs", rules);
  if (!f->lfs) step_option(&s, "data", texts ? texts : "FILE"); // votes have none
  if (lfs && is_folder(lfs)) {
    bool fine = ws_buffer_printf(&path, "%s%snext.rules", lfs,
                                 ends_with(lfs, "/") ? "" : "/") == WS_OK;
    step_option(&s, "out", fine ? path.data : NULL);
  }
  step_print_line(&s, "  ");
  ws_buffer_clear(&path);
}

/* The task as this fit has it, which `train` would look for in the current directory. */
static void put_task(const fit *f, step *s) {
  static const char *const others[] = {"task",         "data",     "dev",  "test",
                                       "input-format", "features", "seed", NULL};
  const char *lfs = f->o->argument_count ? f->o->arguments[0] : NULL;
  ws_buffer path = {0};
  if (lfs && !f->o->task) {
    if (setup_beside_task(f->o, lfs, "weaksup.lua", &path) != WS_OK) s->useless = true;
    if (path.size && strcmp(path.data, "weaksup.lua") != 0 && is_file(path.data))
      step_option(s, "task", path.data);
  }
  step_option(s, "task", f->o->task);
  step_options(s, &cmd_fit, f->o, others);
  ws_buffer_clear(&path);
}

/* The other way, where there are labels enough: without rules. It is told as long as the
 * rules are those of `init`; whoever wrote some has chosen. Labels of the data are scores
 * to most, but were more to those whose words they chose. */
static void print_train(const fit *f) {
  bool dev = dev_gold(f) >= ENOUGH_GOLD;
  bool data = f->chosen_by_data && fit_gold_count(f, DATA) >= ENOUGH_GOLD;
  const char *path = f->parts[dev ? DEV : DATA].path;
  bool of_init = f->placeholders.size || f->chosen_by_data || f->setup.chosen_by_dev;
  if (!f->lfs || !of_init || !(dev || data) || !path) return;
  step s = step_to(&cmd_train);
  step_option(&s, "labels", path);
  put_task(f, &s);
  step_option(&s, "out", "trained");
  printf("or: a classifier by these labels alone, without rules:");
  step_print_line(&s, " ");
}

/* Where words of `init` are still there, labels mean little; gold labels find better
 * ones. */
static void print_next_words(const fit *f, const char *run) {
  if (dev_gold(f)) {
    printf("next: rules by your gold labels, to replace the words of `init`; it says "
           "what to\n  do then:\n");
    print_propose(f, 10);
  } else {
    printf("next: put words of yours in the place of those that `init` dealt out; or "
           "label 30\n  records, fit with --dev dev.jsonl, and have words proposed:\n"
           "  weaksup annotate %s --records 30 --out dev.jsonl\n",
           run);
  }
}

static void print_next_gold(const fit *f, const char *run) {
  size_t gold = dev_gold(f);
  if (gold == 0 && f->chosen_by_data && !has_other_gold(f))
    printf("next: gold labels that chose no words tell how good this is: name records "
           "with\n  some as test in weaksup.lua, or in --test FILE, then fit again\n");
  else if (gold == 0 && !has_other_gold(f))
    printf("next: a few gold labels tell how good this is; then fit with --dev "
           "dev.jsonl:\n  weaksup annotate %s --records 30 --out dev.jsonl%s\n",
           run, data_needed(f));
  else if (gold > 0 && gold < ENOUGH_GOLD)
    printf("next: dev has %zu gold label%s; a hundred tell more, also to what `weaksup "
           "next\n  %s --lfs 10` proposes. Then fit again:\n"
           "  weaksup annotate %s --records 30%s\n",
           gold, gold == 1 ? "" : "s", run, run, data_needed(f));
  else
    printf("next: look at it: weaksup report %s --open\n", run);
}

/* The one step that promises most. */
static void print_next(const fit *f, const char *run) {
  const ws_votes *votes = f->parts[DATA].votes;
  uint64_t rows = ws_votes_rows(votes), covered = ws_votes_covered(votes);
  size_t severe = 0;
  for (size_t i = 0; f->diagnosis && i < ws_diagnosis_count(f->diagnosis); i++)
    severe += ws_diagnosis_at(f->diagnosis, i)->severe;
  if (f->placeholders.size) {
    print_next_words(f, run);
  } else if (severe) {
    printf("next: mend what stands out, this says how: weaksup analyze %s\n", run);
  } else if (100 * covered < LOW_COVERAGE * rows) {
    printf("next: %llu records have no vote; this proposes rules, then fit again:\n",
           (unsigned long long)(rows - covered));
    print_propose(f, 5);
  } else {
    print_next_gold(f, run);
  }
  print_train(f);
}

/* The labels that a file has are its dev set, too, where `init` found few of them. */
static bool has_gold_id(const ws_votes *votes, ws_text id) {
  char digits[24];
  for (size_t i = 0; i < ws_votes_rows(votes); i++)
    if (ws_votes_row_gold(votes, i) != WS_ABSTAIN &&
        ws_text_equal(ws_votes_row_id(votes, i, digits), id))
      return true;
  return false;
}

static void print_data_gold(const fit *f) {
  const ws_votes *dev = f->parts[DEV].votes;
  char digits[24];
  bool ids = ws_task_get(f->task, WS_TASK_ID) != NULL; // row numbers mean nothing
  bool used = f->scores[DEV].cross_fitted || f->setup.chosen_by_dev;
  size_t rows = ids && dev && used ? ws_votes_rows(dev) : 0;
  bool shared = false;
  for (size_t i = 0; i < rows && i < ENOUGH_GOLD && !shared; i++)
    shared = has_gold_id(f->parts[DATA].votes, ws_votes_row_id(dev, i, digits));
  printf(f->chosen_by_data || (shared && f->setup.chosen_by_dev)
             ? "gold labels in the data chose the words of `init`: scores on the data "
               "flatter them\n"
         : shared
             ? "gold labels in the data are those of dev, too, which helped to fit: its "
               "scores there say little\n"
             : "gold labels in the data were used for its scores only\n");
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
  if (f->classifier && f->o->weight)
    prose_print("  ",
                "weights of records: the field '%s', in this training alone; the "
                "label model does not look at them",
                f->o->weight);
  if (f->classifier)
    fit_recipe_print(f);
  else if (!f->o->no_classifier)
    printf("classifier: none, %s\n", f->no_classifier);
  if (scored) {
    printf("\n");
    score_sets_print(f->scores, PARTS, ws_task_names(f->task), ws_task_classes(f->task));
    fit_print_majority(f);
    fit_rival_print(f);
    if (f->scores[DATA].has_label_model) print_data_gold(f);
    if (f->scores[DEV].has_label_model && f->selection.left_out_count)
      printf("the gold of dev told which labeling functions to leave out, so its scores "
             "are a little too good (`cv --select-lfs` has others)\n");
    if (f->scores[DEV].cross_fitted || f->scores[DEV].classifier_cross_fitted)
      printf("cross-fitted: the gold of dev helped to fit, so dev was labeled by models "
             "that did not see its gold%s\n",
             f->setup.chosen_by_dev ? "; but it chose the words of `init`, which the "
                                      "scores flatter"
                                    : "");
  }
  printf("\nthe run is in %s\n", out);
  ws_buffer quoted = {0};
  if (shell_word(&quoted, out)) print_next(f, quoted.data);
  ws_buffer_clear(&quoted);
}
