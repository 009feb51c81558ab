/* SPDX-License-Identifier: MIT
 *
 * What reading and running tests share. Private to lf.
 */
#ifndef WS_LF_TESTS_PRIV_H
#define WS_LF_TESTS_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/lf_tests.h>

typedef struct ws__test {
  ws_lf_test test;
  bool done;    // was run, and what came of it is known
  uint64_t row; // of its text among those that are run together
} ws__test;

struct ws_lf_tests {
  ws_lf_set *set; // borrowed
  ws_arena arena; // of texts and messages
  ws__test *items;
  size_t count, capacity;
  bool *tested; // [M]
  const char **notes;
  size_t note_count, note_capacity;
};

#endif
