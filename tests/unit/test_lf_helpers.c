/* SPDX-License-Identifier: MIT
 *
 * The helpers that take texts apart. Each case is an assertion in Lua, in a function that
 * votes if it holds.
 */
#include <stdio.h>

#include "../lf/lf_test.h"

/* What comes of the body of a function on a record. */
static int32_t run(const char *body, char message[WS_ERROR_MESSAGE_SIZE]) {
  char source[2048];
  lf_fixture f;
  lf_begin(&f, "HAM,SPAM");
  snprintf(source, sizeof source,
           "local list = { 'red', 'New York' }\nfunction lf.it(x)\n%s\nreturn SPAM end",
           body);
  lf_file(&f, "a.lua", source);
  lf_data(&f, "a.jsonl", "{\"text\":\"Ein Text. Zwei!\",\"tags\":[\"zwei\"]}\n");
  assert_ok(lf_load(&f), &f.err);
  assert_ok(lf_apply(&f), &f.err);
  const ws_lf_stats *stats = ws_apply_report_at(f.report, 0);
  int32_t vote = stats->votes ? 1 : stats->errors ? WS_VOTE_ERROR : WS_ABSTAIN;
  snprintf(message, WS_ERROR_MESSAGE_SIZE, "%s",
           stats->failure_count ? stats->failures[0].what : "");
  lf_end(&f);
  return vote;
}

static void holds(const char *condition) {
  char body[1024], message[WS_ERROR_MESSAGE_SIZE];
  snprintf(body, sizeof body, "assert(%s)", condition);
  int32_t vote = run(body, message);
  if (vote != 1) print_error("%s: %s\n", condition, message);
  assert_int_equal(vote, 1);
}

static void fails(const char *body, const char *part) {
  char message[WS_ERROR_MESSAGE_SIZE];
  assert_int_equal(run(body, message), WS_VOTE_ERROR);
  if (!strstr(message, part)) print_error("%s: %s\n", body, message);
  assert_non_null(strstr(message, part));
}

static void sentences_end_at_marks_and_lines(void **state) {
  (void)state;
  holds("table.concat(sentences(x.text), '|') == 'Ein Text.|Zwei!'");
  holds("table.concat(sentences(' Pi is 3.14, see a.example. (Really?!) \"Yes.\" End '), "
        "'|') == 'Pi is 3.14, see a.example.|(Really?!)|\"Yes.\"|End'");
  holds("table.concat(sentences('one\\n\\n two \\r\\nthree'), '|') == 'one|two|three'");
  holds("table.concat(sentences('a… b。c！d'), '|') == 'a…|b。|c！|d'");
  holds("#sentences('') == 0 and #sentences(' \\n ') == 0");
  fails("sentences(nil)", "string expected, got nil");
}

static void ngrams_are_runs_of_a_list(void **state) {
  (void)state;
  holds("table.concat(ngrams({ 'a', 'b', 'c' }, 2), '|') == 'a b|b c'");
  holds("table.concat(ngrams(words(x.text), 1), '|') == 'Ein|Text|Zwei'");
  holds("#ngrams({ 'a' }, 2) == 0 and #ngrams({}, 1) == 0");
  holds("#ngrams({ 'a' }, math.maxinteger) == 0");
  holds("ngrams(x.tags, 1)[1] == 'zwei'");
  fails("ngrams({ 'a' }, 0)", "expected 1 or more");
  fails("ngrams({ 'a', 1 }, 2)", "expected a list of texts, item 2 is a number");
}

static void count_counts_what_does_not_overlap(void **state) {
  (void)state;
  holds("count('aaaa', 'aa') == 2 and count('a', 'aa') == 0 and count('', 'a') == 0");
  holds("count('1 22 333', rx [[\\d+]]) == 3 and count('abc', rx 'x') == 0");
  holds("count('äö', rx '') == 3 and count('abc', rx 'x*') == 4");
  holds("count('ab', rx [[(?=b)]]) == 1");
  fails("count('a', '')", "the text is empty");
  fails("count('a', 1)", "pattern or string expected, got number");
  fails("count(('a'):rep(1e6), rx '(a*)*b')", "steps");
}

static void patterns_count_and_iterate(void **state) {
  (void)state;
  holds("rx [[\\d+]]:count '1 22 333' == 3 and rx 'x':count '' == 0");
  holds(
      "(function() local t = {} for w in rx [[\\w+]]:gmatch(x.text) do t[#t + 1] = w end "
      "return table.concat(t, '|') == 'Ein|Text|Zwei' end)()");
  holds("(function() local t = {} for k, v in rx [[(\\w)=(\\d)?]]:gmatch 'a=1 b= c=3' do "
        "t[#t + 1] = k .. tostring(v) end return table.concat(t, '|') == 'a1|bnil|c3' "
        "end)()");
  holds("(function() local n = 0 for w in rx 'x*':gmatch 'äxb' do n = n + #w + 10 end "
        "return n == 41 end)()");
  holds("(function() for w in rx 'a':gmatch 'b' do return false end return true end)()");
  holds("(function() local t = {} for a in rx '.':gmatch 'ab' do for b in rx "
        "'.':gmatch 'cd' do t[#t + 1] = a .. b end end "
        "return table.concat(t, '|') == 'ac|ad|bc|bd' end)()");
  fails("rx 'a':gmatch('\\xff')", "not valid UTF-8");
  fails("rx 'a':count(nil)", "string expected, got nil");
  fails("for w in rx '(a*)*b':gmatch(('a'):rep(1e6)) do end", "steps");
}

static void clamp_keeps_within_bounds(void **state) {
  (void)state;
  holds("clamp(5, 0, 3) == 3 and clamp(-1, 0, 3) == 0 and clamp(1.5, 0, 3) == 1.5");
  holds("math.type(clamp(2, 0.0, 3.0)) == 'integer'");
  fails("clamp(1, 3, 0)", "it is below the lower bound");
  fails("clamp('1', 0, 3)", "number expected, got string");
}

static void has_finds_whole_words_in_any_case(void **state) {
  (void)state;
  holds("has('in NEW york', list) and has('Red.', list) and not has('redo', list)");
  holds("has('a red', { 'red' }) and has('a red', set { 'red' }) and not has('a', {})");
  holds("has('b', { a = false, b = true }) and not has('a', { a = false, b = true })");
  holds("has(x.text, x.tags) and not has('', list)");
  fails("has('a', { 1 })", "has: expected a list or a set of texts");
  fails("has('a', { '' })", "an empty text");
  fails("has('a', 'a')", "has(text, { \"word\" }), found a string");
}

/* A list that is filled between two calls is looked at anew. */
static void has_sees_a_list_change(void **state) {
  (void)state;
  holds("(function() local t = {} local before = has('a', t) t[1] = 'a' "
        "return not before and has('a', t) end)()");
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sentences_end_at_marks_and_lines),
      cmocka_unit_test(ngrams_are_runs_of_a_list),
      cmocka_unit_test(count_counts_what_does_not_overlap),
      cmocka_unit_test(patterns_count_and_iterate),
      cmocka_unit_test(clamp_keeps_within_bounds),
      cmocka_unit_test(has_finds_whole_words_in_any_case),
      cmocka_unit_test(has_sees_a_list_change),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
