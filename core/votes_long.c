/* SPDX-License-Identifier: MIT
 *
 * Ready-made votes in the long form, as crowdsourcing tools write it: one vote a row,
 * item,worker,label. Items are the records, in the order in which they first come;
 * workers are the LFs.
 */
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/alloc.h>

#include "input.h"
#include "reader_priv.h"
#include "votes_import.h"
#include "votes_priv.h"

typedef struct answer {
  uint32_t item, worker;
  int32_t label; // WS_ABSTAIN: the row names an item and a worker, and no label
  uint64_t line;
} answer;

typedef struct answers {
  const char *path;
  const ws_votes_import_options *options;
  ws__names items, workers;
  answer *list;
  size_t count, capacity;
} answers;

/* The text of a field, a number in its decimal form. */
static ws_status name_of(const ws_record *record, const char *field, char digits[32],
                         ws_text *out, ws_error *err) {
  ws_value value = ws_value_get(record->fields, ws_text_of(field));
  *out = (ws_text){digits, 0};
  if (ws_value_is(value, WS_STRING)) *out = ws_value_text(value);
  if (ws_value_is(value, WS_INT))
    out->size = (size_t)snprintf(digits, 32, "%lld", (long long)ws_value_int(value));
  if (out->size) return WS_OK;
  if (ws_value_is(value, WS_STRING))
    return ws_error_set(err, WS_EPARSE, "the column '%s' is empty", field);
  return ws_error_set(err, WS_EPARSE, "expected a name in the column '%s', found %s",
                      field, ws_value_type_text(value));
}

static ws_status check_columns(const ws_record *record, ws_error *err) {
  static const char *const needed[] = {"item", "worker", "label"};
  char found[WS__LIST_SIZE];
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
    if (!ws_value_get(record->fields, ws_text_of(needed[i])).at)
      return ws_error_set(err, WS_EPARSE,
                          "expected the columns item, worker and label, found %s",
                          ws__list_fields(record->fields, found, sizeof found));
  return WS_OK;
}

/* Both names are looked at before one is added: a row that is skipped leaves none. */
static ws_status add_answer(answers *all, const ws_record *record, ws_error *err) {
  answer a = {.label = record->gold, .line = record->line};
  char item_digits[32], worker_digits[32];
  ws_text item, worker;
  bool added;
  WS_TRY(check_columns(record, err));
  WS_TRY(name_of(record, "item", item_digits, &item, err));
  WS_TRY(name_of(record, "worker", worker_digits, &worker, err));
  if (ws__names_add(&all->items, item, &a.item, &added) != WS_OK ||
      ws__names_add(&all->workers, worker, &a.worker, &added) != WS_OK ||
      !ws_grow(&all->list, &all->capacity, all->count + 1, sizeof a))
    return ws_error_nomem(err);
  all->list[all->count++] = a;
  return WS_OK;
}

static int by_item(const void *left, const void *right) {
  const answer *a = left, *b = right;
  if (a->item != b->item) return a->item < b->item ? -1 : 1;
  if (a->worker != b->worker) return a->worker < b->worker ? -1 : 1;
  return (a->line > b->line) - (a->line < b->line);
}

/* A bad row: the error gets its position, and is passed over where that is wanted. */
static ws_status handle(const answers *all, uint64_t line, ws_status status,
                        ws_error *why, ws_error *err) {
  const ws_reader_options *options = &all->options->reader;
  ws_error_prefix(why, "%s:%llu: ", ws__input_name(all->path), (unsigned long long)line);
  bool skip = status == WS_EPARSE && options->on_error == WS_SKIP;
  if (skip && options->skipped) options->skipped(options->skipped_user, why);
  if (!skip && err) *err = *why;
  return skip ? WS_OK : status;
}

static ws_status on_record(void *user, const ws_record *record, ws_error *err) {
  ws_error why;
  ws_status status = add_answer(user, record, &why);
  return status == WS_OK ? WS_OK : handle(user, record->line, status, &why, err);
}

