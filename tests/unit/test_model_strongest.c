/* SPDX-License-Identifier: MIT
 *
 * The strongest features of a classifier, and the n-grams that stand for their hashes.
 */
#include <stdio.h>

#include "../model/cats_and_dogs.h"
#include "classifier_priv.h"
#include "strongest.h"

/* Whether a text about a cat (or a dog) has it; names are in lower case. */
static bool is_said_of(ws_text name, bool dog) {
  static const char *const texts[] = {"the cat sat",     "a red cat purrs",
                                      "my cat ' s tail", "dogs bark",
                                      "a dog runs",      "the dog barked twice"};
  char text[64];
  snprintf(text, sizeof text, "%.*s", WS_TEXT_ARG(name));
  for (size_t i = 0; i < 3; i++)
    if (strstr(texts[i + (dog ? 3 : 0)], text)) return true;
  return false;
}

static void the_strongest_features_have_names(void **state) {
  (void)state;
  ws_classifier *classifier = make_classifier("words(text)", 2);
  ws_strong_feature strong[5];
  size_t count;
  for (size_t k = 0; k < 2; k++) {
    assert_ok(ws_classifier_strongest(classifier, k, 5, strong, &count), NULL);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
      assert_true(is_said_of(strong[i].name, k == 1));
      assert_false(is_said_of(strong[i].name, k == 0));
      assert_true(i == 0 || strong[i].weight <= strong[i - 1].weight);
    }
  }
  ws_classifier_free(classifier);
}

/* As they are when the classifier is loaded, not as they were trained. */
static void the_strongest_features_are_centred(void **state) {
  (void)state;
  ws_classifier *c = make_classifier("words(text)", 3);
  bool differs = false;
  for (size_t i = 0; i < c->named_count; i++) {
    double mean = ws__mean_weight(c, c->named[i].entry);
    assert_near(c->named[i].mean, mean, 0);
    differs = differs || mean != 0;
  }
  assert_true(differs);
  ws_classifier_free(c);
}

/* The hash of each name is the key that it stands for. */
static void names_are_those_of_their_keys(void **state) {
  (void)state;
  ws_classifier *c = make_classifier("chars(text)", 2);
  assert_true(c->named_count > 50);
  for (size_t i = 0; i < c->named_count; i++) {
    char name[64];
    snprintf(name, sizeof name, "%.*s", WS_TEXT_ARG(c->named[i].name));
    assert_int_equal(key_of(name), c->keys[c->named[i].entry]);
  }
  ws_classifier_free(c);
}

static void names_are_written_with_the_classifier(void **state) {
  (void)state;
  ws_classifier *classifier = make_classifier(NULL, 2), *again = NULL;
  ws_buffer bytes = {0};
  assert_ok(ws_classifier_encode(classifier, &bytes), NULL);
  assert_ok(ws_classifier_decode(ws_buffer_as_text(&bytes), &again, NULL), NULL);
  assert_int_equal(again->named_count, classifier->named_count);
  for (size_t i = 0; i < again->named_count; i++)
    assert_true(ws_text_equal(again->named[i].name, classifier->named[i].name));
  ws_buffer_clear(&bytes);
  ws_classifier_free(classifier);
  ws_classifier_free(again);
}

static ws_status train_and_name(void *user) {
  ws_features *features = NULL;
  ws_classifier *classifier = NULL;
  (void)user;
  ws_status status = make_features("words(text)", &features);
  if (status == WS_OK) status = train_on(features, 2, &classifier);
  ws_classifier_free(classifier);
  ws_features_free(features);
  return status;
}

static void failing_allocations_leave_nothing(void **state) {
  (void)state;
  ws_test_every_allocation_failure(train_and_name, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_strongest_features_have_names),
      cmocka_unit_test(the_strongest_features_are_centred),
      cmocka_unit_test(names_are_those_of_their_keys),
      cmocka_unit_test(names_are_written_with_the_classifier),
      cmocka_unit_test(failing_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
