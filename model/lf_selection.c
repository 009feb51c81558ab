/* SPDX-License-Identifier: MIT
 *
 * Selecting labeling functions: the steps in their order. Each says of those that it
 * rejects why, with the figures; those that it does not reject are the next one's.
 */
#include <weaksup/lf_selection.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "lf_selection_priv.h"

const char *ws_lf_tier_name(ws_lf_tier tier) {
  static const char *const names[] = {"accepted", "unproven", "rejected"};
  return names[tier];
}

const char *ws_lf_verdict_reason_name(ws_lf_verdict_reason reason) {
  static const char *const names[WS_LF_VERDICT_REASONS] = {
      "accepted",        "no_lift",       "silent_on_dev",
      "undecided",       "model_no_lift", "duplicate_source",
      "duplicate_votes", "no_gain",       "beyond_most"};
  return names[reason];
}

ws_selection_options ws_selection_options_default(void) {
  return (ws_selection_options){.delta = 0.05,
                                .confidence = 0.95,
                                .least_votes = 3,
                                .jaccard = 0.95,
                                .least_gain = (double)NAN};
}

ws_status ws__choice_say(ws_lf_selection *s, ws_lf_choice *choice, const char *line,
                         ...) {
  char said[WS_ERROR_MESSAGE_SIZE];
  ws_text kept;
  va_list values;
  va_start(values, line);
  vsnprintf(said, sizeof said, line, values);
  va_end(values);
  ws_text_clean(said, strlen(said));
  WS_TRY(ws_arena_text(&s->arena, ws_text_of(said), &kept));
  choice->evidence = kept.data;
  return WS_OK;
}

/* --- before anything is judged --- */

static ws_status check_input(ws__selecting *at, ws_error *err) {
  WS_TRY(ws__selection_check(at->pool, "the pool", err));
  if (!at->dev) return WS_OK;
  WS_TRY(ws__selection_check(at->dev, "dev", err));
  const ws_votes *dev = at->dev->candidates;
  if (ws_votes_classes(dev) != at->s->K || ws_votes_lfs(dev) != at->s->C ||
      ws__existing_lfs(at->dev) != at->s->E)
    return ws_error_set(err, WS_EINVAL,
                        "expected votes of the same LFs and classes on dev and on the "
                        "pool");
  for (size_t c = 0; c < at->s->C; c++)
    if (!ws_text_equal(ws_votes_lf(dev, c), ws_votes_lf(at->pool->candidates, c)))
      return ws_error_set(err, WS_EINVAL, "LF %zu of dev is '%.*s', of the pool '%.*s'",
                          c, WS_TEXT_ARG(ws_votes_lf(dev, c)),
                          WS_TEXT_ARG(ws_votes_lf(at->pool->candidates, c)));
  for (size_t i = 0; i < ws_votes_rows(dev); i++)
    at->gold_rows += ws_votes_row_gold(dev, i) != WS_ABSTAIN;
  if (at->gold_rows) return WS_OK;
  return ws_error_set(err, WS_EINVAL, "no record of dev has a gold label");
}

/* The class that each votes for most, and how often it votes. */
static ws_status count_votes(ws__selecting *at) {
  ws_lf_selection *s = at->s;
  const ws_votes *votes = at->pool->candidates;
  uint64_t *counts = ws_alloc_zero(s->C * s->K, sizeof *counts);
  if (!counts) return WS_ENOMEM;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern p = ws_votes_pattern(votes, u);
    for (size_t v = 0; v < p.size; v++) counts[p.columns[v]] += p.count;
  }
  for (size_t c = 0; c < s->C; c++) {
    ws_lf_choice *choice = &s->choices[c];
    uint64_t most = 0;
    for (size_t k = 0; k < s->K; k++) {
      uint64_t n = counts[c * s->K + k];
      choice->pool_votes += n;
      if (n > most) choice->label = (int32_t)k;
      if (n > most) most = n;
    }
  }
  ws_free(counts);
  return WS_OK;
}

