/* SPDX-License-Identifier: MIT
 *
 * A language model as a labeling function: what it is asked, and what its answers mean.
 */
#include <stdio.h>

#include <weaksup/chat_label.h>
#include <weaksup/json.h>

#include "ws_test.h"

static ws_chat_labeler *labeler_of(const ws_task *task, unsigned samples, bool codes) {
  ws_chat_label_options options = ws_chat_label_options_default();
  ws_chat_labeler *labeler = NULL;
  ws_error err = WS_ERROR_INIT;
  options.samples = samples, options.codes = codes;
  assert_ok(ws_chat_labeler_new(task, &options, &labeler, &err), &err);
  return labeler;
}

static void a_question_names_the_classes_and_marks_the_record(void **state) {
  (void)state;
  ws_task *task = ws_test_task("HAM,SPAM");
  assert_ok(ws_task_set(task, WS_TASK_TASK_TEXT, ws_text_of("tell them apart"), NULL),
            NULL);
  assert_ok(ws_task_set_describe(task, 1, ws_text_of("advertising")), NULL);
  ws_chat_labeler *labeler = labeler_of(task, 1, false);
  ws_chat_request request;
  assert_ok(ws_chat_labeler_request(labeler, ws_text_of("buy this"), 0, &request), NULL);
  const char *prompt = request.prompt.data;
  assert_non_null(strstr(prompt, "The task: tell them apart\n"));
  assert_non_null(strstr(prompt, "- HAM\n- SPAM: advertising\n- ABSTAIN: "));
  const char *record = strstr(prompt, "\nbuy this\n");
  assert_non_null(record);
  assert_memory_equal(record - 16, record + 10, 16); // the mark
  assert_string_equal(record + 26, "\n");
  assert_near(request.temperature, 0, 0);
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
}

static void a_mark_never_occurs_in_the_record(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_chat_labeler *labeler = labeler_of(task, 1, false);
  ws_chat_request request;
  char text[2000] = "x", mark[17];
  for (int i = 0; i < 50; i++) { // each record holds the mark of the one before
    assert_ok(ws_chat_labeler_request(labeler, ws_text_of(text), 0, &request), NULL);
    snprintf(mark, sizeof mark, "%s", request.prompt.data + request.prompt.size - 17);
    assert_int_equal(strlen(mark), 16);
    assert_null(strstr(text, mark));
    strcat(text, "\n"), strcat(text, mark);
  }
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
}

static void a_long_record_is_cut_between_characters(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_chat_label_options options = ws_chat_label_options_default();
  ws_chat_labeler *labeler = NULL;
  ws_chat_request request;
  options.max_text = 4;
  assert_ok(ws_chat_labeler_new(task, &options, &labeler, NULL), NULL);
  assert_ok(ws_chat_labeler_request(labeler, ws_text_of("abc\xC3\xA9z"), 0, &request),
            NULL);
  assert_true(ws_utf8_valid(request.prompt));
  assert_non_null(strstr(request.prompt.data, "\nabc\n"));
  assert_non_null(strstr(request.prompt.data, "Its end is left out."));
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
}

static void samples_differ_by_their_seed_alone(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_chat_labeler *labeler = labeler_of(task, 3, false);
  ws_chat_request first, second;
  assert_ok(ws_chat_labeler_request(labeler, ws_text_of("x"), 0, &first), NULL);
  char *prompt = strdup(first.prompt.data);
  assert_ok(ws_chat_labeler_request(labeler, ws_text_of("x"), 1, &second), NULL);
  assert_string_equal(prompt, second.prompt.data);
  assert_int_equal(second.seed, first.seed + 1);
  assert_near(second.temperature, 0.7, 1e-12);
  free(prompt);
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
}

