/* SPDX-License-Identifier: MIT
 *
 * weaksup ask: a language model votes on records.
 */
#include <math.h>
#include <string.h>

#include "ask.h"
#include "out_check.h"
#include "say.h"

static bool read_share(const command *self, const char *name, const char *text,
                       double *out) {
  if (!text || (ws_text_to_double(ws_text_of(text), out) && *out > 0 && *out <= 1))
    return true;
  return say_usage(self, "--%s: expected a number above 0, at most 1, found '%s'", name,
                   text);
}

/* Answers that must agree: more than half of them, or as many as make the share. */
static unsigned least_agreement(const options *o, double share) {
  if (!o->min_agreement) return (unsigned)o->samples / 2 + 1;
  unsigned least = (unsigned)ceil(share * (double)o->samples - 1e-9);
  return least ? least : 1;
}

static bool read_answers(ask *a, const command *self) {
  const options *o = a->o;
  double share = 0.5;
  if (o->answers && strcmp(o->answers, "names") != 0 && strcmp(o->answers, "codes") != 0)
    return say_usage(self, "--answers: expected names or codes, found '%s'", o->answers);
  if (o->below && !o->cascade)
    return say_usage(self, "--below: expected --cascade RUN beside it");
  a->below = 0.9;
  if (!read_share(self, "min-agreement", o->min_agreement, &share) ||
      !read_share(self, "below", o->below, &a->below))
    return false;
  a->least = least_agreement(o, share);
  a->how = ws_chat_label_options_default();
  a->settings.chat.jobs = o->jobs ? (unsigned)o->jobs : 1;
  a->how.samples = (unsigned)o->samples;
  a->how.codes = o->answers && strcmp(o->answers, "codes") == 0;
  a->how.seed = o->seed;
  if (a->settings.max_tokens) a->how.max_tokens = a->settings.max_tokens;
  if (!isnan(a->settings.temperature)) a->how.temperature = a->settings.temperature;
  return true;
}

static bool read_outputs(const ask *a, const command *self) {
  const char *paths[] = {a->o->out, a->o->dev_out};
  if (!a->o->out && !a->o->dry_run)
    return say_usage(self, "expected --out FILE, for the votes");
  for (size_t i = 0; i < 2; i++)
    if (paths[i] && !ends_with(paths[i], ".wsv") && !ends_with(paths[i], ".jsonl") &&
        strncmp(paths[i], "/dev/", 5) != 0)
      return say_usage(self,
                       "--%s: expected a name that ends in .wsv or .jsonl, found '%s'",
                       i ? "dev-out" : "out", paths[i]);
  return true;
}

/* --dry-run asks nobody, and need not know whom. */
static bool read_options(ask *a, const command *self) {
  const options *o = a->o;
  bool nobody = o->dry_run && !chat_is_given(o);
  if (!(nobody ? chat_read_costs : chat_read)(self, o, &a->settings)) return false;
  return read_answers(a, self) && read_outputs(a, self) &&
         setup_init(&a->setup, self, o, &a->bar);
}

/* --name, else the model's: what is no letter, digit or sign of names becomes '_'. A
 * command is not a name. */
static ws_status set_name(ask *a, ws_error *err) {
  const char *name = a->o->name         ? a->o->name
                     : a->o->chat_model ? a->o->chat_model
                                        : "model";
  if (!*name) name = "model";
  if (ws_buffer_string(&a->name, name) != WS_OK) return ws_error_nomem(err);
  for (char *c = a->name.data; !a->o->name && *c; c++)
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", *c))
      *c = '_';
  return WS_OK;
}

static bool on_progress(void *user, const ws_progress *progress) {
  ask *a = user;
  return ws_progress_report(bar_sink(&a->bar), progress->stage, progress->done, a->total,
                            progress->unit);
}

static ws_status prepare(ask *a, ws_error *err) {
  WS_TRY(set_name(a, err));
  WS_TRY(ask_load(a, err));
  chat_use_task(&a->settings, a->task);
  WS_TRY(ws_chat_labeler_new(a->task, &a->how, &a->labeler, err));
  if (a->o->dry_run) return WS_OK;
  WS_TRY(out_check_above(a->o->out, err));
  if (a->o->dev_out) WS_TRY(out_check_above(a->o->dev_out, err));
  WS_TRY(ask_check_there(a, &a->data, "out", a->o->out, err));
  WS_TRY(ask_check_there(a, &a->dev, "dev-out", a->o->dev_out, err));
  WS_TRY(ask_keep_begin(a, err));
  a->settings.chat.progress = (ws_progress_sink){on_progress, a};
  return ws_chat_open(&a->settings.chat, &a->chat, err);
}

