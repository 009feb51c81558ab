/* SPDX-License-Identifier: MIT
 *
 * weaksup analyze: the table of LFs, for a folder of LFs, a run, or ready-made votes.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>

#include "findings.h"
#include "lf_table.h"
#include "load_errors.h"
#include "members.h"
#include "part.h"
#include "run_folder.h"
#include "say.h"
#include "step.h"
#include "table.h"

enum { DATA, DEV };

typedef struct analyze {
  const options *o;
  setup setup;
  bar bar;
  ws_task *task;
  ws_lf_set *lfs;
  part parts[2]; // the data, dev
  ws_label_model *model;
  lf_table table;
  ws_diagnosis *diagnosis; // NULL for a run, whose
  ws_buffer metrics;       // hold it
  ws_arena arena;          // of the errors of a run
  load_errors errors;
} analyze;

/* Below the table stands what did not load; without one it is a warning. */
static bool has_table(const options *o) {
  return !o->quiet && !o->json;
}

static ws_status apply_lfs(analyze *a, ws_error *err) {
  const char *path, *dev;
  WS_TRY(setup_task(a->o, a->o->arguments[0], &a->task, err));
  WS_TRY(setup_path(a->task, WS_TASK_DATA, &path, err));
  WS_TRY(setup_cache(&a->setup, a->o->arguments[0], err));
  WS_TRY(setup_lfs(&a->setup, a->o->arguments[0], a->task, &a->lfs, err));
  a->errors = load_errors_of(a->lfs);
  if (!has_table(a->o)) load_errors_say(a->errors);
  WS_TRY(part_apply(&a->parts[DATA], &a->setup, a->task, a->lfs, path, false, err));
  dev = ws_task_get(a->task, WS_TASK_DEV);
  a->setup.reader.format = WS_INPUT_AUTO;
  a->parts[DEV].notes_targeted = true;
  return dev ? part_apply(&a->parts[DEV], &a->setup, a->task, a->lfs, dev, false, err)
             : WS_OK;
}

/* The task of votes that name their classes themselves. */
static ws_status task_of_votes(analyze *a, const char *path, ws_error *err) {
  ws_votes *votes = NULL;
  WS_TRY(ws_votes_load(path, &votes, err));
  size_t K = ws_votes_classes(votes);
  ws_text *names = ws_alloc_array(K, sizeof *names);
  for (size_t k = 0; names && k < K; k++) names[k] = ws_votes_class(votes, k);
  ws_status status = names ? ws_task_new(names, K, &a->task, err) : ws_error_nomem(err);
  ws_free(names);
  ws_votes_free(votes);
  WS_TRY(status);
  return setup_keys(a->o, a->task, err);
}

static ws_status read_votes(analyze *a, ws_error *err) {
  const char *path = a->o->arguments[0], *dev = options_path(a->o, WS_TASK_DEV);
  bool alone = ends_with(path, ".wsv") && !a->o->classes && !a->o->task;
  a->parts[DATA].path = path;
  WS_TRY(alone ? task_of_votes(a, path, err) : setup_task(a->o, NULL, &a->task, err));
  WS_TRY(part_import(&a->parts[DATA], &a->setup, a->task, path, false, err));
  a->setup.reader.format = WS_INPUT_AUTO;
  a->parts[DEV].notes_targeted = true;
  return dev ? part_import(&a->parts[DEV], &a->setup, a->task, dev, false, err) : WS_OK;
}

