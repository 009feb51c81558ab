/* SPDX-License-Identifier: MIT
 *
 * Passes in blocks, and what they promise: a model is the same to the byte whatever the
 * number of threads and the order of the records. And warm starts: the same fixed point.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/label_model.h>
#include <weaksup/rng.h>

#include "blocks.h"
#include "ws_test.h"

enum { ROWS = 10000, LFS = 24 };

static const char *const all[] = {"lift",        "hds",      "mv",  "weighted-mv",
                                  "dawid-skene", "one-coin", "ebcc"};
enum { KINDS = sizeof all / sizeof *all };

/* --- blocks --- */

typedef struct visit {
  unsigned char seen[ROWS];
} visit;

static void visit_block(void *user, double *sums, size_t first, size_t end) {
  visit *v = user;
  for (size_t i = first; i < end; i++) {
    v->seen[i]++;
    sums[0] += 1;
    sums[1] += 1 / (double)(i + 1);
  }
}

static void every_item_is_visited_once_in_each_pass(void **state) {
  (void)state;
  static const size_t sizes[] = {0, 1, 4095, 8192, 8193, ROWS};
  static visit v;
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    double one = 0;
    for (unsigned threads = 1; threads < 9; threads += 3) {
      ws__blocks *blocks = NULL;
      v = (visit){{0}};
      assert_int_equal(ws__blocks_new(sizes[s], 2, threads, &blocks), WS_OK);
      for (unsigned pass = 1; pass < 20; pass++) {
        const double *sums = ws__blocks_run(blocks, visit_block, &v);
        if (threads == 1) one = sums[1];
        assert_true(sums[0] == (double)sizes[s]);
        assert_true(sums[1] == one);
        for (size_t i = 0; i < sizes[s]; i++) assert_int_equal(v.seen[i], pass);
      }
      ws__blocks_free(blocks);
    }
  }
}

static void many_sums_take_fewer_blocks(void **state) {
  (void)state;
  static visit v;
  ws__blocks *blocks = NULL;
  v = (visit){{0}};
  assert_int_equal(ws__blocks_new(ROWS, 3000000, 2, &blocks), WS_OK);
  assert_true(ws__blocks_run(blocks, visit_block, &v)[0] == ROWS);
  ws__blocks_free(blocks);
}

static void note_address(void *user, double *sums, size_t first, size_t end) {
  (void)user, (void)first, (void)end;
  sums[0] = (double)((uintptr_t)sums % 128); // 128: what two neighbouring lines have
}

static void the_sums_of_two_blocks_share_no_cache_line(void **state) {
  (void)state;
  for (size_t sums = 1; sums < 40; sums += 7) {
    ws__blocks *blocks = NULL;
    assert_int_equal(ws__blocks_new(5 * 4096, sums, 1, &blocks), WS_OK);
    assert_true(ws__blocks_run(blocks, note_address, NULL)[0] == 0);
    ws__blocks_free(blocks);
  }
}

/* --- fits --- */

/* Record i of the drawn data: seven or so votes, right in most. */
static size_t draw(size_t i, size_t classes, ws_vote *votes) {
  size_t count = 0;
  ws_rng rng;
  ws_rng_init(&rng, i + 1);
  size_t truth = ws_rng_below(&rng, classes);
  for (size_t j = 0; j < LFS; j++) {
    if (ws_rng_uniform(&rng) > 0.3) continue;
    bool right = ws_rng_uniform(&rng) < 0.2 + 0.02 * (double)j;
    size_t label = right ? truth : ws_rng_below(&rng, classes);
    votes[count++] = (ws_vote){(uint32_t)j, (int32_t)label};
  }
  return count;
}

static ws_votes_builder *new_builder(size_t classes) {
  static const char *const names[] = {"A", "B", "C"};
  ws_text texts[3];
  ws_task *task = NULL;
  ws_votes_builder *builder = NULL;
  for (size_t k = 0; k < classes; k++) texts[k] = ws_text_of(names[k]);
  assert_ok(ws_task_new(texts, classes, &task, NULL), NULL);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < LFS; j++) {
    char name[16];
    uint32_t lf;
    snprintf(name, sizeof name, "lf%zu", j);
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &lf, NULL), NULL);
  }
  ws_task_free(task);
  return builder;
}

/* Records first, first + step, ...; their order by `order`, if there is one. With `skip`
 * that LF never votes. */
