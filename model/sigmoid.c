/* SPDX-License-Identifier: MIT
 *
 * exp by reduction and a polynomial (W. J. Cody and W. Waite: Software Manual for the
 * Elementary Functions, 1980), without a branch or a call, so that compilers take several
 * numbers at a time; it gives the same bits on every processor, too, which libm does not.
 */
#include "sigmoid.h"

#include <stdint.h>
#include <string.h>

#define LIMIT    708.0 // exp(-708) is still a normal number
#define LOG2_E   0x1.71547652b82fep+0
#define LN2_HIGH 0x1.62e42fefap-1 // its last bits are 0: times a small whole number exact
#define LN2_LOW  0x1.cf79abc9e3b39803p-40
#define SHIFT    0x1.8p52 // added and taken away: rounds to a whole number

/* exp(r) for |r| <= log(2) / 2: the series, to less than half a unit of the last digit.
 */
static double series(double r) {
  double p = 1.0 / 6227020800;
  p = p * r + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  return p * r + 1;
}

/* 2^n, n being a whole number that was rounded by SHIFT: its low bits are n. */
static double power_of_two(double shifted) {
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  memcpy(&shifted, &bits, sizeof bits);
  return shifted;
}

/* Apart from the rest: a choice by comparison would keep compilers from taking several
 * numbers at a time. */
static void keep_within_limit(double *x, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (x[i] > LIMIT) x[i] = LIMIT;
    if (x[i] < -LIMIT) x[i] = -LIMIT;
  }
}

void ws__sigmoid(double *x, size_t count) {
  keep_within_limit(x, count);
  for (size_t i = 0; i < count; i++) {
    double shifted = x[i] * -LOG2_E + SHIFT, n = shifted - SHIFT;
    double r = -x[i] - n * LN2_HIGH - n * LN2_LOW;
    x[i] = 1 / (1 + series(r) * power_of_two(shifted));
  }
}
