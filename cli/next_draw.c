/* SPDX-License-Identifier: MIT
 *
 * Records to label, drawn at random. What words say that were dealt out blindly chooses
 * badly: labels of such records are of a few classes, and teach a classifier less than as
 * many of any records.
 */
#include <stdlib.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "next.h"

typedef struct ticket {
  uint64_t number;
  size_t row;
} ticket;

typedef struct drawing {
  next_run *n;
  ticket *tickets; // [count]
  size_t count;
  uint64_t left_out;
  bool gold_counts; // as labels: not where all records have one
} drawing;

static ws_status look(void *user, size_t i, const ws_record *record, ws_error *err) {
  drawing *d = user;
  const next_run *n = d->n;
  char digits[24];
  (void)err;
  if (n->passed && n->passed[i]) return WS_OK;
  bool gold = d->gold_counts && ws_votes_row_gold(n->votes, i) != WS_ABSTAIN;
  if (gold || (record && labelled_has(&d->n->labelled, record))) {
    d->left_out++;
    return WS_OK;
  }
  ws_text id = ws_votes_row_id(n->votes, i, digits);
  d->tickets[d->count++] = (ticket){ws_hash64(id.data, id.size, n->o->seed), i};
  return WS_OK;
}

static int by_number(const void *a, const void *b) {
  const ticket *x = a, *y = b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static ws_status look_at_all(drawing *d, ws_error *err) {
  next_run *n = d->n;
  size_t N = ws_votes_rows(n->votes), gold = 0;
  for (size_t i = 0; i < N; i++) gold += ws_votes_row_gold(n->votes, i) != WS_ABSTAIN;
  d->gold_counts = gold < N;
  if (n->data.path.size)
    return run_data_each(&n->data, n->task, n->votes, &n->how, look, d, err);
  for (size_t i = 0; i < N; i++) WS_TRY(look(d, i, NULL, err));
  return WS_OK;
}

static ws_status take(drawing *d, size_t most, next_records *out, ws_error *err) {
  size_t count = d->count < most ? d->count : most;
  size_t *rows = ws_alloc_zero(count, sizeof *rows);
  if (!rows) return ws_error_nomem(err);
  if (d->count) qsort(d->tickets, d->count, sizeof *d->tickets, by_number);
  for (size_t i = 0; i < count; i++) rows[i] = d->tickets[i].row;
  ws_status status = next_take(d->n, NULL, rows, count, out, err);
  out->left_out = d->left_out;
  ws_free(rows);
  return status;
}

bool next_draws(const next_run *n) {
  return n->unread && !n->o->by && !n->unproven;
}

ws_status next_draw(next_run *n, size_t count, next_records *out, ws_error *err) {
  drawing d = {.n = n};
  *out = (next_records){0};
  d.tickets = ws_alloc_array(ws_votes_rows(n->votes), sizeof *d.tickets);
  if (!d.tickets) return ws_error_nomem(err);
  ws_status status = look_at_all(&d, err);
  if (status == WS_OK) status = take(&d, count, out, err);
  ws_free(d.tickets);
  return status;
}
