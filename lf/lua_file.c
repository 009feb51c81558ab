/* SPDX-License-Identifier: MIT
 *
 * Loading a .lua file, and what it defines. Which names it sees, lua_names.c says.
 */
#include "lua_priv.h"

#include <string.h>

#include <weaksup/alloc.h>

#include "rules.h"

/* --- lf and field --- */

static ws_text check_definition(lua_State *L, const char *what) {
  ws_text name = {"", 0};
  if (lua_type(L, 2) == LUA_TSTRING) name.data = lua_tolstring(L, 2, &name.size);
  if (!ws__lua_of(L)->loading)
    luaL_error(L, "%ss are defined when the file is loaded, outside of all functions",
               what);
  if (!ws__is_lf_name(name))
    luaL_error(L, "the name of a %s must be letters, digits, '_', '.' and '-'", what);
  return name;
}

/* Whether the value at the top is a function that begins in that line. */
static bool begins_in(lua_State *L, uint64_t line) {
  lua_Debug at;
  if (lua_type(L, -1) != LUA_TFUNCTION) return false;
  lua_pushvalue(L, -1);
  lua_getinfo(L, ">S", &at);
  return at.linedefined > 0 && (uint64_t)at.linedefined == line;
}

/* __newindex of `lf`: (lf, name, what votes). Upvalue: what is read through it. */
static int define_lf(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  ws_text name = check_definition(L, "labeling function"), kept;
  ws__lua_lf lf = {.name = name.data,
                   .line = ws__lua_current_line(L),
                   .file = lua->file,
                   .generated = lua->files[lua->file].generated,
                   .label = WS_ABSTAIN,
                   .subject = (int64_t)lua->file + 1};
  if (!begins_in(L, lf.line)) ws__lua_find_start(lua, name, &lf);
  ws__lua_read_definition(L, &lf);
  if (ws_arena_text(&lua->arena, name, &kept) != WS_OK ||
      !ws_grow(&lua->lfs, &lua->lf_capacity, lua->lf_count + 1, sizeof lf))
    return ws__lua_nomem(L);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_lfs);
  lua_pushvalue(L, 4);
  lua_rawseti(L, -2, (lua_Integer)lua->lf_count + 1);
  lf.name = kept.data;
  lua->lfs[lua->lf_count++] = lf;
  lua_settop(L, 3);
  lua_rawset(L, lua_upvalueindex(1));
  return 0;
}

/* __newindex of `field`. Upvalues: what is read through it, the derived fields. */
static int define_field(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  lua_file *file = &lua->files[lua->file];
  ws_text name = check_definition(L, "derived field");
  if (ws_text_equals(name, "text") || ws_text_equals(name, "lower"))
    return luaL_error(L, "a derived field cannot be called '%s'", name.data);
  if (lua_type(L, 3) != LUA_TFUNCTION || lua_iscfunction(L, 3))
    return luaL_error(L, "field.%s: expected a function, found a %s", name.data,
                      luaL_typename(L, 3));
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
    return luaL_error(L, "two derived fields are called '%s'", name.data);
  if (file->derived == DERIVED_MAX)
    return luaL_error(L, "more than %d derived fields in a file", (int)DERIVED_MAX);
  file->derived++;
  lua_pushvalue(L, 2);
  lua_pushinteger(L, (lua_Integer)file->derived);
  lua_rawset(L, lua_upvalueindex(2));
  lua_pushvalue(L, 3);
  lua_rawseti(L, lua_upvalueindex(2), (lua_Integer)file->derived);
  lua_settop(L, 3);
  lua_rawset(L, lua_upvalueindex(1));
  return 0;
}

/* Sets in the table `names` an empty table that definitions are assigned to. The content
 * that reads find is pushed. `derived` may be 0. */
static void add_definitions(lua_State *L, int names, const char *name,
                            lua_CFunction define, int derived) {
  lua_newtable(L);
  lua_newtable(L);
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, "__index");
  lua_pushvalue(L, -2);
  if (derived) lua_pushvalue(L, derived);
  lua_pushcclosure(L, define, derived ? 2 : 1);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -3);
  lua_insert(L, -2); // content, table
  lua_setfield(L, names, name);
}

