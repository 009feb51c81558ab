/* SPDX-License-Identifier: MIT
 *
 * Where generate writes to: the folder of accepted LFs, and the one beside the task for
 * everything else. Both are looked at before anybody is asked: what was paid for is not
 * to be lost because a folder is a file, and what is refused is not to lie where fit
 * finds it.
 */
#define _XOPEN_SOURCE 700 // realpath
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generate.h"

/* --- paths --- */

static ws_status take_real(ws_buffer *path) {
  char *real = realpath(path->size ? path->data : "/", NULL);
  if (!real) return WS_OK; // it is not there yet
  path->size = 0;
  ws_status status = ws_buffer_string(path, real);
  free(real);
  return status;
}

/* The last part goes; of "/" nothing is left. */
static void go_up(ws_buffer *path) {
  while (path->size && path->data[path->size - 1] != '/') path->size--;
  while (path->size && path->data[path->size - 1] == '/') path->size--;
  if (path->data) path->data[path->size] = '\0';
}

/* The path without links, and "." and "..", as it will be once its folders are made. */
static ws_status resolve(const char *path, ws_buffer *out) {
  out->size = 0;
  WS_TRY(ws_buffer_string(out, *path == '/' ? "/" : "."));
  WS_TRY(take_real(out));
  while (*path) {
    size_t size = strcspn(path, "/");
    if (size == 2 && path[0] == '.' && path[1] == '.') {
      go_up(out);
    } else if (size && !(size == 1 && *path == '.')) {
      bool parted = out->size && out->data[out->size - 1] == '/';
      WS_TRY(ws_buffer_printf(out, "%s%.*s", parted ? "" : "/", (int)size, path));
      WS_TRY(take_real(out));
    }
    path += size + (path[size] == '/');
  }
  return out->size ? WS_OK : ws_buffer_string(out, "/");
}

/* Of resolved paths: whether the first is the second, or inside of it. */
static bool lies_in(const char *inner, const char *outer) {
  size_t size = strlen(outer);
  if (size == 1) return true; // the root
  return strncmp(inner, outer, size) == 0 && (inner[size] == '/' || inner[size] == '\0');
}

ws_status gen_is_inside(const char *inner, const char *outer, bool *out) {
  ws_buffer a = {0}, b = {0};
  ws_status status = resolve(inner, &a);
  if (status == WS_OK) status = resolve(outer, &b);
  *out = status == WS_OK && lies_in(a.data, b.data);
  ws_buffer_clear(&a);
  ws_buffer_clear(&b);
  return status;
}

/* --- what must not lie where --- */

/* What is refused would be taken by fit if it lay among the LFs. */
static ws_status check_aside(const generate *g, const char *used, ws_error *err) {
  bool inside = false;
  if (gen_is_inside(g->aside.data, used, &inside) != WS_OK) return ws_error_nomem(err);
  if (!inside) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s, where what is refused goes, lies among the labeling "
                      "functions: expected another folder than %s for these, or the "
                      "task file elsewhere",
                      g->aside.data, used);
}

/* The other way round, LFs that are used would lie among those that are not. */
static ws_status check_used(const generate *g, const char *used, ws_error *err) {
  static const char *const parts[] = {"rejected", "unproven", ".candidates"};
  ws_buffer part = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; i < sizeof parts / sizeof *parts && status == WS_OK; i++) {
    bool inside = false;
    part.size = 0;
    if (ws_buffer_printf(&part, "%s/%s", g->aside.data, parts[i]) != WS_OK ||
        gen_is_inside(used, part.data, &inside) != WS_OK)
      status = ws_error_nomem(err);
    else if (inside)
      status = ws_error_set(err, WS_EINVAL,
                            "%s: labeling functions that are used cannot lie in %s, "
                            "which is for those that are not",
                            used, part.data);
  }
  ws_buffer_clear(&part);
  return status;
}

