/* SPDX-License-Identifier: MIT
 *
 * How a generated file is told, and what it may not see.
 */
#include "generated.h"

#include <string.h>

static bool begins_with(ws_text text, const char *start) {
  size_t size = strlen(start);
  return text.size >= size && memcmp(text.data, start, size) == 0;
}

bool ws__is_generated(ws_text source, bool rules) {
  static const char mark[] = "\xEF\xBB\xBF";
  if (begins_with(source, mark))
    source = (ws_text){source.data + strlen(mark), source.size - strlen(mark)};
  return begins_with(source, rules ? "# weaksup-generated:" : "-- weaksup-generated:");
}

bool ws__is_hidden(ws_text id_field, ws_text name) {
  return ws_text_equals(name, "id") || (id_field.data && ws_text_equal(name, id_field));
}
