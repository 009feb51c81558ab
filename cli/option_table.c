/* SPDX-License-Identifier: MIT
 *
 * Every option, once.
 */
#include "option_table.h"

#include <string.h>

#include "cmd.h"

#define AT(field) offsetof(options, field)
#define KEY(key)  (offsetof(options, keys) + (key) * sizeof(const char *))

static const option task_options[] = {
    {"task", 0, TEXT, AT(task), "FILE",
     "the task file; else weaksup.lua beside LFS or here", "@file"},
    {"classes", 0, TEXT, AT(classes), "A,B,...",
     "the class names, where there is no task file", NULL},
    {"data", 0, TEXT, KEY(WS_TASK_DATA), "FILE", "records; '-' is standard input",
     "@file"},
    {"report:data", 0, TEXT, KEY(WS_TASK_DATA), "FILE",
     "the records of the run, where they lie elsewhere now", "@file"},
    {"dev", 0, TEXT, KEY(WS_TASK_DEV), "FILE", "few records with gold labels", "@file"},
    {"test", 0, TEXT, KEY(WS_TASK_TEST), "FILE",
     "records with gold labels, for scores only", "@file"},
    {"text", 0, TEXT, KEY(WS_TASK_TEXT), "FIELD", "field of the text (text)", NULL},
    {"gold", 0, TEXT, KEY(WS_TASK_GOLD), "FIELD", "field of the gold label (label)",
     NULL},
    {"id", 0, TEXT, KEY(WS_TASK_ID), "FIELD", "field of the id (the row number)", NULL},
    {"task-text", 0, TEXT, KEY(WS_TASK_TASK_TEXT), "TEXT", "the task in words", NULL},
    {"try:text", 0, TEXT, AT(record_text), "TEXT", "the text to vote on", NULL},
    {"try:id", 0, TEXT, AT(record_id), "ID",
     "vote on the record of the data with this id", NULL},
    {"explain:id", 0, TEXT, AT(record_id), "ID", "the record to explain", NULL},
};

static const option input_options[] = {
    {"labels", 0, TEXT, AT(labels), "FILE",
     "records with labels to train on: JSONL or CSV", "@file"},
    {"votes", 0, TEXT, AT(votes), "FILE", "ready-made votes: .wsv, JSONL or CSV",
     "@file"},
    {"dev-votes", 0, TEXT, AT(dev_votes), "FILE",
     "votes on --dev beside those of LFS, as --votes on --data", "@file"},
    {"test-votes", 0, TEXT, AT(test_votes), "FILE",
     "votes on --test beside those of LFS, as --votes on --data", "@file"},
    {"votes-format", 0, TEXT, AT(votes_format), "FORM",
     "auto, wide, or long: item,worker,label", "auto wide long"},
    {"input-format", 0, TEXT, AT(input_format), "FORM",
     "jsonl, csv, tsv or text (by the name)", "jsonl csv tsv text"},
    {"on-error", 0, TEXT, AT(on_error), "WHAT", "stop at a bad record, or skip it (stop)",
     "stop skip"},
    {"max-line", 0, NUMBER, AT(max_line), "MB", "longest record (16)", NULL},
    {"shard", 0, TEXT, AT(shard), "I/N", "only part I of N of the records, from 1/N",
     NULL},
};

static const option lf_options[] = {
    {"max-errors", 0, TEXT, AT(max_errors), "N|P%",
     "stop at more vote errors than N, or P % of all calls", NULL},
    {"quarantine", 0, TEXT, AT(quarantine), "P%",
     "drop what fails on more of the records (10%; 100%: never)", NULL},
    {"lf-steps", 0, NUMBER, AT(lf_steps), "N",
     "steps of a match, of an LF call (1000000)", NULL},
    {"lf-memory", 0, NUMBER, AT(lf_memory), "MB",
     "memory of an LF call, and of a file (64)", NULL},
    {"lf-time", 0, NUMBER, AT(lf_time), "MS", "processor time of a call (50)", NULL},
    {"keep-going", 0, FLAG, AT(keep_going), NULL,
     "leave out what does not load, and run the rest", NULL},
    {"no-jit", 0, FLAG, AT(no_jit), NULL, "patterns without PCRE2's machine code", NULL},
    {"no-cache", 0, FLAG, AT(no_cache), NULL, "run every labeling function again", NULL},
    {"cache", 0, TEXT, AT(cache), "DIR",
     "where votes are kept (.weaksup/cache beside LFS)", "@folder"},
    {"chunk", 0, NUMBER, AT(chunk), "N", "records handed to a worker at once (by size)",
     NULL},
};

