/* SPDX-License-Identifier: MIT
 *
 * Storing entries: under a temporary name, then renamed. Without fsync: an entry that a
 * crash of the system leaves in pieces fails its checksum and is written again.
 */
#include "cache_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

#include "hash_stream.h"

struct ws_cache_writer {
  ws_cache *cache;
  ws_hash128 key;
  ws__hasher *hasher;
  ws_buffer waiting;   // not written yet
  size_t room;         // for them
  ws_buffer temporary; // its path; empty: there is no file yet
  bool broken;
};

int ws__cache_temporary(ws_cache *cache, ws_hash128 key, unsigned mode, ws_buffer *path) {
  char hex[33];
  int fd = -1;
  ws_hash128_hex(key, hex);
  for (int attempt = 0; attempt < 100 && fd < 0; attempt++) {
    path->size = 0;
    if (ws_buffer_printf(path, "%s/%s" WS__CACHE_ENDING ".tmp-%ld-%u", cache->path.data,
                         hex, (long)getpid(), cache->serial++) != WS_OK)
      break;
    fd = open(path->data, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (fd < 0 && errno != EEXIST) break;
  }
  if (fd < 0) path->size = 0;
  return fd;
}

bool ws__cache_write(int fd, const char *data, size_t size) {
  while (size) {
    ssize_t wrote = write(fd, data, size);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    data += wrote;
    size -= (size_t)wrote;
  }
  return true;
}

static void give_up(ws_cache_writer *writer, const char *what) {
  if (what) ws__cache_note(writer->cache, what);
  writer->broken = true;
}

static int open_new(ws_cache_writer *writer) {
  return ws__cache_temporary(writer->cache, writer->key, 0666, &writer->temporary);
}

/* Moves what waits into the file. */
static void flush(ws_cache_writer *writer) {
  int fd = writer->temporary.size
               ? open(writer->temporary.data, O_WRONLY | O_APPEND | O_CLOEXEC)
               : open_new(writer);
  if (fd < 0 || !ws__cache_write(fd, writer->waiting.data, writer->waiting.size))
    give_up(writer, "write");
  if (fd >= 0 && close(fd) != 0) give_up(writer, "write");
  writer->waiting.size = 0;
}

static void append(ws_cache_writer *writer, const void *data, size_t size) {
  size_t waiting = writer->waiting.size;
  if (waiting && (waiting > writer->room || size > writer->room - waiting)) flush(writer);
  if (writer->broken) return;
  if (ws_buffer_append(&writer->waiting, data, size) != WS_OK) give_up(writer, NULL);
}

ws_cache_writer *ws_cache_begin(ws_cache *cache, ws_hash128 key, size_t room) {
  unsigned char header[WS__CACHE_HEADER];
  ws_cache_writer *writer = ws_alloc_zero(1, sizeof *writer);
  if (!writer) return NULL;
  key = ws__cache_key(cache, key);
  *writer = (ws_cache_writer){.cache = cache, .key = key, .room = room};
  if (!(writer->hasher = ws__hasher_new())) {
    ws_free(writer);
    return NULL;
  }
  ws__cache_header(key, header);
  ws_cache_append(writer, header, sizeof header);
  return writer;
}

void ws_cache_append(ws_cache_writer *writer, const void *data, size_t size) {
  if (!writer || writer->broken) return;
  ws__hasher_add(writer->hasher, data, size);
  append(writer, data, size);
}

static void seal(ws_cache_writer *writer) {
  ws_hash128 hash = ws__hasher_get(writer->hasher);
  ws_buffer bytes = {0};
  if (ws_bytes_put(&bytes, hash.low, 8) == WS_OK &&
      ws_bytes_put(&bytes, hash.high, 8) == WS_OK)
    append(writer, bytes.data, bytes.size);
  else
    give_up(writer, NULL);
  ws_buffer_clear(&bytes);
}

void ws_cache_commit(ws_cache_writer *writer) {
  ws_buffer path = {0};
  if (!writer) return;
  if (!writer->broken) seal(writer);
  if (!writer->broken) flush(writer);
  if (!writer->broken && ws__cache_path(writer->cache, writer->key, &path) == WS_OK) {
    if (rename(writer->temporary.data, path.data) == 0) {
      writer->temporary.size = 0;
      writer->cache->stored = true;
    } else {
      give_up(writer, "write");
    }
  }
  ws_buffer_clear(&path);
  ws_cache_abort(writer);
}

void ws_cache_abort(ws_cache_writer *writer) {
  if (!writer) return;
  if (writer->temporary.size) unlink(writer->temporary.data);
  ws_buffer_clear(&writer->temporary);
  ws_buffer_clear(&writer->waiting);
  ws__hasher_free(writer->hasher);
  ws_free(writer);
}

void ws_cache_put(ws_cache *cache, ws_hash128 key, ws_text bytes) {
  ws_cache_writer *writer = ws_cache_begin(cache, key, SIZE_MAX);
  ws_cache_append(writer, bytes.data, bytes.size);
  ws_cache_commit(writer);
}
