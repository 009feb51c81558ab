/* SPDX-License-Identifier: MIT
 *
 * The records to ask about: all of the data, some drawn from it, or those of a run of
 * whose labels the label model is not sure.
 */
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/cascade.h>
#include <weaksup/label_model.h>
#include <weaksup/rng.h>

#include "ask.h"
#include "labelled.h"
#include "run_data.h"
#include "run_folder.h"

enum { BATCH = 1024, BATCH_BYTES = 4 << 20 };

void ask_part_clear(ask_part *part) {
  ws_free(part->items);
  ws_free(part->chosen);
  ws_arena_clear(&part->texts);
}

/* --- reading --- */

static ws_status add_item(ask_part *part, const ws_record *record, ws_error *err) {
  ask_item item = {.gold = record->gold, .row = record->row};
  if (!ws_grow(&part->items, &part->capacity, part->count + 1, sizeof *part->items) ||
      ws_arena_text(&part->texts, record->id, &item.id) != WS_OK ||
      ws_arena_text(&part->texts, record->text, &item.text) != WS_OK)
    return ws_error_nomem(err);
  part->items[part->count++] = item;
  return WS_OK;
}

static ws_status read_all(ask *a, ask_part *part, ws_reader *reader, ws_records *batch,
                          ws_error *err) {
  size_t added = 1;
  while (added) {
    ws_records_clear(batch);
    WS_TRY(ws_reader_read(reader, batch, BATCH, BATCH_BYTES, &added, err));
    for (size_t i = 0; i < ws_records_count(batch); i++) {
      ws_record record = ws_records_at(batch, i);
      setup_look_for_id(&a->setup, a->task, &record);
      WS_TRY(add_item(part, &record, err));
    }
  }
  return WS_OK;
}

static ws_status read_file(ask *a, ask_part *part, const char *path,
                           const ws_reader_options *how, ws_error *err) {
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  WS_TRY(ws_reader_open(path, a->task, how, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = read_all(a, part, reader, batch, err);
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}

/* --- choosing --- */

static ws_status make_room(ask_part *part, ws_error *err) {
  part->chosen = ws_alloc_array(part->count, sizeof *part->chosen);
  return part->chosen ? WS_OK : ws_error_nomem(err);
}

static void choose_gold(ask_part *part) {
  for (size_t i = 0; i < part->count; i++)
    if (part->items[i].gold != WS_ABSTAIN) part->chosen[part->chosen_count++] = i;
}

/* The first `most` of a permutation, in the order of the file. */
static ws_status draw(ask_part *part, size_t most, uint64_t seed, ws_error *err) {
  ws_rng rng;
  uint32_t *order = ws_alloc_array(part->count, sizeof *order);
  bool *taken = ws_alloc_zero(part->count, sizeof *taken);
  if (order && taken) {
    ws_rng_init(&rng, seed);
    for (size_t i = 0; i < part->count; i++) order[i] = (uint32_t)i;
    ws_rng_shuffle(&rng, order, part->count);
    for (size_t i = 0; i < most && i < part->count; i++) taken[order[i]] = true;
    for (size_t i = 0; i < part->count; i++)
      if (taken[i]) part->chosen[part->chosen_count++] = i;
  }
  bool good = order && taken;
  ws_free(order);
  ws_free(taken);
  return good ? WS_OK : ws_error_nomem(err);
}

static ws_status load_file(ask *a, ws_error *err) {
  const char *path;
  WS_TRY(setup_path(a->task, WS_TASK_DATA, &path, err));
  WS_TRY(read_file(a, &a->data, path, &a->setup.reader, err));
  WS_TRY(make_room(&a->data, err));
  size_t most = a->o->records ? (size_t)a->o->records : a->data.count;
  return draw(&a->data, most, a->o->seed, err);
}

/* --- of a run --- */

static ws_status on_record(void *user, size_t i, const ws_record *record, ws_error *err) {
  (void)i;
  return add_item(user, record, err);
}

static ws_status read_run(ask *a, const ws_votes *votes, ws_error *err) {
  run_data data = {0};
  ws_status status = run_data_find(a->o->cascade, RUN_DATA,
                                   options_path(a->o, WS_TASK_DATA), &data, err);
  if (status == WS_OK && data.path.size == 0)
    status = ws_error_set(err, WS_EINVAL,
                          "--cascade: expected the records of the run: %s (--data FILE)",
                          data.why.size ? data.why.data : "they are not there");
  if (status == WS_OK)
    status =
        run_data_each(&data, a->task, votes, &a->setup.reader, on_record, &a->data, err);
  run_data_clear(&data);
  return status;
}

static ws_status choose_unsure(ask *a, const ws_votes *votes, ws_error *err) {
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  ws_status status = run_label_model(a->o->cascade, &model, err);
  if (status == WS_OK) status = ws_label_model_predict(model, votes, &labels, err);
  if (status == WS_OK) status = make_room(&a->data, err);
  if (status == WS_OK && ws_cascade_choose(votes, labels, a->below, a->data.chosen,
                                           &a->data.chosen_count) != WS_OK)
    status = ws_error_nomem(err);
  if (a->o->records && a->data.chosen_count > a->o->records)
    a->data.chosen_count = (size_t)a->o->records;
  ws_labels_free(labels);
  ws_label_model_free(model);
  return status;
}

static ws_status load_run(ask *a, ws_error *err) {
  ws_votes *votes = NULL;
  ws_status status = run_votes(a->o->cascade, &votes, err);
  if (status == WS_OK) status = read_run(a, votes, err);
  if (status == WS_OK) status = choose_unsure(a, votes, err);
  ws_votes_free(votes);
  return status;
}

/* --- dev --- */

static ws_status load_dev(ask *a, const char *path, ws_error *err) {
  ws_reader_options how = a->setup.reader;
  how.format = WS_INPUT_AUTO;
  WS_TRY(read_file(a, &a->dev, path, &how, err));
  WS_TRY(make_room(&a->dev, err));
  choose_gold(&a->dev);
  return WS_OK;
}

static ws_status find_dev(ask *a, ws_error *err) {
  const char *dev = ws_task_get(a->task, WS_TASK_DEV);
  ws_buffer path = {0};
  if (!a->o->cascade) return dev && *dev ? load_dev(a, dev, err) : WS_OK;
  ws_status status = labelled_dev_path(a->o->cascade, a->o, &path, err);
  if (status == WS_OK && path.size) status = load_dev(a, path.data, err);
  ws_buffer_clear(&path);
  return status;
}

ws_status ask_load(ask *a, ws_error *err) {
  if (a->o->cascade) {
    WS_TRY(run_task(a->o->cascade, &a->task, err));
    WS_TRY(setup_keys(a->o, a->task, err));
  } else {
    WS_TRY(setup_task(a->o, NULL, &a->task, err));
  }
  WS_TRY(a->o->cascade ? load_run(a, err) : load_file(a, err));
  WS_TRY(find_dev(a, err));
  a->total = (uint64_t)(a->data.chosen_count + a->dev.chosen_count) * a->how.samples;
  return WS_OK;
}
