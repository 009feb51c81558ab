/* SPDX-License-Identifier: MIT
 *
 * The records that generate looks at: a sample of the data, whose size bounds all work,
 * and dev in two. Both are kept as JSON Lines without gold labels, which LFs read as they
 * read a file.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

#include "each_record.h"
#include "generate.h"
#include "say.h"

enum { POOL_USUAL = 5000 };

void gen_records_clear(gen_records *r) {
  ws_buffer_clear(&r->lines);
  ws_arena_clear(&r->arena);
  ws_free(r->texts);
  ws_free(r->gold);
  *r = (gen_records){0};
}

/* Without the gold label: an LF that reads it would be right in all that it is asked. */
static ws_status add_line(const generate *g, gen_records *r, ws_value fields) {
  ws_json_writer json = {.out = &r->lines};
  ws_value_iter it = ws_value_each(fields);
  ws_text key;
  ws_value item;
  ws_json_open(&json, '{');
  while (ws_value_next(&it, &key, &item)) {
    if (ws_text_equals(key, ws_task_get(g->task, WS_TASK_GOLD))) continue;
    ws_json_key_text(&json, key);
    ws_json_value(&json, item);
  }
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(&r->lines, "\n") : json.status;
}

static ws_status add_record(const generate *g, gen_records *r, const ws_record *record,
                            ws_error *err) {
  bool fine = ws_grow(&r->texts, &r->capacity, r->count + 1, sizeof *r->texts) &&
              ws_grow(&r->gold, &r->gold_capacity, r->count + 1, sizeof *r->gold) &&
              ws_arena_text(&r->arena, record->text, &r->texts[r->count]) == WS_OK &&
              add_line(g, r, record->fields) == WS_OK;
  if (!fine) return ws_error_nomem(err);
  r->gold[r->count++] = record->gold;
  return WS_OK;
}

/* --- the pool --- */

typedef struct sampling {
  generate *g;
  ws_rng rng;
  uint64_t left, wanted; // records to come, and of them to take
} sampling;

static ws_status count_record(void *user, const ws_record *record, bool *stop,
                              ws_error *err) {
  uint64_t *count = user;
  (void)record, (void)stop, (void)err;
  ++*count;
  return WS_OK;
}

/* Each sample of `wanted` records is as likely (Knuth's algorithm S). */
static ws_status sample_record(void *user, const ws_record *record, bool *stop,
                               ws_error *err) {
  sampling *s = user;
  (void)stop;
  bool taken = s->left > 0 && ws_rng_below(&s->rng, s->left) < s->wanted;
  if (s->left) s->left--;
  if (!taken) return WS_OK;
  s->wanted--;
  return add_record(s->g, &s->g->pool, record, err);
}

static ws_status read_pool(generate *g, ws_error *err) {
  const char *path;
  uint64_t most = g->o->records ? g->o->records : POOL_USUAL;
  sampling s = {.g = g};
  ws_reader_options how = g->setup.reader;
  how.need_gold = false;
  WS_TRY(setup_path(g->task, WS_TASK_DATA, &path, err));
  if (strcmp(path, "-") == 0)
    return ws_error_set(err, WS_EINVAL,
                        "--data: expected a file, found standard input, which cannot be "
                        "read twice");
  WS_TRY(each_record(path, g->task, &how, count_record, &s.left, err));
  g->data_records = s.left;
  s.wanted = s.left < most ? s.left : most;
  ws_rng_init(&s.rng, g->o->seed);
  how.skipped = NULL;
  WS_TRY(each_record(path, g->task, &how, sample_record, &s, err));
  g->shown = ws_alloc_zero(g->pool.count, sizeof *g->shown);
  return g->shown ? WS_OK : ws_error_nomem(err);
}

/* --- dev --- */

static ws_status dev_record(void *user, const ws_record *record, bool *stop,
                            ws_error *err) {
  generate *g = user;
  (void)stop;
  return record->gold == WS_ABSTAIN ? WS_OK : add_record(g, &g->dev, record, err);
}

