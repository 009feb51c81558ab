/* SPDX-License-Identifier: MIT
 *
 * The surest mistakes: twice as many as are wanted are collected, then half are dropped.
 */
#include <weaksup/mistakes.h>

#include <stdlib.h>

#include <weaksup/alloc.h>

typedef struct kept {
  ws_mistake about;
  char *bytes; // of id and text
} kept;

struct ws_mistakes {
  size_t most, count, capacity;
  uint64_t all;
  kept *items;        // [count]
  ws_mistake *sorted; // [count] what is handed out
  double least;       // what is less probable than this needs not be collected
};

ws_status ws_mistakes_new(size_t most, ws_mistakes **out) {
  ws_mistakes *m = ws_alloc_zero(1, sizeof *m);
  if (!m) return WS_ENOMEM;
  m->most = most;
  *out = m;
  return WS_OK;
}

static void clear_from(ws_mistakes *m, size_t first) {
  for (size_t i = first; i < m->count; i++) ws_free(m->items[i].bytes);
  if (first < m->count) m->count = first;
}

void ws_mistakes_free(ws_mistakes *m) {
  if (!m) return;
  clear_from(m, 0);
  ws_free(m->items);
  ws_free(m->sorted);
  ws_free(m);
}

static int surest_first(const void *a, const void *b) {
  const ws_mistake *x = &((const kept *)a)->about, *y = &((const kept *)b)->about;
  if (x->probability != y->probability) return x->probability > y->probability ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static void keep_surest(ws_mistakes *m) {
  if (m->count) qsort(m->items, m->count, sizeof *m->items, surest_first);
  clear_from(m, m->most);
  if (m->count && m->count == m->most)
    m->least = m->items[m->count - 1].about.probability;
}

static ws_status copy_texts(kept *item, ws_text id, ws_text text) {
  char *bytes = item->bytes = ws_alloc(id.size + text.size + 1);
  if (!bytes) return WS_ENOMEM;
  for (size_t i = 0; i < id.size; i++) bytes[i] = id.data[i];
  for (size_t i = 0; i < text.size; i++) bytes[id.size + i] = text.data[i];
  item->about.id = (ws_text){bytes, id.size};
  item->about.text = (ws_text){text.data ? bytes + id.size : NULL, text.size};
  return WS_OK;
}

ws_status ws_mistakes_add(ws_mistakes *m, uint64_t row, ws_text id, ws_text text,
                          const double *probs, int32_t label, int32_t gold) {
  if (label == gold || label == WS_ABSTAIN || gold == WS_ABSTAIN) return WS_OK;
  m->all++;
  if (m->most == 0 || probs[label] < m->least) return WS_OK;
  if (m->count / 2 >= m->most) keep_surest(m);
  if (!ws_grow(&m->items, &m->capacity, m->count + 1, sizeof *m->items)) return WS_ENOMEM;
  kept *item = &m->items[m->count];
  *item = (kept){.about = {.row = row,
                           .gold = gold,
                           .label = label,
                           .probability = probs[label],
                           .gold_probability = probs[gold]}};
  WS_TRY(copy_texts(item, id, text));
  m->count++;
  return WS_OK;
}

uint64_t ws_mistakes_count(const ws_mistakes *m) {
  return m->all;
}

ws_status ws_mistakes_sorted(ws_mistakes *m, const ws_mistake **out, size_t *count) {
  keep_surest(m);
  ws_mistake *sorted = ws_alloc_array(m->count, sizeof *sorted);
  if (!sorted) return WS_ENOMEM;
  for (size_t i = 0; i < m->count; i++) sorted[i] = m->items[i].about;
  ws_free(m->sorted);
  *out = m->sorted = sorted;
  *count = m->count;
  return WS_OK;
}
