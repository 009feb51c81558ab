/* SPDX-License-Identifier: MIT
 *
 * Posteriors of label models, and the votes of the golden vectors.
 */
#ifndef WS_MODEL_GOLDEN_H
#define WS_MODEL_GOLDEN_H

#include <weaksup/label_model.h>

#include "ws_test.h"

#define K2 "11-0 1--- 111- --00 ---0 -1-0 1-00 ---- 11-- --00 --10 111-"
#define K3 "01- 0-2 2-2 11- 00- -22 112 0-- -1- 222"

static inline ws_labels *predicted(const ws_label_model *model, const ws_votes *votes,
                                   bool raw) {
  ws_labels *labels = NULL;
  ws_error err = WS_ERROR_INIT;
  if (raw)
    assert_ok(ws_label_model_predict_raw(model, votes, &labels, &err), &err);
  else
    assert_ok(ws_label_model_predict(model, votes, &labels, &err), &err);
  return labels;
}

static inline const double *row(const ws_labels *labels, const ws_votes *votes,
                                size_t i) {
  return ws_labels_get(labels, ws_votes_row_pattern(votes, i));
}

/* The classes first .. K-1 of each record, one behind the other. */
static inline void check_golden(const ws_votes *votes, const ws_label_model *model,
                                size_t first, const double *raw, const double *tempered) {
  ws_labels *bare = predicted(model, votes, true);
  ws_labels *labels = predicted(model, votes, false);
  for (size_t i = 0, at = 0; i < ws_votes_rows(votes); i++)
    for (size_t k = first; k < ws_votes_classes(votes); k++, at++) {
      assert_near(row(bare, votes, i)[k], raw[at], 1e-9);
      assert_near(row(labels, votes, i)[k], tempered[at], 1e-9);
    }
  ws_labels_free(bare);
  ws_labels_free(labels);
}

#endif
