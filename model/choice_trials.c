/* SPDX-License-Identifier: MIT
 *
 * Which trials there are, and which is the best. Of few records accuracies are close, and
 * the differences between the values of C are smaller than their error: so the default
 * compares two classifiers only, each at the strength that serves it well in general.
 */
#include "choice.h"

#include <math.h>

#include <weaksup/alloc.h>

#include "temperature.h"

#define PRIOR_SD 1 // of the temperature's logarithm

double ws__usual_c(ws_loss loss) {
  return loss == WS_LOSS_HINGE ? 1 : 10; // the squared hinge has a steeper slope
}

static void list_trials(const ws_training_options *options,
                        const ws_choice_options *choose, ws_choice *choice) {
  static const double grid[] = {1, 3, 10, 30, 100};
  static const double hinge_grid[] = {.1, .3, 1, 3, 10};
  const ws_loss losses[] = {WS_LOSS_LOGISTIC, WS_LOSS_HINGE};
  for (size_t l = 0; l < 2; l++) {
    if (!choose->losses && losses[l] != options->classifier.loss) continue;
    bool hinge = losses[l] == WS_LOSS_HINGE;
    for (size_t i = 0; choose->strengths && i < 5; i++)
      choice->trials[choice->count++] =
          (ws_trial){.loss = losses[l], .c = hinge ? hinge_grid[i] : grid[i]};
    if (choose->strengths) continue;
    double c = options->classifier.c > 0 ? options->classifier.c : ws__usual_c(losses[l]);
    choice->trials[choice->count++] = (ws_trial){.loss = losses[l], .c = c};
  }
}

ws_status ws__choice_list(ws__chooser *c, const ws_training_options *options,
                          const ws_choice_options *choose, ws_choice *choice) {
  list_trials(options, choose, choice);
  if (c->n > SIZE_MAX / WS_TRIALS_MOST / c->K) return WS_ENOMEM;
  c->scores = ws_alloc_array(choice->count * c->n * c->K, sizeof *c->scores);
  c->right = ws_alloc_array(c->n * WS_TRIALS_MOST, sizeof *c->right);
  return c->scores && c->right ? WS_OK : WS_ENOMEM;
}

/* Of scores[n][K], as trial t. */
static ws_status judge(const ws__chooser *c, const double *scores, ws_choice *choice,
                       size_t t, ws_error *err) {
  ws_trial *trial = &choice->trials[t];
  size_t right = 0;
  for (size_t i = 0; i < c->n; i++) {
    bool hit = ws_probs_argmax(scores + i * c->K, c->K) == c->gold[i];
    c->right[t * c->n + i] = hit;
    right += hit;
  }
  trial->accuracy = (double)right / (double)c->n;
  ws_status status = ws__temperature_fit(scores, c->gold, c->n, c->K, PRIOR_SD,
                                         &trial->temperature, &trial->log_loss);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

const ws_trial *ws__choice_best_of(const ws_choice *choice, ws_loss loss) {
  const ws_trial *best = NULL;
  for (size_t t = 0; t < choice->count; t++) {
    const ws_trial *trial = &choice->trials[t];
    if (trial->both || trial->loss != loss) continue;
    if (!best || trial->accuracy > best->accuracy) best = trial;
  }
  return best;
}

/* Whether trial t has fewer rows right than the other by more than one standard error of
 * that difference, which rests on the rows that only one of them has right (Quinn
 * McNemar: Note on the sampling error of the difference between correlated proportions,
 * 1947). */
static bool is_worse(const ws__chooser *c, size_t t, size_t other) {
  double lost = 0, won = 0;
  for (size_t i = 0; i < c->n; i++) {
    bool mine = c->right[t * c->n + i], its = c->right[other * c->n + i];
    lost += its && !mine;
    won += mine && !its;
  }
  return lost - won > sqrt(lost + won);
}

/* Log-loss tells apart what accuracy cannot. */
static void take_best(const ws__chooser *c, ws_choice *choice) {
  size_t most = 0;
  for (size_t t = 1; t < choice->count; t++)
    if (choice->trials[t].accuracy > choice->trials[most].accuracy) most = t;
  choice->best = most;
  for (size_t t = 0; t < choice->count; t++)
    if (!is_worse(c, t, most) &&
        choice->trials[t].log_loss < choice->trials[choice->best].log_loss)
      choice->best = t;
}

/* Adds half of what the best trial of the loss says, at its temperature. */
static void add_half(const ws__chooser *c, const ws_choice *choice, ws_loss loss,
                     double *mean) {
  const ws_trial *best = ws__choice_best_of(choice, loss);
  size_t cells = c->n * c->K, t = (size_t)(best - choice->trials);
  const double *scores = c->scores + t * cells;
  for (size_t i = 0; i < cells; i++) mean[i] += scores[i] / best->temperature / 2;
}

static ws_status judge_both(const ws__chooser *c, ws_choice *choice, ws_error *err) {
  double *mean = ws_alloc_zero(c->n * c->K, sizeof *mean);
  if (!mean) return ws_error_nomem(err);
  add_half(c, choice, WS_LOSS_LOGISTIC, mean);
  add_half(c, choice, WS_LOSS_HINGE, mean);
  choice->trials[choice->count++] = (ws_trial){.both = true};
  ws_status status = judge(c, mean, choice, choice->count - 1, err);
  ws_free(mean);
  return status;
}

ws_status ws__choice_take(ws__chooser *c, bool both, ws_choice *choice, ws_error *err) {
  for (size_t t = 0; t < choice->count; t++)
    WS_TRY(judge(c, c->scores + t * c->n * c->K, choice, t, err));
  if (both) WS_TRY(judge_both(c, choice, err));
  take_best(c, choice);
  return WS_OK;
}