/* --- loading --- */

/* All values of the table at `index`, which stays as it is. */
static void freeze_values(lua_State *L, int index) {
  lua_pushvalue(L, index);
  size_t count = ws__lua_push_keys(L);
  for (size_t i = 1; i <= count; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i);
    lua_rawget(L, index);
    ws__lua_freeze(L);
    lua_pop(L, 1);
  }
  lua_pop(L, 2);
}

/* What votes, from labeling function `first` on: it need not be reachable by a name. */
static void freeze_defined(lua_State *L, size_t first) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_lfs);
  for (size_t i = first; i < ws__lua_of(L)->lf_count; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    ws__lua_freeze(L);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* Sets which x a function is called with that looks at a field; the table at the top has
 * those that there are by the names of their fields, the one below it is the subjects. */
static void add_field_subject(lua_State *L, ws__lua_lf *lf, int derived) {
  ws__lua *lua = ws__lua_of(L);
  lua_pushlstring(L, lf->field.data, lf->field.size);
  if (lua_rawget(L, derived) != LUA_TNIL) {
    luaL_error(L,
               "lua:%d: lf.%s: field: expected a field of the record, '%s' is a derived "
               "one",
               (int)lf->line, lf->name, lf->field.data);
  }
  lua_pop(L, 1);
  lua_pushlstring(L, lf->field.data, lf->field.size);
  if (lua_rawget(L, -2) == LUA_TNIL) {
    lua_pushlstring(L, lf->field.data, lf->field.size);
    lua_pushinteger(L, -(lua_Integer)lua->view_count - 1);
    lua_rawset(L, -4);
    ws__lua_push_field_subject(L, &lua->files[lua->file], lf->field);
    lua_rawseti(L, -4, -(lua_Integer)lua->view_count);
    lua_pushinteger(L, -(lua_Integer)lua->view_count);
    lua_replace(L, -2);
  }
  lf->subject = lua_tointeger(L, -1);
  lua_pop(L, 1);
}

/* x of the file, and those of its functions that look at a field. */
static void add_subjects(lua_State *L, int derived, size_t first) {
  ws__lua *lua = ws__lua_of(L);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_subjects);
  ws__lua_push_subject(L, &lua->files[lua->file], derived);
  lua_rawseti(L, -2, (lua_Integer)lua->file + 1);
  lua_newtable(L);
  for (size_t i = first; i < lua->lf_count; i++)
    if (lua->lfs[i].field.data) add_field_subject(L, &lua->lfs[i], derived);
  lua_pop(L, 2);
}

/* Hands the compiler line after line, so that it is known how far it came: some of its
 * errors, such as a lack of memory, do not say where they arose. */
static const char *read_line(lua_State *L, void *user, size_t *size) {
  ws_text *left = user;
  const char *at = left->data, *stop = memchr(at, '\n', left->size);
  *size = stop ? (size_t)(stop - at) + 1 : left->size;
  left->data += *size;
  left->size -= *size;
  ws__lua_of(L)->compiled_line++;
  return *size ? at : NULL;
}

/* What to do about a pattern in quotes, "\\d", and about a != b; NULL: nothing known. */
static const char *remedy(const char *text) {
  static const char unequal[] = " near '!'";
  enum { TAIL = sizeof unequal - 1 };
  size_t size = strlen(text);
  if (strncmp(text, "invalid escape sequence", 23) == 0)
    return " (write patterns as [[...]])";
  if (size > TAIL && strcmp(text + size - TAIL, unequal) == 0)
    return " (Lua writes ~= for !=, and not for !)";
  return NULL;
}

/* Adds to the error at the top what to do about it. */
static void explain(lua_State *L) {
  const char *text = lua_tostring(L, -1);
  const char *more = text && ws__lua_position(&text) ? remedy(text) : NULL;
  if (!more) return;
  lua_pushstring(L, more);
  lua_concat(L, 2);
}

