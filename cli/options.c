/* SPDX-License-Identifier: MIT
 *
 * Parsing the command line by the table of options. `--name value`, `--name=value`, `-n
 * value` and `-nvalue` are the same; flags of one letter can be joined; of a repeated
 * option the last wins, but --prior and --threshold add up; `--` ends the options, `-`
 * alone is an argument.
 */
#include "options.h"

#include <stdio.h>
#include <string.h>

#include <weaksup/text.h>

#include "cmd.h"
#include "say.h"

typedef enum kind { TEXT, TEXTS, NUMBER, FLAG, COUNT } kind;

typedef struct option {
  const char *name;
  char letter;
  kind kind;
  size_t at; // offset in struct options
  const char *metavar;
  const char *help;
} option;

#define AT(field) offsetof(options, field)
#define KEY(key)  (offsetof(options, keys) + (key) * sizeof(const char *))

/* "COMMAND:NAME" is the option NAME of one command, for which it means something of its
 * own. */

static const option table[] = {
    {"task", 0, TEXT, AT(task), "FILE",
     "the task file; else weaksup.lua beside LFS or here"},
    {"classes", 0, TEXT, AT(classes), "A,B,...",
     "the class names, where there is no task file"},
    {"data", 0, TEXT, KEY(WS_TASK_DATA), "FILE", "records; '-' is standard input"},
    {"dev", 0, TEXT, KEY(WS_TASK_DEV), "FILE", "few records with gold labels"},
    {"test", 0, TEXT, KEY(WS_TASK_TEST), "FILE",
     "records with gold labels, for scores only"},
    {"text", 0, TEXT, KEY(WS_TASK_TEXT), "FIELD", "field of the text (text)"},
    {"gold", 0, TEXT, KEY(WS_TASK_GOLD), "FIELD", "field of the gold label (label)"},
    {"id", 0, TEXT, KEY(WS_TASK_ID), "FIELD", "field of the id (the row number)"},
    {"task-text", 0, TEXT, KEY(WS_TASK_TASK_TEXT), "TEXT", "the task in words"},
    {"labels", 0, TEXT, AT(labels), "FILE",
     "records with labels to train on: JSONL or CSV"},
    {"votes", 0, TEXT, AT(votes), "FILE", "ready-made votes: .wsv, JSONL or CSV"},
    {"votes-format", 0, TEXT, AT(votes_format), "FORM",
     "auto, wide, or long: item,worker,label"},
    {"input-format", 0, TEXT, AT(input_format), "FORM",
     "jsonl, csv, tsv or text (by the name)"},
    {"on-error", 0, TEXT, AT(on_error), "WHAT",
     "stop at a bad record, or skip it (stop)"},
    {"max-line", 0, NUMBER, AT(max_line), "MB", "longest record (16)"},
    {"shard", 0, TEXT, AT(shard), "I/N", "only part I of N of the records, from 1/N"},
    {"label-model", 0, TEXT, AT(label_model), "KIND",
     "auto, lift, hds, mv, weighted-mv, dawid-skene, ... (auto)"},
    {"class-balance", 0, TEXT, AT(class_balance), "P,P,...",
     "known share of each class, uniform, or dev: by its gold"},
    {"class-balance-in-em", 0, FLAG, AT(class_balance_in_em), NULL,
     "use it while fitting too, not only to predict"},
    {"prior", 0, TEXTS, AT(priors), "LF=P",
     "accuracy of an LF as you take it to be; repeatable"},
    {"no-dev-gold", 0, FLAG, AT(no_dev_gold), NULL,
     "fit the models without the gold labels of dev"},
    {"warm-start", 0, TEXT, AT(warm_start), "RUN",
     "begin with the label model of an earlier run"},
    {"no-classifier", 0, FLAG, AT(no_classifier), NULL,
     "stop at the probabilistic labels"},
    {"features", 0, TEXT, AT(features), "BLOCKS",
     "what the classifier sees (words(text) chars(text))"},
    {"npy", 0, TEXT, AT(npy), "FILE", "matrix with a row for each record of --data"},
    {"dev-npy", 0, TEXT, AT(dev_npy), "FILE",
     "matrix with a row for each record of --dev"},
    {"test-npy", 0, TEXT, AT(test_npy), "FILE",
     "matrix with a row for each record of --test"},
    {"vector-words", 0, NUMBER, AT(vector_words), "N",
     "words with vectors kept beside those of the data (50000)"},
    {"fit:model", 0, TEXT, AT(model), "KIND",
     "logistic, or mlp: a hidden layer, for vectors (logistic)"},
    {"hidden", 0, NUMBER, AT(hidden), "N", "units of the hidden layer of mlp (64)"},
    {"hash-bits", 0, NUMBER, AT(hash_bits), "N",
     "at most 2^N features a block, the most frequent (18)"},
    {"c", 0, TEXT, AT(c), "C",
     "inverse strength of the L2 penalty (3; of gold 10, svm 1)"},
    {"recipe", 0, TEXT, AT(recipe), "HOW",
     "auto, or plain: regression on the labels as they are"},
    {"hard", 0, FLAG, AT(hard), NULL, "train on the most probable class, not on shares"},
    {"min-confidence", 0, TEXT, AT(min_confidence), "P",
     "train on labels that are at least so probable (0)"},
    {"uncovered", 0, FLAG, AT(uncovered), NULL,
     "plain: train on uncovered records at the classes' shares"},
    {"class-weight", 0, TEXT, AT(class_weight), "A=W,...",
     "weights of classes in training, or balanced"},
    {"model", 0, TEXT, AT(model), "KIND",
     "auto, logistic, svm or mlp: for gold labels (auto)"},
    {"max-errors", 0, TEXT, AT(max_errors), "N|P%",
     "stop at more vote errors than N, or P % of all calls"},
    {"quarantine", 0, TEXT, AT(quarantine), "P%",
     "drop what fails on more of the records (10%; 100%: never)"},
    {"try:text", 0, TEXT, AT(record_text), "TEXT", "the text to vote on"},
    {"try:id", 0, TEXT, AT(record_id), "ID",
     "vote on the record of the data with this id"},
    {"explain:id", 0, TEXT, AT(record_id), "ID", "the record to explain"},
    {"probs", 0, TEXT, AT(probs), "WHAT", "all, or none: the label only (all)"},
    {"top-k", 0, NUMBER, AT(top_k), "K", "the K most probable classes only"},
    {"reject-below", 0, TEXT, AT(reject_below), "P",
     "no label where the largest probability is below P"},
    {"threshold", 0, TEXTS, AT(thresholds), "CLASS=P",
     "take the class where it has P, and not below; repeatable"},
    {"folds", 0, NUMBER, AT(folds), "K", "parts of the records (5)"},
    {"group", 0, TEXT, AT(group), "FIELD", "records with the same value stay together"},
    {"weight", 0, TEXT, AT(weight), "FIELD", "how much a record counts in training (1)"},
    {"folds-out", 0, TEXT, AT(folds_out), "FILE",
     "the fold of each record: JSONL or CSV"},
    {"jobs", 'j', NUMBER, AT(jobs), "N",
     "worker processes, and threads (as many as processors)"},
    {"chunk", 0, NUMBER, AT(chunk), "N", "records handed to a worker at once (by size)"},
    {"lf-steps", 0, NUMBER, AT(lf_steps), "N",
     "steps of a match, of an LF call (1000000)"},
    {"lf-memory", 0, NUMBER, AT(lf_memory), "MB",
     "memory of an LF call, and of a file (64)"},
    {"lf-time", 0, NUMBER, AT(lf_time), "MS", "processor time of a call (50)"},
    {"keep-going", 0, FLAG, AT(keep_going), NULL,
     "leave out what does not load, and run the rest"},
    {"no-jit", 0, FLAG, AT(no_jit), NULL, "patterns without PCRE2's machine code"},
    {"no-cache", 0, FLAG, AT(no_cache), NULL, "run every labeling function again"},
    {"cache", 0, TEXT, AT(cache), "DIR",
     "where votes are kept (.weaksup/cache beside LFS)"},
    {"seed", 0, NUMBER, AT(seed), "N", "seed of everything random (0)"},
    {"out", 'o', TEXT, AT(out), "PATH", "where to write"},
    {"format", 0, TEXT, AT(format), "FORM", "form of the output"},
    {"to", 0, TEXT, AT(to), "FORM", "labels, c-header or json: the classifier (labels)"},
    {"quantize", 0, TEXT, AT(quantize), "int8", "weights of one byte; at most 1 MB"},
    {"prune", 0, NUMBER, AT(prune), "N", "the N features only that matter most"},
    {"max-size", 0, TEXT, AT(max_size), "SIZE",
     "as many features as fit: 32K, 1M of code and tables"},
    {"name", 0, TEXT, AT(name), "NAME", "what names in the header begin with (model)"},
    {"top", 0, NUMBER, AT(top), "N", "n-grams to show of each class (10)"},
    {"json", 0, FLAG, AT(json), NULL, "tables as JSON"},
    {"quiet", 'q', FLAG, AT(quiet), NULL, "no tables, no progress; errors only"},
    {"verbose", 'v', COUNT, AT(verbose), NULL, "say more"},
    {"help", 'h', FLAG, AT(help), NULL, "this text"},
};
enum { OPTIONS = sizeof table / sizeof *table };

