/* SPDX-License-Identifier: MIT
 *
 * Reading weaksup.lua. It runs in a Lua state of its own in which there is nothing: no
 * library, no function, not even methods of strings; so that all it can do is to build
 * its tables, within limits on steps and memory.
 */
#include <weaksup/task_file.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>

#include "lua_priv.h"

enum {
  FILE_MAX = 1 << 20,
  STEPS_MAX = 10000000,
  LOOK_EVERY = 100, // steps between two looks at the clock
  SECONDS_MAX = 2   // of processor time: a step may compare long texts
};
static const size_t memory_max = 16u << 20, asked_max = 1u << 30;

typedef struct reading {
  const char *path;
  ws_text source;
  ws_task *task;
  size_t used;  // bytes of the Lua state
  size_t asked; // bytes that were ever asked for: making them takes time
  int steps;
  double began; // seconds of processor time
  ws_error err;
} reading;

/* --- the state --- */

static void *allocate(void *user, void *ptr, size_t old, size_t size) {
  reading *r = user;
  if (!ptr) old = 0;
  if (size == 0) {
    ws_free(ptr);
    r->used -= old;
    return NULL;
  }
  if (size > old && size - old > memory_max - r->used) return NULL;
  if (size > asked_max - r->asked) return NULL;
  r->asked += size;
  void *block = ws_realloc_array(ptr, size, 1);
  if (block) r->used = r->used - old + size;
  return block;
}

