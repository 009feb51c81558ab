/* SPDX-License-Identifier: MIT
 *
 * Reading and appending to the journal of the active loop.
 */
#include "active_journal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "members.h"
#include "run_folder.h"

#define FORMAT "weaksup active"

void journal_clear(active_journal *j) {
  label_output_close(&j->file);
  ws_buffer_clear(&j->path);
  ws_buffer_clear(&j->dev);
  ws_free(j->rounds);
  active_rows_clear(&j->asked);
  active_rows_clear(&j->batch);
  *j = (active_journal){.torn = SIZE_MAX, .twice = SIZE_MAX, .file = {.fd = -1}};
}

static uint64_t hash_of(ws_text id) {
  return ws_hash64(id.data, id.size, 0);
}

/* As a journal has them: no record twice. */
static ws_status rows_take(active_journal *j, active_rows *rows, size_t row, uint64_t id,
                           bool none, bool *valid) {
  *valid = !active_rows_have(rows, row);
  if (*valid) return active_rows_add(rows, (active_row){row, id, none});
  j->twice = row;
  return WS_OK;
}

uint64_t journal_skipped(const active_journal *j) {
  uint64_t count = 0;
  for (size_t i = 0; i < j->asked.count; i++) count += j->asked.items[i].none;
  return count;
}

/* --- reading ------------------------------------------------------------------------ */

static active_score read_score(ws_value line, const char *name) {
  bool valid = true;
  ws_value score = ws_value_get(line, ws_text_of(name));
  active_score out = {(double)NAN, (double)NAN};
  if (!score.at || !ws_value_is(score, WS_OBJECT)) return out;
  out.accuracy = member_number(score, "accuracy", &valid);
  out.log_loss = member_number(score, "log_loss", &valid);
  return out;
}

static ws_status take_round(active_journal *j, ws_value line, bool *valid) {
  active_round r = {.label_model = read_score(line, "label_model"),
                    .classifier = read_score(line, "classifier")};
  r.round = member_count(line, "round", valid);
  r.labels = member_count(line, "labels", valid);
  r.asked = member_count(line, "asked", valid);
  r.n = member_count(line, "n", valid);
  ws_text set = member_text(line, "set", valid);
  if (set.size >= sizeof r.set) *valid = false;
  if (!*valid) return WS_OK;
  memcpy(r.set, set.data, set.size);
  if (!ws_grow(&j->rounds, &j->round_capacity, j->round_count + 1, sizeof *j->rounds))
    return WS_ENOMEM;
  j->rounds[j->round_count++] = r;
  active_rows_empty(&j->batch);
  return WS_OK;
}

static ws_status take_batch(active_journal *j, ws_value rows, bool *valid) {
  ws_text key;
  ws_value item;
  active_rows_empty(&j->batch);
  for (ws_value_iter it = ws_value_each(rows); ws_value_next(&it, &key, &item);) {
    if (!ws_value_is(item, WS_OBJECT)) *valid = false;
    if (!*valid) return WS_OK;
    size_t row = (size_t)member_count(item, "row", valid);
    ws_text id = member_text(item, "id", valid);
    if (*valid) WS_TRY(rows_take(j, &j->batch, row, hash_of(id), false, valid));
  }
  return WS_OK;
}

static ws_status take_answer(active_journal *j, ws_value line, bool *valid) {
  size_t row = (size_t)member_count(line, "answer", valid);
  ws_text id = member_text(line, "id", valid);
  ws_value label = ws_value_get(line, ws_text_of("label"));
  bool none = ws_value_type(label) == WS_NULL;
  return *valid ? rows_take(j, &j->asked, row, hash_of(id), none, valid) : WS_OK;
}

static void take_undo(active_journal *j, ws_value line, bool *valid) {
  size_t row = (size_t)member_count(line, "undo", valid);
  if (*valid) active_rows_drop(&j->asked, row);
}

static bool has(ws_value line, const char *name) {
  return ws_value_get(line, ws_text_of(name)).at != NULL;
}

