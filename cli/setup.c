/* SPDX-License-Identifier: MIT
 *
 * Reading the values of options. See setup_task.c for the task, setup_model.c for
 * the label model, setup_training.c for the classifier's training.
 */
#include "setup.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "say.h"

enum {
  SKIPS_SHOWN = 5,
  MESSAGE_MOST = WS_ERROR_MESSAGE_SIZE - 64, // leaves room for a hint
};

static void on_skip(void *user, const ws_error *why) {
  setup *s = user;
  if (s->warned++ < SKIPS_SHOWN) say_note(s->options, "skipped: %s", why->message);
}

static bool read_reader(setup *s, const command *self, const options *o) {
  s->reader = ws_reader_options_default();
  s->reader.max_line = (size_t)o->max_line << 20;
  s->reader.skipped = on_skip;
  s->reader.skipped_user = s;
  if (o->max_line == 0 || o->max_line > 4000)
    return say_usage(self, "--max-line: expected 1 to 4000 MB, found %llu",
                     (unsigned long long)o->max_line);
  if (o->input_format &&
      !ws_input_format_find(ws_text_of(o->input_format), &s->reader.format))
    return say_usage(self, "--input-format: expected jsonl, csv, tsv or text, found '%s'",
                     o->input_format);
  if (!o->on_error || strcmp(o->on_error, "stop") == 0) return true;
  if (strcmp(o->on_error, "skip") != 0)
    return say_usage(self, "--on-error: expected stop or skip, found '%s'", o->on_error);
  s->reader.on_error = WS_SKIP;
  return true;
}

/* I/N: from 1 for the user, from 0 for the reader. */
static bool read_shard(setup *s, const command *self, const options *o) {
  if (!o->shard) return true;
  const char *slash = strchr(o->shard, '/');
  uint64_t shard = 0, shards = 0;
  bool valid =
      slash &&
      ws_text_to_index((ws_text){o->shard, (size_t)(slash - o->shard)}, &shard) &&
      ws_text_to_index(ws_text_of(slash + 1), &shards) && shard >= 1 && shard <= shards;
  if (!valid)
    return say_usage(self, "--shard: expected I/N, I from 1 to N (2/8), found '%s'",
                     o->shard);
  s->reader.shard = shard - 1;
  s->reader.shards = shards;
  return true;
}

static bool read_votes_format(setup *s, const command *self, const options *o) {
  static const char *const names[] = {"auto", "wide", "long"};
  for (size_t i = 0; o->votes_format && i < 3; i++)
    if (strcmp(o->votes_format, names[i]) == 0) {
      s->votes_format = (ws_votes_format)i;
      return true;
    }
  return !o->votes_format ||
         say_usage(self,
                   "--votes-format: expected auto, wide or long, found "
                   "'%s'",
                   o->votes_format);
}

/* P%, from 0% to 100%. */
static bool read_percent(ws_text text, double *share) {
  double percent;
  if (text.size < 2 || text.data[text.size - 1] != '%') return false;
  text.size--;
  if (!ws_text_to_double(text, &percent) || percent < 0 || percent > 100) return false;
  *share = percent / 100;
  return true;
}

static bool read_quarantine(setup *s, const command *self, const options *o) {
  if (!o->quarantine) return true;
  return read_percent(ws_text_of(o->quarantine), &s->apply.quarantine_share) ||
         say_usage(self,
                   "--quarantine: expected a percentage from 0%% to 100%%, found '%s'",
                   o->quarantine);
}

/* N, or P%. */
static bool read_max_errors(setup *s, const command *self, const options *o) {
  if (!o->max_errors) return true;
  ws_text text = ws_text_of(o->max_errors);
  s->apply.limit_errors = true;
  if (ws_text_to_index(text, &s->apply.max_errors)) return true;
  if (read_percent(text, &s->apply.max_error_share)) return true;
  return say_usage(self,
                   "--max-errors: expected a number, or a percentage such as 1%%, "
                   "found '%s'",
                   o->max_errors);
}

