/* SPDX-License-Identifier: MIT
 *
 * Reading for `weaksup cv`: records with labels, or with the votes of labeling functions.
 * Where the data has no gold labels, the records of dev that have some are the yardstick:
 * they stand behind the data's.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/csv.h>
#include <weaksup/output.h>

#include "cv.h"
#include "members.h"
#include "say.h"
#include "weight_field.h"

static ws_status read_labels(cv *c, ws_error *err) {
  label_file *f = &c->labels;
  WS_TRY(label_file_read(f, c->o->labels, &c->setup, true, err));
  WS_TRY(check_weights(c->o->labels, c->o->weight, f->weights, f->weights ? f->count : 0,
                       err));
  if (f->gold_rows == 0)
    return ws_error_set(err, WS_EINVAL,
                        "%s: expected gold labels, which are the yardstick, found "
                        "probabilistic ones only, on %llu records (--gold FIELD names "
                        "the field of gold labels, where there is one beside)",
                        input_name(f->path), (unsigned long long)f->weak_rows);
  c->task = f->task;
  c->features = f->features;
  c->n = f->count;
  c->gold = f->gold;
  c->groups = f->groups;
  return WS_OK;
}

/* --- groups ------------------------------------------------------------------------- */

typedef struct grouping {
  cv *c;
  const part *part;
  size_t row;
} grouping;

static ws_status take_group(void *user, const ws_record *record, ws_error *err) {
  grouping *g = user;
  const cv *c = g->c;
  if (g->row >= c->n || (c->dev_votes && record->gold == WS_ABSTAIN)) return WS_OK;
  ws_status status = label_group(c->o->group, record, &c->groups[g->row++], err);
  if (status != WS_OK)
    ws_error_prefix(err, "%s:%llu: ", input_name(g->part->path),
                    (unsigned long long)record->line);
  return status;
}

/* The records of the yardstick once more: votes do not have their fields. */
static ws_status read_groups(cv *c, ws_error *err) {
  grouping g = {c, c->dev_votes ? &c->dev : &c->part, c->base};
  ws_reader_options how = g.part->how;
  ws_reader *reader = NULL;
  if (!c->o->group) return WS_OK;
  how.skipped = NULL; // it was told
  c->groups = ws_alloc_zero(c->n, sizeof *c->groups);
  if (!c->groups) return ws_error_nomem(err);
  WS_TRY(ws_reader_open(g.part->path, c->task, &how, &reader, err));
  ws_status status = ws_reader_each(reader, take_group, &g, err);
  if (status == WS_OK && g.row != c->n)
    status = ws_error_set(err, WS_EIO, "%s: changed while it was in use", g.part->path);
  ws_reader_free(reader);
  return status;
}

/* --- labeling functions ------------------------------------------------------------- */

static bool has_gold_at(const void *votes, size_t i) {
  return ws_votes_row_gold(votes, i) != WS_ABSTAIN;
}

/* dev's records with gold, and their features behind those of the data. */
static ws_status take_dev(cv *c, ws_error *err) {
  if (ws_votes_pick(c->dev.votes, has_gold_at, c->dev.votes, &c->dev_votes) != WS_OK)
    return ws_error_nomem(err);
  ws_status status = ws_features_next_npy(c->features, c->o->dev_npy, err);
  if (status == WS_EINVAL && !c->o->dev_npy) ws_error_prefix(err, "--dev-npy: ");
  WS_TRY(status);
  return part_append_gold(&c->dev, &c->setup, c->task, c->features, err);
}

static ws_status no_gold(const cv *c, const char *dev, ws_error *err) {
  return ws_error_set(
      err, WS_EINVAL,
      "%s: no record has a gold label in the field '%s'%s%s%s, and gold is the yardstick "
      "(--data or --dev names records that have some)",
      input_name(c->part.path), ws_task_get(c->task, WS_TASK_GOLD),
      dev ? ", nor in " : "", dev ? dev : "", gold_field_hint(&c->part.gold));
}

