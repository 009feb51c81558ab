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

/* Whether a word reaches over the border before byte i, 0 < i < size, where one of the
 * two characters is not ASCII. Looks at a few characters to the left, because combining
 * marks are part of a word only behind a letter. */
static bool word_crosses_unicode(ws_text text, size_t i) {
  size_t start = i > 32 ? i - 32 : 0, end = i + 1;
  while (start < i && continues(text.data[start])) start++;
  while (end < text.size && continues(text.data[end])) end++;
  ws_text around = {text.data + start, end - start}, word;
  size_t position = 0;
  while (ws_text_next_word(around, &position, &word)) {
    size_t first = (size_t)(word.data - text.data);
    if (first < i && first + word.size > i) return true;
  }
  return false;
}

static bool word_crosses(ws_text text, size_t i) {
  if (i == 0 || i == text.size) return false;
  unsigned char before = (unsigned char)text.data[i - 1],
                after = (unsigned char)text.data[i];
  if (before < 0x80 && after < 0x80) return is_ascii_word(before) && is_ascii_word(after);
  return word_crosses_unicode(text, i);
}

bool ws__keywords_find(const ws__keywords *keywords, ws_text lower, size_t *start,
                       size_t *end) {
  ws__literals_scan scan = {.text = lower};
  size_t which = 0;
  while (ws__literals_next(keywords->literals, &scan, &which, end)) {
    *start = *end - keywords->sizes[which];
    if (!word_crosses(lower, *end) && !word_crosses(lower, *start)) return true;
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
