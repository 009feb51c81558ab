/* SPDX-License-Identifier: MIT
 *
 * What is noted of a traced call of a Lua function. Errors must not be raised here: the
 * call goes on as it does without tracing.
 */
#include "lua_priv.h"

#include <stdio.h>
#include <string.h>

void ws__lua_set_trace(ws__lua *lua, ws__trace *trace) {
  lua->trace = trace;
}

void ws__lua_trace_match(ws__lua *lua, ws_match_by by, ws_text text, size_t start,
                         size_t end) {
  const ws__subject *subject = lua->options.subject;
  ws__trace_match(lua->trace, subject->fields, subject->text, by, text, start, end);
}

void ws__lua_trace_derived(ws__lua *lua, const char *name) {
  ws__trace *trace = lua->trace;
  if (trace->derived_count == WS__TRACE_DERIVED || strlen(name) >= WS__TRACE_NAME) return;
  for (size_t i = 0; i < trace->derived_count; i++)
    if (strcmp(trace->derived[i], name) == 0) return;
  memcpy(trace->derived[trace->derived_count++], name, strlen(name) + 1);
}
