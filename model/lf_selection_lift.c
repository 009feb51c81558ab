/* SPDX-License-Identifier: MIT
 *
 * Lift: whether the votes of a candidate for a class are right more often than the class
 * is frequent. On dev with Wilson's interval, so that few votes prove nothing; without
 * dev the label model's estimates have to do.
 */
#include <inttypes.h>
#include <math.h>

#include <weaksup/alloc.h>

#include "lf_selection_priv.h"

double ws__needed(double prior, double delta) {
  double room = (1 - prior) / 2;
  return prior + (delta < room ? delta : room);
}

/* How many records of each class, and in all. */
static uint64_t count_gold(const ws_votes *votes, double *counts) {
  uint64_t n = 0;
  for (size_t k = 0; k < ws_votes_classes(votes); k++) counts[k] = 0;
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    int32_t gold = ws_votes_row_gold(votes, i);
    if (gold == WS_ABSTAIN) continue;
    counts[gold] += 1;
    n++;
  }
  return n;
}

uint64_t ws__gold_shares(const ws_votes *votes, double *shares) {
  uint64_t n = count_gold(votes, shares);
  for (size_t k = 0; n && k < ws_votes_classes(votes); k++) shares[k] /= (double)n;
  return n;
}

/* Each class one record more than there are (Laplace). */
void ws__gold_balance_of(const ws_votes *votes, double *balance) {
  size_t K = ws_votes_classes(votes);
  uint64_t n = count_gold(votes, balance);
  for (size_t k = 0; k < K; k++) balance[k] = (balance[k] + 1) / (double)(n + K);
}

/* --- by dev --- */

static ws_status count_on_dev(const ws__selecting *at, ws_class_lift *lifts) {
  const ws_votes *dev = at->dev->candidates;
  for (size_t i = 0; i < ws_votes_rows(dev); i++) {
    int32_t gold = ws_votes_row_gold(dev, i);
    if (gold == WS_ABSTAIN) continue;
    ws_pattern p = ws_votes_pattern(dev, ws_votes_row_pattern(dev, i));
    for (size_t v = 0; v < p.size; v++) {
      lifts[p.columns[v]].votes++;
      lifts[p.columns[v]].right += p.columns[v] % at->s->K == (size_t)gold;
    }
  }
  return WS_OK;
}

/* It votes for the class on all records, so its precision is the class's share. */
static bool is_constant(const ws__selecting *at, const ws_lf_choice *choice,
                        const ws_class_lift *lift) {
  double rows = (double)ws_votes_rows(at->pool->candidates);
  return lift->votes == at->gold_rows && (double)choice->pool_votes > 0.9 * rows;
}

static void judge_class(const ws__selecting *at, size_t k, const ws_lf_choice *choice,
                        ws_class_lift *lift) {
  lift->prior = at->s->prior[k];
  lift->needed = ws__needed(lift->prior, at->options.delta);
  lift->precision = ws_wilson_interval(lift->right, lift->votes, at->options.confidence);
  lift->tier = WS_LF_UNPROVEN;
  if (lift->votes && lift->precision.low > lift->needed) lift->tier = WS_LF_ACCEPTED;
  if (lift->votes &&
      (lift->precision.high < lift->needed || is_constant(at, choice, lift)))
    lift->tier = WS_LF_REJECTED;
}

/* The class that the evidence is about: a rejected one, else an accepted one, else the
 * one with the most votes. */
static size_t telling_class(const ws_class_lift *lifts, size_t K) {
  static const int weight[] = {
      [WS_LF_ACCEPTED] = 1, [WS_LF_UNPROVEN] = 0, [WS_LF_REJECTED] = 2};
  size_t best = 0;
  for (size_t k = 1; k < K; k++) {
    int more = weight[lifts[k].tier] - weight[lifts[best].tier];
    if (more > 0 || (more == 0 && lifts[k].votes > lifts[best].votes)) best = k;
  }
  return best;
}

static ws_status say_lift(const ws__selecting *at, ws_lf_choice *choice) {
  size_t k = telling_class(choice->lifts, at->s->K);
  const ws_class_lift *lift = &choice->lifts[k];
  ws_text name = ws_votes_class(at->pool->candidates, k);
  if (is_constant(at, choice, lift) && choice->dev_votes)
    return ws__choice_say(at->s, choice,
                          "votes for '%.*s' on all of dev: it is right as often as the "
                          "class is frequent, %.3f",
                          WS_TEXT_ARG(name), lift->prior);
  if (choice->dev_votes == 0)
    return ws__choice_say(at->s, choice, "no vote on a record of dev with a gold label");
  return ws__choice_say(
      at->s, choice,
      "for '%.*s' right in %" PRIu64 " of %" PRIu64
      " votes on dev, %.3f to %.3f; more than %.3f is needed, as %.3f of dev is of the "
      "class",
      WS_TEXT_ARG(name), lift->right, lift->votes, lift->precision.low,
      lift->precision.high, lift->needed, lift->prior);
}

