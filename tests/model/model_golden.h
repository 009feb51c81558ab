/* SPDX-License-Identifier: MIT
 *
 * Label models of all kinds and their posteriors: votes of golden vectors, and votes that
 * could trip a model.
 */
#ifndef WS_MODEL_GOLDEN_H
#define WS_MODEL_GOLDEN_H

#include <weaksup/label_model.h>

#include "ws_test.h"

#define K2 "11-0 1--- 111- --00 ---0 -1-0 1-00 ---- 11-- --00 --10 111-"
#define K3 "01- 0-2 2-2 11- 00- -22 112 0-- -1- 222"

static const char *const all[] = {"lift",        "hds",      "mv",  "weighted-mv",
                                  "dawid-skene", "one-coin", "ebcc"};
enum { KINDS = sizeof all / sizeof *all };

/* Of two classes. */
static const char *const strange[] = {
    "---",                  // one record, no vote
    "--- --- ---",          // nothing at all
    "0",                    // one vote in all
    "1 1 1 - 1",            // one LF, one class
    "0 1 1 - 0",            // one LF, both classes
    "01 10 11 -0 1-",       // two LFs
    "0-1 1-1 1-- --0",      // an LF that never votes
    "00- 01- 000 0-1",      // one that always votes
    "00 00 00 0- -0",       // a class nobody votes for
    "01 01 01 01",          // always in conflict
    "111111 000000 111111", // all the same
    "0- -1 0- -1",          // never on one record
};

static inline ws_label_model *fitted_by(const ws_votes *votes,
                                        ws_label_model_options options) {
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_fit(votes, &options, &model, &err), &err);
  return model;
}

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

/* No NaN, sums of 1, before the tempering and behind it. */
static inline void check_distributions(const ws_votes *votes,
                                       const ws_label_model *model) {
  size_t K = ws_votes_classes(votes);
  for (int raw = 0; raw < 2; raw++) {
    ws_labels *labels = predicted(model, votes, raw == 1);
    for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
      const double *probs = ws_labels_get(labels, u);
      double sum = 0;
      for (size_t k = 0; k < K; k++) {
        assert_true(probs[k] >= 0 && probs[k] <= 1);
        sum += probs[k];
      }
      assert_near(sum, 1, 1e-12);
    }
    ws_labels_free(labels);
  }
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

/* The same of votes that are fitted in so many iterations. */
static inline void check_fit(const char *picture, int K, ws_label_model_options options,
                             unsigned iterations, size_t first, const double *raw,
                             const double *tempered) {
  ws_votes *votes = ws_test_votes(picture, K);
  ws_label_model *model = fitted_by(votes, options);
  assert_int_equal(ws_label_model_iterations(model), iterations);
  assert_true(ws_label_model_converged(model));
  check_golden(votes, model, first, raw, tempered);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

#endif
