/* SPDX-License-Identifier: MIT
 *
 * From votes to posteriors: the same walk over the patterns gives the labels of a
 * prediction and, at the end of a fit, the accuracies that are reported.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "blocks.h"
#include "label_model_priv.h"
#include "sigmoid.h"
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

/* A scale of 0: not at all. */
static void temper(const ws_label_model *model, ws_pattern pattern, double scale,
                   double *probs) {
  if (pattern.size > 0 && scale > 0)
    ws__temper(probs, model->K, pattern.size, scale, model->rho, model->eps);
}

static ws_status predict(const ws_label_model *model, const ws_votes *votes, double scale,
                         ws_labels **out, ws_error *err) {
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
    temper(model, pattern, scale, probs);
  }
  *out = labels;
done:
  ws_free(id_of);
  return status;
}

ws_status ws_label_model_predict(const ws_label_model *model, const ws_votes *votes,
                                 ws_labels **out, ws_error *err) {
  return predict(model, votes, model->scale, out, err);
}

ws_status ws_label_model_targets(const ws_label_model *model, const ws_votes *votes,
                                 ws_labels **out, ws_error *err) {
  return predict(model, votes, 1, out, err);
}

ws_status ws_label_model_predict_raw(const ws_label_model *model, const ws_votes *votes,
                                     ws_labels **out, ws_error *err) {
  return predict(model, votes, 0, out, err);
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
  double *odds; // [columns of the votes + 1], or NULL
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
    temper(s->model, pattern, s->model->scale, probs);
    sums[0] += count * largest(probs, K);
  }
}

static ws_status summarise_any(summary *s, ws_label_model *model, double *means) {
  ws__blocks *blocks = NULL;
  WS_TRY(ws__blocks_new(ws_votes_patterns(s->votes), 2 + model->C + model->K,
                        model->fit_threads, &blocks));
  const double *sums = ws__blocks_run(blocks, summarise_block, s);
  for (size_t c = 0; c < model->C; c++)
    model->columns[c].accuracy = sums[2 + c] / (double)model->columns[c].votes;
  memcpy(means, sums, 2 * sizeof *means);
  ws__blocks_free(blocks);
  return WS_OK;
}

/* --- the same for two classes, where votes add to the odds ---------------------------
 */

/* raw[u] and tempered[u] become the log-odds of the patterns from `first` on, those for
 * tempering as far as ws__temper goes. */
static void find_odds(const summary *s, size_t first, size_t count, double *raw,
                      double *tempered) {
  const ws_label_model *model = s->model;
  const double base = s->odds[ws_votes_lfs(s->votes) * 2];
  const double most = -log(WS_TEMPER_LEAST);
  for (size_t u = 0; u < count; u++) {
    ws_pattern pattern = ws_votes_pattern(s->votes, first + u);
    double sum = base, t = ws__temper_exponent(pattern.size, model->scale, model->rho);
    for (size_t i = 0; i < pattern.size; i++) sum += s->odds[pattern.columns[i]];
    raw[u] = sum;
    sum = sum > 0 ? sum : -sum;
    tempered[u] = t * (sum < most ? sum : most);
  }
}

/* Adds a pattern with votes, P(1) = p. */
static void add_two(const summary *s, ws_pattern pattern, double p, double tempered,
                    double *sums) {
  double count = (double)pattern.count, eps = s->model->eps, *right = sums + 2;
  sums[0] += count * ((1 - eps) * tempered + eps / 2);
  sums[1] += count * (p > 0.5 ? p : 1 - p);
  for (size_t i = 0; i < pattern.size; i++) right[pattern.columns[i]] += count * p;
}

/* Sums: as above, but in place of the accuracies the sums of P(1), by the votes' columns.
 */
static void summarise_two_block(void *user, double *sums, size_t first, size_t end) {
  const summary *s = user;
  double raw[WS_SIGMOID_CHUNK], tempered[WS_SIGMOID_CHUNK], alone[2];
  prior(s->model, alone);
  for (size_t count; first < end; first += count) {
    count = end - first < WS_SIGMOID_CHUNK ? end - first : WS_SIGMOID_CHUNK;
    find_odds(s, first, count, raw, tempered);
    ws__sigmoid(raw, count);
    ws__sigmoid(tempered, count);
    for (size_t u = 0; u < count; u++) {
      ws_pattern pattern = ws_votes_pattern(s->votes, first + u);
      if (pattern.size > 0)
        add_two(s, pattern, raw[u], tempered[u], sums);
      else
        for (size_t i = 0; i < 2; i++)
          sums[i] += (double)pattern.count * largest(alone, 2);
    }
  }
}

static ws_status summarise_two(summary *s, ws_label_model *model, double *means) {
  size_t columns = ws_votes_lfs(s->votes) * 2;
  ws__blocks *blocks = NULL;
  s->odds = ws_alloc_array(columns + 1, sizeof *s->odds);
  if (!s->odds) return WS_ENOMEM;
  model->type->odds(model, s->id_of, columns, s->odds);
  ws_status status = ws__blocks_new(ws_votes_patterns(s->votes), 2 + columns,
                                    model->fit_threads, &blocks);
  if (status == WS_OK) {
    const double *sums = ws__blocks_run(blocks, summarise_two_block, s);
    for (size_t v = 0; v < columns; v++) {
      if (!ws__is_column(s->model, s->id_of[v])) continue;
      ws__column *column = &model->columns[s->id_of[v]];
      double n = (double)column->votes, first = sums[2 + v];
      column->accuracy = (v % 2 ? first : n - first) / n;
    }
    memcpy(means, sums, 2 * sizeof *means);
  }
  ws__blocks_free(blocks);
  ws_free(s->odds);
  return status;
}

ws_status ws__label_model_summarise(ws_label_model *model, const ws_votes *votes,
                                    const uint32_t *id_of) {
  summary s = {.model = model, .votes = votes, .id_of = id_of};
  double means[2];
  if (model->K == 2 && model->type->odds)
    WS_TRY(summarise_two(&s, model, means));
  else
    WS_TRY(summarise_any(&s, model, means));
  model->mean_max = means[0] / (double)model->records;
  model->mean_max_raw = means[1] / (double)model->records;
  return WS_OK;
}

ws_status ws__label_model_rescaled(ws_label_model *model, const ws_votes *votes) {
  uint32_t *id_of = NULL;
  WS_TRY(ws__columns_map(model, votes, &id_of, NULL));
  ws_status status = ws__label_model_summarise(model, votes, id_of);
  ws_free(id_of);
  return status;
}
