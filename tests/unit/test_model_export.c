/* SPDX-License-Identifier: MIT
 *
 * Exporting classifiers: what is refused, what is left out, what rounding costs.
 */
#include <locale.h>
#include <math.h>
#include <stdio.h>

#include <weaksup/export.h>
#include <weaksup/label_model.h>

#include "../model/cats_and_dogs.h"
#include "export_priv.h"

static ws_export *make_export(const ws_classifier *classifier, ws_export_options how) {
  ws_export *exported = NULL;
  ws_error err = WS_ERROR_INIT;
  how.name = "model";
  assert_ok(ws_export_new(classifier, &how, &exported, &err), &err);
  return exported;
}

/* The largest difference of a probability between the two, over all texts. */
static double difference(const ws_classifier *a, const ws_classifier *b) {
  double largest = 0, p[3], q[3];
  ws_predictor *first = NULL, *second = NULL;
  assert_ok(ws_predictor_new(a, &first), NULL);
  assert_ok(ws_predictor_new(b, &second), NULL);
  for (size_t i = 0; i < ROWS; i++) {
    char text[64];
    make_text(i, text);
    ws_record record = {.text = ws_text_of(text)};
    assert_ok(ws_predict(first, &record, p, NULL), NULL);
    assert_ok(ws_predict(second, &record, q, NULL), NULL);
    for (size_t k = 0; k < ws_classifier_classes(a); k++)
      largest = fmax(largest, fabs(p[k] - q[k]));
  }
  ws_predictor_free(first);
  ws_predictor_free(second);
  return largest;
}

static void the_whole_classifier_is_exported_as_it_is(void **state) {
  (void)state;
  ws_classifier *classifier = make_classifier(NULL, 2);
  ws_export *e = make_export(classifier, ws_export_options_default());
  const ws_classifier *left = ws_export_classifier(e);
  assert_int_equal(left->A, classifier->A);
  assert_memory_equal(left->keys, classifier->keys, left->A * 4);
  assert_memory_equal(left->weights, classifier->weights, left->A * 2 * 4);
  assert_true(difference(classifier, left) == 0);
  ws_export_free(e);
  ws_classifier_free(classifier);
}

static void bytes_are_near_the_weights(void **state) {
  (void)state;
  for (size_t K = 2; K <= 3; K++) {
    ws_classifier *classifier = make_classifier(NULL, K);
    ws_export *e = make_export(classifier, (ws_export_options){.int8 = true});
    assert_true(difference(classifier, ws_export_classifier(e)) > 0);
    assert_near(difference(classifier, ws_export_classifier(e)), 0, 0.005);
    ws_export_free(e);
    ws_classifier_free(classifier);
  }
}

/* The difference of the two on the texts, once few features are left, before and after
 * those were trained again. */
static void teach(bool int8, double *before, double *after) {
  ws_classifier *classifier = make_classifier(NULL, 3);
  ws_predictor *whole = NULL;
  double probs[3];
  ws_export *e =
      make_export(classifier, (ws_export_options){.int8 = int8, .entries = 20});
  assert_true(ws_export_should_learn(e));
  *before = difference(classifier, ws_export_classifier(e));
  assert_ok(ws_predictor_new(classifier, &whole), NULL);
  for (size_t i = 0; i < ROWS; i++) {
    char text[64];
    make_text(i, text);
    ws_record record = {.text = ws_text_of(text)};
    assert_ok(ws_predict(whole, &record, probs, NULL), NULL);
    assert_ok(ws_export_teach(e, &record, probs, NULL), NULL);
  }
  assert_ok(ws_export_learn(e, 1, NULL), NULL);
  *after = difference(classifier, ws_export_classifier(e));
  ws_predictor_free(whole);
  ws_export_free(e);
  ws_classifier_free(classifier);
}

static void few_features_learn_from_the_whole(void **state) {
  (void)state;
  double before, after;
  for (int int8 = 0; int8 < 2; int8++) {
    teach(int8, &before, &after);
    assert_true(after < before / 2);
  }
}

static bool has_key(const ws_classifier *c, size_t block, uint32_t key) {
  return ws__classifier_find(c, block, key) != SIZE_MAX;
}

static void features_that_matter_are_kept(void **state) {
  (void)state;
  ws_classifier *classifier = make_classifier("words(text)", 2);
  ws_export *e = make_export(classifier, (ws_export_options){.entries = 8});
  const ws_classifier *left = ws_export_classifier(e);
  assert_int_equal(left->A, 8);
  assert_true(has_key(classifier, 0, key_of("times")));
  assert_true(has_key(left, 0, key_of("cat")));
  assert_false(has_key(left, 0, key_of("times"))); // in every text
  ws_export_free(e);
  ws_classifier_free(classifier);
}