static ws_status find_yardstick(cv *c, ws_error *err) {
  const char *dev = ws_task_get(c->task, WS_TASK_DEV);
  if (ws_votes_has_gold(c->part.votes)) return WS_OK;
  if (!dev) return no_gold(c, dev, err);
  c->setup.reader.format = WS_INPUT_AUTO; // --input-format speaks of the data
  c->dev.notes_targeted = true;
  WS_TRY(part_apply(&c->dev, &c->setup, c->task, c->lfs, dev, false, err));
  bar_clear(&c->bar);
  part_say_errors(&c->dev, 1, c->lfs, c->o);
  part_say_skipped(&c->dev);
  if (!ws_votes_has_gold(c->dev.votes)) return no_gold(c, dev, err);
  return take_dev(c, err);
}

static ws_status take_gold(cv *c, ws_error *err) {
  const ws_votes *yardstick = cv_yardstick(c);
  c->base = c->dev_votes ? ws_votes_rows(c->part.votes) : 0;
  c->n = c->base + ws_votes_rows(yardstick);
  c->gold = ws_alloc_array(c->n, sizeof *c->gold);
  if (!c->gold) return ws_error_nomem(err);
  for (size_t i = 0; i < c->n; i++)
    c->gold[i] = i < c->base ? WS_ABSTAIN : ws_votes_row_gold(yardstick, i - c->base);
  return WS_OK;
}

static ws_status apply_lfs(cv *c, ws_error *err) {
  const char *path, *lfs = c->o->arguments[0];
  WS_TRY(setup_task(c->o, lfs, &c->own_task, err));
  c->task = c->own_task;
  WS_TRY(setup_path(c->task, WS_TASK_DATA, &path, err));
  WS_TRY(setup_lfs(&c->setup, lfs, c->task, &c->lfs, err));
  WS_TRY(part_apply(&c->part, &c->setup, c->task, c->lfs, path, true, err));
  c->features = c->part.features;
  bar_clear(&c->bar);
  part_say_errors(&c->part, 1, c->lfs, c->o);
  part_say_skipped(&c->part);
  WS_TRY(find_yardstick(c, err));
  WS_TRY(take_gold(c, err));
  WS_TRY(setup_priors(&c->setup, c->lfs, c->part.votes, err));
  return read_groups(c, err);
}

ws_status cv_read(cv *c, ws_error *err) {
  return c->o->labels ? read_labels(c, err) : apply_lfs(c, err);
}

/* --- the folds file ----------------------------------------------------------------- */

static ws_text id_of(const cv *c, size_t i, char digits[24]) {
  return c->lfs ? ws_votes_row_id(cv_yardstick(c), i - c->base, digits)
                : c->labels.ids[i];
}

static ws_status put_fold(const cv *c, size_t i, bool csv, ws_buffer *out) {
  char digits[24];
  if (csv) {
    WS_TRY(ws_csv_cell(out, id_of(c, i, digits)));
    return ws_buffer_printf(out, ",%u\n", c->fold[i]);
  }
  ws_json_writer json = {.out = out};
  ws_json_open(&json, '{');
  json_put_text(&json, "id", id_of(c, i, digits));
  json_put_uint(&json, "fold", c->fold[i]);
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(out, "\n") : json.status;
}

ws_status cv_write_folds(const cv *c, ws_error *err) {
  ws_buffer bytes = {0};
  if (!c->o->folds_out) return WS_OK;
  bool csv = ends_with(c->o->folds_out, ".csv");
  ws_status status = csv ? ws_buffer_string(&bytes, "id,fold\n") : WS_OK;
  for (size_t i = c->base; status == WS_OK && i < c->n; i++)
    if (c->fold[i] != WS_NO_FOLD) status = put_fold(c, i, csv, &bytes);
  if (status != WS_OK)
    ws_error_nomem(err);
  else
    status = ws_output_file(c->o->folds_out, ws_buffer_as_text(&bytes), err);
  ws_buffer_clear(&bytes);
  return status;
}
