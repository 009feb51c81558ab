/* SPDX-License-Identifier: MIT
 *
 * weaksup import-votes: class scores of another model become votes.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/class_scores.h>
#include <weaksup/output.h>
#include <weaksup/votes_file.h>

#include "members.h"
#include "out_check.h"
#include "say.h"
#include "setup.h"
#include "step.h"
#include "table.h"

typedef struct importing {
  const options *o;
  setup setup;
  bar bar;
  ws_task *task;
  ws_score_options how;
  double *thresholds; // [K], what how.thresholds points to
  ws_votes *votes;
  ws_score_report report;
} importing;

/* --- options ------------------------------------------------------------------------ */

static bool read_share(ws_text text, double *out) {
  return ws_text_to_double(text, out) && *out >= 0 && *out <= 1;
}

static bool wrong_bins(const command *self, const char *found) {
  return say_usage(self,
                   "--bins: expected how many, 1 to %d, or ascending edges from 0 to 1 "
                   "such as 0.5,0.8,0.95, found '%s'",
                   (int)WS_SCORE_BINS, found);
}

static bool read_edges(importing *i, const command *self, const char *at) {
  ws_score_options *how = &i->how;
  while (*at) {
    double edge, *last = how->edges + how->edge_count;
    ws_text part = {at, strcspn(at, ",")};
    if (how->edge_count >= WS_SCORE_BINS || !read_share(part, &edge) ||
        (how->edge_count && edge <= last[-1]))
      return wrong_bins(self, i->o->bins);
    *last = edge;
    how->edge_count++;
    at += part.size + (at[part.size] == ',');
  }
  bool lone = how->edge_count == 1 && how->edges[0] >= 1;
  return (how->edge_count && !lone) || wrong_bins(self, i->o->bins);
}

static bool read_bins(importing *i, const command *self) {
  uint64_t count;
  const char *at = i->o->bins;
  if (!at) return true;
  if (!ws_text_to_index(ws_text_of(at), &count)) return read_edges(i, self, at);
  i->how.bins = (size_t)count;
  return (count > 0 && count <= WS_SCORE_BINS) || wrong_bins(self, at);
}

static bool read_choice(const command *self, const char *name, const char *value,
                        const char *first, const char *second, bool *is_second) {
  *is_second = value && strcmp(value, second) == 0;
  return !value || *is_second || strcmp(value, first) == 0 ||
         say_usage(self, "--%s: expected %s or %s, found '%s'", name, first, second,
                   value);
}

static bool read_options(importing *i, const command *self) {
  const options *o = i->o;
  const char *ending = o->out ? path_ending(o->out) : NULL;
  if (!o->out) return say_usage(self, "expected --out FILE");
  if (ending && strcmp(ending, ".wsv") != 0)
    return say_usage(self, "--out: expected a name that ends in .wsv, found '%s'",
                     o->out);
  if (o->name && !*o->name)
    return say_usage(self, "--name: expected a name, found nothing");
  if (!read_bins(i, self) ||
      !read_choice(self, "missing", o->missing, "stop", "abstain",
                   &i->how.missing_abstain) ||
      !read_choice(self, "unknown", o->unknown, "stop", "skip", &i->how.unknown_skip))
    return false;
  i->how.name = o->name;
  i->how.softmax = o->softmax;
  return !i->how.edge_count || !o->threshold_count ||
         say_usage(self,
                   "--threshold: expected no edges in --bins, whose first one it is");
}

