/* SPDX-License-Identifier: MIT
 *
 * What the two halves of LIFT's EM share: the rates (lift.c) and the passes over the
 * patterns (lift_passes.c).
 */
#ifndef WS_LIFT_EM_H
#define WS_LIFT_EM_H

#include "blocks.h"
#include "label_model_priv.h"
#include "near_duplicates.h"

typedef struct ws__lift_em {
  const ws__fit_input *input;
  const ws_votes *votes; // of the input, as the next
  const uint32_t *id_of; // [M][K] from the columns of the votes to those of the model
  ws_label_model *model;
  ws__blocks *blocks;
  uint32_t *lf;     // [C] of the columns, side by side for the many passes: their LFs,
  int32_t *label;   // [C] classes
  double *evidence; // [C] and omega_c log(h_c / f_c)
  double *q;        // [U][K], or [U] for two classes: q_u(1) alone
  double *mass;     // [K] m_k = sum of q(k) over the records
  double *right;    // [C] g_c = sum of q(l) over the records on which c votes
  double *spread;   // [M] omega_bar_j, mean omega of the LF's columns over all K classes
  double *silence;  // [C] A_(j,l) - A_j0: what abstaining of j says for l, against the
                    // classes that j never votes for
  double *base;     // [K] sum over all LFs of their silence
  // For two classes all that a vote says is one number, and so is the posterior:
  double *odds;     // [M][K] by the votes' columns: what each adds to log q(1) - log q(0)
  double base_odds; // that of a record on which all abstain
} ws__lift_em;

/* Fills *e, to be cleared whatever the status. */
WS_CHECK ws_status ws__lift_init(ws__lift_em *e, ws_label_model *model,
                                 const ws__fit_input *input);
void ws__lift_clear(ws__lift_em *e);

/* Two classes: odds and base_odds from evidence, silence and base. */
void ws__lift_fold(ws__lift_em *e);

/* The start: q(k) is the share of omega among the votes for k. Sets q, mass and right. */
void ws__lift_start(ws__lift_em *e);

/* The E-step: sets q, mass and right; returns mean_i sum_k |dq|. */
double ws__lift_expect(ws__lift_em *e);

#endif
