/* SPDX-License-Identifier: MIT
 *
 * The features of records with gold labels, beside those of the data that they help to
 * train on. They are few, so that reading them again costs nothing.
 */
#include "part.h"
#include "say.h"

typedef struct gathering {
  const part *part;
  ws_features *features;
  uint64_t added;
  ws_error err; // what ended it, if anything did
} gathering;

static bool on_record(void *user, const ws_record *record) {
  gathering *g = user;
  if (record->gold == WS_ABSTAIN) return true;
  ws_status status = part_add_to(g->part, g->features, record, &g->err);
  g->added += status == WS_OK;
  return status == WS_OK;
}

static ws_status read_votes_file(gathering *g, const setup *s, const ws_task *task,
                                 ws_error *err) {
  ws_votes_import_options how = ws_votes_import_options_default();
  const char *default_id = how.reader.default_id;
  ws_votes *votes = NULL;
  char digest[33];
  how.reader = s->reader;
  how.reader.format = WS_INPUT_AUTO;
  how.reader.need_text = false;
  how.reader.default_id = default_id;
  how.reader.skipped = NULL; // it was told
  how.each = on_record;
  how.each_user = g;
  ws_status status = ws_votes_import(g->part->path, task, &how, &votes, digest, err);
  ws_votes_free(votes);
  return status;
}

static ws_status take_record(void *user, const ws_record *record, ws_error *err) {
  gathering *g = user;
  (void)err; // part_append_gold hands g->err on
  return on_record(g, record) ? WS_OK : g->err.status;
}

static ws_status read_records(gathering *g, const ws_task *task, ws_error *err) {
  ws_reader_options how = g->part->how;
  ws_reader *reader = NULL;
  how.skipped = NULL;
  WS_TRY(ws_reader_open(g->part->path, task, &how, &reader, err));
  ws_status status = ws_reader_each(reader, take_record, g, err);
  ws_reader_free(reader);
  return status;
}

ws_status part_append_gold(const part *p, const setup *s, const ws_task *task,
                           ws_features *features, ws_error *err) {
  gathering g = {.part = p, .features = features, .err = WS_ERROR_INIT};
  uint64_t expected = 0;
  for (size_t i = 0; i < ws_votes_rows(p->votes); i++)
    expected += ws_votes_row_gold(p->votes, i) != WS_ABSTAIN;
  ws_status status =
      p->report ? read_records(&g, task, err) : read_votes_file(&g, s, task, err);
  if (g.err.status != WS_OK) *err = g.err;
  WS_TRY(status);
  if (g.added == expected) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: changed while it was in use",
                      input_name(p->path));
}
