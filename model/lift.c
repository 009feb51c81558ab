/* SPDX-License-Identifier: MIT
 *
 * LIFT: EM for heuristic labeling functions, which mostly vote for one class or abstain.
 *
 * The model is that of A. P. Dawid and A. M. Skene (Maximum likelihood estimation of
 * observer error-rates using the EM algorithm, Applied Statistics 28(1), 1979) with two
 * rates a column c = (j, l): h_c = P(j votes l | class l) and f_c = P(j votes l | another
 * class). What makes it hold up on rules: abstaining is evidence while fitting (not when
 * predicting); a prior precision of .8, or what the user gave for the LF, worth 10 votes;
 * the lift h/f is kept within 2 .. 30; near duplicates share their weight omega; and the
 * prior over classes stays uniform inside EM, a known balance entering at prediction
 * only. docs/label-models.md explains each.
 *
 * N records of which W have a vote, M LFs, K classes, C columns that are used, U
 * patterns; n_c votes of column c, r_c = n_c / W; q_u(k) posterior of a pattern.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "softmax.h"
#include "vote_table.h"

#define PRIOR_VOTES     10.0 // s
#define PRIOR_PRECISION 0.8  // a0
#define GOLD_PULL       5.0
#define LIFT_LOW        2.0
#define LIFT_HIGH       30.0
#define MAX_ITERATIONS  50
#define TOLERANCE       1e-4

typedef struct em {
  const ws__vote_table *votes;
  const ws__fit_input *input;
  ws_label_model *model;
  uint32_t *lf;     // [C] of the columns, side by side for the many passes: their LFs,
  int32_t *label;   // [C] classes
  double *evidence; // [C] and omega_c log(h_c / f_c)
  double *q;        // [U][K]
  double *mass;     // [K] m_k = sum of q(k) over the records
  double *right;    // [C] g_c = sum of q(l) over the records on which c votes
  double *spread;   // [M] omega_bar_j, mean omega of the LF's columns over all K classes
  double *silence;  // [C] A_(j,l) - A_j0: what abstaining of j says for l, against the
                    // classes that j never votes for
  double *base;     // [K] sum over all LFs of their silence
  double *fresh;    // [K] scratch
} em;

static ws_status em_init(em *e, ws_label_model *model, const ws__vote_table *votes,
                         const ws__fit_input *input) {
  size_t M = model->M, K = model->K, C = model->C;
  *e = (em){
      .votes = votes,
      .input = input,
      .model = model,
      .lf = ws_alloc_array(C, sizeof *e->lf),
      .label = ws_alloc_array(C, sizeof *e->label),
      .evidence = ws_alloc_array(C, sizeof *e->evidence),
      .q = votes->U > SIZE_MAX / K ? NULL : ws_alloc_array(votes->U * K, sizeof *e->q),
      .mass = ws_alloc_array(K, sizeof *e->mass),
      .right = ws_alloc_array(C, sizeof *e->right),
      .spread = ws_alloc_array(M, sizeof *e->spread),
      .silence = ws_alloc_array(C, sizeof *e->silence),
      .base = ws_alloc_array(K, sizeof *e->base),
      .fresh = ws_alloc_array(K, sizeof *e->fresh),
  };
  if (!e->lf || !e->label || !e->evidence || !e->q || !e->mass || !e->right ||
      !e->spread || !e->silence || !e->base || !e->fresh)
    return WS_ENOMEM;
  for (size_t c = 0; c < C; c++) {
    e->lf[c] = model->columns[c].lf;
    e->label[c] = model->columns[c].label;
  }
  return WS_OK;
}

static void em_clear(em *e) {
  ws_free(e->lf);
  ws_free(e->label);
  ws_free(e->evidence);
  ws_free(e->q);
  ws_free(e->mass);
  ws_free(e->right);
  ws_free(e->spread);
  ws_free(e->silence);
  ws_free(e->base);
  ws_free(e->fresh);
}

static void clear_sums(em *e) {
  for (size_t k = 0; k < e->model->K; k++) e->mass[k] = 0;
  for (size_t c = 0; c < e->model->C; c++) e->right[c] = 0;
}

/* Adds the posterior of pattern u to the sums of the next M-step. */
static void add_to_sums(em *e, size_t u, const double *q) {
  const ws__vote_table *votes = e->votes;
  double weight = votes->weight[u];
  for (size_t k = 0; k < e->model->K; k++) e->mass[k] += weight * q[k];
  for (size_t i = votes->begin[u]; i < votes->begin[u + 1]; i++) {
    uint32_t c = votes->ids[i];
    e->right[c] += weight * q[e->label[c]];
  }
}

