/* SPDX-License-Identifier: MIT
 *
 * A folder of results that need not be computed again: byte strings under 128-bit keys.
 *
 * A key is the hash of all that a result follows from, so an entry is never stale, only
 * unused. What cannot be read back whole (truncated, damaged, another key's, another
 * version's) is not there: the caller computes it again. What cannot be written (no room,
 * no permission) is not kept. Neither is ever an error.
 *
 * Any number of processes may use one folder at the same time. Entries appear whole; they
 * are not synced to disk, because a crash can only lose them. The folder is kept below a
 * limit by removing the entries that were not used for longest; files that are not the
 * cache's own are left alone.
 */
#ifndef WEAKSUP_CACHE_H
#define WEAKSUP_CACHE_H

#include <weaksup/hash.h>
#include <weaksup/text.h>

WS_BEGIN_DECLS

typedef struct ws_cache ws_cache;

typedef struct ws_cache_options {
  uint64_t max_bytes; // of all entries, as they lie on disk; default 1 GiB
  size_t max_entries; // default 50000
  // The file of the program that computes the entries, told by its size and time: those
  // that another build stored are not found. Default NULL: any program's are.
  const char *program;
} ws_cache_options;

WS_API ws_cache_options ws_cache_options_default(void);

/* Opens the folder; makes it, and the one that it lies in, where they are not there. The
 * outermost folder that is made gets a .gitignore. WS_EIO where it can be neither read
 * nor made. */
WS_API WS_CHECK ws_status ws_cache_open(const char *path, const ws_cache_options *options,
                                        ws_cache **out, ws_error *err);
/* Removes what is beyond the limits, where something was stored; frees. */
WS_API void ws_cache_close(ws_cache *cache);

/* Why something could not be stored, the first time; NULL: there was no such thing. */
WS_API const char *ws_cache_trouble(const ws_cache *cache);

/* --- reading ------------------------------------------------------------------------ */

/* An entry: a copy of its bytes, which stays what it is until it is released, whatever
 * becomes of the file. To be released before the cache is closed. */
typedef struct ws_cache_entry {
  ws_text bytes;
  ws_cache *cache; // private, as are those below
  char *copy;
  size_t size;
  bool mapped;
} ws_cache_entry;

/* False where there is none under the key; *out is empty then. The copies of one cache
 * take 32 MiB of memory at most; what is beyond lies in files of the cache's folder that
 * have no name any more, and is not found where there is no room for them. */
WS_API bool ws_cache_get(ws_cache *cache, ws_hash128 key, ws_cache_entry *out);
WS_API void ws_cache_release(ws_cache_entry *entry); // an empty one is fine
/* Removes the entry: its bytes are whole, and yet not what they should be. */
WS_API void ws_cache_drop(ws_cache *cache, ws_hash128 key);

/* --- writing ------------------------------------------------------------------------ */

/* Stores bytes under the key. */
WS_API void ws_cache_put(ws_cache *cache, ws_hash128 key, ws_text bytes);

/* The same piece by piece, for entries that are larger than memory should be: up to
 * `room` bytes wait in memory, the others in a temporary file, which is open only while
 * it is written to. Thousands may be under way at once. */
typedef struct ws_cache_writer ws_cache_writer;

/* NULL where there is no memory, or the folder cannot be written; the other functions
 * take that for a writer that stores nothing. */
WS_API ws_cache_writer *ws_cache_begin(ws_cache *cache, ws_hash128 key, size_t room);
WS_API void ws_cache_append(ws_cache_writer *writer, const void *data, size_t size);
/* Makes the entry appear, if nothing went wrong; frees. */
WS_API void ws_cache_commit(ws_cache_writer *writer);
WS_API void ws_cache_abort(ws_cache_writer *writer);

WS_END_DECLS

#endif
