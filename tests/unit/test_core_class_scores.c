/* SPDX-License-Identifier: MIT
 *
 * Class scores of other models: every form gives the same votes, and what does not fit
 * the data is an error that names it.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/class_scores.h>
#include <weaksup/npy.h>

#include "ws_test.h"

typedef struct fixture {
  ws_task *task;
  char *folder, *data;
} fixture;

static const char records[] = "{\"id\":\"a\",\"text\":\"1\",\"label\":\"HAM\"}\n"
                              "{\"id\":\"b\",\"text\":\"2\"}\n"
                              "{\"id\":\"c\",\"text\":\"3\"}\n";

static int set_up(void **state) {
  fixture *f = *state = calloc(1, sizeof *f);
  f->task = ws_test_task("HAM,SPAM");
  assert_ok(ws_task_set(f->task, WS_TASK_ID, ws_text_of("id"), NULL), NULL);
  f->folder = ws_test_folder();
  f->data = ws_test_file(f->folder, "data.jsonl", records, strlen(records));
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  ws_task_free(f->task);
  free(f->data);
  ws_test_remove_folder(f->folder);
  free(f);
  return 0;
}

/* "LF,LF | ID PICTURE | ID PICTURE" */
static void describe(const ws_votes *votes, ws_buffer *out) {
  char *picture = ws_test_picture(votes), digits[24];
  size_t lfs = ws_votes_lfs(votes);
  for (size_t j = 0; j < lfs; j++)
    assert_ok(ws_buffer_printf(out, "%s%s", j ? "," : "", ws_votes_lf(votes, j).data),
              NULL);
  for (size_t i = 0; i < ws_votes_rows(votes); i++)
    assert_ok(ws_buffer_printf(out, " | %.*s %.*s",
                               WS_TEXT_ARG(ws_votes_row_id(votes, i, digits)), (int)lfs,
                               picture + i * (lfs + 1)),
              NULL);
  free(picture);
}

static void assert_bytes(const fixture *f, const ws_score_options *options,
                         const char *name, ws_text bytes, const char *expected) {
  ws_buffer seen = {0};
  ws_votes *votes = NULL;
  ws_error err = WS_ERROR_INIT;
  char *path = ws_test_file(f->folder, name, bytes.data, bytes.size);
  ws_status status =
      ws_votes_from_scores(path, f->data, f->task, options, &votes, NULL, &err);
  if (status == WS_OK) {
    describe(votes, &seen);
    assert_string_equal(seen.data, expected);
  } else {
    assert_status(WS_EPARSE, status);
    assert_null(votes);
    if (!strstr(err.message, expected)) assert_string_equal(err.message, expected);
  }
  ws_votes_free(votes);
  ws_buffer_clear(&seen);
  free(path);
}

static void assert_votes_with(const fixture *f, const ws_score_options *options,
                              const char *name, const char *bytes, const char *expected) {
  assert_bytes(f, options, name, ws_text_of(bytes), expected);
}

static void assert_votes(const fixture *f, const char *name, const char *bytes,
                         const char *expected) {
  assert_votes_with(f, NULL, name, bytes, expected);
}

/* --- forms -------------------------------------------------------------------------- */

static void an_object_of_scores_votes_for_the_class_that_leads(void **state) {
  assert_votes(*state, "zero.shot.jsonl",
               "{\"id\":\"c\",\"scores\":{\"SPAM\":0.9,\"HAM\":0.1}}\n"
               "{\"id\":\"a\",\"probs\":{\"HAM\":0.8}}\n"
               "{\"id\":\"b\",\"scores\":{\"HAM\":0.5,\"SPAM\":0.5}}\n",
               "zero | a 0 | b - | c 1");
}

static void a_list_is_in_the_order_of_the_classes_or_of_its_labels(void **state) {
  assert_votes(*state, "m.jsonl",
               "{\"id\":\"a\",\"scores\":[0.2,0.8]}\n"
               "{\"id\":\"b\",\"scores\":[0.8,0.2],\"labels\":[\"SPAM\",\"HAM\"]}\n"
               "{\"id\":\"c\",\"scores\":[1,0]}\n",
               "m | a 1 | b 1 | c 0");
}

