/* SPDX-License-Identifier: MIT
 *
 * Keeping records in memory, as JSON Lines without gold labels, which labeling functions
 * read as they read a file.
 */
#include "dev_parts.h"

#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

#include "each_record.h"
#include "say.h"

void kept_records_clear(kept_records *r) {
  ws_buffer_clear(&r->lines);
  ws_arena_clear(&r->arena);
  ws_free(r->texts);
  ws_free(r->gold);
  ws_free(r->targeted);
  *r = (kept_records){0};
}

/* Without the gold label: an LF that reads it would be right in all that it is asked. */
static ws_status add_line(kept_records *r, const ws_task *task, ws_value fields) {
  ws_json_writer json = {.out = &r->lines};
  ws_value_iter it = ws_value_each(fields);
  ws_text key;
  ws_value item;
  ws_json_open(&json, '{');
  while (ws_value_next(&it, &key, &item)) {
    if (ws_text_equals(key, ws_task_get(task, WS_TASK_GOLD)) ||
        ws_text_equals(key, CHOSEN_BY))
      continue;
    ws_json_key_text(&json, key);
    ws_json_value(&json, item);
  }
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(&r->lines, "\n") : json.status;
}

static bool make_room(kept_records *r) {
  size_t n = r->count + 1;
  return ws_grow(&r->texts, &r->capacity, n, sizeof *r->texts) &&
         ws_grow(&r->gold, &r->gold_capacity, n, sizeof *r->gold) &&
         ws_grow(&r->targeted, &r->targeted_capacity, n, sizeof *r->targeted);
}

ws_status kept_records_add(kept_records *r, const ws_task *task, const ws_record *record,
                           ws_error *err) {
  if (!make_room(r) ||
      ws_arena_text(&r->arena, record->text, &r->texts[r->count]) != WS_OK ||
      add_line(r, task, record->fields) != WS_OK)
    return ws_error_nomem(err);
  r->targeted[r->count] = ws_value_get(record->fields, ws_text_of(CHOSEN_BY)).at != NULL;
  r->gold[r->count++] = record->gold;
  return WS_OK;
}

ws_status kept_records_open(const kept_records *r, const char *name, const ws_task *task,
                            const ws_reader_options *options, ws_reader **out,
                            ws_error *err) {
  ws_reader_options how = *options;
  how.format = WS_INPUT_JSONL;
  how.unique_ids = false;
  how.optional_id = true;
  how.skipped = NULL;
  how.need_gold = false;
  return ws_reader_open_memory(name, ws_buffer_as_text(&r->lines), task, &how, out, err);
}

/* --- a dev set ---------------------------------------------------------------------- */

void dev_parts_clear(dev_parts *p) {
  kept_records_clear(&p->select);
  kept_records_clear(&p->shown);
  kept_records_clear(&p->all);
  ws_free(p->in_prompt);
  ws_free(p->counts);
  *p = (dev_parts){0};
}

typedef struct reading {
  dev_parts *parts;
  const ws_task *task;
} reading;

static ws_status keep(void *user, const ws_record *record, bool *stop, ws_error *err) {
  reading *r = user;
  (void)stop;
  if (record->gold == WS_ABSTAIN) return WS_OK;
  return kept_records_add(&r->parts->all, r->task, record, err);
}

static ws_status copy(const kept_records *from, size_t i, ws_text line,
                      kept_records *to) {
  if (!make_room(to) || ws_buffer_text(&to->lines, line) != WS_OK) return WS_ENOMEM;
  to->texts[to->count] = from->texts[i];
  to->targeted[to->count] = from->targeted[i];
  to->gold[to->count++] = from->gold[i];
  return WS_OK;
}

static ws_status deal(dev_parts *p) {
  const char *line = p->all.lines.data;
  for (size_t i = 0; i < p->all.count; i++) {
    const char *end = strchr(line, '\n') + 1;
    ws_text bytes = {line, (size_t)(end - line)};
    WS_TRY(copy(&p->all, i, bytes, p->in_prompt[i] ? &p->shown : &p->select));
    line = end;
  }
  return WS_OK;
}

