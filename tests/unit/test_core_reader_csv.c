/* SPDX-License-Identifier: MIT
 *
 * CSV and TSV: cells as RFC 4180 writes them, rows where they begin, and nothing guessed.
 */
#include <stdio.h>

#include "ws_read.h"

static void assert_reads_as(const char *name, const char *bytes, const char *expected,
                            const ws_task *task, const ws_reader_options *options) {
  char *seen = ws_test_read_bytes(name, ws_text_of(bytes), task, options);
  assert_string_equal(seen, expected);
  free(seen);
}

static void assert_reads(const ws_task *task, const char *bytes, const char *expected) {
  assert_reads_as("a.csv", bytes, expected, task, NULL);
}

static void assert_skips(const ws_task *task, const char *bytes, const char *expected) {
  ws_reader_options options = ws_reader_options_default();
  options.on_error = WS_SKIP;
  options.max_line = 60;
  assert_reads_as("a.csv", bytes, expected, task, &options);
}

#define LATIN1 " (if it is Latin-1: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW)\n"
#define STRAY                                                                            \
  "a quote inside a cell: cells with quotes are written \"like \"\"this\"\"\"\n"

static void every_cell_is_a_text_under_its_column(void **state) {
  assert_reads(*state, "text,label,n\na,SPAM,1\nb,0,\n,,2\n",
               "0:2 0 1 {\"text\":\"a\",\"label\":\"SPAM\",\"n\":\"1\"}\n"
               "1:3 1 0 {\"text\":\"b\",\"label\":\"0\",\"n\":\"\"}\n"
               "2:4 2 - {\"text\":\"\",\"label\":\"\",\"n\":\"2\"}\n");
}

static void line_ends_of_any_system_do(void **state) {
  const char *expected =
      "0:2 0 - {\"text\":\"a\",\"n\":\"1\"}\n1:5 1 - {\"text\":\"b\",\"n\":\"2\"}\n";
  assert_reads(*state, "text,n\na,1\n\n\nb,2\n", expected);
  assert_reads(*state, "text,n\r\na,1\r\n\r\n\r\nb,2\r\n", expected);
  assert_reads(*state, "text,n\na,1\n\n\nb,2", expected);
  assert_reads(*state, "\xEF\xBB\xBFtext,n\na,1\n\n\nb,2\r\n", expected);
}

static void quoted_cells_hold_anything(void **state) {
  assert_reads(*state, "\"text\",n\n\"a,\"\"b\"\"\",1\n\"\",\"2\"\n\" c \", 3 \n",
               "0:2 0 - {\"text\":\"a,\\\"b\\\"\",\"n\":\"1\"}\n"
               "1:3 1 - {\"text\":\"\",\"n\":\"2\"}\n"
               "2:4 2 - {\"text\":\" c \",\"n\":\" 3 \"}\n");
}

/* A record is where it begins, also behind blank lines and when its first cell begins
 * with empty lines. */
static void cells_over_several_lines_keep_the_count(void **state) {
  assert_reads(*state, "text,n\n\"a\nb\",1\n\nc,2\n\"\n\n\nd\",3\r\ne,\"\r\n\"\nf,5\n",
               "0:2 0 - {\"text\":\"a\\nb\",\"n\":\"1\"}\n"
               "1:5 1 - {\"text\":\"c\",\"n\":\"2\"}\n"
               "2:6 2 - {\"text\":\"\\n\\n\\nd\",\"n\":\"3\"}\n"
               "3:10 3 - {\"text\":\"e\",\"n\":\"\\r\\n\"}\n"
               "4:12 4 - {\"text\":\"f\",\"n\":\"5\"}\n");
}

static void ragged_rows_are_told_or_left_out(void **state) {
  assert_reads(*state, "text,n\na,1\nb\n",
               "0:2 0 - {\"text\":\"a\",\"n\":\"1\"}\n"
               "malformed input: a.csv:3: expected 2 columns, found 1\n");
  assert_skips(*state, "text,n\na\nb,1,2\nc,1\n,\n,,\n\"d\n\"\ne,2\n",
               "skipped a.csv:2: expected 2 columns, found 1\n"
               "skipped a.csv:3: expected 2 columns, found 3 (a cell that holds a comma "
               "stands in quotes)\n"
               "2:4 2 - {\"text\":\"c\",\"n\":\"1\"}\n"
               "3:5 3 - {\"text\":\"\",\"n\":\"\"}\n"
               "skipped a.csv:6: expected 2 columns, found 3 (a cell that holds a comma "
               "stands in quotes)\n"
               "skipped a.csv:7: expected 2 columns, found 1\n"
               "6:9 6 - {\"text\":\"e\",\"n\":\"2\"}\n");
}

