/* SPDX-License-Identifier: MIT
 *
 * Where the files lie that a manifest names.
 */
#define _XOPEN_SOURCE 700
#include "run_paths.h"

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

ws_status run_put_path(ws_buffer *out, const char *run, ws_text path) {
  size_t start = out->size;
  WS_TRY(ws_buffer_text(out, path));
  if (path.size == 0 || path.data[0] == '/' || is_there(out->data + start)) return WS_OK;
  out->size = start;
  WS_TRY(run_put_beside(out, run, path));
  if (is_there(out->data + start)) return WS_OK;
  out->size = start;
  return ws_buffer_text(out, path);
}

bool run_file_is_same(const char *path, ws_text hash) {
  ws_hash128 found;
  char hex[33];
  if (ws_hash128_file(path, &found, NULL) != WS_OK) return false;
  ws_hash128_hex(found, hex);
  return ws_text_equals(hash, hex);
}
