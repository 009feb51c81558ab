/* SPDX-License-Identifier: MIT
 *
 * Where tests may be put into code that was judged without them, so that it stays the
 * same code: within a string they would be a part of it.
 */
#include <string.h>

#include "generate.h"

/* The size of the opening `[[`, `[=[` ... at the beginning of the text, 0 where there is
 * none. */
static size_t opening(ws_text text) {
  size_t size = 1;
  if (text.size < 2 || text.data[0] != '[') return 0;
  while (size < text.size && text.data[size] == '=') size++;
  return size < text.size && text.data[size] == '[' ? size + 1 : 0;
}

static bool closes(ws_text line, size_t size) {
  for (size_t i = 0; i + size <= line.size; i++) {
    size_t level = 0;
    if (line.data[i] != ']') continue;
    while (level + 2 < size && line.data[i + 1 + level] == '=') level++;
    if (level + 2 == size && line.data[i + 1 + level] == ']') return true;
  }
  return false;
}

/* Whether a comment may stand behind this line of code, for certain: no string or comment
 * goes on in the next one. */
static bool ends_plainly(ws_text line) {
  if (line.size && line.data[line.size - 1] == '\\') return false;
  for (size_t i = 0; i < line.size; i++) {
    ws_text rest = {line.data + i, line.size - i};
    size_t size = opening(rest);
    if (size && !closes((ws_text){rest.data + size, rest.size - size}, size))
      return false;
    if (rest.size > 1 && rest.data[0] == '\\' && rest.data[1] == 'z') return false;
  }
  return true;
}

bool gen_comment_may_follow(ws_text code) {
  while (code.size) {
    const char *end = memchr(code.data, '\n', code.size);
    size_t size = end ? (size_t)(end - code.data) : code.size;
    ws_text line = {code.data, size};
    if (memchr(line.data, '\r', size) || !ends_plainly(line)) return false;
    size += end != NULL;
    code = (ws_text){code.data + size, code.size - size};
  }
  return true;
}