/* To libcsv a carriage return ends a row: two short rows must not become one good one. */
static void a_lone_carriage_return_is_no_part_of_a_bare_cell(void **state) {
  const char *why = "a carriage return inside a row: it belongs in a cell in quotes";
  char expected[200] = "skipped a.csv:2: ";
  strcat(strcat(expected, why), "\n1:3 1 - {\"text\":\"b\\rc\",\"n\":\"1\"}\n");
  assert_skips(*state, "text,n\nx\ry\n\"b\rc\",1\n", expected);
  assert_skips(*state, "text,n\nx,1\ry,2\n\"b\rc\",1\n", expected);
}

static void stray_quotes_are_no_guess(void **state) {
  assert_skips(*state, "text,n\na\"b,1\nc,1\n",
               "skipped a.csv:2: " STRAY "1:3 1 - {\"text\":\"c\",\"n\":\"1\"}\n");
  assert_skips(*state, "text,n\n\"a\"b,1\nc,1\n",
               "skipped a.csv:2: " STRAY "1:3 1 - {\"text\":\"c\",\"n\":\"1\"}\n");
}

/* A quote that is not closed may have taken in good rows: they are not skipped with it.
 */
static void a_fault_in_a_row_of_several_lines_ends_the_reading(void **state) {
  assert_skips(
      *state, "text,n\n\"a\n\"b\nc,1\n",
      "malformed input: a.csv:2: a quote that opens here takes in the lines up to "
      "3: " STRAY);
}

static void an_open_quote_ends_at_the_limit_or_the_end(void **state) {
  assert_skips(
      *state, "text,n\na,1\n\"b,1\nc,1\n",
      "0:2 0 - {\"text\":\"a\",\"n\":\"1\"}\nmalformed input: a.csv:3: a quote "
      "that opens here takes in the lines up to 4: a quoted cell is not closed\n");
  assert_skips(
      *state,
      "text,n\n\"a,1\n12345678901234567890\n12345678901234567890\n1234567890123456789\n"
      "b,1\n",
      "malformed input: a.csv:2: a quote that opens here takes in the lines up to 5: a "
      "row "
      "longer than the limit for lines: is a quote not closed?\n");
}

static void long_lines_bad_bytes_and_nul_are_left_out(void **state) {
  assert_skips(
      *state,
      "text,n\n1234567890123456789012345678901234567890123456789012345678901,1\n"
      "b,\xE9\nd,1\n\"c\n\xE9\nd,1\n",
      "skipped a.csv:2: a line longer than 60 bytes (--max-line MB allows more)\n"
      "skipped a.csv:3: not valid UTF-8: byte E9 in column 3" LATIN1
      "2:4 2 - {\"text\":\"d\",\"n\":\"1\"}\n"
      "malformed input: a.csv:5: a quote that opens here takes in the lines up to 6: "
      "not valid UTF-8: byte E9 in column 1" LATIN1);
  ws_reader_options options = ws_reader_options_default();
  options.on_error = WS_SKIP;
  char *seen =
      ws_test_read_bytes("a.csv", (ws_text){"text\na\n\0\nc\n", 11}, *state, &options);
  assert_string_equal(
      seen, "0:2 0 - {\"text\":\"a\"}\nskipped a.csv:3: a NUL byte: expected text "
            "in UTF-8\n2:4 2 - {\"text\":\"c\"}\n");
  free(seen);
}

static void headers_must_make_sense(void **state) {
  assert_reads(*state, "",
               "malformed input: a.csv: empty: expected a header with column names\n");
  assert_reads(*state, "\n\r\n",
               "malformed input: a.csv:2: empty: expected a header with column names\n");
  assert_reads(*state, "text,n,text\n",
               "malformed input: a.csv:1: two columns are called 'text'\n");
  assert_reads(*state, "text,\"n\n",
               "malformed input: a.csv:1: a quoted cell is not closed\n");
  assert_reads(*state, "te\"xt\n", "malformed input: a.csv:1: " STRAY);
  assert_reads(*state, "text,\xFF\n",
               "malformed input: a.csv:1: not valid UTF-8: byte FF in column 6" LATIN1);
  assert_reads(*state, "text,n\n",
               "malformed input: a.csv: no records: there is nothing below the header\n");
  assert_reads(*state, "body\nx\n",
               "malformed input: a.csv:1: expected a header with a column 'text', "
               "found body (--text, or 'text' in the task file, names the field)\n");
}

