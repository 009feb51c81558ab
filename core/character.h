/* SPDX-License-Identifier: MIT
 *
 * One character of a text that may hold anything. Private to core.
 */
#ifndef WS_CHARACTER_H
#define WS_CHARACTER_H

#include <weaksup/text.h>

/* Bytes of the character that the text, which is not empty, begins with; 0 where it
 * begins with none: it is not valid UTF-8 there. */
size_t ws__character_size(ws_text text);

#endif
