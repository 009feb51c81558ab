/* SPDX-License-Identifier: MIT
 *
 * Records of a journal, found by their row: open addressing with linear probing over a
 * list that keeps its order.
 */
#include "active_journal.h"

#include <string.h>

#include <weaksup/alloc.h>

enum { SLOTS_LEAST = 64 };

/* The slot of the row, or the empty one where it belongs. */
static size_t slot_of(const active_rows *rows, size_t row) {
  size_t mask = rows->slot_count - 1;
  size_t i = (size_t)((uint64_t)row * 0x9E3779B97F4A7C15u >> 32) & mask;
  while (rows->slots[i] && rows->items[rows->slots[i] - 1].row != row) i = (i + 1) & mask;
  return i;
}

static void fill_slots(active_rows *rows) {
  memset(rows->slots, 0, rows->slot_count * sizeof *rows->slots);
  for (size_t i = 0; i < rows->count; i++)
    rows->slots[slot_of(rows, rows->items[i].row)] = i + 1;
}

static ws_status grow_slots(active_rows *rows) {
  size_t count = rows->slot_count ? rows->slot_count * 2 : SLOTS_LEAST;
  size_t *slots = ws_alloc_array(count, sizeof *slots);
  if (!slots) return WS_ENOMEM;
  ws_free(rows->slots);
  rows->slots = slots;
  rows->slot_count = count;
  fill_slots(rows);
  return WS_OK;
}

bool active_rows_have(const active_rows *rows, size_t row) {
  return rows->count && rows->slots[slot_of(rows, row)];
}

ws_status active_rows_add(active_rows *rows, active_row row) {
  if (!ws_grow(&rows->items, &rows->capacity, rows->count + 1, sizeof *rows->items))
    return WS_ENOMEM;
  if ((rows->count + 1) * 2 > rows->slot_count) WS_TRY(grow_slots(rows));
  size_t slot = slot_of(rows, row.row);
  rows->items[rows->count++] = row;
  rows->slots[slot] = rows->count;
  return WS_OK;
}

void active_rows_drop(active_rows *rows, size_t row) {
  size_t at = rows->count ? rows->slots[slot_of(rows, row)] : 0;
  if (!at) return;
  memmove(rows->items + at - 1, rows->items + at,
          (rows->count-- - at) * sizeof *rows->items);
  fill_slots(rows);
}

void active_rows_empty(active_rows *rows) {
  rows->count = 0;
  if (rows->slots) fill_slots(rows);
}

void active_rows_clear(active_rows *rows) {
  ws_free(rows->items);
  ws_free(rows->slots);
  *rows = (active_rows){0};
}