/* Names with what JSON and grammars escape. */
static void the_form_allows_the_labels_alone(void **state) {
  (void)state;
  const ws_text names[] = {ws_text_of("a \"b\""), ws_text_of("c\\d")};
  ws_task *task = NULL;
  ws_chat_request request;
  ws_json_parser *parser = NULL;
  ws_buffer flat = {0};
  assert_ok(ws_task_new(names, 2, &task, NULL), NULL);
  ws_chat_labeler *labeler = labeler_of(task, 1, false);
  assert_ok(ws_chat_labeler_request(labeler, ws_text_of("x"), 0, &request), NULL);
  assert_string_equal(request.grammar.data,
                      "root ::= \"{\\\"label\\\":\\\"a \\\\\\\"b\\\\\\\"\\\"}\" | "
                      "\"{\\\"label\\\":\\\"c\\\\\\\\d\\\"}\" | "
                      "\"{\\\"label\\\":\\\"ABSTAIN\\\"}\"\n");
  char schema[2000 + WS_JSON_PADDING];
  snprintf(schema, sizeof schema, "%s", request.json_schema.data);
  assert_ok(ws_json_parser_new(&parser), NULL);
  assert_ok(ws_json_parse(parser, ws_text_of(schema), &flat, NULL), NULL);
  assert_non_null(strstr(schema, "\"enum\":[\"a \\\"b\\\"\",\"c\\\\d\",\"ABSTAIN\"]"));
  ws_buffer_clear(&flat);
  ws_json_parser_free(parser);
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
}

static void replies_are_read_or_not_but_never_guessed(void **state) {
  (void)state;
  enum { NONE = -2 };
  static const struct {
    const char *reply;
    int32_t label;
  } cases[] = {
      {"{\"label\": \"SPAM\"}", 1},
      {"{\"label\":\"ABSTAIN\"}", WS_ABSTAIN},
      {" \n{\"label\": \"HAM\", \"why\": \"SPAM\"}\n", 0},
      {"SPAM", 1},
      {"\"SPAM\"\n", 1},
      {"```json\n{\"label\": \"SPAM\"}\n```", 1},
      {"```\nHAM\n```\n", 0},
      {"<think>SPAM? {\"label\": \"SPAM\"}</think>\n{\"label\": \"HAM\"}", 0},
      {"<think>a</think>b</think>HAM", 0},
      {"<think>SPAM", NONE},
      {"spam", NONE},
      {"SPAM.", NONE},
      {"The label is SPAM", NONE},
      {"{\"label\": \"SPAMMY\"}", NONE},
      {"{\"label\": 1}", NONE},
      {"{\"label\": null}", NONE},
      {"{\"label\": [\"SPAM\"]}", NONE},
      {"{\"label\": \"SPAM\"", NONE},
      {"{\"label\": \"SPAM\"} {\"label\": \"HAM\"}", NONE},
      {"{\"label\": \"SPAM\", \"label\": \"HAM\"}", NONE},
      {"{\"Label\": \"SPAM\"}", NONE},
      {"[\"SPAM\"]", NONE},
      {"HAM SPAM", NONE},
      {"", NONE},
      {"```", NONE},
      {"``````", NONE},
      {"```\n```", NONE},
      {"1", NONE},
      {"\xff", NONE},
      {"\"", NONE},
  };
  ws_task *task = ws_test_task("HAM,SPAM");
  ws_chat_labeler *labeler = labeler_of(task, 1, false);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int32_t label = NONE;
    if (!ws_chat_labeler_read(labeler, ws_text_of(cases[i].reply), &label)) label = NONE;
    if (label != cases[i].label) fail_msg("'%s' is read as %d", cases[i].reply, label);
  }
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
}

static void codes_stand_for_classes(void **state) {
  (void)state;
  ws_task *task = ws_test_task("AB,AA");
  ws_chat_labeler *labeler = labeler_of(task, 1, true);
  ws_chat_request request;
  int32_t label;
  assert_ok(ws_chat_labeler_request(labeler, ws_text_of("x"), 0, &request), NULL);
  assert_non_null(strstr(request.prompt.data, "- AA: AB\n- AB: AA\n"));
  assert_true(ws_chat_labeler_read(labeler, ws_text_of("{\"label\":\"AB\"}"), &label));
  assert_int_equal(label, 1); // the code, not the class of that name
  assert_false(ws_chat_labeler_read(labeler, ws_text_of("AC"), &label));
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
}

/* A command that answers by the seed: samples 0, 1, 2, ... */
static ws_chat_answer ask(const char *answers, unsigned samples) {
  ws_task *task = ws_test_task("A,B,C");
  ws_chat_labeler *labeler = labeler_of(task, samples, false);
  ws_chat_options options = ws_chat_options_default();
  ws_error err = WS_ERROR_INIT;
  ws_chat_answer answer;
  ws_chat *chat = NULL;
  char command[300];
  snprintf(command, sizeof command, "set -- %s; shift $WEAKSUP_CHAT_SEED; echo $1",
           answers);
  options.command = command;
  assert_ok(ws_chat_open(&options, &chat, &err), &err);
  assert_ok(ws_chat_labeler_ask(labeler, chat, ws_text_of("x"), &answer, &err), &err);
  ws_chat_free(chat);
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
  return answer;
}

