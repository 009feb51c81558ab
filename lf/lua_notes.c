/* SPDX-License-Identifier: MIT
 *
 * What a user should know about a file that loads all the same: a function or list that
 * nothing uses, most likely for want of the "lf." before its name; a class that hides a
 * function; a backspace in a pattern.
 */
#include "lua_priv.h"

#include <limits.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "rules.h"

enum {
  UNUSED_MAX = 20,    // that are named, of a file
  FILE_NOTES_MAX = 50 // of a file, on its lines
};

/* --- notes --- */

/* Whether a note belongs behind the text of a line of the same file. */
static bool is_behind(const ws__lua_note *note, uint64_t line, const char *text) {
  if (note->line != line) return note->line > line;
  return line > 0 && strcmp(note->text, text) > 0;
}

/* Makes room for a note about a line of the file that is loaded; false: it is there, or
 * the file has enough that come before it. Whatever the order in which they are found,
 * the same ones stay. */
static bool make_room(ws__lua *lua, size_t file, uint64_t line, const char *text,
                      size_t *at) {
  size_t start = lua->note_count;
  while (start && lua->notes[start - 1].file == file && lua->notes[start - 1].line)
    start--;
  size_t i = lua->note_count;
  while (line && i > start && is_behind(&lua->notes[i - 1], line, text)) i--;
  if (line && i > start && lua->notes[i - 1].line == line &&
      strcmp(lua->notes[i - 1].text, text) == 0)
    return false;
  if (lua->note_count - start >= FILE_NOTES_MAX) {
    if (i == lua->note_count) return false;
    lua->note_count--;
  }
  *at = i;
  return true;
}

void ws__lua_add_note(lua_State *L, int line) {
  ws__lua *lua = ws__lua_of(L);
  size_t file = lua->files[lua->file].file, at;
  ws_text text, kept;
  text.data = lua_tolstring(L, -1, &text.size);
  if (make_room(lua, file, (uint64_t)line, text.data, &at)) {
    if (ws_arena_text(&lua->arena, text, &kept) != WS_OK ||
        !ws_grow(&lua->notes, &lua->note_capacity, lua->note_count + 1,
                 sizeof *lua->notes))
      ws__lua_nomem(L);
    memmove(lua->notes + at + 1, lua->notes + at,
            (lua->note_count - at) * sizeof *lua->notes);
    lua->notes[at] = (ws__lua_note){file, (uint64_t)line, kept.data};
    lua->note_count++;
  }
  lua_pop(L, 1);
}

void ws__lua_note_backspace(lua_State *L, int line, ws_text pattern) {
  if (!memchr(pattern.data, '\b', pattern.size)) return;
  lua_pushliteral(L, "the pattern holds a backspace, which is what \"\\b\" is in Lua: "
                     "write [[\\b]] or \"\\\\b\"");
  ws__lua_add_note(L, line);
}

const ws__lua_note *ws__lua_notes(const ws__lua *lua, size_t *count) {
  *count = lua->note_count;
  return lua->notes;
}

/* --- classes --- */

void ws__lua_note_classes(lua_State *L, int names) {
  ws__lua *lua = ws__lua_of(L);
  const ws_task *task = lua->options.task;
  if (lua->noted_classes) return;
  lua->noted_classes = true;
  for (size_t k = 0; k < ws_task_classes(task); k++) {
    const char *name = ws_task_class(task, k).data;
    bool hides = lua_getfield(L, names, name) != LUA_TNIL;
    lua_pop(L, 1);
    if (!hides) continue;
    lua_pushfstring(L,
                    "the class '%s' hides the function or library of that name in .lua "
                    "files",
                    name);
    ws__lua_add_note(L, 0);
  }
}

/* --- what nothing uses --- */

/* A key of the registry: the lines in which globals were assigned, by their names. */
static const char lines_key;

void ws__lua_keep_line(lua_State *L, int name, uint64_t line) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &lines_key) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lines_key);
  }
  lua_pushvalue(L, name);
  lua_pushinteger(L, (lua_Integer)line);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

/* Whether the table at the top looks like the options of a labeling function. */
static bool has_run(lua_State *L) {
  if (!ws__lua_push_content(L, lua_gettop(L))) return false;
  lua_pushliteral(L, "run");
  int type = lua_rawget(L, -2);
  lua_pop(L, 2);
  return type == LUA_TFUNCTION || type == LUA_TUSERDATA;
}

/* What the value at the top is, if it could be a labeling function. */
static const char *kind_of(lua_State *L) {
  int32_t label;
  if (lua_type(L, -1) == LUA_TFUNCTION) return lua_iscfunction(L, -1) ? NULL : "function";
  if (ws__lua_to_keywords(L, -1, &label)) return "keyword list";
  if (ws__lua_to_pattern(L, -1)) return "pattern";
  return has_run(L) ? "table" : NULL;
}

/* Where the value at the top begins, of which the name lies below it. */
static int line_of(lua_State *L) {
  lua_Debug at;
  if (lua_type(L, -1) == LUA_TFUNCTION) {
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &at);
    return at.linedefined;
  }
  int line = 0;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &lines_key) == LUA_TTABLE) {
    lua_pushvalue(L, -3);
    lua_rawget(L, -2);
    line = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return line;
}

typedef struct unused {
  const char *name, *kind;
  int line;
} unused;

/* The first global of the file behind another one, by line and name, that could be a
 * labeling function and that nothing reads; no name where there is none. */
static unused find_unused(lua_State *L, int names, int read, unused after) {
  unused found = {.line = INT_MAX};
  for (lua_pushnil(L); lua_next(L, names); lua_pop(L, 1)) {
    const char *kind = kind_of(L);
    if (!kind || lua_type(L, -2) != LUA_TSTRING) continue;
    const char *name = lua_tostring(L, -2);
    if (!ws__is_lf_name(ws_text_of(name))) continue;
    int at = line_of(L);
    if (at < after.line || at > found.line) continue;
    if (at == after.line && strcmp(name, after.name) <= 0) continue;
    if (at == found.line && found.name && strcmp(name, found.name) > 0) continue;
    lua_pushvalue(L, -2);
    bool is_read = lua_rawget(L, read) != LUA_TNIL;
    lua_pop(L, 1);
    if (!is_read) found = (unused){name, kind, at};
  }
  return found;
}

void ws__lua_note_unused(lua_State *L, int names, int read, bool defines) {
  unused at = {.name = "", .line = 0};
  for (int i = 0; i < UNUSED_MAX; i++) {
    at = find_unused(L, names, read, at);
    if (!at.name) break;
    bool function = strcmp(at.kind, "function") == 0;
    lua_pushfstring(L, "nothing uses the %s '%s'%s: did you mean '%slf.%s%s'?", at.kind,
                    at.name, defines ? "" : ", and the file defines no labeling function",
                    function ? "function " : "", at.name, function ? "(x)" : " = ...");
    if (!defines) luaL_error(L, "lua:%d: %s", at.line, lua_tostring(L, -1));
    ws__lua_add_note(L, at.line);
  }
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &lines_key);
}