/* The records that select, which no prompt shows. */
static ws_status copy_select(generate *g, ws_error *err) {
  gen_records *from = &g->dev, *to = &g->select;
  const char *line = from->lines.data;
  for (size_t i = 0; i < from->count; i++) {
    const char *end = strchr(line, '\n') + 1;
    bool room = ws_grow(&to->texts, &to->capacity, to->count + 1, sizeof *to->texts) &&
                ws_grow(&to->gold, &to->gold_capacity, to->count + 1, sizeof *to->gold);
    if (!room) return ws_error_nomem(err);
    if (!g->in_prompt[i]) {
      to->texts[to->count] = from->texts[i];
      to->gold[to->count++] = from->gold[i];
      if (ws_buffer_append(&to->lines, line, (size_t)(end - line)) != WS_OK)
        return ws_error_nomem(err);
    }
    line = end;
  }
  return WS_OK;
}

/* The i-th record of each class, for each i: an order of which every stretch has all
 * classes, as far as there are such. */
static ws_status order_examples(generate *g, ws_error *err) {
  size_t K = ws_task_classes(g->task), count = g->dev.count, most = 0;
  size_t *of_class = ws_alloc_zero(K, sizeof *of_class);
  size_t *rank = ws_alloc_zero(count, sizeof *rank);
  uint32_t *order = ws_alloc_array(count, sizeof *order);
  g->examples = ws_alloc_zero(count, sizeof *g->examples);
  bool room = of_class && rank && order && g->examples;
  ws_rng rng;
  ws_rng_init(&rng, g->o->seed);
  for (size_t i = 0; room && i < count; i++) order[i] = (uint32_t)i;
  if (room) ws_rng_shuffle(&rng, order, count);
  for (size_t i = 0; room && i < count; i++) {
    rank[i] = of_class[g->dev.gold[order[i]]];
    if (!g->in_prompt[order[i]]) continue;
    if (++of_class[g->dev.gold[order[i]]] > most) most = rank[i] + 1;
  }
  for (size_t turn = 0; room && turn < most; turn++)
    for (size_t i = 0; i < count; i++)
      if (g->in_prompt[order[i]] && rank[i] == turn)
        g->examples[g->example_count++] = order[i];
  ws_free(of_class);
  ws_free(rank);
  ws_free(order);
  return room ? WS_OK : ws_error_nomem(err);
}

static ws_status split_dev(generate *g, ws_error *err) {
  ws_dev_split_options how = ws_dev_split_options_default();
  how.seed = g->o->seed;
  g->in_prompt = ws_alloc_zero(g->dev.count, sizeof *g->in_prompt);
  if (!g->in_prompt ||
      ws_dev_split_rows(g->dev.texts, g->dev.gold, g->dev.count, ws_task_classes(g->task),
                        &how, g->in_prompt, &g->split) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(copy_select(g, err));
  g->validated = g->select.count > 0;
  return order_examples(g, err);
}

static ws_status read_dev(generate *g, ws_error *err) {
  const char *path = ws_task_get(g->task, WS_TASK_DEV);
  if (!path || !*path) return WS_OK;
  ws_reader_options how = g->setup.reader;
  how.format = WS_INPUT_AUTO; // --input-format speaks of the data
  WS_TRY(each_record(path, g->task, &how, dev_record, g, err));
  if (g->dev.count == 0) say_warning("%s has no gold labels", input_name(path));
  return g->dev.count ? split_dev(g, err) : WS_OK;
}

ws_status gen_read(generate *g, ws_error *err) {
  WS_TRY(read_pool(g, err));
  WS_TRY(read_dev(g, err));
  if (!g->validated)
    say_warning("there are no gold labels to select by (--dev FILE): what is accepted is "
                "unvalidated, by the label model's estimates alone");
  return WS_OK;
}

ws_status gen_reader(const generate *g, const gen_records *r, ws_reader **out,
                     ws_error *err) {
  ws_reader_options how = g->setup.reader;
  how.format = WS_INPUT_JSONL;
  how.unique_ids = false;
  how.optional_id = true;
  how.skipped = NULL;
  how.need_gold = false;
  how.progress = bar_reading_sink(g->setup.bar);
  return ws_reader_open_memory(r == &g->pool ? "the data" : "dev",
                               ws_buffer_as_text(&r->lines), g->task, &how, out, err);
}

ws_status gen_select_gold(const generate *g, ws_votes *votes, ws_votes **out,
                          ws_error *err) {
  ws_status status = ws_votes_with_gold(votes, g->select.gold, out);
  ws_votes_free(votes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}
