/* SPDX-License-Identifier: MIT
 *
 * weaksup active: label, fit, measure, repeat.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "active_loop.h"
#include "fit.h"
#include "members.h"
#include "say.h"
#include "step.h"
#include "table.h"

/* --- options ------------------------------------------------------------------------ */

static bool read_oracle(active *a, chat_settings *settings) {
  const options *o = a->o;
  const char *who = o->oracle;
  if (!who || (strcmp(who, "cmd") != 0 && strcmp(who, "endpoint") != 0 &&
               strcmp(who, "human") != 0))
    return say_usage(a->self, "--oracle: expected cmd, endpoint or human, found %s%s%s",
                     who ? "'" : "nothing", who ? who : "", who ? "'" : "");
  a->human = strcmp(who, "human") == 0;
  if (a->human)
    return (!chat_is_given(o) && !o->at_once) ||
           say_usage(a->self, "--oracle human: expected nobody else to ask");
  if (strcmp(who, "cmd") == 0 && !o->cmd && !o->replay)
    return say_usage(a->self, "--oracle cmd: expected --cmd COMMAND");
  if (o->at_once && strcmp(who, "cmd") != 0)
    return say_usage(a->self, "--at-once: expected --oracle cmd");
  return chat_read(a->self, o, settings);
}

/* What fit would refuse is refused before anything is done. */
static bool check_fit(const active *a) {
  options o = *a->o;
  fit f;
  o.model = NULL; // a language model's name
  if (!fit_init(&f, a->self, &o)) return false;
  fit_clear(&f);
  return true;
}

static bool read_options(active *a, chat_settings *settings) {
  const options *o = a->o;
  if (!next_by(a->self, o, &a->by) || !read_oracle(a, settings) || !check_fit(a))
    return false;
  if (!o->budget)
    return say_usage(a->self, "expected --budget N, the records to ask about in all");
  return true;
}

/* The dev set need not be there yet. */
static ws_status find_dev(active *a, ws_error *err) {
  a->dev = ws_task_get(a->task, WS_TASK_DEV);
  if (a->dev && *a->dev) {
    WS_TRY(queue_check_apart(a->dev, ws_task_get(a->task, WS_TASK_DATA), "records", err));
    WS_TRY(
        queue_check_apart(a->dev, ws_task_get(a->task, WS_TASK_TEST), "test set", err));
    return label_output_check(a->dev, err);
  }
  return ws_error_set(err, WS_EINVAL,
                      "expected a file to append labels to, found no dev set: --dev "
                      "dev.jsonl, or dev = \"dev.jsonl\" in weaksup.lua");
}

/* --- what is printed ---------------------------------------------------------------- */

static void print_score(table *t, active_score score) {
  const double numbers[] = {score.accuracy, score.log_loss};
  for (size_t i = 0; i < 2; i++)
    if (isnan(numbers[i]))
      table_cell(t, "-");
    else
      table_cell(t, "%.4f", numbers[i]);
}

static void print_rounds(const active *a) {
  static const bool right[] = {true, true, true, false, true, true, true, true};
  static const char *const heads[] = {"round",      "asked",       "labels",
                                      "on",         "label model", "log-loss",
                                      "classifier", "log-loss"};
  static const unsigned char give_up[] = {0, 3, 0, 4, 0, 1, 0, 2};
  table t = {.columns = 8, .right = right, .give_up = give_up};
  for (size_t i = 0; i < 8; i++) table_cell(&t, "%s", heads[i]);
  for (size_t i = 0; i < a->journal.round_count; i++) {
    const active_round *r = &a->journal.rounds[i];
    table_cell(&t, "%llu", (unsigned long long)r->round);
    table_cell(&t, "%llu", (unsigned long long)r->asked);
    table_cell(&t, "%llu", (unsigned long long)r->labels);
    table_cell(&t, "%s", *r->set ? r->set : "-");
    print_score(&t, r->label_model);
    print_score(&t, r->classifier);
  }
  (void)table_print(&t);
}

