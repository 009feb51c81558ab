/* SPDX-License-Identifier: MIT
 *
 * Which records to label next: known answers, and that the order of the records does not
 * matter.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/active.h>
#include <weaksup/rng.h>

#include "word_set.h"
#include "ws_test.h"

/* --- words -------------------------------------------------------------------------- */

static double similarity(const char *a, const char *b) {
  ws__word_set x, y;
  assert_ok(ws__word_set_make(ws_text_of(a), &x), NULL);
  assert_ok(ws__word_set_make(ws_text_of(b), &y), NULL);
  double found = ws__word_set_similarity(&x, &y);
  ws__word_set_clear(&x);
  ws__word_set_clear(&y);
  return found;
}

static void similarity_is_words_in_both_of_words_in_either(void **state) {
  (void)state;
  assert_near(similarity("a b c", "C, B! a a"), 1, 0);
  assert_near(similarity("a b c", "c d"), 0.25, 0);
  assert_near(similarity("a", ""), 0, 0);
  assert_near(similarity("", "..."), 1, 0);
}

static void put_numbers(ws_buffer *out, int from, int to) {
  for (int i = from; i < to; i++) assert_ok(ws_buffer_printf(out, "n%d ", i), NULL);
}

static void many_words_are_estimated(void **state) {
  (void)state;
  ws_buffer a = {0}, b = {0};
  put_numbers(&a, 0, 4000);
  put_numbers(&b, 2000, 6000);
  assert_near(similarity(a.data, b.data), 1.0 / 3, 0.1);
  assert_near(similarity(a.data, a.data), 1, 0);
  ws_buffer_clear(&a);
  ws_buffer_clear(&b);
}

/* --- choosing ----------------------------------------------------------------------- */

typedef struct data {
  ws_votes *votes;
  ws_labels *labels; // the share of the votes, smoothed
} data;

static void label(data *d) {
  size_t K = ws_votes_classes(d->votes), U = ws_votes_patterns(d->votes);
  assert_ok(ws_labels_new(U, K, &d->labels), NULL);
  for (size_t u = 0; u < U; u++) {
    ws_pattern pattern = ws_votes_pattern(d->votes, u);
    double *probs = ws_labels_at(d->labels, u), all = (double)(pattern.size + K);
    for (size_t k = 0; k < K; k++) probs[k] = 1 / all;
    for (size_t i = 0; i < pattern.size; i++) probs[pattern.columns[i] % K] += 1 / all;
  }
}

static data data_of(const char *picture) {
  data d = {.votes = ws_test_votes(picture, 2)};
  label(&d);
  return d;
}

static void clear(data *d) {
  ws_labels_free(d->labels);
  ws_votes_free(d->votes);
}

/* The rows chosen, as a text: "3 0 1". `texts` NULL: without. */
static const char *chosen(const data *d, const ws_active_options *options,
                          const char *const *texts) {
  static char out[256];
  ws_active *active;
  const ws_active_pick *picks;
  const size_t *rows;
  size_t count, length = 0;
  assert_ok(ws_active_new(d->votes, d->labels, options, &active), NULL);
  assert_ok(ws_active_shortlist(active, &rows, &count), NULL);
  for (size_t i = 0; i < count; i++) {
    assert_true(i == 0 || rows[i - 1] < rows[i]);
    if (texts)
      assert_ok(ws_active_text(active, rows[i], ws_text_of(texts[rows[i]])), NULL);
  }
  assert_ok(ws_active_choose(active, &picks, &count), NULL);
  out[0] = '\0';
  for (size_t i = 0; i < count; i++)
    length += (size_t)snprintf(out + length, sizeof out - length, "%s%zu", i ? " " : "",
                               picks[i].row);
  ws_active_free(active);
  return out;
}

static ws_active_options by(ws_active_by what, size_t count) {
  ws_active_options options = ws_active_options_default();
  options.by = what;
  options.count = count;
  return options;
}

static void names_are_found(void **state) {
  (void)state;
  ws_active_by found;
  for (int i = 0; i < WS_ACTIVE_KINDS; i++) {
    assert_true(
        ws_active_by_find(ws_text_of(ws_active_by_name((ws_active_by)i)), &found));
    assert_int_equal(found, i);
  }
  assert_false(ws_active_by_find(ws_text_of("entropie"), &found));
}

