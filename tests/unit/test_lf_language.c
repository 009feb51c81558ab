/* SPDX-License-Identifier: MIT
 *
 * The language of labeling functions: options, what may vote, votes, what is refused with
 * which words.
 */
#include "../lf/lf_language.h"

static void a_label_makes_true_a_vote(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "lf.yes = { label = SPAM, run = function(x) return x.text == 'Red' end }\n"
          "lf.own = { label = 'HAM', run = function(x) return HAM end }\n"
          "lf.none = { label = 1, run = function(x) return ABSTAIN end }\n"
          "lf.any = { run = function(x) return #x.text == 3 and HAM or 1 end }\n");
  lf_data(f, "d.jsonl", LF_TITLES);
  lf_expect(f, "10-0 -0-1 -0-1 -0-1");
  assert_int_equal(ws_lf_set_at(f->set, 0)->label, 1);
  assert_int_equal(ws_lf_set_at(f->set, 0)->kind, WS_LF_LUA);
  assert_int_equal(ws_lf_set_at(f->set, 3)->label, WS_ABSTAIN);
}

static void with_a_label_another_class_is_an_error(void **state) {
  lf_fixture *f = *state;
  lf_data(f, "d.jsonl", LF_TITLES);
  lf_fails(
      f, "lf.a = { label = SPAM, run = function(x) return HAM end }",
      "a.lua:1: in 'a': returned 'HAM', but its label is 'SPAM': expected that class, "
      "true, or nil for no vote");
  lf_fails(f, "lf.a = { label = SPAM, run = function(x) return 'Spam!' end }",
           "a.lua:1: in 'a': returned 'Spam!', which is no class, did you mean 'SPAM'?");
  lf_fails(
      f, "lf.a = { label = SPAM, run = function(x) return x.text:find 'Red' end }",
      "a.lua:1: in 'a': returned two values, expected one: true, or nil for no vote");
  lf_fails(
      f, "function lf.a(x) return true end",
      "a.lua:1: in 'a': returned true, expected a class: it has no label (lf.NAME = { "
      "label = HAM, run = function(x) ... end } has one)");
}

static void a_field_takes_the_place_of_the_text(void **state) {
  lf_fixture *f = *state;
  lf_file(
      f, "a.lua",
      "function field.first(x) return words(x.text)[1] end\n"
      "lf.low = { label = HAM, field = 'title', run = function(x)\n"
      "  return x.lower == 'blue one' and x.text == 'BLUE one' and x.n == 1\n"
      "    and x.first == 'Red' and x.title == x.text and not x.nothing end }\n"
      "lf.any = { label = SPAM, field = 'title', run = function(x) return true end }\n"
      "lf.rx = { label = SPAM, field = 'title', run = rx('^blue', 'i') }\n"
      "lf.words = { field = 'title', run = keywords(HAM, { 'red' }) }\n"
      "function lf.usual(x) if x.text == 'Red' and x.lower == 'red' then return HAM "
      "end end\n"
      "lf.same = { label = SPAM, field = 'text', run = rx 'Red' }\n"
      "lf.bare = { label = SPAM, run = rx 'een' }\n"
      "lf.last = { label = HAM, field = 'title', run = function(x) return x.lower == "
      "'red' and x.lower == 'red' end }\n");
  lf_data(f, "d.jsonl", LF_TITLES);
  lf_expect(f, "011-01-- -------- ------1- -1-0--10");
  assert_int_equal(ws_lf_set_at(f->set, 2)->kind, WS_LF_RULE);
  assert_int_equal(ws_lf_set_at(f->set, 2)->label, 1);
  assert_int_equal(ws_lf_set_at(f->set, 3)->kind, WS_LF_KEYWORDS);
  assert_true(ws_text_equals(ws_lf_set_at(f->set, 2)->field, "title"));
  assert_null(ws_lf_set_at(f->set, 5)->field.data); // "text" is the usual one
}

static void each_field_has_an_x_of_its_own(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "lf.a = { label = HAM, field = 'u', run = function(x) return x.text == '1' and "
          "x.lower == '1' and next(x) == 'n' end }\n"
          "lf.b = { label = HAM, field = 'v', run = function(x) return x.text == 'B' and "
          "x.lower == 'b' and x.u == '1' end }\n"
          "lf.c = { label = HAM, field = 'u', run = function(x) local n = 0 for k in "
          "pairs(x) do n = n + 1 end return n == 4 end }\n"
          "function lf.d(x) if x.lower == 't' then return SPAM end end\n");
  lf_file(f, "b.lua",
          "lf.e = { label = HAM, field = 'v', run = function(x) x.z = 1 end }\n");
  lf_data(f, "d.jsonl",
          "{\"text\":\"T\",\"u\":\"1\",\"v\":\"B\",\"n\":0}\n"
          "{\"text\":\"T\",\"u\":\"2\",\"v\":\"B\",\"n\":0}\n");
  lf_expect(f, "0001- --01-");
  assert_string_equal(lf_failure(f, 4, 0),
                      "b.lua:1: in 'e': a record is read-only (field 'z')");
}

