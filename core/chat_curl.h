/* SPDX-License-Identifier: MIT
 *
 * libcurl, loaded when a server is to be asked and not before: with all that it stands on
 * it takes several milliseconds to start, which each worker process would pay for, too,
 * and it is nothing that a worker should have in its memory.
 */
#ifndef WS__CHAT_CURL_H
#define WS__CHAT_CURL_H

#include <curl/curl.h>

#include <weaksup/status.h>

#define WS__CURL_MAP(X)                                                                  \
  X(global_init)                                                                         \
  X(global_cleanup)                                                                      \
  X(easy_init)                                                                           \
  X(easy_setopt)                                                                         \
  X(easy_perform)                                                                        \
  X(easy_getinfo)                                                                        \
  X(easy_strerror)                                                                       \
  X(easy_cleanup)                                                                        \
  X(slist_append)                                                                        \
  X(slist_free_all)                                                                      \
  X(url)                                                                                 \
  X(url_set)                                                                             \
  X(url_get)                                                                             \
  X(url_cleanup)                                                                         \
  X(free)

/* curl_easy_init and so on, without "curl_". */
typedef struct ws__curl {
#define WS__CURL_MEMBER(name) __typeof__(&curl_##name) name;
  WS__CURL_MAP(WS__CURL_MEMBER)
#undef WS__CURL_MEMBER
} ws__curl;

/* WS_EIO where it is not there. It stays loaded. */
ws_status ws__curl_load(ws__curl *out, ws_error *err);

#endif
