/* SPDX-License-Identifier: MIT
 *
 * The table of LFs as JSON, both ways.
 */
#include <math.h>

#include <weaksup/alloc.h>
#include <weaksup/metrics.h>

#include "lf_table.h"
#include "members.h"

static void write_interval(ws_json_writer *json, const char *key, ws_interval range) {
  ws_json_key(json, key);
  if (isnan(range.low)) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '[');
  ws_json_number(json, range.low);
  ws_json_number(json, range.high);
  ws_json_close(json, ']');
}

static void write_accuracy(ws_json_writer *json, const lf_row *row) {
  ws_interval range = ws_binomial_interval(row->gold_correct, row->gold_votes, 0.95);
  bool any = row->gold_votes > 0;
  json_put_uint(json, "gold_votes", row->gold_votes);
  json_put_uint(json, "gold_correct", row->gold_correct);
  json_put_number(json, "empirical_accuracy",
                  any ? (double)row->gold_correct / (double)row->gold_votes
                      : (double)NAN);
  write_interval(json, "empirical_interval", range);
}

static void write_list(ws_json_writer *json, const char *key, const name_list *list) {
  ws_json_key(json, key);
  ws_json_open(json, '[');
  for (size_t i = 0; i < list->count; i++) ws_json_text(json, list->items[i]);
  ws_json_close(json, ']');
}

static const char *const clamp_names[] = {NULL, "low", "high"};

static void write_parameters(ws_json_writer *json, const lf_learned *learned) {
  const ws_lf_parameters *p = &learned->parameters;
  ws_json_open(json, '{');
  json_put_text(json, "class", learned->label);
  json_put_uint(json, "votes", p->votes);
  json_put_number(json, "accuracy", p->accuracy);
  json_put_number(json, "lift", p->lift);
  json_put_string(json, "clamped", clamp_names[p->clamp]);
  json_put_number(json, "effective_votes", p->omega);
  ws_json_close(json, '}');
}

static void write_learned(ws_json_writer *json, const lf_row *row) {
  json_put_number(json, "learned_accuracy", row->learned);
  write_interval(json, "sampling_interval", row->sampling);
  ws_json_key(json, "parameters");
  ws_json_open(json, '[');
  for (size_t i = 0; i < row->by_class_count; i++)
    write_parameters(json, &row->by_class[i]);
  ws_json_close(json, ']');
}

/* null, or why. */
static void write_left_out(ws_json_writer *json, const lf_row *row) {
  ws_json_key(json, "left_out");
  if (!row->left_out) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  json_put_number(json, "accuracy_at_most", row->at_most);
  json_put_number(json, "chance", row->chance);
  ws_json_close(json, '}');
}

static void write_row(ws_json_writer *json, const lf_row *row, bool details) {
  ws_json_open(json, '{');
  json_put_text(json, "lf", row->name);
  write_list(json, "polarity", &row->polarity);
  json_put_uint(json, "votes", row->votes);
  json_put_number(json, "coverage", row->coverage);
  json_put_number(json, "overlaps", row->overlaps);
  json_put_number(json, "conflicts", row->conflicts);
  write_accuracy(json, row);
  write_learned(json, row);
  lf_stats_json(json, row->applied ? &row->stats : NULL);
  write_left_out(json, row);
  if (details && row->applied) lf_stats_json_details(json, &row->stats);
  ws_json_close(json, '}');
}

