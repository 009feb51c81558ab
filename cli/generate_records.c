/* SPDX-License-Identifier: MIT
 *
 * The records that generate looks at: a sample of the data, whose size bounds all work,
 * and dev in two parts.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

#include "each_record.h"
#include "generate.h"
#include "say.h"

enum { POOL_USUAL = 5000, POOL_LEAST = 50 };

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
  return kept_records_add(&s->g->pool, s->g->task, record, err);
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

/* The i-th record of each class, for each i: an order of which every stretch has all
 * classes, as far as there are such. */
static ws_status order_examples(generate *g, ws_error *err) {
  size_t K = ws_task_classes(g->task), count = g->dev.all.count, most = 0;
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
    rank[i] = of_class[g->dev.all.gold[order[i]]];
    if (!g->dev.in_prompt[order[i]]) continue;
    if (++of_class[g->dev.all.gold[order[i]]] > most) most = rank[i] + 1;
  }
  for (size_t turn = 0; room && turn < most; turn++)
    for (size_t i = 0; i < count; i++)
      if (g->dev.in_prompt[order[i]] && rank[i] == turn)
        g->examples[g->example_count++] = order[i];
  ws_free(of_class);
  ws_free(rank);
  ws_free(order);
  return room ? WS_OK : ws_error_nomem(err);
}

/* What selects must be nowhere in a prompt, wherever it comes from: the data may hold dev
 * as well. */
static ws_status hide_select(generate *g) {
  size_t count = g->pool.count;
  bool *hidden = ws_alloc_zero(count, sizeof *hidden);
  g->visible = ws_alloc_array(count, sizeof *g->visible);
  ws_status status = hidden && g->visible ? WS_OK : WS_ENOMEM;
  if (status == WS_OK)
    status = ws_dev_split_find(g->dev.select.texts, g->dev.select.count, g->pool.texts,
                               count, hidden);
  for (size_t i = 0; status == WS_OK && i < count; i++)
    g->visible[i] = hidden[i] ? (ws_text){"", 0} : g->pool.texts[i];
  ws_free(hidden);
  return status;
}

static ws_status read_dev(generate *g, ws_error *err) {
  const char *path = ws_task_get(g->task, WS_TASK_DEV);
  if (path && *path)
    WS_TRY(dev_parts_read(&g->dev, path, g->task, &g->setup.reader, g->o->seed, err));
  if (path && *path && g->dev.all.count == 0)
    say_warning("%s has no gold labels", input_name(path));
  g->validated = g->dev.select.count > 0;
  if (g->dev.all.count) WS_TRY(order_examples(g, err));
  bool fine = hide_select(g) == WS_OK && dev_parts_say_classes(&g->dev, g->task) == WS_OK;
  return fine ? WS_OK : ws_error_nomem(err);
}

ws_status gen_read(generate *g, ws_error *err) {
  WS_TRY(read_pool(g, err));
  if (g->pool.count < POOL_LEAST)
    say_warning("candidates are tried on %zu records only: what votes on fewer than one "
                "in %zu is rejected as if it never did (--records N)",
                g->pool.count, g->pool.count);
  WS_TRY(read_dev(g, err));
  if (!g->validated)
    say_warning("there are no gold labels to select by (--dev FILE): what is accepted is "
                "unvalidated, by the label model's estimates alone");
  return WS_OK;
}

ws_status gen_reader(const generate *g, const kept_records *r, ws_reader **out,
                     ws_error *err) {
  ws_reader_options how = g->setup.reader;
  how.progress = bar_reading_sink(g->setup.bar);
  return kept_records_open(r, r == &g->pool ? "the data" : "dev", g->task, &how, out,
                           err);
}

const kept_records *gen_part(const generate *g, int part) {
  const kept_records *r = part == POOL     ? &g->pool
                          : part == SELECT ? &g->dev.select
                                           : &g->dev.shown;
  return r->count ? r : NULL;
}

ws_status gen_part_gold(const generate *g, int part, ws_votes *votes, ws_votes **out,
                        ws_error *err) {
  ws_status status = ws_votes_with_gold(votes, gen_part(g, part)->gold, out);
  ws_votes_free(votes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}
