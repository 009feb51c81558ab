/* SPDX-License-Identifier: MIT
 *
 * Requests, keys and budgets; asking commands; recording replies, and replaying them.
 */
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <weaksup/chat.h>
#include <weaksup/json.h>
#include <weaksup/output.h>

#include "ws_test.h"

static ws_chat_request prompt(const char *text) {
  ws_chat_request request = ws_chat_request_of((ws_text){NULL, 0}, ws_text_of(text));
  request.max_tokens = 100;
  return request;
}

static ws_chat *open_with(const ws_chat_options *options) {
  ws_error err = WS_ERROR_INIT;
  ws_chat *chat = NULL;
  assert_ok(ws_chat_open(options, &chat, &err), &err);
  return chat;
}

static ws_chat *open_command(const char *command) {
  ws_chat_options options = ws_chat_options_default();
  options.command = command;
  options.retries = 0;
  return open_with(&options);
}

/* --- requests --- */

static void a_key_is_the_hash_of_what_is_asked(void **state) {
  (void)state;
  ws_chat_request request = prompt("hi");
  char key[33], other[33];
  assert_ok(ws_chat_key("m", &request, key), NULL);
  // Part of the format of recorded replies: XXH3-128 of {"model":"m","max_tokens":100,
  // "temperature":null,"seed":null,"json_schema":null,"grammar":null,"system":null,
  // "prompt":"hi"}
  assert_string_equal(key, "5f2caecf13f6055655943e0a9c3619a2");
  request.json_schema = ws_text_of("{ \"type\" :\"object\" }");
  assert_ok(ws_chat_key("m", &request, key), NULL);
  request.json_schema = ws_text_of("{\"type\":\"object\"}"); // blanks do not matter
  assert_ok(ws_chat_key("m", &request, other), NULL);
  assert_string_equal(key, other);
}

static void all_that_is_asked_makes_the_key(void **state) {
  (void)state;
  ws_chat_request requests[9];
  char keys[9][33];
  for (int i = 0; i < 9; i++) requests[i] = prompt("hi");
  requests[1].system = ws_text_of("s");
  requests[2].prompt = ws_text_of("ho");
  requests[3].max_tokens = 101;
  requests[4].temperature = 0;
  requests[5].seed = 0;
  requests[6].json_schema = ws_text_of("{}");
  requests[7].grammar = ws_text_of("g");
  for (int i = 0; i < 9; i++)
    assert_ok(ws_chat_key(i == 8 ? "n" : "m", &requests[i], keys[i]), NULL);
  for (int i = 0; i < 9; i++)
    for (int j = 0; j < i; j++) assert_string_not_equal(keys[i], keys[j]);
}

static void requests_that_make_no_sense_are_refused(void **state) {
  (void)state;
  ws_chat *chat = open_command("cat");
  static const char *const parts[] = {"expected a prompt",     "not UTF-8",
                                      "at least one token",    "temperature from 0",
                                      "expected a seed",       "JSON schema: ",
                                      "JSON schema: expected", "temperature from 0 to"};
  ws_chat_request requests[8];
  for (int i = 0; i < 8; i++) requests[i] = prompt("hi");
  requests[0].prompt.size = 0;
  requests[1].prompt = ws_text_of("\xff");
  requests[2].max_tokens = 0;
  requests[3].temperature = -1;
  requests[4].seed = INT64_C(1) << 40;
  requests[5].json_schema = ws_text_of("{\"a\":");
  requests[6].json_schema = ws_text_of("[]");
  requests[7].temperature = (double)INFINITY;
  for (int i = 0; i < 8; i++) {
    ws_error err = WS_ERROR_INIT;
    ws_chat_reply reply = {0};
    assert_int_equal(ws_chat_ask(chat, &requests[i], &reply, &err), WS_EINVAL);
    assert_message(&err, parts[i]);
    assert_int_equal(ws_chat_last_failure(chat), WS_CHAT_INTERNAL);
  }
  ws_chat_free(chat);
}

