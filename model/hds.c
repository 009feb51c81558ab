/* SPDX-License-Identifier: MIT
 *
 * HDS, hierarchical Dawid-Skene: EM for annotators, who vote for several classes each.
 *
 * The model of A. P. Dawid and A. M. Skene (1979) with priors that are learned too: the
 * accuracy of an LF for a class is pulled to its accuracy over all classes, that to the
 * pooled accuracy G of all LFs, and its errors to the pooled profile E of errors, each
 * with the weight of PULL votes. So an LF with few votes is an average one. Abstaining
 * says nothing: annotators see what they are shown.
 *
 * N_jkl expected votes of LF j for l where the class is k, N_jk. its votes there, N_j its
 * votes in all, m_k expected records of class k, W records:
 *   a_j = (sum_k N_jkk + 4 G) / (N_j + 4)          a_jk = (N_jkk + 4 a_j) / (N_jk. + 4)
 *   theta_jkk = a_jk     theta_jkl = (1 - a_jk) e_jkl,  e_jkl prop. to N_jkl + 4 E_kl
 *   pi_k = (m_k + 1) / (W + K)
 */
#include <math.h>

#include "confusion.h"
#include "confusion_em.h"

#define PULL 4.0

/* E_kl, one more vote each: em->scratch[K][K], where the diagonal stays 0. pooled: G. */
static void pool(ws__em *em) {
  const ws_label_model *model = em->model;
  size_t K = model->K;
  double *E = em->scratch, right = 0, all = 0;
  for (size_t k = 0; k < K; k++)
    for (size_t l = 0; l < K; l++) E[k * K + l] = k != l;
  for (size_t c = 0; c < model->C; c++) {
    size_t l = (size_t)model->columns[c].label;
    const double *counts = em->counts + c * K;
    for (size_t k = 0; k < K; k++) {
      all += counts[k];
      if (k == l)
        right += counts[k];
      else
        E[k * K + l] += counts[k];
    }
  }
  for (size_t k = 0; k < K; k++) {
    double sum = 0;
    for (size_t l = 0; l < K; l++) sum += E[k * K + l];
    for (size_t l = 0; l < K; l++) E[k * K + l] /= sum;
  }
  em->pooled = right / all;
  ws__learn_weights(em);
}

/* N_jk. and N_jkk into row[K] and right[K]; returns a_j. */
static double count_lf(const ws__em *em, size_t j, double *row, double *right) {
  const ws_label_model *model = em->model;
  size_t K = model->K;
  double all = 0, hits = 0;
  for (size_t k = 0; k < K; k++) row[k] = right[k] = 0;
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    size_t l = (size_t)model->columns[c].label;
    right[l] = em->counts[c * K + l];
    hits += right[l];
    for (size_t k = 0; k < K; k++) row[k] += em->counts[c * K + k];
  }
  for (size_t k = 0; k < K; k++) all += row[k];
  return (hits + PULL * em->pooled) / (all + PULL);
}

static void update_lf(const ws__em *em, size_t j, double *room) {
  ws_label_model *model = em->model;
  size_t K = model->K;
  const double *E = em->scratch;
  double *row = room, *right = row + K;
  double a = count_lf(em, j, row, right);
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    if (!em->wanted[c]) continue;
    size_t l = (size_t)model->columns[c].label;
    double *rates = model->confusion.rates + c * K;
    for (size_t k = 0; k < K; k++) {
      double hit = (right[k] + PULL * a) / (row[k] + PULL);
      double error = (em->counts[c * K + k] + PULL * E[k * K + l]) /
                     (fmax(row[k] - right[k], 0) + PULL);
      rates[k] = k == l ? hit : (1 - hit) * error;
    }
  }
}

static ws_status fit(ws_label_model *model, const ws__fit_input *input) {
  static const ws__em_kind kind = {
      .max_iterations = 200, .tolerance = 1e-5, .pool = pool, .update_lf = update_lf};
  return ws__em_fit(model, input, &kind);
}

const ws__label_model_type ws__hds = {.name = "hds",
                                      .rho = 0.3,
                                      .eps = 0.05,
                                      .gold = true,
                                      .em = true,
                                      .subtypes = 1,
                                      .fit = fit,
                                      .posterior = ws__confusion_posterior,
                                      .odds = ws__confusion_odds};
