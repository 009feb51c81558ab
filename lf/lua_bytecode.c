/* SPDX-License-Identifier: MIT
 *
 * Finds, in the bytecode of a labeling function, assignments that would outlive the call:
 * to a local variable of the file, and to a global. And calls rx("text", "flags"), so
 * that their patterns are made while the file is loaded: later they are slower.
 *
 * Reads the output of lua_dump, whose form Lua 5.4 fixes (lundump.c, LUAC_VERSION 0x54).
 * A function is followed down into the functions that it makes: a variable that one of
 * them assigns is harmless if it belongs to the call, and a state if it comes from
 * outside.
 */
#include "lua_priv.h"

#include <string.h>

enum {
  OP_LOADK = 3,
  OP_SETUPVAL = 10,
  OP_GETTABUP = 11,
  OP_SETTABUP = 15,
  OP_CALL = 68,
  // Signature, version, format, LUAC_DATA, three sizes, LUAC_INT, LUAC_NUM, count of
  // upvalues.
  HEADER = 4 + 1 + 1 + 6 + 3 + 8 + 8 + 1,
  DEEPEST = 200 // Lua's own limit on functions inside one another
};

typedef struct cursor {
  lua_State *L;
  const unsigned char *at, *end;
} cursor;

typedef struct upvalue {
  bool in_stack;       // a local variable of the function around; otherwise
  unsigned char index; // that function's upvalue of this index
} upvalue;

/* A function, and those around it that are part of the call. */
typedef struct function {
  const struct function *outer;
  const unsigned char *code;
  size_t instructions;
  cursor constants;
  const unsigned char *upvalues; // 3 bytes each
  size_t upvalue_count;
  int depth;
} function;

static const unsigned char *take(cursor *c, size_t size) {
  if (size > (size_t)(c->end - c->at)) luaL_error(c->L, "unexpected bytecode");
  const unsigned char *at = c->at;
  c->at += size;
  return at;
}

static size_t take_size(cursor *c) {
  size_t value = 0;
  for (;;) {
    unsigned char byte = *take(c, 1);
    if (value > SIZE_MAX >> 7) luaL_error(c->L, "unexpected bytecode");
    value = value << 7 | (byte & 0x7fu);
    if (byte & 0x80u) return value;
  }
}

static ws_text take_string(cursor *c) {
  size_t size = take_size(c);
  if (size == 0) return (ws_text){NULL, 0};
  return (ws_text){(const char *)take(c, size - 1), size - 1};
}

static const unsigned char *take_array(cursor *c, size_t item, size_t *count) {
  *count = take_size(c);
  if (*count > (size_t)(c->end - c->at) / item) luaL_error(c->L, "unexpected bytecode");
  return take(c, *count * item);
}

/* Skips up to `count` constants; the text of the last one, if it is one. */
static ws_text skip_constants(cursor *c, size_t count) {
  ws_text text = {NULL, 0};
  for (size_t left = take_size(c); left && count; left--, count--) {
    text = (ws_text){NULL, 0};
    switch (*take(c, 1)) {
    case LUA_TNUMBER:      // an integer: 3
    case LUA_TNUMBER | 16: // a float: 19
      take(c, 8);
      break;
    case LUA_TSTRING:
    case LUA_TSTRING | 16:
      text = take_string(c);
      break;
    default:
      break; // nil, false, true
    }
  }
  return text;
}

/* Whether upvalue i of a function comes from outside of the outermost one. */
static bool is_outside(const function *f, size_t i) {
  while (i < f->upvalue_count) {
    if (!f->outer) return true;
    const unsigned char *description = f->upvalues + 3 * i;
    if (description[0]) return false;
    i = description[1];
    f = f->outer;
  }
  return true;
}

static void refuse(cursor *c, ws_text name, bool global) {
  lua_Debug at;
  lua_pushvalue(c->L, -1);
  lua_getinfo(c->L, ">S", &at);
  const char *kind = global ? "a global" : "a variable from outside of the function";
  lua_pushlstring(c->L, name.data ? name.data : "?", name.data ? name.size : 1);
  luaL_error(
      c->L,
      "lua:%d: assigns %s ('%s'): a labeling function cannot keep anything from one "
      "record to the next",
      at.linedefined, kind, lua_tostring(c->L, -1));
}

/* --- patterns --- */

/* Instruction i; what no function holds where there is none. */
static uint32_t instruction_at(const function *f, size_t i) {
  uint32_t instruction = UINT32_MAX;
  if (i < f->instructions) memcpy(&instruction, f->code + 4 * i, 4);
  return instruction;
}

