/* SPDX-License-Identifier: MIT
 *
 * Collecting features as records come. Weights need all rows: matrix.c gives them.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "features_rows.h"
#include "sample.h"

ws_features_options ws_features_options_default(void) {
  return (ws_features_options){.hash_bits = 18};
}

static ws_status parse(ws_features *features, const ws_features_options *given,
                       ws_error *err) {
  const char *text = given->text ? given->text : "text";
  char usual[2 * WS__FIELD_NAME + 32];
  if (strlen(text) >= sizeof features->text)
    return ws_error_set(err, WS_EINVAL,
                        "text field: expected at most %zu bytes, found "
                        "'%s'",
                        sizeof features->text - 1, text);
  strcpy(features->text, text);
  snprintf(usual, sizeof usual, "words(%s) chars(%s)", text, text);
  return ws__spec_parse(given->blocks ? given->blocks : usual, text, &features->spec,
                        err);
}

ws_status ws_features_new(const ws_features_options *options, ws_features **out,
                          ws_error *err) {
  ws_features_options given = options ? *options : ws_features_options_default();
  if (given.hash_bits < 8 || given.hash_bits > 26)
    return ws_error_set(err, WS_EINVAL, "hash bits: expected 8 to 26, found %u",
                        given.hash_bits);
  ws_features *features = ws_alloc_zero(1, sizeof *features);
  if (!features) return ws_error_nomem(err);
  features->hash_bits = given.hash_bits;
  ws_status status = parse(features, &given, err);
  if (status == WS_OK)
    *out = features;
  else
    ws_features_free(features);
  return status;
}

static void clear_rows(ws_features *features) {
  ws__terms_clear(&features->terms);
  ws__vocabulary_clear(&features->vocabulary);
  ws_free(features->ids);
  ws_free(features->ends);
  ws_free(features->cells);
  features->ids = NULL;
  features->ends = NULL;
  features->cells = NULL;
}

void ws_features_free(ws_features *features) {
  if (!features) return;
  clear_rows(features);
  ws__matrix_clear(&features->matrix);
  ws_buffer_clear(&features->sample);
  ws_free(features);
}

/* All lists have the length of the first. */
static ws_status check_length(ws_features *features, size_t b, ws_error *err) {
  size_t count = features->terms.count;
  if (features->spec.blocks[b].kind != WS__VECTOR || count == 0) return WS_OK;
  if (features->dimensions[b] == 0) features->dimensions[b] = count;
  if (features->dimensions[b] == count) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "field '%s': expected %zu numbers as in the records before, found "
                      "%zu",
                      features->spec.blocks[b].field, features->dimensions[b], count);
}

/* Appends what terms hold to the row that ends at *end. */
static ws_status append(ws_features *features, size_t b, size_t *end) {
  const ws__terms *terms = &features->terms;
  if (!ws_grow(&features->ids, &features->ids_capacity, terms->count,
               sizeof *features->ids) ||
      !ws_grow(&features->cells, &features->cells_capacity, *end + terms->count,
               sizeof *features->cells))
    return WS_ENOMEM;
  WS_TRY(ws__vocabulary_add(&features->vocabulary, b, terms->items, terms->count,
                            features->ids));
  for (size_t i = 0; i < terms->count; i++)
    features->cells[*end + i] = (ws__cell){features->ids[i], terms->items[i].value};
  *end += terms->count;
  return WS_OK;
}

ws_status ws_features_add(ws_features *features, const ws_record *record, ws_error *err) {
  if (features->weighted)
    return ws_error_set(err, WS_EINVAL, "features: no record can follow the training");
  size_t end = features->rows ? features->ends[features->rows - 1] : 0;
  for (size_t b = 0; b < features->spec.count; b++) {
    WS_TRY(ws__terms_collect(&features->terms, &features->spec.blocks[b], record, err));
    WS_TRY(check_length(features, b, err));
    if (append(features, b, &end) != WS_OK ||
        ws__sample_add(features, b, record) != WS_OK)
      return ws_error_nomem(err);
  }
  if (!ws_grow(&features->ends, &features->ends_capacity, features->rows + 1,
               sizeof *features->ends))
    return ws_error_nomem(err);
  features->ends[features->rows++] = end;
  return WS_OK;
}

size_t ws_features_rows(const ws_features *features) {
  return features->rows;
}

ws_status ws__features_matrix(ws_features *features, const ws__matrix **out,
                              ws_error *err) {
  if (!features->weighted) {
    if (ws__matrix_init(&features->matrix, features) != WS_OK) return ws_error_nomem(err);
    features->weighted = true;
    clear_rows(features);
  }
  *out = &features->matrix;
  return WS_OK;
}
