/* SPDX-License-Identifier: MIT
 *
 * Splitting a dev set by its texts: records of one text are one group, which is dealt
 * whole. The groups of each class are put in the order of a hash, and fill the prompt's
 * half up to its share.
 */
#include <weaksup/dev_split.h>

#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>
#include <weaksup/rng.h>

typedef struct place {
  ws_hash128 text; // of its normal form
  size_t row;
} place;

/* The rows first .. first + count - 1 of the places. */
typedef struct group {
  uint64_t order; // what the hash says
  ws_hash128 text;
  int32_t label; // that most of its records have, or WS_ABSTAIN
  size_t first, count;
} group;

ws_dev_split_options ws_dev_split_options_default(void) {
  return (ws_dev_split_options){.prompt_share = 0.3};
}

static int compare_hashes(ws_hash128 a, ws_hash128 b) {
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  return a.low < b.low ? -1 : a.low > b.low;
}

static int by_text(const void *a, const void *b) {
  const place *x = a, *y = b;
  int order = compare_hashes(x->text, y->text);
  return order ? order : (x->row > y->row) - (x->row < y->row);
}

static int by_label(const void *a, const void *b) {
  const group *x = a, *y = b;
  if (x->label != y->label) return x->label < y->label ? -1 : 1;
  if (x->order != y->order) return x->order < y->order ? -1 : 1;
  return compare_hashes(x->text, y->text);
}

/* In lower case, with one blank in place of several and none at the ends. */
static ws_status hash_text(ws_text text, ws_buffer *lower, ws_hash128 *out) {
  size_t kept = 0;
  lower->size = 0;
  WS_TRY(ws_buffer_reserve(lower, text.size + 1));
  WS_TRY(ws_text_lower(text, lower));
  for (size_t i = 0; i < lower->size; i++) {
    char c = lower->data[i];
    bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (blank && (kept == 0 || lower->data[kept - 1] == ' ')) continue;
    lower->data[kept++] = blank ? ' ' : c;
  }
  if (kept && lower->data[kept - 1] == ' ') kept--;
  *out = ws_hash128_of(lower->data, kept);
  return WS_OK;
}

static ws_status hash_texts(const ws_text *texts, size_t rows, place *places) {
  ws_buffer lower = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; status == WS_OK && i < rows; i++) {
    places[i].row = i;
    status = hash_text(texts[i], &lower, &places[i].text);
  }
  ws_buffer_clear(&lower);
  return status;
}

/* The label that most of the rows have, of several the first; counts[classes] is 0 before
 * and after. */
static int32_t label_of(const place *places, size_t count, const int32_t *gold,
                        size_t *counts) {
  int32_t best = WS_ABSTAIN;
  for (size_t i = 0; gold && i < count; i++) {
    int32_t label = gold[places[i].row];
    if (label == WS_ABSTAIN) continue;
    size_t n = ++counts[label], most = best == WS_ABSTAIN ? 0 : counts[best];
    if (n > most || (n == most && label < best)) best = label;
  }
  for (size_t i = 0; gold && i < count; i++)
    if (gold[places[i].row] != WS_ABSTAIN) counts[gold[places[i].row]] = 0;
  return best;
}

/* Returns how many. */
static size_t find_groups(const place *places, size_t rows, const int32_t *gold,
                          uint64_t seed, size_t *counts, group *groups) {
  size_t found = 0;
  for (size_t i = 0, end; i < rows; i = end) {
    for (end = i + 1; end < rows; end++)
      if (!ws_hash128_equals(places[end].text, places[i].text)) break;
    groups[found++] =
        (group){.order = ws_hash64(&places[i].text, sizeof places[i].text, seed),
                .text = places[i].text,
                .label = label_of(places + i, end - i, gold, counts),
                .first = i,
                .count = end - i};
  }
  return found;
}

/* Deals the groups of one class. */
static void deal(const group *groups, size_t count, const place *places, double share,
                 bool *in_prompt) {
  size_t rows = 0, taken = 0;
  for (size_t g = 0; g < count; g++) rows += groups[g].count;
  size_t most = (size_t)(share * (double)rows + 0.5);
  if (count == 1) most = 0;
  for (size_t g = 0; g < count; g++) {
    if (taken + groups[g].count > most) continue;
    taken += groups[g].count;
    for (size_t i = 0; i < groups[g].count; i++)
      in_prompt[places[groups[g].first + i].row] = true;
  }
}

static void deal_all(const group *groups, size_t count, const place *places, double share,
                     bool *in_prompt) {
  for (size_t g = 0, end; g < count; g = end) {
    for (end = g + 1; end < count; end++)
      if (groups[end].label != groups[g].label) break;
    deal(groups + g, end - g, places, share, in_prompt);
  }
}

