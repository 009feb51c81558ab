/* SPDX-License-Identifier: MIT
 *
 * Dawid-Skene with abstaining as one more answer (A. P. Dawid and A. M. Skene: Maximum
 * likelihood estimation of observer error-rates using the EM algorithm, Applied
 * Statistics 28(1), 1979; the extra answer as in J. Zhang and others: WRENCH, 2021).
 *
 * Maximum likelihood:
 *   theta_jkl = N_jkl / m_k     pi_k = m_k / W
 * a class that has lost all its records having even rates. Records without votes take
 * part. Answers never given in a class count as WS_LEAST_RATE (confusion.c), far less
 * than any prior would make of them: that matters where LFs are many and votes few. There
 * EM also goes on for hundreds of rounds while the labels get worse, so it ends after
 * 100.
 */
#include <math.h>

#include "confusion.h"
#include "confusion_em.h"

#define NOTHING 1e-12 // expected records of a class that has none

/* Gold records where the LF gives answers that it gave on none of the other records: they
 * have no column, but are no abstaining either. */
static void take_unseen_gold(const ws__em *em, size_t j, double *silent) {
  const ws_label_model *model = em->model;
  size_t c = model->lf_begin[j], K = model->K;
  for (size_t l = 0; em->input->gold && l < K; l++) {
    const uint64_t *of_gold = ws__gold_column(em->input->gold, j, l);
    if (c < model->lf_begin[j + 1] && (size_t)model->columns[c].label == l) {
      c++;
      continue;
    }
    for (size_t k = 0; k < K; k++) silent[k] -= (double)of_gold[k];
  }
}

static void update_lf(const ws__em *em, size_t j, double *room) {
  (void)room;
  ws_label_model *model = em->model;
  size_t K = model->K;
  double *silent = model->confusion.silent + j * K, even = 1 / (double)(K + 1);
  for (size_t k = 0; k < K; k++) silent[k] = em->mass[k];
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++)
    for (size_t k = 0; k < K; k++) {
      double count = em->counts[c * K + k], mass = em->mass[k];
      silent[k] -= count;
      model->confusion.rates[c * K + k] = mass > NOTHING ? fmin(count / mass, 1) : even;
    }
  take_unseen_gold(em, j, silent);
  for (size_t k = 0; k < K; k++)
    silent[k] = em->mass[k] > NOTHING ? fmax(silent[k], 0) / em->mass[k] : even;
}

static void pool(ws__em *em) {
  double W = 0;
  for (size_t k = 0; k < em->model->K; k++) W += em->mass[k];
  for (size_t k = 0; k < em->model->K; k++)
    em->model->confusion.weights[k] = em->mass[k] / W;
}

static ws_status fit(ws_label_model *model, const ws__fit_input *input) {
  static const ws__em_kind kind = {
      .max_iterations = 100, .tolerance = 1e-5, .pool = pool, .update_lf = update_lf};
  return ws__em_fit(model, input, &kind);
}

const ws__label_model_type ws__dawid_skene = {.name = "dawid-skene",
                                              .gold = true,
                                              .em = true,
                                              .subtypes = 1,
                                              .silence = true,
                                              .fit = fit,
                                              .posterior = ws__confusion_posterior,
                                              .odds = ws__confusion_odds};
