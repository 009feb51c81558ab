/* SPDX-License-Identifier: MIT
 *
 * Features of text: lower-cased word 1-2-grams, hashed into buckets, weighted 1 + log tf
 * times smooth idf (1 + log((1+n)/(1+df))), each record's vector of L2 length 1.
 *
 * Two steps, because idf needs all records: collecting counts as records come, then
 * weighting.
 */
#ifndef WEAKSUP_FEATURES_H
#define WEAKSUP_FEATURES_H

#include <weaksup/records.h>

WS_BEGIN_DECLS

typedef struct ws_features_options {
  // 2^bits buckets; 8 .. 26, default 18. A classifier stores those that its training
  // texts use: more bits cost little room, and make fewer words share a bucket.
  unsigned hash_bits;
  unsigned max_ngram; // 1 or 2, default 2
} ws_features_options;

WS_API ws_features_options ws_features_options_default(void);

/* Term counts of many records: sparse rows in the order of adding. */
typedef struct ws_features ws_features;

WS_API WS_CHECK ws_status ws_features_new(const ws_features_options *options,
                                          ws_features **out, ws_error *err);
WS_API void ws_features_free(ws_features *features);
/* Counts the terms of the record's text. */
WS_API WS_CHECK ws_status ws_features_add(ws_features *features, ws_text text);
WS_API size_t ws_features_rows(const ws_features *features);

WS_END_DECLS

#endif
