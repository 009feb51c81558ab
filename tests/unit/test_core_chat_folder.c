/* SPDX-License-Identifier: MIT
 *
 * Recording replies, and replaying them.
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/output.h>

#include "chat_test.h"

/* --- folders --- */

static size_t entries_in(const char *path) {
  size_t count = 0;
  DIR *folder = opendir(path);
  assert_non_null(folder);
  for (struct dirent *entry; (entry = readdir(folder));) count += entry->d_name[0] != '.';
  closedir(folder);
  return count;
}

typedef struct place {
  char *folder;
  char record[300], marks[300];
  char command[700]; // adds a line to `marks` each time, and says how many there are
} place;

static int set_up(void **state) {
  place *p = *state = calloc(1, sizeof *p);
  p->folder = ws_test_folder();
  snprintf(p->record, sizeof p->record, "%s/record", p->folder);
  snprintf(p->marks, sizeof p->marks, "%s/marks", p->folder);
  snprintf(p->command, sizeof p->command, "echo x >>'%s'; cat; wc -l <'%s'", p->marks,
           p->marks);
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  ws_test_remove_folder(p->folder);
  free(p);
  return 0;
}

static ws_chat *open_recording(const place *p) {
  ws_chat_options options = ws_chat_options_default();
  options.command = p->command, options.record = p->record, options.model = "m";
  options.price_input = options.price_output = 1;
  return chat_open(&options);
}

static ws_chat *open_replay(const place *p) {
  ws_chat_options options = ws_chat_options_default();
  options.replay = p->record, options.model = "m";
  options.price_input = options.price_output = 1;
  return chat_open(&options);
}

static void what_is_recorded_is_not_asked_again(void **state) {
  const place *p = *state;
  ws_chat_request request = chat_prompt("hi ");
  ws_chat *chat = open_recording(p);
  asked first = chat_ask(chat, &request), again = chat_ask(chat, &request);
  assert_ok(first.status, &first.err);
  assert_ok(again.status, &again.err);
  assert_string_equal(first.text, "hi 1\n");
  assert_string_equal(again.text, "hi 1\n");
  assert_int_equal(again.account.replies, 2);
  assert_int_equal(again.account.recorded, 1);
  assert_int_equal(again.account.usage.input, 2 * first.account.usage.input);
  assert_int_equal(again.account.paid.input, first.account.usage.input);
  assert_int_equal(entries_in(p->record), 1);
  request.seed = 1; // another answer to the same question
  again = chat_ask(chat, &request);
  assert_string_equal(again.text, "hi 2\n");
  ws_chat_free(chat);
}

static void a_replay_gives_the_same_reply_and_asks_nobody(void **state) {
  const place *p = *state;
  ws_chat_request request = chat_prompt("hi ");
  ws_chat_reply live = {0}, replayed = {0};
  ws_error err = WS_ERROR_INIT;
  ws_chat *chat = open_recording(p);
  assert_ok(ws_chat_ask(chat, &request, &live, &err), &err);
  ws_chat_free(chat);
  chat = open_replay(p);
  assert_ok(ws_chat_ask(chat, &request, &replayed, &err), &err);
  assert_true(
      ws_text_equal(ws_buffer_as_text(&live.text), ws_buffer_as_text(&replayed.text)));
  assert_string_equal(live.key, replayed.key);
  assert_string_equal(live.model.data, replayed.model.data);
  assert_int_equal(live.finish, replayed.finish);
  assert_int_equal(live.usage.input, replayed.usage.input);
  assert_int_equal(live.usage.output, replayed.usage.output);
  assert_int_equal(live.usage.estimated, replayed.usage.estimated);
  assert_near(live.usd, replayed.usd, 0);
  assert_false(live.recorded);
  assert_true(replayed.recorded);
  assert_near(ws_chat_account_of(chat).paid_usd, 0, 0);
  ws_chat_free(chat);
  ws_chat_reply_clear(&live);
  ws_chat_reply_clear(&replayed);
}

static void with_replay_nothing_else_is_asked(void **state) {
  const place *p = *state;
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = chat_prompt("hi ");
  ws_chat_free(open_recording(p)); // makes the folder
  options.replay = p->record, options.command = p->command, options.model = "m";
  ws_chat *chat = chat_open(&options);
  asked a = chat_ask(chat, &request);
  assert_int_equal(a.failure, WS_CHAT_NOT_RECORDED);
  assert_string_equal(a.detail, "the folder holds no reply\n");
  assert_int_not_equal(access(p->marks, F_OK), 0);
  ws_chat_free(chat);
}

