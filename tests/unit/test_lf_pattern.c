/* SPDX-License-Identifier: MIT
 *
 * Lua's string functions in LFs: the same answers and errors as Lua's own.
 *
 * Answers are compared in a plain Lua state that holds Lua's own functions and ours. The
 * random patterns are 50,000; another number is the argument of this program.
 */
#include "lua_pattern.h"

#include <stdio.h>

#include <weaksup/rng.h>

#include "ws_test.h"

static unsigned long random_pairs = 50000;

typedef struct both {
  lua_State *L;
  ws__lua lua; // holds no more than the budget
} both;

/* Index 1 of the stack is the table of Lua's own functions, 2 that of ours. */
static int begin(void **state) {
  both *b = calloc(1, sizeof *b);
  b->L = luaL_newstate();
  *(ws__lua **)lua_getextraspace(b->L) = &b->lua;
  b->lua.L = b->L;
  b->lua.options.steps = 1u << 30;
  luaL_requiref(b->L, "string", luaopen_string, 0);
  lua_newtable(b->L);
  ws__lua_open_strings(b->L);
  *state = b;
  return 0;
}

static int end(void **state) {
  both *b = *state;
  lua_close(b->L);
  free(b);
  return 0;
}

/* --- what a call gives, as a text --- */

static void describe(lua_State *L, int from, ws_buffer *out) {
  for (int i = from; i <= lua_gettop(L); i++) {
    size_t size;
    int type = lua_type(L, i);
    const char *text = luaL_tolstring(L, i, &size);
    assert_ok(ws_buffer_printf(out, "<%d:", type), NULL);
    assert_ok(ws_buffer_append(out, text, size), NULL);
    assert_ok(ws_buffer_printf(out, ">"), NULL);
    lua_pop(L, 1);
  }
}

/* Calls what lies on the stack from `from` on. */
static bool call(both *b, int from, ws_buffer *out) {
  b->lua.steps = b->lua.options.steps;
  int status = lua_pcall(b->L, lua_gettop(b->L) - from, LUA_MULTRET, 0);
  if (status != LUA_OK) assert_ok(ws_buffer_printf(out, "error "), NULL);
  describe(b->L, from, out);
  return status == LUA_OK;
}

typedef struct arguments {
  ws_text subject, pattern;
  int kind;         // of the function: see names
  lua_Integer init; // or how many to replace; 0: not given
  ws_text replacement;
} arguments;

static const char *const names[] = {"find", "match", "gmatch", "gsub", "gsub", "gsub"};

static int wrap(lua_State *L) {
  lua_settop(L, 1);
  if (lua_type(L, 1) == LUA_TNUMBER || lua_rawlen(L, 1) % 3 == 0) return 1;
  if (lua_rawlen(L, 1) % 3 == 1) return 0;
  lua_pushliteral(L, "!");
  lua_concat(L, 2);
  return 1;
}

static void push_replacement(lua_State *L, const arguments *a) {
  if (a->kind == 3) {
    lua_pushlstring(L, a->replacement.data, a->replacement.size);
  } else if (a->kind == 4) {
    lua_pushcfunction(L, wrap);
  } else {
    lua_newtable(L);
    lua_pushliteral(L, "[a]");
    lua_setfield(L, -2, "a");
    lua_pushboolean(L, a->init > 0);
    lua_setfield(L, -2, "b");
    lua_pushinteger(L, 7);
    lua_rawseti(L, -2, 1);
  }
}

/* Runs the function of table `which` (1 or 2). */
static void run(both *b, int which, const arguments *a, ws_buffer *out) {
  lua_State *L = b->L;
  out->size = 0;
  lua_settop(L, 2);
  lua_getfield(L, which, names[a->kind]);
  lua_pushlstring(L, a->subject.data, a->subject.size);
  lua_pushlstring(L, a->pattern.data, a->pattern.size);
  if (a->kind >= 3) push_replacement(L, a);
  if (a->init) lua_pushinteger(L, a->init);
  if (!call(b, 3, out) || a->kind != 2) return;
  out->size = 0;
  for (lua_settop(L, 3);; lua_settop(L, 3)) {
    lua_pushvalue(L, 3);
    if (!call(b, 4, out) || lua_gettop(L) == 3) return;
  }
}

static void show(const char *what, ws_text text) {
  print_error("%s: ", what);
  for (size_t i = 0; i < text.size; i++)
    print_error(text.data[i] >= ' ' && text.data[i] < 127 ? "%c" : "\\%03d",
                (unsigned char)text.data[i]);
  print_error("\n");
}

static void expect_same(both *b, const arguments *a) {
  static ws_buffer stock, own;
  run(b, 1, a, &stock);
  run(b, 2, a, &own);
  if (ws_text_compare(ws_buffer_as_text(&stock), ws_buffer_as_text(&own)) == 0) return;
  print_error("%s, kind %d, init %d\n", names[a->kind], a->kind, (int)a->init);
  show("subject", a->subject);
  show("pattern", a->pattern);
  show("replacement", a->replacement);
  show("Lua ", ws_buffer_as_text(&stock));
  show("ours", ws_buffer_as_text(&own));
  fail_msg("another answer than Lua's");
}

