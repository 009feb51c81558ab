/* SPDX-License-Identifier: MIT
 *
 * A run of records on its way: read, labelled by a worker, handed on in order. Private to
 * lf.
 */
#ifndef WS_CHUNK_H
#define WS_CHUNK_H

#include <weaksup/arena.h>
#include <weaksup/records.h>

#include "worker_process.h"

/* A failed call of which the message is known. */
typedef struct ws__chunk_error {
  uint64_t position; // record * M + LF
  const char *text;  // in the chunk's arena
  const char *trace; // the same, or NULL
} ws__chunk_error;

typedef struct ws__chunk {
  ws_records *records;
  int32_t *labels; // [records][M], WS__VOTE_... included
  size_t label_capacity;
  ws__chunk_error *errors;
  size_t error_count, error_capacity;
  ws_arena texts;
  ws__timing *times; // [M]
  size_t time_capacity;
  uint64_t sent_ns; // when it was first handed to a worker
  bool done;        // every label is there
  bool forged;      // a worker sent what is no label
} ws__chunk;

WS_CHECK ws_status ws__chunk_init(ws__chunk *chunk);
void ws__chunk_clear(ws__chunk *chunk);   // frees
void ws__chunk_restart(ws__chunk *chunk); // for other records
/* Makes room for the labels of its records, and begins their times. */
WS_CHECK ws_status ws__chunk_reserve(ws__chunk *chunk, size_t lfs);

/* What labels are checked against. */
typedef struct ws__chunk_lfs {
  size_t count, classes;
  const unsigned char *left_out; // [count]: 1 for those that were not asked; NULL: none
} ws__chunk_lfs;

/* Takes over the labels from position `from` up to `to`, checked, the messages there, and
 * the times, as far as they can be true. */
WS_CHECK ws_status ws__chunk_harvest(ws__chunk *chunk, const ws__slot_parts *slot,
                                     const ws__chunk_lfs *lfs, uint64_t from,
                                     uint64_t to);
WS_CHECK ws_status ws__chunk_error_add(ws__chunk *chunk, uint64_t position, ws_text text,
                                       ws_text trace);
/* Adds the times of one job, unless they cannot be true: of calls on that many records,
 * during so much time. */
void ws__timing_add(ws__timing *sum, ws__timing more, size_t records, uint64_t ns);
/* Brings the errors into the order of their positions. */
void ws__chunk_sort_errors(ws__chunk *chunk);

#endif
