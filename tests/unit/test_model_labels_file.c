/* SPDX-License-Identifier: MIT
 *
 * label_model.json: what was written predicts the same bit for bit, and a damaged or
 * impossible file is refused.
 */
#include <stdio.h>

#include <weaksup/hash.h>
#include <weaksup/label_model.h>

#include "ws_test.h"

static const char picture[] =
    "11-0- 1---- 111-- --00- ---0- -1-0- 1-00- ----- 11--- --10- 111--";

typedef struct fixture {
  char *folder;
  ws_votes *votes;
  ws_label_model *model;
  ws_buffer bytes;
} fixture;

static ws_label_model *fitted(const ws_votes *votes, const char *kind,
                              const double *balance) {
  ws_label_model_options options = {
      .kind = kind, .class_balance = balance, .class_count = 2};
  ws_label_model *model = NULL;
  assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
  return model;
}

static int setup(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->folder = ws_test_folder();
  f->votes = ws_test_votes(picture, 2);
  f->model = fitted(f->votes, "lift", NULL);
  assert_ok(ws_label_model_encode(f->model, &f->bytes, NULL), NULL);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  ws_buffer_clear(&f->bytes);
  ws_label_model_free(f->model);
  ws_votes_free(f->votes);
  ws_test_remove_folder(f->folder);
  free(f);
  return 0;
}

/* Loads the bytes as a file; *out is NULL where they were refused. */
static ws_status load(const fixture *f, const char *bytes, size_t size,
                      ws_label_model **out, ws_error *err) {
  char *path = ws_test_file(f->folder, "label_model.json", bytes, size);
  *out = NULL;
  ws_status status = ws_label_model_load(path, out, err);
  free(path);
  return status;
}

static void check_same_predictions(const ws_label_model *a, const ws_label_model *b,
                                   const ws_votes *votes) {
  ws_labels *labels_a = NULL, *labels_b = NULL;
  assert_ok(ws_label_model_predict(a, votes, &labels_a, NULL), NULL);
  assert_ok(ws_label_model_predict(b, votes, &labels_b, NULL), NULL);
  for (size_t u = 0; u < ws_votes_patterns(votes); u++)
    assert_memory_equal(ws_labels_get(labels_a, u), ws_labels_get(labels_b, u),
                        2 * sizeof(double));
  ws_labels_free(labels_a);
  ws_labels_free(labels_b);
}

static void check_round_trip(const fixture *f, const char *kind, const double *balance) {
  ws_label_model *model = fitted(f->votes, kind, balance), *loaded = NULL;
  ws_buffer bytes = {0}, again = {0};
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_encode(model, &bytes, &err), &err);
  assert_ok(load(f, bytes.data, bytes.size, &loaded, &err), &err);
  check_same_predictions(model, loaded, f->votes);
  assert_ok(ws_label_model_encode(loaded, &again, &err), &err);
  assert_string_equal(bytes.data, again.data);
  ws_buffer_clear(&bytes);
  ws_buffer_clear(&again);
  ws_label_model_free(model);
  ws_label_model_free(loaded);
}

static void what_was_written_predicts_the_same(void **state) {
  const double balance[] = {0.1 + 0.2, 0.7}, certain[] = {1, 1e-300};
  check_round_trip(*state, "lift", NULL);
  check_round_trip(*state, "lift", balance);
  check_round_trip(*state, "lift", certain);
  check_round_trip(*state, "mv", NULL);
  check_round_trip(*state, "mv", balance);
}

static void figures_are_loaded(void **state) {
  fixture *f = *state;
  ws_label_model *loaded = NULL;
  assert_ok(load(f, f->bytes.data, f->bytes.size, &loaded, NULL), NULL);
  assert_string_equal(ws_label_model_kind(loaded), "lift");
  assert_int_equal(ws_label_model_iterations(loaded),
                   ws_label_model_iterations(f->model));
  assert_true(ws_label_model_converged(loaded));
  assert_near(ws_label_model_mean_max(loaded), ws_label_model_mean_max(f->model), 0);
  assert_near(ws_label_model_accuracy(loaded, 2), ws_label_model_accuracy(f->model, 2),
              0);
  assert_string_equal(ws_label_model_lf(loaded, 4).data, "lf4");
  ws_label_model_free(loaded);
}

static void a_fit_without_records_can_be_written_and_read(void **state) {
  fixture *f = *state;
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_label_model *model = fitted(votes, "lift", NULL), *loaded = NULL;
  ws_buffer bytes = {0};
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_encode(model, &bytes, &err), &err);
  assert_ok(load(f, bytes.data, bytes.size, &loaded, &err), &err);
  ws_buffer_clear(&bytes);
  ws_label_model_free(model);
  ws_label_model_free(loaded);
  ws_votes_builder_free(builder);
  ws_votes_free(votes);
  ws_task_free(task);
}