static const option label_model_options[] = {
    {"label-model", 0, TEXT, AT(label_model), "KIND",
     "auto, lift, hds, mv, weighted-mv, dawid-skene, ... (auto)",
     "auto lift hds mv weighted-mv dawid-skene one-coin ebcc"},
    {"class-balance", 0, TEXT, AT(class_balance), "P,P,...",
     "known share of each class, uniform, or dev: by its gold", "uniform dev"},
    {"class-balance-in-em", 0, FLAG, AT(class_balance_in_em), NULL,
     "use it while fitting too, not only to predict", NULL},
    {"prior", 0, TEXTS, AT(priors), "LF=P",
     "accuracy of an LF as you take it to be; repeatable", NULL},
    {"no-dev-gold", 0, FLAG, AT(no_dev_gold), NULL,
     "fit the models without the gold labels of dev", NULL},
    {"select-lfs", 0, FLAG, AT(select_lfs), NULL,
     "leave out LFs that gold shows to be no better than chance", NULL},
    {"warm-start", 0, TEXT, AT(warm_start), "RUN",
     "begin with the label model of an earlier run", "@folder"},
};

static const option classifier_options[] = {
    {"no-classifier", 0, FLAG, AT(no_classifier), NULL,
     "stop at the probabilistic labels", NULL},
    {"features", 0, TEXT, AT(features), "BLOCKS",
     "what the classifier sees (words(text) chars(text))", NULL},
    {"npy", 0, TEXT, AT(npy), "FILE", "matrix with a row for each record of --data",
     "@file"},
    {"dev-npy", 0, TEXT, AT(dev_npy), "FILE",
     "matrix with a row for each record of --dev", "@file"},
    {"test-npy", 0, TEXT, AT(test_npy), "FILE",
     "matrix with a row for each record of --test", "@file"},
    {"vector-words", 0, NUMBER, AT(vector_words), "N",
     "words with vectors kept beside those of the data (50000)", NULL},
    {"fit:model", 0, TEXT, AT(model), "KIND",
     "logistic, svm, or mlp: a hidden layer (logistic)", "logistic svm mlp"},
    {"model", 0, TEXT, AT(model), "KIND",
     "auto, logistic, svm or mlp: for gold labels (auto)", "auto logistic svm mlp"},
    {"log-ratios", 0, TEXT, AT(log_ratios), "on|off",
     "of gold: weigh n-grams by log ratios (on, of 300 or more)", "on off"},
    {"hidden", 0, NUMBER, AT(hidden), "N", "units of the hidden layer of mlp (64)", NULL},
    {"hash-bits", 0, NUMBER, AT(hash_bits), "N",
     "at most 2^N features a block, the most frequent (18)", NULL},
    {"c", 0, TEXT, AT(c), "C",
     "inverse strength of the L2 penalty (3; of gold 10, svm 1)", "auto"},
    {"recipe", 0, TEXT, AT(recipe), "HOW",
     "auto, or plain: bare regression on the labels as they are", "auto plain"},
    {"hard", 0, FLAG, AT(hard), NULL, "train on the most probable class, not on shares",
     NULL},
    {"min-confidence", 0, TEXT, AT(min_confidence), "P",
     "only labels that are at least so probable (0)", NULL},
    {"uncovered", 0, FLAG, AT(uncovered), NULL,
     "plain: train on uncovered records at the classes' shares", NULL},
    {"class-weight", 0, TEXT, AT(class_weight), "A=W,...",
     "weights of classes in training, or balanced", "balanced"},
    {"weight", 0, TEXT, AT(weight), "FIELD", "how much a record counts in training (1)",
     NULL},
    {"folds", 0, NUMBER, AT(folds), "K", "parts of the records (5)", NULL},
    {"group", 0, TEXT, AT(group), "FIELD", "records with the same value stay together",
     NULL},
    {"folds-out", 0, TEXT, AT(folds_out), "FILE", "the fold of each record: JSONL or CSV",
     "@file"},
};

