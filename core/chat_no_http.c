/* SPDX-License-Identifier: MIT
 *
 * In place of chat_http.c where there is no libcurl: commands and recorded replies work.
 */
#include "chat_priv.h"

bool ws_chat_has_http(void) {
  return false;
}

ws_status ws__chat_check_url(ws_chat *chat, ws_error *err) {
  (void)chat;
  return ws_error_set(err, WS_EINVAL,
                      "endpoint: this weaksup was built without libcurl and cannot ask a "
                      "server; a command (--cmd) that asks it can be run");
}

ws_status ws__chat_http_ask(ws_chat *chat, const ws_chat_request *request,
                            ws_chat_reply *reply, ws__chat_attempt *attempt,
                            ws_error *err) {
  (void)request, (void)reply, (void)attempt;
  return ws__chat_check_url(chat, err);
}

void ws__chat_http_free(struct ws__chat_http *http) {
  (void)http;
}
