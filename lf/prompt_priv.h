/* SPDX-License-Identifier: MIT
 *
 * A template that was read, and what its placeholders are. Private to lf.
 */
#ifndef WS_PROMPT_PRIV_H
#define WS_PROMPT_PRIV_H

#include <weaksup/prompt.h>

/* What the library brings along, line by line, NULL at the end (templates/embed.cmake).
 */
extern const char *const ws__prompt_lines[];
extern const char *const ws__card_lines[];

/* Placeholders: values, then lists. Within #each the items' names come first. */
typedef enum ws__slot {
  WS__SLOT_TASK,
  WS__SLOT_N,
  WS__SLOT_KIND,
  WS__SLOT_VARIANT,
  WS__SLOT_CARD,
  WS__SLOT_MARKER,
  WS__SLOT_LUA_ASKED, // there where functions in Lua are asked for
  WS__SLOT_RULES_ASKED,
  WS__SLOT_CONSTRAINED, // there where the reply is held to the JSON form
  WS__SLOT_CLASSES,     // the lists
  WS__SLOT_UNLABELLED,
  WS__SLOT_EXAMPLES,
  WS__SLOT_EXISTING,
  WS__SLOT_HARD,
  WS__SLOT_REJECTIONS,
  WS__SLOT_NUMBER, // of items
  WS__SLOT_NAME,
  WS__SLOT_DESCRIPTION,
  WS__SLOT_CONSTANT,
  WS__SLOT_RULE,
  WS__SLOT_TEXT,
  WS__SLOT_LABEL,
  WS__SLOT_COVERAGE,
  WS__SLOT_ACCURACY,
  WS__SLOT_VOTES,
  WS__SLOT_RIGHT,
  WS__SLOT_WHY,
  WS__SLOT_REASON,
  WS__SLOTS
} ws__slot;

static inline bool ws__slot_is_list(ws__slot slot) {
  return slot >= WS__SLOT_CLASSES && slot <= WS__SLOT_REJECTIONS;
}

typedef enum ws__node_kind {
  WS__NODE_TEXT,
  WS__NODE_VALUE,
  WS__NODE_IF,
  WS__NODE_ELSE,
  WS__NODE_EACH,
  WS__NODE_VARIANT,
  WS__NODE_SYSTEM,
  WS__NODE_END,
} ws__node_kind;

typedef struct ws__node {
  ws__node_kind kind;
  ws_text text;  // of a text
  unsigned what; // the ws__slot, or the ws_prompt_variant
  size_t end;    // of a section: its END; of an IF: its ELSE, where it has one
  size_t line;   // from 1
} ws__node;

struct ws_prompt_template {
  ws_buffer text;
  ws__node *nodes; // [count]
  size_t count, capacity;
  bool has[WS_PROMPT_VARIANTS];
};

/* Values as they go into prompts (prompt_values.c). Each returns WS_ENOMEM only. */

/* At most `most` characters of the text, cleaned, and what is said of the rest; on one
 * line, where that is asked for. *cut counts. */
WS_CHECK ws_status ws__prompt_put(ws_buffer *out, ws_text text, size_t most,
                                  bool one_line, size_t *cut);
/* The word that is in none of the values. */
void ws__prompt_marker(const ws_prompt_values *values, const ws_prompt_limits *limits,
                       char out[24]);

#endif
