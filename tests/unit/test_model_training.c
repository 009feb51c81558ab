/* SPDX-License-Identifier: MIT
 *
 * From labels to a classifier: the gate, the branches, gold among weak labels.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/rng.h>
#include <weaksup/training.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "training_priv.h"
#include "ws_test_features.h"

enum { LFS = 12, WORDS = 10, MOST = 2500, MANY = 16000 };

static const ws_text names[] = {{"c0", 2}, {"c1", 2}};

/* Records of two classes, whose LFs look for one word each. With a topic, the other words
 * tell the class as well; without, they are noise. */
typedef struct corpus {
  size_t n;
  int32_t own[MANY]; // the classes
  ws_features *features;
  ws_votes *votes;
  double *targets; // of the label model; 0 where uncovered
} corpus;

/* Words 0 .. 5 and 6 .. 11 are those of the LFs, "t" and "u" those of the topics. */
static size_t write_text(ws_rng *rng, int32_t own, bool topic, bool *keys, char *text) {
  size_t size = 0;
  for (size_t j = 0; j < LFS; j++) keys[j] = false;
  for (size_t w = 0; w < WORDS; w++) {
    uint64_t word = ws_rng_below(rng, 30);
    bool mine = ws_rng_uniform(rng) < 0.8;
    int32_t of = mine ? own : 1 - own;
    if (w == 0 && ws_rng_uniform(rng) < 0.7) {
      size_t j = (size_t)of * (LFS / 2) + word % (LFS / 2);
      keys[j] = true;
      size += (size_t)sprintf(text + size, "key%c ", (char)('a' + j));
    } else {
      size += (size_t)sprintf(text + size, "%c%d ", topic ? "tu"[of] : 'n', (int)word);
    }
  }
  return size;
}

static void add_votes(ws_votes_builder *builder, const bool *keys, bool reversed) {
  ws_vote votes[LFS];
  size_t count = 0;
  for (uint32_t j = 0; j < LFS; j++) {
    uint32_t lf = reversed ? LFS - 1 - j : j;
    if (keys[lf]) votes[count++] = (ws_vote){j, lf < LFS / 2 ? 0 : 1};
  }
  assert_ok(ws_votes_builder_add(builder, ws_text_of(""), WS_ABSTAIN, votes, count),
            NULL);
}

static void set_targets(corpus *c) {
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  assert_ok(ws_label_model_fit(c->votes, NULL, &model, NULL), NULL);
  assert_ok(ws_label_model_predict(model, c->votes, &labels, NULL), NULL);
  c->targets = calloc(c->n * 2, sizeof *c->targets);
  for (size_t i = 0; i < c->n; i++) {
    size_t u = ws_votes_row_pattern(c->votes, i);
    if (ws_votes_pattern(c->votes, u).size)
      memcpy(c->targets + 2 * i, ws_labels_get(labels, u), 2 * sizeof(double));
  }
  ws_labels_free(labels);
  ws_label_model_free(model);
}