const options options_default = {.max_line = 16,
                                 .hash_bits = 18,
                                 .vector_words = 50000,
                                 .hidden = HIDDEN_USUAL,
                                 .folds = 5};

static bool takes(const command *self, const char *name) {
  if (strcmp(name, "help") == 0) return true;
  for (const char *const *n = self->takes; *n; n++)
    if (strcmp(*n, name) == 0) return true;
  return false;
}

/* The name as a user writes it. */
static const char *shown(const option *opt) {
  const char *colon = strchr(opt->name, ':');
  return colon ? colon + 1 : opt->name;
}

static const option *by_name(const command *self, ws_text name) {
  for (size_t i = 0; i < OPTIONS; i++)
    if (ws_text_equals(name, shown(&table[i])) && takes(self, table[i].name))
      return &table[i];
  return NULL;
}

static const option *by_letter(const command *self, char letter) {
  for (size_t i = 0; i < OPTIONS; i++)
    if (letter && table[i].letter == letter && takes(self, table[i].name))
      return &table[i];
  return NULL;
}

/* Whether the letters of `name` are in the word, in their order, the first one in front:
 * "ouput" for "out". */
static bool is_inside(ws_text word, const char *name) {
  const char *next = name;
  for (size_t i = 0; i < word.size && *next; i++) {
    if (word.data[i] == *next)
      next++;
    else if (i == 0)
      return false;
  }
  return *next == '\0' && next - name >= 3;
}

