/* SPDX-License-Identifier: MIT
 *
 * A file of labeling functions in Lua, loaded twice, with low limits. What it says about
 * a record must not depend on the records before, nor on hash seeds and addresses: both
 * copies see the same two records, in opposite order, and must agree.
 */
#include <string.h>

#include <weaksup/json.h>

#include "fuzz.h"
#include "lua_priv.h"
#include "program.h"

enum { LFS_MAX = 16, RECORDS = 2, INSTRUCTIONS = 20000 };

/* What an LF says about a record. */
typedef struct said {
  int32_t vote;
  ws_error err;
} said;

/* A limit that depends on what is cached may be hit by one copy only. */
static bool same(const said *a, const said *b) {
  if (ws__is_costly(a->vote) || ws__is_costly(b->vote)) return true;
  return a->vote == b->vote &&
         (a->vote >= WS_ABSTAIN || strcmp(a->err.message, b->err.message) == 0);
}

/* --- the limit on time, in instructions --- */

static void on_count(lua_State *L, lua_Debug *at) {
  (void)at;
  ws__lua_expire(ws__lua_of(L));
}

static void limit(ws__lua *lua) {
  lua_sethook(lua->L, on_count, LUA_MASKCOUNT, INSTRUCTIONS);
}

static void on_loading(void *user, ws__lua *lua, const char *file) {
  (void)user;
  if (file) limit(lua);
}

/* --- records --- */

static ws_buffer records[RECORDS];

static void free_records(void) {
  for (size_t i = 0; i < RECORDS; i++) ws_buffer_clear(&records[i]);
}

static void parse_record(ws_json_parser *parser, const char *json, ws_buffer *out) {
  ws_buffer padded = {0};
  size_t size = strlen(json);
  FUZZ_CHECK(ws_buffer_string(&padded, json) == WS_OK);
  FUZZ_CHECK(ws_buffer_reserve(&padded, WS_JSON_PADDING) == WS_OK);
  memset(padded.data + size, 0, WS_JSON_PADDING);
  FUZZ_CHECK(ws_json_parse(parser, (ws_text){padded.data, size}, out, NULL) == WS_OK);
  ws_buffer_clear(&padded);
}

static ws_value record(size_t i) {
  static const char *const texts[RECORDS] = {
      "{\"text\": \"Call 555-0100 NOW! Visit a.example/b?c=1 for $5.\", \"n\": 3, "
      "\"tags\": [\"a\", 1.5, null, {\"k\": true}], \"t\": {\"x\": 1, \"y\": 2}}",
      "{\"text\": \"caf\xC3\xA9 cr\xC3\xA8me,\\u0000 so good...\\nOne more \xE2\x82\xAC, "
      "please\", \"n\": -0.5, \"title\": \"caf\xC3\xA9\", \"none\": null}"};
  if (!records[0].data) {
    ws_json_parser *parser = NULL;
    FUZZ_CHECK(ws_json_parser_new(&parser) == WS_OK);
    for (size_t k = 0; k < RECORDS; k++) parse_record(parser, texts[k], &records[k]);
    ws_json_parser_free(parser);
    atexit(free_records);
  }
  return (ws_value){(const unsigned char *)records[i].data};
}

/* --- a copy --- */

static ws_status load(const char *path, ws__program **out, ws_error *err) {
  ws__program_options options = {.folder = path,
                                 .task = fuzz_task(),
                                 .text_field = {"text", 4},
                                 .pattern_steps = 2000,
                                 .lua_steps = 10000,
                                 .memory = 2u << 20,
                                 .load_cpu_ms = 1000,
                                 .loading = on_loading};
  return ws__program_new(&options, out, err);
}

static size_t lfs_of(const ws__program *program) {
  size_t count = ws__program_count(program);
  return count < LFS_MAX ? count : LFS_MAX;
}

static void ask(ws__program *program, size_t which, said out[LFS_MAX]) {
  ws__program_record(program, record(which));
  for (size_t j = 0; j < lfs_of(program); j++) {
    limit(ws__program_lua(program));
    out[j].err = (ws_error)WS_ERROR_INIT;
    out[j].vote = ws__program_vote(program, j, &out[j].err);
    FUZZ_CHECK(out[j].vote >= WS_ABSTAIN
                   ? out[j].vote < 2
                   : ws__is_vote_error(out[j].vote) && *out[j].err.message);
  }
}

static void compare_keys(const ws__program *a, const ws__program *b) {
  FUZZ_CHECK(ws__program_count(a) == ws__program_count(b));
  for (size_t j = 0; j < ws__program_count(a); j++) {
    const ws_lf_info *x = ws__program_at(a, j), *y = ws__program_at(b, j);
    FUZZ_CHECK(strcmp(x->name, y->name) == 0);
    FUZZ_CHECK(memcmp(&x->key, &y->key, sizeof x->key) == 0);
    FUZZ_CHECK(memcmp(&x->error_key, &y->error_key, sizeof x->error_key) == 0);
  }
}

static void compare(ws__program *a, ws__program *b) {
  said by_a[RECORDS][LFS_MAX], by_b[RECORDS][LFS_MAX];
  for (size_t i = 0; i < RECORDS; i++) {
    ask(a, i, by_a[i]);
    ask(b, RECORDS - 1 - i, by_b[RECORDS - 1 - i]);
  }
  for (size_t i = 0; i < RECORDS; i++)
    for (size_t j = 0; j < lfs_of(a); j++) FUZZ_CHECK(same(&by_a[i][j], &by_b[i][j]));
}

static void add_resources(void) {
  static bool added = false;
  if (added) return;
  fuzz_beside("words.txt", "# names\nNOW\ncr\xC3\xA8me\n");
  fuzz_beside("rows.csv", "name,class\ncall,A\n\"so, good\",B\n");
  added = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *path = fuzz_file(data, size, "a.lua");
  ws__program *a = NULL, *b = NULL;
  ws_error of_a = WS_ERROR_INIT, of_b = WS_ERROR_INIT;
  add_resources();
  ws_status status = load(path, &a, &of_a);
  FUZZ_CHECK(load(path, &b, &of_b) == status);
  if (status == WS_OK) {
    compare_keys(a, b);
    compare(a, b);
  } else {
    FUZZ_CHECK(strcmp(of_a.message, of_b.message) == 0);
  }
  ws__program_free(a);
  ws__program_free(b);
  return 0;
}
