/* SPDX-License-Identifier: MIT
 *
 * The records that annotate asks about.
 */
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/task_file.h>

#include "annotate.h"
#include "each_record.h"
#include "next.h"
#include "run_folder.h"
#include "run_paths.h"
#include "say.h"
#include "setup.h"

enum { FROM_RUN = 20, FROM_FILE = 10000 };

typedef struct filling {
  queue *q;
  labelled labelled;
} filling;

void queue_clear(queue *q) {
  for (size_t i = 0; i < q->count; i++) {
    ws_buffer_clear(&q->items[i].id);
    ws_buffer_clear(&q->items[i].text);
    ws_buffer_clear(&q->items[i].fields);
  }
  ws_free(q->items);
  ws_buffer_clear(&q->dev);
  ws_task_free(q->task);
}

ws_value queue_fields(const queue *q, size_t i) {
  return (ws_value){(const unsigned char *)q->items[i].fields.data};
}

static ws_status add(queue *q, ws_text id, ws_text text, ws_value fields) {
  if (!ws_grow(&q->items, &q->capacity, q->count + 1, sizeof *q->items)) return WS_ENOMEM;
  queue_item *item = &q->items[q->count++];
  *item = (queue_item){0};
  WS_TRY(ws_buffer_text(&item->id, id));
  WS_TRY(ws_buffer_text(&item->text, text));
  return ws_buffer_append(&item->fields, fields.at, ws_value_size(fields));
}

/* --- a file ------------------------------------------------------------------------- */

static ws_status take(void *user, const ws_record *record, bool *stop, ws_error *err) {
  filling *f = user;
  if (labelled_has(&f->labelled, record)) {
    f->q->labelled++;
    return WS_OK;
  }
  if (add(f->q, record->id, record->text, record->fields) != WS_OK)
    return ws_error_nomem(err);
  *stop = f->q->count >= f->q->most;
  return WS_OK;
}

/* Labels that the records have already are not looked at: they may be what is to be
 * corrected. */
static ws_status fill_from_file(filling *f, const options *o, const char *path,
                                ws_error *err) {
  ws_reader_options how = ws_reader_options_default();
  how.max_line = (size_t)o->max_line << 20;
  if (o->input_format && !ws_input_format_find(ws_text_of(o->input_format), &how.format))
    return ws_error_set(err, WS_EINVAL,
                        "--input-format: expected jsonl, csv, tsv or text, found '%s'",
                        o->input_format);
  ws_reader_options dev = how;
  dev.format = WS_INPUT_AUTO;
  WS_TRY(labelled_read(&f->labelled, f->q->dev.data, f->q->task, &dev, err));
  how.need_gold = false;
  return each_record(path, f->q->task, &how, take, f, err);
}

/* --- a run -------------------------------------------------------------------------- */

static ws_status parse_line(const next_record *from, queue *q, ws_json_parser *parser,
                            ws_error *err) {
  ws_buffer fields = {0}, padded = {0};
  static const char padding[WS_JSON_PADDING];
  ws_status status = ws_buffer_text(&padded, ws_buffer_as_text(&from->line));
  if (status == WS_OK) status = ws_buffer_append(&padded, padding, sizeof padding);
  if (status == WS_OK)
    status = ws_json_parse(parser, (ws_text){padded.data, from->line.size}, &fields, err);
  if (status == WS_OK)
    status = add(q, ws_buffer_as_text(&from->id), ws_buffer_as_text(&from->text),
                 (ws_value){(const unsigned char *)fields.data});
  ws_buffer_clear(&fields);
  ws_buffer_clear(&padded);
  return status;
}

