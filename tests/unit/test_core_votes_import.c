/* SPDX-License-Identifier: MIT
 *
 * Ready-made votes of other tools: every form gives the same votes, and what cannot be
 * told for sure is an error with its line.
 */
#include <stdio.h>
#include <unistd.h>

#include <weaksup/hash.h>
#include <weaksup/votes_file.h>

#include "ws_read.h"

typedef struct fixture {
  ws_task *task;
  char *folder;
} fixture;

static int set_up(void **state) {
  fixture *f = *state = calloc(1, sizeof *f);
  f->task = ws_test_task("HAM,SPAM,EGGS");
  f->folder = ws_test_folder();
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  ws_task_free(f->task);
  ws_test_remove_folder(f->folder);
  free(f);
  return 0;
}

/* "LFS | ID GOLD PICTURE | ID GOLD PICTURE", GOLD being - where there is none. */
static void describe(const ws_votes *votes, ws_buffer *out) {
  char *picture = ws_test_picture(votes), digits[24];
  size_t lfs = ws_votes_lfs(votes);
  for (size_t j = 0; j < lfs; j++)
    assert_ok(ws_buffer_printf(out, "%s%s", j ? "," : "", ws_votes_lf(votes, j).data),
              NULL);
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    ws_text id = ws_votes_row_id(votes, i, digits);
    int32_t gold = ws_votes_row_gold(votes, i);
    char shown[16] = "-";
    if (gold != WS_ABSTAIN) snprintf(shown, sizeof shown, "%d", (int)gold);
    assert_ok(ws_buffer_printf(out, " | %.*s %s %.*s", WS_TEXT_ARG(id), shown, (int)lfs,
                               picture + i * (lfs + 1)),
              NULL);
  }
  free(picture);
}

static void note_skip(void *user, const ws_error *why) {
  ws_buffer *out = user;
  assert_ok(ws_buffer_printf(out, "skipped %s; ", strrchr(why->message, '/') + 1), NULL);
}

/* The votes in a file of that name and content, or the message. */
static void assert_imports_as(const fixture *f, ws_votes_import_options options,
                              const char *name, const char *bytes, const char *expected) {
  ws_buffer seen = {0};
  ws_votes *votes = NULL;
  ws_error err = WS_ERROR_INIT;
  char digest[33], hash[33];
  char *path = ws_test_file(f->folder, name, bytes, strlen(bytes));
  options.reader.skipped = note_skip;
  options.reader.skipped_user = &seen;
  ws_status status = ws_votes_import(path, f->task, &options, &votes, digest, &err);
  if (status == WS_OK) {
    describe(votes, &seen);
    ws_hash128_hex(ws_hash128_of(bytes, strlen(bytes)), hash);
    assert_string_equal(digest, hash);
  } else {
    assert_status(WS_EPARSE, status);
    assert_ok(ws_buffer_string(&seen, strrchr(err.message, '/') + 1), NULL);
    assert_null(votes);
  }
  assert_string_equal(seen.data, expected);
  ws_votes_free(votes);
  ws_buffer_clear(&seen);
  free(path);
}

static void assert_imports(const fixture *f, const char *name, const char *bytes,
                           const char *expected) {
  assert_imports_as(f, ws_votes_import_options_default(), name, bytes, expected);
}

static void assert_skips(const fixture *f, const char *name, const char *bytes,
                         const char *expected) {
  ws_votes_import_options options = ws_votes_import_options_default();
  options.reader.on_error = WS_SKIP;
  assert_imports_as(f, options, name, bytes, expected);
}

static void a_list_is_a_vote_for_each_lf(void **state) {
  assert_imports(*state, "a.jsonl",
                 "{\"id\":\"x\",\"votes\":[1,-1,\"EGGS\"],\"label\":0}\n"
                 "{\"id\":7,\"votes\":[null,\"\",\"0\"]}\n"
                 "{\"votes\":[\"-1\",\"HAM\",2],\"label\":\"EGGS\"}\n",
                 "lf0,lf1,lf2 | x 0 1-2 | 7 - --0 | 2 2 -02");
}

static void an_object_names_the_lfs_in_any_order(void **state) {
  assert_imports(*state, "a.jsonl",
                 "{\"votes\":{\"b\":1,\"a\":\"HAM\"}}\n{\"votes\":{}}\n"
                 "{\"votes\":{\"a\":2,\"c\":0,\"b\":null}}\n",
                 "b,a,c | 0 - 10- | 1 - --- | 2 - -20");
}

