/* SPDX-License-Identifier: MIT
 *
 * weaksup export: the probabilistic labels of a run in many forms; with --to c-header and
 * json the classifier (export_model.c).
 */
#include <string.h>

#include "export_labels.h"
#include "export_model.h"
#include "members.h"
#include "out_check.h"
#include "run_folder.h"
#include "say.h"
#include "setup.h"
#include "table.h"

/* --- labels as they are --------------------------------------------------------------
 */

static ws_status export_plain(export_labels *e, ws_error *err) {
  const options *o = e->o;
  const char *out = o->out ? o->out : "-";
  bool csv = o->format ? strcmp(o->format, "csv") == 0 : ends_with(out, ".csv");
  WS_TRY(ws_output_open(out, &e->output, err));
  WS_TRY(run_write_labels(e->labels, e->votes, csv ? WS_LABELS_CSV : WS_LABELS_JSONL,
                          e->output, err));
  ws_output *output = e->output;
  e->output = NULL;
  return ws_output_commit(output, err);
}

/* --- forms -------------------------------------------------------------------------- */

typedef struct form {
  const char *name;
  ws_status (*write)(export_labels *e, ws_error *err);
  const char *takes; // letters of options_of_forms
} form;

static const form forms[] = {
    {"labels", export_plain, "f"},
    {"huggingface", export_huggingface, "dm"},
    {"npy", export_npy, "m"},
    {"chat", export_chat, "damp"},
    {"preferences", export_preferences, "damr"},
    {"gbnf", export_gbnf, "a"},
    {"json-schema", export_json_schema, "a"},
};

static const form *find_form(const options *o) {
  const char *name = o->to ? o->to : "labels";
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (strcmp(forms[i].name, name) == 0) return &forms[i];
  return NULL;
}

static int unknown_form(const command *self, const options *o) {
  static const char *const names[] = {"labels",      "huggingface", "npy",
                                      "chat",        "preferences", "gbnf",
                                      "json-schema", "c-header",    "json"};
  const char *meant = ws_suggest(ws_text_of(o->to), names, sizeof names / sizeof *names);
  bool csv = strcmp(o->to, "csv") == 0 || strcmp(o->to, "jsonl") == 0;
  say_usage(self,
            "--to: expected labels, huggingface, npy, chat, preferences, gbnf, "
            "json-schema, c-header or json, found '%s'%s%s%s%s",
            o->to, DID_YOU_MEAN(meant), csv ? " (labels as CSV: --format csv)" : "");
  return EXIT_USAGE;
}

/* Options that some forms do not look at are wrong usage with those. */
static bool check_form(const command *self, const options *o, const form *f) {
  const struct {
    char letter;
    bool given;
    const char *what;
  } given[] = {
      {'f', o->format != NULL, "--format is for --to labels"},
      {'d', o->keys[WS_TASK_DATA] || o->input_format,
       "--data and --input-format are for --to huggingface, chat and preferences"},
      {'m', o->min_confidence != NULL,
       "--min-confidence is for --to huggingface, npy, chat and preferences"},
      {'a', o->answers != NULL,
       "--answers is for --to chat, preferences, gbnf and json-schema"},
      {'p', o->pick != NULL, "--pick is for --to chat"},
      {'r', o->runner_up != NULL, "--runner-up is for --to preferences"},
      {'-', o->quantize || o->prune != PRUNE_NOT || o->max_size || o->name,
       "--quantize, --prune, --max-size and --name are for --to c-header"},
  };
  for (size_t i = 0; i < sizeof given / sizeof *given; i++)
    if (given[i].given && !strchr(f->takes, given[i].letter))
      return say_usage(self, "%s", given[i].what);
  return true;
}

static bool read_choice(const command *self, const char *name, const char *value,
                        const char *usual, const char *other, bool *out) {
  *out = value && strcmp(value, other) == 0;
  return !value || *out || strcmp(value, usual) == 0 ||
         say_usage(self, "--%s: expected %s or %s, found '%s'", name, usual, other,
                   value);
}

static bool read_share(const command *self, const char *name, const char *value,
                       double *out) {
  return !value ||
         (ws_text_to_double(ws_text_of(value), out) && *out >= 0 && *out <= 1) ||
         say_usage(self, "--%s: expected a number from 0 to 1, found '%s'", name, value);
}

static bool need_folder(const command *self, const options *o, const form *f) {
  return f->write != export_npy || (o->out && strcmp(o->out, "-") != 0) ||
         say_usage(self, "--to npy: expected --out FOLDER");
}