/* --- damage ------------------------------------------------------------------------- */

static void every_altered_byte_is_noticed(void **state) {
  fixture *f = *state;
  for (size_t i = 0; i < f->bytes.size; i++) {
    ws_label_model *loaded = NULL;
    f->bytes.data[i] ^= 1;
    assert_status(WS_EPARSE, load(f, f->bytes.data, f->bytes.size, &loaded, NULL));
    f->bytes.data[i] ^= 1;
  }
}

static void every_truncation_is_noticed(void **state) {
  fixture *f = *state;
  for (size_t size = 0; size < f->bytes.size; size++) {
    ws_label_model *loaded = NULL;
    assert_status(WS_EPARSE, load(f, f->bytes.data, size, &loaded, NULL));
  }
}

/* The file with `from` replaced by `to` once, and a seal that fits again. */
static char *edited(const fixture *f, const char *from, const char *to) {
  const char *at = strstr(f->bytes.data, from);
  assert_non_null(at);
  char *out = malloc(f->bytes.size + strlen(to) + 1);
  sprintf(out, "%.*s%s%s", (int)(at - f->bytes.data), f->bytes.data, to,
          at + strlen(from));
  char *seal = strstr(out, "\"checksum\": \"");
  char hex[33];
  ws_hash128_hex(ws_hash128_of(out, (size_t)(seal - out)), hex);
  memcpy(seal + strlen("\"checksum\": \""), hex, 32);
  return out;
}

static void impossible_content_is_refused(void **state) {
  static const struct {
    const char *from, *to, *message;
  } cases[] = {
      {"weaksup label model", "weaksup votes", "expected a label model"},
      {"\"version\": 1", "\"version\": 2", "expected version 1 of the format, found 2"},
      {"\"lift\"", "\"lifts\"",
       "expected the kind lift, hds, mv, weighted-mv, dawid-skene, one-coin or ebcc, "
       "found 'lifts'"},
      {"\"converged\": true", "\"converged\": 1",
       "\"converged\": expected true or false"},
      {"\"eps\": 0.05", "\"eps\": 5", "\"eps\": expected a number within its range"},
      {"\"f\": ", "\"f\": -", "\"f\": expected a number within its range"},
      {"\"class_balance\": null", "\"class_balance\": [1]",
       "a probability for each class"},
      {"\"class_balance\": null", "\"class_balance\": [0, 1]",
       "a probability for each class"},
      {"\"class_balance\": null", "\"class_balance\": [0.5, 0.500001]",
       "a probability for each class, 1 in all"},
      {"\"class\": \"c1\"", "\"class\": \"c7\"", "one of the classes, in their order"},
      {"\"clamped\": ", "\"clamped\": 7, \"x\": ", "\"clamped\": expected"},
      {"\"lfs\": [", "\"lfs\": 1, \"x\": [",
       "\"lfs\": expected an array, found a number"},
      {"\"lfs\": [", "\"lfs\": [7, ", "expected an array of objects, found a number"},
      {"\"name\": \"lf0\"", "\"name\": 0", "\"name\": expected a string"},
      {"\"c0\",", "7,", "expected strings, found a number"},
      {"\"records\": 1", "\"records\": -1", "\"records\": expected a count"},
  };
  fixture *f = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *bytes = edited(f, cases[i].from, cases[i].to);
    ws_label_model *loaded = NULL;
    ws_error err = WS_ERROR_INIT;
    assert_status(WS_EPARSE, load(f, bytes, strlen(bytes), &loaded, &err));
    assert_message(&err, cases[i].message);
    assert_message(&err, "label_model.json: ");
    free(bytes);
  }
}

static ws_status encode_and_load(void *user) {
  const fixture *f = user;
  char path[4096];
  ws_buffer bytes = {0};
  ws_label_model *loaded = NULL;
  snprintf(path, sizeof path, "%s/label_model.json", f->folder);
  ws_status status = ws_label_model_encode(f->model, &bytes, NULL);
  if (status == WS_OK) status = ws_label_model_load(path, &loaded, NULL);
  ws_buffer_clear(&bytes);
  ws_label_model_free(loaded);
  return status;
}

static void every_allocation_may_fail(void **state) {
  fixture *f = *state;
  free(ws_test_file(f->folder, "label_model.json", f->bytes.data, f->bytes.size));
  ws_test_every_allocation_failure(encode_and_load, f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_was_written_predicts_the_same, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(figures_are_loaded, setup, teardown),
      cmocka_unit_test_setup_teardown(a_fit_without_records_can_be_written_and_read,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(every_altered_byte_is_noticed, setup, teardown),
      cmocka_unit_test_setup_teardown(every_truncation_is_noticed, setup, teardown),
      cmocka_unit_test_setup_teardown(impossible_content_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(every_allocation_may_fail, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
