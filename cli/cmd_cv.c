/* SPDX-License-Identifier: MIT
 *
 * weaksup cv: how well a classifier trained this way does, by cross-validation on gold
 * labels.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/csv.h>
#include <weaksup/output.h>

#include "cv.h"
#include "load_errors.h"
#include "members.h"
#include "reliability_print.h"
#include "say.h"
#include "table.h"

/* --- records ------------------------------------------------------------------------ */

static ws_status read_labels(cv *c, ws_error *err) {
  label_file *f = &c->labels;
  WS_TRY(label_file_read(f, c->o->labels, &c->setup, true, err));
  c->task = f->task;
  c->features = f->features;
  c->n = f->count;
  c->gold = f->gold;
  c->groups = f->groups;
  return WS_OK;
}

static ws_status take_groups(cv *c, const ws_records *batch, size_t *row, ws_error *err) {
  for (size_t i = 0; i < ws_records_count(batch) && *row < c->n; i++, ++*row) {
    ws_record record = ws_records_at(batch, i);
    ws_status status = label_group(c->o->group, &record, &c->groups[*row], err);
    if (status != WS_OK) {
      ws_error_prefix(err, "%s:%llu: ", input_name(c->part.path),
                      (unsigned long long)record.line);
      return status;
    }
  }
  return WS_OK;
}

/* The records once more: votes do not have their fields. */
static ws_status read_groups(cv *c, ws_error *err) {
  ws_reader_options how = c->part.how;
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  size_t added = 1, row = 0;
  if (!c->o->group) return WS_OK;
  how.skipped = NULL; // it was told
  c->groups = ws_alloc_array(c->n, sizeof *c->groups);
  if (!c->groups) return ws_error_nomem(err);
  WS_TRY(ws_reader_open(c->part.path, c->task, &how, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  while (status == WS_OK && added) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, 1024, 1 << 20, &added, err);
    if (status == WS_OK) status = take_groups(c, batch, &row, err);
  }
  if (status == WS_OK && row != c->n)
    status = ws_error_set(err, WS_EIO, "%s: changed while it was in use", c->part.path);
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}

static ws_status apply_lfs(cv *c, ws_error *err) {
  const char *path, *lfs = c->o->arguments[0];
  WS_TRY(setup_task(c->o, lfs, &c->own_task, err));
  c->task = c->own_task;
  WS_TRY(setup_path(c->task, WS_TASK_DATA, &path, err));
  WS_TRY(setup_lfs(&c->setup, lfs, c->task, &c->lfs, err));
  WS_TRY(part_apply(&c->part, &c->setup, c->task, c->lfs, path, true, err));
  bar_clear(&c->bar);
  part_say_errors(&c->part, 1, c->lfs, c->o);
  if (!ws_votes_has_gold(c->part.votes))
    return ws_error_set(err, WS_EINVAL,
                        "%s: no record has a gold label in the field '%s', and gold is "
                        "the yardstick (--data names records that have some)",
                        input_name(path), ws_task_get(c->task, WS_TASK_GOLD));
  c->features = c->part.features;
  c->n = ws_votes_rows(c->part.votes);
  c->gold = ws_alloc_array(c->n, sizeof *c->gold);
  if (!c->gold) return ws_error_nomem(err);
  for (size_t i = 0; i < c->n; i++) c->gold[i] = ws_votes_row_gold(c->part.votes, i);
  WS_TRY(setup_priors(&c->setup, c->lfs, c->part.votes, err));
  return read_groups(c, err);
}

/* --- the folds file ----------------------------------------------------------------- */