/* The start: q(k) is the share of omega among the votes for k. */
static void start(em *e) {
  const ws__vote_table *votes = e->votes;
  const ws__column *columns = e->model->columns;
  size_t K = e->model->K;
  clear_sums(e);
  for (size_t u = 0; u < votes->U; u++) {
    double *q = e->q + u * K, sum = 0;
    for (size_t k = 0; k < K; k++) q[k] = 0;
    for (size_t i = votes->begin[u]; i < votes->begin[u + 1]; i++) {
      const ws__column *column = &columns[votes->ids[i]];
      q[column->label] += column->omega;
      sum += column->omega;
    }
    for (size_t k = 0; k < K; k++) q[k] /= sum;
    add_to_sums(e, u, q);
  }
}

static void find_spread(em *e) {
  const ws_label_model *model = e->model;
  for (size_t j = 0; j < model->M; j++) {
    size_t first = model->lf_begin[j], end = model->lf_begin[j + 1];
    double sum = (double)(model->K - (end - first)); // columns never used count 1
    for (size_t c = first; c < end; c++) sum += model->columns[c].omega;
    e->spread[j] = sum / (double)model->K;
  }
}

/* --- M-step ------------------------------------------------------------------------- */

static double clip(double x, double low, double high) {
  return fmin(fmax(x, low), high);
}

/* Moves h and f to the lift `bound`, keeping p h + (1 - p) f = r. */
static void set_lift(ws__column *column, double bound, double p, double r) {
  column->f = r / (bound * p + 1 - p);
  column->h = fmin(bound * column->f, 0.999);
}

/* With gold, the precision is that of the gold votes, to which the model's own is worth
 * GOLD_PULL votes (a Beta-binomial estimate), and h and f follow from it. */
static void use_gold(ws__column *column, double a0, double g, double p, double r) {
  double model = (g + PRIOR_VOTES * a0) / ((double)column->votes + PRIOR_VOTES);
  double precision = ((double)column->gold_right + GOLD_PULL * model) /
                     ((double)column->gold_votes + GOLD_PULL);
  column->h = clip(precision * r / p, 1e-9, 0.999);
  column->f = clip((1 - precision) * r / (1 - p), 1e-9, 0.999);
}

/* The MAP rates of column c, their prior being kappa = s / r records with rates
 * h0 and f0; without clipping the precision is (g + s a0) / (n + s): a0 is the mean of a
 * Beta prior that weighs s votes. */
static void update_rates(em *e, size_t c) {
  ws__column *column = &e->model->columns[c];
  double W = e->votes->W, n = (double)column->votes, g = e->right[c], r = n / W;
  double p = clip(e->mass[column->label] / W, 1e-3, 1 - 1e-3);
  double kappa = PRIOR_VOTES / r;
  double given = ws_label_model_prior(e->model, column->lf);
  double a0 = given > 0 ? given : PRIOR_PRECISION;
  double h0 = fmin(a0 * r / p, 0.95);
  double f0 = fmin((1 - a0) * r / (1 - p), 0.95);
  column->h = clip((g + kappa * p * h0) / ((W + kappa) * p), 1e-9, 0.999);
  column->f = clip((n - g + kappa * (1 - p) * f0) / ((W + kappa) * (1 - p)), 1e-9, 0.999);
  if (e->input->gold) use_gold(column, a0, g, p, r);
  column->clamp = WS_CLAMP_NONE;
  if (column->h < LIFT_LOW * column->f) {
    column->clamp = WS_CLAMP_LOW;
    set_lift(column, LIFT_LOW, p, r);
  }
  if (column->h > LIFT_HIGH * column->f) {
    column->clamp = WS_CLAMP_HIGH;
    set_lift(column, LIFT_HIGH, p, r);
  }
  e->evidence[c] = ws__column_log_lift(column);
}

/* A_jk = omega_bar_j log max(1 - H_jk, .001), H_jk = h_jk + sum_{l != k} f_jl: the
 * probability that j votes at all where the class is k. It is the same number A_j0 for
 * all classes that j never votes for, and what is the same for all classes cancels: only
 * the differences count. */
