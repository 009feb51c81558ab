/* SPDX-License-Identifier: MIT
 *
 * Writing files whole or not at all. The temporary file lies beside its target, so that
 * the rename stays inside one file system.
 */
#define _XOPEN_SOURCE 700 // readlink

#include <weaksup/output.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

#include "files.h"

enum { OUTPUT_BUFFER = 1 << 16 };

struct ws_output {
  int fd;
  ws_buffer path, temporary; // temporary.data NULL: written directly
  bool broken;               // a write failed: there is nothing to commit
  size_t used;
  char buffer[OUTPUT_BUFFER];
};

static ws_status failed(const ws_output *output, const char *what, ws_error *err) {
  const char *path = output->path.data;
  return ws_error_set(err, WS_EIO, "%s: cannot %s: %s",
                      strcmp(path, "-") == 0 ? "standard output" : path, what,
                      strerror(errno));
}

/* Standard output and things that are no regular files are written as they are. */
static bool is_direct(const char *path) {
  struct stat about;
  if (strcmp(path, "-") == 0) return true;
  return stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

static ws_status open_direct(ws_output *output, ws_error *err) {
  const char *path = output->path.data;
  output->fd = strcmp(path, "-") == 0 ? dup(1) : open(path, O_WRONLY | O_CLOEXEC);
  return output->fd < 0 ? failed(output, "open", err) : WS_OK;
}

/* A file that is replaced keeps its permissions. */
static void keep_mode(const ws_output *output) {
  struct stat about;
  if (stat(output->path.data, &about) == 0) fchmod(output->fd, about.st_mode & 07777);
}

static ws_status open_temporary(ws_output *output, ws_error *err) {
  for (int attempt = 0; attempt < 100; attempt++) {
    output->temporary.size = 0;
    if (ws_buffer_printf(&output->temporary, "%s.tmp-%ld-%d", output->path.data,
                         (long)getpid(), attempt) != WS_OK)
      return ws_error_nomem(err);
    output->fd =
        open(output->temporary.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (output->fd >= 0 || errno != EEXIST) break;
  }
  if (output->fd >= 0) {
    keep_mode(output);
    return WS_OK;
  }
  ws_status status = failed(output, "write", err);
  ws_buffer_clear(&output->temporary);
  return status;
}

/* Where the link that `path` is leads: its target is replaced, or made where there is
 * none. */
static ws_status follow_links(ws_buffer *path) {
  enum { MOST_LINKS = 40 };
  char target[PATH_MAX];
  for (int i = 0; i < MOST_LINKS; i++) {
    ssize_t size = readlink(path->data, target, sizeof target);
    if (size <= 0 || (size_t)size == sizeof target) return WS_OK;
    const char *slash = strrchr(path->data, '/');
    path->size = target[0] == '/' || !slash ? 0 : (size_t)(slash - path->data) + 1;
    WS_TRY(ws_buffer_append(path, target, (size_t)size));
  }
  return WS_OK;
}

static ws_status start(ws_output *output, const char *path, ws_error *err) {
  struct stat about;
  ws_status status = ws_buffer_string(&output->path, path);
  bool direct = is_direct(path); // as /dev/stdout is, a link that no path leads along
  if (status == WS_OK && !direct) status = follow_links(&output->path);
  if (status != WS_OK) return ws_error_nomem(err);
  if (direct) return open_direct(output, err);
  if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
    return ws_error_set(err, WS_EIO, "%s: cannot write: it is a folder", path);
  return open_temporary(output, err);
}

ws_status ws_output_open(const char *path, ws_output **out, ws_error *err) {
  ws_output *output = ws_alloc(sizeof *output);
  if (!output) return ws_error_nomem(err);
  output->fd = -1;
  output->broken = false;
  output->used = 0;
  output->path = output->temporary = (ws_buffer){0};
  ws_status status = start(output, path, err);
  if (status != WS_OK) {
    ws_output_abort(output);
    return status;
  }
  *out = output;
  return WS_OK;
}

static ws_status write_all(ws_output *output, const char *data, size_t size,
                           ws_error *err) {
  while (size) {
    ssize_t wrote = write(output->fd, data, size);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      output->broken = true;
      return failed(output, "write", err);
    }
    data += wrote;
    size -= (size_t)wrote;
  }
  return WS_OK;
}

ws_status ws_output_flush(ws_output *output, ws_error *err) {
  size_t used = output->used;
  output->used = 0;
  return write_all(output, output->buffer, used, err);
}

ws_status ws_output_write(ws_output *output, ws_text bytes, ws_error *err) {
  if (bytes.size > OUTPUT_BUFFER - output->used) WS_TRY(ws_output_flush(output, err));
  if (bytes.size > OUTPUT_BUFFER) return write_all(output, bytes.data, bytes.size, err);
  if (bytes.size) memcpy(output->buffer + output->used, bytes.data, bytes.size);
  output->used += bytes.size;
  return WS_OK;
}

static ws_status finish(ws_output *output, ws_error *err) {
  if (output->broken)
    return ws_error_set(err, WS_EIO, "%s: an earlier write failed", output->path.data);
  WS_TRY(ws_output_flush(output, err));
  bool temporary = output->temporary.data != NULL;
  if (temporary && fsync(output->fd) != 0) return failed(output, "write", err);
  int fd = output->fd;
  output->fd = -1;
  if (close(fd) != 0) return failed(output, "write", err);
  if (!temporary) return WS_OK;
  if (rename(output->temporary.data, output->path.data) != 0)
    return failed(output, "write", err);
  ws_buffer_clear(&output->temporary);
  return ws__sync_parent(output->path.data, err);
}

ws_status ws_output_commit(ws_output *output, ws_error *err) {
  if (!output) return WS_OK;
  ws_status status = finish(output, err);
  ws_output_abort(output);
  return status;
}

void ws_output_abort(ws_output *output) {
  if (!output) return;
  if (output->fd >= 0) close(output->fd);
  if (output->temporary.data) unlink(output->temporary.data);
  ws_buffer_clear(&output->temporary);
  ws_buffer_clear(&output->path);
  ws_free(output);
}

ws_status ws_output_file(const char *path, ws_text bytes, ws_error *err) {
  ws_output *output = NULL;
  WS_TRY(ws_output_open(path, &output, err));
  ws_status status = ws_output_write(output, bytes, err);
  if (status == WS_OK) return ws_output_commit(output, err);
  ws_output_abort(output);
  return status;
}

/* --- reading a file whole --- */

static ws_status read_into(int fd, const char *path, size_t limit, ws_buffer *out,
                           ws_error *err) {
  for (size_t start = out->size;;) {
    if (out->size - start > limit)
      return ws_error_set(err, WS_EIO, "%s: larger than the limit of %zu bytes", path,
                          limit);
    if (ws_buffer_reserve(out, OUTPUT_BUFFER + WS_JSON_PADDING) != WS_OK)
      return ws_error_nomem(err);
    ssize_t got = read(fd, out->data + out->size, OUTPUT_BUFFER);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return ws_error_set(err, WS_EIO, "%s: cannot read: %s", path, strerror(errno));
    if (got == 0) break;
    out->size += (size_t)got;
  }
  memset(out->data + out->size, 0, WS_JSON_PADDING);
  return WS_OK;
}

ws_status ws_input_file(const char *path, size_t limit, ws_buffer *out, ws_error *err) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return ws_error_set(err, WS_EIO, "%s: cannot open: %s", path, strerror(errno));
  size_t start = out->size;
  ws_status status = read_into(fd, path, limit, out, err);
  if (status != WS_OK) out->size = start;
  close(fd);
  return status;
}
