/* SPDX-License-Identifier: MIT
 *
 * Parsing the command line by the table of options. `--name value`, `--name=value`, `-n
 * value` and `-nvalue` are the same; flags of one letter can be joined; --prior,
 * --threshold and --fail-if add up, of another option a second value is an error; `--`
 * ends the options, `-` alone is an argument.
 */
#include "options.h"

#include <stdio.h>
#include <string.h>

#include <weaksup/text.h>

#include "commands.h"
#include "option_table.h"
#include "say.h"

#define AT(field) offsetof(options, field)

enum {
  OPTIONS_MOST = 128, // of one command, to suggest one of them
  OWNERS_SIZE = 160   // for a few names of commands
};

const options options_default = {.max_line = 16,
                                 .hash_bits = 18,
                                 .vector_words = 50000,
                                 .hidden = HIDDEN_USUAL,
                                 .top_k = TOP_K_ALL,
                                 .prune = PRUNE_NOT,
                                 .folds = 5,
                                 .examples = 8,
                                 .budget_tokens = UINT64_MAX,
                                 .timeout = 300,
                                 .lf_number = 10,
                                 .rounds = 3,
                                 .attempts = 5,
                                 .samples = 1};

static const option *by_name(const command *self, ws_text name) {
  option_walk walk = {0};
  const option *opt = option_next(self, &walk);
  while (opt && !ws_text_equals(name, option_shown(opt))) opt = option_next(self, &walk);
  return opt;
}