static void a_table_has_a_column_for_each_class(void **state) {
  assert_votes(*state, "m.csv", "p_SPAM,note,id,HAM\n0.9,x,b,0.1\n.2,,c,.8\n0.1,,a,0.9\n",
               "m | a 0 | b 1 | c 0");
}

static void scores_without_ids_are_in_the_order_of_the_data(void **state) {
  assert_votes(*state, "m.jsonl",
               "{\"scores\":[1,0]}\n{\"scores\":[0,1]}\n{\"scores\":[0,1]}\n",
               "m | a 0 | b 1 | c 1");
}

static void put_matrix(const double *numbers, size_t rows, size_t columns,
                       ws_buffer *out) {
  assert_ok(ws_npy_put_header(out, WS_NPY_FLOAT64, rows, columns), NULL);
  for (size_t i = 0; i < rows * columns; i++)
    assert_ok(ws_npy_put_float64(out, numbers[i]), NULL);
}

static void a_matrix_has_a_row_for_each_record(void **state) {
  static const double numbers[] = {.9, .1, .3, .7, .6, .4};
  ws_buffer bytes = {0};
  put_matrix(numbers, 3, 2, &bytes);
  assert_bytes(*state, NULL, "m.npy", ws_buffer_as_text(&bytes), "m | a 0 | b 1 | c 0");
  bytes.size = 0;
  put_matrix(numbers, 2, 3, &bytes);
  assert_bytes(*state, NULL, "m.npy", ws_buffer_as_text(&bytes),
               "m.npy: expected 2 columns, one for each class, found 3");
  bytes.size = 0;
  put_matrix(numbers, 2, 2, &bytes);
  assert_bytes(*state, NULL, "m.npy", ws_buffer_as_text(&bytes),
               "expected scores of the 3 records of");
  ws_buffer_clear(&bytes);
}

/* --- numbers ------------------------------------------------------------------------ */

#define ALL(a, b, c)                                                                     \
  "{\"id\":\"a\",\"scores\":" a "}\n{\"id\":\"b\",\"scores\":" b "}\n"                   \
  "{\"id\":\"c\",\"scores\":" c "}\n"

