/* SPDX-License-Identifier: MIT
 *
 * Asking a server, the stub of tests/support/chat_server.py, which misbehaves as the path
 * says. Skipped where there is no libcurl or no python3.
 */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include <weaksup/chat.h>
#include <weaksup/json.h>
#include <weaksup/output.h>

#include "ws_test.h"

#define KEY "sk-abcdefghijklmnop"

typedef struct stub {
  char *folder;
  FILE *server;
  int port;
} stub;

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int read_port(const char *folder) {
  char path[256];
  int port = 0;
  snprintf(path, sizeof path, "%s/port", folder);
  FILE *file = fopen(path, "r");
  if (file && fscanf(file, "%d", &port) != 1) port = 0;
  if (file) fclose(file);
  return port;
}

static int set_up(void **state) {
  char command[512];
  stub *s = *state = calloc(1, sizeof *s);
  s->folder = ws_test_folder();
  if (!ws_chat_has_http() || system("python3 -c '' 2>/dev/null") != 0) return 0;
  snprintf(command, sizeof command, "exec python3 '%s/../support/chat_server.py' '%s'",
           WS_TEST_DATA, s->folder);
  s->server = popen(command, "w"); // it ends when the pipe does
  assert_non_null(s->server);
  for (int i = 0; i < 600 && !s->port; i++) {
    nanosleep(&(struct timespec){0, 50000000}, NULL);
    s->port = read_port(s->folder);
  }
  assert_true(s->port > 0);
  return 0;
}

static int tear_down(void **state) {
  stub *s = *state;
  if (s->server) pclose(s->server);
  ws_test_remove_folder(s->folder);
  free(s);
  return 0;
}

typedef struct asked {
  ws_status status;
  ws_chat_failure failure;
  ws_chat_reply reply;
  ws_chat_account account;
  ws_error err;
  ws_buffer detail;
  double seconds;
} asked;

static ws_chat_options stub_options(const stub *s, const char *how, char url[200]) {
  ws_chat_options options = ws_chat_options_default();
  snprintf(url, 200, "http://127.0.0.1:%d/%s", s->port, how);
  options.endpoint = url;
  options.model = "m";
  options.retry_milliseconds = 1;
  options.seconds = 20;
  return options;
}

static asked ask_with(const ws_chat_options *options, const ws_chat_request *request) {
  asked a = {.err = WS_ERROR_INIT};
  ws_chat *chat = NULL;
  assert_ok(ws_chat_open(options, &chat, &a.err), &a.err);
  double began = seconds_now();
  a.status = ws_chat_ask(chat, request, &a.reply, &a.err);
  a.seconds = seconds_now() - began;
  a.failure = ws_chat_last_failure(chat);
  a.account = ws_chat_account_of(chat);
  assert_ok(ws_buffer_text(&a.detail, ws_chat_detail(chat)), NULL);
  ws_chat_free(chat);
  return a;
}

static asked ask(const stub *s, const char *how) {
  char url[200];
  ws_chat_options options = stub_options(s, how, url);
  ws_chat_request request = ws_chat_request_of(ws_text_of("be brief"), ws_text_of("hi"));
  request.max_tokens = 100;
  return ask_with(&options, &request);
}

static void asked_clear(asked *a) {
  ws_chat_reply_clear(&a->reply);
  ws_buffer_clear(&a->detail);
}

/* What the stub wrote down of its nth request. */
static char *request_of(const stub *s, int n) {
  char path[256];
  ws_buffer bytes = {0};
  snprintf(path, sizeof path, "%s/%d.json", s->folder, n);
  assert_ok(ws_input_file(path, 1 << 24, &bytes, NULL), NULL);
  return bytes.data;
}

#define SKIP_WITHOUT(s)                                                                  \
  do {                                                                                   \
    if (!(s)->server) skip();                                                            \
  } while (0)

static void assert_text(asked *a, const char *text) {
  assert_ok(a->status, &a->err);
  assert_int_equal(a->failure, WS_CHAT_FINE);
  assert_string_equal(a->reply.text.data, text);
  asked_clear(a);
}

static void assert_failed(asked *a, ws_chat_failure failure, const char *part) {
  assert_int_equal(a->status, WS_EIO);
  assert_string_equal(ws_chat_failure_text(a->failure), ws_chat_failure_text(failure));
  assert_message(&a->err, part);
  assert_int_equal(a->reply.text.size, 0);
  assert_int_equal(a->account.failed, 1);
  assert_int_equal(a->account.replies, 0);
  asked_clear(a);
}

