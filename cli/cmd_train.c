/* SPDX-License-Identifier: MIT
 *
 * weaksup train: a classifier from labels, without labeling functions.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/export.h>
#include <weaksup/hash.h>

#include "prose.h"
#include "say.h"
#include "step.h"
#include "table.h"
#include "train.h"
#include "unknown_labels.h"
#include "weight_field.h"

static const char *loss_name(ws_loss loss) {
  return loss == WS_LOSS_HINGE ? "linear SVM" : "logistic regression";
}

static ws_status begin_folder(train *t, ws_error *err) {
  const char *out = t->o->out ? t->o->out : "run";
  WS_TRY(run_check_input(out, t->o->labels, NULL, err));
  WS_TRY(run_check_input(out, options_path(t->o, WS_TASK_DATA), NULL, err));
  WS_TRY(run_check_input(out, options_path(t->o, WS_TASK_TEST), NULL, err));
  return ws_folder_begin(out, run_files, run_file_count, &t->folder, err);
}

static void prepare_test(train *t) {
  t->setup.reader.format = WS_INPUT_AUTO; // --input-format speaks of the labels
  t->setup.reader.optional_id = true;
  t->setup.reader.need_text = !t->o->features;
}

/* Classes that nobody named are those of the labels: a test set may have more of them,
 * and says so before anything is trained. */
static ws_status check_test(const train *t, const char *test, ws_error *err) {
  unknown_labels found;
  bool named = t->o->classes || setup_finds_task(t->o);
  if (!test || named || !is_file(test)) return WS_OK; // a pipe is read once
  ws_reader_options how = t->setup.reader;
  how.format = WS_INPUT_AUTO;
  ws_status status = unknown_labels_find(&found, test, t->labels.task, &how, err);
  if (status == WS_OK)
    status = unknown_labels_say(&found, t->labels.task, t->o->labels,
                                "it is one with --classes ", err);
  unknown_labels_clear(&found);
  return status;
}

static ws_status run_steps(train *t, ws_error *err) {
  const char *test = options_path(t->o, WS_TASK_TEST);
  label_file *labels = &t->labels;
  t->began = seconds_now();
  WS_TRY(begin_folder(t, err));
  WS_TRY(label_file_read(labels, t->o->labels, &t->setup, false, err));
  bar_clear(&t->bar);
  WS_TRY(check_test(t, test, err));
  WS_TRY(check_weights(t->o->labels, t->o->weight, labels->weights,
                       labels->weights ? labels->count : 0, err));
  WS_TRY(setup_class_weights(
      &t->setup, labels->task,
      (label_rows){labels->targets, labels->gold, labels->weights, labels->count}, err));
  ws_training_rows rows = {
      .targets = labels->targets, .gold = labels->gold, .weights = labels->weights};
  t->setup.choose.groups = labels->groups;
  WS_TRY(ws_training_choose(
      labels->features, &rows, ws_task_names(labels->task), ws_task_classes(labels->task),
      &t->setup.training, &t->setup.choose, &t->classifier, &t->report, &t->choice, err));
  bar_clear(&t->bar);
  if (ws_classifier_name(t->classifier, labels->features) != WS_OK)
    return ws_error_nomem(err);
  if (test) {
    prepare_test(t);
    WS_TRY(score_classifier(t->classifier, labels->task, test, &t->setup.reader,
                            (data_matrix){t->o->test_npy, "--test-npy"},
                            &t->test.classifier, err));
    t->test.name = "test";
    t->test.has_classifier = true;
  }
  return train_write(t, err);
}

/* --- what is told ------------------------------------------------------------------- */

static void print_labels(const train *t) {
  const label_file *f = &t->labels;
  size_t K = ws_task_classes(f->task);
  printf("labels: %llu gold, %llu probabilistic, none for %llu records\n",
         (unsigned long long)f->gold_rows, (unsigned long long)f->weak_rows,
         (unsigned long long)(f->count - f->gold_rows - f->weak_rows));
  ws_buffer names = {0};
  ws_status status = WS_OK;
  for (size_t k = 0; k < K && k < 20 && status == WS_OK; k++)
    status = ws_buffer_printf(&names, "%s%.*s", k ? ", " : "",
                              WS_TEXT_ARG(ws_task_class(f->task, k)));
  if (status == WS_OK)
    prose_print("  ", "classes: %zu, as in %s: %s%s", K, f->classes_from,
                names.data ? names.data : "", K > 20 ? ", ..." : "");
  ws_buffer_clear(&names);
}

