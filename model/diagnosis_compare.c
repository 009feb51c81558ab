/* SPDX-License-Identifier: MIT
 *
 * The label model, and the classifier, against majority vote, on gold.
 */
#include <weaksup/alloc.h>
#include <weaksup/run_diff.h>

#include "diagnosis_priv.h"

enum { FEW = 20 }; // of fewer records the bootstrap's intervals are too narrow

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

static const char *what_to_do(ws_finding_kind kind, bool sure) {
  if (kind == WS_CLASSIFIER_BELOW)
    return sure
               ? "see what --recipe plain and --model svm make of it; more texts, more "
                 "labeling functions and more gold labels in dev teach it. Until then "
                 "let the labeling functions decide where they vote (weaksup predict "
                 "RUN --votes), and the classifier elsewhere"
               : "the interval holds 0, so it may be chance; compare with --recipe plain";
  return sure ? "take --label-model mv, or mend the labeling functions whose learned "
                "accuracy is far from that on gold"
              : "it may be chance, of few records or with an interval that holds 0: more "
                "gold labels would tell (weaksup annotate); until then compare with "
                "--label-model mv";
}

static ws_status add(ws__doctor *d, ws_finding finding, const char *where,
                     const ws_paired *paired, size_t n) {
  bool classifier = finding.kind == WS_CLASSIFIER_BELOW;
  const ws_figure *figures = finding.figures;
  WS_TRY(ws_buffer_printf(&d->text,
                          "%son %zu record%s of %s with gold labels the %s is "
                          "less often right than majority vote: %.3f against %.3f "
                          "(difference %.3f, 95 %% interval %.3f to %.3f)",
                          finding.severe ? "" : "not certain: ", n, n == 1 ? "" : "s",
                          where, classifier ? "classifier" : "label model",
                          figures[0].value, figures[1].value, paired->mean, paired->low,
                          paired->high));
  return ws__finding_add(d, finding, what_to_do(finding.kind, finding.severe));
}

ws_status ws_diagnosis_compare(ws_diagnosis *diagnosis, ws_finding_kind kind,
                               const char *where, const double *model,
                               const double *majority, size_t n) {
  ws__doctor d = {.found = diagnosis};
  ws_paired paired;
  WS_TRY(find_difference(model, majority, n, &paired));
  if (n == 0 || !(paired.mean < 0)) return WS_OK;
  ws_finding finding = {.kind = kind};
  bool classifier = kind == WS_CLASSIFIER_BELOW;
  ws__finding_figure(&finding, classifier ? "classifier" : "label_model", mean(model, n));
  ws__finding_figure(&finding, "majority_vote", mean(majority, n));
  ws__finding_figure(&finding, "low", paired.low);
  ws__finding_figure(&finding, "high", paired.high);
  ws__finding_figure(&finding, "records", (double)n);
  finding.severe = paired.high < 0 && n >= FEW;
  ws_status status = add(&d, finding, where, &paired, n);
  ws_buffer_clear(&d.text);
  WS_TRY(status);
  diagnosis->items[diagnosis->count - 1].severe = finding.severe;
  sort_in(diagnosis);
  return WS_OK;
}
