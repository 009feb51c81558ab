/* SPDX-License-Identifier: MIT
 *
 * Patterns of Lua code that are looked for together must say what each says alone. The
 * engine runs in this process here.
 */
#include "../lf/lf_engine.h"

static const char *pick(uint32_t *seed, const char *const *from, size_t count) {
  *seed = *seed * 1664525u + 1013904223u;
  return from[(*seed >> 16) % count];
}

#define PICK(seed, ...)                                                                  \
  pick((seed), (const char *const[]){__VA_ARGS__},                                       \
       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* A record with this text, as it stands in JSON. */
static void take(lf_engine *e, const char *text) {
  ws_buffer json = {0};
  assert_ok(ws_buffer_printf(&json, "{\"text\": \"%s\"}", text), NULL);
  lf_engine_take(e, json.data);
  ws_buffer_clear(&json);
}

static void random_pattern(uint32_t *seed, ws_buffer *out) {
  for (int parts = 0; parts < 3; parts++) {
    const char *form = PICK(seed, "%s", "\\\\b%s", "(?:%s|kiss)", "(%s)?", "%s+", "[%s]");
    const char *word = PICK(seed, "spam", "Kiss", "sale", "check", "x", "off", "win");
    const char *sign = strstr(form, "%s");
    assert_ok(ws_buffer_printf(out, "%.*s%s%s", (int)(sign - form), form, word, sign + 2),
              NULL);
    if (*PICK(seed, "", "", "|") == '|') assert_ok(ws_buffer_string(out, "|"), NULL);
  }
}

/* Two functions for each pattern: on the record's text, and on a copy of it, which is
 * never screened. */
static void write_pairs(lf_engine *e, uint32_t *seed, size_t count) {
  ws_buffer code = {0}, pattern = {0};
  for (size_t i = 0; i < count; i++) {
    const char *flags = PICK(seed, "", "i");
    pattern.size = 0;
    random_pattern(seed, &pattern);
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
static size_t compare_pairs(lf_engine *e, size_t count) {
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
  lf_engine *e = *state;
  uint32_t seed = 7;
  size_t found = 0;
  for (int round = 0; round < 5; round++) {
    write_pairs(e, &seed, PAIRS);
    assert_ok(lf_engine_load(e), &e->err);
    for (int i = 0; i < TEXTS; i++) {
      ws_buffer text = {0};
      for (int k = 0; k < 6; k++)
        assert_ok(
            ws_buffer_printf(&text, "%s%s",
                             PICK(&seed, "spam", "\\u212Ai\\u017Fs", "KISS", "sal",
                                  "chec", "kwin", "offx", "\xC3\xA4", "nothing to see "),
                             PICK(&seed, " ", "", "-")),
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
  lf_engine *e = *state;
  for (int i = 0; i < 2; i++) {
    lf_file(&e->f, "a.lua", files[i]);
    e->options.pattern_steps = 1000;
    assert_ok(lf_engine_load(e), &e->err);
    take(e, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_int_equal(ws__program_vote(e->program, 0, &e->err), WS_ABSTAIN);
    take(e, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa needle");
    assert_true(ws__program_vote(e->program, 0, &e->err) < WS_ABSTAIN);
    take(e, "aaneedle");
    assert_int_equal(ws__program_vote(e->program, 0, &e->err), 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, lf_engine_setup, lf_engine_teardown)
      TEST(many_patterns_say_what_each_says_alone),
      TEST(what_cannot_match_is_no_error_alone_or_among_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