static const option prediction_options[] = {
    {"probs", 0, TEXT, AT(probs), "WHAT", "all, or none: the label only (all)",
     "all none"},
    {"top-k", 0, NUMBER, AT(top_k), "K", "the K most probable classes only", NULL},
    {"reject-below", 0, TEXT, AT(reject_below), "P",
     "no label where the largest probability is below P", NULL},
    {"threshold", 0, TEXTS, AT(thresholds), "CLASS=P",
     "take the class where it has P, and not below; repeatable", NULL},
    {"wrong", 0, NUMBER, AT(wrong), "N",
     "list the N mistakes that the model was surest of (-v: 10)", NULL},
};

static const option import_options[] = {
    {"import-votes:name", 0, TEXT, AT(name), "NAME",
     "of the labeling function (the file's name)", NULL},
    {"import-votes:threshold", 0, TEXTS, AT(thresholds), "P|CLASS=P",
     "no vote where the largest score is below (0.5); repeatable", NULL},
    {"bins", 0, TEXT, AT(bins), "N|EDGES",
     "a labeling function for each range: N with as many records, or 0.5,0.8,0.95", NULL},
    {"softmax", 0, FLAG, AT(softmax), NULL, "the scores are logits", NULL},
    {"missing", 0, TEXT, AT(missing), "WHAT",
     "of a record without scores: stop, or abstain (stop)", "stop abstain"},
    {"unknown", 0, TEXT, AT(unknown), "WHAT",
     "of scores without a record: stop, or skip them (stop)", "stop skip"},
    {"columns", 0, FLAG, AT(columns), NULL,
     "the files' labeling functions side by side, for the same records", NULL},
};

static const option export_options[] = {
    {"to", 0, TEXT, AT(to), "FORM", "what is written, see above (labels)",
     "labels huggingface npy chat preferences gbnf json-schema c-header json"},
    {"answers", 0, TEXT, AT(answers), "WHAT",
     "names of classes, or codes of two letters (names)", "names codes"},
    {"pick", 0, TEXT, AT(pick), "HOW",
     "chat: argmax, or sample: a class by its probability (argmax)", "argmax sample"},
    {"export:min-confidence", 0, TEXT, AT(min_confidence), "P",
     "huggingface, npy, chat, preferences: labels at least so probable (0)", NULL},
    {"runner-up", 0, TEXT, AT(runner_up), "P",
     "preferences: how probable the rejected class must be (0.1)", NULL},
    {"quantize", 0, TEXT, AT(quantize), "int8", "small whole weights; at most 1 MB",
     "int8"},
    {"prune", 0, NUMBER, AT(prune), "N", "the N features only that matter most", NULL},
    {"max-size", 0, TEXT, AT(max_size), "SIZE",
     "as many features as fit: 32K, 1M of code and tables", NULL},
    {"name", 0, TEXT, AT(name), "NAME", "what names in the header begin with (model)",
     NULL},
    {"top", 0, NUMBER, AT(top), "N", "n-grams to show of each class (10)", NULL},
};

static const option report_options[] = {
    {"examples", 0, NUMBER, AT(examples), "N", "records to show of each kind (8)", NULL},
    {"report:top", 0, NUMBER, AT(top), "N",
     "n-grams of the classifier to show of each class (12)", NULL},
    {"open", 0, FLAG, AT(open), NULL, "open the page in the browser", NULL},
};

static const option next_options[] = {
    {"records", 0, NUMBER, AT(records), "N", "so many records to label (20)", NULL},
    {"lfs", 0, NUMBER, AT(lfs), "N", "so many rules to write", NULL},
    {"unproven", 0, TEXT, AT(unproven), "FOLDER",
     "records that decide about the labeling functions there", "@folder"},
    {"by", 0, TEXT, AT(by), "WHAT", "what makes a record worth a label (mix)",
     "mix entropy margin disagreement evidence diverse"},
    {"oracle", 0, TEXT, AT(oracle), "WHO",
     "who is asked for labels: cmd, endpoint, or human", "cmd endpoint human"},
    {"budget", 0, NUMBER, AT(budget), "N", "records to ask about, in all", NULL},
    {"at-once", 0, FLAG, AT(at_once), NULL,
     "cmd: the records of a batch in one run, a line each", NULL},
    {"batch", 0, NUMBER, AT(batch), "N", "records between two fits (10)", NULL},
    {"classifier", 0, FLAG, AT(classifier), NULL,
     "how sure: by the classifier, not the label model", NULL},
};

