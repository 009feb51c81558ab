/* SPDX-License-Identifier: MIT
 *
 * Marginal utility: candidates are taken one by one, the one first with which the label
 * model's loss falls most.
 *
 * What a candidate would gain mostly falls as others are taken. So those that gained most
 * in an earlier round are tried first, and a round ends when none of the others did
 * better before (M. Minoux: Accelerated greedy algorithms, 1978). As the loss does not
 * promise that, all are tried before it ends.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "lf_selection_priv.h"

enum { FOLDS = 5 };

/* Nats over all of dev that may be chance, and the least that a gain is. */
static const double CHANCE = 2, LEAST = 1e-9;

typedef struct greedy {
  ws__selecting *at;
  ws_label_model_options fit;
  bool *keep;       // [C] that are taken
  bool *eligible;   // [C] and not taken
  double *gains;    // [C] when it was tried last
  size_t *tried;    // [C] in which round, from 1
  size_t *of_class; // [K] taken
  size_t round, eligible_count;
  double loss;           // with those that are taken
  ws_votes *all_votes;   // without dev: of all that could be taken,
  ws_labels *all_labels; // and what the label model says of them
} greedy;

/* --- the loss --- */

static double cross_entropy(const double *of, const double *by, size_t K) {
  double sum = 0;
  for (size_t k = 0; k < K; k++)
    if (of[k] > 0) sum -= of[k] * log(fmax(by[k], 1e-15));
  return sum;
}

/* Of the pool's labels by all that could be taken. Their entropy alone would be no guide:
 * it rises with each labeling function that contradicts others, right or wrong. `by` [K]
 * is what every record gets, or `labels` are those of `votes`. */
static double pool_loss(const greedy *g, const ws_votes *votes, const ws_labels *labels,
                        const double *by) {
  double sum = 0;
  size_t N = ws_votes_rows(g->all_votes), K = g->at->s->K;
  for (size_t i = 0; i < N; i++) {
    const double *of =
        ws_labels_get(g->all_labels, ws_votes_row_pattern(g->all_votes, i));
    if (labels) by = ws_labels_get(labels, ws_votes_row_pattern(votes, i));
    sum += cross_entropy(of, by, K);
  }
  return N ? sum / (double)N : 0;
}

/* The log-loss on dev, whose gold helps to fit as it will in use, so that it is how much
 * a candidate tells that counts, not how well the votes alone show that. Each part of dev
 * is predicted without its own gold. */
static ws_status dev_loss(const greedy *g, const ws_votes *pool, double *out,
                          ws_error *err) {
  ws_votes *dev = NULL;
  ws_scores scores;
  ws_status status = ws_selection_join(g->at->dev, g->keep, &dev, err);
  if (status == WS_OK)
    status =
        ws_label_model_cross_fit(pool, &g->fit, dev, FOLDS, NULL, NULL, &scores, err);
  if (status == WS_OK) *out = scores.log_loss;
  ws_votes_free(dev);
  return status;
}

static ws_status fit_and_predict(const greedy *g, const ws_votes *pool, ws_labels **out,
                                 ws_error *err) {
  ws_label_model *model = NULL;
  WS_TRY(ws_label_model_fit(pool, &g->fit, &model, err));
  ws_status status = ws_label_model_predict(model, pool, out, err);
  ws_label_model_free(model);
  return status;
}

static ws_status model_loss(const greedy *g, double *out, ws_error *err) {
  ws_votes *pool = NULL;
  ws_labels *labels = NULL;
  ws_status status = ws_selection_join(g->at->pool, g->keep, &pool, err);
  if (status == WS_OK && g->at->dev) {
    status = dev_loss(g, pool, out, err);
  } else if (status == WS_OK) {
    status = fit_and_predict(g, pool, &labels, err);
    if (status == WS_OK) *out = pool_loss(g, pool, labels, NULL);
  }
  ws_labels_free(labels);
  ws_votes_free(pool);
  return status;
}

/* Without any LF each record gets the class balance. */
static ws_status bare_loss(const greedy *g, double *out) {
  size_t K = g->at->s->K;
  double sum = 0;
  uint64_t n = 0;
  double *probs = ws_alloc_array(K, sizeof *probs);
  if (!probs) return WS_ENOMEM;
  ws__selection_no_vote(&g->fit, K, probs);
  const ws_votes *dev = g->at->dev ? g->at->dev->candidates : NULL;
  for (size_t i = 0; dev && i < ws_votes_rows(dev); i++) {
    int32_t gold = ws_votes_row_gold(dev, i);
    if (gold == WS_ABSTAIN) continue;
    sum -= log(fmax(probs[gold], 1e-15));
    n++;
  }
  *out = dev ? sum / (double)n : pool_loss(g, NULL, NULL, probs);
  ws_free(probs);
  return WS_OK;
}

