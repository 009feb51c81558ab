/* SPDX-License-Identifier: MIT
 *
 * JSON files whose long array is read item by item: the same as reading them whole.
 */
#include <stdio.h>

#include <weaksup/json.h>

#include "ws_test.h"

static int setup(void **state) {
  *state = ws_test_folder();
  return 0;
}

static int teardown(void **state) {
  ws_test_remove_folder(*state);
  return 0;
}

static ws_status load(const char *folder, const char *text, ws_buffer *rest,
                      ws_json_items **items, ws_error *err) {
  char *path = ws_test_file(folder, "a.json", text, strlen(text));
  ws_status status = ws_json_items_load(path, false, "list", rest, items, err);
  free(path);
  return status;
}

/* Appends a value as JSON on one line. */
static void put(ws_buffer *out, ws_value value) {
  ws_json_writer json = {.out = out};
  ws_json_value(&json, value);
  assert_ok(json.status, NULL);
}

static ws_value value_in(const ws_buffer *bytes) {
  return (ws_value){(const unsigned char *)bytes->data};
}

/* The rest, then each item behind a '|'; or the message. */
static void show(const char *folder, const char *text, ws_buffer *out) {
  ws_buffer rest = {0};
  ws_json_items *items = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_value item;
  ws_status status = load(folder, text, &rest, &items, &err);
  if (status == WS_OK) put(out, value_in(&rest));
  for (size_t i = 0; status == WS_OK && i < ws_json_items_count(items); i++) {
    status = ws_json_items_next(items, &item, &err);
    assert_ok(ws_buffer_string(out, "|"), NULL);
    if (status == WS_OK) put(out, item);
  }
  if (status == WS_OK) {
    assert_ok(ws_json_items_next(items, &item, &err), &err);
    assert_null(item.at);
  } else {
    assert_int_equal(status, WS_EPARSE);
    assert_ok(ws_buffer_string(out, err.message), NULL);
  }
  ws_json_items_free(items);
  ws_buffer_clear(&rest);
}

static void items_are_cut_out_of_the_document(void **state) {
  static const struct {
    const char *text, *shown;
  } cases[] = {
      {"{\"a\":1,\"list\":[1,2],\"b\":[3]}", "{\"a\":1,\"list\":[],\"b\":[3]}|1|2"},
      {" {\n \"list\" : [ ] }\n", "{\"list\":[]}"},
      {"{\"list\":[{\"x\":[1,{}]} , [\"]\"],\"a\\\"],\", null,-1.5e3]}",
       "{\"list\":[]}|{\"x\":[1,{}]}|[\"]\"]|\"a\\\"],\"|null|-1500"},
      {"{\"a\":{\"list\":[1]},\"b\":\"list\",\"list\":[true]}",
       "{\"a\":{\"list\":[1]},\"b\":\"list\",\"list\":[]}|true"},
      // not there, no array, not in an object, not written as it is
      {"{\"a\":[1]}", "{\"a\":[1]}"},
      {"{\"list\":{\"a\":[1]}}", "{\"list\":{\"a\":[1]}}"},
      {"[[\"list\",[1]]]", "[[\"list\",[1]]]"},
      {"{\"l\\u0069st\":[1]}", "{\"list\":[1]}"},
      {"{}", "{}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_buffer out = {0};
    show(*state, cases[i].text, &out);
    assert_string_equal(out.data, cases[i].shown);
    ws_buffer_clear(&out);
  }
}

static void what_the_parser_refuses_is_refused_in_pieces(void **state) {
  static const char *const texts[] = {
      "",
      "{",
      "{\"list\"",
      "{\"list\":",
      "{\"list\":[",
      "{\"list\":[1",
      "{\"list\":[1,",
      "{\"list\":[1,]}",
      "{\"list\":[,1]}",
      "{\"list\":[1 2]}",
      "{\"list\":[{}{}]}",
      "{\"list\":[{]]}",
      "{\"list\":[[}]}",
      "{\"list\":[1}",
      "{\"list\":[1:2]}",
      "{\"list\":[\"a]}",
      "{\"list\":[\"a\\\"]}",
      "{\"list\":[nil]}",
      "{\"list\":[\"\xFF\"]}",
      "{\"list\":[{\"a\":1,\"a\":2}]}",
      "{\"list\":[1]} x",
      "{\"list\":[1],\"list\":[2]}",
      "{\"list\" [1]}",
      "{xlistx:[1]}",
      "{\"list\",[1]}",
      "{\"list\":[1],}",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ws_buffer out = {0};
    show(*state, texts[i], &out);
    if (!strstr(out.data, "JSON: ")) fail_msg("'%s' was taken: %s", texts[i], out.data);
    ws_buffer_clear(&out);
  }
}

static void items_can_be_read_twice(void **state) {
  ws_buffer rest = {0};
  ws_json_items *items = NULL;
  ws_value item;
  assert_ok(load(*state, "{\"list\":[7,8]}", &rest, &items, NULL), NULL);
  for (int round = 0; round < 2; round++) {
    for (int64_t i = 7; i < 9; i++) {
      assert_ok(ws_json_items_next(items, &item, NULL), NULL);
      assert_int_equal(ws_value_int(item), i);
    }
    ws_json_items_rewind(items);
  }
  ws_json_items_free(items);
  ws_buffer_clear(&rest);
}

static void the_seal_is_demanded_and_files_are_named(void **state) {
  char path[4096];
  ws_buffer rest = {0};
  ws_json_items *items = NULL;
  ws_error err = WS_ERROR_INIT;
  free(ws_test_file(*state, "a.json", "{\"list\":[]}", 11));
  snprintf(path, sizeof path, "%s/a.json", (const char *)*state);
  assert_status(WS_EPARSE, ws_json_items_load(path, true, "list", &rest, &items, &err));
  assert_message(&err, "a.json: expected a checksum");
  assert_status(WS_EPARSE, load(*state, "{\"list\":[}", &rest, &items, &err));
  assert_message(&err, "a.json: JSON: column 10: expected a value, or ']', found '}'");
  assert_status(WS_EIO,
                ws_json_items_load("/no/such.json", true, "list", &rest, &items, &err));
  assert_null(items);
  ws_buffer_clear(&rest);
}

static ws_status load_and_read(void *folder) {
  ws_buffer rest = {0};
  ws_json_items *items = NULL;
  ws_value item;
  ws_status status = load(folder, "{\"list\":[1,[2],\"3\"]}", &rest, &items, NULL);
  for (size_t i = 0; status == WS_OK && i < 3; i++)
    status = ws_json_items_next(items, &item, NULL);
  ws_json_items_free(items);
  ws_buffer_clear(&rest);
  return status;
}

static void every_allocation_may_fail(void **state) {
  ws_test_every_allocation_failure(load_and_read, *state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(items_are_cut_out_of_the_document),
      cmocka_unit_test(what_the_parser_refuses_is_refused_in_pieces),
      cmocka_unit_test(items_can_be_read_twice),
      cmocka_unit_test(the_seal_is_demanded_and_files_are_named),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
