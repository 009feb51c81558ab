/* SPDX-License-Identifier: MIT
 *
 * The literals that patterns require, all searched for at once. The automaton of
 * literals.c is laid out as a table here: a row for each state, a column for each byte
 * that occurs in a literal, upper case being lower case. Column 0 is every other byte and
 * leads to the start. So a byte of a text costs one look into the table, however many
 * patterns there are.
 */
#include "prefilter.h"

#include <string.h>

#include <weaksup/alloc.h>

#include "literals.h"

enum { BYTES_MAX = 256 * 1024 }; // of all literals: the table takes ~150 times as much

#define REPORTS 0x80000000u // a literal ends in this state

struct ws__prefilter {
  ws__literals *literals;
  uint32_t *table;       // [states][columns]: the row's place, with REPORTS
  uint32_t *first;       // [literals + 1]: where a literal's bits begin
  uint32_t *bits;        // patterns that require it
  uint32_t columns;      // at least 2
  unsigned char of[256]; // the column of a byte
};

/* All literals of the patterns that are filtered. */
typedef struct collection {
  ws_text *literals;
  uint32_t *bits; // the pattern
  size_t count, literal_capacity, bit_capacity;
  size_t bytes;
} collection;

static size_t bytes_of(const ws__literal *literal) {
  size_t bytes = 0;
  for (; literal; literal = literal->next) bytes += literal->text.size;
  return bytes;
}

static ws_status collect(collection *all, const ws__prefilter_entry *entry) {
  for (const ws__literal *at = entry->required; at; at = at->next) {
    if (!ws_grow(&all->literals, &all->literal_capacity, all->count + 1,
                 sizeof *all->literals) ||
        !ws_grow(&all->bits, &all->bit_capacity, all->count + 1, sizeof *all->bits))
      return WS_ENOMEM;
    all->literals[all->count] = at->text;
    all->bits[all->count++] = entry->bit;
    all->bytes += at->text.size;
  }
  return WS_OK;
}

/* Which of equal literals the automaton tells: found by letting it read each. */
static size_t name_of(const ws__literals *literals, ws_text text) {
  uint32_t state = 0;
  for (size_t i = 0; i < text.size; i++)
    state = ws__literals_step(literals, state, (unsigned char)text.data[i]);
  return ws__literals_at(literals, state);
}

/* The bits of each literal, side by side. */
static ws_status set_bits(ws__prefilter *filter, const collection *all) {
  filter->first = ws_alloc_zero(all->count + 2, sizeof *filter->first);
  filter->bits = ws_alloc_array(all->count, sizeof *filter->bits);
  if (!filter->first || !filter->bits) return WS_ENOMEM;
  uint32_t *next =
      filter->first + 1; // ends up as the literal's end, the next one's first
  for (size_t i = 0; i < all->count; i++)
    next[name_of(filter->literals, all->literals[i]) + 1]++;
  for (size_t i = 0; i < all->count; i++) next[i + 1] += next[i];
  for (size_t i = 0; i < all->count; i++)
    filter->bits[next[name_of(filter->literals, all->literals[i])]++] = all->bits[i];
  return WS_OK;
}

/* --- the table --- */

static void choose_columns(ws__prefilter *filter, const collection *all) {
  filter->columns = 1;
  for (size_t i = 0; i < all->count; i++)
    for (size_t k = 0; k < all->literals[i].size; k++) {
      unsigned char byte = (unsigned char)all->literals[i].data[k];
      if (filter->of[byte]) continue;
      filter->of[byte] = (unsigned char)filter->columns++;
      if (byte >= 'a' && byte <= 'z') filter->of[byte - 32] = filter->of[byte];
    }
}

static ws_status lay_out(ws__prefilter *filter) {
  size_t states = ws__literals_states(filter->literals);
  filter->table = ws_alloc_zero(states * filter->columns, sizeof *filter->table);
  if (!filter->table) return WS_ENOMEM;
  for (unsigned byte = 0; byte < 128; byte++) {
    if (!filter->of[byte] || (byte >= 'A' && byte <= 'Z')) continue;
    for (size_t s = 0; s < states; s++) {
      uint32_t to = ws__literals_step(filter->literals, (uint32_t)s, (unsigned char)byte);
      uint32_t reports = ws__literals_end(filter->literals, to) ? REPORTS : 0;
      filter->table[s * filter->columns + filter->of[byte]] =
          to * filter->columns | reports;
    }
  }
  return WS_OK;
}

