/* SPDX-License-Identifier: MIT
 *
 * A table of names: LF names are looked up for every vote of files that
 * name them, so it hashes.
 */
#include "names.h"

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

static uint32_t *slot_of(const ws__names *names, ws_text name) {
  size_t mask = names->slot_count - 1;
  size_t i = (size_t)ws_hash64(name.data, name.size, 0) & mask;
  while (names->slots[i] && !ws_text_equal(names->items[names->slots[i] - 1], name))
    i = (i + 1) & mask;
  return &names->slots[i];
}

static ws_status grow_slots(ws__names *names) {
  size_t size = names->slot_count ? names->slot_count * 2 : 16;
  uint32_t *slots = ws_alloc_zero(size, sizeof *slots);
  if (!slots) return WS_ENOMEM;
  ws_free(names->slots);
  names->slots = slots;
  names->slot_count = size;
  for (size_t i = 0; i < names->count; i++)
    *slot_of(names, names->items[i]) = (uint32_t)i + 1;
  return WS_OK;
}

void ws__names_clear(ws__names *names) {
  ws_arena_clear(&names->arena);
  ws_free(names->items);
  ws_free(names->slots);
  *names = (ws__names){0};
}

ws_status ws__names_add(ws__names *names, ws_text name, uint32_t *number, bool *added) {
  if (names->count * 2 >= names->slot_count) WS_TRY(grow_slots(names));
  uint32_t *slot = slot_of(names, name);
  *added = *slot == 0;
  if (*slot) {
    *number = *slot - 1;
    return WS_OK;
  }
  if (names->count >= UINT32_MAX / 2) return WS_ENOMEM;
  if (!ws_grow(&names->items, &names->capacity, names->count + 1, sizeof *names->items))
    return WS_ENOMEM;
  WS_TRY(ws_arena_text(&names->arena, name, &names->items[names->count]));
  *number = (uint32_t)names->count++;
  *slot = *number + 1;
  return WS_OK;
}

int64_t ws__names_find(const ws__names *names, ws_text name) {
  if (!names->slot_count) return -1;
  uint32_t slot = *slot_of(names, name);
  return slot ? (int64_t)slot - 1 : -1;
}

ws_status ws__names_copy(ws__names *to, const ws__names *from) {
  uint32_t number;
  bool added;
  for (size_t i = 0; i < from->count; i++)
    WS_TRY(ws__names_add(to, from->items[i], &number, &added));
  return WS_OK;
}