/* Judged again is what is not used yet: files that are would be refused for their own
 * names. */
static ws_status check_judged(const generate *g, const char *used, ws_error *err) {
  bool inside = false;
  if (!g->o->judge) return WS_OK;
  if (gen_is_inside(g->o->judge, used, &inside) != WS_OK) return ws_error_nomem(err);
  if (!inside) return WS_OK;
  return ws_error_set(
      err, WS_EINVAL,
      "--judge %s: expected files that are not used yet, such as those in "
      "%s/unproven, found a folder among the labeling functions; what "
      "these are worth by now `weaksup fit` says, with their votes on dev",
      g->o->judge, g->aside.data);
}

/* --- what must be possible --- */

/* That the folder is there and may be written into, or can be made. */
static ws_status check_folder(const char *path, ws_error *err) {
  ws_buffer at = {0};
  struct stat about;
  ws_status status = ws_buffer_string(&at, path);
  if (status != WS_OK) return ws_error_nomem(err);
  while (at.size && lstat(at.data, &about) != 0 && (errno == ENOENT || errno == ENOTDIR))
    go_up(&at);
  const char *found = at.size ? at.data : *path == '/' ? "/" : ".";
  if (stat(found, &about) != 0)
    status = ws_error_set(err, WS_EIO, "%s: %s", found, strerror(errno));
  else if (!S_ISDIR(about.st_mode))
    status = ws_error_set(err, WS_EIO, "%s: expected a folder, found a file%s%s", found,
                          strcmp(found, path) ? ", for " : "",
                          strcmp(found, path) ? path : "");
  else if (access(found, W_OK | X_OK) != 0)
    status = ws_error_set(err, WS_EIO, "%s: cannot be written into: %s", found,
                          strerror(errno));
  ws_buffer_clear(&at);
  return status;
}

static ws_status check_report(const char *path, ws_error *err) {
  struct stat about;
  if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: expected a file or nothing, found a folder",
                      path);
}

ws_status gen_check_places(const generate *g, ws_error *err) {
  static const char *const parts[] = {"rejected", "unproven", "report.json"};
  ws_buffer path = {0};
  ws_status status = check_folder(g->out.data, err);
  if (status == WS_OK) status = check_folder(g->aside.data, err);
  for (size_t i = 0; i < sizeof parts / sizeof *parts && status == WS_OK; i++) {
    path.size = 0;
    status = ws_buffer_printf(&path, "%s/%s", g->aside.data, parts[i]);
    if (status != WS_OK)
      status = ws_error_nomem(err);
    else
      status = i < 2 ? check_folder(path.data, err) : check_report(path.data, err);
  }
  ws_buffer_clear(&path);
  return status;
}

/* --- all of it --- */

ws_status gen_find_places(generate *g, ws_error *err) {
  struct stat about;
  const char *lfs = g->lfs;
  if (stat(lfs, &about) == 0 && !S_ISDIR(about.st_mode))
    return ws_error_set(err, WS_EINVAL,
                        "%s: expected a folder of labeling functions, found a file", lfs);
  size_t size = strlen(lfs);
  while (size > 1 && lfs[size - 1] == '/') size--;
  ws_status status = g->o->out
                         ? ws_buffer_string(&g->out, g->o->out)
                         : ws_buffer_printf(&g->out, "%.*s/generated", (int)size, lfs);
  while (g->out.size > 1 && g->out.data[g->out.size - 1] == '/')
    g->out.data[--g->out.size] = '\0';
  if (status == WS_OK) status = setup_beside_task(g->o, lfs, "generated", &g->aside);
  if (status != WS_OK) return ws_error_nomem(err);
  const char *used[] = {lfs, g->out.data};
  for (size_t i = 0; i < 2; i++) {
    WS_TRY(check_aside(g, used[i], err));
    WS_TRY(check_used(g, used[i], err));
    WS_TRY(check_judged(g, used[i], err));
  }
  return WS_OK;
}
