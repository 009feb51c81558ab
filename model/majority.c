/* SPDX-License-Identifier: MIT
 *
 * Majority vote: the posterior of a class is its share of the votes. It learns nothing;
 * it is here to be compared with, and the baseline that is hard to beat where records
 * carry little more than one vote.
 */
#include "label_model_priv.h"

static ws_status fit(ws_label_model *model, const ws__fit_input *input) {
  (void)input;
  model->converged = true;
  return WS_OK;
}

static void posterior(const ws_label_model *model, const uint32_t *id_of,
                      ws_pattern pattern, double *probs) {
  (void)id_of;
  for (size_t k = 0; k < model->K; k++) probs[k] = 0;
  for (size_t i = 0; i < pattern.size; i++) probs[pattern.columns[i] % model->K] += 1;
  for (size_t k = 0; k < model->K; k++) probs[k] /= (double)pattern.size;
}

const ws__label_model_type ws__majority = {
    .name = "mv", .fit = fit, .posterior = posterior};
