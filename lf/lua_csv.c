/* SPDX-License-Identifier: MIT
 *
 * csv "file.csv": the rows of a table in the folder of labeling functions, read when the
 * file is loaded by the reader that reads data, with its errors.
 */
#include "lua_priv.h"

#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/reader.h>

#define READING_TYPE "table that is read"

/* A userdata, so that an error of Lua leaks nothing. */
typedef struct reading {
  ws_buffer path;
  ws_reader *reader;
  ws_records *batch;
} reading;

static int collect(lua_State *L) {
  reading *r = luaL_checkudata(L, 1, READING_TYPE);
  ws_records_free(r->batch);
  ws_reader_free(r->reader);
  ws_buffer_clear(&r->path);
  *r = (reading){.reader = NULL};
  return 0;
}

/* The file as messages call it: in the folder of the file that names it. */
static ws_status make_path(const ws__lua *lua, ws_text name, ws_buffer *out) {
  const char *from = ws__files_path(lua->options.files, lua->files[lua->file].file);
  const char *slash = strrchr(from, '/');
  if (slash) WS_TRY(ws_buffer_append(out, from, (size_t)(slash - from) + 1));
  return ws_buffer_text(out, name);
}

static bool is_tsv(ws_text name) {
  return name.size > 4 && memcmp(name.data + name.size - 4, ".tsv", 4) == 0;
}

static ws_status open_reading(ws__lua *lua, reading *r, ws_text name, ws_error *err) {
  ws_reader_options options = ws_reader_options_default();
  options.format = is_tsv(name) ? WS_INPUT_TSV : WS_INPUT_CSV;
  options.need_text = options.unique_ids = options.need_gold = false;
  options.optional_id = true;
  if (make_path(lua, name, &r->path) != WS_OK || ws_records_new(&r->batch) != WS_OK)
    return ws_error_nomem(err);
  return ws_reader_open_memory(r->path.data, ws_buffer_as_text(&lua->scratch),
                               lua->options.task, &options, &r->reader, err);
}

/* Checks that the header has the column that is argument 2. */
static void check_column(lua_State *L, const reading *r) {
  size_t count;
  ws_text wanted;
  wanted.data = lua_tolstring(L, 2, &wanted.size);
  const ws_text *columns = ws_reader_columns(r->reader, &count);
  const char **names = lua_newuserdatauv(L, (count + 1) * sizeof *names, 0);
  luaL_checkstack(L, 2, NULL);
  lua_createtable(L, 0, 0); // which keeps the names
  for (size_t i = 0; i < count; i++) {
    if (ws_text_equal(columns[i], wanted)) {
      lua_pop(L, 2);
      return;
    }
    names[i] = lua_pushlstring(L, columns[i].data, columns[i].size);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  const char *meant = ws_suggest(wanted, names, count);
  if (meant)
    luaL_error(L, "%s:1: no column '%s', did you mean '%s'?", r->path.data, wanted.data,
               meant);
  luaL_error(L, "%s:1: no column '%s'", r->path.data, wanted.data);
}

/* Adds the row at the top to the table below it, and pops it. */
static void add_row(lua_State *L, const reading *r, const ws_record *record) {
  if (lua_isnil(L, 2)) {
    lua_rawseti(L, -2, (lua_Integer)record->row + 1);
    return;
  }
  lua_pushvalue(L, 2);
  lua_rawget(L, -2);
  lua_pushvalue(L, -1);
  if (lua_rawget(L, -4) != LUA_TNIL)
    luaL_error(L, "%s:%d: two rows have '%s' in the column '%s'", r->path.data,
               (int)record->line, lua_tostring(L, -2), lua_tostring(L, 2));
  lua_pop(L, 1);
  lua_insert(L, -2);
  lua_rawset(L, -3);
}

static void push_row(lua_State *L, ws_value fields) {
  ws_value_iter it = ws_value_each(fields);
  ws_text key;
  ws_value cell;
  lua_newtable(L);
  while (ws_value_next(&it, &key, &cell)) {
    lua_pushlstring(L, key.data, key.size);
    ws__lua_push_value(L, cell);
    lua_rawset(L, -3);
  }
}

static void push_rows(lua_State *L, reading *r) {
  enum { RECORDS = 1024, BYTES = 1 << 20 };
  ws_error err = WS_ERROR_INIT;
  lua_newtable(L);
  for (size_t added = 1; added;) {
    ws_records_clear(r->batch);
    if (ws_reader_read(r->reader, r->batch, RECORDS, BYTES, &added, &err) != WS_OK)
      ws__lua_raise(L, &err);
    for (size_t i = 0; i < ws_records_count(r->batch); i++) {
      ws_record record = ws_records_at(r->batch, i);
      push_row(L, record.fields);
      add_row(L, r, &record);
    }
  }
}

/* csv(name): a list of rows, each a table of texts by the names of the header.
 * csv(name, column): the rows by what they have in that column. */
static int csv(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  ws_error err = WS_ERROR_INIT;
  ws_text name;
  ws__lua_check_reading(L, "csv(...)");
  name.data = luaL_checklstring(L, 1, &name.size);
  if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TSTRING);
  lua_settop(L, 2);
  lua->scratch.size = 0;
  if (ws__files_resource(lua->options.files, lua->files[lua->file].file, name,
                         &lua->scratch, &err) != WS_OK)
    return ws__lua_raise(L, &err);
  lua_file *file = &lua->files[lua->file];
  file->content =
      ws_hash128_join(file->content, ws_hash128_of(lua->scratch.data, lua->scratch.size));
  reading *r = lua_newuserdatauv(L, sizeof *r, 0);
  *r = (reading){.reader = NULL};
  luaL_setmetatable(L, READING_TYPE);
  if (open_reading(lua, r, name, &err) != WS_OK) return ws__lua_raise(L, &err);
  if (!lua_isnil(L, 2)) check_column(L, r);
  push_rows(L, r);
  lua_pushcfunction(L, collect); // now, not when garbage is collected
  lua_pushvalue(L, 3);
  lua_call(L, 1, 0);
  return 1;
}

void ws__lua_open_csv(lua_State *L) {
  luaL_newmetatable(L, READING_TYPE);
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  lua_pushcfunction(L, csv);
  ws__lua_builtin(L, "csv");
}
