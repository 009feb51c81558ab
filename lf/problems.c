/* SPDX-License-Identifier: MIT
 *
 * The list of what did not load, and its form between processes.
 */
#include "problems.h"

#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "rules.h"

void ws__problems_clear(ws__problems *problems) {
  ws_free(problems->items);
  ws_arena_clear(&problems->arena);
  *problems = (ws__problems){0};
}

static ws_status add(ws__problems *problems, ws_text file, uint64_t line,
                     ws_lf_problem_kind kind, ws_text message) {
  WS_TRY(ws_arena_text(&problems->arena, file, &file));
  WS_TRY(ws_arena_text(&problems->arena, message, &message));
  if (!ws_grow(&problems->items, &problems->capacity, problems->count + 1,
               sizeof *problems->items))
    return WS_ENOMEM;
  problems->items[problems->count++] = (ws_lf_problem){
      .kind = kind, .file = file.data, .line = line, .message = message.data};
  return WS_OK;
}

ws_status ws__problems_add(ws__problems *problems, const char *file, uint64_t line,
                           ws_lf_problem_kind kind, const char *message) {
  return add(problems, ws_text_of(file), line, kind, ws_text_of(message));
}

/* Room for one more name: the array doubles, and the arena keeps the smaller ones. */
static const char **reserve_name(ws__problems *problems, const ws_lf_problem *of) {
  size_t count = of->lf_count;
  if (count & (count - 1)) return (const char **)(uintptr_t)of->lfs; // no power of two
  const char **names =
      ws_arena_alloc(&problems->arena, (count ? 2 * count : 1) * sizeof *names);
  if (names && count) memcpy(names, of->lfs, count * sizeof *names);
  return names;
}

static ws_status append_name(ws__problems *problems, ws_text name) {
  ws_lf_problem *to = &problems->items[problems->count - 1];
  ws_text kept;
  const char **names = reserve_name(problems, to);
  if (!names || ws_arena_text(&problems->arena, name, &kept) != WS_OK) return WS_ENOMEM;
  names[to->lf_count++] = kept.data;
  to->lfs = names;
  return WS_OK;
}

ws_status ws__problems_add_name(ws__problems *problems, ws_text name) {
  const ws_lf_problem *to = &problems->items[problems->count - 1];
  if (to->lf_count == WS__PROBLEM_NAMES) return WS_OK;
  for (size_t i = 0; i < to->lf_count; i++)
    if (ws_text_equals(name, to->lfs[i])) return WS_OK;
  return append_name(problems, name);
}

static int by_place(const void *a, const void *b) {
  const ws_lf_problem *x = a, *y = b;
  int order = strcmp(x->file, y->file);
  if (order) return order;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  return strcmp(x->message, y->message);
}

void ws__problems_sort(ws__problems *problems) {
  if (problems->count)
    qsort(problems->items, problems->count, sizeof *problems->items, by_place);
}

const ws_lf_problem *ws__problems_find(const ws__problems *problems, const char *file) {
  for (size_t i = 0; i < problems->count; i++)
    if (strcmp(problems->items[i].file, file) == 0) return &problems->items[i];
  return NULL;
}

uint64_t ws__problem_line(const char *file, const char *message) {
  size_t size = strlen(file), digits;
  uint64_t line = 0;
  if (strncmp(message, file, size) != 0 || message[size] != ':') return 0;
  digits = strspn(message + size + 1, "0123456789");
  return ws_text_to_index((ws_text){message + size + 1, digits}, &line) ? line : 0;
}

/* --- between processes --- */

ws_status ws__put_problems(ws_buffer *out, const ws__problems *problems) {
  WS_TRY(ws_bytes_put(out, problems->count, 8));
  for (size_t i = 0; i < problems->count; i++) {
    const ws_lf_problem *problem = &problems->items[i];
    WS_TRY(ws_bytes_put_text(out, ws_text_of(problem->file)));
    WS_TRY(ws_bytes_put(out, problem->line, 8));
    WS_TRY(ws_bytes_put(out, (uint64_t)problem->kind, 8));
    WS_TRY(ws_bytes_put(out, problem->name_taken, 8));
    WS_TRY(ws_bytes_put_text(out, ws_text_of(problem->message)));
    WS_TRY(ws_bytes_put(out, problem->lf_count, 8));
    for (size_t j = 0; j < problem->lf_count; j++)
      WS_TRY(ws_bytes_put_text(out, ws_text_of(problem->lfs[j])));
  }
  return WS_OK;
}

/* In place: the text is the arena's. */
static void clean(const char *text) {
  ws_text_clean((char *)(uintptr_t)text, strlen(text));
}

static ws_status take_names(ws_bytes *wire, ws__problems *out) {
  uint64_t count = ws_bytes_take(wire, 8);
  if (wire->bad || count > WS__PROBLEM_NAMES) return WS_EPARSE;
  for (uint64_t j = 0; j < count; j++) {
    ws_text name = ws_bytes_take_text(wire);
    if (wire->bad || !ws__is_lf_name(name)) return WS_EPARSE;
    WS_TRY(append_name(out, name));
  }
  return WS_OK;
}

static ws_status take(ws_bytes *wire, ws__problems *out) {
  ws_text file = ws_bytes_take_text(wire);
  uint64_t line = ws_bytes_take(wire, 8), kind = ws_bytes_take(wire, 8);
  uint64_t taken = ws_bytes_take(wire, 8);
  ws_text message = ws_bytes_take_text(wire);
  if (wire->bad || kind > WS_LF_PROBLEM_KILLED || taken > 1 ||
      message.size >= WS_ERROR_MESSAGE_SIZE || memchr(file.data, '\0', file.size) ||
      memchr(message.data, '\0', message.size))
    return WS_EPARSE;
  WS_TRY(add(out, file, line, (ws_lf_problem_kind)kind, message));
  out->items[out->count - 1].name_taken = taken;
  clean(out->items[out->count - 1].message);
  return take_names(wire, out);
}

ws_status ws__take_problems(ws_bytes *wire, ws__problems *out) {
  uint64_t count = ws_bytes_take(wire, 8);
  for (uint64_t i = 0; i < count; i++) WS_TRY(take(wire, out)); // ends where bytes do
  return wire->bad ? WS_EPARSE : WS_OK;
}

void ws__problems_clean_files(ws__problems *problems) {
  for (size_t i = 0; i < problems->count; i++) clean(problems->items[i].file);
}

/* --- the public side --- */

const char *ws_lf_problem_kind_name(ws_lf_problem_kind kind) {
  static const char *const texts[] = {"compile_error", "load_error", "time", "memory",
                                      "killed"};
  return (size_t)kind < sizeof texts / sizeof *texts ? texts[kind] : "unknown";
}