static const option *by_letter(const command *self, char letter) {
  option_walk walk = {0};
  const option *opt = option_next(self, &walk);
  while (opt && (!letter || opt->letter != letter)) opt = option_next(self, &walk);
  return opt;
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

/* Commands that have the option, the first ones by name; false: none has. */
static bool find_owners(ws_text name, char out[OWNERS_SIZE]) {
  enum { SHOWN = 4 };
  size_t count = 0, used = 0;
  for (size_t i = 0; i < command_count; i++) {
    if (!by_name(commands[i], name)) continue;
    if (count++ < SHOWN)
      used += (size_t)snprintf(out + used, OWNERS_SIZE - used, "%s%s",
                               count > 1 ? ", " : "", commands[i]->name);
  }
  if (count > SHOWN)
    snprintf(out + used, OWNERS_SIZE - used, " and %zu more", count - SHOWN);
  return count > 0;
}

static bool unknown(const command *self, ws_text name) {
  if (strcmp(self->name, "init") == 0 && ws_text_equals(name, "input-format"))
    return say_usage(self, "'init' has no option '--input-format', as a task names its "
                           "files only: let the name end in .jsonl, .csv, .tsv or .txt");
  char owners[OWNERS_SIZE];
  if (find_owners(name, owners))
    return say_usage(self, "'%s' has no option '--%.*s': it is one of %s", self->name,
                     WS_TEXT_ARG(name), owners);

  const char *names[OPTIONS_MOST], *meant;
  option_walk walk = {0};
  size_t count = 0;
  for (const option *opt; count < OPTIONS_MOST && (opt = option_next(self, &walk));)
    names[count++] = option_shown(opt);
  meant = suggest(name, names, count);
  return say_usage(self, "unknown option '--%.*s'%s%s%s", WS_TEXT_ARG(name),
                   meant ? ", did you mean '--" : "", meant ? meant : "",
                   meant ? "'?" : "");
}

/* Options that may be repeated: where their values go. */
typedef struct text_list {
  const char **texts;
  size_t *count, most;
} text_list;

static text_list list_of(const option *opt, options *o) {
  if (opt->at == AT(priors)) return (text_list){o->priors, &o->prior_count, MAX_PRIORS};
  if (opt->at == AT(fail_if))
    return (text_list){o->fail_if, &o->fail_if_count, MAX_CONDITIONS};
  return (text_list){o->thresholds, &o->threshold_count, MAX_PRIORS};
}

static bool add_text(const command *self, const option *opt, const char *value,
                     options *o) {
  text_list list = list_of(opt, o);
  if (*list.count == list.most)
    return say_usage(self, "--%s: expected at most %zu, found more", option_shown(opt),
                     list.most);
  list.texts[(*list.count)++] = value;
  return true;
}

enum { VALUES_MOST = 16, VALUES_SIZE = 128, LIST_SIZE = 2 * VALUES_SIZE };

/* Splits "auto plain" into `values`; returns how many. */
static size_t split_values(const option *opt, char text[VALUES_SIZE],
                           const char *values[VALUES_MOST]) {
  size_t count = 0;
  if (!opt->values || *opt->values == '@') return 0;
  snprintf(text, VALUES_SIZE, "%s", opt->values);
  for (char *at = text, *end; *at && count < VALUES_MOST; at = end) {
    values[count++] = at;
    end = strchr(at, ' ');
    if (!end) break;
    *end++ = '\0';
  }
  return count;
}

/* "auto or plain"; "A=W,... or balanced" where other things are values, too. */
static void list_values(const option *opt, const char *const *values, size_t count,
                        char out[LIST_SIZE]) {
  bool open = strchr(opt->metavar, ',') || strcmp(opt->metavar, "C") == 0;
  size_t used = open ? (size_t)snprintf(out, LIST_SIZE, "%s", opt->metavar) : 0;
  for (size_t i = 0; i < count && used < LIST_SIZE; i++)
    used += (size_t)snprintf(out + used, LIST_SIZE - used, "%s%s",
                             !used            ? ""
                             : i + 1 == count ? " or "
                                              : ", ",
                             values[i]);
}

/* A value that is nearly one of those that the table has is none of another kind: no
 * number, no list of A=W. Whether it is good is for the command to say. */
static bool is_slip(const command *self, const option *opt, const char *value) {
  char text[VALUES_SIZE], list[LIST_SIZE];
  const char *values[VALUES_MOST];
  size_t count = split_values(opt, text, values);
  for (size_t i = 0; i < count; i++)
    if (strcmp(values[i], value) == 0) return false;
  const char *meant = count && !strpbrk(value, "=,")
                          ? ws_suggest(ws_text_of(value), values, count)
                          : NULL;
  if (!meant) return false;
  list_values(opt, values, count, list);
  say_usage(self, "--%s: expected %s, found '%s', did you mean '%s'?", option_shown(opt),
            list, value, meant);
  return true;
}

/* An option with one value: the first of two would be lost without a word. */
static bool is_first(const command *self, const option *opt, options *o) {
  bool votes =
      opt->at == AT(votes) || opt->at == AT(dev_votes) || opt->at == AT(test_votes);
  for (size_t i = 0; i < o->given_count; i++)
    if (o->given[i] == opt->at)
      return say_usage(
          self, "--%s is given twice, and has one value%s", option_shown(opt),
          votes ? ": `weaksup merge --columns` makes one file of several" : "");
  if (o->given_count < MAX_GIVEN) o->given[o->given_count++] = (uint16_t)opt->at;
  return true;
}

static bool set_value(const command *self, const option *opt, const char *value,
                      options *o) {
  char *field = (char *)o + opt->at;
  uint64_t number;
  if (opt->kind == TEXTS) return add_text(self, opt, value, o);
  if (!is_first(self, opt, o)) return false;
  if (opt->kind == TEXT) {
    bool key = opt->at >= AT(keys) && opt->at < AT(keys) + sizeof o->keys;
    bool text = opt->at == AT(record_text);
    if (!*value && !key && !text) // an empty key of the task is one that is unset
      return say_usage(self, "--%s: expected %s, found an empty text", option_shown(opt),
                       opt->metavar);
    if (is_slip(self, opt, value)) return false;
    memcpy(field, &value, sizeof value);
    return true;
  }
  if (!option_number(self, opt, value, &number)) return false;
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

static bool parse_long(const command *self, int argc, char **argv, int *i, options *o) {
  const char *name = argv[*i] + 2, *equals = strchr(name, '=');
  ws_text key = {name, equals ? (size_t)(equals - name) : strlen(name)};
  const option *opt = by_name(self, key);
  if (!opt) return unknown(self, key);
  if (!option_has_value(opt)) {
    if (equals) return say_usage(self, "--%s takes no value", option_shown(opt));
    set_flag(opt, o);
    return true;
  }
  if (equals) return set_value(self, opt, equals + 1, o);
  if (*i + 1 >= argc)
    return say_usage(self, "--%s: expected %s, found nothing", option_shown(opt),
                     opt->metavar);
  return set_value(self, opt, argv[++*i], o);
}

static bool parse_letters(const command *self, int argc, char **argv, int *i,
                          options *o) {
  for (const char *letter = argv[*i] + 1; *letter; letter++) {
    const option *opt = by_letter(self, *letter);
    if (!opt) return say_usage(self, "unknown option '-%c'", *letter);
    if (!option_has_value(opt)) {
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

const char *options_path(const options *o, ws_task_key key) {
  return o->keys[key] && *o->keys[key] ? o->keys[key] : NULL;
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
  if (o->argument_count == 0)
    return say_usage(self, "expected %s, found nothing", self->arguments);
  return say_usage(self, "expected %s, found '%s' alone", self->arguments,
                   o->arguments[0]);
}