static void a_field_that_is_no_text_is_an_error(void **state) {
  lf_fixture *f = *state;
  lf_data(f, "d.jsonl", "{\"text\":\"a\",\"n\":1}\n");
  lf_fails(f, "lf.a = { field = 'n', run = function(x) return HAM end }",
           "a.lua:1: in 'a': expected a string in field 'n', found a number");
}

static void a_prior_is_handed_on(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "lf.a = { prior = 0.9, run = function(x) return HAM end }\n"
          "lf.b = { prior = .25, run = keywords(HAM, { 'red' }) }\n"
          "lf.c = { run = function(x) return HAM end }\n");
  lf_data(f, "d.jsonl", LF_TITLES);
  lf_expect(f, "000 0-0 0-0 0-0");
  assert_near(ws_lf_set_at(f->set, 0)->prior, 0.9, 0);
  assert_near(ws_lf_set_at(f->set, 1)->prior, 0.25, 0);
  assert_near(ws_lf_set_at(f->set, 2)->prior, 0, 0);
}

static void wrong_options_are_refused(void **state) {
  lf_fixture *f = *state;
#define RUN "run = function(x) return HAM end }"
  lf_refused(f, "lf.a = { lable = SPAM, " RUN,
             "a.lua:1: lf.a: unknown option 'lable', did you mean 'label'?");
  lf_refused(
      f, "lf.a = { zebra = 1, apple = 2, " RUN,
      "a.lua:1: lf.a: unknown option 'apple', expected label, field, prior or run");
  lf_refused(f, "\nlf.a = { label = SPAM, function(x) end }",
             "a.lua:2: lf.a: expected options with names, such as 'run = function(x) ... "
             "end', found a function without one");
  lf_refused(f, "lf.a = { label = 'SPM', " RUN,
             "a.lua:1: lf.a: label is 'SPM', which is no class, did you mean 'SPAM'?");
  lf_refused(f, "lf.a = { label = 2, " RUN,
             "a.lua:1: lf.a: label is 2, expected a class index from 0 to 1");
  lf_refused(f, "lf.a = { label = {}, " RUN,
             "a.lua:1: lf.a: label is a table, expected a class, its name or its index");
  lf_refused(f, "lf.a = { field = 1, " RUN,
             "a.lua:1: lf.a: field: expected the name of a field, found a number");
  lf_refused(f, "lf.a = { field = '', " RUN,
             "a.lua:1: lf.a: field: expected the name of a field, found an empty one");
  lf_refused(
      f, "function field.w(x) return 1 end lf.a = { field = 'w', " RUN,
      "a.lua:1: lf.a: field: expected a field of the record, 'w' is a derived one");
  lf_refused(f, "lf.a = { prior = 1, " RUN,
             "a.lua:1: lf.a: prior: expected a number above 0 and below 1, found 1");
  lf_refused(f, "lf.a = { prior = math.huge, " RUN,
             "a.lua:1: lf.a: prior: expected a number above 0 and below 1, found inf");
  lf_refused(
      f, "lf.a = { prior = '0.9', " RUN,
      "a.lua:1: lf.a: prior: expected a number above 0 and below 1, found a string");
#undef RUN
}

static void what_cannot_vote_is_refused(void **state) {
  lf_fixture *f = *state;
  lf_refused(f, "lf.a = { label = SPAM }",
             "a.lua:1: lf.a: run: expected a function, keywords(...) or rx(...), found "
             "nothing");
  lf_refused(f, "lf.a = { run = {} }",
             "a.lua:1: lf.a: run: expected a function, keywords(...) or rx(...), found a "
             "table");
  lf_refused(f, "lf.a = { run = rx 'x' }",
             "a.lua:1: lf.a: a pattern votes for no class by itself, expected { label = "
             "CLASS, run = rx(...) }");
  lf_refused(f, "lf.a = rx 'x'",
             "a.lua:1: lf.a: a pattern votes for no class by itself, expected { label = "
             "CLASS, run = rx(...) }");
  lf_refused(f, "lf.a = { label = HAM, run = keywords(SPAM, { 'x' }) }",
             "a.lua:1: lf.a: label is 'HAM', but its keywords vote for 'SPAM'");
  lf_refused(
      f, "lf.a = words",
      "a.lua:1: lf.a: expected a function, keywords(...) or a table of options, found "
      "a function that is not of this file");
}

/* A function is looked at though its table of options was changed behind its back. */
static void what_votes_is_frozen_wherever_it_lies(void **state) {
  lf_fixture *f = *state;
  lf_refused(f,
             "local n = 0\nlocal t = { run = function(x) n = n + 1 return n % 2 end }\n"
             "lf.a = t\nt.run = nil",
             "a.lua:2: assigns a variable from outside of the function ('n'): a labeling "
             "function cannot keep anything from one record to the next");
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  lf_fails(f,
           "local t = { k = {} }\nfunction lf.a(x) t.k[1] = 1 end\nlf.b = { run = lf.a }",
           "a.lua:2: in 'a': this table is read-only");
}

