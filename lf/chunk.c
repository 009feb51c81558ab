/* SPDX-License-Identifier: MIT
 *
 * Taking labels out of the memory that a worker shares. They are copied once, and the
 * copy is checked: the worker may change its own at any time, and may be hostile.
 */
#include "chunk.h"

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
  ws_arena_clear(&chunk->texts);
}

void ws__chunk_restart(ws__chunk *chunk) {
  ws_records_clear(chunk->records);
  ws_arena_clear(&chunk->texts);
  chunk->error_count = 0;
  chunk->done = false;
}

ws_status ws__chunk_reserve(ws__chunk *chunk, size_t lfs) {
  size_t need = ws_records_count(chunk->records) * lfs;
  bool room =
      ws_grow(&chunk->labels, &chunk->label_capacity, need, sizeof *chunk->labels);
  return room ? WS_OK : WS_ENOMEM;
}

/* Text from a worker may be anything; messages are UTF-8 without control characters. */
static void clean(char *text, size_t size) {
  bool valid = ws_utf8_valid((ws_text){text, size});
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c < 0x20 || c == 0x7f || (c >= 0x80 && !valid)) text[i] = '?';
  }
}

ws_status ws__chunk_error_add(ws__chunk *chunk, uint64_t position, ws_text text) {
  char *copy = ws_arena_alloc(&chunk->texts, text.size + 1);
  if (!copy || !ws_grow(&chunk->errors, &chunk->error_capacity, chunk->error_count + 1,
                        sizeof *chunk->errors))
    return WS_ENOMEM;
  memcpy(copy, text.data, text.size);
  copy[text.size] = '\0';
  clean(copy, text.size);
  chunk->errors[chunk->error_count++] = (ws__chunk_error){position, copy};
  return WS_OK;
}

static ws_status check_labels(ws__chunk *chunk, size_t classes, uint64_t from,
                              uint64_t to) {
  static const char bad[] = "its worker process sent a vote that is no class";
  bool told = false;
  for (size_t i = ws__next_said(chunk->labels, from, to); i < to;
       i = ws__next_said(chunk->labels, i + 1, to)) {
    int32_t label = chunk->labels[i];
    if (label >= WS__VOTE_SKIPPED && (label < 0 || (size_t)label < classes)) continue;
    chunk->labels[i] = WS_VOTE_ERROR;
    if (!told) WS_TRY(ws__chunk_error_add(chunk, i, ws_text_of(bad)));
    told = true;
  }
  return WS_OK;
}

ws_status ws__chunk_harvest(ws__chunk *chunk, const ws__slot_parts *slot, size_t classes,
                            uint64_t from, uint64_t to) {
  if (from < to)
    memcpy(chunk->labels + from, slot->votes + from, (to - from) * sizeof *chunk->labels);
  WS_TRY(check_labels(chunk, classes, from, to));
  uint32_t count = *slot->error_count;
  if (count > slot->error_max) count = (uint32_t)slot->error_max;
  for (uint32_t i = 0; i < count; i++) {
    ws__slot_error error = slot->errors[i];
    bool here = error.position >= from && error.position < to;
    if (!here || error.size >= sizeof error.text) continue;
    WS_TRY(ws__chunk_error_add(chunk, error.position, (ws_text){error.text, error.size}));
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
