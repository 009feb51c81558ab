/* SPDX-License-Identifier: MIT
 *
 * One coin an LF: it is right with probability a_j whatever the class, and errs evenly
 * (for EM, Y. Zhang and others: Spectral methods meet EM, 2014, section 2). Few
 * parameters, for annotators of whom little is known. Abstaining says nothing.
 *   a_j = (sum_k N_jkk + 4 G) / (N_j + 4), G the pooled accuracy
 * Two things keep unanimous records as they are: a_j is held a little above 1 / K, so no
 * vote speaks against its class or says nothing, and all classes are equally likely while
 * fitting.
 */
#include <math.h>

#include "confusion.h"
#include "confusion_em.h"

#define PULL   4.0
#define CHANCE 0.02   // how far from chance to certainty an LF is at least
#define MOST   0.9999 // an LF that never errs would silence all others

/* Right and all expected votes of LF j, added to the two. */
static void count_lf(const ws__em *em, size_t j, double *right, double *all) {
  const ws_label_model *model = em->model;
  size_t K = model->K;
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    *right += em->counts[c * K + (size_t)model->columns[c].label];
    for (size_t k = 0; k < K; k++) *all += em->counts[c * K + k];
  }
}

static void update_lf(const ws__em *em, size_t j, double *room) {
  (void)room;
  ws_label_model *model = em->model;
  size_t K = model->K;
  double right = 0, all = 0, least = (1 + CHANCE * (double)(K - 1)) / (double)K;
  count_lf(em, j, &right, &all);
  double a = fmin(fmax((right + PULL * em->pooled) / (all + PULL), least), MOST);
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    if (!em->wanted[c]) continue;
    for (size_t k = 0; k < K; k++)
      model->confusion.rates[c * K + k] =
          k == (size_t)model->columns[c].label ? a : (1 - a) / (double)(K - 1);
  }
}

static void pool(ws__em *em) {
  double right = 0, all = 0;
  for (size_t j = 0; j < em->model->M; j++) count_lf(em, j, &right, &all);
  em->pooled = right / all;
}

static ws_status fit(ws_label_model *model, const ws__fit_input *input) {
  static const ws__em_kind kind = {
      .max_iterations = 200, .tolerance = 1e-5, .pool = pool, .update_lf = update_lf};
  return ws__em_fit(model, input, &kind);
}

const ws__label_model_type ws__one_coin = {.name = "one-coin",
                                           .gold = true,
                                           .em = true,
                                           .subtypes = 1,
                                           .fit = fit,
                                           .posterior = ws__confusion_posterior,
                                           .odds = ws__confusion_odds};
