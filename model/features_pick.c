/* SPDX-License-Identifier: MIT
 *
 * Features of some of the rows, counted again: as if the other records were not there.
 * Rows keep the hash and count of each term, so that no text has to be read twice.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "features_rows.h"

ws_status ws__features_hashes(ws_features *features) {
  const ws__vocabulary *v = &features->vocabulary;
  if (features->hashes && features->hash_count == v->count) return WS_OK;
  uint64_t *hashes = ws_alloc_array(v->count, sizeof *hashes);
  if (!hashes) return WS_ENOMEM;
  for (size_t i = 0; v->slots && i <= v->mask; i++) {
    const ws__word *word = &v->slots[i];
    if (word->count) hashes[word->id] = word->hash ^ ws__block_seed(v->blocks[word->id]);
  }
  ws_free(features->hashes);
  features->hashes = hashes;
  features->hash_count = v->count;
  return WS_OK;
}

ws_status ws__features_terms(const ws_features *features, size_t row, size_t b,
                             ws__terms *terms) {
  const uint8_t *block_of = features->vocabulary.blocks;
  size_t first = row ? features->ends[row - 1] : 0, end = features->ends[row];
  while (first < end && block_of[features->cells[first].index] < b) first++;
  while (end > first && block_of[features->cells[end - 1].index] > b) end--;
  terms->count = end - first;
  if (!ws_grow(&terms->items, &terms->capacity, terms->count, sizeof *terms->items))
    return WS_ENOMEM;
  for (size_t i = first; i < end; i++) {
    const ws__cell *cell = &features->cells[i];
    terms->items[i - first] = (ws__term){features->hashes[cell->index], cell->value};
  }
  return WS_OK;
}

static ws_status pick_row(ws_features *to, const ws_features *from, size_t row) {
  size_t end = to->rows ? to->ends[to->rows - 1] : 0;
  for (size_t b = 0; b < to->spec.count; b++) {
    WS_TRY(ws__features_terms(from, row, b, &to->terms));
    WS_TRY(ws__features_append(to, b, &end));
  }
  return ws__features_end_row(to, end);
}

/* The matrix beside the records stays behind: its rows are in the cells. */
static ws_features *like(const ws_features *from) {
  ws_features *features = ws_alloc_zero(1, sizeof *features);
  if (!features) return NULL;
  features->spec = from->spec;
  memcpy(features->text, from->text, sizeof from->text);
  features->hash_bits = from->hash_bits;
  features->vector_words = from->vector_words;
  memcpy(features->dimensions, from->dimensions, sizeof from->dimensions);
  features->picked = true;
  return features;
}

ws_status ws_features_pick(ws_features *features, const size_t *rows, size_t count,
                           ws_features **out, ws_error *err) {
  if (features->weighted)
    return ws_error_set(err, WS_EINVAL, "features: no rows are left after the training");
  WS_TRY(ws__features_check_npy(features, err));
  ws_features *picked = like(features);
  ws_status status = picked ? ws__features_hashes(features) : WS_ENOMEM;
  for (size_t i = 0; status == WS_OK && i < count; i++)
    status = pick_row(picked, features, rows[i]);
  if (status == WS_OK)
    *out = picked;
  else
    ws_features_free(picked);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}
