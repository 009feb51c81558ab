/* SPDX-License-Identifier: MIT
 *
 * Servers that are slow, overloaded, broken or hostile. Skipped where there is no libcurl
 * or no python3.
 */
#include <stdio.h>
#include <unistd.h>

#include "chat_stub.h"

static int set_up(void **state) {
  return stub_set_up(STUB_SERVER, state);
}

static void too_many_requests_are_sent_again_when_the_server_says(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "429");
  assert_true(a.seconds >= 0.95); // Retry-After: 1, while our own wait is 1 ms
  assert_int_equal(a.reply.attempts, 2);
  assert_int_equal(a.account.retries, 1);
  assert_replied(&a, "after waiting");
}

static void who_asks_to_wait_for_a_day_is_not_waited_for(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "long429");
  assert_true(a.seconds < 10);
  assert_message(&a.err, "come back tomorrow");
  assert_no_reply(&a, WS_CHAT_OVERLOADED, "it asks to wait for 86400 s");
}

static void errors_of_the_server_are_tried_again(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "500");
  assert_int_equal(a.reply.attempts, 3);
  assert_replied(&a, "third time");
  a = stub_ask(s, "always500");
  assert_int_equal(a.account.retries, 4);
  assert_no_reply(&a, WS_CHAT_OVERLOADED, "tried 5 times: ");
}

static void what_a_gateway_gave_up_may_have_been_charged(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked plain = stub_ask(s, "500"), a = stub_ask(s, "504");
  assert_int_equal(a.reply.attempts, 3);
  assert_int_equal(a.account.retries, 2);
  assert_int_equal(a.account.usage.output, plain.account.usage.output + 2 * 100);
  assert_true(a.account.usage.estimated);
  stub_asked_clear(&plain);
  assert_replied(&a, "third time");
}

static void errors_of_the_request_are_not(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "400");
  assert_int_equal(a.account.retries, 0);
  assert_int_equal(a.account.usage.input, 0); // nothing was done for it
  assert_no_reply(&a, WS_CHAT_REFUSED, "status 400: no such model");
}

static void a_slow_server_is_not_waited_for(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "slow", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.seconds = 1, options.retries = 1;
  stub_asked a = stub_ask_with(&options, &request);
  assert_true(a.seconds < 2.9);
  // Both may have been paid for: 9 tokens of prompt and 1024 of reply each.
  assert_int_equal(a.account.usage.input, 18);
  assert_int_equal(a.account.usage.output, 2048);
  assert_true(a.account.usage.estimated);
  assert_no_reply(&a, WS_CHAT_TIMEOUT, "tried 2 times: ");
}

static void what_breaks_off_is_tried_again(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "truncated");
  assert_int_equal(a.account.retries, 4);
  assert_no_reply(&a, WS_CHAT_UNREACHABLE, "the connection broke");
  a = stub_ask(s, "closed");
  assert_int_equal(a.account.retries, 4);
  assert_no_reply(&a, WS_CHAT_UNREACHABLE, "the connection broke");
}

static void what_is_no_reply_is_refused_at_once(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const stub_case cases[] = {
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
       WS_CHAT_DENIED},
  };
  assert_refused_at_once(s, cases, sizeof cases / sizeof *cases);
}

static void terminals_are_not_shown_what_a_server_sends(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "500", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.retries = 0;
  stub_asked a = stub_ask_with(&options, &request);
  assert_null(strchr(a.err.message, '\x1b'));
  assert_null(strchr(a.detail.data, '\x1b'));
  assert_no_reply(&a, WS_CHAT_OVERLOADED, "oops ?[31m red");
}

static void nobody_there_is_said_at_once(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.endpoint = "http://127.0.0.1:1", options.model = "m";
  stub_asked a = stub_ask_with(&options, &request);
  assert_int_equal(a.account.usage.input, 0);
  assert_no_reply(&a, WS_CHAT_UNREACHABLE, "http://127.0.0.1:1/v1/chat/completions: ");
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
  stub_asked a = stub_ask_with(&options, &request);
  assert_int_equal(a.status, WS_ESTOPPED);
  assert_int_equal(a.failure, WS_CHAT_STOPPED);
  assert_true(a.seconds < 2.9);
  stub_asked_clear(&a);
}

static void the_budget_ends_attempts_too(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "truncated", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.budget_tokens = 2500; // two attempts of 1033
  stub_asked a = stub_ask_with(&options, &request);
  assert_int_equal(a.status, WS_EINVAL);
  assert_int_equal(a.failure, WS_CHAT_BUDGET);
  assert_int_equal(a.account.retries, 1);
  assert_message(&a.err, "2066 are used");
  stub_asked_clear(&a);
}

static int requests_to(const stub *s) {
  char path[300];
  int count = 0;
  do snprintf(path, sizeof path, "%s/%d.json", s->folder, ++count);
  while (access(path, F_OK) == 0);
  return count - 1;
}

/* Each may use 1 + 8 and 100 tokens, as may attempts that bring nothing. */
static void attempts_of_several_at_once_stay_within_the_budget(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  enum { JOBS = 8 };
  char url[200], prompts[JOBS][16];
  ws_chat_options options = stub_options(s, "closed", url);
  ws_chat_request requests[JOBS];
  ws_chat_reply reply = {0};
  ws_chat *chat;
  ws_error err = WS_ERROR_INIT;
  options.jobs = JOBS;
  options.retries = 4;
  options.budget_tokens = 10 * 109;
  assert_ok(ws_chat_open(&options, &chat, &err), &err);
  for (int i = 0; i < JOBS; i++) {
    snprintf(prompts[i], sizeof prompts[i], "%d", i);
    requests[i] = ws_chat_request_of(ws_text_of(""), ws_text_of(prompts[i]));
    requests[i].max_tokens = 100;
    assert_true(ws_chat_begin(chat, &requests[i]));
  }
  assert_status(WS_EINVAL, ws_chat_ask(chat, &requests[0], &reply, &err));
  assert_int_equal(ws_chat_last_failure(chat), WS_CHAT_BUDGET);
  ws_chat_free(chat);
  assert_int_equal(requests_to(s), 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stub_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(too_many_requests_are_sent_again_when_the_server_says),
      TEST(who_asks_to_wait_for_a_day_is_not_waited_for),
      TEST(errors_of_the_server_are_tried_again),
      TEST(what_a_gateway_gave_up_may_have_been_charged),
      TEST(errors_of_the_request_are_not),
      TEST(a_slow_server_is_not_waited_for),
      TEST(what_breaks_off_is_tried_again),
      TEST(what_is_no_reply_is_refused_at_once),
      TEST(terminals_are_not_shown_what_a_server_sends),
      TEST(nobody_there_is_said_at_once),
      TEST(waiting_can_be_stopped),
      TEST(the_budget_ends_attempts_too),
      TEST(attempts_of_several_at_once_stay_within_the_budget),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
