/* SPDX-License-Identifier: MIT
 *
 * From votes to posteriors: the same walk over the patterns gives the labels of a
 * prediction and, at the end of a fit, the accuracies that are reported.
 */
#include <weaksup/alloc.h>

#include "blocks.h"
#include "label_model_priv.h"
#include "temper.h"

/* Without votes there is only the prior. */
static void prior(const ws_label_model *model, double *probs) {
  for (size_t k = 0; k < model->K; k++)
    probs[k] = model->balance ? model->balance[k] : 1 / (double)model->K;
}

static void posterior(const ws_label_model *model, const uint32_t *id_of,
                      ws_pattern pattern, double *probs) {
  if (pattern.size == 0)
    prior(model, probs);
  else
    model->type->posterior(model, id_of, pattern, probs);
}

static void temper(const ws_label_model *model, ws_pattern pattern, double *probs) {
  if (pattern.size > 0)
    ws__temper(probs, model->K, pattern.size, model->scale, model->rho, model->eps);
}

static ws_status predict(const ws_label_model *model, const ws_votes *votes,
                         bool tempered, ws_labels **out, ws_error *err) {
  uint32_t *id_of = NULL;
  ws_labels *labels = NULL;
  ws_status status = ws__columns_map(model, votes, &id_of, err);
  if (status == WS_OK)
    status = ws_labels_new(ws_votes_patterns(votes), model->K, &labels);
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status != WS_OK) goto done;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    double *probs = ws_labels_at(labels, u);
    posterior(model, id_of, pattern, probs);
    if (tempered) temper(model, pattern, probs);
  }
  *out = labels;
done:
  ws_free(id_of);
  return status;
}

ws_status ws_label_model_predict(const ws_label_model *model, const ws_votes *votes,
                                 ws_labels **out, ws_error *err) {
  return predict(model, votes, true, out, err);
}

ws_status ws_label_model_predict_raw(const ws_label_model *model, const ws_votes *votes,
                                     ws_labels **out, ws_error *err) {
  return predict(model, votes, false, out, err);
}

/* --- at the end of a fit ------------------------------------------------------------ */

static double largest(const double *probs, size_t K) {
  double max = probs[0];
  for (size_t k = 1; k < K; k++)
    if (probs[k] > max) max = probs[k];
  return max;
}

typedef struct summary {
  const ws_label_model *model;
  const ws_votes *votes;
  const uint32_t *id_of;
} summary;

/* Sums: of the largest tempered, of the largest raw, of the accuracies [C]. Behind them
 * is room for one posterior. */
static void summarise_block(void *user, double *sums, size_t first, size_t end) {
  const summary *s = user;
  size_t K = s->model->K;
  double *accuracy = sums + 2, *probs = accuracy + s->model->C;
  for (size_t u = first; u < end; u++) {
    ws_pattern pattern = ws_votes_pattern(s->votes, u);
    double count = (double)pattern.count;
    posterior(s->model, s->id_of, pattern, probs);
    for (size_t i = 0; i < pattern.size; i++)
      accuracy[s->id_of[pattern.columns[i]]] += count * probs[pattern.columns[i] % K];
    sums[1] += count * largest(probs, K);
    temper(s->model, pattern, probs);
    sums[0] += count * largest(probs, K);
  }
}

ws_status ws__label_model_summarise(ws_label_model *model, const ws_votes *votes,
                                    const uint32_t *id_of) {
  summary s = {model, votes, id_of};
  ws__blocks *blocks = NULL;
  WS_TRY(ws__blocks_new(ws_votes_patterns(votes), 2 + model->C + model->K,
                        model->fit_threads, &blocks));
  const double *sums = ws__blocks_run(blocks, summarise_block, &s);
  for (size_t c = 0; c < model->C; c++)
    model->columns[c].accuracy = sums[2 + c] / (double)model->columns[c].votes;
  model->mean_max = sums[0] / (double)model->records;
  model->mean_max_raw = sums[1] / (double)model->records;
  ws__blocks_free(blocks);
  return WS_OK;
}

ws_status ws__label_model_rescaled(ws_label_model *model, const ws_votes *votes) {
  uint32_t *id_of = NULL;
  WS_TRY(ws__columns_map(model, votes, &id_of, NULL));
  ws_status status = ws__label_model_summarise(model, votes, id_of);
  ws_free(id_of);
  return status;
}
