/* SPDX-License-Identifier: MIT
 *
 * A folder that appears whole. It is written under a temporary name and then renamed; an
 * empty folder that is there stays the one it is (somebody may stand in it): what is
 * inside is written into a folder within, and moved up entry by entry.
 */
#define _GNU_SOURCE // renameat2

#include <weaksup/output.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>

#include "files.h"

typedef struct new_folder {
  ws_buffer target, temporary, path;
  bool exists; // the target is there, and is empty
} new_folder;

/* --- the target --- */

static bool is_dots(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Whether it is there; an error where it is and is no empty folder. */
static ws_status look(const char *path, bool *exists, ws_error *err) {
  struct stat about;
  *exists = lstat(path, &about) == 0;
  if (!*exists && errno != ENOENT)
    return ws_error_set(err, WS_EIO, "%s: %s", path, strerror(errno));
  if (!*exists) return WS_OK;
  DIR *open = opendir(path);
  if (!open && errno == ENOTDIR)
    return ws_error_set(err, WS_EIO,
                        "%s: expected a new or an empty folder, found a file", path);
  if (!open) return ws_error_set(err, WS_EIO, "%s: %s", path, strerror(errno));
  char found[256] = "";
  for (const struct dirent *entry; !*found && (entry = readdir(open));)
    if (!is_dots(entry->d_name)) snprintf(found, sizeof found, "%s", entry->d_name);
  closedir(open);
  if (!*found) return WS_OK;
  return ws_error_set(err, WS_EIO,
                      "%s: expected a new or an empty folder, found '%s' in it: nothing "
                      "is replaced; give another name",
                      path, found);
}

/* The path without slashes at its end. */
static ws_status set_target(new_folder *folder, const char *path) {
  size_t size = strlen(path);
  while (size > 1 && path[size - 1] == '/') size--;
  return ws_buffer_append(&folder->target, path, size);
}

static ws_status check_parent(const char *target, ws_error *err) {
  size_t size = ws__parent_size(target);
  struct stat about;
  ws_buffer parent = {0};
  ws_status status = ws_buffer_append(&parent, size ? target : ".", size ? size : 1);
  if (status == WS_OK && size &&
      (stat(parent.data, &about) != 0 || !S_ISDIR(about.st_mode)))
    status = ws_error_set(err, WS_EIO,
                          "%s: expected a folder to make it in, found no folder '%s'",
                          target, parent.data);
  ws_buffer_clear(&parent);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

static ws_status prepare(new_folder *folder, const char *path, ws_error *err) {
  if (!*path)
    return ws_error_set(err, WS_EINVAL, "expected the name of a folder, found nothing");
  if (set_target(folder, path) != WS_OK) return ws_error_nomem(err);
  WS_TRY(look(folder->target.data, &folder->exists, err));
  return folder->exists ? WS_OK : check_parent(folder->target.data, err);
}

static void clear(new_folder *folder) {
  ws_buffer_clear(&folder->target);
  ws_buffer_clear(&folder->temporary);
  ws_buffer_clear(&folder->path);
}

ws_status ws_folder_check_new(const char *path, ws_error *err) {
  new_folder folder = {0};
  ws_status status = prepare(&folder, path, err);
  clear(&folder);
  return status;
}

/* --- writing --- */

static ws_status make_temporary(new_folder *folder, ws_error *err) {
  const char *target = folder->target.data;
  size_t parent = ws__parent_size(target);
  const char *name = target + parent + (target[parent] == '/');
  for (int i = 0; i < 100; i++) {
    folder->temporary.size = 0;
    ws_status status =
        folder->exists
            ? ws_buffer_printf(&folder->temporary, "%s/.new.%ld.%d", target,
                               (long)getpid(), i)
            : ws_buffer_printf(&folder->temporary, "%.*s.%s.new.%ld.%d",
                               (int)(name - target), target, name, (long)getpid(), i);
    if (status != WS_OK) return ws_error_nomem(err);
    if (mkdir(folder->temporary.data, 0777) == 0) return WS_OK;
    if (errno != EEXIST) break;
  }
  int why = errno;
  folder->temporary.size = 0;
  return ws_error_set(err, WS_EIO, "%s: cannot be made: %s", target, strerror(why));
}

static ws_status set_path(new_folder *folder, const char *front, const char *name,
                          size_t size, ws_error *err) {
  folder->path.size = 0;
  if (ws_buffer_printf(&folder->path, "%s/%.*s", front, (int)size, name) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

static ws_status write_file(new_folder *folder, const ws_new_file *file, ws_error *err) {
  const char *front = folder->temporary.data;
  for (const char *slash = strchr(file->name, '/'); slash;
       slash = strchr(slash + 1, '/')) {
    WS_TRY(set_path(folder, front, file->name, (size_t)(slash - file->name), err));
    if (mkdir(folder->path.data, 0777) != 0 && errno != EEXIST)
      return ws_error_set(err, WS_EIO, "%s: %s", folder->path.data, strerror(errno));
  }
  WS_TRY(set_path(folder, front, file->name, strlen(file->name), err));
  return ws_output_file(folder->path.data, file->bytes, err);
}

/* Removes the files and the folders on their way, as far as they are below `front`. */
static void remove_files(new_folder *folder, const char *front, const ws_new_file *files,
                         size_t count) {
  for (size_t i = count; i-- > 0;)
    for (size_t size = strlen(files[i].name); size;) {
      if (set_path(folder, front, files[i].name, size, NULL) != WS_OK) return;
      remove(folder->path.data);
      while (size && files[i].name[size - 1] != '/') size--;
      size -= size > 0;
    }
}

/* --- appearing --- */

static int rename_new(const char *from, const char *to) {
#ifdef RENAME_NOREPLACE
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
#endif
  struct stat about;
  if (lstat(to, &about) == 0) {
    errno = EEXIST;
    return -1;
  }
  return rename(from, to);
}

/* Moves the entry that the file is, or is below; one that is moved already is gone. */
static ws_status move_up(new_folder *folder, const char *name, ws_error *err) {
  size_t size = strcspn(name, "/");
  ws_buffer to = {0};
  struct stat about;
  WS_TRY(set_path(folder, folder->temporary.data, name, size, err));
  if (lstat(folder->path.data, &about) != 0) return WS_OK;
  if (ws_buffer_printf(&to, "%s/%.*s", folder->target.data, (int)size, name) != WS_OK)
    return ws_error_nomem(err);
  ws_status status = WS_OK;
  if (rename_new(folder->path.data, to.data) != 0)
    status = ws_error_set(err, WS_EIO, "%s: %s", to.data, strerror(errno));
  ws_buffer_clear(&to);
  return status;
}

static ws_status appear(new_folder *folder, const ws_new_file *files, size_t count,
                        size_t *moved, ws_error *err) {
  const char *target = folder->target.data, *temporary = folder->temporary.data;
  if (!folder->exists) {
    if (rename_new(temporary, target) == 0) return ws__sync_parent(target, err);
    return ws_error_set(err, WS_EIO, "%s: %s", target, strerror(errno));
  }
  for (; *moved < count; ++*moved) WS_TRY(move_up(folder, files[*moved].name, err));
  rmdir(temporary);
  return WS_OK;
}

ws_status ws_folder_new(const char *path, const ws_new_file *files, size_t count,
                        ws_error *err) {
  new_folder folder = {0};
  size_t moved = 0;
  ws_status status = prepare(&folder, path, err);
  if (status == WS_OK) status = make_temporary(&folder, err);
  for (size_t i = 0; i < count && status == WS_OK; i++)
    status = write_file(&folder, &files[i], err);
  if (status == WS_OK) status = appear(&folder, files, count, &moved, err);
  if (status != WS_OK && folder.temporary.size) {
    remove_files(&folder, folder.temporary.data, files, count);
    rmdir(folder.temporary.data);
    if (moved) remove_files(&folder, folder.target.data, files, moved);
  }
  clear(&folder);
  return status;
}
