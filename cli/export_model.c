/* SPDX-License-Identifier: MIT
 *
 * The classifier for elsewhere. Where the header is not the whole classifier, both
 * predict the records of --data, or of the run's test set, else of its dev set, else
 * those that it was made from, and what leaving out and rounding changed is said.
 */
#include "export_model.h"

#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/export.h>

#include "run_data.h"
#include "run_folder.h"
#include "say.h"
#include "scores.h"
#include "setup.h"

enum {
  BYTES_USUAL = 1 << 20, // of small numbers
  OWN_DATA = 2,          // of the sets of the run: test, dev, data
  MEASURED = 3,
};

/* What --quantize keeps to as long as it leaves nothing out. */
static const double FAR = 0.02, LEAST_SAME = 0.995;

typedef struct export_run {
  const options *o;
  setup setup;
  bar bar;
  ws_task *task;
  ws_classifier *classifier;
  ws_export *exported;
  ws_export_options how;
  const char *where; // what the records are to the run, in brackets; "": nothing
} export_run;

/* What two classifiers make of the same records. */
typedef struct comparison {
  ws_predictor *whole, *part;
  double *first, *second; // [K]
  size_t K;
  const char *path;
  ws_export *exported; // learns, where there is no `part`
  ws_export_cost cost;
} comparison;

bool export_is_model(const options *o) {
  return o->to && (strcmp(o->to, "c-header") == 0 || strcmp(o->to, "json") == 0);
}

/* --- what it costs ------------------------------------------------------------------ */

static ws_status visit_record(void *user, const ws_record *record, ws_error *err) {
  comparison *c = user;
  WS_TRY(predict_record(c->whole, record, c->path, c->first, err));
  if (!c->part) return ws_export_teach(c->exported, record, c->first, err);
  WS_TRY(predict_record(c->part, record, c->path, c->second, err));
  ws_export_cost_add(&c->cost, c->first, c->second, c->K, record->gold);
  return WS_OK;
}

/* Shows the records of a file to the whole classifier and, where c->part is to be there,
 * to what is left of it; else that learns from the first. */
static ws_status visit(export_run *e, const char *path, bool learn, comparison *c,
                       ws_error *err) {
  ws_reader *reader = NULL;
  c->K = ws_classifier_classes(e->classifier);
  c->path = path;
  c->exported = e->exported;
  c->first = ws_alloc_array(c->K, sizeof *c->first);
  c->second = ws_alloc_array(c->K, sizeof *c->second);
  if (!c->first || !c->second || ws_predictor_new(e->classifier, &c->whole) != WS_OK ||
      (!learn && ws_predictor_new(ws_export_classifier(e->exported), &c->part) != WS_OK))
    return ws_error_nomem(err);
  e->setup.reader.need_gold = !learn;
  e->setup.reader.unique_ids = false;
  e->setup.reader.optional_id = true;
  WS_TRY(ws_reader_open(path, e->task, &e->setup.reader, &reader, err));
  ws_status status = ws_reader_each(reader, visit_record, c, err);
  ws_reader_free(reader);
  return status;
}

static void comparison_clear(comparison *c) {
  ws_predictor_free(c->whole);
  ws_predictor_free(c->part);
  ws_free(c->first);
  ws_free(c->second);
}

/* What small numbers keep to, and what is to be hoped for where features are left out. */
static void say_beyond(const export_run *e, const ws_export_cost *c, const char *name) {
  bool pruned = ws_classifier_active(ws_export_classifier(e->exported)) <
                ws_classifier_active(e->classifier);
  if (c->largest <= FAR && (double)c->same >= LEAST_SAME * (double)c->records) return;
  if (pruned || e->how.int8)
    say_note(
        e->o,
        "%s: that is beyond the %.2f and the %.1f %% that headers with room keep to: "
        "allow more by --max-size or --prune",
        name, FAR, 100 * LEAST_SAME);
}

static void say_comparison(const export_run *e, const ws_export_cost *c,
                           const char *path) {
  double n = c->records ? (double)c->records : 1, gold = c->gold ? (double)c->gold : 1;
  const char *name = input_name(path);
  say_note(e->o,
           "%s%s: the same class as the whole classifier's for %.2f %% of %llu records, "
           "largest difference of a probability %.4f",
           name, e->where, 100 * (double)c->same / n, (unsigned long long)c->records,
           c->largest);
  say_beyond(e, c, name);
  if (c->gold)
    say_note(e->o, "%s%s: accuracy %.4f on %llu gold labels, the whole classifier %.4f",
             name, e->where, (double)c->part_right / gold, (unsigned long long)c->gold,
             (double)c->whole_right / gold);
}

