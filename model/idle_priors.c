/* SPDX-License-Identifier: MIT
 *
 * Priors without effect, by comparison with a fit that was given none.
 */
#include <weaksup/lf_report.h>

#include <math.h>

#include "label_model_priv.h"

#define NOTHING 0.005 // less than what a table of three places lets one see well

ws_status ws_idle_priors_find(const ws_label_model *model, const ws_votes *votes,
                              const ws_label_model_options *options, bool *idle,
                              ws_error *err) {
  ws_label_model_options without = *options;
  ws_label_model *other = NULL;
  for (size_t j = 0; j < model->M; j++) idle[j] = false;
  if (!model->priors) return WS_OK;
  without.kind = model->type->name;
  without.priors = NULL;
  without.prior_count = 0;
  without.progress = (ws_progress_sink){0};
  WS_TRY(ws_label_model_fit(votes, &without, &other, err));
  for (size_t j = 0; j < model->M && j < other->M; j++) {
    double moved = ws_label_model_accuracy(model, j) - ws_label_model_accuracy(other, j);
    idle[j] = model->priors[j] > 0 && fabs(moved) < NOTHING; // not where it is NaN
  }
  ws_label_model_free(other);
  return WS_OK;
}