static bool read_options(const command *self, const options *o, const form *f,
                         export_labels *e) {
  ws_labels_format unused;
  *e = (export_labels){.o = o, .runner_up = 0.1};
  return check_form(self, o, f) && need_folder(self, o, f) &&
         (f->write != export_plain || setup_labels_format(self, o, &unused)) &&
         read_choice(self, "answers", o->answers, "names", "codes", &e->codes) &&
         read_choice(self, "pick", o->pick, "argmax", "sample", &e->sampled) &&
         read_share(self, "min-confidence", o->min_confidence, &e->min_confidence) &&
         read_share(self, "runner-up", o->runner_up, &e->runner_up);
}

static ws_status load(export_labels *e, ws_error *err) {
  const char *path = e->o->arguments[0];
  WS_TRY(run_task(path, &e->task, err));
  if (e->codes && ws_task_classes(e->task) > 26 * 26)
    return ws_error_set(err, WS_EINVAL,
                        "--answers codes: expected at most 676 classes, found %zu",
                        ws_task_classes(e->task));
  WS_TRY(run_votes(path, &e->votes, err));
  WS_TRY(run_label_model(path, &e->model, err));
  return ws_label_model_predict(e->model, e->votes, &e->labels, err);
}

static void export_clear(export_labels *e) {
  ws_output_abort(e->output);
  run_data_clear(&e->data);
  ws_buffer_clear(&e->line);
  ws_labels_free(e->labels);
  ws_label_model_free(e->model);
  ws_votes_free(e->votes);
  ws_task_free(e->task);
}

/* Forms of the set of labels write no records. */
static int print_json(const export_labels *e, const form *f) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  bool all = f->write == export_plain || f->write == export_npy;
  bool none = f->write == export_gbnf || f->write == export_json_schema;
  ws_json_open(&json, '{');
  json_put_string(&json, "to", f->name);
  json_put_string(&json, "out", e->o->out);
  json_put_uint(&json, "records", ws_votes_rows(e->votes));
  json_put_uint(&json, "written", all ? ws_votes_rows(e->votes) : none ? 0 : e->written);
  ws_json_key(&json, "left_out");
  ws_json_open(&json, '{');
  json_put_uint(&json, "no_vote", e->left_out.no_vote);
  json_put_uint(&json, "tied", e->left_out.tied);
  json_put_uint(&json, "unsure", e->left_out.unsure);
  json_put_uint(&json, "no_second", e->left_out.no_second);
  ws_json_close(&json, '}');
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* With --json standard output is for what is said of the labels. */
static bool check_json(const command *self, const options *o) {
  if (o->json && export_is_model(o))
    return say_usage(self, "--json is for labels, found --to %s", o->to);
  return !o->json || (o->out ? check_json_out(self, o)
                             : say_usage(self, "--json: expected --out FILE"));
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  const form *f = find_form(o);
  export_labels e;
  int code = EXIT_DONE;
  if (!check_json(self, o)) return EXIT_USAGE;
  if (export_is_model(o)) return export_model(self, o);
  if (!f) return unknown_form(self, o);
  if (!read_options(self, o, f, &e)) return EXIT_USAGE;
  ws_status status = load(&e, &err);
  if (status == WS_OK) status = f->write(&e, &err);
  if (status == WS_OK && o->json) code = print_json(&e, f);
  export_clear(&e);
  return status == WS_OK ? code : say_failure(&err);
}

const command cmd_export = {
    .name = "export",
    .arguments = "RUN|MODEL",
    .summary = "labels of a run in many forms, or its classifier",
    .details =
        "Writes the probabilistic labels of the run in the folder RUN, a record a line:\n"
        "id, label (empty where the record has no vote or its classes tie), the\n"
        "probability of each class, and the votes (jsonl) or their number (csv).\n"
        "--format: jsonl or csv. With --to:\n"
        "  huggingface  texts with labels and probs, JSONL\n"
        "  npy          labels.npy, probs.npy, ids and classes, in the folder --out\n"
        "  chat         conversations to tune a language model on, JSONL\n"
        "  preferences  prompt, chosen, rejected where two classes compete, JSONL\n"
        "  gbnf         a grammar of the labels, for constrained decoding\n"
        "  json-schema  the same as a JSON schema\n"
        "  c-header     the classifier as C99 without a library\n"
        "  json         the classifier's features and weights\n"
        "Texts are read from the run's data, where it still is what it was, or --data.\n"
        "For the last two MODEL may be a classifier.wsc; where the header has not all "
        "of\n"
        "it, both predict the records, and the difference is said.\n",
    .examples = "weaksup export run --format csv --out labels.csv\n"
                "weaksup export run --to npy --out matrices\n"
                "# The classifier for a microcontroller\n"
                "weaksup export run --to c-header --max-size 32K --out model.h\n",
    .takes =
        (const char *const[]){
            "to",        "answers",  "pick",     "export:min-confidence",
            "runner-up", "seed",     "quantize", "prune",
            "max-size",  "name",     "data",     "input-format",
            "on-error",  "max-line", "text",     "gold",
            "id",        "out",      "format",   "json",
            "quiet",     NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
