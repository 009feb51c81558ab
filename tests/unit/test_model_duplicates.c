/* SPDX-License-Identifier: MIT
 *
 * The weights of near duplicates, against their formula worked out pair by pair.
 */
#include <weaksup/hash.h>
#include <weaksup/label_model.h>

#include "label_model_priv.h"
#include "ws_test.h"

/* N records, M LFs; record i is voted on by LF j where vote(i, j) is no abstain. */
static ws_votes *made_votes(size_t N, size_t M, int K,
                            int32_t (*vote)(size_t i, size_t j)) {
  char *picture = malloc(N * (M + 1)), *at = picture;
  for (size_t i = 0; i < N; i++) {
    for (size_t j = 0; j < M; j++)
      *at++ = vote(i, j) == WS_ABSTAIN ? '-' : (char)('0' + vote(i, j));
    *at++ = i + 1 < N ? ' ' : '\0';
  }
  ws_votes *votes = ws_test_votes(picture, K);
  free(picture);
  return votes;
}

static ws_label_model *fitted(const ws_votes *votes) {
  ws_label_model *model = NULL;
  const ws_label_model_options options = {.kind = "lift"};
  assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
  return model;
}

/* omega by the formula, one pair of LFs after the other. */
static double slow_omega(const ws_votes *votes, const ws__column *columns, size_t C,
                         size_t c) {
  double sum = 1;
  size_t K = ws_votes_classes(votes);
  for (size_t d = 0; d < C; d++) {
    if (d == c || columns[d].label != columns[c].label) continue;
    double both = 0, either = 0;
    for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
      ws_pattern pattern = ws_votes_pattern(votes, u);
      int hits = 0;
      for (size_t i = 0; i < pattern.size; i++) {
        hits += pattern.columns[i] == columns[c].lf * K + (size_t)columns[c].label;
        hits += pattern.columns[i] == columns[d].lf * K + (size_t)columns[d].label;
      }
      both += hits == 2 ? (double)pattern.count : 0;
      either += hits >= 1 ? (double)pattern.count : 0;
    }
    if (both / either >= 0.5) sum += both / either;
  }
  return 1 / sum;
}

/* Groups of LFs that mostly do the same. */
static int32_t herd(size_t i, size_t j) {
  uint64_t leader = i * 2654435761u + j / 4 * 40503u, own = (i + 7) * 97 + j * 31;
  if (own % 13 == 0) leader += own;
  return leader % 5 < 2 ? WS_ABSTAIN : (int32_t)(leader / 5 % 3);
}

static void near_duplicates_share_their_weight(void **state) {
  (void)state;
  ws_votes *votes = made_votes(80, 24, 3, herd);
  ws_label_model *model = fitted(votes);
  size_t shared = 0;
  for (size_t c = 0; c < model->C; c++) {
    double omega = slow_omega(votes, model->columns, model->C, c);
    assert_near(model->columns[c].omega, omega, 1e-12);
    shared += omega < 1;
  }
  assert_true(shared > 10);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void check_some(const ws_votes *votes, size_t columns, size_t step) {
  ws_label_model *model = fitted(votes);
  size_t shared = 0;
  assert_int_equal(model->C, columns);
  for (size_t c = 0; c < columns; c += step) {
    double omega = slow_omega(votes, model->columns, columns, c);
    assert_near(model->columns[c].omega, omega, 1e-12);
    shared += omega < 1;
  }
  assert_true(shared > 0);
  ws_label_model_free(model);
}

/* LFs 0 - 3 mostly follow one leader, the others nobody. Every third record is like
 * others: patterns of one record and of several are mixed. */
static int32_t crowd(size_t i, size_t j) {
  uint64_t record = i % 3 ? i : i % 600;
  uint64_t own = ws_hash64(&j, sizeof j, record), leader = ws_hash64("", 0, record);
  uint64_t drawn = j < 4 && own % 7 ? leader : own / 7;
  return drawn % 3 == 0 ? WS_ABSTAIN : (int32_t)(drawn / 3 % 2);
}

static void patterns_of_one_record_and_of_several_are_counted_alike(void **state) {
  (void)state;
  ws_votes *votes = made_votes(9000, 12, 2, crowd);
  size_t single = 0, U = ws_votes_patterns(votes);
  for (size_t u = 0; u < U; u++) single += ws_votes_pattern(votes, u).count == 1;
  assert_true(single > 3000 && U - single > 100);
  check_some(votes, 24, 1);
  ws_votes_free(votes);
}

/* A vote or two a record, of 300 LFs. */
static int32_t sparse(size_t i, size_t j) {
  return i % 150 == j / 2 && (i / 150 + j) % 9 ? (int32_t)(i / 450 % 2) : WS_ABSTAIN;
}

static void few_votes_of_many_lfs_are_counted_one_by_one(void **state) {
  (void)state;
  ws_votes *votes = made_votes(1800, 300, 2, sparse);
  check_some(votes, 600, 41);
  ws_votes_free(votes);
}

/* 1,100 columns: their table of pairs comes in several blocks. */
static int32_t many(size_t i, size_t j) {
  return (i * 7 + j / 2 * 13) % 29 < 3 ? (int32_t)(j / 2 % 2) : WS_ABSTAIN;
}

static void near_duplicates_are_found_across_blocks(void **state) {
  (void)state;
  ws_votes *votes = made_votes(60, 1100, 2, many);
  ws_label_model *model = fitted(votes);
  assert_int_equal(model->C, 1100);
  for (size_t c = 0; c < model->C; c += 97)
    assert_near(model->columns[c].omega, slow_omega(votes, model->columns, model->C, c),
                1e-12);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void a_copy_counts_half_and_a_stranger_in_full(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("11- 11- --1 --1 11- 000", 2);
  ws_label_model *model = fitted(votes);
  const double omega[] = {1.0 / 3, 0.5, 1.0 / 3, 0.5, 1.0 / 3, 1};
  assert_int_equal(model->C, 6); // LF by LF: 0, 1
  for (size_t c = 0; c < 6; c++) assert_near(model->columns[c].omega, omega[c], 1e-15);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(near_duplicates_share_their_weight),
      cmocka_unit_test(patterns_of_one_record_and_of_several_are_counted_alike),
      cmocka_unit_test(few_votes_of_many_lfs_are_counted_one_by_one),
      cmocka_unit_test(near_duplicates_are_found_across_blocks),
      cmocka_unit_test(a_copy_counts_half_and_a_stranger_in_full),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
