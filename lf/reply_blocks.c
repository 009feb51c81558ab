/* SPDX-License-Identifier: MIT
 *
 * Where in a reply code is: behind what was thought aloud, in blocks between fences. A
 * fence is a line of three or more ` or ~; the block ends with a fence of the same
 * character that is as long at least and says nothing, so a longer fence may hold shorter
 * ones.
 */
#include <string.h>

#include "reply_priv.h"

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

ws_text ws__trim(ws_text text) {
  while (text.size && (is_blank(*text.data) || *text.data == '\n'))
    text.data++, text.size--;
  while (text.size &&
         (is_blank(text.data[text.size - 1]) || text.data[text.size - 1] == '\n'))
    text.size--;
  return text;
}

ws_text ws__trim_lines(ws_text text) {
  size_t line = 0;
  for (size_t i = 0; i < text.size && (is_blank(text.data[i]) || text.data[i] == '\n');
       i++)
    if (text.data[i] == '\n') line = i + 1;
  return (ws_text){text.data + line, text.size - line};
}

/* --- thoughts --- */

static bool begins_with(ws_text text, size_t at, const char *word) {
  size_t size = strlen(word);
  return text.size - at >= size && memcmp(text.data + at, word, size) == 0;
}

static bool begins_line(ws_text text, size_t at) {
  while (at && is_blank(text.data[at - 1])) at--;
  return at == 0 || text.data[at - 1] == '\n';
}

/* Behind the last place where the tag closes; 0 where it does not. A reply may begin in
 * the middle of thoughts, without the tag that opens them: then it must stand at the
 * beginning of a line. */
static size_t behind_last(ws_text reply, const char *close, bool opened) {
  size_t end = 0;
  for (const char *i = reply.data; i && i < reply.data + reply.size; i++) {
    size_t at;
    if (!(i = memchr(i, '<', reply.size - (size_t)(i - reply.data)))) break;
    at = (size_t)(i - reply.data);
    if (begins_with(reply, at, close) && (opened || begins_line(reply, at)))
      end = at + strlen(close);
  }
  return end;
}

ws_text ws__reply_answer(ws_text reply, bool *closed) {
  static const char *const tags[][2] = {{"<think>", "</think>"},
                                        {"<thinking>", "</thinking>"},
                                        {"<reasoning>", "</reasoning>"}};
  *closed = true;
  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
    bool opened = begins_with(reply, 0, tags[i][0]);
    size_t end = behind_last(reply, tags[i][1], opened);
    if (opened && !end) *closed = false;
    if (opened || end) return (ws_text){reply.data + end, reply.size - end};
  }
  return reply;
}

/* --- blocks --- */

/* A line from *at on, without its end; *at moves to the next. */
static bool next_line(ws_text text, size_t *at, ws_text *line) {
  if (*at >= text.size) return false;
  const char *start = text.data + *at;
  const char *end = memchr(start, '\n', text.size - *at);
  line->data = start;
  line->size = end ? (size_t)(end - start) : text.size - *at;
  *at += line->size + (end != NULL);
  return true;
}

/* How many of the characters of a fence a line begins with; `rest` is what follows. */
static size_t fence_size(ws_text line, char *c, ws_text *rest) {
  size_t size = 0;
  line = ws__trim(line);
  *c = line.size ? *line.data : '\0';
  if (*c != '`' && *c != '~') return 0;
  while (size < line.size && line.data[size] == *c) size++;
  *rest = ws__trim((ws_text){line.data + size, line.size - size});
  if (*c == '`' && rest->size && memchr(rest->data, '`', rest->size)) return 0;
  return size >= 3 ? size : 0;
}

static ws_text first_word(ws_text text) {
  size_t size = 0;
  while (size < text.size && !is_blank(text.data[size])) size++;
  return (ws_text){text.data, size};
}

bool ws__reply_next_block(ws_text answer, size_t *at, ws__block *out) {
  ws_text line, rest;
  size_t size = 0, found;
  char c, other;
  while (!size && next_line(answer, at, &line)) size = fence_size(line, &c, &rest);
  if (!size) return false;
  *out = (ws__block){first_word(rest), {answer.data + *at, 0}, false};
  for (size_t start = *at; !out->closed && next_line(answer, at, &line);) {
    found = fence_size(line, &other, &rest);
    if (found >= size && other == c && rest.size == 0)
      out->closed = true;
    else
      out->text.size = *at - start;
  }
  return true;
}
