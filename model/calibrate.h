/* SPDX-License-Identifier: MIT
 *
 * The scale of the tempering, from records whose gold label the model has not seen.
 */
#ifndef WS_CALIBRATE_H
#define WS_CALIBRATE_H

#include "label_model_priv.h"

/* The bounds of the scale. */
#define WS_SCALE_LOW  0.3
#define WS_SCALE_HIGH 3.4

/* A record with gold. */
typedef struct ws__judged_row {
  size_t votes; // 0: uncovered, no matter to the scale
  int32_t gold;
  unsigned part;
} ws__judged_row;

/* Records with gold and their bare posteriors. */
typedef struct ws__judged {
  size_t K, count;
  ws__judged_row *rows; // [count]
  double *probs;        // [count][K]
} ws__judged;

/* The scale that gives the gold labels of all parts but `without` the greatest
 * probability, ln scale having the prior N(0, .5^2): few records hardly move it from 1.
 * Rounded to four places: the rest is noise, and would depend on the order of the
 * records. */
WS_CHECK ws_status ws__fit_scale(const ws__judged *judged, unsigned without, double rho,
                                 double eps, double *out);

#endif
