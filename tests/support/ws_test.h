/* SPDX-License-Identifier: MIT
 *
 * What every unit test includes: cmocka with the headers it needs before it, and the
 * project's own assertions, which name the place that called them.
 */
#ifndef WS_TEST_H
#define WS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <weaksup/alloc.h>
#include <weaksup/status.h>
#include <weaksup/task.h>
#include <weaksup/votes.h>

/* A call whose status must be WS_OK; `err` is the ws_error that it filled, or NULL. */
#define assert_ok(call, err)                                                             \
  ws_test_status(WS_OK, (call), (err), #call, __FILE__, __LINE__)
#define assert_status(expected, call)                                                    \
  ws_test_status((expected), (call), NULL, #call, __FILE__, __LINE__)
void ws_test_status(ws_status expected, ws_status found, const ws_error *err,
                    const char *call, const char *file, int line);

/* |a - b| <= tolerance; prints both numbers. NaN equals nothing. */
#define assert_near(a, b, tolerance)                                                     \
  ws_test_near((a), (b), (tolerance), __FILE__, __LINE__)
void ws_test_near(double a, double b, double tolerance, const char *file, int line);

/* The message holds `part`. */
#define assert_message(err, part) ws_test_message((err), (part), __FILE__, __LINE__)
void ws_test_message(const ws_error *err, const char *part, const char *file, int line);

/* A task with the classes "A,B,C" names. */
ws_task *ws_test_task(const char *classes);

/* Votes from a picture: a record for each group between blanks, a character for each LF,
 * '-' an abstain, a digit the class: "01- ;" is not needed, "01- 1--" are two records of
 * three LFs. `classes` is how many classes there are; they are called c0, c1, ... */
ws_votes *ws_test_votes(const char *picture, int classes);

/* The picture of votes, to compare with: free it. */
char *ws_test_picture(const ws_votes *votes);

/* Calls fn with room for 0, 1, 2, ... allocations until it succeeds; each failure must be
 * WS_ENOMEM and leave nothing allocated. fn returns the status of what it tried and frees
 * what it made. */
void ws_test_every_allocation_failure(ws_status (*fn)(void *user), void *user);

/* A new empty folder for the files of a test, and its removal with all that is in it. */
char *ws_test_folder(void);
void ws_test_remove_folder(char *folder);
/* Writes a file in it; returns its path: free it. */
char *ws_test_file(const char *folder, const char *name, const char *data, size_t size);

#endif