static void options_that_make_no_sense_are_refused(void **state) {
  (void)state;
  enum { CASES = 8 };
  ws_chat_options cases[CASES];
  static const char *const parts[CASES] = {
      "an endpoint, a command, or", "found both", "found both", "name of the model",
      "needs the prices",           "API key",    "a second",   "not negative"};
  for (int i = 0; i < CASES; i++) {
    cases[i] = ws_chat_options_default();
    cases[i].command = "cat";
  }
  cases[0].command = NULL;
  cases[1].endpoint = "http://a", cases[1].model = "m";
  cases[2].record = "a", cases[2].replay = "b";
  cases[3].command = NULL, cases[3].endpoint = "http://a";
  cases[4].budget_usd = 1;
  cases[5].api_key = "a\r\nX-Header: injected";
  cases[6].seconds = 0;
  cases[7].price_input = -1;
  for (int i = 0; i < CASES; i++) {
    ws_error err = WS_ERROR_INIT;
    ws_chat *chat = NULL;
    assert_int_equal(ws_chat_open(&cases[i], &chat, &err), WS_EINVAL);
    assert_message(&err, parts[i]);
    assert_null(strstr(err.message, "X-Header"));
    assert_null(chat);
  }
}

static void tokens_are_estimated_from_bytes(void **state) {
  (void)state;
  assert_int_equal(ws_chat_estimate(ws_text_of("")), 0);
  assert_int_equal(ws_chat_estimate(ws_text_of("abcd")), 1);
  assert_int_equal(ws_chat_estimate(ws_text_of("abcde")), 2);
  assert_int_equal(ws_chat_estimate(ws_text_of("\xE4\xB8\xAD\xE6\x96\x87")), 3);
}

/* --- commands --- */

typedef struct asked {
  ws_status status;
  ws_chat_failure failure;
  char text[2000], detail[2000];
  ws_chat_account account;
  ws_error err;
  double seconds;
} asked;

