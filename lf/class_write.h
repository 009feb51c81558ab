/* SPDX-License-Identifier: MIT
 *
 * How names and texts from anywhere are written in files of labeling functions. Private
 * to lf.
 */
#ifndef WS_CLASS_WRITE_H
#define WS_CLASS_WRITE_H

#include <weaksup/task.h>

/* Whether Lua takes it for a name: letters, digits and '_', no reserved word. */
bool ws__is_lua_name(ws_text name);

/* "a text" in Lua: quotes, backslashes and what a terminal must not be shown are
 * escaped. */
WS_CHECK ws_status ws__put_lua_string(ws_buffer *out, ws_text text);
/* SPAM, or class["any name"]. */
WS_CHECK ws_status ws__put_lua_class(ws_buffer *out, ws_text name);
/* SPAM, "any name", or the index of the class where its name cannot be written in rules.
 */
WS_CHECK ws_status ws__put_rule_class(ws_buffer *out, const ws_task *task, int32_t label);

#endif
