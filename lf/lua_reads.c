/* SPDX-License-Identifier: MIT
 *
 * What the code of a function reads: globals, and fields of tables that may be a record.
 *
 * A field under a name that is computed, t[k], may be any, unless t cannot be a record or
 * k cannot be a text. Where that can be seen near the access it is not reported: the two
 * forms that nearly every loop over words has, set[word] and list[i], are among them.
 */
#include "lua_bytecode.h"

enum {
  LOOK_BACK = 64,  // instructions in which the origin of a register is looked for
  JUMPS_MAX = 2048 // instructions of a function in which it is looked for at all
};

static uint32_t op_at(const ws__code *f, size_t i) {
  return ws__op(ws__code_at(f, i));
}

/* --- registers --- */

/* Whether instruction i may change the register. One that changes several changes those
 * from A on. */
bool ws__code_changes(const ws__code *f, size_t i, uint32_t target) {
  uint32_t instruction = ws__code_at(f, i), op = ws__op(instruction);
  uint32_t a = ws__arg_a(instruction);
  bool reads_only =
      op == OP_SETUPVAL || (op >= OP_SETTABUP && op <= OP_SETFIELD) ||
      (op >= OP_MMBIN && op <= OP_MMBINK) || (op >= OP_CLOSE && op <= OP_TEST) ||
      (op >= OP_RETURN && op <= OP_RETURN1) || op == OP_SETLIST || op == OP_EXTRAARG;
  bool several = op == OP_LOADNIL || op == OP_SELF || op == OP_CALL ||
                 op == OP_TAILCALL || (op >= OP_FORLOOP && op <= OP_TFORLOOP) ||
                 op >= OP_VARARG;
  if (reads_only) return false;
  return several ? target >= a : target == a;
}

/* Where instruction i may go on beside the next one or the one behind that. */
static bool jumps(const ws__code *f, size_t i, size_t *to) {
  uint32_t instruction = ws__code_at(f, i), bx = ws__arg_bx(instruction);
  switch (ws__op(instruction)) {
  case OP_JMP:
    *to = i + 1 + (instruction >> 7) - 0xFFFFFFu;
    return true;
  case OP_FORPREP:
    *to = i + 2 + bx;
    return true;
  case OP_TFORPREP:
    *to = i + 1 + bx;
    return true;
  case OP_FORLOOP:
  case OP_TFORLOOP:
    *to = i + 1 - bx;
    return true;
  default:
    return false;
  }
}

bool ws__code_is_entered_at(const ws__code *f, size_t first, size_t last) {
  size_t to = 0;
  if (f->instructions > JUMPS_MAX) return false;
  for (size_t i = 0; i < f->instructions; i++)
    if ((i < first || i > last) && jumps(f, i, &to) && to > first && to <= last)
      return false;
  return true;
}

static bool is_captured(const ws__code *f, uint32_t target) {
  return (f->captured[target / 8] & 1u << target % 8) != 0;
}

/* The instruction that seems to have set the register as instruction i finds it; SIZE_MAX
 * where none is near. It did if ws__code_is_entered_at says so too. */
static size_t origin(const ws__code *f, size_t i, uint32_t target) {
  if (is_captured(f, target)) return SIZE_MAX;
  for (size_t back = 1; back <= LOOK_BACK && back <= i; back++)
    if (ws__code_changes(f, i - back, target)) return i - back;
  return SIZE_MAX;
}

/* --- computed keys --- */

/* Whether the register is the variable of a numeric loop around instruction i. */
static bool is_counter(const ws__code *f, size_t i, uint32_t target) {
  if (target < 3 || is_captured(f, target) || f->instructions > JUMPS_MAX) return false;
  for (size_t start = i; start-- > 0;) {
    uint32_t instruction = ws__code_at(f, start);
    if (ws__op(instruction) != OP_FORPREP || ws__arg_a(instruction) != target - 3)
      continue;
    size_t end = start + 1 + ws__arg_bx(instruction);
    if (i >= end) continue;
    for (size_t k = start + 1; k < end; k++)
      if (ws__code_changes(f, k, target)) return false;
    return true;
  }
  return false;
}