ws_status queue_take(queue *q, const next_records *chosen, ws_error *err) {
  ws_json_parser *parser = NULL;
  if (ws_json_parser_new(&parser) != WS_OK) return ws_error_nomem(err);
  ws_status status = WS_OK;
  for (size_t i = 0; i < chosen->count && status == WS_OK; i++)
    status = parse_line(&chosen->items[i], q, parser, err);
  ws_json_parser_free(parser);
  q->labelled = chosen->left_out;
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

static ws_status choose(queue *q, next_run *n, ws_active_by by, ws_error *err) {
  next_records chosen = {0};
  ws_reader_options how = n->how;
  if (!n->data.path.size)
    return ws_error_set(err, WS_EINVAL,
                        "%s: expected a run whose records are there: %s (--data FILE)",
                        n->path, n->data.why.data);
  how.format = WS_INPUT_AUTO;
  if (!n->dev.size || strcmp(n->dev.data, q->dev.data) != 0)
    WS_TRY(labelled_read(&n->labelled, q->dev.data, n->task, &how, err));
  if (n->o->classifier) WS_TRY(next_classifier(n, true, err));
  ws_status status = next_choose(n, by, q->most, &chosen, err);
  if (status == WS_OK) status = queue_take(q, &chosen, err);
  next_records_clear(&chosen);
  return status;
}

/* --- where labels go ---------------------------------------------------------------- */

/* Whether the task here has a dev set, if there is one. */
static bool task_has_dev(const options *o) {
  ws_task *task = NULL;
  if (!setup_finds_task(o) || setup_task(o, NULL, &task, NULL) != WS_OK) return false;
  bool has = ws_task_get(task, WS_TASK_DEV) != NULL;
  ws_task_free(task);
  return has;
}

static ws_status set_dev(queue *q, const options *o, const char *dev, ws_error *err) {
  const char *path = o->out ? o->out : dev;
  q->unknown = !(dev && *dev) && !task_has_dev(o);
  if (!path || !*path)
    return ws_error_set(err, WS_EINVAL,
                        "expected a file to append labels to, found no dev set: --out "
                        "dev.jsonl, and then dev = \"dev.jsonl\" in weaksup.lua or --dev "
                        "dev.jsonl");
  WS_TRY(label_output_check(path, err));
  return ws_buffer_string(&q->dev, path) == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status queue_check_apart(const char *dev, const char *other, const char *what,
                            ws_error *err) {
  struct stat a, b;
  if (!other || stat(other, &a) != 0 || stat(dev, &b) != 0 || a.st_dev != b.st_dev ||
      a.st_ino != b.st_ino)
    return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: expected another file to append labels to, found that of the "
                      "%s: another --dev, or --out of annotate",
                      dev, what);
}

/* A run that was copied together with its task still names the files of the original. */
static void say_other_dev(const queue *q, const char *run) {
  ws_buffer file = {0};
  ws_task *task = NULL;
  if (run_put_beside(&file, run, ws_text_of("weaksup.lua")) == WS_OK &&
      is_file(file.data) && ws_task_load(file.data, &task, NULL) == WS_OK) {
    const char *dev = ws_task_get(task, WS_TASK_DEV);
    if (dev && is_file(dev) && !is_one_file(dev, q->dev.data))
      say_warning(
          "labels are appended to %s, the dev set of the run; that of %s beside it "
          "is %s (--out FILE names one)",
          q->dev.data, file.data, dev);
  }
  ws_task_free(task);
  ws_buffer_clear(&file);
}

static ws_status load_run(queue *q, const options *o, ws_active_by by, ws_error *err) {
  next_run n;
  if (!q->most) q->most = FROM_RUN;
  ws_status status = next_open(&n, o, err);
  if (status == WS_OK) status = set_dev(q, o, n.dev.data, err);
  if (status == WS_OK && !o->out && !o->keys[WS_TASK_DEV])
    say_other_dev(q, o->arguments[0]);
  if (status == WS_OK && n.data.path.size)
    status = queue_check_apart(q->dev.data, n.data.path.data, "records", err);
  if (status == WS_OK) status = choose(q, &n, by, err);
  q->task = n.task;
  n.task = NULL;
  next_clear(&n);
  return status;
}

static ws_status load_file(queue *q, const options *o, ws_error *err) {
  filling f = {.q = q};
  const char *path = o->arguments[0];
  if (!q->most || q->most > FROM_FILE) q->most = FROM_FILE;
  if (strcmp(path, "-") == 0)
    return ws_error_set(err, WS_EINVAL,
                        "expected a run or a file of records, found "
                        "standard input, which the keys come from");
  WS_TRY(setup_task(o, NULL, &q->task, err));
  WS_TRY(set_dev(q, o, ws_task_get(q->task, WS_TASK_DEV), err));
  WS_TRY(queue_check_apart(q->dev.data, path, "records", err));
  ws_status status = fill_from_file(&f, o, path, err);
  labelled_clear(&f.labelled);
  return status;
}

ws_status queue_check_keys(const queue *q, ws_error *err) {
  size_t K = ws_task_classes(q->task);
  if (K <= KEY_CLASSES) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "expected at most %d classes, which have a key each, found %zu",
                      KEY_CLASSES, K);
}

ws_status queue_load(queue *q, const options *o, ws_active_by by, ws_error *err) {
  *q = (queue){.most = (size_t)o->records};
  WS_TRY(run_is(o->arguments[0]) ? load_run(q, o, by, err) : load_file(q, o, err));
  return queue_check_keys(q, err);
}
