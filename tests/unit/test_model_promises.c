/* SPDX-License-Identifier: MIT
 *
 * What every kind of label model promises whatever the votes are: distributions, the same
 * from its file, and the same in another order of records, LFs and classes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/label_model.h>
#include <weaksup/rng.h>

#include "../model/model_golden.h"

/* Those that never move a record away from the class for which all of its votes are. */
static const char *const unanimous[] = {"lift", "mv", "weighted-mv", "one-coin"};

/* Encodes, loads, and compares the bytes and the predictions. */
static void check_file(const ws_votes *votes, const ws_label_model *model) {
  char *folder = ws_test_folder();
  ws_buffer once = {0}, twice = {0};
  ws_label_model *again = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_encode(model, &once, &err), &err);
  char *path = ws_test_file(folder, "label_model.json", once.data, once.size);
  assert_ok(ws_label_model_load(path, &again, &err), &err);
  assert_ok(ws_label_model_encode(again, &twice, &err), &err);
  assert_string_equal(once.data, twice.data);
  ws_labels *a = predicted(model, votes, false), *b = predicted(again, votes, false);
  for (size_t u = 0; u < ws_votes_patterns(votes); u++)
    assert_memory_equal(ws_labels_get(a, u), ws_labels_get(b, u),
                        ws_votes_classes(votes) * sizeof(double));
  ws_labels_free(a);
  ws_labels_free(b);
  ws_label_model_free(again);
  ws_buffer_clear(&once);
  ws_buffer_clear(&twice);
  free(path);
  ws_test_remove_folder(folder);
}

static void strange_votes_give_sound_posteriors_of_every_kind(void **state) {
  (void)state;
  const double balance[] = {0.9, 0.1};
  for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
    ws_votes *votes = ws_test_votes(strange[i], 2);
    for (size_t kind = 0; kind < 3 * KINDS; kind++) {
      ws_label_model_options options = {.kind = all[kind % KINDS]};
      options.class_balance = kind < KINDS ? NULL : balance;
      options.class_count = 2;
      options.balance_in_em = kind >= 2 * KINDS;
      ws_label_model *model = fitted_by(votes, options);
      check_distributions(votes, model);
      check_file(votes, model);
      ws_label_model_free(model);
    }
    ws_votes_free(votes);
  }
}

/* `records` of `lfs` votes each, all for `label`. */
static char *wall(size_t records, size_t lfs, char label) {
  char *picture = malloc(records * (lfs + 1)), *at = picture;
  for (size_t i = 0; i < records; i++) {
    for (size_t j = 0; j < lfs; j++) *at++ = label;
    *at++ = i + 1 < records ? ' ' : '\0';
  }
  return picture;
}

static void five_hundred_votes_on_a_record_are_no_nan(void **state) {
  (void)state;
  char *ones = wall(3, 500, '1'), *picture = malloc(5 * 501);
  snprintf(picture, 5 * 501, "%s %s", ones, "0");
  memset(picture + 3 * 501, '0', 500);
  picture[3 * 501 + 500] = '\0';
  ws_votes *votes = ws_test_votes(picture, 2);
  for (size_t kind = 0; kind < KINDS; kind++) {
    ws_label_model *model = fitted_by(votes, (ws_label_model_options){.kind = all[kind]});
    check_distributions(votes, model);
    ws_labels *labels = predicted(model, votes, false);
    assert_true(row(labels, votes, 0)[1] > 0.5);
    ws_labels_free(labels);
    ws_label_model_free(model);
  }
  ws_votes_free(votes);
  free(ones);
  free(picture);
}

static void where_all_vote_for_a_class_every_kind_says_so(void **state) {
  (void)state;
  const char *const pictures[] = {"1 1 1", "11 11 1- -1", "111111",
                                  "1111 1--- --11 ----"};
  for (size_t i = 0; i < 4; i++)
    for (size_t kind = 0; kind < KINDS; kind++) {
      ws_votes *votes = ws_test_votes(pictures[i], 2);
      ws_label_model *model =
          fitted_by(votes, (ws_label_model_options){.kind = all[kind]});
      ws_labels *labels = predicted(model, votes, false);
      assert_true(row(labels, votes, 0)[1] > 0.5);
      ws_labels_free(labels);
      ws_label_model_free(model);
      ws_votes_free(votes);
    }
}

/* Random votes of `lfs` LFs, some of which only vote for one class. */
static char *random_votes(ws_rng *rng, size_t records, size_t lfs, unsigned classes) {
  char *picture = malloc(records * (lfs + 1)), *at = picture;
  for (size_t i = 0; i < records; i++) {
    for (size_t j = 0; j < lfs; j++) {
      uint64_t k = j % 3 ? ws_rng_below(rng, classes) : j % classes;
      *at++ = ws_rng_below(rng, 10) < 5 ? '-' : (char)('0' + k);
    }
    *at++ = i + 1 < records ? ' ' : '\0';
  }
  return picture;
}

