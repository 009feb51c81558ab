/* SPDX-License-Identifier: MIT
 *
 * What features were left out for, those that are left can learn: they are trained again
 * to say of texts what the whole classifier says (Cristian Bucila, Rich Caruana,
 * Alexandru Niculescu-Mizil: Model compression, 2006). No labels are needed.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "export_priv.h"
#include "linear.h"

/* Weaker than in training: the whole classifier is no longer noisy. */
enum { TEACH_C = 10, TEACH_ITERATIONS = 100 };

void ws__lessons_clear(ws__lessons *lessons) {
  ws__terms_clear(&lessons->terms);
  ws_free(lessons->begin);
  ws_free(lessons->cells);
  ws_free(lessons->targets);
  *lessons = (ws__lessons){0};
}

bool ws_export_should_learn(const ws_export *e) {
  return ws__export_is_few(e->classifier->A, e->of);
}

/* Appends what the classifier sees of the terms of block b, scaled to length 1. */
static ws_status add_block(ws__lessons *to, const ws_classifier *c, size_t b) {
  const ws__terms *terms = &to->terms;
  size_t first = to->cell_count;
  double squares = 0;
  if (!ws_grow(&to->cells, &to->cells_capacity, first + terms->count, sizeof *to->cells))
    return WS_ENOMEM;
  for (size_t i = 0; i < terms->count; i++) {
    size_t e = ws__classifier_find(c, b, (uint32_t)terms->items[i].hash);
    if (e == SIZE_MAX) continue;
    double weight = ws__weight(&c->spec.blocks[b], (double)terms->items[i].value,
                               c->scale[e], c->shift[e]);
    squares += weight * weight;
    to->cells[to->cell_count++] = (ws__cell){(uint32_t)e, (float)weight};
  }
  for (size_t i = first; i < to->cell_count; i++)
    to->cells[i].value = (float)((double)to->cells[i].value / sqrt(squares));
  return WS_OK;
}

ws_status ws_export_teach(ws_export *e, const ws_record *record, const double *probs,
                          ws_error *err) {
  ws__lessons *to = &e->lessons;
  const ws_classifier *c = e->classifier;
  if (!ws_grow(&to->begin, &to->begin_capacity, to->n + 2, sizeof *to->begin) ||
      !ws_grow(&to->targets, &to->targets_capacity, (to->n + 1) * c->K,
               sizeof *to->targets))
    return ws_error_nomem(err);
  if (to->n == 0) to->begin[0] = 0;
  for (size_t b = 0; b < c->spec.count; b++) {
    WS_TRY(ws__terms_collect(&to->terms, &c->spec.blocks[b], record, err));
    if (add_block(to, c, b) != WS_OK) return ws_error_nomem(err);
  }
  for (size_t k = 0; k < c->K; k++) to->targets[to->n * c->K + k] = probs[k];
  to->begin[++to->n] = to->cell_count;
  return WS_OK;
}

static void take_weights(ws_classifier *c, const ws__linear *linear) {
  for (size_t i = 0; i < c->A * c->K; i++) c->weights[i] = 0;
  ws__linear_add_weights(linear, 1, c->weights);
  for (size_t k = 0; k < c->K; k++) c->bias[k] = linear->bias[k];
}

static ws__matrix matrix_of(ws_export *e) {
  ws_classifier *c = e->classifier;
  return (ws__matrix){.spec = c->spec,
                      .hash_bits = c->hash_bits,
                      .n = e->lessons.n,
                      .A = c->A,
                      .keys = c->keys,
                      .scale = c->scale,
                      .shift = c->shift,
                      .begin = e->lessons.begin,
                      .cells = e->lessons.cells};
}

ws_status ws_export_learn(ws_export *e, unsigned threads, ws_error *err) {
  ws_classifier *c = e->classifier;
  ws__linear linear = {0};
  ws__matrix matrix = matrix_of(e);
  ws__linear_options how = {.loss = WS_LOSS_LOGISTIC,
                            .c = TEACH_C,
                            .max_iterations = TEACH_ITERATIONS,
                            .tolerance = 1e-4,
                            .decrease = 1e-7,
                            .threads = threads};
  if (e->lessons.n == 0) return WS_OK;
  ws_status status = ws__linear_train(&linear, &matrix,
                                      &(ws__rows){NULL, e->lessons.n, e->lessons.targets},
                                      c->K, &how, err);
  if (status == WS_OK) take_weights(c, &linear);
  ws__linear_clear(&linear);
  ws__lessons_clear(&e->lessons);
  if (status == WS_OK && e->int8) {
    ws__packed_clear(&e->packed);
    status = ws__export_round(e);
  }
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}
