/* SPDX-License-Identifier: MIT
 *
 * Reading literals out of a pattern that a match cannot do without.
 *
 * A sequence requires the best of its parts: a run of plain characters, or what a group
 * requires; alternatives require one of what each requires. Optional parts, classes and
 * look-arounds require nothing. The reader knows the part of PCRE2's syntax that rules
 * are mostly written in and gives up on everything else: the answer "nothing is known" is
 * always right, it only costs time.
 */
#include "required.h"

#include <string.h>

enum { RUN_MAX = 32, WORTH_MIN = 5, WORTH_MAX = 16 };

/* One of these; first NULL: nothing is required. */
typedef struct any_of {
  ws__literal *first, *last;
  size_t count;
  unsigned worth; // of the literal that says least
} any_of;

typedef struct parser {
  const char *at, *end;
  ws_arena *arena;
  ws_status status;
  bool lost; // it met something that it does not know
} parser;

/* A sequence in the making. */
typedef struct sequence {
  any_of best;
  char run[RUN_MAX];
  size_t size; // of the run
} sequence;

/* What an item of a sequence is. */
typedef enum item {
  ITEM_BYTE,    // the last one of the run
  ITEM_OTHER,   // text that is not known; may be none
  ITEM_NO_TEXT, // an assertion: what stands around it touches
  ITEM_GROUP,   // its requirement is to be weighed when its quantifier is known
} item;

static any_of alternatives(parser *p);

static char peek(const parser *p) {
  return p->at < p->end ? *p->at : '\0';
}

static bool accept(parser *p, char c) {
  if (p->at == p->end || *p->at != c) return false;
  p->at++;
  return true;
}

