/* SPDX-License-Identifier: MIT
 *
 * The Lua state under its limits, and the calls into it.
 *
 * A limit that was hit must end the call whatever the Lua code does: the state remembers
 * it, the hook that raises the time limit stays armed, and pcall raises all again. How
 * long a call took is measured outside (limits.c), which calls ws__lua_expire. What an
 * error then says is lua_error.c's.
 */
#include "lua_priv.h"

#include <limits.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/task_file.h>

#include "limits.h"

const char ws__lua_lfs, ws__lua_subjects;

const char *ws_lua_version(void) {
  return LUA_RELEASE;
}

/* --- limits --- */

/* Lua asks a second time, once it has collected garbage. Where it takes a no, as for a
 * longer stack, the error that follows says nothing of memory. */
static void *refuse(ws__lua *lua, const void *ptr, size_t size) {
  if (lua->refused == ptr && lua->refused_size == size) lua->starved = true;
  lua->refused = ptr;
  lua->refused_size = size;
  return NULL;
}

/* Lua seeds the hashes of its texts with the address of the state, which is the first
 * block that it asks for: the salt moves that. (Addresses mostly differ anyway, from
 * process to process; where they do not, this makes sure.) */
static size_t shift_of(const ws__lua *lua) {
  enum { ALIGNED = 16, PLACES = 256 };
  return (size_t)(lua->options.hash_salt % PLACES) * ALIGNED;
}

static void *allocate_state(ws__lua *lua, size_t size) {
  char *block = ws_alloc(size + shift_of(lua));
  if (!block) return NULL;
  lua->used += size;
  return lua->block = block + shift_of(lua);
}

static void *allocate(void *user, void *ptr, size_t old, size_t size) {
  ws__lua *lua = user;
  if (!lua->block) return allocate_state(lua, size);
  if (size == 0 && ptr == lua->block) {
    ws_free(lua->block - shift_of(lua));
    return NULL;
  }
  if (!ptr) old = 0; // it says what the memory is for
  if (size == 0) {
    ws_free(ptr);
    lua->used -= old;
    return NULL;
  }
  if (size > old && size - old > lua->ceiling - lua->used) return refuse(lua, ptr, size);
  void *block = ws_realloc_array(ptr, size, 1);
  if (!block) return refuse(lua, ptr, size);
  lua->used = lua->used - old + size;
  if (size > old) lua->refused_size = 0;
  return block;
}

static void say_expired(lua_State *L) {
  lua_pushfstring(L, "took more than %d ms of CPU time",
                  (int)ws__lua_of(L)->options.cpu_ms);
}

static void on_expired(lua_State *L, lua_Debug *at) {
  (void)at;
  say_expired(L);
  lua_error(L);
}

