/* SPDX-License-Identifier: MIT
 *
 * What is said of a call that failed: Lua's message, which the code may have made up, or
 * the limit that it ran into, with the place. Messages are copied out of the state while
 * the error is handled, as there may be no memory for them afterwards.
 */
#include "lua_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int ws__lua_raise(lua_State *L, const ws_error *err) {
  if (err->status == WS_ENOMEM) return ws__lua_nomem(L);
  return luaL_error(L, "%s", err->message);
}

int ws__lua_raise_match(lua_State *L, const ws__regex *regex, int code) {
  ws_error err = WS_ERROR_INIT;
  ws__regex_explain(regex, code, &err);
  if (ws__regex_failure(code) == WS__REGEX_STEPS) ws__lua_of(L)->spent = true;
  return ws__lua_raise(L, &err);
}

int ws__lua_nomem(lua_State *L) {
  ws__lua_of(L)->exhausted = true;
  return luaL_error(L, "out of memory");
}

int ws__lua_position(const char **text) {
  const char *at = *text;
  int line = 0;
  if (strncmp(at, "lua:", 4) != 0) return 0;
  for (at += 4; *at >= '0' && *at <= '9' && line < 100000000; at++)
    line = line * 10 + (*at - '0');
  if (at[0] != ':' || at[1] != ' ') return 0;
  *text = at + 2;
  return line;
}

static int running_line(lua_State *L) {
  lua_Debug at;
  for (int level = 1; level < 50 && lua_getstack(L, level, &at); level++) {
    lua_getinfo(L, "l", &at);
    if (at.currentline > 0) return at.currentline;
  }
  return 0;
}

/* Copies up to MESSAGE_MAX bytes of a message, which may hold anything. */
static void keep_message(ws__lua *lua, const char *text) {
  size_t size = ws__lua_copy(lua->found, MESSAGE_MAX, text);
  if (text[size]) memcpy(lua->found + size, "...", 4);
}

static void explain_overflow(ws__lua *lua) {
  size_t size = strlen(lua->found);
  if (strcmp(lua->found, "stack overflow") == 0 ||
      strcmp(lua->found, "C stack overflow") == 0)
    snprintf(lua->found + size, sizeof lua->found - size,
             ": calls are too deep inside one another (a recursion without end?)");
}

/* It asks Lua for no memory: there may be none. */
int ws__lua_on_error(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  if (lua_type(L, 1) == LUA_TSTRING) {
    const char *text = lua_tostring(L, 1);
    lua->found_line = ws__lua_position(&text);
    keep_message(lua, text);
    explain_overflow(lua);
    ws__lua_explain_missing(lua);
  } else {
    lua->found_line = 0;
    snprintf(lua->found, sizeof lua->found, "raised an error that is no text but a %s",
             luaL_typename(L, 1));
  }
  if (lua->found_line == 0) lua->found_line = running_line(L);
  ws__lua_trace(L);
  return 1;
}

/* Where the message handler was not called, or could not work. */
static void describe(ws__lua *lua, int status) {
  if (status == LUA_ERRMEM || status == LUA_ERRERR) lua->traceback[0] = '\0';
  if (status == LUA_ERRMEM || lua->exhausted) {
    snprintf(lua->found, sizeof lua->found, "needs more than %" PRIu64 " MiB of memory",
             lua->options.memory >> 20);
    lua->exhausted = true;
  } else if (status == LUA_ERRERR) {
    snprintf(lua->found, sizeof lua->found, "stack overflow");
    explain_overflow(lua);
  }
}

static const char *path_of(const ws__lua *lua, size_t file) {
  return ws__files_path(lua->options.files, lua->files[file].file);
}

void ws__fail_in(ws_error *err, const char *file, uint64_t line, const char *name,
                 const char *text) {
  ws_error_set(err, WS_ELF, "%s:%" PRIu64 ": in '%s': %s", file, line, name, text);
}

ws_status ws__lua_fail(const ws__lua *lua, const char *name, uint64_t line,
                       const char *text, ws_error *err) {
  const char *path = path_of(lua, lua->file);
  if (name)
    ws__fail_in(err, path, line, name, text);
  else if (line)
    ws_error_set(err, WS_ELF, "%s:%" PRIu64 ": %s", path, line, text);
  else
    ws_error_set(err, WS_ELF, "%s: %s", path, text);
  return WS_ELF;
}

ws_status ws__lua_protect(ws__lua *lua, int arguments, int results, const char *name,
                          uint64_t line, ws_error *err) {
  lua->found_line = 0;
  lua->traceback[0] = lua->missing[0] = '\0';
  lua->calling = name;
  int status = lua_pcall(lua->L, arguments, results, STACK_HANDLER);
  if (status == LUA_OK && !lua->expired) return WS_OK;
  if (status == LUA_OK) // at the very end of the call
    snprintf(lua->found, sizeof lua->found, "took more than %u ms of CPU time",
             lua->options.cpu_ms);
  describe(lua, status);
  if (lua->compiled_line) line = (uint64_t)lua->compiled_line;
  if (lua->found_line) line = (uint64_t)lua->found_line;
  return ws__lua_fail(lua, name, line, lua->found, err);
}
