/* SPDX-License-Identifier: MIT
 *
 * What the tests of <weaksup/chat.h> share.
 */
#ifndef CHAT_TEST_H
#define CHAT_TEST_H

#include <weaksup/chat.h>

#include "ws_test.h"

/* A request with that prompt, and 100 tokens for the reply. */
ws_chat_request chat_prompt(const char *text);

ws_chat *chat_open(const ws_chat_options *options);
/* One that runs the command, once. */
ws_chat *chat_open_command(const char *command);

/* What came of a request; texts are cut. */
typedef struct asked {
  ws_status status;
  ws_chat_failure failure;
  char text[2000], detail[2000];
  ws_chat_account account;
  ws_error err;
  double seconds;
} asked;

asked chat_ask(ws_chat *chat, const ws_chat_request *request);

#endif
