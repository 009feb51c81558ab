/* SPDX-License-Identifier: MIT
 *
 * One attempt over HTTP, by libcurl (chat_curl.h loads it). Redirects are not followed,
 * as they would take the API key elsewhere; nothing but http and https is spoken. Which
 * failures are worth another attempt, and which may have been charged, is decided here.
 */
#include "chat_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "chat_curl.h"

enum {
  DETAIL_SHOWN = 2000,
  MIN_SECRET = 8, // a shorter key is a word such as "none", which may stand in any text
};

/* The reply is escaped in its JSON, at worst as \u00XX; what holds more than this cannot
 * hold a reply that would be taken. */
static const size_t MAX_BODY = 6 * WS_CHAT_MAX_REPLY + (64 << 10);

struct ws__chat_http {
  ws__curl api;
  bool started;
  CURL *curl; // made at the first request
  struct curl_slist *headers;
  char shown[300]; // the URL without what may be secret in it
};

typedef struct answer {
  const ws_chat *chat;
  ws_buffer body;
  bool too_large, no_memory;
  char error[CURL_ERROR_SIZE];
} answer;

bool ws_chat_has_http(void) {
  return true;
}

/* --- the address --- */

static bool ends_in(const char *text, const char *ending) {
  size_t size = strlen(text), tail = strlen(ending);
  return size >= tail && strcmp(text + size - tail, ending) == 0;
}

static CURLUcode complete_path(const ws__curl *api, CURLU *url) {
  static const char last[] = "/chat/completions";
  char *path = NULL, whole[2048];
  CURLUcode code = api->url_get(url, CURLUPART_PATH, &path, 0);
  if (code != CURLUE_OK) return code;
  size_t size = strlen(path);
  while (size && path[size - 1] == '/') path[--size] = '\0';
  if (size + sizeof "/v1" + sizeof last > sizeof whole) {
    code = CURLUE_MALFORMED_INPUT;
  } else if (!ends_in(path, last)) {
    snprintf(whole, sizeof whole, "%s%s%s", path, size ? "" : "/v1", last);
    code = api->url_set(url, CURLUPART_PATH, whole, 0);
  }
  api->free(path);
  return code;
}

static bool has_part(const ws__curl *api, CURLU *url, CURLUPart part) {
  char *text = NULL;
  bool has = api->url_get(url, part, &text, 0) == CURLUE_OK;
  api->free(text);
  return has;
}

