/* SPDX-License-Identifier: MIT
 *
 * Fields of x that the record does not have. Lua complains about the nil that was read,
 * not about the field; the message gets the name that was probably meant.
 */
#include "lua_priv.h"

#include <stdio.h>
#include <string.h>

#include "generated.h"

enum { FIELDS_MAX = 30, FIXED = 2 }; // "text" and "lower" are fields of every record

void ws__lua_note_missing(ws__lua *lua, ws_text name) {
  // A derived field is computed once for several labeling functions: what it reads must
  // not show in the message of one of them.
  if (lua->files[lua->file].running_count == 0 && name.size < MISSING_MAX)
    ws__lua_copy(lua->missing, MISSING_MAX - 1, name.data);
}

/* Whether the message is about a nil that was read from the missing field. */
static bool is_about(const ws__lua *lua, const char *text) {
  static const char before[] = " a nil value (field '";
  const char *at = strstr(text, before);
  size_t size = strlen(lua->missing);
  if (!at || size == 0) return false;
  at += sizeof before - 1;
  return strncmp(at, lua->missing, size) == 0 && strcmp(at + size, "')") == 0;
}

static bool may_be_named(const ws__lua *lua, ws_text name) {
  return name.size < MISSING_MAX && !memchr(name.data, '\0', name.size) &&
         !(lua->files[lua->file].generated &&
           ws__hidden(lua->options.task, lua->options.id_field, name));
}

void ws__lua_explain_missing(ws__lua *lua) {
  char copies[FIELDS_MAX][MISSING_MAX];
  const char *names[FIXED + FIELDS_MAX] = {"text", "lower"};
  size_t count = FIXED, size = strlen(lua->found);
  ws_text name;
  ws_value value;
  if (!is_about(lua, lua->found) || !lua->options.subject->fields.at) return;
  ws_value_iter it = ws_value_each(lua->options.subject->fields);
  while (count < FIXED + FIELDS_MAX && ws_value_next(&it, &name, &value)) {
    if (!may_be_named(lua, name)) continue;
    char *copy = copies[count - FIXED];
    memcpy(copy, name.data, name.size);
    copy[name.size] = '\0';
    names[count++] = copy;
  }
  const char *meant = ws_suggest(ws_text_of(lua->missing), names, count);
  if (meant)
    snprintf(lua->found + size, sizeof lua->found - size, ", did you mean '%s'?", meant);
}
