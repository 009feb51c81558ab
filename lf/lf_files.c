/* SPDX-License-Identifier: MIT
 *
 * Walking the folder of labeling functions and reading what lies in it.
 *
 * The .lua and .rules files are the user's choice, and may be symbolic links to anywhere.
 * The word lists that they name are the choice of code that may not be trusted, so those
 * must lie inside the folder when all links are resolved.
 */
#define _XOPEN_SOURCE 700 // realpath
#include "lf_files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>
#include <weaksup/output.h>

enum {
  DEEPEST = 32,        // folders inside one another
  ENTRIES_MAX = 100000 // links to folders can make very many of a few
};

struct ws__files {
  char *root;   // the folder, without slashes at its end; "" for the current one
  char **paths; // [count] below the root
  size_t count, capacity;
  char **shown_paths; // [count] with the root in front
  ws_buffer seen;     // of each file that was read: name, NUL, hash
  size_t entries;     // that the walk has met
  char *other;        // code in another language that is not read, below the root; the
                      // first by bytes
  size_t others;
};

/* --- the list --- */

static char *copy(const char *text, size_t size) {
  char *out = ws_alloc(size + 1);
  if (!out) return NULL;
  memcpy(out, text, size);
  out[size] = '\0';
  return out;
}

/* "a" and "b" make "a/b"; either may be empty. */
static char *join(const char *a, const char *b) {
  ws_buffer out = {0};
  ws_status status = ws_buffer_string(&out, a);
  if (status == WS_OK && *a && *b && a[strlen(a) - 1] != '/')
    status = ws_buffer_string(&out, "/");
  if (status == WS_OK) status = ws_buffer_string(&out, b);
  if (status == WS_OK) return out.data;
  ws_buffer_clear(&out);
  return NULL;
}

static bool ends_in(const char *name, const char *ending) {
  size_t size = strlen(name), more = strlen(ending);
  return size > more && strcmp(name + size - more, ending) == 0;
}

static ws_status add_path(ws__files *files, const char *path) {
  char *own = copy(path, strlen(path));
  if (!own || !ws_grow(&files->paths, &files->capacity, files->count + 1, sizeof own)) {
    ws_free(own);
    return WS_ENOMEM;
  }
  files->paths[files->count++] = own;
  return WS_OK;
}

/* The folders that the walk is in, so that a link to one of them is not followed. */
typedef struct visit {
  const struct visit *outer;
  dev_t device;
  ino_t inode;
  int depth;
} visit;

static bool is_inside(const visit *at, const struct stat *folder) {
  for (; at; at = at->outer)
    if (at->device == folder->st_dev && at->inode == folder->st_ino) return true;
  return false;
}

static ws_status walk(ws__files *files, const char *below, const visit *outer,
                      ws_error *err);

/* Code that somebody may expect to run: notebooks are looked for beside *.lua, word lists
 * are not. */