/* What is near, else the longest one inside of the word. */
static const char *suggest(ws_text word, const char *const *names, size_t count) {
  const char *best = ws_suggest(word, names, count);
  if (best) return best;
  for (size_t i = 0; i < count; i++)
    if (is_inside(word, names[i]) && (!best || strlen(names[i]) > strlen(best)))
      best = names[i];
  return best;
}

static bool unknown(const command *self, ws_text name) {
  const char *names[OPTIONS], *meant;
  size_t count = 0;
  for (size_t i = 0; i < OPTIONS; i++)
    if (takes(self, table[i].name)) names[count++] = shown(&table[i]);
  meant = suggest(name, names, count);
  return say_usage(self, "unknown option '--%.*s'%s%s%s", WS_TEXT_ARG(name),
                   meant ? ", did you mean '--" : "", meant ? meant : "",
                   meant ? "'" : "");
}

static bool add_text(const command *self, const option *opt, const char *value,
                     options *o) {
  bool prior = opt->at == AT(priors);
  size_t *count = prior ? &o->prior_count : &o->threshold_count;
  if (*count == MAX_PRIORS)
    return say_usage(self, "--%s: expected at most %d, found more", shown(opt),
                     MAX_PRIORS);
  (prior ? o->priors : o->thresholds)[(*count)++] = value;
  return true;
}

