/* SPDX-License-Identifier: MIT
 *
 * x, the record as labeling functions see it.
 *
 * x itself is always empty, so that no assignment can stick; its metatable leads to a
 * table which is filled with the fields that were asked for. Reading a field again is
 * then Lua's own work, without a call into C. The table is emptied for the next record.
 *
 * The real fields are shared by all files; a file with derived fields has a second table
 * in front of it.
 */
#include "lua_priv.h"

#include <string.h>

#include "generated.h"

static const char record_key, caches_key, views_key,
    subject_key; // of the registry and of metatables

/* --- values --- */

static void push_items(lua_State *L, ws_value value) {
  ws_value_iter it = ws_value_each(value);
  ws_text key;
  ws_value item;
  luaL_checkstack(L, 10, NULL);
  lua_newtable(L);
  for (lua_Integer i = 1; ws_value_next(&it, &key, &item); i++) {
    if (key.data)
      lua_pushlstring(L, key.data, key.size);
    else
      lua_pushinteger(L, i);
    ws__lua_push_value(L, item);
    lua_rawset(L, -3);
  }
}

/* Arrays and objects become read-only tables; null is nil. JSON's depth is limited. */
void ws__lua_push_value(lua_State *L, ws_value value) {
  ws_text text;
  switch (ws_value_type(value)) {
  case WS_NULL:
    lua_pushnil(L);
    break;
  case WS_BOOL:
    lua_pushboolean(L, ws_value_bool(value));
    break;
  case WS_INT:
    lua_pushinteger(L, ws_value_int(value));
    break;
  case WS_DOUBLE:
    lua_pushnumber(L, ws_value_number(value));
    break;
  case WS_STRING:
    text = ws_value_text(value);
    lua_pushlstring(L, text.data, text.size);
    break;
  case WS_ARRAY:
  case WS_OBJECT:
    push_items(L, value);
    ws__lua_view(L);
    break;
  }
}

/* --- real fields --- */

/* Pushes the text, or its lower case. */
static void push_text(lua_State *L, bool lower) {
  ws__lua *lua = ws__lua_of(L);
  ws_text text = lua->options.subject->text;
  if (lower && ws__subject_lower(lua->options.subject, &text) != WS_OK) ws__lua_nomem(L);
  if (!text.data) {
    lua_pushnil(L);
    return;
  }
  lua_pushlstring(L, text.data, text.size);
}

/* __index of the shared table: (table, key). */
static int fill(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  ws_text name;
  name.data = lua_tolstring(L, 2, &name.size);
  bool lower = ws_text_equals(name, "lower"), text = ws_text_equals(name, "text");
  if (lower || text)
    push_text(L, lower);
  else
    ws__lua_push_value(L, ws_value_get(lua->options.subject->fields, name));
  if (lua_isnil(L, -1)) {
    ws__lua_note_missing(lua, name);
    return 1;
  }
  lua->dirty = true;
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, 1);
  // Known to be valid UTF-8 as long as the table keeps it: had that failed, another
  // string could come to lie in its place.
  if (lower || text) lua->valid[lower] = lua_tostring(L, -1);
  return 1;
}

/* --- derived fields --- */

/* Computes derived field i, whose name is argument 2, and pushes it. Upvalue 1 is the
 * table of the file's derived fields. */
