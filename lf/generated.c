/* SPDX-License-Identifier: MIT
 *
 * How a generated file is told, and what it may not see.
 */
#include "generated.h"

#include <string.h>

/* Its length where the word stands at the start of the text, in either case. */
static size_t begins_with(ws_text text, const char *word) {
  size_t size = strlen(word);
  if (text.size < size) return 0;
  for (size_t i = 0; i < size; i++)
    if ((text.data[i] | 0x20) != word[i]) return 0;
  return size;
}

static ws_text skip(ws_text text, size_t size) {
  return (ws_text){text.data + size, text.size - size};
}

/* Whether the text begins with the mark, whatever stands between its two words. */
static bool begins_mark(ws_text text) {
  enum { BETWEEN = 4 };
  size_t first = begins_with(text, "weaksup");
  if (!first) return false;
  text = skip(text, first);
  for (size_t i = 0; i <= BETWEEN && text.size; i++, text = skip(text, 1))
    if (begins_with(text, "generated")) return true;
  return false;
}

/* The first line with anything on it, without what is blank in front: a mark of byte
 * order and other invisible characters are all beyond ASCII. */
static ws_text first_line(ws_text source) {
  size_t size = 0;
  while (source.size &&
         ((unsigned char)*source.data <= ' ' || (unsigned char)*source.data >= 0x7F))
    source = skip(source, 1);
  while (size < source.size && source.data[size] != '\n' && source.data[size] != '\r')
    size++;
  return (ws_text){source.data, size};
}

bool ws__is_generated(ws_text source) {
  for (ws_text line = first_line(source); line.size; line = skip(line, 1))
    if (begins_mark(line)) return true;
  return false;
}

const char *ws__hidden(const ws_task *task, ws_text id_field, ws_text name) {
  const char *gold = ws_task_get(task, WS_TASK_GOLD);
  if (ws_text_equals(name, "id") || (id_field.data && ws_text_equal(name, id_field)))
    return "id";
  return gold && ws_text_equals(name, gold) ? "gold label" : NULL;
}
