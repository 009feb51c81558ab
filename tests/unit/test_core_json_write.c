/* SPDX-License-Identifier: MIT
 *
 * JSON out: the exact text, numbers that read back as themselves, and sealed documents,
 * of which not one byte can be changed or lost.
 */
#include <math.h>

#include <weaksup/json.h>
#include <weaksup/rng.h>

#include "ws_test.h"

static void write_sample(ws_json_writer *json) {
  ws_json_open(json, '{');
  ws_json_key(json, "a");
  ws_json_open(json, '[');
  ws_json_int(json, -1);
  ws_json_uint(json, UINT64_MAX);
  ws_json_number(json, 0.1);
  ws_json_close(json, ']');
  ws_json_key_text(json, ws_text_of("k\"\n"));
  ws_json_open(json, '{');
  ws_json_key(json, "t");
  ws_json_bool(json, true);
  ws_json_key(json, "n");
  ws_json_string(json, NULL);
  ws_json_close(json, '}');
  ws_json_key(json, "empty");
  ws_json_open(json, '[');
  ws_json_close(json, ']');
  ws_json_key(json, "s");
  ws_json_string(json, "x");
  ws_json_close(json, '}');
}

static void one_line_without_indentation(void **state) {
  (void)state;
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out};
  write_sample(&json);
  assert_ok(json.status, NULL);
  assert_string_equal(out.data, "{\"a\":[-1,18446744073709551615,0.1],\"k\\\"\\n\":"
                                "{\"t\":true,\"n\":null},\"empty\":[],\"s\":\"x\"}");
  ws_buffer_clear(&out);
}

static void a_line_for_each_item_with_indentation(void **state) {
  (void)state;
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out, .indent = 2};
  write_sample(&json);
  assert_ok(json.status, NULL);
  assert_string_equal(out.data,
                      "{\n  \"a\": [\n    -1,\n    18446744073709551615,\n    0.1\n"
                      "  ],\n  \"k\\\"\\n\": {\n    \"t\": true,\n    \"n\": null\n"
                      "  },\n  \"empty\": [],\n  \"s\": \"x\"\n}");
  ws_buffer_clear(&out);
}

static void strings_are_escaped_where_they_must(void **state) {
  (void)state;
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out};
  ws_json_text(&json, (ws_text){"\0\x01\b\t\n\f\r\x1f \"\\/\x7f\xC3\xA9", 15});
  assert_ok(json.status, NULL);
  assert_string_equal(out.data, "\"\\u0000\\u0001\\u0008\\t\\n\\u000c\\r\\u001f \\\"\\\\/"
                                "\\u007f\xC3\xA9\"");
  ws_buffer_clear(&out);
}

static void what_is_not_utf8_is_written_as_a_replacement(void **state) {
  (void)state;
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out};
  ws_json_open(&json, '{');
  ws_json_key(&json, "\xE9");
  ws_json_string(&json, "a\xFF\"\xC3\xA9\xE2\x82");
  ws_json_close(&json, '}');
  assert_ok(json.status, NULL);
  assert_string_equal(out.data, "{\"\xEF\xBF\xBD\":\"a\xEF\xBF\xBD\\\"\xC3\xA9"
                                "\xEF\xBF\xBD\xEF\xBF\xBD\"}");
  ws_buffer_clear(&out);
}

static void no_number_is_null(void **state) {
  (void)state;
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out};
  ws_json_open(&json, '[');
  ws_json_number(&json, (double)NAN);
  ws_json_number(&json, (double)INFINITY);
  ws_json_number(&json, -(double)INFINITY);
  ws_json_close(&json, ']');
  assert_string_equal(out.data, "[null,null,null]");
  ws_buffer_clear(&out);
}

