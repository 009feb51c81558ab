/* SPDX-License-Identifier: MIT
 *
 * What the F1 of classes is made of.
 */
#ifndef WS_METRICS_PRIV_H
#define WS_METRICS_PRIV_H

#include <stddef.h>

/* Of a class; fractions of records, since ties are split. */
typedef struct ws__class_counts {
  double right;     // TP: predicted, and gold
  double predicted; // TP + FP
  double gold;      // TP + FN
} ws__class_counts;

/* NaN for a class that neither occurs nor is predicted. */
double ws__f1(const ws__class_counts *counts);
/* Over the classes that have one. */
double ws__macro_f1(const ws__class_counts *counts, size_t K);
/* Of the probability of the gold class. */
double ws__log_loss(double probability);

#endif
