/* SPDX-License-Identifier: MIT
 *
 * Votes, stored as patterns.
 *
 * What all labeling functions (LFs) together say about a record is its pattern. Most
 * records share theirs with others, and to a label model equal patterns are one row with
 * a count. So ws_votes holds U distinct sparse patterns with counts and a pattern index
 * per record: memory grows with the votes cast, never with N x M, and the pattern table
 * is additive: shards merge exactly.
 *
 * N records, M LFs, K classes, U patterns. A vote of LF j for class k is the column
 * c = j * K + k. Patterns are sorted (by columns, the shorter first where one begins the
 * other), so that they do not depend on the order in which records came.
 */
#ifndef WEAKSUP_VOTES_H
#define WEAKSUP_VOTES_H

#include <weaksup/task.h>

WS_BEGIN_DECLS

typedef struct ws_vote {
  uint32_t lf;
  int32_t label; // 0 .. K-1
} ws_vote;

typedef struct ws_pattern {
  const uint32_t *columns; // [size], ascending; at most one column an LF
  size_t size;             // how many LFs voted; 0: the record is uncovered
  uint64_t count;          // how many records have it
} ws_pattern;

typedef struct ws_votes ws_votes;

WS_API void ws_votes_free(ws_votes *votes);

WS_API size_t ws_votes_rows(const ws_votes *votes);      // N
WS_API size_t ws_votes_lfs(const ws_votes *votes);       // M
WS_API size_t ws_votes_classes(const ws_votes *votes);   // K
WS_API size_t ws_votes_patterns(const ws_votes *votes);  // U
WS_API uint64_t ws_votes_covered(const ws_votes *votes); // records with at least one vote
WS_API uint64_t ws_votes_cast(const ws_votes *votes);    // votes in all
WS_API ws_text ws_votes_lf(const ws_votes *votes, size_t j);    // name, ends in NUL
WS_API ws_text ws_votes_class(const ws_votes *votes, size_t k); // name, ends in NUL
/* The LF of that name, or -1. */
WS_API int64_t ws_votes_find_lf(const ws_votes *votes, ws_text name);

/* Pattern u; its columns are the votes' own. */
WS_API ws_pattern ws_votes_pattern(const ws_votes *votes, size_t u);

/* Of record i: its pattern, its row in the data it comes from (i, but where the votes are
 * a shard or records were skipped; ascending), its id, its gold label (WS_ABSTAIN where
 * there is none). */
WS_API size_t ws_votes_row_pattern(const ws_votes *votes, size_t i);
WS_API uint64_t ws_votes_row_number(const ws_votes *votes, size_t i);
/* Ids that are row numbers are not stored; `digits` is where such a one is written. */
WS_API ws_text ws_votes_row_id(const ws_votes *votes, size_t i, char digits[24]);
WS_API int32_t ws_votes_row_gold(const ws_votes *votes, size_t i);
WS_API bool ws_votes_has_gold(const ws_votes *votes);

/* --- building ----------------------------------------------------------------------- */

typedef struct ws_votes_builder ws_votes_builder;

/* The classes are the task's; only their names are copied. */
WS_API WS_CHECK ws_status ws_votes_builder_new(const ws_task *task,
                                               ws_votes_builder **out);
WS_API void ws_votes_builder_free(ws_votes_builder *builder);

/* The index of the LF of that name, which is added where it is new. Names are kept in the
 * order in which they come. */
WS_API WS_CHECK ws_status ws_votes_builder_lf(ws_votes_builder *builder, ws_text name,
                                              uint32_t *out, ws_error *err);

/* Adds a record. `votes` are ascending by LF, at most one each, without abstains. */
WS_API WS_CHECK ws_status ws_votes_builder_add(ws_votes_builder *builder, ws_text id,
                                               int32_t gold, const ws_vote *votes,
                                               size_t count);

/* The same for the record at `row` of the data, above that of the record before it. */
WS_API WS_CHECK ws_status ws_votes_builder_add_at(ws_votes_builder *builder, uint64_t row,
                                                  ws_text id, int32_t gold,
                                                  const ws_vote *votes, size_t count);

/* Sorts the patterns and hands the votes over; the builder is empty afterwards and can
 * only be freed. */
WS_API WS_CHECK ws_status ws_votes_builder_finish(ws_votes_builder *builder,
                                                  ws_votes **out);

/* The records of `a`, then those of `b`. Both must have the same LFs and classes in the
 * same order: WS_EINVAL with the first difference otherwise. Exact: the result is the one
 * that building from all the records in that order gives; ids that are row numbers are
 * counted on, unless there are gaps between them, as where records were skipped. */
WS_API WS_CHECK ws_status ws_votes_merge(const ws_votes *a, const ws_votes *b,
                                         ws_votes **out, ws_error *err);

/* Votes with a name for messages: that of their file. */
typedef struct ws_votes_source {
  const char *name;
  const ws_votes *votes;
} ws_votes_source;

/* The records of all sources (at least one), such as the shards of some data: in the
 * order of their rows, whatever the order of the sources; one source behind the other
 * where two have the same row, as votes on different data do. The votes of all shards
 * give, to the byte, the votes on the whole. WS_EINVAL where LFs or classes differ, and
 * where an id occurs twice, which it does where a shard is given twice. */
WS_API WS_CHECK ws_status ws_votes_merge_shards(const ws_votes_source *sources,
                                                size_t count, ws_votes **out,
                                                ws_error *err);

/* The LFs of all sources (at least one) side by side, for the records of the first, in
 * its order: those of the others are found by their ids, and must be the same. Gold
 * labels are the first one's that has any for the record. WS_EINVAL where classes differ,
 * where two sources have an LF of the same name, where one lacks a record or has one
 * more, which is named, and where gold labels disagree. */
WS_API WS_CHECK ws_status ws_votes_join(const ws_votes_source *sources, size_t count,
                                        ws_votes **out, ws_error *err);

/* Votes with the same LFs, classes and patterns, counts[U] records each (0: the pattern
 * is left out), pattern after pattern; their ids are row numbers, none has gold. For
 * resampling. */
WS_API WS_CHECK ws_status ws_votes_recount(const ws_votes *votes, const uint64_t *counts,
                                           ws_votes **out);

/* Whether record i is one of them. */
typedef bool (*ws_votes_in)(const void *user, size_t i);

/* The votes of the same LFs on the records of which `in` says so, in their order, with
 * their ids and gold labels; their rows are counted from 0. WS_ENOMEM only, as with the
 * two that follow. */
WS_API WS_CHECK ws_status ws_votes_pick(const ws_votes *votes, ws_votes_in in,
                                        const void *user, ws_votes **out);

/* A copy in which record i has the gold label gold[i], a class or WS_ABSTAIN. */
WS_API WS_CHECK ws_status ws_votes_with_gold(const ws_votes *votes, const int32_t *gold,
                                             ws_votes **out);

/* A copy in which the LFs j with silent[j] abstain on all records; they keep their
 * places. */
WS_API WS_CHECK ws_status ws_votes_silence(const ws_votes *votes, const bool *silent,
                                           ws_votes **out);

WS_END_DECLS

#endif