static const option chat_options[] = {
    {"endpoint", 0, TEXT, AT(endpoint), "URL",
     "an OpenAI-compatible server: http://localhost:8080", NULL},
    {"server", 0, TEXT, AT(server), "KIND",
     "openai, llama.cpp, vllm or ollama: how it is told a form (openai)",
     "openai llama.cpp vllm ollama"},
    {"cmd", 0, TEXT, AT(cmd), "COMMAND",
     "a command that reads a prompt and prints the reply", NULL},
    {"chat:model", 0, TEXT, AT(chat_model), "NAME",
     "the language model (of --cmd: the command itself)", NULL},
    {"api-key-env", 0, TEXT, AT(api_key_env), "NAME",
     "the environment variable that holds the API key", NULL},
    {"record", 0, TEXT, AT(record), "DIR",
     "keep the replies there; what is there is not asked again", "@folder"},
    {"replay", 0, TEXT, AT(replay), "DIR", "recorded replies alone: nothing is asked",
     "@folder"},
    {"budget-tokens", 0, NUMBER, AT(budget_tokens), "N",
     "ask for no more tokens than these, of prompts and replies", NULL},
    {"budget-usd", 0, TEXT, AT(budget_usd), "USD", "spend no more than this", NULL},
    {"price-in", 0, TEXT, AT(price_in), "USD", "price of a million tokens of prompts",
     NULL},
    {"price-out", 0, TEXT, AT(price_out), "USD", "price of a million tokens of replies",
     NULL},
    {"max-tokens", 0, NUMBER, AT(max_tokens), "N",
     "tokens of a reply at most (of an answer 256; of generate 4096, from --n 11 on 409 "
     "for "
     "each LF)",
     NULL},
    {"temperature", 0, TEXT, AT(temperature), "T", "of the model", NULL},
    {"timeout", 0, NUMBER, AT(timeout), "S", "wait so long for a reply (300)", NULL},
    {"attempts", 0, NUMBER, AT(attempts), "N",
     "send a request so often, where that may help (5)", NULL},
};

static const option ask_options[] = {
    {"ask:records", 0, NUMBER, AT(records), "N",
     "ask about so many records only: drawn, of --cascade the least sure", NULL},
    {"ask:jobs", 'j', NUMBER, AT(jobs), "N",
     "requests on their way at once (1); answers are the same whatever it is", NULL},
    {"samples", 0, NUMBER, AT(samples), "N", "answers to each record (1)", NULL},
    {"min-agreement", 0, TEXT, AT(min_agreement), "P",
     "no vote where a smaller share of the answers agrees (more than 0.5)", NULL},
    {"by-agreement", 0, FLAG, AT(by_agreement), NULL,
     "a labeling function for each number of answers that agree", NULL},
    {"cascade", 0, TEXT, AT(cascade), "RUN",
     "only records whose votes conflict, or whose label is not sure", "@folder"},
    {"below", 0, TEXT, AT(below), "P",
     "with --cascade: not sure is a probability below this (0.9)", NULL},
    {"ask:name", 0, TEXT, AT(name), "NAME",
     "of the labeling function (that of the model)", NULL},
    {"dev-out", 0, TEXT, AT(dev_out), "FILE", "where to write the votes on dev", "@file"},
    {"dry-run", 0, FLAG, AT(dry_run), NULL,
     "print the first prompt and what all would cost; ask nobody", NULL},
};

