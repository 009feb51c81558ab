/* SPDX-License-Identifier: MIT
 *
 * What all label models share: options, the order of a fit, and the figures that were
 * learned. A kind of model is a const struct of functions (label_model_priv.h), in a file
 * of its own.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "confusion.h"

#define FLOOR 0.2 // what a lone vote keeps against the balance, in log-odds

static const ws__label_model_type *const types[] = {
    &ws__lift,        &ws__hds,      &ws__majority, &ws__weighted_majority,
    &ws__dawid_skene, &ws__one_coin, &ws__ebcc};
static const char *const kinds[] = {
    "auto", "lift", "hds", "mv", "weighted-mv", "dawid-skene", "one-coin", "ebcc", NULL};

const char *const *ws_label_model_kinds(void) {
  return kinds;
}

const char *ws_label_model_kinds_text(void) {
  return "auto, lift, hds, mv, weighted-mv, dawid-skene, one-coin or ebcc";
}

const ws__label_model_type *ws__label_model_find(ws_text name) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (ws_text_equals(name, types[i]->name)) return types[i];
  return NULL;
}

ws_label_model_options ws_label_model_options_default(void) {
  return (ws_label_model_options){.kind = "auto"};
}

/* --- the object --------------------------------------------------------------------- */

ws_status ws__label_model_new(const ws__label_model_type *type, size_t M, size_t K,
                              ws_label_model **out) {
  ws_label_model *model = ws_alloc_zero(1, sizeof *model);
  if (!model) return WS_ENOMEM;
  model->type = type;
  model->M = M;
  model->K = K;
  model->scale = 1;
  model->rho = type->rho;
  model->eps = type->eps;
  model->lfs = ws_alloc_zero(M, sizeof *model->lfs);
  model->classes = ws_alloc_zero(K, sizeof *model->classes);
  model->lf_begin = ws_alloc_zero(M + 1, sizeof *model->lf_begin);
  if (!model->lfs || !model->classes || !model->lf_begin) {
    ws_label_model_free(model);
    return WS_ENOMEM;
  }
  *out = model;
  return WS_OK;
}

void ws_label_model_free(ws_label_model *model) {
  if (!model) return;
  ws_arena_clear(&model->arena);
  ws__confusion_clear(&model->confusion);
  ws_free(model->lfs);
  ws_free(model->classes);
  ws_free(model->columns);
  ws_free(model->lf_begin);
  ws_free(model->balance);
  ws_free(model->priors);
  ws_free(model);
}

double ws__log_balance(const ws_label_model *model, size_t k) {
  return model->balance ? log(model->balance[k]) : 0;
}

double ws__column_log_lift(const ws__column *column) {
  return column->omega * log(column->h / column->f);
}

/* With gold in the fit: at least log max pi - log pi_l + FLOOR before omega. */
double ws__column_evidence(const ws_label_model *model, const ws__column *column) {
  if (model->gold_rows == 0 || !model->balance) return ws__column_log_lift(column);
  double most = 0;
  for (size_t k = 0; k < model->K; k++) most = fmax(most, model->balance[k]);
  double floor = log(most) - log(model->balance[column->label]) + FLOOR;
  return column->omega * fmax(log(column->h / column->f), floor);
}

/* --- fitting ------------------------------------------------------------------------ */

static ws_status copy_names(ws_label_model *model, const ws_votes *votes) {
  for (size_t j = 0; j < model->M; j++)
    WS_TRY(ws_arena_text(&model->arena, ws_votes_lf(votes, j), &model->lfs[j]));
  for (size_t k = 0; k < model->K; k++)
    WS_TRY(ws_arena_text(&model->arena, ws_votes_class(votes, k), &model->classes[k]));
  return WS_OK;
}

/* Keeps the balance, made to sum to 1 exactly as far as doubles go. */
static ws_status copy_balance(ws_label_model *model, const double *balance, size_t count,
                              ws_error *err) {
  if (!balance) return WS_OK;
  if (count != model->K)
    return ws_error_set(err, WS_EINVAL, "class balance: expected %zu numbers, found %zu",
                        model->K, count);
  double sum = 0;
  for (size_t k = 0; k < count; k++) {
    if (!(balance[k] > 0))
      return ws_error_set(
          err, WS_EINVAL,
          "class balance: expected a number above 0 for class '%.*s', found %g",
          WS_TEXT_ARG(model->classes[k]), balance[k]);
    sum += balance[k];
  }
  if (!(fabs(sum - 1) <= 1e-6))
    return ws_error_set(err, WS_EINVAL, "class balance: expected a sum of 1, found %.9g",
                        sum);
  model->balance = ws_alloc_array(count, sizeof *model->balance);
  if (!model->balance) return WS_ENOMEM;
  for (size_t k = 0; k < count; k++) model->balance[k] = balance[k] / sum;
  return WS_OK;
}

bool ws__is_prior(double prior) {
  return prior > 0 && prior < 1;
}