/* The split of the records that were drawn at random. */
typedef struct splitting {
  ws_text *texts; // of the others
  int32_t *gold;
  bool *in_prompt;
  size_t count;
} splitting;

/* Whatever was chosen for what votes on it has no say in this: it selects, unless its
 * text is one that is shown, so that the other records stay where they are when such come
 * to them. Where all were chosen, none is taken for such. */
static ws_status split_others(dev_parts *p, splitting *s, size_t classes, uint64_t seed) {
  ws_dev_split_options how = ws_dev_split_options_default();
  kept_records *all = &p->all;
  how.seed = seed;
  for (size_t i = 0; i < all->count; i++) {
    if (all->targeted[i]) continue;
    p->counts[all->gold[i]]++;
    s->texts[s->count] = all->texts[i];
    s->gold[s->count++] = all->gold[i];
  }
  WS_TRY(ws_dev_split_rows(s->texts, s->gold, s->count, classes, &how, s->in_prompt,
                           &p->split));
  size_t shown = 0;
  for (size_t i = 0; i < s->count; i++)
    if (s->in_prompt[i]) s->texts[shown++] = s->texts[i];
  WS_TRY(ws_dev_split_find(s->texts, shown, all->texts, all->count, p->in_prompt));
  for (size_t i = 0; i < all->count; i++)
    if (all->targeted[i]) *(p->in_prompt[i] ? &p->split.prompt : &p->split.select) += 1;
  return WS_OK;
}

static void forget_if_all(kept_records *all) {
  size_t targeted = 0;
  for (size_t i = 0; i < all->count; i++) targeted += all->targeted[i];
  if (targeted < all->count) return;
  memset(all->targeted, 0, all->count * sizeof *all->targeted);
  say_warning("all records of dev were chosen for what is hard or votes on them: their "
              "classes are not as frequent as in the data (--class-balance says better)");
}

static ws_status split(dev_parts *p, size_t classes, uint64_t seed) {
  size_t count = p->all.count;
  splitting s = {.texts = ws_alloc_array(count, sizeof *s.texts),
                 .gold = ws_alloc_array(count, sizeof *s.gold),
                 .in_prompt = ws_alloc_zero(count, sizeof *s.in_prompt)};
  p->in_prompt = ws_alloc_zero(count, sizeof *p->in_prompt);
  p->counts = ws_alloc_zero(classes, sizeof *p->counts);
  ws_status status = WS_ENOMEM;
  if (s.texts && s.gold && s.in_prompt && p->in_prompt && p->counts)
    status = split_others(p, &s, classes, seed);
  ws_free(s.texts);
  ws_free(s.gold);
  ws_free(s.in_prompt);
  return status == WS_OK ? deal(p) : status;
}

ws_status dev_parts_read(dev_parts *p, const char *path, const ws_task *task,
                         const ws_reader_options *options, uint64_t seed, ws_error *err) {
  reading r = {p, task};
  ws_reader_options how = *options;
  how.format = WS_INPUT_AUTO; // --input-format speaks of the data
  WS_TRY(each_record(path, task, &how, keep, &r, err));
  if (p->all.count == 0) return WS_OK;
  forget_if_all(&p->all);
  return split(p, ws_task_classes(task), seed) == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status dev_parts_say_classes(const dev_parts *p, const ws_task *task) {
  size_t K = ws_task_classes(task), there = 0, only = 0;
  bool *seen = ws_alloc_zero(K, sizeof *seen);
  if (!seen) return WS_ENOMEM;
  for (size_t i = 0; i < p->select.count; i++) seen[p->select.gold[i]] = true;
  for (size_t k = 0; k < K; k++)
    if (seen[k]) there++, only = k;
  ws_free(seen);
  if (there == 1 && K > 1)
    say_warning(
        "all gold labels to select by are of the class %.*s: nothing can be better "
        "than that, and what votes for another class is only ever wrong; label "
        "records of other classes, or say the shares (--class-balance)",
        WS_TEXT_ARG(ws_task_class(task, only)));
  return WS_OK;
}
