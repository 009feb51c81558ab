/* SPDX-License-Identifier: MIT
 *
 * What the files chat_http*.c and chat_url.c share.
 */
#ifndef WS__CHAT_HTTP_H
#define WS__CHAT_HTTP_H

#include "chat_curl.h"
#include "chat_priv.h"

struct ws__chat_http {
  ws__curl api;
  bool started;
  CURL *curl; // made at the first request
  struct curl_slist *headers;
  char shown[300]; // the URL without what may be secret in it
};

/* What one attempt brought, as it comes. */
typedef struct ws__http_answer {
  const ws_chat *chat;
  ws_buffer body;
  bool too_large, no_memory;
  char error[CURL_ERROR_SIZE];
} ws__http_answer;

/* --- chat_http_answer.c --- */

/* Puts stars in place of the API key. */
void ws__http_hide_key(const ws_chat *chat, ws_buffer *text);
/* Makes the reply of what came, or says why there is none. */
ws_status ws__http_judge(ws_chat *chat, CURLcode code, ws__http_answer *a,
                         ws_chat_reply *reply, ws__chat_attempt *attempt, ws_error *err);

#endif
