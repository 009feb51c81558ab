/* SPDX-License-Identifier: MIT
 *
 * A diagnosis of labeling functions and of the label model fitted on their votes: what
 * looks wrong, what votes alone cannot decide, and what to do about it.
 */
#ifndef WEAKSUP_DIAGNOSIS_H
#define WEAKSUP_DIAGNOSIS_H

#include <weaksup/lf_report.h>

WS_BEGIN_DECLS

/* In the order in which findings are listed, the worst first. */
typedef enum ws_finding_kind {
  WS_NOT_IDENTIFIABLE,    // too few LFs or overlaps to estimate accuracies from
  WS_CLASS_WITHOUT_VOTES, // no LF votes for it: it is never predicted
  WS_WORSE_THAN_CHANCE,   // by the gold labels
  WS_BALANCE_UNKNOWN,     // and the votes suggest one that is far from theirs
  WS_DISCONNECTED,        // groups of LFs that never vote on the same record
  WS_TOO_BROAD,           // votes for one class on nearly all records, or on many more
                          // than there are of it
  WS_BELOW_MAJORITY,      // the model is less often right on gold than majority vote
  WS_CLASSIFIER_BELOW,    // so is the classifier
  WS_BELOW_FREQUENT,      // or no more often than always saying the most frequent class
  WS_CLASSIFIER_BELOW_FREQUENT, // so is the classifier
  WS_DEAD,                      // votes on no record
  WS_NO_BETTER_THAN_CHANCE,     // by the model, and other LFs mostly contradict it
  WS_CANNOT_TELL,               // by the model, but no others speak against it
  WS_NO_OVERLAP,                // never votes where another LF does
  WS_CLASS_HARDLY_VOTED,        // on few records
  WS_NEAR_DUPLICATES,           // LFs that repeat one another
  WS_LOW_COVERAGE,              // fewer than half of the records have a vote
  WS_FINDING_KINDS,
} ws_finding_kind;

/* "not_identifiable", ... */
WS_API const char *ws_finding_kind_name(ws_finding_kind kind);

typedef struct ws_figure {
  const char *name;
  double value;
} ws_figure;

#define WS_FINDING_FIGURES 5

typedef struct ws_finding {
  ws_finding_kind kind;
  bool severe;         // worth a warning
  const uint32_t *lfs; // [lf_count] that it is about, of the votes, ascending
  size_t lf_count;
  const uint32_t *classes; // [class_count]
  size_t class_count;
  ws_figure figures[WS_FINDING_FIGURES]; // [figure_count] what it rests on
  size_t figure_count;
  ws_text what; // a sentence without a full stop
  ws_text todo; // what to do, the same
} ws_finding;

typedef struct ws_diagnosis ws_diagnosis;

/* Looks at the votes that the model was fitted on, in the same order of LFs, and at its
 * labels for them. `gold` are votes that carry gold labels (of a dev set, or the same
 * ones), or NULL. Of LFs whose votes were taken out, left_out[M], nothing is said; NULL:
 * there are none. WS_EINVAL where the votes are not those of the model. */
WS_API WS_CHECK ws_status ws_diagnose(const ws_label_model *model, const ws_votes *votes,
                                      const ws_labels *labels, const ws_votes *gold,
                                      const bool *left_out, ws_diagnosis **out,
                                      ws_error *err);
/* Adds what comparing the label model (WS_BELOW_MAJORITY) or the classifier
 * (WS_CLASSIFIER_BELOW) with majority vote on n records with gold says: how right each is
 * on each of them (ws_prediction_right, run_diff.h), the model not having seen their
 * gold. `where` names the records in the sentence, "dev". Nothing where it is as good or
 * better; severe where the 95 % interval of the difference does not hold 0 and there
 * are 20 records or more, else the sentence begins with "not certain". WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_diagnosis_compare(ws_diagnosis *diagnosis,
                                               ws_finding_kind kind, const char *where,
                                               const double *model,
                                               const double *majority, size_t n);
/* The same of always saying the class that is most frequent among the gold labels of
 * `gold`: WS_BELOW_FREQUENT, on the records with votes, or WS_CLASSIFIER_BELOW_FREQUENT,
 * on all. model[records with gold]: how right it is, in their order. Where it is as often
 * right on 100 records or more that is said, too; nothing where all are of one class. */
WS_API WS_CHECK ws_status ws_diagnosis_compare_frequent(ws_diagnosis *diagnosis,
                                                        ws_finding_kind kind,
                                                        const char *where,
                                                        const ws_votes *gold,
                                                        const double *model);
WS_API void ws_diagnosis_free(ws_diagnosis *diagnosis);

WS_API size_t ws_diagnosis_count(const ws_diagnosis *diagnosis); // 0: healthy
WS_API const ws_finding *ws_diagnosis_at(const ws_diagnosis *diagnosis, size_t i);
/* The near duplicates that it found, those with few votes too. */
WS_API const ws_duplicate_groups *ws_diagnosis_duplicates(const ws_diagnosis *diagnosis);

WS_END_DECLS

#endif