/* The features that are left in so many bytes, and the difference that it makes. */
static size_t left_in(const ws_classifier *classifier, size_t bytes, double *moved) {
  ws_export *e =
      make_export(classifier, (ws_export_options){.int8 = true, .most_bytes = bytes});
  assert_true(ws_export_bytes(e) <= bytes);
  size_t left = ws_export_classifier(e)->A;
  *moved = difference(classifier, ws_export_classifier(e));
  ws_export_free(e);
  return left;
}

static void no_more_is_exported_than_fits(void **state) {
  (void)state;
  ws_classifier *classifier = make_classifier(NULL, 3);
  ws_export *whole = make_export(classifier, (ws_export_options){.int8 = true});
  size_t bytes = ws_export_bytes(whole), left = classifier->A, now;
  double least = difference(classifier, ws_export_classifier(whole)), moved;
  assert_int_equal(left_in(classifier, bytes - 100, &moved), left); // fuller bins only
  assert_true(moved <= least);
  for (size_t less = 400; less <= 1200; less += 100, left = now) {
    now = left_in(classifier, bytes - less, &moved);
    assert_true(now <= left && now > 0);
  }
  assert_true(left < classifier->A && moved > least);
  ws_export_free(whole);
  ws_classifier_free(classifier);
}

static uint32_t bit_at(const ws__bits *bits, size_t at) {
  return (uint32_t)((unsigned char)bits->bytes.data[at / 8] >> (7 - at % 8)) & 1;
}

/* As the template does it. */
static uint32_t read_number(const ws__bits *bits, size_t *at, unsigned width) {
  uint64_t number = 0, rest = 0;
  for (unsigned ones = 0; bit_at(bits, (*at)++); width += ++ones > 1)
    number += (uint64_t)1 << width;
  for (unsigned i = 0; i < width; i++) rest = rest << 1 | bit_at(bits, (*at)++);
  return (uint32_t)(number + rest);
}

static void numbers_come_back_from_their_bits(void **state) {
  (void)state;
  static const uint32_t numbers[] = {0,  1,   2,     3,         7,         8,
                                     62, 300, 65535, 123456789, UINT32_MAX};
  for (unsigned width = 0; width < 31; width++) {
    ws__bits bits = {0};
    size_t expected = 0, at = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
      assert_ok(ws__bits_number(&bits, numbers[i], width), NULL);
      expected += ws__number_bits(numbers[i], width);
      assert_int_equal(ws__bits_size(&bits), expected);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
      assert_int_equal(read_number(&bits, &at, width), numbers[i]);
    ws_buffer_clear(&bits.bytes);
  }
}

/* What one n-gram is rounded by others of the same texts make up for. */
static void equal_weights_are_right_together(void **state) {
  (void)state;
  ws_classifier *c;
  ws__rounded rounded;
  assert_ok(ws__classifier_new(2, 100, &c), NULL);
  for (size_t e = 0; e < 100; e++) {
    c->scale[e] = 2;
    c->weights[2 * e] = 0.37F;
    c->weights[2 * e + 1] = -0.37F;
  }
  assert_ok(ws__rounded_init(&rounded, c), NULL);
  ws__round(&rounded, c, 1);
  double sum = 0;
  for (size_t e = 0; e < 100; e++) sum += rounded.values[e];
  assert_near(sum, 37, 0.51);
  ws__rounded_clear(&rounded);
  ws_classifier_free(c);
}

static void refused(const ws_classifier *classifier, ws_export_options how,
                    const char *message) {
  ws_export *e = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, ws_export_new(classifier, &how, &e, &err));
  assert_message(&err, message);
}

static void what_cannot_be_exported_is_named(void **state) {
  (void)state;
  ws_classifier *classifier = make_classifier("words(text) chars(text,2-3)", 2);
  ws_export_options usual = ws_export_options_default();
  refused(classifier, (ws_export_options){.name = "9lives"}, "'9lives'");
  refused(classifier, (ws_export_options){.name = "a-b"}, "'a-b'");
  refused(classifier, (ws_export_options){.name = "a", .most_bytes = 100}, "found 100");
  strcpy(classifier->spec.blocks[1].field, "title");
  refused(classifier, usual, "chars(title,2-3)");
  classifier->spec.blocks[1].kind = WS__NUMBER;
  classifier->spec.blocks[1].min_n = classifier->spec.blocks[1].max_n = 0;
  refused(classifier, usual, "number(title)");
  ws_classifier_free(classifier);
}