static ws_votes *drawn(size_t classes, size_t first, size_t step, const uint32_t *order,
                       int skip) {
  ws_votes_builder *builder = new_builder(classes);
  ws_votes *votes = NULL;
  for (size_t i = first; i < ROWS; i += step) {
    ws_vote row[LFS];
    char id[24];
    size_t from = order ? order[i] : i, count = draw(from, classes, row), kept = 0;
    for (size_t v = 0; v < count; v++)
      if ((int)row[v].lf != skip) row[kept++] = row[v];
    snprintf(id, sizeof id, "%zu", from);
    assert_ok(ws_votes_builder_add_at(builder, i, ws_text_of(id), WS_ABSTAIN, row, kept),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  return votes;
}

static ws_label_model *fitted_as(const char *kind, const ws_votes *votes,
                                 unsigned threads, const ws_label_model *start) {
  ws_label_model_options options = ws_label_model_options_default();
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  options.kind = kind;
  options.threads = threads;
  options.start = start;
  assert_ok(ws_label_model_fit(votes, &options, &model, &err), &err);
  return model;
}

static ws_label_model *fitted(const ws_votes *votes, unsigned threads,
                              const ws_label_model *start) {
  return fitted_as("lift", votes, threads, start);
}

static void assert_same_fit(const char *kind, const ws_votes *votes, unsigned threads,
                            const ws_buffer *expected) {
  ws_label_model *model = fitted_as(kind, votes, threads, NULL);
  ws_buffer bytes = {0};
  assert_ok(ws_label_model_encode(model, &bytes, NULL), NULL);
  assert_int_equal(bytes.size, expected->size);
  assert_memory_equal(bytes.data, expected->data, bytes.size);
  ws_buffer_clear(&bytes);
  ws_label_model_free(model);
}

/* The same records in three parts and in another order are fitted on several threads. */
static void check_same_bytes(const char *kind, const ws_votes *votes,
                             const ws_votes *shuffled, const ws_votes *merged) {
  ws_label_model *model = fitted_as(kind, votes, 1, NULL);
  ws_buffer bytes = {0};
  assert_ok(ws_label_model_encode(model, &bytes, NULL), NULL);
  if (strcmp(kind, "lift") == 0)
    for (unsigned threads = 0; threads <= 1000; threads = threads * 10 + 1)
      assert_same_fit(kind, votes, threads, &bytes);
  assert_same_fit(kind, shuffled, 2, &bytes);
  assert_same_fit(kind, merged, 7, &bytes);
  ws_buffer_clear(&bytes);
  ws_label_model_free(model);
}

static void threads_records_and_shards_give_the_same_bytes(void **state) {
  (void)state;
  static uint32_t order[ROWS];
  ws_rng rng;
  ws_rng_init(&rng, 1);
  for (uint32_t i = 0; i < ROWS; i++) order[i] = i;
  ws_rng_shuffle(&rng, order, ROWS);
  for (size_t classes = 2; classes <= 3; classes++) {
    ws_votes *votes = drawn(classes, 0, 1, NULL, -1);
    ws_votes *shuffled = drawn(classes, 0, 1, order, -1);
    ws_votes *parts[] = {drawn(classes, 2, 3, NULL, -1), drawn(classes, 0, 3, NULL, -1),
                         drawn(classes, 1, 3, NULL, -1)};
    ws_votes_source sources[] = {{"2", parts[0]}, {"0", parts[1]}, {"1", parts[2]}};
    ws_votes *merged = NULL;
    assert_ok(ws_votes_merge_shards(sources, 3, &merged, NULL), NULL);
    assert_true(ws_votes_patterns(votes) > 2 * 4096); // more than one block
    for (size_t kind = 0; kind < KINDS; kind++)
      check_same_bytes(all[kind], votes, shuffled, merged);
    for (size_t i = 0; i < 3; i++) ws_votes_free(parts[i]);
    ws_votes_free(votes), ws_votes_free(shuffled), ws_votes_free(merged);
  }
}

/* --- warm starts --- */

/* A fit stops where posteriors move by less than 1e-4 on average, so two fits may differ
 * by a small multiple of that. */
static void assert_near_fits(const ws_label_model *a, const ws_label_model *b) {
  for (size_t j = 0; j < LFS; j++) {
    double x = ws_label_model_accuracy(a, j), y = ws_label_model_accuracy(b, j);
    if (isnan(x) && isnan(y)) continue;
    assert_near(x, y, 2e-3);
  }
  assert_near(ws_label_model_mean_max(a), ws_label_model_mean_max(b), 2e-3);
}

static void a_warm_start_leads_to_the_same_fixed_point_sooner(void **state) {
  (void)state;
  for (size_t classes = 2; classes <= 3; classes++) {
    ws_votes *votes = drawn(classes, 0, 1, NULL, -1);
    ws_votes *without = drawn(classes, 0, 1, NULL, 5);
    ws_label_model *cold = fitted(votes, 0, NULL), *before = fitted(without, 0, NULL);
    ws_label_model *warm = fitted(votes, 0, before), *again = fitted(votes, 0, cold);
    assert_near_fits(cold, warm);
    assert_near_fits(cold, again);
    assert_true(ws_label_model_converged(warm));
    assert_true(ws_label_model_iterations(warm) < ws_label_model_iterations(cold));
    assert_int_equal(ws_label_model_iterations(again), 1);
    ws_label_model_free(cold), ws_label_model_free(before);
    ws_label_model_free(warm), ws_label_model_free(again);
    ws_votes_free(votes), ws_votes_free(without);
  }
}

/* A fit stops where no posterior moves by more than 1e-5. */
static void confusions_begin_warm_as_well(void **state) {
  (void)state;
  static const char *const kinds[] = {"hds", "dawid-skene", "one-coin"};
  ws_votes *votes = drawn(3, 0, 1, NULL, -1), *without = drawn(3, 0, 1, NULL, 5);
  for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
    ws_label_model *cold = fitted_as(kinds[kind], votes, 0, NULL);
    ws_label_model *before = fitted_as(kinds[kind], without, 0, NULL);
    ws_label_model *warm = fitted_as(kinds[kind], votes, 0, before);
    ws_label_model *again = fitted_as(kinds[kind], votes, 0, cold);
    assert_true(ws_label_model_iterations(warm) <= ws_label_model_iterations(cold));
    if (ws_label_model_converged(cold)) {
      assert_int_equal(ws_label_model_iterations(again), 1);
      assert_near_fits(cold, warm);
      assert_near_fits(cold, again);
    }
    ws_label_model_free(cold), ws_label_model_free(before);
    ws_label_model_free(warm), ws_label_model_free(again);
  }
  ws_votes_free(votes), ws_votes_free(without);
}

/* --- memory --- */

static ws_status fit_every_kind(void *user) {
  ws_status status = WS_OK;
  for (size_t kind = 0; kind < KINDS && status == WS_OK; kind++) {
    ws_label_model_options options = {.kind = all[kind], .threads = 2};
    ws_label_model *model = NULL;
    status = ws_label_model_fit(user, &options, &model, NULL);
    ws_label_model_free(model);
  }
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01- 1-- 011 -20 2-2", 3);
  ws_test_every_allocation_failure(fit_every_kind, votes);
  ws_votes_free(votes);
}

static void a_start_of_another_kind_or_other_classes_is_refused(void **state) {
  (void)state;
  ws_votes *two = ws_test_votes("01- 1-- 011", 2),
           *three = ws_test_votes("01- 2-- 011", 3);
  ws_label_model *start = fitted(two, 1, NULL), *model = NULL;
  ws_label_model_options options = ws_label_model_options_default();
  ws_error err = WS_ERROR_INIT;
  options.start = start;
  options.kind = "lift";
  assert_status(WS_EINVAL, ws_label_model_fit(three, &options, &model, &err));
  assert_string_equal(err.message, "warm start: expected 3 classes, found 2");
  options.kind = "mv";
  assert_status(WS_EINVAL, ws_label_model_fit(two, &options, &model, &err));
  assert_string_equal(err.message,
                      "warm start: expected a label model of kind mv, found lift");
  assert_null(model);
  ws_label_model_free(start);
  ws_votes_free(two), ws_votes_free(three);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_item_is_visited_once_in_each_pass),
      cmocka_unit_test(many_sums_take_fewer_blocks),
      cmocka_unit_test(the_sums_of_two_blocks_share_no_cache_line),
      cmocka_unit_test(threads_records_and_shards_give_the_same_bytes),
      cmocka_unit_test(a_warm_start_leads_to_the_same_fixed_point_sooner),
      cmocka_unit_test(confusions_begin_warm_as_well),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(a_start_of_another_kind_or_other_classes_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
