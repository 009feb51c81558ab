/* SPDX-License-Identifier: MIT
 *
 * Answers in forms that servers have in the wild, and words in place of answers. Skipped
 * where there is no libcurl or no python3.
 */
#include <stdio.h>

#include "chat_stub.h"

static int set_up(void **state) {
  return stub_set_up(STUB_SERVER, state);
}

static void a_time_to_wait_until_is_kept_to(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "retrydate");
  assert_true(a.seconds >= 0.8); // 2 s, of which the form of the date may hide one
  assert_replied(&a, "after waiting");
}

static void a_time_to_wait_that_makes_no_sense_is_none(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const char *const how[] = {"retryzero", "retrynegative", "retryword",
                                    "retrypast"};
  for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
    stub_asked a = stub_ask(s, how[i]);
    assert_true(a.seconds < 2);
    assert_int_equal(a.reply.attempts, 2);
    assert_replied(&a, "after waiting");
  }
}

static void what_never_ends_is_ended(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  stub_asked a = stub_ask(s, "endless");
  assert_int_equal(a.account.retries, 0);
  assert_no_reply(&a, WS_CHAT_TOO_LARGE, "larger than a reply of 1 MiB can be");
  ws_chat_options options = stub_options(s, "trickle", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.seconds = 1, options.retries = 0;
  a = stub_ask_with(&options, &request);
  assert_true(a.seconds < 2.9);
  assert_no_reply(&a, WS_CHAT_TIMEOUT, "trickle");
}

static void forms_of_a_reply(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "bom");
  assert_replied(&a, "behind a mark");
  a = stub_ask(s, "parts");
  assert_int_equal(a.reply.finish, WS_CHAT_STOP);
  assert_replied(&a, "in parts");
  a = stub_ask(s, "halffiltered");
  assert_int_equal(a.reply.finish, WS_CHAT_FILTERED);
  assert_replied(&a, "and then he");
}

static void who_thought_until_it_was_cut_said_nothing(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "thought");
  assert_int_equal(a.reply.finish, WS_CHAT_LENGTH);
  assert_replied(&a, "");
}

static void the_reason_is_the_servers(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const stub_case cases[] = {
      {"refusal", "the model refuses: I ?[31mmust not", WS_CHAT_REFUSED},
      {"refusalpart", "the model refuses: not for you", WS_CHAT_REFUSED},
      {"filtered", "kept the reply back (content_filter)", WS_CHAT_REFUSED},
      {"error200", "the server says: no provider has this model", WS_CHAT_REFUSED},
      {"errortext", "the server says: out of credit", WS_CHAT_REFUSED},
      {"errorchoice", "the server says: lost on the way", WS_CHAT_REFUSED},
      {"context", "status 400: maximum context length is 4096", WS_CHAT_REFUSED},
      {"noparts", "message.content, found an array without a text", WS_CHAT_MALFORMED},
      {"204", "found 0 bytes of no type", WS_CHAT_MALFORMED},
      {"empty", "found 0 bytes of application/json", WS_CHAT_MALFORMED},
      {"sse", "bytes of text/event-stream", WS_CHAT_MALFORMED},
  };
  assert_refused_at_once(s, cases, sizeof cases / sizeof *cases);
}

static void no_part_of_the_key_is_in_the_reason(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "errorecho", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.api_key = STUB_KEY;
  stub_asked a = stub_ask_with(&options, &request);
  assert_null(strstr(a.err.message, "sk-"));
  assert_no_reply(&a, WS_CHAT_REFUSED, "the server says: xxx");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stub_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_time_to_wait_until_is_kept_to),
      TEST(a_time_to_wait_that_makes_no_sense_is_none),
      TEST(what_never_ends_is_ended),
      TEST(forms_of_a_reply),
      TEST(who_thought_until_it_was_cut_said_nothing),
      TEST(the_reason_is_the_servers),
      TEST(no_part_of_the_key_is_in_the_reason),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