/* --- random patterns --- */

static size_t below(ws_rng *rng, size_t n) {
  return (size_t)ws_rng_below(rng, (uint64_t)n);
}

static const char *const pieces[] = {
    "a",      "b",      "c",     "x",    ".",     "%a",        "%d",     "%s",
    "%w",     "%S",     "%A",    "[ab]", "[^a]",  "[a-c]",     "[%a-]",  "[]]",
    "[^]a]",  "[a-]",   "(",     ")",    "()",    "(a)",       "(.-)",   "(%w+)",
    "(.)",    "*",      "+",     "-",    "?",     "a*",        "b+",     "a-",
    ".-",     ".*",     "%a*",   "b?",   "[ab]*", "%s*",       "%s+",    "%1",
    "%2",     "%0",     "%b()",  "%bab", "%baa",  "%f[a]",     "%f[^a]", "%f[%w]",
    "%f[%z]", "^",      "$",     "%",    "[",     "]",         "%b",     "%f",
    "[a",     "[%",     "[^",    "%%",   "%.",    "%z",        "%P",     "[%a%d]",
    "[b-%a]", "[a-%%]", "[+--]", "ab",   "abc",   "%f[%s]%s*", "\x80",   "[\x80-\xFF]",
    "%u",     "%g",     "%c*",   "%x+",  "%l-",   "%p",        "x-$",    "a+b"};

static size_t random_pattern(ws_rng *rng, char *out) {
  size_t size = 0, items = 1 + below(rng, 7);
  if (below(rng, 6) == 0) out[size++] = '^';
  for (size_t i = 0; i < items; i++) {
    const char *piece = pieces[below(rng, sizeof pieces / sizeof *pieces)];
    if (below(rng, 60) == 0) {
      out[size++] = '\0';
      continue;
    }
    memcpy(out + size, piece, strlen(piece));
    size += strlen(piece);
  }
  if (below(rng, 8) == 0) out[size++] = '$';
  out[size] = '\0';
  return size;
}

static size_t random_text(ws_rng *rng, char *out, const char *letters, size_t count,
                          size_t most) {
  size_t size = below(rng, most + 1);
  for (size_t i = 0; i < size; i++) out[i] = letters[below(rng, count)];
  return size;
}

static void random_patterns_have_the_answers_of_lua(void **state) {
  static const char letters[] = "aaabbbc x()  1.%]-A\n\0\x80", replaces[] = "ab%%%0112%9";
  both *b = *state;
  ws_rng rng;
  ws_rng_init(&rng, 5);
  char subject[32], pattern[256], replacement[16];
  for (unsigned long i = 0; i < random_pairs; i++) {
    arguments a = {.subject.data = subject,
                   .pattern = {pattern, random_pattern(&rng, pattern)},
                   .replacement.data = replacement};
    size_t count = below(&rng, 2) ? sizeof letters - 1 : 7;
    a.subject.size = random_text(&rng, subject, letters, count, 18);
    a.replacement.size = random_text(&rng, replacement, replaces, sizeof replaces - 1, 4);
    if (below(&rng, 4) == 0) a.init = (lua_Integer)below(&rng, 44) - 22;
    for (a.kind = 0; a.kind < 6; a.kind++) expect_same(b, &a);
  }
}

/* --- known answers --- */

typedef struct known {
  int kind;
  const char *subject, *pattern, *replacement, *answer;
} known;