/* Rejected where one of its classes is; accepted where one is accepted and none is
 * rejected. */
static ws_status judge_by_dev(ws__selecting *at, ws_lf_choice *choice,
                              ws_class_lift *lifts) {
  bool accepted = false, rejected = false;
  for (size_t k = 0; k < at->s->K; k++) {
    judge_class(at, k, choice, &lifts[k]);
    accepted = accepted || lifts[k].tier == WS_LF_ACCEPTED;
    rejected = rejected || lifts[k].tier == WS_LF_REJECTED;
    choice->dev_votes += lifts[k].votes;
    choice->dev_right += lifts[k].right;
  }
  choice->lifts = lifts;
  choice->tier = rejected ? WS_LF_REJECTED : accepted ? WS_LF_ACCEPTED : WS_LF_UNPROVEN;
  if (rejected)
    choice->reason = WS_LF_NO_LIFT;
  else if (!accepted)
    choice->reason = choice->dev_votes ? WS_LF_UNDECIDED : WS_LF_SILENT;
  return say_lift(at, choice);
}

static ws_status judge_all_by_dev(ws__selecting *at) {
  size_t C = at->s->C, K = at->s->K;
  ws_class_lift *lifts = ws_arena_alloc(&at->s->arena, C * K * sizeof *lifts);
  if (!lifts) return WS_ENOMEM;
  for (size_t i = 0; i < C * K; i++) lifts[i] = (ws_class_lift){0};
  WS_TRY(count_on_dev(at, lifts));
  for (size_t c = 0; c < C; c++)
    WS_TRY(judge_by_dev(at, &at->s->choices[c], lifts + c * K));
  return WS_OK;
}

/* --- by the label model --- */

static ws_status judge_by_model(ws__selecting *at, const ws_label_model *model,
                                size_t c) {
  ws_lf_selection *s = at->s;
  ws_lf_choice *choice = &s->choices[c];
  choice->tier = WS_LF_ACCEPTED; // as far as it is known
  for (size_t k = 0; k < s->K; k++) {
    double estimate = ws_label_model_accuracy_for(model, s->E + c, k);
    double needed = ws__needed(s->prior[k], at->options.delta);
    if (isnan(estimate) || estimate > needed) continue;
    choice->tier = WS_LF_REJECTED;
    choice->reason = WS_LF_MODEL_NO_LIFT;
    ws_text name = ws_votes_class(at->pool->candidates, k);
    return ws__choice_say(s, choice,
                          "the label model takes %.3f of its votes for '%.*s' to be "
                          "right; more than %.3f is needed, as %.3f are of the class",
                          estimate, WS_TEXT_ARG(name), needed, s->prior[k]);
  }
  return ws__choice_say(s, choice,
                        "the label model takes %.3f of its votes to be right; no gold "
                        "label says so",
                        choice->estimated);
}

/* The mean of the labels. */
static ws_status model_prior(const ws_label_model *model, const ws_votes *votes,
                             double *prior, ws_error *err) {
  size_t K = ws_votes_classes(votes);
  ws_labels *labels = NULL;
  WS_TRY(ws_label_model_predict(model, votes, &labels, err));
  for (size_t k = 0; k < K; k++) prior[k] = 0;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    double share =
        (double)ws_votes_pattern(votes, u).count / (double)ws_votes_rows(votes);
    for (size_t k = 0; k < K; k++) prior[k] += share * ws_labels_get(labels, u)[k];
  }
  ws_labels_free(labels);
  return WS_OK;
}

static ws_status find_prior(ws__selecting *at, const ws_label_model *model,
                            ws_error *err) {
  const double *given = at->options.prior;
  if (!given && at->options.label_model) given = at->options.label_model->class_balance;
  for (size_t k = 0; given && k < at->s->K; k++) at->s->prior[k] = given[k];
  if (at->options.prior) return WS_OK;
  if (at->dev) ws__gold_shares(at->dev->candidates, at->s->prior);
  if (at->dev || given) return WS_OK;
  return model_prior(model, at->all, at->s->prior, err);
}

ws_status ws__select_by_lift(ws__selecting *at, ws_error *err) {
  ws_label_model_options options =
      ws__selection_fit_options(at->options.label_model, at->balance, at->s->K);
  ws_label_model *model = NULL;
  WS_TRY(ws_label_model_fit(at->all, &options, &model, err));
  for (size_t c = 0; c < at->s->C; c++)
    at->s->choices[c].estimated = ws_label_model_accuracy(model, at->s->E + c);
  ws_status status = find_prior(at, model, err);
  if (status == WS_OK && at->dev && judge_all_by_dev(at) != WS_OK)
    status = ws_error_nomem(err);
  for (size_t c = 0; status == WS_OK && !at->dev && c < at->s->C; c++)
    if (judge_by_model(at, model, c) != WS_OK) status = ws_error_nomem(err);
  ws_label_model_free(model);
  return status;
}
