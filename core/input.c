/* SPDX-License-Identifier: MIT
 *
 * Reading bytes, with gzip told by its two magic bytes and not by the file's name.
 * Several gzip members behind one another are one stream, as gzip defines it.
 */
#define _XOPEN_SOURCE 700 // pread

#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <weaksup/alloc.h>

#include "hash_stream.h"

enum { RAW_SIZE = 1 << 16, REPORT_EVERY = 1 << 20, LOOK_SIZE = 1 << 18 };

struct ws__input {
  int fd;             // -1 where the bytes come from memory
  ws_text memory;     // what of them is left
  bool named;         // a file that was opened by its name
  bool gzip, started; // started: the first bytes were looked at
  bool member_open;   // inside a gzip member
  bool ended;         // the raw bytes are all read
  bool padded;        // behind the last gzip member
  bool waitable;      // a read may have to wait
  bool no_wait;       // then it does not, and says so in `waits`
  bool waits;
  uint64_t bytes, total;
  size_t raw_at, raw_size; // what of `raw` is not consumed yet
  z_stream zip;
  uint64_t reported; // bytes at the last call of the sink
  ws_progress_sink progress;
  ws__hasher *hash;
  unsigned char raw[RAW_SIZE];
};

static void *zip_alloc(void *user, unsigned count, unsigned size) {
  (void)user;
  return ws_alloc_array(count, size);
}

static void zip_free(void *user, void *block) {
  (void)user;
  ws_free(block);
}

static ws_status open_fd(ws__input *input, const char *path, ws_error *err) {
  struct stat about;
  input->named = strcmp(path, "-") != 0;
  input->fd = input->named ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : dup(0);
  if (input->fd < 0)
    return ws_error_set(err, WS_EIO, "%s: cannot open: %s", path, strerror(errno));
  if (fstat(input->fd, &about) != 0) return WS_OK;
  if (S_ISDIR(about.st_mode))
    return ws_error_set(err, WS_EIO, "%s: expected a file, found a folder", path);
  if (S_ISREG(about.st_mode)) input->total = (uint64_t)about.st_size;
  input->waitable = !S_ISREG(about.st_mode);
  return WS_OK;
}

static ws_status open_source(ws__input *input, const char *path, const ws_text *memory,
                             ws_error *err) {
  if (!memory) return open_fd(input, path, err);
  input->memory = *memory;
  input->total = memory->size;
  return WS_OK;
}

ws_status ws__input_open(const char *path, const ws_text *memory,
                         ws_progress_sink progress, ws__input **out, ws_error *err) {
  ws__input *input = ws_alloc_zero(1, sizeof *input);
  if (!input) return ws_error_nomem(err);
  input->fd = -1;
  input->progress = progress;
  input->zip.zalloc = zip_alloc;
  input->zip.zfree = zip_free;
  input->hash = ws__hasher_new();
  ws_status status =
      input->hash ? open_source(input, path, memory, err) : ws_error_nomem(err);
  if (status != WS_OK) {
    ws__input_free(input);
    return status;
  }
  *out = input;
  return WS_OK;
}

void ws__input_free(ws__input *input) {
  if (!input) return;
  if (input->fd >= 0) close(input->fd);
  if (input->gzip) inflateEnd(&input->zip);
  ws__hasher_free(input->hash);
  ws_free(input);
}

static ws_status report(ws__input *input, ws_error *err) {
  input->reported = input->bytes;
  if (ws_progress_report(input->progress, "reading", input->bytes, input->total, "bytes"))
    return WS_OK;
  return ws_error_set(err, WS_ESTOPPED, "%s", ws_status_text(WS_ESTOPPED));
}

/* As read(2), from either source. */
static ssize_t read_raw(ws__input *input, unsigned char *out, size_t room) {
  if (input->fd >= 0) return read(input->fd, out, room);
  size_t size = input->memory.size < room ? input->memory.size : room;
  if (size == 0) return 0;
  memcpy(out, input->memory.data, size);
  input->memory.data += size;
  input->memory.size -= size;
  return (ssize_t)size;
}

