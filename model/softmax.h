/* SPDX-License-Identifier: MIT
 *
 * From log-weights to a distribution.
 */
#ifndef WS_SOFTMAX_H
#define WS_SOFTMAX_H

#include <stddef.h>

/* x[K], not NaN and at least one above -infinity, becomes exp(x_k) / sum_l exp(x_l).
 * Returns log sum_l exp(x_l). */
double ws__softmax(double *x, size_t K);
/* The same without what it returns, which costs a logarithm. */
void ws__normalise(double *x, size_t K);

#endif