static void doubles_are_written_as_short_as_can_be(void **state) {
  (void)state;
  static const struct {
    double value;
    const char *text;
  } cases[] = {{0, "0"},
               {-0.0, "-0.0"},
               {1, "1"},
               {0.1, "0.1"},
               {1.0 / 3, "0.3333333333333333"},
               {1e21, "1e+21"},
               {1e-7, "1e-07"},
               {5e-324, "5e-324"},
               {123456, "123456"},
               {1.7976931348623157e308, "1.7976931348623157e+308"},
               {-2.5, "-2.5"}};
  char text[32];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t size = ws_format_double(cases[i].value, text);
    assert_string_equal(text, cases[i].text);
    assert_int_equal(size, strlen(text));
  }
}

/* Writes and reads one number; through our own parser, as files are. */
static void assert_reads_back(ws_json_parser *parser, double value) {
  ws_buffer text = {0}, back = {0};
  ws_error err = WS_ERROR_INIT;
  ws_json_writer json = {.out = &text};
  double number;
  ws_json_open(&json, '[');
  ws_json_number(&json, value);
  ws_json_close(&json, ']');
  assert_ok(ws_buffer_reserve(&text, WS_JSON_PADDING), NULL);
  ws_status status = ws_json_parse(parser, ws_buffer_as_text(&text), &back, &err);
  if (status != WS_OK) print_error("refused: %s\n", text.data);
  assert_ok(status, &err);
  ws_value item = {(const unsigned char *)back.data + 9};
  assert_true(ws_value_number(item) == value);
  assert_int_equal(signbit(ws_value_number(item)) != 0, signbit(value) != 0);
  assert_true(ws_text_to_double((ws_text){text.data + 1, text.size - 2}, &number));
  assert_true(number == value);
  ws_buffer_clear(&text);
  ws_buffer_clear(&back);
}

static void every_double_reads_back_as_itself(void **state) {
  (void)state;
  ws_json_parser *parser = NULL;
  ws_rng rng;
  ws_rng_init(&rng, 1);
  assert_ok(ws_json_parser_new(&parser), NULL);
  for (int i = 0; i < 20000; i++) {
    uint64_t bits = ws_rng_next(&rng);
    double any;
    memcpy(&any, &bits, sizeof any);
    if (isfinite(any)) assert_reads_back(parser, any);
    assert_reads_back(parser,
                      ldexp(ws_rng_uniform(&rng), (int)ws_rng_below(&rng, 90) - 10));
  }
  for (int e = -30; e < 40; e++) assert_reads_back(parser, pow(10, e));
  assert_reads_back(parser, -0.0);
  assert_reads_back(parser, 0x1p63);
  assert_reads_back(parser, -0x1p63);
  assert_reads_back(parser, 0x1p64);
  assert_reads_back(parser, -0x1.8p64);
  ws_json_parser_free(parser);
}

/* --- sealed documents --- */

static void sample_sealed(ws_buffer *out) {
  ws_json_writer json = {.out = out, .indent = 2};
  ws_json_open(&json, '{');
  ws_json_key(&json, "name");
  ws_json_string(&json, "\xC3\xA9");
  ws_json_key(&json, "list");
  ws_json_open(&json, '[');
  ws_json_int(&json, 1);
  ws_json_close(&json, ']');
  ws_json_seal(&json);
  assert_ok(json.status, NULL);
}

static ws_status load_bytes(const char *folder, ws_text bytes, bool sealed,
                            ws_buffer *out, ws_error *err) {
  char *path = ws_test_file(folder, "a.json", bytes.data, bytes.size);
  ws_status status = ws_json_load(path, sealed, out, err);
  free(path);
  return status;
}

static void a_sealed_document_reads_back(void **state) {
  ws_buffer text = {0}, value = {0};
  ws_error err = WS_ERROR_INIT;
  sample_sealed(&text);
  assert_ok(load_bytes(*state, ws_buffer_as_text(&text), true, &value, &err), &err);
  ws_value object = {(const unsigned char *)value.data};
  assert_int_equal(ws_value_count(object), 3);
  assert_int_equal(ws_value_text(ws_value_get(object, ws_text_of("checksum"))).size, 32);
  ws_buffer_clear(&text);
  ws_buffer_clear(&value);
}