/* Whether a read would have to wait. An error is left to the read. */
static bool must_wait(const ws__input *input) {
  struct pollfd wait = {input->fd, POLLIN, 0};
  if (!input->waitable) return false;
  int ready = poll(&wait, 1, 0);
  return ready == 0 || (ready < 0 && errno == EINTR);
}

/* Reads more raw bytes behind those that are left. */
static ws_status fill(ws__input *input, ws_error *err) {
  input->waits = input->no_wait && must_wait(input);
  if (input->waits) return WS_OK;
  memmove(input->raw, input->raw + input->raw_at, input->raw_size);
  input->raw_at = 0;
  size_t room = RAW_SIZE - input->raw_size;
  ssize_t got;
  while ((got = read_raw(input, input->raw + input->raw_size, room)) < 0 &&
         errno == EINTR)
    WS_TRY(report(input, err));
  if (got < 0) return ws_error_set(err, WS_EIO, "cannot read: %s", strerror(errno));
  input->ended = got == 0;
  ws__hasher_add(input->hash, input->raw + input->raw_size, (size_t)got);
  input->raw_size += (size_t)got;
  input->bytes += (uint64_t)got;
  return input->bytes - input->reported < REPORT_EVERY ? WS_OK : report(input, err);
}

static bool gzip_magic(const ws__input *input) {
  const unsigned char *raw = input->raw + input->raw_at;
  return input->raw_size >= 2 && raw[0] == 0x1F && raw[1] == 0x8B;
}

/* Whether more bytes are needed to see the magic ones, or that they are not there. */
static bool magic_unclear(const ws__input *input) {
  const unsigned char *raw = input->raw + input->raw_at;
  return input->raw_size == 0 || (input->raw_size == 1 && raw[0] == 0x1F);
}

static ws_status start(ws__input *input, ws_error *err) {
  while (magic_unclear(input) && !input->ended && !input->waits) WS_TRY(fill(input, err));
  if (input->waits) return WS_OK;
  input->started = true;
  if (!gzip_magic(input)) return WS_OK;
  if (inflateInit2(&input->zip, 15 + 16) != Z_OK) return ws_error_nomem(err);
  input->gzip = input->member_open = true;
  return WS_OK;
}

static ws_status read_plain(ws__input *input, void *data, size_t size, size_t *got,
                            ws_error *err) {
  if (input->raw_size == 0 && !input->ended) WS_TRY(fill(input, err));
  *got = size < input->raw_size ? size : input->raw_size;
  memcpy(data, input->raw + input->raw_at, *got);
  input->raw_at += *got;
  input->raw_size -= *got;
  return WS_OK;
}

/* At the end of a member: begins the next one, if there is one. Zero bytes behind the
 * last one are padding, which gzip ignores too; anything else is an error. */
static ws_status next_member(ws__input *input, bool *more, ws_error *err) {
  while (magic_unclear(input) && !input->ended && !input->waits) WS_TRY(fill(input, err));
  if (input->waits) return WS_OK;
  *more = gzip_magic(input) && !input->padded;
  if (*more) {
    input->member_open = true;
    return inflateReset(&input->zip) == Z_OK ? WS_OK : ws_error_nomem(err);
  }
  while (input->raw_size || (!input->ended && !input->waits)) {
    for (size_t i = 0; i < input->raw_size; i++)
      if (input->raw[input->raw_at + i] != 0)
        return ws_error_set(err, WS_EPARSE, "something follows the end of the gzip data");
    input->padded = input->padded || input->raw_size > 0;
    input->raw_size = 0;
    WS_TRY(fill(input, err));
  }
  return WS_OK;
}

static ws_status inflate_some(ws__input *input, ws_error *err) {
  z_stream *zip = &input->zip;
  zip->next_in = input->raw + input->raw_at;
  zip->avail_in = (unsigned)input->raw_size;
  int code = inflate(zip, Z_NO_FLUSH);
  input->raw_at += input->raw_size - zip->avail_in;
  input->raw_size = zip->avail_in;
  if (code == Z_STREAM_END) input->member_open = false;
  if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR) return WS_OK;
  if (code == Z_MEM_ERROR) return ws_error_nomem(err);
  return ws_error_set(err, WS_EPARSE, "damaged gzip data: %s", zip->msg ? zip->msg : "?");
}

