/* SPDX-License-Identifier: MIT
 *
 * For tests of the language of labeling functions: what a file is told.
 */
#ifndef LF_LANGUAGE_H
#define LF_LANGUAGE_H

#include "lf_test.h"

/* The file does not load; the message, without the folder in front, is this. */
static inline void lf_refused(lf_fixture *f, const char *source, const char *message) {
  lf_file(f, "a.lua", source);
  assert_int_equal(lf_load(f), WS_ELF);
  size_t front = strlen(f->lfs);
  if (strncmp(f->err.message, f->lfs, front) != 0) print_error("%s\n", f->err.message);
  assert_int_equal(strncmp(f->err.message, f->lfs, front), 0);
  assert_string_equal(f->err.message + front + 1, message);
}

/* The first vote of a function with this body is an error with this message. */
static inline void lf_fails(lf_fixture *f, const char *source, const char *message) {
  lf_file(f, "a.lua", source);
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  assert_string_equal(lf_failure(f, 0, 0), message);
}

/* Records with a text and, half of them, a title. */
#define LF_TITLES                                                                        \
  "{\"id\":\"a\",\"text\":\"Red\",\"title\":\"BLUE one\",\"n\":1}\n"                     \
  "{\"id\":\"b\",\"text\":\"blue\",\"title\":null}\n"                                    \
  "{\"id\":\"c\",\"text\":\"green\"}\n"                                                  \
  "{\"id\":\"d\",\"text\":\"green\",\"title\":\"Red\"}\n"

/* The first line of a file that a model wrote. */
#define LF_GENERATED "-- weaksup-generated: v1 | model=m\n"

#endif
