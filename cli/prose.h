/* SPDX-License-Identifier: MIT
 *
 * Sentences on standard output, in lines that fit the terminal.
 */
#ifndef WS_PROSE_H
#define WS_PROSE_H

#include <weaksup/text.h>

/* Prints a paragraph in lines as wide as the terminal, at most 100 columns, and 80 where
 * there is none; all but the first begin with `indent`, blanks. Made fit for terminals.
 */
void prose_print(const char *indent, const char *format, ...) WS_PRINTF(2, 3);
/* The same of texts, one behind the other, whole however long they are. */
void prose_texts(const char *indent, const ws_text *texts, size_t count);

#endif
