/* SPDX-License-Identifier: MIT
 *
 * What a diagnosis finds about classes: votes that they lack, and how frequent they are.
 */
#include <math.h>

#include "diagnosis_priv.h"
#include "label_model_priv.h"

#define HARDLY  0.1 // of the records that the class should have
#define EXTREME 4.0 // ratio of shares

double ws__class_share(const ws__doctor *d, size_t k) {
  return d->model->balance ? d->model->balance[k] : 1 / (double)d->facts.K;
}

ws_status ws__find_classes_without_votes(ws__doctor *d) {
  d->listed = 0;
  for (uint32_t k = 0; k < d->facts.K; k++)
    if (d->facts.class_votes[k] == 0) d->list[d->listed++] = k;
  if (d->listed == 0) return WS_OK;
  WS_TRY(ws_buffer_string(&d->text, "no labeling function votes for "));
  WS_TRY(ws__finding_names(d, d->list, d->listed, "", ws_votes_class));
  WS_TRY(ws_buffer_string(&d->text, ", so no record can get that label"));
  ws_finding finding = {
      .kind = WS_CLASS_WITHOUT_VOTES, .classes = d->list, .class_count = d->listed};
  return ws__finding_add(d, finding,
                         "write a labeling function for each, or leave the class out");
}

ws_status ws__find_class_hardly_voted(ws__doctor *d, uint32_t k) {
  const ws__facts *f = &d->facts;
  double expected = ws__class_share(d, k) * (double)f->covered;
  if (f->class_votes[k] == 0 || (double)f->class_votes[k] >= HARDLY * expected)
    return WS_OK;
  ws_finding finding = {.kind = WS_CLASS_HARDLY_VOTED, .classes = &k, .class_count = 1};
  ws__finding_figure(&finding, "records", (double)f->class_votes[k]);
  ws__finding_figure(&finding, "expected", expected);
  WS_TRY(ws_buffer_printf(
      &d->text,
      "%llu of %llu covered records have a vote for %.*s, where the class "
      "balance%s expects %.0f",
      (unsigned long long)f->class_votes[k], (unsigned long long)f->covered,
      WS_TEXT_ARG(ws__finding_class(d, k)),
      d->model->balance ? "" : " (taken as uniform)", expected));
  return ws__finding_add(
      d, finding,
      "write labeling functions for it; if it is that rare, say so with "
      "--class-balance");
}

/* --- their balance ------------------------------------------------------------------ */

static bool all_unipolar(const ws__facts *f) {
  for (size_t j = 0; j < f->M; j++)
    if (f->polarity[j] > 1) return false;
  return f->active > 0;
}

/* How far apart two shares are. */
static double ratio(double a, double b) {
  double more = fmax(a, b), less = fmin(a, b);
  return more == 0 ? 1 : less == 0 ? (double)INFINITY : more / less;
}

/* The class whose share in the labels is furthest from that in the votes, or, where none
 * is far, the rarest; of those that are voted for. */
static size_t strangest_class(const ws__facts *f) {
  size_t far = f->K, rare = f->K;
  for (size_t k = 0; k < f->K; k++) {
    if (f->class_votes[k] == 0) continue;
    if (far == f->K ||
        ratio(f->labeled[k], f->voted[k]) > ratio(f->labeled[far], f->voted[far]))
      far = k;
    if (rare == f->K || f->labeled[k] < f->labeled[rare]) rare = k;
  }
  return ratio(f->labeled[far], f->voted[far]) >= EXTREME ? far : rare;
}

ws_status ws__find_balance_unknown(ws__doctor *d) {
  const ws__facts *f = &d->facts;
  bool em = ws_label_model_takes_balance_in_em(d->model);
  if (!em || d->model->balance || !all_unipolar(f)) return WS_OK;
  uint32_t k = (uint32_t)strangest_class(f);
  double most = 0;
  for (size_t l = 0; l < f->K; l++) most = fmax(most, f->labeled[l]);
  if (ratio(f->labeled[k], f->voted[k]) < EXTREME && ratio(most, f->labeled[k]) < EXTREME)
    return WS_OK;
  ws_finding finding = {.kind = WS_BALANCE_UNKNOWN, .classes = &k, .class_count = 1};
  ws__finding_figure(&finding, "share_of_labels", f->labeled[k]);
  ws__finding_figure(&finding, "share_of_votes", f->voted[k]);
  WS_TRY(ws_buffer_printf(&d->text,
                          "how frequent the classes are, votes alone cannot tell: class "
                          "%.*s has %.1f %% of the "
                          "labels and %.1f %% of the votes",
                          WS_TEXT_ARG(ws__finding_class(d, k)), 100 * f->labeled[k],
                          100 * f->voted[k]));
  return ws__finding_add(
      d, finding,
      "give --class-balance, or dev with 100 or more gold labels: the F1 of a rare "
      "class may move by 20 to 40 points");
}
