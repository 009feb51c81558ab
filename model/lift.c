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
 * patterns; n_c votes of column c, r_c = n_c / W; q_u(k) posterior of a pattern. The
 * passes over the patterns (the E-step) are in lift_passes.c.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "lift_em.h"
#include "softmax.h"

#define PRIOR_VOTES     10.0 // s
#define PRIOR_PRECISION 0.8  // a0
#define GOLD_PULL       5.0
#define LIFT_LOW        2.0
#define LIFT_HIGH       30.0
#define HARDLY_SHARED   0.1 // of the votes of a column
#define MAX_ITERATIONS  50
#define TOLERANCE       1e-4

static void find_spread(ws__lift_em *e) {
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

/* With gold, a precision is that of the gold votes, to which the model's own is worth
 * GOLD_PULL votes (a Beta-binomial estimate). */
static double with_gold(const ws__column *column, double precision) {
  if (!column->gold_votes) return precision;
  return ((double)column->gold_right + GOLD_PULL * precision) /
         ((double)column->gold_votes + GOLD_PULL);
}

/* h and f from a precision. */
static void set_precision(ws__column *column, double precision, double p, double r) {
  precision = with_gold(column, precision);
  column->h = clip(precision * r / p, 1e-9, 0.999);
  column->f = clip((1 - precision) * r / (1 - p), 1e-9, 0.999);
}

static void keep_lift(ws__column *column, double p, double r) {
  column->clamp = WS_CLAMP_NONE;
  if (column->h < LIFT_LOW * column->f) {
    column->clamp = WS_CLAMP_LOW;
    set_lift(column, LIFT_LOW, p, r);
  }
  if (column->h > LIFT_HIGH * column->f) {
    column->clamp = WS_CLAMP_HIGH;
    set_lift(column, LIFT_HIGH, p, r);
  }
}

static double prior_precision(const ws_label_model *model, const ws__column *column) {
  double given = ws_label_model_prior(model, column->lf);
  return given > 0 ? given : PRIOR_PRECISION;
}

/* The MAP rates of column c, their prior being kappa = s / r records with rates
 * h0 and f0; without clipping the precision is (g + s a0) / (n + s): a0 is the mean of a
 * Beta prior that weighs s votes. */
static void update_rates(ws__lift_em *e, size_t c) {
  ws__column *column = &e->model->columns[c];
  double W = (double)e->model->covered, n = (double)column->votes, g = e->right[c],
         r = n / W;
  double p = clip(e->mass[column->label] / W, 1e-3, 1 - 1e-3);
  double kappa = PRIOR_VOTES / r;
  double a0 = prior_precision(e->model, column);
  double h0 = fmin(a0 * r / p, 0.95);
  double f0 = fmin((1 - a0) * r / (1 - p), 0.95);
  column->h = clip((g + kappa * p * h0) / ((W + kappa) * p), 1e-9, 0.999);
  column->f = clip((n - g + kappa * (1 - p) * f0) / ((W + kappa) * (1 - p)), 1e-9, 0.999);
  if (e->input->gold)
    set_precision(column, (g + PRIOR_VOTES * a0) / (n + PRIOR_VOTES), p, r);
  keep_lift(column, p, r);
  column->evidence = ws__column_log_lift(column);
}

/* A_jk = omega_bar_j log max(1 - H_jk, .001), H_jk = h_jk + sum_{l != k} f_jl: the
 * probability that j votes at all where the class is k. It is the same number A_j0 for
 * all classes that j never votes for, and what is the same for all classes cancels: only
 * the differences count. */
static void update_silence(ws__lift_em *e, size_t j) {
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

/* What the E-step reads follows from the rates. */
static void update_evidence(ws__lift_em *e) {
  const ws_label_model *model = e->model;
  for (size_t c = 0; c < model->C; c++) e->evidence[c] = model->columns[c].evidence;
  for (size_t k = 0; k < model->K; k++)
    e->base[k] = e->input->balance_in_em ? ws__log_balance(model, k) : 0;
  for (size_t j = 0; j < model->M; j++) update_silence(e, j);
  if (model->K == 2) ws__lift_fold(e);
}

static void maximise(ws__lift_em *e) {
  for (size_t c = 0; c < e->model->C; c++) update_rates(e, c);
  update_evidence(e);
}

/* --- a warm start ------------------------------------------------------------------- */

static void take_rates(ws__column *column, const ws_label_model *start, size_t lf) {
  for (size_t c = start->lf_begin[lf]; c < start->lf_begin[lf + 1]; c++) {
    if (start->columns[c].label != column->label) continue;
    column->h = start->columns[c].h;
    column->f = start->columns[c].f;
  }
}

/* The E-step from the rates of `start`, by the names of its LFs. A column that it does
 * not know says nothing: h = f, next to never. */
static void begin_warm(ws__lift_em *e, const ws_label_model *start) {
  ws_label_model *model = e->model;
  size_t hint = 0;
  for (size_t j = 0; j < model->M; j++) {
    size_t lf = ws__label_model_find_lf(start, model->lfs[j], hint);
    if (lf < start->M) hint = lf + 1;
    for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
      ws__column *column = &model->columns[c];
      column->h = column->f = 1e-9;
      if (lf < start->M) take_rates(column, start, lf);
      column->evidence = ws__column_log_lift(column);
    }
  }
  update_evidence(e);
  ws__lift_expect(e);
}

/* --- a second look at the worst -------------------------------------------------------
 */

/* lone[c]: the votes of column c on records on which nobody else votes, all of which have
 * one pattern; right[c]: the expected hits on the other records. */
static void count_shared(const ws__lift_em *e, double *lone, double *right) {
  size_t K = e->model->K;
  memcpy(right, e->right, e->model->C * sizeof *right);
  for (size_t u = 0; u < ws_votes_patterns(e->votes); u++) {
    ws_pattern pattern = ws_votes_pattern(e->votes, u);
    if (pattern.size != 1) continue;
    uint32_t c = e->id_of[pattern.columns[0]];
    size_t l = (size_t)e->label[c];
    double q = K > 2 ? e->q[u * K + l] : l == 1 ? e->q[u] : 1 - e->q[u];
    lone[c] += (double)pattern.count;
    right[c] -= (double)pattern.count * q;
  }
}

/* Raises the rates of column c to those of its shared votes, where they say more. */
static void look_again(ws__lift_em *e, size_t c, double votes, double right) {
  ws__column *column = &e->model->columns[c], again = *column;
  double p = clip(e->mass[column->label] / (double)e->model->covered, 1e-3, 1 - 1e-3);
  double r = (double)column->votes / (double)e->model->covered;
  double a0 = prior_precision(e->model, column);
  set_precision(&again, (right + PRIOR_VOTES * a0) / (votes + PRIOR_VOTES), p, r);
  keep_lift(&again, p, r);
  if (again.h / again.f > column->h / column->f) *column = again;
}

/* Rates of a column that shares no vote: nothing but the prior (and gold) speaks of it.
 * They are those of its precision where classes are equally frequent. The share p of its
 * class among the covered records will not do: where few other LFs vote, it is the
 * column's own doing. h keeps below 1, f gives way. */
static void take_prior(const ws__lift_em *e, ws__column *column) {
  double K = (double)e->model->K, r = (double)column->votes / (double)e->model->covered;
  double precision = with_gold(column, prior_precision(e->model, column));
  double lift = precision / (1 - precision) * (K - 1);
  column->clamp = lift < LIFT_LOW    ? WS_CLAMP_LOW
                  : lift > LIFT_HIGH ? WS_CLAMP_HIGH
                                     : WS_CLAMP_NONE;
  lift = clip(lift, LIFT_LOW, LIFT_HIGH);
  column->h = fmin(lift * r * K / (lift + K - 1), 0.999);
  column->f = column->h / lift;
}

/* A column whose votes mostly stand alone can be pushed down by silence: the LFs that
 * vote for its class elsewhere do not vote here. That is no reason to distrust it. So
 * where it is held at the least lift, or shares hardly a vote, prediction takes its
 * precision from the votes that it shares with others, and from the prior; from the prior
 * alone where it shares none. Those that others contradict stay where they are. */
static ws_status second_look(ws__lift_em *e) {
  ws_label_model *model = e->model;
  double *lone = ws_alloc_zero(model->C, sizeof *lone);
  double *right = ws_alloc_array(model->C, sizeof *right);
  ws_status status = lone && right ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) count_shared(e, lone, right);
  for (size_t c = 0; status == WS_OK && c < model->C; c++) {
    double votes = (double)model->columns[c].votes, shared = votes - lone[c];
    if (shared == 0)
      take_prior(e, &model->columns[c]);
    else if (model->columns[c].clamp == WS_CLAMP_LOW || shared < HARDLY_SHARED * votes)
      look_again(e, c, shared, right[c]);
  }
  ws_free(lone);
  ws_free(right);
  return status;
}

