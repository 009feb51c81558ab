/* SPDX-License-Identifier: MIT
 *
 * The label model, and the classifier, against majority vote and against always saying
 * the most frequent class, on gold.
 */
#include <weaksup/alloc.h>
#include <weaksup/run_diff.h>

#include "diagnosis_priv.h"

enum {
  FEW = 20,    // of fewer records the bootstrap's intervals are too narrow
  EQUALS = 100 // to be as often right as another on fewer tells nothing
};

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

static bool is_classifier(ws_finding_kind kind) {
  return kind == WS_CLASSIFIER_BELOW || kind == WS_CLASSIFIER_BELOW_FREQUENT;
}

static bool is_frequent(ws_finding_kind kind) {
  return kind == WS_BELOW_FREQUENT || kind == WS_CLASSIFIER_BELOW_FREQUENT;
}

static const char *what_to_do(ws_finding_kind kind, bool sure) {
  if (is_frequent(kind))
    return sure ? "do not use these labels yet: mend the labeling functions that are "
                  "wrong on gold, write some for the classes that have few, give dev "
                  "more gold labels; or train on gold labels alone (weaksup train "
                  "--labels)"
                : "it may be chance: more gold labels would tell (weaksup annotate)";
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

/* What the model is held against. */
typedef struct other {
  const char *figure; // its name
  const char *name;   // in front of `class`
  ws_text class;
} other;

static ws_status add(ws__doctor *d, ws_finding finding, const char *where,
                     const other *against, const ws_paired *paired, size_t n) {
  const ws_figure *figures = finding.figures;
  bool covered = finding.kind == WS_BELOW_FREQUENT;
  WS_TRY(ws_buffer_printf(
      &d->text,
      "%son %zu record%s of %s with gold labels%s the %s is %s than %s%.*s: %.3f against "
      "%.3f (difference %.3f, 95 %% interval %.3f to %.3f)",
      finding.severe ? "" : "not certain: ", n, n == 1 ? "" : "s", where,
      covered ? " and votes" : "",
      is_classifier(finding.kind) ? "classifier" : "label model",
      paired->mean < 0 ? "less often right" : "no more often right", against->name,
      WS_TEXT_ARG(against->class), figures[0].value, figures[1].value, paired->mean,
      paired->low, paired->high));
  return ws__finding_add(d, finding, what_to_do(finding.kind, finding.severe));
}

static ws_status put(ws_diagnosis *diagnosis, ws_finding finding, const char *where,
                     const other *against, const double *model, const double *right,
                     const ws_paired *paired, size_t n) {
  ws__doctor d = {.found = diagnosis};
  ws__finding_figure(&finding, is_classifier(finding.kind) ? "classifier" : "label_model",
                     mean(model, n));
  ws__finding_figure(&finding, against->figure, mean(right, n));
  ws__finding_figure(&finding, "low", paired->low);
  ws__finding_figure(&finding, "high", paired->high);
  ws__finding_figure(&finding, "records", (double)n);
  ws_status status = add(&d, finding, where, against, paired, n);
  ws_buffer_clear(&d.text);
  WS_TRY(status);
  diagnosis->items[diagnosis->count - 1].severe = finding.severe;
  sort_in(diagnosis);
  return WS_OK;
}

ws_status ws_diagnosis_compare(ws_diagnosis *diagnosis, ws_finding_kind kind,
                               const char *where, const double *model,
                               const double *majority, size_t n) {
  static const other vote = {"majority_vote", "majority vote", {"", 0}};
  ws_paired paired;
  WS_TRY(find_difference(model, majority, n, &paired));
  if (n == 0 || !(paired.mean < 0)) return WS_OK;
  ws_finding finding = {.kind = kind, .severe = paired.high < 0 && n >= FEW};
  return put(diagnosis, finding, where, &vote, model, majority, &paired, n);
}

/* --- the most frequent class -------------------------------------------------------- */

/* Records with gold; for a label model only those with votes, as it says nothing of
 * others. */
typedef struct compared {
  double *model, *always; // [n] how right
  int32_t *gold;          // [n]
  uint64_t *counts;       // [K]
  size_t n;
  uint32_t frequent; // class
} compared;

static ws_status compared_new(compared *c, const ws_votes *votes) {
  size_t rows = ws_votes_rows(votes);
  c->model = ws_alloc_array(rows, sizeof *c->model);
  c->always = ws_alloc_array(rows, sizeof *c->always);
  c->gold = ws_alloc_array(rows, sizeof *c->gold);
  c->counts = ws_alloc_zero(ws_votes_classes(votes), sizeof *c->counts);
  return c->model && c->always && c->gold && c->counts ? WS_OK : WS_ENOMEM;
}

static void compared_clear(compared *c) {
  ws_free(c->model);
  ws_free(c->always);
  ws_free(c->gold);
  ws_free(c->counts);
}

static void compared_fill(compared *c, const ws_votes *votes, const double *model,
                          bool covered) {
  size_t next = 0;
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    int32_t gold = ws_votes_row_gold(votes, i);
    if (gold == WS_ABSTAIN) continue;
    double right = model[next++];
    if (covered && ws_votes_pattern(votes, ws_votes_row_pattern(votes, i)).size == 0)
      continue;
    c->model[c->n] = right;
    c->gold[c->n++] = gold;
    if (++c->counts[gold] > c->counts[c->frequent]) c->frequent = (uint32_t)gold;
  }
  for (size_t i = 0; i < c->n; i++) c->always[i] = c->gold[i] == (int32_t)c->frequent;
}

static ws_status compare_frequent(ws_diagnosis *diagnosis, ws_finding_kind kind,
                                  const char *where, const ws_votes *gold,
                                  const compared *c) {
  other always = {"most_frequent_class", "always saying ",
                  ws_votes_class(gold, c->frequent)};
  ws_paired paired;
  if (c->n == 0 || c->counts[c->frequent] == c->n) return WS_OK; // nothing is better
  WS_TRY(find_difference(c->model, c->always, c->n, &paired));
  if (paired.mean > 0 || (!(paired.mean < 0) && c->n < EQUALS)) return WS_OK;
  ws_finding finding = {.kind = kind,
                        .severe = paired.high <= 0 && c->n >= FEW,
                        .classes = &c->frequent,
                        .class_count = 1};
  return put(diagnosis, finding, where, &always, c->model, c->always, &paired, c->n);
}

ws_status ws_diagnosis_compare_frequent(ws_diagnosis *diagnosis, ws_finding_kind kind,
                                        const char *where, const ws_votes *gold,
                                        const double *model) {
  compared c = {0};
  ws_status status = compared_new(&c, gold);
  if (status == WS_OK) {
    compared_fill(&c, gold, model, !is_classifier(kind));
    status = compare_frequent(diagnosis, kind, where, gold, &c);
  }
  compared_clear(&c);
  return status;
}
