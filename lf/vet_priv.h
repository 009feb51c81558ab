/* SPDX-License-Identifier: MIT
 *
 * What the files vet*.c share.
 */
#ifndef WS_VET_PRIV_H
#define WS_VET_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/vet.h>

#include "lf_files.h"
#include "lf_set_priv.h"

#define WS__NO_LF SIZE_MAX

typedef struct ws__vet_item {
  ws_vet_verdict verdict;
  size_t lf;     // of the set; WS__NO_LF: it did not load
  size_t column; // of the labels on the sample, where it came so far
  bool failed;
} ws__vet_item;

struct ws_vetting {
  const ws_task *task; // borrowed
  ws_vet_options options;
  ws_arena arena;
  ws__files *files; // while it is made
  ws_lf_set *set;   // NULL: nothing loads
  ws__vet_item *items;
  size_t count, capacity;
  size_t *of_lf;           // [M] the item of each LF of the set
  unsigned char *left_out; // [M] that are not called any more
  size_t passed;
  ws_votes *votes;
};

/* Rejects, unless it was already: the evidence is cleaned and copied. */
WS_CHECK ws_status ws__vet_reject(ws_vetting *vetting, ws__vet_item *item,
                                  ws_vet_stage stage, ws_vet_reason reason,
                                  const char *evidence, ...) WS_PRINTF(5, 6);

/* The path below the folder that is vetted; and a message with that one alone. */
const char *ws__vet_below(const ws_vetting *vetting, const char *path);
WS_CHECK ws_status ws__vet_message(const ws_vetting *vetting, const char *message,
                                   ws_buffer *out);

/* --- vet_static.c --- */

/* Loads the folder, and makes an item of everything that is in it. */
WS_CHECK ws_status ws__vet_load(ws_vetting *vetting, const char *folder, ws_error *err);

/* --- vet_sample.c --- */

/* Records that are applied to several times. */
typedef struct ws__vet_sample {
  ws_records *records;
  bool has_text; // each has its text field
} ws__vet_sample;

/* Reads up to `most`. */
WS_CHECK ws_status ws__vet_sample_read(ws__vet_sample *sample, ws_reader *reader,
                                       size_t most, ws_error *err);
void ws__vet_sample_clear(ws__vet_sample *sample);
/* As JSON Lines, in the order of rows[]; NULL: their own. */
WS_CHECK ws_status ws__vet_sample_lines(const ws__vet_sample *sample,
                                        const uint32_t *rows, ws_buffer *out);

/* Applies `set` to JSON Lines; what is left out is not called. */
typedef struct ws__vet_run {
  ws_lf_set *set;
  ws_text lines;
  bool need_text;
  const unsigned char *left_out; // [M of set]; NULL: the vetting's
  ws_apply_fn each;
  void *user;
} ws__vet_run;
WS_CHECK ws_status ws__vet_apply(const ws_vetting *vetting, const ws__vet_run *run,
                                 ws_apply_report **report, ws_error *err);

/* --- vet_edge.c --- */

/* The odd records, each with the fields of `like`. */
WS_CHECK ws_status ws__vet_edge(ws_vetting *vetting, ws_record like, ws_error *err);

/* --- vet_calls.c --- */

/* Runs on the sample: errors, determinism, coverage, votes. */
WS_CHECK ws_status ws__vet_calls(ws_vetting *vetting, const char *folder,
                                 const ws__vet_sample *sample, ws_error *err);

/* Counts, for each LF, the records on which a second run says something else: first and
 * second are [rows][M], row i of the second being row order[i] of the first. */
void ws__vet_compare(const int32_t *first, const int32_t *second, const uint32_t *order,
                     size_t rows, size_t lfs, uint64_t *differing);

/* --- vet_slow.c --- */

/* Rejects what takes much on many records of the sample. */
WS_CHECK ws_status ws__vet_slow(ws_vetting *vetting, const char *folder,
                                const ws__vet_sample *sample, ws_error *err);

/* --- vet_errors.c --- */

/* The reason of the worst kind of error that there is; `limits`: limits count. */
ws_vet_reason ws__vet_worst(const ws_lf_stats *stats, bool limits);
/* Rejects for errors of that reason. */
typedef struct ws__vet_called {
  ws_vet_stage stage;
  const char *records; // "odd records"
  size_t calls;
  const char *(*name)(const void *user, size_t row); // of a record; NULL: they have none
  const void *user;
} ws__vet_called;
WS_CHECK ws_status ws__vet_reject_calls(ws_vetting *vetting, ws__vet_item *item,
                                        const ws__vet_called *called,
                                        const ws_lf_stats *stats, ws_vet_reason reason);

/* --- vet_votes.c --- */

/* Builds vetting->votes: labels [rows][columns] are what the items say of the sample. */
WS_CHECK ws_status ws__vet_keep_votes(ws_vetting *vetting, const ws__vet_sample *sample,
                                      const int32_t *labels, size_t columns,
                                      ws_error *err);

#endif