static asked ask(ws_chat *chat, const ws_chat_request *request) {
  asked a = {.err = WS_ERROR_INIT};
  ws_chat_reply reply = {0};
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  a.status = ws_chat_ask(chat, request, &reply, &a.err);
  clock_gettime(CLOCK_MONOTONIC, &to);
  a.seconds =
      (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
  a.failure = ws_chat_last_failure(chat);
  a.account = ws_chat_account_of(chat);
  if (reply.text.data) snprintf(a.text, sizeof a.text, "%s", reply.text.data);
  ws_text detail = ws_chat_detail(chat);
  snprintf(a.detail, sizeof a.detail, "%.*s", (int)detail.size, detail.data);
  ws_chat_reply_clear(&reply);
  return a;
}

static asked ask_command(const char *command, const ws_chat_options *more) {
  ws_chat_options options = more ? *more : ws_chat_options_default();
  ws_chat_request request = prompt("the prompt");
  options.command = command;
  ws_chat *chat = open_with(&options);
  asked a = ask(chat, &request);
  ws_chat_free(chat);
  return a;
}

static void a_command_reads_the_prompt_and_prints_the_reply(void **state) {
  (void)state;
  asked a = ask_command("tr a-z A-Z", NULL);
  assert_ok(a.status, &a.err);
  assert_string_equal(a.text, "THE PROMPT");
  assert_int_equal(a.account.usage.input, 3 + 8);
  assert_int_equal(a.account.usage.output, 3);
  assert_true(a.account.usage.estimated);
}

static void a_command_sees_system_text_and_parameters(void **state) {
  (void)state;
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = prompt("P");
  request.system = ws_text_of("S");
  request.temperature = 0.25, request.seed = 9;
  request.grammar = ws_text_of("root ::= \"$(id)\"\nx");
  options.command = "cat; echo; env | grep ^WEAKSUP_CHAT_ | sort";
  options.model = "mod";
  setenv("WEAKSUP_CHAT_JSON_SCHEMA", "from outside", 1);
  ws_chat *chat = open_with(&options);
  asked a = ask(chat, &request);
  unsetenv("WEAKSUP_CHAT_JSON_SCHEMA");
  assert_ok(a.status, &a.err);
  assert_string_equal(a.text, "S\n\nP\nWEAKSUP_CHAT_GRAMMAR=root ::= \"$(id)\"\n"
                              "WEAKSUP_CHAT_MAX_TOKENS=100\nWEAKSUP_CHAT_MODEL=mod\n"
                              "WEAKSUP_CHAT_SEED=9\nWEAKSUP_CHAT_TEMPERATURE=0.25\n");
  ws_chat_free(chat);
}

static void a_command_need_not_read_its_input(void **state) {
  (void)state;
  ws_chat *chat = open_command("echo fine");
  char *large = malloc(5000001);
  memset(large, 'x', 5000000);
  large[5000000] = '\0';
  ws_chat_request request = prompt(large);
  asked a = ask(chat, &request);
  assert_ok(a.status, &a.err);
  assert_string_equal(a.text, "fine\n");
  free(large);
  ws_chat_free(chat);
}

static void a_command_that_fails_is_quoted(void **state) {
  (void)state;
  asked a = ask_command("printf 'one\\ntw\\033o' >&2; echo reply; exit 3", NULL);
  assert_int_equal(a.status, WS_EIO);
  assert_int_equal(a.failure, WS_CHAT_COMMAND);
  assert_message(&a.err, "the command ended with exit code 3");
  assert_string_equal(a.detail, "one\ntw?o");
  assert_string_equal(a.text, "");
  a = ask_command("kill -SEGV $$", NULL);
  assert_message(&a.err, "ended by signal 11");
  a = ask_command("/nowhere/to/be/found", NULL);
  assert_message(&a.err, "exit code 127");
}

static void a_command_that_hangs_is_killed_with_all_it_started(void **state) {
  (void)state;
  ws_chat_options options = ws_chat_options_default();
  char *folder = ws_test_folder(), command[400], path[300];
  options.seconds = 1, options.retries = 0;
  snprintf(path, sizeof path, "%s/late", folder);
  snprintf(command, sizeof command, "(sleep 2; touch '%s') & sleep 60", path);
  asked a = ask_command(command, &options);
  assert_int_equal(a.failure, WS_CHAT_TIMEOUT);
  assert_message(&a.err, "had not ended after 1 s");
  assert_true(a.seconds < 10);
  sleep(2);
  assert_int_not_equal(access(path, F_OK), 0);
  ws_test_remove_folder(folder);
}

static void what_a_command_leaves_running_is_not_waited_for(void **state) {
  (void)state;
  asked a = ask_command("echo done; sleep 30 & ", NULL);
  assert_ok(a.status, &a.err);
  assert_string_equal(a.text, "done\n");
  assert_true(a.seconds < 10);
}

static void a_command_that_prints_too_much_is_killed(void **state) {
  (void)state;
  asked a = ask_command("yes", NULL);
  assert_int_equal(a.failure, WS_CHAT_TOO_LARGE);
  a = ask_command("yes >&2 & sleep 0.3; kill $!; echo fine", NULL); // that is let go by
  assert_ok(a.status, &a.err);
  assert_string_equal(a.text, "fine\n");
}

static void a_command_that_prints_no_utf8_is_refused(void **state) {
  (void)state;
  asked a = ask_command("printf '\\377'", NULL);
  assert_int_equal(a.failure, WS_CHAT_MALFORMED);
  a = ask_command("true", NULL); // nothing at all is a reply
  assert_ok(a.status, &a.err);
}

static bool stop(void *user, const ws_progress *progress) {
  (void)progress;
  return ++*(int *)user < 3;
}

static void a_command_can_be_stopped(void **state) {
  (void)state;
  ws_chat_options options = ws_chat_options_default();
  int calls = 0;
  options.progress = (ws_progress_sink){stop, &calls};
  asked a = ask_command("sleep 60", &options);
  assert_int_equal(a.status, WS_ESTOPPED);
  assert_int_equal(a.failure, WS_CHAT_STOPPED);
  assert_true(a.seconds < 10);
}

/* --- budgets --- */

static void a_budget_is_kept_before_anything_is_asked(void **state) {
  (void)state;
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = prompt("1234"); // 1 + 8 tokens, and 100 at most
  options.command = "echo 123";             // 1 token
  options.budget_tokens = 109 + 10;
  ws_chat *chat = open_with(&options);
  asked a = ask(chat, &request);
  assert_ok(a.status, &a.err);
  a = ask(chat, &request); // 10 + 109
  assert_ok(a.status, &a.err);
  a = ask(chat, &request);
  assert_int_equal(a.status, WS_EINVAL);
  assert_int_equal(a.failure, WS_CHAT_BUDGET);
  assert_message(&a.err, "budget of 119 tokens: 20 are used (0 of them for recorded "
                         "replies), and this request may use 109 more");
  assert_message(&a.err, "--budget-tokens");
  assert_int_equal(a.account.replies, 2);
  ws_chat_free(chat);
}

static void a_budget_of_money_counts_both_prices(void **state) {
  (void)state;
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = prompt("1234");
  options.command = "echo 123";
  options.price_input = 1e6, options.price_output = 2e6; // 9 + 200 USD at most
  options.budget_usd = 220;
  ws_chat *chat = open_with(&options);
  asked a = ask(chat, &request);
  assert_ok(a.status, &a.err);
  assert_near(a.account.usd, 9 + 2, 1e-9);
  assert_near(a.account.paid_usd, 11, 1e-9);
  a = ask(chat, &request);
  assert_ok(a.status, &a.err);
  a = ask(chat, &request);
  assert_int_equal(a.failure, WS_CHAT_BUDGET);
  assert_message(&a.err, "budget of 220 USD: 22 are spent (0 of them for recorded "
                         "replies), and this request may cost 209 more; --budget-usd");
  ws_chat_free(chat);
}

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
  return open_with(&options);
}