static ws_text constant_at(const function *f, size_t i) {
  cursor at = f->constants;
  return skip_constants(&at, i + 1);
}

/* The text that instruction i loads into a register; NULL where it does not. */
static ws_text loaded_text(const function *f, size_t i, uint32_t target) {
  uint32_t instruction = instruction_at(f, i);
  if ((instruction & 0x7fu) != OP_LOADK || (instruction >> 7 & 0xffu) != target)
    return (ws_text){NULL, 0};
  return constant_at(f, instruction >> 15);
}

/* Whether instruction i calls what is in a register with so many arguments. */
static bool is_call(const function *f, size_t i, uint32_t target, uint32_t arguments) {
  uint32_t instruction = instruction_at(f, i);
  return (instruction & 0x7fu) == OP_CALL && (instruction >> 7 & 0xffu) == target &&
         (instruction >> 16 & 0xffu) == arguments + 1;
}

/* Instruction i reads the global rx, and those behind it call it with texts. */
static void find_pattern(cursor *c, const function *f, size_t i) {
  uint32_t instruction = instruction_at(f, i), target = instruction >> 7 & 0xffu;
  if ((instruction & 0x7fu) != OP_GETTABUP ||
      !ws_text_equals(constant_at(f, instruction >> 24), "rx"))
    return;
  ws_text pattern = loaded_text(f, i + 1, target + 1), flags = {"", 0};
  if (!pattern.data) return;
  if (!is_call(f, i + 2, target, 1)) {
    flags = loaded_text(f, i + 2, target + 2);
    if (!flags.data || !is_call(f, i + 3, target, 2)) return;
  }
  ws__lua_prepare_pattern(c->L, pattern, flags);
}

/* --- assignments --- */

/* With the names of its upvalues known: looks at all instructions. */
static void check_code(cursor *c, const function *f, cursor names, size_t name_count) {
  for (size_t i = 0; i < f->instructions; i++) {
    uint32_t instruction = instruction_at(f, i);
    find_pattern(c, f, i);
    uint32_t operation = instruction & 0x7fu;
    size_t target =
        operation == OP_SETUPVAL ? instruction >> 16 & 0xffu : instruction >> 7 & 0xffu;
    if (operation != OP_SETUPVAL && operation != OP_SETTABUP) continue;
    cursor at = names;
    ws_text name = {NULL, 0};
    for (size_t n = 0; n < name_count && n <= target; n++) name = take_string(&at);
    bool global = operation == OP_SETTABUP;
    if (global && !ws_text_equals(name, "_ENV"))
      continue; // frozen tables refuse themselves
    if (!is_outside(f, target)) continue;
    at = f->constants;
    refuse(c, global ? skip_constants(&at, (instruction >> 16 & 0xffu) + 1) : name,
           global);
  }
}

static void check(cursor *c, const function *outer) {
  function f = {.outer = outer, .depth = outer ? outer->depth + 1 : 0};
  size_t count = 0;
  if (f.depth > DEEPEST) luaL_error(c->L, "unexpected bytecode");
  take_string(c); // source
  take_size(c);   // first line
  take_size(c);   // last line
  take(c, 3);     // parameters, vararg, stack
  f.code = take_array(c, 4, &f.instructions);
  f.constants = *c;
  skip_constants(c, SIZE_MAX);
  f.upvalues = take_array(c, 3, &f.upvalue_count);
  for (count = take_size(c); count; count--) check(c, &f);
  take_array(c, 1, &count);                    // lines, relative
  for (count = take_size(c); count; count--) { // lines, absolute
    take_size(c);
    take_size(c);
  }
  for (count = take_size(c); count; count--) { // local variables
    take_string(c);
    take_size(c);
    take_size(c);
  }
  count = take_size(c);
  cursor names = *c;
  for (size_t i = 0; i < count; i++) take_string(c);
  check_code(c, &f, names, count);
}

static int write_piece(lua_State *L, const void *data, size_t size, void *user) {
  (void)L;
  return ws_buffer_append(user, data, size) != WS_OK;
}

void ws__lua_check_function(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  lua->scratch.size = 0;
  if (lua_dump(L, write_piece, &lua->scratch, 0) != 0) ws__lua_nomem(L);
  const unsigned char *data = (const unsigned char *)lua->scratch.data;
  cursor c = {L, data, data + lua->scratch.size};
  const unsigned char *header = take(&c, HEADER);
  if (header[4] != 0x54 || header[5] != 0) luaL_error(L, "unexpected bytecode");
  check(&c, NULL);
}
