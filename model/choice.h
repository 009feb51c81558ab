/* SPDX-License-Identifier: MIT
 *
 * Choosing the loss and its strength on gold labels, from inside: the rows
 * (choice_rows.c), what each trial says of rows that were held out (choice_folds.c), and
 * which trial is the best (choice_trials.c).
 */
#ifndef WS_CHOICE_H
#define WS_CHOICE_H

#include <weaksup/cross_validation.h>

typedef struct ws__chooser {
  ws_features *features;            // borrowed, not yet a matrix
  const ws_text *classes;           // [K] borrowed
  const ws_classifier_options *how; // borrowed
  size_t K, n;                      // classes; rows with gold
  size_t *rows;                     // [n] of the features
  int32_t *gold;                    // [n]
  double *weights;                  // [n] of the rows
  uint64_t *groups;                 // [n]; nothing where there are none
  uint32_t *fold;                   // [n] of `folds`
  uint32_t folds;
  double *scores;       // [trials][n][K] of each row by models that have not seen it
  bool *right;          // [WS_TRIALS_MOST][n] whether the trial had the row right
  uint64_t done, total; // trainings
} ws__chooser;

/* Takes the rows with gold and a weight, and deals the folds. To be cleared whatever the
 * status; choice->why_not tells why there is nothing to try on. */
ws_status ws__choice_rows(ws__chooser *c, const ws_training_rows *rows,
                          const ws_training_options *options,
                          const ws_choice_options *choose, ws_choice *choice,
                          ws_error *err);
void ws__chooser_clear(ws__chooser *c);

/* Fills c->scores for the trials of the choice. */
ws_status ws__choice_score(ws__chooser *c, const ws_choice *choice, ws_error *err);

/* What is tried; c->scores get room for it. */
ws_status ws__choice_list(ws__chooser *c, const ws_training_options *options,
                          const ws_choice_options *choose, ws_choice *choice);
/* Judges the trials by c->scores, with `both` also the mean of the best one of each loss,
 * and takes the best. */
ws_status ws__choice_take(ws__chooser *c, bool both, ws_choice *choice, ws_error *err);

/* The most accurate one of a loss; NULL where it was not tried. */
const ws_trial *ws__choice_best_of(const ws_choice *choice, ws_loss loss);

/* C of each loss where none is given. */
double ws__usual_c(ws_loss loss);

#endif
