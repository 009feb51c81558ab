/* SPDX-License-Identifier: MIT
 *
 * One data set on its way through the pipeline: read, voted on, its texts counted.
 */
#ifndef WS_PART_H
#define WS_PART_H

#include "gold_field.h"
#include "missing_fields.h"
#include "setup.h"

typedef struct part {
  const char *path;
  ws_votes *votes;
  ws_apply_report *report; // NULL where the votes were ready-made
  ws_features *features;   // NULL where they are not wanted, or the records have no text
  const ws_lf_set *lfs;    // that voted; of them:
  missing_fields missing;
  gold_field gold;
  char digest[33];        // of the file's bytes
  ws_reader_options how;  // it was read
  const char *votes_path; // of ready-made votes beside the LFs'; NULL: there are none
  char votes_digest[33];
  bool has_key;        // only with a cache
  ws_hash128 key;      // of the records (ws_reader_key); of ready-made votes, of texts
  uint64_t skipped;    // records left out
  setup *setup;        // while the LFs are applied
  const ws_task *task; // the same, or while votes are imported
  bool notes_targeted; // which records were chosen for something is wanted:
  bool *targeted;      // [targeted_count] in their order
  size_t targeted_count, targeted_capacity, targeted_gold; // of them: with gold, chosen
  bool streamed;      // votes were handed on at once: none can be dropped
  const char *weight; // the field of records' weights, which part_apply, part_import and
                      // part_texts read then; NULL: none is wanted
  bool weight_optional; // a record without it counts as 1
  double *weights;      // [weight_count] of the records whose texts are read
  size_t weight_count, weight_capacity;
} part;

void part_clear(part *p);

/* Applies the LFs to the records of `path`; with `features`, counts the terms of their
 * texts, but leaves that to part_count where has_key comes out true. */
WS_CHECK ws_status part_apply(part *p, setup *s, const ws_task *task, ws_lf_set *lfs,
                              const char *path, bool features, ws_error *err);

/* Reads the records once more to count the terms of their texts. WS_EIO where they
 * changed. */
WS_CHECK ws_status part_count(part *p, const setup *s, const ws_task *task,
                              ws_error *err);

/* Reads ready-made votes; with `features`, counts the terms (and finds the key) where all
 * records carry the text field. Records some of which carry it are an error. */
WS_CHECK ws_status part_import(part *p, const setup *s, const ws_task *task,
                               const char *path, bool features, ws_error *err);

/* Puts the ready-made votes in `path` beside those that the LFs gave. WS_EINVAL where
 * they are not on the same records, or have a name that an LF has. */
WS_CHECK ws_status part_join(part *p, const setup *s, const ws_task *task,
                             const char *path, ws_error *err);

/* WS_EINVAL where one votes, in the file `path`, that the label model did not learn from;
 * warns where some that it did are not there. */
WS_CHECK ws_status part_check_learned(const part *p, const ws_label_model *model,
                                      const char *path, ws_error *err);
/* Whether the LF votes on any record. */
bool part_lf_votes(const ws_votes *votes, size_t j);

/* Counts the terms of the texts in `path`, whose records must be those of the votes, in
 * the same order. */
WS_CHECK ws_status part_texts(part *p, const setup *s, const ws_task *task,
                              const char *path, ws_error *err);

/* Adds the features of a record, saying where in the file it stands where they are wrong.
 */
WS_CHECK ws_status part_add_to(const part *p, ws_features *features,
                               const ws_record *record, ws_error *err);

/* Reads the records of `p` once more, and adds the features of those with a gold label to
 * `features`, in their order. WS_EIO where they are not as many as the votes have. */
WS_CHECK ws_status part_append_gold(const part *p, const setup *s, const ws_task *task,
                                    ws_features *features, ws_error *err);

/* Which records were chosen for what votes on them or is unsure about them (CHOSEN_BY);
 * NULL: none, or it is not known. */
const bool *part_targeted(const part *p);

/* -v: how many LFs were not run because their votes were kept. */
void part_say_cached(const part *p, const setup *s);
/* Warns of LFs with vote errors: one line each over all `count` data sets, those that
 * have no report left out. */
void part_say_errors(const part *parts, size_t count, const ws_lf_set *lfs,
                     const options *o);
/* Warns of LFs without a vote that look at a field which no record has. */
void part_say_missing(const part *p, const ws_lf_set *lfs);
/* Warn of records that were left out, and of a data set that is there for its gold labels
 * and has none. */
void part_say_skipped(const part *p);
void part_say_no_gold(const part *p, const ws_task *task);
/* Warns where the data has no gold labels, though a field for them was asked for that may
 * be misspelt; `scored`: another data set has some. */
void part_say_gold_field(const part *p, const ws_task *task, const options *o,
                         bool scored);

#endif
