/* SPDX-License-Identifier: MIT
 *
 * Excerpts: what is shown, where it is cut, and that spans are marked as a whole.
 */
#include <stdio.h>

#include <weaksup/excerpt.h>

#include "ws_test.h"

/* The excerpt as a picture: pieces between bars, gaps as dots. */
static char *picture(const char *text, const ws_span *spans, size_t count, size_t most) {
  ws_excerpt excerpt;
  ws_buffer out = {0};
  assert_ok(ws_excerpt_find(ws_text_of(text), spans, count, most, &excerpt), NULL);
  for (size_t i = 0; i < excerpt.count; i++) {
    ws_span at = excerpt.pieces[i].at;
    assert_true(at.start < at.end);
    assert_ok(ws_buffer_printf(&out, "%s%s%.*s", i ? "|" : "",
                               excerpt.pieces[i].gap ? ".." : "",
                               (int)(at.end - at.start), text + at.start),
              NULL);
  }
  assert_ok(ws_buffer_string(&out, excerpt.cut ? "|.." : ""), NULL);
  ws_excerpt_clear(&excerpt);
  return out.data;
}

static void assert_picture(const char *expected, const char *text, const ws_span *spans,
                           size_t count, size_t most) {
  char *found = picture(text, spans, count, most);
  assert_string_equal(found, expected);
  ws_free(found);
}

static void a_short_text_is_shown_whole(void **state) {
  (void)state;
  const ws_span inside = {4, 7};
  assert_picture("one two three", "one two three", NULL, 0, 100);
  assert_picture("one |two| three", "one two three", &inside, 1, 100);
  assert_picture("", "", NULL, 0, 100);
  assert_picture("", "", &inside, 1, 100);
}

static void spans_may_overlap_and_come_in_any_order(void **state) {
  (void)state;
  const ws_span spans[] = {{6, 12}, {0, 8}, {0, 8}, {6, 6}};
  assert_picture("012345|67|89ab|cd", "0123456789abcd", spans, 4, 100);
}

static void what_lies_beyond_the_text_does_not_count(void **state) {
  (void)state;
  const ws_span spans[] = {{2, 400}, {300, 400}};
  assert_picture("ab|cd", "abcd", spans, 2, 100);
}

static void a_long_text_is_shown_around_its_spans(void **state) {
  (void)state;
  char text[401];
  for (size_t i = 0; i < 400; i++) text[i] = (char)('a' + i % 26);
  text[400] = '\0';
  const ws_span spans[] = {{200, 204}};
  ws_excerpt excerpt;
  assert_ok(ws_excerpt_find(ws_text_of(text), spans, 1, 80, &excerpt), NULL);
  assert_int_equal(excerpt.count, 4);
  assert_int_equal(excerpt.pieces[0].at.start, 0);
  assert_int_equal(excerpt.pieces[0].at.end, 26);
  assert_false(excerpt.pieces[0].gap);
  assert_true(excerpt.pieces[1].gap);
  assert_int_equal(excerpt.pieces[1].at.start, 190);
  assert_false(excerpt.pieces[2].gap);
  assert_true(ws_span_covers(spans[0], excerpt.pieces[2]));
  assert_false(ws_span_covers(spans[0], excerpt.pieces[1]));
  assert_int_equal(excerpt.pieces[3].at.end, 214);
  assert_true(excerpt.cut);
  ws_excerpt_clear(&excerpt);
}

static void many_and_long_spans_have_no_more_room(void **state) {
  (void)state;
  enum { SIZE = 100000, SPANS = 1000, MOST = 600 };
  char *text = ws_alloc_array(SIZE, 1);
  ws_span spans[SPANS];
  memset(text, 'x', SIZE);
  for (size_t i = 0; i < SPANS; i++) spans[i] = (ws_span){i * 90, i * 90 + 30000};
  ws_excerpt excerpt;
  size_t shown = 0;
  assert_ok(ws_excerpt_find((ws_text){text, SIZE}, spans, SPANS, MOST, &excerpt), NULL);
  for (size_t i = 0; i < excerpt.count; i++)
    shown += excerpt.pieces[i].at.end - excerpt.pieces[i].at.start;
  assert_true(shown >= MOST / 2 && shown <= 2 * MOST);
  ws_excerpt_clear(&excerpt);
  ws_free(text);
}

static void characters_are_never_cut(void **state) {
  (void)state;
  ws_buffer text = {0};
  for (int i = 0; i < 100; i++) assert_ok(ws_buffer_string(&text, "\xE2\x82\xAC"), NULL);
  for (size_t most = 0; most < 40; most++)
    for (size_t start = 100; start < 106; start++) {
      const ws_span span = {start, start + 5};
      ws_excerpt excerpt;
      assert_ok(ws_excerpt_find(ws_buffer_as_text(&text), &span, 1, most, &excerpt),
                NULL);
      for (size_t i = 0; i < excerpt.count; i++) {
        ws_span at = excerpt.pieces[i].at;
        assert_true(ws_utf8_valid((ws_text){text.data + at.start, at.end - at.start}));
      }
      ws_excerpt_clear(&excerpt);
    }
  ws_buffer_clear(&text);
}

static ws_status find(void *user) {
  const ws_span spans[] = {{1, 3}, {2, 9}};
  ws_excerpt excerpt;
  (void)user;
  ws_status status =
      ws_excerpt_find(ws_text_of("some text to cut"), spans, 2, 8, &excerpt);
  if (status == WS_OK) ws_excerpt_clear(&excerpt);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_test_every_allocation_failure(find, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_short_text_is_shown_whole),
      cmocka_unit_test(spans_may_overlap_and_come_in_any_order),
      cmocka_unit_test(what_lies_beyond_the_text_does_not_count),
      cmocka_unit_test(a_long_text_is_shown_around_its_spans),
      cmocka_unit_test(many_and_long_spans_have_no_more_room),
      cmocka_unit_test(characters_are_never_cut),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
