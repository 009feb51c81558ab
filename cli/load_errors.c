/* SPDX-License-Identifier: MIT
 *
 * What of a folder of LFs did not load, in words and as JSON.
 */
#include "load_errors.h"

#include <stdio.h>

#include "members.h"
#include "say.h"
#include "table.h"

load_errors load_errors_of(const ws_lf_set *lfs) {
  return (load_errors){.lfs = lfs, .count = lfs ? ws_lf_set_problem_count(lfs) : 0};
}

static const ws_lf_problem *error_at(load_errors errors, size_t i) {
  return errors.lfs ? ws_lf_set_problem_at(errors.lfs, i) : &errors.items[i];
}

/* --- reading; the manifest's seal was checked --- */

static bool read_kind(ws_value value, ws_lf_problem_kind *out) {
  for (int kind = 0; ws_value_is(value, WS_STRING) && kind <= WS_LF_PROBLEM_KILLED;
       kind++) {
    *out = (ws_lf_problem_kind)kind;
    if (ws_text_equals(ws_value_text(value), ws_lf_problem_kind_name(*out))) return true;
  }
  return false;
}

static ws_status read_text(ws_value value, ws_arena *arena, const char **out) {
  ws_text text;
  if (!ws_value_is(value, WS_STRING)) return WS_EPARSE;
  WS_TRY(ws_arena_text(arena, ws_value_text(value), &text));
  *out = text.data;
  return WS_OK;
}

static ws_status read_names(ws_value list, ws_arena *arena, ws_lf_problem *out) {
  ws_text key;
  ws_value item;
  if (!ws_value_is(list, WS_ARRAY)) return WS_EPARSE;
  const char **names = ws_arena_alloc(arena, ws_value_count(list) * sizeof *names);
  if (!names) return WS_ENOMEM;
  out->lfs = names;
  for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);)
    WS_TRY(read_text(item, arena, &names[out->lf_count++]));
  return WS_OK;
}

static ws_status read_problem(ws_value object, ws_arena *arena, ws_lf_problem *out) {
  ws_value line = ws_value_get(object, ws_text_of("line"));
  *out = (ws_lf_problem){0};
  if (!read_kind(ws_value_get(object, ws_text_of("kind")), &out->kind)) return WS_EPARSE;
  if (ws_value_is(line, WS_INT)) out->line = (uint64_t)ws_value_int(line);
  WS_TRY(read_text(ws_value_get(object, ws_text_of("file")), arena, &out->file));
  WS_TRY(read_text(ws_value_get(object, ws_text_of("message")), arena, &out->message));
  return read_names(ws_value_get(object, ws_text_of("lfs")), arena, out);
}

static ws_status read_list(ws_value list, ws_arena *arena, load_errors *out) {
  ws_text key;
  ws_value item;
  if (!ws_value_is(list, WS_ARRAY)) return WS_EPARSE;
  ws_lf_problem *items = ws_arena_alloc(arena, ws_value_count(list) * sizeof *items);
  if (!items) return WS_ENOMEM;
  *out = (load_errors){.items = items};
  for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);)
    WS_TRY(read_problem(item, arena, &items[out->count++]));
  return WS_OK;
}

ws_status load_errors_read(ws_value manifest, ws_arena *arena, load_errors *out,
                           ws_error *err) {
  ws_value list = ws_value_get(manifest, ws_text_of("load_errors"));
  if (!list.at) return WS_OK; // of a run before there were any
  ws_status status = read_list(list, arena, out);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  if (status == WS_OK) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "expected 'load_errors' in the manifest of a run, found something "
                      "else");
}

/* --- saying, printing, writing --- */

/* "'a', 'b'"; of many only the first. */
static void list_names(const ws_lf_problem *problem, char *out, size_t size) {
  enum { MOST = 5 };
  size_t at = 0;
  for (size_t i = 0; i < problem->lf_count && i < MOST && at < size; i++)
    at += (size_t)snprintf(out + at, size - at, "%s'%s'", i ? ", " : "", problem->lfs[i]);
  if (problem->lf_count > MOST && at < size)
    snprintf(out + at, size - at, " and %zu more", problem->lf_count - MOST);
}

enum { NAMES_SIZE = 1200 }; // five names of 200 bytes, and what stands between

void load_errors_say(load_errors errors) {
  for (size_t i = 0; i < errors.count; i++) {
    const ws_lf_problem *problem = error_at(errors, i);
    char names[NAMES_SIZE] = "";
    list_names(problem, names, sizeof names);
    say_warning("%s%s%s", problem->message, problem->lf_count ? "; left out: " : "",
                names);
  }
}

void load_errors_print(load_errors errors) {
  for (size_t i = 0; i < errors.count; i++) {
    const ws_lf_problem *problem = error_at(errors, i);
    char names[NAMES_SIZE] = "";
    list_names(problem, names, sizeof names);
    printf("did not load: "); // names and message may be those of a run from elsewhere
    text_print(ws_text_of(names));
    printf("%s%s: ", problem->lf_count ? ", " : "",
           ws_lf_problem_kind_name(problem->kind));
    text_print(ws_text_of(problem->message));
    printf("\n");
  }
}

static void write_problem(ws_json_writer *json, const ws_lf_problem *problem) {
  ws_json_open(json, '{');
  json_put_string(json, "file", problem->file);
  ws_json_key(json, "line");
  if (problem->line)
    ws_json_uint(json, problem->line);
  else
    ws_json_null(json);
  ws_json_key(json, "lfs");
  ws_json_open(json, '[');
  for (size_t i = 0; i < problem->lf_count; i++) ws_json_string(json, problem->lfs[i]);
  ws_json_close(json, ']');
  json_put_string(json, "kind", ws_lf_problem_kind_name(problem->kind));
  json_put_string(json, "message", problem->message);
  ws_json_close(json, '}');
}

void load_errors_json(ws_json_writer *json, load_errors errors) {
  ws_json_key(json, "load_errors");
  ws_json_open(json, '[');
  for (size_t i = 0; i < errors.count; i++) write_problem(json, error_at(errors, i));
  ws_json_close(json, ']');
}