static void push_derived(lua_State *L, size_t i) {
  ws__lua *lua = ws__lua_of(L);
  size_t file = lua->file;
  unsigned char *state = &lua->files[file].state[i];
  ws_text name;
  name.data = lua_tolstring(L, 2, &name.size);
  lua->dirty = lua->files[file].dirty = true;
  if (lua->trace) ws__lua_trace_derived(lua, name.data);
  if (*state == DERIVED_DONE) { // with nil: other values are found in the table
    lua_pushnil(L);
    return;
  }
  if (*state == DERIVED_RUNNING)
    luaL_error(L, "the derived field '%s' needs itself", name.data);
  if (ws_value_get(lua->options.subject->fields, name).at)
    luaL_error(L, "the derived field '%s' has the name of a field of the record",
               name.data);
  *state = DERIVED_RUNNING;
  lua_file *of = &lua->files[file];
  of->outer_steps[of->running_count] = lua->steps;
  of->running[of->running_count++] = (unsigned short)i;
  lua->steps = lua->options.steps; // whichever labeling function comes first
  lua_rawgeti(L, lua_upvalueindex(1), (lua_Integer)i + 1);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_subjects);
  lua_rawgeti(L, -1, (lua_Integer)file + 1);
  lua_remove(L, -2);
  lua_call(L, 1, 1);
  ws__lua_view_deep(L);
  lua->steps = of->outer_steps[--of->running_count];
  *state = DERIVED_DONE;
}

const char *ws__lua_hidden(lua_State *L, ws_text name) {
  const ws__lua *lua = ws__lua_of(L);
  bool sees = !lua->files[lua->file].generated || ws_text_equals(name, "text") ||
              ws_text_equals(name, "lower");
  return sees ? NULL : ws__hidden(lua->options.task, lua->options.id_field, name);
}

/* __index of a file's own table: (table, key). */
static int fill_own(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  ws_text name;
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  name.data = lua_tolstring(L, 2, &name.size);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNUMBER) {
    push_derived(L, (size_t)lua_tointeger(L, -1) - 1);
  } else if (ws__lua_hidden(L, name)) {
    return 0;
  } else {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &record_key);
    lua_pushvalue(L, 2);
    lua_gettable(L, -2);
  }
  if (lua_isnil(L, -1)) return 1;
  lua->dirty = lua->files[lua->file].dirty = true;
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, 1);
  return 1;
}

/* --- another field in the place of the text --- */

/* Pushes the text of field upvalue 1, or its lower case. Only those are called that find
 * a string there. */
static void push_field_text(lua_State *L, bool lower) {
  ws__lua *lua = ws__lua_of(L);
  ws_text name, text = {"", 0};
  name.data = lua_tolstring(L, lua_upvalueindex(1), &name.size);
  ws_value value = ws_value_get(lua->options.subject->fields, name);
  if (ws_value_is(value, WS_STRING)) text = ws_value_text(value);
  if (lower) {
    lua->scratch.size = 0;
    if (ws__lower(text, &lua->scratch) != WS_OK) ws__lua_nomem(L);
    text = ws_buffer_as_text(&lua->scratch);
  }
  lua_pushlstring(L, text.size ? text.data : "", text.size);
}

/* __index of the table of an x that looks at a field: (table, key). Upvalues: the name of
 * the field, the table that x of the file leads to. */
static int fill_view(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  ws_text name;
  name.data = lua_tolstring(L, 2, &name.size);
  bool lower = ws_text_equals(name, "lower");
  if (lower || ws_text_equals(name, "text")) {
    push_field_text(L, lower);
  } else {
    lua_pushvalue(L, 2);
    lua_gettable(L, lua_upvalueindex(2));
  }
  if (lua_isnil(L, -1)) return 1;
  lua->dirty = lua->views_dirty = true;
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, 1);
  return 1;
}

/* --- x --- */

static int refuse_write(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING)
    return luaL_error(L, "a record is read-only (field '%s')", lua_tostring(L, 2));
  return luaL_error(L, "a record is read-only");
}

void ws__lua_open_record(lua_State *L) {
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, fill);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &record_key);
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &caches_key);
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &views_key);
}

/* Pushes the table that x of the file leads to. */
static void push_cache(lua_State *L, const lua_file *file, int derived) {
  if (file->derived == 0 && !file->generated) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &record_key);
    return;
  }
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, derived);
  lua_pushcclosure(L, fill_own, 1);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
}

static lua_Integer number_of(lua_State *L, const lua_file *file) {
  return (lua_Integer)(file - ws__lua_of(L)->files) + 1;
}

