/* SPDX-License-Identifier: MIT
 *
 * What `weaksup fit` has in hand while it works: shared by fit_run.c, which does it,
 * fit_classifier.c, which trains, and fit_write.c, which writes it down.
 */
#ifndef WS_FIT_H
#define WS_FIT_H

#include <weaksup/diagnosis.h>
#include <weaksup/label_changes.h>

#include "decisions.h"
#include "lf_selection.h"
#include "lf_table.h"
#include "part.h"
#include "run_folder.h"
#include "scores.h"

/* What fit and the commands that fit again and again take. */
#define FIT_OPTIONS                                                                      \
  "task", "classes", "data", "dev", "test", "text", "gold", "id", "task-text",           \
      "on-error", "max-line", "label-model", "class-balance", "class-balance-in-em",     \
      "prior", "no-classifier", "features", "dev-npy", "test-npy", "vector-words",       \
      "hash-bits", "c", "recipe", "hard", "min-confidence", "uncovered", "class-weight", \
      "weight", "max-errors", "quarantine", "jobs", "chunk", "lf-steps", "lf-memory",    \
      "lf-time", "keep-going", "no-jit", "no-cache", "cache", "seed"

enum { DATA, DEV, TEST, PARTS };

/* What the run that is replaced says of its classifier. */
typedef struct fit_rival {
  char model[16];  // as --model names it; "": not known
  double dev;      // cross-fitted accuracy on dev; NaN: none
  char digest[33]; // of dev
} fit_rival;

typedef struct fit {
  const options *o;
  setup setup;
  bar bar;
  ws_folder *folder;
  ws_task *task;
  ws_lf_set *lfs; // NULL where the votes are ready-made
  part parts[PARTS];
  lf_selection selection; // by dev's gold
  ws_label_model *model, *majority;
  ws_label_model *before; // that of --warm-start, or NULL
  ws_labels *labels;      // of the data
  ws_classifier *classifier;
  bool classifier_cached;      // it was not trained now
  const char *no_classifier;   // why there is none
  ws_training_report training; // of the classifier
  run_branch earlier;          // of the run that the new one replaces
  fit_rival rival;             // that run, too
  size_t gold_rows;            // of dev that it was trained on, too
  double *gold_probs;          // [gold_rows][K] what is said of them by classifiers that
                               // were trained without, where training.cross_fitted
  lf_table table;
  ws_diagnosis *diagnosis;
  double *right; // [records of dev with gold] of the label model, where dev's scores are
                 // cross-fitted: how right it is (run_diff.h)
  bool chosen_by_data;      // the words of `init`, by gold labels of the data
  ws_buffer placeholders;   // where words of `init` are still to be replaced; empty: none
  bool *has_placeholders;   // [count of lfs] LFs of these files; NULL: none
  ws_label_changes changes; // against majority vote
  score_set scores[PARTS];
  double began, lap;
  struct {
    double votes, label_model, classifier, scores;
  } seconds;
} fit;

/* What cmd_fit.c does, and `active` in each of its rounds. fit_init checks the options:
 * false where they are wrong usage, already said; the fit must not move afterwards.
 * fit_run does all the work and writes the run, and prints nothing but warnings and
 * notes.
 */
bool fit_init(fit *f, const command *self, const options *o);
WS_CHECK ws_status fit_run(fit *f, ws_error *err);
void fit_clear(fit *f);
/* Below the table stands what did not load; without one it is a warning. */
bool fit_has_table(const options *o);

/* Trains the classifier, or takes the one that the same labels and records made before.
 */
WS_CHECK ws_status fit_classifier(fit *f, ws_error *err);

/* How the classifier was trained, as it is kept in the cache beside it; both ways. */
WS_CHECK ws_status fit_recipe_put(const fit *f, ws_buffer *out);
WS_CHECK ws_status fit_recipe_take(fit *f, ws_text entry, ws_error *err);
/* To standard output; the member "recipe" of the open object. */
void fit_recipe_print(const fit *f);
void fit_recipe_json(ws_json_writer *json, const fit *f);
/* Scores the classifier on the gold rows of dev that it was trained on, each by what one
 * that was trained without it says; right[gold_rows]: how right that is, or NULL. */
WS_CHECK ws_status fit_score_gold(const fit *f, ws_scores *out, double *right,
                                  ws_error *err);

/* Whether a labeling function of this name is among the votes. */
bool fit_has_lf(const ws_votes *votes, ws_text name);

/* How many records of a part have gold labels; 0 where there is no such part. */
size_t fit_gold_count(const fit *f, int part);
/* Looks at the label model: fills `diagnosis` and `changes`, completes `table`. */
WS_CHECK ws_status fit_examine(fit *f, ws_error *err);
/* Room for how right the classifier is on each record with gold of a part, where that is
 * the one to hold it against majority vote on; else *out is NULL. To be freed. */
WS_CHECK ws_status fit_classifier_right(const fit *f, int part, double **out,
                                        ws_error *err);
/* Adds what that says to `diagnosis`, and warns where it is certain. */
WS_CHECK ws_status fit_compare_classifier(fit *f, const double *right, int part,
                                          ws_error *err);
void fit_report_clear(fit *f);
/* Whether the words of `init` were chosen by dev, whose gold labels the label model does
 * not see then; warns of it. */
WS_CHECK ws_status fit_find_chosen(fit *f, ws_error *err);
/* Fills `placeholders` and `chosen_by_data`, and warns of them. */
WS_CHECK ws_status fit_find_placeholders(fit *f, ws_error *err);
/* Warns where all labels are of one class, also where all votes are for another. */
void fit_say_collapse(const fit *f);
/* Writes the members "doctor", "near_duplicates" and "changes" into the open object. */
void fit_report_json(ws_json_writer *json, const fit *f);
/* What the scores on gold say against the label model, if anything. */
void fit_print_majority(const fit *f);
/* fit_earlier.c: reads the run that is replaced; says where its other kind of classifier
 * did better on the same dev. */
void fit_rival_read(fit *f, const char *run);
void fit_rival_print(const fit *f);
/* The line about what changed, to standard output. */
void fit_print_changes(const fit *f);

/* Writes all files of the run and puts the folder in its place. */
WS_CHECK ws_status fit_write(fit *f, ws_error *err);
/* Prints the tables, and what was decided. */
void fit_print(const fit *f);
/* Prints what the tables say as JSON; returns the exit code. */
int fit_print_json(const fit *f);

#endif