static ws_text id_of(const cv *c, size_t i, char digits[24]) {
  return c->lfs ? ws_votes_row_id(c->part.votes, i, digits) : c->labels.ids[i];
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

static ws_status write_folds(const cv *c, ws_error *err) {
  ws_buffer bytes = {0};
  if (!c->o->folds_out) return WS_OK;
  bool csv = ends_with(c->o->folds_out, ".csv");
  ws_status status = csv ? ws_buffer_string(&bytes, "id,fold\n") : WS_OK;
  for (size_t i = 0; status == WS_OK && i < c->n; i++)
    if (c->fold[i] != WS_NO_FOLD) status = put_fold(c, i, csv, &bytes);
  if (status != WS_OK)
    ws_error_nomem(err);
  else
    status = ws_output_file(c->o->folds_out, ws_buffer_as_text(&bytes), err);
  ws_buffer_clear(&bytes);
  return status;
}

/* --- printing ----------------------------------------------------------------------- */

typedef struct spread {
  double mean, sd; // over the folds; sd with n - 1
} spread;

static spread spread_of(const cv *c, const cv_scores *s, size_t which) {
  double sum = 0, squares = 0, n = (double)c->folds, values[3];
  for (int pass = 0; pass < 2; pass++)
    for (size_t f = 0; f < c->folds; f++) {
      values[0] = s->folds[f].accuracy;
      values[1] = s->folds[f].macro_f1;
      values[2] = s->folds[f].log_loss;
      if (pass == 0)
        sum += values[which];
      else
        squares += (values[which] - sum / n) * (values[which] - sum / n);
    }
  return (spread){sum / n, sqrt(squares / (n - 1))};
}

static void print_scores(const cv *c) {
  static const bool right[] = {false, true, true, true, true};
  const cv_scores *sets[] = {&c->label_model, &c->classifier};
  table t = {.columns = 5, .right = right};
  const char *const heads[] = {"", "n", "accuracy", "macro-F1", "log-loss"};
  for (size_t i = 0; i < 5; i++) table_cell(&t, "%s", heads[i]);
  for (size_t s = 0; s < 2; s++) {
    if (!sets[s]->has) continue;
    table_cell(&t, "%s", sets[s]->name);
    table_cell(&t, "%llu", (unsigned long long)ws_reliability_rows(c->details));
    for (size_t which = 0; which < 3; which++) {
      spread over = spread_of(c, sets[s], which);
      table_cell(&t, "%.3f ± %.3f", over.mean, over.sd);
    }
  }
  table_print(&t);
  printf("mean ± standard deviation over %zu folds%s%s\n", c->folds,
         c->o->group ? ", each group in one of them: " : "",
         c->o->group ? c->o->group : "");
}

static void put_scores(ws_json_writer *json, const cv *c, const cv_scores *s) {
  static const char *const names[] = {"accuracy", "macro_f1", "log_loss"};
  ws_json_key(json, s == &c->classifier ? "classifier" : "label_model");
  if (!s->has) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  for (size_t which = 0; which < 3; which++) {
    spread over = spread_of(c, s, which);
    ws_json_key(json, names[which]);
    ws_json_open(json, '{');
    json_put_number(json, "mean", over.mean);
    json_put_number(json, "sd", over.sd);
    ws_json_close(json, '}');
  }
  ws_json_key(json, "folds");
  ws_json_open(json, '[');
  for (size_t f = 0; f < c->folds; f++) ws_scores_json(json, &s->folds[f]);
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

static int print_json(const cv *c) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_uint(&json, "records", ws_reliability_rows(c->details));
  json_put_uint(&json, "folds", c->folds);
  json_put_uint(&json, "seed", c->o->seed);
  json_put_string(&json, "group", c->o->group);
  put_scores(&json, c, &c->label_model);
  put_scores(&json, c, &c->classifier);
  reliability_json(&json, c->details, ws_task_names(c->task), c->K);
  ws_json_close(&json, '}');
  return json_print(&json);
}

static void print_all(const cv *c) {
  print_scores(c);
  reliability_print(c->details);
  classes_print(c->details, ws_task_names(c->task), c->K);
}

/* --- the command -------------------------------------------------------------------- */

static ws_status run_steps(cv *c, ws_error *err) {
  WS_TRY(c->o->labels ? read_labels(c, err) : apply_lfs(c, err));
  bar_clear(&c->bar);
  c->K = ws_task_classes(c->task);
  WS_TRY(cv_run(c, err));
  return write_folds(c, err);
}

static void cv_clear(cv *c) {
  if (!c->o->labels) {
    ws_free(c->gold); // else they belong to the labels
    ws_free(c->groups);
  }
  ws_free(c->fold);
  ws_free(c->probs);
  ws_free(c->label_model.folds);
  ws_free(c->classifier.folds);
  ws_reliability_free(c->details);
  label_file_clear(&c->labels);
  part_clear(&c->part);
  ws_lf_set_free(c->lfs);
  ws_task_free(c->own_task);
  setup_clear(&c->setup);
}

static bool check_folds_out(const command *self, const options *o) {
  const char *ending = o->folds_out ? path_ending(o->folds_out) : NULL;
  return !ending || strcmp(ending, ".csv") == 0 || strcmp(ending, ".jsonl") == 0 ||
         say_usage(self,
                   "--folds-out: expected a name that ends in .jsonl or .csv, found '%s'",
                   o->folds_out);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  cv c = {.o = o,
          .bar = bar_new(o),
          .folds = (size_t)o->folds,
          .label_model = {.name = "label model"},
          .classifier = {.name = "classifier"}};
  if (!o->labels == !o->argument_count)
    return say_usage(self, "expected either LFS or --labels FILE") ? 0 : EXIT_USAGE;
  if (o->folds < 2 || o->folds > 1000)
    return say_usage(self, "--folds: expected 2 to 1000, found %llu",
                     (unsigned long long)o->folds)
               ? 0
               : EXIT_USAGE;
  if (!check_folds_out(self, o)) return EXIT_USAGE;
  if (!setup_init(&c.setup, self, o, &c.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&c, &err);
  bar_clear(&c.bar);
  int code = EXIT_DONE;
  if (status != WS_OK)
    code = say_failure(&err);
  else if (o->json)
    code = print_json(&c);
  else if (!o->quiet)
    print_all(&c);
  cv_clear(&c);
  return code;
}

const command cmd_cv = {
    .name = "cv",
    .arguments = "LFS",
    .summary = "cross-validation on gold labels",
    .details =
        "Trains on all folds of the records but one and predicts that, in turn. With\n"
        "--labels FILE the classifier of train, on its gold labels; with LFS the label\n"
        "model and the classifier of the task, gold labels of its data being the\n"
        "yardstick only. Each fold has the same share of every class; --group keeps\n"
        "records with the same value of a field together.\n",
    .examples = "weaksup cv --labels labeled.csv --folds 10\n"
                "weaksup cv lfs/ --group author\n",
    .takes = (const char *const[]){"labels",
                                   "folds",
                                   "group",
                                   "folds-out",
                                   "task",
                                   "classes",
                                   "data",
                                   "text",
                                   "gold",
                                   "id",
                                   "label-model",
                                   "features",
                                   "hash-bits",
                                   "c",
                                   "hidden",
                                   "vector-words",
                                   "model",
                                   "log-ratios",
                                   "recipe",
                                   "hard",
                                   "min-confidence",
                                   "uncovered",
                                   "input-format",
                                   "on-error",
                                   "max-line",
                                   "jobs",
                                   "seed",
                                   "json",
                                   "quiet",
                                   "verbose",
                                   NULL},
    .most = 1,
    .run = run,
};
