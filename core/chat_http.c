/* SPDX-License-Identifier: MIT
 *
 * One attempt over HTTP, by libcurl (chat_curl.h loads it). Redirects are not followed,
 * as they would take the API key elsewhere; nothing but http and https is spoken.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "chat_http.h"

enum { DETAIL_SHOWN = 2000 };

/* The reply is escaped in its JSON, at worst as \u00XX; what holds more than this cannot
 * hold a reply that would be taken. */
static const size_t MAX_BODY = 6 * WS_CHAT_MAX_REPLY + (64 << 10);

bool ws_chat_has_http(void) {
  return true;
}

/* --- what curl calls --- */

static size_t take(char *data, size_t size, size_t count, void *user) {
  ws__http_answer *a = user;
  size_t bytes = size * count;
  a->too_large = bytes > MAX_BODY - a->body.size;
  if (a->too_large) return 0;
  a->no_memory = ws_buffer_append(&a->body, data, bytes) != WS_OK;
  return a->no_memory ? 0 : bytes;
}

static int look_up(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  (void)a, (void)b, (void)c, (void)d;
  return !ws__chat_goes_on(((ws__http_answer *)user)->chat);
}

/* --- the handle --- */

static bool add_header(struct ws__chat_http *http, const char *line) {
  struct curl_slist *longer = http->api.slist_append(http->headers, line);
  if (longer) http->headers = longer;
  return longer != NULL;
}

static bool add_headers(struct ws__chat_http *http, const ws_chat *chat) {
  ws_buffer line = {0};
  bool good = add_header(http, "Content-Type: application/json") &&
              add_header(http, "Accept: application/json") && add_header(http, "Expect:");
  if (good && chat->options.api_key && *chat->options.api_key)
    good = ws_buffer_printf(&line, "Authorization: Bearer %s", chat->options.api_key) ==
               WS_OK &&
           add_header(http, line.data);
  ws_buffer_clear(&line);
  return good;
}

static void set_shown(struct ws__chat_http *http, const char *url) {
  size_t size = strcspn(url, "?");
  snprintf(http->shown, sizeof http->shown, "%.*s", (int)size, url);
}

static bool set_always(const struct ws__chat_http *http, const ws_chat *chat) {
  const ws_chat_options *o = &chat->options;
  const ws__curl *api = &http->api;
  CURL *curl = http->curl;
  bool good = true;
#if LIBCURL_VERSION_NUM >= 0x075500
  good = api->easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
#else
  good = api->easy_setopt(curl, CURLOPT_PROTOCOLS,
                          (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) == CURLE_OK;
#endif
  return good && api->easy_setopt(curl, CURLOPT_URL, o->endpoint) == CURLE_OK &&
         api->easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
         api->easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)o->connect_seconds) ==
             CURLE_OK &&
         api->easy_setopt(curl, CURLOPT_TIMEOUT, (long)o->seconds) == CURLE_OK &&
         api->easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
         api->easy_setopt(curl, CURLOPT_NOSIGNAL, (long)(o->jobs > 1)) == CURLE_OK &&
         api->easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
         api->easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
         api->easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up) == CURLE_OK;
}

static bool set_up(struct ws__chat_http *http, const ws_chat *chat) {
  http->curl = http->api.easy_init();
  if (!http->curl) return false;
  set_shown(http, chat->options.endpoint);
  return set_always(http, chat) && add_headers(http, chat) &&
         http->api.easy_setopt(http->curl, CURLOPT_HTTPHEADER, http->headers) == CURLE_OK;
}

static ws_status make_handle(ws_chat *chat, ws_error *err) {
  struct ws__chat_http *http = chat->http;
  if (http->curl) return WS_OK;
  if (!http->started && http->api.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return ws_error_set(err, WS_EIO, "libcurl cannot be started");
  http->started = true;
  if (set_up(http, chat)) return WS_OK;
  if (http->curl) http->api.easy_cleanup(http->curl);
  http->curl = NULL;
  return ws_error_nomem(err);
}

void ws__chat_http_free(struct ws__chat_http *http) {
  if (!http) return;
  if (http->headers) http->api.slist_free_all(http->headers);
  if (http->curl) http->api.easy_cleanup(http->curl);
  if (http->started) http->api.global_cleanup();
  ws_free(http);
}

static ws_status perform(ws_chat *chat, const ws_buffer *body, ws__http_answer *a,
                         CURLcode *code, ws_error *err) {
  const ws__curl *api = &chat->http->api;
  CURL *curl = chat->http->curl;
  a->chat = chat;
  if (api->easy_setopt(curl, CURLOPT_POSTFIELDS, body->data) != CURLE_OK ||
      api->easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->size) !=
          CURLE_OK ||
      api->easy_setopt(curl, CURLOPT_WRITEDATA, a) != CURLE_OK ||
      api->easy_setopt(curl, CURLOPT_XFERINFODATA, a) != CURLE_OK ||
      api->easy_setopt(curl, CURLOPT_ERRORBUFFER, a->error) != CURLE_OK)
    return ws_error_nomem(err);
  *code = api->easy_perform(curl);
  api->easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
  return WS_OK;
}

ws_status ws__chat_http_ask(ws_chat *chat, const ws_chat_request *request,
                            ws_chat_reply *reply, ws__chat_attempt *attempt,
                            ws_error *err) {
  ws__http_answer a = {0};
  ws_buffer body = {0};
  CURLcode code = CURLE_OK;
  ws__chat_starting(chat, true);
  ws_status status = make_handle(chat, err);
  ws__chat_starting(chat, false);
  if (status == WS_OK) status = ws__chat_body(chat, request, &body, err);
  if (status == WS_OK) status = perform(chat, &body, &a, &code, err);
  if (status == WS_OK) status = ws__http_judge(chat, code, &a, reply, attempt, err);
  if (status != WS_OK && a.body.size) {
    ws__http_hide_key(chat, &a.body);
    if (ws__chat_detail_text(chat, ws_buffer_as_text(&a.body), DETAIL_SHOWN) != WS_OK)
      status = ws_error_nomem(err);
  }
  ws_buffer_clear(&body);
  ws_buffer_clear(&a.body);
  return status;
}
