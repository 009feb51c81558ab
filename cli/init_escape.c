/* SPDX-License-Identifier: MIT
 *
 * How names and paths from anywhere are written into the files of a new task.
 */
#define _XOPEN_SOURCE 700 // realpath

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>
#include <weaksup/lf_write.h>

#include "init.h"

ws_status init_put_clean(ws_buffer *out, ws_text text) {
  size_t start = out->size;
  WS_TRY(ws_buffer_text(out, text));
  ws_text_clean(out->data + start, text.size);
  return WS_OK;
}

ws_status init_put_lua_class(ws_buffer *out, ws_text name) {
  static const char *const locals[] = {"telling", "best", "most", "found", "list",
                                       "entry",   "i",    "j",    "word",  NULL};
  return ws_lf_put_class(out, name, locals);
}

ws_status init_put_json(ws_buffer *out, ws_text text) {
  ws_json_writer json = {.out = out};
  ws_json_text(&json, text);
  return json.status;
}

/* --- paths --- */

/* The path without links in it, but for the last part, which need not be there. */
static ws_status resolve(const char *path, ws_buffer *out, ws_error *err) {
  char *whole = realpath(path, NULL);
  size_t size = strlen(path);
  while (size > 1 && path[size - 1] == '/') size--;
  size_t name = size;
  while (name > 0 && path[name - 1] != '/') name--;
  ws_buffer parent = {0};
  ws_status status = ws_buffer_append(&parent, name ? path : ".", name ? name : 1);
  char *folder = status == WS_OK && !whole ? realpath(parent.data, NULL) : NULL;
  ws_buffer_clear(&parent);
  if (status == WS_OK && whole)
    status = ws_buffer_string(out, whole);
  else if (status == WS_OK && !folder)
    status = ws_error_set(err, WS_EIO, "%s: %s", path, strerror(errno));
  else if (status == WS_OK)
    status = ws_buffer_printf(out, "%s/%.*s", strcmp(folder, "/") == 0 ? "" : folder,
                              (int)(size - name), path + name);
  free(whole);
  free(folder);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

/* How many bytes of both are the same whole parts, with the slash behind. */
static size_t common_parts(const char *a, const char *b) {
  size_t common = 0;
  for (size_t i = 0; a[i] && a[i] == b[i]; i++)
    if (a[i] == '/') common = i + 1;
  return common;
}

static ws_status put_relative(ws_buffer *out, ws_buffer *folder, const char *file) {
  WS_TRY(ws_buffer_string(folder, "/"));
  size_t common = common_parts(folder->data, file);
  if (common <= 1) return ws_buffer_string(out, file); // nothing but the root
  for (const char *at = folder->data + common; (at = strchr(at, '/')); at++)
    WS_TRY(ws_buffer_string(out, "../"));
  return ws_buffer_string(out, file + common);
}

ws_status init_put_path(ws_buffer *out, const char *folder, const char *file,
                        ws_error *err) {
  ws_buffer from = {0}, to = {0};
  ws_status status = resolve(folder, &from, err);
  if (status == WS_OK) status = resolve(file, &to, err);
  if (status == WS_OK && put_relative(out, &from, to.data) != WS_OK)
    status = ws_error_nomem(err);
  ws_buffer_clear(&from);
  ws_buffer_clear(&to);
  return status;
}
