/* SPDX-License-Identifier: MIT
 *
 * Patterns of Lua code that are looked for together must say what each says alone. The
 * engine runs in this process here.
 */
#include "../lf/lf_test.h"
#include "program.h"

#include <weaksup/json.h>

typedef struct engine {
  lf_fixture f;
  ws__program *program;
  ws_json_parser *parser;
  ws_buffer record;
  uint32_t seed;
} engine;

static void on_loading(void *user, ws__lua *lua, const char *file) {
  (void)user, (void)lua, (void)file;
}

static void load(engine *e, uint64_t steps) {
  ws_error err = WS_ERROR_INIT;
  ws__program_options options = {.folder = e->f.lfs,
                                 .task = e->f.task,
                                 .text_field = {"text", 4},
                                 .pattern_steps = steps,
                                 .lua_steps = 1000000,
                                 .memory = 16u << 20,
                                 .load_cpu_ms = 1000,
                                 .loading = on_loading};
  ws__program_free(e->program);
  e->program = NULL;
  assert_ok(ws__program_new(&options, &e->program, &err), &err);
}

static int begin(void **state) {
  engine *e = calloc(1, sizeof *e);
  lf_begin(&e->f, "HAM,SPAM");
  assert_int_equal(ws_json_parser_new(&e->parser), WS_OK);
  e->seed = 7;
  *state = e;
  return 0;
}

static int end(void **state) {
  engine *e = *state;
  ws__program_free(e->program);
  ws_json_parser_free(e->parser);
  ws_buffer_clear(&e->record);
  lf_end(&e->f);
  free(e);
  return 0;
}

static void take(engine *e, const char *text) {
  ws_error err = WS_ERROR_INIT;
  ws_buffer json = {0};
  assert_ok(ws_buffer_printf(&json, "{\"text\": \"%s\"}", text), NULL);
  assert_ok(ws_buffer_reserve(&json, WS_JSON_PADDING), NULL);
  e->record.size = 0;
  assert_ok(ws_json_parse(e->parser, ws_buffer_as_text(&json), &e->record, &err), &err);
  ws_buffer_clear(&json);
  ws__program_record(e->program, (ws_value){(unsigned char *)e->record.data});
}

static int32_t vote(engine *e, size_t j) {
  ws_error err = WS_ERROR_INIT;
  return ws__program_vote(e->program, j, &err);
}

static const char *pick(engine *e, const char *const *from, size_t count) {
  e->seed = e->seed * 1664525u + 1013904223u;
  return from[(e->seed >> 16) % count];
}

#define PICK(e, ...)                                                                     \
  pick((e), (const char *const[]){__VA_ARGS__},                                          \
       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void random_pattern(engine *e, ws_buffer *out) {
  for (int parts = 0; parts < 3; parts++) {
    const char *form = PICK(e, "%s", "\\\\b%s", "(?:%s|kiss)", "(%s)?", "%s+", "[%s]");
    const char *word = PICK(e, "spam", "Kiss", "sale", "check", "x", "off", "win");
    const char *sign = strstr(form, "%s");
    assert_ok(ws_buffer_printf(out, "%.*s%s%s", (int)(sign - form), form, word, sign + 2),
              NULL);
    if (*PICK(e, "", "", "|") == '|') assert_ok(ws_buffer_string(out, "|"), NULL);
  }
}

/* Two functions for each pattern: on the record's text, and on a copy of it, which is
 * never screened. */
static void write_pairs(engine *e, size_t count) {
  ws_buffer code = {0}, pattern = {0};
  for (size_t i = 0; i < count; i++) {
    const char *flags = PICK(e, "", "i");
    pattern.size = 0;
    random_pattern(e, &pattern);
    assert_ok(ws_buffer_printf(
                  &code,
                  "function lf.a%zu(x) return (rx(\"%s\", \"%s\"):find(x.text)) end\n"
                  "function lf.b%zu(x) local copy = (\"#\" .. x.text):sub(2)\n"
                  "  return (rx(\"%s\", \"%s\"):find(copy)) end\n",
                  i, pattern.data, flags, i, pattern.data, flags),
              NULL);
  }
  lf_file(&e->f, "a.lua", code.data);
  ws_buffer_clear(&code);
  ws_buffer_clear(&pattern);
}

/* Votes are places here, of which most are no class: what counts is that they agree. */
static size_t compare_pairs(engine *e, size_t count) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    ws_error a = WS_ERROR_INIT, b = WS_ERROR_INIT;
    int32_t screened = ws__program_vote(e->program, 2 * i, &a);
    assert_int_equal(screened, ws__program_vote(e->program, 2 * i + 1, &b));
    const char *at = strstr(a.message, "returned"),
               *other = strstr(b.message, "returned");
    assert_true(!at == !other);
    if (at) assert_string_equal(at, other);
    found += screened != WS_ABSTAIN;
  }
  return found;
}

static void many_patterns_say_what_each_says_alone(void **state) {
  enum { PAIRS = 40, TEXTS = 200 };
  engine *e = *state;
  size_t found = 0;
  for (int round = 0; round < 5; round++) {
    write_pairs(e, PAIRS);
    load(e, 1000000);
    for (int i = 0; i < TEXTS; i++) {
      ws_buffer text = {0};
      for (int k = 0; k < 6; k++)
        assert_ok(
            ws_buffer_printf(&text, "%s%s",
                             PICK(e, "spam", "\\u212Ai\\u017Fs", "KISS", "sal", "chec",
                                  "kwin", "offx", "\xC3\xA4", "nothing to see "),
                             PICK(e, " ", "", "-")),
            NULL);
      take(e, text.data);
      found += compare_pairs(e, PAIRS);
      ws_buffer_clear(&text);
    }
  }
  assert_true(found > 5 * PAIRS * TEXTS / 20 && found < 5 * PAIRS * TEXTS);
}

#define HUNGRY                                                                           \
  "function lf.hungry(x) if rx([[(a+)+needle]]):test(x.text) then return SPAM end end\n"

/* The pattern runs out of steps on the text, which it cannot match. */
static void what_cannot_match_is_no_error_alone_or_among_others(void **state) {
  static const char *const files[] = {
      HUNGRY,
      HUNGRY "function lf.b(x) return rx('one'):test(x.text) and HAM or nil end\n"
             "function lf.c(x) return rx('two'):test(x.text) and HAM or nil end\n"
             "function lf.d(x) return rx('three'):test(x.text) and HAM or nil end\n"};
  engine *e = *state;
  for (int i = 0; i < 2; i++) {
    lf_file(&e->f, "a.lua", files[i]);
    load(e, 1000);
    take(e, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_int_equal(vote(e, 0), WS_ABSTAIN);
    take(e, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa needle");
    assert_true(vote(e, 0) < WS_ABSTAIN);
    take(e, "aaneedle");
    assert_int_equal(vote(e, 0), 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
      TEST(many_patterns_say_what_each_says_alone),
      TEST(what_cannot_match_is_no_error_alone_or_among_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
