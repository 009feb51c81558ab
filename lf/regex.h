/* SPDX-License-Identifier: MIT
 *
 * PCRE2 patterns with limits. Private to lf.
 */
#ifndef WS_REGEX_H
#define WS_REGEX_H

#include <weaksup/text.h>

/* What the patterns of one worker share: limits, the JIT's stack, room for offsets. */
typedef struct ws__regexes ws__regexes;
WS_CHECK ws_status ws__regexes_new(uint64_t steps, ws__regexes **out);
void ws__regexes_free(ws__regexes *regexes);

/* Patterns that are made from now on run in PCRE2's interpreter. A locked process cannot
 * make machine code; which patterns run as such must not depend on whether it is. */
void ws__regexes_end_jit(ws__regexes *regexes);

typedef struct ws__regex ws__regex;

#define WS__REGEX_MAX 4096 // bytes of a pattern

/* Compiles `pattern`, valid UTF-8, with the flags "i", "s", "m", "x". WS_EPARSE with
 * PCRE2's message and, in *offset, the byte of the pattern at which it arose. Borrows
 * `regexes`. */
WS_CHECK ws_status ws__regex_new(ws__regexes *regexes, ws_text pattern, ws_text flags,
                                 ws__regex **out, size_t *offset, ws_error *err);
void ws__regex_free(ws__regex *regex);
size_t
ws__regex_size(const ws__regex *regex); // bytes that it takes, machine code included

/* Whether the pattern matches `subject`, which must be valid UTF-8, from byte `start` on,
 * which must begin a character: 1, 0, or a negative number for ws__regex_explain. */
int ws__regex_match(const ws__regex *regex, ws_text subject, size_t start);

/* After a match: the groups, 0 being the whole, as pairs of offsets, {SIZE_MAX, SIZE_MAX}
 * for those that took no part. Until the next match with any pattern of the same
 * ws__regexes. */
const size_t *ws__regex_groups(const ws__regex *regex, size_t *count);

typedef enum ws__regex_failed {
  WS__REGEX_STEPS,
  WS__REGEX_MEMORY,
  WS__REGEX_OTHER
} ws__regex_failed;

/* What a match failed of. */
ws__regex_failed ws__regex_failure(int code);
/* Says in err why a match failed. */
ws_status ws__regex_explain(const ws__regex *regex, int code, ws_error *err);

#endif