static void a_column_of_csv_is_an_lf(void **state) {
  assert_imports(*state, "a.csv",
                 "text,id,one,label,two\nt,x,HAM,1,SPAM\n,y,,,\n,z,-1,HAM,2\n",
                 "one,two | x 1 01 | y - -- | z 0 -2");
  assert_imports(*state, "a.tsv", "one\ttwo\n0\t\n\t1\n", "one,two | 0 - 0- | 1 - -1");
}

static void the_header_of_the_long_form_is_not_taken_for_lfs(void **state) {
  assert_imports(*state, "a.csv", "item,worker,label\n1,w,HAM\n",
                 "a.csv:1: expected one column for each labeling function, found item, "
                 "worker and label: --votes-format long reads one vote a row");
}

static void the_tasks_own_field_names_hold(void **state) {
  (void)state;
  fixture f = {ws_test_task("HAM,SPAM,EGGS"), ws_test_folder()};
  assert_ok(ws_task_set(f.task, WS_TASK_ID, ws_text_of("key"), NULL), NULL);
  assert_ok(ws_task_set(f.task, WS_TASK_GOLD, ws_text_of("y"), NULL), NULL);
  assert_imports(&f, "a.csv", "key,y,a,b\nk,2,0,1\n", "a,b | k 2 01");
  assert_imports(&f, "a.jsonl",
                 "{\"key\":\"k\",\"id\":1,\"y\":2,\"label\":9,\"votes\":[0]}\n",
                 "lf0 | k 2 0");
  assert_imports(&f, "a.jsonl", "{\"id\":1,\"votes\":[0]}\n",
                 "a.jsonl:1: expected a field 'key', found id, votes (--id, or 'id' in "
                 "the task file, names the field)");
  ws_task_free(f.task);
  ws_test_remove_folder(f.folder);
}

