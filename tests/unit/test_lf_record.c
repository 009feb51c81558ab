/* SPDX-License-Identifier: MIT
 *
 * What Lua code in LFs is given of a record, and what it may say of it.
 */
#include "../lf/lf_engine.h"

static void a_vote_is_a_class_a_name_or_an_index(void **state) {
  lf_engine *e = *state;
  assert_int_equal(lf_engine_run(e, "return SPAM"), 1);
  assert_int_equal(lf_engine_run(e, "return 'SPAM'"), 1);
  assert_int_equal(lf_engine_run(e, "return 1"), 1);
  assert_int_equal(lf_engine_run(e, "return class['two words']"), 2);
  assert_int_equal(lf_engine_run(e, "return 'two words'"), 2);
  assert_int_equal(lf_engine_run(e, "return class.HAM"), 0);
  assert_int_equal(lf_engine_run(e, "return ABSTAIN"), WS_ABSTAIN);
  assert_int_equal(lf_engine_run(e, "return nil"), WS_ABSTAIN);
  assert_int_equal(lf_engine_run(e, ""), WS_ABSTAIN);
}

#define SEVEN "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
#define EIGHT SEVEN "\xC3\xA4"

static void anything_else_is_an_error(void **state) {
  static const char *const cases[][2] = {
      {"return 1.0", "returned the float 1.0, expected a class"},
      {"return 1.5", "returned 1.5, expected a class"},
      {"return 0/0", "expected a class"},
      {"return 3", "returned 3, expected a class index from 0 to 2"},
      {"return -2", "returned -2"},
      {"return 4294967296", "returned 4294967296"},
      {"return {}", "returned a table"},
      {"return true", "returned true, expected a class"},
      {"return #x.text > 99 and SPAM", "instead of 'return test and HAM' write"},
      {"return lf.it", "returned a function"},
      {"return 'SPAN'", "returned 'SPAN', which is no class, did you mean 'SPAM'?"},
      {"return 'SPAM '", "returned 'SPAM '"},
      {"return 'SPAM\\0'", "which is no class"},
      {"return '1'", "returned '1', which is no class"},
      {"return SPAM, HAM", "returned two classes"},
      {"local c = class return c.SPAN", "undefined class 'SPAN', did you mean 'SPAM'?"},
      // 63 bytes would end inside of a character.
      {"return class[('\xC3\xA4'):rep(40)]", EIGHT EIGHT EIGHT SEVEN "...'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    lf_expect_error(*state, cases[i][0], cases[i][1]);
}

static void replacements_are_fields_of_the_record(void **state) {
  lf_engine *e = *state;
  int32_t label =
      lf_engine_vote(e,
                     "function field.d(x) return 'no' end\n"
                     "function lf.it(x)\n"
                     "  local s = ('a d text'):gsub('%w+', x)\n"
                     "  assert(s == 'A d T' and x.d == 'no', s) return SPAM end\n",
                     "{\"text\": \"T\", \"a\": \"A\"}");
  if (label != 1) print_error("%s\n", e->err.message);
  assert_int_equal(label, 1);
}

static void fields_are_typed(void **state) {
  lf_engine *e = *state;
  int32_t label = lf_engine_vote(
      e,
      "function lf.it(x)\n assert(x.text == 'ÄB' and x.lower == 'äb' and x.i == 5)\n"
      "assert(math.type(x.i) == 'integer' and x.d == 1.5 and x.b == false and x.no == "
      "nil)\n"
      "assert(x.absent == nil and x[1] == nil and #x.list == 3 and x.list[3][1] == 2)\n"
      "assert(x.o.k == 'v' and x.o.list == nil) return SPAM end",
      "{\"text\":\"ÄB\",\"i\":5,\"d\":1.5,\"b\":false,\"no\":null,\"list\":[1,\"x\",[2]],"
      "\"o\":{\"k\":\"v\"}}");
  if (label != 1) print_error("%s\n", e->err.message);
  assert_int_equal(label, 1);
}

static void each_record_is_fresh(void **state) {
  lf_engine *e = *state;
  lf_file(&e->f, "a.lua",
          "field.n = function(x) return #x.text end\n"
          "function lf.it(x) if x.n == 1 and x.text == 'a' then return 1 end\n"
          " if x.n == 2 and x.text == 'bb' and x.c == nil then return 0 end end");
  lf_file(&e->f, "b.lua", "function lf.two(x) if x.text == 'a' then return 0 end end");
  assert_ok(lf_engine_load(e), &e->err);
  lf_engine_take(e, "{\"text\": \"a\", \"c\": 1}");
  assert_int_equal(ws__program_vote(e->program, 0, &e->err), 1);
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), 0);
  lf_engine_take(e, "{\"text\": \"bb\"}");
  assert_int_equal(ws__program_vote(e->program, 0, &e->err), 0);
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), WS_ABSTAIN);
}

static void derived_fields_are_computed_once(void **state) {
  lf_engine *e = *state;
  const char *source =
      "function field.words(x) return words(x.lower) end\n"
      "function field.count(x) return #x.words end\n"
      "function field.none(x) return nil end\n"
      "function lf.it(x) assert(x.words == x.words and x.none == nil and x.none == nil)\n"
      " if x.count == 2 and x.words[1] == 'hello' then return SPAM end end\n"
      "function lf.change(x) x.words[1] = 'y' end\n";
  assert_int_equal(lf_engine_vote(e, source, "{\"text\": \"Hello World\"}"), 1);
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), WS_VOTE_ERROR);
  assert_message(&e->err, "read-only");
}

static void derived_fields_that_cannot_be(void **state) {
  lf_engine *e = *state;
  assert_int_equal(lf_engine_vote(e,
                                  "function field.a(x) return x.b end\n"
                                  "function field.b(x) return x.a end\n"
                                  "function lf.it(x) return x.a end",
                                  "{\"text\": \"\"}"),
                   WS_VOTE_ERROR);
  assert_message(&e->err, "a.lua:2: in 'it': the derived field 'a' needs itself");
  assert_int_equal(
      lf_engine_vote(e,
                     "function field.n(x) return 1 end function lf.it(x) return x.n end",
                     "{\"text\": \"\", \"n\": 3}"),
      WS_VOTE_ERROR);
  assert_message(&e->err, "the derived field 'n' has the name of a field of the record");
  assert_int_equal(lf_engine_vote(e,
                                  "function field.f(x) return {function() end} end\n"
                                  "function lf.it(x) return x.f end",
                                  "{\"text\": \"\"}"),
                   WS_VOTE_ERROR);
  assert_message(&e->err,
                 "in 'it': a derived field must be plain data, found a function");
  lf_expect_load_error(e, "function field.text(x) end", "cannot be called 'text'");
  lf_expect_load_error(e, "field.n = 3", "expected a function, found a number");
}

int main(void) {
#define TEST(name)                                                                       \
  cmocka_unit_test_setup_teardown(name, lf_engine_setup, lf_engine_teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_vote_is_a_class_a_name_or_an_index),
      TEST(anything_else_is_an_error),
      TEST(replacements_are_fields_of_the_record),
      TEST(fields_are_typed),
      TEST(each_record_is_fresh),
      TEST(derived_fields_are_computed_once),
      TEST(derived_fields_that_cannot_be),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
