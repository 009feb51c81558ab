/* SPDX-License-Identifier: MIT
 *
 * The one form of sources that say the same, by which candidates are told to be new.
 */
#include <stdlib.h>

#include <weaksup/rng.h>

#include "vet_priv.h"
#include "ws_test.h"

static void expect_normal(const char *source, bool rules, const char *expected) {
  ws_buffer out = {0};
  assert_ok(ws_lf_source_normal(ws_text_of(source), rules, &out), NULL);
  assert_string_equal(out.data ? out.data : "", expected);
  ws_buffer_clear(&out);
}

static void sources_that_say_the_same_have_one_form(void **state) {
  (void)state;
  expect_normal("-- why\nfunction lf.a ( x )\n  if x.text : find( 'a  -- b' ) then\n"
                "    return  SPAM --[[ so\n ]] end end",
                false,
                "function lf._(x)if x.text:find('a  -- b')then return SPAM end end");
  expect_normal("function lf.other(x) if x.text:find('a  -- b') then return SPAM end end",
                false,
                "function lf._(x)if x.text:find('a  -- b')then return SPAM end end");
  expect_normal("lf . b = keywords(HAM,{[[ x\n  y ]]}) local x = self.lf.b .. 'c' - - 1",
                false, "lf._=keywords(HAM,{[[ x\n  y ]]})local x=self.lf.b ..'c'- -1");
  expect_normal("# c\n\n  a   SPAM  title  ~  /x  \\/ #y/i  # c\nb \"A B\" @l.txt # d\n",
                true, "_ SPAM title ~ /x  \\/ #y/i\n_ \"A B\" @l.txt\n");
  expect_normal("a = 'no end\nb", false, "a='no end\nb");
  expect_normal("[==[ no end", false, "[==[ no end");
  expect_normal("", false, "");
}

/* Whatever the text is: nothing beyond its end is read, and little is added. */
static void any_text_has_a_form(void **state) {
  static const char pieces[] = "lf.a =\n\n--[[]]'\"\\/@#~ lf\0x{(..";
  ws_rng rng;
  (void)state;
  ws_rng_init(&rng, 1);
  for (int round = 0; round < 4000; round++) {
    char text[40];
    ws_buffer out = {0};
    size_t size = ws_rng_below(&rng, sizeof text);
    bool rules = round % 2;
    for (size_t i = 0; i < size; i++) text[i] = pieces[ws_rng_below(&rng, sizeof pieces)];
    char *exact = malloc(size ? size : 1); // so that reading beyond it is noticed
    assert_non_null(exact);
    memcpy(exact, text, size);
    assert_ok(ws_lf_source_normal((ws_text){exact, size}, rules, &out), NULL);
    assert_true(out.size <= 3 * size);
    free(exact);
    ws_buffer_clear(&out);
  }
}

static ws_status normalize(void *user) {
  ws_buffer out = {0};
  (void)user;
  ws_status status = ws_lf_source_normal(ws_text_of("lf.a = 1 -- 2"), false, &out);
  ws_buffer_clear(&out);
  return status;
}

static void memory_may_run_out(void **state) {
  (void)state;
  ws_test_every_allocation_failure(normalize, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sources_that_say_the_same_have_one_form),
      cmocka_unit_test(any_text_has_a_form),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
