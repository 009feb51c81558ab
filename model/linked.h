/* SPDX-License-Identifier: MIT
 *
 * Things that are linked, directly or through others (union by the smaller number, with
 * path halving: R. E. Tarjan and J. van Leeuwen, Worst-case analysis of set union
 * algorithms, 1984).
 */
#ifndef WS_LINKED_H
#define WS_LINKED_H

#include <stdint.h>

/* parent[i] == i for each of them at the beginning. The first one that i is linked to, or
 * i itself. */
uint32_t ws__linked_first(uint32_t *parent, uint32_t i);
void ws__link(uint32_t *parent, uint32_t i, uint32_t j);

#endif
