/* SPDX-License-Identifier: MIT
 *
 * Keyword lists. All occurrences of the lower-cased entries are found in one pass; an
 * occurrence counts unless a word of the text reaches over one of its ends. What a word
 * is, ws_text_next_word says, so that keywords and word tokens agree.
 */
#include "keywords.h"

#include <string.h>

#include <weaksup/alloc.h>

#include "literals.h"

struct ws__keywords {
  ws__literals *literals;
  uint32_t *sizes; // [count] bytes of each entry in lower case
  ws_hash128 hash;
  size_t count;
};

static bool is_ascii_word(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         (c >= 'A' && c <= 'Z');
}

static bool continues(char c) {
  return ((unsigned char)c & 0xC0u) == 0x80u;
}

/* A text, and what was found out about it: the last run of combining marks that was
 * passed over, which ends at `end`, and the character before it. Marks are part of a word
 * only behind a letter, which may be any number of marks away. */
typedef struct borders {
  ws_text text;
  size_t letter, end;
} borders;

static size_t previous(ws_text text, size_t i) {
  do i--;
  while (i && continues(text.data[i]));
  return i;
}

/* Whether the character at `at` would be a word behind `front`. */
static bool is_word_behind(const char *front, ws_text text, size_t at) {
  char bytes[8];
  size_t end = at + 1, size = strlen(front), position = 0;
  while (end < text.size && continues(text.data[end]) && end - at < 4) end++;
  memcpy(bytes, front, size);
  memcpy(bytes + size, text.data + at, end - at);
  ws_text whole = {bytes, size + end - at}, word;
  return ws_text_next_word(whole, &position, &word) && word.size == whole.size;
}

static bool is_letter(ws_text text, size_t at) {
  return is_word_behind("", text, at);
}

static bool is_mark(ws_text text, size_t at) {
  return !is_letter(text, at) && is_word_behind("a", text, at);
}

/* Whether a word holds the character before byte i. */
static bool word_before(borders *b, size_t i) {
  size_t at = previous(b->text, i);
  while (at && is_mark(b->text, at))
    at = b->letter < at && at < b->end ? b->letter : previous(b->text, at);
  if (b->letter != at || b->end < i) b->end = i;
  b->letter = at;
  return is_letter(b->text, at);
}

/* Whether a word reaches over the border before byte i. */
static bool word_crosses(borders *b, size_t i) {
  ws_text text = b->text;
  if (i == 0 || i == text.size) return false;
  unsigned char left = (unsigned char)text.data[i - 1],
                right = (unsigned char)text.data[i];
  if (left < 0x80 && right < 0x80) return is_ascii_word(left) && is_ascii_word(right);
  return is_word_behind("a", text, i) && word_before(b, i);
}

bool ws__keywords_find(const ws__keywords *keywords, ws_text lower, size_t *start,
                       size_t *end) {
  ws__literals_scan scan = {.text = lower};
  borders b = {lower, 0, 0};
  size_t which = 0;
  while (ws__literals_next(keywords->literals, &scan, &which, end)) {
    *start = *end - keywords->sizes[which];
    if (!word_crosses(&b, *end) && !word_crosses(&b, *start)) return true;
  }
  return false;
}

bool ws__keywords_match(const ws__keywords *keywords, ws_text lower) {
  size_t start = 0, end = 0;
  return ws__keywords_find(keywords, lower, &start, &end);
}

void ws__keywords_free(ws__keywords *keywords) {
  if (!keywords) return;
  ws__literals_free(keywords->literals);
  ws_free(keywords->sizes);
  ws_free(keywords);
}

ws_hash128 ws__keywords_hash(const ws__keywords *keywords) {
  return keywords->hash;
}

size_t ws__keywords_size(const ws__keywords *keywords) {
  return sizeof *keywords + keywords->count * sizeof *keywords->sizes +
         ws__literals_size(keywords->literals);
}

/* The entries in lower case one behind the other in `bytes`, and their sizes. */
static ws_status lower_all(const ws_text *words, size_t count, ws_buffer *bytes,
                           uint32_t *sizes, ws_error *err) {
  for (size_t i = 0; i < count; i++) {
    size_t before = bytes->size;
    if (words[i].size == 0)
      return ws_error_set(err, WS_EINVAL, "a keyword list holds an empty text");
    if (ws_text_lower(words[i], bytes) != WS_OK) return ws_error_nomem(err);
    if (bytes->size > WS__LITERALS_MAX)
      return ws_error_set(err, WS_EINVAL, "a keyword list holds more than %u bytes",
                          WS__LITERALS_MAX);
    sizes[i] = (uint32_t)(bytes->size - before);
  }
  return WS_OK;
}

static ws_status build(ws__keywords *keywords, ws_buffer *bytes, const ws_text *words,
                       size_t count, ws_error *err) {
  keywords->sizes = ws_alloc_array(count, sizeof *keywords->sizes);
  if (!keywords->sizes) return ws_error_nomem(err);
  keywords->count = count;
  WS_TRY(lower_all(words, count, bytes, keywords->sizes, err));
  ws_text *lowered = ws_alloc_array(count, sizeof *lowered);
  if (!lowered) return ws_error_nomem(err);
  size_t at = 0;
  for (size_t i = 0; i < count; at += keywords->sizes[i++]) {
    lowered[i] = (ws_text){bytes->data + at, keywords->sizes[i]};
    ws_hash128 hash = ws_hash128_of(lowered[i].data, lowered[i].size);
    keywords->hash = ws_hash128_add(keywords->hash, hash);
  }
  ws_status status = ws__literals_new(lowered, count, &keywords->literals);
  ws_free(lowered);
  if (status == WS_EINVAL)
    return ws_error_set(err, status, "a keyword list holds more than %u bytes",
                        WS__LITERALS_MAX);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws__keywords_new(const ws_text *words, size_t count, ws__keywords **out,
                           ws_error *err) {
  ws__keywords *keywords = ws_alloc_zero(1, sizeof *keywords);
  if (!keywords) return ws_error_nomem(err);
  ws_buffer bytes = {0};
  ws_status status = build(keywords, &bytes, words, count, err);
  ws_buffer_clear(&bytes);
  if (status == WS_OK)
    *out = keywords;
  else
    ws__keywords_free(keywords);
  return status;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

static ws_text trim(ws_text text) {
  while (text.size && is_blank(text.data[0])) text.data++, text.size--;
  while (text.size && is_blank(text.data[text.size - 1])) text.size--;
  return text;
}

bool ws__list_line(ws_text text, size_t *position, ws_text *line) {
  if (*position == 0 && text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
    *position = 3;
  while (*position < text.size) {
    const char *start = text.data + *position;
    const char *stop = memchr(start, '\n', text.size - *position);
    size_t size = stop ? (size_t)(stop - start) : text.size - *position;
    *position += size + (stop != NULL);
    *line = trim((ws_text){start, size});
    if (line->size && start[0] != '#') return true;
  }
  return false;
}
