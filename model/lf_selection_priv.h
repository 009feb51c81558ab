/* SPDX-License-Identifier: MIT
 *
 * What the files lf_selection*.c share.
 *
 * In the formulas: C candidates, E existing LFs, K classes. Joined votes have the
 * existing ones first: candidate c is LF E + c of them where all are kept.
 */
#ifndef WS_LF_SELECTION_PRIV_H
#define WS_LF_SELECTION_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/lf_selection.h>

struct ws_lf_selection {
  ws_arena arena;
  ws_lf_choice *choices; // [C]
  size_t C, E, K;
  size_t chosen;
  bool validated;
  double *prior; // [K]
  double loss_before, loss_after;
};

/* What is at hand while it is made. */
typedef struct ws__selecting {
  ws_lf_selection *s;
  const ws_selection_votes *pool, *dev; // dev NULL: none
  ws_selection_options options;
  ws_votes *all;      // of the pool: existing ones and all candidates
  uint64_t gold_rows; // of dev, with gold
  double *balance;    // [K] for label models; NULL: unknown
  uint64_t *of_class; // [K] records that the prior is made of,
  uint64_t of_all;    // of so many; 0: it is known
} ws__selecting;

/* Keeps a line as the evidence of a choice. */
WS_CHECK ws_status ws__choice_say(ws_lf_selection *s, ws_lf_choice *choice,
                                  const char *line, ...) WS_PRINTF(3, 4);

/* --- lf_selection_lift.c --- */

/* The shares of the classes in the gold of dev for label models, which need all classes
 * to be possible: each gets one record more than there are (Laplace). Without `targeted`
 * rows (NULL: there are none). */
WS_CHECK ws_status ws__gold_balance_of(const ws_votes *votes, const bool *targeted,
                                       double *balance);
/* Those that the prior is made of, and the balance of label models. */
WS_CHECK ws_status ws__count_classes(ws__selecting *at);
/* What precision must be above: the prior and delta, or half of what is left. */
double ws__needed(double prior, double delta);
/* Judges each candidate by dev, or without by the label model of all. */
WS_CHECK ws_status ws__select_by_lift(ws__selecting *at, ws_error *err);

/* --- lf_selection_copies.c --- */

WS_CHECK ws_status ws__select_one_of_copies(ws__selecting *at, ws_error *err);

/* --- lf_selection_gain.c --- */

WS_CHECK ws_status ws__select_by_gain(ws__selecting *at, ws_error *err);

/* --- lf_selection_effect.c --- */

/* The options of a fit without gold: `balance` where they bring none. */
ws_label_model_options ws__selection_fit_options(const ws_label_model_options *wanted,
                                                 const double *balance, size_t classes);

/* What a record without a vote gets. */
void ws__selection_no_vote(const ws_label_model_options *options, size_t classes,
                           double *probs);

/* --- lf_selection_join.c --- */

/* WS_EINVAL unless rows, classes and names fit. */
WS_CHECK ws_status ws__selection_check(const ws_selection_votes *votes, const char *what,
                                       ws_error *err);
static inline size_t ws__existing_lfs(const ws_selection_votes *votes) {
  return votes->existing ? ws_votes_lfs(votes->existing) : 0;
}

#endif
