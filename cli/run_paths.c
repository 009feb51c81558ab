/* SPDX-License-Identifier: MIT
 *
 * Where the files lie that a manifest names.
 */
#define _XOPEN_SOURCE 700 // realpath
#include "run_paths.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/hash.h>

ws_value run_file_of(ws_value manifest, const char *member) {
  ws_value file = ws_value_get(manifest, ws_text_of(member));
  return ws_value_is(file, WS_OBJECT) ? file : (ws_value){NULL};
}

static ws_text text_of(ws_value file, const char *member) {
  ws_value text = ws_value_get(file, ws_text_of(member));
  return ws_value_is(text, WS_STRING) ? ws_value_text(text) : (ws_text){"", 0};
}

ws_text run_file_path(ws_value file) {
  return text_of(file, "path");
}

ws_text run_file_hash(ws_value file) {
  return text_of(file, "xxh3");
}

bool run_is_ready_made(ws_value manifest) {
  return !run_file_of(manifest, "lfs").at;
}

ws_status run_put_beside(ws_buffer *out, const char *run, ws_text path) {
  size_t size = strlen(run);
  while (size && run[size - 1] == '/') size--;
  while (size && run[size - 1] != '/') size--;
  if (path.size && path.data[0] != '/') WS_TRY(ws_buffer_text(out, (ws_text){run, size}));
  return ws_buffer_text(out, path);
}

static bool is_there(const char *path) {
  struct stat about;
  return stat(path, &about) == 0;
}

bool run_file_is_same(const char *path, ws_text hash) {
  ws_hash128 found;
  char hex[33];
  if (ws_hash128_file(path, &found, NULL) != WS_OK) return false;
  ws_hash128_hex(found, hex);
  return ws_text_equals(hash, hex);
}

/* --- where the command was run ------------------------------------------------------ */

static const char origin[] = "started_in";

/* Of a run that is being written: its folder may not be there yet, but that which holds
 * it is. */
static ws_status real_path(const char *run, ws_buffer *out) {
  size_t size = strlen(run);
  while (size > 1 && run[size - 1] == '/') size--;
  size_t at = size;
  while (at && run[at - 1] != '/') at--;
  ws_text holds = at ? (ws_text){run, at} : ws_text_of(".");
  char *whole = realpath(run, NULL);
  if (whole) holds = ws_text_of(whole);
  ws_status status = ws_buffer_text(out, holds);
  free(whole);
  WS_TRY(status);
  if (whole) return WS_OK;
  whole = realpath(out->data, NULL);
  out->size = 0;
  if (!whole) return WS_OK; // stays empty: nobody knows
  status = ws_buffer_printf(out, "%s/%.*s", whole, (int)(size - at), run + at);
  free(whole);
  return status;
}

/* Adds the way from one folder to another, both absolute: "../..", "../b". */
static ws_status put_way(ws_buffer *out, const char *from, const char *to) {
  size_t shared = 0, i = 0;
  for (; from[i] && from[i] == to[i]; i++)
    if (from[i] == '/') shared = i;
  bool ends = (!from[i] || from[i] == '/') && (!to[i] || to[i] == '/');
  if (ends) shared = i;
  for (const char *c = from + shared; *c; c++)
    if (*c == '/' && c[1] && c[1] != '/')
      WS_TRY(ws_buffer_string(out, out->size ? "/.." : ".."));
  while (to[shared] == '/') shared++;
  if (!to[shared]) return out->size ? WS_OK : ws_buffer_string(out, ".");
  return ws_buffer_printf(out, "%s%s", out->size ? "/" : "", to + shared);
}

void run_write_origin(ws_json_writer *json, const char *run) {
  ws_buffer from = {0}, way = {0};
  char *here = realpath(".", NULL);
  if (real_path(run, &from) != WS_OK) json->status = WS_ENOMEM;
  if (json->status == WS_OK && here && from.size &&
      put_way(&way, from.data, here) != WS_OK)
    json->status = WS_ENOMEM;
  ws_json_key(json, origin);
  if (way.size)
    ws_json_text(json, ws_buffer_as_text(&way));
  else
    ws_json_null(json);
  free(here);
  ws_buffer_clear(&from);
  ws_buffer_clear(&way);
}

/* --- where it lies now -------------------------------------------------------------- */

enum { AS_IT_STANDS, BESIDE, FROM_ORIGIN };

ws_status run_put_place(ws_buffer *out, const char *run, ws_value manifest, ws_value file,
                        int place) {
  ws_text path = run_file_path(file), started_in = text_of(manifest, origin);
  out->size = 0;
  if (place == BESIDE) return run_put_beside(out, run, path);
  if (place == FROM_ORIGIN && started_in.size && path.size && path.data[0] != '/')
    WS_TRY(ws_buffer_printf(out, "%s/%.*s/", run, WS_TEXT_ARG(started_in)));
  return ws_buffer_text(out, path);
}

ws_status run_put_path(ws_buffer *out, const char *run, ws_value manifest,
                       ws_value file) {
  ws_text path = run_file_path(file), hash = run_file_hash(file);
  static const int likely[] = {BESIDE, FROM_ORIGIN, AS_IT_STANDS}; // the last one most
  int found = AS_IT_STANDS;
  for (size_t i = 0; i < sizeof likely / sizeof *likely; i++) {
    WS_TRY(run_put_place(out, run, manifest, file, likely[i]));
    if (path.size && is_there(out->data)) found = likely[i];
  }
  for (int place = 0; hash.size && path.size && place < RUN_PLACES; place++) {
    WS_TRY(run_put_place(out, run, manifest, file, place));
    if (run_file_is_same(out->data, hash)) return WS_OK;
  }
  return run_put_place(out, run, manifest, file, found);
}