static ws_status examine(analyze *a, const ws_votes *dev, ws_error *err) {
  const ws_votes *votes = a->parts[DATA].votes;
  const ws_votes *gold = dev ? dev : ws_votes_has_gold(votes) ? votes : NULL;
  ws_labels *labels = NULL;
  ws_lf_intervals *intervals = NULL;
  WS_TRY(ws_label_model_predict(a->model, votes, &labels, err));
  ws_status status = ws_diagnose(a->model, votes, labels, gold, NULL, &a->diagnosis, err);
  ws_labels_free(labels);
  WS_TRY(status);
  WS_TRY(ws_lf_intervals_find(a->model, votes, &a->setup.label_model, &intervals, err));
  status = lf_table_learned(&a->table, a->model, intervals);
  ws_lf_intervals_free(intervals);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status make_table(analyze *a, ws_error *err) {
  bool dev = a->parts[DEV].votes && ws_votes_has_gold(a->parts[DEV].votes);
  WS_TRY(setup_check_balance(&a->setup, a->task, err));
  WS_TRY(setup_priors(&a->setup, a->lfs, a->parts[DATA].votes, err));
  WS_TRY(setup_gold(&a->setup, a->parts[DATA].votes, a->parts[DEV].votes,
                    part_targeted(&a->parts[DEV]), err));
  WS_TRY(ws_label_model_fit(a->parts[DATA].votes, &a->setup.label_model, &a->model, err));
  setup_say_unused(&a->setup, a->model);
  if (lf_table_new(a->parts[DATA].votes, dev ? a->parts[DEV].votes : NULL, a->model,
                   a->parts[DATA].report, &a->table) != WS_OK)
    return ws_error_nomem(err);
  return examine(a, dev ? a->parts[DEV].votes : NULL, err);
}

/* A run of `train` has metrics without a table. */
static ws_status read_metrics(analyze *a, ws_error *err) {
  const char *run = a->o->arguments[0];
  WS_TRY(run_metrics(run, &a->metrics, err));
  ws_value metrics = {(const unsigned char *)a->metrics.data};
  if (ws_value_get(metrics, ws_text_of("lfs")).at) return WS_OK;
  return ws_error_set(
      err, WS_EINVAL,
      "%s: expected a run of `weaksup fit`, found one of `weaksup train`, "
      "which has no labeling functions",
      run);
}

static ws_status read_run(analyze *a, ws_error *err) {
  ws_buffer manifest = {0};
  ws_status status = read_metrics(a, err);
  if (status == WS_OK) status = run_manifest(a->o->arguments[0], &manifest, err);
  if (status == WS_OK)
    status =
        lf_table_read((ws_value){(const unsigned char *)a->metrics.data}, &a->table, err);
  ws_value report = {(const unsigned char *)manifest.data};
  if (status == WS_OK) status = lf_table_read_report(report, &a->table, err);
  if (status == WS_OK) status = load_errors_read(report, &a->arena, &a->errors, err);
  ws_buffer_clear(&manifest);
  return status;
}

static ws_status run_steps(analyze *a, ws_error *err) {
  struct stat about;
  const char *what = a->o->arguments[0];
  bool there = stat(what, &about) == 0;
  if (there && S_ISDIR(about.st_mode) && run_is(what)) return read_run(a, err);
  bool lf_file = ends_with(what, ".lua") || ends_with(what, ".rules");
  bool votes = there && S_ISREG(about.st_mode) && !lf_file;
  WS_TRY(votes ? read_votes(a, err) : apply_lfs(a, err));
  return make_table(a, err);
}

static int print_json(const analyze *a) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  if (a->parts[DATA].report) {
    json_put_uint(&json, "cached_lfs", ws_apply_report_cached(a->parts[DATA].report));
  }
  lf_table_json(&json, &a->table, true);
  if (a->diagnosis)
    findings_json(&json, a->diagnosis, a->parts[DATA].votes);
  else
    findings_copy_json(&json, (ws_value){(const unsigned char *)a->metrics.data});
  load_errors_json(&json, a->errors);
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* Whatever the status; `done`: the table is there. */
static void say_all(analyze *a, bool done) {
  const options *o = a->o;
  const ws_votes *dev = a->parts[DEV].votes;
  part_say_cached(&a->parts[DATA], &a->setup);
  part_say_cached(&a->parts[DEV], &a->setup);
  if (a->lfs) part_say_errors(a->parts, 2, a->lfs, o);
  part_say_skipped(&a->parts[DATA]);
  part_say_skipped(&a->parts[DEV]);
  a->setup.told += a->parts[DATA].skipped + a->parts[DEV].skipped;
  if (!done) return;
  if (!o->json) lf_table_say_silent(&a->table, a->lfs, &a->parts[DATA].missing);
  if (o->quiet && a->diagnosis) findings_say(a->diagnosis, o->arguments[0]);
  if (dev) part_say_no_gold(&a->parts[DEV], a->task);
  part_say_gold_field(&a->parts[DATA], a->task, o, dev && ws_votes_has_gold(dev));
}

static bool has_severe(const analyze *a) {
  bool severe = false;
  for (size_t i = 0; a->diagnosis && i < ws_diagnosis_count(a->diagnosis); i++)
    severe = severe || ws_diagnosis_at(a->diagnosis, i)->severe;
  return severe;
}

/* Of a run, more rules; else a fit, or what is in its way. */
static void print_next(const analyze *a) {
  bool run = run_is(a->o->arguments[0]), again = has_severe(a);
  step s = step_to(run ? &cmd_next : again ? &cmd_analyze : &cmd_fit);
  if (run || again || a->lfs)
    step_argument(&s, a->o->arguments[0]);
  else
    step_option(&s, "votes", a->o->arguments[0]);
  if (run)
    step_number(&s, "lfs", 5);
  else
    step_options(&s, &cmd_analyze, a->o, NULL);
  if (s.to == &cmd_fit) step_run_beside(&s, a->o, a->lfs ? a->o->arguments[0] : "lfs");
  s.apart = true;
  step_print(&s, a->o,
             run     ? "which rules would help"
             : again ? "mend what the doctor says, then look again"
                     : "fit");
}

static void print_table(const analyze *a) {
  lf_table_print(&a->table, true);
  if (a->diagnosis)
    findings_print(a->diagnosis, &a->table);
  else
    findings_print_read((ws_value){(const unsigned char *)a->metrics.data}, &a->table);
  load_errors_print(a->errors);
  print_next(a);
}

static void analyze_clear(analyze *a) {
  ws_diagnosis_free(a->diagnosis);
  ws_buffer_clear(&a->metrics);
  lf_table_clear(&a->table);
  ws_arena_clear(&a->arena);
  ws_label_model_free(a->model);
  part_clear(&a->parts[DATA]);
  part_clear(&a->parts[DEV]);
  ws_lf_set_free(a->lfs);
  ws_task_free(a->task);
  setup_clear(&a->setup);
}

/* What a run holds was found when it was made. */
static bool check_run_options(const command *self, const options *o) {
  bool keys = o->task || o->classes;
  for (int key = 0; key < WS_TASK_KEYS; key++) keys = keys || o->keys[key];
  bool model = o->label_model || o->class_balance || o->class_balance_in_em ||
               o->prior_count || o->no_dev_gold;
  bool input = o->votes_format || o->input_format || o->on_error;
  return !(keys || model || input) ||
         say_usage(self,
                   "a run is shown as it was made: expected no options of the task, "
                   "the input or the label model (analyze its votes.wsv with them)");
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  analyze a = {.o = o, .bar = bar_new(o)};
  if (run_is(o->arguments[0]) && !check_run_options(self, o)) return EXIT_USAGE;
  if (!setup_init(&a.setup, self, o, &a.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&a, &err);
  bar_clear(&a.bar);
  int code = EXIT_DONE;
  say_all(&a, status == WS_OK);
  if (status != WS_OK && a.lfs && has_table(o)) load_errors_say(a.errors);
  if (status != WS_OK)
    code = say_failure(&err);
  else if (o->json)
    code = print_json(&a);
  else if (!o->quiet)
    print_table(&a);
  analyze_clear(&a);
  return code;
}

const command cmd_analyze = {
    .name = "analyze",
    .arguments = "LFS|RUN|VOTES",
    .summary = "what each labeling function does",
    .details =
        "Prints for each labeling function the classes it votes for, the share of "
        "records\n"
        "it votes on (coverage), where another votes too (overlaps) and differently\n"
        "(conflicts), its accuracy where gold labels tell, with a 95 % interval, and "
        "the\n"
        "accuracy that the label model learned; then how long a call takes, and what "
        "went\n"
        "wrong, and what the doctor finds in the votes: labeling functions that are "
        "dead,\n"
        "too broad, near duplicates or no better than chance, classes without votes, "
        "what\n"
        "votes alone cannot tell; each with what to do. The argument is a folder of\n"
        "labeling functions, a run, or a votes file.\n",
    .examples = "weaksup analyze lfs/ --dev dev.jsonl\n"
                "weaksup analyze run --json\n",
    .takes = (const char *const[]){"task",
                                   "classes",
                                   "data",
                                   "dev",
                                   "text",
                                   "gold",
                                   "id",
                                   "votes-format",
                                   "input-format",
                                   "on-error",
                                   "max-line",
                                   "label-model",
                                   "class-balance",
                                   "class-balance-in-em",
                                   "prior",
                                   "no-dev-gold",
                                   "max-errors",
                                   "quarantine",
                                   "jobs",
                                   "chunk",
                                   "lf-steps",
                                   "lf-memory",
                                   "lf-time",
                                   "keep-going",
                                   "no-jit",
                                   "no-cache",
                                   "cache",
                                   "json",
                                   "quiet",
                                   "verbose",
                                   NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
