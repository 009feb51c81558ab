/* SPDX-License-Identifier: MIT
 *
 * Pairs of labeling functions that agree beyond what a label model explains: planted ones
 * are found, independent ones are not.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/alloc.h>
#include <weaksup/dependence.h>
#include <weaksup/lf_selection.h>
#include <weaksup/model.h>
#include <weaksup/rng.h>

#include "../model/lf_plants.h"

static const double even[] = {0.5, 0.5};
static const double nine_to_one[] = {0.9, 0.1};
static const double thirds[] = {0.34, 0.33, 0.33};

/* Fits `kind` to the planted votes; `known`: it is told the balance. */
static ws_dependent_pairs *find_pairs(fixture *f, const char *kind, bool known) {
  ws_label_model_options how = ws_label_model_options_default();
  ws_label_model *model = NULL;
  ws_dependent_pairs *pairs = NULL;
  how.kind = kind;
  if (known) how.class_balance = f->balance, how.class_count = f->K;
  assert_ok(ws_label_model_fit(f->made[0], &how, &model, &f->err), &f->err);
  assert_ok(ws_dependent_pairs_find(model, f->made[0], NULL, &pairs, &f->err), &f->err);
  ws_label_model_free(model);
  return pairs;
}

static const plant alone[] = {
    {"a", 0, 0.3, 0.02, NULL, 0}, {"b", 0, 0.2, 0.04, NULL, 0},
    {"c", 1, 0.3, 0.02, NULL, 0}, {"d", 1, 0.2, 0.01, NULL, 0},
    {"e", 1, 0.1, 0.02, NULL, 0}, {"f", 0, 0.6, 0.1, NULL, 0},
    {"g", 1, 0.5, 0.1, NULL, 0},  {"h", 0, 0.05, 0.001, NULL, 0}};
enum { ALONE = sizeof alone / sizeof *alone };

static void expect_none(fixture *f, const char *kind, bool known) {
  ws_dependent_pairs *pairs = find_pairs(f, kind, known);
  for (size_t i = 0; i < ws_dependent_pairs_count(pairs); i++) {
    const ws_dependent_pair *p = ws_dependent_pairs_at(pairs, i);
    print_error("seed %llu %s %d: %s, %s: %llu for %.1f, %.3f\n",
                (unsigned long long)f->seed, kind, known, f->plants[p->a].name,
                f->plants[p->b].name, (unsigned long long)p->agree, p->expected,
                p->correlation);
  }
  assert_int_equal(ws_dependent_pairs_count(pairs), 0);
  ws_dependent_pairs_free(pairs);
}

/* They agree on hundreds of records, as good ones do. */
static void independent_lfs_are_not_listed(void **state) {
  static const double *const balances[] = {even, nine_to_one, thirds};
  fixture *f = *state;
  for (f->seed = 0; f->seed < 20; f->seed++)
    for (size_t i = 0; i < 3; i++) {
      plant_all(f, alone, ALONE, 0, balances[i], i == 2 ? 3 : 2);
      expect_none(f, "lift", true);
      expect_none(f, "lift", false);
      expect_none(f, "mv", true);
    }
}

static const plant planted[] = {
    {"a", 0, 0.3, 0.02, NULL, 0},    {"b", 1, 0.25, 0.03, NULL, 0},
    {"c", 0, 0.4, 0.05, NULL, 0},    {"d", 1, 0.3, 0.02, NULL, 0},
    {"e", 1, 0.2, 0.02, NULL, 0},    {"half_of_b", 1, 0, 0, "b", 500},
    {"most_of_c", 0, 0, 0, "c", 150}};
enum { PLANTED = sizeof planted / sizeof *planted };

static void dependent_lfs_are_listed(void **state) {
  fixture *f = *state;
  for (f->seed = 0; f->seed < 10; f->seed++) {
    plant_all(f, planted, PLANTED, 0, even, 2);
    ws_dependent_pairs *pairs = find_pairs(f, "lift", true);
    assert_int_equal(ws_dependent_pairs_count(pairs), 2);
    const ws_dependent_pair *c = ws_dependent_pairs_at(pairs, 0);
    const ws_dependent_pair *b = ws_dependent_pairs_at(pairs, 1);
    assert_int_equal(c->a, 2);
    assert_int_equal(c->b, 6);
    assert_int_equal(b->a, 1);
    assert_int_equal(b->b, 5);
    assert_true(c->correlation > 0.8 && c->correlation <= 1);
    assert_true(b->correlation > 0.5 && b->correlation < 0.85);
    assert_true((double)b->agree > 2 * b->expected);
    ws_dependent_pairs_free(pairs);
  }
}