ws_status ws__label_model_need_priors(ws_label_model *model) {
  if (!model->priors) model->priors = ws_alloc_zero(model->M, sizeof *model->priors);
  return model->priors ? WS_OK : WS_ENOMEM;
}

/* Keeps the priors, unless there is none among them or the kind of model takes none. */
static ws_status copy_priors(ws_label_model *model, const double *priors, size_t count,
                             ws_error *err) {
  if (!priors) return WS_OK;
  if (count != model->M)
    return ws_error_set(err, WS_EINVAL, "priors: expected %zu numbers, found %zu",
                        model->M, count);
  for (size_t j = 0; j < count; j++) {
    if (priors[j] == 0) continue;
    if (!ws__is_prior(priors[j]))
      return ws_error_set(
          err, WS_EINVAL,
          "prior of '%.*s': expected a number above 0 and below 1, found %g",
          WS_TEXT_ARG(model->lfs[j]), priors[j]);
    if (!model->type->priors) continue;
    WS_TRY(ws__label_model_need_priors(model));
    model->priors[j] = priors[j];
  }
  return WS_OK;
}

static ws_status check_start(const ws_label_model *model, const ws_label_model *start,
                             ws_error *err) {
  if (!start) return WS_OK;
  if (start->type != model->type)
    return ws_error_set(err, WS_EINVAL,
                        "warm start: expected a label model of kind %s, found %s",
                        model->type->name, start->type->name);
  if (start->K != model->K)
    return ws_error_set(err, WS_EINVAL, "warm start: expected %zu classes, found %zu",
                        model->K, start->K);
  for (size_t k = 0; k < model->K; k++)
    if (!ws_text_equal(start->classes[k], model->classes[k]))
      return ws_error_set(
          err, WS_EINVAL, "warm start: expected '%.*s' for class %zu, found '%.*s'",
          WS_TEXT_ARG(model->classes[k]), k, WS_TEXT_ARG(start->classes[k]));
  return WS_OK;
}

/* The balance: the user's, the gold's where it is wanted, or none. LIFT wants it wherever
 * it uses gold. */
static ws_status choose_balance(ws_label_model *model,
                                const ws_label_model_options *options, ws_error *err) {
  const ws_gold *gold = options->gold;
  bool wanted =
      options->balance_from_gold || (model->gold_rows > 0 && model->type->rates);
  if (options->class_balance || !gold || !wanted)
    return copy_balance(model, options->class_balance, options->class_count, err);
  double *balance = ws_alloc_array(model->K, sizeof *balance);
  if (!balance) return WS_ENOMEM;
  ws_gold_balance(gold, balance);
  ws_status status = copy_balance(model, balance, model->K, err);
  ws_free(balance);
  return status;
}

static ws_status check_gold(const ws_label_model *model, const ws_gold *gold,
                            ws_error *err) {
  if (!gold || (gold->M == model->M && gold->K == model->K)) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "gold: expected counts of %zu labeling functions and %zu classes, "
                      "found %zu and %zu",
                      model->M, model->K, gold->M, gold->K);
}

/* What goes into the fit beside the votes. */
static ws_status take_options(ws_label_model *model,
                              const ws_label_model_options *options, ws__fit_input *input,
                              ws_error *err) {
  WS_TRY(check_gold(model, options->gold, err));
  bool used = options->gold && model->type->gold && !options->gold_for_balance_only &&
              options->gold->rows > 0;
  if (used) {
    input->gold = options->gold;
    model->gold_rows = options->gold->rows;
  }
  WS_TRY(choose_balance(model, options, err));
  model->balance_in_em = options->balance_in_em && model->type->em && model->balance;
  input->balance_in_em = model->balance_in_em;
  input->first_look = options->first_look;
  input->progress = options->progress;
  return copy_priors(model, options->priors, options->prior_count, err);
}

static ws_status keep_sentence(ws_label_model *model, ws_buffer *bytes, ws_text *out) {
  ws_status status = ws_arena_text(&model->arena, ws_buffer_as_text(bytes), out);
  ws_buffer_clear(bytes);
  return status;
}

static void note_gold(ws_label_model *model, const ws_gold *gold) {
  for (size_t c = 0; gold && c < model->C; c++) {
    ws__column *column = &model->columns[c];
    column->gold_votes = ws_gold_votes(gold, column->lf, (size_t)column->label);
    column->gold_right = ws_gold_right(gold, column->lf, (size_t)column->label);
  }
}

static ws_status fit_columns(ws_label_model *model, ws__fit_input *input) {
  uint32_t *id_of = NULL;
  WS_TRY(ws__columns_collect(model, input->counts, &id_of));
  input->id_of = id_of;
  note_gold(model, input->gold);
  ws_status status = ws__confusion_new(model);
  if (status == WS_OK) status = model->type->fit(model, input);
  if (status == WS_OK) {
    ws__confusion_ready(model);
    status = ws__label_model_summarise(model, input->votes, id_of);
  }
  ws_free(id_of);
  return status;
}

