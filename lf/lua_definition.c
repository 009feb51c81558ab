/* SPDX-License-Identifier: MIT
 *
 * What may be assigned to lf.NAME: a function, a keyword list, or a table of options
 * around a function, a keyword list or a pattern:
 *   lf.NAME = { label = CLASS, field = "title", prior = 0.9, run = ... }
 */
#include "lua_priv.h"

#include <stdarg.h>
#include <string.h>

static const char *const keys[] = {"field", "label", "prior", "run"};
enum { KEYS = sizeof keys / sizeof *keys };

const char *ws__lua_type_text(lua_State *L) {
  switch (lua_type(L, -1)) {
  case LUA_TNIL:
    return "nothing";
  case LUA_TBOOLEAN:
    return "a boolean";
  case LUA_TNUMBER:
    return "a number";
  case LUA_TSTRING:
    return "a string";
  case LUA_TTABLE:
    return "a table";
  default:
    return "a function";
  }
}

/* "a number", "a pattern", ... of the value at the top. */
static const char *found(lua_State *L) {
  int32_t label;
  if (ws__lua_to_keywords(L, -1, &label)) return "keywords(...)";
  if (ws__lua_to_pattern(L, -1)) return "a pattern";
  return lua_iscfunction(L, -1) ? "a function that is not of this file"
                                : ws__lua_type_text(L);
}

/* Raises an error about the labeling function. */
static void refuse(lua_State *L, const ws__lua_lf *lf, const char *format, ...) {
  va_list args;
  lua_pushfstring(L, "lua:%d: lf.%s: ", (int)lf->line, lf->name);
  va_start(args, format);
  lua_pushvfstring(L, format, args);
  va_end(args);
  lua_concat(L, 2);
  lua_error(L);
}

/* --- where it begins --- */

static bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '_' || c == '.';
}

/* Whether "lf.NAME =" stands at `at`. */
static bool assigns(ws_text source, size_t at, ws_text name) {
  size_t left = source.size - at, size = name.size + 3;
  const char *text = source.data + at;
  if (left < size + 2 || memcmp(text, "lf.", 3) != 0 ||
      memcmp(text + 3, name.data, name.size) != 0 || (at && is_name_byte(text[-1])))
    return false;
  while (size < left && (text[size] == ' ' || text[size] == '\t')) size++;
  return size + 1 < left && text[size] == '=' && text[size + 1] != '=';
}

/* Where the line ends that is called `line`; keeps the place, as lines come in order. */
static size_t line_end(ws__lua *lua, uint64_t line) {
  ws_text source = lua->source;
  if (line < lua->line) lua->line_at = 0, lua->line = 1;
  while (lua->line <= line && lua->line_at < source.size) {
    const char *from = source.data + lua->line_at;
    const char *stop = memchr(from, '\n', source.size - lua->line_at);
    if (lua->line == line) return stop ? (size_t)(stop - source.data) : source.size;
    lua->line_at = stop ? (size_t)(stop - source.data) + 1 : source.size;
    lua->line++;
  }
  return source.size;
}

void ws__lua_find_start(ws__lua *lua, ws_text name, ws__lua_lf *lf) {
  enum { FARTHEST = 16 << 10 };
  size_t end = line_end(lua, lf->line);
  uint64_t line = lf->line;
  for (size_t at = end; at > 0 && end - at < FARTHEST && line > 0;) {
    at--;
    if (lua->source.data[at] == '\n') line--;
    if (lua->source.data[at] != 'l' || !assigns(lua->source, at, name)) continue;
    lf->line = line;
    return;
  }
}

/* --- the table of options, at the top --- */

static bool is_key(const char *name) {
  for (size_t i = 0; i < KEYS; i++)
    if (strcmp(keys[i], name) == 0) return true;
  return false;
}

/* The first key, in byte order, that is no option; raises an error for one without a
 * name. */
static const char *find_unknown(lua_State *L, const ws__lua_lf *lf) {
  const char *unknown = NULL;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING)
      refuse(L, lf,
             "expected options with names, such as 'run = function(x) ... "
             "end', found %s without one",
             found(L));
    const char *key = lua_tostring(L, -2);
    if (!is_key(key) && (!unknown || strcmp(key, unknown) < 0)) unknown = key;
  }
  return unknown;
}

