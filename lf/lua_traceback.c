/* SPDX-License-Identifier: MIT
 *
 * Which Lua functions were running where an error was raised: on one line, the innermost
 * first, without C functions and addresses. It is written while the error is on its way,
 * by the message handler, into memory of ours: Lua may have none left.
 */
#include "lua_priv.h"

#include <stdio.h>
#include <string.h>

enum {
  LEVELS_MAX = 100, // C functions included
  NAME_MAX_SHOWN = 60,
};

size_t ws__lua_copy(char *out, size_t most, const char *text) {
  size_t size = strlen(text);
  if (size > most)
    for (size = most; size && ((unsigned char)text[size] & 0xC0u) == 0x80u;) size--;
  memcpy(out, text, size);
  out[size] = '\0';
  return size;
}

/* One function, "lfs/a.lua:3: in 'helper'". The outermost is the labeling function; of
 * others Lua may not know a name. */
static int print_frame(const ws__lua *lua, const lua_Debug *at, bool outermost, char *out,
                       size_t size) {
  const char *path = ws__files_path(lua->options.files, lua->files[lua->file].file);
  const char *known = outermost && lua->calling ? lua->calling : at->name;
  char name[NAME_MAX_SHOWN + 1];
  if (known) {
    ws__lua_copy(name, NAME_MAX_SHOWN, known);
    return snprintf(out, size, "%s:%d: in '%s'", path, at->currentline, name);
  }
  if (at->what[0] == 'm') // "main": the file itself
    return snprintf(out, size, "%s:%d", path, at->currentline);
  return snprintf(out, size, "%s:%d: in the function of line %d", path, at->currentline,
                  at->linedefined);
}

/* Finds the next Lua function from *level on. */
static bool find_frame(lua_State *L, int *level, lua_Debug *out) {
  for (; *level < LEVELS_MAX && lua_getstack(L, *level, out); ++*level) {
    lua_getinfo(L, "Sl", out);
    if (out->what[0] == 'C' || out->currentline <= 0) continue;
    lua_getinfo(L, "n", out);
    ++*level;
    return true;
  }
  return false;
}

/* Adds one, or "..." where it does not fit; false there. */
static bool add_frame(ws__lua *lua, const lua_Debug *at, bool outermost, size_t *size) {
  static const char more[] = "; ...";
  char text[WS__TRACEBACK];
  int length = print_frame(lua, at, outermost, text, sizeof text);
  size_t room = WS__TRACEBACK - *size - sizeof more, need = (size_t)length + 2;
  bool fits = length > 0 && (size_t)length < sizeof text && need <= room;
  *size += (size_t)snprintf(lua->traceback + *size, WS__TRACEBACK - *size, "%s%s",
                            *size ? "; " : "", fits ? text : "...");
  return fits;
}

void ws__lua_trace(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  lua_Debug at, next;
  int level = 0;
  size_t size = 0, frames = 0;
  lua->traceback[0] = '\0';
  bool found = find_frame(L, &level, &at);
  while (found && frames++ < FRAMES_MAX) {
    found = find_frame(L, &level, &next);
    if (!add_frame(lua, &at, !found && level < LEVELS_MAX, &size)) return;
    at = next;
  }
  if (found) snprintf(lua->traceback + size, WS__TRACEBACK - size, "; ...");
}
