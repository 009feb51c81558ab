/* SPDX-License-Identifier: MIT
 *
 * What the tests of the cache share: one in a folder of its own, and what is in it.
 */
#ifndef WS_TEST_CACHE_H
#define WS_TEST_CACHE_H

#include <dirent.h>
#include <stdio.h>

#include <weaksup/cache.h>

#include "ws_test.h"

typedef struct ws_test_cache {
  char *folder, path[256];
  ws_cache *cache;
} ws_test_cache;

/* Closes it and opens it again; NULL: the usual options. */
static inline void ws_test_cache_open(ws_test_cache *f, const ws_cache_options *options) {
  ws_error err = WS_ERROR_INIT;
  ws_cache_close(f->cache);
  f->cache = NULL;
  assert_ok(ws_cache_open(f->path, options, &f->cache, &err), &err);
}

/* For cmocka. */
static inline int ws_test_cache_setup(void **state) {
  ws_test_cache *f = calloc(1, sizeof *f);
  f->folder = ws_test_folder();
  snprintf(f->path, sizeof f->path, "%s/.weaksup/cache", f->folder);
  ws_test_cache_open(f, NULL);
  *state = f;
  return 0;
}

static inline int ws_test_cache_teardown(void **state) {
  ws_test_cache *f = *state;
  ws_cache_close(f->cache);
  ws_test_remove_folder(f->folder);
  free(f);
  return 0;
}

static inline void ws_test_cache_path(const ws_test_cache *f, const char *name,
                                      char out[400]) {
  snprintf(out, 400, "%s/%s", f->path, name);
}

/* What is kept under a key; NULL: nothing is. */
static inline void ws_test_cache_expect(ws_test_cache *f, ws_hash128 at,
                                        const char *expected) {
  ws_cache_entry entry;
  assert_int_equal(ws_cache_get(f->cache, at, &entry), expected != NULL);
  if (expected) {
    assert_int_equal(entry.bytes.size, strlen(expected));
    assert_memory_equal(entry.bytes.data, expected, strlen(expected));
  } else {
    assert_int_equal(entry.bytes.size, 0);
  }
  ws_cache_release(&entry);
}

static inline size_t ws_test_cache_files(const ws_test_cache *f) {
  size_t count = 0;
  DIR *folder = opendir(f->path);
  assert_non_null(folder);
  for (struct dirent *item; (item = readdir(folder));) count += item->d_name[0] != '.';
  closedir(folder);
  return count;
}

#endif