static ws_status fit(ws_label_model *model, const ws_votes *votes,
                     const ws__vote_counts *counts, const ws_label_model_options *options,
                     ws_error *err) {
  ws__fit_input input = {.votes = votes, .counts = counts};
  ws_buffer note = {0};
  model->records = counts->rows;
  model->covered = counts->covered;
  model->patterns = ws_votes_patterns(votes);
  WS_TRY(copy_names(model, votes));
  WS_TRY(take_options(model, options, &input, err));
  WS_TRY(ws__weak_votes(counts, &note));
  WS_TRY(keep_sentence(model, &note, &model->note));
  WS_TRY(check_start(model, options->start, err));
  model->fit_threads = options->threads;
  model->fit_start = options->start;
  ws_status status = fit_columns(model, &input);
  model->fit_start = NULL;
  return status == WS_ESTOPPED ? ws_error_set(err, status, "fitting was stopped")
                               : status;
}

/* The kind that was asked for; for "auto" with the reason. */
static ws_status choose_type(const ws__vote_counts *counts, const char *kind,
                             const ws__label_model_type **type, ws_buffer *why,
                             ws_error *err) {
  if (!kind || strcmp(kind, "auto") == 0) return ws__regime(counts, type, why);
  *type = ws__label_model_find(ws_text_of(kind));
  if (*type) return WS_OK;
  return ws_error_set(err, WS_EINVAL, "label model: expected %s, found '%s'",
                      ws_label_model_kinds_text(), kind);
}

ws_status ws_label_model_fit(const ws_votes *votes, const ws_label_model_options *options,
                             ws_label_model **out, ws_error *err) {
  ws_label_model_options defaults = ws_label_model_options_default();
  if (!options) options = &defaults;
  const ws__label_model_type *type = NULL;
  ws_label_model *model = NULL;
  ws_buffer why = {0};
  ws__vote_counts counts;
  ws_status status = ws__vote_counts_init(&counts, votes);
  if (status == WS_OK) status = choose_type(&counts, options->kind, &type, &why, err);
  if (status == WS_OK) status = ws__label_model_new(type, counts.M, counts.K, &model);
  if (status == WS_OK) status = keep_sentence(model, &why, &model->why);
  if (status == WS_OK) status = fit(model, votes, &counts, options, err);
  if (status == WS_ENOMEM) ws_error_nomem(err);
  ws__vote_counts_clear(&counts);
  ws_buffer_clear(&why);
  if (status == WS_OK)
    *out = model;
  else
    ws_label_model_free(model);
  return status;
}

/* --- what was learned --------------------------------------------------------------- */

const char *ws_label_model_kind(const ws_label_model *model) {
  return model->type->name;
}
size_t ws_label_model_lfs(const ws_label_model *model) {
  return model->M;
}
size_t ws_label_model_classes(const ws_label_model *model) {
  return model->K;
}
ws_text ws_label_model_lf(const ws_label_model *model, size_t j) {
  return model->lfs[j];
}

ws_text ws_label_model_class(const ws_label_model *model, size_t k) {
  return model->classes[k];
}

double ws_label_model_accuracy(const ws_label_model *model, size_t j) {
  double right = 0, votes = 0;
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    double n = (double)model->columns[c].votes;
    right += n * model->columns[c].accuracy;
    votes += n;
  }
  return votes > 0 ? right / votes : (double)NAN;
}

double ws_label_model_accuracy_for(const ws_label_model *model, size_t j, size_t k) {
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++)
    if (model->columns[c].label == (int32_t)k) return model->columns[c].accuracy;
  return (double)NAN;
}

double ws_label_model_prior(const ws_label_model *model, size_t j) {
  return model->priors ? model->priors[j] : 0;
}

unsigned ws_label_model_iterations(const ws_label_model *model) {
  return model->iterations;
}
bool ws_label_model_converged(const ws_label_model *model) {
  return model->converged;
}
double ws_label_model_scale(const ws_label_model *model) {
  return model->scale;
}
double ws_label_model_mean_max(const ws_label_model *model) {
  return model->mean_max;
}

double ws_label_model_mean_max_raw(const ws_label_model *model) {
  return model->mean_max_raw;
}

ws_text ws_label_model_why(const ws_label_model *model) {
  return model->why;
}
ws_text ws_label_model_note(const ws_label_model *model) {
  return model->note;
}
uint64_t ws_label_model_gold_rows(const ws_label_model *model) {
  return model->gold_rows;
}

bool ws_label_model_takes_priors(const ws_label_model *model) {
  return model->type->priors;
}
bool ws_label_model_takes_gold(const ws_label_model *model) {
  return model->type->gold;
}
bool ws_label_model_takes_balance_in_em(const ws_label_model *model) {
  return model->type->em;
}

const double *ws_label_model_balance(const ws_label_model *model) {
  return model->balance;
}
