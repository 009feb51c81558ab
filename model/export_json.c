/* SPDX-License-Identifier: MIT
 *
 * A classifier as JSON: docs/formats.md describes it.
 */
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/export.h>

#include "export_priv.h"

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

static void put_number(ws_json_writer *json, const char *key, uint64_t number) {
  ws_json_key(json, key);
  ws_json_uint(json, number);
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
  static const char *const kinds[] = {"",         "words", "chars", "number",
                                      "category", "field", "vector"};
  const ws__block *block = &c->spec.blocks[b];
  size_t first = ws__matrix_first(c->ends, b), end = c->ends[b];
  ws_json_open(json, '{');
  ws_json_key(json, "kind");
  ws_json_string(json, kinds[block->kind]);
  ws_json_key(json, "field");
  ws_json_string(json, block->field);
  put_number(json, "shortest", block->min_n);
  put_number(json, "longest", block->max_n);
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

ws_status ws_export_json(const ws_classifier *c, ws_buffer *out) {
  if (c->H > 0) return WS_EINVAL;
  ws_json_writer json = {.out = out};
  ws_json_open(&json, '{');
  put_number(&json, "weaksup_classifier", 1);
  ws_json_key(&json, "classes");
  ws_json_open(&json, '[');
  for (size_t k = 0; k < c->K; k++) ws_json_text(&json, c->classes[k]);
  ws_json_close(&json, ']');
  ws_json_key(&json, "loss");
  ws_json_string(&json, c->loss == WS_LOSS_HINGE ? "hinge" : "logistic");
  put_number(&json, "rows", c->rows);
  put_floats(&json, "bias", c->bias, c->K);
  ws_json_key(&json, "blocks");
  ws_json_open(&json, '[');
  for (size_t b = 0; b < c->spec.count; b++) put_block(&json, c, b);
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(out, "\n") : json.status;
}