/* The LFs in reverse where `reversed`. */
static corpus *corpus_of(size_t n, bool topic, bool reversed) {
  corpus *c = calloc(1, sizeof *c);
  ws_task *task = ws_test_task("c0,c1");
  ws_votes_builder *builder = NULL;
  ws_rng rng;
  ws_rng_init(&rng, 3);
  c->n = n;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (uint32_t j = 0; j < LFS; j++) {
    char name[8];
    uint32_t at;
    sprintf(name, "lf%02u", (unsigned)(reversed ? LFS - 1 - j : j));
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &at, NULL), NULL);
  }
  assert_ok(ws_features_new(NULL, &c->features, NULL), NULL);
  for (size_t i = 0; i < n; i++) {
    char text[WORDS * 8];
    bool keys[LFS];
    c->own[i] = (int32_t)ws_rng_below(&rng, 2);
    write_text(&rng, c->own[i], topic, keys, text);
    ws_record record = record_of(text);
    assert_ok(ws_features_add(c->features, &record, NULL), NULL);
    add_votes(builder, keys, reversed);
  }
  assert_ok(ws_votes_builder_finish(builder, &c->votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  set_targets(c);
  return c;
}

static void corpus_free(corpus *c) {
  ws_features_free(c->features);
  ws_votes_free(c->votes);
  free(c->targets);
  free(c);
}

static ws_classifier *run(corpus *c, const ws_training_options *options,
                          const int32_t *gold, ws_training_report *report) {
  ws_classifier *classifier = NULL;
  ws_training_rows rows = {.targets = c->targets, .gold = gold, .votes = c->votes};
  ws_error err = WS_ERROR_INIT;
  assert_ok(
      ws_training_run(c->features, &rows, names, 2, options, &classifier, report, &err),
      &err);
  return classifier;
}

/* The share of the records whose class is found. */
static double accuracy(const ws_classifier *classifier, const corpus *c) {
  const ws__matrix *m = &c->features->matrix;
  double right = 0;
  for (size_t i = 0; i < c->n; i++) {
    double z[2] = {(double)classifier->bias[0], (double)classifier->bias[1]};
    for (size_t at = m->begin[i]; at < m->begin[i + 1]; at++)
      for (size_t k = 0; k < 2; k++)
        z[k] += (double)m->cells[at].value *
                (double)classifier->weights[2 * m->cells[at].index + k];
    right += (z[1] > z[0]) == (c->own[i] == 1);
  }
  return right / (double)c->n;
}

/* --- the gate ----------------------------------------------------------------------- */

static void topics_are_for_naive_bayes(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(MOST, true, false);
  ws_classifier *classifier = run(c, NULL, NULL, &report);
  assert_true(report.has_votes && report.has_gate);
  assert_int_equal(report.splits, WS_GATE_SPLITS);
  assert_true(report.hidden > 100);
  assert_true(report.agree_bayes > report.agree_regression);
  assert_int_equal(report.branch,
                   report.median_z > 2 ? WS_BRANCH_BAYES : WS_BRANCH_REGRESSION);
  assert_int_equal(report.branch, WS_BRANCH_BAYES);
  assert_int_equal(ws_classifier_rows(classifier), MOST);
  assert_int_equal(report.covered + report.uncovered, MOST);
  assert_true(accuracy(classifier, c) > 0.82);
  assert_near(report.c, 3, 0);
  ws_classifier_free(classifier);
  corpus_free(c);
}

static void noise_is_for_regression(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(MOST, false, false);
  ws_classifier *classifier = run(c, NULL, NULL, &report);
  assert_true(report.has_gate);
  assert_true(report.median_z < 2);
  assert_int_equal(report.branch, WS_BRANCH_REGRESSION);
  assert_int_equal(ws_classifier_rows(classifier), report.covered);
  ws_classifier_free(classifier);
  corpus_free(c);
}

static void few_records_decide_nothing(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(30, true, false);
  ws_classifier *classifier = run(c, NULL, NULL, &report);
  assert_true(report.has_votes);
  assert_false(report.has_gate);
  assert_int_equal(report.branch, WS_BRANCH_REGRESSION);
  ws_classifier_free(classifier);
  corpus_free(c);
}

/* A record has one vote at most, so each that is looked at is hidden once in a split.
 * What is seen of the sample must be its own texts and labels, or nothing would agree. */
static void many_records_are_sampled(void **state) {
  (void)state;
  enum { SAMPLED = 10000 };
  ws_training_report few, many, again;
  ws_training_options other = ws_training_options_default();
  other.seed = 1;
  corpus *c = corpus_of(MOST, true, false), *d = corpus_of(MANY, true, false);
  ws_classifier_free(run(c, NULL, NULL, &few));
  assert_int_equal(few.hidden, WS_GATE_SPLITS * few.covered);
  ws_classifier_free(run(d, NULL, NULL, &many));
  assert_true(many.covered > SAMPLED);
  assert_int_equal(many.hidden, WS_GATE_SPLITS * SAMPLED);
  assert_int_equal(many.branch, WS_BRANCH_BAYES);
  assert_true(many.median_z > few.median_z);
  assert_true(many.agree_bayes > few.agree_bayes - 0.02);
  ws_classifier_free(run(d, &other, NULL, &again)); // another sample
  assert_int_equal(again.hidden, WS_GATE_SPLITS * SAMPLED);
  assert_true(again.agree_bayes != many.agree_bayes);
  assert_near(again.agree_bayes, many.agree_bayes, 0.05);
  corpus_free(c);
  corpus_free(d);
}

static void without_votes_there_is_no_gate(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(200, true, false);
  ws_votes_free(c->votes);
  c->votes = NULL;
  ws_classifier *classifier = run(c, NULL, NULL, &report);
  assert_false(report.has_votes || report.has_gate);
  assert_int_equal(report.branch, WS_BRANCH_REGRESSION);
  ws_classifier_free(classifier);
  corpus_free(c);
}

static void the_order_of_lfs_does_not_matter(void **state) {
  (void)state;
  ws_training_report a, b;
  corpus *c = corpus_of(400, true, false), *d = corpus_of(400, true, true);
  ws_classifier *first = run(c, NULL, NULL, &a), *second = run(d, NULL, NULL, &b);
  assert_int_equal(a.hidden, b.hidden);
  for (unsigned s = 0; s < a.splits; s++) assert_near(a.z[s], b.z[s], 1e-6);
  assert_int_equal(first->A, second->A);
  for (size_t i = 0; i < first->A * 2; i++)
    assert_near((double)first->weights[i], (double)second->weights[i], 1e-3);
  ws_classifier_free(first);
  ws_classifier_free(second);
  corpus_free(c);
  corpus_free(d);
}

static void same_bytes(corpus *c, const ws_training_options *a,
                       const ws_training_options *b, bool same) {
  ws_training_report report;
  ws_buffer one = {0}, two = {0};
  ws_classifier *first = run(c, a, NULL, &report), *second = run(c, b, NULL, &report);
  assert_ok(ws_classifier_encode(first, &one), NULL);
  assert_ok(ws_classifier_encode(second, &two), NULL);
  assert_int_equal(ws_text_equal(ws_buffer_as_text(&one), ws_buffer_as_text(&two)), same);
  ws_buffer_clear(&one);
  ws_buffer_clear(&two);
  ws_classifier_free(first);
  ws_classifier_free(second);
}

static void threads_do_not_matter_the_seed_does(void **state) {
  (void)state;
  corpus *c = corpus_of(MOST, true, false);
  ws_label_model_options one_thread = ws_label_model_options_default();
  ws_training_options a = ws_training_options_default(), b = a, d = a;
  one_thread.threads = 1;
  a.classifier.threads = 1;
  a.label_model = &one_thread;
  b.classifier.threads = 3;
  d.seed = 1;
  same_bytes(c, &a, &b, true);
  same_bytes(c, &a, &d, false);
  corpus_free(c);
}

/* --- targets ------------------------------------------------------------------------ */

static void plain_is_the_bare_regression(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  options.recipe = WS_RECIPE_PLAIN;
  corpus *c = corpus_of(100, true, false);
  ws_classifier *ours = run(c, &options, NULL, &report), *bare = NULL;
  assert_int_equal(report.branch, WS_BRANCH_PLAIN);
  assert_ok(ws_classifier_train(c->features, c->targets, names, 2, NULL, &bare, NULL),
            NULL);
  assert_memory_equal(ours->weights, bare->weights, ours->A * 2 * sizeof(float));
  assert_memory_equal(ours->bias, bare->bias, 2 * sizeof(float));
  ws_classifier_free(bare);
  ws_classifier_free(ours);
  corpus_free(c);
}

static void rows_are_chosen_as_told(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  double targets[] = {0.9, 0.1, 0.6, 0.4, 0.5, 0.5, 0, 0, 0.2, 0.8};
  const char *const texts[] = {"a b", "a c", "d", "e", "f b"};
  double weights[] = {1, 1, 1, 1, 1};
  ws_training_rows rows = {.targets = targets, .weights = weights};
  ws_features *features = features_of(NULL, texts, 5);
  ws_classifier *classifier = NULL;
  options.recipe = WS_RECIPE_PLAIN;
  options.min_confidence = 0.7;
  assert_ok(
      ws_training_run(features, &rows, names, 2, &options, &classifier, &report, NULL),
      NULL);
  assert_int_equal(report.covered, 2);
  assert_int_equal(report.left_out, 2);
  assert_int_equal(report.uncovered, 1);
  assert_int_equal(ws_classifier_rows(classifier), 2);
  ws_classifier_free(classifier);
  options.min_confidence = 0;
  options.hard = options.uncovered = true; // the tie has no label then
  weights[0] = 0;
  assert_ok(
      ws_training_run(features, &rows, names, 2, &options, &classifier, &report, NULL),
      NULL);
  assert_int_equal(report.covered, 2);
  assert_int_equal(report.uncovered, 2);
  assert_int_equal(report.left_out, 1);
  assert_int_equal(ws_classifier_rows(classifier), 4);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

/* Odds of classes that weigh so much more are so much higher, on average. */
static void class_weights_move_the_odds(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  const double weights[] = {1, 4};
  for (int topic = 0; topic < 2; topic++) {
    corpus *c = corpus_of(MOST, topic, false);
    options.class_weights = NULL;
    ws_classifier *even = run(c, &options, NULL, &report);
    options.class_weights = weights;
    ws_classifier *uneven = run(c, &options, NULL, &report);
    double before = (double)(even->bias[1] - even->bias[0]);
    double after = (double)(uneven->bias[1] - uneven->bias[0]);
    assert_true(after - before > 0.5 && after - before < 2.5);
    ws_classifier_free(even);
    ws_classifier_free(uneven);
    corpus_free(c);
  }
}

/* --- gold --------------------------------------------------------------------------- */

static void gold_alone_is_trained_on_with_less_penalty(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(100, true, false);
  free(c->targets);
  c->targets = NULL;
  ws_classifier *classifier = run(c, NULL, c->own, &report);
  assert_int_equal(report.branch, WS_BRANCH_GOLD);
  assert_int_equal(report.gold, 100);
  assert_near(report.c, 10, 0);
  assert_false(report.cross_fitted);
  assert_true(accuracy(classifier, c) > 0.98);
  ws_classifier_free(classifier);
  corpus_free(c);
}

/* Gold of every tenth record. */
static void gold_of(const corpus *c, int32_t *gold) {
  for (size_t i = 0; i < c->n; i++) gold[i] = i % 10 ? WS_ABSTAIN : c->own[i];
}

static void gold_among_weak_labels_fits_the_temperature(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  corpus *c = corpus_of(300, true, false);
  int32_t gold[MOST];
  double probs[MOST * 2];
  for (size_t i = 0; i < 600; i++) probs[i] = -1;
  gold_of(c, gold);
  options.gold_probs = probs;
  ws_classifier *classifier = run(c, &options, gold, &report);
  assert_int_equal(report.gold, 30);
  assert_true(report.cross_fitted);
  assert_true(report.temperature > 0.1 && report.temperature < 10);
  assert_true(report.temperature != 1);
  for (size_t i = 0; i < c->n; i++) {
    if (gold[i] == WS_ABSTAIN)
      assert_near(probs[2 * i], -1, 0);
    else
      assert_near(probs[2 * i] + probs[2 * i + 1], 1, 1e-12);
  }
  ws_classifier_free(classifier);
  corpus_free(c);
}

/* One gold row of each class: each is tempered by what the other one says. Only one at
 * all: there is nothing to temper it by. */
static void few_gold_rows_are_tempered_by_one_another(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  double tempered[2 * MOST], alone[2 * MOST];
  corpus *c = corpus_of(300, true, false);
  int32_t gold[MOST];
  size_t at[2] = {MOST, MOST};
  for (size_t i = 0; i < c->n; i++) {
    gold[i] = WS_ABSTAIN;
    if (at[c->own[i]] == MOST) at[c->own[i]] = i;
  }
  gold[at[0]] = 0;
  gold[at[1]] = 1;
  options.gold_probs = tempered;
  ws_classifier_free(run(c, &options, gold, &report));
  assert_true(report.cross_fitted);
  gold[at[1]] = WS_ABSTAIN;
  options.gold_probs = alone;
  ws_classifier_free(run(c, &options, gold, &report));
  for (size_t k = 0; k < 2; k++)
    assert_true(fabs(log(tempered[2 * at[k]] / tempered[2 * at[k] + 1])) > 0.2);
  assert_true(fabs(log(alone[2 * at[0]] / alone[2 * at[0] + 1])) > 0.2);
  corpus_free(c);
}

/* A training without gold must not change with its labels. */
static void gold_can_be_left_out(void **state) {
  (void)state;
  enum { N = 60 };
  corpus *c = corpus_of(N, true, false);
  ws_training_options options = ws_training_options_default();
  uint8_t kind[N], part[N];
  double labels[2 * N], weights[N];
  const ws__matrix *matrix = NULL;
  assert_ok(ws__features_matrix(c->features, &matrix, NULL), NULL);
  options.classifier.c = 3;
  ws__training t = {matrix, N, 2, kind, part, labels, weights, &options};
  for (size_t i = 0; i < N; i++) {
    kind[i] = i < 20 ? WS__GOLD : c->targets[2 * i] > 0 ? WS__WEAK : WS__UNCOVERED;
    part[i] = (uint8_t)(i % WS__PARTS);
    weights[i] = i < 20 ? 5 : 1;
    memcpy(labels + 2 * i, c->targets + 2 * i, 2 * sizeof(double));
    if (i < 20) labels[2 * i] = 1 - (labels[2 * i + 1] = c->own[i]);
  }
  const ws_branch branches[] = {WS_BRANCH_REGRESSION, WS_BRANCH_BAYES};
  for (size_t b = 0; b < 2; b++) {
    double z[2][2], scratch[2];
    for (int turn = 0; turn < 2; turn++) {
      ws__trained trained;
      assert_ok(ws__recipe_train(&trained, &t, branches[b], true, NULL), NULL);
      ws__trained_scores(&trained, matrix, 7, z[turn], scratch);
      ws__trained_clear(&trained);
      for (size_t i = 0; i < 20; i++) {
        double other = labels[2 * i];
        labels[2 * i] = labels[2 * i + 1];
        labels[2 * i + 1] = other;
      }
    }
    assert_memory_equal(z[0], z[1], sizeof z[0]);
  }
  corpus_free(c);
}

static void a_z_is_shown_on_its_side_of_the_bound(void **state) {
  (void)state;
  const struct {
    double z;
    const char *shown;
  } cases[] = {{-8.84, "-8.8"},    {2, "2.0"},    {2.04, "2.04"}, {1.96, "1.96"},
               {2.0004, "2.0004"}, {7.46, "7.5"}, {1.94, "1.9"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(ws_gate_z_of(cases[i].z).text, cases[i].shown);
  assert_true(strlen(ws_gate_z_of((double)NAN).text) > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(topics_are_for_naive_bayes),
      cmocka_unit_test(noise_is_for_regression),
      cmocka_unit_test(few_records_decide_nothing),
      cmocka_unit_test(many_records_are_sampled),
      cmocka_unit_test(without_votes_there_is_no_gate),
      cmocka_unit_test(the_order_of_lfs_does_not_matter),
      cmocka_unit_test(threads_do_not_matter_the_seed_does),
      cmocka_unit_test(plain_is_the_bare_regression),
      cmocka_unit_test(rows_are_chosen_as_told),
      cmocka_unit_test(class_weights_move_the_odds),
      cmocka_unit_test(gold_alone_is_trained_on_with_less_penalty),
      cmocka_unit_test(gold_among_weak_labels_fits_the_temperature),
      cmocka_unit_test(few_gold_rows_are_tempered_by_one_another),
      cmocka_unit_test(gold_can_be_left_out),
      cmocka_unit_test(a_z_is_shown_on_its_side_of_the_bound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
