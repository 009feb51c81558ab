/* SPDX-License-Identifier: MIT
 *
 * Prediction: a record's features, block by block, their weights, and the linear scores,
 * accumulated in double precision. Features that training never saw are passed over, in
 * the length of the vector too, as scikit-learn does with words out of vocabulary.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "softmax.h"
#include "terms.h"

struct ws_predictor {
  const ws_classifier *classifier;
  const ws_npy *npy; // NULL: there is none
  ws__terms terms;
  double *list;    // [longest] of a block of word vectors, or of the matrix
  double *hidden;  // [width] sums of all blocks
  double scores[]; // [width] of one block
};

static size_t longest_list(const ws_classifier *classifier) {
  size_t longest = 0;
  for (size_t b = 0; b < classifier->spec.count; b++) {
    size_t entries = classifier->ends[b] - ws__matrix_first(classifier->ends, b);
    if (ws__block_is_dense(&classifier->spec.blocks[b]) && entries > longest)
      longest = entries;
  }
  return longest;
}

ws_status ws_predictor_new(const ws_classifier *classifier, ws_predictor **out) {
  size_t width = ws__classifier_width(classifier);
  ws_predictor *predictor =
      ws_alloc_zero(1, sizeof *predictor + width * sizeof *predictor->scores);
  if (!predictor) return WS_ENOMEM;
  predictor->classifier = classifier;
  predictor->list = ws_alloc_array(longest_list(classifier), sizeof *predictor->list);
  predictor->hidden = ws_alloc_array(width, sizeof *predictor->hidden);
  if (!predictor->list || !predictor->hidden) {
    ws_predictor_free(predictor);
    return WS_ENOMEM;
  }
  *out = predictor;
  return WS_OK;
}

void ws_predictor_free(ws_predictor *predictor) {
  if (!predictor) return;
  ws__terms_clear(&predictor->terms);
  ws_free(predictor->list);
  ws_free(predictor->hidden);
  ws_free(predictor);
}

ws_status ws_predictor_set_npy(ws_predictor *predictor, const ws_npy *npy,
                               ws_error *err) {
  size_t columns;
  if (!ws_classifier_needs_npy(predictor->classifier, &columns)) return WS_OK;
  if (columns != ws_npy_columns(npy))
    return ws_error_set(err, WS_EINVAL,
                        "%s: expected %zu columns as in training, found %zu",
                        ws_npy_name(npy), columns, ws_npy_columns(npy));
  predictor->npy = npy;
  return WS_OK;
}

/* scores += weight x W of entry e; returns the square of the weight. */
static double add_entry(const ws_classifier *classifier, size_t e, double weight,
                        double *scores) {
  size_t width = ws__classifier_width(classifier);
  const float *W = classifier->weights + e * width;
  for (size_t k = 0; k < width; k++) scores[k] += weight * (double)W[k];
  return weight * weight;
}

#if defined(__GNUC__)
#define PREFETCH(where) __builtin_prefetch(where)
#else
#define PREFETCH(where) ((void)(where))
#endif
enum { CHUNK = 32 };

/* Where the terms are known, SIZE_MAX elsewhere. Each step of looking one up waits for
 * memory: it is taken for all of them before the next one. */
static void find_terms(const ws_classifier *classifier, size_t b, const ws__term *terms,
                       size_t count, size_t *entries) {
  for (size_t i = 0; i < count; i++)
    PREFETCH(ws__classifier_bin(classifier, b, (uint32_t)terms[i].hash));
  for (size_t i = 0; i < count; i++)
    PREFETCH(classifier->keys +
             *ws__classifier_bin(classifier, b, (uint32_t)terms[i].hash));
  for (size_t i = 0; i < count; i++) {
    entries[i] = ws__classifier_find(classifier, b, (uint32_t)terms[i].hash);
    if (entries[i] == SIZE_MAX) continue;
    PREFETCH(classifier->scale + entries[i]);
    PREFETCH(classifier->weights + entries[i] * ws__classifier_width(classifier));
  }
}

/* The same of a block of n-grams, categories or numbers, a chunk of terms at a time. */
static double add_known(const ws_classifier *classifier, size_t b, const ws__terms *terms,
                        double *scores) {
  const ws__block *block = &classifier->spec.blocks[b];
  size_t entries[CHUNK];
  double squares = 0;
  for (size_t first = 0; first < terms->count; first += CHUNK) {
    size_t count = terms->count - first < CHUNK ? terms->count - first : CHUNK;
    const ws__term *items = terms->items + first;
    find_terms(classifier, b, items, count, entries);
    for (size_t i = 0; i < count; i++) {
      size_t e = entries[i];
      if (e == SIZE_MAX) continue;
      float shift = ws__block_has_terms(block) ? 0 : classifier->shift[e];
      double weight =
          ws__weight(block, (double)items[i].value, classifier->scale[e], shift);
      squares += add_entry(classifier, e, weight, scores);
    }
  }
  return squares;
}

/* scores = sum of weight x W over the known terms of the block; returns the sum of
 * squared weights. */
static double add_terms(const ws_classifier *classifier, size_t b, const ws__terms *terms,
                        double *scores) {
  const ws__block *block = &classifier->spec.blocks[b];
  size_t first = ws__matrix_first(classifier->ends, b);
  double squares = 0;
  for (size_t k = 0; k < ws__classifier_width(classifier); k++) scores[k] = 0;
  if (!ws__block_is_dense(block)) return add_known(classifier, b, terms, scores);
  for (size_t i = 0; i < terms->count; i++) {
    size_t e = first + (size_t)terms->items[i].hash; // a position
    double weight = ws__weight(block, (double)terms->items[i].value, classifier->scale[e],
                               classifier->shift[e]);
    squares += add_entry(classifier, e, weight, scores);
  }
  return squares;
}

