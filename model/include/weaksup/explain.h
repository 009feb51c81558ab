/* SPDX-License-Identifier: MIT
 *
 * Why a record has the label that it has: what each vote, the class balance and the
 * tempering add to the posterior. The terms add up to it exactly.
 */
#ifndef WEAKSUP_EXPLAIN_H
#define WEAKSUP_EXPLAIN_H

#include <weaksup/label_model.h>

WS_BEGIN_DECLS

typedef enum ws_term_kind {
  WS_TERM_PRIOR,   // the class balance that was given or learned
  WS_TERM_VOTE,    // of an LF
  WS_TERM_SILENCE, // of an LF that abstains, for kinds to which that says something
  WS_TERM_SCALE,   // of tempering: the log-odds so far are multiplied by `parameter`, t
  WS_TERM_FLOOR,   // of tempering: each class gets at least `parameter` / K, eps / K
} ws_term_kind;

/* "prior", "vote", "silence", "scale", "floor". */
WS_API const char *ws_term_kind_name(ws_term_kind kind);

typedef struct ws_term {
  ws_term_kind kind;
  ws_text lf;         // its name; empty where the term is no LF's
  int32_t label;      // what it voted for; WS_ABSTAIN for other terms
  double parameter;   // see above; NaN for other terms
  const double *adds; // [K] to each class: see ws_explanation_is_log
} ws_term;

typedef struct ws_explanation ws_explanation;

/* Explains the posterior of pattern u of `votes`, under the conditions of
 * ws_label_model_predict. Names are borrowed: the model and the votes must outlive the
 * explanation. */
WS_API WS_CHECK ws_status ws_explain(const ws_label_model *model, const ws_votes *votes,
                                     size_t u, ws_explanation **out, ws_error *err);
WS_API void ws_explanation_free(ws_explanation *explanation);

/* The terms stand in the order prior, votes by LF, silences by LF, scale, floor. Kinds
 * with subtypes (ebcc), whose votes do not act one by one, are explained in that order:
 * each vote adds what it changes after those before it. */
WS_API size_t ws_explanation_terms(const ws_explanation *explanation);
WS_API const ws_term *ws_explanation_term(const ws_explanation *explanation, size_t i);

/* True: the sum over the terms of adds[a] - adds[b] is log P(a) - log P(b). False, for
 * the kinds that count votes (mv, weighted-mv): the sum of adds[k] is P(k) itself. */
WS_API bool ws_explanation_is_log(const ws_explanation *explanation);

/* The posterior, [K], as ws_label_model_predict gives it. */
WS_API const double *ws_explanation_probs(const ws_explanation *explanation);
/* The most probable class and the one behind it; of equal ones the first. */
WS_API size_t ws_explanation_first(const ws_explanation *explanation);
WS_API size_t ws_explanation_second(const ws_explanation *explanation);
/* What the term adds to `first` against `second`. */
WS_API double ws_explanation_margin(const ws_explanation *explanation, size_t i);

WS_END_DECLS

#endif
