/* SPDX-License-Identifier: MIT
 *
 * For tests of folders of which a part does not load.
 */
#ifndef LF_BROKEN_H
#define LF_BROKEN_H

#include <unistd.h>

#include "lf_test.h"

/* For cmocka: goes on without what does not load. lf_teardown ends it. */
static inline int lf_broken_setup(void **state) {
  lf_setup(state);
  lf_fixture *f = *state;
  lf_data(f, "d.txt", "hello there\nbye now\nhello bye\nnothing\n");
  f->options.keep_going = true;
  return 0;
}

/* Three LFs in files that load: lf_expect says "0-0 -1- 01- ---" of them. */
static inline void lf_broken_good_files(lf_fixture *f) {
  lf_file(f, "m.lua",
          "function lf.hello(x) if x.text:find('hello') then return HAM end end\n");
  lf_file(f, "n.rules", "bye SPAM /bye/\nthere HAM /there/\n");
}

/* "LINE KIND NAME,NAME message" of problem i, the message without the folder. */
static inline void lf_broken_expect(const lf_fixture *f, size_t i, const char *expected) {
  char found[2000];
  assert_true(i < ws_lf_set_problem_count(f->set));
  const ws_lf_problem *problem = ws_lf_set_problem_at(f->set, i);
  int at = snprintf(found, sizeof found, "%d %s ", (int)problem->line,
                    ws_lf_problem_kind_name(problem->kind));
  for (size_t j = 0; j < problem->lf_count; j++)
    at += snprintf(found + at, sizeof found - (size_t)at, "%s%s", j ? "," : "",
                   problem->lfs[j]);
  size_t front = strlen(f->lfs) + 1;
  assert_int_equal(strncmp(problem->file, f->lfs, front - 1), 0);
  assert_int_equal(strncmp(problem->message, f->lfs, front - 1), 0);
  snprintf(found + at, sizeof found - (size_t)at, " %s", problem->message + front);
  assert_string_equal(found, expected);
}

/* Removes a file from the folder of LFs. */
static inline void lf_broken_forget(lf_fixture *f, const char *name) {
  char *path = lf_join(f->lfs, name);
  assert_int_equal(unlink(path), 0);
  free(path);
}

#endif
