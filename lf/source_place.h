/* SPDX-License-Identifier: MIT
 *
 * Where in the source of a Lua file strings and comments are, as its text shows. Private
 * to lf.
 */
#ifndef WS_SOURCE_PLACE_H
#define WS_SOURCE_PLACE_H

#include <weaksup/text.h>

/* How far a source was gone through: start from {0}. */
typedef struct ws__source_place {
  size_t at;     // byte
  uint64_t open; // levels of long brackets that end nowhere from there on
} ws__source_place;

/* Whether the line that begins at byte `line` does so inside of a string or a comment.
 * Lines are asked for in their order. */
bool ws__source_is_inside(ws__source_place *place, ws_text source, size_t line);

/* The next word (letters, digits, '_') outside of strings and comments; false at the end.
 */
bool ws__source_next_word(ws__source_place *place, ws_text source, ws_text *word);

/* The next token outside of comments: a word, a string (kind 's'; as it is written), or
 * one character of anything else, which is its own kind; words are of kind 'w'. False at
 * the end. */
bool ws__source_next_token(ws__source_place *place, ws_text source, ws_text *token,
                           char *kind);

#endif
