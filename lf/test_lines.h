/* SPDX-License-Identifier: MIT
 *
 * The comments that hold tests of labeling functions:
 *   --- @test "text" -> CLASS     in *.lua files, two dashes or more
 *   # @test "text" -> CLASS       in *.rules files
 * Only text is read here, nothing is run. A comment that is nearly one, such as
 *   --- @tset "text" -> CLASS
 * is told, too: nothing else would say that the test is not run. Private to lf.
 */
#ifndef WS_TEST_LINES_H
#define WS_TEST_LINES_H

#include <weaksup/json.h>

#include "rules.h"
#include "source_place.h"

typedef struct ws__test_line {
  uint64_t line;    // from 1
  ws_text text;     // until the next line is read
  int32_t expected; // a class, or WS_ABSTAIN
  size_t column;    // from 1, of `meant`
  ws_text meant;    // not empty: no test, but this word may have been meant to be "@test"
} ws__test_line;

/* Start from {{path, task, source}, comment, parser}. */
typedef struct ws__test_lines {
  ws__rules source;     // a file of either kind, as lines
  char comment;         // '-' or '#'
  ws_json_parser *json; // borrowed
  ws_buffer raw, value; // of the strings of the line
  ws__source_place place;
} ws__test_lines;

void ws__test_lines_clear(ws__test_lines *lines);

/* The next test, or what is nearly one. *more is false at the end. WS_ELF with
 * path:line:column, what was expected and what was found. */
WS_CHECK ws_status ws__test_lines_next(ws__test_lines *lines, ws__test_line *out,
                                       bool *more, ws_error *err);

#endif
