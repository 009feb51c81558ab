/* SPDX-License-Identifier: MIT
 *
 * The words of a text: alone and beside each other, and where they stand.
 */
#include <string.h>

#include <weaksup/ideas.h>

#include "ngrams.h"
#include "ws_test.h"

static void ngrams_are_words_and_neighbours(void **state) {
  (void)state;
  ws__ngrams grams = {0};
  assert_ok(ws__ngrams_read(&grams, ws_text_of("To be, OR not to be")), NULL);
  assert_int_equal(grams.count, 4 + 4); // to be or not; to be, be or, or not, not to
  assert_ok(ws__ngrams_read(&grams, ws_text_of("")), NULL);
  assert_int_equal(grams.count, 0);
  ws__ngrams_clear(&grams);
}

static bool reads(ws__ngrams *grams, const char *text, const char *word) {
  assert_ok(ws__ngrams_read(grams, ws_text_of(text)), NULL);
  for (size_t g = 0; g < grams->count; g++)
    if (!grams->items[g].second.data && ws_text_equals(grams->items[g].first, word))
      return true;
  return false;
}

static void pieces_at_an_apostrophe_are_no_words(void **state) {
  (void)state;
  ws__ngrams grams = {0};
  assert_false(reads(&grams, "It doesn't", "t"));
  assert_false(reads(&grams, "It doesn't", "doesn"));
  assert_false(reads(&grams, "it doesn\xE2\x80\x99t", "t"));
  assert_false(reads(&grams, "l'homme", "l"));
  assert_true(reads(&grams, "l'homme", "homme"));
  assert_true(reads(&grams, "his father's", "father"));
  assert_false(reads(&grams, "his father's", "s"));
  assert_true(reads(&grams, "i'll see", "i"));
  assert_true(reads(&grams, "plan 't' is on", "t"));
  assert_true(reads(&grams, "vitamin t", "t"));
  ws__ngrams_clear(&grams);
}

static void check_found(const char *words, const char *text, const char *expected) {
  ws_span at = {0, 0};
  bool found;
  assert_ok(ws_idea_find(ws_text_of(words), ws_text_of(text), &at, &found), NULL);
  assert_int_equal(found, expected != NULL);
  if (!expected) return;
  assert_int_equal(at.end - at.start, strlen(expected));
  assert_memory_equal(text + at.start, expected, strlen(expected));
}

static void words_are_found_in_texts(void **state) {
  (void)state;
  check_found("gift", "A Gift.", "Gift");
  check_found("free gift", "is free? FREE,\n gift", "FREE,\n gift");
  check_found("free gift", "freed gift, free of gift", NULL);
  check_found("gift", "gifted", NULL);
  check_found("gift", "", NULL);
  // U+0130 has a lower case of another length
  check_found("\xC8\xA3"
              "b",
              "\xC8\xBA \xC8\xA2"
              "B x",
              "\xC8\xA2"
              "B");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ngrams_are_words_and_neighbours),
      cmocka_unit_test(pieces_at_an_apostrophe_are_no_words),
      cmocka_unit_test(words_are_found_in_texts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