static void a_miss_tells_the_difference_to_the_nearest(void **state) {
  const place *p = *state;
  ws_chat_request near = chat_prompt("line one\nline two is a little longer\nline three");
  ws_chat_request far = chat_prompt("something else");
  ws_chat *chat = open_recording(p);
  asked a = chat_ask(chat, &near);
  assert_ok(a.status, &a.err);
  a = chat_ask(chat, &far);
  ws_chat_free(chat);
  chat = open_replay(p);
  near.prompt = ws_text_of("line one\nline 2\x1b[0m is a little longer\nline three");
  near.max_tokens = 200;
  a = chat_ask(chat, &near);
  assert_int_equal(a.status, WS_EIO);
  assert_int_equal(a.failure, WS_CHAT_NOT_RECORDED);
  assert_message(&a.err, "no recorded reply to this request, whose key is ");
  char *start = strchr(a.detail, '\n');
  assert_string_equal(start, "\n  max_tokens: asked 200, recorded 100\n"
                             "  prompt, line 2:\n"
                             "    asked:    line 2?[0m is a little longer\n"
                             "    recorded: line two is a little longer\n");
  ws_chat_free(chat);
}

static void sections_in_another_order_are_told(void **state) {
  const place *p = *state;
  ws_chat_request request = chat_prompt("# A\none\n# B\ntwo\n# C\n");
  ws_chat *chat = open_recording(p);
  asked a = chat_ask(chat, &request);
  assert_ok(a.status, &a.err);
  ws_chat_free(chat);
  chat = open_replay(p);
  static const char *const others[] = {"# B\ntwo\n# A\none\n# C\n",
                                       "# A\none\n# B\ntwo\n# C\n# A\none\n"};
  for (size_t i = 0; i < 2; i++) {
    request.prompt = ws_text_of(others[i]);
    a = chat_ask(chat, &request);
    assert_int_equal(a.failure, WS_CHAT_NOT_RECORDED);
    assert_string_equal(strchr(a.detail, '\n'),
                        "\n  prompt: the same sections, in another order or number\n");
  }
  ws_chat_free(chat);
}

static void the_budget_ends_a_replay_where_it_ended_the_work(void **state) {
  const place *p = *state;
  ws_chat_options options = ws_chat_options_default();
  options.command = p->command, options.record = p->record, options.model = "m";
  options.budget_tokens = 250;
  int answered[2] = {0, 0};
  for (int round = 0; round < 2; round++) {
    ws_chat *chat = chat_open(&options);
    for (;; answered[round]++) {
      ws_chat_request request = chat_prompt("abcdefgh");
      request.seed = answered[round];
      asked a = chat_ask(chat, &request);
      if (a.status == WS_OK) continue;
      assert_int_equal(a.failure, WS_CHAT_BUDGET);
      break;
    }
    ws_chat_free(chat);
  }
  assert_int_equal(answered[0], answered[1]);
  assert_int_equal(answered[0], entries_in(p->record));
  assert_true(answered[0] > 3);
}

static void write_entry(const place *p, const char *key, const char *text) {
  char name[100];
  snprintf(name, sizeof name, "%s.json", key);
  free(ws_test_file(p->record, name, text, strlen(text)));
}

static void an_entry_that_was_edited_is_not_believed(void **state) {
  const place *p = *state;
  ws_chat_request request = chat_prompt("hi");
  char key[33];
  static const char request_text[] =
      "\"request\":{\"model\":\"m\",\"max_tokens\":100,\"temperature\":null,\"seed\":"
      "null,"
      "\"json_schema\":null,\"grammar\":null,\"system\":null,\"prompt\":\"hi\"}";
  static const struct {
    const char *format, *part;
  } cases[] = {
      {"{\"weaksup_chat\":1,%s,\"reply\":{\"text\":\"T\",\"finish\":\"stop\",\"model\":"
       "\"x\"},"
       "\"usage\":{\"input\":1,\"output\":2,\"estimated\":false}}",
       NULL},
      {"{\"weaksup_chat\":2,%s}", "expected a recorded reply, \"weaksup_chat\": 1"},
      {"{\"weaksup_chat\":1,%s", ".json: "},
      {"[%.0s]", "expected a recorded reply"},
      {"{\"weaksup_chat\":1,%s}", "expected an object \"reply\""},
      {"{\"weaksup_chat\":1,%.0s\"request\":{\"model\":\"m\",\"prompt\":\"ho\"}}",
       "it was edited"},
      {"{\"weaksup_chat\":1,%s,\"reply\":{\"text\":\"T\",\"finish\":\"never\",\"model\":"
       "\"\"}}",
       "expected \"finish\""},
      {"{\"weaksup_chat\":1,%s,\"reply\":{\"text\":\"T\",\"finish\":\"stop\",\"model\":"
       "\"x\"},"
       "\"usage\":{\"input\":-1,\"output\":2,\"estimated\":false}}",
       "\"usage\""},
      {"{\"weaksup_chat\":1,%s,\"reply\":{\"text\":7,\"finish\":\"stop\",\"model\":\"x\"}"
       "}",
       "expected texts"},
      {"%.0s", ".json: "},
  };
  assert_ok(ws_chat_key("m", &request, key), NULL);
  ws_chat_free(open_recording(p));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[1000];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, cases[i].format, request_text);
#pragma GCC diagnostic pop
    write_entry(p, key, text);
    ws_chat *chat = open_replay(p);
    asked a = chat_ask(chat, &request);
    if (cases[i].part) {
      assert_int_equal(a.status, WS_EIO);
      assert_int_equal(a.failure, WS_CHAT_BAD_ENTRY);
      assert_message(&a.err, key);
      assert_message(&a.err, cases[i].part);
    } else {
      assert_ok(a.status, &a.err);
      assert_string_equal(a.text, "T"); // written by hand, and good
    }
    ws_chat_free(chat);
  }
}