/* Lets the features that are left learn from the run's records. */
static ws_status learn(export_run *e, const char *path, ws_error *err) {
  comparison c = {0};
  ws_status status = visit(e, path, true, &c, err);
  if (status == WS_OK)
    status = ws_export_learn(e->exported, e->setup.training.classifier.threads, err);
  comparison_clear(&c);
  return status;
}

static ws_status say_cost(export_run *e, const char *path, ws_error *err) {
  comparison c = {0};
  ws_status status = visit(e, path, false, &c, err);
  if (status == WS_OK) say_comparison(e, &c.cost, path);
  comparison_clear(&c);
  return status;
}

/* What the run was made from need not be readable as records any more: votes without
 * texts, for example. Then *there comes out false. */
static ws_status try_own(export_run *e,
                         ws_status (*use)(export_run *, const char *, ws_error *),
                         const run_data *own, bool *there, ws_error *err) {
  ws_reader_options before = e->setup.reader;
  ws_error why = WS_ERROR_INIT;
  if (own->skips) e->setup.reader.on_error = WS_SKIP;
  e->setup.reader.skipped = NULL; // fit told them
  ws_status status = use(e, own->path.data, &why);
  e->setup.reader = before;
  if (status == WS_ENOMEM || status == WS_ESTOPPED) {
    *err = why;
    return status;
  }
  *there = status == WS_OK;
  if (!*there) say_note(e->o, "the records of the run do not read: %s", why.message);
  return WS_OK;
}

/* The records that are best to measure on: those that nothing was trained on. */
static ws_status measure(export_run *e, const run_data own[MEASURED], bool few,
                         bool learned, ws_error *err) {
  static const char *const names[MEASURED] = {
      " (the run's test set)",
      " (the run's dev set, whose gold labels may have been trained on)",
      " (the run's data)"};
  for (size_t i = 0; i < MEASURED; i++) {
    bool seen = i == OWN_DATA && few; // where it does not read that was said
    bool there = seen ? learned : own[i].path.size > 0;
    e->where =
        seen ? " (the run's data, seen in training: elsewhere it does worse)" : names[i];
    if (there) WS_TRY(try_own(e, say_cost, &own[i], &there, err));
    if (there) return WS_OK;
  }
  say_note(e->o, "what that costs was not measured: give records with --data FILE");
  return WS_OK;
}

/* Records of --data must be fit for it; those of the run may be gone. Where few features
 * are left, training those again helps; where many are, their own weights are better. */
static ws_status use_records(export_run *e, bool few, const run_data own[MEASURED],
                             ws_error *err) {
  const char *data = options_path(e->o, WS_TASK_DATA);
  bool there = own[OWN_DATA].path.size > 0;
  if (few && there) WS_TRY(try_own(e, learn, &own[OWN_DATA], &there, err));
  if (few && !there)
    say_note(e->o, "the features that are left were not trained again: the run names no "
                   "file of records, or it is not there as it was");
  WS_TRY(setup_keys(e->o, e->task, err));
  return data ? say_cost(e, data, err) : measure(e, own, few, there, err);
}

static ws_status learn_and_say(export_run *e, bool few, ws_error *err) {
  static const run_data_part parts[MEASURED] = {RUN_TEST_INPUT, RUN_DEV_INPUT, RUN_INPUT};
  const char *run = e->o->arguments[0];
  run_data own[MEASURED] = {0};
  for (size_t i = 0; run_is(run) && i < MEASURED; i++)
    if (run_data_find(run, parts[i], NULL, &own[i], NULL) != WS_OK)
      run_data_clear(&own[i]); // then they are not there
  ws_status status = use_records(e, few, own, err);
  for (size_t i = 0; i < MEASURED; i++) run_data_clear(&own[i]);
  return status;
}

/* --- writing ------------------------------------------------------------------------ */

/* The library calls what is wrong "size" and "name". */
static ws_status new_export(export_run *e, ws_error *err) {
  ws_status status = ws_export_new(e->classifier, &e->how, &e->exported, err);
  if (status == WS_EINVAL && strncmp(err->message, "size:", 5) == 0)
    ws_error_prefix(err, "--max-");
  if (status == WS_EINVAL && strncmp(err->message, "name:", 5) == 0)
    ws_error_prefix(err, "--");
  return status;
}