static ws_status set_up(ws__selecting *at, ws_error *err) {
  ws_lf_selection *s = at->s;
  s->C = ws_votes_lfs(at->pool->candidates);
  s->E = ws__existing_lfs(at->pool);
  s->K = ws_votes_classes(at->pool->candidates);
  s->validated = at->dev != NULL;
  s->loss_before = s->loss_after = (double)NAN;
  WS_TRY(check_input(at, err));
  s->choices = ws_alloc_zero(s->C, sizeof *s->choices);
  s->prior = ws_alloc_zero(s->K, sizeof *s->prior);
  if (!s->choices || !s->prior) return ws_error_nomem(err);
  for (size_t c = 0; c < s->C; c++)
    s->choices[c] = (ws_lf_choice){.label = WS_ABSTAIN,
                                   .evidence = "",
                                   .estimated = (double)NAN,
                                   .gain = (double)NAN};
  if (at->dev && ws__count_classes(at) != WS_OK) return ws_error_nomem(err);
  if (count_votes(at) != WS_OK) return ws_error_nomem(err);
  return ws_selection_join(at->pool, NULL, &at->all, err);
}

/* --- life --- */

void ws_lf_selection_free(ws_lf_selection *s) {
  if (!s) return;
  ws_arena_clear(&s->arena);
  ws_free(s->choices);
  ws_free(s->prior);
  ws_free(s);
}

static ws_status select(ws__selecting *at, ws_error *err) {
  WS_TRY(set_up(at, err));
  if (at->s->C == 0) return WS_OK;
  WS_TRY(ws__select_by_lift(at, err));
  WS_TRY(ws__select_one_of_copies(at, err));
  return ws__select_by_gain(at, err);
}

ws_status ws_lf_select(const ws_selection_votes *pool, const ws_selection_votes *dev,
                       const ws_selection_options *options, ws_lf_selection **out,
                       ws_error *err) {
  ws__selecting at = {.pool = pool, .dev = dev};
  at.options = options ? *options : ws_selection_options_default();
  at.s = ws_alloc_zero(1, sizeof *at.s);
  if (!at.s) return ws_error_nomem(err);
  ws_status status = select(&at, err);
  ws_votes_free(at.all);
  ws_free(at.balance);
  ws_free(at.of_class);
  if (status == WS_OK)
    *out = at.s;
  else
    ws_lf_selection_free(at.s);
  return status;
}

size_t ws_lf_selection_count(const ws_lf_selection *s) {
  return s->C;
}

const ws_lf_choice *ws_lf_selection_at(const ws_lf_selection *s, size_t j) {
  return &s->choices[j];
}

size_t ws_lf_selection_chosen(const ws_lf_selection *s) {
  return s->chosen;
}

bool ws_lf_selection_validated(const ws_lf_selection *s) {
  return s->validated;
}

const double *ws_lf_selection_prior(const ws_lf_selection *s) {
  return s->prior;
}

double ws_lf_selection_loss_before(const ws_lf_selection *s) {
  return s->loss_before;
}

double ws_lf_selection_loss_after(const ws_lf_selection *s) {
  return s->loss_after;
}

/* --- what to label next --- */

/* Of a pattern: how many unproven candidates still want a vote and have one there. */
static size_t wanted(ws_pattern p, size_t K, const size_t *wants) {
  size_t count = 0;
  for (size_t v = 0; v < p.size; v++) count += wants[p.columns[v] / K] > 0;
  return count;
}

static size_t pick_row(const ws_votes *votes, size_t K, const size_t *wants,
                       const bool *used) {
  size_t best = SIZE_MAX, most = 0;
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    if (used[i] || ws_votes_row_gold(votes, i) != WS_ABSTAIN) continue;
    size_t n = wanted(ws_votes_pattern(votes, ws_votes_row_pattern(votes, i)), K, wants);
    if (n <= most) continue;
    most = n;
    best = i;
  }
  return best;
}

ws_status ws_lf_selection_ask(const ws_lf_selection *s, const ws_votes *candidates,
                              size_t most, size_t enough, size_t *rows, size_t *count) {
  size_t *wants = ws_alloc_zero(s->C, sizeof *wants), found = 0;
  bool *used = ws_alloc_zero(ws_votes_rows(candidates), sizeof *used);
  ws_status status = wants && used ? WS_OK : WS_ENOMEM;
  for (size_t c = 0; status == WS_OK && c < s->C; c++)
    if (s->choices[c].tier == WS_LF_UNPROVEN) wants[c] = enough;
  while (status == WS_OK && found < most) {
    size_t row = pick_row(candidates, s->K, wants, used);
    if (row == SIZE_MAX) break;
    ws_pattern p = ws_votes_pattern(candidates, ws_votes_row_pattern(candidates, row));
    for (size_t v = 0; v < p.size; v++)
      if (wants[p.columns[v] / s->K]) wants[p.columns[v] / s->K]--;
    used[row] = true;
    rows[found++] = row;
  }
  if (status == WS_OK) *count = found;
  ws_free(wants);
  ws_free(used);
  return status;
}
