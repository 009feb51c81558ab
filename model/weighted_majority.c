/* SPDX-License-Identifier: MIT
 *
 * Weighted vote: the share of a class among the votes, times the class balance (the
 * weighted majority vote of J. Zhang and others: WRENCH, 2021), each vote counting the
 * log-odds of the accuracy that the user gave the LF (S. Nitzan and J. Paroush: Optimal
 * decision rules in uncertain dichotomous choice situations, 1982):
 *   P(k) prop. to pi_k sum_{j votes k} w_j,  w_j = max(log(a_j (K - 1) / (1 - a_j)), .01)
 * with a_j = .8 where none is given. It learns nothing. Without balance and priors it is
 * the majority vote.
 */
#include <math.h>

#include "label_model_priv.h"

#define USUAL_ACCURACY 0.8
#define LEAST_WEIGHT   0.01

static ws_status fit(ws_label_model *model, const ws__fit_input *input) {
  (void)input;
  model->converged = true;
  return WS_OK;
}

static double weight(const ws_label_model *model, size_t j) {
  double given = ws_label_model_prior(model, j);
  double a = given > 0 ? given : USUAL_ACCURACY;
  return fmax(log(a * (double)(model->K - 1) / (1 - a)), LEAST_WEIGHT);
}

double ws__weighted_vote(const ws_label_model *model, const uint32_t *id_of,
                         uint32_t column) {
  size_t j = ws__columns_lf(model, id_of, column);
  return model->priors && j < model->M ? weight(model, j) : 1;
}

static void posterior(const ws_label_model *model, const uint32_t *id_of,
                      ws_pattern pattern, double *probs) {
  double sum = 0;
  for (size_t k = 0; k < model->K; k++) probs[k] = 0;
  for (size_t i = 0; i < pattern.size; i++)
    probs[pattern.columns[i] % model->K] +=
        ws__weighted_vote(model, id_of, pattern.columns[i]);
  for (size_t k = 0; k < model->K; k++) {
    if (model->balance) probs[k] *= model->balance[k];
    sum += probs[k];
  }
  for (size_t k = 0; k < model->K; k++) probs[k] /= sum;
}

const ws__label_model_type ws__weighted_majority = {
    .name = "weighted-mv", .priors = true, .fit = fit, .posterior = posterior};
