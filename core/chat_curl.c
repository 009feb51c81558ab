/* SPDX-License-Identifier: MIT
 *
 * Loading libcurl. Its binary interface has been version 4 since 2006.
 */
#include "chat_curl.h"

#include <dlfcn.h>
#include <string.h>

#ifdef __APPLE__
static const char library_name[] = "libcurl.4.dylib";
#else
static const char library_name[] = "libcurl.so.4";
#endif

static ws_status fail(ws_error *err) {
  const char *why = dlerror();
  return ws_error_set(err, WS_EIO, "libcurl, which asks servers, cannot be loaded: %s",
                      why ? why : library_name);
}

ws_status ws__curl_load(ws__curl *out, ws_error *err) {
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL), *found;
  if (!library) return fail(err);
    // A pointer to a function may not be had by a cast from dlsym's.
#define LOAD(name)                                                                       \
  found = dlsym(library, "curl_" #name);                                                 \
  if (!found) return fail(err);                                                          \
  memcpy(&out->name, &found, sizeof found);
  WS__CURL_MAP(LOAD)
#undef LOAD
  return WS_OK;
}