/* Nothing more is read: the end of the pattern seems to be here. */
static void give_up(parser *p) {
  p->lost = true;
  p->at = p->end;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* --- what is worth looking for --- */

static unsigned worth_of(ws_text text) {
  unsigned worth = 0;
  for (size_t i = 0; i < text.size && worth < WORTH_MAX; i++) {
    char c = text.data[i];
    if (strchr(" etaoinsrhl", c))
      worth += 2;
    else
      worth += is_letter(c) || is_digit(c) || strchr(".,'\n", c) ? 3 : 5;
  }
  return worth < WORTH_MAX ? worth : WORTH_MAX;
}

static void take_better(any_of *best, any_of other) {
  bool better = other.worth > best->worth ||
                (other.worth == best->worth && other.count < best->count);
  if (other.first && (!best->first || better)) *best = other;
}

static void join(any_of *all, any_of more) {
  if (!all->first) {
    *all = more;
    return;
  }
  all->last->next = more.first;
  all->last = more.last;
  all->count += more.count;
  if (more.worth < all->worth) all->worth = more.worth;
}

static void end_run(parser *p, sequence *s) {
  ws_text run = {s->run, s->size}, text;
  s->size = 0;
  if (worth_of(run) < WORTH_MIN) return;
  ws__literal *literal = ws_arena_alloc(p->arena, sizeof *literal);
  if (!literal || ws_arena_text(p->arena, run, &text) != WS_OK) {
    p->status = WS_ENOMEM;
    return;
  }
  *literal = (ws__literal){text, NULL};
  take_better(&s->best, (any_of){literal, literal, 1, worth_of(run)});
}

static item add_byte(parser *p, sequence *s, char c) {
  if (s->size == RUN_MAX) end_run(p, s);
  s->run[s->size++] = (char)(c | (c >= 'A' && c <= 'Z' ? 0x20 : 0));
  return ITEM_BYTE;
}

/* --- items --- */

/* Behind \p or \P. */
static void skip_property(parser *p) {
  if (is_letter(peek(p))) {
    p->at++;
    return;
  }
  if (!accept(p, '{')) {
    give_up(p);
    return;
  }
  while (p->at < p->end && *p->at != '}') p->at++;
  if (!accept(p, '}')) give_up(p);
}

static item escape(parser *p, sequence *s) {
  char c = peek(p);
  if (p->at == p->end || (unsigned char)c >= 0x80) {
    give_up(p);
    return ITEM_OTHER;
  }
  p->at++;
  if (!is_letter(c) && !is_digit(c)) return add_byte(p, s, c);
  if (strchr("bBAzZGK", c)) return ITEM_NO_TEXT;
  if (c == 'p' || c == 'P')
    skip_property(p);
  else if (!strchr("dDwWsShHvVRNXntrf", c))
    give_up(p);
  return ITEM_OTHER;
}

/* Behind "[:" and the like in a class. */
static void skip_posix(parser *p) {
  accept(p, '^');
  while (is_letter(peek(p))) p->at++;
  if (!accept(p, ':') || !accept(p, ']')) give_up(p);
}

/* Behind '['. */
static item class(parser *p) {
  accept(p, '^');
  accept(p, ']'); // stands for itself here
  while (p->at < p->end && *p->at != ']') {
    char c = *p->at++;
    if (c == '\\') {
      if (is_digit(peek(p)) ||
          (is_letter(peek(p)) && !strchr("dDwWsShHvVpPntrfbx", peek(p))))
        give_up(p);
      else if (p->at < p->end)
        p->at++;
    } else if (c == '[' && peek(p) == ':') {
      p->at++;
      skip_posix(p);
    } else if (c == '[' && (peek(p) == '.' || peek(p) == '=')) {
      give_up(p);
    }
  }
  if (!accept(p, ']')) give_up(p);
  return ITEM_OTHER;
}

/* Behind '('. */
static item group(parser *p, any_of *inner) {
  bool looks_around = false;
  *inner = (any_of){NULL, NULL, 0, 0};
  if (peek(p) == '*') give_up(p);
  if (accept(p, '?')) {
    bool behind = accept(p, '<');
    looks_around = accept(p, '=') || accept(p, '!');
    if (!looks_around && (behind || !(accept(p, ':') || accept(p, '>')))) give_up(p);
  }
  any_of found = alternatives(p);
  if (!accept(p, ')')) give_up(p);
  if (looks_around) return ITEM_NO_TEXT;
  *inner = found;
  return ITEM_GROUP;
}

static item read_item(parser *p, sequence *s, any_of *inner) {
  char c = *p->at++;
  switch (c) {
  case '\\':
    return escape(p, s);
  case '[':
    end_run(p, s);
    return class(p);
  case '(':
    return group(p, inner);
  case '.':
    return ITEM_OTHER;
  case '^':
  case '$':
    return ITEM_NO_TEXT;
  case '*':
  case '+':
  case '?':
  case '{':
    give_up(p);
    return ITEM_OTHER;
  default:
    if ((unsigned char)c < 0x80) return add_byte(p, s, c);
    while (((unsigned char)peek(p) & 0xC0u) == 0x80u) p->at++;
    return ITEM_OTHER;
  }
}

/* --- quantifiers --- */

typedef enum count { ONCE, MAYBE, REPEATED } count;

/* Behind '{': N} N,} or N,M}. */
static count braces(parser *p) {
  bool none = true;
  if (!is_digit(peek(p))) give_up(p);
  for (; is_digit(peek(p)); p->at++) none &= *p->at == '0';
  if (accept(p, ','))
    while (is_digit(peek(p))) p->at++;
  if (!accept(p, '}')) give_up(p);
  return none ? MAYBE : REPEATED;
}

static bool at_quantifier(const parser *p) {
  return p->at < p->end && strchr("*+?{", *p->at) && *p->at;
}

static count quantifier(parser *p) {
  if (!at_quantifier(p)) return ONCE;
  char c = *p->at++;
  count found = c == '{' ? braces(p) : c == '+' ? REPEATED : MAYBE;
  if (!accept(p, '?')) accept(p, '+');
  if (at_quantifier(p)) give_up(p); // of what is quantified already
  return found;
}

static void add_item(parser *p, sequence *s) {
  any_of inner = {NULL, NULL, 0, 0};
  item found = read_item(p, s, &inner);
  if (found == ITEM_NO_TEXT) {
    if (at_quantifier(p)) give_up(p);
    return;
  }
  count times = quantifier(p);
  if (found == ITEM_BYTE && times == ONCE) return;
  if (found == ITEM_BYTE && times == MAYBE) s->size--;
  end_run(p, s);
  if (found == ITEM_GROUP && times != MAYBE) take_better(&s->best, inner);
}

static any_of alternatives(parser *p) {
  any_of all = {NULL, NULL, 0, 0};
  bool open = false; // an alternative requires nothing
  do {
    sequence s = {.size = 0};
    while (p->at < p->end && *p->at != '|' && *p->at != ')') add_item(p, &s);
    end_run(p, &s);
    open |= !s.best.first;
    if (!open) join(&all, s.best);
  } while (accept(p, '|'));
  return open ? (any_of){NULL, NULL, 0, 0} : all;
}

ws_status ws__required(ws_text pattern, ws_text flags, ws_arena *arena,
                       const ws__literal **out) {
  parser p = {pattern.data, pattern.data + pattern.size, arena, WS_OK, false};
  *out = NULL;
  if (flags.size && memchr(flags.data, 'x', flags.size)) return WS_OK;
  any_of all = alternatives(&p);
  if (p.at != p.end) p.lost = true;
  if (!p.lost) *out = all.first;
  return p.status;
}
