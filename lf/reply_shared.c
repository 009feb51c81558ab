/* SPDX-License-Identifier: MIT
 *
 * Which statements of a block an LF needs: derived fields, and the locals that what is
 * kept speaks of. What goes out would only be noise: an LF beside functions that it never
 * calls looks like the others of its block. A local whose value is made from others stays
 * in any case, as making it may change them.
 */
#include "reply_priv.h"
#include "source_place.h"

enum { UNITS_MAX = 64, SOURCE_MAX = 64 << 10 }; // beyond these everything stays

static ws_text code_of(ws_text source, const ws__unit *unit) {
  return (ws_text){source.data + unit->code, unit->to - unit->code};
}

static bool speaks_of(ws_text code, ws_text name) {
  ws__source_place place = {0};
  ws_text word;
  while (ws__source_next_word(&place, code, &word))
    if (ws_text_equal(word, name)) return true;
  return false;
}

/* The next of the names behind `local`; start with {0}. Attributes count as names, which
 * keeps too much at worst. */
static bool next_name(ws__source_place *place, ws_text code, ws_text *name) {
  char kind;
  while (ws__source_next_token(place, code, name, &kind) && kind != '=' && kind != '(') {
    bool word = kind == 'w' && !ws_text_equals(*name, "local") &&
                !ws_text_equals(*name, "function");
    if (word) return true;
  }
  return false;
}

static bool is_field(ws_text code) {
  ws__source_place place = {0};
  ws_text word;
  return ws__source_next_word(&place, code, &word) && !ws_text_equals(word, "local");
}

static bool is_function(ws_text code) {
  ws__source_place place = {0};
  ws_text word;
  return ws__source_next_word(&place, code, &word) &&
         ws__source_next_word(&place, code, &word) && ws_text_equals(word, "function");
}

/* Whether `code` speaks of a name that the local of this unit has. */
static bool speaks_of_unit(ws_text code, ws_text source, const ws__unit *unit) {
  ws__source_place place = {0};
  ws_text declared = code_of(source, unit), name;
  while (next_name(&place, declared, &name))
    if (speaks_of(code, name)) return true;
  return false;
}

static bool is_local(ws_text source, const ws__unit *unit) {
  return unit->kind == WS__UNIT_SHARED && !is_field(code_of(source, unit));
}

static bool may_change_others(ws_text source, const ws__units *units, size_t i) {
  ws_text code = code_of(source, &units->items[i]);
  if (is_function(code)) return false;
  for (size_t j = 0; j < i; j++)
    if (is_local(source, &units->items[j]) &&
        speaks_of_unit(code, source, &units->items[j]))
      return true;
  return false;
}

static bool is_needed(ws_text source, const ws__units *units, size_t i,
                      const bool *keep) {
  for (size_t j = i + 1; j < units->count; j++)
    if (keep[j] &&
        speaks_of_unit(code_of(source, &units->items[j]), source, &units->items[i]))
      return true;
  return false;
}

void ws__units_needed(ws_text source, const ws__units *units, size_t which, bool *keep) {
  bool all = units->count > UNITS_MAX || source.size > SOURCE_MAX;
  for (size_t i = units->count; i-- > 0;) {
    const ws__unit *unit = &units->items[i];
    keep[i] = unit->kind == WS__UNIT_LF        ? i == which
              : all || !is_local(source, unit) ? true
                                               : may_change_others(source, units, i) ||
                                                     is_needed(source, units, i, keep);
  }
}
