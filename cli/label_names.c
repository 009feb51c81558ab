/* SPDX-License-Identifier: MIT
 *
 * The names that labels and distributions have, each once. Ids or texts may stand where
 * labels are expected, each another: they are found by their hashes.
 */
#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "label_file.h"

/* Where the name is in f->places, or the empty place where it belongs. */
static size_t place_of(const label_file *f, ws_text name) {
  size_t mask = f->place_count - 1;
  size_t at = (size_t)ws_hash64(name.data, name.size, 0) & mask;
  while (f->places[at] && !ws_text_equal(f->names[f->places[at] - 1], name))
    at = (at + 1) & mask;
  return at;
}

/* At most half of the places are taken. */
static bool make_places(label_file *f) {
  if (f->places && 2 * (f->name_count + 1) <= f->place_count) return true;
  size_t count = f->place_count ? 2 * f->place_count : 64;
  uint32_t *places = ws_alloc_zero(count, sizeof *places);
  if (!places) return false;
  ws_free(f->places);
  f->places = places;
  f->place_count = count;
  for (size_t i = 0; i < f->name_count; i++)
    places[place_of(f, f->names[i])] = (uint32_t)i + 1;
  return true;
}

int32_t label_file_name(label_file *f, ws_text name, size_t hint) {
  if (hint < f->name_count && ws_text_equal(f->names[hint], name)) return (int32_t)hint;
  if (f->name_count >= INT32_MAX || !make_places(f)) return -1;
  size_t at = place_of(f, name);
  if (f->places[at]) return (int32_t)(f->places[at] - 1);
  if (!ws_grow(&f->names, &f->name_capacity, f->name_count + 1, sizeof *f->names) ||
      !ws_grow(&f->in_probs, &f->in_probs_capacity, f->name_count + 1,
               sizeof *f->in_probs) ||
      ws_arena_text(&f->arena, name, &f->names[f->name_count]) != WS_OK)
    return -1;
  f->in_probs[f->name_count] = false;
  f->places[at] = (uint32_t)f->name_count + 1;
  return (int32_t)f->name_count++;
}