static bool is_other_code(const char *name) {
  static const char *const endings[] = {".py", ".ipynb", ".js", ".luau", ".rule", ".LUA"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (ends_in(name, endings[i])) return true;
  return false;
}

static ws_status note_other(ws__files *files, const char *below) {
  files->others++;
  if (files->other && strcmp(files->other, below) <= 0) return WS_OK;
  char *own = copy(below, strlen(below));
  if (!own) return WS_ENOMEM;
  ws_free(files->other);
  files->other = own;
  return WS_OK;
}

static ws_status visit_entry(ws__files *files, const char *below, const visit *at,
                             ws_error *err) {
  struct stat info;
  ws_status status = WS_OK;
  char *path = join(files->root, below);
  if (!path) return ws_error_nomem(err);
  if (stat(path, &info) != 0)
    status = errno == ENOENT || errno == ELOOP // a link to nowhere
                 ? WS_OK
                 : ws_error_set(err, WS_EIO, "%s: %s", path, strerror(errno));
  else if (S_ISDIR(info.st_mode) && !is_inside(at, &info) && at->depth < DEEPEST)
    status = walk(files, below, at, err);
  else if (S_ISREG(info.st_mode) && (ends_in(below, ".lua") || ends_in(below, ".rules")))
    status = add_path(files, below) == WS_OK ? WS_OK : ws_error_nomem(err);
  else if (S_ISREG(info.st_mode) && is_other_code(below))
    status = note_other(files, below) == WS_OK ? WS_OK : ws_error_nomem(err);
  ws_free(path);
  return status;
}

static ws_status walk(ws__files *files, const char *below, const visit *outer,
                      ws_error *err) {
  ws_status status = WS_OK;
  DIR *folder = NULL;
  struct stat info;
  char *path = join(files->root, below);
  if (!path) return ws_error_nomem(err);
  const char *name = *path ? path : ".";
  if (!(folder = opendir(name)) || stat(name, &info) != 0) {
    status = ws_error_set(err, WS_EIO, "%s: %s", name, strerror(errno));
    goto done;
  }
  visit here = {outer, info.st_dev, info.st_ino, outer ? outer->depth + 1 : 0};
  for (struct dirent *entry; status == WS_OK && (entry = readdir(folder));) {
    if (entry->d_name[0] == '.') continue;
    if (++files->entries > ENTRIES_MAX) {
      status = ws_error_set(err, WS_EINVAL, "%s: more than %d files and folders",
                            ws__files_root(files), (int)ENTRIES_MAX);
      break;
    }
    char *child = join(below, entry->d_name);
    status = child ? visit_entry(files, child, &here, err) : ws_error_nomem(err);
    ws_free(child);
  }
done:
  if (folder) closedir(folder);
  ws_free(path);
  return status;
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes `path` apart where it is a file. */
static ws_status list(ws__files *files, const char *path, ws_error *err) {
  struct stat info;
  if (stat(path, &info) != 0)
    return ws_error_set(err, WS_EIO,
                        "%s: expected a folder of labeling functions, or a file *.lua or "
                        "*.rules: %s",
                        path, strerror(errno));
  size_t size = strlen(path);
  if (S_ISDIR(info.st_mode)) {
    while (size > 1 && path[size - 1] == '/') size--;
    files->root = copy(path, size);
    return files->root ? walk(files, "", NULL, err) : ws_error_nomem(err);
  }
  if (!ends_in(path, ".lua") && !ends_in(path, ".rules"))
    return ws_error_set(err, WS_EINVAL,
                        "%s: expected a folder, or a file *.lua or *.rules", path);
  const char *slash = strrchr(path, '/');
  files->root =
      slash ? copy(path, (size_t)(slash - path) + (slash == path)) : copy("", 0);
  if (!files->root) return ws_error_nomem(err);
  if (add_path(files, slash ? slash + 1 : path) != WS_OK) return ws_error_nomem(err);
  return WS_OK;
}

static ws_status prepare(ws__files *files, const char *path, ws_error *err) {
  WS_TRY(list(files, path, err));
  if (files->count) qsort(files->paths, files->count, sizeof *files->paths, by_bytes);
  files->shown_paths = ws_alloc_zero(files->count, sizeof *files->shown_paths);
  if (!files->shown_paths) return ws_error_nomem(err);
  for (size_t i = 0; i < files->count; i++)
    if (!(files->shown_paths[i] = join(files->root, files->paths[i])))
      return ws_error_nomem(err);
  return WS_OK;
}

ws_status ws__files_open(const char *path, ws__files **out, ws_error *err) {
  ws__files *files = ws_alloc_zero(1, sizeof *files);
  if (!files) return ws_error_nomem(err);
  ws_status status = prepare(files, path, err);
  if (status == WS_OK)
    *out = files;
  else
    ws__files_free(files);
  return status;
}

void ws__files_free(ws__files *files) {
  if (!files) return;
  for (size_t i = 0; i < files->count; i++) {
    ws_free(files->paths[i]);
    if (files->shown_paths) ws_free(files->shown_paths[i]);
  }
  ws_free(files->paths);
  ws_free(files->shown_paths);
  ws_free(files->other);
  ws_free(files->root);
  ws_buffer_clear(&files->seen);
  ws_free(files);
}

const char *ws__files_root(const ws__files *files) {
  return *files->root ? files->root : ".";
}

size_t ws__files_count(const ws__files *files) {
  return files->count;
}

const char *ws__files_path(const ws__files *files, size_t i) {
  return files->shown_paths[i];
}

ws_status ws__files_other(const ws__files *files, ws_buffer *out) {
  if (!files->other) return WS_OK;
  const char *root = files->root;
  WS_TRY(ws_buffer_printf(out, "%s%s%s", root,
                          *root && root[strlen(root) - 1] != '/' ? "/" : "",
                          files->other));
  WS_TRY(files->others == 1 ? ws_buffer_string(out, " is")
                            : ws_buffer_printf(out, " and %zu more files of code are",
                                               files->others - 1));
  return ws_buffer_string(out, " not read: labeling functions are in *.lua and *.rules");
}

/* --- reading --- */

/* Remembers what was read under which name, each file once. */
static ws_status note(ws__files *files, const char *below, ws_text bytes) {
  size_t size = strlen(below) + 1;
  ws_hash128 hash = ws_hash128_of(bytes.data, bytes.size);
  const char *at = files->seen.data;
  for (size_t left = files->seen.size; left;) {
    size_t entry = strlen(at) + 1 + sizeof hash;
    if (strcmp(at, below) == 0) return WS_OK;
    at += entry;
    left -= entry;
  }
  WS_TRY(ws_buffer_append(&files->seen, below, size));
  return ws_buffer_append(&files->seen, &hash, sizeof hash);
}

static ws_status read_text(ws__files *files, const char *below, const char *path,
                           size_t limit, ws_buffer *out, ws_error *err) {
  WS_TRY(ws_input_file(path, limit, out, err));
  ws_text text = ws_buffer_as_text(out);
  if (note(files, below, text) != WS_OK) return ws_error_nomem(err);
  if (ws_utf8_valid(text)) return WS_OK;
  ws_status status = ws_not_utf8(text, err);
  ws_error_prefix(err, "%s: ", path);
  return status;
}

ws_status ws__files_read(ws__files *files, size_t i, ws_buffer *out, ws_error *err) {
  return read_text(files, files->paths[i], files->shown_paths[i], WS__SOURCE_MAX, out,
                   err);
}

/* The path with all links resolved lies below the root with all links resolved, and is a
 * regular file. Errors have the name as its author wrote it: the file where it stands is
 * in front of them. */
static ws_status check_inside(const ws__files *files, const char *path, ws_text name,
                              ws_error *err) {
  char root[PATH_MAX], file[PATH_MAX];
  struct stat info;
  if (!realpath(ws__files_root(files), root) || !realpath(path, file) ||
      stat(file, &info) != 0)
    return ws_error_set(err, WS_EIO, "'%.*s': %s", WS_TEXT_ARG(name), strerror(errno));
  size_t size = strcmp(root, "/") == 0 ? 0 : strlen(root);
  if (strncmp(root, file, size) != 0 || file[size] != '/')
    return ws_error_set(err, WS_EINVAL,
                        "'%.*s': leads out of the folder of labeling functions",
                        WS_TEXT_ARG(name));
  if (!S_ISREG(info.st_mode))
    return ws_error_set(err, WS_EINVAL, "'%.*s': not a regular file", WS_TEXT_ARG(name));
  return WS_OK;
}

/* `name` seen from the folder of file i, relative to the root. */
static char *below_root(const ws__files *files, size_t i, ws_text name) {
  const char *from = files->paths[i], *slash = strrchr(from, '/');
  char *folder = copy(from, slash ? (size_t)(slash - from) : 0);
  char *last = copy(name.data, name.size);
  char *out = folder && last ? join(folder, last) : NULL;
  ws_free(folder);
  ws_free(last);
  return out;
}

static ws_status check_name(ws_text name, ws_error *err) {
  if (name.size == 0) return ws_error_set(err, WS_EINVAL, "the name of a file is empty");
  if (memchr(name.data, '\0', name.size) || name.data[0] == '/')
    return ws_error_set(err, WS_EINVAL,
                        "'%.*s': expected the name of a file in the folder of labeling "
                        "functions",
                        WS_TEXT_ARG(name));
  return WS_OK;
}

ws_status ws__files_resource(ws__files *files, size_t i, ws_text name, ws_buffer *out,
                             ws_error *err) {
  WS_TRY(check_name(name, err));
  char *below = below_root(files, i, name);
  char *path = below ? join(files->root, below) : NULL;
  ws_status status = path ? check_inside(files, path, name, err) : ws_error_nomem(err);
  if (status == WS_OK) status = read_text(files, below, path, WS__RESOURCE_MAX, out, err);
  ws_free(below);
  ws_free(path);
  return status;
}

void ws__files_digest(const ws__files *files, char out[33]) {
  ws_hash128_hex(
      ws_hash128_of(files->seen.data ? files->seen.data : "", files->seen.size), out);
}