static void most_samples_decide(void **state) {
  (void)state;
  static const struct {
    const char *answers;
    int32_t label;
    unsigned samples, agreed, abstained, unreadable;
  } cases[] = {{"B", 1, 1, 1, 0, 0},
               {"B A B", 1, 3, 2, 0, 0},
               {"A B C", WS_ABSTAIN, 3, 0, 0, 0},
               {"C C C", 2, 3, 3, 0, 0},
               {"C ABSTAIN what", WS_ABSTAIN, 3, 0, 1, 1},
               {"ABSTAIN ABSTAIN A", WS_ABSTAIN, 3, 0, 2, 0},
               {"what what A", 0, 3, 1, 0, 2},
               {"what", WS_ABSTAIN, 1, 0, 0, 1},
               {"A A B B", WS_ABSTAIN, 4, 0, 0, 0},
               {"A A A B B", 0, 5, 3, 0, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_chat_answer found = ask(cases[i].answers, cases[i].samples);
    assert_int_equal(found.label, cases[i].label);
    assert_int_equal(found.samples, cases[i].samples);
    assert_int_equal(found.agreed, cases[i].agreed);
    assert_int_equal(found.abstained, cases[i].abstained);
    assert_int_equal(found.unreadable, cases[i].unreadable);
  }
}

static void a_tally_counts_by_agreement(void **state) {
  (void)state;
  ws_chat_tally tally = {0};
  ws_chat_tally_add(&tally, &(ws_chat_answer){.label = 1, .agreed = 3}, 1);
  ws_chat_tally_add(&tally, &(ws_chat_answer){.label = 1, .agreed = 3}, 0);
  ws_chat_tally_add(&tally, &(ws_chat_answer){.label = 0, .agreed = 2}, 0);
  ws_chat_tally_add(&tally, &(ws_chat_answer){.label = WS_ABSTAIN}, 0);
  ws_chat_tally_add(&tally, &(ws_chat_answer){.label = 0, .agreed = 2}, WS_ABSTAIN);
  assert_int_equal(tally.records, 4);
  assert_int_equal(tally.answered[3], 2);
  assert_int_equal(tally.right[3], 1);
  assert_int_equal(tally.answered[2], 1);
  assert_int_equal(tally.right[2], 1);
  assert_int_equal(tally.answered[0], 1);
  assert_int_equal(tally.right[0], 0);
}

static void options_out_of_range_are_refused(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_chat_labeler *labeler = NULL;
  for (unsigned samples = 0; samples <= 65; samples += 65) {
    ws_chat_label_options options = ws_chat_label_options_default();
    options.samples = samples;
    assert_int_equal(ws_chat_labeler_new(task, &options, &labeler, NULL), WS_EINVAL);
  }
  ws_task_free(task);
}

static ws_status try_all(void *user) {
  ws_chat_labeler *labeler = NULL;
  ws_chat_label_options options = ws_chat_label_options_default();
  ws_chat_request request;
  ws_status status = ws_chat_labeler_new(user, &options, &labeler, NULL);
  if (status == WS_OK)
    status = ws_chat_labeler_request(labeler, ws_text_of("x"), 0, &request);
  ws_chat_labeler_free(labeler);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_test_every_allocation_failure(try_all, task);
  ws_task_free(task);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_question_names_the_classes_and_marks_the_record),
      cmocka_unit_test(a_mark_never_occurs_in_the_record),
      cmocka_unit_test(a_long_record_is_cut_between_characters),
      cmocka_unit_test(samples_differ_by_their_seed_alone),
      cmocka_unit_test(the_form_allows_the_labels_alone),
      cmocka_unit_test(replies_are_read_or_not_but_never_guessed),
      cmocka_unit_test(codes_stand_for_classes),
      cmocka_unit_test(most_samples_decide),
      cmocka_unit_test(a_tally_counts_by_agreement),
      cmocka_unit_test(options_out_of_range_are_refused),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