static void a_reply_comes_with_its_usage_and_model(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "");
  assert_int_equal(a.reply.usage.input, 11);
  assert_int_equal(a.reply.usage.output, 3);
  assert_false(a.reply.usage.estimated);
  assert_int_equal(a.reply.finish, WS_CHAT_STOP);
  assert_string_equal(a.reply.model.data, "stub-1");
  assert_int_equal(a.reply.attempts, 1);
  assert_true(isnan(a.reply.usd));
  assert_text(&a, "hello");
}

static void what_is_sent_is_a_chat_completion(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "v1", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of("S"), ws_text_of("P\n\"q\""));
  request.temperature = 0.5, request.seed = 7, request.max_tokens = 33;
  request.json_schema = ws_text_of("{\"type\": \"object\"}");
  request.grammar = ws_text_of("root ::= \"A\"");
  options.api_key = KEY;
  asked a = ask_with(&options, &request);
  assert_text(&a, "hello");
  char *sent = request_of(s, 1);
  assert_non_null(strstr(sent, "\"path\": \"/v1/chat/completions\""));
  assert_non_null(strstr(sent, "\"Authorization\": \"Bearer " KEY "\""));
  assert_non_null(strstr(sent, "{\"role\": \"system\", \"content\": \"S\"}, "
                               "{\"role\": \"user\", \"content\": \"P\\n\\\"q\\\"\"}"));
  assert_non_null(strstr(sent, "\"max_tokens\": 33, \"temperature\": 0.5, \"seed\": 7"));
  assert_non_null(strstr(sent, "\"strict\": true, \"schema\": {\"type\": \"object\"}"));
  assert_null(strstr(sent, "grammar")); // this kind of server takes none
  assert_null(strstr(sent, "thinking"));
  ws_free(sent);
}

static void each_server_is_told_the_form_in_its_own_way(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const struct {
    ws_chat_server server;
    const char *part, *thinking;
  } cases[] = {
      {WS_CHAT_LLAMA_CPP, "\"grammar\": \"root ::= \\\"A\\\"\"",
       "\"chat_template_kwargs\": {\"enable_thinking\": false}"},
      {WS_CHAT_VLLM, "\"structured_outputs\": {\"grammar\": \"root ::= \\\"A\\\"\"}",
       "\"chat_template_kwargs\": {\"enable_thinking\": false}"},
      {WS_CHAT_OLLAMA, "\"type\": \"json_schema\"", "\"reasoning_effort\": \"none\""},
  };
  for (int i = 0; i < 3; i++) {
    char url[200];
    ws_chat_options options = stub_options(s, "v1", url);
    ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
    request.json_schema = ws_text_of("{\"type\": \"object\"}");
    request.grammar = ws_text_of("root ::= \"A\"");
    options.server = cases[i].server;
    asked a = ask_with(&options, &request);
    assert_text(&a, "hello");
    char *sent = request_of(s, i + 1);
    assert_non_null(strstr(sent, cases[i].part));
    assert_non_null(strstr(sent, cases[i].thinking));
    ws_free(sent);
  }
}

static void thinking_is_the_servers_own_where_the_form_is_free(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "v1", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.server = WS_CHAT_VLLM;
  asked a = ask_with(&options, &request);
  assert_text(&a, "hello");
  char *sent = request_of(s, 1);
  assert_null(strstr(sent, "thinking"));
  assert_null(strstr(sent, "temperature"));
  assert_null(strstr(sent, "seed"));
  ws_free(sent);
}

static void too_many_requests_are_sent_again_when_the_server_says(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "429");
  assert_true(a.seconds >= 0.95); // Retry-After: 1, while our own wait is 1 ms
  assert_int_equal(a.reply.attempts, 2);
  assert_int_equal(a.account.retries, 1);
  assert_text(&a, "after waiting");
}

static void who_asks_to_wait_for_a_day_is_not_waited_for(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "long429");
  assert_true(a.seconds < 10);
  assert_message(&a.err, "come back tomorrow");
  assert_failed(&a, WS_CHAT_OVERLOADED, "it asks to wait for 86400 s");
}

static void errors_of_the_server_are_tried_again(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "500");
  assert_int_equal(a.reply.attempts, 3);
  assert_text(&a, "third time");
  a = ask(s, "always500");
  assert_int_equal(a.account.retries, 4);
  assert_failed(&a, WS_CHAT_OVERLOADED, "tried 5 times: ");
}

