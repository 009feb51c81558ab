/* SPDX-License-Identifier: MIT
 *
 * Keys of labeling functions: what of two files tells a function apart.
 */
#include "../lf/lf_keys.h"

/* Whether the LF `it` of two files has the same key, and the same error key. */
static void compare(const char *a, const char *b, bool *key, bool *error_key) {
  lf_fixture f;
  lf_begin(&f, "HAM,SPAM");
  lf_file(&f, "a.lua", a);
  assert_ok(lf_load(&f), &f.err);
  ws_lf_info first = *ws_lf_set_at(f.set, 0);
  lf_file(&f, "a.lua", b);
  assert_ok(lf_load(&f), &f.err);
  ws_lf_info second = *ws_lf_set_at(f.set, 0);
  *key = ws_hash128_equals(first.key, second.key);
  *error_key = ws_hash128_equals(first.error_key, second.error_key);
  lf_end(&f);
}

static void expect_equal(bool equal, const char *a, const char *b) {
  bool key, error_key;
  compare(a, b, &key, &error_key);
  if (key != equal) print_error("%s\n%s\n", a, b);
  assert_int_equal(key, equal);
}

/* Derived fields that are read under a computed name: only where the name can be a text
 * and the table a record. */
static void computed_names_reach_derived_fields(void **state) {
  (void)state;
  static const struct {
    bool reads;
    const char *code;
  } cases[] = {
      {false, "for i = 1, 3 do if x.list[i] then return 1 end end"},
      {true, "for i = 1, 3 do i = 'd' if x[i] then return 1 end end"},
      {true, "for i = 1, 3 do local f = function() i = 'd' end f() return x[i] end"},
      {false, "local l = x.list if l[#l] or l[#l - 1] then return 1 end"},
      {true, "local l = x.list local k = #l > 3 and 'd' or 1 return l[k]"},
      {false, "return known[x.text]"},
      {false, "return known[lower(x.text .. 'a')]"},
      {true, "return (x.a and known or x)[x.text]"},
      {true, "return (x.a and x or known)[x.text]"},
      {false, "return known[x.a and 'b' or 'c']"},
      {true, "local t = known t = x return t[x.text]"},
      {true, "local k = 'd' return x[k]"},
      {false, "local k <const> = 'e' return x[k]"},
      {true, "local k <const> = 'd' return x[k]"},
      {true, "return x.d"},
      {true, "return x:d()"},
      {true, "return (function() return x.d end)()"},
      {true, "return (function(k) return x[k] end)(x.text)"},
      {false, "for k, v in pairs(x) do if k == v then return 1 end end"},
      {false, "return x.text:gsub('%w+', x) == 'd' and 1 or nil"},
      {false, "return d"},
      {true, "return reads(x)"},
      {false, "return hidden.d(x)"},
      {true, "return hidden.e(x)"},
      {true, "return hidden[x.text](x)"},
      {true, "return field.d(x)"},
      {false, "return lf.z(x)"},
      {true, "return lf.y(x)"},
      {true, "local l = lf return l.z(x)"},
  };
  static const char front[] = "function lf.it(x) %s end\n"
                              "function field.d(x) return %d end\n"
                              "function reads(x) return x.d end d = 1\n"
                              "hidden = { d = function() end, e = reads }\n"
                              "function lf.y(x) return x.d end\n"
                              "function lf.z(x) return 1 end\n";
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char a[2048], b[2048];
    int size = snprintf(a, sizeof a, "local known = { 1 }\n");
    memcpy(b, a, (size_t)size);
    snprintf(a + size, sizeof a - (size_t)size, front, cases[i].code, 1);
    snprintf(b + size, sizeof b - (size_t)size, front, cases[i].code, 2);
    expect_equal(!cases[i].reads, a, b);
  }
}