/* Numbers, and texts that stand in arithmetic, make numbers: no metatable that code could
 * make says otherwise. */
static bool is_number(const ws__code *f, size_t i, uint32_t target) {
  if (is_counter(f, i, target)) return true;
  size_t from = origin(f, i, target);
  if (from == SIZE_MAX) return false;
  uint32_t op = op_at(f, from);
  bool number = op == OP_LOADI || op == OP_LOADF || op == OP_LEN || op == OP_UNM ||
                op == OP_BNOT || (op >= OP_ADDI && op <= OP_SHR);
  return number && ws__code_is_entered_at(f, from, i);
}

static int kind_of(const ws__code *f, uint32_t upvalue, const ws__reads *reads) {
  size_t outside = ws__code_outside(f, upvalue);
  return outside == SIZE_MAX ? UPVALUE_ANY : reads->upvalues[outside];
}

/* Whether the register holds a table of the file, or a global: no record. */
static bool is_constant(const ws__code *f, size_t i, uint32_t target,
                        const ws__reads *reads) {
  size_t from = origin(f, i, target);
  if (from == SIZE_MAX) return false;
  uint32_t op = op_at(f, from);
  if (op != OP_GETUPVAL && op != OP_GETTABUP) return false;
  int kind = kind_of(f, ws__arg_b(ws__code_at(f, from)), reads);
  return kind == (op == OP_GETUPVAL ? UPVALUE_TABLE : UPVALUE_ENVIRONMENT) &&
         ws__code_is_entered_at(f, from, i);
}

/* --- reads --- */

/* GETTABUP: a global or a field. Where the next instruction puts a field of the global in
 * its place, nothing else of it is read. */
static void find_named(const ws__code *f, size_t i, const ws__reads *reads) {
  uint32_t instruction = ws__code_at(f, i), next = ws__code_at(f, i + 1);
  uint32_t target = ws__arg_a(instruction);
  ws_text name = ws__code_constant(f, ws__arg_c(instruction)), key = {NULL, 0};
  int kind = kind_of(f, ws__arg_b(instruction), reads);
  if (kind == UPVALUE_ANY) reads->field(reads->user, name);
  if (kind != UPVALUE_ENVIRONMENT) return;
  ws_text pattern, flags;
  if (ws_text_equals(name, "rx") && !ws__code_pattern(f, i, &pattern, &flags))
    reads->any_pattern(reads->user);
  if (ws__op(next) == OP_GETFIELD && ws__arg_a(next) == target &&
      ws__arg_b(next) == target && !is_captured(f, target))
    key = ws__code_constant(f, ws__arg_c(next));
  reads->global(reads->user, name, key);
}

static void find_computed(const ws__code *f, size_t i, const ws__reads *reads) {
  uint32_t instruction = ws__code_at(f, i);
  if (!is_number(f, i, ws__arg_c(instruction)) &&
      !is_constant(f, i, ws__arg_b(instruction), reads))
    reads->any_field(reads->user);
}

/* GETFIELD and SELF. A name that has no room in SELF is in a register. */
static void find_field(const ws__code *f, size_t i, const ws__reads *reads) {
  uint32_t instruction = ws__code_at(f, i);
  if (is_constant(f, i, ws__arg_b(instruction), reads)) return;
  if (ws__op(instruction) == OP_GETFIELD || ws__arg_k(instruction))
    reads->field(reads->user, ws__code_constant(f, ws__arg_c(instruction)));
  else
    reads->any_field(reads->user);
}

void ws__lua_find_reads(const ws__code *f, const ws__reads *reads) {
  for (size_t i = 0; i < f->instructions; i++) {
    uint32_t instruction = ws__code_at(f, i);
    switch (ws__op(instruction)) {
    case OP_GETTABUP:
      find_named(f, i, reads);
      break;
    case OP_GETUPVAL:
      if (kind_of(f, ws__arg_b(instruction), reads) == UPVALUE_ENVIRONMENT)
        reads->any_global(reads->user);
      break;
    case OP_GETFIELD:
    case OP_SELF:
      find_field(f, i, reads);
      break;
    case OP_GETTABLE:
      find_computed(f, i, reads);
      break;
    default:
      break;
    }
  }
}
