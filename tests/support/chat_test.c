/* SPDX-License-Identifier: MIT
 *
 * Asking, in tests.
 */
#include "chat_test.h"

#include <stdio.h>
#include <time.h>

ws_chat_request chat_prompt(const char *text) {
  ws_chat_request request = ws_chat_request_of((ws_text){NULL, 0}, ws_text_of(text));
  request.max_tokens = 100;
  return request;
}

ws_chat *chat_open(const ws_chat_options *options) {
  ws_error err = WS_ERROR_INIT;
  ws_chat *chat = NULL;
  assert_ok(ws_chat_open(options, &chat, &err), &err);
  return chat;
}

ws_chat *chat_open_command(const char *command) {
  ws_chat_options options = ws_chat_options_default();
  options.command = command;
  options.retries = 0;
  return chat_open(&options);
}

asked chat_ask(ws_chat *chat, const ws_chat_request *request) {
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
