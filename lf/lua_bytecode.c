/* SPDX-License-Identifier: MIT
 *
 * Reads the output of lua_dump, whose form Lua 5.4 fixes (lundump.c, LUAC_VERSION 0x54).
 * A function is followed down into the functions that it makes.
 */
#include "lua_bytecode.h"

#include <string.h>

enum {
  // Signature, version, format, LUAC_DATA, three sizes, LUAC_INT, LUAC_NUM, count of
  // upvalues.
  HEADER = 4 + 1 + 1 + 6 + 3 + 8 + 8 + 1,
  DEEPEST = 200 // Lua's own limit on functions inside one another
};

static const unsigned char *take(ws__cursor *c, size_t size) {
  if (size > (size_t)(c->end - c->at)) luaL_error(c->L, "unexpected bytecode");
  const unsigned char *at = c->at;
  c->at += size;
  return at;
}

static size_t take_size(ws__cursor *c) {
  size_t value = 0;
  for (;;) {
    unsigned char byte = *take(c, 1);
    if (value > SIZE_MAX >> 7) luaL_error(c->L, "unexpected bytecode");
    value = value << 7 | (byte & 0x7fu);
    if (byte & 0x80u) return value;
  }
}

static ws_text take_string(ws__cursor *c) {
  size_t size = take_size(c);
  if (size == 0) return (ws_text){NULL, 0};
  return (ws_text){(const char *)take(c, size - 1), size - 1};
}

static const unsigned char *take_array(ws__cursor *c, size_t item, size_t *count) {
  *count = take_size(c);
  if (*count > (size_t)(c->end - c->at) / item) luaL_error(c->L, "unexpected bytecode");
  return take(c, *count * item);
}

/* The next constant, if it is a text. */
static ws_text take_constant(ws__cursor *c) {
  switch (*take(c, 1)) {
  case LUA_TNUMBER:      // an integer: 3
  case LUA_TNUMBER | 16: // a float: 19
    take(c, 8);
    break;
  case LUA_TSTRING:
  case LUA_TSTRING | 16:
    return take_string(c);
  default:
    break; // nil, false, true
  }
  return (ws_text){NULL, 0};
}

/* Skips up to `count` constants; the text of the last one, if it is one. */
static ws_text skip_constants(ws__cursor *c, size_t count) {
  ws_text text = {NULL, 0};
  for (size_t left = take_size(c); left && count; left--, count--)
    text = take_constant(c);
  return text;
}

uint32_t ws__code_at(const ws__code *code, size_t i) {
  uint32_t instruction = UINT32_MAX;
  if (i < code->instructions) memcpy(&instruction, code->code + 4 * i, 4);
  return instruction;
}

ws_text ws__code_constant(const ws__code *code, size_t i) {
  ws__cursor at = code->constants;
  return skip_constants(&at, i + 1);
}

ws_text ws__code_upvalue(const ws__code *code, size_t i) {
  ws__cursor at = code->names;
  ws_text name = {NULL, 0};
  for (size_t n = 0; n < code->name_count && n <= i; n++) name = take_string(&at);
  return name;
}

/* The line that the list of absolute ones has for instruction i. */
static int absolute_line(const ws__code *code, size_t i) {
  ws__cursor at = code->absolute_lines;
  for (size_t count = take_size(&at); count; count--) {
    size_t instruction = take_size(&at), line = take_size(&at);
    if (instruction == i) return (int)line;
  }
  return code->first_line;
}

int ws__code_line(const ws__code *code, size_t i) {
  enum { IS_ABSOLUTE = -128 }; // ABSLINEINFO of ldebug.h
  int line = code->first_line;
  for (size_t k = 0; k <= i && k < code->line_count; k++)
    line = code->lines[k] == IS_ABSOLUTE ? absolute_line(code, k) : line + code->lines[k];
  return line;
}

/* Of the description of an upvalue: whether it is a register of the function around. */
static bool is_register(const unsigned char *description) {
  return description[0] != 0;
}

size_t ws__code_outside(const ws__code *code, size_t i) {
  while (i < code->upvalue_count) {
    if (!code->outer) return i;
    const unsigned char *description = code->upvalues + 3 * i;
    if (is_register(description)) return SIZE_MAX;
    i = description[1];
    code = code->outer;
  }
  return SIZE_MAX;
}

static ws_text since(const ws__cursor *c, const unsigned char *start) {
  return (ws_text){(const char *)start, (size_t)(c->at - start)};
}

static void note_captured(ws__code *f) {
  for (size_t i = 0; f->outer && i < f->upvalue_count; i++) {
    const unsigned char *description = f->upvalues + 3 * i;
    if (is_register(description))
      f->outer->captured[description[1] / 8] |= (unsigned char)(1u << description[1] % 8);
  }
}

static void take_debug(ws__cursor *c, ws__code *f) {
  const unsigned char *start = c->at;
  size_t count;
  f->lines = (const signed char *)take_array(c, 1, &f->line_count);
  f->absolute_lines = *c;
  for (count = take_size(c); count; count--) { // number of the instruction, line
    take_size(c);
    take_size(c);
  }
  for (count = take_size(c); count; count--) { // local variables
    take_string(c);
    take_size(c);
    take_size(c);
  }
  f->name_count = take_size(c);
  f->names = *c;
  for (size_t i = 0; i < f->name_count; i++) take_string(c);
  f->debug = since(c, start);
}

