/* SPDX-License-Identifier: MIT
 *
 * Which field is the text, the id, the gold label; labels and how often they come; and
 * folders that appear whole.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/field_survey.h>
#include <weaksup/output.h>
#include <weaksup/reader.h>

#include "ws_test.h"

typedef struct looked {
  ws_task *task;
  ws_records *records;
  ws_field_survey *survey;
} looked;

static looked look(const char *name, const char *bytes) {
  looked l = {ws_test_task("A,B"), NULL, NULL};
  ws_reader_options options = ws_reader_options_default();
  ws_reader *reader;
  ws_error err = WS_ERROR_INIT;
  size_t added;
  options.need_text = options.unique_ids = options.need_gold = false;
  assert_ok(ws_records_new(&l.records), NULL);
  assert_ok(
      ws_reader_open_memory(name, ws_text_of(bytes), l.task, &options, &reader, &err),
      &err);
  assert_ok(ws_reader_read(reader, l.records, 1000, 1 << 20, &added, &err), &err);
  ws_reader_free(reader);
  assert_ok(ws_field_survey_new(l.records, &l.survey), NULL);
  return l;
}

static void clear(looked *l) {
  ws_field_survey_free(l->survey);
  ws_records_free(l->records);
  ws_task_free(l->task);
}

static void assert_field(const ws_field_info *field, const char *name) {
  assert_non_null(field);
  assert_true(ws_text_equals(field->name, name));
}

static void fields_are_told_apart(void **state) {
  (void)state;
  looked l =
      look("a.jsonl",
           "{\"k\":1,\"url\":\"http://averyveryverylong.example/x\",\"body\":\"so it "
           "goes\",\"kind\":\"x\"}\n"
           "{\"k\":2,\"url\":\"\",\"body\":\"and on\",\"kind\":\"x\"}\n"
           "{\"k\":3,\"url\":null,\"body\":\"\",\"kind\":\"y\",\"new\":[1]}\n"
           "{\"k\":4,\"url\":\"b\",\"body\":\"no\",\"kind\":\"y\"}\n");
  assert_int_equal(ws_field_survey_records(l.survey), 4);
  assert_int_equal(ws_field_survey_count(l.survey), 5);
  const ws_field_info *body = ws_field_survey_find(l.survey, ws_text_of("body"));
  assert_int_equal(body->filled, 3);
  assert_int_equal(body->texts, 4);
  assert_int_equal(body->distinct, 3);
  assert_field(ws_field_survey_at(l.survey, 4), "new");
  assert_null(ws_field_survey_find(l.survey, ws_text_of("none")));
  assert_field(ws_field_survey_text(l.survey), "body"); // url is no string everywhere
  // four records say little: only names that are known
  assert_null(ws_field_survey_id(l.survey, ws_text_of("body")));
  assert_null(ws_field_survey_gold(l.survey, ws_text_of("body"), ws_text_of("")));
  clear(&l);
}

static size_t golds_of(const looked *l, const char *classes, const looked *data,
                       const ws_field_info **out, size_t most) {
  ws_task *task = classes ? ws_test_task(classes) : NULL;
  ws_gold_hints hints = {ws_text_of("text"), ws_text_of("id"), task,
                         data ? data->survey : NULL};
  size_t count = ws_field_survey_golds(l->survey, &hints, out, most);
  ws_task_free(task);
  return count;
}

/* "source" would be the first one by its looks, "votes" holds indexes by chance. */
static const char several[] =
    "id,text,source,votes,mood,checked\n"
    "1,a b,web,0,good,bad\n2,b b,web,1,bad,\n3,c b,app,0,good,good\n4,d b,app,1,bad,\n"
    "5,e b,web,0,good,bad\n6,f b,web,1,bad,\n7,g b,app,0,good,good\n8,h b,app,1,bad,\n"
    "9,i b,web,0,good,bad\n10,j b,web,1,bad,\n11,k b,app,0,good,good\n";