/* --- the kind ----------------------------------------------------------------------- */

static ws_status iterate(ws__lift_em *e) {
  ws_label_model *model = e->model;
  while (!model->converged && model->iterations < MAX_ITERATIONS) {
    if (!ws_progress_report(e->input->progress, "fitting", model->iterations,
                            MAX_ITERATIONS, "iterations"))
      return WS_ESTOPPED;
    maximise(e);
    model->converged = ws__lift_expect(e) < TOLERANCE;
    model->iterations++;
  }
  return WS_OK;
}

static ws_status run(ws__lift_em *e) {
  find_spread(e);
  if (e->model->fit_start)
    begin_warm(e, e->model->fit_start);
  else
    ws__lift_start(e);
  return iterate(e);
}

static ws_status fit(ws_label_model *model, const ws__fit_input *input) {
  ws__lift_em e = {0};
  model->converged = model->covered == 0; // without votes there is nothing to do
  WS_TRY(ws__near_duplicates(input, model));
  ws_status status = ws__lift_init(&e, model, input);
  if (status == WS_OK) status = run(&e);
  if (status == WS_OK && !input->first_look) status = second_look(&e);
  for (size_t c = 0; status == WS_OK && c < model->C; c++)
    model->columns[c].evidence = ws__column_evidence(model, &model->columns[c]);
  ws__lift_clear(&e);
  return status;
}

