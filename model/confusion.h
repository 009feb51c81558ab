/* SPDX-License-Identifier: MIT
 *
 * EM for the kinds that learn, for each LF and class, a distribution over its votes. What
 * is common is here: the E-step over patterns, its sums, and prediction. A kind brings
 * its M-step.
 *
 * S = G K states, G of them (subtypes) for each class; q_u(s) posterior of a pattern.
 */
#ifndef WS_CONFUSION_H
#define WS_CONFUSION_H

#include "vote_table.h"

typedef struct ws__em {
  const ws__vote_table *votes;
  const ws__fit_input *input;
  ws_label_model *model;
  size_t S;
  double *q;       // [U][S]
  double *mass;    // [S] expected records of the state, and those of the gold
  double *counts;  // [C][S] expected votes of the column in the state, and the gold's
  double *fresh;   // [S] scratch
  double *scratch; // [K * K + 3 K] for the M-step
} ws__em;

typedef struct ws__em_kind {
  unsigned max_iterations;
  double tolerance; // of the largest change of a posterior
  /* Divides the share[K] of the votes of pattern u among the subtypes, into q[S]; NULL
   * where there is one each. */
  void (*split)(const ws__em *em, size_t u, const double *share, double *q);
  /* Sets weights (unless the balance is to be used inside EM), rates and silent of the
   * model's confusion from mass and counts. */
  void (*maximise)(ws__em *em);
} ws__em_kind;

ws_status ws__em_fit(ws_label_model *model, const ws__fit_input *input,
                     const ws__em_kind *kind);

/* For M-steps without subtypes: weights pi_k = (m_k + 1) / (W + K). */
void ws__learn_weights(ws__em *em);

/* Makes room, once C is known: weights uniform, the rest 0. */
ws_status ws__confusion_new(ws_label_model *model);
void ws__confusion_clear(ws__confusion *confusion);
/* Computes what follows from weights, rates and silent. */
void ws__confusion_ready(ws_label_model *model);

/* The posterior of all kinds with a confusion. */
void ws__confusion_posterior(const ws_label_model *model, const uint32_t *id_of,
                             ws_pattern pattern, double *probs);

#endif