static bool read_apply(setup *s, const command *self, const options *o) {
  s->lf = ws_lf_options_default();
  s->lf.worker = "/proc/self/exe";
  s->lf.keep_going = o->keep_going;
  if (o->lf_memory > 1 << 20)
    return say_usage(self, "--lf-memory: expected at most 1048576 MB, found %llu",
                     (unsigned long long)o->lf_memory);
  s->lf.no_jit = o->no_jit;
  if (o->lf_steps) s->lf.pattern_steps = s->lf.lua_steps = o->lf_steps;
  if (o->lf_memory) s->lf.memory = o->lf_memory << 20;
  if (o->lf_time) {
    s->lf.call_cpu_ms = (unsigned)(o->lf_time < 600000 ? o->lf_time : 600000);
    s->lf.worker_cpu_ms = 3 * s->lf.call_cpu_ms;
    if (s->lf.wall_ms < 10 * s->lf.call_cpu_ms) s->lf.wall_ms = 10 * s->lf.call_cpu_ms;
  }
  s->apply = ws_apply_options_default();
  s->apply.workers = (unsigned)(o->jobs < 1024 ? o->jobs : 1024);
  s->apply.chunk = (size_t)o->chunk;
  return read_max_errors(s, self, o) && read_quarantine(s, self, o);
}

/* A perceptron needs more iterations than what is linear. The recipe for weak labels is
 * one of linear models. */
static bool read_hidden(setup *s, const command *self, const options *o) {
  uint64_t hidden = o->hidden == HIDDEN_USUAL ? 64 : o->hidden;
  if (hidden < 1 || hidden > WS_MAX_HIDDEN)
    return say_usage(self, "--hidden: expected 1 to %d, found %llu", (int)WS_MAX_HIDDEN,
                     (unsigned long long)hidden);
  s->training.recipe = WS_RECIPE_PLAIN;
  s->training.classifier.hidden = (size_t)hidden;
  s->training.classifier.seed = o->seed;
  s->training.classifier.max_iterations = 300;
  return true;
}

/* What is left open is chosen by cross-validation, in the commands that train on gold;
 * the plain recipe leaves the loss open only where one asks for it. */
static bool read_model(setup *s, const command *self, const options *o) {
  bool plain = s->training.recipe == WS_RECIPE_PLAIN;
  s->choose =
      (ws_choice_options){.losses = o->model ? strcmp(o->model, "auto") == 0 : !plain,
                          .strengths = o->c && strcmp(o->c, "auto") == 0,
                          .seed = o->seed};
  if (!s->chooses && o->model && s->choose.losses)
    return say_usage(self, "--model: expected logistic, svm or mlp, found 'auto', which "
                           "compares by gold labels that are trained on");
  if (o->hidden != HIDDEN_USUAL && (!o->model || strcmp(o->model, "mlp") != 0))
    return say_usage(self, "--hidden: expected --model mlp too");
  if (!o->model || s->choose.losses || strcmp(o->model, "logistic") == 0) return true;
  if (strcmp(o->model, "mlp") == 0)
    return (!s->choose.strengths ||
            say_usage(self,
                      "--c auto: expected --model auto, logistic or svm, found mlp")) &&
           read_hidden(s, self, o);
  if (strcmp(o->model, "svm") != 0)
    return say_usage(self, "--model: expected %slogistic, svm or mlp, found '%s'",
                     s->chooses ? "auto, " : "", o->model);
  s->training.classifier.loss = WS_LOSS_HINGE;
  return true;
}

static bool read_classifier(setup *s, const command *self, const options *o) {
  s->features = ws_features_options_default();
  if (o->hash_bits < 8 || o->hash_bits > 26)
    return say_usage(self, "--hash-bits: expected 8 to 26, found %llu",
                     (unsigned long long)o->hash_bits);
  s->features.hash_bits = (unsigned)o->hash_bits;
  s->features.blocks = o->features;
  s->features.vector_words = (size_t)o->vector_words;
  return setup_read_training(s, self, o) && read_model(s, self, o);
}

