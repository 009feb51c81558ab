/* SPDX-License-Identifier: MIT
 *
 * Files in the cache's folder, as they come and with a right header and checksum: an
 * entry that is found is the bytes between those.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/hash.h>

#include "cache_priv.h"
#include "fuzz.h"

static ws_cache *cache;
static ws_hash128 key;
static ws_buffer entry_path;

static void tear_down(void) {
  char *name = strrchr(entry_path.data, '/');
  unlink(entry_path.data);
  strcpy(name, "/.gitignore");
  unlink(entry_path.data);
  *name = '\0';
  ws_cache_close(cache);
  rmdir(entry_path.data);
  ws_buffer_clear(&entry_path);
}

/* A folder of this process, for one entry. */
static void set_up(void) {
  static char folder[200];
  const char *temporary = getenv("TMPDIR");
  if (cache) return;
  snprintf(folder, sizeof folder, "%s/weaksup-fuzz-XXXXXX",
           temporary ? temporary : "/tmp");
  FUZZ_CHECK(mkdtemp(folder));
  key = ws_hash128_of("key", 3);
  FUZZ_CHECK(ws_cache_open(folder, NULL, &cache, NULL) == WS_OK);
  FUZZ_CHECK(ws__cache_path(cache, ws__cache_key(cache, key), &entry_path) == WS_OK);
  atexit(tear_down);
}

static void store(const char *data, size_t size) {
  FILE *file = fopen(entry_path.data, "wb");
  FUZZ_CHECK(file && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

/* Whether it is found; then it must be what lies between header and checksum. */
static bool check(const char *data, size_t size) {
  ws_cache_entry entry;
  store(data, size);
  if (!ws_cache_get(cache, key, &entry)) return false;
  size_t around = WS__CACHE_HEADER + WS__CACHE_CHECKSUM;
  FUZZ_CHECK(size >= around && entry.bytes.size == size - around);
  FUZZ_CHECK(memcmp(entry.bytes.data, data + WS__CACHE_HEADER, entry.bytes.size) == 0);
  ws_cache_release(&entry);
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  set_up();
  size_t whole = WS__CACHE_HEADER + size + WS__CACHE_CHECKSUM;
  char *copy = malloc(whole);
  memcpy(copy, data, size);
  check(copy, size);
  ws__cache_header(ws__cache_key(cache, key), (unsigned char *)copy);
  memcpy(copy + WS__CACHE_HEADER, data, size);
  ws_hash128 hash = ws_hash128_of(copy, whole - WS__CACHE_CHECKSUM);
  memcpy(copy + whole - 16, &hash.low, 8);
  memcpy(copy + whole - 8, &hash.high, 8);
  FUZZ_CHECK(check(copy, whole));
  if (size) { // one bit of it is another
    copy[data[0] % whole] ^= (char)(1 << data[size - 1] % 8);
    FUZZ_CHECK(!check(copy, whole));
  }
  free(copy);
  return 0;
}
