/* SPDX-License-Identifier: MIT
 *
 * Priors of accuracies: they move what is learned the way they point, without them
 * nothing changes, and they come back from the file.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/hash.h>
#include <weaksup/label_model.h>
#include <weaksup/lf_report.h>

#include "ws_test.h"

/* LFs 0 and 1 contradict one another, and nothing else tells who is right. */
static const char open_conflict[] = "01-- 01-- 01-- 0-0- -1-1 --00 --11 0--- -1--";

static ws_label_model *fitted(const ws_votes *votes, const double *priors) {
  ws_label_model_options options = {
      .kind = "lift", .priors = priors, .prior_count = priors ? ws_votes_lfs(votes) : 0};
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_fit(votes, &options, &model, &err), &err);
  return model;
}

static char *encoded(const ws_votes *votes, const double *priors) {
  ws_buffer bytes = {0};
  ws_label_model *model = fitted(votes, priors);
  assert_ok(ws_label_model_encode(model, &bytes, NULL), NULL);
  ws_label_model_free(model);
  return bytes.data;
}

static void a_prior_moves_the_learned_accuracy_its_way(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(open_conflict, 2);
  double before = 0;
  for (int step = 1; step < 10; step++) {
    double priors[4] = {0.1 * step, 0, 0, 0};
    ws_label_model *model = fitted(votes, priors);
    double now = ws_label_model_accuracy(model, 0);
    assert_true(now >= before - 1e-12);
    if (step == 9) assert_true(now > before); // beyond the bound on the lift
    before = now;
    ws_label_model_free(model);
  }
  ws_votes_free(votes);
}

/* P(class 0) of the first record, on which LFs 0 and 1 disagree. */
static double conflict(const ws_votes *votes, double of_0, double of_1) {
  double priors[4] = {of_0, of_1, 0, 0};
  ws_labels *labels = NULL;
  ws_label_model *model = fitted(votes, priors);
  assert_ok(ws_label_model_predict(model, votes, &labels, NULL), NULL);
  double p = ws_labels_get(labels, ws_votes_row_pattern(votes, 0))[0];
  ws_labels_free(labels);
  ws_label_model_free(model);
  return p;
}

static void a_prior_decides_a_conflict_that_votes_leave_open(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(open_conflict, 2);
  assert_near(conflict(votes, 0, 0), 0.5, 1e-9);
  assert_true(conflict(votes, 0.95, 0) > 0.55);
  assert_true(conflict(votes, 0, 0.95) < 0.45);
  assert_true(conflict(votes, 0.6, 0) < 0.45);
  ws_votes_free(votes);
}

static void without_priors_every_byte_stays(void **state) {
  (void)state;
  const double none[4] = {0, 0, 0, 0}, same[4] = {0.8, 0.8, 0.8, 0.8};
  ws_votes *votes = ws_test_votes(open_conflict, 2);
  char *plain = encoded(votes, NULL), *zeros = encoded(votes, none);
  assert_string_equal(plain, zeros);
  assert_null(strstr(plain, "prior"));
  ws_label_model *model = fitted(votes, NULL), *given = fitted(votes, same);
  for (size_t j = 0; j < 4; j++) // the default, said aloud
    assert_near(ws_label_model_accuracy(given, j), ws_label_model_accuracy(model, j), 0);
  assert_near(ws_label_model_prior(given, 3), 0.8, 0);
  ws_label_model_free(model);
  ws_label_model_free(given);
  ws_votes_free(votes);
  free(plain);
  free(zeros);
}

static void permuting_lfs_permutes_what_priors_do(void **state) {
  (void)state;
  static const char mixed[] = "01-0 0-10 01-- 11-0 -100 0-00 -1-1 --10 0---";
  static const char swapped[] = "0-10 01-0 --10 0-11 001- 00-0 1-1- 01-- ---0";
  static const size_t moved[4] = {3, 2, 1, 0}; // LF j of the one is moved[j] of the other
  const double priors[4] = {0.95, 0, 0.6, 0}, others[4] = {0, 0.6, 0, 0.95};
  ws_votes *a = ws_test_votes(mixed, 2), *b = ws_test_votes(swapped, 2);
  ws_label_model *of_a = fitted(a, priors), *of_b = fitted(b, others);
  for (size_t j = 0; j < 4; j++)
    assert_near(ws_label_model_accuracy(of_b, moved[j]), ws_label_model_accuracy(of_a, j),
                1e-12);
  ws_label_model_free(of_a);
  ws_label_model_free(of_b);
  ws_votes_free(a);
  ws_votes_free(b);
}

