/* SPDX-License-Identifier: MIT
 *
 * The forms of what goes between the parent and its workers.
 */
#define _POSIX_C_SOURCE 200809L // clock_gettime
#include "channel.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

uint64_t ws__now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

size_t ws__shared_size(uint64_t init_size) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  return (sizeof(ws__shared) + (size_t)init_size + page - 1) / page * page;
}

static size_t align(size_t offset) {
  return (offset + 15) & ~(size_t)15;
}

enum { FIRST_BIT = 6 }; // of the shortest time that is told from shorter ones

size_t ws__time_range(uint64_t ns) {
  size_t bit = FIRST_BIT;
  if (ns >> FIRST_BIT == 0) return 0;
  while (ns >> bit > 1) bit++;
  size_t range = 2 * (bit - FIRST_BIT) + (ns >> (bit - 1) & 1);
  return range < WS__TIME_RANGES ? range : WS__TIME_RANGES - 1;
}

uint64_t ws__time_of_range(size_t range) {
  return (((uint64_t)(range % 2 ? 4 : 3)) << (range / 2 + FIRST_BIT - 1)) - 1;
}

ws__slot_layout ws__slot_lay_out(size_t records, size_t lfs, size_t data_size) {
  ws__slot_layout at = {.error_max = WS_LF_EXAMPLES * lfs};
  at.votes = align(at.skip + lfs);
  at.error_count = align(at.votes + records * lfs * sizeof(int32_t));
  at.errors = at.error_count + 16;
  at.times = align(at.errors + at.error_max * sizeof(ws__slot_error));
  at.offsets = at.times + lfs * sizeof(ws__timing);
  at.data = align(at.offsets + records * sizeof(uint64_t));
  at.size = at.data + data_size;
  return at;
}

ws_status ws__put_init(ws_buffer *out, const ws__worker_init *init) {
  const ws_lf_options *limits = &init->limits;
  uint64_t numbers[] = {
      limits->pattern_steps,    limits->lua_steps,     limits->memory,
      limits->call_cpu_ms,      limits->worker_cpu_ms, limits->wall_ms,
      limits->no_jit,           limits->keep_going,    init->load.cpu_ms,
      init->load.end_cpu_ms,    init->load.wall_ms,    limits->hash_salt,
      limits->lua_instructions, init->may_be_empty,    ws_task_classes(init->task)};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    WS_TRY(ws_bytes_put(out, numbers[i], 8));
  WS_TRY(ws_bytes_put_text(out, init->folder));
  WS_TRY(ws_bytes_put_text(out, init->text_field));
  WS_TRY(ws_bytes_put_text(out, init->id_field));
  const char *gold = ws_task_get(init->task, WS_TASK_GOLD);
  WS_TRY(ws_bytes_put_text(out, ws_text_of(gold ? gold : "")));
  for (size_t k = 0; k < ws_task_classes(init->task); k++)
    WS_TRY(ws_bytes_put_text(out, ws_task_class(init->task, k)));
  return ws__put_problems(out, &init->outside);
}

ws_status ws__take_init(ws_text bytes, ws__worker_init *init, ws_task **task) {
  ws_bytes wire = ws_bytes_of(bytes);
  memset(init, 0, sizeof *init);
  init->limits.pattern_steps = ws_bytes_take(&wire, 8);
  init->limits.lua_steps = ws_bytes_take(&wire, 8);
  init->limits.memory = ws_bytes_take(&wire, 8);
  init->limits.call_cpu_ms = (unsigned)ws_bytes_take(&wire, 8);
  init->limits.worker_cpu_ms = (unsigned)ws_bytes_take(&wire, 8);
  init->limits.wall_ms = (unsigned)ws_bytes_take(&wire, 8);
  init->limits.no_jit = ws_bytes_take(&wire, 8) != 0;
  init->limits.keep_going = ws_bytes_take(&wire, 8) != 0;
  init->load.cpu_ms = (unsigned)ws_bytes_take(&wire, 8);
  init->load.end_cpu_ms = (unsigned)ws_bytes_take(&wire, 8);
  init->load.wall_ms = (unsigned)ws_bytes_take(&wire, 8);
  init->limits.hash_salt = ws_bytes_take(&wire, 8);
  init->limits.lua_instructions = ws_bytes_take(&wire, 8);
  init->may_be_empty = ws_bytes_take(&wire, 8) != 0;
  uint64_t count = ws_bytes_take(&wire, 8);
  init->folder = ws_bytes_take_text(&wire);
  init->text_field = ws_bytes_take_text(&wire);
  init->id_field = ws_bytes_take_text(&wire);
  ws_text gold = ws_bytes_take_text(&wire);
  if (wire.bad || count > WS_MAX_CLASSES) return WS_EPARSE;
  ws_text *classes = ws_alloc_array(count, sizeof *classes);
  if (!classes) return WS_ENOMEM;
  for (uint64_t k = 0; k < count; k++) classes[k] = ws_bytes_take_text(&wire);
  ws_status status = wire.bad ? WS_EPARSE : ws_task_new(classes, count, task, NULL);
  ws_free(classes);
  if (status == WS_OK) init->task = *task;
  if (status == WS_OK) status = ws_task_set(*task, WS_TASK_GOLD, gold, NULL); // or unset
  if (status == WS_OK) status = ws__take_problems(&wire, &init->outside);
  init->trace = wire.at < wire.size && ws_bytes_take(&wire, 1) == 1;
  return status;
}

