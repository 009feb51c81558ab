/* SPDX-License-Identifier: MIT
 *
 * What of a folder did not load, and why. Private to lf.
 *
 * A worker finds the problems of rules and names, and those of .lua files, while it
 * loads; the parent finds those of files that end a worker. Files with a problem of their
 * own are left out of every worker that is started later, so that the rest is loaded as
 * if they were not there.
 */
#ifndef WS_PROBLEMS_H
#define WS_PROBLEMS_H

#include <weaksup/arena.h>
#include <weaksup/bytes.h>
#include <weaksup/lf_set.h>

/* Start from {0}. */
typedef struct ws__problems {
  ws_arena arena;
  ws_lf_problem *items; // [count]
  size_t count, capacity;
} ws__problems;

void ws__problems_clear(ws__problems *problems);

/* Copies the texts. */
WS_CHECK ws_status ws__problems_add(ws__problems *problems, const char *file,
                                    uint64_t line, ws_lf_problem_kind kind,
                                    const char *message);
/* Adds the name of a labeling function to the problem that was added last: once, and no
 * more than WS__PROBLEM_NAMES. */
#define WS__PROBLEM_NAMES 1000
WS_CHECK ws_status ws__problems_add_name(ws__problems *problems, ws_text name);

/* By file and line. */
void ws__problems_sort(ws__problems *problems);
/* The first problem of the file, or NULL. */
const ws_lf_problem *ws__problems_find(const ws__problems *problems, const char *file);

/* The line in a message "FILE:LINE...", or 0. */
uint64_t ws__problem_line(const char *file, const char *message);

WS_CHECK ws_status ws__put_problems(ws_buffer *out, const ws__problems *problems);
/* Adds what ws__put_problems wrote. It is not believed: WS_EPARSE where it is not well
 * formed, and what is no UTF-8 in messages comes out as '?'. Files are as they were sent,
 * without NUL. */
WS_CHECK ws_status ws__take_problems(ws_bytes *wire, ws__problems *out);
/* The same for the names of files, which nobody has to find any more. */
void ws__problems_clean_files(ws__problems *problems);

/* Adds to the last problem the names of the labeling functions that a file would have
 * defined, which its text shows: nothing is run. Files that do not end in .rules are Lua.
 */
WS_CHECK ws_status ws__problems_add_names_of(ws__problems *problems, const char *file,
                                             ws_text source);

#endif
