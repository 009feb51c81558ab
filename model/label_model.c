/* SPDX-License-Identifier: MIT
 *
 * What all label models share: options, the order of a fit, and the figures that were
 * learned. A kind of model is a const struct of functions (label_model_priv.h), in a file
 * of its own.
 */
#include "label_model_priv.h"

#include <math.h>

#include <weaksup/alloc.h>

static const ws__label_model_type *const types[] = {&ws__lift, &ws__majority};
static const char *const kinds[] = {"lift", "mv", NULL};

const char *const *ws_label_model_kinds(void) {
  return kinds;
}

const ws__label_model_type *ws__label_model_find(ws_text name) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (ws_text_equals(name, types[i]->name)) return types[i];
  return NULL;
}

ws_label_model_options ws_label_model_options_default(void) {
  return (ws_label_model_options){.kind = "lift"};
}

/* --- the object --------------------------------------------------------------------- */

ws_status ws__label_model_new(const ws__label_model_type *type, size_t M, size_t K,
                              ws_label_model **out) {
  ws_label_model *model = ws_alloc_zero(1, sizeof *model);
  if (!model) return WS_ENOMEM;
  model->type = type;
  model->M = M;
  model->K = K;
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

double ws__column_evidence(const ws__column *column) {
  return column->omega * log(column->h / column->f);
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
    if (!model->type->rates) continue;
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

static ws_status fit(ws_label_model *model, const ws_votes *votes,
                     const ws_label_model_options *options, ws_error *err) {
  model->records = ws_votes_rows(votes);
  model->covered = ws_votes_covered(votes);
  model->patterns = ws_votes_patterns(votes);
  WS_TRY(copy_names(model, votes));
  WS_TRY(copy_balance(model, options->class_balance, options->class_count, err));
  WS_TRY(copy_priors(model, options->priors, options->prior_count, err));
  WS_TRY(check_start(model, options->start, err));
  model->fit_threads = options->threads;
  model->fit_start = options->start;
  uint32_t *id_of = NULL;
  ws_status status = ws__columns_collect(model, votes, &id_of);
  if (status == WS_OK) status = model->type->fit(model, votes, id_of, options->progress);
  if (status == WS_OK) status = ws__label_model_summarise(model, votes, id_of);
  if (status == WS_ESTOPPED) ws_error_set(err, status, "fitting was stopped");
  model->fit_start = NULL;
  ws_free(id_of);
  return status;
}

ws_status ws_label_model_fit(const ws_votes *votes, const ws_label_model_options *options,
                             ws_label_model **out, ws_error *err) {
  ws_label_model_options defaults = ws_label_model_options_default();
  if (!options) options = &defaults;
  const char *kind = options->kind ? options->kind : defaults.kind;
  const ws__label_model_type *type = ws__label_model_find(ws_text_of(kind));
  if (!type)
    return ws_error_set(err, WS_EINVAL, "label model: expected lift or mv, found '%s'",
                        kind);
  ws_label_model *model = NULL;
  ws_status status =
      ws__label_model_new(type, ws_votes_lfs(votes), ws_votes_classes(votes), &model);
  if (status == WS_OK) status = fit(model, votes, options, err);
  if (status == WS_ENOMEM) ws_error_nomem(err);
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
double ws_label_model_mean_max(const ws_label_model *model) {
  return model->mean_max;
}

double ws_label_model_mean_max_raw(const ws_label_model *model) {
  return model->mean_max_raw;
}