/* --- life --- */

void ws__prefilter_free(ws__prefilter *filter) {
  if (!filter) return;
  ws__literals_free(filter->literals);
  ws_free(filter->table);
  ws_free(filter->first);
  ws_free(filter->bits);
  ws_free(filter);
}

static ws_status build(const collection *all, ws__prefilter **out) {
  ws__prefilter *filter = ws_alloc_zero(1, sizeof *filter);
  if (!filter) return WS_ENOMEM;
  ws_status status = ws__literals_new(all->literals, all->count, &filter->literals);
  if (status == WS_OK) status = set_bits(filter, all);
  if (status == WS_OK) {
    choose_columns(filter, all);
    status = lay_out(filter);
  }
  if (status == WS_OK)
    *out = filter;
  else
    ws__prefilter_free(filter);
  return status;
}

ws_status ws__prefilter_new(const ws__prefilter_entry *entries, size_t count,
                            bool *filtered, ws__prefilter **out) {
  collection all = {NULL, NULL, 0, 0, 0, 0};
  ws_status status = WS_OK;
  *out = NULL;
  for (size_t i = 0; i < count && status == WS_OK; i++) {
    filtered[i] =
        entries[i].required && all.bytes + bytes_of(entries[i].required) <= BYTES_MAX;
    if (filtered[i]) status = collect(&all, &entries[i]);
  }
  if (status == WS_OK && all.count) status = build(&all, out);
  ws_free(all.literals);
  ws_free(all.bits);
  return status;
}

/* --- the pass --- */

static void report(const ws__prefilter *filter, uint32_t place, uint64_t *set) {
  const ws__literals *literals = filter->literals;
  uint32_t end = ws__literals_end(literals, place / filter->columns);
  for (; end; end = ws__literals_shorter(literals, end)) {
    size_t which = ws__literals_at(literals, end);
    for (uint32_t i = filter->first[which]; i < filter->first[which + 1]; i++)
      set[filter->bits[i] / 64] |= (uint64_t)1 << filter->bits[i] % 64;
  }
}

/* The ASCII letter that the character at *i counts as, else a byte of no literal; leaves
 * *i on its last byte then. */
static unsigned char fold(ws_text text, size_t *i) {
  const char *at = text.data + *i;
  size_t left = text.size - *i;
  if (left >= 2 && memcmp(at, "\xC5\xBF", 2) == 0) { // U+017F, the long s
    *i += 1;
    return 's';
  }
  if (left >= 3 && memcmp(at, "\xE2\x84\xAA", 3) == 0) { // U+212A, the sign of kelvin
    *i += 2;
    return 'k';
  }
  return 0xFF;
}

/* Reads the character at i, in a state; returns where the next one begins. */
static inline size_t read_one(const ws__prefilter *filter, ws_text text, size_t i,
                              uint32_t *place, uint64_t *set) {
  unsigned char byte = (unsigned char)text.data[i];
  if (byte >= 0x80) byte = fold(text, &i);
  uint32_t next = filter->table[*place + filter->of[byte]];
  *place = next & ~REPORTS;
  if (next & REPORTS) report(filter, *place, set);
  return i + 1;
}

/* The two halves are read in step, because each look into the table has to wait for the
 * one before. The first reader then goes on into the second half until it holds nothing
 * any more that began in its own. */
void ws__prefilter_scan(const ws__prefilter *filter, ws_text text, uint64_t *set) {
  size_t half = text.size / 2;
  while (half < text.size && (unsigned char)text.data[half] >= 0x80) half++;
  size_t a = 0, b = half;
  uint32_t in_a = 0, in_b = 0;
  while (a < half && b < text.size) {
    a = read_one(filter, text, a, &in_a, set);
    b = read_one(filter, text, b, &in_b, set);
  }
  while (a < half || (in_a && a < text.size)) a = read_one(filter, text, a, &in_a, set);
  while (b < text.size) b = read_one(filter, text, b, &in_b, set);
}
