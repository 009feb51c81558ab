/* SPDX-License-Identifier: MIT
 *
 * Text as pointer and size, a growable buffer, and the few Unicode operations that
 * labeling functions and features share: validation, lower case, word tokens, display
 * width, and what terminals must not be shown.
 *
 * Text is UTF-8, validated where it enters (the readers); it may hold NUL and does not
 * end in one unless a comment says so.
 */
#ifndef WEAKSUP_TEXT_H
#define WEAKSUP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weaksup/status.h>

WS_BEGIN_DECLS

typedef struct ws_text {
  const char *data;
  size_t size; // bytes
} ws_text;

/* Borrows a C string. */
WS_API ws_text ws_text_of(const char *string);
WS_API bool ws_text_equal(ws_text a, ws_text b);
WS_API bool ws_text_equals(ws_text a, const char *string);
/* Byte order, shorter first where one begins the other: <0, 0, >0. */
WS_API int ws_text_compare(ws_text a, ws_text b);

/* For printf's "%.*s": the size as an int, cut at 200 bytes (never inside a character).
 */
#define WS_TEXT_ARG(text) ws_text_shown(text), (text).data
WS_API int ws_text_shown(ws_text text);

/* A decimal integer without sign or blanks ("0", "17"); false for anything else. */
WS_API bool ws_text_to_index(ws_text text, uint64_t *out);
/* A decimal number that is an integer, however it is written ("-1", "1.0", "2.5e+01"),
 * within +-10^18; false for anything else. */
WS_API bool ws_text_to_whole(ws_text text, int64_t *out);
/* A finite decimal number as JSON writes it, in the C locale; ".5", "5." and "05" are
 * taken too. False for anything else. */
WS_API bool ws_text_to_double(ws_text text, double *out);

/* --- growable bytes ----------------------------------------------------------------- */

/* Start from {0}. `data` is followed by a NUL that `size` does not count. */
typedef struct ws_buffer {
  char *data;
  size_t size;
  size_t capacity;
} ws_buffer;

WS_API void ws_buffer_clear(ws_buffer *buffer); // frees
WS_API WS_CHECK ws_status ws_buffer_reserve(ws_buffer *buffer, size_t more);
WS_API WS_CHECK ws_status ws_buffer_append(ws_buffer *buffer, const void *data,
                                           size_t size);
WS_API WS_CHECK ws_status ws_buffer_text(ws_buffer *buffer, ws_text text);
WS_API WS_CHECK ws_status ws_buffer_string(ws_buffer *buffer, const char *string);
WS_API WS_CHECK ws_status ws_buffer_printf(ws_buffer *buffer, const char *format, ...)
    WS_PRINTF(2, 3);
WS_API ws_text ws_buffer_as_text(const ws_buffer *buffer);

/* --- Unicode ------------------------------------------------------------------------ */

WS_API bool ws_utf8_valid(ws_text text);
/* WS_EPARSE for a text that is not: which byte is wrong and in which column (with the
 * line in front where the text has several; from 1, columns are characters), and how a
 * file in the encoding that it looks like is converted. */
WS_API ws_status ws_not_utf8(ws_text text, ws_error *err);

/* The version of the Unicode tables, "15.0.0": what lower case and words rest on. */
WS_API const char *ws_unicode_version(void);

/* Appends the text in lower case, character by character (simple case mapping). */
WS_API WS_CHECK ws_status ws_text_lower(ws_text text, ws_buffer *out);

/* Where in `text` the character begins whose lower case begins at byte `offset` of
 * ws_text_lower's output; the size of `text` for the end of the output. */
WS_API size_t ws_text_lowered_from(ws_text text, size_t offset);

/* Steps through the word tokens of a text: runs of letters, digits, marks and connector
 * punctuation such as '_', the marks only behind one of the others (regex `\w+` as
 * Unicode TS 18 defines it). Start with *position = 0; false at the end. */
WS_API bool ws_text_next_word(ws_text text, size_t *position, ws_text *word);

/* What a character is to the tokenizers of features. White space is Unicode's, with the
 * control characters that end or separate lines and fields. */
typedef enum ws_char_kind {
  WS_CHAR_OTHER, // punctuation, symbols
  WS_CHAR_WORD,  // letters, digits, connectors such as '_'
  WS_CHAR_MARK,  // combining: part of a word that has begun
  WS_CHAR_SPACE,
} ws_char_kind;

/* A character in lower case, and its kind, in one number. */
static inline uint32_t ws_char_lower(uint32_t c) {
  return c & 0x1FFFFFu;
}
static inline ws_char_kind ws_char_kind_of(uint32_t c) {
  return (ws_char_kind)(c >> 24);
}

/* The characters of a text, in lower case by ws_text_lower's mapping, the kinds those of
 * the lower-case characters: out has room for text.size; returns how many there are. */
WS_API size_t ws_text_chars(ws_text text, uint32_t *out);

/* Makes a text from elsewhere fit for terminals and logs, in place: each byte of what is
 * no UTF-8, of control characters (a terminal would obey them; line ends are among them)
 * and of marks that change the direction of writing becomes '?'. */
WS_API void ws_text_clean(char *text, size_t size);
/* Whether ws_text_clean would leave the text as it is. */
WS_API bool ws_text_is_clean(ws_text text);

/* Columns on a terminal (wide characters count 2, combining ones 0). */
WS_API size_t ws_text_width(ws_text text);

/* The candidate nearest to `word` by edit distance (transpositions count one), or NULL
 * where none is near enough to be meant. For "did you mean". */
WS_API const char *ws_suggest(ws_text word, const char *const *candidates, size_t count);

WS_END_DECLS

#endif
