/* SPDX-License-Identifier: MIT
 *
 * The records to label next, for people and for programs.
 */
#include <stdio.h>
#include <string.h>

#include "members.h"
#include "next.h"
#include "quote.h"
#include "say.h"
#include "table.h"
#include "terminal.h"

enum { ID_COLUMNS = 24, TEXT_COLUMNS = 100 };

/* The LFs that are to be decided about and vote on the record. */
static ws_pattern undecided(const next_run *n, size_t row) {
  return ws_votes_pattern(n->unproven, ws_votes_row_pattern(n->unproven, row));
}

static ws_status put_undecided(const next_run *n, size_t row, ws_buffer *out) {
  ws_pattern p = undecided(n, row);
  size_t lf = p.columns[0] / ws_votes_classes(n->unproven);
  WS_TRY(
      ws_buffer_printf(out, "decides %.*s", WS_TEXT_ARG(ws_votes_lf(n->unproven, lf))));
  return p.size > 1 ? ws_buffer_printf(out, " + %zu", p.size - 1) : WS_OK;
}

static const char *name_of(const next_run *n, ws_active_by by) {
  return n->unproven ? "unproven" : next_draws(n) ? "random" : ws_active_by_name(by);
}

static ws_status put_why(const next_run *n, const next_records *r,
                         const ws_active_pick *pick, ws_buffer *out) {
  if (n->unproven) return put_undecided(n, pick->row, out);
  if (next_draws(n)) return ws_buffer_string(out, "drawn at random");
  ws_pattern pattern =
      ws_votes_pattern(n->votes, ws_votes_row_pattern(n->votes, pick->row));
  switch (pick->by) {
  case WS_ACTIVE_EVIDENCE: {
    ws_text lf = ws_votes_lf(n->votes, (size_t)pick->lf);
    unsigned long long gold = (unsigned long long)r->gold_votes[pick->lf];
    WS_TRY(ws_buffer_printf(out, "evidence for %.*s", WS_TEXT_ARG(lf)));
    if (pattern.size > 1) WS_TRY(ws_buffer_printf(out, " + %zu", pattern.size - 1));
    return ws_buffer_printf(out, " (gold votes: %llu)", gold);
  }
  case WS_ACTIVE_DISAGREEMENT:
    return ws_buffer_printf(out, "%zu LFs disagree (%.2f)", pattern.size, pick->score);
  case WS_ACTIVE_DIVERSE:
    return ws_buffer_printf(out, "new words (%.2f)", pick->score);
  default:
    return ws_buffer_printf(out, "unsure (%s %.2f)", ws_active_by_name(pick->by),
                            pick->score);
  }
}

/* What is left of a line for the texts. */
static ws_status find_columns(const next_run *n, const next_records *r, size_t *out) {
  size_t width = terminal_columns(), taken = strlen("why"), ids = strlen("id");
  ws_buffer cell = {0};
  ws_status status = WS_OK;
  *out = TEXT_COLUMNS;
  for (size_t i = 0; i < r->count && width && status == WS_OK; i++) {
    size_t id = ws_text_width(ws_buffer_as_text(&r->items[i].id));
    cell.size = 0;
    status = put_why(n, r, &r->items[i].pick, &cell);
    size_t why = ws_text_width(ws_buffer_as_text(&cell));
    if (why > taken) taken = why;
    if (id > ids) ids = id < ID_COLUMNS ? id : ID_COLUMNS;
  }
  ws_buffer_clear(&cell);
  if (width && width <= taken + ids + 26) taken = 0; // then it is left out
  if (width) *out = width > taken + ids + 26 ? width - taken - ids - 6 : 20;
  return status;
}

static ws_status put_row(const next_run *n, const next_records *r, size_t i,
                         size_t columns, ws_buffer *cell, table *t) {
  const next_record *item = &r->items[i];
  cell->size = 0;
  WS_TRY(quote(cell, ws_buffer_as_text(&item->id), ID_COLUMNS));
  table_cell(t, "%.*s", (int)(cell->size - 2), cell->data + 1);
  cell->size = 0;
  WS_TRY(put_why(n, r, &item->pick, cell));
  table_cell(t, "%s", cell->data);
  cell->size = 0;
  if (n->data.path.size) WS_TRY(quote(cell, ws_buffer_as_text(&item->text), columns));
  table_cell(t, "%s", cell->size ? cell->data : "");
  return WS_OK;
}

static int print_table(const next_run *n, const next_records *r) {
  static const bool right[] = {false, false, false};
  static const unsigned char give_up[] = {0, 1, 0};
  table t = {.columns = 3, .right = right, .give_up = give_up};
  ws_buffer cell = {0};
  size_t columns;
  ws_status status = find_columns(n, r, &columns);
  table_cell(&t, "id");
  table_cell(&t, "why");
  table_cell(&t, "text");
  for (size_t i = 0; i < r->count && status == WS_OK; i++)
    status = put_row(n, r, i, columns, &cell, &t);
  t.failed = t.failed || status != WS_OK;
  bool fine = table_print(&t);
  ws_buffer_clear(&cell);
  ws_error err = {WS_ENOMEM, "out of memory"};
  return fine ? EXIT_DONE : say_failure(&err);
}

static void put_reason(ws_json_writer *json, const next_run *n,
                       const ws_active_pick *pick) {
  ws_pattern p = n->unproven ? undecided(n, pick->row) : (ws_pattern){0};
  size_t K = ws_votes_classes(n->votes);
  json_put_string(json, "by", name_of(n, pick->by));
  json_put_number(json, "score",
                  n->unproven ? (double)p.size / (double)ws_votes_lfs(n->unproven)
                              : pick->score);
  ws_json_key(json, "lf");
  if (p.size)
    ws_json_text(json, ws_votes_lf(n->unproven, p.columns[0] / K));
  else if (pick->lf < 0)
    ws_json_null(json);
  else
    ws_json_text(json, ws_votes_lf(n->votes, (size_t)pick->lf));
}

static void put_record(ws_json_writer *json, const next_run *n, const next_record *item) {
  size_t u = ws_votes_row_pattern(n->votes, item->pick.row);
  size_t K = ws_votes_classes(n->votes);
  const double *probs = ws_labels_get(n->labels, u);
  ws_json_open(json, '{');
  json_put_text(json, "id", ws_buffer_as_text(&item->id));
  json_put_uint(json, "row", ws_votes_row_number(n->votes, item->pick.row));
  put_reason(json, n, &item->pick);
  json_put_uint(json, "votes", ws_votes_pattern(n->votes, u).size);
  ws_json_key(json, "probs");
  ws_json_open(json, '{');
  for (size_t k = 0; k < K; k++) {
    ws_json_key_text(json, ws_votes_class(n->votes, k));
    ws_json_number(json, probs[k]);
  }
  ws_json_close(json, '}');
  ws_json_key(json, "text");
  if (n->data.path.size)
    ws_json_text(json, ws_buffer_as_text(&item->text));
  else
    ws_json_null(json);
  ws_json_close(json, '}');
}

static int print_json(const next_run *n, const next_records *r, ws_active_by by) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_string(&json, "by", name_of(n, by));
  json_put_uint(&json, "labelled", r->left_out);
  ws_json_key(&json, "records");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < r->count; i++) put_record(&json, n, &r->items[i]);
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return json_print(&json);
}

int next_print_records(const next_run *n, const next_records *r, ws_active_by by) {
  if (n->o->json) return print_json(n, r, by);
  return n->o->quiet ? EXIT_DONE : print_table(n, r);
}
