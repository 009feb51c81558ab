/* SPDX-License-Identifier: MIT
 *
 * Random votes, and votes that are the same to the byte.
 */
#ifndef SAME_VOTES_H
#define SAME_VOTES_H

#include <weaksup/rng.h>
#include <weaksup/votes_file.h>

#include "ws_test.h"

/* The votes as their file's bytes: equal votes are equal bytes. */
static inline ws_buffer bytes_of(const ws_votes *votes) {
  ws_buffer out = {0};
  assert_ok(ws_votes_encode(votes, &out), NULL);
  return out;
}

static inline void assert_same_votes(const ws_votes *a, const ws_votes *b) {
  ws_buffer left = bytes_of(a), right = bytes_of(b);
  assert_int_equal(left.size, right.size);
  assert_memory_equal(left.data, right.data, left.size);
  ws_buffer_clear(&left);
  ws_buffer_clear(&right);
}

enum { ROWS = 300, LFS = 5, CLASSES = 3 };

/* ROWS groups of LFS characters; a few hundred distinct ones. */
static inline void random_picture(ws_rng *rng, size_t rows, char *out) {
  for (size_t i = 0; i < rows; i++) {
    if (i) *out++ = ' ';
    for (int j = 0; j < LFS; j++) {
      uint64_t vote = ws_rng_below(rng, 2 * CLASSES);
      *out++ = vote < CLASSES ? (char)('0' + vote) : '-';
    }
  }
  *out = '\0';
}

/* Records with these ids and this gold, and no votes. */
/* Records with these ids and this gold, and no votes. */
static inline ws_votes *with_ids(const char *const *ids, const int32_t *gold,
                                 size_t count) {
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t i = 0; i < count; i++)
    assert_ok(ws_votes_builder_add(builder, ws_text_of(ids[i]),
                                   gold ? gold[i] : WS_ABSTAIN, NULL, 0),
              NULL);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return votes;
}

static inline void assert_ids(const ws_votes *votes, const char *const *ids) {
  char digits[24];
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    ws_text id = ws_votes_row_id(votes, i, digits);
    if (!ws_text_equals(id, ids[i]))
      print_error("%.*s, not %s\n", WS_TEXT_ARG(id), ids[i]);
    assert_true(ws_text_equals(id, ids[i]));
  }
}

#endif
