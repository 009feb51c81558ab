/* SPDX-License-Identifier: MIT
 *
 * EM for the kinds that learn, for each LF and state, a distribution over its votes. What
 * is common is here; a kind brings its M-step.
 *
 * Late in a fit most posteriors stand still while a few still move. There, some passes go
 * over the moving patterns and the columns they vote in alone, until a pass over all
 * tells how far the others have come (R. M. Neal, G. E. Hinton: A view of the EM
 * algorithm that justifies incremental, sparse, and other variants, 1998). The fixed
 * point is that of plain EM, and only a pass over all patterns can end the fit.
 */
#ifndef WS_CONFUSION_EM_H
#define WS_CONFUSION_EM_H

#include "blocks.h"
#include "vote_table.h"

typedef struct ws__em ws__em;

typedef struct ws__em_kind {
  unsigned max_iterations;
  double tolerance; // of the largest change of a posterior
  /* Divides the share[K] of the votes of pattern u among the subtypes, into q[S]; NULL
   * where there is one each. */
  void (*split)(const ws__em *em, size_t u, const double *share, double *q);
  /* The M-step. First what all LFs have in common: sets the weights of the model's
   * confusion from the mass, and may leave pooled and scratch for update_lf. */
  void (*pool)(ws__em *em);
  /* Then rates and silent of LF j, of its wanted columns at least; `room` is for 2 S
   * numbers. Several LFs at a time: no more may be written. */
  void (*update_lf)(const ws__em *em, size_t j, double *room);
} ws__em_kind;

struct ws__em {
  const ws__em_kind *kind;
  const ws__vote_table *votes;
  const ws__fit_input *input;
  ws_label_model *model;
  ws__blocks *blocks;
  size_t S;
  size_t *voters_begin; // [C + 1]: the patterns that vote in column c are
  uint32_t *voters;     // voters[voters_begin[c]] .. voters[voters_begin[c + 1] - 1]
  double *q;            // [U][S] posteriors
  double *mass;         // [S] expected records of the state, and those of the gold
  double *counts;  // [C][S] expected votes of the column in the state, and the gold's
  double *change;  // [U] the largest of the pattern's posterior, in its last E-step
  double pooled;   // the kind's
  double *scratch; // [K][K] the kind's
  // What the passes go over:
  bool partial;          // not over all
  unsigned char *moves;  // [U]
  unsigned char *wanted; // [C] whether a pattern that moves votes there
  uint32_t *moving;      // those patterns
  uint32_t *columns;     // and columns
  size_t moving_count, column_count;
  double *settled_mass;   // [S] of the gold and the patterns that do not move,
  double *settled_counts; // [column_count][S]
};

ws_status ws__em_fit(ws_label_model *model, const ws__fit_input *input,
                     const ws__em_kind *kind);

/* For M-steps without subtypes: weights pi_k = (m_k + 1) / (W + K). */
void ws__learn_weights(ws__em *em);

/* The rest is for confusion_em.c. */
WS_CHECK ws_status ws__em_init(ws__em *em);
void ws__em_clear(ws__em *em);
/* The first posteriors: the shares of the votes. */
void ws__em_start(ws__em *em);
/* The E-step: q, mass and counts; returns the largest change. */
double ws__em_expect(ws__em *em);
/* What the next passes go over: all, or the patterns whose posterior moved by more than
 * `least`. False where those are too many for that to pay; it is all then. */
void ws__em_take_all(ws__em *em);
bool ws__em_take_moving(ws__em *em, double least);

#endif
