/* SPDX-License-Identifier: MIT
 *
 * Probabilistic labels: who wins, who ties, and the exact text of their files.
 */
#include <weaksup/labels.h>

#include "ws_test.h"

static void the_largest_share_wins_unless_it_is_shared(void **state) {
  (void)state;
  static const struct {
    double probs[3];
    int32_t label;
  } cases[] = {
      {{0.2, 0.5, 0.3}, 1},
      {{1, 0, 0}, 0},
      {{0, 0, 1}, 2},
      {{0.4, 0.4, 0.2}, -1},
      {{0.2, 0.4, 0.4}, -1},
      {{1.0 / 3, 1.0 / 3, 1.0 / 3}, -1},
      {{0.4, 0.4 - 1e-10, 0.2}, -1},
      {{0.4, 0.4 - 1e-8, 0.2}, 0},
      {{0, 0, 0}, -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(ws_probs_argmax(cases[i].probs, 3), cases[i].label);
  assert_int_equal(ws_probs_argmax((const double[]){0.3, 0.7}, 2), 1);
}

static void new_labels_are_zero(void **state) {
  (void)state;
  ws_labels *labels = NULL;
  assert_ok(ws_labels_new(4, 3, &labels), NULL);
  assert_int_equal(ws_labels_patterns(labels), 4);
  assert_int_equal(ws_labels_classes(labels), 3);
  for (size_t u = 0; u < 4; u++)
    for (size_t k = 0; k < 3; k++) assert_near(ws_labels_get(labels, u)[k], 0, 0);
  ws_labels_at(labels, 3)[2] = 0.5;
  assert_near(ws_labels_get(labels, 3)[2], 0.5, 0);
  ws_labels_free(labels);
  ws_labels_free(NULL);
  assert_status(WS_ENOMEM, ws_labels_new(SIZE_MAX / 4, 1000, &labels));
}

/* --- files --- */

typedef struct sample {
  ws_votes *votes;
  ws_labels *labels;
} sample;

/* Five records of two LFs, of the classes A and "B, or": sure, tied, uncovered, and a
 * pattern that comes twice. Ids are made to need quotes. */
static int set_up(void **state) {
  sample *s = *state = calloc(1, sizeof *s);
  static const char *const ids[] = {"0", "a,\"b\"", "2", "3", "\xC3\xA9"};
  static const double probs[][2] = {{0.5, 0.5}, {0.9, 0.1}, {0.5, 0.5}, {0.125, 0.875}};
  const ws_text classes[] = {{"A", 1}, {"B, or", 5}};
  const ws_vote rows[][2] = {{{0, 0}}, {{0, 0}, {1, 1}}, {{0, 1}}, {{0, 0}}, {{0, 0}}};
  const size_t sizes[] = {1, 2, 1, 0, 1};
  ws_task *task = NULL;
  ws_votes_builder *builder = NULL;
  uint32_t lf;
  assert_ok(ws_task_new(classes, 2, &task, NULL), NULL);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("x"), &lf, NULL), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("y\n"), &lf, NULL), NULL);
  for (size_t i = 0; i < 5; i++)
    assert_ok(ws_votes_builder_add(builder, ws_text_of(ids[i]), -1, rows[i], sizes[i]),
              NULL);
  assert_ok(ws_votes_builder_finish(builder, &s->votes), NULL);
  assert_ok(ws_labels_new(ws_votes_patterns(s->votes), 2, &s->labels), NULL);
  for (size_t u = 0; u < 4; u++)
    memcpy(ws_labels_at(s->labels, u), probs[u], sizeof probs[u]);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return 0;
}

static int tear_down(void **state) {
  sample *s = *state;
  ws_votes_free(s->votes);
  ws_labels_free(s->labels);
  free(s);
  return 0;
}

static ws_status append(void *user, ws_text piece, ws_error *err) {
  (void)err;
  return ws_buffer_text(user, piece);
}

static const char *const json_lines[] = {
    "{\"id\":\"0\",\"label\":\"A\",\"probs\":{\"A\":0.9,\"B, "
    "or\":0.1},\"votes\":{\"x\":\"A\"}}\n",
    "{\"id\":\"a,\\\"b\\\"\",\"label\":null,\"probs\":{\"A\":0.5,\"B, "
    "or\":0.5},\"votes\":{\"x\":"
    "\"A\",\"y\\n\":\"B, or\"}}\n",
    "{\"id\":\"2\",\"label\":\"B, or\",\"probs\":{\"A\":0.125,\"B, "
    "or\":0.875},\"votes\":{\"x\":"
    "\"B, or\"}}\n",
    "{\"id\":\"3\",\"label\":null,\"probs\":{\"A\":0.5,\"B, or\":0.5},\"votes\":{}}\n",
    "{\"id\":\"\xC3\xA9\",\"label\":\"A\",\"probs\":{\"A\":0.9,\"B, "
    "or\":0.1},\"votes\":{\"x\":"
    "\"A\"}}\n",
};
static const char *const csv_lines[] = {
    "id,label,p_A,\"p_B, or\",votes\n", "0,A,0.9,0.1,1\n", "\"a,\"\"b\"\"\",,0.5,0.5,2\n",
    "2,\"B, or\",0.125,0.875,1\n",      "3,,0.5,0.5,0\n",  "\xC3\xA9,A,0.9,0.1,1\n",
};

