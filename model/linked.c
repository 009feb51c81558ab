/* SPDX-License-Identifier: MIT */
#include "linked.h"

uint32_t ws__linked_first(uint32_t *parent, uint32_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

void ws__link(uint32_t *parent, uint32_t i, uint32_t j) {
  uint32_t a = ws__linked_first(parent, i), b = ws__linked_first(parent, j);
  if (a < b)
    parent[b] = a;
  else
    parent[a] = b;
}