static void a_definition_of_many_lines_is_where_it_begins(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "-- lf.a = 1\n"
          "lf.a = {\n  label = HAM,\n  -- lf.a == lf.ab = lf.b\n"
          "  run = function(x) return x.text == 'a' end,\n}\n"
          "lf.b =\n  keywords(SPAM, {\n 'x' })\n"
          "function lf.c(x)\n  return HAM\nend\n"
          "lf.d = function(x)\n  return 7\nend\n"
          "for _, n in ipairs { 'e', 'f' } do\n  lf[n] = {\n  run = lf.c }\nend\n"
          "lf.g = lf.c");
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  static const unsigned lines[] = {2, 7, 10, 13, 18, 18, 20};
  lf_expect(f, "0-0-000");
  for (size_t j = 0; j < 7; j++)
    assert_int_equal(ws_lf_set_at(f->set, j)->line, lines[j]);
  assert_string_equal(lf_failure(f, 3, 0),
                      "a.lua:13: in 'd': returned 7, expected a class index from 0 to 1");
  lf_refused(f, "lf.a = {\n  label = HAM,\n  runs = 1\n}\n",
             "a.lua:1: lf.a: unknown option 'runs', did you mean 'run'?");
}

static ws_hash128 key_of(lf_fixture *f, const char *source) {
  lf_file(f, "a.lua", source);
  assert_ok(lf_load(f), &f->err);
  return ws_lf_set_at(f->set, 0)->key;
}

/* Votes that were kept must not be taken for those of other options. */
static void options_are_part_of_the_key(void **state) {
  lf_fixture *f = *state;
#define RUN "run = function(x) return x.n end }\n"
  static const char *const sources[] = {
      "lf.a = { " RUN,
      "lf.a = { label = HAM, " RUN,
      "lf.a = { label = SPAM, " RUN,
      "lf.a = { field = 'title', " RUN,
      "lf.a = { field = 'other', " RUN,
      LF_GENERATED "lf.a = { " RUN,
      "lf.a = { label = HAM, run = rx 'a' }",
      "lf.a = { label = HAM, run = rx 'b' }",
      "lf.a = { label = HAM, field = 'title', run = rx 'a' }",
      "local t = csv 't.csv' lf.a = { run = function(x) return t[x.n] end }",
  };
  enum { COUNT = sizeof sources / sizeof *sources };
  ws_hash128 keys[COUNT + 1];
  lf_file(f, "t.csv", "a\n1\n");
  for (size_t i = 0; i < COUNT; i++) keys[i] = key_of(f, sources[i]);
  lf_file(f, "t.csv", "a\n2\n");
  keys[COUNT] = key_of(f, sources[COUNT - 1]);
  for (size_t i = 0; i <= COUNT; i++)
    for (size_t k = 0; k < i; k++)
      assert_memory_not_equal(&keys[i], &keys[k], sizeof keys[i]);
  ws_hash128 given = key_of(f, "lf.a = { prior = 0.9, " RUN);
  assert_memory_equal(&given, &keys[0], sizeof given); // votes do not depend on it
#undef RUN
}

static void votes_for_several_classes_are_refused_in_words(void **state) {
  lf_fixture *f = *state;
  static const char several[] =
      "a.lua:1: in 'a': returned a table of classes, but votes for several classes at "
      "once are not supported yet: return one class";
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  lf_fails(f, "function lf.a(x) return { HAM, SPAM } end", several);
  lf_fails(f, "function lf.a(x) return { 'HAM' } end", several);
  lf_fails(f, "local both = set { HAM, SPAM } function lf.a(x) return both end", several);
  lf_fails(f, "function lf.a(x) return HAM, SPAM end",
           "a.lua:1: in 'a': returned two classes, but votes for several classes at once "
           "are not supported yet: return one class");
  lf_fails(f, "function lf.a(x) return HAM, {} end",
           "a.lua:1: in 'a': returned two values, expected one vote");
  lf_fails(f, "function lf.a(x) return { 'x' } end",
           "a.lua:1: in 'a': returned a table, expected a class, its name or its index");
  lf_fails(f, "function lf.a(x) return {} end",
           "a.lua:1: in 'a': returned a table, expected a class, its name or its index");
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_label_makes_true_a_vote),
      TEST(with_a_label_another_class_is_an_error),
      TEST(a_field_takes_the_place_of_the_text),
      TEST(each_field_has_an_x_of_its_own),
      TEST(a_field_that_is_no_text_is_an_error),
      TEST(a_prior_is_handed_on),
      TEST(wrong_options_are_refused),
      TEST(what_cannot_vote_is_refused),
      TEST(what_votes_is_frozen_wherever_it_lies),
      TEST(a_definition_of_many_lines_is_where_it_begins),
      TEST(votes_for_several_classes_are_refused_in_words),
      TEST(options_are_part_of_the_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
