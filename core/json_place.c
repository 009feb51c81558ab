/* SPDX-License-Identifier: MIT
 *
 * Finding the place of a syntax error in JSON: a walk over the text by the grammar, with
 * a stack of the objects and arrays that are open. It finds fault with what simdjson
 * refuses, and with nothing else.
 */
#include <weaksup/json.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "character.h"

enum { LEVELS = 1024, FOUND_MAX = 20 };

typedef enum state { VALUE, FIRST_ITEM, FIRST_KEY, KEY, AFTER, DONE } state;

typedef struct scan {
  ws_text text;
  size_t at;
  state state;
  bool comma;    // before the value or key that is expected
  size_t levels; // that are open
  bool failed;   // at `at`, and `why` says why; an empty one: no place is known
  char why[160];
  char open[LEVELS]; // '{' or '['
} scan;

static bool fail(scan *s, size_t at, const char *format, ...) WS_PRINTF(3, 4);
static bool fail(scan *s, size_t at, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(s->why, sizeof s->why, format, arguments);
  va_end(arguments);
  s->at = at;
  s->failed = true;
  return false;
}

/* --- characters --------------------------------------------------------------------- */

/* The byte `ahead` of the next one; 0 at the end, which no JSON text holds outside of
 * strings. */
static unsigned char peek(const scan *s, size_t ahead) {
  return ahead < s->text.size - s->at ? (unsigned char)s->text.data[s->at + ahead] : 0;
}

static bool is_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}