/* Floats have no limit of their own: they are to be as `predict` is. */
static void say_large(const export_run *e) {
  size_t bytes = ws_export_bytes(e->exported);
  if (bytes > BYTES_USUAL && !e->how.int8 && e->how.most_bytes == 0)
    say_note(e->o, "that is much for a small machine: --quantize int8 keeps to 1 MB, and "
                   "--max-size says how much there may be");
}

static ws_status make_header(export_run *e, ws_buffer *out, ws_error *err) {
  WS_TRY(new_export(e, err));
  size_t all = ws_classifier_active(e->classifier);
  size_t left = ws_classifier_active(ws_export_classifier(e->exported));
  say_note(e->o, "%zu of %zu features, about %zu KB of code and tables", left, all,
           (ws_export_bytes(e->exported) + 1023) / 1024);
  say_large(e);
  if (left < all || e->how.int8 || e->o->keys[WS_TASK_DATA])
    WS_TRY(learn_and_say(e, ws_export_should_learn(e->exported), err));
  return ws_export_header(e->exported, out) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status make_json(export_run *e, ws_buffer *out, ws_error *err) {
  ws_status status = ws_export_json(e->classifier, out, err);
  if (status == WS_EINVAL) ws_error_prefix(err, "%s: ", e->o->arguments[0]);
  return status;
}

static ws_status run_steps(export_run *e, ws_error *err) {
  ws_buffer text = {0};
  ws_output *output = NULL;
  WS_TRY(run_or_model(e->o->arguments[0], &e->task, &e->classifier, err));
  bool header = strcmp(e->o->to, "c-header") == 0;
  ws_status status = header ? make_header(e, &text, err) : make_json(e, &text, err);
  if (status == WS_OK) status = ws_output_open(e->o->out ? e->o->out : "-", &output, err);
  if (status == WS_OK) status = ws_output_write(output, ws_buffer_as_text(&text), err);
  if (status == WS_OK) {
    status = ws_output_commit(output, err);
    output = NULL;
  }
  ws_output_abort(output);
  ws_buffer_clear(&text);
  return status;
}

/* --- options ------------------------------------------------------------------------ */

/* "32K", "1M", "40000". */
static bool read_size(const char *text, size_t *out) {
  size_t length = strlen(text), unit = 1;
  uint64_t number;
  char last = length ? text[length - 1] : 0;
  if (last == 'K' || last == 'k') unit = 1024;
  if (last == 'M' || last == 'm') unit = 1024 * 1024;
  if (unit > 1) length--;
  if (!ws_text_to_index((ws_text){text, length}, &number) || number == 0 ||
      number > SIZE_MAX / unit)
    return false;
  *out = (size_t)number * unit;
  return true;
}

static bool read_options(const command *self, const options *o, ws_export_options *how) {
  bool header = strcmp(o->to, "c-header") == 0;
  *how = ws_export_options_default();
  if (!header && strcmp(o->to, "json") != 0)
    return say_usage(self, "--to: expected labels, c-header or json, found '%s'", o->to);
  if (o->format) return say_usage(self, "--format is for --to labels");
  if (!header && (o->quantize || o->prune != PRUNE_NOT || o->max_size || o->name))
    return say_usage(self, "--quantize, --prune, --max-size and --name are for "
                           "--to c-header");
  if (o->quantize && strcmp(o->quantize, "int8") != 0)
    return say_usage(self, "--quantize: expected int8, found '%s'", o->quantize);
  how->int8 = o->quantize != NULL;
  if (o->prune == 0) return say_usage(self, "--prune: expected 1 or more, found 0");
  how->entries = o->prune == PRUNE_NOT ? 0 : (size_t)o->prune;
  how->most_bytes = how->int8 ? BYTES_USUAL : 0;
  if (o->max_size && !read_size(o->max_size, &how->most_bytes))
    return say_usage(self, "--max-size: expected bytes, as 32768, 32K or 1M, found '%s'",
                     o->max_size);
  if (o->name) how->name = o->name;
  return true;
}

int export_model(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  export_run e = {.o = o, .bar = bar_new(o), .where = ""};
  if (!read_options(self, o, &e.how)) return EXIT_USAGE;
  if (!setup_init(&e.setup, self, o, &e.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&e, &err);
  bar_clear(&e.bar);
  ws_export_free(e.exported);
  ws_classifier_free(e.classifier);
  ws_task_free(e.task);
  setup_clear(&e.setup);
  return status == WS_OK ? EXIT_DONE : say_failure(&err);
}
