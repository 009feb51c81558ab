/* SPDX-License-Identifier: MIT
 *
 * Choosing records to label: three readings of the data, of which none keeps more than
 * the few texts that are needed.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/lf_report.h>

#include "dev_parts.h"
#include "next.h"
#include "say.h"

typedef struct choosing {
  next_run *n;
  ws_active *active;
  next_records *out;
  const char *by;   // what they are chosen by, CHOSEN_BY in what is written of them
  size_t *place;    // [count of the votes' rows] of a chosen record and 1; 0: not chosen
  bool gold_counts; // gold labels of the data, as labels: not where all records have one
} choosing;

bool next_by(const command *self, const options *o, ws_active_by *out) {
  *out = WS_ACTIVE_MIX;
  if (!o->by || ws_active_by_find(ws_text_of(o->by), out)) return true;
  return say_usage(self,
                   "--by: expected mix, entropy, margin, disagreement, evidence or "
                   "diverse, found '%s'",
                   o->by);
}

static ws_status count_gold(const next_run *n, next_records *out) {
  size_t K = ws_votes_classes(n->votes), M = ws_votes_lfs(n->votes);
  ws_lf_parameters p;
  out->gold_votes = ws_alloc_zero(M, sizeof *out->gold_votes);
  if (!out->gold_votes) return WS_ENOMEM;
  for (size_t i = 0; i < ws_label_model_lfs(n->model); i++) {
    int64_t j = ws_votes_find_lf(n->votes, ws_label_model_lf(n->model, i));
    for (size_t k = 0; j >= 0 && k < K; k++)
      if (ws_label_model_parameters(n->model, i, k, &p))
        out->gold_votes[j] += p.gold_votes;
  }
  return WS_OK;
}

static bool has_gold(const choosing *c, size_t i) {
  return c->gold_counts && ws_votes_row_gold(c->n->votes, i) != WS_ABSTAIN;
}

/* Gold labels of the data itself: where all records have one, it is there to measure
 * with. */
static void leave_out_gold(choosing *c) {
  const ws_votes *votes = c->n->votes;
  size_t N = ws_votes_rows(votes), with = 0;
  for (size_t i = 0; i < N; i++) with += ws_votes_row_gold(votes, i) != WS_ABSTAIN;
  c->gold_counts = with < N;
  for (size_t i = 0; i < N; i++) {
    if (!has_gold(c, i)) continue;
    ws_active_leave_out(c->active, i);
    c->out->left_out++;
  }
}

static ws_status look(void *user, size_t i, const ws_record *record, ws_error *err) {
  choosing *c = user;
  if (c->n->passed && c->n->passed[i]) {
    ws_active_leave_out(c->active, i);
    return WS_OK;
  }
  if (labelled_has(&c->n->labelled, record)) {
    ws_active_leave_out(c->active, i);
    c->out->left_out += !has_gold(c, i); // or it is counted
    return WS_OK;
  }
  if (!c->n->predictor) return WS_OK;
  WS_TRY(next_predict(c->n, record, err));
  return ws_active_probs(c->active, i, c->n->probs) == WS_OK ? WS_OK
                                                             : ws_error_nomem(err);
}