static ws_status second_answer(const answers *all, const answer *a, ws_error *err) {
  ws_error why;
  ws_error_set(&why, WS_EPARSE, "worker '%.*s' votes a second time on item '%.*s'",
               WS_TEXT_ARG(all->workers.items[a->worker]),
               WS_TEXT_ARG(all->items.items[a->item]));
  return handle(all, a->line, WS_EPARSE, &why, err);
}

/* Adds the answers from *at on that belong to item `item`, as one record. */
static ws_status add_item(const answers *all, uint32_t item, size_t *at, ws_vote *row,
                          ws_votes_builder *builder, ws_error *err) {
  size_t count = 0;
  for (const answer *last = NULL; *at < all->count && all->list[*at].item == item;
       ++*at) {
    const answer *a = &all->list[*at];
    bool again = last && last->worker == a->worker;
    if (again)
      WS_TRY(second_answer(all, a, err));
    else if (a->label != WS_ABSTAIN)
      row[count++] = (ws_vote){a->worker, a->label};
    last = a;
  }
  if (ws_votes_builder_add(builder, all->items.items[item], WS_ABSTAIN, row, count) !=
      WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

static ws_status build(answers *all, ws_votes_builder *builder, ws_error *err) {
  uint32_t lf;
  size_t at = 0;
  ws_vote *row = ws_alloc_array(all->workers.count, sizeof *row);
  if (!row) return ws_error_nomem(err);
  ws_status status = WS_OK;
  for (size_t j = 0; status == WS_OK && j < all->workers.count; j++)
    status = ws_votes_builder_lf(builder, all->workers.items[j], &lf, err);
  if (all->count) qsort(all->list, all->count, sizeof *all->list, by_item);
  for (uint32_t item = 0; status == WS_OK && item < all->items.count; item++)
    status = add_item(all, item, &at, row, builder, err);
  ws_free(row);
  return status;
}

/* The task as the rows need it: no id field (items repeat), and the vote read where a
 * gold label would stand. */
static ws_status row_task(const ws_task *task, ws_task **out, ws_error *err) {
  return ws_task_new(ws_task_names(task), ws_task_classes(task), out, err);
}

static ws_status import_rows(answers *all, const ws_task *task, const ws_task *rows,
                             ws_votes **out, char digest[33], ws_error *err) {
  ws_reader_options options = all->options->reader;
  ws_reader *reader = NULL;
  ws_votes_builder *builder = NULL;
  options.need_text = options.unique_ids = false;
  options.default_id = NULL;
  WS_TRY(ws_reader_open(all->path, rows, &options, &reader, err));
  ws_status status = ws_reader_each(reader, on_record, all, err);
  if (status == WS_OK && all->count == 0)
    status = ws_error_set(err, WS_EPARSE, "%s: no record is left: all were skipped",
                          ws__input_name(all->path));
  if (status == WS_OK) {
    ws_reader_digest(reader, digest);
    if (ws_votes_builder_new(task, &builder) != WS_OK) status = ws_error_nomem(err);
  }
  if (status == WS_OK) status = build(all, builder, err);
  if (status == WS_OK && ws_votes_builder_finish(builder, out) != WS_OK)
    status = ws_error_nomem(err);
  ws_votes_builder_free(builder);
  ws_reader_free(reader);
  return status;
}

ws_status ws__votes_import_long(const char *path, const ws_task *task,
                                const ws_votes_import_options *options, ws_votes **out,
                                char digest[33], ws_error *err) {
  answers all = {.path = path, .options = options};
  ws_task *rows = NULL;
  ws_status status = row_task(task, &rows, err);
  if (status == WS_OK) status = import_rows(&all, task, rows, out, digest, err);
  ws_task_free(rows);
  ws__names_clear(&all.items);
  ws__names_clear(&all.workers);
  ws_free(all.list);
  return status;
}
