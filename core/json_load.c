/* SPDX-License-Identifier: MIT
 *
 * Reading JSON files whole, with the seal that ws_json_seal put on them: the end of a
 * sealed file is always the same, but for the checksum's digits, so that every byte is
 * covered.
 */
#include <weaksup/json.h>

#include <string.h>

#include <weaksup/hash.h>
#include <weaksup/output.h>

#include "json_file.h"

static const char seal_before[] = "\"checksum\": \"", seal_after[] = "\"\n}\n";

/* Only files written with line breaks (indent > 0) are sealed on disk. */
static ws_status check_seal(ws_text bytes, ws_error *err) {
  const size_t before = sizeof seal_before - 1, after = sizeof seal_after - 1;
  const size_t seal = before + 32 + after;
  char hex[33];
  if (bytes.size == 0)
    return ws_error_set(err, WS_EPARSE,
                        "expected JSON with a checksum, found an empty file");
  if (bytes.size < seal)
    return ws_error_set(err, WS_EPARSE, "expected a checksum at the end, found none");
  const char *at = bytes.data + bytes.size - seal;
  if (memcmp(at, seal_before, before) != 0 ||
      memcmp(at + before + 32, seal_after, after) != 0)
    return ws_error_set(err, WS_EPARSE, "expected a checksum at the end, found none: %s",
                        "the file is truncated or was edited");
  ws_hash128_hex(ws_hash128_of(bytes.data, bytes.size - seal), hex);
  if (memcmp(at + before, hex, 32) != 0)
    return ws_error_set(err, WS_EPARSE,
                        "checksum mismatch: the file is damaged or was edited");
  return WS_OK;
}

ws_status ws__json_file_read(const char *path, bool sealed, ws_buffer *out,
                             ws_error *err) {
  WS_TRY(ws_input_file(path, (size_t)1 << 30, out, err));
  if (ws_buffer_reserve(out, WS_JSON_PADDING) != WS_OK) return ws_error_nomem(err);
  ws_status status = sealed ? check_seal(ws_buffer_as_text(out), err) : WS_OK;
  if (status != WS_OK) ws_error_prefix(err, "%s: ", path);
  return status;
}

ws_status ws_json_load(const char *path, bool sealed, ws_buffer *out, ws_error *err) {
  ws_buffer bytes = {0};
  ws_json_parser *parser = NULL;
  ws_status status = ws__json_file_read(path, sealed, &bytes, err);
  if (status != WS_OK) goto done;
  status = ws_json_parser_new(&parser);
  if (status != WS_OK) {
    ws_error_nomem(err);
    goto done;
  }
  status = ws_json_parse(parser, ws_buffer_as_text(&bytes), out, err);
  if (status == WS_EPARSE) ws_json_place(ws_buffer_as_text(&bytes), 0, err);
  if (status != WS_OK) ws_error_prefix(err, "%s: ", path);
done:
  ws_json_parser_free(parser);
  ws_buffer_clear(&bytes);
  return status;
}