static void walk(ws__cursor *c, ws__code *outer, ws__code_fn visit, void *user) {
  ws__code f = {.outer = outer, .depth = outer ? outer->depth + 1 : 0};
  if (f.depth > DEEPEST) luaL_error(c->L, "unexpected bytecode");
  const unsigned char *start = c->at;
  take_string(c); // source
  f.first_line = (int)take_size(c);
  take_size(c); // last line
  f.place = since(c, start);
  start = c->at;
  f.parameters = *take(c, 3); // vararg, stack
  f.code = take_array(c, 4, &f.instructions);
  f.constants = *c;
  skip_constants(c, SIZE_MAX);
  f.runs = since(c, start);
  f.upvalues = take_array(c, 3, &f.upvalue_count);
  note_captured(&f);
  for (size_t count = take_size(c); count; count--) walk(c, &f, visit, user);
  take_debug(c, &f);
  visit(c->L, &f, user);
}

static int write_piece(lua_State *L, const void *data, size_t size, void *user) {
  (void)L;
  return ws_buffer_append(user, data, size) != WS_OK;
}

void ws__lua_walk_function(lua_State *L, ws__code_fn visit, void *user) {
  ws__lua *lua = ws__lua_of(L);
  lua->scratch.size = 0;
  if (lua_dump(L, write_piece, &lua->scratch, 0) != 0) ws__lua_nomem(L);
  const unsigned char *data = (const unsigned char *)lua->scratch.data;
  ws__cursor c = {L, data, data + lua->scratch.size};
  const unsigned char *header = take(&c, HEADER);
  if (header[4] != 0x54 || header[5] != 0) luaL_error(L, "unexpected bytecode");
  walk(&c, NULL, visit, user);
}

/* --- patterns --- */

/* The text that instruction i loads into a register; NULL where it does not. */
static ws_text loaded_text(const ws__code *f, size_t i, uint32_t target) {
  uint32_t instruction = ws__code_at(f, i);
  if (ws__op(instruction) != OP_LOADK || ws__arg_a(instruction) != target)
    return (ws_text){NULL, 0};
  return ws__code_constant(f, ws__arg_bx(instruction));
}

/* Whether instruction i calls what is in a register with so many arguments. */
static bool is_call(const ws__code *f, size_t i, uint32_t target, uint32_t arguments) {
  uint32_t instruction = ws__code_at(f, i);
  return ws__op(instruction) == OP_CALL && ws__arg_a(instruction) == target &&
         ws__arg_b(instruction) == arguments + 1;
}

bool ws__code_pattern(const ws__code *f, size_t i, ws_text *pattern, ws_text *flags) {
  uint32_t instruction = ws__code_at(f, i), target = ws__arg_a(instruction);
  if (ws__op(instruction) != OP_GETTABUP ||
      !ws_text_equals(ws__code_constant(f, ws__arg_c(instruction)), "rx"))
    return false;
  *pattern = loaded_text(f, i + 1, target + 1);
  *flags = (ws_text){"", 0};
  if (!pattern->data) return false;
  if (is_call(f, i + 2, target, 1)) return true;
  *flags = loaded_text(f, i + 2, target + 2);
  return flags->data && is_call(f, i + 3, target, 2);
}

/* --- names --- */

/* The constant that instruction i loads, or looks up as a global; SIZE_MAX: none. A name
 * whose number is too large for a look-up is loaded. */
static size_t constant_read(const ws__code *f, size_t i) {
  uint32_t instruction = ws__code_at(f, i);
  switch (ws__op(instruction)) {
  case OP_GETTABUP:
    return ws__arg_c(instruction);
  case OP_LOADK:
    return ws__arg_bx(instruction);
  case OP_LOADKX:
    return ws__code_at(f, i + 1) >> 7;
  default:
    return SIZE_MAX;
  }
}

/* Adds to the set the constants of a function that may be names of globals it reads. */
static void collect_names(lua_State *L, const ws__code *f, void *user) {
  const int *set = user;
  ws__cursor at = f->constants;
  size_t count = take_size(&at);
  unsigned char *read = lua_newuserdatauv(L, count + 1, 0);
  memset(read, 0, count + 1);
  for (size_t i = 0; i < f->instructions; i++) {
    size_t constant = constant_read(f, i);
    if (constant < count) read[constant] = 1;
  }
  for (size_t i = 0; i < count; i++) {
    ws_text text = take_constant(&at);
    if (!read[i] || !text.data) continue;
    lua_pushlstring(L, text.data, text.size);
    lua_pushboolean(L, 1);
    lua_rawset(L, *set);
  }
  lua_pop(L, 1);
}

void ws__lua_push_names_read(lua_State *L) {
  int set = lua_gettop(L) + 1;
  lua_newtable(L);
  lua_pushvalue(L, -2);
  ws__lua_walk_function(L, collect_names, &set);
  lua_pop(L, 1);
}
