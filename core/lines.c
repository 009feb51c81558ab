/* SPDX-License-Identifier: MIT
 *
 * Splitting an input into lines inside one buffer, which grows to the longest line and
 * never beyond the limit: a file without line ends costs no more memory than that.
 */
#include "lines.h"

#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

enum { READ_SIZE = 1 << 18 };

ws_status ws__lines_open(ws__lines *lines, const char *path, const ws_text *memory,
                         size_t max_line, ws_progress_sink progress, ws_error *err) {
  *lines = (ws__lines){.max_line = max_line};
  return ws__input_open(path, memory, progress, &lines->input, err);
}

void ws__lines_close(ws__lines *lines) {
  ws__input_free(lines->input);
  ws_free(lines->data);
  *lines = (ws__lines){0};
}

/* Reads more bytes behind those that are there. */
static ws_status fill(ws__lines *lines, ws_error *err) {
  size_t got, kept = lines->end - lines->at;
  if (kept && lines->at) memmove(lines->data, lines->data + lines->at, kept);
  lines->at = 0;
  lines->end = kept;
  size_t need = kept + READ_SIZE + WS_JSON_PADDING;
  if (!ws_grow(&lines->data, &lines->capacity, need, 1)) return ws_error_nomem(err);
  ws_status status =
      ws__input_read(lines->input, lines->data + kept, READ_SIZE, &got, err);
  lines->broken = status != WS_OK;
  if (status != WS_OK) return status;
  memset(lines->data + kept + got, 0, WS_JSON_PADDING);
  lines->waits = ws__input_waits(lines->input);
  lines->ended = got == 0 && !lines->waits;
  lines->end += got;
  return WS_OK;
}

/* The first bytes, without a byte-order mark: an input may give them one by one. */
static ws_status begin(ws__lines *lines, ws_error *err) {
  static const char mark[] = "\xEF\xBB\xBF";
  while (!lines->ended && !lines->waits && lines->end < 3 &&
         (lines->end == 0 || memcmp(lines->data, mark, lines->end) == 0))
    WS_TRY(fill(lines, err));
  if (lines->waits) return WS_OK;
  if (lines->end >= 3 && memcmp(lines->data, mark, 3) == 0) lines->at = 3;
  lines->begun = true;
  return WS_OK;
}

/* Makes [at, end) hold a whole line, or more than max_line bytes, or all that is left, or
 * what is there without waiting; *size is the length of the line, or of what there is. */
static ws_status find_end(ws__lines *lines, size_t *size, ws_error *err) {
  size_t seen = lines->seen;
  lines->seen = *size = 0;
  lines->waits = false;
  if (!lines->begun) WS_TRY(begin(lines, err));
  if (lines->waits) return WS_OK;
  for (;;) {
    size_t there = lines->end - lines->at;
    const char *from = lines->data + lines->at + seen;
    const char *newline = there > seen ? memchr(from, '\n', there - seen) : NULL;
    *size = newline ? (size_t)(newline - lines->data) - lines->at : there;
    if (newline || lines->ended || there > lines->max_line) return WS_OK;
    lines->seen = seen = there;
    WS_TRY(fill(lines, err));
    if (lines->waits) return WS_OK;
    lines->seen = 0;
  }
}

/* Passes over the rest of the line that was too long. */
static ws_status finish_skipping(ws__lines *lines, ws_error *err) {
  while (lines->skipping) {
    size_t size;
    WS_TRY(find_end(lines, &size, err));
    if (lines->waits) return WS_OK;
    bool whole = lines->at + size < lines->end || lines->ended;
    lines->at += size + (lines->at + size < lines->end);
    lines->skipping = !whole;
  }
  return WS_OK;
}

/* A file in UTF-16 has them from its beginning on. */
static ws_status nul_byte(const ws__lines *lines, ws_text line, ws_error *err) {
  bool little = line.size > 1 && line.data[1] == '\0';
  bool big = line.data[0] == '\0';
  bool marked = line.size > 1 && (memcmp(line.data, "\xFF\xFE", 2) == 0 ||
                                  memcmp(line.data, "\xFE\xFF", 2) == 0);
  if (lines->line > 1 || !(little || big || marked))
    return ws_error_set(err, WS_EPARSE, "a NUL byte: expected text in UTF-8");
  return ws_error_set(err, WS_EPARSE,
                      "expected text in UTF-8, found NUL bytes as in UTF-16 (iconv -f "
                      "%s -t UTF-8 FILE > NEW)",
                      marked   ? "UTF-16"
                      : little ? "UTF-16LE"
                               : "UTF-16BE");
}

ws_status ws__lines_next(ws__lines *lines, ws_text *line, bool *more, ws_error *err) {
  size_t size = 0;
  WS_TRY(finish_skipping(lines, err));
  if (!lines->skipping) WS_TRY(find_end(lines, &size, err));
  *more = !lines->waits && (size > 0 || lines->at < lines->end);
  if (!*more) return WS_OK;
  lines->line++;
  if (size > lines->max_line) {
    lines->skipping = true;
    return ws_error_set(err, WS_EPARSE,
                        "a line longer than %zu bytes (--max-line MB allows more)",
                        lines->max_line);
  }
  *line = (ws_text){lines->data + lines->at, size};
  lines->at += size + (lines->at + size < lines->end);
  if (size && memchr(line->data, '\0', size)) return nul_byte(lines, *line, err);
  return WS_OK;
}

ws_status ws__lines_peek(ws__lines *lines, char *first, ws_error *err) {
  size_t i = 0;
  *first = '\0';
  if (!lines->begun) WS_TRY(begin(lines, err));
  while (!lines->ended || i < lines->end - lines->at) {
    if (i == lines->end - lines->at) {
      if (i > lines->max_line) return WS_OK;
      WS_TRY(fill(lines, err));
      continue;
    }
    char c = lines->data[lines->at + i++];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    *first = c;
    return WS_OK;
  }
  return WS_OK;
}