static void errors_of_the_request_are_not(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "400");
  assert_int_equal(a.account.retries, 0);
  assert_int_equal(a.account.usage.input, 0); // nothing was done for it
  assert_failed(&a, WS_CHAT_REFUSED, "status 400: no such model");
}

static void a_newer_name_of_max_tokens_is_used_where_asked_for(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "newname");
  assert_text(&a, "renamed");
  char *sent = request_of(s, 2);
  assert_non_null(strstr(sent, "\"max_completion_tokens\": 100"));
  ws_free(sent);
}

static void the_key_is_in_no_message_and_no_reply(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "401", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.api_key = KEY;
  asked a = ask_with(&options, &request);
  assert_null(strstr(a.err.message, KEY));
  assert_null(strstr(a.detail.data, KEY));
  assert_failed(&a, WS_CHAT_REFUSED, "Incorrect API key provided: ****");
  options = stub_options(s, "echo", url);
  options.api_key = KEY;
  a = ask_with(&options, &request);
  assert_text(&a, "your key is *******************");
}

static void a_slow_server_is_not_waited_for(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "slow", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.seconds = 1, options.retries = 1;
  asked a = ask_with(&options, &request);
  assert_true(a.seconds < 2.9);
  // Both may have been paid for: 9 tokens of prompt and 1024 of reply each.
  assert_int_equal(a.account.usage.input, 18);
  assert_int_equal(a.account.usage.output, 2048);
  assert_true(a.account.usage.estimated);
  assert_failed(&a, WS_CHAT_TIMEOUT, "tried 2 times: ");
}

static void pieces_and_compression_are_put_together(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "chunked");
  assert_text(&a, "in pieces \xC3\xA9");
  a = ask(s, "gzip");
  assert_text(&a, "unpacked");
  a = ask(s, "texttype");
  assert_text(&a, "json all the same");
}

static void what_breaks_off_is_tried_again(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "truncated");
  assert_int_equal(a.account.retries, 4);
  assert_failed(&a, WS_CHAT_UNREACHABLE, "the connection broke");
  a = ask(s, "closed");
  assert_int_equal(a.account.retries, 4);
  assert_failed(&a, WS_CHAT_UNREACHABLE, "the connection broke");
}

static void what_is_no_reply_is_refused_at_once(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const struct {
    const char *how, *part;
    ws_chat_failure failure;
  } cases[] = {
      {"html", "bytes of text/html", WS_CHAT_MALFORMED},
      {"half", "expected a chat completion in JSON", WS_CHAT_MALFORMED},
      {"nochoice", "choices[0].message.content, found nothing", WS_CHAT_MALFORMED},
      {"nulltext", "choices[0].message.content", WS_CHAT_MALFORMED},
      {"notutf8", "expected a chat completion", WS_CHAT_MALFORMED},
      {"surrogate", "expected a chat completion", WS_CHAT_MALFORMED},
      {"badgzip", "what came is no answer", WS_CHAT_MALFORMED},
      {"large", "the reply has 2097152 bytes, more than 1 MiB", WS_CHAT_TOO_LARGE},
      {"huge", "larger than a reply of 1 MiB can be", WS_CHAT_TOO_LARGE},
      {"bomb", "larger than a reply of 1 MiB can be", WS_CHAT_TOO_LARGE},
      {"redirect", "status 302, redirects are not followed: to http://127.0.0.1:1/v1",
       WS_CHAT_REFUSED},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    asked a = ask(s, cases[i].how);
    assert_int_equal(a.account.retries, 0);
    assert_failed(&a, cases[i].failure, cases[i].part);
  }
}

static void terminals_are_not_shown_what_a_server_sends(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "500", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.retries = 0;
  asked a = ask_with(&options, &request);
  assert_null(strchr(a.err.message, '\x1b'));
  assert_null(strchr(a.detail.data, '\x1b'));
  assert_failed(&a, WS_CHAT_OVERLOADED, "oops ?[31m red");
}

static void usage_that_is_not_told_is_estimated(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const char *const how[] = {"nousage", "badusage"};
  for (size_t i = 0; i < 2; i++) {
    asked a = ask(s, how[i]);
    assert_true(a.reply.usage.estimated);
    assert_int_equal(a.reply.usage.input, 2 + 8 + 1 + 8); // "be brief", "hi"
    assert_int_equal(a.reply.usage.output, 1);            // 4 letters
    assert_int_equal(a.account.estimated, 1);
    assert_text(&a, i == 0 ? "four" : "liar");
  }
}