static void assert_writes(const sample *s, ws_labels_format format, size_t first,
                          size_t count, const char *const *lines, size_t lines_count) {
  ws_buffer out = {0}, expected = {0};
  assert_ok(
      ws_labels_write(s->labels, s->votes, format, first, count, append, &out, NULL),
      NULL);
  for (size_t i = 0; i < lines_count; i++)
    assert_ok(ws_buffer_string(&expected, lines[i]), NULL);
  assert_int_equal(out.size, expected.size);
  if (out.size) assert_string_equal(out.data, expected.data);
  ws_buffer_clear(&out);
  ws_buffer_clear(&expected);
}

static void json_lines_are_written_to_the_byte(void **state) {
  assert_writes(*state, WS_LABELS_JSONL, 0, SIZE_MAX, json_lines, 5);
}

static void csv_is_written_to_the_byte(void **state) {
  assert_writes(*state, WS_LABELS_CSV, 0, SIZE_MAX, csv_lines, 6);
}

static void any_piece_of_the_records_can_be_written(void **state) {
  for (size_t first = 0; first < 7; first++)
    for (size_t count = 0; count < 7; count++) {
      size_t begin = first < 5 ? first : 5, end = first + count < 5 ? first + count : 5;
      size_t lines = end > begin ? end - begin : 0, header = first == 0;
      assert_writes(*state, WS_LABELS_JSONL, first, count, json_lines + begin, lines);
      assert_writes(*state, WS_LABELS_CSV, first, count, csv_lines + begin + !header,
                    lines + header);
    }
}

static ws_status refuse(void *user, ws_text piece, ws_error *err) {
  (void)user, (void)piece;
  return ws_error_set(err, WS_EIO, "full");
}

static void the_writers_own_failure_comes_back(void **state) {
  const sample *s = *state;
  ws_error err;
  assert_status(WS_EIO, ws_labels_write(s->labels, s->votes, WS_LABELS_CSV, 0, 5, refuse,
                                        NULL, &err));
  assert_string_equal(err.message, "full");
}

static void predictions_read_like_labels_without_votes(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_buffer out = {0};
  const double sure[] = {0.25, 0.75}, tied[] = {0.5, 0.5};
  assert_ok(ws_prediction_header(task, WS_LABELS_JSONL, &out), NULL);
  assert_ok(ws_prediction_line(task, WS_LABELS_JSONL, ws_text_of("x"), sure, &out), NULL);
  assert_ok(ws_prediction_header(task, WS_LABELS_CSV, &out), NULL);
  assert_ok(ws_prediction_line(task, WS_LABELS_CSV, ws_text_of("y,z"), tied, &out), NULL);
  assert_string_equal(out.data,
                      "{\"id\":\"x\",\"label\":\"B\",\"probs\":{\"A\":0.25,\"B\":0.75}}\n"
                      "id,label,p_A,p_B\n\"y,z\",,0.5,0.5\n");
  ws_buffer_clear(&out);
  ws_task_free(task);
}

static ws_status write_both(void *user) {
  const sample *s = user;
  ws_buffer out = {0};
  ws_status status =
      ws_labels_write(s->labels, s->votes, WS_LABELS_JSONL, 0, 9, append, &out, NULL);
  if (status == WS_OK)
    status =
        ws_labels_write(s->labels, s->votes, WS_LABELS_CSV, 0, 9, append, &out, NULL);
  ws_buffer_clear(&out);
  return status;
}

static ws_status make_labels(void *user) {
  ws_labels *labels = NULL;
  (void)user;
  ws_status status = ws_labels_new(3, 2, &labels);
  ws_labels_free(labels);
  return status;
}

static void labels_without_memory_say_so(void **state) {
  ws_test_every_allocation_failure(make_labels, NULL);
  ws_test_every_allocation_failure(write_both, *state);
}

static void draws_follow_the_shares(void **state) {
  (void)state;
  static const double probs[] = {0.25, 0, 0.75};
  assert_int_equal(ws_probs_draw(probs, 3, 0), 0);
  assert_int_equal(ws_probs_draw(probs, 3, 0.2499), 0);
  assert_int_equal(ws_probs_draw(probs, 3, 0.25), 2);
  assert_int_equal(ws_probs_draw(probs, 3, 0.9999), 2);
  // What rounding leaves of 1 is the last class with a share, never one without.
  assert_int_equal(ws_probs_draw((const double[]){0.5, 0.4, 0}, 3, 0.95), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_largest_share_wins_unless_it_is_shared),
      cmocka_unit_test(new_labels_are_zero),
      cmocka_unit_test(json_lines_are_written_to_the_byte),
      cmocka_unit_test(csv_is_written_to_the_byte),
      cmocka_unit_test(any_piece_of_the_records_can_be_written),
      cmocka_unit_test(the_writers_own_failure_comes_back),
      cmocka_unit_test(predictions_read_like_labels_without_votes),
      cmocka_unit_test(labels_without_memory_say_so),
      cmocka_unit_test(draws_follow_the_shares),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
