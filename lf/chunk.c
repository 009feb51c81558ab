/* SPDX-License-Identifier: MIT
 *
 * Taking labels out of the memory that a worker shares. They are copied once, and the
 * copy is checked: the worker may change its own at any time, and may be hostile.
 */
#include "chunk.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "said.h"

ws_status ws__chunk_init(ws__chunk *chunk) {
  memset(chunk, 0, sizeof *chunk);
  return ws_records_new(&chunk->records);
}

void ws__chunk_clear(ws__chunk *chunk) {
  ws_records_free(chunk->records);
  ws_free(chunk->labels);
  ws_free(chunk->errors);
  ws_free(chunk->times);
  ws_arena_clear(&chunk->texts);
}

void ws__chunk_restart(ws__chunk *chunk) {
  ws_records_clear(chunk->records);
  ws_arena_clear(&chunk->texts);
  chunk->error_count = 0;
  chunk->done = chunk->forged = false;
}

ws_status ws__chunk_reserve(ws__chunk *chunk, size_t lfs) {
  size_t need = ws_records_count(chunk->records) * lfs;
  if (!ws_grow(&chunk->labels, &chunk->label_capacity, need, sizeof *chunk->labels) ||
      !ws_grow(&chunk->times, &chunk->time_capacity, lfs, sizeof *chunk->times))
    return WS_ENOMEM;
  memset(chunk->times, 0, lfs * sizeof *chunk->times);
  chunk->sent_ns = ws__now_ns();
  return WS_OK;
}

static ws_status keep(ws__chunk *chunk, ws_text text, const char **out) {
  char *copy = ws_arena_alloc(&chunk->texts, text.size + 1);
  if (!copy) return WS_ENOMEM;
  memcpy(copy, text.data, text.size);
  copy[text.size] = '\0';
  ws_text_clean(copy, text.size);
  *out = copy;
  return WS_OK;
}

ws_status ws__chunk_error_add(ws__chunk *chunk, uint64_t position, ws_text text,
                              ws_text trace) {
  ws__chunk_error error = {.position = position};
  WS_TRY(keep(chunk, text, &error.text));
  if (trace.size) WS_TRY(keep(chunk, trace, &error.trace));
  if (!ws_grow(&chunk->errors, &chunk->error_capacity, chunk->error_count + 1,
               sizeof *chunk->errors))
    return WS_ENOMEM;
  chunk->errors[chunk->error_count++] = error;
  return WS_OK;
}

/* What was copied before is not read again from where it came: compilers may, as they do
 * not know that somebody else writes there. */
static void read_once(void) {
  atomic_signal_fence(memory_order_acq_rel);
}

/* A class, an abstention, or an error that a worker can find. */
static bool is_label(int32_t label, size_t classes) {
  if (label >= 0) return (size_t)label < classes;
  return label >= WS__VOTE_SKIPPED && label != ws__vote_failed(WS_LF_ERROR_KILLED);
}

static bool is_left_out(const ws__chunk_lfs *lfs, uint64_t position) {
  return lfs->left_out && lfs->left_out[position % lfs->count];
}

static ws_status check_labels(ws__chunk *chunk, const ws__chunk_lfs *lfs, uint64_t from,
                              uint64_t to) {
  static const char bad[] = "its worker process sent a vote that is no class";
  bool told = false;
  for (size_t i = ws__next_said(chunk->labels, from, to); i < to;
       i = ws__next_said(chunk->labels, i + 1, to)) {
    if (is_left_out(lfs, i)) {
      chunk->labels[i] = WS_ABSTAIN;
      continue;
    }
    if (is_label(chunk->labels[i], lfs->classes)) continue;
    chunk->labels[i] = ws__vote_failed(WS_LF_ERROR_VOTE);
    chunk->forged = true;
    if (!told) WS_TRY(ws__chunk_error_add(chunk, i, ws_text_of(bad), (ws_text){0}));
    told = true;
  }
  return WS_OK;
}

/* The message of a call that failed, if it is one. */
static ws_status take_error(ws__chunk *chunk, const ws__slot_error *shared, uint64_t from,
                            uint64_t to) {
  ws__slot_error error = *shared; // the worker may change its own at any time
  read_once();
  bool here = error.position >= from && error.position < to;
  if (!here || error.size >= sizeof error.text || error.trace_size >= sizeof error.trace)
    return WS_OK;
  if (!ws__is_vote_error(chunk->labels[error.position])) return WS_OK;
  return ws__chunk_error_add(chunk, error.position, (ws_text){error.text, error.size},
                             (ws_text){error.trace, error.trace_size});
}

/* Each call is in one range. */
static void add_ranges(ws__timing *sum, const ws__timing *more) {
  uint64_t calls = 0;
  for (size_t i = 0; i < WS__TIME_RANGES; i++) calls += more->ranges[i];
  if (calls != more->calls) return;
  for (size_t i = 0; i < WS__TIME_RANGES; i++) sum->ranges[i] += more->ranges[i];
}

void ws__timing_add(ws__timing *sum, ws__timing more, size_t records, uint64_t ns) {
  if (more.calls > records || more.ns > ns || more.slowest_ns > ns) return;
  if (more.slowest_record >= records) return;
  sum->calls += more.calls;
  sum->ns += more.ns;
  if (more.calls) add_ranges(sum, &more);
  ws__timing_slow(sum, more.slowest_record, more.slowest_ns);
}

ws_status ws__chunk_harvest(ws__chunk *chunk, const ws__slot_parts *slot,
                            const ws__chunk_lfs *lfs, uint64_t from, uint64_t to) {
  if (from < to)
    memcpy(chunk->labels + from, slot->votes + from, (to - from) * sizeof *chunk->labels);
  read_once();
  WS_TRY(check_labels(chunk, lfs, from, to));
  uint32_t count = *slot->error_count;
  read_once();
  if (count > slot->error_max) count = (uint32_t)slot->error_max;
  for (uint32_t i = 0; i < count; i++)
    WS_TRY(take_error(chunk, &slot->errors[i], from, to));
  uint64_t passed = ws__now_ns() - chunk->sent_ns;
  for (size_t j = 0; j < slot->lfs; j++) {
    ws__timing times = slot->times[j];
    read_once();
    ws__timing_add(&chunk->times[j], times, ws_records_count(chunk->records), passed);
  }
  return WS_OK;
}

static int by_position(const void *a, const void *b) {
  const ws__chunk_error *x = a, *y = b;
  return (x->position > y->position) - (x->position < y->position);
}

void ws__chunk_sort_errors(ws__chunk *chunk) {
  if (chunk->error_count)
    qsort(chunk->errors, chunk->error_count, sizeof *chunk->errors, by_position);
}
