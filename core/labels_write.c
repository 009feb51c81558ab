/* SPDX-License-Identifier: MIT
 *
 * Writing probabilistic labels as JSON Lines and CSV. What follows a record's id depends
 * on its pattern alone, so it is made once for runs of records that share it.
 */
#include <weaksup/labels.h>

#include <weaksup/alloc.h>
#include <weaksup/csv.h>
#include <weaksup/json.h>

#include "label_line.h"
#include "votes_priv.h"

enum { PIECE = 1 << 16 };

typedef struct maker {
  const ws_labels *labels;
  const ws_votes *votes;
  ws_labels_format format;
  ws_buffer text, tail;
  size_t tail_pattern; // whose tail it is; SIZE_MAX: none yet
} maker;

static ws__label_line line_of(const maker *m, size_t u) {
  const double *probs = ws_labels_get(m->labels, u);
  size_t classes = ws_votes_classes(m->votes);
  bool covered = ws_votes_pattern(m->votes, u).size > 0;
  return (ws__label_line){m->votes->classes.items, classes,
                          covered ? ws_probs_argmax(probs, classes) : WS_ABSTAIN, probs};
}

/* ,"label":...,"probs":{...},"votes":{...}} */
static ws_status json_tail(maker *m, size_t u) {
  ws__label_line line = line_of(m, u);
  ws_pattern pattern = ws_votes_pattern(m->votes, u);
  ws_json_writer json = {.out = &m->tail, .depth = 1};
  ws__label_json(&json, &line);
  ws_json_key(&json, "votes");
  ws_json_open(&json, '{');
  for (size_t i = 0; i < pattern.size; i++) {
    ws_json_key_text(&json, ws_votes_lf(m->votes, pattern.columns[i] / line.classes));
    ws_json_text(&json, ws_votes_class(m->votes, pattern.columns[i] % line.classes));
  }
  ws_json_close(&json, '}');
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(&m->tail, "\n") : json.status;
}

/* ,label,p,p,...,votes */
static ws_status csv_tail(maker *m, size_t u) {
  ws__label_line line = line_of(m, u);
  WS_TRY(ws__label_cells(&m->tail, &line));
  return ws_buffer_printf(&m->tail, ",%zu\n", ws_votes_pattern(m->votes, u).size);
}

static ws_status make_tail(maker *m, size_t u) {
  if (u == m->tail_pattern) return WS_OK;
  m->tail.size = 0;
  m->tail_pattern = SIZE_MAX;
  WS_TRY(m->format == WS_LABELS_JSONL ? json_tail(m, u) : csv_tail(m, u));
  m->tail_pattern = u;
  return WS_OK;
}

static ws_status put_record(maker *m, size_t i) {
  char digits[24];
  ws_text id = ws_votes_row_id(m->votes, i, digits);
  WS_TRY(make_tail(m, ws_votes_row_pattern(m->votes, i)));
  if (m->format == WS_LABELS_CSV) {
    WS_TRY(ws_csv_cell(&m->text, id));
  } else {
    ws_json_writer json = {.out = &m->text};
    ws_json_open(&json, '{');
    ws_json_key(&json, "id");
    ws_json_text(&json, id);
    WS_TRY(json.status);
  }
  return ws_buffer_text(&m->text, ws_buffer_as_text(&m->tail));
}

static ws_status put_csv_header(maker *m) {
  const ws__names *classes = &m->votes->classes;
  WS_TRY(ws__label_header(&m->text, classes->items, classes->count));
  return ws_buffer_string(&m->text, ",votes\n");
}

static ws_status write_all(maker *m, size_t first, size_t end, ws_write_fn write,
                           void *user, ws_error *err) {
  if (m->format == WS_LABELS_CSV && first == 0 && put_csv_header(m) != WS_OK)
    return ws_error_nomem(err);
  for (size_t i = first; i < end; i++) {
    if (put_record(m, i) != WS_OK) return ws_error_nomem(err);
    if (m->text.size < PIECE) continue;
    WS_TRY(write(user, ws_buffer_as_text(&m->text), err));
    m->text.size = 0;
  }
  return m->text.size ? write(user, ws_buffer_as_text(&m->text), err) : WS_OK;
}

ws_status ws_labels_write(const ws_labels *labels, const ws_votes *votes,
                          ws_labels_format format, size_t first, size_t count,
                          ws_write_fn write, void *user, ws_error *err) {
  maker m = {labels, votes, format, {0}, {0}, SIZE_MAX};
  size_t rows = ws_votes_rows(votes);
  if (first > rows) first = rows;
  size_t end = count < rows - first ? first + count : rows;
  ws_status status = write_all(&m, first, end, write, user, err);
  ws_buffer_clear(&m.text);
  ws_buffer_clear(&m.tail);
  return status;
}
