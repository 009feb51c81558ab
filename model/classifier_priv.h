/* SPDX-License-Identifier: MIT
 *
 * A classifier from inside. Weights are floats, in memory as in the file, so that the one
 * that was just trained and the one that was loaded predict the same.
 */
#ifndef WS_CLASSIFIER_PRIV_H
#define WS_CLASSIFIER_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/classifier.h>

struct ws_classifier {
  ws_features_options options;
  ws_arena arena;      // the names
  size_t K, A;         // classes; active buckets
  ws_text *classes;    // [K]
  uint32_t *buckets;   // [A] ascending
  float *idf;          // [A]
  float *bias;         // [K]
  float *weights;      // [A][K]
  uint32_t *directory; // [1 << directory_bits, and one]: where the buckets with these
                       // highest bits begin
  unsigned directory_bits;
  uint64_t rows; // trained on
  double c, objective;
  unsigned iterations;
  bool converged;
};

/* A classifier with room for K classes and A buckets, all to be filled. */
ws_status ws__classifier_new(size_t K, size_t A, ws_classifier **out);

/* To be called once the buckets are filled. */
ws_status ws__classifier_index(ws_classifier *classifier);

/* Where the bucket stands, or A. */
size_t ws__classifier_find(const ws_classifier *classifier, uint32_t bucket);

#endif
