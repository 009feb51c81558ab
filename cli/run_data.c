/* SPDX-License-Identifier: MIT
 *
 * The records of a run, found again by its manifest.
 */
#include "run_data.h"

#include <string.h>

#include <weaksup/hash.h>
#include <weaksup/value.h>

#include "members.h"
#include "run_folder.h"

static const char *const members[] = {
    [RUN_DATA] = "data",  [RUN_DEV] = "dev",       [RUN_TEST] = "test",
    [RUN_INPUT] = "data", [RUN_DEV_INPUT] = "dev", [RUN_TEST_INPUT] = "test"};

enum { BATCH = 1024, BATCH_BYTES = 1 << 20 };

/* --- finding ------------------------------------------------------------------------ */

static ws_status set_why(run_data *out, const char *before, ws_text name,
                         const char *behind) {
  out->path.size = 0;
  WS_TRY(ws_buffer_text(&out->why, ws_text_of(before)));
  WS_TRY(ws_buffer_text(&out->why, name));
  return ws_buffer_text(&out->why, ws_text_of(behind));
}

static bool has_hash(const char *path, ws_text wanted) {
  ws_hash128 hash;
  char hex[33];
  if (ws_hash128_file(path, &hash, NULL) != WS_OK) return false;
  ws_hash128_hex(hash, hex);
  return ws_text_equals(wanted, hex);
}

/* "FOLDER/path", the run being in FOLDER. */
static ws_status put_beside(ws_buffer *out, const char *run, ws_text path) {
  size_t size = strlen(run);
  while (size && run[size - 1] == '/') size--;
  while (size && run[size - 1] != '/') size--;
  out->size = 0;
  if (path.size && path.data[0] != '/') WS_TRY(ws_buffer_text(out, (ws_text){run, size}));
  return ws_buffer_text(out, path);
}

/* Tries the path as it stands, then beside the run. */
static ws_status find_file(const char *run, ws_text path, ws_text hash, run_data *out) {
  WS_TRY(ws_buffer_text(&out->path, path));
  if (has_hash(out->path.data, hash)) return WS_OK;
  WS_TRY(put_beside(&out->path, run, path));
  if (has_hash(out->path.data, hash)) return WS_OK;
  return set_why(out, "", path, " is not there any more, or has changed since");
}

static ws_status read_manifest(const char *run, run_data_part part, ws_value manifest,
                               run_data *out) {
  bool valid = true;
  ws_value place = ws_value_get(manifest, ws_text_of(members[part]));
  ws_value lfs = ws_value_get(manifest, ws_text_of("lfs"));
  if (part < RUN_INPUT && (!lfs.at || !ws_value_is(lfs, WS_OBJECT)))
    return set_why(out, "the run was made from ready-made ", ws_text_of("votes"), "");
  if (!place.at || !ws_value_is(place, WS_OBJECT))
    return set_why(out, "the run has no ", ws_text_of(members[part]), " set");
  ws_text path = member_text(place, "path", &valid);
  ws_text hash = member_text(place, "xxh3", &valid);
  if (!valid) return set_why(out, "its manifest names ", ws_text_of("no file"), "");
  return find_file(run, path, hash, out);
}

ws_status run_data_find(const char *run, run_data_part part, const char *given,
                        run_data *out, ws_error *err) {
  ws_buffer bytes = {0};
  bool valid = true;
  *out = (run_data){0};
  WS_TRY(run_manifest(run, &bytes, err));
  ws_value manifest = {(const unsigned char *)bytes.data};
  ws_value made_with = member_of(manifest, "options", WS_OBJECT, &valid);
  if (valid)
    out->skips = ws_text_equals(member_text(made_with, "on_error", &valid), "skip");
  ws_status status = given ? ws_buffer_text(&out->path, ws_text_of(given))
                           : read_manifest(run, part, manifest, out);
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

void run_data_clear(run_data *data) {
  ws_buffer_clear(&data->path);
  ws_buffer_clear(&data->why);
}

/* --- reading ------------------------------------------------------------------------ */

static ws_status refuse(const run_data *data, uint64_t line, const char *what,
                        ws_error *err) {
  return ws_error_set(err, WS_EIO, "%s:%llu: %s: these are not the records of the run",
                      data->path.data, (unsigned long long)line, what);
}

static ws_status hand_on(const run_data *data, const ws_votes *votes,
                         const ws_records *batch, size_t *row, run_data_fn fn, void *user,
                         ws_error *err) {
  for (size_t i = 0; i < ws_records_count(batch); i++, ++*row) {
    ws_record record = ws_records_at(batch, i);
    char digits[24];
    if (*row >= ws_votes_rows(votes))
      return refuse(data, record.line, "expected the end of the file", err);
    ws_text id = ws_votes_row_id(votes, *row, digits);
    if (id.size != record.id.size || memcmp(id.data, record.id.data, id.size) != 0)
      return refuse(data, record.line, "expected another id", err);
    WS_TRY(fn(user, *row, &record, err));
  }
  return WS_OK;
}

ws_status run_data_each(const run_data *data, const ws_task *task, const ws_votes *votes,
                        const ws_reader_options *how, run_data_fn fn, void *user,
                        ws_error *err) {
  ws_reader_options reading = how ? *how : ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  size_t added = 1, row = 0;
  reading.unique_ids = false; // the fit has looked
  if (data->skips) reading.on_error = WS_SKIP;
  WS_TRY(ws_reader_open(data->path.data, task, &reading, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  while (status == WS_OK && added) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, BATCH, BATCH_BYTES, &added, err);
    if (status == WS_OK) status = hand_on(data, votes, batch, &row, fn, user, err);
  }
  if (status == WS_OK && row != ws_votes_rows(votes))
    status = ws_error_set(err, WS_EIO,
                          "%s: expected %zu records, found %zu: these are "
                          "not the records of the run",
                          data->path.data, ws_votes_rows(votes), row);
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}
