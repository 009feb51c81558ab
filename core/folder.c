/* SPDX-License-Identifier: MIT
 *
 * A folder that is replaced whole: the new one is exchanged with the old one in one
 * system call where the system has it (Linux), by two renames elsewhere.
 *
 * The temporary folder's name holds the machine and the process that made it, so that a
 * later run can tell which ones nobody works in any more.
 */
#define _GNU_SOURCE // renameat2

#include <weaksup/output.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "files.h"

struct ws_folder {
  ws_buffer path;           // the target
  ws_buffer temporary;      // the new folder
  ws_buffer file;           // what ws_folder_file returned
  const char *const *owned; // [owned_count] borrowed
  size_t owned_count;
  mode_t mode;       // of the previous folder
  bool made, exists; // the temporary folder was made; the target is there
};

size_t ws__parent_size(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? (size_t)(slash - path) : 0;
}

/* The path of the parent folder, to be freed: "." for "x", "/" for "/x". */
static char *parent_of(const char *path) {
  size_t size = ws__parent_size(path);
  const char *parent = path[0] == '/' ? "/" : ".";
  char *out = ws_alloc(size + 2);
  if (!out) return NULL;
  if (size)
    memcpy(out, path, size), out[size] = '\0';
  else
    memcpy(out, parent, 2);
  return out;
}

ws_status ws__sync_parent(const char *path, ws_error *err) {
  char *parent = parent_of(path);
  if (!parent) return ws_error_nomem(err);
  int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ws_free(parent);
  if (fd < 0)
    return WS_OK; // a folder one may write into but not read: nothing to be done
  int failed = fsync(fd) != 0 && errno != EINVAL && errno != EROFS;
  close(fd);
  return failed ? ws_error_set(err, WS_EIO, "%s: cannot sync its folder: %s", path,
                               strerror(errno))
                : WS_OK;
}

/* --- looking at folders --- */

