/* SPDX-License-Identifier: MIT
 *
 * Applying sets of LFs in worker processes: the same votes whatever the workers do.
 */
#include "../lf/lf_test.h"

static const char three_lfs[] = "function lf.short(x) if #x.text < 6 then return HAM end end\n"
                                "lf.money = keywords(SPAM, {'cash', 'free money'})\n"
                                "function lf.never(x) return nil end\n";
static const char rules[] = "link SPAM /https?:/i\nquestion 0 /\\?$/ # a comment\n";

static void rules_and_lua_vote_together(void **state) {
  (void)state;
  lf_fixture f;
  lf_begin(&f, "HAM,SPAM");
  lf_file(&f, "a.lua", three_lfs);
  lf_file(&f, "b.rules", rules);
  lf_data(&f, "d.txt", "hi\nget Cash now\nHTTP://x FREE MONEY\nwhat is this?\ncashier\n");
  lf_expect(&f, "0---- -1--- -1-1- ----0 -----");
  assert_int_equal(ws_lf_set_count(f.set), 5);
  assert_string_equal(ws_lf_set_at(f.set, 3)->name, "link");
  assert_int_equal(ws_lf_set_at(f.set, 3)->label, 1);
  assert_int_equal(ws_lf_set_at(f.set, 1)->kind, WS_LF_KEYWORDS);
  assert_int_equal(ws_lf_set_at(f.set, 1)->line, 2);
  assert_int_equal(ws_apply_report_records(f.report), 5);
  assert_int_equal(ws_apply_report_at(f.report, 1)->votes, 2);
  lf_end(&f);
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], WS_LF_WORKER_ARG) == 0)
    return ws_lf_worker_main(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rules_and_lua_vote_together),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
