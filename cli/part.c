/* SPDX-License-Identifier: MIT
 *
 * Reading a data set, with votes from LFs or ready-made.
 */
#include "part.h"

#include "lf_stats.h"
#include "say.h"

void part_clear(part *p) {
  ws_votes_free(p->votes);
  ws_apply_report_free(p->report);
  ws_features_free(p->features);
  *p = (part){0};
}

static ws_status take_record(void *user, const ws_record *record, const int32_t *labels,
                             ws_error *err) {
  part *p = user;
  (void)labels;
  setup_look_for_id(p->setup, p->task, record);
  if (!p->features) return WS_OK;
  return ws_features_add(p->features, record->text) == WS_OK ? WS_OK
                                                             : ws_error_nomem(err);
}

/* Texts are counted at once only where it is sure that they are wanted and cannot be read
 * again: without a cache, and for what is no file. */
static ws_status begin_features(part *p, const setup *s, ws_reader *reader,
                                ws_error *err) {
  if (s->cache) WS_TRY(ws_reader_key(reader, &p->key, &p->has_key, err));
  return p->has_key ? WS_OK : ws_features_new(&s->features, &p->features, err);
}

ws_status part_apply(part *p, setup *s, const ws_task *task, ws_lf_set *lfs,
                     const char *path, bool features, ws_error *err) {
  ws_reader *reader = NULL;
  p->how = s->reader;
  p->how.progress = bar_reading_sink(s->bar);
  p->path = path;
  p->setup = s;
  p->task = task;
  WS_TRY(ws_reader_open(path, task, &p->how, &reader, err));
  ws_status status = features ? begin_features(p, s, reader, err) : WS_OK;
  if (status == WS_OK)
    status = ws_apply_votes(lfs, reader, &s->apply, take_record, p, &p->votes, &p->report,
                            err);
  if (status == WS_OK && p->has_key) status = ws_reader_key_check(reader, err);
  ws_reader_digest(reader, p->digest);
  p->skipped = ws_reader_skipped(reader);
  ws_reader_free(reader);
  return status;
}

/* --- ready-made votes --- */

typedef struct text_count {
  part *part; // whose texts are counted, if they are wanted
  uint64_t with, without;
  ws_status status;
} text_count;

/* Counts the terms of the next text, which also goes into the key. */
static ws_status add_text(part *p, ws_text text) {
  p->key = ws_hash128_join(p->key, ws_hash128_of(text.data, text.size));
  return ws_features_add(p->features, text);
}

/* The texts are counted as they pass, and are the key. Nothing else of the records has a
 * part in training. */
static ws_status begin_texts(part *p, const setup *s, ws_error *err) {
  p->has_key = s->cache != NULL;
  return ws_features_new(&s->features, &p->features, err);
}

static bool on_record(void *user, const ws_record *record) {
  text_count *texts = user;
  if (!record->text.data) {
    texts->without++;
    return true;
  }
  texts->with++;
  if (texts->part->features) texts->status = add_text(texts->part, record->text);
  return texts->status == WS_OK;
}

ws_status part_import(part *p, const setup *s, const ws_task *task, const char *path,
                      bool features, ws_error *err) {
  ws_votes_import_options how = ws_votes_import_options_default();
  text_count texts = {.part = p};
  const char *default_id = how.reader.default_id;
  p->path = path;
  how.format = s->votes_format;
  how.reader = s->reader;
  how.reader.need_text = false;
  how.reader.default_id = default_id;
  how.each = on_record;
  how.each_user = &texts;
  if (features) WS_TRY(begin_texts(p, s, err));
  size_t skipped = s->warned;
  ws_status status = ws_votes_import(path, task, &how, &p->votes, p->digest, err);
  p->skipped = s->warned - skipped;
  if (texts.status != WS_OK) return ws_error_nomem(err);
  WS_TRY(status);
  if (texts.with && texts.without)
    return ws_error_set(
        err, WS_EPARSE,
        "%s: expected the field '%s' in all records or in none: %llu of %llu "
        "have it",
        path, ws_task_get(task, WS_TASK_TEXT), (unsigned long long)texts.with,
        (unsigned long long)ws_votes_rows(p->votes));
  if (texts.with) return WS_OK;
  ws_features_free(p->features);
  p->features = NULL;
  p->has_key = false;
  return WS_OK;
}

static ws_status check_id(const part *p, size_t row, ws_text id, const char *path,
                          ws_error *err) {
  char digits[24];
  if (row >= ws_votes_rows(p->votes))
    return ws_error_set(err, WS_EPARSE, "%s: more records than the %zu of %s", path,
                        ws_votes_rows(p->votes), p->path);
  ws_text expected = ws_votes_row_id(p->votes, row, digits);
  if (ws_text_equal(id, expected)) return WS_OK;
  return ws_error_set(
      err, WS_EPARSE,
      "%s: expected the records of %s in their order, whose texts train the "
      "classifier: '%.*s' is next there, found '%.*s' (--no-classifier does "
      "without)",
      path, p->path, WS_TEXT_ARG(expected), WS_TEXT_ARG(id));
}

