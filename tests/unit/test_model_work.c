/* SPDX-License-Identifier: MIT
 *
 * What is told of how far a training is: one job, of which more and more is done.
 */
#include <stdio.h>

#include <weaksup/rng.h>
#include <weaksup/training.h>

#include "work.h"
#include "ws_test_features.h"

enum { N = 600, LFS = 6 };

static const ws_text names[] = {{"c0", 2}, {"c1", 2}};

typedef struct told {
  size_t count;
  uint64_t last, total;
} told;

static bool on_progress(void *user, const ws_progress *p) {
  told *t = user;
  assert_string_equal(p->stage, "training");
  assert_string_equal(p->unit, "rows");
  assert_true(p->total > 0 && p->done <= p->total);
  assert_true(p->done >= t->last);
  if (t->count++) assert_int_equal(p->total, t->total);
  t->last = p->done;
  t->total = p->total;
  return true;
}

static void add_record(ws_features *features, ws_votes_builder *builder, ws_rng *rng,
                       double *target, int32_t *gold) {
  char text[64];
  ws_vote vote = {(uint32_t)ws_rng_below(rng, LFS), 0};
  vote.label = (int32_t)(vote.lf % 2);
  snprintf(text, sizeof text, "key%u %c%u w%u", vote.lf, "tu"[vote.label],
           (unsigned)ws_rng_below(rng, 9), (unsigned)ws_rng_below(rng, 50));
  ws_record record = record_of(text);
  assert_ok(ws_features_add(features, &record, NULL), NULL);
  assert_ok(ws_votes_builder_add(builder, ws_text_of(""), WS_ABSTAIN, &vote, 1), NULL);
  target[0] = vote.label ? 0.1 : 0.9;
  target[1] = 1 - target[0];
  *gold = ws_rng_below(rng, 10) ? WS_ABSTAIN : vote.label;
}

static told told_of(ws_training_options how, bool with_gold) {
  static double targets[2 * N];
  static int32_t gold[N];
  ws_training_report report;
  ws_task *task = ws_test_task("c0,c1");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  ws_features *features = features_of(NULL, NULL, 0);
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_rng rng;
  told seen = {0};
  how.classifier.progress = (ws_progress_sink){on_progress, &seen};
  ws_rng_init(&rng, 3);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < LFS; j++) {
    char name[] = {'l', 'f', (char)('0' + j), 0};
    uint32_t at;
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &at, NULL), NULL);
  }
  for (size_t i = 0; i < N; i++)
    add_record(features, builder, &rng, targets + 2 * i, gold + i);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_training_rows rows = {
      .targets = targets, .gold = with_gold ? gold : NULL, .votes = votes};
  assert_ok(ws_training_run(features, &rows, names, 2, &how, &classifier, &report, &err),
            &err);
  ws_classifier_free(classifier);
  ws_features_free(features);
  ws_votes_free(votes);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return seen;
}

/* The gate trains up to fifteen times, and the recipe what is kept. */
static void many_trainings_are_one_job(void **state) {
  (void)state;
  told seen = told_of(ws_training_options_default(), true);
  assert_true(seen.count > 30);
  assert_true(seen.last >= seen.total / 2);
}

static void so_they_are_of_other_recipes(void **state) {
  (void)state;
  ws_training_options how = ws_training_options_default();
  how.classifier.loss = WS_LOSS_HINGE;
  assert_true(told_of(how, true).last > 0);
  how = ws_training_options_default();
  how.recipe = WS_RECIPE_PLAIN;
  assert_true(told_of(how, false).last > 0);
}

static bool keep(void *user, const ws_progress *p) {
  *(double *)user = (double)p->done / (double)p->total;
  return true;
}

/* A piece that expects more iterations than before, or one that nobody planned. */
static void the_share_never_falls(void **state) {
  (void)state;
  double share = 0;
  ws__work work = {.to = {keep, &share}, .planned = 100, .rows = 100};
  ws_progress_sink sink = ws__work_sink(&work);
  ws__work_next(&work, 50);
  assert_true(ws_progress_report(sink, "training", 5, 10, "iterations"));
  assert_near(share, 0.25, 1e-9);
  assert_true(ws_progress_report(sink, "training", 6, 20, "iterations"));
  assert_near(share, 0.25, 1e-9);
  ws__work_next(&work, 50);
  assert_near(share, 0.5, 1e-9);
  ws__work_next(&work, 50);
  assert_true(ws_progress_report(sink, "training", 1, 1, "iterations"));
  assert_near(share, 1, 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_trainings_are_one_job),
      cmocka_unit_test(so_they_are_of_other_recipes),
      cmocka_unit_test(the_share_never_falls),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
