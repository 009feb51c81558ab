/* SPDX-License-Identifier: MIT
 *
 * Helpers that take texts apart: sentences, ngrams, count; and clamp, which keeps what
 * was counted within bounds.
 */
#include "lua_priv.h"

#include <string.h>

enum { PASS = 8 }; // bytes for a step

/* --- sentences --- */

/* Bytes of the mark at `at`, one of a list that ends in NULL; 0 where there is none. */
static size_t mark_at(ws_text text, size_t at, const char *const *marks) {
  for (; *marks; marks++) {
    size_t size = strlen(*marks);
    if (text.size - at >= size && memcmp(text.data + at, *marks, size) == 0) return size;
  }
  return 0;
}

static bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Behind the sentence at `from`: marks that end one, then quotes and brackets that close,
 * then a blank or the end of the text; a line end; or a mark that needs no blank. */
static size_t sentence_end(ws_text text, size_t from) {
  static const char *const stops[] = {".", "!", "?", "\xE2\x80\xA6", NULL};
  static const char *const wide[] = {"\xE3\x80\x82", "\xEF\xBC\x81", "\xEF\xBC\x9F",
                                     NULL};
  static const char *const closers[] = {
      ")", "]", "\"", "'", "\xE2\x80\x9D", "\xE2\x80\x99", "\xC2\xBB", NULL};
  for (size_t i = from; i < text.size;) {
    size_t size, start = i;
    bool enough = false;
    if (text.data[i] == '\n') return i + 1;
    while ((size = mark_at(text, i, stops)) || (size = mark_at(text, i, wide))) {
      enough = enough || mark_at(text, i, wide) > 0;
      i += size;
    }
    if (i == start) {
      i++;
      continue;
    }
    while ((size = mark_at(text, i, closers))) i += size;
    if (enough || i == text.size || is_blank(text.data[i])) return i;
  }
  return text.size;
}

/* sentences(s): its sentences, a list, without the blanks around them. */
static int sentences(lua_State *L) {
  ws_text text = ws__lua_check_text(L, 1);
  lua_Integer count = 0;
  ws__lua_spend(ws__lua_of(L), text.size / PASS);
  lua_settop(L, 1);
  lua_newtable(L);
  for (size_t at = 0; at < text.size;) {
    size_t end = sentence_end(text, at), last = end;
    while (at < last && is_blank(text.data[at])) at++;
    while (last > at && is_blank(text.data[last - 1])) last--;
    if (last > at) {
      lua_pushlstring(L, text.data + at, last - at);
      lua_rawseti(L, 2, ++count);
    }
    at = end;
  }
  return 1;
}

/* --- ngrams --- */

/* Pushes items first .. first + size - 1 of the list at 1, a blank between them. */
static void push_joined(lua_State *L, lua_Integer first, lua_Integer size) {
  luaL_Buffer out;
  ws__lua_spend(ws__lua_of(L), (uint64_t)size);
  luaL_buffinit(L, &out);
  for (lua_Integer i = first; i < first + size; i++) {
    if (i > first) luaL_addchar(&out, ' ');
    if (lua_geti(L, 1, i) != LUA_TSTRING)
      luaL_error(L, "ngrams: expected a list of texts, item %d is a %s", (int)i,
                 luaL_typename(L, -1));
    luaL_addvalue(&out);
  }
  luaL_pushresult(&out);
}

/* ngrams(list, n): each run of n items, joined by blanks. */
static int ngrams(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer size = luaL_checkinteger(L, 2), count = luaL_len(L, 1);
  luaL_argcheck(L, size >= 1, 2, "expected 1 or more");
  lua_settop(L, 1);
  lua_newtable(L);
  for (lua_Integer i = 1; i <= count - size + 1; i++) {
    push_joined(L, i, size);
    lua_rawseti(L, 2, i);
  }
  return 1;
}

/* --- count --- */

static lua_Integer count_text(ws_text text, ws_text part) {
  lua_Integer count = 0;
  const char *at = text.data, *end = text.data + text.size;
  while ((size_t)(end - at) >= part.size) {
    at = memchr(at, part.data[0], (size_t)(end - at) - part.size + 1);
    if (!at) break;
    bool found = memcmp(at, part.data, part.size) == 0;
    count += found;
    at += found ? part.size : 1;
  }
  return count;
}

/* count(s, pattern or text): how often it occurs; occurrences do not overlap. */
static int count(lua_State *L) {
  ws_text text = ws__lua_check_text(L, 1);
  const ws__regex *regex = ws__lua_to_pattern(L, 2);
  ws__lua_spend(ws__lua_of(L), text.size / PASS);
  if (regex) {
    lua_pushinteger(L, ws__lua_count_matches(L, text, regex));
    return 1;
  }
  if (lua_type(L, 2) != LUA_TSTRING) luaL_typeerror(L, 2, "pattern or string");
  ws_text part = ws__lua_check_text(L, 2);
  luaL_argcheck(L, part.size > 0, 2, "the text is empty");
  lua_pushinteger(L, count_text(text, part));
  return 1;
}

/* --- clamp --- */

/* clamp(x, low, high): x, or the bound that it lies beyond. */
static int clamp(lua_State *L) {
  for (int i = 1; i <= 3; i++) luaL_checktype(L, i, LUA_TNUMBER);
  luaL_argcheck(L, !lua_compare(L, 3, 2, LUA_OPLT), 3, "it is below the lower bound");
  int which = 1;
  if (lua_compare(L, 1, 2, LUA_OPLT)) which = 2;
  if (lua_compare(L, 3, 1, LUA_OPLT)) which = 3;
  lua_pushvalue(L, which);
  return 1;
}

void ws__lua_open_texts(lua_State *L) {
  static const luaL_Reg functions[] = {{"sentences", sentences},
                                       {"ngrams", ngrams},
                                       {"count", count},
                                       {"clamp", clamp},
                                       {NULL, NULL}};
  for (const luaL_Reg *f = functions; f->name; f++) {
    lua_pushcfunction(L, f->func);
    ws__lua_builtin(L, f->name);
  }
}