/* Lists have the length of those in training. */
static ws_status check_length(const ws_classifier *classifier, size_t b, size_t found,
                              ws_error *err) {
  const ws__block *block = &classifier->spec.blocks[b];
  size_t expected = classifier->ends[b] - ws__matrix_first(classifier->ends, b);
  if (!ws__block_is_list(block) || found == 0 || found == expected) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "field '%s': expected %zu numbers as in training, found %zu",
                      block->field, expected, found);
}

/* The vector of the text whose words are in `terms`, which it takes the place of. */
static ws_status take_words(ws_predictor *predictor, size_t b) {
  const ws__word_table *table = &predictor->classifier->tables[b];
  ws__terms *terms = &predictor->terms;
  for (size_t d = 0; d < table->dimensions; d++) predictor->list[d] = 0;
  for (size_t i = 0; i < terms->count; i++) {
    size_t word = ws__word_table_find(table, terms->items[i].hash);
    if (word != SIZE_MAX)
      ws__word_table_add(table, word, (double)terms->items[i].value, predictor->list);
  }
  for (size_t d = 0; d < table->dimensions; d++)
    predictor->list[d] = (double)ws__word_sum(predictor->list[d]);
  return ws__terms_of_list(terms, predictor->list, table->dimensions);
}

static ws_status take_row(ws_predictor *predictor, const ws_record *record,
                          ws_error *err) {
  if (!predictor->npy)
    return ws_error_set(err, WS_EINVAL,
                        "expected a matrix with a row for each record (.npy), of which "
                        "features are made, found none");
  WS_TRY(ws_npy_row(predictor->npy, record->row, predictor->list, err));
  return ws__terms_of_list(&predictor->terms, predictor->list,
                           ws_npy_columns(predictor->npy));
}

/* What is predicted: a record, or a row of features. */
typedef struct source {
  const ws_record *record;     // or NULL
  const ws_features *features; // whose hashes are known
  size_t row;
} source;

static ws_status collect(ws_predictor *predictor, size_t b, const source *from,
                         ws_error *err) {
  const ws__block *block = &predictor->classifier->spec.blocks[b];
  ws_status status;
  if (!from->record)
    status = ws__features_terms(from->features, from->row, b, &predictor->terms);
  else if (block->kind == WS__NPY)
    status = take_row(predictor, from->record, err);
  else
    status = ws__terms_collect(&predictor->terms, block, from->record, err);
  if (status == WS_OK && block->kind == WS__VECTORS) status = take_words(predictor, b);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

/* From the sums of the hidden layer to the scores of the output. */
static void pass_hidden(const ws_classifier *classifier, const double *hidden,
                        double *scores) {
  size_t H = classifier->H, K = classifier->K;
  const float *second = classifier->second;
  for (size_t k = 0; k < K; k++) scores[k] = (double)second[H * K + k];
  for (size_t h = 0; h < H; h++) {
    double value = tanh(hidden[h]);
    for (size_t k = 0; k < K; k++) scores[k] += value * (double)second[h * K + k];
  }
}

static ws_status score(ws_predictor *predictor, const source *from, double *scores,
                       ws_error *err) {
  const ws_classifier *classifier = predictor->classifier;
  ws__terms *terms = &predictor->terms;
  size_t width = ws__classifier_width(classifier);
  double *sums = classifier->H ? predictor->hidden : scores;
  for (size_t k = 0; k < width; k++) sums[k] = (double)classifier->bias[k];
  for (size_t b = 0; b < classifier->spec.count; b++) {
    const ws__block *block = &classifier->spec.blocks[b];
    WS_TRY(collect(predictor, b, from, err));
    WS_TRY(check_length(classifier, b, terms->count, err));
    double squares = add_terms(classifier, b, terms, predictor->scores), scale = 1;
    if (ws__block_is_normal(block)) scale = squares > 0 ? 1 / sqrt(squares) : 0;
    for (size_t k = 0; k < width; k++) sums[k] += scale * predictor->scores[k];
  }
  if (classifier->H) pass_hidden(classifier, sums, scores);
  return WS_OK;
}

ws_status ws_predict(ws_predictor *predictor, const ws_record *record, double *probs,
                     ws_error *err) {
  WS_TRY(score(predictor, &(source){.record = record}, probs, err));
  ws__normalise(probs, predictor->classifier->K);
  return WS_OK;
}

ws_status ws__predict_scores(ws_predictor *predictor, ws_features *features, size_t row,
                             double *scores, ws_error *err) {
  if (features->weighted)
    return ws_error_set(err, WS_EINVAL, "features: no rows are left after the training");
  if (ws__features_hashes(features) != WS_OK) return ws_error_nomem(err);
  return score(predictor, &(source){.features = features, .row = row}, scores, err);
}

ws_status ws_predict_features(ws_predictor *predictor, ws_features *features, size_t row,
                              double *probs, ws_error *err) {
  WS_TRY(ws__predict_scores(predictor, features, row, probs, err));
  ws__normalise(probs, predictor->classifier->K);
  return WS_OK;
}
