/* SPDX-License-Identifier: MIT
 *
 * Collecting term counts. The weights (Gerard Salton, Christopher Buckley: Term-weighting
 * approaches in automatic text retrieval, 1988; the smoothing is scikit-learn's) need all
 * rows and are applied by those who use the rows.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "features_rows.h"

ws_features_options ws_features_options_default(void) {
  return (ws_features_options){.hash_bits = 18, .max_ngram = 2};
}

ws_status ws_features_new(const ws_features_options *options, ws_features **out,
                          ws_error *err) {
  ws_features_options given = options ? *options : ws_features_options_default();
  if (given.hash_bits < 8 || given.hash_bits > 26)
    return ws_error_set(err, WS_EINVAL, "hash bits: expected 8 to 26, found %u",
                        given.hash_bits);
  if (given.max_ngram < 1 || given.max_ngram > 2)
    return ws_error_set(err, WS_EINVAL, "longest n-gram: expected 1 or 2, found %u",
                        given.max_ngram);
  ws_features *features = ws_alloc_zero(1, sizeof *features);
  if (!features) return ws_error_nomem(err);
  features->terms.options = given;
  *out = features;
  return WS_OK;
}

void ws_features_free(ws_features *features) {
  if (!features) return;
  ws__terms_clear(&features->terms);
  ws_free(features->ends);
  ws_free(features->cells);
  ws_free(features);
}

ws_status ws_features_add(ws_features *features, ws_text text) {
  const ws__terms *terms = &features->terms;
  WS_TRY(ws__terms_count(&features->terms, text));
  size_t begin = ws__row_begin(features, features->rows);
  if (!ws_grow(&features->ends, &features->ends_capacity, features->rows + 1,
               sizeof *features->ends) ||
      !ws_grow(&features->cells, &features->cells_capacity, begin + terms->count,
               sizeof *features->cells))
    return WS_ENOMEM;
  if (terms->count > 0)
    memcpy(features->cells + begin, terms->items, terms->count * sizeof *terms->items);
  features->ends[features->rows++] = begin + terms->count;
  return WS_OK;
}

size_t ws_features_rows(const ws_features *features) {
  return features->rows;
}

float ws__idf(size_t n, size_t df) {
  return (float)(1 + log((1 + (double)n) / (1 + (double)df)));
}

double ws__tf(uint32_t count) {
  return count == 1 ? 1 : 1 + log((double)count);
}
