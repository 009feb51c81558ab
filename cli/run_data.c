/* SPDX-License-Identifier: MIT
 *
 * The records of a run, found again by its manifest.
 */
#include "run_data.h"

#include <weaksup/value.h>

#include "members.h"
#include "run_folder.h"
#include "run_paths.h"

static const char *const members[] = {
    [RUN_DATA] = "data",  [RUN_DEV] = "dev",       [RUN_TEST] = "test",
    [RUN_INPUT] = "data", [RUN_DEV_INPUT] = "dev", [RUN_TEST_INPUT] = "test"};

/* --- finding ------------------------------------------------------------------------ */

static ws_status set_why(run_data *out, const char *before, ws_text name,
                         const char *behind) {
  out->path.size = 0;
  WS_TRY(ws_buffer_text(&out->why, ws_text_of(before)));
  WS_TRY(ws_buffer_text(&out->why, name));
  return ws_buffer_text(&out->why, ws_text_of(behind));
}

static ws_status find_file(const char *run, ws_value manifest, ws_value file,
                           run_data *out) {
  WS_TRY(run_put_path(&out->path, run, manifest, file));
  if (run_file_is_same(out->path.data, run_file_hash(file))) return WS_OK;
  return set_why(out, "", run_file_path(file),
                 " is not there any more, or has changed since");
}

static ws_status read_manifest(const char *run, run_data_part part, ws_value manifest,
                               run_data *out) {
  ws_value place = run_file_of(manifest, members[part]);
  if (part < RUN_INPUT && run_is_ready_made(manifest))
    return set_why(out, "the run was made from ready-made ", ws_text_of("votes"), "");
  if (!place.at)
    return set_why(out, "the run has no ", ws_text_of(members[part]), " set");
  if (!run_file_path(place).size || !run_file_hash(place).size)
    return set_why(out, "its manifest names ", ws_text_of("no file"), "");
  return find_file(run, manifest, place, out);
}

ws_status run_data_find(const char *run, run_data_part part, const char *given,
                        run_data *out, ws_error *err) {
  ws_buffer bytes = {0};
  bool valid = true;
  *out = (run_data){0};
  WS_TRY(run_manifest(run, &bytes, err));
  ws_value manifest = {(const unsigned char *)bytes.data};
  out->of_votes = run_is_ready_made(manifest);
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

typedef struct handing {
  const run_data *data;
  const ws_votes *votes;
  size_t row;
  run_data_fn fn;
  void *user;
} handing;

static ws_status refuse(const run_data *data, uint64_t line, const char *what,
                        ws_error *err) {
  return ws_error_set(err, WS_EIO, "%s:%llu: %s: these are not the records of the run",
                      data->path.data, (unsigned long long)line, what);
}

static ws_status hand_on(void *user, const ws_record *record, ws_error *err) {
  handing *h = user;
  char digits[24];
  if (h->row >= ws_votes_rows(h->votes))
    return refuse(h->data, record->line, "expected the end of the file", err);
  if (!ws_text_equal(ws_votes_row_id(h->votes, h->row, digits), record->id))
    return refuse(h->data, record->line, "expected another id", err);
  return h->fn(h->user, h->row++, record, err);
}

/* Of their own, not the numbers of rows, which are written into the room for them. */
static bool has_ids(const ws_votes *votes) {
  char digits[24];
  return ws_votes_rows(votes) && ws_votes_row_id(votes, 0, digits).data != digits;
}

ws_status run_data_each(const run_data *data, const ws_task *task, const ws_votes *votes,
                        const ws_reader_options *how, run_data_fn fn, void *user,
                        ws_error *err) {
  ws_reader_options reading = how ? *how : ws_reader_options_default();
  handing h = {data, votes, 0, fn, user};
  ws_reader *reader = NULL;
  reading.unique_ids = false; // the fit has looked
  if (data->skips) reading.on_error = WS_SKIP;
  if (data->of_votes && has_ids(votes)) reading.default_id = "id";
  WS_TRY(ws_reader_open(data->path.data, task, &reading, &reader, err));
  ws_status status = ws_reader_each(reader, hand_on, &h, err);
  if (status == WS_OK && h.row != ws_votes_rows(votes))
    status = ws_error_set(err, WS_EIO,
                          "%s: expected %zu records, found %zu: these are "
                          "not the records of the run",
                          data->path.data, ws_votes_rows(votes), h.row);
  ws_reader_free(reader);
  return status;
}