/* P, or CLASS=P: the last one that speaks of a class holds. */
static ws_status read_threshold(importing *i, ws_text given, ws_error *err) {
  double p;
  size_t equals = given.size, K = ws_task_classes(i->task);
  while (equals > 0 && given.data[equals - 1] != '=') equals--;
  ws_text number = {given.data + equals, given.size - equals};
  if (!read_share(number, &p) || (equals && i->how.bins))
    return ws_error_set(
        err, WS_EINVAL, "--threshold: expected %s from 0 to 1, found '%.*s'",
        i->how.bins ? "a number" : "a number, or CLASS=NUMBER,", WS_TEXT_ARG(given));
  if (!equals) {
    for (size_t k = 0; k < K; k++) i->thresholds[k] = p;
    return WS_OK;
  }
  ws_text name = {given.data, equals - 1};
  int32_t k = ws_task_find(i->task, name);
  const char *meant = ws_task_suggest(i->task, name);
  if (k == WS_ABSTAIN)
    return ws_error_set(err, WS_EINVAL, "--threshold: there is no class '%.*s'%s%s%s",
                        WS_TEXT_ARG(name), DID_YOU_MEAN(meant));
  i->thresholds[k] = p;
  return WS_OK;
}

static ws_status read_thresholds(importing *i, ws_error *err) {
  size_t K = ws_task_classes(i->task);
  if (!i->o->threshold_count) return WS_OK;
  i->thresholds = ws_alloc_array(K, sizeof *i->thresholds);
  if (!i->thresholds) return ws_error_nomem(err);
  for (size_t k = 0; k < K; k++) i->thresholds[k] = WS_SCORE_DEFAULT;
  for (size_t t = 0; t < i->o->threshold_count; t++)
    WS_TRY(read_threshold(i, ws_text_of(i->o->thresholds[t]), err));
  i->how.thresholds = i->thresholds;
  return WS_OK;
}

/* --- what is said ------------------------------------------------------------------- */

/* The edges as --bins takes them: dev and test need the same ones. A whole number is how
 * many. */
static void say_bins(const importing *i) {
  char text[(WS_SCORE_BINS + 1) * 24] = "";
  size_t used = 0;
  for (size_t b = 0; b < i->report.bins; b++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%.12g", b ? "," : "",
                             i->report.edges[b]);
  if (i->report.bins == 1 && i->report.edges[0] <= 0) strcpy(text, "0.0");
  say_note(i->o, "%zu labeling functions: --bins %s%s", i->report.bins, text,
           i->how.bins ? " makes the same of other data" : "");
}

static void say_doubts(const importing *i) {
  const ws_score_report *r = &i->report;
  uint64_t scored = r->records - r->missing + r->unknown;
  if (i->o->softmax && scored && r->distributions == scored)
    say_warning("--softmax: all scores are probabilities already, which it flattens: "
                "without it they are taken as they are");
  if (!i->o->softmax && r->distributions < scored)
    say_note(i->o,
             "the scores of %llu records do not sum to 1: they are compared as they are, "
             "as those of independent questions",
             (unsigned long long)(scored - r->distributions));
  if (!r->by_id && i->o->verbose)
    say_note(i->o, "the scores have no ids: they are taken in the order of the data");
}

static void say_counts(const importing *i) {
  const ws_score_report *r = &i->report;
  say_note(i->o,
           "votes on %llu of %llu records; %llu below the threshold, %llu tied, %llu "
           "without scores",
           (unsigned long long)r->voted, (unsigned long long)r->records,
           (unsigned long long)r->below, (unsigned long long)r->tied,
           (unsigned long long)r->missing);
  if (r->unknown)
    say_note(i->o, "scores of %llu ids that the data has not are left out",
             (unsigned long long)r->unknown);
  if (r->bins) say_bins(i);
}