static void update_silence(em *e, size_t j) {
  const ws_label_model *model = e->model;
  size_t first = model->lf_begin[j], end = model->lf_begin[j + 1];
  double F = 0;
  for (size_t c = first; c < end; c++) F += model->columns[c].f;
  double none = log(fmax(1 - F, 1e-3));
  for (size_t c = first; c < end; c++) {
    const ws__column *column = &model->columns[c];
    double H = F - column->f + column->h;
    e->silence[c] = e->spread[j] * (log(fmax(1 - H, 1e-3)) - none);
    e->base[column->label] += e->silence[c];
  }
}

static void maximise(em *e) {
  for (size_t c = 0; c < e->model->C; c++) update_rates(e, c);
  for (size_t k = 0; k < e->model->K; k++)
    e->base[k] = e->input->balance_in_em ? ws__log_balance(e->model, k) : 0;
  for (size_t j = 0; j < e->model->M; j++) update_silence(e, j);
}

/* --- E-step ------------------------------------------------------------------------- */

/* log q_u(k) up to a constant = sum_{voted c, l = k} omega_c log(h_c / f_c)
 *                              + sum_{j abstains} A_jk: all of them, less those that
 * vote. */
static void log_posterior(const em *e, size_t u, double *x) {
  const size_t *lf_begin = e->model->lf_begin;
  for (size_t k = 0; k < e->model->K; k++) x[k] = e->base[k];
  for (size_t i = e->votes->begin[u]; i < e->votes->begin[u + 1]; i++) {
    uint32_t voted = e->votes->ids[i];
    x[e->label[voted]] += e->evidence[voted];
    size_t end = lf_begin[e->lf[voted] + 1];
    for (size_t c = lf_begin[e->lf[voted]]; c < end; c++) x[e->label[c]] -= e->silence[c];
  }
}

/* Replaces q and the sums; returns mean_i sum_k |dq|. */
static double expect(em *e) {
  size_t K = e->model->K;
  double moved = 0;
  clear_sums(e);
  for (size_t u = 0; u < e->votes->U; u++) {
    double *q = e->q + u * K, change = 0;
    log_posterior(e, u, e->fresh);
    ws__softmax(e->fresh, K);
    for (size_t k = 0; k < K; k++) {
      change += fabs(e->fresh[k] - q[k]);
      q[k] = e->fresh[k];
    }
    moved += e->votes->weight[u] * change;
    add_to_sums(e, u, q);
  }
  return moved / e->votes->W;
}

/* --- the kind ----------------------------------------------------------------------- */

static ws_status iterate(em *e) {
  ws_label_model *model = e->model;
  start(e);
  find_spread(e);
  while (!model->converged && model->iterations < MAX_ITERATIONS) {
    if (!ws_progress_report(e->input->progress, "fitting", model->iterations,
                            MAX_ITERATIONS, "iterations"))
      return WS_ESTOPPED;
    maximise(e);
    model->converged = expect(e) < TOLERANCE;
    model->iterations++;
  }
  return WS_OK;
}

static ws_status fit(ws_label_model *model, const ws__fit_input *input) {
  em e = {0};
  ws__vote_table table;
  ws_status status = ws__vote_table_init(&table, input->votes, input->id_of);
  model->converged =
      status == WS_OK && table.U == 0; // without votes there is nothing to do
  if (status == WS_OK) status = ws__near_duplicates(&table, model);
  if (status == WS_OK) status = em_init(&e, model, &table, input);
  if (status == WS_OK) status = iterate(&e);
  for (size_t c = 0; status == WS_OK && c < model->C; c++)
    model->columns[c].evidence = ws__column_evidence(model, &model->columns[c]);
  em_clear(&e);
  ws__vote_table_clear(&table);
  return status;
}

/* Prediction: P(k) proportional to pi_k exp(sum_{voted c, l = k} omega_c log(h_c / f_c)).
 * A column that had no vote in the fit says nothing. */
static void posterior(const ws_label_model *model, const uint32_t *id_of,
                      ws_pattern pattern, double *probs) {
  for (size_t k = 0; k < model->K; k++) probs[k] = ws__log_balance(model, k);
  for (size_t i = 0; i < pattern.size; i++) {
    uint32_t c = id_of[pattern.columns[i]];
    if (c != WS_NO_COLUMN) probs[model->columns[c].label] += model->columns[c].evidence;
  }
  ws__softmax(probs, model->K);
}

const ws__label_model_type ws__lift = {.name = "lift",
                                       .rho = 0.1,
                                       .eps = 0.05,
                                       .rates = true,
                                       .priors = true,
                                       .gold = true,
                                       .em = true,
                                       .fit = fit,
                                       .posterior = posterior};