static void what_is_no_score_is_an_error_with_its_line(void **state) {
  static const char *const cases[][2] = {
      {ALL("[1,0]", "[-0.1,0.2]", "[0,1]"),
       "m.jsonl:2: expected scores from 0 to 1, found -0.1 for 'HAM': if these are "
       "logits, --softmax"},
      {ALL("[1,0]", "[0.1,3.2]", "[0,1]"), "found 3.2 for 'SPAM'"},
      {ALL("[1,0]", "[1]", "[0,1]"),
       "m.jsonl:2: expected 2 scores, one for each class, found 1"},
      {ALL("[1,0]", "[\"x\",0]", "[0,1]"),
       "m.jsonl:2: expected a number as the score of 'HAM', found a string"},
      {ALL("{\"HAM\":1}", "{\"SPAN\":1}", "{}"), "m.jsonl:2: "},
      {ALL("{\"HAM\":1}", "{}", "{}"),
       "m.jsonl:2: expected scores of classes, found none"},
      {ALL("{\"HAM\":1}", "{\"SPAM\":0.1,\"1\":0.2}", "{}"),
       "the class 'SPAM' has two scores"},
      {ALL("[1,0]", "null", "[0,1]"), "found null (--missing abstain: no vote)"},
      {"{\"id\":\"a\"}\n", "m.jsonl:1: expected a field 'scores' or 'probs'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_votes(*state, "m.jsonl", cases[i][0], cases[i][1]);
  assert_votes(*state, "m.csv", "id,HAM,SPAM\na,0.5,nan\n",
               "m.csv:2: expected a number as the score of 'SPAM', found NaN");
  assert_votes(*state, "m.csv", "id,HAM,SPAM\na,0.5,\n",
               "m.csv:2: expected a number in the column 'SPAM', found ''");
  assert_votes(*state, "m.csv", "id,HAM\na,0.5\n",
               "m.csv:1: expected a column 'SPAM' or 'p_SPAM'");
  assert_votes(*state, "m.csv", "id,HAM,SPM\na,0.5,0.5\n",
               "with the scores of the class, found none, is it 'SPM'?");
}

static void the_softmax_of_logits_is_compared(void **state) {
  ws_score_options options = ws_score_options_default();
  const double thresholds[] = {0.9, 0.9};
  options.softmax = true;
  options.thresholds = thresholds; // log(0.9 / 0.1) = 2.197
  assert_votes_with(*state, &options, "m.jsonl",
                    ALL("[2.1,0]", "[-1000,1000]", "{\"HAM\":2.2,\"SPAM\":0}"),
                    "m | a - | b 1 | c 0");
  assert_votes_with(*state, &options, "m.jsonl", ALL("[2.1,0]", "{\"HAM\":1}", "[1,0]"),
                    "m.jsonl:2: expected a logit of each class, found none of 'SPAM'");
}

static void each_class_has_its_threshold(void **state) {
  ws_score_options options = ws_score_options_default();
  const double thresholds[] = {0.9, 0.2};
  options.thresholds = thresholds;
  options.name = "nli";
  assert_votes_with(*state, &options, "m.jsonl", ALL("[0.8,0.2]", "[0.1,0.2]", "[0.9,0]"),
                    "nli | a - | b 1 | c 0");
}

/* --- bins --------------------------------------------------------------------------- */

static void an_edge_belongs_to_the_bin_above_it(void **state) {
  ws_score_options options = ws_score_options_default();
  options.edges[0] = 0.5, options.edges[1] = 0.8, options.edge_count = 2;
  assert_votes_with(*state, &options, "m.jsonl", ALL("[0.8,0]", "[0,0.79]", "[0.49,0]"),
                    "m_0.5-0.8,m_0.8-1 | a -0 | b 1- | c --");
  assert_votes_with(*state, &options, "m.jsonl", ALL("[1,0]", "[0,0.5]", "[0.1,0]"),
                    "m_0.5-0.8,m_0.8-1 | a -0 | b 1- | c --");
}

static void quantiles_make_bins_of_as_many_records(void **state) {
  ws_score_options options = ws_score_options_default();
  options.bins = 3;
  assert_votes_with(*state, &options, "m.jsonl", ALL("[0.951,0]", "[0,0.96]", "[0.97,0]"),
                    "m_0-0.96,m_0.96-0.97,m_0.97-1 | a 0-- | b -1- | c --0");
  // Two decimals would make one edge of these two.
  assert_votes_with(*state, &options, "m.jsonl",
                    ALL("[0.951,0]", "[0,0.9961]", "[0.9967,0]"),
                    "m_0-0.9961,m_0.9961-0.9967,m_0.9967-1 | a 0-- | b -1- | c --0");
  assert_votes_with(*state, &options, "m.jsonl", ALL("[1,0]", "[0,1]", "[1,0]"),
                    "m_0-1 | a 0 | b 1 | c 0");
}

/* --- ids ---------------------------------------------------------------------------- */

static void ids_that_do_not_fit_are_named(void **state) {
  static const char *const cases[][2] = {
      {"{\"id\":\"a\",\"scores\":[1,0]}\n{\"id\":\"b\",\"scores\":[1,0]}\n",
       "no scores for 1 of the 3 records of"},
      {ALL("[1,0]", "[1,0]", "[1,0]") "{\"id\":\"d\",\"scores\":[1,0]}\n",
       "data.jsonl: 'd' (--unknown skip leaves them out)"},
      {ALL("[1,0]", "[1,0]", "[1,0]") "{\"id\":\"b\",\"scores\":[1,0]}\n",
       "m.jsonl:4: the id 'b' occurs twice, first in line 2"},
      {ALL("[1,0]", "[1,0]", "[1,0]") "{\"scores\":[1,0]}\n",
       "m.jsonl:4: expected an id, as in the records before, found none"},
      {"{\"id\":1.5,\"scores\":[1,0]}\n", "m.jsonl:1: expected a string or an integer"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_votes(*state, "m.jsonl", cases[i][0], cases[i][1]);
}

static void what_is_missing_can_abstain_and_what_is_unknown_be_left_out(void **state) {
  ws_score_options options = ws_score_options_default();
  options.missing_abstain = options.unknown_skip = true;
  assert_votes_with(*state, &options, "m.jsonl",
                    "{\"id\":\"z\",\"scores\":[1,0]}\n{\"id\":\"c\",\"scores\":null}\n"
                    "{\"id\":\"b\",\"scores\":[0,1]}\n",
                    "m | a - | b 1 | c -");
}

static void ids_of_data_without_any_are_asked_for(void **state) {
  fixture plain = *(const fixture *)*state;
  plain.task = ws_test_task("HAM,SPAM");
  assert_votes(&plain, "m.jsonl", ALL("[1,0]", "[1,0]", "[1,0]"),
               "(the ids there are row numbers: --id names the field of the id)");
  ws_task_free(plain.task);
}

static void the_report_counts_what_became_of_each(void **state) {
  const fixture *f = *state;
  static const char bytes[] = ALL("[0.4,0.3]", "[0.5,0.5]", "[1,0.2]");
  char *path = ws_test_file(f->folder, "m.jsonl", bytes, strlen(bytes));
  ws_votes *votes = NULL;
  ws_score_report report;
  assert_ok(ws_votes_from_scores(path, f->data, f->task, NULL, &votes, &report, NULL),
            NULL);
  assert_int_equal(report.records, 3);
  assert_int_equal(report.voted, 1);
  assert_int_equal(report.below, 1);
  assert_int_equal(report.tied, 1);
  assert_int_equal(report.distributions, 1);
  assert_true(report.by_id);
  assert_int_equal(ws_votes_row_gold(votes, 0), 0);
  assert_int_equal(ws_votes_row_gold(votes, 1), WS_ABSTAIN);
  ws_votes_free(votes);
  free(path);
}

static ws_status make(void *user) {
  const fixture *f = user;
  ws_score_options options = ws_score_options_default();
  ws_votes *votes = NULL;
  options.bins = 2;
  char path[256];
  snprintf(path, sizeof path, "%s/m.jsonl", f->folder);
  ws_status status =
      ws_votes_from_scores(path, f->data, f->task, &options, &votes, NULL, NULL);
  ws_votes_free(votes);
  return status;
}

static void every_allocation_may_fail(void **state) {
  const fixture *f = *state;
  static const char bytes[] = ALL("[0.4,0.3]", "[0.5,0.5]", "[1,0.2]");
  char *path = ws_test_file(f->folder, "m.jsonl", bytes, strlen(bytes));
  ws_test_every_allocation_failure(make, *state);
  free(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_object_of_scores_votes_for_the_class_that_leads),
      cmocka_unit_test(a_list_is_in_the_order_of_the_classes_or_of_its_labels),
      cmocka_unit_test(a_table_has_a_column_for_each_class),
      cmocka_unit_test(scores_without_ids_are_in_the_order_of_the_data),
      cmocka_unit_test(a_matrix_has_a_row_for_each_record),
      cmocka_unit_test(what_is_no_score_is_an_error_with_its_line),
      cmocka_unit_test(the_softmax_of_logits_is_compared),
      cmocka_unit_test(each_class_has_its_threshold),
      cmocka_unit_test(an_edge_belongs_to_the_bin_above_it),
      cmocka_unit_test(quantiles_make_bins_of_as_many_records),
      cmocka_unit_test(ids_that_do_not_fit_are_named),
      cmocka_unit_test(what_is_missing_can_abstain_and_what_is_unknown_be_left_out),
      cmocka_unit_test(ids_of_data_without_any_are_asked_for),
      cmocka_unit_test(the_report_counts_what_became_of_each),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
