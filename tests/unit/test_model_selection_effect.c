/* SPDX-License-Identifier: MIT
 *
 * What the selected labeling functions are worth: labels and classifiers with and
 * without them, on the same records of dev.
 */
#include <math.h>
#include <stdlib.h>

#include <weaksup/lf_selection.h>
#include <weaksup/model.h>
#include <weaksup/reader.h>

#include "../model/lf_plants.h"

static const double even[] = {0.5, 0.5};
static const double nine_to_one[] = {0.9, 0.1};

static const plant several[] = {
    {"a0", 0, 0.5, 0.05, NULL, 0},  {"b0", 0, 0.4, 0.05, NULL, 0},
    {"c0", 0, 0.3, 0.04, NULL, 0},  {"d0", 0, 0.3, 0.04, NULL, 0},
    {"a1", 1, 0.2, 0.02, NULL, 0},  {"b1", 1, 0.15, 0.02, NULL, 0},
    {"weak", 1, 0.5, 0.42, NULL, 0}};

static void kept_ones(const fixture *f, bool *keep) {
  for (size_t c = 0; c < ws_lf_selection_count(f->selection); c++)
    keep[c] = ws_lf_selection_at(f->selection, c)->chosen;
}

static void labels_are_compared_record_by_record(void **state) {
  fixture *f = *state;
  bool keep[LFS_MOST], none[LFS_MOST] = {false};
  ws_selection_effect effect, again;
  plant_all(f, several, 7, 1, even, 2);
  select_lfs(f, true);
  kept_ones(f, keep);
  assert_ok(ws_selection_effect_on_labels(&f->pool, &f->dev, keep, NULL, NULL, 5, &effect,
                                          &f->err),
            &f->err);
  assert_int_equal(effect.before.n, DEV);
  assert_near(effect.accuracy.mean, effect.after.accuracy - effect.before.accuracy,
              1e-12);
  assert_near(effect.log_loss.mean, effect.before.log_loss - effect.after.log_loss,
              1e-12);
  assert_true(effect.accuracy.low > 0 && effect.accuracy.low < effect.accuracy.mean);
  assert_ok(ws_selection_effect_on_labels(&f->pool, &f->dev, keep, NULL, NULL, 5, &again,
                                          &f->err),
            &f->err);
  assert_memory_equal(&effect.accuracy, &again.accuracy, sizeof again.accuracy);
  assert_ok(ws_selection_effect_on_labels(&f->pool, &f->dev, none, NULL, NULL, 5, &again,
                                          &f->err),
            &f->err);
  assert_near(again.accuracy.mean, 0, 0);
  assert_near(again.accuracy.high, 0, 0);
}

/* Nothing is right nine times in ten there; labels that say a little more do no harm. */
static void what_is_rare_is_measured_against_the_frequent_class(void **state) {
  static const plant plants[] = {{"rare", 1, 0.5, 0.035, NULL, 0}};
  fixture *f = *state;
  ws_selection_effect effect;
  plant_all(f, plants, 1, 0, nine_to_one, 2);
  assert_ok(ws_selection_effect_on_labels(&f->pool, &f->dev, NULL, NULL, NULL, 0, &effect,
                                          &f->err),
            &f->err);
  assert_near(effect.before.accuracy, 0.9, 0.03);
  assert_true(effect.after.accuracy > effect.before.accuracy - 0.01);
  assert_true(effect.log_loss.low > 0);
  assert_true(effect.after.coverage < 0.2 && effect.after.accuracy_covered < 0.8);
}

static void targeted_records_are_not_measured_on(void **state) {
  static const plant plants[] = {{"lf", 1, 0.5, 0.1, NULL, 0}};
  fixture *f = *state;
  bool targeted[DEV];
  ws_selection_effect effect;
  for (size_t i = 0; i < DEV; i++) targeted[i] = i >= 50;
  plant_all(f, plants, 1, 0, even, 2);
  assert_ok(ws_selection_effect_on_labels(&f->pool, &f->dev, NULL, targeted, NULL, 0,
                                          &effect, &f->err),
            &f->err);
  assert_int_equal(effect.after.n, 50);
  memset(targeted, true, sizeof targeted);
  assert_ok(ws_selection_effect_on_labels(&f->pool, &f->dev, NULL, targeted, NULL, 0,
                                          &effect, &f->err),
            &f->err);
  assert_int_equal(effect.after.n, DEV);
}