static ws_chat *open_replay(const place *p) {
  ws_chat_options options = ws_chat_options_default();
  options.replay = p->record, options.model = "m";
  options.price_input = options.price_output = 1;
  return open_with(&options);
}

static void what_is_recorded_is_not_asked_again(void **state) {
  const place *p = *state;
  ws_chat_request request = prompt("hi ");
  ws_chat *chat = open_recording(p);
  asked first = ask(chat, &request), again = ask(chat, &request);
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
  again = ask(chat, &request);
  assert_string_equal(again.text, "hi 2\n");
  ws_chat_free(chat);
}

static void a_replay_gives_the_same_reply_and_asks_nobody(void **state) {
  const place *p = *state;
  ws_chat_request request = prompt("hi ");
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
  ws_chat_request request = prompt("hi ");
  ws_chat_free(open_recording(p)); // makes the folder
  options.replay = p->record, options.command = p->command, options.model = "m";
  ws_chat *chat = open_with(&options);
  asked a = ask(chat, &request);
  assert_int_equal(a.failure, WS_CHAT_NOT_RECORDED);
  assert_string_equal(a.detail, "the folder holds no reply\n");
  assert_int_not_equal(access(p->marks, F_OK), 0);
  ws_chat_free(chat);
}

static void a_miss_tells_the_difference_to_the_nearest(void **state) {
  const place *p = *state;
  ws_chat_request near = prompt("line one\nline two is a little longer\nline three");
  ws_chat_request far = prompt("something else");
  ws_chat *chat = open_recording(p);
  asked a = ask(chat, &near);
  assert_ok(a.status, &a.err);
  a = ask(chat, &far);
  ws_chat_free(chat);
  chat = open_replay(p);
  near.prompt = ws_text_of("line one\nline 2\x1b[0m is a little longer\nline three");
  near.max_tokens = 200;
  a = ask(chat, &near);
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

static void the_budget_ends_a_replay_where_it_ended_the_work(void **state) {
  const place *p = *state;
  ws_chat_options options = ws_chat_options_default();
  options.command = p->command, options.record = p->record, options.model = "m";
  options.budget_tokens = 250;
  int answered[2] = {0, 0};
  for (int round = 0; round < 2; round++) {
    ws_chat *chat = open_with(&options);
    for (;; answered[round]++) {
      ws_chat_request request = prompt("abcdefgh");
      request.seed = answered[round];
      asked a = ask(chat, &request);
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
  ws_chat_request request = prompt("hi");
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
    asked a = ask(chat, &request);
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

static void the_same_work_records_the_same_bytes(void **state) {
  const place *p = *state;
  ws_chat_request request = prompt("hi");
  char key[33], path[400];
  ws_buffer first = {0}, second = {0};
  request.temperature = 0.1, request.seed = 3;
  request.json_schema = ws_text_of("{\"enum\": [1, 2.50, \"\\u00e9\"]}");
  assert_ok(ws_chat_key("m", &request, key), NULL);
  snprintf(path, sizeof path, "%s/%s.json", p->record, key);
  for (int i = 0; i < 2; i++) {
    ws_chat_options options = ws_chat_options_default();
    options.command = "echo reply", options.record = p->record, options.model = "m";
    ws_chat *chat = open_with(&options);
    asked a = ask(chat, &request);
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
  ws_chat_request request = prompt("hi");
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
  ws_chat_request request = prompt("hi");
  request.json_schema = ws_text_of("{\"a\": 1}");
  ws_chat *chat = open_recording(p);
  asked a = ask(chat, &request);
  assert_ok(a.status, &a.err);
  ws_chat_free(chat);
  ws_test_every_allocation_failure(record_and_replay, p);
}

static ws_status ask_a_command(void *user) {
  (void)user;
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = prompt("hi");
  ws_chat_reply reply = {0};
  ws_chat *chat = NULL;
  options.command = "cat", options.retries = 0;
  ws_status status = ws_chat_open(&options, &chat, NULL);
  if (status == WS_OK) status = ws_chat_ask(chat, &request, &reply, NULL);
  ws_chat_reply_clear(&reply);
  ws_chat_free(chat);
  return status;
}

static void every_allocation_of_a_command_may_fail(void **state) {
  (void)state;
  ws_test_every_allocation_failure(ask_a_command, NULL);
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_key_is_the_hash_of_what_is_asked),
      cmocka_unit_test(all_that_is_asked_makes_the_key),
      cmocka_unit_test(requests_that_make_no_sense_are_refused),
      cmocka_unit_test(options_that_make_no_sense_are_refused),
      cmocka_unit_test(tokens_are_estimated_from_bytes),
      cmocka_unit_test(a_command_reads_the_prompt_and_prints_the_reply),
      cmocka_unit_test(a_command_sees_system_text_and_parameters),
      cmocka_unit_test(a_command_need_not_read_its_input),
      cmocka_unit_test(a_command_that_fails_is_quoted),
      cmocka_unit_test(a_command_that_hangs_is_killed_with_all_it_started),
      cmocka_unit_test(what_a_command_leaves_running_is_not_waited_for),
      cmocka_unit_test(a_command_that_prints_too_much_is_killed),
      cmocka_unit_test(a_command_that_prints_no_utf8_is_refused),
      cmocka_unit_test(a_command_can_be_stopped),
      cmocka_unit_test(a_budget_is_kept_before_anything_is_asked),
      cmocka_unit_test(a_budget_of_money_counts_both_prices),
      IN_FOLDER(what_is_recorded_is_not_asked_again),
      IN_FOLDER(a_replay_gives_the_same_reply_and_asks_nobody),
      IN_FOLDER(with_replay_nothing_else_is_asked),
      IN_FOLDER(a_miss_tells_the_difference_to_the_nearest),
      IN_FOLDER(the_budget_ends_a_replay_where_it_ended_the_work),
      IN_FOLDER(an_entry_that_was_edited_is_not_believed),
      IN_FOLDER(the_same_work_records_the_same_bytes),
      IN_FOLDER(folders_that_cannot_be_are_said),
      IN_FOLDER(every_allocation_may_fail),
      cmocka_unit_test(every_allocation_of_a_command_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