static void bad_votes_are_errors_with_their_line(void **state) {
  static const char *const cases[][2] = {
      {"{\"votes\":[0,1]}\n{\"votes\":[0]}\n",
       "a.jsonl:2: expected 2 votes, as before, found 1"},
      {"{\"votes\":[0,3]}\n",
       "a.jsonl:1: vote 1: expected a class index from 0 to 2, found 3"},
      {"{\"votes\":[0.5]}\n",
       "a.jsonl:1: vote 0: expected a label (a class name or index, or "
       "null), found a number that is no integer (class scores of another model? "
       "`weaksup import-votes` makes votes of them)"},
      {"\n{\"votes\":{\"a\":\"spam\"}}\n",
       "a.jsonl:2: the vote of 'a': unknown label 'spam', did "
       "you mean 'SPAM'; the classes are HAM, SPAM, EGGS"},
      {"{\"votes\":{\"\":1}}\n", "a.jsonl:1: an LF has an empty name"},
      {"{\"votes\":{\"a\":1,\"a\":1}}\n", "a.jsonl:1: JSON: the key 'a' occurs twice"},
      {"{\"votes\":1}\n",
       "a.jsonl:1: expected a list or an object in the field 'votes', found a "
       "number"},
      {"{\"a\":1}\n",
       "a.jsonl:1: expected votes, a list or an object in the field 'votes', found a "
       "record with a"},
      {"{\"votes\":[0]}\n{\"votes\":{\"a\":1}}\n",
       "a.jsonl:2: expected a list, as before, in the "
       "field 'votes', found an object"},
      {"{\"votes\":{\"a\":1}}\n{\"votes\":[0]}\n",
       "a.jsonl:2: expected an object, as before, in "
       "the field 'votes', found an array"},
      {"{\"id\":1,\"votes\":[0]}\n{\"id\":\"1\",\"votes\":[0]}\n",
       "a.jsonl:2: the id '1' occurs twice"},
      {"{\"votes\":[0],\"label\":7}\n",
       "a.jsonl:1: in the field 'label': expected a class index from 0 to 2, found 7"},
      {"", "a.jsonl: no records: the file is empty"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_imports(*state, "a.jsonl", cases[i][0], cases[i][1]);
  assert_imports(
      *state, "a.csv", "id,a\nx,1\ny,EGG\n",
      "a.csv:3: the vote of 'a': unknown label 'EGG', did you mean 'EGGS'; the classes "
      "are HAM, SPAM, EGGS");
  assert_imports(*state, "a.csv", "id,\nx,1\n",
                 "a.csv: expected an LF's name over column 2, found none");
}

/* Neither its LFs nor its form stay. */
static void a_skipped_record_leaves_nothing_behind(void **state) {
  assert_skips(
      *state, "a.jsonl",
      "{\"votes\":{\"bad\":9}}\n{\"votes\":[0,1,9]}\n{\"votes\":[0,1]}\n{\"votes\":[2]}"
      "\n",
      "skipped a.jsonl:1: the vote of 'bad': expected a class index from 0 to 2, found "
      "9; skipped a.jsonl:2: vote 2: expected a class index from 0 to 2, found 9; "
      "skipped a.jsonl:4: expected 2 votes, as before, found 1; lf0,lf1 | 2 - 01");
  assert_skips(*state, "a.csv", "a\n9\n",
               "skipped a.csv:2: the vote of 'a': expected a class index from "
               "0 to 2, found 9; a.csv: no record is left: "
               "all were skipped");
}

/* A matrix without a header would lose its first record. */
static void a_header_of_votes_is_none(void **state) {
  static const char *const cases[][2] = {
      {"0,-1,1\n1,1,-1\n",
       "a.csv:1: expected a header with the names of the labeling functions, found votes "
       "('0', ...): write a line such as lf0,lf1 above them, or lines such as "
       "{\"votes\": [0, -1]}"},
      {"HAM,-1.0,\n1,1,1\n",
       "a.csv:1: expected a header with the names of the labeling functions, found votes "
       "('HAM', ...): write a line such as lf0,lf1 above them, or lines such as "
       "{\"votes\": [0, -1]}"},
      {"0,0\n1,1\n",
       "a.csv:1: two columns are called '0': expected a header with the names of the "
       "columns"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_imports(*state, "a.csv", cases[i][0], cases[i][1]);
  assert_imports(*state, "a.csv", "a,b\n0.0e+00,-1.0\n1.0,\n", "a,b | 0 - 0- | 1 - 1-");
}

/* --- the long form --- */

static void assert_long(const fixture *f, const char *bytes, const char *expected,
                        bool skip) {
  ws_votes_import_options options = ws_votes_import_options_default();
  options.format = WS_VOTES_LONG;
  options.reader.on_error = skip ? WS_SKIP : WS_STOP;
  assert_imports_as(f, options, bytes[0] == '{' ? "a.jsonl" : "a.csv", bytes, expected);
}

static void a_row_of_the_long_form_is_one_vote(void **state) {
  assert_long(*state,
              "item,worker,label\nx,bob,HAM\ny,ann,1\nx,ann,2\nz,bob,\ny,bob,-1\n",
              "bob,ann | x - 02 | y - -1 | z - --", false);
  assert_long(*state, "label,extra,worker,item\n0,?,w,1\n", "w | 1 - 0", false);
  assert_long(*state, "{\"item\":-5,\"worker\":3,\"label\":\"SPAM\"}\n", "3 | -5 - 1",
              false);
}

static void bad_rows_of_the_long_form_are_told_or_left_out(void **state) {
  const fixture *f = *state;
  assert_long(f, "item,worker,label\nx,w,0\ny,w,0\nx,w,0\n",
              "a.csv:4: worker 'w' votes a second time on item 'x'", false);
  assert_long(
      f, "item,worker,label\nx,w,EGG\n",
      "a.csv:2: in the field 'label': unknown label 'EGG', did you mean 'EGGS'; the "
      "classes are HAM, SPAM, EGGS",
      false);
  assert_long(f, "item,worker\nx,w\n",
              "a.csv:2: expected the columns item, worker and label, found item, worker",
              false);
  assert_long(
      f, "item,who,label\nx,w,0\n",
      "a.csv:2: expected the columns item, worker and label, found item, who, label",
      false);
  assert_long(f, "item,worker,label\nx,,0\n", "a.csv:2: the column 'worker' is empty",
              false);
  assert_long(
      f, "item,worker,label\nbad,,0\nx,w,0\nx,w,1\ny,v,1\n",
      "skipped a.csv:2: the column 'worker' is empty; skipped "
      "a.csv:4: worker 'w' votes a second time on item 'x'; w,v | x - 0- | y - -1",
      true);
  assert_long(f, "item,worker,label\n,w,0\n",
              "skipped a.csv:2: the column 'item' is empty; a.csv: no "
              "record is left: all were skipped",
              true);
}

/* --- .wsv, pipes, callbacks --- */

static void a_votes_file_is_told_by_its_first_bytes(void **state) {
  const fixture *f = *state;
  ws_votes *votes = ws_test_votes("01 1-", 3), *back = NULL;
  ws_buffer bytes = {0};
  ws_task *same = ws_test_task("c0,c1,c2");
  ws_error err;
  char digest[33], hash[33];
  assert_ok(ws_votes_encode(votes, &bytes), NULL);
  char *path = ws_test_file(f->folder, "a.csv", bytes.data, bytes.size);
  assert_ok(ws_votes_import(path, same, NULL, &back, digest, &err), &err);
  ws_hash128_hex(ws_hash128_of(bytes.data, bytes.size), hash);
  assert_string_equal(digest, hash);
  assert_int_equal(ws_votes_rows(back), 2);
  ws_votes_free(back);
  assert_status(WS_EPARSE, ws_votes_import(path, f->task, NULL, &back, digest, &err));
  assert_message(&err, "a.csv: expected 'HAM' as class 0, found 'c0'");
  ws_task_free(same);
  same = ws_test_task("c0,c1");
  assert_status(WS_EPARSE, ws_votes_import(path, same, NULL, &back, digest, &err));
  assert_message(&err, "a.csv: expected 2 classes, found 3");
  ws_task_free(same), ws_votes_free(votes), ws_buffer_clear(&bytes), free(path);
}

/* Looking at the first bytes would take them away. */
static void a_pipe_is_read_once(void **state) {
  const fixture *f = *state;
  static const char text[] = "{\"votes\":[0]}\n{\"votes\":[1]}\n";
  ws_votes *votes = NULL;
  ws_error err = WS_ERROR_INIT;
  char path[40], digest[33];
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], text, sizeof text - 1), sizeof text - 1);
  close(ends[1]);
  snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
  assert_ok(ws_votes_import(path, f->task, NULL, &votes, digest, &err), &err);
  assert_int_equal(ws_votes_rows(votes), 2);
  close(ends[0]);
  ws_votes_free(votes);
}

static bool count_texts(void *user, const ws_record *record) {
  size_t *left = user;
  assert_true(ws_text_equals(record->text, "t"));
  return (*left)--;
}

static void every_record_is_shown_and_can_stop_the_import(void **state) {
  const fixture *f = *state;
  ws_votes_import_options options = ws_votes_import_options_default();
  ws_votes *votes = NULL;
  char digest[33];
  size_t left = 5;
  char *path = ws_test_file(f->folder, "a.csv", "text,a\nt,0\nt,1\n", 15);
  options.each = count_texts;
  options.each_user = &left;
  assert_ok(ws_votes_import(path, f->task, &options, &votes, digest, NULL), NULL);
  assert_int_equal(left, 3);
  ws_votes_free(votes);
  left = 1;
  assert_status(WS_ESTOPPED,
                ws_votes_import(path, f->task, &options, &votes, digest, NULL));
  assert_status(WS_EIO, ws_votes_import("/no/such", f->task, NULL, &votes, digest, NULL));
  free(path);
}

typedef struct importing {
  const fixture *f;
  const char *path;
  ws_votes_format format;
} importing;

static ws_status import(void *user) {
  const importing *i = user;
  ws_votes_import_options options = ws_votes_import_options_default();
  ws_votes *votes = NULL;
  char digest[33];
  options.format = i->format;
  ws_status status = ws_votes_import(i->path, i->f->task, &options, &votes, digest, NULL);
  ws_votes_free(votes);
  return status;
}

static void importing_without_memory_says_so(void **state) {
  const fixture *f = *state;
  static const char *const cases[][2] = {
      {"a.jsonl", "{\"id\":\"x\",\"votes\":[1,0],\"label\":0}\n{\"votes\":[0,null]}\n"},
      {"b.jsonl", "{\"votes\":{\"b\":1,\"a\":\"HAM\"}}\n{\"votes\":{\"c\":0}}\n"},
      {"a.csv", "id,one,two\nx,HAM,1\ny,,0\n"},
      {"long.csv", "item,worker,label\nx,bob,HAM\ny,ann,1\nx,ann,2\n"},
  };
  for (size_t i = 0; i < 4; i++) {
    char *path = ws_test_file(f->folder, cases[i][0], cases[i][1], strlen(cases[i][1]));
    importing what = {f, path, i == 3 ? WS_VOTES_LONG : WS_VOTES_AUTO};
    ws_test_every_allocation_failure(import, &what);
    free(path);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_list_is_a_vote_for_each_lf),
      cmocka_unit_test(an_object_names_the_lfs_in_any_order),
      cmocka_unit_test(a_column_of_csv_is_an_lf),
      cmocka_unit_test(the_header_of_the_long_form_is_not_taken_for_lfs),
      cmocka_unit_test(the_tasks_own_field_names_hold),
      cmocka_unit_test(bad_votes_are_errors_with_their_line),
      cmocka_unit_test(a_skipped_record_leaves_nothing_behind),
      cmocka_unit_test(a_header_of_votes_is_none),
      cmocka_unit_test(a_row_of_the_long_form_is_one_vote),
      cmocka_unit_test(bad_rows_of_the_long_form_are_told_or_left_out),
      cmocka_unit_test(a_votes_file_is_told_by_its_first_bytes),
      cmocka_unit_test(a_pipe_is_read_once),
      cmocka_unit_test(every_record_is_shown_and_can_stop_the_import),
      cmocka_unit_test(importing_without_memory_says_so),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
