/* SPDX-License-Identifier: MIT
 *
 * JSON Lines: the fields of records, and what is refused or left out, with its line.
 */
#include <weaksup/json.h>

#include "ws_read.h"

static void assert_reads(const ws_task *task, const ws_reader_options *options,
                         const char *bytes, const char *expected) {
  char *seen = ws_test_read_bytes("a.jsonl", ws_text_of(bytes), task, options);
  assert_string_equal(seen, expected);
  free(seen);
}

static ws_reader_options skipping(void) {
  ws_reader_options options = ws_reader_options_default();
  options.on_error = WS_SKIP;
  return options;
}

static void records_have_rows_lines_ids_and_gold(void **state) {
  assert_reads(*state, NULL,
               "{\"text\":\"a\",\"label\":\"SPAM\"}\n"
               "{\"text\":\"b\",\"label\":0,\"n\":1.5}\n"
               "{\"label\":null,\"text\":\"\"}\n"
               "{\"text\":\"d\"}\n",
               "0:1 0 1 {\"text\":\"a\",\"label\":\"SPAM\"}\n"
               "1:2 1 0 {\"text\":\"b\",\"label\":0,\"n\":1.5}\n"
               "2:3 2 - {\"label\":null,\"text\":\"\"}\n"
               "3:4 3 - {\"text\":\"d\"}\n");
}

static void line_ends_of_any_system_do(void **state) {
  const char *expected = "0:1 0 - {\"text\":\"a\"}\n1:4 1 - {\"text\":\"b\"}\n";
  assert_reads(*state, NULL, "{\"text\":\"a\"}\n\n\n{\"text\":\"b\"}\n\n", expected);
  assert_reads(*state, NULL, "{\"text\":\"a\"}\r\n \t\r\n\r\n{\"text\":\"b\"}\r\n",
               expected);
  assert_reads(*state, NULL, "{\"text\":\"a\"}\n\n\n{\"text\":\"b\"}", expected);
  assert_reads(*state, NULL, "{\"text\":\"a\"}\n\n\n{\"text\":\"b\"}\r", expected);
}

static void a_byte_order_mark_is_dropped_once_and_at_the_start_only(void **state) {
  assert_reads(*state, NULL, "\xEF\xBB\xBF{\"text\":\"\xEF\xBB\xBF\"}\n",
               "0:1 0 - {\"text\":\"\xEF\xBB\xBF\"}\n");
  assert_reads(
      *state, NULL, "{\"text\":\"a\"}\n\xEF\xBB\xBF{\"text\":\"b\"}\n",
      "0:1 0 - {\"text\":\"a\"}\nmalformed input: a.jsonl:2: JSON: column 1: expected a "
      "value, found '\?\?\?'\n");
}

static void files_without_records_are_refused(void **state) {
  const char *expected = "malformed input: a.jsonl: no records: the file is empty\n";
  assert_reads(*state, NULL, "", expected);
  assert_reads(*state, NULL, "\n \n\r\n", expected);
  assert_reads(*state, NULL, "\xEF\xBB\xBF", expected);
  ws_reader_options options = skipping();
  assert_reads(*state, &options, "x\n",
               "skipped a.jsonl:1: JSON: column 1: expected a value, found "
               "'x'\nmalformed input: a.jsonl: no "
               "record is left: all 1 were skipped\n");
}

/* Each bad line between two good ones: the message, and what is left when it is skipped.
 */