static bool holds(const ws_buffer *text, const char *part) {
  return strstr(text->data, part) != NULL;
}

static void class_names_cannot_break_the_header(void **state) {
  (void)state;
  ws_classifier *classifier = make_classifier(NULL, 3);
  ws_export *e = make_export(classifier, ws_export_options_default());
  ws_buffer text = {0};
  assert_ok(ws_export_header(e, &text), NULL);
  assert_true(holds(&text, "\"o\\042ther*/\""));
  assert_true(holds(&text, "cat, dog, o\"ther./"));
  assert_false(holds(&text, "NAME"));
  ws_buffer_clear(&text);
  ws_export_free(e);
  ws_classifier_free(classifier);
}

/* The calling program may have set one whose numbers have a comma. */
static void the_locale_changes_no_byte(void **state) {
  (void)state;
  static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8",
                                        "es_ES.UTF-8", "ps_AF.UTF-8"};
  ws_classifier *classifier = make_classifier("words(text)", 2);
  ws_export *e = make_export(classifier, (ws_export_options){0});
  ws_votes *votes = ws_test_votes("11-0 1--- 111- --00 ---0 -1-0 1-00", 2);
  ws_label_model *models[2] = {NULL, NULL};
  ws_buffer headers[2] = {{0}, {0}};
  const char *found = NULL;
  for (int turn = 0; turn < 2; turn++) {
    for (size_t i = 0; turn && !found && i < sizeof locales / sizeof *locales; i++)
      found = setlocale(LC_NUMERIC, locales[i]);
    assert_ok(ws_export_header(e, &headers[turn]), NULL);
    assert_ok(ws_label_model_fit(votes, NULL, &models[turn], NULL), NULL);
  }
  (void)setlocale(LC_NUMERIC, "C");
  assert_true(
      ws_text_equal(ws_buffer_as_text(&headers[0]), ws_buffer_as_text(&headers[1])));
  assert_true(strchr(ws_label_model_why(models[0]).data, '.') != NULL);
  assert_true(
      ws_text_equal(ws_label_model_why(models[0]), ws_label_model_why(models[1])));
  for (int turn = 0; turn < 2; turn++) {
    ws_buffer_clear(&headers[turn]);
    ws_label_model_free(models[turn]);
  }
  ws_votes_free(votes);
  ws_export_free(e);
  ws_classifier_free(classifier);
  if (!found) skip(); // this system has no such locale
}

static void the_cost_is_counted_record_by_record(void **state) {
  (void)state;
  const double sure[] = {0.9, 0.1}, less[] = {0.6, 0.4}, other[] = {0.3, 0.7};
  ws_export_cost cost = {0};
  ws_export_cost_add(&cost, sure, less, 2, 0);
  ws_export_cost_add(&cost, sure, other, 2, 1);
  ws_export_cost_add(&cost, less, other, 2, WS_ABSTAIN);
  assert_int_equal(cost.records, 3);
  assert_int_equal(cost.same, 1);
  assert_int_equal(cost.gold, 2);
  assert_int_equal(cost.whole_right, 1);
  assert_int_equal(cost.part_right, 2);
  assert_near(cost.largest, 0.6, 1e-12);
}

static ws_status export_all(void *user) {
  ws_export_options how = {.name = "m", .int8 = true, .entries = 30};
  ws_export *e = NULL;
  ws_buffer text = {0};
  ws_status status = ws_export_new(user, &how, &e, NULL);
  if (status == WS_OK) status = ws_export_header(e, &text);
  if (status == WS_OK) status = ws_export_json(user, &text, NULL);
  ws_export_free(e);
  ws_buffer_clear(&text);
  return status;
}

static void failing_allocations_leave_nothing(void **state) {
  (void)state;
  ws_classifier *classifier = make_classifier(NULL, 3);
  ws_test_every_allocation_failure(export_all, classifier);
  ws_classifier_free(classifier);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_whole_classifier_is_exported_as_it_is),
      cmocka_unit_test(bytes_are_near_the_weights),
      cmocka_unit_test(few_features_learn_from_the_whole),
      cmocka_unit_test(features_that_matter_are_kept),
      cmocka_unit_test(no_more_is_exported_than_fits),
      cmocka_unit_test(numbers_come_back_from_their_bits),
      cmocka_unit_test(equal_weights_are_right_together),
      cmocka_unit_test(what_cannot_be_exported_is_named),
      cmocka_unit_test(class_names_cannot_break_the_header),
      cmocka_unit_test(the_locale_changes_no_byte),
      cmocka_unit_test(the_cost_is_counted_record_by_record),
      cmocka_unit_test(failing_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