static ws_status ask_and_write(ask *a, ws_error *err) {
  WS_TRY(ask_all(a, err));
  WS_TRY(ask_write(a, &a->data, a->o->out, err));
  return a->o->dev_out && a->dev.count ? ask_write(a, &a->dev, a->o->dev_out, err)
                                       : WS_OK;
}

static void ask_clear(ask *a) {
  ws_chat_free(a->chat);
  ws_chat_labeler_free(a->labeler);
  ask_part_clear(&a->data);
  ask_part_clear(&a->dev);
  ws_buffer_clear(&a->name);
  ws_buffer_clear(&a->kept);
  ws_buffer_clear(&a->unread);
  ws_buffer_clear(&a->unread_id);
  ws_task_free(a->task);
  setup_clear(&a->setup);
}

static int fail(const command *self, const ask *a, const ws_error *err) {
  uint64_t replies = a->chat ? ws_chat_account_of(a->chat).replies : 0;
  if (a->chat) chat_say_detail(a->chat);
  if (a->chat) chat_say_advice(self, a->o, a->chat);
  if (replies) chat_say_account(a->o, a->chat);
  if (replies) ask_keep_say(a);
  return say_failure(err);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  ask a = {.o = o, .bar = bar_new(o)};
  if (!read_options(&a, self)) return EXIT_USAGE;
  ws_status status = prepare(&a, &err);
  if (status == WS_OK && !o->dry_run) status = ask_and_write(&a, &err);
  bar_clear(&a.bar);
  int code = status != WS_OK ? fail(self, &a, &err)
             : o->dry_run    ? ask_print_dry(&a)
                             : ask_print(&a);
  if (status == WS_OK && !o->dry_run) ask_say(&a);
  if (status == WS_OK && a.out_of_budget) ask_keep_say(&a);
  ask_keep_end(&a, status == WS_OK && !a.out_of_budget);
  ask_clear(&a);
  return code;
}

const command cmd_ask = {
    .name = "ask",
    .arguments = "",
    .summary = "a language model votes on records",
    .details =
        "Shows a language model the records of the task one by one, and writes what it "
        "answers\n"
        "as votes, which `fit LFS --votes` takes beside those of labeling functions. "
        "Answers are\n"
        "votes, never gold labels. Records of dev with gold labels are asked about "
        "first: "
        "the\n"
        "table says how right the answers are. --cascade RUN asks about those records "
        "only on\n"
        "which the votes of a run conflict, or whose label it is not sure of.\n"
        "With --record replies are kept and never paid for twice; without it they are "
        "kept beside\n"
        "--out until that is written. --replay does the same work again from them "
        "without "
        "asking\n"
        "anybody. A budget is looked at before each "
        "request.\n",
    .examples =
        "weaksup ask --endpoint http://localhost:8080 --model qwen --record replies \\\n"
        "  --out qwen.wsv --dev-out qwen_dev.wsv\n"
        "weaksup fit lfs/ --votes qwen.wsv --dev-votes qwen_dev.wsv\n"
        "# A better model where the first run is not sure, for 2 dollars at most\n"
        "weaksup ask --cascade run --endpoint https://api.example.com --model large \\\n"
        "  --api-key-env EXAMPLE_KEY --record replies --budget-usd 2 --price-in 3 \\\n"
        "  --price-out 15 --out large.wsv\n"
        "# What would be asked, and at what cost\n"
        "weaksup ask --dry-run --samples 3\n",
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
                                   CHAT_OPTIONS,
                                   "ask:records",
                                   "ask:jobs",
                                   "samples",
                                   "min-agreement",
                                   "by-agreement",
                                   "cascade",
                                   "below",
                                   "ask:name",
                                   "answers",
                                   "dev-out",
                                   "dry-run",
                                   "out",
                                   "json",
                                   "seed",
                                   "quiet",
                                   "verbose",
                                   NULL},
    .least = 0,
    .most = 0,
    .run = run,
};
