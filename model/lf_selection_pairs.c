/* SPDX-License-Identifier: MIT
 *
 * Which labeling functions depend on one another once the new ones are beside those that
 * were there.
 */
#include <weaksup/alloc.h>

#include "lf_selection_priv.h"

static ws_status find_in(const ws_votes *votes, const ws_selection_votes *dev,
                         const bool *targeted, const ws_label_model_options *label_model,
                         double *balance, ws_dependent_pairs **out, ws_error *err) {
  size_t K = ws_votes_classes(votes);
  ws_label_model *model = NULL;
  if (dev && ws__gold_balance_of(dev->candidates, targeted, balance) != WS_OK)
    return ws_error_nomem(err);
  ws_label_model_options how =
      ws__selection_fit_options(label_model, dev ? balance : NULL, K);
  WS_TRY(ws_label_model_fit(votes, &how, &model, err));
  ws_status status = ws_dependent_pairs_find(model, votes, NULL, out, err);
  ws_label_model_free(model);
  return status;
}

ws_status ws_selection_dependence(const ws_selection_votes *pool,
                                  const ws_selection_votes *dev, const bool *targeted,
                                  const ws_label_model_options *label_model,
                                  ws_dependent_pairs **out, ws_error *err) {
  ws_votes *votes = NULL;
  WS_TRY(ws_selection_join(pool, NULL, &votes, err));
  double *balance = ws_alloc_zero(ws_votes_classes(votes), sizeof *balance);
  ws_status status = balance
                         ? find_in(votes, dev, targeted, label_model, balance, out, err)
                         : ws_error_nomem(err);
  ws_free(balance);
  ws_votes_free(votes);
  return status;
}
