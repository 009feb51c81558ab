/* SPDX-License-Identifier: MIT
 *
 * Texts of records on a terminal: short, in quotes, and without anything that would act
 * on it.
 */
#ifndef WS_QUOTE_H
#define WS_QUOTE_H

#include <weaksup/text.h>

/* Appends the text in double quotes, in at most `columns` columns and the quotes: of a
 * longer one the beginning and the end, with "..." between them. Control characters, and
 * those that turn the direction of writing, are written like \n and \u{202e}. */
WS_CHECK ws_status quote(ws_buffer *out, ws_text text, size_t columns);

/* Appends what stands around the bytes `start` .. `end` of the text, which lie between
 * characters, in double quotes and as above, in about `columns` columns; those bytes
 * stand between >> and <<. */
WS_CHECK ws_status quote_around(ws_buffer *out, ws_text text, size_t start, size_t end,
                                size_t columns);

/* Appends the text in lines of at most `columns` columns (4 or more), each begun by
 * `indent` and ended by a line end; broken at blanks where that is possible, and where
 * the text has line ends. Shown as above, but for quotes, backslashes and tabs. */
WS_CHECK ws_status quote_wrapped(ws_buffer *out, ws_text text, size_t columns,
                                 const char *indent);

/* Appends the text as one word of a command: in single quotes where it needs them. What a
 * terminal must not be shown becomes '?'. */
WS_CHECK ws_status quote_shell(ws_buffer *out, ws_text text);

#endif
