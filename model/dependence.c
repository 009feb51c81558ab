/* SPDX-License-Identifier: MIT
 *
 * Agreement beyond what a label model predicts. With m[c][k] the posterior mass of class
 * k on the records where column c (an LF with a class that it votes for) votes, and n[k]
 * the records of the class, two columns that are independent given the class share
 *   E = sum over k of m[c][k] m[d][k] / n[k]
 * records. What is found beyond that, over the spread that both have given the class, is
 * their correlation. The posterior knows of both votes, so that E is rather too large:
 * a pair that is found is dependent, and some that are dependent are not found.
 */
#include <weaksup/dependence.h>

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <weaksup/alloc.h>
#include <weaksup/lf_report.h>
#include <weaksup/vote_pairs.h>

struct ws_dependent_pairs {
  ws_dependent_pair *items;
  size_t count, capacity;
};

typedef struct finder {
  const ws_label_model *model;
  const ws_votes *votes;
  ws_dependence_options options;
  size_t M, K;
  ws_vote_pairs *pairs;
  ws_duplicate_groups *groups;
  uint32_t *column; // [M][K] of LF and class: where its mass is, and 1; 0: no votes
  double *mass;     // [columns][K] of the true class: of few columns, as most LFs vote
                    // for one class
  double *of_class; // [K] records
  double *spread;   // [M] the variance of an LF's votes given the class
  double least_z;
  ws_dependent_pairs *found;
} finder;

ws_dependence_options ws_dependence_options_default(void) {
  return (ws_dependence_options){
      .least_correlation = 0.3, .most_by_chance = 0.01, .most_lfs = 1000};
}

static void finder_clear(finder *f) {
  ws_vote_pairs_free(f->pairs);
  ws_duplicate_groups_free(f->groups);
  ws_free(f->column);
  ws_free(f->mass);
  ws_free(f->of_class);
  ws_free(f->spread);
}

/* --- what the model says ------------------------------------------------------------ */

/* NULL where the LF never votes for the class. */
static double *masses(const finder *f, size_t lf, size_t label) {
  uint32_t column = f->column[lf * f->K + label];
  return column ? f->mass + (column - 1) * f->K : NULL;
}

static ws_status make_columns(finder *f) {
  size_t count = 0;
  f->column = ws_alloc_zero(f->M * f->K, sizeof *f->column);
  if (!f->column) return WS_ENOMEM;
  for (size_t u = 0; u < ws_votes_patterns(f->votes); u++) {
    ws_pattern pattern = ws_votes_pattern(f->votes, u);
    for (size_t v = 0; v < pattern.size; v++) {
      uint32_t *column = &f->column[pattern.columns[v]];
      if (!*column) *column = (uint32_t)++count;
    }
  }
  if (count <= SIZE_MAX / f->K) f->mass = ws_alloc_zero(count * f->K, sizeof *f->mass);
  return f->mass ? WS_OK : WS_ENOMEM;
}

static void add_masses(finder *f, const ws_labels *labels) {
  for (size_t u = 0; u < ws_votes_patterns(f->votes); u++) {
    ws_pattern pattern = ws_votes_pattern(f->votes, u);
    const double *probs = ws_labels_get(labels, u);
    if (pattern.size == 0) continue;
    for (size_t k = 0; k < f->K; k++) f->of_class[k] += (double)pattern.count * probs[k];
    for (size_t v = 0; v < pattern.size; v++) {
      double *to = masses(f, pattern.columns[v] / f->K, pattern.columns[v] % f->K);
      for (size_t k = 0; k < f->K; k++) to[k] += (double)pattern.count * probs[k];
    }
  }
}

/* Of a class there are as many records as the balance says, or more where more have its
 * label. */
static void count_classes(finder *f) {
  const double *balance = ws_label_model_balance(f->model);
  double rows = (double)ws_votes_rows(f->votes);
  for (size_t k = 0; balance && k < f->K; k++)
    f->of_class[k] = fmax(f->of_class[k], balance[k] * rows);
}

static void measure_spreads(finder *f) {
  for (size_t j = 0; j < f->M; j++)
    for (size_t l = 0; l < f->K; l++) {
      const double *m = masses(f, j, l);
      for (size_t k = 0; m && k < f->K; k++)
        if (m[k] > 0) f->spread[j] += m[k] * (1 - m[k] / f->of_class[k]);
    }
}

static ws_status read_model(finder *f, ws_error *err) {
  ws_labels *labels = NULL;
  f->of_class = ws_alloc_zero(f->K, sizeof *f->of_class);
  f->spread = ws_alloc_zero(f->M, sizeof *f->spread);
  if (!f->of_class || !f->spread || make_columns(f) != WS_OK) return ws_error_nomem(err);
  WS_TRY(ws_label_model_predict_raw(f->model, f->votes, &labels, err));
  add_masses(f, labels);
  ws_labels_free(labels);
  count_classes(f);
  measure_spreads(f);
  return WS_OK;
}

/* --- pairs -------------------------------------------------------------------------- */

