/* SPDX-License-Identifier: MIT
 *
 * Tests of labeling functions (LFs): comments above an LF that say how it votes on a
 * text.
 *
 *   --- @test "look at my channel" -> SPAM       in *.lua files
 *   # @test "the submarine film" -> ABSTAIN      in *.rules files
 *
 * The text is a JSON string; so may the class be, and must where its name has blanks. A
 * test is of the LF that is defined next below it in the file. It is run on a record that
 * has the task's text field and nothing else.
 */
#ifndef WEAKSUP_LF_TESTS_H
#define WEAKSUP_LF_TESTS_H

#include <weaksup/apply.h>

WS_BEGIN_DECLS

typedef struct ws_lf_test {
  size_t lf;           // of the set
  uint64_t line;       // from 1, in the file of the LF
  ws_text text;        // ends in NUL
  int32_t expected;    // class index or WS_ABSTAIN
  int32_t found;       // the same, or WS_VOTE_ERROR; WS_ABSTAIN before the tests are run
  const char *message; // of a vote error, with file:line in front; otherwise NULL
} ws_lf_test;

typedef struct ws_lf_tests ws_lf_tests;

/* Reads the tests in the files that the set was loaded from, which is borrowed until the
 * tests are freed. Nothing is run. There may be none. WS_ELF with file:line:column for a
 * line that begins as a test and goes on otherwise, for a class that the task does not
 * have, and where no LF, or more than one on the same line, is next. Tests of an LF that
 * was left out (ws_lf_options.keep_going) are, too. */
WS_API WS_CHECK ws_status ws_lf_tests_load(ws_lf_set *set, ws_lf_tests **out,
                                           ws_error *err);
WS_API void ws_lf_tests_free(ws_lf_tests *tests);

WS_API size_t ws_lf_tests_count(const ws_lf_tests *tests);
/* In the order of the files and of their lines. */
WS_API const ws_lf_test *ws_lf_tests_at(const ws_lf_tests *tests, size_t i);
/* Whether there is a test of LF j. */
WS_API bool ws_lf_tests_has(const ws_lf_tests *tests, size_t j);

/* Comments that are nearly tests and are not run ("@tset"), each in a sentence with
 * file:line:column in front, in the order of the files and of their lines. */
WS_API size_t ws_lf_tests_notes(const ws_lf_tests *tests);
WS_API const char *ws_lf_tests_note(const ws_lf_tests *tests, size_t i);

/* Runs all of them, in a worker process. Tests that fail are no error: they are found by
 * ws_lf_test_passed. `progress` counts texts. */
WS_API WS_CHECK ws_status ws_lf_tests_run(ws_lf_tests *tests, ws_progress_sink progress,
                                          ws_error *err);
WS_API bool ws_lf_test_passed(const ws_lf_test *test);
WS_API size_t ws_lf_tests_failed(const ws_lf_tests *tests); // how many

WS_END_DECLS

#endif
