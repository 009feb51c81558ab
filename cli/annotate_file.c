/* SPDX-License-Identifier: MIT
 *
 * Appending labels so that nothing is lost: not by kill -9, not by undo, not by a second
 * terminal that appends to the same file.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>
#include <weaksup/json.h>

#include "annotate.h"
#include "setup.h"

static ws_status fail(const label_output *f, const char *what, ws_error *err) {
  return ws_error_set(err, WS_EIO, "%s: cannot %s: %s", f->path, what, strerror(errno));
}

/* A line may still be on its way from a process that was killed. */
static void wait_for_writers(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return;
  (void)flock(fd, LOCK_SH);
  close(fd);
}

ws_status label_output_check(const char *path, ws_error *err) {
  static const char *const endings[] = {".jsonl", ".ndjson", ".json"};
  struct stat about;
  if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) // a pipe would be waited for
    return ws_error_set(err, WS_EIO, "%s: expected a file, found something else", path);
  wait_for_writers(path);
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
  return json.status;
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

/* What the writing process does; returns an errno, or 0. Where not all could be written,
 * nothing is. */
static int write_whole(int fd, size_t size, const ws_buffer *line) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  ssize_t count = write(fd, line->data, line->size);
  int failed = count < 0 ? errno : count < (ssize_t)line->size ? ENOSPC : 0;
  if (!failed && fsync(fd) != 0) failed = errno;
  if (failed && count > 0 && ftruncate(fd, (off_t)size) != 0) failed = EIO;
  return failed;
}

/* kill -9 ends a write of more than a page in the middle. So a process of its own writes,
 * out of reach of what is sent to this one, its group and its terminal. */
static int write_apart(int fd, size_t size, const ws_buffer *line) {
  int how = 0;
  pid_t pid = fork();
  if (pid < 0) return errno;
  if (pid == 0) {
    setsid();
    _exit(write_whole(fd, size, line));
  }
  while (waitpid(pid, &how, 0) < 0)
    if (errno != EINTR) return errno;
  return WIFEXITED(how) ? WEXITSTATUS(how) : EIO;
}

static ws_status append(label_output *f, size_t size, const ws_buffer *line,
                        ws_error *err) {
  errno = write_apart(f->fd, size, line);
  if (errno) return fail(f, "write", err);
  f->lines[f->count++] =
      (written){size, line->size, ws_hash64(line->data, line->size, 0)};
  return WS_OK;
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

ws_status label_output_line(label_output *f, ws_text text, ws_error *err) {
  ws_buffer line = {0};
  size_t size = 0;
  if (!ws_grow(&f->lines, &f->capacity, f->count + 1, sizeof *f->lines))
    return ws_error_nomem(err);
  WS_TRY(lock(f, err));
  ws_status status = size_of(f, &size, err);
  if (status == WS_OK) status = begin_line(f, size, &line, err);
  if (status == WS_OK &&
      (ws_buffer_text(&line, text) != WS_OK || ws_buffer_string(&line, "\n") != WS_OK))
    status = ws_error_nomem(err);
  if (status == WS_OK) status = append(f, size, &line, err);
  (void)flock(f->fd, LOCK_UN);
  ws_buffer_clear(&line);
  return status;
}

ws_status label_output_add(label_output *f, ws_value fields, const char *gold,
                           ws_text label, ws_error *err) {
  ws_buffer line = {0};
  ws_status status =
      put_line(&line, fields, gold, label) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = label_output_line(f, ws_buffer_as_text(&line), err);
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