static ws_status take_line(active_journal *j, ws_value line, bool *valid) {
  if (!ws_value_is(line, WS_OBJECT)) *valid = false;
  if (!*valid) return WS_OK;
  if (has(line, "format")) {
    *valid = ws_text_equals(member_text(line, "format", valid), FORMAT) &&
             member_count(line, "version", valid) == 1;
    ws_text dev = member_text(line, "dev", valid);
    j->dev.size = 0;
    return *valid ? ws_buffer_text(&j->dev, dev) : WS_OK;
  }
  if (has(line, "round")) return take_round(j, line, valid);
  if (has(line, "batch"))
    return take_batch(j, member_of(line, "batch", WS_ARRAY, valid), valid);
  if (has(line, "answer")) return take_answer(j, line, valid);
  if (has(line, "undo"))
    take_undo(j, line, valid);
  else
    *valid = false;
  return WS_OK;
}

/* A last line without an end is half a one: it is cut off before the next, which would
 * make it whole. */
static ws_status wrong_line(active_journal *j, size_t number, bool whole, size_t offset,
                            ws_error *err) {
  if (!whole) {
    j->torn = offset;
    return WS_OK;
  }
  char found[64] = "something else";
  if (j->twice != SIZE_MAX)
    snprintf(found, sizeof found, "the record of row %zu a second time", j->twice);
  return ws_error_set(err, WS_EPARSE,
                      "%s:%zu: expected a line of the journal of `weaksup active`, found "
                      "%s: give another --out, or remove the file to begin anew (labels "
                      "that are in the dev set count all the same)",
                      j->path.data, number, found);
}

static ws_status read_lines(active_journal *j, const ws_buffer *bytes,
                            ws_json_parser *parser, ws_error *err) {
  ws_buffer value = {0};
  ws_status status = WS_OK;
  const char *at = bytes->data, *end = at + bytes->size;
  for (size_t number = 1; status == WS_OK && at < end; number++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    bool valid, whole = stop != NULL;
    if (!stop) stop = end;
    value.size = 0;
    valid =
        ws_json_parse(parser, (ws_text){at, (size_t)(stop - at)}, &value, NULL) == WS_OK;
    if (valid) {
      ws_value line = {(const unsigned char *)value.data};
      if (take_line(j, line, &valid) != WS_OK) status = ws_error_nomem(err);
    }
    if (status == WS_OK && !valid)
      status = wrong_line(j, number, whole, (size_t)(at - bytes->data), err);
    at = stop + 1;
  }
  ws_buffer_clear(&value);
  return status;
}

ws_status journal_read(active_journal *j, const char *run, ws_error *err) {
  ws_buffer bytes = {0};
  ws_json_parser *parser = NULL;
  *j = (active_journal){.torn = SIZE_MAX, .twice = SIZE_MAX, .file = {.fd = -1}};
  if (ws_buffer_printf(&j->path, "%s/%s", run, RUN_ACTIVE) != WS_OK)
    return ws_error_nomem(err);
  if (!run_has(run, RUN_ACTIVE)) return WS_OK;
  WS_TRY(label_output_check(j->path.data, err)); // waits for a line on its way
  ws_status status = ws_input_file(j->path.data, (size_t)1 << 30, &bytes, err);
  if (status == WS_OK && ws_json_parser_new(&parser) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK) status = read_lines(j, &bytes, parser, err);
  if (status != WS_OK) { // nothing goes on from there
    active_rows_empty(&j->asked);
    j->round_count = 0;
  }
  ws_json_parser_free(parser);
  ws_buffer_clear(&bytes);
  return status;
}

/* --- writing ------------------------------------------------------------------------ */

/* The file is another one after each fit. */
static ws_status append(active_journal *j, ws_json_writer *json, ws_error *err) {
  ws_status status = json->status == WS_OK ? WS_OK : ws_error_nomem(err);
  if (j->torn != SIZE_MAX && truncate(j->path.data, (off_t)j->torn) != 0)
    status = ws_error_set(err, WS_EIO, "%s: cannot cut off half a line: %s", j->path.data,
                          strerror(errno));
  j->torn = SIZE_MAX;
  if (status == WS_OK) status = label_output_open(&j->file, j->path.data, err);
  if (status == WS_OK)
    status = label_output_line(&j->file, ws_buffer_as_text(json->out), err);
  label_output_close(&j->file);
  ws_buffer_clear(json->out);
  return status;
}

