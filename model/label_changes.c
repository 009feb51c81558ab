/* SPDX-License-Identifier: MIT
 *
 * Comparing labels. Records with one pattern have one label, so the patterns are
 * compared and sorted by what they change; the records are walked through once, for
 * examples.
 */
#include <weaksup/label_changes.h>

#include <stdlib.h>

#include <weaksup/alloc.h>

/* A pattern whose label changes. */
typedef struct change {
  int32_t from, to;
  uint32_t pattern;
} change;

static int compare_changes(const void *a, const void *b) {
  const change *x = a, *y = b;
  if (x->from != y->from) return x->from < y->from ? -1 : 1;
  if (x->to != y->to) return x->to < y->to ? -1 : 1;
  return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

static int compare_pairs(const void *a, const void *b) {
  const ws_label_change *x = a, *y = b;
  if (x->count != y->count) return x->count > y->count ? -1 : 1;
  if (x->from != y->from) return x->from < y->from ? -1 : 1;
  return x->to < y->to ? -1 : x->to > y->to;
}

static void count_change(ws_label_changes *out, int32_t from, int32_t to,
                         uint64_t count) {
  if (from == WS_ABSTAIN)
    out->settled += count;
  else if (to == WS_ABSTAIN)
    out->lost += count;
  else
    out->flipped += count;
}

/* Fills changes[U]; returns how many there are. */
static size_t compare(const ws_labels *from, const ws_labels *to, const ws_votes *votes,
                      change *changes, ws_label_changes *out) {
  size_t K = ws_votes_classes(votes), count = 0;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    if (pattern.size == 0) continue;
    out->covered += pattern.count;
    int32_t before = ws_probs_argmax(ws_labels_get(from, u), K);
    int32_t after = ws_probs_argmax(ws_labels_get(to, u), K);
    if (before == after) continue;
    changes[count++] = (change){before, after, (uint32_t)u};
    count_change(out, before, after, pattern.count);
  }
  return count;
}

/* Whether a change is of the same labels as the one before it. */
static bool is_same(const change *changes, size_t i) {
  return i > 0 && changes[i].from == changes[i - 1].from &&
         changes[i].to == changes[i - 1].to;
}

/* One pair for each run of equal changes. */
static ws_status make_pairs(const change *changes, size_t count, const ws_votes *votes,
                            ws_label_changes *out) {
  size_t room = 0;
  for (size_t i = 0; i < count; i++) {
    if (!is_same(changes, i)) {
      if (!ws_grow(&out->pairs, &room, out->pair_count + 1, sizeof *out->pairs))
        return WS_ENOMEM;
      out->pairs[out->pair_count++] =
          (ws_label_change){.from = changes[i].from, .to = changes[i].to};
    }
    out->pairs[out->pair_count - 1].count +=
        ws_votes_pattern(votes, changes[i].pattern).count;
  }
  if (out->pair_count)
    qsort(out->pairs, out->pair_count, sizeof *out->pairs, compare_pairs);
  return WS_OK;
}

static ws_label_change *find_pair(ws_label_changes *out, const change *c) {
  for (size_t i = 0; i < out->pair_count; i++)
    if (out->pairs[i].from == c->from && out->pairs[i].to == c->to) return &out->pairs[i];
  return NULL;
}

/* Fills pair_of[U], all NULL: the pair that a pattern belongs to. */
static void assign_pairs(const change *changes, size_t count, ws_label_changes *out,
                         ws_label_change **pair_of) {
  for (size_t i = 0; i < count; i++)
    pair_of[changes[i].pattern] = is_same(changes, i) ? pair_of[changes[i - 1].pattern]
                                                      : find_pair(out, &changes[i]);
}

/* pair_of[U]: the pair that a pattern belongs to, or NULL. */
static void find_examples(ws_label_change **pair_of, const ws_votes *votes,
                          ws_label_changes *out) {
  size_t open = 0;
  for (size_t i = 0; i < out->pair_count; i++)
    open += out->pairs[i].count < WS_CHANGE_EXAMPLES ? out->pairs[i].count
                                                     : WS_CHANGE_EXAMPLES;
  for (size_t i = 0; i < ws_votes_rows(votes) && open > 0; i++) {
    ws_label_change *pair = pair_of[ws_votes_row_pattern(votes, i)];
    if (!pair || pair->example_count == WS_CHANGE_EXAMPLES) continue;
    pair->examples[pair->example_count++] = i;
    open--;
  }
}

ws_status ws_label_changes_find(const ws_labels *from, const ws_labels *to,
                                const ws_votes *votes, ws_label_changes *out) {
  size_t U = ws_votes_patterns(votes);
  *out = (ws_label_changes){0};
  change *changes = ws_alloc_array(U, sizeof *changes);
  ws_label_change **pair_of = ws_alloc_zero(U, sizeof *pair_of);
  ws_status status = changes && pair_of ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) {
    size_t count = compare(from, to, votes, changes, out);
    if (count) qsort(changes, count, sizeof *changes, compare_changes);
    status = make_pairs(changes, count, votes, out);
    if (status == WS_OK) {
      assign_pairs(changes, count, out, pair_of);
      find_examples(pair_of, votes, out);
    }
  }
  ws_free(changes);
  ws_free(pair_of);
  if (status != WS_OK) ws_label_changes_clear(out);
  return status;
}

void ws_label_changes_clear(ws_label_changes *changes) {
  ws_free(changes->pairs);
  *changes = (ws_label_changes){0};
}
