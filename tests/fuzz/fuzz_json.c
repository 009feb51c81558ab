/* SPDX-License-Identifier: MIT
 *
 * JSON in and out: what was parsed and written is parsed and written again to the same
 * bytes.
 */
#include <string.h>

#include <weaksup/json.h>

#include "fuzz.h"

/* What was read has no place where it is wrong, and the search for one ends. */
static void check_place(ws_text text, bool parsed) {
  static const char before[] = "JSON: somewhere";
  ws_error err = WS_ERROR_INIT;
  FUZZ_CHECK(ws_error_set(&err, WS_EPARSE, "%s", before) == WS_EPARSE);
  ws_json_place(text, 0, &err);
  FUZZ_CHECK(!parsed || strcmp(err.message, before) == 0);
  FUZZ_CHECK(ws_utf8_valid(ws_text_of(err.message)));
}

/* Parses `text`, which is followed by padding, and writes it out again, padded as well.
 */
static bool rewrite(ws_text text, ws_buffer *out) {
  ws_json_parser *parser = NULL;
  ws_buffer value = {0};
  ws_json_writer json = {.out = out};
  FUZZ_CHECK(ws_json_parser_new(&parser) == WS_OK);
  bool parsed = ws_json_parse(parser, text, &value, NULL) == WS_OK;
  check_place(text, parsed);
  if (parsed) {
    ws_json_value(&json, (ws_value){(const unsigned char *)value.data});
    FUZZ_CHECK(json.status == WS_OK && ws_utf8_valid(ws_buffer_as_text(out)));
    FUZZ_CHECK(ws_buffer_reserve(out, WS_JSON_PADDING) == WS_OK);
  }
  ws_buffer_clear(&value);
  ws_json_parser_free(parser);
  return parsed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *padded = malloc(size + WS_JSON_PADDING);
  ws_buffer once = {0}, twice = {0};
  memcpy(padded, data, size);
  memset(padded + size, '"', WS_JSON_PADDING);
  if (rewrite((ws_text){padded, size}, &once)) {
    FUZZ_CHECK(rewrite(ws_buffer_as_text(&once), &twice));
    FUZZ_CHECK(ws_text_equal(ws_buffer_as_text(&once), ws_buffer_as_text(&twice)));
  }
  ws_buffer_clear(&once);
  ws_buffer_clear(&twice);
  free(padded);
  return 0;
}
