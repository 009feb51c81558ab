/* SPDX-License-Identifier: MIT
 *
 * Commands that answer in a language model's place.
 */
#include <stdio.h>
#include <unistd.h>

#include "chat_test.h"

static asked ask_command(const char *command, const ws_chat_options *more) {
  ws_chat_options options = more ? *more : ws_chat_options_default();
  ws_chat_request request = chat_prompt("the prompt");
  options.command = command;
  ws_chat *chat = chat_open(&options);
  asked a = chat_ask(chat, &request);
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
  ws_chat_request request = chat_prompt("P");
  request.system = ws_text_of("S");
  request.temperature = 0.25, request.seed = 9;
  request.grammar = ws_text_of("root ::= \"$(id)\"\nx");
  options.command = "cat; echo; env | grep ^WEAKSUP_CHAT_ | sort";
  options.model = "mod";
  setenv("WEAKSUP_CHAT_JSON_SCHEMA", "from outside", 1);
  ws_chat *chat = chat_open(&options);
  asked a = chat_ask(chat, &request);
  unsetenv("WEAKSUP_CHAT_JSON_SCHEMA");
  assert_ok(a.status, &a.err);
  assert_string_equal(a.text, "S\n\nP\nWEAKSUP_CHAT_GRAMMAR=root ::= \"$(id)\"\n"
                              "WEAKSUP_CHAT_MAX_TOKENS=100\nWEAKSUP_CHAT_MODEL=mod\n"
                              "WEAKSUP_CHAT_SEED=9\nWEAKSUP_CHAT_TEMPERATURE=0.25\n");
  ws_chat_free(chat);
}

static void a_command_need_not_read_its_input(void **state) {
  (void)state;
  ws_chat *chat = chat_open_command("echo fine");
  char *large = malloc(5000001);
  memset(large, 'x', 5000000);
  large[5000000] = '\0';
  ws_chat_request request = chat_prompt(large);
  asked a = chat_ask(chat, &request);
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
  assert_message(&a.err, "exit 3' ended with exit code 3");
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
  char *folder = ws_test_folder(), command[800], path[300];
  options.seconds = 1, options.retries = 0;
  snprintf(path, sizeof path, "%s/late", folder);
  snprintf(
      command, sizeof command,
      "(sleep 2; touch '%s') & setsid sh -c 'sleep 2; setsid touch \"%s\"' & sleep 60",
      path, path);
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

static ws_status ask_a_command(void *user) {
  (void)user;
  ws_chat_options options = ws_chat_options_default();
  ws_chat_request request = chat_prompt("hi");
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_command_reads_the_prompt_and_prints_the_reply),
      cmocka_unit_test(a_command_sees_system_text_and_parameters),
      cmocka_unit_test(a_command_need_not_read_its_input),
      cmocka_unit_test(a_command_that_fails_is_quoted),
      cmocka_unit_test(a_command_that_hangs_is_killed_with_all_it_started),
      cmocka_unit_test(what_a_command_leaves_running_is_not_waited_for),
      cmocka_unit_test(a_command_that_prints_too_much_is_killed),
      cmocka_unit_test(a_command_that_prints_no_utf8_is_refused),
      cmocka_unit_test(a_command_can_be_stopped),
      cmocka_unit_test(every_allocation_of_a_command_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
