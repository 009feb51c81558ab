/* SPDX-License-Identifier: MIT
 *
 * What `weaksup cv` tells: means and deviations over the folds, and the predictions of
 * all of them together.
 */
#include <stdio.h>

#include "cv.h"
#include "members.h"
#include "reliability_print.h"
#include "say.h"
#include "step.h"
#include "table.h"

static void print_scores(const cv *c) {
  static const bool right[] = {false, true, true, true, true};
  const cv_scores *sets[] = {&c->label_model, &c->classifier};
  static const unsigned char give_up[] = {0, 1, 0, 3, 2};
  table t = {.columns = 5, .right = right, .give_up = give_up};
  const char *const heads[] = {"", "n", "accuracy", "macro-F1", "log-loss"};
  for (size_t i = 0; i < 5; i++) table_cell(&t, "%s", heads[i]);
  for (size_t s = 0; s < 2; s++) {
    if (!sets[s]->has) continue;
    table_cell(&t, "%s", sets[s]->name);
    table_cell(&t, "%llu", (unsigned long long)ws_reliability_rows(c->details));
    ws_scores_spread over = ws_scores_over(sets[s]->folds, c->folds);
    const ws_spread spreads[] = {over.accuracy, over.macro_f1, over.log_loss};
    for (size_t i = 0; i < 3; i++)
      table_cell(&t, "%.3f ± %.3f", spreads[i].mean, spreads[i].sd);
  }
  table_print(&t);
  const char *dev = c->dev_votes ? input_name(c->dev.path) : NULL;
  printf("mean ± standard deviation over %zu folds%s%s\n", c->folds,
         c->o->group ? ", each group in one of them: " : "",
         c->o->group ? c->o->group : "");
  if (!dev) return;
  printf(
      "of the gold labels in %s (%s has none); in each fold all of %s is trained on%s\n",
      dev, input_name(c->part.path), input_name(c->part.path),
      c->o->no_dev_gold ? "" : ", and the gold of the other folds helps");
}

static void print_left_out(const cv *c) {
  bool some = false;
  for (size_t j = 0; c->left_out && j < ws_votes_lfs(c->part.votes); j++) {
    if (!c->left_out[j]) continue;
    printf("%s", some ? ", " : "left out by the gold of the other folds: ");
    text_print(ws_votes_lf(c->part.votes, j));
    printf(" in %u of %zu", c->left_out[j], c->folds);
    some = true;
  }
  if (c->left_out)
    printf("%s\n", some ? "" : "no labeling function is left out in any fold");
}

static void put_spread(ws_json_writer *json, const char *name, ws_spread over) {
  ws_json_key(json, name);
  ws_json_open(json, '{');
  json_put_number(json, "mean", over.mean);
  json_put_number(json, "sd", over.sd);
  ws_json_close(json, '}');
}

static void put_scores(ws_json_writer *json, const cv *c, const cv_scores *s) {
  ws_json_key(json, s == &c->classifier ? "classifier" : "label_model");
  if (!s->has) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  ws_scores_spread over = ws_scores_over(s->folds, c->folds);
  put_spread(json, "accuracy", over.accuracy);
  put_spread(json, "macro_f1", over.macro_f1);
  put_spread(json, "log_loss", over.log_loss);
  ws_json_key(json, "folds");
  ws_json_open(json, '[');
  for (size_t f = 0; f < c->folds; f++) ws_scores_json(json, &s->folds[f]);
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

/* null where nothing was asked for. */
static void put_left_out(ws_json_writer *json, const cv *c) {
  ws_json_key(json, "left_out");
  if (!c->left_out) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '[');
  for (size_t j = 0; j < ws_votes_lfs(c->part.votes); j++) {
    if (!c->left_out[j]) continue;
    ws_json_open(json, '{');
    json_put_text(json, "lf", ws_votes_lf(c->part.votes, j));
    json_put_uint(json, "folds", c->left_out[j]);
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
}

int cv_print_json(const cv *c) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_uint(&json, "records", ws_reliability_rows(c->details));
  json_put_uint(&json, "folds", c->folds);
  json_put_uint(&json, "seed", c->o->seed);
  json_put_string(&json, "group", c->o->group);
  json_put_string(&json, "gold_set", c->dev_votes ? "dev" : "data");
  put_left_out(&json, c);
  put_scores(&json, c, &c->label_model);
  put_scores(&json, c, &c->classifier);
  reliability_json(&json, c->details, ws_task_names(c->task), c->K);
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* What was tried, on all of the records. */
static void print_next(const cv *c) {
  step s = step_to(c->o->labels ? &cmd_train : &cmd_fit);
  if (!c->o->labels) step_argument(&s, c->o->arguments[0]);
  step_options(&s, &cmd_cv, c->o, NULL);
  if (c->o->labels)
    step_option(&s, "out", "trained");
  else
    step_run_beside(&s, c->o, c->o->arguments[0]);
  step_print(&s, c->o, "train so on all records");
}

void cv_print(const cv *c) {
  print_scores(c);
  print_left_out(c);
  reliability_print(c->details);
  classes_print(c->details, ws_task_names(c->task), c->K);
  print_next(c);
}