static void count_all(const group *groups, size_t group_count, const int32_t *gold,
                      size_t rows, const bool *in_prompt, ws_dev_split *out) {
  *out = (ws_dev_split){.texts = group_count};
  for (size_t i = 0; i < rows; i++) {
    bool known = gold && gold[i] != WS_ABSTAIN;
    *(in_prompt[i] ? &out->prompt : &out->select) += 1;
    *(in_prompt[i] ? &out->prompt_gold : &out->select_gold) += known;
  }
  for (size_t g = 0; g < group_count; g++)
    if (groups[g].count > 1) out->twice += groups[g].count;
}

ws_status ws_dev_split_rows(const ws_text *texts, const int32_t *gold, size_t rows,
                            size_t classes, const ws_dev_split_options *options,
                            bool *in_prompt, ws_dev_split *out) {
  ws_dev_split_options how = options ? *options : ws_dev_split_options_default();
  place *places = ws_alloc_array(rows, sizeof *places);
  group *groups = ws_alloc_array(rows, sizeof *groups);
  size_t *counts = ws_alloc_zero(classes, sizeof *counts);
  ws_status status = places && groups && counts ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) status = hash_texts(texts, rows, places);
  if (status == WS_OK && rows) {
    qsort(places, rows, sizeof *places, by_text);
    size_t found = find_groups(places, rows, gold, how.seed, counts, groups);
    qsort(groups, found, sizeof *groups, by_label);
    memset(in_prompt, 0, rows * sizeof *in_prompt);
    deal_all(groups, found, places, how.prompt_share, in_prompt);
    if (out) count_all(groups, found, gold, rows, in_prompt, out);
  } else if (status == WS_OK && out) {
    *out = (ws_dev_split){0};
  }
  ws_free(places);
  ws_free(groups);
  ws_free(counts);
  return status;
}

/* --- looking for texts --- */

static int by_hash(const void *a, const void *b) {
  const place *x = a, *y = b;
  return compare_hashes(x->text, y->text);
}

ws_status ws_dev_split_find(const ws_text *those, size_t rows, const ws_text *texts,
                            size_t count, bool *found) {
  place *places = ws_alloc_array(rows, sizeof *places), one = {0};
  ws_buffer lower = {0};
  ws_status status = places ? hash_texts(those, rows, places) : WS_ENOMEM;
  if (status == WS_OK && rows) qsort(places, rows, sizeof *places, by_hash);
  for (size_t i = 0; status == WS_OK && i < count; i++) {
    status = hash_text(texts[i], &lower, &one.text);
    found[i] = rows && bsearch(&one, places, rows, sizeof *places, by_hash) != NULL;
  }
  ws_buffer_clear(&lower);
  ws_free(places);
  return status;
}

/* --- the order in which rows are shown ---------------------------------------------- */

static void draw_order(uint32_t *order, size_t rows, uint64_t seed) {
  ws_rng rng;
  ws_rng_init(&rng, seed);
  for (size_t i = 0; i < rows; i++) order[i] = (uint32_t)i;
  ws_rng_shuffle(&rng, order, rows);
}

/* The i-th row of each class, for each i: sorted by it, those of one turn as drawn. */
static size_t deal_turns(const int32_t *gold, const bool *in_prompt, size_t rows,
                         uint32_t *order, size_t *of_class, size_t *turn, size_t *begin,
                         size_t *out) {
  size_t n = 0;
  for (size_t i = 0; i < rows; i++) {
    uint32_t row = order[i];
    if (!in_prompt[row] || gold[row] == WS_ABSTAIN) continue;
    turn[n] = of_class[gold[row]]++;
    begin[turn[n] + 1]++;
    order[n++] = row;
  }
  for (size_t t = 0; t < rows; t++) begin[t + 1] += begin[t];
  for (size_t i = 0; i < n; i++) out[begin[turn[i]]++] = order[i];
  return n;
}

ws_status ws_dev_split_examples(const int32_t *gold, const bool *in_prompt, size_t rows,
                                size_t classes, uint64_t seed, size_t *out,
                                size_t *count) {
  uint32_t *order = ws_alloc_array(rows, sizeof *order);
  size_t *of_class = ws_alloc_zero(classes, sizeof *of_class);
  size_t *turn = ws_alloc_array(rows, sizeof *turn);
  size_t *begin = ws_alloc_zero(rows + 1, sizeof *begin);
  bool room = order && of_class && turn && begin;
  if (room) {
    draw_order(order, rows, seed);
    *count = deal_turns(gold, in_prompt, rows, order, of_class, turn, begin, out);
  }
  ws_free(order);
  ws_free(of_class);
  ws_free(turn);
  ws_free(begin);
  return room ? WS_OK : WS_ENOMEM;
}
