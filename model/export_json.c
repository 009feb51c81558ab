/* SPDX-License-Identifier: MIT
 *
 * A classifier as JSON: docs/formats.md describes it.
 */
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/export.h>

#include "export_priv.h"
#include "json_put.h"

/* The shortest digits of the float, not of the double that it is. */
static void put_float(ws_json_writer *json, float number) {
  char digits[32];
  snprintf(digits, sizeof digits, "%.9g", (double)number);
  ws_json_number(json, strtod(digits, NULL));
}

static void put_floats(ws_json_writer *json, const char *key, const float *numbers,
                       size_t count) {
  ws_json_key(json, key);
  ws_json_open(json, '[');
  for (size_t i = 0; i < count; i++) put_float(json, numbers[i]);
  ws_json_close(json, ']');
}

static void put_weights(ws_json_writer *json, const ws_classifier *c, size_t first,
                        size_t end) {
  ws_json_key(json, "weights");
  ws_json_open(json, '[');
  for (size_t e = first; e < end; e++) {
    ws_json_open(json, '[');
    for (size_t k = 0; k < c->K; k++) put_float(json, c->weights[e * c->K + k]);
    ws_json_close(json, ']');
  }
  ws_json_close(json, ']');
}

/* {"KEY": "n-gram"} of those that are known. */
static void put_names(ws_json_writer *json, const ws_classifier *c, size_t first,
                      size_t end) {
  ws_json_key(json, "names");
  ws_json_open(json, '{');
  for (size_t i = 0; i < c->named_count; i++) {
    char key[16];
    if (c->named[i].entry < first || c->named[i].entry >= end) continue;
    snprintf(key, sizeof key, "%lu", (unsigned long)c->keys[c->named[i].entry]);
    ws_json_key(json, key);
    ws_json_text(json, c->named[i].name);
  }
  ws_json_close(json, '}');
}

static void put_block(ws_json_writer *json, const ws_classifier *c, size_t b) {
  static const char *const kinds[] = {"",      "words",  "chars", "number", "category",
                                      "field", "vector", "",      "npy"};
  const ws__block *block = &c->spec.blocks[b];
  size_t first = ws__matrix_first(c->ends, b), end = c->ends[b];
  ws_json_open(json, '{');
  ws__put_string(json, "kind", kinds[block->kind]);
  ws__put_string(json, "field", block->field);
  ws__put_uint(json, "shortest", block->min_n);
  ws__put_uint(json, "longest", block->max_n);
  ws_json_key(json, "keys");
  ws_json_open(json, '[');
  for (size_t e = first; e < end; e++) ws_json_uint(json, c->keys[e]);
  ws_json_close(json, ']');
  put_floats(json, "scale", c->scale + first, end - first);
  put_floats(json, "shift", c->shift + first, end - first);
  put_weights(json, c, first, end);
  put_names(json, c, first, end);
  ws_json_close(json, '}');
}

/* What weights and names alone can tell. */
static ws_status check(const ws_classifier *c, ws_error *err) {
  if (c->H > 0)
    return ws_error_set(err, WS_EINVAL,
                        "expected a linear classifier, found a hidden layer of %zu units",
                        c->H);
  for (size_t b = 0; b < c->spec.count; b++)
    if (c->spec.blocks[b].kind == WS__VECTORS)
      return ws_error_set(err, WS_EINVAL,
                          "expected features without word vectors, which JSON does not "
                          "hold, found the block vectors(%s,%s)",
                          c->spec.blocks[b].field, c->spec.blocks[b].file);
  return WS_OK;
}

ws_status ws_export_json(const ws_classifier *c, ws_buffer *out, ws_error *err) {
  ws_json_writer json = {.out = out};
  WS_TRY(check(c, err));
  ws_json_open(&json, '{');
  ws__put_uint(&json, "weaksup_classifier", 1);
  ws_json_key(&json, "classes");
  ws_json_open(&json, '[');
  for (size_t k = 0; k < c->K; k++) ws_json_text(&json, c->classes[k]);
  ws_json_close(&json, ']');
  ws__put_string(&json, "loss", c->loss == WS_LOSS_HINGE ? "hinge" : "logistic");
  ws__put_uint(&json, "rows", c->rows);
  put_floats(&json, "bias", c->bias, c->K);
  ws_json_key(&json, "blocks");
  ws_json_open(&json, '[');
  for (size_t b = 0; b < c->spec.count; b++) put_block(&json, c, b);
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  if (json.status == WS_OK && ws_buffer_string(out, "\n") == WS_OK) return WS_OK;
  return ws_error_nomem(err);
}
