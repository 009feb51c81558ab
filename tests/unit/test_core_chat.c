/* SPDX-License-Identifier: MIT
 *
 * Asking language models: requests and their keys, options, budgets.
 */
#include <math.h>

#include "chat_test.h"

/* --- requests --- */

static void a_key_is_the_hash_of_what_is_asked(void **state) {
  (void)state;
  ws_chat_request request = chat_prompt("hi");
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
  for (int i = 0; i < 9; i++) requests[i] = chat_prompt("hi");
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
  ws_chat *chat = chat_open_command("cat");
  static const char *const parts[] = {"expected a prompt",     "not UTF-8",
                                      "at least one token",    "temperature from 0",
                                      "expected a seed",       "JSON schema: ",
                                      "JSON schema: expected", "temperature from 0 to"};
  ws_chat_request requests[8];
  for (int i = 0; i < 8; i++) requests[i] = chat_prompt("hi");
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

/* --- budgets --- */

static void a_budget_is_kept_before_anything_is_asked(void **state) {
  (void)state;
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = chat_prompt("1234"); // 1 + 8 tokens, and 100 at most
  options.command = "echo 123";                  // 1 token
  options.budget_tokens = 109 + 10;
  ws_chat *chat = chat_open(&options);
  asked a = chat_ask(chat, &request);
  assert_ok(a.status, &a.err);
  a = chat_ask(chat, &request); // 10 + 109
  assert_ok(a.status, &a.err);
  a = chat_ask(chat, &request);
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
  ws_chat_request request = chat_prompt("1234");
  options.command = "echo 123";
  options.price_input = 1e6, options.price_output = 2e6; // 9 + 200 USD at most
  options.budget_usd = 220;
  ws_chat *chat = chat_open(&options);
  asked a = chat_ask(chat, &request);
  assert_ok(a.status, &a.err);
  assert_near(a.account.usd, 9 + 2, 1e-9);
  assert_near(a.account.paid_usd, 11, 1e-9);
  a = chat_ask(chat, &request);
  assert_ok(a.status, &a.err);
  a = chat_ask(chat, &request);
  assert_int_equal(a.failure, WS_CHAT_BUDGET);
  assert_message(&a.err, "budget of 220 USD: 22 are spent (0 of them for recorded "
                         "replies), and this request may cost 209 more; --budget-usd");
  ws_chat_free(chat);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_key_is_the_hash_of_what_is_asked),
      cmocka_unit_test(all_that_is_asked_makes_the_key),
      cmocka_unit_test(requests_that_make_no_sense_are_refused),
      cmocka_unit_test(options_that_make_no_sense_are_refused),
      cmocka_unit_test(tokens_are_estimated_from_bytes),
      cmocka_unit_test(a_budget_is_kept_before_anything_is_asked),
      cmocka_unit_test(a_budget_of_money_counts_both_prices),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
