/* SPDX-License-Identifier: MIT
 *
 * Records to label, drawn at random. What words say that were dealt out blindly chooses
 * badly: labels of such records are of a few classes, and teach a classifier less than as
 * many of any records.
 */
#include <weaksup/alloc.h>

#include "next.h"

typedef struct drawing {
  next_run *n;
  bool *may; // [rows of the votes]
  uint64_t left_out;
  bool gold_counts; // as labels: not where all records have one
} drawing;

static ws_status look(void *user, size_t i, const ws_record *record, ws_error *err) {
  drawing *d = user;
  const next_run *n = d->n;
  (void)err;
  if (n->passed && n->passed[i]) return WS_OK;
  bool gold = d->gold_counts && ws_votes_row_gold(n->votes, i) != WS_ABSTAIN;
  d->may[i] = !gold && !(record && labelled_has(&d->n->labelled, record));
  d->left_out += !d->may[i];
  return WS_OK;
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

static ws_status take(const drawing *d, size_t most, next_records *out, ws_error *err) {
  size_t N = ws_votes_rows(d->n->votes), count;
  size_t *rows = ws_alloc_array(most < N ? most : N, sizeof *rows);
  if (!rows) return ws_error_nomem(err);
  ws_status status =
      ws_active_draw(d->n->votes, d->may, d->n->o->seed, most, rows, &count);
  status = status == WS_OK ? next_take(d->n, NULL, rows, count, out, err)
                           : ws_error_nomem(err);
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
  d.may = ws_alloc_zero(ws_votes_rows(n->votes), sizeof *d.may);
  if (!d.may) return ws_error_nomem(err);
  ws_status status = look_at_all(&d, err);
  if (status == WS_OK) status = take(&d, count, out, err);
  ws_free(d.may);
  return status;
}
