/* SPDX-License-Identifier: MIT
 *
 * weaksup cv: how well a classifier trained this way does, by cross-validation on gold
 * labels.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "cv.h"
#include "say.h"

static ws_status run_steps(cv *c, ws_error *err) {
  WS_TRY(cv_read(c, err));
  bar_clear(&c->bar);
  c->K = ws_task_classes(c->task);
  WS_TRY(cv_run(c, err));
  setup_say_gold_feature(&c->setup, c->task);
  return cv_write_folds(c, err);
}

static void cv_clear(cv *c) {
  if (!c->o->labels) {
    ws_free(c->gold); // else they belong to the labels
    ws_free(c->groups);
  }
  ws_free(c->fold);
  ws_free(c->probs);
  ws_free(c->label_model.folds);
  ws_free(c->classifier.folds);
  ws_reliability_free(c->details);
  label_file_clear(&c->labels);
  ws_votes_free(c->dev_votes);
  ws_free(c->left_out);
  part_clear(&c->part);
  part_clear(&c->dev);
  ws_lf_set_free(c->lfs);
  ws_task_free(c->own_task);
  setup_clear(&c->setup);
}

/* What only one of the two ways has. */
static bool check_way(const command *self, const options *o) {
  const char *of_lfs = o->select_lfs          ? "--select-lfs"
                       : o->no_dev_gold       ? "--no-dev-gold"
                       : o->keys[WS_TASK_DEV] ? "--dev"
                                              : NULL;
  if (o->labels)
    return !of_lfs || say_usage(self, "%s: expected LFS, found --labels", of_lfs);
  if (o->weight) return say_usage(self, "--weight: expected --labels, found LFS");
  return !o->c || strcmp(o->c, "auto") != 0 ||
         say_usage(self, "--c auto: expected --labels, found LFS: it is chosen by gold "
                         "labels that are trained on");
}

static bool check_folds_out(const command *self, const options *o) {
  const char *ending = o->folds_out ? path_ending(o->folds_out) : NULL;
  return !ending || strcmp(ending, ".csv") == 0 || strcmp(ending, ".jsonl") == 0 ||
         say_usage(self,
                   "--folds-out: expected a name that ends in .jsonl or .csv, found '%s'",
                   o->folds_out);
}

static bool check_options(const command *self, const options *o) {
  if (!o->labels == !o->argument_count)
    return say_usage(self, "expected either LFS or --labels FILE");
  if (o->folds < 2 || o->folds > 1000)
    return say_usage(self, "--folds: expected 2 to 1000, found %llu",
                     (unsigned long long)o->folds);
  return check_way(self, o) && check_folds_out(self, o);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  cv c = {.o = o,
          .bar = bar_new(o),
          .folds = (size_t)o->folds,
          .label_model = {.name = "label model"},
          .classifier = {.name = "classifier"}};
  if (!check_options(self, o) || !setup_init(&c.setup, self, o, &c.bar))
    return EXIT_USAGE;
  ws_status status = run_steps(&c, &err);
  bar_clear(&c.bar);
  int code = EXIT_DONE;
  if (status != WS_OK)
    code = say_failure(&err);
  else if (o->json)
    code = cv_print_json(&c);
  else if (!o->quiet)
    cv_print(&c);
  cv_clear(&c);
  return code;
}

const command cmd_cv = {
    .name = "cv",
    .arguments = "LFS",
    .summary = "cross-validation on gold labels",
    .details =
        "Trains on all folds of the records but one and predicts that, in turn. With\n"
        "--labels FILE the classifier of train, on its gold labels; with LFS the label\n"
        "model and the classifier of the task, gold labels of its data being the\n"
        "yardstick only; where it has none, those of dev are, and the data is trained\n"
        "on in each fold. Each fold has the same share of every class; --group keeps\n"
        "records with the same value of a field together.\n",
    .examples = "weaksup cv --labels labeled.csv --folds 10\n"
                "weaksup cv lfs/ --group author\n",
    .takes =
        (const char *const[]){
            "log-ratios",  "select-lfs",     "no-dev-gold", "dev",
            "dev-npy",     "class-weight",   "labels",      "folds",
            "group",       "folds-out",      "task",        "classes",
            "data",        "text",           "gold",        "id",
            "label-model", "features",       "hash-bits",   "c",
            "hidden",      "vector-words",   "model",       "recipe",
            "hard",        "min-confidence", "uncovered",   "input-format",
            "on-error",    "max-line",       "jobs",        "seed",
            "json",        "quiet",          "verbose",     "weight",
            NULL},
    .most = 1,
    .run = run,
};
