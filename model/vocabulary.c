/* SPDX-License-Identifier: MIT
 *
 * An open-addressing hash table. It is much larger than the processor's caches, so the
 * slots of a whole row are asked for before the first is looked at.
 */
#include "vocabulary.h"

#include <string.h>

#include <weaksup/alloc.h>

enum { FIRST_SLOTS = 1 << 12 };

void ws__vocabulary_clear(ws__vocabulary *v) {
  ws_free(v->slots);
  ws_free(v->blocks);
  *v = (ws__vocabulary){0};
}

static ws__word *find(const ws__vocabulary *v, uint64_t hash) {
  size_t slot = (size_t)hash & v->mask;
  while (v->slots[slot].count > 0 && v->slots[slot].hash != hash)
    slot = (slot + 1) & v->mask;
  return &v->slots[slot];
}

static ws_status grow(ws__vocabulary *v) {
  ws__vocabulary larger = *v;
  size_t old = v->slots ? v->mask + 1 : 0, size = old ? old * 2 : FIRST_SLOTS;
  larger.slots = ws_alloc_table(size, sizeof *larger.slots);
  if (!larger.slots) return WS_ENOMEM;
  larger.mask = size - 1;
  for (size_t i = 0; i < old; i++)
    if (v->slots[i].count > 0) *find(&larger, v->slots[i].hash) = v->slots[i];
  ws_free(v->slots);
  *v = larger;
  return WS_OK;
}

/* Room for `more` features, at most two thirds of the slots being taken. */
static ws_status reserve(ws__vocabulary *v, size_t more) {
  if (more > UINT32_MAX - 1 - v->count) return WS_ENOMEM;
  while (!v->slots || (v->count + more) * 3 > (v->mask + 1) * 2) WS_TRY(grow(v));
  return ws_grow(&v->blocks, &v->blocks_capacity, v->count + more, 1) ? WS_OK : WS_ENOMEM;
}

ws_status ws__vocabulary_add(ws__vocabulary *v, size_t block, const ws__term *terms,
                             size_t count, uint32_t *ids) {
  uint64_t seed = ws__block_seed(block);
  WS_TRY(reserve(v, count));
#if defined(__GNUC__)
  for (size_t i = 0; i < count; i++)
    __builtin_prefetch(&v->slots[(size_t)(terms[i].hash ^ seed) & v->mask], 1);
#endif
  for (size_t i = 0; i < count; i++) {
    ws__word *word = find(v, terms[i].hash ^ seed);
    if (word->count == 0) {
      *word = (ws__word){terms[i].hash ^ seed, v->count, 0};
      v->blocks[v->count++] = (uint8_t)block;
    }
    word->count++;
    ids[i] = word->id;
  }
  return WS_OK;
}

uint32_t ws__vocabulary_find(const ws__vocabulary *v, size_t block, uint64_t hash) {
  if (!v->slots) return UINT32_MAX;
  const ws__word *word = find(v, hash ^ ws__block_seed(block));
  return word->count ? word->id : UINT32_MAX;
}
