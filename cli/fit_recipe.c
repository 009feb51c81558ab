/* SPDX-License-Identifier: MIT
 *
 * How the classifier was trained: what is said of it, and how it is kept in the cache.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

#include "fit.h"
#include "members.h"
#include "prose.h"

/* --- the cache: numbers, 8 bytes each, in the order of the report ------------------- */

enum { NUMBERS = 15 + WS_GATE_SPLITS };

/* Both ways: a report as numbers. */
static void list_numbers(const ws_training_report *r, double *out) {
  const double all[NUMBERS - WS_GATE_SPLITS] = {(double)r->covered,
                                                (double)r->uncovered,
                                                (double)r->gold,
                                                (double)r->left_out,
                                                r->c,
                                                r->branch,
                                                r->has_votes,
                                                r->has_gate,
                                                r->splits,
                                                r->median_z,
                                                r->agree_regression,
                                                r->agree_bayes,
                                                (double)r->hidden,
                                                r->cross_fitted,
                                                r->temperature};
  memcpy(out, all, sizeof all);
  memcpy(out + NUMBERS - WS_GATE_SPLITS, r->z, sizeof r->z);
}

static void read_numbers(const double *in, ws_training_report *r) {
  *r = (ws_training_report){.covered = (uint64_t)in[0],
                            .uncovered = (uint64_t)in[1],
                            .gold = (uint64_t)in[2],
                            .left_out = (uint64_t)in[3],
                            .c = in[4],
                            .branch = (ws_branch)in[5],
                            .has_votes = in[6] != 0,
                            .has_gate = in[7] != 0,
                            .splits = (unsigned)in[8],
                            .median_z = in[9],
                            .agree_regression = in[10],
                            .agree_bayes = in[11],
                            .hidden = (uint64_t)in[12],
                            .cross_fitted = in[13] != 0,
                            .temperature = in[14]};
  memcpy(r->z, in + NUMBERS - WS_GATE_SPLITS, sizeof r->z);
}

static ws_status put_doubles(ws_buffer *out, const double *numbers, size_t count) {
  for (size_t i = 0; i < count; i++) WS_TRY(ws_bytes_put_double(out, numbers[i]));
  return WS_OK;
}

static void take_doubles(ws_bytes *in, double *numbers, size_t count) {
  for (size_t i = 0; i < count; i++) numbers[i] = ws_bytes_take_double(in);
}

ws_status fit_recipe_put(const fit *f, ws_buffer *out) {
  double numbers[NUMBERS];
  list_numbers(&f->training, numbers);
  WS_TRY(put_doubles(out, numbers, NUMBERS));
  WS_TRY(put_doubles(out, f->gold_probs, f->gold_rows * ws_task_classes(f->task)));
  return ws_classifier_encode(f->classifier, out);
}

ws_status fit_recipe_take(fit *f, ws_text entry, ws_error *err) {
  double numbers[NUMBERS];
  size_t count = f->gold_rows * ws_task_classes(f->task);
  ws_bytes in = ws_bytes_of(entry);
  take_doubles(&in, numbers, NUMBERS);
  take_doubles(&in, f->gold_probs, count);
  if (in.bad) return ws_error_set(err, WS_EPARSE, "a kept classifier is cut short");
  read_numbers(numbers, &f->training);
  return ws_classifier_decode(ws_bytes_take_run(&in, in.size - in.at), &f->classifier,
                              err);
}

/* --- what is said ------------------------------------------------------------------- */

static void print_gated(const ws_training_report *r) {
  bool bayes = r->branch == WS_BRANCH_BAYES;
  const char *what = bayes ? "naive Bayes together with regression, on all records"
                           : "regression on the records with votes";
  if (!r->has_gate) {
    prose_print("  ", "recipe: %s. Naive Bayes was not compared with it: %s.", what,
                r->has_votes ? "hiding labeling functions leaves too few records"
                             : "the votes are not known");
    return;
  }
  prose_print("  ",
              "recipe: %s%s. This was tested by hiding each third of the labeling "
              "functions in turn, in %u splits: of %llu labels that only hidden ones "
              "tell, naive Bayes finds %.1f %% and regression %.1f %%. The median z is "
              "%s; naive Bayes is used above %g.",
              what, bayes ? "" : ", without naive Bayes", r->splits,
              (unsigned long long)r->hidden, 100 * r->agree_bayes,
              100 * r->agree_regression, ws_gate_z_of(r->median_z).text, WS_GATE_LEAST_Z);
}

static void print_svm(const ws_training_report *r) {
  if (r->branch == WS_BRANCH_PLAIN)
    prose_print("  ",
                "recipe: plain, a linear SVM on the labels as they are; temperature %.2f",
                r->temperature);
  else
    prose_print(
        "  ",
        "recipe: linear SVM on the records with votes. Naive Bayes sharpens their "
        "labels; it is not averaged with, as the scores of an SVM are no "
        "log-probabilities. Temperature %.2f.",
        r->temperature);
}

static void print_branch(const fit *f) {
  const ws_training_report *r = &f->training;
  size_t hidden = ws_classifier_hidden(f->classifier);
  switch (r->branch) {
  case WS_BRANCH_BAYES:
  case WS_BRANCH_REGRESSION:
    print_gated(r);
    break;
  case WS_BRANCH_GOLD:
    printf("recipe: regression on gold labels\n");
    break;
  case WS_BRANCH_PLAIN:
    if (hidden)
      printf("recipe: plain, a hidden layer of %zu units on the labels as they are\n",
             hidden);
    else
      printf("recipe: plain, regression on the labels as they are\n");
    break;
  }
}

/* Other labeling functions may turn the gate, and scores jump by that alone. */
static void print_earlier(const fit *f) {
  const char *out = f->o->out ? f->o->out : "run";
  run_branch now = run_branch_of(out);
  if (!*f->earlier.name || strcmp(now.name, f->earlier.name) == 0) return;
  char z[64] = "";
  if (!isnan(f->earlier.z))
    snprintf(z, sizeof z, " (median z %s)", ws_gate_z_of(f->earlier.z).text);
  prose_print(
      "  ",
      "  The run that it replaces in %s was trained in another way: %s%s. Scores differ "
      "by that, too.",
      out, f->earlier.name, z);
}

void fit_recipe_print(const fit *f) {
  const ws_training_report *r = &f->training;
  if (f->setup.training.classifier.loss == WS_LOSS_HINGE)
    print_svm(r);
  else
    print_branch(f);
  if (r->left_out)
    prose_print("  ", "  %llu records whose label is less probable than %g were left out",
                (unsigned long long)r->left_out, f->setup.training.min_confidence);
  if (r->cross_fitted)
    prose_print("  ",
                "  The gold labels of %llu dev records were trained on, too, each with "
                "weight %g; temperature %.2f.",
                (unsigned long long)r->gold, f->setup.training.gold_weight,
                r->temperature);
  print_earlier(f);
}

void fit_recipe_json(ws_json_writer *json, const fit *f) {
  ws_json_key(json, "recipe");
  if (f->classifier)
    ws_training_report_json(json, &f->training);
  else
    ws_json_null(json);
}