/* Records that the two share if they are independent, and the variance of that. */
static double expect(const finder *f, size_t a, size_t b, double *variance) {
  double expected = 0;
  *variance = 0;
  for (size_t l = 0; l < f->K; l++) {
    const double *x = masses(f, a, l), *y = masses(f, b, l);
    for (size_t k = 0; x && y && k < f->K; k++) {
      if (!(x[k] > 0) || !(y[k] > 0)) continue;
      double shared = x[k] * y[k] / f->of_class[k];
      expected += shared;
      *variance += shared * (1 - fmin(shared / f->of_class[k], 1));
    }
  }
  return expected;
}

static bool group_has(const ws_duplicate_group *group, size_t lf) {
  for (size_t i = 0; i < group->count; i++)
    if (group->lfs[i] == lf) return true;
  return false;
}

/* Whether the model counts the votes that the two have in common less than twice. */
static bool is_shared(const finder *f, size_t a, size_t b) {
  for (size_t i = 0; i < ws_duplicate_groups_count(f->groups); i++) {
    const ws_duplicate_group *group = ws_duplicate_groups_at(f->groups, i);
    ws_lf_parameters of;
    if (!group_has(group, a) || !group_has(group, b)) continue;
    if (ws_label_model_parameters(f->model, a, group->label, &of) && of.omega < 1)
      return true;
  }
  return false;
}

static ws_status judge(finder *f, ws_vote_pair met) {
  ws_dependent_pair pair = {.a = ws_vote_pairs_lf(f->pairs, met.a),
                            .b = ws_vote_pairs_lf(f->pairs, met.b),
                            .agree = met.both - met.differ};
  ws_dependent_pairs *found = f->found;
  double variance;
  if (pair.agree == 0) return WS_OK;
  pair.expected = expect(f, pair.a, pair.b, &variance);
  double beyond = (double)pair.agree - pair.expected;
  double most = sqrt(f->spread[pair.a] * f->spread[pair.b]);
  // Poisson's variance is 1 at least: one record in common is not much
  if (!(beyond > f->least_z * sqrt(fmax(variance, 1))) || !(most > 0)) return WS_OK;
  pair.correlation = fmin(beyond / most, 1);
  if (pair.correlation < f->options.least_correlation) return WS_OK;
  pair.shared = is_shared(f, pair.a, pair.b);
  if (!ws_grow(&found->items, &found->capacity, found->count + 1, sizeof *found->items))
    return WS_ENOMEM;
  found->items[found->count++] = pair;
  return WS_OK;
}

static int largest_first(const void *a, const void *b) {
  const ws_dependent_pair *x = a, *y = b;
  if (x->correlation > y->correlation || x->correlation < y->correlation)
    return x->correlation > y->correlation ? -1 : 1;
  if (x->a != y->a) return x->a < y->a ? -1 : 1;
  return x->b < y->b ? -1 : x->b > y->b;
}

static ws_status judge_all(finder *f) {
  size_t count = ws_vote_pairs_count(f->pairs);
  double pairs = fmax((double)count * (double)(count - 1) / 2, 1);
  double share = fmin(fmax(f->options.most_by_chance / pairs, 1e-300), 0.5);
  f->least_z = gsl_cdf_ugaussian_Qinv(share);
  for (size_t a = 0; a < count; a++)
    for (size_t b = a + 1; b < count; b++)
      WS_TRY(judge(f, ws_vote_pairs_at(f->pairs, a, b)));
  if (f->found->count)
    qsort(f->found->items, f->found->count, sizeof *f->found->items, largest_first);
  return WS_OK;
}

static ws_status find(finder *f, ws_error *err) {
  WS_TRY(read_model(f, err));
  WS_TRY(ws_duplicate_groups_find(f->model, f->votes, &f->groups, err));
  f->found = ws_alloc_zero(1, sizeof *f->found);
  if (!f->found ||
      ws_vote_pairs_find(f->votes, f->options.most_lfs, &f->pairs) != WS_OK ||
      judge_all(f) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

ws_status ws_dependent_pairs_find(const ws_label_model *model, const ws_votes *votes,
                                  const ws_dependence_options *options,
                                  ws_dependent_pairs **out, ws_error *err) {
  finder f = {.model = model,
              .votes = votes,
              .options = options ? *options : ws_dependence_options_default(),
              .M = ws_votes_lfs(votes),
              .K = ws_votes_classes(votes)};
  ws_status status = find(&f, err);
  finder_clear(&f);
  if (status == WS_OK)
    *out = f.found;
  else
    ws_dependent_pairs_free(f.found);
  return status;
}

void ws_dependent_pairs_free(ws_dependent_pairs *pairs) {
  if (!pairs) return;
  ws_free(pairs->items);
  ws_free(pairs);
}

size_t ws_dependent_pairs_count(const ws_dependent_pairs *pairs) {
  return pairs->count;
}

const ws_dependent_pair *ws_dependent_pairs_at(const ws_dependent_pairs *pairs,
                                               size_t i) {
  return &pairs->items[i];
}