static bool set_value(const command *self, const option *opt, const char *value,
                      options *o) {
  char *field = (char *)o + opt->at;
  uint64_t number;
  if (opt->kind == TEXTS) return add_text(self, opt, value, o);
  if (opt->kind == TEXT) {
    bool key = opt->at >= AT(keys) && opt->at < AT(keys) + sizeof o->keys;
    bool text = opt->at == AT(record_text);
    if (!*value && !key && !text) // an empty key of the task is one that is unset
      return say_usage(self, "--%s: expected %s, found an empty text", shown(opt),
                       opt->metavar);
    memcpy(field, &value, sizeof value);
    return true;
  }
  if (!ws_text_to_index(ws_text_of(value), &number))
    return say_usage(self, "--%s: expected a whole number, found '%s'", shown(opt),
                     value);
  bool limit = strncmp(opt->name, "lf-", 3) == 0; // 0 stands for the default there
  if (limit && number == 0)
    return say_usage(self, "--%s: expected 1 or more, found 0", shown(opt));
  memcpy(field, &number, sizeof number);
  return true;
}

static void set_flag(const option *opt, options *o) {
  char *field = (char *)o + opt->at;
  uint64_t count;
  if (opt->kind == FLAG) {
    *(bool *)field = true;
    return;
  }
  memcpy(&count, field, sizeof count);
  count++;
  memcpy(field, &count, sizeof count);
}

static bool has_value(const option *opt) {
  return opt->kind == TEXT || opt->kind == TEXTS || opt->kind == NUMBER;
}

static bool parse_long(const command *self, int argc, char **argv, int *i, options *o) {
  const char *name = argv[*i] + 2, *equals = strchr(name, '=');
  ws_text key = {name, equals ? (size_t)(equals - name) : strlen(name)};
  const option *opt = by_name(self, key);
  if (!opt) return unknown(self, key);
  if (!has_value(opt)) {
    if (equals) return say_usage(self, "--%s takes no value", shown(opt));
    set_flag(opt, o);
    return true;
  }
  if (equals) return set_value(self, opt, equals + 1, o);
  if (*i + 1 >= argc)
    return say_usage(self, "--%s: expected %s, found nothing", shown(opt), opt->metavar);
  return set_value(self, opt, argv[++*i], o);
}

static bool parse_letters(const command *self, int argc, char **argv, int *i,
                          options *o) {
  for (const char *letter = argv[*i] + 1; *letter; letter++) {
    const option *opt = by_letter(self, *letter);
    if (!opt) return say_usage(self, "unknown option '-%c'", *letter);
    if (!has_value(opt)) {
      set_flag(opt, o);
      continue;
    }
    if (letter[1]) return set_value(self, opt, letter + 1, o);
    if (*i + 1 >= argc)
      return say_usage(self, "-%c: expected %s, found nothing", *letter, opt->metavar);
    return set_value(self, opt, argv[++*i], o);
  }
  return true;
}

static bool add_argument(const command *self, const char *argument, options *o) {
  if (o->argument_count >= self->most)
    return say_usage(self, "expected %s, found also '%s'",
                     self->most ? self->arguments : "no argument", argument);
  o->arguments[o->argument_count++] = argument;
  return true;
}

bool options_parse(const command *self, int argc, char **argv, int first, options *o) {
  bool only_arguments = false;
  *o = options_default;
  for (int i = first; i < argc; i++) {
    const char *word = argv[i];
    bool ok;
    if (!only_arguments && strcmp(word, "--") == 0) {
      only_arguments = true;
      continue;
    }
    if (only_arguments || word[0] != '-' || word[1] == '\0')
      ok = add_argument(self, word, o);
    else if (word[1] == '-')
      ok = parse_long(self, argc, argv, &i, o);
    else
      ok = parse_letters(self, argc, argv, &i, o);
    if (!ok) return false;
  }
  if (o->help || o->argument_count >= self->least) return true;
  return say_usage(self, "expected %s", self->arguments);
}

void options_print(const command *self) {
  printf("options:\n");
  for (size_t i = 0; i < OPTIONS; i++) {
    const option *o = &table[i];
    char left[40], letter[5] = "    ";
    if (!takes(self, o->name)) continue;
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(left, sizeof left, "--%s%s%s", shown(o), o->metavar ? " " : "",
             o->metavar ? o->metavar : "");
    printf("  %s%-24s %s\n", letter, left, o->help);
  }
}
