/* SPDX-License-Identifier: MIT
 *
 * Picking examples. All records of one pattern are of the same kinds, but for wrong ones;
 * of a kind those with the smallest hashes of their ids are a uniform sample that is the
 * same however the records are ordered.
 */
#include <weaksup/examples.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

/* What a record is ordered by: the surer first, then the smaller hash, then the row. */
typedef struct candidate {
  double sure; // 0 where only the hash counts
  uint64_t hash;
  size_t row;
} candidate;

typedef struct picker {
  const ws_votes *votes;
  const ws_labels *labels;
  size_t most;
  unsigned char *kinds_of; // [U] a bit for each kind
  candidate *best[WS_EXAMPLE_KINDS];
  ws_examples *out;
} picker;

const char *ws_example_kind_name(ws_example_kind kind) {
  static const char *const names[] = {"wrong",    "tie",    "flip",
                                      "conflict", "agreed", "uncovered"};
  return names[kind];
}

static bool has_conflict(ws_pattern pattern, size_t K) {
  for (size_t i = 1; i < pattern.size; i++)
    if (pattern.columns[i] % K != pattern.columns[0] % K) return true;
  return false;
}

static bool is_kind(const picker *p, const ws_labels *majority, size_t u,
                    ws_example_kind kind) {
  size_t K = ws_votes_classes(p->votes);
  ws_pattern pattern = ws_votes_pattern(p->votes, u);
  if (pattern.size == 0) return kind == WS_EXAMPLE_UNCOVERED;
  int32_t label = ws_probs_argmax(ws_labels_get(p->labels, u), K);
  int32_t before = ws_probs_argmax(ws_labels_get(majority, u), K);
  switch (kind) {
  case WS_EXAMPLE_TIE:
    return label == WS_ABSTAIN;
  case WS_EXAMPLE_FLIP:
    return label != WS_ABSTAIN && before != WS_ABSTAIN && label != before;
  case WS_EXAMPLE_CONFLICT:
    return has_conflict(pattern, K);
  case WS_EXAMPLE_AGREED:
    return !has_conflict(pattern, K);
  default:
    return false; // wrong ones are told by the record
  }
}

static void sort_patterns(picker *p, const ws_labels *majority) {
  for (size_t u = 0; u < ws_votes_patterns(p->votes); u++)
    for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++)
      if (is_kind(p, majority, u, (ws_example_kind)kind))
        p->kinds_of[u] |= (unsigned char)(1u << kind);
}

static bool is_before(candidate a, candidate b) {
  if (a.sure != b.sure) return a.sure > b.sure;
  if (a.hash != b.hash) return a.hash < b.hash;
  return a.row < b.row;
}

static void offer(picker *p, int kind, candidate c) {
  ws_example_set *set = &p->out->kinds[kind];
  candidate *best = p->best[kind];
  size_t at = set->picked;
  set->count++;
  if (at == p->most && (at == 0 || !is_before(c, best[at - 1]))) return;
  if (at == p->most)
    at--;
  else
    set->picked++;
  for (; at > 0 && is_before(c, best[at - 1]); at--) best[at] = best[at - 1];
  best[at] = c;
}

/* How sure a wrong label is; 0 where the label is right or one of the two is not known.
 */
static double wrong_by(const picker *p, size_t row, size_t u) {
  int32_t gold = ws_votes_row_gold(p->votes, row);
  if (gold == WS_ABSTAIN || ws_votes_pattern(p->votes, u).size == 0) return 0;
  const double *probs = ws_labels_get(p->labels, u);
  int32_t label = ws_probs_argmax(probs, ws_votes_classes(p->votes));
  return label == WS_ABSTAIN || label == gold ? 0 : probs[label];
}

static void look(picker *p, size_t row, uint64_t seed) {
  char digits[24];
  size_t u = ws_votes_row_pattern(p->votes, row);
  ws_text id = ws_votes_row_id(p->votes, row, digits);
  candidate c = {0, ws_hash64(id.data, id.size, seed), row};
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++)
    if (p->kinds_of[u] & 1u << kind) offer(p, kind, c);
  c.sure = wrong_by(p, row, u);
  if (c.sure > 0) offer(p, WS_EXAMPLE_WRONG, c);
}

static ws_status keep_rows(picker *p) {
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++) {
    ws_example_set *set = &p->out->kinds[kind];
    set->rows = ws_alloc_array(set->picked, sizeof *set->rows);
    if (!set->rows) return WS_ENOMEM;
    for (size_t i = 0; i < set->picked; i++) set->rows[i] = p->best[kind][i].row;
  }
  return WS_OK;
}

static ws_status prepare(picker *p) {
  size_t rows = ws_votes_rows(p->votes);
  if (p->most > rows) p->most = rows;
  p->kinds_of = ws_alloc_zero(ws_votes_patterns(p->votes), 1);
  if (!p->kinds_of) return WS_ENOMEM;
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++) {
    p->best[kind] = ws_alloc_array(p->most, sizeof *p->best[kind]);
    if (!p->best[kind]) return WS_ENOMEM;
  }
  return WS_OK;
}

ws_status ws_examples_pick(const ws_votes *votes, const ws_labels *labels,
                           const ws_labels *majority, size_t most, uint64_t seed,
                           ws_examples *out) {
  picker p = {.votes = votes, .labels = labels, .most = most, .out = out};
  *out = (ws_examples){0};
  ws_status status = prepare(&p);
  if (status == WS_OK) {
    sort_patterns(&p, majority);
    for (size_t i = 0; i < ws_votes_rows(votes); i++) look(&p, i, seed);
    status = keep_rows(&p);
  }
  ws_free(p.kinds_of);
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++) ws_free(p.best[kind]);
  if (status != WS_OK) ws_examples_clear(out);
  return status;
}

void ws_examples_clear(ws_examples *examples) {
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++) ws_free(examples->kinds[kind].rows);
  *examples = (ws_examples){0};
}
