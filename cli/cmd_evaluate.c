/* SPDX-License-Identifier: MIT
 *
 * weaksup evaluate: scores of a run on records with gold labels.
 */
#include <weaksup/alloc.h>

#include "decide.h"
#include "members.h"
#include "part.h"
#include "reliability_print.h"
#include "run_folder.h"
#include "say.h"
#include "scores.h"
#include "step.h"
#include "table.h"
#include "trained_on.h"
#include "unknown_labels.h"
#include "wrong_print.h"

typedef struct evaluate {
  const options *o;
  setup setup;
  bar bar;
  ws_task *task;
  ws_classifier *classifier;
  ws_reliability *details; // of the classifier
  ws_reliability *decided; // of the labels that `decision` takes; NULL: not asked for
  ws_decision decision;
  double *thresholds; // of the decision
  ws_label_model *model;
  part part;
  score_set on_data, on_votes;
  ws_mistakes *wrong_data, *wrong_votes; // NULL: not asked for
} evaluate;

enum { WRONG_VERBOSE = 10 };

/* Makes room for mistakes, if they are wanted. */
static ws_status open_wrong(const evaluate *e, ws_mistakes **out, ws_error *err) {
  size_t most = e->o->wrong ? (size_t)e->o->wrong : e->o->verbose ? WRONG_VERBOSE : 0;
  if (most == 0) return WS_OK;
  return ws_mistakes_new(most, out) == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* What the reader cannot tell: how many records, and that it was trained so. */
static ws_status explain_label(const evaluate *e, ws_status status, ws_error *err) {
  unknown_labels found;
  ws_error said = *err;
  if (status != WS_EPARSE || !is_file(e->o->keys[WS_TASK_DATA])) return status;
  if (unknown_labels_find(&found, e->o->keys[WS_TASK_DATA], e->task, &e->setup.reader,
                          err) == WS_OK)
    status = unknown_labels_say(&found, e->task, e->o->arguments[0],
                                "it was trained so: leave such records out, or train "
                                "again with --classes ",
                                err);
  bool explained = found.count > 0;
  unknown_labels_clear(&found);
  if (explained) return status;
  *err = said;
  return said.status;
}

static ws_status evaluate_classifier(evaluate *e, ws_error *err) {
  e->setup.reader.optional_id = true;
  e->setup.reader.need_text = ws_classifier_needs_text(e->classifier);
  size_t K = ws_task_classes(e->task);
  bool decides = e->o->reject_below || e->o->threshold_count;
  if (ws_reliability_new(K, &e->details) != WS_OK ||
      (decides && ws_reliability_new(K, &e->decided) != WS_OK))
    return ws_error_nomem(err);
  WS_TRY(decide_read(e->o, e->task, &e->thresholds, &e->decision, err));
  WS_TRY(open_wrong(e, &e->wrong_data, err));
  score_details details = {.all = e->details,
                           .decision = decides ? &e->decision : NULL,
                           .decided = e->decided,
                           .wrong = e->wrong_data};
  ws_status status = score_classifier_in_detail(
      e->classifier, e->task, e->o->keys[WS_TASK_DATA], &e->setup.reader,
      (data_matrix){e->o->npy, "--npy"}, &e->on_data.classifier, &details, err);
  if (status != WS_OK) return explain_label(e, status, err);
  e->on_data.has_classifier = true;
  return trained_on_say(e->o->arguments[0], e->o->keys[WS_TASK_DATA], e->task,
                        &e->setup.reader, err);
}

static ws_status evaluate_label_model(evaluate *e, ws_error *err) {
  WS_TRY(run_label_model(e->o->arguments[0], &e->model, err));
  WS_TRY(part_import(&e->part, &e->setup, e->task, e->o->votes, false, err));
  if (!ws_votes_has_gold(e->part.votes))
    return ws_error_set(err, WS_EINVAL,
                        "%s: no record has a gold label in the field '%s'%s",
                        input_name(e->o->votes), ws_task_get(e->task, WS_TASK_GOLD),
                        gold_field_hint(&e->part.gold));
  WS_TRY(part_check_learned(&e->part, e->model, e->o->votes, err));
  WS_TRY(open_wrong(e, &e->wrong_votes, err));
  WS_TRY(score_label_model_in_detail(e->model, e->part.votes, &e->on_votes.label_model,
                                     e->wrong_votes, err));
  e->on_votes.has_label_model = true;
  WS_TRY(score_majority(e->part.votes, &e->on_votes.majority, err));
  e->on_votes.has_majority = true;
  return WS_OK;
}

static ws_status run_steps(evaluate *e, ws_error *err) {
  const char *run = e->o->arguments[0];
  WS_TRY(e->o->keys[WS_TASK_DATA] ? run_or_model(run, &e->task, &e->classifier, err)
                                  : run_task(run, &e->task, err));
  WS_TRY(setup_keys(e->o, e->task, err));
  if (e->o->keys[WS_TASK_DATA]) WS_TRY(evaluate_classifier(e, err));
  return e->o->votes ? evaluate_label_model(e, err) : WS_OK;
}

static void put_wrong(ws_json_writer *json, const evaluate *e) {
  if (!e->wrong_data && !e->wrong_votes) return;
  ws_json_key(json, "wrong");
  ws_json_open(json, '{');
  wrong_json(json, "classifier", e->wrong_data, e->task);
  wrong_json(json, "label_model", e->wrong_votes, e->task);
  ws_json_close(json, '}');
}

static int print_json(const evaluate *e) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes};
  const score_set *votes = &e->on_votes, *data = &e->on_data;
  ws_json_open(&json, '{');
  scores_json(&json, "classifier", data->has_classifier, &data->classifier);
  scores_json(&json, "label_model", votes->has_label_model, &votes->label_model);
  scores_json(&json, "majority_vote", votes->has_majority, &votes->majority);
  if (e->details)
    reliability_json(&json, e->details, ws_task_names(e->task), ws_task_classes(e->task));
  if (e->decided)
    operating_point_json(&json, e->decided, ws_task_names(e->task),
                         ws_task_classes(e->task));
  put_wrong(&json, e);
  ws_json_close(&json, '}');
  return json_print(&json);
}

