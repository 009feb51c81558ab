/* SPDX-License-Identifier: MIT
 *
 * weaksup generate: a language model writes labeling functions; they are looked at, and
 * kept or refused with a reason.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>

#include "generate.h"
#include "say.h"
#include "table.h"

enum { IDLE_ROUNDS = 2 };

/* --- options ------------------------------------------------------------------------ */

/* --dry-run and --judge ask nobody, and need not know whom. */
static bool read_options(generate *g) {
  const options *o = g->o;
  if (o->kind && !ws_prompt_kind_of(ws_text_of(o->kind), &g->kind))
    return say_usage(g->self, "--kind: expected mixed, lua or rules, found '%s'",
                     o->kind);
  if (o->judge && (chat_is_given(o) || o->dry_run))
    return say_usage(g->self, "--judge: expected nobody to ask, and no --dry-run");
  bool nobody = o->judge || (o->dry_run && !chat_is_given(o));
  if (!(nobody ? chat_read_costs : chat_read)(g->self, o, &g->settings)) return false;
  return setup_init(&g->setup, g->self, o, &g->bar);
}

/* --- a dry run ---------------------------------------------------------------------- */

static int print_prompt_json(const gen_prompt *p) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  ws_json_key(&json, "system");
  ws_json_text(&json, p->request.system);
  ws_json_key(&json, "prompt");
  ws_json_text(&json, p->request.prompt);
  ws_json_key(&json, "tokens");
  ws_json_uint(&json, ws_chat_worst_case(&p->request).input);
  ws_json_key(&json, "max_tokens");
  ws_json_uint(&json, p->request.max_tokens);
  ws_json_close(&json, '}');
  return json_print(&json);
}

static void say_estimate(const generate *g, const gen_prompt *p) {
  ws_chat_usage worst = ws_chat_worst_case(&p->request);
  char cost[64];
  chat_put_cost(&g->settings, worst, cost, sizeof cost);
  say_note(g->o, "the first prompt: about %llu tokens, the reply at most %llu%s",
           (unsigned long long)worst.input, (unsigned long long)worst.output, cost);
  if (g->o->rounds > 1)
    say_note(g->o,
             "up to %llu more depend on the replies before them, and are as long or "
             "somewhat longer; --budget-tokens and --budget-usd hold for all",
             (unsigned long long)g->o->rounds - 1);
}

/* As a command gets it on standard input. */
static ws_status dry_run(generate *g, int *code, ws_error *err) {
  gen_prompt p = {0};
  ws_status status = gen_prompt_make(g, &p, err);
  if (status == WS_OK && g->o->json) {
    *code = print_prompt_json(&p);
  } else if (status == WS_OK) {
    if (p.request.system.size)
      fwrite(p.request.system.data, 1, p.request.system.size, stdout), puts("\n");
    fwrite(p.request.prompt.data, 1, p.request.prompt.size, stdout), puts("");
  }
  if (status == WS_OK) say_estimate(g, &p);
  gen_prompt_clear(&p);
  return status;
}

static int print_template(void) {
  ws_buffer text = {0};
  ws_error err = WS_ERROR_INIT;
  if (ws_prompt_template_default(&text) != WS_OK) {
    ws_error_nomem(&err);
    return say_failure(&err);
  }
  fwrite(text.data, 1, text.size, stdout);
  ws_buffer_clear(&text);
  return EXIT_DONE;
}

/* --- rounds ------------------------------------------------------------------------- */

/* Whether the last rounds brought nothing. */
static bool is_idle(const generate *g) {
  if (g->round_count < IDLE_ROUNDS) return false;
  for (size_t i = g->round_count - IDLE_ROUNDS; i < g->round_count; i++)
    if (g->rounds[i].chosen) return false;
  return true;
}

static ws_status write_report(const generate *g, ws_error *err) {
  ws_buffer path = {0}, text = {0};
  WS_TRY(gen_make_folders(g->aside.data, err));
  bool fine = ws_buffer_printf(&path, "%s/report.json", g->aside.data) == WS_OK &&
              gen_json(g, false, &text) == WS_OK;
  ws_status status = fine ? ws_output_file(path.data, ws_buffer_as_text(&text), err)
                          : ws_error_nomem(err);
  ws_buffer_clear(&path);
  ws_buffer_clear(&text);
  return status;
}

