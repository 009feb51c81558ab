/* SPDX-License-Identifier: MIT
 *
 * Texts from elsewhere as they go into prompts: cleaned and cut; and the marker between
 * which they stand, which follows from all of them, so that who writes a record cannot
 * know it, and which none of them holds.
 */
#include <stdio.h>
#include <string.h>

#include "prompt_priv.h"

/* A byte-order mark, which shows nothing, wherever it stands. */
static bool is_mark(ws_text text, size_t i) {
  return i + 3 <= text.size && memcmp(text.data + i, "\xEF\xBB\xBF", 3) == 0;
}

/* Line ends of all kinds become '\n'; on one line they and tabs are blanks. */
static ws_status put_lines(ws_buffer *out, ws_text text, bool one_line) {
  WS_TRY(ws_buffer_reserve(out, text.size + 1));
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    if (c == '\r' && i + 1 < text.size && text.data[i + 1] == '\n') continue;
    if (is_mark(text, i)) {
      i += 2;
      continue;
    }
    if (c == '\r') c = '\n';
    if (one_line && (c == '\n' || c == '\t')) c = ' ';
    out->data[out->size++] = c;
  }
  out->data[out->size] = '\0';
  return WS_OK;
}

/* All but line ends and tabs. */
static void clean(char *text, size_t size) {
  for (size_t from = 0, to; from < size; from = to + 1) {
    for (to = from; to < size && text[to] != '\n' && text[to] != '\t';) to++;
    ws_text_clean(text + from, to - from);
  }
}

/* The byte behind at most `most` characters of valid UTF-8. */
static size_t cut_at(const char *text, size_t size, size_t most) {
  size_t at = 0;
  for (size_t seen = 0; at < size; at++) {
    seen += (text[at] & 0xC0) != 0x80;
    if (seen > most) break;
  }
  return at;
}

ws_status ws__prompt_put(ws_buffer *out, ws_text text, size_t most, bool one_line,
                         size_t *cut) {
  size_t start = out->size;
  // No more than `most` characters are in these bytes, and one that may be torn.
  size_t looked =
      most < SIZE_MAX / 4 - 4 && text.size > 4 * most + 4 ? 4 * most + 4 : text.size;
  WS_TRY(put_lines(out, (ws_text){text.data, looked}, one_line));
  clean(out->data + start, out->size - start);
  size_t kept = cut_at(out->data + start, out->size - start, most);
  size_t left = out->size - start - kept + (text.size - looked);
  if (!left) return WS_OK;
  (*cut)++;
  out->size = start + kept;
  return ws_buffer_printf(out, " [... %zu bytes more]", left);
}

/* --- the marker --- */

/* Goes through all texts of the values that may get into a prompt. */
typedef struct text_walk {
  const ws_prompt_values *v;
  const ws_prompt_limits *limits;
  size_t at;
} text_walk;

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* Takes `at` down by the items of a list; true where it lies within. */
static bool within(size_t *at, size_t count) {
  if (*at < count) return true;
  *at -= count;
  return false;
}

static bool next_text(text_walk *w, ws_text *out) {
  const ws_prompt_values *v = w->v;
  size_t at = w->at++, items = w->limits->items, classes = ws_task_classes(v->task);
  if (at == 0) {
    const char *words = ws_task_get(v->task, WS_TASK_TASK_TEXT);
    *out = ws_text_of(words ? words : "");
    return true;
  }
  at--;
  if (within(&at, classes)) return *out = ws_task_class(v->task, at), true;
  if (within(&at, classes)) return *out = ws_task_describe(v->task, at), true;
  if (within(&at, least(v->unlabelled_count, items)))
    return *out = v->unlabelled[at], true;
  if (within(&at, least(v->example_count, items)))
    return *out = v->examples[at].text, true;
  if (within(&at, least(v->hard_count, items))) return *out = v->hard[at].text, true;
  if (within(&at, least(v->hard_count, items))) return *out = v->hard[at].why, true;
  if (within(&at, least(v->existing_count, w->limits->existing)))
    return *out = v->existing[at].name, true;
  if (within(&at, least(v->rejection_count, items)))
    return *out = v->rejections[at].name, true;
  if (within(&at, least(v->rejection_count, items)))
    return *out = v->rejections[at].reason, true;
  return false;
}

static bool holds(ws_text text, const char *word) {
  size_t size = strlen(word);
  const char *from = text.data, *end = text.data + text.size;
  while (text.size >= size && (size_t)(end - from) >= size) {
    from = memchr(from, *word, (size_t)(end - from) - size + 1);
    if (!from) return false;
    if (memcmp(from, word, size) == 0) return true;
    from++;
  }
  return false;
}

static bool any_holds(const ws_prompt_values *values, const ws_prompt_limits *limits,
                      const char *word) {
  text_walk w = {values, limits, 0};
  for (ws_text text; next_text(&w, &text);)
    if (holds(text, word)) return true;
  return false;
}

void ws__prompt_marker(const ws_prompt_values *values, const ws_prompt_limits *limits,
                       char out[24]) {
  ws_hash128 hash = ws_hash128_of(&values->seed, sizeof values->seed);
  text_walk w = {values, limits, 0};
  for (ws_text text; next_text(&w, &text);)
    hash = ws_hash128_join(hash, ws_hash128_of(text.size ? text.data : "", text.size));
  do {
    char hex[33];
    hash = ws_hash128_join(hash, hash);
    ws_hash128_hex(hash, hex);
    snprintf(out, 24, "record-%.12s", hex);
  } while (any_holds(values, limits, out));
}