static void every_changed_byte_of_a_sealed_document_is_seen(void **state) {
  ws_buffer text = {0}, value = {0};
  sample_sealed(&text);
  for (size_t i = 0; i < text.size; i++)
    for (int bit = 0; bit < 8; bit++) {
      text.data[i] = (char)(text.data[i] ^ 1 << bit);
      ws_text bytes = ws_buffer_as_text(&text);
      assert_status(WS_EPARSE, load_bytes(*state, bytes, true, &value, NULL));
      text.data[i] = (char)(text.data[i] ^ 1 << bit);
    }
  assert_int_equal(value.size, 0);
  ws_buffer_clear(&text);
}

static void every_missing_or_added_byte_is_seen(void **state) {
  ws_buffer text = {0}, value = {0};
  ws_error err;
  sample_sealed(&text);
  for (size_t size = 0; size < text.size; size++) {
    ws_text front = {text.data, size}, back = {text.data + text.size - size, size};
    assert_status(WS_EPARSE, load_bytes(*state, front, true, &value, &err));
    assert_message(&err, "a.json: ");
    assert_status(WS_EPARSE, load_bytes(*state, back, true, &value, &err));
  }
  assert_ok(ws_buffer_string(&text, "\n"), NULL);
  assert_status(WS_EPARSE,
                load_bytes(*state, ws_buffer_as_text(&text), true, &value, &err));
  ws_buffer_clear(&text);
}

static void documents_without_a_seal_need_none(void **state) {
  ws_buffer value = {0};
  ws_error err;
  assert_ok(load_bytes(*state, ws_text_of("[1]\n"), false, &value, &err), &err);
  assert_status(WS_EPARSE, load_bytes(*state, ws_text_of("[1]\n"), true, &value, &err));
  assert_message(&err, "a.json: expected a checksum");
  assert_status(WS_EPARSE, load_bytes(*state, ws_text_of("[1"), false, &value, &err));
  assert_message(&err, "a.json: JSON: ");
  assert_status(WS_EIO, ws_json_load("/no/such.json", false, &value, &err));
  assert_message(&err, "/no/such.json: cannot open");
  assert_status(WS_EIO, ws_json_load(*state, false, &value, &err));
  ws_buffer_clear(&value);
}

static ws_status seal_and_load(void *folder) {
  ws_buffer text = {0}, value = {0};
  ws_json_writer json = {.out = &text, .indent = 2};
  write_sample(&json);
  text.size = 0; // once more, as a document with a seal
  json = (ws_json_writer){.out = &text, .indent = 2, .status = json.status};
  ws_json_open(&json, '{');
  ws_json_key(&json, "n");
  ws_json_int(&json, 1);
  ws_json_seal(&json);
  ws_status status = json.status;
  if (status == WS_OK)
    status = load_bytes(folder, ws_buffer_as_text(&text), true, &value, NULL);
  ws_buffer_clear(&text);
  ws_buffer_clear(&value);
  return status;
}

static void the_writer_keeps_its_first_failure(void **state) {
  ws_test_every_allocation_failure(seal_and_load, *state);
}

static int make_folder(void **state) {
  *state = ws_test_folder();
  return 0;
}

static int remove_folder(void **state) {
  ws_test_remove_folder(*state);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_line_without_indentation),
      cmocka_unit_test(a_line_for_each_item_with_indentation),
      cmocka_unit_test(strings_are_escaped_where_they_must),
      cmocka_unit_test(what_is_not_utf8_is_written_as_a_replacement),
      cmocka_unit_test(no_number_is_null),
      cmocka_unit_test(doubles_are_written_as_short_as_can_be),
      cmocka_unit_test(every_double_reads_back_as_itself),
      cmocka_unit_test(a_sealed_document_reads_back),
      cmocka_unit_test(every_changed_byte_of_a_sealed_document_is_seen),
      cmocka_unit_test(every_missing_or_added_byte_is_seen),
      cmocka_unit_test(documents_without_a_seal_need_none),
      cmocka_unit_test(the_writer_keeps_its_first_failure),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
