/* SPDX-License-Identifier: MIT
 *
 * Two predictions of the same records, compared. Records are drawn once for all scores,
 * so that the intervals are of the same samples; ties and uncovered records are spread
 * over classes as in the scores themselves.
 */
#include <weaksup/run_diff.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

#include "metrics_priv.h"

enum { ROUNDS = 1000, LOW = 25, HIGH = 974 }; // of the sorted: 2.5 and 97.5 %
enum { ALL = -1 };                            // spread over all classes

/* What one of the two says: the class, or several that share it evenly. */
typedef struct said {
  int32_t class; // ALL, or the only one; else where the others begin
  uint32_t tied; // how many; 1: `class` is a class
} said;

typedef struct row {
  int32_t gold;
  said by[2];
  double right, loss; // after minus before
} row;

struct ws_comparison {
  size_t K;
  ws_scorer *scorers[2];
  row *rows; // [count]
  size_t count, capacity;
  int32_t *ties; // [tie_count] classes of those that tie
  size_t tie_count, tie_capacity;
  ws__class_counts *counts; // [2][K] working memory
};

ws_status ws_comparison_new(size_t classes, ws_comparison **out) {
  ws_comparison *c = ws_alloc_zero(1, sizeof *c);
  if (!c) return WS_ENOMEM;
  c->K = classes;
  c->counts =
      classes > SIZE_MAX / 2 ? NULL : ws_alloc_zero(2 * classes, sizeof *c->counts);
  if (!c->counts || ws_scorer_new(classes, &c->scorers[0]) != WS_OK ||
      ws_scorer_new(classes, &c->scorers[1]) != WS_OK) {
    ws_comparison_free(c);
    return WS_ENOMEM;
  }
  *out = c;
  return WS_OK;
}

void ws_comparison_free(ws_comparison *c) {
  if (!c) return;
  for (size_t s = 0; s < 2; s++) ws_scorer_free(c->scorers[s]);
  ws_free(c->rows);
  ws_free(c->ties);
  ws_free(c->counts);
  ws_free(c);
}

/* --- adding ------------------------------------------------------------------------- */

static ws_status take(ws_comparison *c, const double *probs, bool covered, said *out) {
  size_t K = c->K, begin = c->tie_count;
  double most = 0;
  *out = (said){ALL, (uint32_t)K};
  if (!covered) return WS_OK;
  for (size_t k = 0; k < K; k++) most = fmax(most, probs[k]);
  if (!ws_grow(&c->ties, &c->tie_capacity, begin + K, sizeof *c->ties)) return WS_ENOMEM;
  for (size_t k = 0; k < K; k++)
    if (probs[k] >= most - WS_TIE) c->ties[c->tie_count++] = (int32_t)k;
  size_t tied = c->tie_count - begin;
  *out = (said){tied == 1 ? c->ties[begin] : (int32_t)begin, (uint32_t)tied};
  if (tied == 1) c->tie_count = begin; // it needs no list
  return WS_OK;
}

ws_status ws_comparison_add(ws_comparison *c, const double *before, bool covered_before,
                            const double *after, bool covered_after, int32_t gold) {
  if (gold == WS_ABSTAIN) return WS_OK;
  assert(gold >= 0 && (size_t)gold < c->K);
  if (!ws_grow(&c->rows, &c->capacity, c->count + 1, sizeof *c->rows)) return WS_ENOMEM;
  row r = {.gold = gold};
  WS_TRY(take(c, before, covered_before, &r.by[0]));
  WS_TRY(take(c, after, covered_after, &r.by[1]));
  ws_scorer_add(c->scorers[0], before, covered_before, gold);
  ws_scorer_add(c->scorers[1], after, covered_after, gold);
  r.right = ws_prediction_right(after, c->K, covered_after, gold) -
            ws_prediction_right(before, c->K, covered_before, gold);
  r.loss = ws__log_loss(after[gold]) - ws__log_loss(before[gold]);
  c->rows[c->count++] = r;
  return WS_OK;
}

/* --- samples ------------------------------------------------------------------------ */

/* Adds a prediction to the counts of its side; returns what is spread over all. */
static double count_said(const ws_comparison *c, const said *by, int32_t gold,
                         ws__class_counts *counts) {
  double share = 1 / (double)by->tied;
  counts[gold].gold += 1;
  if (by->class == ALL) {
    counts[gold].right += share;
    return share;
  }
  for (uint32_t i = 0; i < by->tied; i++) {
    int32_t k = by->tied == 1 ? by->class : c->ties[(size_t)by->class + i];
    counts[k].predicted += share;
    if (k == gold) counts[k].right += share;
  }
  return 0;
}

typedef struct sample {
  double right, loss; // means
  double f1;          // difference
} sample;

static sample draw(const ws_comparison *c, ws_rng *rng) {
  sample s = {0};
  double n = (double)c->count, f1[2];
  double everywhere[2] = {0}; // predicted of each class
  memset(c->counts, 0, 2 * c->K * sizeof *c->counts);
  for (size_t i = 0; i < c->count; i++) {
    const row *r = &c->rows[ws_rng_below(rng, c->count)];
    s.right += r->right;
    s.loss += r->loss;
    for (size_t side = 0; side < 2; side++)
      everywhere[side] += count_said(c, &r->by[side], r->gold, c->counts + side * c->K);
  }
  for (size_t side = 0; side < 2; side++) {
    ws__class_counts *counts = c->counts + side * c->K;
    for (size_t k = 0; k < c->K; k++) counts[k].predicted += everywhere[side];
    f1[side] = ws__macro_f1(counts, c->K);
  }
  s.f1 = f1[1] - f1[0];
  s.right /= n;
  s.loss /= n;
  return s;
}

/* --- the result --------------------------------------------------------------------- */

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

static ws_paired interval(double mean, double *values) {
  qsort(values, ROUNDS, sizeof *values, by_value);
  return (ws_paired){mean, values[LOW], values[HIGH]};
}

static void set_means(const ws_comparison *c, ws_compared *out) {
  double right = 0, loss = 0, n = (double)c->count;
  for (size_t i = 0; i < c->count; i++) {
    right += c->rows[i].right;
    loss += c->rows[i].loss;
  }
  out->accuracy.mean = right / n;
  out->macro_f1.mean = out->after.macro_f1 - out->before.macro_f1;
  out->log_loss.mean = loss / n;
}

ws_status ws_comparison_result(const ws_comparison *c, uint64_t seed, ws_compared *out) {
  static const double unknown = (double)NAN;
  ws_paired none = {unknown, unknown, unknown};
  ws_rng rng;
  *out = (ws_compared){.before = ws_scorer_result(c->scorers[0]),
                       .after = ws_scorer_result(c->scorers[1]),
                       .accuracy = none,
                       .macro_f1 = none,
                       .log_loss = none};
  if (c->count == 0) return WS_OK;
  double *values = ws_alloc_array(3 * ROUNDS, sizeof *values);
  if (!values) return WS_ENOMEM;
  ws_rng_init(&rng, seed);
  for (size_t r = 0; r < ROUNDS; r++) {
    sample s = draw(c, &rng);
    values[r] = s.right;
    values[ROUNDS + r] = s.f1;
    values[2 * ROUNDS + r] = s.loss;
  }
  set_means(c, out);
  out->accuracy = interval(out->accuracy.mean, values);
  out->macro_f1 = interval(out->macro_f1.mean, values + ROUNDS);
  out->log_loss = interval(out->log_loss.mean, values + 2 * ROUNDS);
  ws_free(values);
  return WS_OK;
}