/* The class that all votes of the pattern are for, or -1. */
static int64_t only_class(ws_pattern pattern, size_t K) {
  if (pattern.size == 0) return -1;
  for (size_t i = 1; i < pattern.size; i++)
    if (pattern.columns[i] % K != pattern.columns[0] % K) return -1;
  return (int64_t)(pattern.columns[0] % K);
}

static void votes_that_agree_are_never_overruled(void **state) {
  (void)state;
  ws_rng rng;
  ws_rng_init(&rng, 7);
  for (size_t round = 0; round < 40; round++) {
    unsigned K = 2 + (unsigned)round % 3;
    char *picture = random_votes(&rng, 30, 7, K);
    ws_votes *votes = ws_test_votes(picture, (int)K);
    for (size_t kind = 0; kind < sizeof unanimous / sizeof *unanimous; kind++) {
      ws_label_model *model =
          fitted_by(votes, (ws_label_model_options){.kind = unanimous[kind]});
      ws_labels *labels = predicted(model, votes, false);
      for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
        int64_t k = only_class(ws_votes_pattern(votes, u), K);
        if (k >= 0) assert_int_equal(ws_probs_argmax(ws_labels_get(labels, u), K), k);
      }
      ws_labels_free(labels);
      ws_label_model_free(model);
    }
    ws_votes_free(votes);
    free(picture);
  }
}

/* The votes of the picture with records, LFs and classes in other places; lf_at[j] and
 * class_at[k] are where LF j and class k went; records are reversed. Names move along. */
static ws_votes *rearranged(const ws_votes *votes, const size_t *lf_at,
                            const size_t *class_at) {
  size_t M = ws_votes_lfs(votes), K = ws_votes_classes(votes), N = ws_votes_rows(votes);
  ws_text names[8];
  ws_task *task = NULL;
  ws_votes_builder *builder = NULL;
  ws_votes *out = NULL;
  uint32_t at;
  for (size_t k = 0; k < K; k++) names[class_at[k]] = ws_votes_class(votes, k);
  assert_ok(ws_task_new(names, K, &task, NULL), NULL);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t to = 0; to < M; to++)
    for (size_t j = 0; j < M; j++)
      if (lf_at[j] == to)
        assert_ok(ws_votes_builder_lf(builder, ws_votes_lf(votes, j), &at, NULL), NULL);
  for (size_t i = N; i-- > 0;) {
    ws_pattern p = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
    ws_vote cells[16];
    size_t count = 0;
    for (size_t to = 0; to < M; to++)
      for (size_t v = 0; v < p.size; v++)
        if (lf_at[p.columns[v] / K] == to)
          cells[count++] = (ws_vote){(uint32_t)to, (int32_t)class_at[p.columns[v] % K]};
    assert_ok(ws_votes_builder_add(builder, ws_text_of(""), WS_ABSTAIN, cells, count),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &out), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return out;
}

static void permuted_votes_give_permuted_posteriors(void **state) {
  (void)state;
  static const size_t lf_at[] = {3, 0, 6, 1, 5, 2, 4}, class_at[] = {2, 0, 1};
  ws_rng rng;
  ws_rng_init(&rng, 11);
  char *picture = random_votes(&rng, 40, 7, 3);
  ws_votes *a = ws_test_votes(picture, 3), *b = rearranged(a, lf_at, class_at);
  for (size_t kind = 0; kind < KINDS; kind++) {
    ws_label_model_options options = {.kind = all[kind]};
    ws_label_model *of_a = fitted_by(a, options), *of_b = fitted_by(b, options);
    ws_labels *in_a = predicted(of_a, a, false), *in_b = predicted(of_b, b, false);
    size_t N = ws_votes_rows(a);
    for (size_t i = 0; i < N; i++)
      for (size_t k = 0; k < 3; k++)
        assert_near(row(in_b, b, N - 1 - i)[class_at[k]], row(in_a, a, i)[k], 1e-7);
    ws_labels_free(in_a);
    ws_labels_free(in_b);
    ws_label_model_free(of_a);
    ws_label_model_free(of_b);
  }
  ws_votes_free(a);
  ws_votes_free(b);
  free(picture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(strange_votes_give_sound_posteriors_of_every_kind),
      cmocka_unit_test(five_hundred_votes_on_a_record_are_no_nan),
      cmocka_unit_test(where_all_vote_for_a_class_every_kind_says_so),
      cmocka_unit_test(votes_that_agree_are_never_overruled),
      cmocka_unit_test(permuted_votes_give_permuted_posteriors),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