static int print_json(const importing *i) {
  const ws_score_report *r = &i->report;
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_string(&json, "out", i->o->out);
  json_put_uint(&json, "records", r->records);
  json_put_uint(&json, "voted", r->voted);
  json_put_uint(&json, "below", r->below);
  json_put_uint(&json, "tied", r->tied);
  json_put_uint(&json, "missing", r->missing);
  json_put_uint(&json, "unknown", r->unknown);
  json_put_uint(&json, "distributions", r->distributions);
  json_put_bool(&json, "by_id", r->by_id);
  json_put_uint(&json, "lfs", ws_votes_lfs(i->votes));
  ws_json_key(&json, "edges");
  ws_json_open(&json, '[');
  for (size_t b = 0; r->bins && b <= r->bins; b++) ws_json_number(&json, r->edges[b]);
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* --- the command -------------------------------------------------------------------- */

static ws_status write_votes(const importing *i, ws_error *err) {
  ws_buffer bytes = {0};
  ws_status status =
      ws_votes_encode(i->votes, &bytes) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = ws_output_file(i->o->out, ws_buffer_as_text(&bytes), err);
  ws_buffer_clear(&bytes);
  return status;
}

static ws_status run_steps(importing *i, ws_error *err) {
  const char *data, *scores = i->o->arguments[0];
  WS_TRY(setup_task(i->o, NULL, &i->task, err));
  WS_TRY(setup_path(i->task, WS_TASK_DATA, &data, err));
  WS_TRY(read_thresholds(i, err));
  if (strcmp(data, "-") == 0 && strcmp(scores, "-") == 0)
    return ws_error_set(err, WS_EINVAL,
                        "expected scores or data from a file, found both on standard "
                        "input");
  i->how.reader = i->setup.reader;
  i->how.reader.need_text = false;
  WS_TRY(
      ws_votes_from_scores(scores, data, i->task, &i->how, &i->votes, &i->report, err));
  return write_votes(i, err);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  importing i = {.o = o, .bar = bar_new(o), .how = ws_score_options_default()};
  if (!read_options(&i, self) || !check_json_out(self, o) ||
      !setup_init(&i.setup, self, o, &i.bar))
    return EXIT_USAGE;
  ws_status status = run_steps(&i, &err);
  bar_clear(&i.bar);
  int code = status == WS_OK ? EXIT_DONE : say_failure(&err);
  if (status == WS_OK && o->json)
    code = print_json(&i);
  else if (status == WS_OK)
    say_counts(&i);
  if (status == WS_OK) say_doubts(&i);
  if (status == WS_OK && i.report.voted) {
    step next = step_fit_votes(self, o, o->out, NULL);
    step_say(&next, o, "fit with these votes");
  }
  ws_votes_free(i.votes);
  ws_free(i.thresholds);
  ws_task_free(i.task);
  setup_clear(&i.setup);
  return code;
}

const command cmd_import_votes = {
    .name = "import-votes",
    .arguments = "FILE",
    .summary = "votes from the class scores of another model",
    .details =
        "Makes a votes file of the scores that another model gives each class: a "
        "zero-shot\n"
        "classifier, an NLI model, a fine-tuned one. FILE is JSON Lines ({\"id\", "
        "\"scores\":\n"
        "{CLASS: score} or a list}, also \"probs\"), CSV (id, and a column for each "
        "class), or\n"
        "a matrix .npy with a row for each record of --data. It votes for the class that "
        "leads\n"
        "where its score is at least --threshold (0.5). With --bins each range of the "
        "score is\n"
        "a labeling function of its own, so that the label model learns how right it is "
        "in\n"
        "each. Ids are checked against the data. `fit LFS --votes` takes the result "
        "beside\n"
        "labeling functions, `fit --votes` alone.\n",
    .examples =
        "weaksup import-votes zero_shot.jsonl --threshold 0.7 --out zero_shot.wsv\n"
        "weaksup import-votes scores.npy --name bert --bins 5 --out bert.wsv\n"
        "weaksup import-votes nli.csv --softmax --bins 0.5,0.8,0.95 --out "
        "nli.wsv\n"
        "weaksup fit lfs/ --votes zero_shot.wsv\n",
    .takes =
        (const char *const[]){"task", "classes", "data", "gold", "id", "input-format",
                              "on-error", "max-line", "import-votes:name",
                              "import-votes:threshold", "bins", "softmax", "missing",
                              "unknown", "out", "json", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