static void print_all(const active *a) {
  step s = step_to(&cmd_report);
  print_rounds(a);
  step_argument(&s, a->out);
  step_flag(&s, "open");
  step_print(&s, a->o, "what came of it, with the curve");
}

static int print_json(const active *a) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_string(&json, "run", a->out);
  json_put_string(&json, "dev", a->dev);
  json_put_uint(&json, "budget", a->o->budget);
  json_put_uint(&json, "asked", a->journal.asked.count);
  json_put_uint(&json, "skipped", journal_skipped(&a->journal));
  ws_json_key(&json, "rounds");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < a->journal.round_count; i++)
    journal_put_round(&json, &a->journal.rounds[i]);
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return json_print(&json);
}

static void say_end(const active *a) {
  const active_journal *j = &a->journal;
  bool all = j->asked.count >= a->o->budget;
  if (a->oracle.labeler) chat_say_account(a->o, a->oracle.chat);
  say_note(a->o, "%zu of %llu records asked, %llu without a label; labels are in %s%s",
           j->asked.count, (unsigned long long)a->o->budget,
           (unsigned long long)journal_skipped(j), a->dev,
           all       ? ""
           : a->quit ? "; the same command goes on from here"
                     : "; no more are worth asking");
}

/* --- the command -------------------------------------------------------------------- */

static ws_status run_steps(active *a, chat_settings *settings, ws_error *err) {
  if (a->human) WS_TRY(keyboard_check(err));
  WS_TRY(setup_task(a->o, a->o->arguments[0], &a->task, err));
  WS_TRY(find_dev(a, err));
  chat_use_task(settings, a->task);
  if (!a->human)
    WS_TRY(oracle_open(&a->oracle, a->task, settings, strcmp(a->o->oracle, "cmd") != 0,
                       err));
  return active_run(a, err);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  chat_settings settings = {0};
  active a = {.self = self,
              .o = o,
              .out = o->out ? o->out : "run",
              .journal = {.torn = SIZE_MAX, .twice = SIZE_MAX, .file = {.fd = -1}}};
  if (!read_options(&a, &settings)) return EXIT_USAGE;
  a.bar = bar_new(o);
  settings.chat.progress = bar_sink(&a.bar);
  ws_status status = run_steps(&a, &settings, &err);
  bar_clear(&a.bar);
  int code = status == WS_OK ? EXIT_DONE : say_failure(&err);
  if (status != WS_OK && a.journal.round_count)
    say_note(o, "%zu records were asked so far; the same command goes on from there",
             a.journal.asked.count);
  if (status == WS_OK) say_end(&a);
  if (status == WS_OK && o->json)
    code = print_json(&a);
  else if (status == WS_OK && !o->quiet)
    print_all(&a);
  oracle_clear(&a.oracle);
  journal_clear(&a.journal);
  ws_task_free(a.task);
  return code;
}

const command cmd_active = {
    .name = "active",
    .arguments = "LFS",
    .summary = "label, fit, measure, repeat",
    .details =
        "Fits as `fit` does, asks for the labels of the --batch (10) records that would "
        "tell\n"
        "most, appends them to the dev set, fits again, and so on until --budget records "
        "were\n"
        "asked about. --oracle says who answers: cmd, a command (--cmd) that gets a "
        "record as\n"
        "JSON on standard input and prints its label, or nothing; endpoint, a language "
        "model\n"
        "(--endpoint, --model); human, a person at this terminal, as in `annotate`.\n"
        "After each round accuracy and log-loss on the test set, or cross-fitted on dev, "
        "go\n"
        "into the run's active.jsonl, and `report` shows the curve. It can be stopped at "
        "any\n"
        "time: the same command goes on, and asks about nothing twice.\n",
    .examples = "weaksup active lfs/ --oracle human --budget 60\n"
                "weaksup active lfs/ --oracle cmd --cmd ./label.sh --budget 200 --batch "
                "20 --out run\n",
    .takes = (const char *const[]){FIT_OPTIONS, CHAT_OPTIONS, "oracle", "budget", "batch",
                                   "at-once", "by", "classifier", "out", "json", "quiet",
                                   "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