void lf_table_json_report(ws_json_writer *json, const ws_lf_set *lfs,
                          const ws_apply_report *report) {
  ws_json_key(json, "lfs");
  ws_json_open(json, '[');
  for (size_t j = 0; j < ws_apply_report_lfs(report); j++) {
    const ws_lf_stats *stats = ws_apply_report_at(report, j);
    ws_json_open(json, '{');
    json_put_string(json, "lf", ws_lf_set_at(lfs, j)->name);
    json_put_uint(json, "votes", stats->quarantined ? 0 : stats->votes);
    lf_stats_json(json, stats);
    lf_stats_json_details(json, stats);
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
}

void lf_table_json(ws_json_writer *json, const lf_table *t, bool details) {
  json_put_uint(json, "records", t->records);
  json_put_number(json, "coverage", t->coverage);
  json_put_number(json, "overlaps", t->overlaps);
  json_put_number(json, "conflicts", t->conflicts);
  write_list(json, "classes_without_votes", &t->silent);
  json_put_string(json, "gold_set", t->gold_set);
  json_put_uint(json, "gold_records", t->gold_records);
  json_put_uint(json, "bootstrap_rounds", t->rounds);
  ws_json_key(json, "lfs");
  ws_json_open(json, '[');
  for (size_t j = 0; j < t->count; j++) write_row(json, &t->rows[j], details);
  ws_json_close(json, ']');
}

/* --- reading --- */

static ws_status read_list(lf_table *t, ws_value object, const char *name, name_list *out,
                           bool *valid) {
  ws_text key;
  ws_value item, list = member_of(object, name, WS_ARRAY, valid);
  *out = (name_list){NULL, 0};
  if (!*valid) return WS_OK;
  out->items = ws_arena_alloc(&t->arena, ws_value_count(list) * sizeof *out->items);
  if (!out->items) return WS_ENOMEM;
  for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);) {
    *valid = *valid && ws_value_is(item, WS_STRING);
    if (!*valid) break;
    WS_TRY(ws_arena_text(&t->arena, ws_value_text(item), &out->items[out->count++]));
  }
  return WS_OK;
}

/* The next number of a list, or NaN. */
static double next_number(ws_value_iter *it) {
  ws_text key;
  ws_value item;
  bool there = ws_value_next(it, &key, &item);
  bool number = there && (ws_value_is(item, WS_INT) || ws_value_is(item, WS_DOUBLE));
  return number ? ws_value_number(item) : (double)NAN;
}

static ws_interval read_interval(ws_value row, const char *name) {
  ws_value list = ws_value_get(row, ws_text_of(name));
  if (!ws_value_is(list, WS_ARRAY)) return (ws_interval){(double)NAN, (double)NAN};
  ws_value_iter it = ws_value_each(list);
  double low = next_number(&it), high = next_number(&it);
  return (ws_interval){low, high};
}

static ws_lift_clamp read_clamp(ws_value object) {
  ws_value name = ws_value_get(object, ws_text_of("clamped"));
  for (int i = WS_LIFT_LOW; i <= WS_LIFT_HIGH; i++)
    if (ws_value_is(name, WS_STRING) &&
        ws_text_equals(ws_value_text(name), clamp_names[i]))
      return (ws_lift_clamp)i;
  return WS_LIFT_FREE;
}

static ws_status read_parameters(lf_table *t, ws_value row, lf_row *out, bool *valid) {
  ws_text key;
  ws_value item, list = ws_value_get(row, ws_text_of("parameters"));
  if (!ws_value_is(list, WS_ARRAY)) return WS_OK; // runs of before have none
  out->by_class = ws_arena_alloc(&t->arena, ws_value_count(list) * sizeof *out->by_class);
  if (!out->by_class) return WS_ENOMEM;
  for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);) {
    lf_learned *learned = &out->by_class[out->by_class_count];
    ws_text label = member_text(item, "class", valid);
    learned->parameters =
        (ws_lf_parameters){.votes = member_count(item, "votes", valid),
                           .accuracy = member_number(item, "accuracy", valid),
                           .lift = member_number(item, "lift", valid),
                           .omega = member_number(item, "effective_votes", valid)};
    if (!*valid) return WS_OK;
    learned->parameters.clamp = read_clamp(item);
    WS_TRY(ws_arena_text(&t->arena, label, &learned->label));
    out->by_class_count++;
  }
  return WS_OK;
}

/* Runs of before have none. */
static void read_left_out(ws_value row, lf_row *out, bool *valid) {
  ws_value why = ws_value_get(row, ws_text_of("left_out"));
  out->left_out = ws_value_is(why, WS_OBJECT);
  if (!out->left_out) return;
  out->at_most = member_number(why, "accuracy_at_most", valid);
  out->chance = member_number(why, "chance", valid);
}

