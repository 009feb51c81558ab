/* SPDX-License-Identifier: MIT
 *
 * The logistic function of many numbers at once.
 */
#ifndef WS_SIGMOID_H
#define WS_SIGMOID_H

#include <stddef.h>

/* Each x, which is not NaN, becomes 1 / (1 + exp(-x)), right to a few units of its last
 * digit; below -708 that of -708. */
void ws__sigmoid(double *x, size_t count);

/* How many numbers a pass over the patterns takes at once. */
#define WS_SIGMOID_CHUNK 256

#endif