static void a_reply_that_was_cut_says_so(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  asked a = ask(s, "length");
  assert_int_equal(a.reply.finish, WS_CHAT_LENGTH);
  assert_text(&a, "and then");
}

static void nobody_there_is_said_at_once(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.endpoint = "http://127.0.0.1:1", options.model = "m";
  asked a = ask_with(&options, &request);
  assert_int_equal(a.account.usage.input, 0);
  assert_failed(&a, WS_CHAT_UNREACHABLE, "http://127.0.0.1:1/v1/chat/completions: ");
}

static bool stop_at_once(void *user, const ws_progress *progress) {
  int *calls = user;
  assert_string_equal(progress->stage, "asking");
  return ++*calls < 4;
}

static void waiting_can_be_stopped(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  int calls = 0;
  ws_chat_options options = stub_options(s, "slow", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.progress = (ws_progress_sink){stop_at_once, &calls};
  asked a = ask_with(&options, &request);
  assert_int_equal(a.status, WS_ESTOPPED);
  assert_int_equal(a.failure, WS_CHAT_STOPPED);
  assert_true(a.seconds < 2.9);
  asked_clear(&a);
}

static void the_budget_ends_attempts_too(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "truncated", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.budget_tokens = 2500; // two attempts of 1033
  asked a = ask_with(&options, &request);
  assert_int_equal(a.status, WS_EINVAL);
  assert_int_equal(a.failure, WS_CHAT_BUDGET);
  assert_int_equal(a.account.retries, 1);
  assert_message(&a.err, "2066 are used");
  asked_clear(&a);
}

static void addresses_are_completed_or_refused(void **state) {
  (void)state;
  if (!ws_chat_has_http()) skip();
  static const char *const bad[] = {
      "localhost:8080",       "ftp://a/", "file:///etc/passwd",
      "http://user:pw@host/", "http://",  ""};
  ws_chat_options options = ws_chat_options_default();
  ws_chat *chat = NULL;
  options.model = "m";
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ws_error err = WS_ERROR_INIT;
    options.endpoint = bad[i];
    assert_int_equal(ws_chat_open(&options, &chat, &err), WS_EINVAL);
    assert_message(&err, "endpoint: ");
    assert_null(strstr(err.message, "pw"));
  }
}

static void paths_follow_the_custom(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const char *const cases[][2] = {
      {"", "/v1/chat/completions"},
      {"v1/", "/v1/chat/completions"},
      {"v1/x", "/v1/x/chat/completions"},
      {"v1/chat/completions", "/v1/chat/completions"},
      {"v1?version=2", "/v1/chat/completions?version=2"}};
  for (int i = 0; i < 5; i++) {
    char expected[100];
    asked a = ask(s, cases[i][0]);
    assert_text(&a, "hello");
    char *sent = request_of(s, i + 1);
    snprintf(expected, sizeof expected, "\"path\": \"%s\"", cases[i][1]);
    assert_non_null(strstr(sent, expected));
    ws_free(sent);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_reply_comes_with_its_usage_and_model),
      TEST(what_is_sent_is_a_chat_completion),
      TEST(each_server_is_told_the_form_in_its_own_way),
      TEST(thinking_is_the_servers_own_where_the_form_is_free),
      TEST(too_many_requests_are_sent_again_when_the_server_says),
      TEST(who_asks_to_wait_for_a_day_is_not_waited_for),
      TEST(errors_of_the_server_are_tried_again),
      TEST(errors_of_the_request_are_not),
      TEST(a_newer_name_of_max_tokens_is_used_where_asked_for),
      TEST(the_key_is_in_no_message_and_no_reply),
      TEST(a_slow_server_is_not_waited_for),
      TEST(pieces_and_compression_are_put_together),
      TEST(what_breaks_off_is_tried_again),
      TEST(what_is_no_reply_is_refused_at_once),
      TEST(terminals_are_not_shown_what_a_server_sends),
      TEST(usage_that_is_not_told_is_estimated),
      TEST(a_reply_that_was_cut_says_so),
      TEST(nobody_there_is_said_at_once),
      TEST(waiting_can_be_stopped),
      TEST(the_budget_ends_attempts_too),
      cmocka_unit_test(addresses_are_completed_or_refused),
      TEST(paths_follow_the_custom),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