static void bad_lines_are_told_or_left_out(void **state) {
  static const char *const cases[][2] = {
      {"[1]", "expected one JSON object a line, found an array"},
      {"{\"text\":1}", "expected a string in the field 'text', found a number"},
      {"{\"text\":null}", "expected a string in the field 'text', found null"},
      {"{\"Text\":\"b\"}", "expected a field 'text', found Text"},
      {"{\"text\":\"b\",\"label\":\"EGGS\"}",
       "in the field 'label': unknown label 'EGGS'; the classes are HAM, SPAM"},
      {"{\"text\":\"b\",\"label\":2}",
       "in the field 'label': expected a class index from 0 to 1, found 2"},
      {"{\"text\":\"b\",\"text\":\"c\"}", "JSON: the key 'text' occurs twice"},
      {"{\"text\":\"\xE9\"}", "not valid UTF-8: byte E9 in column 10 (if it is Latin-1: "
                              "iconv -f ISO-8859-1 -t UTF-8 FILE > NEW)"},
      {"{\"text\":\"b\"",
       "JSON: column 12: expected ',' or '}' behind the value, found the end"},
      {"{\"text\":\"b\"} {}",
       "JSON: column 14: expected nothing behind the value, found '{'"},
      {"{\"text\":\"1234567890123456789012345678901234567890\"}",
       "a line longer than 50 bytes (--max-line MB allows more)"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_buffer bytes = {0}, expected = {0};
    ws_reader_options options = ws_reader_options_default();
    options.max_line = 50;
    assert_ok(ws_buffer_printf(&bytes, "{\"text\":\"a\"}\n\n%s\n{\"text\":\"c\"}\n",
                               cases[i][0]),
              NULL);
    assert_ok(ws_buffer_printf(&expected,
                               "0:1 0 - {\"text\":\"a\"}\nmalformed input: a.jsonl:3: "
                               "%s\n",
                               cases[i][1]),
              NULL);
    assert_reads(*state, &options, bytes.data, expected.data);
    expected.size = 0;
    assert_ok(ws_buffer_printf(&expected,
                               "0:1 0 - {\"text\":\"a\"}\nskipped a.jsonl:3: %s\n"
                               "2:4 2 - {\"text\":\"c\"}\n",
                               cases[i][1]),
              NULL);
    options.on_error = WS_SKIP;
    assert_reads(*state, &options, bytes.data, expected.data);
    ws_buffer_clear(&bytes);
    ws_buffer_clear(&expected);
  }
}

static void a_nul_byte_is_refused_and_skippable(void **state) {
  ws_reader_options options = skipping();
  char bytes[] = "{\"text\":\"a\"}\n{\"text\":\"?\"}\n{\"text\":\"c\"}\n";
  bytes[22] = '\0';
  ws_text text = {bytes, sizeof bytes - 1};
  char *seen = ws_test_read_bytes("a.jsonl", text, *state, &options);
  assert_string_equal(seen,
                      "0:1 0 - {\"text\":\"a\"}\nskipped a.jsonl:2: a NUL byte: expected "
                      "text in UTF-8\n2:3 2 - {\"text\":\"c\"}\n");
  free(seen);
}

static void an_escaped_nul_is_text(void **state) {
  assert_reads(*state, NULL, "{\"text\":\"a\\u0000b\"}\n",
               "0:1 0 - {\"text\":\"a\\u0000b\"}\n");
}

static void ids_are_strings_or_integers(void **state) {
  (void)state;
  ws_reader_options options = skipping();
  ws_task *task = ws_test_task("HAM,SPAM");
  assert_ok(ws_task_set(task, WS_TASK_ID, ws_text_of("key"), NULL), NULL);
  assert_reads(
      task, &options,
      "{\"text\":\"\",\"key\":\"x\"}\n{\"text\":\"\",\"key\":-7}\n{\"text\":\"\"}\n"
      "{\"text\":\"\",\"key\":null}\n{\"text\":\"\",\"key\":1.5}\n"
      "{\"text\":\"\",\"key\":\"\"}\n{\"text\":\"\",\"key\":[1]}\n"
      "{\"text\":\"\",\"key\":\"1\"}\n",
      "0:1 x - {\"text\":\"\",\"key\":\"x\"}\n1:2 -7 - {\"text\":\"\",\"key\":-7}\n"
      "skipped a.jsonl:3: expected a field 'key', found text\n"
      "skipped a.jsonl:4: expected a string or an integer in the id field 'key', found "
      "null\n"
      "skipped a.jsonl:5: expected a string or an integer in the id field 'key', found a "
      "number that is no integer\n"
      "skipped a.jsonl:6: the id field 'key' is empty\n"
      "skipped a.jsonl:7: expected a string or an integer in the id field 'key', found "
      "an array\n"
      "7:8 1 - {\"text\":\"\",\"key\":\"1\"}\n");
  ws_task_free(task);
}

static void doubled_ids_are_refused_whatever_their_type(void **state) {
  (void)state;
  ws_reader_options options = skipping();
  ws_task *task = ws_test_task("HAM,SPAM");
  assert_ok(ws_task_set(task, WS_TASK_ID, ws_text_of("id"), NULL), NULL);
  const char *bytes = "{\"id\":1,\"text\":\"\"}\n{\"id\":\"a\",\"text\":\"\"}\n"
                      "{\"id\":\"1\",\"text\":\"\"}\n{\"id\":\"a\",\"text\":\"\"}\n";
  assert_reads(task, &options, bytes,
               "0:1 1 - {\"id\":1,\"text\":\"\"}\n1:2 a - {\"id\":\"a\",\"text\":\"\"}\n"
               "skipped a.jsonl:3: the id '1' occurs twice\n"
               "skipped a.jsonl:4: the id 'a' occurs twice\n");
  options.unique_ids = false;
  assert_reads(
      task, &options, bytes,
      "0:1 1 - {\"id\":1,\"text\":\"\"}\n1:2 a - {\"id\":\"a\",\"text\":\"\"}\n"
      "2:3 1 - {\"id\":\"1\",\"text\":\"\"}\n3:4 a - {\"id\":\"a\",\"text\":\"\"}\n");
  ws_task_free(task);
}

/* The row of a record that was left out for another reason does not take the id away. */
static void a_skipped_record_does_not_use_up_its_id(void **state) {
  (void)state;
  ws_reader_options options = skipping();
  ws_task *task = ws_test_task("HAM,SPAM");
  assert_ok(ws_task_set(task, WS_TASK_ID, ws_text_of("id"), NULL), NULL);
  assert_reads(task, &options, "{\"id\":1}\n{\"id\":1,\"text\":\"\"}\n",
               "skipped a.jsonl:1: expected a field 'text', found id (--text, or 'text' "
               "in the task file, names the field)\n"
               "1:2 1 - {\"id\":1,\"text\":\"\"}\n");
  ws_task_free(task);
}

static void an_optional_id_gives_way_to_the_row_number(void **state) {
  (void)state;
  ws_reader_options options = ws_reader_options_default();
  options.optional_id = true;
  ws_task *task = ws_test_task("HAM,SPAM");
  assert_ok(ws_task_set(task, WS_TASK_ID, ws_text_of("key"), NULL), NULL);
  assert_reads(task, &options, "{\"text\":\"a\"}\n{\"text\":\"b\",\"key\":\"k\"}\n",
               "0:1 0 - {\"text\":\"a\"}\n1:2 k - {\"text\":\"b\",\"key\":\"k\"}\n");
  ws_task_free(task);
}

static void a_default_id_serves_the_records_that_have_it(void **state) {
  ws_reader_options options = ws_reader_options_default();
  options.default_id = "id";
  assert_reads(
      *state, &options,
      "{\"text\":\"\",\"id\":\"x\"}\n{\"text\":\"\"}\n{\"text\":\"\",\"id\":null}\n",
      "0:1 x - {\"text\":\"\",\"id\":\"x\"}\n1:2 1 - {\"text\":\"\"}\n"
      "2:3 2 - {\"text\":\"\",\"id\":null}\n");
}

static void text_and_gold_are_demanded_only_where_wanted(void **state) {
  ws_reader_options options = ws_reader_options_default();
  options.need_text = options.need_gold = false;
  assert_reads(
      *state, &options, "{\"label\":\"EGGS\"}\n{\"text\":1}\n{\"text\":\"a\"}\n",
      "0:1 0 - {\"label\":\"EGGS\"}\n1:2 1 - {\"text\":1}\n2:3 2 - {\"text\":\"a\"}\n");
}

static void the_task_names_the_fields(void **state) {
  (void)state;
  ws_task *task = ws_test_task("HAM,SPAM");
  assert_ok(ws_task_set(task, WS_TASK_TEXT, ws_text_of("body"), NULL), NULL);
  assert_ok(ws_task_set(task, WS_TASK_GOLD, ws_text_of("y"), NULL), NULL);
  assert_reads(task, NULL, "{\"body\":\"a\",\"text\":1,\"label\":\"EGGS\",\"y\":1}\n",
               "0:1 0 1 {\"body\":\"a\",\"text\":1,\"label\":\"EGGS\",\"y\":1}\n");
  ws_task_free(task);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records_have_rows_lines_ids_and_gold),
      cmocka_unit_test(line_ends_of_any_system_do),
      cmocka_unit_test(a_byte_order_mark_is_dropped_once_and_at_the_start_only),
      cmocka_unit_test(files_without_records_are_refused),
      cmocka_unit_test(bad_lines_are_told_or_left_out),
      cmocka_unit_test(a_nul_byte_is_refused_and_skippable),
      cmocka_unit_test(an_escaped_nul_is_text),
      cmocka_unit_test(ids_are_strings_or_integers),
      cmocka_unit_test(doubled_ids_are_refused_whatever_their_type),
      cmocka_unit_test(a_skipped_record_does_not_use_up_its_id),
      cmocka_unit_test(an_optional_id_gives_way_to_the_row_number),
      cmocka_unit_test(a_default_id_serves_the_records_that_have_it),
      cmocka_unit_test(text_and_gold_are_demanded_only_where_wanted),
      cmocka_unit_test(the_task_names_the_fields),
  };
  return cmocka_run_group_tests(tests, ws_test_task_setup, ws_test_task_teardown);
}
