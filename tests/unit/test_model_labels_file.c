/* SPDX-License-Identifier: MIT
 *
 * label_model.json: what was written predicts the same bit for bit, and a damaged or
 * impossible file is refused.
 */
#define _DEFAULT_SOURCE // setrlimit
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

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

/* Sanitizers take address space as they like. */
#ifdef __has_feature // of clang
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { MANY_LFS = 1500, MANY_CLASSES = 10 };

/* Each LF votes for each class. */
static ws_votes *many_columns(void) {
  char *many = malloc(MANY_CLASSES * 3 * (MANY_LFS + 1)), *at = many;
  for (size_t i = 0; i < MANY_CLASSES * 3; i++) {
    for (size_t j = 0; j < MANY_LFS; j++)
      *at++ = (char)('0' + (i + (i * j % 7 == 0)) % MANY_CLASSES);
    *at++ = i + 1 < MANY_CLASSES * 3 ? ' ' : '\0';
  }
  ws_votes *votes = ws_test_votes(many, MANY_CLASSES);
  free(many);
  return votes;
}

/* Lets the process have `more` bytes of address space beside what it has; returns the
 * limit that it had. */
static struct rlimit limit_memory(size_t more) {
  struct rlimit before, limit;
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  assert_non_null(file);
  assert_int_equal(fscanf(file, "%lu", &pages), 1);
  fclose(file);
  getrlimit(RLIMIT_AS, &before);
  limit = before;
  limit.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
  if (!SANITIZED) assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
  return before;
}

/* A parser that is given all at once takes fourteen times the bytes of the file. */
static void a_large_file_is_loaded_in_little_memory(void **state) {
  fixture *f = *state;
  ws_votes *votes = many_columns();
  ws_label_model *model = fitted(votes, "hds", NULL), *loaded = NULL;
  ws_buffer bytes = {0};
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_encode(model, &bytes, NULL), NULL);
  assert_true(bytes.size > 2500000);
  char *path = ws_test_file(f->folder, "many.json", bytes.data, bytes.size);
  struct rlimit before = limit_memory(5 * bytes.size);
  ws_status status = ws_label_model_load(path, &loaded, &err);
  setrlimit(RLIMIT_AS, &before);
  assert_ok(status, &err);
  ws_buffer_clear(&bytes);
  ws_label_model_free(loaded);
  ws_label_model_free(model);
  ws_votes_free(votes);
  free(path);
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
      {"\"lfs\": [", "\"lfs\": [, ", "JSON: line "},
      {"\"lfs\": [", "\"lfs\": [{]}, ", "JSON: "},
      {"\"lfs\": [", "\"lf\\u0073\": [", "\"lfs\": expected a key without escapes"},
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
      cmocka_unit_test_setup_teardown(a_large_file_is_loaded_in_little_memory, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(every_altered_byte_is_noticed, setup, teardown),
      cmocka_unit_test_setup_teardown(every_truncation_is_noticed, setup, teardown),
      cmocka_unit_test_setup_teardown(impossible_content_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(every_allocation_may_fail, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