static bool is_word(unsigned char c) {
  return is_digit(c) || c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_hex(unsigned char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static size_t character(const scan *s, size_t at) {
  return ws__character_size((ws_text){s->text.data + at, s->text.size - at});
}

/* What Python and JavaScript write for numbers that are none. */
static bool is_nan(ws_text word) {
  return ws_text_equals(word, "NaN") || ws_text_equals(word, "nan") ||
         ws_text_equals(word, "Infinity") || ws_text_equals(word, "None");
}

/* `what` was expected here: says what is here instead. */
static bool expected(scan *s, const char *what) {
  const char *here = s->text.data + s->at;
  size_t size = 0;
  if (s->at == s->text.size) return fail(s, s->at, "expected %s, found the end", what);
  while (size < FOUND_MAX && is_word(peek(s, size))) size++;
  if (size == 0) size = character(s, s->at);
  if (size == 0) return fail(s, s->at, "not valid UTF-8");
  if ((unsigned char)*here < 0x20 || *here == 0x7F)
    return fail(s, s->at, "expected %s, found a control character", what);
  if (*here == '\'')
    return fail(s, s->at, "expected %s, found a single quote (JSON has double quotes)",
                what);
  bool nan = is_nan((ws_text){here, size});
  return fail(s, s->at, "expected %s, found '%.*s%s'%s", what, (int)size, here,
              is_word(peek(s, size)) && is_word((unsigned char)*here) ? "..." : "",
              nan ? ", which JSON has not: write null" : "");
}

/* --- scalars ------------------------------------------------------------------------ */

/* \uXXXX, `at` being its backslash; *unit is its number. */
static bool unit_at(const scan *s, size_t at, unsigned *unit) {
  *unit = 0;
  if (s->text.size - at < 6 || s->text.data[at] != '\\' || s->text.data[at + 1] != 'u')
    return false;
  for (size_t i = at + 2; i < at + 6; i++) {
    unsigned char c = (unsigned char)s->text.data[i];
    if (!is_hex(c)) return false;
    *unit = *unit * 16 + (is_digit(c) ? c - 0x30u : (c | 0x20u) - 0x57u);
  }
  return true;
}

static bool skip_escape(scan *s) {
  unsigned unit, low;
  size_t start = s->at;
  unsigned char c = peek(s, 1);
  if (c && strchr("\"\\/bfnrt", c)) {
    s->at += 2;
    return true;
  }
  if (c != 'u') return fail(s, start, "a malformed escape in a string");
  if (!unit_at(s, start, &unit))
    return fail(s, start, "expected four hexadecimal digits behind \\u");
  s->at += 6;
  if (unit < 0xD800 || unit > 0xDFFF) return true;
  if (unit > 0xDBFF || !unit_at(s, s->at, &low) || low < 0xDC00 || low > 0xDFFF)
    return fail(s, start, "half of a surrogate pair in a string");
  s->at += 6;
  return true;
}

static bool skip_string(scan *s) {
  size_t start = s->at++;
  while (s->at < s->text.size) {
    unsigned char c = peek(s, 0);
    if (c == '"') {
      s->at++;
      return true;
    }
    if (c == '\\') {
      if (!skip_escape(s)) return false;
      continue;
    }
    if (c < 0x20)
      return fail(s, s->at,
                  "a control character inside a string: JSON writes it as \\u%04x",
                  (unsigned)c);
    size_t size = character(s, s->at);
    if (size == 0) return fail(s, s->at, "not valid UTF-8");
    s->at += size;
  }
  return fail(s, start, "the string that begins here is not closed");
}

static size_t skip_digits(scan *s) {
  size_t start = s->at;
  while (is_digit(peek(s, 0))) s->at++;
  return s->at - start;
}

/* Whether the integer fits into 64 bits, without a sign if it has none. */
static bool fits(ws_text number) {
  bool negative = number.data[0] == '-';
  uint64_t sum = 0, most = negative ? (uint64_t)1 << 63 : UINT64_MAX;
  for (size_t i = negative; i < number.size; i++) {
    uint64_t digit = (uint64_t)(number.data[i] - '0');
    if (sum > (most - digit) / 10) return false;
    sum = sum * 10 + digit;
  }
  return true;
}

/* Whether a number that is no integer is too large: some that are no double are too
 * small, which is no fault. In doubt it is not. */
static bool overflows(ws_text number) {
  double ignored;
  const char *first = number.data + (*number.data == '-');
  bool small = *first == '0' || memchr(number.data + 1, '-', number.size - 1);
  return !small && !ws_text_to_double(number, &ignored);
}

static bool check_size(scan *s, size_t start, bool integer) {
  ws_text number = {s->text.data + start, s->at - start};
  if (integer && !fits(number)) return fail(s, start, "an integer beyond 64 bits");
  if (!integer && overflows(number))
    return fail(s, start, "a number beyond the largest double");
  return true;
}

static bool skip_number(scan *s) {
  size_t start = s->at;
  bool integer = true;
  if (peek(s, 0) == '-') s->at++;
  bool zero = peek(s, 0) == '0';
  size_t digits = skip_digits(s);
  bool good = digits && !(zero && digits > 1);
  if (peek(s, 0) == '.') {
    s->at++;
    integer = false;
    good = skip_digits(s) && good;
  }
  if ((peek(s, 0) | 0x20) == 'e') {
    s->at += peek(s, 1) == '-' || peek(s, 1) == '+' ? 2 : 1;
    integer = false;
    good = skip_digits(s) && good;
  }
  if (!good || is_word(peek(s, 0))) return fail(s, start, "a malformed number");
  return check_size(s, start, integer);
}

static bool skip_literal(scan *s, const char *what) {
  static const char *const literals[] = {"true", "false", "null"};
  for (size_t i = 0; i < 3; i++) {
    size_t size = strlen(literals[i]);
    if (s->text.size - s->at < size ||
        memcmp(s->text.data + s->at, literals[i], size) != 0 || is_word(peek(s, size)))
      continue;
    s->at += size;
    return true;
  }
  return expected(s, what);
}

/* --- the grammar -------------------------------------------------------------------- */

static bool open_level(scan *s, char bracket) {
  if (s->levels == LEVELS) return fail(s, s->at, "%s", "");
  s->open[s->levels++] = bracket;
  s->at++;
  s->state = bracket == '{' ? FIRST_KEY : FIRST_ITEM;
  return true;
}

static bool close_level(scan *s) {
  s->at++;
  s->levels--;
  s->state = AFTER;
  return true;
}

static bool read_value(scan *s, const char *what) {
  unsigned char c = peek(s, 0);
  s->comma = false;
  if (c == '{' || c == '[') return open_level(s, (char)c);
  s->state = AFTER;
  if (c == '"') return skip_string(s);
  if (c == '-' || is_digit(c)) return skip_number(s);
  return skip_literal(s, what);
}

static void skip_blanks(scan *s) {
  while (s->at < s->text.size && memchr(" \t\r\n", s->text.data[s->at], 4)) s->at++;
}

static bool read_key(scan *s, const char *what) {
  s->comma = false;
  if (peek(s, 0) != '"') return expected(s, what);
  if (!skip_string(s)) return false;
  skip_blanks(s);
  if (peek(s, 0) != ':') return expected(s, "':' behind the key");
  s->at++;
  s->state = VALUE;
  return true;
}

static bool read_after(scan *s) {
  unsigned char c = peek(s, 0);
  if (s->levels == 0) {
    s->state = DONE;
    return s->at == s->text.size || expected(s, "nothing behind the value");
  }
  bool object = s->open[s->levels - 1] == '{';
  if (c == (object ? '}' : ']')) return close_level(s);
  if (c != ',')
    return expected(s, object ? "',' or '}' behind the value"
                              : "',' or ']' behind the value");
  s->at++;
  s->comma = true;
  s->state = object ? KEY : VALUE;
  return true;
}

/* False: the text is wrong, or a level too deep, here. */
static bool step(scan *s) {
  skip_blanks(s);
  switch (s->state) {
  case FIRST_KEY:
    return peek(s, 0) == '}' ? close_level(s)
                             : read_key(s, "a key in double quotes, or '}'");
  case KEY:
    return read_key(s, "a key in double quotes behind the comma");
  case FIRST_ITEM:
    return peek(s, 0) == ']' ? close_level(s) : read_value(s, "a value, or ']'");
  case VALUE:
    return read_value(s, s->comma ? "a value behind the comma" : "a value");
  default:
    return read_after(s);
  }
}

/* --- the message -------------------------------------------------------------------- */

static void tell(const scan *s, size_t first_line, ws_error *err) {
  size_t line = first_line ? first_line : 1, column = 1;
  for (size_t i = 0; i < s->at; i++) {
    unsigned char c = (unsigned char)s->text.data[i];
    if (c == '\n')
      line++, column = 1;
    else if ((c & 0xC0u) != 0x80u)
      column++;
  }
  if (first_line || memchr(s->text.data, '\n', s->text.size))
    ws_error_set(err, WS_EPARSE, "JSON: line %zu, column %zu: %s", line, column, s->why);
  else
    ws_error_set(err, WS_EPARSE, "JSON: column %zu: %s", column, s->why);
}

void ws_json_place(ws_text text, size_t first_line, ws_error *err) {
  scan s = {.text = text};
  if (!err || text.size == 0) return;
  while (s.state != DONE && step(&s)) continue;
  if (s.failed && s.why[0]) tell(&s, first_line, err);
}
