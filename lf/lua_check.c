/* SPDX-License-Identifier: MIT
 *
 * Finds, in the bytecode of a labeling function, assignments that would outlive the call:
 * to a local variable of the file, and to a global. And calls rx("text", "flags"), so
 * that their patterns are made while the file is loaded: later they are slower.
 *
 * A variable that a function inside the labeling function assigns is harmless if it
 * belongs to the call, and a state if it comes from outside.
 */
#include "lua_bytecode.h"

static void refuse(lua_State *L, ws_text name, bool global) {
  lua_Debug at;
  lua_pushvalue(L, -1);
  lua_getinfo(L, ">S", &at);
  const char *kind = global ? "a global" : "a variable from outside of the function";
  lua_pushlstring(L, name.data ? name.data : "?", name.data ? name.size : 1);
  luaL_error(
      L,
      "lua:%d: assigns %s ('%s'): a labeling function cannot keep anything from one "
      "record to the next",
      at.linedefined, kind, lua_tostring(L, -1));
}

/* --- patterns --- */

static void find_pattern(lua_State *L, const ws__code *f, size_t i) {
  ws_text pattern, flags;
  if (ws__code_pattern(f, i, &pattern, &flags))
    ws__lua_prepare_pattern(L, pattern, flags);
}

/* --- assignments --- */

static void find_assignment(lua_State *L, const ws__code *f, size_t i) {
  uint32_t instruction = ws__code_at(f, i), operation = ws__op(instruction);
  if (operation != OP_SETUPVAL && operation != OP_SETTABUP) return;
  bool global = operation == OP_SETTABUP;
  size_t target = global ? ws__arg_a(instruction) : ws__arg_b(instruction);
  ws_text name = ws__code_upvalue(f, target);
  if (global && !ws_text_equals(name, "_ENV")) return; // frozen tables refuse themselves
  if (ws__code_outside(f, target) == SIZE_MAX) return;
  if (global) name = ws__code_constant(f, ws__arg_b(instruction));
  refuse(L, name, global);
}

static void check(lua_State *L, const ws__code *f, void *user) {
  (void)user;
  for (size_t i = 0; i < f->instructions; i++) {
    find_pattern(L, f, i);
    find_assignment(L, f, i);
  }
}

void ws__lua_check_function(lua_State *L) {
  ws__lua_walk_function(L, check, NULL);
}