static void the_least_sure_comes_first(void **state) {
  (void)state;
  data d = data_of("111 11- 110 1--");
  ws_active_options options = by(WS_ACTIVE_ENTROPY, 4);
  // (4,1)/5, (3,1)/4, (3,2)/5, (2,1)/3
  assert_string_equal(chosen(&d, &options, NULL), "2 3 1 0");
  options.by = WS_ACTIVE_MARGIN;
  assert_string_equal(chosen(&d, &options, NULL), "2 3 1 0");
  clear(&d);
}

static void a_pattern_that_was_shown_counts_half(void **state) {
  (void)state;
  data d = data_of("10- 10- 11- 1--");
  ws_active_options options = by(WS_ACTIVE_MARGIN, 4);
  // margins: 1, 1, 1 - 1/2, 1 - 1/3; the second of the first pattern counts 1/2 and comes
  // before the third by its hash or behind it, but behind the last
  const char *order = chosen(&d, &options, NULL);
  assert_true(order[2] == '3');
  assert_true(order[0] == '0' || order[0] == '1');
  clear(&d);
}

static void who_agrees_does_not_disagree(void **state) {
  (void)state;
  data d = data_of("111 110 10- 1-- ---");
  ws_active_options options = by(WS_ACTIVE_DISAGREEMENT, 5);
  assert_string_equal(chosen(&d, &options, NULL), "2 1");
  clear(&d);
}

static void evidence_goes_to_lfs_without_gold(void **state) {
  (void)state;
  uint64_t gold[] = {50, 0, 1};
  data d = data_of("1-- 1-- 1-- 1-- -1- --1 --1 -1- 11- ---");
  ws_active_options options = by(WS_ACTIVE_EVIDENCE, 3);
  options.gold_votes = gold;
  // coverage .5, .3, .2: wanting .0098, .3, .1: row 8 first (both of the first two), then
  // .0096, .15, .1: the second LF again, then the third (.1 against .1 / 2)
  const char *order = chosen(&d, &options, NULL);
  assert_int_equal(order[0], '8');
  assert_true(order[2] == '4' || order[2] == '7');
  assert_true(order[4] == '5' || order[4] == '6');
  clear(&d);
}

static void left_out_records_are_gold_votes(void **state) {
  (void)state;
  data d = data_of("1- 1- -1 -1 1-");
  ws_active_options options = by(WS_ACTIVE_EVIDENCE, 5);
  ws_active *active;
  const ws_active_pick *picks;
  const size_t *rows;
  size_t count;
  assert_ok(ws_active_new(d.votes, d.labels, &options, &active), NULL);
  ws_active_leave_out(active, 0);
  ws_active_leave_out(active, 0);
  ws_active_leave_out(active, 1);
  assert_ok(ws_active_shortlist(active, &rows, &count), NULL);
  assert_int_equal(count, 3);
  assert_ok(ws_active_choose(active, &picks, &count), NULL);
  assert_int_equal(count, 3);
  assert_int_equal(picks[0].lf, 1); // wanting .6 / 3 and .4
  assert_near(picks[0].score, 0.4 / 0.6, 1e-12);
  ws_active_free(active);
  clear(&d);
}

static void near_duplicates_are_shown_once(void **state) {
  (void)state;
  static const char *const texts[] = {"a b c d e", "e d c b a!", "a b c d x", "y z"};
  data d = data_of("1 1 1 1");
  ws_active_options options = by(WS_ACTIVE_DIVERSE, 4);
  const char *order = chosen(&d, &options, texts);
  assert_int_equal(strlen(order), strlen("0 3 2"));
  assert_true(strchr(order, '3') && strchr(order, '2'));
  assert_true(!strchr(order, '0') != !strchr(order, '1'));
  if (order[0] != '3') assert_int_equal(order[2], '3'); // the farthest
  clear(&d);
}

