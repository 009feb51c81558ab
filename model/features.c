/* SPDX-License-Identifier: MIT
 *
 * Collecting features as records come. Weights need all rows: matrix.c gives them.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>
#include <weaksup/word_vectors.h>

#include "features_rows.h"
#include "sample.h"

ws_features_options ws_features_options_default(void) {
  return (ws_features_options){.hash_bits = 18, .vector_words = 50000};
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

static ws_status open_vectors(ws_features *features, size_t b, ws_error *err) {
  ws_word_vectors *vectors = NULL;
  WS_TRY(ws_word_vectors_open(features->spec.blocks[b].file, &vectors, err));
  features->dimensions[b] = ws_word_vectors_dimensions(vectors);
  ws_word_vectors_free(vectors);
  return WS_OK;
}

static ws_status open_npy(ws_features *features, size_t b, ws_error *err) {
  if (features->npy)
    return ws_error_set(err, WS_EPARSE,
                        "features: expected one npy at most, found two (numpy.hstack "
                        "joins matrices)");
  WS_TRY(ws_npy_open(features->spec.blocks[b].file, &features->npy, err));
  features->npy_row = ws_alloc_array(ws_npy_columns(features->npy), sizeof(double));
  return features->npy_row ? WS_OK : ws_error_nomem(err);
}

/* Files that cannot be read are said before records are. */
static ws_status open_files(ws_features *features, ws_error *err) {
  for (size_t b = 0; b < features->spec.count; b++) {
    ws__block_kind kind = features->spec.blocks[b].kind;
    if (kind == WS__VECTORS) WS_TRY(open_vectors(features, b, err));
    if (kind == WS__NPY) WS_TRY(open_npy(features, b, err));
  }
  return WS_OK;
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
  features->vector_words = given.vector_words;
  ws_status status = parse(features, &given, err);
  if (status == WS_OK) status = open_files(features, err);
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
  ws_free(features->hashes);
  features->hashes = NULL;
  features->hash_count = 0;
  features->ids = NULL;
  features->ends = NULL;
  features->cells = NULL;
}

void ws_features_free(ws_features *features) {
  if (!features) return;
  clear_rows(features);
  ws__matrix_clear(&features->matrix);
  ws_npy_free(features->npy);
  ws_free(features->npy_row);
  ws_buffer_clear(&features->sample);
  ws_free(features);
}

/* All lists have the length of the first. */
static ws_status check_length(ws_features *features, size_t b, ws_error *err) {
  size_t count = features->terms.count;
  if (!ws__block_is_list(&features->spec.blocks[b]) || count == 0) return WS_OK;
  if (features->dimensions[b] == 0) features->dimensions[b] = count;
  if (features->dimensions[b] == count) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "field '%s': expected %zu numbers as in the records before, found "
                      "%zu",
                      features->spec.blocks[b].field, features->dimensions[b], count);
}

ws_status ws__features_append(ws_features *features, size_t b, size_t *end) {
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

ws_status ws__features_end_row(ws_features *features, size_t end) {
  if (!ws_grow(&features->ends, &features->ends_capacity, features->rows + 1,
               sizeof *features->ends))
    return WS_ENOMEM;
  features->ends[features->rows++] = end;
  return WS_OK;
}

static ws_status collect(ws_features *features, size_t b, const ws_record *record,
                         ws_error *err) {
  const ws__block *block = &features->spec.blocks[b];
  if (block->kind != WS__NPY)
    return ws__terms_collect(&features->terms, block, record, err);
  WS_TRY(ws_npy_row(features->npy, record->row, features->npy_row, err));
  features->npy_next = record->row + 1;
  if (ws__terms_of_list(&features->terms, features->npy_row,
                        ws_npy_columns(features->npy)) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

ws_status ws_features_add(ws_features *features, const ws_record *record, ws_error *err) {
  if (features->weighted || features->picked)
    return ws_error_set(err, WS_EINVAL, "features: no record can follow the training");
  size_t end = features->rows ? features->ends[features->rows - 1] : 0;
  for (size_t b = 0; b < features->spec.count; b++) {
    WS_TRY(collect(features, b, record, err));
    WS_TRY(check_length(features, b, err));
    if (ws__features_append(features, b, &end) != WS_OK ||
        ws__sample_add(features, b, record) != WS_OK)
      return ws_error_nomem(err);
  }
  return ws__features_end_row(features, end) == WS_OK ? WS_OK : ws_error_nomem(err);
}

size_t ws_features_rows(const ws_features *features) {
  return features->rows;
}

ws_status ws__features_check_npy(const ws_features *features, ws_error *err) {
  if (!features->npy || features->npy_checked ||
      features->npy_next == ws_npy_rows(features->npy))
    return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: expected a row for each record, found %llu rows and %llu "
                      "records",
                      ws_npy_name(features->npy),
                      (unsigned long long)ws_npy_rows(features->npy),
                      (unsigned long long)features->npy_next);
}

ws_status ws_features_next_npy(ws_features *features, const char *path, ws_error *err) {
  ws_npy *next = NULL;
  if (!features->npy) return WS_OK;
  WS_TRY(ws__features_check_npy(features, err));
  if (!path)
    return ws_error_set(err, WS_EINVAL,
                        "expected a matrix of these records, too, for the block npy(%s), "
                        "found none",
                        ws_npy_name(features->npy));
  WS_TRY(ws_npy_open(path, &next, err));
  if (ws_npy_columns(next) != ws_npy_columns(features->npy)) {
    ws_error_set(err, WS_EINVAL, "%s: expected %zu columns as in %s, found %zu", path,
                 ws_npy_columns(features->npy), ws_npy_name(features->npy),
                 ws_npy_columns(next));
    ws_npy_free(next);
    return WS_EINVAL;
  }
  ws_npy_free(features->npy);
  features->npy = next;
  features->npy_checked = true;
  return WS_OK;
}

ws_status ws__features_matrix(ws_features *features, const ws__matrix **out,
                              ws_error *err) {
  if (!features->weighted) {
    WS_TRY(ws__features_check_npy(features, err));
    ws_status status = ws__matrix_init(&features->matrix, features, err);
    if (status != WS_OK) {
      ws__matrix_clear(&features->matrix);
      return status;
    }
    features->weighted = true;
    clear_rows(features);
  }
  *out = &features->matrix;
  return WS_OK;
}

bool ws_features_read(const ws_features_options *options, const char *field) {
  ws__spec spec;
  if (!options->blocks || ws__spec_parse(options->blocks, "", &spec, NULL) != WS_OK)
    return false;
  for (size_t b = 0; b < spec.count; b++)
    if (strcmp(spec.blocks[b].field, field) == 0) return true;
  return false;
}

ws_status ws_features_digest(const ws_features_options *options, ws_hash128 *out,
                             ws_error *err) {
  ws__spec spec;
  *out = (ws_hash128){0, 0};
  if (!options || !options->blocks) return WS_OK;
  WS_TRY(ws__spec_parse(options->blocks, "", &spec, err));
  for (size_t b = 0; b < spec.count; b++) {
    ws_hash128 file;
    if (!spec.blocks[b].file[0]) continue;
    WS_TRY(ws_hash128_file(spec.blocks[b].file, &file, err));
    *out = ws_hash128_join(*out, file);
  }
  return WS_OK;
}
