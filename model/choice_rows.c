/* SPDX-License-Identifier: MIT
 *
 * The rows that a choice is made on, and their folds.
 */
#include "choice.h"

#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "features_rows.h"

enum {
  FOLDS = 5,
  FEW_FOLDS = 3,   // where one training takes long
  LEAST_ROWS = 50, // of fewer the comparison says nothing
};
#define LONG_TRAINING 3e7 // numbers that a pass over the rows multiplies
#define LONGEST       3e8 // beyond it nothing is tried

void ws__chooser_clear(ws__chooser *c) {
  ws_free(c->rows);
  ws_free(c->gold);
  ws_free(c->weights);
  ws_free(c->groups);
  ws_free(c->fold);
  ws_free(c->scores);
  ws_free(c->right);
}

static ws_status make_room(ws__chooser *c, size_t n, bool groups) {
  c->rows = ws_alloc_array(n, sizeof *c->rows);
  c->gold = ws_alloc_array(n, sizeof *c->gold);
  c->weights = ws_alloc_array(n, sizeof *c->weights);
  c->groups = ws_alloc_array(groups ? n : 0, sizeof *c->groups);
  c->fold = ws_alloc_array(n, sizeof *c->fold);
  bool fine = c->rows && c->gold && c->weights && c->groups && c->fold;
  return fine ? WS_OK : WS_ENOMEM;
}

static double weight_of(const ws_training_rows *rows, const ws_training_options *options,
                        size_t i) {
  double weight = rows->weights ? rows->weights[i] : 1;
  if (options->class_weights && weight > 0)
    weight *= options->class_weights[rows->gold[i]];
  return weight;
}

static ws_status take_rows(ws__chooser *c, const ws_training_rows *rows, size_t n,
                           const ws_training_options *options, const uint64_t *groups,
                           ws_error *err) {
  for (size_t i = 0; i < n; i++) {
    if (rows->gold[i] == WS_ABSTAIN) continue;
    if (rows->weights && !(rows->weights[i] > 0)) continue;
    if (rows->gold[i] < 0 || (size_t)rows->gold[i] >= c->K)
      return ws_error_set(err, WS_EINVAL, "row %zu: its gold label is no class", i);
    double weight = weight_of(rows, options, i);
    if (!(weight > 0)) continue;
    c->rows[c->n] = i;
    if (groups) c->groups[c->n] = groups[i];
    c->gold[c->n] = rows->gold[i];
    c->weights[c->n++] = weight;
  }
  return WS_OK;
}

/* What one pass over the rows multiplies: a text with word vectors has their length. */
static double pass_cost(const ws__chooser *c) {
  const ws_features *features = c->features;
  double cells = 0, dimensions = 0;
  for (size_t b = 0; b < features->spec.count; b++)
    if (features->spec.blocks[b].kind == WS__VECTORS)
      dimensions += (double)features->dimensions[b];
  for (size_t i = 0; i < c->n; i++) {
    size_t row = c->rows[i];
    size_t begin = row ? features->ends[row - 1] : 0;
    cells += (double)(features->ends[row] - begin) + dimensions;
  }
  return cells * (double)c->K;
}

static int ascending(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

/* Of the rows with gold; rows without groups are one each. */
static ws_status count_groups(const ws__chooser *c, bool grouped, size_t *out) {
  *out = c->n;
  if (!grouped || c->n == 0) return WS_OK;
  uint64_t *sorted = ws_alloc_array(c->n, sizeof *sorted);
  if (!sorted) return WS_ENOMEM;
  memcpy(sorted, c->groups, c->n * sizeof *sorted);
  qsort(sorted, c->n, sizeof *sorted, ascending);
  *out = 1;
  for (size_t i = 1; i < c->n; i++) *out += sorted[i] != sorted[i - 1];
  ws_free(sorted);
  return WS_OK;
}

static const char *reason_not_to(const ws__chooser *c, const ws_training_rows *rows,
                                 size_t n, size_t groups) {
  for (size_t i = 0; rows->targets && i < n; i++) {
    bool out = rows->weights && !(rows->weights[i] > 0);
    for (size_t k = 0; !out && k < c->K; k++)
      if (rows->targets[i * c->K + k] > 0 && rows->gold[i] == WS_ABSTAIN)
        return "there are probabilistic labels";
  }
  if (c->n < LEAST_ROWS) return "there are fewer than 50 gold labels";
  if (groups < 2) return "all gold labels are of one group";
  if (pass_cost(c) > LONGEST) return "it would take too long on so much data";
  return NULL;
}

ws_status ws__choice_rows(ws__chooser *c, const ws_training_rows *rows,
                          const ws_training_options *options,
                          const ws_choice_options *choose, ws_choice *choice,
                          ws_error *err) {
  size_t n = ws_features_rows(c->features);
  if (c->features->weighted)
    return ws_error_set(err, WS_EINVAL, "features: no rows are left after the training");
  if (make_room(c, n, choose->groups != NULL) != WS_OK) return ws_error_nomem(err);
  WS_TRY(take_rows(c, rows, n, options, choose->groups, err));
  size_t groups, folds = pass_cost(c) > LONG_TRAINING ? FEW_FOLDS : FOLDS;
  if (count_groups(c, choose->groups != NULL, &groups) != WS_OK)
    return ws_error_nomem(err);
  choice->why_not = reason_not_to(c, rows, n, groups);
  if (choice->why_not) return WS_OK;
  c->folds = choice->folds = (unsigned)(groups < folds ? groups : folds);
  ws_folds_options deal = {.folds = c->folds, .seed = choose->seed, .allow_rare = true};
  if (choose->groups) deal.groups = c->groups;
  return ws_folds_deal(c->gold, c->n, c->classes, c->K, &deal, c->fold, err);
}
