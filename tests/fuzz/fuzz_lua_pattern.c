/* SPDX-License-Identifier: MIT
 *
 * Lua's string patterns: our functions must give what Lua's own give, errors included.
 * Four bytes, for the function, the start, and the sizes of the pattern and of the
 * replacement; then these two and the subject.
 */
#include <string.h>

#include "fuzz.h"
#include "lua_pattern.h"

/* Lua's own take exponential time on more. */
enum { SUBJECT_MAX = 32, PATTERN_MAX = 60, REPEATS_MAX = 4 };

/* compare(stock, own, kind, subject, pattern, replacement, init): nothing, or what each
 * gives, as texts. */
static const char compare_source[] =
    "local function show(ok, ...)\n"
    "  local out = { ok and 'returned' or 'raised' }\n"
    "  for i = 1, select('#', ...) do\n"
    "    local v = select(i, ...)\n"
    "    out[i + 1] = math.type(v) or type(v) .. ':' .. tostring(v)\n"
    "    if math.type(v) then out[i + 1] = out[i + 1] .. ':' .. v end\n"
    "  end\n"
    "  return table.concat(out, '|')\n"
    "end\n"
    "local by = {\n"
    "  [4] = function(a, b) if #a % 3 > 0 then return b or a .. '!' end end,\n"
    "  [5] = { a = '[a]', b = false, [1] = 7, [''] = '-' },\n"
    "}\n"
    "local function all(lib, s, p, init)\n"
    "  local out = {}\n"
    "  for a, b, c in lib.gmatch(s, p, init) do\n"
    "    out[#out + 1] = show(true, a, b, c)\n"
    "  end\n"
    "  return table.concat(out, ';')\n"
    "end\n"
    "local function run(lib, kind, s, p, r, init)\n"
    "  if kind == 0 then return show(pcall(lib.find, s, p, init)) end\n"
    "  if kind == 1 then return show(pcall(lib.match, s, p, init)) end\n"
    "  if kind == 2 then return show(pcall(all, lib, s, p, init)) end\n"
    "  if kind == 6 then return show(pcall(lib.find, s, p, init, true)) end\n"
    "  return show(pcall(lib.gsub, s, p, by[kind] or r, init))\n"
    "end\n"
    "local stock, own = ...\n"
    "return function(...)\n"
    "  local ours = run(own, ...)\n"
    "  if spent() then return end\n"
    "  local lua = run(stock, ...)\n"
    "  if lua ~= ours then return lua, ours end\n"
    "end\n";

static ws__lua budget; // holds nothing else
static lua_State *L;

static int is_spent(lua_State *state) {
  lua_pushboolean(state, budget.spent);
  return 1;
}

static void close_state(void) {
  lua_close(L);
}

/* The function to compare with stays at the bottom of the stack. */
static void open_state(void) {
  L = luaL_newstate();
  FUZZ_CHECK(L);
  atexit(close_state);
  *(ws__lua **)lua_getextraspace(L) = &budget;
  budget.L = L;
  budget.options.steps = 100000;
  luaL_openlibs(L);
  lua_register(L, "spent", is_spent);
  FUZZ_CHECK(luaL_loadstring(L, compare_source) == LUA_OK);
  lua_getglobal(L, "string");
  lua_newtable(L);
  ws__lua_open_strings(L);
  lua_call(L, 2, 1);
}

static bool is_cheap(ws_text pattern) {
  size_t repeats = 0;
  for (size_t i = 0; i < pattern.size; i++)
    repeats += pattern.data[i] && strchr("*+-?", pattern.data[i]);
  return pattern.size <= PATTERN_MAX && repeats <= REPEATS_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 4 || (size_t)data[2] + data[3] + 4 > size) return 0;
  const char *at = (const char *)data + 4;
  ws_text pattern = {at, data[2]}, replacement = {at + data[2], data[3]};
  ws_text subject = {replacement.data + data[3], size - 4 - data[2] - data[3]};
  if (!is_cheap(pattern) || subject.size > SUBJECT_MAX) return 0;
  if (!L) open_state();
  budget.steps = budget.options.steps;
  budget.spent = false;
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, data[0] % 7);
  lua_pushlstring(L, subject.data, subject.size);
  lua_pushlstring(L, pattern.data, pattern.size);
  lua_pushlstring(L, replacement.data, replacement.size);
  if (data[1]) lua_pushinteger(L, (signed char)data[1]);
  FUZZ_CHECK(lua_pcall(L, data[1] ? 5 : 4, 2, 0) == LUA_OK);
  FUZZ_CHECK(lua_isnil(L, -1));
  return 0;
}