static ws_status read_row(lf_table *t, ws_value row, lf_row *out, bool *valid) {
  ws_text name = member_text(row, "lf", valid);
  *out = (lf_row){.votes = member_count(row, "votes", valid),
                  .coverage = member_number(row, "coverage", valid),
                  .overlaps = member_number(row, "overlaps", valid),
                  .conflicts = member_number(row, "conflicts", valid),
                  .gold_votes = member_count(row, "gold_votes", valid),
                  .gold_correct = member_count(row, "gold_correct", valid),
                  .learned = member_number(row, "learned_accuracy", valid),
                  .sampling = read_interval(row, "sampling_interval")};
  lf_stats_read(row, &out->stats, &out->applied, valid);
  read_left_out(row, out, valid);
  WS_TRY(ws_arena_text(&t->arena, name, &out->name));
  WS_TRY(read_parameters(t, row, out, valid));
  return read_list(t, row, "polarity", &out->polarity, valid);
}

/* Runs of before have none. */
static void read_gold_set(lf_table *t, ws_value object, bool *valid) {
  static const char *const names[] = {"data", "dev"};
  ws_value set = ws_value_get(object, ws_text_of("gold_set"));
  if (!ws_value_is(set, WS_STRING)) return;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (ws_text_equals(ws_value_text(set), names[i])) t->gold_set = names[i];
  t->gold_records = member_count(object, "gold_records", valid);
}

static ws_status read_table(lf_table *t, ws_value object, bool *valid) {
  ws_text key;
  ws_value row;
  ws_value rows = member_of(object, "lfs", WS_ARRAY, valid);
  t->records = member_count(object, "records", valid);
  t->coverage = member_number(object, "coverage", valid);
  t->overlaps = member_number(object, "overlaps", valid);
  t->conflicts = member_number(object, "conflicts", valid);
  read_gold_set(t, object, valid);
  ws_value rounds = ws_value_get(object, ws_text_of("bootstrap_rounds"));
  if (ws_value_is(rounds, WS_INT)) t->rounds = (uint64_t)ws_value_int(rounds);
  WS_TRY(read_list(t, object, "classes_without_votes", &t->silent, valid));
  if (!*valid) return WS_OK;
  t->rows = ws_alloc_zero(ws_value_count(rows), sizeof *t->rows);
  if (!t->rows) return WS_ENOMEM;
  for (ws_value_iter it = ws_value_each(rows); ws_value_next(&it, &key, &row);)
    WS_TRY(read_row(t, row, &t->rows[t->count++], valid));
  return WS_OK;
}

ws_status lf_table_read(ws_value object, lf_table *out, ws_error *err) {
  lf_table t = {0};
  bool valid = true;
  ws_status status = read_table(&t, object, &valid);
  if (status == WS_OK && valid) {
    *out = t;
    return WS_OK;
  }
  lf_table_clear(&t);
  if (status != WS_OK) return ws_error_nomem(err);
  return ws_error_set(err, WS_EPARSE, "expected the table of LFs, found something else");
}

static lf_row *find_row(lf_table *t, ws_text name) {
  for (size_t j = 0; j < t->count; j++)
    if (ws_text_equal(t->rows[j].name, name)) return &t->rows[j];
  return NULL;
}

static ws_status read_report(ws_value list, lf_table *t, bool *valid) {
  ws_text key;
  ws_value item;
  for (ws_value_iter it = ws_value_each(list);
       *valid && ws_value_next(&it, &key, &item);) {
    lf_row *row = find_row(t, member_text(item, "lf", valid));
    if (row) WS_TRY(lf_stats_read_details(item, &t->arena, &row->stats, valid));
  }
  return WS_OK;
}

ws_status lf_table_read_report(ws_value manifest, lf_table *t, ws_error *err) {
  bool valid = true;
  ws_value data = member_of(manifest, "data", WS_OBJECT, &valid);
  ws_value list = valid ? ws_value_get(data, ws_text_of("lfs")) : data;
  if (valid && !ws_value_is(list, WS_ARRAY)) return WS_OK; // the votes were ready-made
  if (valid && read_report(list, t, &valid) != WS_OK) return ws_error_nomem(err);
  if (valid) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "expected the manifest of a run, found something else");
}
