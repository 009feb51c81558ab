/* SPDX-License-Identifier: MIT
 *
 * From what a function returned to a vote. Nothing is converted: what is not plainly a
 * class, or no vote, is an error that says what was found.
 */
#include "lua_priv.h"

#include <string.h>

/* Of what is no class as much as a message can show, without NUL. */
static ws_status refuse_name(const ws_task *task, ws_text name, ws_error *err) {
  char shown[64];
  const char *meant = ws_task_suggest(task, name);
  size_t size = name.size < sizeof shown ? name.size : sizeof shown - 4;
  while (size < name.size && size && ((unsigned char)name.data[size] & 0xC0u) == 0x80u)
    size--;
  for (size_t i = 0; i < size; i++) shown[i] = name.data[i] ? name.data[i] : '?';
  memcpy(shown + size, size < name.size ? "..." : "", size < name.size ? 4 : 1);
  if (!meant) return ws_error_set(err, WS_ELF, "'%s', which is no class", shown);
  return ws_error_set(err, WS_ELF, "'%s', which is no class, did you mean '%s'?", shown,
                      meant);
}

ws_status ws__lua_read_class(lua_State *L, int index, int32_t *label, ws_error *err) {
  const ws_task *task = ws__lua_of(L)->options.task;
  size_t classes = ws_task_classes(task);
  if (lua_isinteger(L, index)) {
    lua_Integer value = lua_tointeger(L, index);
    *label = (int32_t)value;
    if (value >= 0 && (uint64_t)value < classes) return WS_OK;
    return ws_error_set(err, WS_ELF, "%lld, expected a class index from 0 to %zu",
                        (long long)value, classes - 1);
  }
  if (lua_type(L, index) == LUA_TSTRING) {
    ws_text name;
    name.data = lua_tolstring(L, index, &name.size);
    *label = ws_task_find(task, name);
    return *label != WS_ABSTAIN ? WS_OK : refuse_name(task, name, err);
  }
  lua_Integer whole;
  if (lua_type(L, index) == LUA_TNUMBER &&
      lua_numbertointeger(lua_tonumber(L, index), &whole) &&
      (lua_Number)whole == lua_tonumber(L, index) && whole > -1000000 && whole < 1000000)
    return ws_error_set(err, WS_ELF,
                        "the float %.14g.0, expected a class, its name or its index, an "
                        "integer ('//' gives one where '/' gives a float)",
                        lua_tonumber(L, index));
  if (lua_type(L, index) == LUA_TNUMBER)
    return ws_error_set(err, WS_ELF, "%.14g, expected a class, its name or its index",
                        lua_tonumber(L, index));
  return ws_error_set(err, WS_ELF, "a %s, expected a class, its name or its index",
                      luaL_typename(L, index));
}

static bool is_class(lua_State *L, int index) {
  int32_t label;
  ws_error ignored;
  int type = lua_type(L, index);
  return (type == LUA_TNUMBER || type == LUA_TSTRING) &&
         ws__lua_read_class(L, index, &label, &ignored) == WS_OK;
}

/* Whether the value at the top is a list or a set of classes. Asks for no memory: nobody
 * would catch the error. */
static bool is_classes(lua_State *L) {
  int top = lua_gettop(L);
  bool all = lua_type(L, -1) == LUA_TTABLE, any = false;
  if (all && !ws__lua_push_content(L, top)) lua_pushvalue(L, top);
  for (lua_pushnil(L); all && lua_next(L, top + 1); lua_pop(L, 1)) {
    bool set = lua_type(L, -1) == LUA_TBOOLEAN;
    all = is_class(L, set ? -2 : -1);
    any = true;
  }
  lua_settop(L, top);
  return all && any;
}

/* The two values at the top, of which the second is no nil only if the function returned
 * too many. */
static ws_status refuse_several(lua_State *L, const ws__lua_lf *lf, ws_error *err) {
  if (lf->label != WS_ABSTAIN)
    return ws_error_set(err, WS_ELF,
                        "returned two values, expected one: true, or nil for no vote");
  if (is_class(L, -2) && is_class(L, -1))
    return ws_error_set(err, WS_ELF,
                        "returned two classes, but votes for several classes at once "
                        "are not supported yet: return one class");
  return ws_error_set(err, WS_ELF, "returned two values, expected one vote");
}

static ws_status refuse_other_class(const ws__lua *lua, const ws__lua_lf *lf,
                                    int32_t vote, ws_error *err) {
  const ws_task *task = lua->options.task;
  return ws_error_set(err, WS_ELF,
                      "returned '%s', but its label is '%s': expected that class, true, "
                      "or nil for no vote",
                      ws_task_class(task, (size_t)vote).data,
                      ws_task_class(task, (size_t)lf->label).data);
}

/* Most likely `return has(...) and SPAM`, which is false, not nil, where it has not. */
static ws_status refuse_boolean(const ws__lua *lua, bool value, ws_error *err) {
  const char *class = ws_task_class(lua->options.task, 0).data;
  if (value)
    return ws_error_set(err, WS_ELF,
                        "returned true, expected a class: it has no label (lf.NAME = { "
                        "label = %s, run = function(x) ... end } has one)",
                        class);
  return ws_error_set(err, WS_ELF,
                      "returned false, expected a class, or nil for no vote: instead of "
                      "'return test and %s' write 'if test then return %s end'",
                      class, class);
}

/* The vote that the value at the top is, as ws__lua_read_vote gives it. */
static ws_status read_value(ws__lua *lua, const ws__lua_lf *lf, int32_t *vote,
                            ws_error *err) {
  lua_State *L = lua->L;
  if (lua_isnil(L, -1)) return WS_OK;
  if (lua_isinteger(L, -1) && lua_tointeger(L, -1) == WS_ABSTAIN) return WS_OK;
  if (lf->label != WS_ABSTAIN && lua_isboolean(L, -1)) {
    if (lua_toboolean(L, -1)) *vote = lf->label;
    return WS_OK;
  }
  if (lua_isboolean(L, -1)) return refuse_boolean(lua, lua_toboolean(L, -1), err);
  ws_error why; // filled where it fails
  int32_t class;
  if (ws__lua_read_class(L, -1, &class, &why) == WS_OK) {
    if (lf->label != WS_ABSTAIN && lf->label != class)
      return refuse_other_class(lua, lf, class, err);
    *vote = class;
    return WS_OK;
  }
  if (is_classes(L))
    return ws_error_set(err, WS_ELF,
                        "returned a table of classes, but votes for several classes at "
                        "once are not supported yet: return one class");
  return ws_error_set(err, WS_ELF, "returned %s", why.message);
}

ws_status ws__lua_read_vote(ws__lua *lua, const ws__lua_lf *lf, int32_t *vote,
                            ws_error *err) {
  *vote = WS_ABSTAIN;
  if (!lua_isnil(lua->L, -1)) return refuse_several(lua->L, lf, err);
  lua_pop(lua->L, 1);
  return read_value(lua, lf, vote, err);
}
