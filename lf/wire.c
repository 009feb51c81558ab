/* SPDX-License-Identifier: MIT
 *
 * Numbers and texts as bytes. Both ends are the same program on the same machine, so
 * numbers go as they lie in memory; the reader checks every size, because a worker is not
 * trusted.
 */
#include "wire.h"

#include <string.h>

ws_status ws__put_number(ws_buffer *out, uint64_t number) {
  return ws_buffer_append(out, &number, sizeof number);
}

ws_status ws__put_text(ws_buffer *out, ws_text text) {
  WS_TRY(ws__put_number(out, text.size));
  return ws_buffer_text(out, text);
}

static const char *take(ws__wire *wire, uint64_t size) {
  if (wire->failed || size > wire->left.size) {
    wire->failed = true;
    return NULL;
  }
  const char *at = wire->left.data;
  wire->left.data += size;
  wire->left.size -= size;
  return at;
}

uint64_t ws__take_number(ws__wire *wire) {
  uint64_t number = 0;
  const char *at = take(wire, sizeof number);
  if (at) memcpy(&number, at, sizeof number);
  return number;
}

ws_text ws__take_text(ws__wire *wire) {
  uint64_t size = ws__take_number(wire);
  const char *at = take(wire, size);
  return at ? (ws_text){at, size} : (ws_text){"", 0};
}