static void check_keys(lua_State *L, const ws__lua_lf *lf) {
  const char *unknown = find_unknown(L, lf);
  if (!unknown) return;
  const char *meant = ws_suggest(ws_text_of(unknown), keys, KEYS);
  if (meant) refuse(L, lf, "unknown option '%s', did you mean '%s'?", unknown, meant);
  refuse(L, lf, "unknown option '%s', expected label, field, prior or run", unknown);
}

static void read_label(lua_State *L, ws__lua_lf *lf) {
  ws_error err = WS_ERROR_INIT;
  lua_getfield(L, -1, "label");
  if (!lua_isnil(L, -1) && ws__lua_read_class(L, -1, &lf->label, &err) != WS_OK)
    refuse(L, lf, "label is %s", err.message);
  lua_pop(L, 1);
}

/* "text" is the task's text field, as in x.text. */
static void read_field(lua_State *L, ws__lua_lf *lf) {
  ws_text field;
  lua_getfield(L, -1, "field");
  if (!lua_isnil(L, -1)) {
    if (lua_type(L, -1) != LUA_TSTRING)
      refuse(L, lf, "field: expected the name of a field, found %s", found(L));
    field.data = lua_tolstring(L, -1, &field.size);
    if (field.size == 0 || !ws_utf8_valid(field))
      refuse(L, lf, "field: expected the name of a field, found %s",
             field.size ? "a text that is not valid UTF-8" : "an empty one");
    const char *hidden = ws__lua_hidden(L, field);
    if (hidden)
      refuse(L, lf,
             "field: '%s' is the record's %s, which a generated file does not "
             "see",
             field.data, hidden);
    if (!ws_text_equals(field, "text") &&
        ws_arena_text(&ws__lua_of(L)->arena, field, &lf->field) != WS_OK)
      ws__lua_nomem(L);
  }
  lua_pop(L, 1);
}

static void read_prior(lua_State *L, ws__lua_lf *lf) {
  lua_getfield(L, -1, "prior");
  if (!lua_isnil(L, -1)) {
    if (lua_type(L, -1) != LUA_TNUMBER)
      refuse(L, lf, "prior: expected a number above 0 and below 1, found %s", found(L));
    lf->prior = lua_tonumber(L, -1);
    if (!(lf->prior > 0 && lf->prior < 1))
      refuse(L, lf, "prior: expected a number above 0 and below 1, found %s",
             lua_tostring(L, -1));
  }
  lua_pop(L, 1);
}

/* --- what it runs, at the top --- */

static void take_keywords(lua_State *L, int32_t label, ws__lua_lf *lf) {
  const ws_task *task = ws__lua_of(L)->options.task;
  if (lf->label != WS_ABSTAIN && lf->label != label)
    refuse(L, lf, "label is '%s', but its keywords vote for '%s'",
           ws_task_class(task, (size_t)lf->label).data,
           ws_task_class(task, (size_t)label).data);
  lf->label = label;
}

static void take_run(lua_State *L, bool options, ws__lua_lf *lf) {
  int32_t label;
  lf->keywords = ws__lua_to_keywords(L, -1, &label);
  lf->regex = ws__lua_to_pattern(L, -1);
  if (lf->keywords) {
    take_keywords(L, label, lf);
  } else if (lf->regex) {
    if (lf->label == WS_ABSTAIN)
      refuse(L, lf,
             "a pattern votes for no class by itself, expected { label = "
             "CLASS, run = rx(...) }");
    ws__lua_pattern_source(L, -1, &lf->pattern, &lf->flags);
  } else if (lua_type(L, -1) != LUA_TFUNCTION || lua_iscfunction(L, -1)) {
    refuse(L, lf,
           options ? "run: expected a function, keywords(...) or rx(...), found %s"
                   : "expected a function, keywords(...) or a table of options, found %s",
           found(L));
  }
}

void ws__lua_read_definition(lua_State *L, ws__lua_lf *lf) {
  bool options = lua_type(L, -1) == LUA_TTABLE;
  lua_pushvalue(L, -1);
  if (options) {
    if (ws__lua_push_content(L, lua_gettop(L))) lua_remove(L, -2);
    check_keys(L, lf);
    read_label(L, lf);
    read_field(L, lf);
    read_prior(L, lf);
    lua_getfield(L, -1, "run");
    lua_remove(L, -2);
  }
  take_run(L, options, lf);
}