static ws_status find_loss(const greedy *g, double *out, ws_error *err) {
  bool any = g->at->s->E > 0;
  for (size_t c = 0; c < g->at->s->C; c++) any = any || g->keep[c];
  if (any) return model_loss(g, out, err);
  return bare_loss(g, out) == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* --- one round --- */

static ws_status try_one(greedy *g, size_t c, ws_error *err) {
  double loss;
  ws_progress_sink sink = g->at->options.progress;
  if (!ws_progress_report(sink, "selecting", g->at->s->chosen, g->eligible_count, "LFs"))
    return ws_error_set(err, WS_ESTOPPED, "stopped while selecting");
  g->keep[c] = true;
  ws_status status = find_loss(g, &loss, err);
  g->keep[c] = false;
  if (status != WS_OK) return status;
  g->gains[c] = g->loss - loss;
  g->tried[c] = g->round;
  return WS_OK;
}

/* The share of a class, where there is a limit on all. */
static bool is_in_share(const greedy *g, size_t c) {
  size_t most = g->at->options.max_lfs, K = g->at->s->K;
  int32_t label = g->at->s->choices[c].label;
  return most == 0 || label == WS_ABSTAIN || g->of_class[label] < (most + K - 1) / K;
}

/* What a candidate must gain at least. One whose lift is proven tells something, so that
 * it is left out only where the labels get worse beyond what chance does to so few
 * records; one that is not has nothing but its gain to show. */
static double least_of(const greedy *g, size_t c) {
  const ws__selecting *at = g->at;
  if (!isnan(at->options.least_gain)) return at->options.least_gain;
  bool proven = at->s->choices[c].tier == WS_LF_ACCEPTED;
  return at->dev && proven ? -CHANCE / (double)at->gold_rows : LEAST;
}

static bool helps(const greedy *g, size_t c) {
  return g->gains[c] > least_of(g, c);
}

/* The one that gained most when it was tried last, beyond what it must; C: there is none.
 */
static size_t most_promising(const greedy *g, bool in_share) {
  size_t C = g->at->s->C, best = C;
  for (size_t c = 0; c < C; c++) {
    if (!g->eligible[c] || is_in_share(g, c) != in_share) continue;
    if (best == C || g->gains[c] - least_of(g, c) > g->gains[best] - least_of(g, best))
      best = c;
  }
  return best;
}

/* Tries until the most promising one was tried in this round; then, unless it helps, all
 * the others. */
static ws_status find_best(greedy *g, bool in_share, size_t *out, ws_error *err) {
  size_t C = g->at->s->C;
  for (;;) {
    size_t best = most_promising(g, in_share);
    *out = best;
    if (best == C) return WS_OK;
    if (g->tried[best] != g->round) {
      WS_TRY(try_one(g, best, err));
      continue;
    }
    if (helps(g, best)) return WS_OK;
    bool all = true;
    for (size_t c = 0; c < C; c++) {
      if (!g->eligible[c] || is_in_share(g, c) != in_share || g->tried[c] == g->round)
        continue;
      WS_TRY(try_one(g, c, err));
      all = false;
    }
    if (all) return WS_OK;
  }
}

static void take(greedy *g, size_t c) {
  ws_lf_choice *choice = &g->at->s->choices[c];
  choice->chosen = true;
  choice->rank = g->at->s->chosen++;
  choice->gain = g->gains[c];
  g->keep[c] = true;
  g->eligible[c] = false;
  g->loss -= g->gains[c];
  if (choice->label != WS_ABSTAIN) g->of_class[choice->label]++;
}

static ws_status next_round(greedy *g, bool *taken, ws_error *err) {
  size_t C = g->at->s->C, best;
  *taken = false;
  g->round++;
  for (int share = 1; share >= 0 && !*taken; share--) {
    WS_TRY(find_best(g, share, &best, err));
    if (best == C || !helps(g, best)) continue;
    take(g, best);
    *taken = true;
  }
  return WS_OK;
}

/* --- all --- */

static const char *loss_name(const greedy *g) {
  return g->at->dev ? "log-loss on dev" : "distance from the labels by all candidates";
}

static ws_status say_chosen(greedy *g, ws_lf_choice *choice) {
  return ws__choice_say(g->at->s, choice, "%s; the %s changes by %+.4f with it",
                        choice->evidence, loss_name(g), -choice->gain);
}

static ws_status say_not_chosen(greedy *g, size_t c) {
  ws_lf_choice *choice = &g->at->s->choices[c];
  size_t most = g->at->options.max_lfs;
  double gain = g->gains[c];
  bool beyond = most && g->at->s->chosen >= most && helps(g, c);
  choice->gain = isinf(gain) ? (double)NAN : gain;
  if (choice->tier == WS_LF_UNPROVEN) return WS_OK; // it was only asked to help
  choice->tier = WS_LF_REJECTED;
  choice->reason = beyond ? WS_LF_BEYOND_MOST : WS_LF_NO_GAIN;
  if (beyond)
    return ws__choice_say(g->at->s, choice,
                          "%zu labeling functions, as many as are wanted, help more",
                          most);
  return ws__choice_say(
      g->at->s, choice,
      "beside the others it does not help: the %s would change by %+.4f", loss_name(g),
      -gain);
}

static ws_status conclude(greedy *g) {
  for (size_t c = 0; c < g->at->s->C; c++) {
    ws_lf_choice *choice = &g->at->s->choices[c];
    if (g->keep[c])
      WS_TRY(say_chosen(g, choice));
    else if (g->eligible[c])
      WS_TRY(say_not_chosen(g, c));
  }
  return WS_OK;
}

/* What the label model says where all that could be taken are. */
static ws_status label_by_all(greedy *g, ws_error *err) {
  WS_TRY(ws_selection_join(g->at->pool, g->eligible, &g->all_votes, err));
  if (g->at->s->E + g->eligible_count)
    return fit_and_predict(g, g->all_votes, &g->all_labels, err);
  if (ws_labels_new(ws_votes_patterns(g->all_votes), g->at->s->K, &g->all_labels) !=
      WS_OK)
    return ws_error_nomem(err);
  for (size_t u = 0; u < ws_votes_patterns(g->all_votes); u++)
    ws__selection_no_vote(&g->fit, g->at->s->K, ws_labels_at(g->all_labels, u));
  return WS_OK;
}

static ws_status run(greedy *g, ws_error *err) {
  ws_lf_selection *s = g->at->s;
  bool taken = true;
  if (!g->at->dev) WS_TRY(label_by_all(g, err));
  WS_TRY(find_loss(g, &g->loss, err));
  s->loss_before = g->loss;
  size_t most = g->at->options.max_lfs ? g->at->options.max_lfs : s->C;
  while (taken && s->chosen < most) WS_TRY(next_round(g, &taken, err));
  s->loss_after = g->loss;
  return conclude(g) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static void set_eligible(greedy *g) {
  for (size_t c = 0; c < g->at->s->C; c++) {
    ws_lf_tier tier = g->at->s->choices[c].tier;
    bool wanted = tier == WS_LF_ACCEPTED ||
                  (tier == WS_LF_UNPROVEN && g->at->options.include_unproven);
    g->eligible[c] = wanted;
    g->eligible_count += wanted;
    g->gains[c] = (double)INFINITY;
  }
}

ws_status ws__select_by_gain(ws__selecting *at, ws_error *err) {
  size_t C = at->s->C, K = at->s->K;
  greedy g = {.at = at};
  g.fit = ws__selection_fit_options(at->options.label_model, at->balance, K);
  g.keep = ws_alloc_zero(C, sizeof *g.keep);
  g.eligible = ws_alloc_zero(C, sizeof *g.eligible);
  g.gains = ws_alloc_zero(C, sizeof *g.gains);
  g.tried = ws_alloc_zero(C, sizeof *g.tried);
  g.of_class = ws_alloc_zero(K, sizeof *g.of_class);
  ws_status status = WS_ENOMEM;
  if (g.keep && g.eligible && g.gains && g.tried && g.of_class) {
    set_eligible(&g);
    status = run(&g, err);
  } else {
    ws_error_nomem(err);
  }
  ws_votes_free(g.all_votes);
  ws_labels_free(g.all_labels);
  ws_free(g.keep);
  ws_free(g.eligible);
  ws_free(g.gains);
  ws_free(g.tried);
  ws_free(g.of_class);
  return status;
}
