/* SPDX-License-Identifier: MIT
 *
 * LF analysis, as Snorkel's LFAnalysis defines it: what each LF does to the records and
 * where it meets the others. Computed over vote patterns.
 */
#ifndef WEAKSUP_LF_ANALYSIS_H
#define WEAKSUP_LF_ANALYSIS_H

#include <weaksup/votes.h>

WS_BEGIN_DECLS

typedef struct ws_lf_summary {
  uint64_t votes;        // records it votes on
  double coverage;       // votes / N
  double overlaps;       // share of all records where it and another LF vote
  double conflicts;      // share of all records where another LF votes for another class
  uint64_t gold_votes;   // votes on records with gold
  uint64_t gold_correct; // of them: right ones
  double empirical;      // gold_correct / gold_votes; NaN where there are none
} ws_lf_summary;

typedef struct ws_lf_analysis ws_lf_analysis;

/* Copies what it needs: the votes may be freed. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_lf_analysis_new(const ws_votes *votes, ws_lf_analysis **out);
WS_API void ws_lf_analysis_free(ws_lf_analysis *analysis);
WS_API size_t ws_lf_analysis_lfs(const ws_lf_analysis *analysis);
WS_API const ws_lf_summary *ws_lf_analysis_at(const ws_lf_analysis *analysis, size_t j);
/* Votes of LF j for class k: its polarity is the classes where this is not 0. */
WS_API uint64_t ws_lf_analysis_votes_for(const ws_lf_analysis *analysis, size_t j,
                                         size_t k);
/* The class, where LF j votes for one only; WS_ABSTAIN where it votes for none or for
 * several. */
WS_API int32_t ws_lf_analysis_only_class(const ws_lf_analysis *analysis, size_t j);
/* Over all records: share with a vote, with two or more, with different classes voted
 * for. */
WS_API double ws_lf_analysis_coverage(const ws_lf_analysis *analysis);
WS_API double ws_lf_analysis_overlaps(const ws_lf_analysis *analysis);
WS_API double ws_lf_analysis_conflicts(const ws_lf_analysis *analysis);

WS_END_DECLS

#endif