static const option generate_options[] = {
    {"kind", 0, TEXT, AT(kind), "KIND",
     "mixed, lua, or rules: patterns and lists of words, no code (mixed)",
     "mixed lua rules"},
    {"max-lfs", 0, NUMBER, AT(max_lfs), "N", "labeling functions to accept at most",
     NULL},
    {"n", 0, NUMBER, AT(lf_number), "N", "labeling functions to ask for in a round (10)",
     NULL},
    {"rounds", 0, NUMBER, AT(rounds), "R", "rounds at most (3)", NULL},
    {"generate:records", 0, NUMBER, AT(records), "N",
     "try candidates on so many records, drawn from the data (5000)", NULL},
    {"template", 0, TEXT, AT(template), "FILE", "a template of the prompt of one's own",
     "@file"},
    {"print-template", 0, FLAG, AT(print_template), NULL,
     "print the template that is part of the program", NULL},
    {"constrain", 0, FLAG, AT(constrain), NULL,
     "have the server hold the model to JSON of the right form", NULL},
    {"include-unproven", 0, FLAG, AT(include_unproven), NULL,
     "take what dev is too small to judge, too, where labels get better", NULL},
    {"judge", 0, TEXT, AT(judge), "FOLDER",
     "judge the generated files there again, and ask nobody", "@folder"},
    {"generate:dry-run", 0, FLAG, AT(dry_run), NULL,
     "print the first prompt, what it costs; ask nobody", NULL},
};

static const option output_options[] = {
    {"generate:out", 'o', TEXT, AT(out), "FOLDER",
     "where accepted ones go (LFS/generated)", "@folder"},
    {"fail-if", 0, TEXTS, AT(fail_if), "CONDITION",
     "exit code 1 where a difference is so: \"accuracy < -0.01\"; repeatable", NULL},
    {"out", 'o', TEXT, AT(out), "PATH", "where to write", "@file"},
    {"format", 0, TEXT, AT(format), "FORM", "form of the output: jsonl or csv",
     "jsonl csv"},
    {"apply:format", 0, TEXT, AT(format), "FORM", "form of the votes: jsonl, csv or wsv",
     "jsonl csv wsv"},
    {"json", 0, FLAG, AT(json), NULL, "tables as JSON", NULL},
    {"quiet", 'q', FLAG, AT(quiet), NULL, "no tables, no progress; errors only", NULL},
    {"verbose", 'v', COUNT, AT(verbose), NULL, "say more", NULL},
    {"jobs", 'j', NUMBER, AT(jobs), "N",
     "worker processes, and threads (as many as processors)", NULL},
    {"seed", 0, NUMBER, AT(seed), "N", "seed of everything random (0)", NULL},
    {"color", 0, TEXT, AT(color), "WHEN",
     "auto (on a terminal, unless NO_COLOR is set), always, never", "auto always never"},
    {"log-json", 0, FLAG, AT(log_json), NULL, "what is said on standard error as JSON",
     NULL},
    {"help", 'h', FLAG, AT(help), NULL, "this text", NULL},
};

#define GROUP(title, list)                                                               \
  { title, list, sizeof list / sizeof *list }
const option_group option_groups[] = {
    GROUP("Task", task_options),
    GROUP("Input", input_options),
    GROUP("Labeling functions", lf_options),
    GROUP("Label model", label_model_options),
    GROUP("Classifier", classifier_options),
    GROUP("Predictions", prediction_options),
    GROUP("Votes", import_options),
    GROUP("Export", export_options),
    GROUP("Report", report_options),
    GROUP("What to label or write next", next_options),
    GROUP("Language model", chat_options),
    GROUP("Answers", ask_options),
    GROUP("Labeling functions to be written", generate_options),
    GROUP("Output", output_options),
};
const size_t option_group_count = sizeof option_groups / sizeof *option_groups;

const char *option_shown(const option *opt) {
  const char *colon = strchr(opt->name, ':');
  return colon ? colon + 1 : opt->name;
}

bool option_has_value(const option *opt) {
  return opt->kind == TEXT || opt->kind == TEXTS || opt->kind == NUMBER;
}

static bool takes(const command *self, const char *name) {
  if (strcmp(name, "help") == 0 || strcmp(name, "color") == 0 ||
      strcmp(name, "log-json") == 0)
    return true; // every command
  for (const char *const *n = self->takes; *n; n++)
    if (strcmp(*n, name) == 0) return true;
  return false;
}

const option *option_next(const command *self, option_walk *walk) {
  while (walk->group < option_group_count) {
    const option_group *group = &option_groups[walk->group];
    while (walk->at < group->count) {
      const option *opt = &group->options[walk->at++];
      if (takes(self, opt->name)) return opt;
    }
    walk->group++;
    walk->at = 0;
  }
  return NULL;
}