static void print_trials(const ws_choice *choice) {
  static const bool right[] = {false, true, true, true, true, false};
  static const unsigned char give_up[] = {0, 2, 0, 0, 1, 0};
  table t = {.columns = 6, .right = right, .give_up = give_up};
  const char *const heads[] = {"cross-validation", "C",           "accuracy",
                               "log-loss",         "temperature", ""};
  for (size_t i = 0; i < 6; i++) table_cell(&t, "%s", heads[i]);
  for (size_t i = 0; i < choice->count; i++) {
    const ws_trial *trial = &choice->trials[i];
    table_cell(&t, "%s", trial->both ? "both together" : loss_name(trial->loss));
    if (trial->both)
      table_cell(&t, "-");
    else
      table_cell(&t, "%g", trial->c);
    table_cell(&t, "%.4f", trial->accuracy);
    table_cell(&t, "%.4f", trial->log_loss);
    table_cell(&t, "%.3g", trial->temperature);
    table_cell(&t, "%s", i == choice->best ? "taken" : "");
  }
  printf("\n");
  table_print(&t);
  printf("of %u folds, on gold labels that were not trained on\n", choice->folds);
}

/* What is left out of the default, that nobody takes this classifier for it. */
static void print_plain(const train *t) {
  const ws_classifier_options *how = &t->setup.training.classifier;
  if (t->setup.training.recipe != WS_RECIPE_PLAIN || how->hidden) return;
  bool compared = t->setup.choose.losses || t->setup.choose.strengths;
  printf("recipe plain: regression on the labels as they are%s%s\n",
         compared ? "" : ", nothing compared by cross-validation",
         t->report.log_ratios ? "" : ", no log ratios");
}

/* Whether cross-validation finds each class in all of its folds. */
static bool has_folds(const label_file *f, uint64_t folds) {
  size_t K = ws_task_classes(f->task);
  uint64_t *count = ws_alloc_zero(K, sizeof *count);
  bool enough = count && f->gold && !f->weak_rows;
  for (size_t i = 0; enough && i < f->count; i++)
    if (f->gold[i] != WS_ABSTAIN) count[f->gold[i]]++;
  for (size_t k = 0; enough && k < K; k++) enough = count[k] >= folds;
  ws_free(count);
  return enough;
}

/* How good it is, or where it is wrong; where that is told already, what it has learnt.
 */
static void print_next(const train *t) {
  const char *run = t->o->out ? t->o->out : "run";
  step s;
  if (t->test.has_classifier && t->test.classifier.accuracy < 1) {
    s = step_to(&cmd_evaluate);
    step_argument(&s, run);
    step_option(&s, "data", options_path(t->o, WS_TASK_TEST));
    step_option(&s, "npy", t->o->test_npy);
    step_number(&s, "wrong", 10);
    step_print(&s, t->o, "where it is wrong and most certain");
  } else if (!t->choice.count && has_folds(&t->labels, t->o->folds)) {
    s = step_to(&cmd_cv);
    step_options(&s, &cmd_train, t->o, NULL);
    step_print(&s, t->o, "how good it is");
  } else {
    s = step_to(&cmd_inspect);
    step_argument(&s, run);
    step_print(&s, t->o, "what it has learnt");
  }
}

static void print_all(const train *t) {
  print_labels(t);
  print_plain(t);
  if (t->labels.weak_rows)
    printf("the probabilistic labels come without votes: nothing is decided by leaving "
           "labeling functions out\n");
  if (t->choice.count)
    print_trials(&t->choice);
  else if (t->setup.choose.losses || t->setup.choose.strengths)
    printf("not chosen by cross-validation: %s\n", t->choice.why_not);
  printf("\nclassifier: trained on %llu records, %zu active features%s, %u "
         "iterations%s\n",
         (unsigned long long)ws_classifier_rows(t->classifier),
         ws_classifier_active(t->classifier),
         t->report.log_ratios ? ", n-grams weighted by log ratios" : "",
         ws_classifier_iterations(t->classifier),
         ws_classifier_converged(t->classifier) ? "" : ", not converged");
  if (t->test.has_classifier) {
    printf("\n");
    score_sets_print(&t->test, 1, ws_task_names(t->labels.task),
                     ws_task_classes(t->labels.task));
  }
  printf("\nthe run is in %s\n", t->o->out ? t->o->out : "run");
  print_next(t);
}

static void train_clear(train *t) {
  ws_classifier_free(t->classifier);
  label_file_clear(&t->labels);
  ws_folder_abort(t->folder);
  setup_clear(&t->setup);
}

static bool same_but_for_case(ws_text a, ws_text b) {
  if (a.size != b.size) return false;
  for (size_t i = 0; i < a.size; i++) {
    char x = a.data[i], y = b.data[i];
    if (x >= 'A' && x <= 'Z') x += 'a' - 'A';
    if (y >= 'A' && y <= 'Z') y += 'a' - 'A';
    if (x != y) return false;
  }
  return true;
}