static void classes_choose_the_gold_label(void **state) {
  (void)state;
  const ws_field_info *golds[4];
  looked l = look("a.csv", several);
  assert_true(golds_of(&l, NULL, NULL, golds, 4) >= 3);
  assert_field(golds[0], "source");
  assert_int_equal(golds_of(&l, "bad,good", NULL, golds, 4), 2);
  assert_field(golds[0], "mood");
  assert_field(golds[1], "checked");
  assert_int_equal(golds_of(&l, "bad,good", NULL, golds, 1), 2);
  assert_int_equal(golds_of(&l, "yes,no", NULL, golds, 4), 0);
  assert_int_equal(golds_of(&l, "app,web,tv", NULL, golds, 4), 1);
  clear(&l);
  // what is called like a label comes last where its values are others
  l = look("b.csv", "label,text,mood\nx,a b,A\ny,b b,B\nx,c b,B\ny,d b,A\n");
  assert_int_equal(golds_of(&l, "A,B", NULL, golds, 4), 2);
  assert_field(golds[0], "mood");
  assert_field(golds[1], "label");
  clear(&l);
}

static void a_dev_set_has_what_the_data_has_not(void **state) {
  (void)state;
  const ws_field_info *golds[4];
  looked data = look("a.csv", several);
  looked dev =
      look("d.csv", "id,text,source,kind\n1,x b,web,1\n2,y b,app,0\n3,z b,web,1\n"
                    "4,w b,app,0\n5,w c,web,1\n6,w d,app,0\n");
  assert_int_equal(golds_of(&dev, NULL, &data, golds, 4), 1);
  assert_field(golds[0], "kind");
  assert_int_equal(golds_of(&dev, "no,yes", &data, golds, 4), 1);
  assert_field(golds[0], "kind");
  assert_int_equal(golds_of(&dev, "app,web", &data, golds, 4), 2);
  clear(&dev);
  clear(&data);
}

static void names_help(void **state) {
  (void)state;
  looked l = look("a.csv", "ID,Text,Category\n1,a b,x\n2,c,y\n3,d,x\n4,e,y\n");
  ws_text text = ws_text_of("Text"), id = ws_text_of("ID");
  assert_field(ws_field_survey_text(l.survey), "Text");
  assert_field(ws_field_survey_id(l.survey, text), "ID");
  assert_field(ws_field_survey_gold(l.survey, text, id), "Category");
  clear(&l);
}

static void numbers_help_where_names_do_not(void **state) {
  (void)state;
  ws_buffer bytes = {0};
  assert_ok(ws_buffer_string(&bytes, "nr\tsays\tkind\n"), NULL);
  for (int i = 0; i < 40; i++)
    assert_ok(ws_buffer_printf(&bytes, "n%d\tthis is %d\t%s\n", i, i, i % 3 ? "p" : "q"),
              NULL);
  looked l = look("a.tsv", bytes.data);
  ws_text text = ws_text_of("says"), id = ws_text_of("nr");
  assert_field(ws_field_survey_text(l.survey), "says");
  assert_field(ws_field_survey_id(l.survey, text), "nr");
  assert_field(ws_field_survey_gold(l.survey, text, id), "kind");
  clear(&l);
  ws_buffer_clear(&bytes);
}

