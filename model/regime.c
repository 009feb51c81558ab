/* SPDX-License-Identifier: MIT
 *
 * Looking at votes before a fit: which kind of model suits them, and what they cannot
 * tell.
 */
#include <math.h>

#include "label_model_priv.h"

#define ANNOTATOR_COVERAGE 0.99
#define ANNOTATOR_VOTES    0.8
#define FEWEST_LFS         3
#define LEAST_OVERLAP      0.01

typedef struct view {
  uint64_t varied; // votes of LFs that used two or more classes
  size_t active;   // LFs that vote
} view;

static view look(const ws__vote_counts *counts) {
  view v = {0};
  for (size_t j = 0; j < counts->M; j++) {
    uint64_t votes = 0;
    size_t classes = 0;
    for (size_t k = 0; k < counts->K; k++) {
      votes += counts->columns[j * counts->K + k];
      classes += counts->columns[j * counts->K + k] > 0;
    }
    v.active += classes > 0;
    if (classes >= 2) v.varied += votes;
  }
  return v;
}

/* A share as a percentage that is not rounded up to a bound it does not reach. Its digits
 * do not depend on the locale, as they are written to files. */
typedef struct percent {
  unsigned whole, tenths;
} percent;

static percent percent_of(double share, double bound) {
  unsigned tenths = (unsigned)floor(share * 1000 + 0.5);
  if (share < bound && tenths >= (unsigned)floor(bound * 1000 + 0.5))
    tenths = (unsigned)floor(share * 1000);
  return (percent){tenths / 10, tenths % 10};
}

ws_status ws__regime(const ws__vote_counts *counts, const ws__label_model_type **type,
                     ws_buffer *why) {
  view v = look(counts);
  double N = (double)counts->rows, votes = (double)counts->votes;
  double coverage = N > 0 ? (double)counts->covered / N : 0;
  double varied = votes > 0 ? (double)v.varied / votes : 0;
  bool annotators = coverage >= ANNOTATOR_COVERAGE && varied >= ANNOTATOR_VOTES;
  percent covered = percent_of(coverage, ANNOTATOR_COVERAGE),
          spread = percent_of(varied, ANNOTATOR_VOTES);
  *type = annotators ? &ws__hds : &ws__lift;
  return ws_buffer_printf(
      why,
      "the labeling functions vote like %s: %u.%u %% of the records have a vote and "
      "%u.%u %% of the votes come from labeling functions that voted for two or more "
      "classes (annotators: from 99 and 80 %% on)",
      annotators ? "annotators" : "rules", covered.whole, covered.tenths, spread.whole,
      spread.tenths);
}

ws_status ws__weak_votes(const ws__vote_counts *counts, ws_buffer *note) {
  view v = look(counts);
  if (v.active == 0)
    return ws_buffer_printf(note, "there are no votes: each record gets the class "
                                  "balance");
  double overlap = (double)counts->overlaps / (double)counts->covered;
  if (v.active >= FEWEST_LFS && overlap >= LEAST_OVERLAP) return WS_OK;
  percent both = percent_of(overlap, LEAST_OVERLAP);
  return ws_buffer_printf(
      note,
      "the votes cannot tell how accurate the labeling functions are (%zu of them vote, "
      "%u.%u %% of the covered records have two or more votes): the model rests on its "
      "prior accuracies and is close to the majority vote",
      v.active, both.whole, both.tenths);
}