/* A header of one cell that looks like several; not where the mark is at its edge. */
static void other_separators_are_named(void **state) {
  static const char *const cases[][3] = {
      {"a.csv", "id;text;n\n",
       "commas between the cells of the header 'id;text;n', found semicolons: save it "
       "with commas, or mlr --icsv --ifs ';' --ocsv cat FILE > NEW"},
      {"a.csv", "id|text\n",
       "commas between the cells of the header 'id|text', found '|': save it with "
       "commas, "
       "or mlr --icsv --ifs '|' --ocsv cat FILE > NEW"},
      {"a.csv", "id\ttext\n",
       "commas between the cells of the header 'id?text', found tabs: --input-format "
       "tsv "
       "reads them"},
      {"a.tsv", "id,text\n",
       "tabs between the cells of the header 'id,text', found commas: --input-format csv "
       "reads them"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char expected[400];
    snprintf(expected, sizeof expected, "malformed input: %s:1: expected %s\n",
             cases[i][0], cases[i][2]);
    assert_reads_as(cases[i][0], cases[i][1], expected, *state, NULL);
  }
  assert_reads(*state, "text,a;b\nx,1\n", "0:2 0 - {\"text\":\"x\",\"a;b\":\"1\"}\n");
  assert_reads(*state, "text;\nx\n",
               "malformed input: a.csv:1: expected a header with a column 'text', found "
               "text; (--text, or 'text' in the task file, names the field)\n");
}

/* As pandas writes a frame with its index. */
static void one_column_may_have_an_empty_name(void **state) {
  assert_reads(*state, ",text\n0,a\n", "0:2 0 - {\"\":\"0\",\"text\":\"a\"}\n");
}

static void gold_and_ids_are_checked_as_everywhere(void **state) {
  (void)state;
  ws_task *task = ws_test_task("HAM,SPAM");
  assert_ok(ws_task_set(task, WS_TASK_ID, ws_text_of("id"), NULL), NULL);
  assert_skips(
      task, "id,text,label\n7,,HAM\n8,,EGG\n7,,1\n,,1\n9,,-1\n",
      "0:2 7 0 {\"id\":\"7\",\"text\":\"\",\"label\":\"HAM\"}\n"
      "skipped a.csv:3: in the field 'label': unknown label 'EGG'; the classes are HAM, "
      "SPAM\n"
      "skipped a.csv:4: the id '7' occurs twice\n"
      "skipped a.csv:5: the id field 'id' is empty\n"
      "4:6 9 - {\"id\":\"9\",\"text\":\"\",\"label\":\"-1\"}\n");
  ws_task_free(task);
}

static void tsv_is_the_same_with_tabs(void **state) {
  assert_reads_as("a.tsv", "text\tn\na, b\t1\n\"c\t\nd\"\t2\n",
                  "0:2 0 - {\"text\":\"a, b\",\"n\":\"1\"}\n"
                  "1:3 1 - {\"text\":\"c\\t\\nd\",\"n\":\"2\"}\n",
                  *state, NULL);
  assert_reads_as("a.tab.gz", "text\na,b\n", "0:2 0 - {\"text\":\"a,b\"}\n", *state,
                  NULL);
}

static void columns_are_told_in_their_order(void **state) {
  char *folder = ws_test_folder();
  char *path = ws_test_file(folder, "a.csv", "text,\"a \",\n1,2,3\n", 17);
  ws_reader *reader = NULL;
  size_t count;
  assert_ok(ws_reader_open(path, *state, NULL, &reader, NULL), NULL);
  const ws_text *columns = ws_reader_columns(reader, &count);
  assert_int_equal(count, 3);
  assert_string_equal(columns[0].data, "text");
  assert_string_equal(columns[1].data, "a ");
  assert_string_equal(columns[2].data, "");
  ws_reader_free(reader);
  ws_test_remove_folder(folder);
  free(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_cell_is_a_text_under_its_column),
      cmocka_unit_test(line_ends_of_any_system_do),
      cmocka_unit_test(quoted_cells_hold_anything),
      cmocka_unit_test(cells_over_several_lines_keep_the_count),
      cmocka_unit_test(ragged_rows_are_told_or_left_out),
      cmocka_unit_test(a_lone_carriage_return_is_no_part_of_a_bare_cell),
      cmocka_unit_test(stray_quotes_are_no_guess),
      cmocka_unit_test(a_fault_in_a_row_of_several_lines_ends_the_reading),
      cmocka_unit_test(an_open_quote_ends_at_the_limit_or_the_end),
      cmocka_unit_test(long_lines_bad_bytes_and_nul_are_left_out),
      cmocka_unit_test(headers_must_make_sense),
      cmocka_unit_test(other_separators_are_named),
      cmocka_unit_test(one_column_may_have_an_empty_name),
      cmocka_unit_test(gold_and_ids_are_checked_as_everywhere),
      cmocka_unit_test(tsv_is_the_same_with_tabs),
      cmocka_unit_test(columns_are_told_in_their_order),
  };
  return cmocka_run_group_tests(tests, ws_test_task_setup, ws_test_task_teardown);
}
