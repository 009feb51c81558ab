/* SPDX-License-Identifier: MIT
 *
 * The flat encoding of values: what is put in comes out, byte for byte as value.h lays it
 * down.
 */
#include <weaksup/value.h>

#include "value_write.h"
#include "ws_test.h"

#define TEXT(literal) ((ws_text){literal, sizeof literal - 1})

static ws_value value_of(const ws_buffer *bytes) {
  return (ws_value){(const unsigned char *)bytes->data};
}

/* {"n":null,"b":true,"i":-2,"d":0.5,"s":"x\0y","a":[1,[]],"":{}} */
static ws_status put_object(ws_buffer *out) {
  size_t object, array, inner;
  WS_TRY(ws__put_open(out, WS_OBJECT, &object));
  WS_TRY(ws__put_key(out, TEXT("n")));
  WS_TRY(ws__put_null(out));
  WS_TRY(ws__put_key(out, TEXT("b")));
  WS_TRY(ws__put_bool(out, true));
  WS_TRY(ws__put_key(out, TEXT("i")));
  WS_TRY(ws__put_int(out, -2));
  WS_TRY(ws__put_key(out, TEXT("d")));
  WS_TRY(ws__put_double(out, 0.5));
  WS_TRY(ws__put_key(out, TEXT("s")));
  WS_TRY(ws__put_string(out, TEXT("x\0y")));
  WS_TRY(ws__put_key(out, TEXT("a")));
  WS_TRY(ws__put_open(out, WS_ARRAY, &array));
  WS_TRY(ws__put_int(out, 1));
  WS_TRY(ws__put_open(out, WS_ARRAY, &inner));
  WS_TRY(ws__put_close(out, inner, 0));
  WS_TRY(ws__put_close(out, array, 2));
  WS_TRY(ws__put_key(out, TEXT("")));
  WS_TRY(ws__put_open(out, WS_OBJECT, &inner));
  WS_TRY(ws__put_close(out, inner, 0));
  return ws__put_close(out, object, 7);
}

static void members_are_found_by_name(void **state) {
  (void)state;
  ws_buffer out = {0};
  assert_ok(put_object(&out), NULL);
  ws_value object = value_of(&out);
  assert_int_equal(ws_value_count(object), 7);
  assert_int_equal(ws_value_size(object), out.size);
  assert_int_equal(ws_value_type(ws_value_get(object, TEXT("n"))), WS_NULL);
  assert_non_null(ws_value_get(object, TEXT("n")).at);
  assert_true(ws_value_bool(ws_value_get(object, TEXT("b"))));
  assert_int_equal(ws_value_int(ws_value_get(object, TEXT("i"))), -2);
  assert_near(ws_value_number(ws_value_get(object, TEXT("i"))), -2, 0);
  assert_near(ws_value_number(ws_value_get(object, TEXT("d"))), 0.5, 0);
  assert_true(
      ws_text_equal(ws_value_text(ws_value_get(object, TEXT("s"))), TEXT("x\0y")));
  assert_int_equal(ws_value_count(ws_value_get(object, TEXT("a"))), 2);
  assert_true(ws_value_is(ws_value_get(object, TEXT("")), WS_OBJECT));
  ws_buffer_clear(&out);
}

static void what_is_not_there_is_no_value(void **state) {
  (void)state;
  ws_buffer out = {0};
  assert_ok(put_object(&out), NULL);
  ws_value none = ws_value_get(value_of(&out), TEXT("N"));
  assert_null(none.at);
  assert_int_equal(ws_value_type(none), WS_NULL);
  assert_false(ws_value_is(none, WS_NULL));
  assert_string_equal(ws_value_type_text(none), "nothing");
  assert_null(ws_value_get(none, TEXT("n")).at);
  assert_null(ws_value_get(ws_value_get(value_of(&out), TEXT("a")), TEXT("n")).at);
  ws_buffer_clear(&out);
}