void ws__lua_expire(ws__lua *lua) {
  lua->expired = 1;
  lua_sethook(lua->L, on_expired, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

static void on_counted(lua_State *L, lua_Debug *at) {
  ws__lua *lua = ws__lua_of(L);
  (void)at;
  lua->spent = true;
  luaL_error(L, "took more than %I instructions", (lua_Integer)lua->options.instructions);
}

/* From here on; the hook that time is up with takes its place. */
static void count_instructions(const ws__lua *lua) {
  uint64_t most = lua->options.instructions;
  if (most)
    lua_sethook(lua->L, on_counted, LUA_MASKCOUNT, most < INT_MAX ? (int)most : INT_MAX);
}

void ws__lua_forget_expiry(ws__lua *lua) {
  if (lua->expired) lua_sethook(lua->L, NULL, 0, 0);
  lua->expired = 0;
}

void ws__lua_forget_limits(ws__lua *lua) {
  ws__lua_forget_expiry(lua);
  lua->exhausted = lua->spent = lua->fatal = lua->starved = false;
  lua->refused_size = 0;
}

static bool hit_limit(const ws__lua *lua) {
  return lua->expired || lua->exhausted || lua->spent || lua->fatal;
}

/* Whether the error at the top is that calls are too deep inside one another. Another
 * labeling function may have read a field before, which is then read without a call. */
static bool is_overflow(lua_State *L, int status) {
  if (status == LUA_ERRERR) return true;
  if (status != LUA_ERRRUN || lua_type(L, -1) != LUA_TSTRING) return false;
  return strstr(lua_tostring(L, -1), "stack overflow") != NULL;
}

int ws__lua_out_of_steps(ws__lua *lua) {
  lua->spent = true;
  lua->steps = 0;
  return luaL_error(lua->L, "string functions took more than %I steps",
                    (lua_Integer)lua->options.steps);
}

void ws__lua_collect(ws__lua *lua) {
  enum { GARBAGE_MIN = 2 << 20 };
  lua_gc(lua->L, LUA_GCSTOP);
  lua_gc(lua->L, LUA_GCCOLLECT);
  lua->collect_at = lua->used + (lua->used > GARBAGE_MIN ? lua->used : GARBAGE_MIN);
  size_t most = lua->ceiling - lua->options.memory / 4;
  if (lua->collect_at > most && lua->used < most) lua->collect_at = most;
}

/* Without the line in front of the message at the top: code of a generated file could
 * tell by it that comments stand above it now that were not there when it was judged. */
static void hide_line(lua_State *L) {
  static const char mark[] = "lua:";
  size_t size = 0, at = sizeof mark - 1;
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : "";
  if (strncmp(text, mark, at) != 0) return;
  size_t digits = strspn(text + at, "0123456789");
  if (!digits || strncmp(text + at + digits, ": ", 2) != 0) return;
  at += digits + 2;
  lua_pushlstring(L, text + at, size - at);
  lua_remove(L, -2);
}

int ws__lua_pcall(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  lua_file *file = lua->loading ? NULL : &lua->files[lua->file];
  size_t running = file ? file->running_count : 0;
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
  bool paid = !file || status == LUA_OK || ws__lua_unwind_derived(lua, file, running);
  if (status == LUA_ERRMEM || (status != LUA_OK && lua->starved)) lua->exhausted = true;
  if (is_overflow(L, status)) lua->fatal = true;
  if (!paid && !hit_limit(lua)) return ws__lua_out_of_steps(lua);
  if (hit_limit(lua)) {
    if (status == LUA_OK) say_expired(L);
    return lua_error(L);
  }
  if (status == LUA_OK) return lua_gettop(L);
  if (lua->files[lua->file].generated) hide_line(L);
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  return 2;
}

bool ws__lua_unwind_derived(ws__lua *lua, lua_file *file, size_t kept) {
  bool paid = true;
  while (file->running_count > kept) {
    size_t last = --file->running_count;
    uint64_t taken = lua->options.steps - lua->steps, left = file->outer_steps[last];
    paid = paid && taken <= left;
    lua->steps = taken <= left ? left - taken : 0;
    file->state[file->running[last]] = DERIVED_UNSET;
  }
  return paid;
}

/* --- life --- */

static int set_up(lua_State *L) {
  luaL_checkstack(L, 20, NULL);
  lua_pushcfunction(L, ws__lua_on_error);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ws__lua_lfs);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ws__lua_subjects);
  ws__lua_open_record(L);
  ws__lua_open_std(L);
  return 3;
}

ws_status ws__lua_new(const ws__lua_options *options, ws__lua **out, ws_error *err) {
  ws__lua *lua = ws_alloc_zero(1, sizeof *lua);
  if (!lua) return ws_error_nomem(err);
  lua->options = *options;
  lua->ceiling = options->memory;
  lua->L = lua_newstate(allocate, lua);
  if (!lua->L) goto fail;
  *(ws__lua **)lua_getextraspace(lua->L) = lua;
  lua_pushcfunction(lua->L, set_up);
  if (lua_pcall(lua->L, 0, STACK_TOP, 0) != LUA_OK) goto fail;
  *out = lua;
  return WS_OK;

fail:
  ws__lua_free(lua);
  return ws_error_nomem(err);
}

