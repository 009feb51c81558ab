/* SPDX-License-Identifier: MIT
 *
 * What a classifier that was made smaller says otherwise than the whole one.
 */
#include <weaksup/export.h>

#include <math.h>

#include <weaksup/labels.h>

void ws_export_cost_add(ws_export_cost *cost, const double *whole, const double *part,
                        size_t K, int32_t gold) {
  int32_t a = ws_probs_argmax(whole, K), b = ws_probs_argmax(part, K);
  for (size_t k = 0; k < K; k++)
    cost->largest = fmax(cost->largest, fabs(whole[k] - part[k]));
  cost->records++;
  cost->same += a == b;
  if (gold == WS_ABSTAIN) return;
  cost->gold++;
  cost->whole_right += a == gold;
  cost->part_right += b == gold;
}
