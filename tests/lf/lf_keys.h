/* SPDX-License-Identifier: MIT
 *
 * For tests of keys: those of a folder, and which of them an edit changed.
 */
#ifndef LF_KEYS_H
#define LF_KEYS_H

#include "lf_test.h"

enum { LF_KEYS_MAX = 200 };

/* The names, keys and error keys of a set. */
typedef struct lf_keys {
  size_t count;
  char names[LF_KEYS_MAX][64];
  ws_hash128 keys[LF_KEYS_MAX], error_keys[LF_KEYS_MAX];
} lf_keys;

static inline void lf_load_keys(lf_fixture *f, lf_keys *out) {
  assert_ok(lf_load(f), &f->err);
  out->count = ws_lf_set_count(f->set);
  assert_true(out->count <= LF_KEYS_MAX);
  for (size_t j = 0; j < out->count; j++) {
    const ws_lf_info *info = ws_lf_set_at(f->set, j);
    snprintf(out->names[j], sizeof out->names[j], "%s", info->name);
    out->keys[j] = info->key;
    out->error_keys[j] = info->error_key;
  }
}

static inline size_t lf_keys_find(const lf_keys *in, const char *name) {
  for (size_t j = 0; j < in->count; j++)
    if (strcmp(in->names[j], name) == 0) return j;
  return SIZE_MAX;
}

/* The names of those in both whose keys are different, each behind a blank. */
static inline void lf_keys_differ(const lf_keys *before, const lf_keys *after,
                                  bool errors, char *out, size_t size) {
  *out = '\0';
  for (size_t j = 0; j < before->count; j++) {
    size_t k = lf_keys_find(after, before->names[j]);
    if (k == SIZE_MAX) continue;
    const ws_hash128 *a = errors ? before->error_keys : before->keys;
    const ws_hash128 *b = errors ? after->error_keys : after->keys;
    if (ws_hash128_equals(a[j], b[k])) continue;
    assert_true(strlen(out) + strlen(before->names[j]) + 2 < size);
    strcat(out, " ");
    strcat(out, before->names[j]);
  }
}

#endif
