/* SPDX-License-Identifier: MIT
 *
 * The minimum of a function of one number.
 */
#ifndef WS_BRENT_H
#define WS_BRENT_H

/* Where f is least between low and high: the best of steps + 1 points, as f need not have
 * one minimum only, refined by Brent's method where it is not at the edge. */
double ws__least(double (*f)(double x, void *user), void *user, double low, double high,
                 int steps);

#endif