static bool print_wrong(const evaluate *e) {
  bool fine = !e->wrong_votes || wrong_print("label model", e->wrong_votes, e->task);
  return (!e->wrong_data || wrong_print("classifier", e->wrong_data, e->task)) && fine;
}

/* Where it is wrong; who has seen that sees the whole run. */
static void print_next(const evaluate *e) {
  const char *run = e->o->arguments[0];
  const ws_scores *scores =
      e->on_data.has_classifier ? &e->on_data.classifier : &e->on_votes.label_model;
  bool list = !e->o->verbose && !e->o->wrong && scores->accuracy < 1;
  bool report = run_has(run, RUN_VOTES);
  step s = step_to(list ? &cmd_evaluate : report ? &cmd_report : &cmd_inspect);
  step_argument(&s, run);
  if (list) step_options(&s, &cmd_evaluate, e->o, NULL);
  if (list) step_number(&s, "wrong", 10);
  if (!list && report) step_flag(&s, "open");
  s.apart = true;
  step_print(&s, e->o,
             list     ? "where it is wrong and most certain"
             : report ? "the run as one page"
                      : "what it has learnt");
}

static int print_table(const evaluate *e) {
  score_set sets[] = {e->on_votes, e->on_data};
  sets[0].name = e->o->votes;
  sets[1].name = e->o->keys[WS_TASK_DATA];
  score_sets_print(sets, 2, ws_task_names(e->task), ws_task_classes(e->task));
  if (e->details) reliability_print(e->details);
  if (e->decided)
    operating_point_print(e->decided, ws_task_names(e->task), ws_task_classes(e->task));
  if (e->details && e->o->verbose)
    classes_print(e->details, ws_task_names(e->task), ws_task_classes(e->task));
  ws_error err = {WS_ENOMEM, "out of memory"};
  if (!print_wrong(e)) return say_failure(&err);
  print_next(e);
  return EXIT_DONE;
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  evaluate e = {.o = o, .bar = bar_new(o)};
  if (!o->keys[WS_TASK_DATA] && !o->votes) {
    say_usage(self, "expected --data FILE for the classifier, --votes FILE for the label "
                    "model, or both");
    return EXIT_USAGE;
  }
  if ((o->reject_below || o->threshold_count) && !o->keys[WS_TASK_DATA]) {
    say_usage(self, "--reject-below and --threshold: expected --data, as they are for "
                    "the classifier");
    return EXIT_USAGE;
  }
  if (!decide_check(self, o, &e.decision)) return EXIT_USAGE;
  if (!setup_init(&e.setup, self, o, &e.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&e, &err);
  bar_clear(&e.bar);
  int code = EXIT_DONE;
  if (status != WS_OK)
    code = say_failure(&err);
  else if (o->json)
    code = print_json(&e);
  else if (!o->quiet)
    code = print_table(&e);
  part_clear(&e.part);
  ws_label_model_free(e.model);
  ws_classifier_free(e.classifier);
  ws_reliability_free(e.details);
  ws_reliability_free(e.decided);
  ws_mistakes_free(e.wrong_data);
  ws_mistakes_free(e.wrong_votes);
  ws_free(e.thresholds);
  ws_task_free(e.task);
  setup_clear(&e.setup);
  return code;
}

const command cmd_evaluate = {
    .name = "evaluate",
    .arguments = "RUN|MODEL",
    .summary = "scores on records with gold labels",
    .details =
        "Scores the classifier of the run on the records of --data, and its label model "
        "on\n"
        "the votes of --votes, with majority vote's scores beside it; both files carry "
        "gold\n"
        "labels. Ties between classes count evenly; records without a vote are such ties "
        "of\n"
        "all classes. Of the classifier also how sure it is and how often right then, "
        "with\n"
        "-v class by class. With --reject-below and --threshold as in predict also what "
        "is\n"
        "right then. --wrong N lists the records that it is surest of and wrong; -v "
        "lists "
        "ten.\n"
        "MODEL is a classifier.wsc without its run.\n",
    .examples = "weaksup evaluate run --data test.jsonl\n"
                "weaksup evaluate run --data dev.jsonl --wrong 20\n",
    .takes =
        (const char *const[]){"data", "votes", "votes-format", "input-format", "on-error",
                              "max-line", "text", "gold", "id", "npy", "reject-below",
                              "threshold", "wrong", "json", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
