/* SPDX-License-Identifier: MIT
 *
 * The parts of reading a reply. Private to lf.
 */
#ifndef WS_REPLY_PRIV_H
#define WS_REPLY_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/json.h>
#include <weaksup/reply.h>

struct ws_reply {
  ws_arena arena;                 // of all texts
  ws_reply_candidate *candidates; // [count]
  size_t count, capacity;
  ws_reply_problem *problems; // [problem_count]
  size_t problem_count, problem_capacity;
  size_t lfs; // names of all candidates
  size_t thought;
};

typedef struct ws__replying {
  const ws_reply_options *options;
  ws_reply *out;
  ws_text whole; // the reply; WS_JSON_PADDING readable bytes follow
  ws_json_parser *json;
  bool full; // more LFs were refused, which was said
} ws__replying;

/* What is said of an LF, beside its source. */
typedef struct ws__said {
  ws_text name, label, rationale; // {NULL, 0}: nothing
} ws__said;

/* Every function below returns WS_ENOMEM only. */

/* --- reply_keep.c: what was found
 * -------------------------------------------------------- */

#define WS__REPLY_PROBLEMS_MAX 200

WS_CHECK ws_status ws__reply_problem(ws__replying *r, ws_reply_problem problem,
                                     const char *format, ...) WS_PRINTF(3, 4);
/* Keeps the candidate, with copies of its texts, or says why not. */
WS_CHECK ws_status ws__reply_add(ws__replying *r, const ws_reply_candidate *draft);
/* No more is read: there are too many LFs, or problems. */
bool ws__reply_is_full(const ws__replying *r);
/* The line of the reply, from 1, on which a byte of it lies. */
uint64_t ws__reply_line(const ws__replying *r, const char *at);
/* Whether the bytes are valid UTF-8 without NUL; a problem where they are not. */
WS_CHECK ws_status ws__reply_check(ws__replying *r, ws_text text, uint64_t line,
                                   bool *good);

/* --- reply_blocks.c: where in a reply code is --------------------------------------- */

/* The reply without what was thought in front; *closed is false where it never ends. */
ws_text ws__reply_answer(ws_text reply, bool *closed);

typedef struct ws__block {
  ws_text info; // the first word behind the fence
  ws_text text;
  bool closed;
} ws__block;

/* The next fenced block from *at on, which moves behind it; false where there is none. */
bool ws__reply_next_block(ws_text answer, size_t *at, ws__block *out);

ws_text ws__trim(ws_text text);
/* Without empty lines in front. */
ws_text ws__trim_lines(ws_text text);

/* --- one file for each language ----------------------------------------------------- */

/* A block of Lua. `said` is what JSON says of it, or NULL; comments in front of an LF may
 * say it, too. */
WS_CHECK ws_status ws__reply_lua(ws__replying *r, ws_text source, uint64_t line,
                                 const ws__said *said);
/* Whether this is Lua that defines LFs and, at its outermost level, nothing but what an
 * LF may need. */
WS_CHECK ws_status ws__reply_is_lua(ws_text source, bool *out);
/* Whether it speaks of lf at all. */
bool ws__reply_mentions_lf(ws_text source);

/* What comments "-- name: ...", "# label: ..." and so on say. */
void ws__reply_read_comments(ws_text comments, ws__said *said);

WS_CHECK ws_status ws__reply_rules(ws__replying *r, ws_text source, uint64_t line);
/* How many rules there are, and lines that are none. */
void ws__reply_count_rules(const ws__replying *r, ws_text source, size_t *good,
                           size_t *bad);

typedef struct ws__item {
  ws_value value;
  size_t number; // from 1
  uint64_t line;
  ws_text name;
  const char *content; // "code", "pattern" or "keywords"
} ws__item;

/* An item of the list in JSON: start from {value, number, line}. */
WS_CHECK ws_status ws__reply_item(ws__replying *r, ws__item *item);

/* *taken is false, and nothing is said, where the text is no JSON and `sure` is not set.
 */
WS_CHECK ws_status ws__reply_json(ws__replying *r, ws_text text, uint64_t line, bool sure,
                                  bool *taken);

/* --- reply_part.c: one LF of a block of Lua ----------------------------------------- */

/* A statement at the outermost level, with the comments in front of it. */
typedef struct ws__unit {
  size_t from, code, to; // bytes of the source: of it all, of its first token, its end
  enum { WS__UNIT_LF, WS__UNIT_SHARED, WS__UNIT_OTHER } kind;
  ws_text name; // of an LF
} ws__unit;

/* Start from {0}. */
typedef struct ws__units {
  ws__unit *items; // [count]
  size_t count, capacity;
  ws_text *names; // [name_count] of all LFs that are defined anywhere, in their order
  size_t name_count, name_capacity;
  size_t lfs; // units that are LFs
  bool whole; // it cannot be parted
  size_t odd; // 1 + the byte of a character that code cannot have; 0: none
} ws__units;

WS_CHECK ws_status ws__units_find(ws_text source, ws__units *out);
void ws__units_clear(ws__units *units);

/* Which units the file of the LF `which` has: keep[units->count] is filled. */
void ws__units_needed(ws_text source, const ws__units *units, size_t which, bool *keep);

#endif
