/* SPDX-License-Identifier: MIT
 *
 * Many patterns at once: the pass that decides which ones a text may match must lose no
 * match. A byte of flags, then patterns with tabs between them, a line end, the text.
 */
#include <string.h>

#include "fuzz.h"
#include "prefilter.h"
#include "regex.h"

enum { PATTERNS = 8 };

typedef struct patterns {
  ws_arena arena;
  ws__regexes *regexes;
  ws__regex *regex[PATTERNS];
  ws__prefilter_entry entries[PATTERNS];
  size_t count;
} patterns;

static ws_text read_flags(unsigned bits, char out[4]) {
  size_t size = 0;
  for (unsigned i = 0; i < 4; i++)
    if (bits >> i & 1) out[size++] = "ismx"[i];
  return (ws_text){out, size};
}

static void add(patterns *p, ws_text text, ws_text flags) {
  size_t offset = 0, i = p->count;
  if (ws__regex_new(p->regexes, text, flags, &p->regex[i], &offset, NULL) != WS_OK)
    return;
  FUZZ_CHECK(ws__required(text, flags, &p->arena, &p->entries[i].required) == WS_OK);
  p->entries[i].bit = (uint32_t)i * 70;
  p->count++;
}

static void add_all(patterns *p, ws_text text, ws_text flags) {
  while (text.size && p->count < PATTERNS) {
    const char *tab = memchr(text.data, '\t', text.size);
    size_t size = tab ? (size_t)(tab - text.data) : text.size;
    add(p, (ws_text){text.data, size}, flags);
    size += tab != NULL;
    text = (ws_text){text.data + size, text.size - size};
  }
}

static void check(const patterns *p, ws_text text) {
  uint64_t set[(PATTERNS * 70 + 63) / 64] = {0};
  bool filtered[PATTERNS];
  ws__prefilter *filter = NULL;
  FUZZ_CHECK(ws__prefilter_new(p->entries, p->count, filtered, &filter) == WS_OK);
  if (filter) ws__prefilter_scan(filter, text, set);
  for (size_t i = 0; i < p->count; i++) {
    uint32_t bit = p->entries[i].bit;
    bool matched = ws__regex_match(p->regex[i], text, 0) == 1;
    FUZZ_CHECK(!filtered[i] || !matched || (set[bit / 64] >> bit % 64 & 1));
  }
  ws__prefilter_free(filter);
}

static void run(ws_text input, unsigned bits) {
  char letters[4];
  patterns p = {.count = 0};
  const char *end = input.size ? memchr(input.data, '\n', input.size) : NULL;
  size_t size = end ? (size_t)(end - input.data) : input.size;
  size_t next = size + (end != NULL);
  FUZZ_CHECK(ws__regexes_new(10000, &p.regexes) == WS_OK);
  if (bits & 16) ws__regexes_end_jit(p.regexes);
  add_all(&p, (ws_text){input.data, size}, read_flags(bits, letters));
  check(&p, (ws_text){input.data + next, input.size - next});
  for (size_t i = 0; i < p.count; i++) ws__regex_free(p.regex[i]);
  ws__regexes_free(p.regexes);
  ws_arena_clear(&p.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  char *copy = malloc(size - 1);
  memcpy(copy, data + 1, size - 1);
  ws_text text = {copy, size - 1};
  if (ws_utf8_valid(text)) run(text, data[0]);
  free(copy);
  return 0;
}