/* A budget that is used up is an end as any other, once there was a round. */
static ws_status run_rounds(generate *g, ws_error *err) {
  while (!g->stopped) {
    ws_status status = gen_round_run(g, err);
    if (status != WS_OK && g->round_count &&
        ws_chat_last_failure(g->chat) == WS_CHAT_BUDGET) {
      say_note(g->o, "%s", err->message);
      g->stopped = "budget";
      return WS_OK;
    }
    WS_TRY(status);
    if (is_idle(g)) g->stopped = "nothing_accepted";
    if (g->round_count == g->o->rounds) g->stopped = "rounds";
    if (g->o->max_lfs && gen_count_chosen(g) >= g->o->max_lfs) g->stopped = "max_lfs";
  }
  return WS_OK;
}

/* From the first question on the report is about this run, whatever comes of it: one of
 * an earlier run would be taken for it. */
static ws_status ask(generate *g, ws_error *err) {
  WS_TRY(gen_folder_make(g, err));
  g->settings.chat.progress = bar_sink(&g->bar);
  if (!g->o->judge) WS_TRY(ws_chat_open(&g->settings.chat, &g->chat, err));
  ws_status status = g->o->judge ? gen_again(g, err) : run_rounds(g, err);
  if (status == WS_OK) status = gen_effect(g, err);
  if (status == WS_OK) status = gen_find_pairs(g, err);
  bar_clear(&g->bar);
  if (status == WS_OK) return write_report(g, err);
  ws_error other = WS_ERROR_INIT;
  bool budget = g->chat && ws_chat_last_failure(g->chat) == WS_CHAT_BUDGET;
  g->stopped = status == WS_ESTOPPED ? "stopped" : budget ? "budget" : "failed";
  if (write_report(g, &other) != WS_OK) say_failure(&other);
  return status;
}

static ws_status load(generate *g, ws_error *err) {
  WS_TRY(setup_task(g->o, g->lfs, &g->task, err));
  chat_use_task(&g->settings, g->task);
  WS_TRY(setup_check_balance(&g->setup, g->task, err));
  g->setup.label_model.balance_from_gold = false; // without a balance it is dev's here
  WS_TRY(ws_prompt_template_load(g->o->template, &g->template, err));
  if (!g->o->judge) gen_say_task(g);
  WS_TRY(gen_find_places(g, err));
  WS_TRY(gen_check_meant(g, err));
  if (!g->o->dry_run) WS_TRY(gen_check_places(g, err));
  if (!g->o->dry_run) WS_TRY(gen_lock(g, err));
  WS_TRY(gen_read(g, err));
  bar_clear(&g->bar);
  WS_TRY(gen_existing(g, err));
  for (int i = POOL; i < PARTS; i++) g->now[i] = g->first[i];
  return WS_OK;
}

/* --- the end ------------------------------------------------------------------------ */

size_t gen_count_chosen(const generate *g) {
  size_t count = 0;
  for (size_t i = 0; i < g->lf_count; i++) count += g->lfs_seen[i].chosen;
  return count;
}

/* Most often LFs are there now that were not when it was recorded. */
static void say_not_recorded(const generate *g) {
  size_t lfs = g->existing ? ws_lf_set_count(g->existing) : 0;
  if (ws_chat_last_failure(g->chat) != WS_CHAT_NOT_RECORDED || lfs == 0) return;
  say_warning("%s holds %zu labeling function%s, which the prompt tells of: those that "
              "were not there when it was recorded, such as what generate wrote, have to "
              "go; or replay in a copy of the folder as it was",
              g->lfs, lfs, lfs == 1 ? "" : "s");
}

static void say_end(const generate *g, ws_status status) {
  size_t chosen = gen_count_chosen(g);
  if (g->chat && status == WS_OK) chat_say_account(g->o, g->chat);
  if (g->chat && status != WS_OK) chat_say_detail(g->chat);
  if (g->chat && status != WS_OK) chat_say_advice(g->self, g->o, g->chat);
  if (g->chat && status != WS_OK) say_not_recorded(g);
  if (status != WS_OK && g->round_count && status != WS_ESTOPPED)
    say_note(g->o,
             "rounds done: %zu; LFs accepted into %s: %zu; the others and the report: %s",
             g->rounds_done, g->out.data, chosen, g->aside.data);
  if (g->kept.size)
    say_note(g->o,
             "the reply that was not judged to its end is in %s: --cmd 'cat %s' --model "
             "NAME --rounds 1 judges it",
             g->kept.data, g->kept.data);
  if (status == WS_OK && (g->chat || g->origins))
    say_note(g->o, "LFs accepted into %s: %zu; the others and the report: %s",
             g->out.data, chosen, g->aside.data);
}

/* Other commands leave nothing where they are stopped; this one does. */
static int say_why(const generate *g, ws_error *err) {
  if (err->status == WS_ESTOPPED && g->round_count)
    (void)ws_error_set(err, WS_EIO,
                       "stopped in round %zu; LFs accepted into %s before: %zu; the "
                       "others and the report: %s",
                       g->rounds_done + 1, g->out.data, gen_count_chosen(g),
                       g->aside.data);
  return say_failure(err);
}

