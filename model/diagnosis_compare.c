/* SPDX-License-Identifier: MIT
 *
 * The label model against majority vote, on gold.
 */
#include <weaksup/alloc.h>
#include <weaksup/run_diff.h>

#include "diagnosis_priv.h"

static double mean(const double *values, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += values[i];
  return sum / (double)n;
}

static ws_status find_difference(const double *model, const double *majority, size_t n,
                                 ws_paired *out) {
  double *differences = ws_alloc_array(n, sizeof *differences);
  if (!differences) return WS_ENOMEM;
  for (size_t i = 0; i < n; i++) differences[i] = model[i] - majority[i];
  ws_status status = ws_paired_interval(differences, n, 0, out);
  ws_free(differences);
  return status;
}

/* The last finding takes its place among the others, which are in the order of kinds. */
static void sort_in(ws_diagnosis *found) {
  size_t at = found->count - 1;
  ws_finding last = found->items[at];
  for (; at && found->items[at - 1].kind > last.kind; at--)
    found->items[at] = found->items[at - 1];
  found->items[at] = last;
}

static ws_status add(ws__doctor *d, const char *where, const ws_paired *paired,
                     double model, double majority, size_t n) {
  bool sure = paired->high < 0;
  ws_finding finding = {.kind = WS_BELOW_MAJORITY};
  WS_TRY(ws_buffer_printf(&d->text,
                          "%son %zu record%s of %s with gold labels the label model is "
                          "less often right than majority vote: %.3f against %.3f "
                          "(difference %.3f, 95 %% interval %.3f to %.3f)",
                          sure ? "" : "not certain: ", n, n == 1 ? "" : "s", where, model,
                          majority, paired->mean, paired->low, paired->high));
  ws__finding_figure(&finding, "label_model", model);
  ws__finding_figure(&finding, "majority_vote", majority);
  ws__finding_figure(&finding, "low", paired->low);
  ws__finding_figure(&finding, "high", paired->high);
  ws__finding_figure(&finding, "records", (double)n);
  return ws__finding_add(
      d, finding,
      sure ? "take --label-model mv, or mend the labeling functions whose learned "
             "accuracy is far from that on gold"
           : "the interval holds 0, so it may be chance: more gold labels would tell "
             "(weaksup annotate); until "
             "then compare with --label-model mv");
}

ws_status ws_diagnosis_compare(ws_diagnosis *diagnosis, const char *where,
                               const double *model, const double *majority, size_t n) {
  ws__doctor d = {.found = diagnosis};
  ws_paired paired;
  WS_TRY(find_difference(model, majority, n, &paired));
  if (n == 0 || !(paired.mean < 0)) return WS_OK;
  ws_status status = add(&d, where, &paired, mean(model, n), mean(majority, n), n);
  ws_buffer_clear(&d.text);
  WS_TRY(status);
  diagnosis->items[diagnosis->count - 1].severe = paired.high < 0;
  sort_in(diagnosis);
  return WS_OK;
}
