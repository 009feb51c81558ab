/* SPDX-License-Identifier: MIT
 *
 * A candidate on its way to its file, and the tests that go with it (generate_tests.c).
 */
#ifndef WS_GENERATE_FILES_H
#define WS_GENERATE_FILES_H

#include "generate.h"

enum { TESTS_EACH = 3 };

/* A record that an LF was seen to vote on, as a test. */
typedef struct file_test {
  ws_text lf, text;
  int32_t label;
  bool failed;
} file_test;

/* A candidate on its way to its place. */
typedef struct placing {
  const ws_reply_candidate *candidate;
  size_t index;
  ws_lf_tier status;
  bool chosen;
  const gen_lf *why; // the LF that decided
  file_test *tests;  // [test_count] in the order of the candidate's names
  size_t test_count;
} placing;

/* Fills p->tests, which has room for TESTS_EACH of each name, from the records of the
 * pool by the votes on them. */
void gen_tests_find(const generate *g, const ws_votes *votes, placing *p);
/* Appends the source, with the tests of each LF above it that have not failed.
 * `header_lines`: how many stood in front of it when it was vetted. WS_ENOMEM. */
WS_CHECK ws_status gen_tests_put(const generate *g, const ws_vetting *vetting,
                                 const placing *p, size_t header_lines, ws_buffer *out);
/* Runs the tests of the files in g->folder, and notes which fail; where one of the files
 * does not load with its tests, all of them do. */
WS_CHECK ws_status gen_tests_run(generate *g, placing *all, size_t count, ws_error *err);

#endif