static void an_entry_that_is_a_pipe_is_not_waited_for(void **state) {
  const place *p = *state;
  ws_chat_request request = chat_prompt("hi");
  char key[33], path[400];
  ws_chat_options options = ws_chat_options_default();
  assert_ok(ws_chat_key("m", &request, key), NULL);
  snprintf(path, sizeof path, "%s/%s.json", p->record, key);
  options.command = "echo reply", options.record = p->record, options.model = "m";
  ws_chat *chat = chat_open(&options);
  assert_int_equal(mkfifo(path, 0600), 0);
  asked a = chat_ask(chat, &request);
  assert_int_equal(a.status, WS_EIO);
  assert_int_equal(ws_chat_last_failure(chat), WS_CHAT_BAD_ENTRY);
  assert_message(&a.err, "expected a file, found something else");
  assert_int_equal(unlink(path), 0);
  ws_chat_free(chat);
}

static void the_same_work_records_the_same_bytes(void **state) {
  const place *p = *state;
  ws_chat_request request = chat_prompt("hi");
  char key[33], path[400];
  ws_buffer first = {0}, second = {0};
  request.temperature = 0.1, request.seed = 3;
  request.json_schema = ws_text_of("{\"enum\": [1, 2.50, \"\\u00e9\"]}");
  assert_ok(ws_chat_key("m", &request, key), NULL);
  snprintf(path, sizeof path, "%s/%s.json", p->record, key);
  for (int i = 0; i < 2; i++) {
    ws_chat_options options = ws_chat_options_default();
    options.command = "echo reply", options.record = p->record, options.model = "m";
    ws_chat *chat = chat_open(&options);
    asked a = chat_ask(chat, &request);
    assert_ok(a.status, &a.err);
    assert_int_equal(a.account.recorded, 0);
    assert_ok(ws_input_file(path, 1 << 20, i ? &second : &first, NULL), NULL);
    assert_int_equal(unlink(path), 0);
    ws_chat_free(chat);
  }
  assert_string_equal(first.data, second.data);
  assert_null(strstr(first.data, "echo")); // neither command nor address
  ws_buffer_clear(&first);
  ws_buffer_clear(&second);
}

static void folders_that_cannot_be_are_said(void **state) {
  const place *p = *state;
  ws_chat_options options = ws_chat_options_default();
  ws_chat *chat = NULL;
  ws_error err = WS_ERROR_INIT;
  char *file = ws_test_file(p->folder, "file", "", 0);
  options.model = "m", options.replay = p->record;
  assert_int_equal(ws_chat_open(&options, &chat, &err), WS_EIO);
  assert_message(&err, p->record);
  options.replay = NULL, options.record = file, options.command = "cat";
  assert_int_equal(ws_chat_open(&options, &chat, &err), WS_EIO);
  assert_message(&err, "expected a folder");
  free(file);
}

static ws_status record_and_replay(void *user) {
  const place *p = user;
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = chat_prompt("hi");
  ws_chat_reply reply = {0};
  ws_chat *chat = NULL;
  ws_status status = WS_OK;
  request.json_schema = ws_text_of("{\"a\": 1}");
  options.model = "m", options.replay = p->record;
  status = ws_chat_open(&options, &chat, NULL);
  if (status == WS_OK) status = ws_chat_ask(chat, &request, &reply, NULL);
  request.prompt = ws_text_of("ho");
  if (status == WS_OK && ws_chat_ask(chat, &request, &reply, NULL) == WS_ENOMEM)
    status = WS_ENOMEM; // it is not there
  ws_chat_reply_clear(&reply);
  ws_chat_free(chat);
  return status;
}

static void every_allocation_may_fail(void **state) {
  place *p = *state;
  ws_chat_request request = chat_prompt("hi");
  request.json_schema = ws_text_of("{\"a\": 1}");
  ws_chat *chat = open_recording(p);
  asked a = chat_ask(chat, &request);
  assert_ok(a.status, &a.err);
  ws_chat_free(chat);
  ws_test_every_allocation_failure(record_and_replay, p);
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(what_is_recorded_is_not_asked_again),
      IN_FOLDER(a_replay_gives_the_same_reply_and_asks_nobody),
      IN_FOLDER(with_replay_nothing_else_is_asked),
      IN_FOLDER(a_miss_tells_the_difference_to_the_nearest),
      IN_FOLDER(sections_in_another_order_are_told),
      IN_FOLDER(the_budget_ends_a_replay_where_it_ended_the_work),
      IN_FOLDER(an_entry_that_was_edited_is_not_believed),
      IN_FOLDER(an_entry_that_is_a_pipe_is_not_waited_for),
      IN_FOLDER(the_same_work_records_the_same_bytes),
      IN_FOLDER(folders_that_cannot_be_are_said),
      IN_FOLDER(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