static void a_classifier_may_judge(void **state) {
  (void)state;
  static const double sure[] = {0.99, 0.01}, unsure[] = {0.45, 0.55};
  data d = data_of("--- --- --- ---");
  ws_active_options options = by(WS_ACTIVE_ENTROPY, 1);
  ws_active *active;
  const ws_active_pick *picks;
  const size_t *rows;
  size_t count;
  assert_ok(ws_active_new(d.votes, d.labels, &options, &active), NULL);
  for (size_t i = 0; i < 4; i++)
    assert_ok(ws_active_probs(active, i, i == 2 ? unsure : sure), NULL);
  assert_ok(ws_active_shortlist(active, &rows, &count), NULL);
  assert_ok(ws_active_choose(active, &picks, &count), NULL);
  assert_int_equal(count, 1);
  assert_int_equal(picks[0].row, 2);
  assert_near(picks[0].score, -(0.45 * log(0.45) + 0.55 * log(0.55)) / log(2), 1e-6);
  ws_active_free(active);
  clear(&d);
}

/* --- order and seeds ---------------------------------------------------------------- */

enum { ROWS = 3000, PICKS = 24 };

/* Record `name` votes and reads the same wherever it stands. */
static void make(const uint32_t *order, data *d, char (*texts)[64]) {
  ws_task *task = ws_test_task("HAM,SPAM");
  ws_votes_builder *builder;
  ws_error err = WS_ERROR_INIT;
  uint32_t lf;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (int j = 0; j < 5; j++) {
    char name[] = {'l', (char)('0' + j), 0};
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &lf, &err), &err);
  }
  for (size_t i = 0; i < ROWS; i++) {
    ws_vote votes[5];
    size_t count = 0;
    char id[16];
    ws_rng rng;
    ws_rng_init(&rng, order[i]);
    for (uint32_t j = 0; j < 5; j++)
      if (ws_rng_below(&rng, 3) == 0)
        votes[count++] = (ws_vote){j, (int32_t)ws_rng_below(&rng, 2)};
    snprintf(id, sizeof id, "r%u", (unsigned)order[i]);
    snprintf(texts[i], sizeof texts[i], "t%d u%d v%d w%u", (int)ws_rng_below(&rng, 9),
             (int)ws_rng_below(&rng, 9), (int)ws_rng_below(&rng, 9), (unsigned)order[i]);
    assert_ok(ws_votes_builder_add(builder, ws_text_of(id), WS_ABSTAIN, votes, count),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &d->votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  label(d);
}

static void choose_in_order(const uint32_t *order, ws_active_by what, uint64_t seed,
                            uint32_t *out) {
  char(*texts)[64] = malloc(sizeof *texts * ROWS);
  ws_active_options options = by(what, PICKS);
  ws_active *active;
  const ws_active_pick *picks;
  const size_t *rows;
  size_t count;
  data d;
  options.seed = seed;
  assert_non_null(texts);
  make(order, &d, texts);
  assert_ok(ws_active_new(d.votes, d.labels, &options, &active), NULL);
  assert_ok(ws_active_shortlist(active, &rows, &count), NULL);
  assert_true(count < ROWS || what == WS_ACTIVE_MIX);
  for (size_t i = 0; i < count; i++)
    assert_ok(ws_active_text(active, rows[i], ws_text_of(texts[rows[i]])), NULL);
  assert_ok(ws_active_choose(active, &picks, &count), NULL);
  assert_int_equal(count, PICKS);
  for (size_t i = 0; i < count; i++) out[i] = order[picks[i].row];
  ws_active_free(active);
  clear(&d);
  free(texts);
}

static void the_order_of_records_does_not_matter(void **state) {
  (void)state;
  uint32_t order[ROWS], first[PICKS], again[PICKS];
  ws_rng rng;
  ws_rng_init(&rng, 7);
  for (int what = 0; what < WS_ACTIVE_KINDS; what++) {
    for (uint32_t i = 0; i < ROWS; i++) order[i] = i;
    choose_in_order(order, (ws_active_by)what, 0, first);
    ws_rng_shuffle(&rng, order, ROWS);
    choose_in_order(order, (ws_active_by)what, 0, again);
    assert_memory_equal(first, again, sizeof first);
  }
}

static void another_seed_breaks_ties_otherwise(void **state) {
  (void)state;
  uint32_t order[ROWS], first[PICKS], again[PICKS];
  for (uint32_t i = 0; i < ROWS; i++) order[i] = i;
  choose_in_order(order, WS_ACTIVE_DIVERSE, 0, first);
  choose_in_order(order, WS_ACTIVE_DIVERSE, 1, again);
  assert_true(memcmp(first, again, sizeof first) != 0);
}

/* --- drawing --- */

/* The ids that are drawn among those whose number is no multiple of `spared`. */
static size_t draw_in_order(const uint32_t *order, uint64_t seed, uint32_t spared,
                            size_t most, uint32_t ids[ROWS]) {
  char(*texts)[64] = malloc(sizeof *texts * ROWS);
  bool may[ROWS];
  size_t rows[ROWS], count;
  data d;
  assert_non_null(texts);
  make(order, &d, texts);
  for (size_t i = 0; i < ROWS; i++) may[i] = !spared || order[i] % spared != 0;
  assert_ok(ws_active_draw(d.votes, spared ? may : NULL, seed, most, rows, &count), NULL);
  for (size_t i = 0; i < count; i++) ids[i] = order[rows[i]];
  clear(&d);
  free(texts);
  return count;
}

static void a_draw_is_the_same_in_any_order(void **state) {
  (void)state;
  uint32_t order[ROWS], all[ROWS], some[ROWS], spared[ROWS];
  bool seen[ROWS] = {false};
  ws_rng rng;
  ws_rng_init(&rng, 7);
  for (uint32_t i = 0; i < ROWS; i++) order[i] = i;
  assert_int_equal(draw_in_order(order, 3, 0, ROWS + 5, all), ROWS);
  for (size_t i = 0; i < ROWS; i++) {
    assert_false(seen[all[i]]);
    seen[all[i]] = true;
  }
  ws_rng_shuffle(&rng, order, ROWS);
  assert_int_equal(draw_in_order(order, 3, 0, 9, some), 9);
  assert_memory_equal(all, some, 9 * sizeof *all);
  assert_int_equal(draw_in_order(order, 3, 2, ROWS, spared), ROWS / 2);
  for (size_t i = 0, at = 0; i < ROWS; i++) // those that remain keep their places
    if (all[i] % 2) assert_int_equal(spared[at++], all[i]);
  assert_int_equal(draw_in_order(order, 4, 0, 9, spared), 9);
  assert_true(memcmp(some, spared, 9 * sizeof *some) != 0);
  assert_int_equal(draw_in_order(order, 3, 1, 9, some), 0);
}

/* --- memory ------------------------------------------------------------------------- */

static ws_status try_all(void *user) {
  const data *d = user;
  static const double probs[] = {0.5, 0.5};
  ws_active *active = NULL;
  const ws_active_pick *picks;
  const size_t *rows;
  size_t count;
  ws_status status = ws_active_new(d->votes, d->labels, NULL, &active);
  if (status == WS_OK) status = ws_active_probs(active, 1, probs);
  if (status == WS_OK) status = ws_active_shortlist(active, &rows, &count);
  if (status == WS_OK) status = ws_active_text(active, 0, ws_text_of("Some words"));
  if (status == WS_OK) status = ws_active_choose(active, &picks, &count);
  ws_active_free(active);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  data d = data_of("11 10 -1 --");
  ws_test_every_allocation_failure(try_all, &d);
  clear(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(similarity_is_words_in_both_of_words_in_either),
      cmocka_unit_test(many_words_are_estimated),
      cmocka_unit_test(names_are_found),
      cmocka_unit_test(the_least_sure_comes_first),
      cmocka_unit_test(a_pattern_that_was_shown_counts_half),
      cmocka_unit_test(who_agrees_does_not_disagree),
      cmocka_unit_test(evidence_goes_to_lfs_without_gold),
      cmocka_unit_test(left_out_records_are_gold_votes),
      cmocka_unit_test(near_duplicates_are_shown_once),
      cmocka_unit_test(a_classifier_may_judge),
      cmocka_unit_test(the_order_of_records_does_not_matter),
      cmocka_unit_test(another_seed_breaks_ties_otherwise),
      cmocka_unit_test(a_draw_is_the_same_in_any_order),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
