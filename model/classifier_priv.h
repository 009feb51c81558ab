/* SPDX-License-Identifier: MIT
 *
 * A classifier from inside. Weights are floats, in memory as in the file, so that the one
 * that was just trained and the one that was loaded predict the same.
 */
#ifndef WS_CLASSIFIER_PRIV_H
#define WS_CLASSIFIER_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/classifier.h>
#include <weaksup/mapping.h>

#include "linear.h"
#include "matrix.h"
#include "mlp.h"

/* An entry whose n-gram (or category) is known, for those who want to look inside. */
typedef struct ws__named {
  uint32_t entry;
  ws_text name;
  double mean; // of its weights over the classes; 0 with a hidden layer
} ws__named;

struct ws_classifier {
  ws__spec spec;
  ws_text text; // name of the task's text field
  unsigned hash_bits;
  ws_arena arena;               // the names
  size_t K, A;                  // classes; entries
  size_t H;                     // hidden units of a perceptron; 0: it is linear
  ws_text *classes;             // [K]
  size_t ends[WS__MOST_BLOCKS]; // the entries of block b end before ends[b]
  // These stand in `file` where there is one:
  uint32_t *keys; // [A] ascending in each block
  float *scale;   // [A] see ws__matrix
  float *shift;   // [A]
  float *bias;    // [width]
  float *weights; // [A][width]
  float *second;  // [H][K], then [K] the output's bias; NULL where H is 0
  ws__word_table tables[WS__MOST_BLOCKS]; // of blocks of word vectors
  ws_mapping file;                        // that it was loaded from
  ws__named *named;                       // [named_count] ascending entries
  size_t named_count;
  ws_text summary;     // JSON: how it was trained
  uint32_t *directory; // [blocks][(1 << directory_bits) + 1]: where the keys of the block
                       // with these highest bits begin
  unsigned directory_bits;
  ws_loss loss;
  uint64_t rows; // trained on
  double c, objective;
  unsigned iterations;
  bool converged;
};

/* A classifier with room for K classes and A entries, all to be filled. */
ws_status ws__classifier_new(size_t K, size_t A, ws_classifier **out);

/* One of the entries of the matrix, without weights, with the names of the classes and of
 * the text field. */
ws_status ws__classifier_begin(const ws_features *features, const ws__matrix *matrix,
                               const ws_text *classes, size_t K, ws_classifier **out);
/* WS_EINVAL where there are none, or more than WS_MAX_CLASSES. */
ws_status ws__classifier_check_classes(size_t K, ws_error *err);
ws_status ws__classifier_check(const ws_classifier_options *options, ws_error *err);
/* *labeled: whether target[K] is a distribution, not all 0; WS_EINVAL, naming the row,
 * where it is neither. */
ws_status ws__check_targets(const double *target, size_t K, size_t row, bool *labeled,
                            ws_error *err);
ws__linear_options ws__linear_options_of(const ws_classifier_options *options);

/* Makes it a perceptron with H hidden units, whose weights are all to be filled. */
ws_status ws__classifier_set_hidden(ws_classifier *classifier, size_t H);

/* Its weights and bias become those of the classifier. */
void ws__classifier_take_linear(ws_classifier *classifier, const ws__linear *linear);
ws_status ws__classifier_take_mlp(ws_classifier *classifier, const ws__mlp *mlp);
/* What the options' hidden units become on these rows. To be cleared whatever the status.
 */
ws_status ws__classifier_train_mlp(ws__mlp *out, const ws__matrix *matrix,
                                   const ws__rows *rows, size_t K,
                                   const ws_classifier_options *options, ws_error *err);

/* What the features are summed into: hidden units, or classes. */
static inline size_t ws__classifier_width(const ws_classifier *classifier) {
  return classifier->H ? classifier->H : classifier->K;
}

/* ws_predict_features, but scores[K], of which ws_predict's probabilities are the
 * softmax. */
ws_status ws__predict_scores(ws_predictor *predictor, ws_features *features, size_t row,
                             double *scores, ws_error *err);

/* To be called once the keys are filled. */
ws_status ws__classifier_index(ws_classifier *classifier);

/* Where the entries of the block begin whose keys have the same highest bits; the next
 * number is where they end. */
static inline const uint32_t *ws__classifier_bin(const ws_classifier *classifier,
                                                 size_t block, uint32_t key) {
  size_t bins = ((size_t)1 << classifier->directory_bits) + 1;
  return classifier->directory + block * bins +
         ((uint64_t)key >> (32 - classifier->directory_bits));
}

/* The entry of the block with the key, or SIZE_MAX. */
static inline size_t ws__classifier_find(const ws_classifier *classifier, size_t block,
                                         uint32_t key) {
  const uint32_t *bin = ws__classifier_bin(classifier, block, key);
  for (size_t e = bin[0]; e < bin[1]; e++)
    if (classifier->keys[e] == key) return e;
  return SIZE_MAX;
}

#endif
