/* SPDX-License-Identifier: MIT
 *
 * Records of two classes whose votes and words are known, for tests of the training.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stdio.h>

#include <weaksup/label_model.h>
#include <weaksup/rng.h>
#include <weaksup/training.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "ws_test_features.h"

enum { LFS = 12, WORDS = 10, MOST = 2500, MANY = 16000 };

static const ws_text names[] = {{"c0", 2}, {"c1", 2}};

/* Records of two classes, whose LFs look for one word each. With a topic, the other words
 * tell the class as well; without, they are noise. */
typedef struct corpus {
  size_t n;
  int32_t own[MANY]; // the classes
  ws_features *features;
  ws_votes *votes;
  double *targets; // of the label model; 0 where uncovered
} corpus;

/* Words 0 .. 5 and 6 .. 11 are those of the LFs, "t" and "u" those of the topics. */
static inline size_t write_text(ws_rng *rng, int32_t own, bool topic, bool *keys,
                                char *text) {
  size_t size = 0;
  for (size_t j = 0; j < LFS; j++) keys[j] = false;
  for (size_t w = 0; w < WORDS; w++) {
    uint64_t word = ws_rng_below(rng, 30);
    bool mine = ws_rng_uniform(rng) < 0.8;
    int32_t of = mine ? own : 1 - own;
    if (w == 0 && ws_rng_uniform(rng) < 0.7) {
      size_t j = (size_t)of * (LFS / 2) + word % (LFS / 2);
      keys[j] = true;
      size += (size_t)sprintf(text + size, "key%c ", (char)('a' + j));
    } else {
      size += (size_t)sprintf(text + size, "%c%d ", topic ? "tu"[of] : 'n', (int)word);
    }
  }
  return size;
}

static inline void add_votes(ws_votes_builder *builder, const bool *keys, bool reversed) {
  ws_vote votes[LFS];
  size_t count = 0;
  for (uint32_t j = 0; j < LFS; j++) {
    uint32_t lf = reversed ? LFS - 1 - j : j;
    if (keys[lf]) votes[count++] = (ws_vote){j, lf < LFS / 2 ? 0 : 1};
  }
  assert_ok(ws_votes_builder_add(builder, ws_text_of(""), WS_ABSTAIN, votes, count),
            NULL);
}

static inline void set_targets(corpus *c) {
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  assert_ok(ws_label_model_fit(c->votes, NULL, &model, NULL), NULL);
  assert_ok(ws_label_model_predict(model, c->votes, &labels, NULL), NULL);
  c->targets = calloc(c->n * 2, sizeof *c->targets);
  for (size_t i = 0; i < c->n; i++) {
    size_t u = ws_votes_row_pattern(c->votes, i);
    if (ws_votes_pattern(c->votes, u).size)
      memcpy(c->targets + 2 * i, ws_labels_get(labels, u), 2 * sizeof(double));
  }
  ws_labels_free(labels);
  ws_label_model_free(model);
}

/* The LFs in reverse where `reversed`. */
static inline corpus *corpus_of(size_t n, bool topic, bool reversed) {
  corpus *c = calloc(1, sizeof *c);
  ws_task *task = ws_test_task("c0,c1");
  ws_votes_builder *builder = NULL;
  ws_rng rng;
  ws_rng_init(&rng, 3);
  c->n = n;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (uint32_t j = 0; j < LFS; j++) {
    char name[8];
    uint32_t at;
    sprintf(name, "lf%02u", (unsigned)(reversed ? LFS - 1 - j : j));
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &at, NULL), NULL);
  }
  assert_ok(ws_features_new(NULL, &c->features, NULL), NULL);
  for (size_t i = 0; i < n; i++) {
    char text[WORDS * 8];
    bool keys[LFS];
    c->own[i] = (int32_t)ws_rng_below(&rng, 2);
    write_text(&rng, c->own[i], topic, keys, text);
    ws_record record = record_of(text);
    assert_ok(ws_features_add(c->features, &record, NULL), NULL);
    add_votes(builder, keys, reversed);
  }
  assert_ok(ws_votes_builder_finish(builder, &c->votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  set_targets(c);
  return c;
}

static inline void corpus_free(corpus *c) {
  ws_features_free(c->features);
  ws_votes_free(c->votes);
  free(c->targets);
  free(c);
}

static inline ws_classifier *run(corpus *c, const ws_training_options *options,
                                 const int32_t *gold, ws_training_report *report) {
  ws_classifier *classifier = NULL;
  ws_training_rows rows = {.targets = c->targets, .gold = gold, .votes = c->votes};
  ws_error err = WS_ERROR_INIT;
  assert_ok(
      ws_training_run(c->features, &rows, names, 2, options, &classifier, report, &err),
      &err);
  return classifier;
}

/* The share of the records whose class is found. */
static inline double accuracy(const ws_classifier *classifier, const corpus *c) {
  const ws__matrix *m = &c->features->matrix;
  double right = 0;
  for (size_t i = 0; i < c->n; i++) {
    double z[2] = {(double)classifier->bias[0], (double)classifier->bias[1]};
    for (size_t at = m->begin[i]; at < m->begin[i + 1]; at++)
      for (size_t k = 0; k < 2; k++)
        z[k] += (double)m->cells[at].value *
                (double)classifier->weights[2 * m->cells[at].index + k];
    right += (z[1] > z[0]) == (c->own[i] == 1);
  }
  return right / (double)c->n;
}

#endif