void ws__lua_free(ws__lua *lua) {
  if (!lua) return;
  if (lua->L) lua_close(lua->L);
  ws__lua_clear_screen(lua);
  ws__lua_graph_free(lua->graph);
  ws_free(lua->lfs);
  ws_free(lua->notes);
  ws_free(lua->files);
  ws_arena_clear(&lua->arena);
  ws_buffer_clear(&lua->scratch);
  ws_free(lua);
}

void ws__lua_set_cpu_ms(ws__lua *lua, unsigned cpu_ms) {
  lua->options.cpu_ms = cpu_ms;
}

void ws__lua_raise_ceiling(ws__lua *lua, unsigned times) {
  uint64_t memory = lua->options.memory, most = memory * times;
  if (most / times != memory || most < memory) most = memory;
  lua->ceiling = lua->used + memory < most ? lua->used + memory : most;
}

void ws__lua_end_loading(ws__lua *lua) {
  lua->loaded = true;
  ws__lua_raise_ceiling(lua, LOAD_MEMORY + 1);
  ws__lua_collect(lua);
  lua->pattern_count = lua->pattern_bytes = 0;
  ws__lua_screen_patterns(lua);
}

size_t ws__lua_count(const ws__lua *lua) {
  return lua->lf_count;
}

const ws__lua_lf *ws__lua_at(const ws__lua *lua, size_t i) {
  return &lua->lfs[i];
}

/* --- calls --- */

static ws_lf_error_kind kind_of(const ws__lua *lua) {
  if (lua->exhausted) return WS_LF_ERROR_MEMORY;
  if (lua->expired) return WS_LF_ERROR_CPU;
  return lua->spent ? WS_LF_ERROR_PATTERN : WS_LF_ERROR_RUNTIME;
}

const char *ws__lua_traceback(const ws__lua *lua) {
  return lua->traceback;
}

static ws_status call_once(ws__lua *lua, size_t i, int32_t *vote, ws_lf_error_kind *kind,
                           ws_error *err) {
  lua_State *L = lua->L;
  const ws__lua_lf *lf = &lua->lfs[i];
  ws__lua_forget_limits(lua);
  lua->file = lf->file;
  lua->steps = lua->options.steps;
  ws__lua_begin_patterns(lua);
  count_instructions(lua);
  lua_rawgeti(L, STACK_LFS, (lua_Integer)i + 1);
  lua_rawgeti(L, STACK_SUBJECTS, (lua_Integer)lf->subject);
  ws_status status = ws__lua_protect(lua, 1, 2, lf->name, lf->line, err);
  if (status == WS_OK) {
    ws_error why; // filled where it fails
    status = ws__lua_read_vote(lua, lf, vote, &why);
    if (status != WS_OK) ws__lua_fail(lua, lf->name, lf->line, why.message, err);
    *kind = WS_LF_ERROR_VOTE;
  } else {
    *kind = kind_of(lua);
    ws__lua_unwind_derived(lua, &lua->files[lf->file], 0);
  }
  lua_settop(L, STACK_TOP);
  if (hit_limit(lua) || lua->used > lua->collect_at) ws__lua_collect(lua);
  if (hit_limit(lua))
    ws__lua_forget_limits(lua); // last: the time may run out while collecting
  return status;
}

/* What others have read of the record takes memory as well. Where a call lacks some, it
 * is made again without that: the memory that it has does not depend on who came before.
 */
ws_status ws__lua_call(ws__lua *lua, size_t i, int32_t *vote, ws_lf_error_kind *kind,
                       ws_error *err) {
  bool shared = lua->dirty;
  ws_status status = call_once(lua, i, vote, kind, err);
  if (status == WS_OK || *kind != WS_LF_ERROR_MEMORY || !shared) return status;
  ws__lua_new_record(lua);
  ws__lua_collect(lua);
  ws__limits_restart();
  return call_once(lua, i, vote, kind, err);
}
