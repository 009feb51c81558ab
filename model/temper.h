/* SPDX-License-Identifier: MIT
 *
 * Tempering: makes a label model's posterior less sure, without moving its largest
 * classes.
 */
#ifndef WS_TEMPER_H
#define WS_TEMPER_H

#include <stddef.h>

/* A smaller probability counts as this. */
#define WS_TEMPER_LEAST 1e-300

/* probs[K], the posterior from `votes` > 0 votes, becomes
 *   (1 - eps) softmax(t log probs) + eps / K,  t = scale / (1 + rho (votes - 1)).
 * Votes of one record repeat one another more than the model believes: the more there
 * are, the more their evidence is divided. With scale = 1 and rho = eps = 0 nothing
 * changes. */
void ws__temper(double *probs, size_t K, size_t votes, double scale, double rho,
                double eps);
/* The exponent t. */
double ws__temper_exponent(size_t votes, double scale, double rho);

#endif
