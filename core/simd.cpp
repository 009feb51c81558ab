/* SPDX-License-Identifier: MIT
 *
 * The one C++ file: JSON parsing and UTF-8 validation by simdjson, and number formatting
 * by <charconv>, which no locale changes. No exception and no C++ type crosses its
 * border. What simdjson allocates does not go through core's seam; a refusal comes back
 * as WS_ENOMEM.
 *
 * The parser is simdjson's DOM one: it chooses the processor's best instructions at run
 * time, where the on-demand one would be bound to those that this file is compiled for.
 */
#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <new>
#include <string_view>

#include <weaksup/hash.h>
#include <weaksup/json.h>

#include "value_write.h"

namespace dom = simdjson::dom;

namespace {

enum { FEW_MEMBERS = 16, TABLE_SIZE = 2 * WS_JSON_MAX_MEMBERS };
static_assert((TABLE_SIZE & (TABLE_SIZE - 1)) == 0, "a power of two");

// The hashes of one object's keys; objects inside it were done with before.
struct KeyTable {
  uint64_t slots[TABLE_SIZE];
  size_t mask; // of as many as the members need

  void clear(size_t members) {
    size_t size = 2 * FEW_MEMBERS;
    if (members <= FEW_MEMBERS) return;
    while (size < 2 * members) size *= 2;
    mask = size - 1;
    std::memset(slots, 0, size * sizeof *slots);
  }
  bool add(uint64_t hash) {
    if (hash == 0) hash = 1; // 0 marks an empty slot
    size_t i = hash & mask;
    for (; slots[i]; i = (i + 1) & mask)
      if (slots[i] == hash) return false;
    slots[i] = hash;
    return true;
  }
};

} // namespace

struct ws_json_parser {
  dom::parser parser;
  KeyTable table;
};

namespace {

// What stopped the walk: simdjson's code, or a status and words of our own.
struct Walk {
  ws_buffer *out;
  KeyTable *table;
  simdjson::error_code code = simdjson::SUCCESS;
  ws_status status = WS_OK;
  const char *why = nullptr;
  ws_text key = {nullptr, 0}; // that was looked at last
  bool doubled = false;
};

bool ok(Walk &walk, simdjson::error_code code) {
  walk.code = code;
  return code == simdjson::SUCCESS;
}

bool ok(Walk &walk, ws_status status) {
  walk.status = status;
  if (status == WS_EINVAL) walk.why = "a value is larger than 4 GB";
  return status == WS_OK;
}

bool refuse(Walk &walk, const char *why) {
  walk.status = WS_EPARSE;
  walk.why = why;
  return false;
}

// The key of the walk occurs a second time in its object.
bool refuse_key(Walk &walk) {
  walk.doubled = true;
  return refuse(walk, "a key occurs twice");
}

ws_text text_of(std::string_view view) {
  return {view.data(), view.size()};
}

bool put_value(Walk &walk, dom::element value, int depth);

// Looks for a key that occurs twice among the members that were just written: pair by
// pair in small objects, through a table of hashes in large ones.
bool has_doubled_key(Walk &walk, size_t mark, size_t members) {
  const unsigned char *base = reinterpret_cast<const unsigned char *>(walk.out->data);
  ws_value_iter it = {base + mark + 9, members, true};
  ws_text key, earlier;
  ws_value item, ignored;
  for (size_t i = 0; ws_value_next(&it, &key, &item); i++) {
    if (members > FEW_MEMBERS) {
      walk.key = key;
      if (!walk.table->add(ws_hash64(key.data, key.size, 0))) return true;
      continue;
    }
    ws_value_iter before = {base + mark + 9, i, true};
    walk.key = key;
    while (ws_value_next(&before, &earlier, &ignored))
      if (ws_text_equal(earlier, key)) return true;
  }
  return false;
}

bool put_object(Walk &walk, dom::object object, int depth) {
  size_t mark, count = 0;
  if (!ok(walk, ws__put_open(walk.out, WS_OBJECT, &mark))) return false;
  for (auto field : object) {
    ws_text key = text_of(field.key);
    if (++count > WS_JSON_MAX_MEMBERS)
      return refuse(walk, "an object has more than 16384 members");
    if (!ok(walk, ws__put_key(walk.out, key)) || !put_value(walk, field.value, depth))
      return false;
  }
  walk.table->clear(count);
  if (has_doubled_key(walk, mark, count)) return refuse_key(walk);
  return ok(walk, ws__put_close(walk.out, mark, count));
}

bool put_array(Walk &walk, dom::array array, int depth) {
  size_t mark, count = 0;
  if (!ok(walk, ws__put_open(walk.out, WS_ARRAY, &mark))) return false;
  for (auto item : array) {
    if (!put_value(walk, item, depth)) return false;
    count++;
  }
  return ok(walk, ws__put_close(walk.out, mark, count));
}

template <class T> T get(dom::element value) {
  T out{};
  simdjson::error_code code = value.get(out); // the type was looked at: cannot fail
  (void)code;
  return out;
}

bool put_value(Walk &walk, dom::element value, int depth) {
  switch (value.type()) {
  case dom::element_type::NULL_VALUE:
    return ok(walk, ws__put_null(walk.out));
  case dom::element_type::BOOL:
    return ok(walk, ws__put_bool(walk.out, get<bool>(value)));
  case dom::element_type::INT64:
    return ok(walk, ws__put_int(walk.out, get<int64_t>(value)));
  case dom::element_type::UINT64: // beyond int64_t: the nearest double
    return ok(walk, ws__put_double(walk.out, static_cast<double>(get<uint64_t>(value))));
  case dom::element_type::DOUBLE:
    return ok(walk, ws__put_double(walk.out, get<double>(value)));
  case dom::element_type::STRING:
    return ok(walk, ws__put_string(walk.out, text_of(get<std::string_view>(value))));
  case dom::element_type::ARRAY:
  case dom::element_type::OBJECT:
    break;
  }
  if (depth >= WS_JSON_MAX_DEPTH) return refuse(walk, "nested deeper than 64 levels");
  if (value.is_object()) return put_object(walk, get<dom::object>(value), depth + 1);
  return put_array(walk, get<dom::array>(value), depth + 1);
}

bool put_document(Walk &walk, dom::element document) {
  if (!document.is_object() && !document.is_array())
    return refuse(walk, "expected an object or an array, found a bare value");
  return put_value(walk, document, 0);
}

const char *words_for(simdjson::error_code code) {
  switch (code) {
  case simdjson::EMPTY:
    return "expected a JSON value, found nothing";
  case simdjson::UTF8_ERROR:
    return "not valid UTF-8";
  case simdjson::UNESCAPED_CHARS:
    return "a control character inside a string";
  case simdjson::UNCLOSED_STRING:
    return "a string is not closed";
  case simdjson::STRING_ERROR:
    return "a malformed escape in a string";
  case simdjson::NUMBER_ERROR:
    return "a malformed number, or an integer beyond 64 bits";
  case simdjson::T_ATOM_ERROR:
  case simdjson::F_ATOM_ERROR:
  case simdjson::N_ATOM_ERROR:
    return "expected a value, found something else";
  case simdjson::DEPTH_ERROR:
    return "nested deeper than 64 levels";
  case simdjson::CAPACITY:
    return "larger than 4 GB";
  case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
    return "an object or an array is not closed";
  case simdjson::TRAILING_CONTENT:
    return "something follows the end of the value";
  default:
    return "malformed (a missing comma, quote, colon or bracket)";
  }
}

ws_status report(const Walk &walk, ws_error *err) {
  if (walk.status == WS_ENOMEM || walk.code == simdjson::MEMALLOC)
    return ws_error_nomem(err);
  if (walk.doubled)
    return ws_error_set(err, WS_EPARSE, "JSON: the key '%.*s' occurs twice",
                        WS_TEXT_ARG(walk.key));
  const char *why = walk.why ? walk.why : words_for(walk.code);
  return ws_error_set(err, WS_EPARSE, "JSON: %s", why);
}

} // namespace