static int print_all(const generate *g) {
  ws_buffer text = {0};
  ws_error err = WS_ERROR_INIT;
  bool good = gen_remark(g) == WS_OK &&
              (!g->o->json || gen_json(g, !g->o->replay, &text) == WS_OK);
  if (!good) {
    ws_buffer_clear(&text);
    ws_error_nomem(&err);
    return say_failure(&err);
  }
  if (g->o->json) {
    fwrite(text.data, 1, text.size, stdout);
    ws_buffer_clear(&text);
    return EXIT_DONE;
  }
  if (g->o->quiet) return EXIT_DONE;
  int code = gen_print(g);
  gen_print_effect(g);
  gen_print_pairs(g);
  gen_print_next(g);
  return code;
}

static void generate_clear(generate *g) {
  gen_folder_remove(g);
  gen_unlock(g);
  for (int i = POOL; i < PARTS; i++) {
    if (g->now[i] != g->first[i]) ws_votes_free(g->now[i]);
    ws_votes_free(g->first[i]);
    ws_votes_free(g->added[i]);
  }
  dev_parts_clear(&g->dev);
  kept_records_clear(&g->pool);
  ws_free(g->visible);
  ws_free(g->examples);
  ws_free(g->shown);
  ws_free(g->taken);
  ws_free(g->taken_names);
  ws_free(g->lfs_seen);
  ws_free(g->rounds);
  ws_free(g->pairs);
  ws_arena_clear(&g->arena);
  ws_lf_set_free(g->existing);
  ws_provenance_list_free(g->origins);
  ws_chat_free(g->chat);
  ws_prompt_template_free(g->template);
  ws_buffer_clear(&g->out);
  ws_buffer_clear(&g->aside);
  ws_buffer_clear(&g->kept);
  ws_task_free(g->task);
  setup_clear(&g->setup);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  generate g = {.self = self,
                .o = o,
                .bar = bar_new(o),
                .lfs = o->argument_count ? o->arguments[0] : "lfs"};
  int code = EXIT_DONE;
  if (o->print_template) return print_template();
  if (!read_options(&g)) return EXIT_USAGE;
  ws_status status = load(&g, &err);
  if (status == WS_OK) status = o->dry_run ? dry_run(&g, &code, &err) : ask(&g, &err);
  bar_clear(&g.bar);
  if (status != WS_OK)
    code = say_why(&g, &err);
  else if (!o->dry_run)
    code = print_all(&g);
  say_end(&g, status);
  generate_clear(&g);
  return code;
}

const command cmd_generate = {
    .name = "generate",
    .arguments = "[LFS]",
    .summary = "a language model writes labeling functions, which are checked",
    .details =
        "Asks a language model (--endpoint, --cmd or --replay) for labeling functions in "
        "up to\n"
        "--rounds rounds of --n, and takes those that are worth it: they load, keep to "
        "their\n"
        "limits, vote the same each time, are better than their class is frequent on "
        "records of\n"
        "dev that no prompt showed, and say something new. Those go to --out "
        "(LFS/generated), the\n"
        "others and report.json into the folder generated/ beside the task file. LFS "
        "(lfs) need\n"
        "not be there where there are no others. --task-text, or task_text and describe "
        "in weaksup.lua, tell the "
        "model what\n"
        "the task is.\n",
    .examples = "weaksup generate lfs/ --dry-run\n"
                "weaksup generate lfs/ --endpoint http://localhost:8080 --model qwen3 "
                "--record replies\n"
                "weaksup generate lfs/ --cmd 'llm -m gpt-4o' --rounds 5 --kind rules\n"
                "weaksup generate lfs/ --judge generated/unproven\n",
    .takes = (const char *const[]){"task",
                                   "classes",
                                   "data",
                                   "dev",
                                   "text",
                                   "gold",
                                   "id",
                                   "task-text",
                                   "input-format",
                                   "on-error",
                                   "max-line",
                                   "kind",
                                   "n",
                                   "rounds",
                                   "generate:records",
                                   "template",
                                   "print-template",
                                   "constrain",
                                   "include-unproven",
                                   "max-lfs",
                                   "judge",
                                   "generate:dry-run",
                                   CHAT_OPTIONS,
                                   "label-model",
                                   "class-balance",
                                   "no-classifier",
                                   "features",
                                   "lf-steps",
                                   "lf-memory",
                                   "lf-time",
                                   "jobs",
                                   "generate:out",
                                   "seed",
                                   "json",
                                   "quiet",
                                   "verbose",
                                   NULL},
    .least = 0,
    .most = 1,
    .run = run,
};
