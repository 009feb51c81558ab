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

/* The labeling function that begins at a line of the file at hand, or NULL. */
static const char *lf_at_line(const ws__lua *lua, int line) {
  for (size_t i = 0; i < lua->lf_count; i++)
    if (lua->lfs[i].file == lua->file && lua->lfs[i].line == (uint64_t)line)
      return lua->lfs[i].name;
  return NULL;
}

/* What a function is called where it is called; of derived fields, which nobody calls by
 * a name, only where they begin is known. */
static void name_function(const ws__lua *lua, const lua_Debug *at, char *out,
                          size_t size) {
  const char *name = at->name ? at->name : lf_at_line(lua, at->linedefined);
  if (name)
    snprintf(out, size, "in '%.80s'", name);
  else
    snprintf(out, size, "in the function at line %d", at->linedefined);
}

void ws__lua_trace_stack(ws__lua *lua, lua_State *L) {
  ws__trace *trace = lua->trace;
  const char *path = ws__files_path(lua->options.files, lua->files[lua->file].file);
  lua_Debug at;
  trace->stack_count = 0;
  for (int level = 1; trace->stack_count < WS__TRACE_STACK && lua_getstack(L, level, &at);
       level++) {
    char name[100], *line = trace->stack[trace->stack_count];
    lua_getinfo(L, "Sln", &at);
    bool ours = *at.what == 'C';
    if (ours && (!at.name || strcmp(at.name, "error") == 0)) continue;
    name_function(lua, &at, name, sizeof name);
    if (ours)
      snprintf(line, WS__TRACE_LINE, "%s", name);
    else
      snprintf(line, WS__TRACE_LINE, "%.*s:%d: %s", 80, path, at.currentline, name);
    trace->stack_count++;
  }
}
