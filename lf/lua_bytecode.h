/* SPDX-License-Identifier: MIT
 *
 * Reading the bytecode of Lua functions. Private to the Lua engine.
 */
#ifndef WS_LUA_BYTECODE_H
#define WS_LUA_BYTECODE_H

#include "lua_priv.h"

/* The operations of Lua 5.4 that matter here (lopcodes.h). */
enum {
  OP_LOADI = 1,
  OP_LOADF = 2,
  OP_LOADK = 3,
  OP_LOADKX = 4,
  OP_LOADNIL = 8,
  OP_GETUPVAL = 9,
  OP_SETUPVAL = 10,
  OP_GETTABUP = 11,
  OP_GETTABLE = 12,
  OP_GETFIELD = 14,
  OP_SETTABUP = 15,
  OP_SETFIELD = 18,
  OP_SELF = 20,
  OP_ADDI = 21,
  OP_SHR = 45,
  OP_MMBIN = 46,
  OP_MMBINK = 48,
  OP_UNM = 49,
  OP_BNOT = 50,
  OP_LEN = 52,
  OP_CLOSE = 54,
  OP_TEST = 66,
  OP_JMP = 56,
  OP_CALL = 68,
  OP_TAILCALL = 69,
  OP_RETURN = 70,
  OP_RETURN1 = 72,
  OP_FORLOOP = 73,
  OP_FORPREP = 74,
  OP_TFORPREP = 75,
  OP_TFORCALL = 76,
  OP_TFORLOOP = 77,
  OP_SETLIST = 78,
  OP_VARARG = 80,
  OP_EXTRAARG = 82,
};

static inline uint32_t ws__op(uint32_t instruction) {
  return instruction & 0x7fu;
}
static inline uint32_t ws__arg_a(uint32_t instruction) {
  return instruction >> 7 & 0xffu;
}
static inline bool ws__arg_k(uint32_t instruction) {
  return instruction >> 15 & 1u;
}
static inline uint32_t ws__arg_b(uint32_t instruction) {
  return instruction >> 16 & 0xffu;
}
static inline uint32_t ws__arg_c(uint32_t instruction) {
  return instruction >> 24;
}
static inline uint32_t ws__arg_bx(uint32_t instruction) {
  return instruction >> 15;
}

typedef struct ws__cursor {
  lua_State *L;
  const unsigned char *at, *end;
} ws__cursor;

/* A function, borrowed from the bytecode. */
typedef struct ws__code {
  struct ws__code *outer; // NULL: it is the one that is walked
  int depth;
  int first_line;
  unsigned parameters; // that have names
  const unsigned char *code;
  size_t instructions;
  ws__cursor constants, names;   // names: of the upvalues
  const signed char *lines;      // of each instruction, against that of the one before
  size_t line_count;             // 0: they are not known
  ws__cursor absolute_lines;     // of those whose difference is too large
  const unsigned char *upvalues; // 3 bytes each
  size_t upvalue_count, name_count;
  ws_text runs; // all that decides what it does, but for `upvalues` and those inside it
  ws_text place, debug;       // source and lines, names of variables: what messages show
  unsigned char captured[32]; // a bit for each register that functions inside it share
} ws__code;

typedef void (*ws__code_fn)(lua_State *L, const ws__code *code, void *user);

/* Calls `visit` for the Lua function at the top and those that it makes, those inside
 * before those around them. Uses lua->scratch meanwhile. */
void ws__lua_walk_function(lua_State *L, ws__code_fn visit, void *user);

/* Instruction i; what no function holds where there is none. */
uint32_t ws__code_at(const ws__code *code, size_t i);
/* Constant i, if it is a text; otherwise no text. */
ws_text ws__code_constant(const ws__code *code, size_t i);
/* The name of upvalue i, or no text. */
ws_text ws__code_upvalue(const ws__code *code, size_t i);
/* Whether instruction i may change the register. */
bool ws__code_changes(const ws__code *code, size_t i, uint32_t target);
/* The line of instruction i. */
int ws__code_line(const ws__code *code, size_t i);
/* Which upvalue of the outermost function upvalue i is; SIZE_MAX: a variable inside it.
 */
size_t ws__code_outside(const ws__code *code, size_t i);

/* Whether instruction i reads the global rx, and those behind it call it with texts. */
bool ws__code_pattern(const ws__code *code, size_t i, ws_text *pattern, ws_text *flags);

/* --- what code reads (lua_reads.c) --- */

/* What an upvalue of the outermost function holds. */
enum { UPVALUE_ANY, UPVALUE_TABLE, UPVALUE_ENVIRONMENT };

typedef struct ws__reads {
  const unsigned char *upvalues; // one of the above for each
  void *user;
  /* A global, all of it or, with key.data, only this field of it. */
  void (*global)(void *user, ws_text name, ws_text key);
  /* A field of a table that may be a record. */
  void (*field)(void *user, ws_text name);
  /* Fields that may be any; of a table that may be a record. */
  void (*any_field)(void *user);
  /* Globals that may be any. */
  void (*any_global)(void *user);
  /* The global rx, for patterns that may be any. */
  void (*any_pattern)(void *user);
} ws__reads;

/* Whether instruction `last` is reached through `first` only: nothing jumps from outside
 * to what follows `first`. May say no of long functions. */
bool ws__code_is_entered_at(const ws__code *code, size_t first, size_t last);

void ws__lua_find_reads(const ws__code *code, const ws__reads *reads);

#endif
