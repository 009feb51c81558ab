/* SPDX-License-Identifier: MIT
 *
 * Building votes. Patterns are found in a hash table as records come, and sorted once at
 * the end: so they do not depend on the order of the records, and neither does any sum
 * over them.
 */
#include <weaksup/votes.h>

#include <assert.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "votes_priv.h"

struct ws_votes_builder {
  ws_votes *votes;
  size_t pattern_room, column_room, count_room, row_room, gold_room, end_room,
      number_room;
  ws_buffer ids;   // becomes votes->id_bytes
  uint32_t *slots; // [slot_count], a power of two: pattern + 1, or 0
  size_t slot_count;
  uint32_t *row; // the columns of the record that is being added
  size_t row_capacity;
};

void ws_votes_builder_free(ws_votes_builder *builder) {
  if (!builder) return;
  ws_votes_free(builder->votes);
  ws_buffer_clear(&builder->ids);
  ws_free(builder->slots);
  ws_free(builder->row);
  ws_free(builder);
}

static ws_status start(ws_votes_builder *builder) {
  ws_votes *votes = builder->votes = ws_alloc_zero(1, sizeof *votes);
  if (!votes) return WS_ENOMEM;
  // The columns too, so that an empty pattern has a place.
  if (!ws_grow(&votes->starts, &builder->pattern_room, 1, sizeof *votes->starts) ||
      !ws_grow(&votes->columns, &builder->column_room, 1, sizeof *votes->columns))
    return WS_ENOMEM;
  votes->starts[0] = 0;
  return WS_OK;
}

static ws_status add_classes(ws__names *to, const ws_task *task) {
  uint32_t number;
  bool added;
  for (size_t k = 0; k < ws_task_classes(task); k++)
    WS_TRY(ws__names_add(to, ws_task_class(task, k), &number, &added));
  return WS_OK;
}

/* With the classes of the task, or else all names of `like`. */
static ws_status new_builder(const ws_task *task, const ws_votes *like,
                             ws_votes_builder **out) {
  ws_votes_builder *builder = ws_alloc_zero(1, sizeof *builder);
  if (!builder) return WS_ENOMEM;
  ws_status status = start(builder);
  if (status == WS_OK && task) status = add_classes(&builder->votes->classes, task);
  if (status == WS_OK && like)
    status = ws__names_copy(&builder->votes->classes, &like->classes);
  if (status == WS_OK && like) status = ws__names_copy(&builder->votes->lfs, &like->lfs);
  if (status == WS_OK)
    *out = builder;
  else
    ws_votes_builder_free(builder);
  return status;
}

ws_status ws_votes_builder_new(const ws_task *task, ws_votes_builder **out) {
  return new_builder(task, NULL, out);
}

ws_status ws__votes_builder_like(const ws_votes *votes, ws_votes_builder **out) {
  return new_builder(NULL, votes, out);
}

ws_status ws_votes_builder_lf(ws_votes_builder *builder, ws_text name, uint32_t *out,
                              ws_error *err) {
  ws_votes *votes = builder->votes;
  bool added;
  if (name.size == 0) return ws_error_set(err, WS_EINVAL, "an LF has an empty name");
  if (votes->lfs.count >= UINT32_MAX / votes->classes.count &&
      ws__names_find(&votes->lfs, name) < 0)
    return ws_error_set(err, WS_EINVAL, "too many LFs: %zu", votes->lfs.count + 1);
  if (ws__names_add(&votes->lfs, name, out, &added) != WS_OK) return ws_error_nomem(err);
  return WS_OK;
}

/* --- patterns --- */

static uint32_t *slot_of(const ws_votes_builder *builder, const uint32_t *columns,
                         size_t size) {
  const ws_votes *votes = builder->votes;
  size_t mask = builder->slot_count - 1;
  size_t i = (size_t)ws_hash64(columns, size * sizeof *columns, 0) & mask;
  for (; builder->slots[i]; i = (i + 1) & mask) {
    size_t u = builder->slots[i] - 1, first = votes->starts[u];
    if (ws__pattern_compare(votes->columns + first, votes->starts[u + 1] - first, columns,
                            size) == 0)
      break;
  }
  return &builder->slots[i];
}

static ws_status grow_slots(ws_votes_builder *builder) {
  const ws_votes *votes = builder->votes;
  size_t count = builder->slot_count ? builder->slot_count * 2 : 64;
  uint32_t *slots = ws_alloc_zero(count, sizeof *slots);
  if (!slots) return WS_ENOMEM;
  ws_free(builder->slots);
  builder->slots = slots;
  builder->slot_count = count;
  for (size_t u = 0; u < votes->patterns; u++) {
    size_t first = votes->starts[u];
    *slot_of(builder, votes->columns + first, votes->starts[u + 1] - first) =
        (uint32_t)u + 1;
  }
  return WS_OK;
}