static ws_status take_text(void *user, size_t i, const ws_record *record, ws_error *err) {
  choosing *c = user;
  ws_status status = ws_active_text(c->active, i, record->text);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* Whoever reads the record later can tell that it is no fair sample. */
static ws_status put_line(ws_buffer *out, ws_value fields, const char *by) {
  ws_json_writer json = {.out = out};
  ws_value_iter it = ws_value_each(fields);
  ws_text name;
  ws_value value;
  ws_json_open(&json, '{');
  while (ws_value_next(&it, &name, &value)) {
    if (ws_text_equals(name, CHOSEN_BY)) continue;
    ws_json_key_text(&json, name);
    ws_json_value(&json, value);
  }
  if (by) ws_json_key(&json, CHOSEN_BY);
  if (by) ws_json_string(&json, by);
  ws_json_close(&json, '}');
  return json.status;
}

static ws_status keep(void *user, size_t i, const ws_record *record, ws_error *err) {
  choosing *c = user;
  if (!c->place[i]) return WS_OK;
  next_record *item = &c->out->items[c->place[i] - 1];
  bool fine = put_line(&item->line, record->fields, c->by) == WS_OK &&
              ws_buffer_text(&item->text, record->text) == WS_OK;
  return fine ? WS_OK : ws_error_nomem(err);
}

static ws_status read_data(choosing *c, run_data_fn fn, ws_error *err) {
  next_run *n = c->n;
  if (!n->data.path.size) return WS_OK;
  return run_data_each(&n->data, n->task, n->votes, &n->how, fn, c, err);
}

static ws_status list_picks(choosing *c, const ws_active_pick *picks, size_t count) {
  const ws_votes *votes = c->n->votes;
  c->place = ws_alloc_zero(ws_votes_rows(votes), sizeof *c->place);
  c->out->items = ws_alloc_zero(count, sizeof *c->out->items);
  if (!c->place || !c->out->items) return WS_ENOMEM;
  c->out->count = count;
  for (size_t i = 0; i < count; i++) {
    char digits[24];
    ws_text id = ws_votes_row_id(votes, picks[i].row, digits);
    c->out->items[i].pick = picks[i];
    c->place[picks[i].row] = i + 1;
    WS_TRY(ws_buffer_text(&c->out->items[i].id, id));
  }
  return WS_OK;
}

static ws_status run_steps(choosing *c, ws_error *err) {
  const size_t *rows;
  const ws_active_pick *picks;
  size_t count = 0;
  leave_out_gold(c);
  WS_TRY(read_data(c, look, err));
  if (ws_active_shortlist(c->active, &rows, &count) != WS_OK) return ws_error_nomem(err);
  WS_TRY(read_data(c, take_text, err));
  bool fine = ws_active_choose(c->active, &picks, &count) == WS_OK &&
              list_picks(c, picks, count) == WS_OK;
  return fine ? read_data(c, keep, err) : ws_error_nomem(err);
}

ws_status next_choose(next_run *n, ws_active_by by, size_t count, next_records *out,
                      ws_error *err) {
  choosing c = {.n = n, .out = out, .by = ws_active_by_name(by)};
  if (next_draws(n)) return next_draw(n, count, out, err);
  ws_active_options how = ws_active_options_default();
  *out = (next_records){0};
  if (count_gold(n, out) != WS_OK) return ws_error_nomem(err);
  how.by = by;
  how.count = count;
  how.seed = n->o->seed;
  how.gold_votes = out->gold_votes;
  ws_status status = ws_active_new(n->votes, n->labels, &how, &c.active);
  status = status == WS_OK ? run_steps(&c, err) : ws_error_nomem(err);
  ws_active_free(c.active);
  ws_free(c.place);
  return status;
}

ws_status next_take(next_run *n, const char *by, const size_t *rows, size_t count,
                    next_records *out, ws_error *err) {
  choosing c = {.n = n, .out = out, .by = by};
  *out = (next_records){0};
  ws_active_pick *picks = ws_alloc_zero(count, sizeof *picks);
  if (!picks) return ws_error_nomem(err);
  for (size_t i = 0; i < count; i++)
    picks[i] = (ws_active_pick){.row = rows[i], .lf = -1};
  ws_status status = list_picks(&c, picks, count);
  status = status == WS_OK ? read_data(&c, keep, err) : ws_error_nomem(err);
  ws_free(picks);
  ws_free(c.place);
  return status;
}

void next_records_clear(next_records *r) {
  for (size_t i = 0; i < r->count; i++) {
    ws_buffer_clear(&r->items[i].id);
    ws_buffer_clear(&r->items[i].text);
    ws_buffer_clear(&r->items[i].line);
  }
  ws_free(r->items);
  ws_free(r->gold_votes);
}
