/* SPDX-License-Identifier: MIT
 *
 * The folder beside the task, in which one generate works at a time. Candidates lie in a
 * folder inside of it while they are looked at; what a killed process left there is found
 * and removed by the next one, which has the lock and so knows that nobody needs it.
 */
#define _GNU_SOURCE // O_DIRECTORY
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/output.h>

#include "generate.h"

ws_status gen_make_folders(const char *path, ws_error *err) {
  ws_buffer part = {0};
  ws_status status = ws_buffer_string(&part, path);
  if (status != WS_OK) return ws_error_nomem(err);
  for (size_t i = 1; i <= part.size && status == WS_OK; i++) {
    char c = part.data[i];
    if ((c != '/' && c != '\0') || part.data[i - 1] == '/') continue;
    part.data[i] = '\0';
    if (mkdir(part.data, 0777) != 0 && errno != EEXIST)
      status =
          ws_error_set(err, WS_EIO, "%s: cannot be made: %s", part.data, strerror(errno));
    part.data[i] = c;
  }
  ws_buffer_clear(&part);
  return status;
}

/* --- one at a time --- */

static ws_status lock(const char *folder, ws_lock **out, ws_error *err) {
  ws_buffer path = {0};
  ws_status status = ws_buffer_printf(&path, "%s/.generate.lock", folder);
  status = status == WS_OK ? ws_lock_take(path.data, out, err) : ws_error_nomem(err);
  ws_buffer_clear(&path);
  return status;
}

/* The last part goes; of "a" nothing is left, and "/" stays. */
static void go_up(ws_buffer *path) {
  while (path->size > 1 && path->data[path->size - 1] != '/') path->size--;
  while (path->size > 1 && path->data[path->size - 1] == '/') path->size--;
  if (path->size == 1 && path->data[0] != '/') path->size = 0;
  path->data[path->size] = '\0';
}

/* Makes --out, and notes what of it was there. */
static ws_status make_out(generate *g, ws_error *err) {
  struct stat about;
  if (ws_buffer_string(&g->out_above, g->out.data) != WS_OK) return ws_error_nomem(err);
  while (g->out_above.size && stat(g->out_above.data, &about) != 0) go_up(&g->out_above);
  return gen_make_folders(g->out.data, err);
}

/* What was made and has nothing in it. */
static void remove_out(generate *g) {
  while (g->out_above.data && g->out.size > g->out_above.size) {
    if (rmdir(g->out.data) != 0) break;
    go_up(&g->out);
  }
  ws_buffer_clear(&g->out_above);
}

ws_status gen_lock(generate *g, ws_error *err) {
  struct stat about;
  bool among = false, same = false;
  g->aside_made = stat(g->aside.data, &about) != 0;
  WS_TRY(gen_make_folders(g->aside.data, err));
  WS_TRY(lock(g->aside.data, &g->locks[0], err));
  WS_TRY(make_out(g, err));
  WS_TRY(lock(g->out.data, &g->locks[1], err));
  if (gen_is_inside(g->out.data, g->lfs, &among) != WS_OK ||
      gen_is_inside(g->lfs, g->out.data, &same) != WS_OK)
    return ws_error_nomem(err);
  if (!among || same || access(g->lfs, W_OK | X_OK) != 0) return WS_OK;
  return lock(g->lfs, &g->locks[2], err);
}

void gen_unlock(generate *g) {
  for (size_t i = 3; i-- > 0;) {
    ws_lock_release(g->locks[i]);
    g->locks[i] = NULL;
  }
  remove_out(g);
  if (g->aside_made) rmdir(g->aside.data); // unless there is something in it
}

/* --- candidates --- */

/* Opens the folder, if it is one of ours and no link. */
static DIR *open_ours(const char *path) {
  struct stat about;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return NULL;
  DIR *folder =
      fstat(fd, &about) == 0 && about.st_uid == geteuid() ? fdopendir(fd) : NULL;
  if (!folder) close(fd);
  return folder;
}

void gen_folder_empty(const generate *g) {
  DIR *folder = open_ours(g->folder.data);
  for (struct dirent *entry; folder && (entry = readdir(folder));)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      unlinkat(dirfd(folder), entry->d_name, 0);
  if (folder) closedir(folder);
}

ws_status gen_folder_make(generate *g, ws_error *err) {
  if (ws_buffer_printf(&g->folder, "%s/.candidates", g->aside.data) != WS_OK)
    return ws_error_nomem(err);
  gen_folder_empty(g);
  rmdir(g->folder.data);
  if (mkdir(g->folder.data, 0700) == 0) return WS_OK;
  ws_status status = ws_error_set(
      err, WS_EIO, "%s: cannot be made, for candidates while they are looked at: %s",
      g->folder.data, strerror(errno));
  ws_buffer_clear(&g->folder);
  return status;
}

void gen_folder_remove(generate *g) {
  if (!g->folder.size) return;
  gen_folder_empty(g);
  rmdir(g->folder.data);
  ws_buffer_clear(&g->folder);
}