static bool speaks_http(const ws__curl *api, CURLU *url) {
  char *scheme = NULL;
  bool http = api->url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
              (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
  api->free(scheme);
  return http;
}

static ws_status read_url(ws_chat *chat, CURLU *url, ws_error *err) {
  const ws__curl *api = &chat->http->api;
  const char *given = chat->options.endpoint;
  char *whole = NULL;
  ws_text kept;
  if (api->url_set(url, CURLUPART_URL, given, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
      !speaks_http(api, url))
    return ws_error_set(err, WS_EINVAL,
                        "endpoint: expected a URL that begins with http:// or https://");
  if (has_part(api, url, CURLUPART_USER) || has_part(api, url, CURLUPART_PASSWORD))
    return ws_error_set(err, WS_EINVAL,
                        "endpoint: expected no user and password in the URL: an API key "
                        "comes from an environment variable, --api-key-env");
  api->url_set(url, CURLUPART_FRAGMENT, NULL, 0);
  if (complete_path(api, url) != CURLUE_OK ||
      api->url_get(url, CURLUPART_URL, &whole, 0) != CURLUE_OK)
    return ws_error_set(err, WS_EINVAL, "endpoint: not a URL that can be used");
  ws_status status = ws_arena_text(&chat->texts, ws_text_of(whole), &kept);
  api->free(whole);
  if (status != WS_OK) return ws_error_nomem(err);
  chat->options.endpoint = kept.data;
  return WS_OK;
}

ws_status ws__chat_check_url(ws_chat *chat, ws_error *err) {
  chat->http = ws_alloc_zero(1, sizeof *chat->http);
  if (!chat->http) return ws_error_nomem(err);
  WS_TRY(ws__curl_load(&chat->http->api, err));
  CURLU *url = chat->http->api.url();
  if (!url) return ws_error_nomem(err);
  ws_status status = read_url(chat, url, err);
  chat->http->api.url_cleanup(url);
  return status;
}

/* --- secrets --- */

static void hide_key(const ws_chat *chat, ws_buffer *text) {
  const char *key = chat->options.api_key;
  size_t size = key ? strlen(key) : 0;
  if (size < MIN_SECRET) return;
  for (size_t i = 0; i + size <= text->size; i++)
    if (memcmp(text->data + i, key, size) == 0) memset(text->data + i, '*', size);
}

/* What a header says, whole: a key of which a cut leaves a part would not be found. */
static ws_status put_header(const ws_chat *chat, const char *said, ws_buffer *out,
                            ws_error *err) {
  if (ws_buffer_string(out, said ? said : "") != WS_OK) return ws_error_nomem(err);
  hide_key(chat, out);
  return WS_OK;
}

/* --- what curl calls --- */

static size_t take(char *data, size_t size, size_t count, void *user) {
  answer *a = user;
  size_t bytes = size * count;
  a->too_large = bytes > MAX_BODY - a->body.size;
  if (a->too_large) return 0;
  a->no_memory = ws_buffer_append(&a->body, data, bytes) != WS_OK;
  return a->no_memory ? 0 : bytes;
}

static int look_up(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  (void)a, (void)b, (void)c, (void)d;
  return !ws__chat_goes_on(((answer *)user)->chat);
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

/* --- what came of it --- */

/* The connection gave no whole answer. */
static ws_status judge_code(ws_chat *chat, CURLcode code, const answer *a,
                            ws__chat_attempt *attempt, ws_error *err) {
  CURL *curl = chat->http->curl;
  const char *shown = chat->http->shown;
  const char *why = *a->error ? a->error : chat->http->api.easy_strerror(code);
  double sent = 0;
  chat->http->api.easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME, &sent);
  attempt->charged = sent > 0;
  bool endless = code == CURLE_OUT_OF_MEMORY && sent > 0; // curl has no other word for it
  if (a->no_memory || (code == CURLE_OUT_OF_MEMORY && !endless))
    return ws_error_nomem(err);
  if (endless)
    return ws__chat_fail(chat, WS_CHAT_MALFORMED, WS_EIO, err,
                         "%s: what came is no answer: its headers are too large", shown);
  if (a->too_large)
    return ws__chat_fail(chat, WS_CHAT_TOO_LARGE, WS_EIO, err,
                         "%s: the answer is larger than a reply of 1 MiB can be", shown);
  switch (code) {
  case CURLE_ABORTED_BY_CALLBACK:
    return ws__chat_fail(chat, WS_CHAT_STOPPED, WS_ESTOPPED, err, "stopped");
  case CURLE_OPERATION_TIMEDOUT:
    attempt->again = true;
    return ws__chat_fail(chat, WS_CHAT_TIMEOUT, WS_EIO, err, "%s: %s", shown, why);
  case CURLE_GOT_NOTHING:
  case CURLE_SEND_ERROR:
  case CURLE_RECV_ERROR:
  case CURLE_PARTIAL_FILE:
  case CURLE_HTTP2:
  case CURLE_HTTP2_STREAM:
    attempt->again = true;
    return ws__chat_fail(chat, WS_CHAT_UNREACHABLE, WS_EIO, err,
                         "%s: the connection broke: %s", shown, why);
  case CURLE_BAD_CONTENT_ENCODING:
  case CURLE_WRITE_ERROR:
  case CURLE_WEIRD_SERVER_REPLY:
    return ws__chat_fail(chat, WS_CHAT_MALFORMED, WS_EIO, err,
                         "%s: what came is no answer: %s", shown, why);
  default:
    return ws__chat_fail(chat, WS_CHAT_UNREACHABLE, WS_EIO, err, "%s: %s", shown, why);
  }
}

/* What came is no chat completion. */
static ws_status no_reply(ws_chat *chat, const answer *a, ws_error *err) {
  const char *type = NULL;
  ws_error why = err ? *err : (ws_error)WS_ERROR_INIT;
  ws_buffer form = {0};
  chat->http->api.easy_getinfo(chat->http->curl, CURLINFO_CONTENT_TYPE, &type);
  ws_status status = put_header(chat, type ? type : "no type", &form, err);
  if (status == WS_OK)
    status = ws__chat_fail(chat, WS_CHAT_MALFORMED, WS_EIO, err,
                           "%s: expected a chat completion in JSON, found %zu bytes of "
                           "%.100s: %s",
                           chat->http->shown, a->body.size, form.data, why.message);
  ws_buffer_clear(&form);
  return status;
}

static ws_status read_reply(ws_chat *chat, const answer *a, ws_chat_reply *reply,
                            ws_error *err) {
  ws_buffer said = {0};
  ws_status status =
      ws__chat_read_body(chat->parser, ws_buffer_as_text(&a->body), reply, &said, err);
  hide_key(chat, &said);
  if (status == WS_EIO)
    status = ws__chat_fail(chat, WS_CHAT_REFUSED, WS_EIO, err, "%s: %.300s",
                           chat->http->shown, said.data);
  else if (status != WS_OK && status != WS_ENOMEM)
    status = no_reply(chat, a, err);
  ws_buffer_clear(&said);
  return status;
}

static ws_status take_reply(ws_chat *chat, const answer *a, ws_chat_reply *reply,
                            ws__chat_attempt *attempt, ws_error *err) {
  attempt->charged = true;
  WS_TRY(read_reply(chat, a, reply, err));
  if (reply->text.size > WS_CHAT_MAX_REPLY)
    return ws__chat_fail(chat, WS_CHAT_TOO_LARGE, WS_EIO, err,
                         "%s: the reply has %zu bytes, more than 1 MiB",
                         chat->http->shown, reply->text.size);
  hide_key(chat, &reply->text);
  hide_key(chat, &reply->model);
  return WS_OK;
}

/* Newer models of OpenAI's want another name for max_tokens, and say so. */
static bool wants_other_name(const ws_chat *chat, long status, const answer *a) {
  static const char name[] = "max_completion_tokens";
  if (status != 400 || chat->completion_tokens || a->body.size < sizeof name)
    return false;
  for (size_t i = 0; i + sizeof name - 1 <= a->body.size; i++)
    if (memcmp(a->body.data + i, name, sizeof name - 1) == 0) return true;
  return false;
}

/* The key, the model's name or the address is wrong: no other request fares better. */
static bool is_denied(long status) {
  return status == 401 || status == 403 || status == 404 ||
         (status >= 300 && status < 400);
}

/* A gateway that waited for the model in vain, or did not understand what came: the model
 * may have answered all the same. 520 and 524 are a well-known one's own. */
static bool is_of_gateway(long status) {
  return status == 502 || status == 504 || status == 520 || status == 524;
}

static ws_status judge_status(ws_chat *chat, long status, const answer *a,
                              ws__chat_attempt *attempt, ws_error *err) {
  ws_buffer said = {0}, target = {0};
  curl_off_t wait = 0;
  const char *to = NULL;
  ws_chat_failure kind = is_denied(status) ? WS_CHAT_DENIED : WS_CHAT_REFUSED;
  if (ws__chat_error_text(chat->parser, ws_buffer_as_text(&a->body), &said) ==
      WS_ENOMEM) {
    ws_buffer_clear(&said);
    return ws_error_nomem(err);
  }
  hide_key(chat, &said);
  attempt->charged = is_of_gateway(status);
  if (status == 429 || status == 408 || status >= 500) {
    kind = WS_CHAT_OVERLOADED;
    attempt->again = true;
    chat->http->api.easy_getinfo(chat->http->curl, CURLINFO_RETRY_AFTER, &wait);
    if (wait > 0) attempt->wait = (double)wait;
  } else if (wants_other_name(chat, status, a)) {
    chat->completion_tokens = attempt->again = attempt->other = true;
    attempt->wait = 0;
  }
  chat->http->api.easy_getinfo(chat->http->curl, CURLINFO_REDIRECT_URL, &to);
  ws_status told = put_header(chat, to, &target, err);
  if (told == WS_OK)
    told = ws__chat_fail(chat, kind, WS_EIO, err, "%s: status %ld%s%.200s%s%.300s",
                         chat->http->shown, status,
                         to ? ", redirects are not followed: to " : "",
                         target.size ? target.data : "", said.size ? ": " : "",
                         said.size ? said.data : "");
  ws_buffer_clear(&said);
  ws_buffer_clear(&target);
  return told;
}

static ws_status judge(ws_chat *chat, CURLcode code, answer *a, ws_chat_reply *reply,
                       ws__chat_attempt *attempt, ws_error *err) {
  long status = 0;
  if (code != CURLE_OK) return judge_code(chat, code, a, attempt, err);
  chat->http->api.easy_getinfo(chat->http->curl, CURLINFO_RESPONSE_CODE, &status);
  if (ws_buffer_reserve(&a->body, WS_JSON_PADDING) != WS_OK) return ws_error_nomem(err);
  if (status >= 200 && status < 300) return take_reply(chat, a, reply, attempt, err);
  return judge_status(chat, status, a, attempt, err);
}

static ws_status perform(ws_chat *chat, const ws_buffer *body, answer *a, CURLcode *code,
                         ws_error *err) {
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
  answer a = {0};
  ws_buffer body = {0};
  CURLcode code = CURLE_OK;
  ws_status status = make_handle(chat, err);
  if (status == WS_OK) status = ws__chat_body(chat, request, &body, err);
  if (status == WS_OK) status = perform(chat, &body, &a, &code, err);
  if (status == WS_OK) status = judge(chat, code, &a, reply, attempt, err);
  if (status != WS_OK && a.body.size) {
    hide_key(chat, &a.body);
    if (ws__chat_detail_text(chat, ws_buffer_as_text(&a.body), DETAIL_SHOWN) != WS_OK)
      status = ws_error_nomem(err);
  }
  ws_buffer_clear(&body);
  ws_buffer_clear(&a.body);
  return status;
}
