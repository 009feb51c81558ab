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
static uint64_t count_some(const ws_votes *votes, const bool *targeted,
                           uint64_t *counts) {
  uint64_t n = 0;
  for (size_t k = 0; k < ws_votes_classes(votes); k++) counts[k] = 0;
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    int32_t gold = ws_votes_row_gold(votes, i);
    if (gold == WS_ABSTAIN || (targeted && targeted[i])) continue;
    counts[gold]++;
    n++;
  }
  return n;
}

/* Where all were chosen for something there is nothing better. */
static uint64_t count_gold(const ws_votes *votes, const bool *targeted,
                           uint64_t *counts) {
  uint64_t n = count_some(votes, targeted, counts);
  return n || !targeted ? n : count_some(votes, NULL, counts);
}

static void set_balance(const uint64_t *counts, uint64_t n, size_t K, double *balance) {
  for (size_t k = 0; k < K; k++) balance[k] = ((double)counts[k] + 1) / (double)(n + K);
}

ws_status ws__gold_balance_of(const ws_votes *votes, const bool *targeted,
                              double *balance) {
  size_t K = ws_votes_classes(votes);
  uint64_t *counts = ws_alloc_zero(K, sizeof *counts);
  if (!counts) return WS_ENOMEM;
  uint64_t n = count_gold(votes, targeted, counts);
  set_balance(counts, n, K, balance);
  ws_free(counts);
  return WS_OK;
}

ws_status ws__count_classes(ws__selecting *at) {
  size_t K = at->s->K;
  const uint64_t *given = at->options.counts;
  at->of_class = ws_alloc_zero(K, sizeof *at->of_class);
  at->balance = ws_alloc_array(K, sizeof *at->balance);
  if (!at->of_class || !at->balance) return WS_ENOMEM;
  for (size_t k = 0; given && k < K; k++) at->of_all += at->of_class[k] = given[k];
  if (at->of_all == 0)
    at->of_all = count_gold(at->dev->candidates, at->options.targeted, at->of_class);
  set_balance(at->of_class, at->of_all, K, at->balance);
  return WS_OK;
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

/* Newcombe's interval (method 10) of the difference between precision and prior, put
 * around the prior: where that is known, Wilson's of the precision. */
static double certain_low(const ws__selecting *at, size_t k, const ws_class_lift *lift,
                          double confidence) {
  double p = (double)lift->right / (double)lift->votes;
  ws_interval of = ws_wilson_interval(lift->right, lift->votes, confidence);
  if (at->of_all == 0) return of.low;
  ws_interval prior = ws_wilson_interval(at->of_class[k], at->of_all, confidence);
  return p - hypot(p - of.low, prior.high - lift->prior);
}

static double certain_high(const ws__selecting *at, size_t k, const ws_class_lift *lift) {
  double p = (double)lift->right / (double)lift->votes;
  if (at->of_all == 0) return lift->precision.high;
  ws_interval prior =
      ws_wilson_interval(at->of_class[k], at->of_all, at->options.confidence);
  return p + hypot(lift->precision.high - p, lift->prior - prior.low);
}

/* `tests`: for how many classes the candidate has votes enough. */
static void judge_class(const ws__selecting *at, size_t k, size_t tests,
                        const ws_lf_choice *choice, ws_class_lift *lift) {
  double confidence = at->options.confidence;
  lift->prior = at->s->prior[k];
  lift->needed = ws__needed(lift->prior, at->options.delta);
  lift->precision = lift->certain =
      ws_wilson_interval(lift->right, lift->votes, confidence);
  lift->tier = WS_LF_UNPROVEN;
  if (lift->votes == 0) return;
  if (tests > 1) confidence = 1 - (1 - confidence) / (double)tests;
  lift->certain.low = certain_low(at, k, lift, confidence);
  lift->certain.high = certain_high(at, k, lift);
  bool enough = lift->votes >= at->options.least_votes;
  if (enough && lift->certain.low > lift->needed) lift->tier = WS_LF_ACCEPTED;
  if ((enough && lift->certain.high < lift->needed) || is_constant(at, choice, lift))
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
  if (lift->votes < at->options.least_votes)
    return ws__choice_say(at->s, choice,
                          "for '%.*s' right in %" PRIu64 " of %" PRIu64
                          " votes on dev: fewer than %zu prove nothing",
                          WS_TEXT_ARG(name), lift->right, lift->votes,
                          at->options.least_votes);
  return ws__choice_say(
      at->s, choice,
      "for '%.*s' right in %" PRIu64 " of %" PRIu64
      " votes on dev, %.3f to %.3f; more than %.3f is needed, as %.3f %s",
      WS_TEXT_ARG(name), lift->right, lift->votes, fmax(lift->certain.low, 0),
      fmin(lift->certain.high, 1), lift->needed, lift->prior,
      at->of_all ? "of dev is of the class"
                 : "of the records are said to be of the class");
}

/* Rejected where one of its classes is; accepted where one is accepted and none is
 * rejected. */
static ws_status judge_by_dev(ws__selecting *at, ws_lf_choice *choice,
                              ws_class_lift *lifts) {
  bool accepted = false, rejected = false;
  size_t tests = 0;
  for (size_t k = 0; k < at->s->K; k++)
    tests += lifts[k].votes && lifts[k].votes >= at->options.least_votes;
  for (size_t k = 0; k < at->s->K; k++) {
    judge_class(at, k, tests, choice, &lifts[k]);
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

/* What is said to be known, be it as the prior or as the balance of the label model's
 * classes; else dev's shares; else the label model's. */
static ws_status find_prior(ws__selecting *at, const ws_label_model *model,
                            ws_error *err) {
  const double *given = at->options.prior;
  double *prior = at->s->prior;
  if (!given && at->options.label_model) given = at->options.label_model->class_balance;
  for (size_t k = 0; given && k < at->s->K; k++) prior[k] = given[k];
  if (given) at->of_all = 0;
  if (given) return WS_OK;
  if (!at->dev) return model_prior(model, at->all, prior, err);
  for (size_t k = 0; k < at->s->K; k++)
    prior[k] = (double)at->of_class[k] / (double)at->of_all;
  return WS_OK;
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