/* Prediction: P(k) proportional to pi_k exp(sum_{voted c, l = k} omega_c log(h_c / f_c)).
 * A column that had no vote in the fit says nothing. */
static void posterior(const ws_label_model *model, const uint32_t *id_of,
                      ws_pattern pattern, double *probs) {
  for (size_t k = 0; k < model->K; k++) probs[k] = ws__log_balance(model, k);
  for (size_t i = 0; i < pattern.size; i++) {
    uint32_t c = id_of[pattern.columns[i]];
    if (ws__is_column(model, c))
      probs[model->columns[c].label] += model->columns[c].evidence;
  }
  ws__normalise(probs, model->K);
}

static void odds(const ws_label_model *model, const uint32_t *id_of, size_t columns,
                 double *out) {
  for (size_t v = 0; v < columns; v++) {
    double evidence =
        ws__is_column(model, id_of[v]) ? model->columns[id_of[v]].evidence : 0;
    out[v] = v % 2 ? evidence : -evidence;
  }
  out[columns] = ws__log_balance(model, 1) - ws__log_balance(model, 0);
}

const ws__label_model_type ws__lift = {.name = "lift",
                                       .rho = 0.1,
                                       .eps = 0.05,
                                       .rates = true,
                                       .priors = true,
                                       .gold = true,
                                       .em = true,
                                       .fit = fit,
                                       .posterior = posterior,
                                       .odds = odds};