ws_status ws__put_failure(ws_buffer *out, const ws_error *err) {
  WS_TRY(ws_bytes_put(out, err->status, 8));
  return ws_bytes_put_text(out, ws_text_of(err->message));
}

static ws_status put_hash(ws_buffer *out, ws_hash128 hash) {
  WS_TRY(ws_bytes_put(out, hash.low, 8));
  return ws_bytes_put(out, hash.high, 8);
}

/* "file:line: note". */
static ws_status write_note(ws_buffer *text, const ws__program *program,
                            const ws__lua_note *note) {
  if (note->line)
    WS_TRY(ws_buffer_printf(text, "%s:%llu: ", ws__program_path(program, note->file),
                            (unsigned long long)note->line));
  return ws_buffer_string(text, note->text);
}

/* Paths may hold anything; the parent takes UTF-8 only. */
static ws_status put_note(ws_buffer *out, const ws_buffer *text) {
  ws_text_clean(text->data, text->size);
  ws_text shown = ws_buffer_as_text(text);
  if (shown.size > WS__NOTE_SIZE)
    for (shown.size = WS__NOTE_SIZE;
         ((unsigned char)shown.data[shown.size] & 0xC0u) == 0x80u;)
      shown.size--;
  return ws_bytes_put_text(out, shown);
}

/* The first ones. */
static ws_status put_notes(ws_buffer *out, const ws__program *program) {
  size_t count;
  const ws__lua_note *notes = ws__program_notes(program, &count);
  ws_buffer text = {0};
  ws_status status = ws__program_other_files(program, &text);
  size_t first = text.size > 0;
  if (count > WS__NOTES_MAX - first) count = WS__NOTES_MAX - first;
  if (status == WS_OK) status = ws_bytes_put(out, first + count, 8);
  if (status == WS_OK && first) status = put_note(out, &text);
  for (size_t i = 0; i < count && status == WS_OK; i++) {
    text.size = 0;
    status = write_note(&text, program, &notes[i]);
    if (status == WS_OK) status = put_note(out, &text);
  }
  ws_buffer_clear(&text);
  return status;
}

ws_status ws__put_manifest(ws_buffer *out, const ws__program *program) {
  char digest[33];
  if (ws__program_failed(program)->count) {
    WS_TRY(ws_bytes_put(out, WS__LOAD_AGAIN, 8));
    return ws__put_problems(out, ws__program_failed(program));
  }
  ws__program_digest(program, digest);
  WS_TRY(ws_bytes_put(out, WS_OK, 8));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(digest)));
  WS_TRY(ws_bytes_put(out, ws__program_count(program), 8));
  WS_TRY(ws__put_problems(out, ws__program_problems(program)));
  for (size_t j = 0; j < ws__program_count(program); j++) {
    const ws_lf_info *info = ws__program_at(program, j);
    WS_TRY(ws_bytes_put_text(out, ws_text_of(info->name)));
    WS_TRY(ws_bytes_put_text(out, ws_text_of(info->file)));
    WS_TRY(ws_bytes_put(out, (uint64_t)info->kind, 8));
    WS_TRY(ws_bytes_put(out, info->line, 8));
    WS_TRY(ws_bytes_put(out, (uint64_t)(uint32_t)info->label, 8));
    WS_TRY(put_hash(out, info->key));
    WS_TRY(put_hash(out, info->error_key));
    uint64_t prior;
    memcpy(&prior, &info->prior, sizeof prior);
    WS_TRY(ws_bytes_put(out, prior, 8));
    WS_TRY(ws_bytes_put_text(out, ws__program_rule_at(program, j).field));
  }
  return put_notes(out, program);
}
