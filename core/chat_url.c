/* SPDX-License-Identifier: MIT
 *
 * The address of a server: made whole, and refused where it is no place to send an API
 * key to.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "chat_http.h"

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