/* Every name makes a class where nobody says which there are: a slip makes one, too. */
static void say_alike(const train *t) {
  enum { SHOWN = 3 };
  const ws_text *names = ws_task_names(t->labels.task);
  size_t K = ws_task_classes(t->labels.task), found = 0;
  if (t->o->classes) return;
  for (size_t a = 0; a < K; a++)
    for (size_t b = a + 1; b < K; b++)
      if (same_but_for_case(names[a], names[b]) && found++ < SHOWN)
        say_warning("'%.*s' and '%.*s' are two classes that differ in case only: a slip? "
                    "--classes A,B,... names those there are",
                    WS_TEXT_ARG(names[a]), WS_TEXT_ARG(names[b]));
}

/* Whether the name is near that of another class. */
static bool is_near(const ws_task *task, size_t k) {
  const char *other;
  for (size_t l = 0; l < ws_task_classes(task); l++) {
    other = ws_task_class(task, l).data;
    if (l != k && ws_suggest(ws_task_class(task, k), &other, 1)) return true;
  }
  return false;
}

/* A class of one record among many, or named much like another. */
static void say_single(const train *t) {
  enum { SHOWN = 3, MANY = 20 };
  const label_file *f = &t->labels;
  size_t K = ws_task_classes(f->task), found = 0, *count;
  if (t->o->classes || !f->gold || f->weak_rows) return;
  count = ws_alloc_zero(K, sizeof *count);
  for (size_t i = 0; count && i < f->count; i++)
    if (f->gold[i] != WS_ABSTAIN) count[f->gold[i]]++;
  for (size_t k = 0; count && k < K; k++)
    if (count[k] == 1 && (f->gold_rows >= MANY || is_near(f->task, k)) && found++ < SHOWN)
      say_warning(
          "class '%.*s' has one record only: a slip? --classes A,B,... names those "
          "there are",
          WS_TEXT_ARG(ws_task_class(f->task, k)));
  if (found > SHOWN) say_warning("%zu more classes have one record only", found - SHOWN);
  ws_free(count);
}

/* What was trained on is remembered, not predicted. */
static void say_own_test(const train *t) {
  const char *test = options_path(t->o, WS_TASK_TEST);
  ws_hash128 hash;
  char hex[33];
  if (!test || ws_hash128_file(test, &hash, NULL) != WS_OK) return;
  ws_hash128_hex(hash, hex);
  if (strcmp(hex, t->labels.digest) == 0)
    say_warning("test is the file of the labels, %s: its scores say nothing of other "
                "records (cv predicts records that were not trained on)",
                input_name(test));
}

static void say_warnings(const train *t) {
  say_own_test(t);
  setup_say_gold_feature(&t->setup, t->labels.task);
  say_alike(t);
  say_single(t);
  setup_say_many_inputs(t->classifier);
  if (t->labels.unmatched)
    say_warning("%llu labels have no record with their id in %s",
                (unsigned long long)t->labels.unmatched,
                input_name(options_path(t->o, WS_TASK_DATA)));
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  train t = {.o = o, .bar = bar_new(o)};
  if (!o->labels) {
    say_usage(self, "expected --labels FILE");
    return EXIT_USAGE;
  }
  if (!setup_init(&t.setup, self, o, &t.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&t, &err);
  bar_clear(&t.bar);
  int code = EXIT_DONE;
  if (status == WS_OK) say_warnings(&t);
  if (status != WS_OK)
    code = say_failure(&err);
  else if (o->json)
    code = train_print_json(&t);
  else if (!o->quiet)
    print_all(&t);
  train_clear(&t);
  return code;
}

const command cmd_train = {
    .name = "train",
    .arguments = "",
    .summary = "train the classifier on labels, without labeling functions",
    .details =
        "Trains on the records of --labels: their field label is gold; \"probs\", or\n"
        "columns p_NAME, are probabilistic labels, and where they are the label is not\n"
        "gold unless --gold names it. With --data FILE the records are those, found by\n"
        "their ids (of labels.jsonl, for example). Gold labels choose between logistic\n"
        "regression and a linear SVM by cross-validation. Writes a run folder for\n"
        "predict, evaluate, export and inspect.\n",
    .examples =
        "weaksup train --labels labeled.csv --text body --gold topic --out topics\n"
        "weaksup predict topics --data new.jsonl\n",
    .takes = (const char *const[]){"labels",    "data",         "test",
                                   "task",      "classes",      "text",
                                   "gold",      "id",           "features",
                                   "group",     "weight",       "hash-bits",
                                   "c",         "model",        "log-ratios",
                                   "hidden",    "vector-words", "test-npy",
                                   "recipe",    "hard",         "min-confidence",
                                   "uncovered", "class-weight", "input-format",
                                   "on-error",  "max-line",     "jobs",
                                   "seed",      "out",          "json",
                                   "quiet",     "verbose",      NULL},
    .most = 0,
    .run = run,
};