static void values_are_told_apart(void **state) {
  (void)state;
  static const char *const values[] = {"nil",
                                       "false",
                                       "true",
                                       "0",
                                       "0.0",
                                       "-0.0",
                                       "''",
                                       "'0'",
                                       "{}",
                                       "{ {} }",
                                       "{ 0 }",
                                       "{ [2] = 0 }",
                                       "{ '0' }",
                                       "{ a = 1 }",
                                       "{ b = 1 }",
                                       "{ 1, nil, 3 }",
                                       "string",
                                       "string.len",
                                       "utf8.len",
                                       "utf8",
                                       "rx 'a'",
                                       "rx('a', 'i')",
                                       "keywords(1, { 'a' })",
                                       "keywords(0, { 'a' })",
                                       "function() end",
                                       "function() return 1 end",
                                       "class",
                                       "lf",
                                       "{ { 1 }, { 2 } }",
                                       "{ { 2 }, { 1 } }",
                                       "{ a = { 1 }, b = { 2 } }",
                                       "{ a = { 2 }, b = { 1 } }"};
  size_t count = sizeof values / sizeof *values;
  lf_fixture f;
  ws_hash128 found[64];
  lf_begin(&f, "HAM,SPAM");
  for (size_t i = 0; i < count; i++) {
    char text[256];
    snprintf(text, sizeof text, "local v = %s function lf.it(x) return v end", values[i]);
    lf_file(&f, "a.lua", text);
    assert_ok(lf_load(&f), &f.err);
    found[i] = ws_lf_set_at(f.set, 0)->key;
    for (size_t k = 0; k < i; k++) {
      if (ws_hash128_equals(found[i], found[k]))
        print_error("%s and %s\n", values[i], values[k]);
      assert_false(ws_hash128_equals(found[i], found[k]));
    }
  }
  lf_end(&f);
}

/* A pattern that is made for a record runs as machine code if it was made before. */
static void computed_patterns_depend_on_those_made_before(void **state) {
  (void)state;
  static const struct {
    bool any;
    const char *code;
  } cases[] = {
      {false, "return rx('a', 'i'):test(x.text) and 1 or nil"},
      {true, "return rx(x.text):test(x.text) and 1 or nil"},
      {true, "return made('a'):test(x.text) and 1 or nil"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char a[512], b[1024];
    snprintf(a, sizeof a, "local made = rx function lf.it(x) %s end", cases[i].code);
    snprintf(b, sizeof b, "%s function lf.b(x) return rx('b'):test(x.text) end", a);
    expect_equal(!cases[i].any, a, b);
  }
}

/* A table with tables as keys, and one of very many tables: the key is the file's. */
static void what_cannot_be_told_depends_on_the_file(void **state) {
  (void)state;
  static const char keys_of_tables[] =
      "local k = {} local t = { [k] = 1 } function lf.it(x) return t[k] end";
  static const char many[] = "local t = {} for i = 1, 110000 do t[i] = { i } end "
                             "function lf.it(x) return t[1][1] end";
  static const char *const texts[] = {keys_of_tables, many};
  for (size_t i = 0; i < 2; i++) {
    char other[256];
    snprintf(other, sizeof other, "%s -- !", texts[i]);
    expect_equal(true, texts[i], texts[i]);
    expect_equal(false, texts[i], other);
  }
}

static void error_keys_cover_what_messages_show(void **state) {
  (void)state;
  static const char base[] = "local function f(s) return s.a.b end\n"
                             "function lf.it(x) return f(x.text) or 0 end";
  static const char *const others[] = {
      "\nlocal function f(s) return s.a.b end\n"
      "function lf.it(x) return f(x.text) or 0 end",
      "local function f(t) return t.a.b end\n"
      "function lf.it(x) return f(x.text) or 0 end",
      "local function f(s) return s.a.b end\n"
      "function lf.it2(x) return f(x.text) or 0 end",
  };
  bool key, error_key;
  compare(base, base, &key, &error_key);
  assert_true(key && error_key);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    compare(base, others[i], &key, &error_key);
    assert_true(key);
    assert_false(error_key);
  }
  compare(base,
          "local function f(s) return s.a.b end\n"
          "function lf.it(x) return f(x.text) or 0 end\nfunction lf.b(x) end",
          &key, &error_key);
  assert_true(key && error_key);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(computed_names_reach_derived_fields),
      cmocka_unit_test(values_are_told_apart),
      cmocka_unit_test(computed_patterns_depend_on_those_made_before),
      cmocka_unit_test(what_cannot_be_told_depends_on_the_file),
      cmocka_unit_test(error_keys_cover_what_messages_show),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
