/* SPDX-License-Identifier: MIT
 *
 * The command line: a table (option_table.h) describes every option once; a command lists
 * the names of those that it takes.
 */
#ifndef WS_OPTIONS_H
#define WS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weaksup/task.h>

#define MAX_ARGUMENTS 1024 // files to merge
#define MAX_GIVEN     128  // no command has that many options
#define MAX_PRIORS    1024

#define MAX_CONDITIONS 16

#define HIDDEN_USUAL UINT64_MAX
#define TOP_K_ALL    UINT64_MAX
#define PRUNE_NOT    UINT64_MAX

/* Texts borrow from argv; NULL: not given. */
typedef struct options {
  uint16_t given[MAX_GIVEN]; // offsets in here of what has one value and was given
  size_t given_count;
  const char *arguments[MAX_ARGUMENTS];
  size_t argument_count;

  const char *task;
  const char *classes;
  const char *keys[WS_TASK_KEYS]; // --data, --dev, ...: as in the task file
  const char *votes, *votes_format, *input_format, *on_error;
  uint64_t max_line; // MB
  const char *shard; // i/N

  const char *label_model, *class_balance, *warm_start;
  const char *priors[MAX_PRIORS]; // --prior, in their order
  size_t prior_count;
  bool class_balance_in_em, no_dev_gold, select_lfs;
  bool no_classifier, no_cache, keep_going;
  const char *cache; // the folder
  const char *features;
  uint64_t hash_bits, vector_words;
  uint64_t hidden; // HIDDEN_USUAL: not given
  const char *npy, *dev_npy, *test_npy;
  const char *c;
  const char *recipe, *min_confidence, *class_weight;
  bool hard, uncovered;
  const char *model, *log_ratios;
  const char *labels; // of train and cv
  const char *group;  // the field whose values stay in one fold
  const char *weight; // the field of a record's weight
  uint64_t seed;

  const char *max_errors, *quarantine;
  uint64_t jobs, chunk;
  uint64_t lf_steps, lf_memory, lf_time;
  bool no_jit;

  const char *record_text, *record_id; // of try: one text, or one record

  const char *to, *quantize, *max_size, *name; // of export
  uint64_t prune, top;
  const char *answers, *pick, *runner_up;
  const char *fail_if[MAX_CONDITIONS]; // of diff
  size_t fail_if_count;
  const char *bins, *missing, *unknown; // of import-votes
  bool softmax;
  bool columns; // of merge
  const char *dev_votes, *test_votes;
  const char *probs, *reject_below; // of predict
  const char *thresholds[MAX_PRIORS];
  size_t threshold_count;
  uint64_t top_k;
  uint64_t folds; // of cv
  const char *folds_out;

  bool open; // of report
  uint64_t examples;
  uint64_t wrong;
  uint64_t records, lfs; // of next and annotate; 0: not given
  const char *by, *unproven;
  const char *oracle; // of active
  bool at_once;
  uint64_t budget, batch;
  bool classifier;

  // Of commands that ask a language model.
  const char *endpoint, *server, *cmd, *chat_model, *api_key_env, *replay, *record;
  const char *budget_usd, *price_in, *price_out, *temperature;
  uint64_t budget_tokens;     // UINT64_MAX: not given
  uint64_t max_tokens;        // 0: the command's own
  uint64_t timeout, attempts; // seconds; how often a request is sent at most
  bool dry_run;

  const char *cascade, *below, *min_agreement, *dev_out; // of ask
  uint64_t samples;
  bool by_agreement;

  const char *kind, *template, *judge; // of generate
  uint64_t lf_number, rounds, max_lfs;
  bool constrain, include_unproven, print_template;

  const char *out, *format;
  const char *color;
  bool log_json;
  bool json, quiet, help;
  uint64_t verbose;
} options;

extern const options options_default;

/* The path that --data, --dev or --test gives; NULL also where it is empty, which unsets
 * that of the task file. */
const char *options_path(const options *o, ws_task_key key);

struct command;

/* Reads argv[first ..] into *o. On wrong usage prints what is wrong and returns false. */
bool options_parse(const struct command *self, int argc, char **argv, int first,
                   options *o);

#endif
