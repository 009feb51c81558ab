/* SPDX-License-Identifier: MIT
 *
 * Lists of words and phrases, found as whole words in any case. Private to lf.
 */
#ifndef WS_KEYWORDS_H
#define WS_KEYWORDS_H

#include <weaksup/hash.h>
#include <weaksup/text.h>

typedef struct ws__keywords ws__keywords;

/* The words, valid UTF-8, are copied. WS_EINVAL where one is empty, or all are too long.
 */
WS_CHECK ws_status ws__keywords_new(const ws_text *words, size_t count,
                                    ws__keywords **out, ws_error *err);
size_t ws__keywords_size(const ws__keywords *keywords); // bytes that it takes
void ws__keywords_free(ws__keywords *keywords);
/* The hash of the words, in lower case; their order does not count. */
ws_hash128 ws__keywords_hash(const ws__keywords *keywords);

/* Whether one of the words stands in `lower`, a text in lower case: not inside a longer
 * word where its own edge is part of a word ("art" is not in "cart", "c++" is in
 * "(c++)"). */
bool ws__keywords_match(const ws__keywords *keywords, ws_text lower);

/* The same, and where it stands: bytes [*start, *end) of `lower`. */
bool ws__keywords_find(const ws__keywords *keywords, ws_text lower, size_t *start,
                       size_t *end);

/* The non-empty lines of a list's text, in the manner of a file: blanks around them
 * dropped,
 * '#' at the beginning of a line comments it out, CRLF and a byte-order mark are handled.
 * Start with *position = 0; false at the end. */
bool ws__list_line(ws_text text, size_t *position, ws_text *line);

#endif
