/* SPDX-License-Identifier: MIT
 *
 * The stub of a language model's server, chat_server.py: the path of a URL says how it
 * misbehaves.
 */
#ifndef CHAT_STUB_H
#define CHAT_STUB_H

#include <stdio.h>

#include <weaksup/chat.h>

#include "ws_test.h"

#define STUB_SERVER WS_TEST_DATA "/../support/chat_server.py"
#define STUB_KEY    "sk-abcdefghijklmnop"

typedef struct stub {
  char *folder;
  FILE *server;
  int port;
} stub;

/* Starts it; there is none (server NULL) without libcurl or python3. */
int stub_set_up(const char *server, void **state);
int stub_tear_down(void **state);

#define SKIP_WITHOUT(s)                                                                  \
  do {                                                                                   \
    if (!(s)->server) skip();                                                            \
  } while (0)

typedef struct stub_asked {
  ws_status status;
  ws_chat_failure failure;
  ws_chat_reply reply;
  ws_chat_account account;
  ws_error err;
  ws_buffer detail;
  double seconds;
} stub_asked;

ws_chat_options stub_options(const stub *s, const char *how, char url[200]);
stub_asked stub_ask_with(const ws_chat_options *options, const ws_chat_request *request);
/* "hi", with "be brief" as the system text. */
stub_asked stub_ask(const stub *s, const char *how);
void stub_asked_clear(stub_asked *a);

/* What the stub wrote down of its nth request: free it with ws_free. */
char *stub_request(const stub *s, int n);

/* Each clears what it looks at. */
void assert_replied(stub_asked *a, const char *text);
void assert_no_reply(stub_asked *a, ws_chat_failure failure, const char *part);

typedef struct stub_case {
  const char *how, *part;
  ws_chat_failure failure;
} stub_case;

/* Each is asked for, ends so, and is not tried again. */
void assert_refused_at_once(const stub *s, const stub_case *cases, size_t count);

#endif
