/* SPDX-License-Identifier: MIT
 *
 * Reading entries.
 *
 * An entry is believed when its magic, its key and its checksum are right, and never
 * otherwise: whatever lies in the folder, the worst that it can do is to be ignored.
 *
 * Its bytes are copied before they are looked at, so that nobody can change them, or cut
 * the file off below a mapping, between the check and their use. Entries go into memory
 * as long as all those in use are few bytes together, and from there on into files
 * without a name, which are mapped: memory does not grow with the data.
 */
#define _XOPEN_SOURCE 700 // futimens

#include "cache_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

enum {
  MEMORY_MOST = 32 << 20, // bytes of entries in memory, of one cache
  PIECE = 64 << 10        // that is copied at once
};

static bool is_whole(ws_text file, ws_hash128 key) {
  unsigned char header[WS__CACHE_HEADER];
  ws__cache_header(key, header);
  return file.size >= WS__CACHE_HEADER + WS__CACHE_CHECKSUM &&
         memcmp(file.data, header, sizeof header) == 0 && ws_bytes_sealed(file);
}

/* False where the file ends before. */
static bool read_all(int fd, char *out, size_t size) {
  while (size) {
    ssize_t got = read(fd, out, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    size -= (size_t)got;
  }
  return true;
}

/* --- in memory --- */

static void *load(int fd, size_t size) {
  char *memory = ws_alloc(size);
  if (memory && read_all(fd, memory, size)) return memory;
  ws_free(memory);
  return NULL;
}

/* --- in a file without a name --- */

static bool copy(int from, int to, char *piece, size_t size) {
  while (size) {
    size_t now = size < PIECE ? size : PIECE;
    if (!read_all(from, piece, now) || !ws__cache_write(to, piece, now)) return false;
    size -= now;
  }
  return true;
}

/* A file of our own that nobody else can reach. */
static int open_nameless(ws_cache *cache, ws_hash128 key) {
  ws_buffer path = {0};
  int fd = ws__cache_temporary(cache, key, 0600, &path);
  if (fd >= 0) unlink(path.data);
  ws_buffer_clear(&path);
  return fd;
}

static void *map_copy(ws_cache *cache, ws_hash128 key, int fd, size_t size) {
  void *map = MAP_FAILED;
  char *piece = ws_alloc(PIECE);
  int own = piece ? open_nameless(cache, key) : -1;
  if (own >= 0 && copy(fd, own, piece, size))
    map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, own, 0);
  if (own >= 0) close(own);
  ws_free(piece);
  return map == MAP_FAILED ? NULL : map;
}

/* --- entries --- */

static bool take(ws_cache *cache, ws_hash128 key, int fd, ws_cache_entry *out) {
  struct stat about;
  if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= 0 ||
      (uintmax_t)about.st_size > SIZE_MAX)
    return false;
  size_t size = (size_t)about.st_size;
  bool fits = size <= MEMORY_MOST - cache->held;
  char *copied = fits ? load(fd, size) : map_copy(cache, key, fd, size);
  if (!copied) return false;
  *out = (ws_cache_entry){.cache = cache, .copy = copied, .size = size, .mapped = !fits};
  if (fits) cache->held += size;
  if (!is_whole((ws_text){copied, size}, key)) {
    ws_cache_release(out);
    return false;
  }
  size -= WS__CACHE_HEADER + WS__CACHE_CHECKSUM;
  out->bytes = (ws_text){copied + WS__CACHE_HEADER, size};
  return true;
}

bool ws_cache_get(ws_cache *cache, ws_hash128 key, ws_cache_entry *out) {
  ws_buffer path = {0};
  *out = (ws_cache_entry){0};
  key = ws__cache_key(cache, key);
  if (ws__cache_path(cache, key, &path) != WS_OK) return false;
  int fd = open(path.data, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  ws_buffer_clear(&path);
  if (fd < 0) return false;
  bool found = take(cache, key, fd, out);
  if (found) {
    int ignored = futimens(fd, NULL); // it was used now
    (void)ignored;
  }
  close(fd);
  return found;
}

void ws_cache_release(ws_cache_entry *entry) {
  if (entry->mapped) {
    munmap(entry->copy, entry->size);
  } else if (entry->copy) {
    entry->cache->held -= entry->size;
    ws_free(entry->copy);
  }
  *entry = (ws_cache_entry){0};
}
