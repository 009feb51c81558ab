/* SPDX-License-Identifier: MIT
 *
 * Mistakes in functions that would else show only when their line runs: misspelt globals
 * and classes, patterns that are none, what must stand outside of functions. They are
 * looked for in the code that the labeling functions and derived fields of a file lead
 * to, when all of the file is there. The first line that has one is the error.
 *
 * Functions in tables are told apart by nobody: some may serve while the file is loaded
 * only, and those may call what reads files.
 */
#include "lua_bytecode.h"

#include <limits.h>
#include <string.h>

/* Indexes of the stack, and what is at hand. */
typedef struct search {
  lua_State *L;
  int names, environment;
  int builtins, seen;       // sets
  int functions, tables;    // arrays: those that were found
  int problem;              // the text of the first one
  int line;                 // of it
  const char *gold;         // the field of gold labels, or NULL
  bool votes;               // the function at hand is called with x
  bool called;              // the function at hand is not from a table
  bool is_environment[256]; // for each of its upvalues
} search;

/* --- what is reached --- */

/* Adds the value at the top, which stays, to the functions or tables. */
static void reach(const search *s) {
  lua_State *L = s->L;
  int type = lua_type(L, -1);
  if (type != LUA_TFUNCTION && type != LUA_TTABLE) return;
  if (lua_iscfunction(L, -1)) return;
  lua_pushvalue(L, -1);
  bool builtin = lua_rawget(L, s->builtins) != LUA_TNIL;
  lua_pushvalue(L, -2);
  bool seen = lua_rawget(L, s->seen) != LUA_TNIL;
  lua_pop(L, 2);
  if (builtin || seen) return;
  lua_pushvalue(L, -1);
  lua_pushboolean(L, 1);
  lua_rawset(L, s->seen);
  int list = type == LUA_TFUNCTION ? s->functions : s->tables;
  lua_pushvalue(L, -1);
  lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
}

/* Adds items first, first + 1 ... of an array. */
static void reach_items(const search *s, int array, size_t first) {
  for (size_t i = first; i <= lua_rawlen(s->L, array); i++) {
    lua_rawgeti(s->L, array, (lua_Integer)i);
    reach(s);
    lua_pop(s->L, 1);
  }
}

/* Adds what the table at the top holds. Pops it. */
static void reach_content(const search *s) {
  lua_State *L = s->L;
  int table = lua_gettop(L);
  if (ws__lua_push_content(L, table))
    for (lua_pushnil(L); lua_next(L, table + 1); lua_pop(L, 1)) reach(s);
  lua_settop(L, table - 1);
}

/* --- problems --- */

/* The text at the top is a problem of instruction i. Of a line that has several the first
 * in byte order is kept: the order in which they are found is not fixed. Pops it. */
static void keep_problem(search *s, const ws__code *f, size_t i) {
  lua_State *L = s->L;
  int line = ws__code_line(f, i);
  const char *text = lua_tostring(L, -1);
  bool first = line < s->line ||
               (line == s->line && text && strcmp(text, lua_tostring(L, s->problem)) < 0);
  if (first && text) {
    s->line = line;
    lua_replace(L, s->problem);
  } else {
    lua_pop(L, 1);
  }
}

/* Calls what lies below the arguments, for a result. An error is a problem, and nil. */
static void try_call(search *s, const ws__code *f, size_t i, int arguments) {
  lua_State *L = s->L;
  const ws__lua *lua = ws__lua_of(L);
  int status = lua_pcall(L, arguments, 1, 0);
  if (status == LUA_OK) return;
  if (status == LUA_ERRMEM || lua->expired || lua->exhausted) lua_error(L);
  keep_problem(s, f, i);
  lua_pushnil(L);
}

static int read_field(lua_State *L) {
  lua_gettable(L, 1);
  return 1;
}

/* Pushes the field of the table, or nil where that is an error. */
static void try_field(search *s, const ws__code *f, size_t i, int table, ws_text name) {
  lua_pushcfunction(s->L, read_field);
  lua_pushvalue(s->L, table);
  lua_pushlstring(s->L, name.data, name.size);
  try_call(s, f, i, 2);
}

/* --- code --- */

/* The builtin that is the global at the top. */
static void check_builtin(search *s, const ws__code *f, size_t i, ws_text name) {
  lua_State *L = s->L;
  ws_text pattern, flags;
  if (ws__code_pattern(f, i, &pattern, &flags)) {
    lua_pushvalue(L, -1);
    lua_pushlstring(L, pattern.data, pattern.size);
    lua_pushlstring(L, flags.data, flags.size);
    try_call(s, f, i, 2);
    lua_pop(L, 1);
    ws__lua_note_backspace(L, ws__code_line(f, i), pattern);
  }
  if (s->called && (ws_text_equals(name, "keywords") || ws_text_equals(name, "lines") ||
                    ws_text_equals(name, "csv"))) {
    lua_pushvalue(L, -1);
    try_call(s, f, i, 0); // it says what is wrong: no file is being loaded
    lua_pop(L, 1);
  }
}

/* class.NAME, where `class` is at the top. */
static void check_class(search *s, const ws__code *f, size_t i) {
  uint32_t target = ws__arg_a(ws__code_at(f, i)), next = ws__code_at(f, i + 1);
  if (ws__op(next) != OP_GETFIELD || ws__arg_a(next) != target ||
      ws__arg_b(next) != target || !ws__code_is_entered_at(f, i, i + 1))
    return;
  ws_text name = ws__code_constant(f, ws__arg_c(next));
  if (!name.data) return;
  try_field(s, f, i + 1, lua_gettop(s->L), name);
  lua_pop(s->L, 1);
}