ws_status journal_begin(active_journal *j, const char *dev, const options *o,
                        ws_error *err) {
  ws_buffer line = {0};
  ws_json_writer json = {.out = &line};
  ws_json_open(&json, '{');
  json_put_string(&json, "format", FORMAT);
  json_put_uint(&json, "version", 1);
  json_put_string(&json, "oracle", o->oracle);
  json_put_string(&json, "dev", dev);
  json_put_uint(&json, "seed", o->seed);
  ws_json_close(&json, '}');
  j->dev.size = 0;
  if (ws_buffer_string(&j->dev, dev) != WS_OK) json.status = WS_ENOMEM;
  return append(j, &json, err);
}

ws_status journal_batch(active_journal *j, const ws_votes *votes,
                        const next_records *chosen, ws_error *err) {
  ws_buffer line = {0};
  ws_json_writer json = {.out = &line};
  char digits[24];
  active_rows_empty(&j->batch);
  ws_json_open(&json, '{');
  ws_json_key(&json, "batch");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < chosen->count; i++) {
    size_t row = chosen->items[i].pick.row;
    ws_text id = ws_votes_row_id(votes, row, digits);
    ws_json_open(&json, '{');
    json_put_uint(&json, "row", row);
    json_put_text(&json, "id", id);
    ws_json_close(&json, '}');
    if (active_rows_add(&j->batch, (active_row){row, hash_of(id), false}) != WS_OK)
      json.status = WS_ENOMEM;
  }
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return append(j, &json, err);
}

ws_status journal_answer(active_journal *j, size_t row, ws_text id, ws_text label,
                         bool undone, ws_error *err) {
  ws_buffer line = {0};
  ws_json_writer json = {.out = &line};
  ws_json_open(&json, '{');
  json_put_uint(&json, undone ? "undo" : "answer", row);
  json_put_text(&json, "id", id);
  if (!undone) ws_json_key(&json, "label");
  if (!undone && label.size)
    ws_json_text(&json, label);
  else if (!undone)
    ws_json_null(&json);
  ws_json_close(&json, '}');
  WS_TRY(append(j, &json, err));
  if (undone) {
    active_rows_drop(&j->asked, row);
    return WS_OK;
  }
  return active_rows_add(&j->asked, (active_row){row, hash_of(id), !label.size}) == WS_OK
             ? WS_OK
             : ws_error_nomem(err);
}

static void put_score(ws_json_writer *json, const char *name, active_score score) {
  ws_json_key(json, name);
  if (isnan(score.accuracy)) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  json_put_number(json, "accuracy", score.accuracy);
  json_put_number(json, "log_loss", score.log_loss);
  ws_json_close(json, '}');
}

void journal_put_round(ws_json_writer *json, const active_round *round) {
  ws_json_open(json, '{');
  json_put_uint(json, "round", round->round);
  json_put_uint(json, "labels", round->labels);
  json_put_uint(json, "asked", round->asked);
  json_put_string(json, "set", round->set);
  json_put_uint(json, "n", round->n);
  put_score(json, "label_model", round->label_model);
  put_score(json, "classifier", round->classifier);
  ws_json_close(json, '}');
}

ws_status journal_round(active_journal *j, const active_round *round, ws_error *err) {
  ws_buffer line = {0};
  ws_json_writer json = {.out = &line};
  journal_put_round(&json, round);
  if (!ws_grow(&j->rounds, &j->round_capacity, j->round_count + 1, sizeof *j->rounds))
    json.status = WS_ENOMEM;
  WS_TRY(append(j, &json, err));
  j->rounds[j->round_count++] = *round;
  active_rows_empty(&j->batch);
  return WS_OK;
}

/* --- whether it fits ---------------------------------------------------------------- */

static ws_status check_rows(const active_journal *j, const active_rows *rows,
                            const ws_votes *votes, ws_error *err) {
  char digits[24];
  for (size_t i = 0; i < rows->count; i++) {
    const active_row *r = &rows->items[i];
    bool same = r->row < ws_votes_rows(votes) &&
                hash_of(ws_votes_row_id(votes, r->row, digits)) == r->id;
    if (!same)
      return ws_error_set(err, WS_EINVAL,
                          "%s: speaks of other records than the data has now (row %zu): "
                          "give another --out; the labels so far are in %s",
                          j->path.data, r->row, j->dev.data);
  }
  return WS_OK;
}

ws_status journal_check(const active_journal *j, const ws_votes *votes, ws_error *err) {
  WS_TRY(check_rows(j, &j->asked, votes, err));
  return check_rows(j, &j->batch, votes, err);
}
