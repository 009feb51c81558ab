/* SPDX-License-Identifier: MIT
 *
 * Lua's string patterns, compiled and matched within a budget of steps. Private to lf.
 *
 * Lua's own matcher takes exponential time on some patterns and quadratic time on many
 * innocent ones, and nothing can interrupt it. This one gives the same answers and the
 * same errors, and counts what it does.
 */
#ifndef WS_LUA_PATTERN_H
#define WS_LUA_PATTERN_H

#include "lua_priv.h"

enum {
  CAPTURES_MAX = 32, // as in Lua
  DEPTH_MAX = 200,   // the same: matches inside one another, "pattern too complex"
};

typedef struct byte_set {
  uint64_t bits[4];
} byte_set;

static inline bool in_set(const byte_set *set, char c) {
  unsigned byte = (unsigned char)c;
  return set->bits[byte / 64] >> byte % 64 & 1;
}

typedef enum item_kind {
  ITEM_END,         // of the pattern
  ITEM_SUBJECT_END, // $
  ITEM_SINGLE,      // one byte of a set, perhaps repeated
  ITEM_OPEN,        // (
  ITEM_POSITION,    // ()
  ITEM_CLOSE,       // )
  ITEM_BACK,        // %1
  ITEM_BALANCED,    // %bxy
  ITEM_FRONTIER,    // %f[set]
  ITEM_ERROR,       // malformed: an error when it is reached, as in Lua
} item_kind;

typedef struct pattern_item {
  unsigned char kind;
  char repeat;     // * + - ? or 0: once
  bool literal;    // `set` is the byte `a` alone
  bool possessive; // giving back what was taken cannot help
  bool filtered; // what follows needs a byte of `next` or, if next_end, the subject's end
  bool next_end;
  unsigned char a, b; // literal; digit of ITEM_BACK; delimiters of ITEM_BALANCED
  const char *error;
  byte_set set, next;
} pattern_item;

typedef struct lua_pattern {
  bool anchored;     // begins with ^
  bool first_known;  // a match begins with a byte of `first` or, if first_end, at the end
  bool first_end;    // of the subject
  byte_set first;    //
  size_t prefix;     // a match begins with so many bytes of `bytes`,
  size_t required;   // and holds so many after them,
  size_t before_max; // with at most so many before those; SIZE_MAX: any number
  const pattern_item *leading; // a possessive run that a match begins with, or NULL
  char *bytes;
  pattern_item items[];
} lua_pattern;

/* How many bytes a compiled pattern takes at most. */
size_t ws__pattern_size(size_t text_size);
/* Compiles the text, which a NUL follows, into `out`. Without `anchors` a ^ at the
 * beginning stands for itself. */
void ws__pattern_compile(lua_pattern *out, ws_text text, bool anchors);
/* Adds what helps to find matches fast (lua_pattern_plan.c). */
void ws__pattern_plan(lua_pattern *pattern);

/* Sizes of captures that are no sizes. */
enum { CAPTURE_OPEN = -1, CAPTURE_POSITION = -2 };

typedef struct lua_match {
  lua_State *L;
  ws__lua *lua;
  const lua_pattern *pattern;
  const char *begin, *end;   // the subject
  const char *required_at;   // where required bytes are next, from `required_from` on
  const char *required_from; // NULL: not looked for yet
  int level;                 // captures
  struct {
    const char *start;
    ptrdiff_t size;
  } captures[CAPTURES_MAX];
} lua_match;

void ws__match_begin(lua_match *match, lua_State *L, const lua_pattern *pattern,
                     ws_text subject);
/* The first match that begins at *start or later (only there, if the pattern is
 * anchored): sets *start and returns its end, or NULL. */
const char *ws__match_next(lua_match *match, const char **start);
/* memmem, paid for in steps. */
const char *ws__match_bytes(ws__lua *lua, const char *from, const char *end,
                            ws_text bytes);

/* Replaces functions of the string library, which is the table at the top. */
void ws__lua_open_strings(lua_State *L);

#endif
