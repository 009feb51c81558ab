/* SPDX-License-Identifier: MIT
 *
 * Explaining a posterior. The state of the model's formula (a logarithm for each of its
 * states) is walked through term by term; what a term adds to a class is what it changes
 * in the class's logarithm. Where a class is one state that is simply the term itself.
 */
#include <weaksup/explain.h>

#include <math.h>

#include <weaksup/alloc.h>

#include "confusion.h"
#include "softmax.h"
#include "temper.h"

struct ws_explanation {
  size_t K, count;
  ws_term *terms; // [count]
  double *adds;   // [count][K]
  double *probs;  // [K]
  size_t first, second;
  bool is_log;
};

/* The walk. S states, those of a class side by side. */
typedef struct walk {
  const ws_label_model *model;
  const ws_votes *votes;
  const uint32_t *id_of;
  ws_pattern pattern;
  ws_explanation *e;
  size_t S;
  double *state;   // [S]
  double *logits;  // [K] of the classes, so far
  double *scratch; // [K]
  bool *spoke;     // [M] LFs of the model that voted
} walk;

const char *ws_term_kind_name(ws_term_kind kind) {
  static const char *const names[] = {"prior", "vote", "silence", "scale", "floor"};
  return names[kind];
}

/* --- the object --------------------------------------------------------------------- */

void ws_explanation_free(ws_explanation *e) {
  if (!e) return;
  ws_free(e->terms);
  ws_free(e->adds);
  ws_free(e->probs);
  ws_free(e);
}

static ws_status explanation_new(size_t most, size_t K, ws_explanation **out) {
  ws_explanation *e = ws_alloc_zero(1, sizeof *e);
  if (!e) return WS_ENOMEM;
  e->K = K;
  e->terms = ws_alloc_zero(most, sizeof *e->terms);
  e->adds = most > SIZE_MAX / K ? NULL : ws_alloc_zero(most * K, sizeof *e->adds);
  e->probs = ws_alloc_zero(K, sizeof *e->probs);
  if (!e->terms || !e->adds || !e->probs) {
    ws_explanation_free(e);
    return WS_ENOMEM;
  }
  *out = e;
  return WS_OK;
}

/* The next term, whose adds are returned, all 0. */
static double *add_term(ws_explanation *e, ws_term_kind kind, ws_text lf, int32_t label,
                        double parameter) {
  double *adds = e->adds + e->count * e->K;
  e->terms[e->count++] = (ws_term){kind, lf, label, parameter, adds};
  return adds;
}

/* --- kinds that count votes --------------------------------------------------------- */

static double vote_weight(const walk *w, uint32_t column) {
  size_t k = column % w->model->K;
  if (w->model->type == &ws__majority) return 1;
  double share = w->model->balance ? w->model->balance[k] : 1;
  return share * ws__weighted_vote(w->model, w->id_of, column);
}

static void add_shares(walk *w) {
  size_t K = w->model->K;
  double sum = 0;
  for (size_t i = 0; i < w->pattern.size; i++)
    sum += vote_weight(w, w->pattern.columns[i]);
  for (size_t i = 0; i < w->pattern.size; i++) {
    uint32_t column = w->pattern.columns[i];
    double *adds = add_term(w->e, WS_TERM_VOTE, ws_votes_lf(w->votes, column / K),
                            (int32_t)(column % K), (double)NAN);
    adds[column % K] = vote_weight(w, column) / sum;
    w->e->probs[column % K] += adds[column % K];
  }
}

static void add_prior_share(walk *w) {
  size_t K = w->model->K;
  double *adds = add_term(w->e, WS_TERM_PRIOR, (ws_text){"", 0}, WS_ABSTAIN, (double)NAN);
  for (size_t k = 0; k < K; k++)
    w->e->probs[k] = adds[k] = w->model->balance ? w->model->balance[k] : 1 / (double)K;
}

/* --- kinds that add logarithms ------------------------------------------------------ */

