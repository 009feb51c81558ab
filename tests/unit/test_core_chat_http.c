/* SPDX-License-Identifier: MIT
 *
 * What a server is sent, and what is made of its answers. Skipped where there is no
 * libcurl or no python3.
 */
#include <math.h>
#include <stdio.h>

#include "chat_stub.h"

static int set_up(void **state) {
  return stub_set_up(STUB_SERVER, state);
}

static void a_reply_comes_with_its_usage_and_model(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "");
  assert_int_equal(a.reply.usage.input, 11);
  assert_int_equal(a.reply.usage.output, 3);
  assert_false(a.reply.usage.estimated);
  assert_int_equal(a.reply.finish, WS_CHAT_STOP);
  assert_string_equal(a.reply.model.data, "stub-1");
  assert_int_equal(a.reply.attempts, 1);
  assert_true(isnan(a.reply.usd));
  assert_replied(&a, "hello");
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
  options.api_key = STUB_KEY;
  stub_asked a = stub_ask_with(&options, &request);
  assert_replied(&a, "hello");
  char *sent = stub_request(s, 1);
  assert_non_null(strstr(sent, "\"path\": \"/v1/chat/completions\""));
  assert_non_null(strstr(sent, "\"Authorization\": \"Bearer " STUB_KEY "\""));
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
    stub_asked a = stub_ask_with(&options, &request);
    assert_replied(&a, "hello");
    char *sent = stub_request(s, i + 1);
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
  stub_asked a = stub_ask_with(&options, &request);
  assert_replied(&a, "hello");
  char *sent = stub_request(s, 1);
  assert_null(strstr(sent, "thinking"));
  assert_null(strstr(sent, "temperature"));
  assert_null(strstr(sent, "seed"));
  ws_free(sent);
}

static void a_newer_name_of_max_tokens_is_used_where_asked_for(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "newname", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  request.max_tokens = 100;
  options.retries = 0; // it is none
  stub_asked a = stub_ask_with(&options, &request);
  assert_int_equal(a.account.retries, 0);
  assert_replied(&a, "renamed");
  char *sent = stub_request(s, 2);
  assert_non_null(strstr(sent, "\"max_completion_tokens\": 100"));
  ws_free(sent);
}

static void the_key_is_in_no_message_and_no_reply(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  char url[200];
  ws_chat_options options = stub_options(s, "401", url);
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  options.api_key = STUB_KEY;
  stub_asked a = stub_ask_with(&options, &request);
  assert_null(strstr(a.err.message, STUB_KEY));
  assert_null(strstr(a.detail.data, STUB_KEY));
  assert_no_reply(&a, WS_CHAT_DENIED, "Incorrect API key provided: ****");
  options = stub_options(s, "echo", url);
  options.api_key = STUB_KEY;
  a = stub_ask_with(&options, &request);
  assert_replied(&a, "your key is *******************");
}

/* Nor a part of it, where what a header says is cut. */
static void the_key_is_in_no_header_that_is_told(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const char *const how[] = {"echotype", "echolocation"};
  char url[200];
  ws_chat_request request = ws_chat_request_of(ws_text_of(""), ws_text_of("P"));
  for (size_t i = 0; i < 2; i++) {
    ws_chat_options options = stub_options(s, how[i], url);
    options.api_key = STUB_KEY;
    stub_asked a = stub_ask_with(&options, &request);
    assert_null(strstr(a.err.message, "sk-"));
    assert_no_reply(&a, i == 0 ? WS_CHAT_MALFORMED : WS_CHAT_DENIED, "***");
  }
}

static void a_header_without_end_is_no_lack_of_memory(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "header");
  assert_int_equal(a.status, WS_EIO);
  assert_no_reply(&a, WS_CHAT_MALFORMED, "headers are too large");
}

static void pieces_and_compression_are_put_together(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "chunked");
  assert_replied(&a, "in pieces \xC3\xA9");
  a = stub_ask(s, "gzip");
  assert_replied(&a, "unpacked");
  a = stub_ask(s, "texttype");
  assert_replied(&a, "json all the same");
}

static void usage_that_is_not_told_is_estimated(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  static const char *const how[] = {"nousage", "badusage"};
  for (size_t i = 0; i < 2; i++) {
    stub_asked a = stub_ask(s, how[i]);
    assert_true(a.reply.usage.estimated);
    assert_int_equal(a.reply.usage.input, 2 + 8 + 1 + 8); // "be brief", "hi"
    assert_int_equal(a.reply.usage.output, 1);            // 4 letters
    assert_int_equal(a.account.estimated, 1);
    assert_replied(&a, i == 0 ? "four" : "liar");
  }
}

static void a_reply_that_was_cut_says_so(void **state) {
  const stub *s = *state;
  SKIP_WITHOUT(s);
  stub_asked a = stub_ask(s, "length");
  assert_int_equal(a.reply.finish, WS_CHAT_LENGTH);
  assert_replied(&a, "and then");
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
    stub_asked a = stub_ask(s, cases[i][0]);
    assert_replied(&a, "hello");
    char *sent = stub_request(s, i + 1);
    snprintf(expected, sizeof expected, "\"path\": \"%s\"", cases[i][1]);
    assert_non_null(strstr(sent, expected));
    ws_free(sent);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stub_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_reply_comes_with_its_usage_and_model),
      TEST(what_is_sent_is_a_chat_completion),
      TEST(each_server_is_told_the_form_in_its_own_way),
      TEST(thinking_is_the_servers_own_where_the_form_is_free),
      TEST(a_newer_name_of_max_tokens_is_used_where_asked_for),
      TEST(the_key_is_in_no_message_and_no_reply),
      TEST(the_key_is_in_no_header_that_is_told),
      TEST(a_header_without_end_is_no_lack_of_memory),
      TEST(pieces_and_compression_are_put_together),
      TEST(usage_that_is_not_told_is_estimated),
      TEST(a_reply_that_was_cut_says_so),
      TEST(addresses_are_completed_or_refused),
      TEST(paths_follow_the_custom),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