static void compile(lua_State *L, ws_text source) {
  ws__lua *lua = ws__lua_of(L);
  if (source.size >= 3 && memcmp(source.data, "\xEF\xBB\xBF", 3) == 0)
    source = (ws_text){source.data + 3, source.size - 3};
  lua->compiled_line = 0;
  if (lua_load(L, read_line, &source, "=lua", "t") != LUA_OK) {
    explain(L);
    lua_error(L);
  }
  lua->compiled_line = 0;
}

/* Where things lie on the stack while a file is loaded. */
enum { SOURCE = 1, NAMES, FIXED, DERIVED, LFS, FIELDS, READ, CHUNK, ENVIRONMENT };

static void prepare_names(lua_State *L) {
  ws__lua_push_names(L);
  lua_newtable(L);
  lua_newtable(L);
  ws__lua_note_classes(L, NAMES);
  ws__lua_add_classes(L, NAMES, FIXED);
  add_definitions(L, NAMES, "lf", define_lf, 0);
  add_definitions(L, NAMES, "field", define_field, DERIVED);
}

static void compile_and_run(lua_State *L, ws_text source) {
  ws__lua *lua = ws__lua_of(L);
  compile(L, source);
  lua->compiled = true;
  lua->source = source;
  lua->line_at = 0;
  lua->line = 1;
  ws__lua_push_names_read(L);
  lua_insert(L, READ);
  ws__lua_push_environment(L, NAMES, FIXED);
  lua_pushvalue(L, ENVIRONMENT);
  lua_setupvalue(L, CHUNK, 1);
  lua->loading = true;
  lua_pushvalue(L, CHUNK);
  lua_call(L, 0, 0);
  lua->loading = false;
}

/* In a protected call: (source as a light userdata). */
static int load_file(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  size_t first = lua->lf_count;
  const ws_text *source = lua_touserdata(L, SOURCE);
  luaL_checkstack(L, 30, NULL);
  prepare_names(L);
  compile_and_run(L, *source);
  freeze_values(L, LFS);
  freeze_values(L, FIELDS);
  freeze_values(L, NAMES);
  freeze_defined(L, first);
  ws__lua_check_reached(L, first, NAMES, DERIVED, ENVIRONMENT);
  ws__lua_note_unused(L, NAMES, READ, lua->lf_count > first);
  ws__lua_note_locals(L);
  add_subjects(L, DERIVED, first);
  ws__lua_make_keys(L, first, NAMES, DERIVED, ENVIRONMENT);
  return 0;
}

ws_status ws__lua_load(ws__lua *lua, size_t file, ws_text source, bool generated,
                       ws_error *err) {
  if (!ws_grow(&lua->files, &lua->file_capacity, lua->file_count + 1, sizeof *lua->files))
    return ws_error_nomem(err);
  lua->file = lua->file_count++;
  memset(&lua->files[lua->file], 0, sizeof *lua->files);
  lua->files[lua->file].file = file;
  lua->files[lua->file].content = ws_hash128_of(source.data, source.size);
  lua->files[lua->file].generated = generated;
  uint64_t steps = lua->options.steps;
  lua->steps = steps > UINT64_MAX / LOAD_STEPS ? UINT64_MAX : steps * LOAD_STEPS;
  lua->compiled = false;
  ws__lua_forget_limits(lua);
  ws__lua_raise_ceiling(lua, LOAD_MEMORY);
  lua_gc(lua->L, LUA_GCRESTART);
  lua_pushcfunction(lua->L, load_file);
  lua_pushlightuserdata(lua->L, &source);
  ws_status status = ws__lua_protect(lua, 1, 0, NULL, 0, err);
  lua->compiled_line = 0;
  lua_settop(lua->L, STACK_TOP);
  lua->loading = false;
  lua->source = (ws_text){NULL, 0};
  ws__lua_collect(lua);
  return status;
}

ws_lf_problem_kind ws__lua_problem(const ws__lua *lua) {
  if (lua->exhausted) return WS_LF_PROBLEM_MEMORY;
  if (lua->expired || lua->spent) return WS_LF_PROBLEM_TIME;
  return lua->compiled ? WS_LF_PROBLEM_LOAD_ERROR : WS_LF_PROBLEM_COMPILE_ERROR;
}
