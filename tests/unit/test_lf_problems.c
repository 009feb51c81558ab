/* SPDX-License-Identifier: MIT
 *
 * The problems of a folder as a list: the names of LFs in a text that does not load, and
 * the way from a worker to its parent.
 */
#include "../lf/lf_test.h"

#include "lf_set_priv.h"
#include "rules.h"

static void names_are_found_in_the_text(void **state) {
  static const struct {
    const char *source, *names;
  } cases[] = {
      {"function lf.a(x) end lf.b = 1 lf [ 'c-d' ] = 2 lf.  e\n= 3", "a b c-d e"},
      {"-- function lf.a()\n--[[ lf.b = 1\n lf.c = 1 ]] lf.d = 1", "d"},
      {"--[==[ ]] lf.b = 1 ]=] ]==] lf.d = 1", "d"},
      {"x = 'lf.a = 1' y = \"lf.b = \\\" lf.c = 1\" z = [[ lf.d = 1 ]] lf.e = 1", "e"},
      {"x = 'open lf.a = 1\nlf.b = 1 [[ open lf.c = 1", "b c"},
      {"--[[ lf.a = 1", ""},
      {"if lf.a == 1 then lf.b() end t.lf.c = 1 t:lf.d = 2 elf.f = 1 lf.g.h = 1 f(lf.i)",
       ""},
      {"function lf.a.b(x) end function lf:c() end local function lf", ""},
      {"lf.a = lf.b lf.a = 1", "a"},
      {"lf['\xC3\xA4'] = 1 lf[''] = 1 lf[a] = 2 lf['x", ""},
      {"lf", ""},
      {"lf.", ""},
      {"lf['a'", ""},
      {"lf['ab\n] = 1 lf['c'\n] = 1", "c"},
      {"[[[[[[[=[=[==[", ""},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws__problems problems = {0};
    ws_buffer found = {0};
    ws_text source = ws_text_of(cases[i].source);
    assert_ok(ws__problems_add(&problems, "a.lua", 0, WS_LF_PROBLEM_KILLED, "x"), NULL);
    assert_ok(ws__problems_add_names_of(&problems, "a.lua", source), NULL);
    assert_ok(ws_buffer_reserve(&found, 1), NULL);
    found.data[0] = '\0';
    for (size_t j = 0; j < problems.items[0].lf_count; j++)
      assert_ok(ws_buffer_printf(&found, "%s%s", j ? " " : "", problems.items[0].lfs[j]),
                NULL);
    assert_string_equal(found.data, cases[i].names);
    ws_buffer_clear(&found);
    ws__problems_clear(&problems);
  }
}

/* Of any text, in a block of its size so that a byte too far is seen: what is found is a
 * name, and stands there. */
static void any_text_can_be_searched(void **state) {
  static const char *const parts[] = {"lf", ".",  "a",  "=",         "[",    "]",
                                      "\"", "'",  "--", "[[",        "]]",   "[=[",
                                      "\\", "\n", " ",  "function ", "\xC3", "("};
  uint32_t random = 1;
  (void)state;
  for (int round = 0; round < 20000; round++) {
    ws_buffer text = {0};
    for (uint32_t left = random % 30 + 1; left; left--) {
      random = random * 1664525u + 1013904223u;
      size_t part = (random >> 16) % (sizeof parts / sizeof *parts);
      assert_ok(ws_buffer_string(&text, parts[part]), NULL);
    }
    char *exact = malloc(text.size);
    assert_non_null(exact);
    memcpy(exact, text.data, text.size);
    ws__problems problems = {0};
    const char *file = round % 2 ? "a.lua" : "a.rules";
    assert_ok(ws__problems_add(&problems, file, 0, WS_LF_PROBLEM_KILLED, "x"), NULL);
    assert_ok(ws__problems_add_names_of(&problems, file, (ws_text){exact, text.size}),
              NULL);
    for (size_t j = 0; j < problems.items[0].lf_count; j++) {
      assert_true(ws__is_lf_name(ws_text_of(problems.items[0].lfs[j])));
      assert_non_null(strstr(text.data, problems.items[0].lfs[j]));
    }
    ws__problems_clear(&problems);
    ws_buffer_clear(&text);
    free(exact);
  }
}

/* --- without memory --- */

static ws_status pass_problems_on(void *user) {
  ws__problems from = {0}, to = {0};
  ws_buffer bytes = {0};
  (void)user;
  ws_status status =
      ws__problems_add(&from, "a.lua", 1, WS_LF_PROBLEM_TIME, "a.lua:1: x");
  if (status == WS_OK)
    status = ws__problems_add_names_of(&from, "a.lua",
                                       ws_text_of("lf.a = 1 lf.b = 1 lf.c = 1"));
  if (status == WS_OK) status = ws__put_problems(&bytes, &from);
  ws_bytes wire = ws_bytes_of(ws_buffer_as_text(&bytes));
  if (status == WS_OK) status = ws__take_problems(&wire, &to);
  if (status == WS_OK) {
    assert_int_equal(to.items[0].lf_count, 3);
    assert_string_equal(to.items[0].lfs[2], "c");
  }
  ws__problems_clear(&from);
  ws__problems_clear(&to);
  ws_buffer_clear(&bytes);
  return status;
}

static void problems_survive_a_lack_of_memory(void **state) {
  (void)state;
  ws_test_every_allocation_failure(pass_problems_on, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_are_found_in_the_text),
      cmocka_unit_test(any_text_can_be_searched),
      cmocka_unit_test(problems_survive_a_lack_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