static void labels_are_counted(void **state) {
  (void)state;
  looked l = look("a.jsonl", "{\"v\":\"x\"}\n{\"v\":1}\n{\"v\":null}\n{\"v\":-1}\n"
                             "{\"v\":\"x\"}\n{\"v\":\"\"}\n{}\n");
  ws_value_counts *counts;
  int32_t number;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_value_counts_new(&counts), NULL);
  for (size_t i = 0; i < ws_records_count(l.records); i++) {
    ws_value fields = ws_records_at(l.records, i).fields;
    assert_ok(
        ws_value_counts_add(counts, ws_value_get(fields, ws_text_of("v")), &number, &err),
        &err);
    assert_int_equal(number, i == 1 ? 1 : i == 0 || i == 4 ? 0 : WS_ABSTAIN);
  }
  assert_int_equal(ws_value_counts_size(counts), 2);
  assert_true(ws_text_equals(ws_value_counts_name(counts, 0), "x"));
  assert_true(ws_text_equals(ws_value_counts_name(counts, 1), "1"));
  assert_int_equal(ws_value_counts_of(counts, 0), 2);
  assert_true(ws_value_counts_any_number(counts));
  ws_value object = ws_records_at(l.records, 0).fields;
  assert_status(WS_EPARSE, ws_value_counts_add(counts, object, &number, &err));
  assert_message(&err, "expected a label");
  ws_value_counts_free(counts);
  clear(&l);
}

/* --- new folders --- */

static const ws_new_file files[] = {
    {"a/b.txt", {"one", 3}}, {"a/c/d.txt", {"two", 3}}, {"e.txt", {"", 0}}};

static void assert_file(const char *folder, const char *name, const char *bytes) {
  char path[500];
  ws_buffer found = {0};
  ws_error err = WS_ERROR_INIT;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  assert_ok(ws_input_file(path, 100, &found, &err), &err);
  assert_true(ws_text_equals(ws_buffer_as_text(&found), bytes));
  ws_buffer_clear(&found);
}

static void a_new_folder_appears_whole(void **state) {
  (void)state;
  char *scratch = ws_test_folder(), path[500];
  ws_error err = WS_ERROR_INIT;
  for (int there = 0; there < 2; there++) { // new, and empty with a slash behind
    snprintf(path, sizeof path, "%s/new%d%s", scratch, there, there ? "/" : "");
    if (there) assert_int_equal(mkdir(path, 0755), 0);
    assert_ok(ws_folder_check_new(path, &err), &err);
    assert_ok(ws_folder_new(path, files, 3, &err), &err);
    assert_file(path, "a/b.txt", "one");
    assert_file(path, "a/c/d.txt", "two");
    assert_file(path, "e.txt", "");
    assert_status(WS_EIO, ws_folder_new(path, files, 3, &err));
    assert_message(&err, "expected a new or an empty folder, found '");
  }
  ws_test_remove_folder(scratch);
}

static void what_cannot_be_written_leaves_nothing(void **state) {
  (void)state;
  char *scratch = ws_test_folder(), path[500];
  ws_error err = WS_ERROR_INIT;
  const ws_new_file bad[] = {{"a", {"file", 4}}, {"b/c", {"", 0}}, {"a/x", {"", 0}}};
  snprintf(path, sizeof path, "%s/new", scratch);
  assert_status(WS_EIO, ws_folder_new(path, bad, 3, &err));
  assert_int_equal(mkdir(path, 0755), 0); // it was not made
  assert_status(WS_EIO, ws_folder_new(path, bad, 3, &err));
  assert_int_equal(rmdir(path), 0); // and is empty
  assert_int_equal(rmdir(scratch), 0);
  assert_int_equal(mkdir(scratch, 0755), 0);
  snprintf(path, sizeof path, "%s/no/new", scratch);
  assert_status(WS_EIO, ws_folder_check_new(path, &err));
  assert_message(&err, "found no folder");
  assert_status(WS_EINVAL, ws_folder_check_new("", &err));
  ws_test_remove_folder(scratch);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fields_are_told_apart),
      cmocka_unit_test(classes_choose_the_gold_label),
      cmocka_unit_test(a_dev_set_has_what_the_data_has_not),
      cmocka_unit_test(names_help),
      cmocka_unit_test(numbers_help_where_names_do_not),
      cmocka_unit_test(labels_are_counted),
      cmocka_unit_test(a_new_folder_appears_whole),
      cmocka_unit_test(what_cannot_be_written_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
