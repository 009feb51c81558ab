/* SPDX-License-Identifier: MIT
 *
 * Selecting labeling functions: how often such as only guess are taken for good ones.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/lf_selection.h>
#include <weaksup/rng.h>

#include "ws_test.h"

enum { CANDIDATES = 60, ROWS_MOST = 210, CLASSES_MOST = 77, DRAWS = 6 };

typedef struct noise {
  size_t K, rows;
  bool all_classes; // each candidate votes for any class, else for one
  ws_rng rng;
} noise;

static ws_votes_builder *begin(const noise *n) {
  char names[CLASSES_MOST * 5] = "c0";
  size_t size = 2;
  ws_votes_builder *builder = NULL;
  for (size_t k = 1; k < n->K; k++)
    size += (size_t)snprintf(names + size, sizeof names - size, ",c%zu", k);
  ws_task *task = ws_test_task(names);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  ws_task_free(task);
  for (size_t c = 0; c < CANDIDATES; c++) {
    char name[16];
    uint32_t at;
    snprintf(name, sizeof name, "lf%zu", c);
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &at, NULL), NULL);
  }
  return builder;
}

/* Coverages from 1 to 60 %, as many between 1 and 2 as between 30 and 60. */
static ws_votes *guess(noise *n, bool gold) {
  ws_votes_builder *builder = begin(n);
  double coverage[CANDIDATES];
  ws_votes *votes = NULL;
  for (size_t c = 0; c < CANDIDATES; c++)
    coverage[c] = 0.01 * exp(ws_rng_uniform(&n->rng) * log(60));
  for (size_t i = 0; i < n->rows; i++) {
    ws_vote cast[CANDIDATES];
    size_t count = 0;
    char id[24];
    for (size_t c = 0; c < CANDIDATES; c++) {
      size_t class = n->all_classes ? ws_rng_below(&n->rng, n->K) : c % n->K;
      if (ws_rng_uniform(&n->rng) < coverage[c])
        cast[count++] = (ws_vote){(uint32_t)c, (int32_t) class};
    }
    snprintf(id, sizeof id, "r%zu", i);
    int32_t label = gold ? (int32_t)ws_rng_below(&n->rng, n->K) : WS_ABSTAIN;
    assert_ok(ws_votes_builder_add(builder, ws_text_of(id), label, cast, count), NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  return votes;
}

static bool has_lift(const ws_lf_choice *choice, size_t K) {
  bool accepted = false;
  for (size_t k = 0; k < K; k++) {
    if (choice->lifts[k].tier == WS_LF_REJECTED) return false;
    accepted = accepted || choice->lifts[k].tier == WS_LF_ACCEPTED;
  }
  return accepted;
}

static double share_accepted(size_t K, size_t rows, bool all_classes) {
  size_t accepted = 0;
  for (uint64_t draw = 0; draw < DRAWS; draw++) {
    noise n = {.K = K, .rows = rows, .all_classes = all_classes};
    ws_lf_selection *selection = NULL;
    ws_rng_init(&n.rng, draw + 1);
    ws_votes *pool = guess(&n, false), *dev = guess(&n, true);
    ws_selection_votes on_pool = {pool, NULL}, on_dev = {dev, NULL};
    assert_ok(ws_lf_select(&on_pool, &on_dev, NULL, &selection, NULL), NULL);
    for (size_t c = 0; c < CANDIDATES; c++)
      accepted += has_lift(ws_lf_selection_at(selection, c), K);
    ws_lf_selection_free(selection);
    ws_votes_free(pool);
    ws_votes_free(dev);
  }
  return (double)accepted / (CANDIDATES * DRAWS);
}

/* Of those that guess one in forty may pass, whatever the number of classes and records,
 * whether they vote for one class or for all. */
static void noise_is_hardly_ever_accepted(void **state) {
  static const size_t classes[] = {2, 10, 77}, rows[] = {14, 70, 210};
  (void)state;
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++)
      for (int all = 0; all < 2; all++) {
        double share = share_accepted(classes[i], rows[j], all);
        if (share > 0.025)
          print_error("%zu classes, %zu records, %s: %.4f\n", classes[i], rows[j],
                      all ? "all" : "one", share);
        assert_true(share <= 0.025);
      }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(noise_is_hardly_ever_accepted)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
