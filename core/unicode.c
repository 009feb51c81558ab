/* SPDX-License-Identifier: MIT
 *
 * The Unicode operations, on utf8proc's tables: no locale is involved, so the answer is
 * the same on every machine. ASCII, which most text is, takes a short way through a
 * table.
 */
#include <weaksup/text.h>

#include <utf8proc.h>

enum { OTHER, WORD, MARK };

const char *ws_unicode_version(void) {
  return utf8proc_unicode_version();
}

/* A character at `at`, valid UTF-8 taken for granted; its length in bytes through
 * *length. */
static utf8proc_int32_t decode(const char *at, size_t left, size_t *length) {
  utf8proc_int32_t character = 0;
  utf8proc_ssize_t size =
      utf8proc_iterate((const utf8proc_uint8_t *)at, (utf8proc_ssize_t)left, &character);
  if (size <= 0) { // cannot happen on validated text; a byte that is no character then
    *length = 1;
    return 0xFFFD;
  }
  *length = (size_t)size;
  return character;
}

#define IS_WORD(c)                                                                       \
  (((c) >= 'a' && (c) <= 'z') || ((c) >= 'A' && (c) <= 'Z') ||                           \
   ((c) >= '0' && (c) <= '9') || (c) == '_')

static int class_of_ascii(unsigned char c) {
  return IS_WORD(c) ? WORD : OTHER;
}

static int class_of(utf8proc_int32_t character) {
  switch (utf8proc_category(character)) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
  case UTF8PROC_CATEGORY_LM:
  case UTF8PROC_CATEGORY_LO:
  case UTF8PROC_CATEGORY_ND:
  case UTF8PROC_CATEGORY_NL:
  case UTF8PROC_CATEGORY_NO:
  case UTF8PROC_CATEGORY_PC:
    return WORD;
  case UTF8PROC_CATEGORY_MN:
  case UTF8PROC_CATEGORY_MC:
  case UTF8PROC_CATEGORY_ME:
    return MARK;
  default:
    return OTHER;
  }
}

/* The class of the character at position i of the text, and its length. */
static int class_at(ws_text text, size_t i, size_t *length) {
  unsigned char c = (unsigned char)text.data[i];
  *length = 1;
  if (c < 0x80) return class_of_ascii(c);
  return class_of(decode(text.data + i, text.size - i, length));
}

bool ws_text_next_word(ws_text text, size_t *position, ws_text *word) {
  size_t i = *position, length = 0;
  while (i < text.size && class_at(text, i, &length) != WORD) i += length;
  size_t start = i;
  while (i < text.size && class_at(text, i, &length) != OTHER) i += length;
  *position = i;
  if (i == start) return false;
  *word = (ws_text){text.data + start, i - start};
  return true;
}

/* The lower case of the character at position i, its size, and the length of the
 * character. */
static size_t lower_at(ws_text text, size_t i, char lower[4], size_t *length) {
  lower[0] = text.data[i];
  *length = 1;
  if (text.data[i] >= 'A' && text.data[i] <= 'Z') lower[0] = (char)(text.data[i] + 32);
  if ((unsigned char)text.data[i] < 0x80) return 1;
  utf8proc_int32_t c = decode(text.data + i, text.size - i, length);
  return (size_t)utf8proc_encode_char(utf8proc_tolower(c), (utf8proc_uint8_t *)lower);
}

ws_status ws_text_lower(ws_text text, ws_buffer *out) {
  // A character's lower case can take more bytes (U+023A: 2 to 3), never more than twice.
  if (text.size > SIZE_MAX / 2) return WS_ENOMEM;
  WS_TRY(ws_buffer_reserve(out, text.size));
  for (size_t i = 0, length; i < text.size; i += length) {
    char lower[4];
    size_t size = lower_at(text, i, lower, &length);
    WS_TRY(ws_buffer_append(out, lower, size));
  }
  return WS_OK;
}

/* --- characters for features -------------------------------------------------------- */

static ws_char_kind kind_of(utf8proc_int32_t c) {
  switch (utf8proc_category(c)) {
  case UTF8PROC_CATEGORY_ZS:
  case UTF8PROC_CATEGORY_ZL:
  case UTF8PROC_CATEGORY_ZP:
    return WS_CHAR_SPACE;
  case UTF8PROC_CATEGORY_CC:
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || c == 0x85
               ? WS_CHAR_SPACE
               : WS_CHAR_OTHER;
  default:
    break;
  }
  int class = class_of(c);
  return class == WORD ? WS_CHAR_WORD : class == MARK ? WS_CHAR_MARK : WS_CHAR_OTHER;
}

/* What ws_text_chars writes for each character of ASCII. */
#define IS_SPACE(c)                                                                      \
  ((c) == ' ' || ((c) >= 0x09 && (c) <= 0x0D) || ((c) >= 0x1C && (c) <= 0x1F))
#define KIND(c)                                                                          \
  (uint32_t)(IS_WORD(c) ? WS_CHAR_WORD : IS_SPACE(c) ? WS_CHAR_SPACE : WS_CHAR_OTHER)
#define CHAR(c) (uint32_t)((c) >= 'A' && (c) <= 'Z' ? (c) + 32 : (c)) | KIND(c) << 24
#define FOUR(c) CHAR(c), CHAR((c) + 1), CHAR((c) + 2), CHAR((c) + 3)
#define ROW(c)  FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)
static const uint32_t ascii_chars[128] = {ROW(0),  ROW(16), ROW(32), ROW(48),
                                          ROW(64), ROW(80), ROW(96), ROW(112)};

size_t ws_text_chars(ws_text text, uint32_t *out) {
  size_t count = 0;
  for (size_t i = 0, length; i < text.size; i += length) {
    for (; i < text.size && (unsigned char)text.data[i] < 0x80; i++)
      out[count++] = ascii_chars[(unsigned char)text.data[i]];
    if (i == text.size) break;
    utf8proc_int32_t c = utf8proc_tolower(decode(text.data + i, text.size - i, &length));
    out[count++] = (uint32_t)c | (uint32_t)kind_of(c) << 24;
  }
  return count;
}

size_t ws_text_lowered_from(ws_text text, size_t offset) {
  size_t i = 0;
  for (size_t out = 0, length; i < text.size && out < offset; i += length) {
    char lower[4];
    out += lower_at(text, i, lower, &length);
  }
  return i;
}

size_t ws_text_width(ws_text text) {
  size_t width = 0;
  for (size_t i = 0, length; i < text.size; i += length) {
    int columns = utf8proc_charwidth(decode(text.data + i, text.size - i, &length));
    if (columns > 0) width += (size_t)columns;
  }
  return width;
}
