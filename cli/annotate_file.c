/* SPDX-License-Identifier: MIT
 *
 * Appending labels so that nothing is lost: not by kill -9, not by undo, not by a second
 * terminal that appends to the same file.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>
#include <weaksup/json.h>

#include "annotate.h"
#include "setup.h"

static ws_status fail(const label_output *f, const char *what, ws_error *err) {
  return ws_error_set(err, WS_EIO, "%s: cannot %s: %s", f->path, what, strerror(errno));
}

ws_status label_output_check(const char *path, ws_error *err) {
  static const char *const endings[] = {".jsonl", ".ndjson", ".json"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (ends_with(path, endings[i])) return WS_OK;
  return ws_error_set(
      err, WS_EINVAL,
      "%s: expected a JSON Lines file to append labels to (.jsonl), found "
      "another form: --out FILE.jsonl, which the task may then name as "
      "its dev set",
      path);
}

/* A new file is there after a crash only when its folder is synced, too. */
static void sync_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  ws_buffer folder = {0};
  ws_status status = slash ? ws_buffer_append(&folder, path, (size_t)(slash - path) + 1)
                           : ws_buffer_string(&folder, ".");
  int fd = status == WS_OK ? open(folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (fd >= 0) {
    (void)fsync(fd); // some file systems cannot
    close(fd);
  }
  ws_buffer_clear(&folder);
}

ws_status label_output_open(label_output *f, const char *path, ws_error *err) {
  struct stat about;
  *f = (label_output){.path = path};
  f->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
  if (f->fd < 0) return fail(f, "open", err);
  if (fstat(f->fd, &about) != 0) return fail(f, "look at it", err);
  if (!S_ISREG(about.st_mode))
    return ws_error_set(err, WS_EIO, "%s: expected a file, found something else", path);
  if (about.st_size == 0) sync_folder(path);
  return WS_OK;
}

void label_output_close(label_output *f) {
  if (f->path && f->fd >= 0) close(f->fd);
  ws_free(f->lines);
  *f = (label_output){.fd = -1};
}

/* --- a line ------------------------------------------------------------------------- */

/* The record's own fields in their order, with the label in the place of any before. */
static ws_status put_line(ws_buffer *out, ws_value fields, const char *gold,
                          ws_text label) {
  ws_json_writer json = {.out = out};
  ws_text name;
  ws_value value;
  bool there = false;
  ws_json_open(&json, '{');
  for (ws_value_iter it = ws_value_each(fields); ws_value_next(&it, &name, &value);) {
    bool is_gold = ws_text_equals(name, gold);
    if (is_gold && there) continue;
    there = there || is_gold;
    ws_json_key_text(&json, name);
    if (is_gold)
      ws_json_text(&json, label);
    else
      ws_json_value(&json, value);
  }
  if (!there) {
    ws_json_key(&json, gold);
    ws_json_text(&json, label);
  }
  ws_json_close(&json, '}');
  if (json.status != WS_OK) return json.status;
  return ws_buffer_string(out, "\n");
}

/* --- appending ---------------------------------------------------------------------- */

/* Where the file does not end in a line end, one is added first. */
static ws_status begin_line(const label_output *f, size_t size, ws_buffer *line,
                            ws_error *err) {
  char last = '\n';
  if (size && pread(f->fd, &last, 1, (off_t)size - 1) != 1) return fail(f, "read", err);
  if (last != '\n' && ws_buffer_string(line, "\n") != WS_OK) return ws_error_nomem(err);
  return WS_OK;
}

static ws_status append(label_output *f, size_t size, const ws_buffer *line,
                        ws_error *err) {
  ssize_t count = write(f->fd, line->data, line->size);
  if (count == (ssize_t)line->size && fsync(f->fd) == 0) {
    f->lines[f->count++] =
        (written){size, line->size, ws_hash64(line->data, line->size, 0)};
    return WS_OK;
  }
  if (count >= 0 && count < (ssize_t)line->size) errno = ENOSPC;
  ws_status status = fail(f, "write", err);
  if (count > 0 && ftruncate(f->fd, (off_t)size) != 0)
    return ws_error_set(err, WS_EIO, "%s: cannot write, and the last line is not whole",
                        f->path);
  return status;
}

static ws_status size_of(const label_output *f, size_t *out, ws_error *err) {
  struct stat about;
  if (fstat(f->fd, &about) != 0) return fail(f, "look at it", err);
  *out = (size_t)about.st_size;
  return WS_OK;
}

static ws_status lock(const label_output *f, ws_error *err) {
  int failed;
  do failed = flock(f->fd, LOCK_EX);
  while (failed && errno == EINTR);
  return failed ? fail(f, "lock", err) : WS_OK;
}

ws_status label_output_add(label_output *f, ws_value fields, const char *gold,
                           ws_text label, ws_error *err) {
  ws_buffer line = {0};
  size_t size = 0;
  if (!ws_grow(&f->lines, &f->capacity, f->count + 1, sizeof *f->lines))
    return ws_error_nomem(err);
  WS_TRY(lock(f, err));
  ws_status status = size_of(f, &size, err);
  if (status == WS_OK) status = begin_line(f, size, &line, err);
  if (status == WS_OK && put_line(&line, fields, gold, label) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK) status = append(f, size, &line, err);
  (void)flock(f->fd, LOCK_UN);
  ws_buffer_clear(&line);
  return status;
}

/* --- undo --------------------------------------------------------------------------- */

static ws_status take_back(const label_output *f, const written *last, ws_error *err) {
  ws_buffer bytes = {0};
  size_t size = 0;
  WS_TRY(size_of(f, &size, err));
  if (ws_buffer_reserve(&bytes, last->size) != WS_OK) return ws_error_nomem(err);
  bool same =
      size == last->offset + last->size &&
      pread(f->fd, bytes.data, last->size, (off_t)last->offset) == (ssize_t)last->size &&
      ws_hash64(bytes.data, last->size, 0) == last->hash;
  ws_buffer_clear(&bytes);
  if (!same)
    return ws_error_set(err, WS_EIO,
                        "%s: expected the line that was written last, found the file "
                        "changed since: nothing was taken back",
                        f->path);
  if (ftruncate(f->fd, (off_t)last->offset) != 0 || fsync(f->fd) != 0)
    return fail(f, "take the last line back", err);
  return WS_OK;
}

ws_status label_output_undo(label_output *f, ws_error *err) {
  WS_TRY(lock(f, err));
  ws_status status = take_back(f, &f->lines[f->count - 1], err);
  (void)flock(f->fd, LOCK_UN);
  if (status == WS_OK) f->count--;
  return status;
}
