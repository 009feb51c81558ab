/* SPDX-License-Identifier: MIT
 *
 * Local functions that nothing uses, most likely labeling functions for want of the "lf."
 * before the name. A local leaves no trace once the file has run, so its text is looked
 * at: a function whose name stands in the file once, outside of strings and comments, is
 * used by nothing.
 */
#include "lua_priv.h"

#include <string.h>

#include "source_place.h"

enum { LOCALS_MAX = 1000 }; // of a file that are looked at

typedef struct words {
  ws_text source;
  ws__source_place place;
  size_t counted; // bytes whose line ends are in `line`
  uint64_t line;  // of the last word
} words;

static bool next_word(words *w, ws_text *word) {
  if (!ws__source_next_word(&w->place, w->source, word)) return false;
  size_t at = (size_t)(word->data - w->source.data);
  for (; w->counted < at; w->counted++) w->line += w->source.data[w->counted] == '\n';
  return true;
}

/* Functions inside of others are indented: those could be no labeling functions. The last
 * byte of a mark of byte order may stand in front. */
static bool begins_line(const words *w, ws_text word) {
  size_t at = (size_t)(word.data - w->source.data);
  return at == 0 || memchr("\n\r\xBF", w->source.data[at - 1], 3);
}

/* Sets lines[NAME] to the line of each "local function NAME"; returns how many. */
static size_t collect(lua_State *L, int lines) {
  words w = {.source = ws__lua_of(L)->source, .line = 1};
  ws_text word;
  size_t count = 0;
  int step = 0; // 1 behind "local", 2 behind "local function"
  while (count < LOCALS_MAX && next_word(&w, &word)) {
    if (step == 2 && *word.data != '_') { // by custom the name of what is not used
      lua_pushlstring(L, word.data, word.size);
      lua_pushinteger(L, (lua_Integer)w.line);
      lua_rawset(L, lines);
      count++;
    }
    if (step == 1 && ws_text_equals(word, "function"))
      step = 2;
    else
      step = ws_text_equals(word, "local") && begins_line(&w, word);
  }
  return count;
}

/* Takes out of `lines` what occurs a second time; `seen` is what occurred. */
static void drop_used(lua_State *L, int lines, int seen) {
  words w = {.source = ws__lua_of(L)->source, .line = 1};
  for (ws_text word; next_word(&w, &word); lua_settop(L, seen)) {
    lua_pushlstring(L, word.data, word.size);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, lines) == LUA_TNIL) continue;
    lua_pushvalue(L, -2);
    bool again = lua_rawget(L, seen) != LUA_TNIL;
    lua_pushvalue(L, seen + 1);
    if (again)
      lua_pushnil(L);
    else
      lua_pushboolean(L, true);
    lua_rawset(L, again ? lines : seen);
  }
}

void ws__lua_note_locals(lua_State *L) {
  lua_newtable(L);
  lua_newtable(L);
  int seen = lua_gettop(L), lines = seen - 1;
  if (collect(L, lines)) drop_used(L, lines, seen);
  for (lua_pushnil(L); lua_next(L, lines); lua_pop(L, 1)) {
    const char *name = lua_tostring(L, -2);
    lua_pushfstring(
        L, "nothing uses the local function '%s': did you mean 'function lf.%s(x)'?",
        name, name);
    ws__lua_add_note(L, (int)lua_tointeger(L, -2));
  }
  lua_settop(L, lines - 1);
}