static bool is_dots(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Whether the file is a document of weaksup's: they begin with their format. */
static bool is_marked(int folder, const char *mark) {
  char head[64] = "";
  int fd = openat(folder, mark, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  ssize_t size = fd < 0 ? -1 : read(fd, head, sizeof head - 1);
  if (fd >= 0) close(fd);
  return size > 0 && strstr(head, "\"format\": \"weaksup ") != NULL;
}

/* Whether the folder is empty or holds the marked file. */
static bool is_ours(const char *path, const char *mark) {
  DIR *folder = opendir(path);
  if (!folder) return false;
  bool empty = true;
  for (struct dirent *entry; empty && (entry = readdir(folder));)
    empty = is_dots(entry->d_name);
  bool ours = empty || is_marked(dirfd(folder), mark);
  closedir(folder);
  return ours;
}

static bool is_owned(const ws_folder *folder, const char *name) {
  for (size_t i = 0; i < folder->owned_count; i++)
    if (strcmp(name, folder->owned[i]) == 0) return true;
  return false;
}

/* Removes a folder with our files in it, and with others that have a second name
 * elsewhere. Whatever else there is stays, and so does the folder then: false. */
static bool remove_folder(const ws_folder *owner, const char *path) {
  struct stat about;
  DIR *folder = opendir(path);
  if (!folder) return errno == ENOENT;
  for (struct dirent *entry; (entry = readdir(folder));) {
    const char *name = entry->d_name;
    if (is_dots(name) || fstatat(dirfd(folder), name, &about, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    bool unfinished = strstr(name, ".tmp-") != NULL; // a file that was being written
    if (is_owned(owner, name) || unfinished ||
        (!S_ISDIR(about.st_mode) && about.st_nlink > 1))
      unlinkat(dirfd(folder), name, 0);
  }
  closedir(folder);
  return rmdir(path) == 0;
}

/* --- temporary folders --- */

static ws_status put_stem(ws_buffer *out, const char *name) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  return ws_buffer_printf(out, ".%s.weaksup-%08llx-", name,
                          (unsigned long long)ws_hash64(host, strlen(host), 0) &
                              0xFFFFFFFFu);
}

static bool process_is_gone(const char *digits) {
  char *end;
  long pid = strtol(digits, &end, 10);
  return pid > 0 && (*end == '\0' || *end == '-') && kill((pid_t)pid, 0) != 0 &&
         errno == ESRCH;
}

/* Removes what killed processes of this machine left beside the target. */
static ws_status remove_stale(const ws_folder *owner, const char *parent,
                              const char *stem) {
  ws_buffer path = {0};
  ws_status status = WS_OK;
  DIR *folder = opendir(parent);
  if (!folder) return WS_OK;
  for (struct dirent *entry; status == WS_OK && (entry = readdir(folder));) {
    size_t size = strlen(stem);
    if (strncmp(entry->d_name, stem, size) != 0 || !process_is_gone(entry->d_name + size))
      continue;
    path.size = 0;
    status = ws_buffer_printf(&path, "%s/%s", parent, entry->d_name);
    if (status == WS_OK) remove_folder(owner, path.data);
  }
  closedir(folder);
  ws_buffer_clear(&path);
  return status;
}

/* PARENT/STEM-PID, and -1, -2, ... behind it where that is there: in a container a
 * process that was killed may have had our number. */
static ws_status make_folder(ws_folder *folder, const char *parent, const char *stem,
                             ws_error *err) {
  for (int attempt = 0; attempt < 100 && !folder->made; attempt++) {
    folder->temporary.size = 0;
    ws_status status =
        ws_buffer_printf(&folder->temporary, "%s/%s%ld", parent, stem, (long)getpid());
    if (status == WS_OK && attempt)
      status = ws_buffer_printf(&folder->temporary, "-%d", attempt);
    if (status != WS_OK) return ws_error_nomem(err);
    folder->made = mkdir(folder->temporary.data, 0777) == 0;
    if (!folder->made && errno != EEXIST) break;
  }
  if (folder->made && folder->exists) chmod(folder->temporary.data, folder->mode);
  if (folder->made) return WS_OK;
  if (errno == ENOENT)
    return ws_error_set(err, WS_EIO, "%s: expected a folder to make it in, found no '%s'",
                        folder->path.data, parent);
  return ws_error_set(err, WS_EIO, "%s: cannot write: %s", folder->path.data,
                      strerror(errno));
}

static ws_status make_temporary(ws_folder *folder, ws_error *err) {
  const char *path = folder->path.data;
  const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
  char *parent = parent_of(path);
  ws_buffer stem = {0};
  ws_status status = parent ? put_stem(&stem, name) : WS_ENOMEM;
  if (status == WS_OK) status = remove_stale(folder, parent, stem.data);
  if (status != WS_OK)
    ws_error_nomem(err);
  else
    status = make_folder(folder, parent, stem.data, err);
  ws_free(parent);
  ws_buffer_clear(&stem);
  return status;
}

static ws_status find_target(ws_folder *folder, const char *path, ws_error *err) {
  const char *mark = folder->owned[0];
  struct stat about;
  folder->exists = stat(path, &about) == 0;
  char *real =
      folder->exists ? realpath(path, NULL) : NULL; // a link's target is replaced
  const char *target = real ? real : path;
  size_t size = strlen(target);
  while (size > 1 && target[size - 1] == '/') size--;
  ws_status status = ws_buffer_append(&folder->path, target, size);
  free(real);
  if (status != WS_OK) return ws_error_nomem(err);
  if (!folder->exists) return WS_OK;
  folder->mode = about.st_mode & 07777;
  if (!S_ISDIR(about.st_mode))
    return ws_error_set(err, WS_EIO, "%s: expected a folder, found a file", path);
  if (!is_ours(path, mark))
    return ws_error_set(
        err, WS_EIO,
        "%s: a folder with other files in it (no %s of weaksup's): nothing is "
        "replaced; give another folder",
        path, mark);
  return WS_OK;
}

ws_status ws_folder_begin(const char *path, const char *const *owned, size_t owned_count,
                          ws_folder **out, ws_error *err) {
  ws_folder *folder = ws_alloc_zero(1, sizeof *folder);
  if (!folder) return ws_error_nomem(err);
  folder->owned = owned;
  folder->owned_count = owned_count;
  ws_status status = find_target(folder, path, err);
  if (status == WS_OK) status = make_temporary(folder, err);
  if (status != WS_OK) {
    ws_folder_abort(folder);
    return status;
  }
  *out = folder;
  return WS_OK;
}

const char *ws_folder_file(ws_folder *folder, const char *name) {
  folder->file.size = 0;
  if (ws_buffer_printf(&folder->file, "%s/%s", folder->temporary.data, name) != WS_OK)
    return NULL;
  return folder->file.data;
}

/* --- taking the target's place --- */

/* The target cannot be replaced, for the reason errno tells. */
static ws_status refused(const ws_folder *folder, ws_error *err) {
  return ws_error_set(err, WS_EIO, "%s: cannot replace it: %s", folder->path.data,
                      strerror(errno));
}

/* Where no system call exchanges folders: the previous one steps aside for a moment, and
 * back again where the new one cannot take its place. */
static ws_status exchange_by_renames(const ws_folder *folder, const char *aside,
                                     ws_error *err) {
  const char *target = folder->path.data, *temporary = folder->temporary.data;
  if (rename(target, aside) != 0) return refused(folder, err);
  if (rename(temporary, target) != 0) {
    int why = errno;
    bool back = rename(aside, target) == 0;
    errno = why;
    if (back) return refused(folder, err);
    return ws_error_set(err, WS_EIO, "%s: cannot replace it: %s; what was there is in %s",
                        target, strerror(why), aside);
  }
  if (rename(aside, temporary) == 0) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: it is written, but what was there stays in %s",
                      target, aside);
}

static ws_status exchange(const ws_folder *folder, ws_error *err) {
  const char *target = folder->path.data, *temporary = folder->temporary.data;
#ifdef RENAME_EXCHANGE
  if (renameat2(AT_FDCWD, temporary, AT_FDCWD, target, RENAME_EXCHANGE) == 0)
    return WS_OK;
  if (errno != EINVAL && errno != ENOSYS) return refused(folder, err);
#endif
  ws_buffer aside = {0};
  if (ws_buffer_printf(&aside, "%s.old", temporary) != WS_OK) return ws_error_nomem(err);
  ws_status status = exchange_by_renames(folder, aside.data, err);
  ws_buffer_clear(&aside);
  return status;
}

enum carry { LINK, MOVE };

/* Brings the user's own files from the previous folder into the new one: as second names
 * first, while the previous folder still stands, so that a process that is killed takes
 * none with it; what can have no second name (a folder) is moved when all is done. */
static void carry_over(const ws_folder *folder, const char *from, const char *to,
                       enum carry how) {
  struct stat about;
  DIR *old = opendir(from), *new = opendir(to);
  for (struct dirent *entry; old && new && (entry = readdir(old));) {
    const char *name = entry->d_name;
    if (is_dots(name) || is_owned(folder, name)) continue;
    if (fstatat(dirfd(new), name, &about, AT_SYMLINK_NOFOLLOW) == 0) continue;
    int failed = how == LINK ? linkat(dirfd(old), name, dirfd(new), name, 0)
                             : renameat(dirfd(old), name, dirfd(new), name);
    (void)failed; // to link: it is moved later; to move: it stays, and that is said
  }
  if (old) closedir(old);
  if (new) closedir(new);
}

/* Keeps other processes from replacing folders beside this one at the same time; -1 where
 * that cannot be had. */
static int lock_parent(const char *path) {
  char *parent = parent_of(path);
  int fd = parent ? open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  ws_free(parent);
  while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR) continue;
  return fd;
}

static ws_status take_place(ws_folder *folder, ws_error *err) {
  const char *target = folder->path.data, *temporary = folder->temporary.data;
  struct stat about;
  folder->exists = stat(target, &about) == 0; // another process may have made it by now
  if (folder->exists) carry_over(folder, target, temporary, LINK);
  if (folder->exists)
    WS_TRY(exchange(folder, err));
  else if (rename(temporary, target) != 0)
    return refused(folder, err);
  if (folder->exists) carry_over(folder, temporary, target, MOVE);
  folder->made = false; // what is under the temporary name now is the previous folder
  if (folder->exists && !remove_folder(folder, temporary))
    return ws_error_set(
        err, WS_EIO, "%s: it is written, but files of yours that were in it stay in %s",
        target, temporary);
  return ws__sync_parent(target, err);
}

ws_status ws_folder_commit(ws_folder *folder, ws_error *err) {
  int lock = lock_parent(folder->path.data);
  ws_status status = take_place(folder, err);
  if (lock >= 0) close(lock);
  ws_folder_abort(folder);
  return status;
}

void ws_folder_abort(ws_folder *folder) {
  if (!folder) return;
  if (folder->made) remove_folder(folder, folder->temporary.data);
  ws_buffer_clear(&folder->path);
  ws_buffer_clear(&folder->temporary);
  ws_buffer_clear(&folder->file);
  ws_free(folder);
}