static void check_global(search *s, const ws__code *f, size_t i) {
  lua_State *L = s->L;
  uint32_t instruction = ws__code_at(f, i);
  size_t upvalue = ws__code_outside(f, ws__arg_b(instruction));
  ws_text name = ws__code_constant(f, ws__arg_c(instruction));
  if (upvalue == SIZE_MAX || !s->is_environment[upvalue] || !name.data) return;
  try_field(s, f, i, s->names, name);
  lua_pushvalue(L, -1);
  bool builtin = lua_rawget(L, s->builtins) != LUA_TNIL;
  lua_pop(L, 1);
  if (builtin)
    check_builtin(s, f, i, name);
  else if (ws_text_equals(name, "class"))
    check_class(s, f, i);
  else
    reach(s);
  lua_pop(L, 1);
}

/* --- gold labels --- */

/* The field of x that instruction i reads, of a function that is called with x or of one
 * right inside it; no text where that is not sure. */
static ws_text field_read(const ws__code *f, size_t i) {
  uint32_t instruction = ws__code_at(f, i), b = ws__arg_b(instruction);
  const ws__code *called = f;
  if (ws__op(instruction) == OP_GETTABUP) {
    called = f->outer;
    if (!called || b >= f->upvalue_count || !f->upvalues[3 * b])
      return (ws_text){NULL, 0};
    b = f->upvalues[3 * b + 1];
  } else if (ws__op(instruction) != OP_GETFIELD) {
    return (ws_text){NULL, 0};
  }
  if (b != 0 || called->outer || called->parameters == 0) return (ws_text){NULL, 0};
  for (size_t k = 0; k < called->instructions; k++)
    if (ws__code_changes(called, k, 0)) return (ws_text){NULL, 0};
  return ws__code_constant(f, ws__arg_c(instruction));
}

static void note_gold(const search *s, int line) {
  lua_pushfstring(s->L, "reads the gold label x.%s: gold is for scores only", s->gold);
  ws__lua_add_note(s->L, line);
}

static void check_code(lua_State *L, const ws__code *f, void *user) {
  search *s = user;
  luaL_checkstack(L, 20, NULL);
  for (size_t i = 0; i < f->instructions; i++) {
    if (ws__op(ws__code_at(f, i)) == OP_GETTABUP) check_global(s, f, i);
    if (s->gold && s->votes && ws_text_equals(field_read(f, i), s->gold))
      note_gold(s, ws__code_line(f, i));
  }
}

/* The function at the top; pops it. */
static void check_function(search *s) {
  lua_State *L = s->L;
  memset(s->is_environment, 0, sizeof s->is_environment);
  for (int i = 1; lua_getupvalue(L, -1, i); i++) {
    s->is_environment[i - 1] = lua_rawequal(L, -1, s->environment);
    if (!s->is_environment[i - 1]) reach(s);
    lua_pop(L, 1);
  }
  ws__lua_walk_function(L, check_code, s);
  lua_pop(L, 1);
}

/* Checks the functions that were reached, from number *next on. Those up to number
 * `voting` are called with x. */
static void check_functions(search *s, size_t *next, size_t voting) {
  while (*next <= lua_rawlen(s->L, s->functions)) {
    s->votes = *next <= voting;
    lua_rawgeti(s->L, s->functions, (lua_Integer)(*next)++);
    check_function(s);
  }
}

static void check_all(search *s) {
  size_t function = 1, voting = lua_rawlen(s->L, s->functions);
  s->called = true;
  check_functions(s, &function, voting);
  s->called = false;
  for (size_t table = 1; table <= lua_rawlen(s->L, s->tables); table++) {
    lua_rawgeti(s->L, s->tables, (lua_Integer)table);
    reach_content(s);
    check_functions(s, &function, voting);
  }
}

/* The field of gold labels, if x has it: no derived one takes its place. */
static const char *find_gold(lua_State *L, int derived) {
  const char *gold = ws_task_get(ws__lua_of(L)->options.task, WS_TASK_GOLD);
  if (!gold) return NULL;
  lua_pushstring(L, gold);
  bool hidden = lua_rawget(L, derived) != LUA_TNIL;
  lua_pop(L, 1);
  return hidden ? NULL : gold;
}

/* Labeling functions that look at the field of gold labels. */
static void check_fields(const search *s, size_t first) {
  const ws__lua *lua = ws__lua_of(s->L);
  for (size_t i = first; i < lua->lf_count && s->gold; i++)
    if (lua->lfs[i].field.data && ws_text_equals(lua->lfs[i].field, s->gold))
      note_gold(s, (int)lua->lfs[i].line);
}

void ws__lua_check_reached(lua_State *L, size_t first, int names, int derived,
                           int environment) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 30, NULL);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_builtins);
  for (int i = 0; i < 3; i++) lua_newtable(L);
  lua_pushliteral(L, "");
  search s = {.L = L,
              .names = names,
              .environment = environment,
              .builtins = top + 1,
              .seen = top + 2,
              .functions = top + 3,
              .tables = top + 4,
              .problem = top + 5,
              .line = INT_MAX,
              .gold = find_gold(L, derived)};
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_lfs);
  reach_items(&s, lua_gettop(L), first + 1);
  reach_items(&s, derived, 1);
  check_fields(&s, first);
  check_all(&s);
  if (s.line != INT_MAX) luaL_error(L, "lua:%d: %s", s.line, lua_tostring(L, s.problem));
  lua_settop(L, top);
}