ws_status ws_json_parser_new(ws_json_parser **out) {
  ws_json_parser *parser = new (std::nothrow) ws_json_parser;
  if (!parser) return WS_ENOMEM;
  *out = parser;
  return WS_OK;
}

void ws_json_parser_free(ws_json_parser *parser) {
  delete parser;
}

ws_status ws_json_parse(ws_json_parser *parser, ws_text text, ws_buffer *out,
                        ws_error *err) {
  size_t before = out->size;
  Walk walk{out, &parser->table};
  dom::element document;
  // `false`: no copy, the caller's padding is used.
  if (ok(walk, parser->parser.parse(text.data, text.size, false).get(document)) &&
      put_document(walk, document))
    return WS_OK;
  out->size = before;
  return report(walk, err);
}

bool ws_utf8_valid(ws_text text) {
  return simdjson::validate_utf8(text.data, text.size);
}

// Beyond 64 bits always with an exponent: bare digits would be an integer, which
// ws_json_parse and other readers refuse. And "-0" would be the integer 0.
size_t ws_format_double(double value, char out[32]) {
  if (value == 0 && std::signbit(value)) {
    std::memcpy(out, "-0.0", 5);
    return 4;
  }
  auto written = std::fabs(value) < 0x1p63
                     ? std::to_chars(out, out + 31, value)
                     : std::to_chars(out, out + 31, value, std::chars_format::scientific);
  *written.ptr = '\0';
  return static_cast<size_t>(written.ptr - out);
}

bool ws_text_to_double(ws_text text, double *out) {
  const char *end = text.data + text.size;
  double value;
  auto read = std::from_chars(text.data, end, value);
  if (text.size == 0 || read.ec != std::errc() || read.ptr != end ||
      !std::isfinite(value))
    return false;
  *out = value;
  return true;
}
