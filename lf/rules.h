/* SPDX-License-Identifier: MIT
 *
 * The language of *.rules files: one labeling function a line. Private to lf.
 */
#ifndef WS_RULES_H
#define WS_RULES_H

#include <weaksup/task.h>

typedef struct ws__rule {
  ws_text name;
  int32_t label;
  ws_text field;   // that is matched; {NULL, 0}: the text field
  ws_text pattern; // {NULL, 0}: it is a list
  ws_text flags;   // of the pattern
  ws_text list;    // the name of a file of words
  uint64_t line;   // from 1
  ws_text rest;    // of the line, from the pattern or the name of the list on
  ws_text whole;   // line
} ws__rule;

typedef struct ws__rules {
  const char *path; // for messages
  const ws_task *task;
  ws_text text; // valid UTF-8; rules borrow from it
  size_t position;
  uint64_t line;
} ws__rules;

/* The next rule: start from {path, task, text}. *more is false at the end. WS_ELF with
 * path:line:column, columns counting characters, what was expected and what was found. */
WS_CHECK ws_status ws__rules_next(ws__rules *rules, ws__rule *out, bool *more,
                                  ws_error *err);

/* The next line, whatever it holds, without its end and the blanks there; false behind
 * the last one. */
bool ws__rules_line(ws__rules *rules, ws_text *line);
/* The column, from 1, of the byte at `at`. */
size_t ws__column_of(ws_text line, size_t at);

/* Puts "path:line:column: " in front of a message about the byte at `offset` of
 * rule->rest. */
void ws__rule_locate(const ws__rules *rules, const ws__rule *rule, size_t offset,
                     ws_error *err);

/* The form that names of labeling functions and derived fields have:
 * [A-Za-z_][A-Za-z0-9_.-]*, at most 200 bytes. */
bool ws__is_lf_name(ws_text name);

#endif
