/* SPDX-License-Identifier: MIT
 *
 * Word vectors as text. GloVe's files have no header, and some of their words hold blanks
 * (". . ."), so a line is read from its end: the numbers are the last `dimensions` of its
 * parts, and what stands before is the word. A number too many shows in that the word's
 * last part is one.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "lines.h"
#include "word_vectors_priv.h"

enum { LONGEST_LINE = 1 << 20 };

typedef struct reader {
  const char *name;
  char *own_name;
  ws__lines lines;
  ws_text first; // a line that is still to be given out; {NULL, 0}: none
  size_t dimensions;
  uint64_t expected; // words, by the header; 0: there is none
  uint64_t seen;
} reader;

static ws_status at_line(const reader *r, ws_status status, ws_error *err) {
  if (status == WS_EPARSE)
    ws_error_prefix(err, "%s:%llu: ", r->name, (unsigned long long)r->lines.line);
  else if (status == WS_EIO && r->lines.broken)
    ws_error_prefix(err, "%s: ", r->name);
  return status;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

static void trim(ws_text *line) {
  while (line->size > 0 && is_blank(line->data[line->size - 1])) line->size--;
}

/* Cuts the last part off the line, with the blanks before it; the part is the whole line
 * where there is no blank. */
static ws_text cut_last(ws_text *line) {
  size_t at = line->size;
  while (at > 0 && !is_blank(line->data[at - 1])) at--;
  ws_text part = {line->data + at, line->size - at};
  line->size = at;
  trim(line);
  return part;
}

/* --- the beginning ------------------------------------------------------------------ */

static size_t count_parts(ws_text line) {
  size_t count = 0;
  for (; line.size > 0; count++) (void)cut_last(&line);
  return count;
}

static ws_status check_dimensions(const reader *r, ws_error *err) {
  if (r->dimensions >= 1 && r->dimensions <= WS_MAX_VECTOR_DIMENSIONS) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "expected a word and 1 to %d numbers, or how many words and "
                      "dimensions there are, found %zu numbers",
                      (int)WS_MAX_VECTOR_DIMENSIONS, r->dimensions);
}

/* "11925 25", or the first word. */
static ws_status take_first(reader *r, ws_text line, ws_error *err) {
  uint64_t dimensions;
  ws_text rest = line, last = cut_last(&rest);
  if (rest.size > 0 && !memchr(rest.data, ' ', rest.size) &&
      ws_text_to_index(last, &dimensions) && ws_text_to_index(rest, &r->expected)) {
    r->dimensions = dimensions <= WS_MAX_VECTOR_DIMENSIONS ? (size_t)dimensions : 0;
    if (r->expected > 0 && r->dimensions > 0) return WS_OK;
    return ws_error_set(err, WS_EPARSE,
                        "expected a number of words and one of 1 to %d dimensions, found "
                        "'%.*s'",
                        (int)WS_MAX_VECTOR_DIMENSIONS, WS_TEXT_ARG(line));
  }
  r->expected = 0;
  r->first = line;
  size_t parts = count_parts(line);
  r->dimensions = parts ? parts - 1 : 0;
  return check_dimensions(r, err);
}

static ws_status begin(reader *r, ws_error *err) {
  ws_text line;
  bool more;
  WS_TRY(at_line(r, ws__lines_next(&r->lines, &line, &more, err), err));
  if (!more)
    return ws_error_set(err, WS_EPARSE, "%s: expected word vectors, found an empty file",
                        r->name);
  trim(&line);
  return at_line(r, take_first(r, line, err), err);
}

static void reader_close(void *state) {
  reader *r = state;
  if (!r) return;
  ws__lines_close(&r->lines);
  ws_free(r->own_name);
  ws_free(r);
}

static ws_status reader_open(const char *name, const ws_text *memory, void **state,
                             size_t *dimensions, ws_error *err) {
  reader *r = ws_alloc_zero(1, sizeof *r);
  if (!r) return ws_error_nomem(err);
  size_t size = strlen(name) + 1;
  r->own_name = ws_alloc(size);
  ws_status status = r->own_name ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) {
    memcpy(r->own_name, name, size);
    r->name = ws__input_name(r->own_name);
    status = ws__lines_open(&r->lines, r->own_name, memory, LONGEST_LINE,
                            (ws_progress_sink){0}, err);
  }
  if (status == WS_OK) status = begin(r, err);
  *dimensions = r->dimensions;
  if (status == WS_OK)
    *state = r;
  else
    reader_close(r);
  return status;
}

/* --- words -------------------------------------------------------------------------- */

static ws_status wrong_count(const reader *r, size_t found, ws_error *err) {
  return ws_error_set(err, WS_EPARSE, "expected a word and %zu numbers, found %zu",
                      r->dimensions, found);
}

static ws_status take_number(ws_text part, float *out, ws_error *err) {
  double number;
  if (!ws_text_to_double(part, &number))
    return ws_error_set(err, WS_EPARSE, "expected a number, found '%.*s'",
                        WS_TEXT_ARG(part));
  if (fabs(number) > (double)FLT_MAX)
    return ws_error_set(err, WS_EPARSE,
                        "expected a number of at most 3.4e38, found '%.*s'",
                        WS_TEXT_ARG(part));
  *out = (float)number;
  return WS_OK;
}

/* Whether there are numbers behind the first part of what should be a word. */
static bool has_more_numbers(ws_text word) {
  double number;
  ws_text last = cut_last(&word);
  return word.size > 0 && ws_text_to_double(last, &number);
}

static ws_status take_word(const reader *r, ws_text line, ws_text *word, float *numbers,
                           ws_error *err) {
  size_t parts = count_parts(line);
  if (parts < r->dimensions + 1) return wrong_count(r, parts ? parts - 1 : 0, err);
  for (size_t d = r->dimensions; d-- > 0;)
    WS_TRY(take_number(cut_last(&line), &numbers[d], err));
  if (has_more_numbers(line)) return wrong_count(r, parts - 1, err);
  *word = line;
  return WS_OK;
}

static ws_status next_line(reader *r, ws_text *line, bool *more, ws_error *err) {
  if (r->first.data) {
    *line = r->first;
    r->first = (ws_text){NULL, 0};
    *more = true;
    return WS_OK;
  }
  WS_TRY(at_line(r, ws__lines_next(&r->lines, line, more, err), err));
  trim(line);
  return WS_OK;
}

/* As many words as the header says. */
static ws_status check_end(const reader *r, ws_error *err) {
  if (r->expected == 0 || r->seen == r->expected) return WS_OK;
  return ws_error_set(
      err, WS_EPARSE, "%s: expected %llu words, as its first line says, found %llu",
      r->name, (unsigned long long)r->expected, (unsigned long long)r->seen);
}

static bool is_usable(ws_text word) {
  return word.size > 0 && !memchr(word.data, ' ', word.size) && ws_utf8_valid(word);
}

static ws_status reader_next(void *state, ws_text *word, float *numbers, bool *more,
                             ws_error *err) {
  reader *r = state;
  ws_text line = {NULL, 0};
  do {
    WS_TRY(next_line(r, &line, more, err));
    if (!*more) return check_end(r, err);
    WS_TRY(at_line(r, take_word(r, line, word, numbers, err), err));
    r->seen++;
  } while (!is_usable(*word));
  return WS_OK;
}

const ws__vectors_format ws__vectors_text = {reader_open, reader_next, reader_close};
