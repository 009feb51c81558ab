/* SPDX-License-Identifier: MIT
 *
 * Tables in files: csv(...) gives rows, is strict, and stays in its folder.
 */
#include "../lf/lf_language.h"

static const char people[] = "name,team,\"a, b\"\nAda,red,1\n\"Bo \"\"B\"\"\",blue,\n";

static void csv_gives_rows(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "people.csv", people);
  lf_file(f, "more.tsv", "k\tv\nx\t1\n");
  lf_file(
      f, "a.lua",
      "local rows, by = csv 'people.csv', csv('people.csv', 'name')\n"
      "local tsv = csv('more.tsv', 'k')\n"
      "function lf.a(x)\n"
      "  assert(#rows == 2 and rows[2].name == 'Bo \"B\"' and rows[1]['a, b'] == '1')\n"
      "  assert(rows[2]['a, b'] == '' and rows[1].zebra == nil)\n"
      "  assert(by.Ada.team == 'red' and by['Bo \"B\"'].team == 'blue' and not by.x)\n"
      "  assert(tsv.x.v == '1')\n"
      "  for i, row in ipairs(rows) do if row.team == x.text then return HAM end end\n"
      "  rows[1].team = 'x'\n"
      "end\n");
  lf_data(f, "d.jsonl", "{\"text\":\"blue\"}\n{\"text\":\"green\"}\n");
  lf_expect(f, "0 -");
  assert_string_equal(lf_failure(f, 0, 0),
                      "a.lua:9: in 'a': this table is read-only (field 'team')");
}

static void csv_is_part_of_the_digest(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "people.csv", people);
  lf_file(f, "a.lua", "local rows = csv 'people.csv' function lf.a(x) return #rows end");
  assert_ok(lf_load(f), &f->err);
  char *before = strdup(ws_lf_set_digest(f->set));
  lf_file(f, "people.csv", "name\nAda\n");
  assert_ok(lf_load(f), &f->err);
  assert_string_not_equal(ws_lf_set_digest(f->set), before);
  free(before);
}

/* The message holds, behind the folder and the place of the call, this one, in which %s
 * is the folder. */
static void csv_refused(lf_fixture *f, const char *table, const char *call,
                        const char *message) {
  char source[256], expected[1024];
  lf_file(f, "t.csv", table);
  snprintf(source, sizeof source, "function lf.a(x) end\nlocal t = %s\n", call);
  lf_file(f, "a.lua", source);
  assert_int_equal(lf_load(f), WS_ELF);
  snprintf(expected, sizeof expected, "%s/a.lua:2: %s/%s", f->lfs, f->lfs, message);
  assert_string_equal(f->err.message, expected);
}

static void csv_is_strict(void **state) {
  lf_fixture *f = *state;
  csv_refused(f, "a,b\n1,2\n3\n", "csv 't.csv'", "t.csv:3: expected 2 columns, found 1");
  csv_refused(f, "a,a\n1,2\n", "csv 't.csv'", "t.csv:1: two columns are called 'a'");
  csv_refused(f, "a,b\n1,2\"3\n", "csv 't.csv'",
              "t.csv:2: a quote inside a cell: cells with quotes are written \"like "
              "\"\"this\"\"\"");
  csv_refused(f, "", "csv 't.csv'", "t.csv: empty: expected a header with column names");
  csv_refused(f, "a,b\n", "csv 't.csv'",
              "t.csv: no records: there is nothing below the header");
  csv_refused(f, "name,b\n1,2\n", "csv('t.csv', 'nam')",
              "t.csv:1: no column 'nam', did you mean 'name'?");
  csv_refused(f, "a,b\n1,2\n3,4\n1,5\n", "csv('t.csv', 'a')",
              "t.csv:4: two rows have '1' in the column 'a'");
  csv_refused(f, "a\n\xff\n", "csv 't.csv'",
              "t.csv: not valid UTF-8: byte FF in line 2, column 1 (if it is Latin-1: "
              "iconv -f ISO-8859-1 -t UTF-8 FILE > NEW)");
}

static void csv_reads_in_its_folder_while_loading(void **state) {
  lf_fixture *f = *state;
  char expected[512];
  lf_data(f, "d.csv", "text\na\n");
  lf_file(f, "a.lua", "local t = csv '../d.csv'");
  assert_int_equal(lf_load(f), WS_ELF);
  snprintf(expected, sizeof expected,
           "%s/a.lua:1: '../d.csv': leads out of the folder of labeling functions",
           f->lfs);
  assert_string_equal(f->err.message, expected);
  lf_file(f, "t.csv", people);
  lf_refused(f, "function lf.a(x) return csv 't.csv' end",
             "a.lua:1: csv(...) must stand outside of all functions: it runs when the "
             "file is loaded");
}

/* Memory: rows belong to the Lua state. */
static void csv_counts_as_memory(void **state) {
  lf_fixture *f = *state;
  ws_buffer table = {0};
  assert_ok(ws_buffer_string(&table, "a,b\n"), NULL);
  for (int i = 0; i < 100000; i++)
    assert_ok(ws_buffer_printf(&table, "%d,%d\n", i, i), NULL);
  lf_file(f, "t.csv", table.data);
  f->options.memory = 8u << 20;
  lf_refused(f, "local t = csv 't.csv' function lf.a(x) return t[1] end",
             "a.lua: needs more than 8 MiB of memory");
  ws_buffer_clear(&table);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(csv_gives_rows),       TEST(csv_is_part_of_the_digest),
      TEST(csv_is_strict),        TEST(csv_reads_in_its_folder_while_loading),
      TEST(csv_counts_as_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
