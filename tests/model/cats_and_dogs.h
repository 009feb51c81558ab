/* SPDX-License-Identifier: MIT
 *
 * A classifier that tells texts about cats from those about dogs.
 */
#ifndef CATS_AND_DOGS_H
#define CATS_AND_DOGS_H

#include <stdio.h>

#include <weaksup/export.h>

#include "feature_hash.h"
#include "ws_test.h"

enum { ROWS = 40 };

static const char *const subjects[] = {"the cat sat",   "a red Cat purrs",
                                       "my cat's tail", "dogs bark",
                                       "a DOG runs",    "the dog barked twice"};

static inline void make_text(size_t i, char out[64]) {
  snprintf(out, 64, "%s %zu times", subjects[i % 6], i % 7);
}

/* Features of cats (class 0, c1 where there are three) and dogs. */
static inline ws_status make_features(const char *blocks, ws_features **out) {
  ws_features_options options = ws_features_options_default();
  options.blocks = blocks;
  WS_TRY(ws_features_new(&options, out, NULL));
  for (size_t i = 0; i < ROWS; i++) {
    char text[64];
    make_text(i, text);
    WS_TRY(ws_features_add(*out, &(ws_record){.text = ws_text_of(text)}, NULL));
  }
  return WS_OK;
}

static inline ws_status train_on(ws_features *features, size_t K, ws_classifier **out) {
  static const char *const names[] = {"cat", "dog", "o\"ther*/"};
  double targets[ROWS * 3] = {0};
  ws_text classes[3];
  for (size_t k = 0; k < 3; k++) classes[k] = ws_text_of(names[k]);
  for (size_t i = 0; i < ROWS; i++) targets[i * K + i % 6 / 3] = 1;
  ws_classifier_options options = ws_classifier_options_default();
  options.threads = 1;
  WS_TRY(ws_classifier_train(features, targets, classes, K, &options, out, NULL));
  return ws_classifier_name(*out, features);
}

static inline ws_classifier *make_classifier(const char *blocks, size_t K) {
  ws_features *features = NULL;
  ws_classifier *classifier = NULL;
  assert_ok(make_features(blocks, &features), NULL);
  assert_ok(train_on(features, K, &classifier), NULL);
  ws_features_free(features);
  return classifier;
}

static inline uint32_t key_of(const char *word) {
  uint64_t hash = WS__HASH_START;
  for (; *word; word++) hash = ws__hash_step(hash, (uint32_t)*word);
  return (uint32_t)ws__hash_end(hash);
}

#endif
