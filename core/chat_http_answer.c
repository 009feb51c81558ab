/* SPDX-License-Identifier: MIT
 *
 * What came of one attempt over HTTP: a reply, or why there is none, whether another
 * attempt is worth it, and whether this one may have been charged. What a server says is
 * shown without the API key, which it may send back.
 */
#include <stdio.h>
#include <string.h>

#include "chat_http.h"

enum {
  MIN_SECRET = 8, // a shorter key is a word such as "none", which may stand in any text
};

/* --- secrets --- */

void ws__http_hide_key(const ws_chat *chat, ws_buffer *text) {
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
  ws__http_hide_key(chat, out);
  return WS_OK;
}

/* The connection gave no whole answer. */
static ws_status judge_code(ws_chat *chat, CURLcode code, const ws__http_answer *a,
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
static ws_status no_reply(ws_chat *chat, const ws__http_answer *a, ws_error *err) {
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

static ws_status read_reply(ws_chat *chat, const ws__http_answer *a, ws_chat_reply *reply,
                            ws_error *err) {
  ws_buffer said = {0};
  ws_status status =
      ws__chat_read_body(chat->parser, ws_buffer_as_text(&a->body), reply, &said, err);
  ws__http_hide_key(chat, &said);
  if (status == WS_EIO)
    status = ws__chat_fail(chat, WS_CHAT_REFUSED, WS_EIO, err, "%s: %.300s",
                           chat->http->shown, said.data);
  else if (status != WS_OK && status != WS_ENOMEM)
    status = no_reply(chat, a, err);
  ws_buffer_clear(&said);
  return status;
}

static ws_status take_reply(ws_chat *chat, const ws__http_answer *a, ws_chat_reply *reply,
                            ws__chat_attempt *attempt, ws_error *err) {
  attempt->charged = true;
  WS_TRY(read_reply(chat, a, reply, err));
  if (reply->text.size > WS_CHAT_MAX_REPLY)
    return ws__chat_fail(chat, WS_CHAT_TOO_LARGE, WS_EIO, err,
                         "%s: the reply has %zu bytes, more than 1 MiB",
                         chat->http->shown, reply->text.size);
  ws__http_hide_key(chat, &reply->text);
  ws__http_hide_key(chat, &reply->model);
  return WS_OK;
}

/* Newer models of OpenAI's want another name for max_tokens, and say so. */
static bool wants_other_name(const ws_chat *chat, long status, const ws__http_answer *a) {
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

static ws_status judge_status(ws_chat *chat, long status, const ws__http_answer *a,
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
  ws__http_hide_key(chat, &said);
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

ws_status ws__http_judge(ws_chat *chat, CURLcode code, ws__http_answer *a,
                         ws_chat_reply *reply, ws__chat_attempt *attempt, ws_error *err) {
  long status = 0;
  if (code != CURLE_OK) return judge_code(chat, code, a, attempt, err);
  chat->http->api.easy_getinfo(chat->http->curl, CURLINFO_RESPONSE_CODE, &status);
  if (ws_buffer_reserve(&a->body, WS_JSON_PADDING) != WS_OK) return ws_error_nomem(err);
  if (status >= 200 && status < 300) return take_reply(chat, a, reply, attempt, err);
  return judge_status(chat, status, a, attempt, err);
}
