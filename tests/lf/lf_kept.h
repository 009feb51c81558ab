/* SPDX-License-Identifier: MIT
 *
 * For tests of votes that are kept between runs: LFs and data with a cache beside them.
 */
#ifndef LF_KEPT_H
#define LF_KEPT_H

#include <dirent.h>

#include "lf_test.h"

typedef struct lf_kept {
  lf_fixture lf;
  char cache[256];
} lf_kept;

static inline void lf_kept_open(lf_kept *f) {
  ws_cache_close(f->lf.apply.cache);
  f->lf.apply.cache = NULL;
  assert_ok(ws_cache_open(f->cache, NULL, &f->lf.apply.cache, &f->lf.err), &f->lf.err);
}

/* For cmocka. */
static inline int lf_kept_setup(void **state) {
  lf_kept *f = calloc(1, sizeof *f);
  lf_begin(&f->lf, "HAM,SPAM");
  snprintf(f->cache, sizeof f->cache, "%s/cache", f->lf.folder);
  lf_kept_open(f);
  *state = f;
  return 0;
}

static inline int lf_kept_teardown(void **state) {
  lf_kept *f = *state;
  ws_cache_close(f->lf.apply.cache);
  lf_end(&f->lf);
  free(f);
  return 0;
}

/* Applies the LFs as they are now; how many were not run. */
static inline size_t lf_kept_apply(lf_kept *f) {
  assert_ok(lf_load(&f->lf), &f->lf.err);
  assert_ok(lf_apply(&f->lf), &f->lf.err);
  return ws_apply_report_cached(f->lf.report);
}

/* The votes of the last run, as ws_test_picture shows them. */
static inline void lf_kept_expect(const lf_kept *f, const char *expected) {
  char *picture = ws_test_picture(f->lf.votes);
  assert_string_equal(picture, expected);
  free(picture);
}

/* Runs fn on the path of every entry in the cache; how many there are. */
static inline size_t lf_kept_entries(const lf_kept *f, void (*fn)(const char *path)) {
  size_t count = 0;
  DIR *folder = opendir(f->cache);
  assert_non_null(folder);
  for (struct dirent *item; (item = readdir(folder));) {
    char path[600];
    if (item->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", f->cache, item->d_name);
    count++;
    if (fn) fn(path);
  }
  closedir(folder);
  return count;
}

/* Three LFs: one votes SPAM on an a, one HAM on a b, one never. */
#define LF_KEPT_LFS                                                                      \
  "function lf.a(x) if x.text:find('a') then return SPAM end end\n"                      \
  "function lf.b(x) if x.text:find('b') then return HAM end end\n"                       \
  "function lf.never(x) end\n"

/* Appends all that is told of an LF but its times. */
static inline void lf_kept_put_stats(const ws_lf_stats *stats, ws_buffer *out) {
  for (size_t i = 0; i < WS_LF_ERROR_KINDS; i++)
    assert_ok(ws_buffer_printf(out, " %d", (int)stats->errors_by_kind[i]), NULL);
  assert_ok(ws_buffer_printf(out, " %d %d %d %d\n", (int)stats->calls, (int)stats->votes,
                             (int)stats->errors, (int)stats->quarantined),
            NULL);
  for (size_t i = 0; i < stats->failure_count; i++) {
    const ws_lf_failure *at = &stats->failures[i];
    assert_ok(ws_buffer_printf(out, "%d %d %s %d %s %s\n", (int)at->row, (int)at->line,
                               at->id, (int)at->kind, at->what,
                               at->traceback ? at->traceback : "-"),
              NULL);
  }
}

#endif
