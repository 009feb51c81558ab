/* SPDX-License-Identifier: MIT
 *
 * For tests of the engine that runs LFs: it runs in this process here, without workers.
 */
#ifndef LF_ENGINE_H
#define LF_ENGINE_H

#include <weaksup/json.h>

#include "lf_test.h"
#include "program.h"

typedef struct lf_engine {
  lf_fixture f;
  ws__program_options options;
  ws__program *program;
  ws_json_parser *parser;
  ws_buffer record;
  ws_error err;
} lf_engine;

static inline void lf_ignore_loading(void *user, ws__lua *lua, const char *file) {
  (void)user, (void)lua, (void)file;
}

/* Of a folder of LFs, with limits that decide nothing but where a test is about them. */
static inline ws__program_options lf_program_options(const char *folder,
                                                     const ws_task *task) {
  return (ws__program_options){.folder = folder,
                               .task = task,
                               .text_field = {"text", 4},
                               .pattern_steps = 1000000,
                               .lua_steps = 1000000,
                               .memory = 16u << 20,
                               .load_cpu_ms = 1000,
                               .loading = lf_ignore_loading};
}

static inline void lf_engine_begin(lf_engine *e) {
  memset(e, 0, sizeof *e);
  lf_begin(&e->f, "HAM,SPAM,two words");
  e->options = lf_program_options(e->f.lfs, e->f.task);
  assert_ok(ws_json_parser_new(&e->parser), NULL);
}

static inline void lf_engine_end(lf_engine *e) {
  ws__program_free(e->program);
  ws_json_parser_free(e->parser);
  ws_buffer_clear(&e->record);
  lf_end(&e->f);
}

/* For cmocka. */
static inline int lf_engine_setup(void **state) {
  lf_engine *e = calloc(1, sizeof *e);
  assert_non_null(e);
  lf_engine_begin(e);
  *state = e;
  return 0;
}

static inline int lf_engine_teardown(void **state) {
  lf_engine_end(*state);
  free(*state);
  return 0;
}

static inline ws_status lf_engine_load(lf_engine *e) {
  ws__program_free(e->program);
  e->program = NULL;
  return ws__program_new(&e->options, &e->program, &e->err);
}

/* The record is a JSON object. */
static inline void lf_engine_take(lf_engine *e, const char *json) {
  ws_buffer text = {0};
  assert_ok(ws_buffer_string(&text, json), NULL);
  assert_ok(ws_buffer_reserve(&text, WS_JSON_PADDING), NULL);
  e->record.size = 0;
  assert_ok(ws_json_parse(e->parser, ws_buffer_as_text(&text), &e->record, &e->err),
            &e->err);
  ws_buffer_clear(&text);
  ws__program_record(e->program, (ws_value){(const unsigned char *)e->record.data});
}

/* The vote of LF 0 of a file with this text, on a record. */
static inline int32_t lf_engine_vote(lf_engine *e, const char *source, const char *json) {
  lf_file(&e->f, "a.lua", source);
  assert_ok(lf_engine_load(e), &e->err);
  lf_engine_take(e, json);
  return ws__program_vote(e->program, 0, &e->err);
}

/* With the body of a function. */
static inline int32_t lf_engine_run(lf_engine *e, const char *body) {
  char source[4096];
  snprintf(source, sizeof source, "function lf.it(x) %s end", body);
  return lf_engine_vote(
      e, source, "{\"text\": \"Hello World\", \"n\": 3, \"tags\": [\"a\", \"b\"]}");
}

static inline void lf_expect_error(lf_engine *e, const char *body, const char *part) {
  int32_t found = lf_engine_run(e, body);
  bool failed = ws__is_vote_error(found);
  if (!failed) print_error("%s: voted %d\n", body, found);
  assert_true(failed);
  if (!strstr(e->err.message, part)) print_error("%s: %s\n", body, e->err.message);
  assert_non_null(strstr(e->err.message, part));
  assert_non_null(strstr(e->err.message, "/a.lua:1: in 'it': "));
}

static inline void lf_expect_load_error(lf_engine *e, const char *source,
                                        const char *part) {
  lf_file(&e->f, "a.lua", source);
  ws_status status = lf_engine_load(e);
  if (status != WS_ELF) print_error("%s\n", source);
  assert_int_equal(status, WS_ELF);
  if (!strstr(e->err.message, part)) print_error("%s: %s\n", source, e->err.message);
  assert_non_null(strstr(e->err.message, part));
}

/* A function with this body does not load. */
static inline void lf_expect_refused(lf_engine *e, const char *body, const char *part) {
  char source[4096];
  snprintf(source, sizeof source, "function lf.it(x) %s end", body);
  lf_expect_load_error(e, source, part);
  assert_non_null(strstr(e->err.message, "/a.lua:1: "));
}

#endif
