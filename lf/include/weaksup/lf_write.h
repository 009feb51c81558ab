/* SPDX-License-Identifier: MIT
 *
 * How names and texts from anywhere are written in files of labeling functions: whatever
 * they hold, they are read as that name or text and nothing else, and a terminal can be
 * shown the file. All return WS_ENOMEM or WS_OK, and add to `out`, which holds part of it
 * where there was no memory.
 */
#ifndef WEAKSUP_LF_WRITE_H
#define WEAKSUP_LF_WRITE_H

#include <weaksup/task.h>

WS_BEGIN_DECLS

/* Whether Lua takes the text for a name: ASCII letters, digits and '_', no digit in
 * front, and no reserved word. */
WS_API bool ws_lf_is_name(ws_text text);

/* "a text" in Lua: in double quotes; a quote, a backslash and every byte of what a
 * terminal must not be shown (ws_text_clean) are escaped. */
WS_API WS_CHECK ws_status ws_lf_put_string(ws_buffer *out, ws_text text);

/* A class in Lua: SPAM, or class["any name"] where its name is no name of Lua's, or
 * stands for something else in a file of labeling functions. `locals`, NULL at its end,
 * are the names that the code around has taken; NULL: none. */
WS_API WS_CHECK ws_status ws_lf_put_class(ws_buffer *out, ws_text name,
                                          const char *const *locals);

/* The class `label` (0 to ws_task_classes - 1) in a file of rules: SPAM, "any name", or
 * its index where its name cannot be written there; zeros stand in front of an index that
 * is the name of another class. */
WS_API WS_CHECK ws_status ws_lf_put_rule_class(ws_buffer *out, const ws_task *task,
                                               int32_t label);

/* The same as a test (@test "text" -> CLASS) names it, where any text that a terminal can
 * be shown is written as a JSON string. */
WS_API WS_CHECK ws_status ws_lf_put_test_class(ws_buffer *out, const ws_task *task,
                                               int32_t label);

WS_END_DECLS

#endif