/* Kind lift counts near duplicates once; majority vote counts each. */
static void what_the_model_counts_once_is_told(void **state) {
  fixture *f = *state;
  plant_all(f, planted, PLANTED, 0, even, 2);
  ws_dependent_pairs *pairs = find_pairs(f, "lift", true);
  assert_true(ws_dependent_pairs_at(pairs, 0)->shared);
  ws_dependent_pairs_free(pairs);
  pairs = find_pairs(f, "mv", true);
  assert_int_equal(ws_dependent_pairs_count(pairs), 2);
  assert_false(ws_dependent_pairs_at(pairs, 0)->shared);
  ws_dependent_pairs_free(pairs);
}

/* Of b two halves, which have a quarter of it in common: both rest on it. */
static void lfs_with_a_cause_in_common_are_listed(void **state) {
  static const plant plants[] = {
      {"a", 0, 0.3, 0.02, NULL, 0},    {"b", 1, 0.3, 0.03, NULL, 0},
      {"c", 0, 0.4, 0.05, NULL, 0},    {"d", 1, 0.3, 0.02, NULL, 0},
      {"one_half", 1, 0, 0, "b", 400}, {"other_half", 1, 0, 0, "b", 400}};
  fixture *f = *state;
  plant_all(f, plants, 6, 0, even, 2);
  ws_dependent_pairs *pairs = find_pairs(f, "lift", true);
  bool found = false;
  for (size_t i = 0; i < ws_dependent_pairs_count(pairs); i++) {
    const ws_dependent_pair *p = ws_dependent_pairs_at(pairs, i);
    found = found || (p->a == 4 && p->b == 5);
    assert_int_equal(f->plants[p->a].label, 1);
    assert_int_equal(f->plants[p->b].label, 1);
  }
  assert_true(found);
  assert_int_equal(ws_dependent_pairs_count(pairs), 3);
  ws_dependent_pairs_free(pairs);
}

static void options_are_heeded(void **state) {
  ws_dependence_options how = ws_dependence_options_default();
  ws_label_model *model = NULL;
  ws_dependent_pairs *pairs = NULL;
  fixture *f = *state;
  plant_all(f, planted, PLANTED, 0, even, 2);
  assert_ok(ws_label_model_fit(f->made[0], NULL, &model, &f->err), &f->err);
  how.least_correlation = 0.99;
  assert_ok(ws_dependent_pairs_find(model, f->made[0], &how, &pairs, &f->err), &f->err);
  assert_int_equal(ws_dependent_pairs_count(pairs), 0);
  ws_dependent_pairs_free(pairs), pairs = NULL;
  how.least_correlation = 0.3;
  how.most_lfs = 1;
  assert_ok(ws_dependent_pairs_find(model, f->made[0], &how, &pairs, &f->err), &f->err);
  assert_int_equal(ws_dependent_pairs_count(pairs), 0);
  ws_dependent_pairs_free(pairs);
  ws_label_model_free(model);
}

/* Annotators who label every record, each wrong on his own. */
static void independent_annotators_are_not_listed(void **state) {
  fixture *f = *state;
  ws_task *task = ws_test_task("c0,c1,c2");
  ws_votes_builder *builder = NULL;
  ws_label_model *model = NULL;
  ws_dependent_pairs *pairs = NULL;
  uint32_t at;
  ws_rng rng;
  ws_rng_init(&rng, 5);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (int j = 0; j < 5; j++) {
    char name[] = {(char)('a' + j), '\0'};
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &at, NULL), NULL);
  }
  for (size_t i = 0; i < 1500; i++) {
    ws_vote cast[5];
    char id[24];
    int32_t gold = (int32_t)ws_rng_below(&rng, 3);
    snprintf(id, sizeof id, "r%zu", i);
    for (uint32_t j = 0; j < 5; j++)
      cast[j] = (ws_vote){
          j, ws_rng_uniform(&rng) < 0.75 ? gold : (int32_t)ws_rng_below(&rng, 3)};
    assert_ok(ws_votes_builder_add(builder, ws_text_of(id), WS_ABSTAIN, cast, 5), NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &f->made[0]), NULL);
  assert_ok(ws_label_model_fit(f->made[0], NULL, &model, &f->err), &f->err);
  assert_ok(ws_dependent_pairs_find(model, f->made[0], NULL, &pairs, &f->err), &f->err);
  assert_int_equal(ws_dependent_pairs_count(pairs), 0);
  ws_dependent_pairs_free(pairs);
  ws_label_model_free(model);
  ws_votes_builder_free(builder);
  ws_task_free(task);
}