static void items_come_in_their_order(void **state) {
  (void)state;
  static const char *const keys[] = {"n", "b", "i", "d", "s", "a", ""};
  static const char *const types[] = {"null",     "a boolean", "a number", "a number",
                                      "a string", "an array",  "an object"};
  ws_buffer out = {0};
  ws_text key;
  ws_value item;
  size_t i = 0;
  assert_ok(put_object(&out), NULL);
  for (ws_value_iter it = ws_value_each(value_of(&out)); ws_value_next(&it, &key, &item);
       i++) {
    assert_true(ws_text_equals(key, keys[i]));
    assert_string_equal(ws_value_type_text(item), types[i]);
  }
  assert_int_equal(i, 7);
  ws_value_iter it = ws_value_each(ws_value_get(value_of(&out), TEXT("a")));
  assert_true(ws_value_next(&it, &key, &item));
  assert_null(key.data);
  assert_int_equal(ws_value_int(item), 1);
  ws_buffer_clear(&out);
}

static void the_encoding_is_as_it_is_written_down(void **state) {
  (void)state;
  static const unsigned char bytes[] = {
      WS_OBJECT, 20, 0, 0, 0,   2,         0,       0, 0,              //
      1,         0,  0, 0, 'a', WS_STRING, 2,       0, 0, 0, 'h', 'i', //
      2,         0,  0, 0, 'b', 'c',       WS_BOOL, 1,                 //
      WS_NULL};
  ws_buffer out = {0};
  size_t mark;
  assert_ok(ws__put_open(&out, WS_OBJECT, &mark), NULL);
  assert_ok(ws__put_key(&out, TEXT("a")), NULL);
  assert_ok(ws__put_string(&out, TEXT("hi")), NULL);
  assert_ok(ws__put_key(&out, TEXT("bc")), NULL);
  assert_ok(ws__put_bool(&out, true), NULL);
  assert_ok(ws__put_close(&out, mark, 2), NULL);
  assert_ok(ws__put_null(&out), NULL);
  assert_int_equal(out.size, sizeof bytes);
  assert_memory_equal(out.data, bytes, sizeof bytes);
  ws_buffer_clear(&out);
}

static void sizes_are_those_of_the_encoding(void **state) {
  (void)state;
  ws_buffer out = {0};
  assert_ok(ws__put_int(&out, INT64_MIN), NULL);
  assert_int_equal(ws_value_size(value_of(&out)), 9);
  assert_true(ws_value_int(value_of(&out)) == INT64_MIN);
  out.size = 0;
  assert_ok(ws__put_string(&out, (ws_text){NULL, 0}), NULL);
  assert_int_equal(ws_value_size(value_of(&out)), 5);
  assert_int_equal(ws_value_text(value_of(&out)).size, 0);
  assert_int_equal(ws_value_size((ws_value){NULL}), 1);
  ws_buffer_clear(&out);
}

static void texts_beyond_32_bits_are_refused(void **state) {
  (void)state;
  ws_buffer out = {0};
  ws_text huge = {"", (size_t)UINT32_MAX};
  assert_status(WS_EINVAL, ws__put_string(&out, huge));
  assert_status(WS_EINVAL, ws__put_key(&out, huge));
  assert_int_equal(out.size, 0);
}

static ws_status put(void *user) {
  (void)user;
  ws_buffer out = {0};
  ws_status status = put_object(&out);
  ws_buffer_clear(&out);
  return status;
}

static void writing_values_without_memory_says_so(void **state) {
  (void)state;
  ws_test_every_allocation_failure(put, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(members_are_found_by_name),
      cmocka_unit_test(what_is_not_there_is_no_value),
      cmocka_unit_test(items_come_in_their_order),
      cmocka_unit_test(the_encoding_is_as_it_is_written_down),
      cmocka_unit_test(sizes_are_those_of_the_encoding),
      cmocka_unit_test(texts_beyond_32_bits_are_refused),
      cmocka_unit_test(writing_values_without_memory_says_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