bool setup_init(setup *s, const command *self, const options *o, bar *b) {
  *s = (setup){.options = o, .bar = b};
  bool valid = read_reader(s, self, o) && read_shard(s, self, o) &&
               read_votes_format(s, self, o) && read_apply(s, self, o) &&
               setup_read_label_model(s, self, o) && read_classifier(s, self, o);
  s->reader.progress = s->apply.progress = bar_sink(b);
  s->label_model.progress = s->training.classifier.progress = bar_sink(b);
  if (!valid) setup_clear(s);
  return valid;
}

void setup_clear(setup *s) {
  size_t untold = s->warned - s->told;
  if (untold) say_warning("left out %zu bad record%s", untold, untold == 1 ? "" : "s");
  s->told = s->warned;
  const char *trouble = s->cache ? ws_cache_trouble(s->cache) : NULL;
  if (trouble && s->options->verbose)
    say_note(s->options, "not all is kept for the next run: %s", trouble);
  ws_cache_close(s->cache);
  s->cache = NULL;
  ws_free(s->balance);
  ws_free(s->priors);
  ws_free(s->class_weights);
  s->balance = s->priors = s->class_weights = NULL;
  ws_gold_free(s->gold);
  s->gold = NULL;
}

static size_t count_sources(const char *folder) {
  size_t count = 0;
  DIR *open = opendir(folder);
  if (!open) return 0;
  for (const struct dirent *entry; (entry = readdir(open));)
    count += entry->d_name[0] != '.' &&
             (ends_with(entry->d_name, ".lua") || ends_with(entry->d_name, ".rules"));
  closedir(open);
  return count;
}

/* The first error ends loading: more may be wrong where there are several files. */
static void hint_keep_going(const setup *s, const char *folder, ws_error *err) {
  ws_error why = *err;
  if (why.status != WS_ELF || s->lf.keep_going || count_sources(folder) < 2) return;
  ws_error_set(err, why.status, "%.*s (--keep-going lists all that does not load)",
               MESSAGE_MOST, why.message);
}

ws_status setup_lfs(const setup *s, const char *folder, const ws_task *task,
                    ws_lf_set **out, ws_error *err) {
  ws_status status = ws_lf_set_load(folder, task, &s->lf, out, err);
  if (status != WS_OK) {
    hint_keep_going(s, folder, err);
    return status;
  }
  for (size_t i = 0; i < ws_lf_set_notes(*out); i++)
    say_warning("%s", ws_lf_set_note(*out, i));
  return WS_OK;
}

bool ends_with(const char *name, const char *ending) {
  size_t size = strlen(name), tail = strlen(ending);
  return size > tail && strcmp(name + size - tail, ending) == 0;
}

const char *path_ending(const char *path) {
  const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
  return dot && (!slash || dot > slash + 1) && dot > path ? dot : NULL;
}

bool setup_labels_format(const command *self, const options *o, ws_labels_format *out) {
  const char *ending = o->out ? path_ending(o->out) : NULL;
  *out = ending && strcmp(ending, ".csv") == 0 ? WS_LABELS_CSV : WS_LABELS_JSONL;
  if (!o->format)
    return !ending || *out == WS_LABELS_CSV || strcmp(ending, ".jsonl") == 0 ||
           say_usage(self,
                     "--out: expected a name that ends in .jsonl or .csv, or --format, "
                     "found '%s'",
                     o->out);
  *out = strcmp(o->format, "csv") == 0 ? WS_LABELS_CSV : WS_LABELS_JSONL;
  return *out == WS_LABELS_CSV || strcmp(o->format, "jsonl") == 0 ||
         say_usage(self, "--format: expected jsonl or csv, found '%s'", o->format);
}