typedef ws_status (*add_fn)(part *p, ws_text text);

static ws_status read_texts(part *p, ws_reader *reader, ws_records *batch,
                            const char *path, add_fn add, ws_error *err) {
  size_t added = 1, row = 0;
  while (added) {
    ws_records_clear(batch);
    WS_TRY(ws_reader_read(reader, batch, 1024, 1 << 20, &added, err));
    for (size_t i = 0; i < added; i++, row++) {
      ws_record record = ws_records_at(batch, i);
      WS_TRY(check_id(p, row, record.id, path, err));
      if (add(p, record.text) != WS_OK) return ws_error_nomem(err);
    }
  }
  if (row == ws_votes_rows(p->votes)) return WS_OK;
  return ws_error_set(err, WS_EPARSE, "%s: expected %zu records as in %s, found %zu",
                      path, ws_votes_rows(p->votes), p->path, row);
}

ws_status part_texts(part *p, const setup *s, const ws_task *task, const char *path,
                     ws_error *err) {
  ws_reader_options how = s->reader;
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  how.format = WS_INPUT_AUTO; // --input-format speaks of the votes
  how.default_id = "id";      // as in the votes
  WS_TRY(begin_texts(p, s, err));
  WS_TRY(ws_reader_open(path, task, &how, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = read_texts(p, reader, batch, path, add_text, err);
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}

static ws_status count_text(part *p, ws_text text) {
  return ws_features_add(p->features, text);
}

/* Whether the records are still those that were voted on. */
static ws_status check_key(const part *p, ws_reader *reader, ws_error *err) {
  ws_hash128 key = {0, 0};
  bool known;
  WS_TRY(ws_reader_key(reader, &key, &known, err));
  if (known && key.low == p->key.low && key.high == p->key.high) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: changed while it was in use", p->path);
}

ws_status part_count(part *p, const setup *s, const ws_task *task, ws_error *err) {
  ws_reader_options how = p->how;
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  how.skipped = NULL; // it was told
  how.progress = bar_reading_sink(s->bar);
  WS_TRY(ws_features_new(&s->features, &p->features, err));
  WS_TRY(ws_reader_open(p->path, task, &how, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = check_key(p, reader, err);
  if (status == WS_OK) status = read_texts(p, reader, batch, p->path, count_text, err);
  if (status == WS_OK) status = ws_reader_key_check(reader, err);
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}

/* --- what went wrong --- */

/* What was done about an LF that is quarantined. */
static const char *consequence(const part *p, const ws_lf_stats *lf) {
  if (lf->quarantined == WS_LF_QUARANTINE_FAILING) return "all its votes are dropped: ";
  return p->streamed ? "it is called no more: "
                     : "it is called no more, and all its votes are dropped: ";
}

void part_say_cached(const part *p, const setup *s) {
  if (!p->report || !s->cache || !s->options->verbose) return;
  say_note(s->options, "%s: the votes of %zu of %zu labeling functions were kept",
           p->path, ws_apply_report_cached(p->report), ws_apply_report_lfs(p->report));
}

static void say_lf(const part *p, const char *name, const ws_lf_stats *lf,
                   const options *o) {
  char why[100];
  const char *reason = lf_stats_reason(lf, why, sizeof why);
  const ws_lf_failure *first = lf->failure_count ? &lf->failures[0] : NULL;
  say_warning("%llu of %llu votes of '%s' on %s failed%s%s%s%s%s%s",
              (unsigned long long)lf->errors, (unsigned long long)lf->calls, name,
              p->path, reason ? "; quarantined, as " : "", reason ? reason : "", ": ",
              reason ? consequence(p, lf) : "", first ? first->what : "no message",
              lf->errors > 1 ? " (the first of them)" : "");
  if (o->verbose && first && first->traceback)
    say_note(o, "'%s' failed at %s", name, first->traceback);
}

/* Those that are quarantined are all named, of the others the first few. */
void part_say_errors(const part *p, const ws_lf_set *lfs, const options *o) {
  enum { SHOWN = 10 };
  size_t failed = 0, hidden = 0;
  for (size_t j = 0; p->report && j < ws_apply_report_lfs(p->report); j++) {
    const ws_lf_stats *lf = ws_apply_report_at(p->report, j);
    if (!lf->errors) continue;
    if (failed++ < SHOWN || lf->quarantined)
      say_lf(p, ws_lf_set_at(lfs, j)->name, lf, o);
    else
      hidden++;
  }
  if (hidden)
    say_warning("%zu more labeling functions had vote errors on %s", hidden, p->path);
}

void part_say_skipped(const part *p) {
  if (p->skipped)
    say_warning("left out %llu bad record%s of %s", (unsigned long long)p->skipped,
                p->skipped == 1 ? "" : "s", p->path);
}

void part_say_no_gold(const part *p, const ws_task *task) {
  if (p->votes && !ws_votes_has_gold(p->votes))
    say_warning(
        "%s: no record has a gold label in the field '%s': nothing is scored on it",
        p->path, ws_task_get(task, WS_TASK_GOLD));
}
