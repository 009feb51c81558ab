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
  ws_sampler sampler;
} sampling;

static ws_status count_record(void *user, const ws_record *record, bool *stop,
                              ws_error *err) {
  uint64_t *count = user;
  (void)record, (void)stop, (void)err;
  ++*count;
  return WS_OK;
}

static ws_status sample_record(void *user, const ws_record *record, bool *stop,
                               ws_error *err) {
  sampling *s = user;
  (void)stop;
  if (!ws_sampler_next(&s->sampler)) return WS_OK;
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
  WS_TRY(each_record(path, g->task, &how, count_record, &g->data_records, err));
  ws_sampler_init(&s.sampler, g->o->seed, g->data_records, most);
  how.skipped = NULL;
  WS_TRY(each_record(path, g->task, &how, sample_record, &s, err));
  g->shown = ws_alloc_zero(g->pool.count, sizeof *g->shown);
  return g->shown ? WS_OK : ws_error_nomem(err);
}

/* --- dev --- */

static ws_status order_examples(generate *g, ws_error *err) {
  const kept_records *all = &g->dev.all;
  g->examples = ws_alloc_array(all->count, sizeof *g->examples);
  if (!g->examples || ws_dev_split_examples(all->gold, g->dev.in_prompt, all->count,
                                            ws_task_classes(g->task), g->o->seed,
                                            g->examples, &g->example_count) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
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
