/* SPDX-License-Identifier: MIT
 *
 * Messages of worker processes, made fit for terminals and logs. Private to lf.
 */
#ifndef WS_CLEAN_H
#define WS_CLEAN_H

#include <stddef.h>

/* Puts '?' in place of bytes that are no UTF-8, of control characters (a terminal would
 * obey them) and of those that change the direction of writing or break lines. */
void ws__clean(char *text, size_t size);

#endif