/* Replaces the table at the top, which is filled from the record, by an x that leads to
 * it. */
static void lead_to(lua_State *L, const lua_file *file) {
  lua_newtable(L);
  lua_insert(L, -2);
  lua_createtable(L, 0, 3);
  lua_insert(L, -2);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, refuse_write);
  lua_setfield(L, -2, "__newindex");
  lua_pushinteger(L, number_of(L, file));
  lua_rawsetp(L, -2, &subject_key);
  lua_setmetatable(L, -2);
}

void ws__lua_push_subject(lua_State *L, const lua_file *file, int derived) {
  push_cache(L, file, derived);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &caches_key);
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, number_of(L, file));
  lua_pop(L, 1);
  lead_to(L, file);
}

void ws__lua_push_field_subject(lua_State *L, const lua_file *file, ws_text field) {
  ws__lua *lua = ws__lua_of(L);
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushlstring(L, field.data, field.size);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &caches_key);
  lua_rawgeti(L, -1, number_of(L, file));
  lua_remove(L, -2);
  lua_pushcclosure(L, fill_view, 2);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &views_key);
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, (lua_Integer)++lua->view_count);
  lua_pop(L, 1);
  lead_to(L, file);
}

static void remove_field(lua_State *L, ws_text name) {
  lua_pushlstring(L, name.data, name.size);
  lua_pushnil(L);
  lua_rawset(L, -3);
}

/* The file whose x the value at `index` is; NULL where it is none. */
static const lua_file *subject_of(lua_State *L, int index) {
  const lua_file *file = NULL;
  if (!lua_getmetatable(L, index)) return NULL;
  if (lua_rawgetp(L, -1, &subject_key) == LUA_TNUMBER)
    file = &ws__lua_of(L)->files[lua_tointeger(L, -1) - 1];
  lua_pop(L, 2);
  return file;
}

static void push_fields(lua_State *L, const lua_file *file) {
  const ws__lua *lua = ws__lua_of(L);
  const char *gold = ws_task_get(lua->options.task, WS_TASK_GOLD);
  push_items(L, lua->options.subject->fields);
  if (!file->generated) return;
  if (gold) remove_field(L, ws_text_of(gold));
  remove_field(L, ws_text_of("id"));
  if (lua->options.id_field.data) remove_field(L, lua->options.id_field);
}

void ws__lua_replace_subject(lua_State *L, int index) {
  const lua_file *file = subject_of(L, index);
  if (!file) return;
  if (file->generated)
    push_fields(L, file);
  else
    lua_rawgetp(L, LUA_REGISTRYINDEX, &record_key);
  lua_replace(L, index);
}

bool ws__lua_push_fields(lua_State *L, int index) {
  const lua_file *file = subject_of(L, index);
  if (file) push_fields(L, file);
  return file != NULL;
}

/* --- the next record --- */

/* Empties the table at the top, and pops it. Assigning nil to what is there asks for no
 * memory, so that no error can arise. */
static void clear_table(lua_State *L) {
  int table = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, table);) {
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, table);
  }
  lua_pop(L, 1);
}

static void clear_views(ws__lua *lua) {
  lua_State *L = lua->L;
  if (!lua->views_dirty) return;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &views_key);
  for (size_t i = 0; i < lua->view_count; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    clear_table(L);
  }
  lua_pop(L, 1);
  lua->views_dirty = false;
}

void ws__lua_new_record(ws__lua *lua) {
  lua_State *L = lua->L;
  lua->valid[0] = lua->valid[1] = NULL;
  lua->screened = false;
  if (!lua->dirty) return;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &record_key);
  clear_table(L);
  clear_views(lua);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &caches_key);
  for (size_t i = 0; i < lua->file_count; i++) {
    lua_file *file = &lua->files[i];
    if (!file->dirty) continue;
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    clear_table(L);
    memset(file->state, DERIVED_UNSET, file->derived);
    file->dirty = false;
  }
  lua_pop(L, 1);
  lua->dirty = false;
}