static ws_status read_gzip(ws__input *input, void *data, size_t size, size_t *got,
                           ws_error *err) {
  bool more = true;
  input->zip.next_out = data;
  input->zip.avail_out = (unsigned)(size > 1u << 30 ? 1u << 30 : size);
  unsigned room = input->zip.avail_out;
  *got = 0;
  while (*got == 0 && more && !input->waits) {
    if (!input->member_open) {
      WS_TRY(next_member(input, &more, err));
      continue;
    }
    if (input->raw_size == 0 && !input->ended) WS_TRY(fill(input, err));
    if (input->waits) break;
    if (input->raw_size == 0 && input->ended)
      return ws_error_set(err, WS_EPARSE, "truncated gzip data");
    WS_TRY(inflate_some(input, err));
    *got = room - input->zip.avail_out;
  }
  return WS_OK;
}

ws_status ws__input_read(ws__input *input, void *data, size_t size, size_t *got,
                         ws_error *err) {
  *got = 0;
  input->waits = false;
  if (!input->started) WS_TRY(start(input, err));
  if (input->waits) return WS_OK;
  return input->gzip ? read_gzip(input, data, size, got, err)
                     : read_plain(input, data, size, got, err);
}

void ws__input_set_wait(ws__input *input, bool wait) {
  input->no_wait = !wait;
}

bool ws__input_waits(const ws__input *input) {
  return input->waits;
}

int ws__input_descriptor(const ws__input *input) {
  return input->waitable ? input->fd : -1;
}

const char *ws__input_name(const char *path) {
  return strcmp(path, "-") == 0 ? "standard input" : path;
}

uint64_t ws__input_bytes(const ws__input *input) {
  return input->bytes;
}

uint64_t ws__input_total(const ws__input *input) {
  return input->total;
}

ws_hash128 ws__input_hash(const ws__input *input) {
  return ws__hasher_get(input->hash);
}

void ws__input_digest(const ws__input *input, char out[33]) {
  ws_hash128_hex(ws__input_hash(input), out);
}

/* --- looking ahead --- */

static ws_status hash_file(ws__input *input, ws__hasher *hasher, char *block,
                           ws_error *err) {
  for (off_t at = 0;;) {
    ssize_t got = pread(input->fd, block, LOOK_SIZE, at);
    if (got < 0 && errno != EINTR)
      return ws_error_set(err, WS_EIO, "cannot read: %s", strerror(errno));
    if (got == 0) return WS_OK;
    if (got > 0) ws__hasher_add(hasher, block, (size_t)got);
    at += got > 0 ? got : 0;
    WS_TRY(report(input, err)); // nothing of it counts as read
  }
}

ws_status ws__input_look_ahead(ws__input *input, ws_hash128 *out, bool *known,
                               ws_error *err) {
  struct stat about;
  *known = input->named && fstat(input->fd, &about) == 0 && S_ISREG(about.st_mode);
  if (!*known) return WS_OK;
  ws__hasher *hasher = ws__hasher_new();
  char *block = ws_alloc(LOOK_SIZE);
  ws_status status =
      hasher && block ? hash_file(input, hasher, block, err) : ws_error_nomem(err);
  if (status == WS_OK) *out = ws__hasher_get(hasher);
  ws__hasher_free(hasher);
  ws_free(block);
  return status;
}

static ws_status not_regular(const char *path, ws_error *err) {
  return ws_error_set(err, WS_EIO, "%s: expected a regular file", path);
}

/* What is no file is not even opened: a pipe whose writer is gone would be waited for,
 * and for ever. */
ws_status ws_hash128_file(const char *path, ws_hash128 *out, ws_error *err) {
  ws__input *input = NULL;
  struct stat about;
  bool known;
  if (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode))
    return not_regular(path, err);
  WS_TRY(ws__input_open(path, NULL, (ws_progress_sink){0}, &input, err));
  ws_status status = ws__input_look_ahead(input, out, &known, err);
  if (status == WS_OK && !known) status = not_regular(path, err);
  ws__input_free(input);
  return status;
}