static ws_status add_pattern(ws_votes_builder *builder, const uint32_t *columns,
                             size_t size) {
  ws_votes *votes = builder->votes;
  size_t used = votes->starts[votes->patterns];
  if (votes->patterns >= UINT32_MAX - 1) return WS_ENOMEM;
  if (!ws_grow(&votes->starts, &builder->pattern_room, votes->patterns + 2,
               sizeof(size_t)) ||
      !ws_grow(&votes->counts, &builder->count_room, votes->patterns + 1,
               sizeof(uint64_t)) ||
      !ws_grow(&votes->columns, &builder->column_room, used + size, sizeof(uint32_t)))
    return WS_ENOMEM;
  if (size) memcpy(votes->columns + used, columns, size * sizeof *columns);
  votes->counts[votes->patterns++] = 0;
  votes->starts[votes->patterns] = used + size;
  return WS_OK;
}

/* The number of the pattern, added where it is new. */
static ws_status find_pattern(ws_votes_builder *builder, const uint32_t *columns,
                              size_t size, uint32_t *out) {
  if (builder->votes->patterns * 2 >= builder->slot_count) WS_TRY(grow_slots(builder));
  uint32_t *slot = slot_of(builder, columns, size);
  if (!*slot) {
    WS_TRY(add_pattern(builder, columns, size));
    *slot = (uint32_t)builder->votes->patterns;
  }
  *out = *slot - 1;
  return WS_OK;
}

/* --- rows --- */

static ws_status append_id(ws_votes_builder *builder, size_t i, ws_text id) {
  ws_votes *votes = builder->votes;
  if (!ws_grow(&votes->id_ends, &builder->end_room, i + 1, sizeof(size_t)))
    return WS_ENOMEM;
  WS_TRY(ws_buffer_text(&builder->ids, id));
  votes->id_ends[i] = builder->ids.size;
  return WS_OK;
}

/* Ids are stored from the first on that is not its row's number. */
static ws_status add_id(ws_votes_builder *builder, uint64_t row, ws_text id) {
  const ws_votes *votes = builder->votes;
  size_t i = votes->rows;
  char digits[24];
  if (votes->id_ends) return append_id(builder, i, id);
  if (ws_text_equal(id, (ws_text){digits, ws__row_digits(row, digits)})) return WS_OK;
  for (size_t before = 0; before < i; before++) {
    size_t size = ws__row_digits(ws_votes_row_number(votes, before), digits);
    WS_TRY(append_id(builder, before, (ws_text){digits, size}));
  }
  return append_id(builder, i, id);
}

/* Rows are stored from the first on that is not where it would be without gaps. */
static ws_status add_number(ws_votes_builder *builder, uint64_t row) {
  ws_votes *votes = builder->votes;
  size_t i = votes->rows;
  assert(i == 0 || row > ws_votes_row_number(votes, i - 1));
  if (!votes->row_numbers && row == i) return WS_OK;
  bool first = !votes->row_numbers;
  if (!ws_grow(&votes->row_numbers, &builder->number_room, i + 1, sizeof(uint64_t)))
    return WS_ENOMEM;
  for (size_t before = 0; first && before < i; before++)
    votes->row_numbers[before] = before;
  votes->row_numbers[i] = row;
  return WS_OK;
}

static ws_status add_gold(ws_votes_builder *builder, int32_t gold) {
  ws_votes *votes = builder->votes;
  size_t i = votes->rows;
  if (!votes->gold && gold == WS_ABSTAIN) return WS_OK;
  bool first = !votes->gold;
  if (!ws_grow(&votes->gold, &builder->gold_room, i + 1, sizeof(int32_t)))
    return WS_ENOMEM;
  for (size_t before = 0; first && before < i; before++) votes->gold[before] = WS_ABSTAIN;
  votes->gold[i] = gold;
  return WS_OK;
}

static ws_status add_row(ws_votes_builder *builder, uint64_t row, ws_text id,
                         int32_t gold, const uint32_t *columns, size_t size) {
  ws_votes *votes = builder->votes;
  uint32_t pattern;
  if (!ws_grow(&votes->row_pattern, &builder->row_room, votes->rows + 1,
               sizeof(uint32_t)))
    return WS_ENOMEM;
  WS_TRY(find_pattern(builder, columns, size, &pattern));
  WS_TRY(add_gold(builder, gold));
  WS_TRY(add_id(builder, row, id));
  WS_TRY(add_number(builder, row));
  votes->counts[pattern]++;
  votes->row_pattern[votes->rows++] = pattern;
  return WS_OK;
}