static void wrong_priors_are_refused(void **state) {
  (void)state;
  const double wrong[][4] = {{0, 1, 0, 0}, {0, -0.1, 0, 0}, {0, (double)NAN, 0, 0}};
  ws_votes *votes = ws_test_votes(open_conflict, 2);
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_label_model_options options = {.kind = "lift", .prior_count = 4};
  for (size_t i = 0; i < 3; i++) {
    options.priors = wrong[i];
    assert_status(WS_EINVAL, ws_label_model_fit(votes, &options, &model, &err));
    assert_message(&err, "prior of 'lf1': expected a number above 0 and below 1, found ");
  }
  options.prior_count = 3;
  assert_status(WS_EINVAL, ws_label_model_fit(votes, &options, &model, &err));
  assert_message(&err, "priors: expected 4 numbers, found 3");
  assert_null(model);
  ws_votes_free(votes);
}

/* LF 3 is contradicted throughout: its lift is at the least whatever the prior. LF 0 of
 * the open conflict is not. */
static void priors_without_effect_are_found(void **state) {
  (void)state;
  const double priors[4] = {0.95, 0, 0, 0.9};
  ws_label_model_options options = {.kind = "lift", .priors = priors, .prior_count = 4};
  char picture[2000] = "";
  for (int i = 0; i < 20; i++)
    strcat(picture, "00-1 0-01 -001 00-1 11-- 1-1- -11- 11-- 000- 111- ");
  picture[strlen(picture) - 1] = '\0';
  ws_votes *votes = ws_test_votes(picture, 2), *open = ws_test_votes(open_conflict, 2);
  ws_label_model *model = fitted(votes, priors), *moved = fitted(open, priors);
  bool idle[4];
  assert_ok(ws_idle_priors_find(model, votes, &options, idle, NULL), NULL);
  assert_true(idle[3] && !idle[1] && !idle[2]);
  assert_ok(ws_idle_priors_find(moved, open, &options, idle, NULL), NULL);
  assert_false(idle[0]);
  ws_label_model_free(model);
  ws_label_model_free(moved);
  ws_votes_free(votes);
  ws_votes_free(open);
}

static void majority_vote_takes_no_priors(void **state) {
  (void)state;
  const double priors[4] = {0.95, 0, 0, 0};
  ws_votes *votes = ws_test_votes(open_conflict, 2);
  ws_label_model *model = NULL;
  ws_label_model_options options = {.kind = "mv", .priors = priors, .prior_count = 4};
  assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
  assert_near(ws_label_model_prior(model, 0), 0, 0);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

/* Loads a label model after replacing a part of its JSON, under a seal that is right. */
static ws_status load_changed(const char *folder, const char *json, const char *from,
                              const char *to, ws_label_model **out, ws_error *err) {
  char text[8192], hex[33];
  const char *at = strstr(json, from), *seal = strstr(json, "\"checksum\": \"");
  assert_non_null(at);
  assert_non_null(seal);
  int size = snprintf(text, sizeof text, "%.*s%s%.*s", (int)(at - json), json, to,
                      (int)(seal - at - (long)strlen(from)), at + strlen(from));
  ws_hash128_hex(ws_hash128_of(text, (size_t)size), hex);
  size +=
      snprintf(text + size, sizeof text - (size_t)size, "\"checksum\": \"%s\"\n}\n", hex);
  char *path = ws_test_file(folder, "label_model.json", text, (size_t)size);
  ws_status status = ws_label_model_load(path, out, err);
  free(path);
  return status;
}

static void priors_come_back_from_the_file(void **state) {
  (void)state;
  const double priors[4] = {0, 0, 0.9, 0};
  ws_votes *votes = ws_test_votes(open_conflict, 2);
  char *folder = ws_test_folder(), *json = encoded(votes, priors);
  ws_buffer again = {0};
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(load_changed(folder, json, "\"prior\"", "\"prior\"", &model, &err), &err);
  assert_near(ws_label_model_prior(model, 2), 0.9, 0);
  assert_near(ws_label_model_prior(model, 0), 0, 0);
  assert_ok(ws_label_model_encode(model, &again, NULL), NULL);
  assert_string_equal(again.data, json);
  ws_label_model_free(model);
  model = NULL;
  assert_int_equal(
      load_changed(folder, json, "\"prior\": 0.9", "\"prior\": 1.5", &model, &err),
      WS_EPARSE);
  assert_message(&err, "\"prior\": expected a number above 0 and below 1");
  assert_null(model);
  ws_buffer_clear(&again);
  free(json);
  ws_test_remove_folder(folder);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_prior_moves_the_learned_accuracy_its_way),
      cmocka_unit_test(a_prior_decides_a_conflict_that_votes_leave_open),
      cmocka_unit_test(without_priors_every_byte_stays),
      cmocka_unit_test(permuting_lfs_permutes_what_priors_do),
      cmocka_unit_test(wrong_priors_are_refused),
      cmocka_unit_test(priors_without_effect_are_found),
      cmocka_unit_test(majority_vote_takes_no_priors),
      cmocka_unit_test(priors_come_back_from_the_file),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
