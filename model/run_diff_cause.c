/* SPDX-License-Identifier: MIT
 *
 * Which labeling function turned a label. Along the log-odds of the class that won
 * against the one that lost, each labeling function's share after is compared with its
 * share before; the one that gained most did it, unless the class balance and the
 * tempering together gained more.
 */
#include "run_diff_cause.h"

#include <weaksup/alloc.h>
#include <weaksup/explain.h>

#define EQUAL 1e-9

/* The most probable class but `not_this`. */
static size_t best_but(const double *probs, size_t K, int32_t not_this) {
  size_t best = not_this == 0 ? 1 : 0;
  for (size_t k = 0; k < K; k++)
    if ((int32_t)k != not_this && probs[k] > probs[best]) best = k;
  return best;
}

static int64_t find(const ws_run_diff *diff, ws_text lf) {
  for (size_t j = 0; j < diff->lf_count; j++)
    if (ws_text_equals(lf, diff->lfs[j].lf.data)) return (int64_t)j;
  return -1;
}

/* Adds sign * what each term says for `won` against `lost`; gains[lf_count] is what is no
 * labeling function's. */
static ws_status add_shares(const ws_run_diff *diff, const ws_run_side *side, size_t u,
                            double sign, size_t won, size_t lost, double *gains,
                            int32_t *votes, bool *is_log, ws_error *err) {
  ws_explanation *explanation = NULL;
  WS_TRY(ws_explain(side->model, side->votes, u, &explanation, err));
  *is_log = ws_explanation_is_log(explanation);
  for (size_t i = 0; i < ws_explanation_terms(explanation); i++) {
    const ws_term *term = ws_explanation_term(explanation, i);
    int64_t j = term->lf.size ? find(diff, term->lf) : -1;
    gains[j < 0 ? diff->lf_count : (size_t)j] +=
        sign * (term->adds[won] - term->adds[lost]);
    if (j >= 0 && term->kind == WS_TERM_VOTE) votes[j] = term->label;
  }
  ws_explanation_free(explanation);
  return WS_OK;
}

/* Of equal gains one that comes with another vote counts more: where votes are counted,
 * a new one takes from the shares of the others what it gains itself. */
static void choose(const ws_run_diff *diff, const double *gains, const int32_t *was,
                   const int32_t *is, ws__cause *out) {
  size_t M = diff->lf_count, best = M;
  for (size_t j = 0; j < M; j++) {
    bool other = best < M && was[j] != is[j] && was[best] == is[best];
    if (gains[j] > gains[best] + (other ? -EQUAL : 0)) best = j;
  }
  *out = (ws__cause){.lf = best < M ? (int64_t)best : -1};
  if (best < M) out->by_vote = was[best] != is[best];
}

ws_status ws__flip_cause(const ws_run_diff *diff, const ws_run_side *before,
                         const ws_run_side *after, const ws__flip *flip, ws__cause *out,
                         ws_error *err) {
  size_t K = ws_votes_classes(after->votes), M = diff->lf_count;
  const double *old = ws_labels_get(before->labels, flip->before);
  const double *new = ws_labels_get(after->labels, flip->after);
  size_t won = flip->to != WS_ABSTAIN ? (size_t)flip->to : best_but(new, K, flip->from);
  size_t lost =
      flip->from != WS_ABSTAIN ? (size_t)flip->from : best_but(old, K, flip->to);
  double *gains = ws_alloc_zero(M + 1, sizeof *gains);
  int32_t *was = ws_alloc_array(M, sizeof *was), *is = ws_alloc_array(M, sizeof *is);
  bool log_before = false, log_after = false;
  ws_status status = gains && was && is ? WS_OK : ws_error_nomem(err);
  for (size_t j = 0; status == WS_OK && j < M; j++) was[j] = is[j] = WS_ABSTAIN;
  if (status == WS_OK)
    status = add_shares(diff, before, flip->before, -1, won, lost, gains, was,
                        &log_before, err);
  if (status == WS_OK)
    status =
        add_shares(diff, after, flip->after, 1, won, lost, gains, is, &log_after, err);
  *out = (ws__cause){.lf = -1};
  if (status == WS_OK && log_before == log_after) choose(diff, gains, was, is, out);
  ws_free(gains);
  ws_free(was);
  ws_free(is);
  return status;
}
