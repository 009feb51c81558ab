/* SPDX-License-Identifier: MIT
 *
 * What the files of the cache share. Private to core.
 */
#ifndef WS_CACHE_PRIV_H
#define WS_CACHE_PRIV_H

#include <weaksup/cache.h>

struct ws_cache {
  ws_cache_options options;
  ws_buffer path;
  ws_hash128 program; // of what tells it from others; 0: none is named
  unsigned serial;    // of the next temporary file
  size_t held;        // bytes of entries that are in memory
  bool stored;
  char trouble[256]; // empty: none
};

/* An entry is a file KEY.cache: a header, the bytes, the checksum of all that. */
#define WS__CACHE_ENDING ".cache"
enum {
  WS__CACHE_NAME = 32 + sizeof WS__CACHE_ENDING - 1,
  WS__CACHE_MAGIC = 8,
  WS__CACHE_HEADER = WS__CACHE_MAGIC + 16,
  WS__CACHE_CHECKSUM = 16,
};

/* Whether the name is that of an entry, alone or with something behind it. */
bool ws__cache_is_name(const char *name);

/* The key as the folder knows it: with the program in it. */
ws_hash128 ws__cache_key(const ws_cache *cache, ws_hash128 key);
/* Writes the path of the entry into *out, which is cleared before. */
WS_CHECK ws_status ws__cache_path(const ws_cache *cache, ws_hash128 key, ws_buffer *out);
void ws__cache_header(ws_hash128 key, unsigned char out[WS__CACHE_HEADER]);

/* Opens a file for an entry that is not whole yet, for reading and writing; *path is its
 * path then. -1, with errno, where it cannot be; *path is empty then. */
int ws__cache_temporary(ws_cache *cache, ws_hash128 key, unsigned mode, ws_buffer *path);
/* Writes all of it; false, with errno, where that is not possible. */
bool ws__cache_write(int fd, const char *data, size_t size);

/* Notes what went wrong, with errno's text. */
void ws__cache_note(ws_cache *cache, const char *what);

/* Brings the folder below its limits. */
void ws__cache_tidy(ws_cache *cache);

#endif