/* log of the sum over the states of class k. */
static double log_class(const walk *w, size_t k) {
  size_t G = w->S / w->model->K;
  const double *x = w->state + k * G;
  double most = x[0], sum = 0;
  if (G == 1) return most;
  for (size_t g = 1; g < G; g++) most = fmax(most, x[g]);
  for (size_t g = 0; g < G; g++) sum += exp(x[g] - most);
  return most + log(sum);
}

/* Writes down what the state has changed since the last time. */
static void settle(walk *w, ws_term_kind kind, ws_text lf, int32_t label) {
  double *adds = add_term(w->e, kind, lf, label, (double)NAN);
  for (size_t k = 0; k < w->model->K; k++) {
    double now = log_class(w, k);
    adds[k] = now - w->logits[k];
    w->logits[k] = now;
  }
}

/* A known balance stands in place of the learned one; the subtypes of a class keep their
 * shares of it. Records without votes get the balance that was given, or none. */
static void start_state(walk *w) {
  const ws_label_model *model = w->model;
  const ws__confusion *con = &model->confusion;
  size_t G = w->S / model->K;
  for (size_t k = 0; k < model->K; k++) {
    double learned = 0;
    for (size_t g = 0; g < con->G; g++) learned += con->weights[k * G + g];
    double more = ws__log_balance(model, k);
    if (con->G && model->balance) more -= log(fmax(learned, WS_LEAST_STATE));
    for (size_t g = 0; g < G; g++)
      w->state[k * G + g] =
          more + (con->G ? log(fmax(con->weights[k * G + g], WS_LEAST_STATE)) : 0);
  }
}

static void add_vote(walk *w, uint32_t column) {
  const ws_label_model *model = w->model;
  uint32_t c = w->id_of[column];
  size_t mine = ws__columns_lf(model, w->id_of, column);
  if (mine < model->M) w->spoke[mine] = true;
  for (size_t s = 0; model->confusion.G && ws__is_column(model, c) && s < w->S; s++)
    w->state[s] += model->confusion.log_rates[c * w->S + s];
  if (!model->confusion.G && ws__is_column(model, c))
    w->state[model->columns[c].label] += model->columns[c].evidence;
  settle(w, WS_TERM_VOTE, ws_votes_lf(w->votes, column / model->K),
         (int32_t)(column % model->K));
}

static void add_silences(walk *w) {
  const ws__confusion *con = &w->model->confusion;
  for (size_t j = 0; con->silent && j < w->model->M; j++) {
    if (w->spoke[j]) continue;
    for (size_t s = 0; s < w->S; s++) w->state[s] += con->log_silent[j * w->S + s];
    settle(w, WS_TERM_SILENCE, w->model->lfs[j], WS_ABSTAIN);
  }
}

/* Moves the logits to `to`, whose logarithms are normalised, in one term. */
static void move_to(walk *w, const double *to, ws_term_kind kind, double parameter) {
  double *adds = add_term(w->e, kind, (ws_text){"", 0}, WS_ABSTAIN, parameter);
  for (size_t k = 0; k < w->model->K; k++) {
    adds[k] = to[k] - w->logits[k];
    w->logits[k] = to[k];
  }
}

/* As temper.c does it. The logarithms are taken of the probabilities there, so the
 * normalisation, which is the same for all classes, is part of the term. */
static void add_tempering(walk *w) {
  const ws_label_model *model = w->model;
  size_t K = model->K;
  double t = ws__temper_exponent(w->pattern.size, model->scale, model->rho);
  double *probs = w->e->probs, *to = w->scratch;
  for (size_t k = 0; k < K; k++) to[k] = t * log(fmax(probs[k], WS_TEMPER_LEAST));
  for (size_t k = 0; k < K; k++) probs[k] = to[k];
  double sum = ws__softmax(probs, K);
  for (size_t k = 0; k < K; k++) to[k] -= sum;
  move_to(w, to, WS_TERM_SCALE, t);
  if (model->eps == 0) return; // nothing is added, and a probability may be 0
  for (size_t k = 0; k < K; k++) {
    probs[k] = (1 - model->eps) * probs[k] + model->eps / (double)K;
    to[k] = log(probs[k]);
  }
  move_to(w, to, WS_TERM_FLOOR, model->eps);
}

