/* SPDX-License-Identifier: MIT
 *
 * Open addressing with linear probing: the hashes are their own keys.
 */
#include "id_set.h"

#include <weaksup/alloc.h>

static bool is_empty(ws_hash128 hash) {
  return hash.low == 0 && hash.high == 0;
}

/* The slot of the hash, or the empty one where it belongs. */
static ws_hash128 *slot_of(const ws__id_set *set, ws_hash128 hash) {
  size_t i = (size_t)hash.low & (set->size - 1);
  while (!is_empty(set->slots[i]) && !ws_hash128_equals(set->slots[i], hash))
    i = (i + 1) & (set->size - 1);
  return &set->slots[i];
}

static ws_status grow(ws__id_set *set) {
  ws__id_set larger = {.size = set->size ? set->size * 2 : 64, .count = set->count};
  larger.slots = ws_alloc_table(larger.size, sizeof *larger.slots);
  if (!larger.slots) return WS_ENOMEM;
  for (size_t i = 0; i < set->size; i++)
    if (!is_empty(set->slots[i])) *slot_of(&larger, set->slots[i]) = set->slots[i];
  ws_free(set->slots);
  *set = larger;
  return WS_OK;
}

void ws__id_set_clear(ws__id_set *set) {
  ws_free(set->slots);
  *set = (ws__id_set){0};
}

ws_hash128 ws__id_set_expect(const ws__id_set *set, ws_text id) {
  ws_hash128 hash = ws_hash128_of(id.data, id.size);
  if (is_empty(hash)) hash.low = 1; // that value marks an empty slot
#ifdef __GNUC__
  if (set->size) __builtin_prefetch(&set->slots[hash.low & (set->size - 1)], 1);
#endif
  return hash;
}

ws_status ws__id_set_add(ws__id_set *set, ws_hash128 id, bool *added) {
  if (set->count * 2 >= set->size) WS_TRY(grow(set));
  ws_hash128 *slot = slot_of(set, id);
  *added = is_empty(*slot);
  if (*added) *slot = id, set->count++;
  return WS_OK;
}