/* What the manual says, and traps. Types: 0 nil, 3 number, 4 text. */
static const known answers[] = {
    {0, "hello", "l+", "", "<3:3><3:4>"},
    {0, "a.b", ".", "", "<3:1><3:1>"},
    {0, "a)b", ")", "", "<3:2><3:2>"},
    {1, "a)b", ")", "", "error <4:invalid pattern capture>"},
    {0, "a^b$c", "b$", "", "<0:nil>"},
    {0, "a^b$c", "b$c", "", "<3:3><3:5>"},
    {1, "key = value", "^(%w+)%s*=%s*(%w+)$", "", "<4:key><4:value>"},
    {1, "abc", "()b()", "", "<3:2><3:3>"},
    {1, "THE (quick) fox", "%((%a+)%)", "", "<4:quick>"},
    {1, "f(a(b)c)d", "%b()", "", "<4:(a(b)c)>"},
    {1, "xaxax", "%bxx", "", "<4:xax>"},
    {1, "THE (quick) fox", "%f[%a]%a+%f[%A]", "", "<4:THE>"},
    {1, "end", "%f[%z]", "", "<4:>"},
    {1, "\"it\"", "([\"'])(.-)%1", "", "<4:\"><4:it>"},
    {1, "a]b", "[]]", "", "<4:]>"},
    {1, "a-z", "[a-]+", "", "<4:a->"},
    {1, "  x  ", "^%s*(.-)%s*$", "", "<4:x>"},
    {2, "^a^b", "^%a", "", "<4:^a><4:^b>"},
    {2, "abc", "%a*", "", "<4:abc>"},
    {2, "a b", "%a*", "", "<4:a><4:b>"},
    {3, "hello world", "o", "0", "<4:hell0 w0rld><3:2>"},
    {3, "abc", "%w", "%0%0", "<4:aabbcc><3:3>"},
    {3, "abc", "", "-", "<4:-a-b-c-><3:4>"},
    {3, "abc", "b*", "-", "<4:-a-c-><3:3>"},
    {3, "hello world", "(%w+) (%w+)", "%2 %1", "<4:world hello><3:1>"},
    {3, "aaa", "^a", "b", "<4:baa><3:1>"},
    {3, "abc", "()", "%1", "<4:1a2b3c4><3:4>"},
    {1, "a", "%", "", "error <4:malformed pattern (ends with '%')>"},
    {1, "a", "[a", "", "error <4:malformed pattern (missing ']')>"},
    {1, "a", "[%", "", "error <4:malformed pattern (missing ']')>"},
    {1, "a", "%b(", "", "error <4:malformed pattern (missing arguments to '%b')>"},
    {1, "a", "%fa", "", "error <4:missing '[' after '%f' in pattern>"},
    {1, "b", "a%", "", "<0:nil>"},
    {1, "a", "(a", "", "error <4:unfinished capture>"},
    {1, "b", "(a", "", "<0:nil>"},
    {3, "a", "(a", "x", "<4:x><3:1>"},
    {1, "a", "(%1)", "", "error <4:invalid capture index %1>"},
    {1, "a", "%0", "", "error <4:invalid capture index %0>"},
    {3, "alo", ".", "%x", "error <4:invalid use of '%' in replacement string>"},
    {3, "alo", ".", "%", "error <4:invalid use of '%' in replacement string>"},
};

static void answers_are_those_of_the_manual(void **state) {
  both *b = *state;
  ws_buffer own = {0};
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    const known *k = &answers[i];
    arguments a = {ws_text_of(k->subject), ws_text_of(k->pattern), k->kind, 0,
                   ws_text_of(k->replacement)};
    run(b, 2, &a, &own);
    assert_string_equal(own.data, k->answer);
    expect_same(b, &a);
  }
  ws_buffer_clear(&own);
}

/* A pattern that is `piece` many times. */
static void repeated_pieces_have_the_answers_of_lua(void **state) {
  static const char *const repeated[][2] = {{"()", ""},    {"(a)", "a"}, {"a?", "a"},
                                            {"a*", "a"},   {"a-", "a"},  {"a+b", "ab"},
                                            {"(", "a"},    {"(a-)", ""}, {"a?b", "ab"},
                                            {"ab*", "ab"}, {"a", "a"},   {"%f[a]", "a"}};
  char subject[1024], pattern[4096];
  for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++)
    for (int count = 28; count < 240; count += count < 36 || count > 196 ? 1 : 32) {
      *subject = *pattern = '\0';
      for (int k = 0; k < count; k++) {
        strcat(subject, repeated[i][1]);
        strcat(pattern, repeated[i][0]);
      }
      arguments a = {ws_text_of(subject), ws_text_of(pattern), 0, 0, {"x", 1}};
      for (; a.kind < 4; a.kind++) expect_same(*state, &a);
    }
}

static void classes_are_those_of_ascii(void **state) {
  static const char letters[] = "acdglpsuwxzACDGLPSUWXZ.";
  char subject[256], pattern[4] = "%a";
  for (int i = 0; i < 256; i++) subject[i] = (char)i;
  for (const char *at = letters; *at; at++) {
    pattern[1] = *at;
    arguments a = {{subject, 256}, {pattern, 2}, 3, 0, {"", 0}};
    expect_same(*state, &a);
  }
}

static void long_texts_have_the_answers_of_lua(void **state) {
  static const char *const patterns[] = {"check%s+out",
                                         "%f[%w]market%f[%W]",
                                         "%d%d%d%-%d%d%d%d",
                                         "[%w%.]+@[%w%.]+%.%w+",
                                         "%s+",
                                         "(%w+) (%w+)",
                                         "%a*%d",
                                         "(a+)b",
                                         "check",
                                         "()(%w+)%-()",
                                         "%w+%-%d+$",
                                         "%d?%d?%-%d"};
  char subject[4096];
  ws_rng rng;
  ws_rng_init(&rng, 9);
  for (int round = 0; round < 50; round++) {
    size_t size =
        random_text(&rng, subject, "check out market 123-4567 a@b.c aab  ", 37, 4000);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
      arguments a = {{subject, size}, ws_text_of(patterns[i]), 0, 0, {"<%1>", 4}};
      for (; a.kind < 6; a.kind++) expect_same(*state, &a);
    }
  }
}

int main(int argc, char **argv) {
  if (argc > 1) random_pairs = strtoul(argv[1], NULL, 10);
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(answers_are_those_of_the_manual),
      TEST(random_patterns_have_the_answers_of_lua),
      TEST(repeated_pieces_have_the_answers_of_lua),
      TEST(classes_are_those_of_ascii),
      TEST(long_texts_have_the_answers_of_lua),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