ws_status ws_votes_builder_add_at(ws_votes_builder *builder, uint64_t row, ws_text id,
                                  int32_t gold, const ws_vote *votes, size_t count) {
  size_t classes = builder->votes->classes.count;
  if (!ws_grow(&builder->row, &builder->row_capacity, count, sizeof *builder->row))
    return WS_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    assert(votes[i].lf < builder->votes->lfs.count);
    assert(votes[i].label >= 0 && (size_t)votes[i].label < classes);
    assert(i == 0 || votes[i - 1].lf < votes[i].lf);
    builder->row[i] = votes[i].lf * (uint32_t)classes + (uint32_t)votes[i].label;
  }
  return add_row(builder, row, id, gold, builder->row, count);
}

ws_status ws_votes_builder_add(ws_votes_builder *builder, ws_text id, int32_t gold,
                               const ws_vote *votes, size_t count) {
  const ws_votes *so_far = builder->votes;
  size_t rows = so_far->rows;
  uint64_t row = rows ? ws_votes_row_number(so_far, rows - 1) + 1 : 0;
  return ws_votes_builder_add_at(builder, row, id, gold, votes, count);
}

ws_status ws__votes_builder_copy(ws_votes_builder *builder, uint64_t row, ws_text id,
                                 int32_t gold, ws_pattern pattern) {
  return add_row(builder, row, id, gold, pattern.columns, pattern.size);
}

/* --- finishing --- */

/* Merge sort of pattern numbers; `spare` is as long as `order`. */
static void sort_patterns(const ws_votes *votes, uint32_t *order, uint32_t *spare,
                          size_t n) {
  if (n < 2) return;
  size_t half = n / 2, i = 0, j = half;
  sort_patterns(votes, order, spare, half);
  sort_patterns(votes, order + half, spare, n - half);
  memcpy(spare, order, n * sizeof *order);
  for (size_t k = 0; k < n; k++) {
    bool left = j == n;
    if (i < half && j < n) {
      ws_pattern a = ws_votes_pattern(votes, spare[i]),
                 b = ws_votes_pattern(votes, spare[j]);
      left = ws__pattern_compare(a.columns, a.size, b.columns, b.size) <= 0;
    }
    order[k] = left ? spare[i++] : spare[j++];
  }
}

/* Rewrites the pattern table in the given order; rank[u] becomes the new number of u. */
static ws_status reorder(ws_votes *votes, const uint32_t *order, uint32_t *rank) {
  size_t n = votes->patterns, cast = votes->starts[n];
  size_t *starts = ws_alloc_array(n + 1, sizeof *starts);
  uint64_t *counts = ws_alloc_array(n, sizeof *counts);
  uint32_t *columns = ws_alloc_array(cast, sizeof *columns);
  if (!starts || !counts || !columns) {
    ws_free(starts), ws_free(counts), ws_free(columns);
    return WS_ENOMEM;
  }
  starts[0] = 0;
  for (size_t u = 0; u < n; u++) {
    ws_pattern pattern = ws_votes_pattern(votes, order[u]);
    if (pattern.size)
      memcpy(columns + starts[u], pattern.columns, pattern.size * sizeof *columns);
    starts[u + 1] = starts[u] + pattern.size;
    counts[u] = pattern.count;
    rank[order[u]] = (uint32_t)u;
  }
  ws_free(votes->starts), ws_free(votes->counts), ws_free(votes->columns);
  votes->starts = starts, votes->counts = counts, votes->columns = columns;
  return WS_OK;
}

static ws_status sort_votes(ws_votes *votes) {
  size_t n = votes->patterns;
  uint32_t *order = ws_alloc_array(n, sizeof *order);
  uint32_t *spare = ws_alloc_array(n, sizeof *spare);
  ws_status status = order && spare ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) {
    for (size_t u = 0; u < n; u++) order[u] = (uint32_t)u;
    sort_patterns(votes, order, spare, n);
    status = reorder(votes, order, spare);
  }
  for (size_t i = 0; status == WS_OK && i < votes->rows; i++)
    votes->row_pattern[i] = spare[votes->row_pattern[i]];
  ws_free(order);
  ws_free(spare);
  return status;
}

ws_status ws_votes_builder_finish(ws_votes_builder *builder, ws_votes **out) {
  ws_votes *votes = builder->votes;
  ws_free(builder->slots); // the table is needed no more, and sorting wants the room
  builder->slots = NULL;
  builder->slot_count = 0;
  WS_TRY(sort_votes(votes));
  votes->id_bytes = builder->ids.data;
  builder->ids = (ws_buffer){0};
  builder->votes = NULL;
  *out = votes;
  return WS_OK;
}