static void add_logarithms(walk *w) {
  const ws_label_model *model = w->model;
  w->e->is_log = true;
  if (w->pattern.size > 0)
    start_state(w);
  else
    for (size_t k = 0; k < model->K; k++)
      for (size_t g = 0, G = w->S / model->K; g < G; g++)
        w->state[k * G + g] = ws__log_balance(model, k) - log((double)G);
  settle(w, WS_TERM_PRIOR, (ws_text){"", 0}, WS_ABSTAIN);
  for (size_t i = 0; i < w->pattern.size; i++) add_vote(w, w->pattern.columns[i]);
  if (w->pattern.size > 0) add_silences(w);
  for (size_t k = 0; k < model->K; k++) w->e->probs[k] = w->logits[k];
  ws__softmax(w->e->probs, model->K);
  bool tempered = model->scale != 1 || model->rho != 0 || model->eps != 0;
  if (tempered && w->pattern.size > 0) add_tempering(w);
}

/* --- the call ----------------------------------------------------------------------- */

static void find_winners(ws_explanation *e) {
  for (size_t k = 1; k < e->K; k++)
    if (e->probs[k] > e->probs[e->first]) e->first = k;
  e->second = e->first == 0;
  for (size_t k = 0; k < e->K; k++)
    if (k != e->first && e->probs[k] > e->probs[e->second]) e->second = k;
}

static void explain(walk *w) {
  if (w->model->type->rates || w->model->confusion.G)
    add_logarithms(w);
  else if (w->pattern.size == 0)
    add_prior_share(w);
  else
    add_shares(w);
  find_winners(w->e);
}

/* Room for the walk and what it finds; to be ended whatever the status. */
static ws_status walk_begin(walk *w) {
  const ws_label_model *model = w->model;
  w->S = model->confusion.G ? model->confusion.S : model->K;
  w->state = ws_alloc_zero(w->S, sizeof *w->state);
  w->logits = ws_alloc_zero(model->K, sizeof *w->logits);
  w->scratch = ws_alloc_zero(model->K, sizeof *w->scratch);
  w->spoke = ws_alloc_zero(model->M, sizeof *w->spoke);
  if (!w->state || !w->logits || !w->scratch || !w->spoke) return WS_ENOMEM;
  size_t most = 3 + w->pattern.size + (model->confusion.silent ? model->M : 0);
  return explanation_new(most, model->K, &w->e);
}

static void walk_end(walk *w) {
  ws_free(w->state);
  ws_free(w->logits);
  ws_free(w->scratch);
  ws_free(w->spoke);
}

ws_status ws_explain(const ws_label_model *model, const ws_votes *votes, size_t u,
                     ws_explanation **out, ws_error *err) {
  uint32_t *id_of = NULL;
  ws_status status = ws__columns_map(model, votes, &id_of, err);
  if (status != WS_OK) return status == WS_ENOMEM ? ws_error_nomem(err) : status;
  walk w = {.model = model, .votes = votes, .id_of = id_of};
  w.pattern = ws_votes_pattern(votes, u);
  status = walk_begin(&w);
  if (status == WS_OK) {
    explain(&w);
    *out = w.e;
  }
  walk_end(&w);
  ws_free(id_of);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

size_t ws_explanation_terms(const ws_explanation *e) {
  return e->count;
}

const ws_term *ws_explanation_term(const ws_explanation *e, size_t i) {
  return &e->terms[i];
}

bool ws_explanation_is_log(const ws_explanation *e) {
  return e->is_log;
}

const double *ws_explanation_probs(const ws_explanation *e) {
  return e->probs;
}

size_t ws_explanation_first(const ws_explanation *e) {
  return e->first;
}

size_t ws_explanation_second(const ws_explanation *e) {
  return e->second;
}

double ws_explanation_margin(const ws_explanation *e, size_t i) {
  return e->terms[i].adds[e->first] - e->terms[i].adds[e->second];
}