static void without_existing_lfs_nothing_is_known_before(void **state) {
  fixture *f = *state;
  ws_selection_effect effect;
  plant_all(f, several, 6, 0, even, 2);
  assert_ok(ws_selection_effect_on_labels(&f->pool, &f->dev, NULL, NULL, NULL, 0, &effect,
                                          &f->err),
            &f->err);
  assert_true(effect.before.accuracy > 0.5 && effect.before.accuracy < 0.55);
  assert_near(effect.before.log_loss, log(2), 0.001); // of the prior
  assert_int_equal(effect.before.covered, 0);
  assert_true(effect.after.accuracy > 0.6);
}

/* A record's text tells its class, so that a classifier can learn from few votes. */
static ws_records *texts_of(const ws_votes *dev) {
  ws_buffer lines = {0};
  ws_task *task = ws_test_task("c0,c1");
  ws_reader_options options = ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_records *records = NULL;
  size_t added = 1;
  for (size_t i = 0; i < ws_votes_rows(dev); i++)
    assert_ok(ws_buffer_printf(&lines, "{\"text\":\"%s\"}\n",
                               ws_votes_row_gold(dev, i) ? "buy cheap pills"
                                                         : "dear old friend"),
              NULL);
  options.unique_ids = false;
  assert_ok(ws_reader_open_memory("a.jsonl", ws_buffer_as_text(&lines), task, &options,
                                  &reader, NULL),
            NULL);
  assert_ok(ws_records_new(&records), NULL);
  while (added)
    assert_ok(ws_reader_read(reader, records, 10000, 1 << 24, &added, NULL), NULL);
  ws_reader_free(reader);
  ws_task_free(task);
  ws_buffer_clear(&lines);
  return records;
}

static void classifiers_are_compared_record_by_record(void **state) {
  fixture *f = *state;
  ws_features *features = NULL;
  ws_selection_effect effect;
  plant_all(f, several, 6, 0, even, 2);
  drawn *d = calloc(1, sizeof *d);
  assert_non_null(d);
  draw(f, f->seed + 1, POOL, d);
  ws_votes *with_gold = build(f, d, POOL, 0, 1, true);
  ws_records *pool = texts_of(with_gold), *dev = texts_of(f->dev.candidates);
  free(d);
  assert_ok(ws_features_new(NULL, &features, &f->err), &f->err);
  for (size_t i = 0; i < POOL; i++) {
    ws_record record = ws_records_at(pool, i);
    assert_ok(ws_features_add(features, &record, &f->err), &f->err);
  }
  assert_ok(ws_selection_effect_on_classifier(&f->pool, &f->dev, NULL, NULL, features,
                                              dev, NULL, 1, &effect, &f->err),
            &f->err);
  assert_near(effect.after.accuracy, 1, 0);
  assert_true(effect.before.accuracy < 0.6);
  assert_true(effect.accuracy.low > 0.3);
  assert_status(WS_EINVAL,
                ws_selection_effect_on_classifier(&f->pool, &f->dev, NULL, NULL, features,
                                                  pool, NULL, 1, &effect, &f->err));
  assert_message(&f->err, "expected 400 records of dev, found 2000");
  ws_features_free(features);
  ws_records_free(pool);
  ws_records_free(dev);
  ws_votes_free(with_gold);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(labels_are_compared_record_by_record),
      TEST(what_is_rare_is_measured_against_the_frequent_class),
      TEST(targeted_records_are_not_measured_on),
      TEST(without_existing_lfs_nothing_is_known_before),
      TEST(classifiers_are_compared_record_by_record),
  };
  ws_model_startup();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