static double seconds_used(void) {
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void on_steps(lua_State *L, lua_Debug *at) {
  reading *r = *(reading **)lua_getextraspace(L);
  r->steps += LOOK_EVERY;
  if (r->steps < STEPS_MAX && seconds_used() - r->began < SECONDS_MAX) return;
  lua_getinfo(L, "l", at);
  luaL_error(L, "lua:%d: the task file takes too long", at->currentline);
}

static int on_unknown(lua_State *L) {
  const char *name = luaL_checkstring(L, 2);
  return luaL_error(L, "undefined name '%s' (a text needs quotes: \"%s\")", name, name);
}

/* --- values --- */

/* The string at the top; false where it is none or not UTF-8. */
static bool read_text(lua_State *L, ws_text *out) {
  if (lua_type(L, -1) != LUA_TSTRING) return false;
  out->data = lua_tolstring(L, -1, &out->size);
  return ws_utf8_valid(*out);
}

static ws_status expected(reading *r, const char *key, const char *what,
                          const char *found) {
  return ws_error_set(&r->err, WS_EPARSE, "%s: expected %s, found %s", key, what, found);
}

/* The table at the top, checked to be a list of strings. */
static ws_status check_list(lua_State *L, reading *r, size_t *count) {
  static const char wanted[] = "a list of strings";
  if (lua_type(L, -1) != LUA_TTABLE)
    return expected(r, "classes", wanted, ws__lua_type_text(L));
  int list = lua_gettop(L);
  *count = lua_rawlen(L, list);
  size_t keys = ws__lua_push_keys(L);
  for (size_t i = 1; i <= keys; i++) {
    ws_text text;
    lua_rawgeti(L, list + 1, (lua_Integer)i);
    if (!lua_isinteger(L, -1)) return expected(r, "classes", wanted, "a table with keys");
    lua_rawget(L, list);
    if (lua_type(L, -1) == LUA_TSTRING && !read_text(L, &text))
      return ws_error_set(&r->err, WS_EPARSE, "classes: not valid UTF-8");
    if (lua_type(L, -1) != LUA_TSTRING)
      return expected(r, "classes", wanted, ws__lua_type_text(L));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  if (keys != *count) return expected(r, "classes", wanted, "a list with holes");
  return WS_OK;
}

static ws_status read_classes(lua_State *L, reading *r) {
  size_t count = 0;
  lua_pushglobaltable(L);
  lua_pushliteral(L, "classes");
  lua_rawget(L, -2);
  WS_TRY(check_list(L, r, &count));
  ws_text *names = lua_newuserdatauv(L, (count + 1) * sizeof *names, 0);
  for (size_t i = 0; i < count; i++) {
    lua_rawgeti(L, -2, (lua_Integer)i + 1);
    names[i].data = lua_tolstring(L, -1, &names[i].size);
    lua_pop(L, 1); // the list keeps it
  }
  WS_TRY(ws_task_new(names, count, &r->task, &r->err));
  lua_pop(L, 3);
  return WS_OK;
}

static bool is_path(ws_task_key key) {
  return key == WS_TASK_DATA || key == WS_TASK_DEV || key == WS_TASK_TEST;
}

/* A path of the task file is relative to the file's folder. */
static ws_status set_path(reading *r, ws_task_key key, ws_text path) {
  const char *slash = strrchr(r->path, '/');
  if (!slash || ws_text_equals(path, "-") || (path.size && path.data[0] == '/'))
    return ws_task_set(r->task, key, path, &r->err);
  ws_buffer joined = {0};
  ws_status status = ws_buffer_append(&joined, r->path, (size_t)(slash - r->path) + 1);
  if (status == WS_OK) status = ws_buffer_text(&joined, path);
  status = status == WS_OK
               ? ws_task_set(r->task, key, ws_buffer_as_text(&joined), &r->err)
               : ws_error_nomem(&r->err);
  ws_buffer_clear(&joined);
  return status;
}

static ws_status read_key(lua_State *L, reading *r, ws_task_key key) {
  const char *name = ws_task_key_name(key);
  ws_text text;
  lua_pushglobaltable(L);
  lua_pushstring(L, name);
  int type = lua_rawget(L, -2);
  if (type != LUA_TNIL) {
    if (type != LUA_TSTRING) return expected(r, name, "a string", ws__lua_type_text(L));
    if (!read_text(L, &text))
      return ws_error_set(&r->err, WS_EPARSE, "%s: not valid UTF-8", name);
    if (text.size == 0 && is_path(key))
      return expected(r, name, "a path", "an empty string");
    WS_TRY(is_path(key) ? set_path(r, key, text)
                        : ws_task_set(r->task, key, text, &r->err));
  }
  lua_pop(L, 2);
  return WS_OK;
}

static ws_status unknown_class(reading *r, ws_text name) {
  const char *meant = ws_task_suggest(r->task, name);
  if (!meant)
    return ws_error_set(&r->err, WS_EPARSE, "describe: '%.*s' is no class",
                        WS_TEXT_ARG(name));
  return ws_error_set(&r->err, WS_EPARSE,
                      "describe: '%.*s' is no class, did you mean '%s'?",
                      WS_TEXT_ARG(name), meant);
}

/* One entry: its key and value are at the top. */
static ws_status read_description(lua_State *L, reading *r) {
  ws_text name, words;
  if (lua_type(L, -2) != LUA_TSTRING)
    return expected(r, "describe", "a table from class names to strings", "a list");
  name.data = lua_tolstring(L, -2, &name.size);
  int32_t k = ws_task_find(r->task, name);
  if (k == WS_ABSTAIN) return unknown_class(r, name);
  if (!read_text(L, &words))
    return expected(r, "describe", "strings", ws__lua_type_text(L));
  if (ws_task_set_describe(r->task, (size_t)k, words) != WS_OK)
    return ws_error_nomem(&r->err);
  return WS_OK;
}

static ws_status read_describe(lua_State *L, reading *r) {
  lua_pushglobaltable(L);
  lua_pushliteral(L, "describe");
  int type = lua_rawget(L, -2);
  if (type == LUA_TNIL) return WS_OK;
  if (type != LUA_TTABLE)
    return expected(r, "describe", "a table from class names to strings",
                    ws__lua_type_text(L));
  int table = lua_gettop(L);
  size_t keys = ws__lua_push_keys(L);
  for (size_t i = 1; i <= keys; i++) {
    lua_rawgeti(L, table + 1, (lua_Integer)i);
    lua_pushvalue(L, -1);
    lua_rawget(L, table);
    WS_TRY(read_description(L, r));
    lua_pop(L, 2);
  }
  return WS_OK;
}

/* A member of prices, where it is there. */
static ws_status read_price(lua_State *L, reading *r, const char *name, double *out) {
  lua_pushstring(L, name);
  int type = lua_rawget(L, -2);
  if (type == LUA_TNUMBER)
    *out = lua_tonumber(L, -1);
  else if (type != LUA_TNIL)
    return expected(r, "prices", "numbers", ws__lua_type_text(L));
  lua_pop(L, 1);
  return WS_OK;
}

static ws_status read_prices(lua_State *L, reading *r) {
  ws_task_prices prices = {(double)NAN, (double)NAN};
  lua_pushglobaltable(L);
  lua_pushliteral(L, "prices");
  int type = lua_rawget(L, -2);
  if (type != LUA_TNIL && type != LUA_TTABLE)
    return expected(r, "prices", "a table { input = USD, output = USD }",
                    ws__lua_type_text(L));
  if (type == LUA_TTABLE) {
    WS_TRY(read_price(L, r, "input", &prices.input));
    WS_TRY(read_price(L, r, "output", &prices.output));
    if (isnan(prices.input) || isnan(prices.output))
      return expected(r, "prices",
                      "numbers `input` and `output`, USD for a million tokens",
                      "another table");
    WS_TRY(ws_task_set_prices(r->task, prices, &r->err));
  }
  lua_pop(L, 2);
  return WS_OK;
}

/* --- keys --- */

enum { KNOWN = WS_TASK_KEYS + 3 };

static void known_keys(const char *names[KNOWN]) {
  for (int key = 0; key < WS_TASK_KEYS; key++)
    names[key] = ws_task_key_name((ws_task_key)key);
  names[WS_TASK_KEYS] = "classes";
  names[WS_TASK_KEYS + 1] = "describe";
  names[WS_TASK_KEYS + 2] = "prices";
}

static bool is_known(const char *name) {
  const char *names[KNOWN];
  known_keys(names);
  for (size_t i = 0; i < KNOWN; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

/* How models are fitted is looked for here, too, but said by options. */
static bool is_setting(const char *name) {
  static const char *const settings[] = {
      "class_balance", "label_model", "prior", "class_weight", "features", "model",
      "recipe",        "hidden",      "c",     "threshold",    "seed",     "jobs"};
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    if (strcmp(settings[i], name) == 0) return true;
  return false;
}

/* The first of the unknown ones, in byte order. */
static ws_status check_keys(lua_State *L, reading *r) {
  const char *unknown = NULL, *names[KNOWN];
  lua_pushglobaltable(L);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
    bool whole = strlen(name) == (size_t)lua_rawlen(L, -2); // holds no NUL
    if (!(whole && is_known(name)) && (!unknown || strcmp(name, unknown) < 0))
      unknown = name;
  }
  lua_pop(L, 1);
  if (!unknown) return WS_OK;
  if (is_setting(unknown))
    return ws_error_set(&r->err, WS_EPARSE,
                        "unknown key '%s': the task file says what the data are; this is "
                        "an option of the command, with '-' for '_'",
                        unknown);
  known_keys(names);
  const char *meant = ws_suggest(ws_text_of(unknown), names, KNOWN);
  if (!meant) return ws_error_set(&r->err, WS_EPARSE, "unknown key '%.100s'", unknown);
  return ws_error_set(&r->err, WS_EPARSE, "unknown key '%.100s', did you mean '%s'?",
                      unknown, meant);
}

static ws_status read_all(lua_State *L, reading *r) {
  WS_TRY(check_keys(L, r));
  WS_TRY(read_classes(L, r));
  for (int key = 0; key < WS_TASK_KEYS; key++) WS_TRY(read_key(L, r, (ws_task_key)key));
  WS_TRY(read_prices(L, r));
  return read_describe(L, r);
}

/* --- running --- */

/* In a protected call. What goes wrong with the values is left in r->err. */
static int run(lua_State *L) {
  reading *r = lua_touserdata(L, 1);
  ws_text source = r->source;
  if (source.size >= 3 && memcmp(source.data, "\xEF\xBB\xBF", 3) == 0)
    source = (ws_text){source.data + 3, source.size - 3};
  if (luaL_loadbufferx(L, source.data, source.size, "=lua", "t") != LUA_OK) lua_error(L);
  lua_pushglobaltable(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, on_unknown);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
  r->began = seconds_used();
  lua_sethook(L, on_steps, LUA_MASKCOUNT, LOOK_EVERY);
  lua_call(L, 0, 0);
  lua_sethook(L, NULL, 0, 0);
  if (read_all(L, r) != WS_OK) ws_error_prefix(&r->err, "%s: ", r->path);
  return 0;
}

static ws_status explain(lua_State *L, const reading *r, int status, ws_error *err) {
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "an error";
  int line = ws__lua_position(&text);
  if (status == LUA_ERRMEM)
    return ws_error_set(err, WS_EPARSE,
                        "%s: needs more than %zu MiB of memory, or %zu MiB in all",
                        r->path, memory_max >> 20, asked_max >> 20);
  if (line == 0) return ws_error_set(err, WS_EPARSE, "%s: %s", r->path, text);
  return ws_error_set(err, WS_EPARSE, "%s:%d: %s", r->path, line, text);
}

static ws_status run_limited(reading *r, ws_error *err) {
  lua_State *L = lua_newstate(allocate, r);
  if (!L) return ws_error_nomem(err);
  *(reading **)lua_getextraspace(L) = r;
  lua_pushcfunction(L, run);
  lua_pushlightuserdata(L, r);
  int code = lua_pcall(L, 1, 0, 0);
  ws_status status = code == LUA_OK ? r->err.status : explain(L, r, code, err);
  if (code == LUA_OK && status != WS_OK && err) *err = r->err;
  lua_close(L);
  return status;
}

static ws_status load(reading *r, ws_buffer *bytes, ws_error *err) {
  WS_TRY(ws_input_file(r->path, FILE_MAX, bytes, err));
  r->source = ws_buffer_as_text(bytes);
  if (!ws_utf8_valid(r->source)) {
    ws_status status = ws_not_utf8(r->source, err);
    ws_error_prefix(err, "%s: ", r->path);
    return status;
  }
  return run_limited(r, err);
}

ws_status ws_task_load(const char *path, ws_task **out, ws_error *err) {
  reading r = {.path = path};
  ws_buffer bytes = {0};
  ws_status status = load(&r, &bytes, err);
  ws_buffer_clear(&bytes);
  if (status == WS_OK)
    *out = r.task;
  else
    ws_task_free(r.task);
  return status;
}