static void *refuse_large(void *user, void *ptr, size_t size) {
  (void)user;
  if (size > 64u << 20) return NULL;
  if (size) return realloc(ptr, size);
  free(ptr);
  return NULL;
}

/* A table of LFs, classes and classes would take 1.3 GB. */
static void many_classes_take_little_memory(void **state) {
  enum { MANY = 2000, LFS = 40 };
  fixture *f = *state;
  ws_text names[MANY];
  char text[MANY][16];
  ws_task *task = NULL;
  ws_votes_builder *builder = NULL;
  ws_label_model_options how = ws_label_model_options_default();
  ws_label_model *model = NULL;
  ws_dependent_pairs *pairs = NULL;
  uint32_t at;
  for (int k = 0; k < MANY; k++) {
    snprintf(text[k], sizeof text[k], "c%d", k);
    names[k] = ws_text_of(text[k]);
  }
  assert_ok(ws_task_new(names, MANY, &task, &f->err), &f->err);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (int j = 0; j < LFS; j++)
    assert_ok(ws_votes_builder_lf(builder, names[j], &at, NULL), NULL);
  for (uint32_t i = 0; i < 400; i++) {
    ws_vote cast[] = {{i % LFS, (int32_t)(i % LFS)}};
    char id[24];
    snprintf(id, sizeof id, "r%u", i);
    assert_ok(ws_votes_builder_add(builder, ws_text_of(id), WS_ABSTAIN, cast, 1), NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &f->made[0]), NULL);
  how.kind = "mv";
  assert_ok(ws_label_model_fit(f->made[0], &how, &model, &f->err), &f->err);
  ws_set_allocator(refuse_large, NULL);
  ws_status status = ws_dependent_pairs_find(model, f->made[0], NULL, &pairs, &f->err);
  ws_set_allocator(NULL, NULL);
  assert_ok(status, &f->err);
  assert_int_equal(ws_dependent_pairs_count(pairs), 0);
  ws_dependent_pairs_free(pairs);
  ws_label_model_free(model);
  ws_votes_builder_free(builder);
  ws_task_free(task);
}

/* --- the ends of what votes can be -------------------------------------------------- */

typedef struct small {
  const char *kind;
  ws_votes *votes;
} small;

static ws_status find_in_small(void *user) {
  const small *of = user;
  ws_label_model_options how = ws_label_model_options_default();
  ws_label_model *model = NULL;
  ws_dependent_pairs *pairs = NULL;
  how.kind = of->kind;
  ws_status status = ws_label_model_fit(of->votes, &how, &model, NULL);
  if (status == WS_OK)
    status = ws_dependent_pairs_find(model, of->votes, NULL, &pairs, NULL);
  for (size_t i = 0; status == WS_OK && i < ws_dependent_pairs_count(pairs); i++) {
    const ws_dependent_pair *p = ws_dependent_pairs_at(pairs, i);
    assert_true(p->a < p->b && p->b < ws_votes_lfs(of->votes));
    assert_true(p->correlation >= 0.3 && p->correlation <= 1);
    assert_true(isfinite(p->expected) && p->expected >= 0);
  }
  ws_dependent_pairs_free(pairs);
  ws_label_model_free(model);
  return status;
}

static void small_votes_are_no_trouble(void **state) {
  static const char *const kinds[] = {"mv", "dawid-skene", "hds", "ebcc", NULL};
  static const char *const pictures[] = {"",
                                         "0",
                                         "-",
                                         "- - -",
                                         "0 0 0 1 1",
                                         "00 11 00 11",
                                         "000 000 000 111 111 111",
                                         "0- -0 0- -0"};
  (void)state;
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
      small of = {kinds[k], ws_test_votes(pictures[i], 3)};
      assert_ok(find_in_small(&of), NULL);
      ws_votes_free(of.votes);
    }
}

static void no_memory_is_told(void **state) {
  (void)state;
  small of = {NULL, ws_test_votes("00- 00- 11- 110 0-1 001 11- 00-", 2)};
  ws_test_every_allocation_failure(find_in_small, &of);
  ws_votes_free(of.votes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(independent_lfs_are_not_listed),
      TEST(dependent_lfs_are_listed),
      TEST(what_the_model_counts_once_is_told),
      TEST(lfs_with_a_cause_in_common_are_listed),
      TEST(options_are_heeded),
      TEST(independent_annotators_are_not_listed),
      cmocka_unit_test(small_votes_are_no_trouble),
      cmocka_unit_test(no_memory_is_told),
      TEST(many_classes_take_little_memory),
  };
  ws_model_startup();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
