/* SPDX-License-Identifier: MIT
 *
 * Reading replies: what the corpus (test_lf_reply_corpus.c) cannot hold, and schemas.
 */
#include <stdio.h>
#include <time.h>

#include <weaksup/json.h>
#include <weaksup/reply.h>

#include "ws_test.h"

static int setup(void **state) {
  *state = ws_test_task("HAM,SPAM,any \"name\"");
  return 0;
}

static int teardown(void **state) {
  ws_task_free(*state);
  return 0;
}

static ws_reply *read_cut(const ws_task *task, ws_text bytes, bool truncated) {
  ws_reply *reply = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_reply_options options = {.task = task, .truncated = truncated};
  assert_ok(ws_reply_read(bytes, &options, &reply, &err), &err);
  return reply;
}

static ws_reply *read_reply(const ws_task *task, ws_text bytes) {
  return read_cut(task, bytes, false);
}

static void repeat(ws_buffer *out, const char *text, size_t bytes) {
  while (out->size + strlen(text) <= bytes)
    assert_int_equal(ws_buffer_string(out, text), WS_OK);
}

static void a_reply_beyond_a_megabyte_is_not_read(void **state) {
  static const char block[] = "```lua\nfunction lf.a(x) return SPAM end\n```\n";
  ws_buffer bytes = {0};
  assert_int_equal(ws_buffer_string(&bytes, block), WS_OK);
  repeat(&bytes, "x", WS_REPLY_BYTES_MAX);
  ws_reply *reply = read_reply(*state, ws_buffer_as_text(&bytes));
  assert_int_equal(ws_reply_count(reply), 1);
  ws_reply_free(reply);
  assert_int_equal(ws_buffer_string(&bytes, "x"), WS_OK);
  reply = read_reply(*state, ws_buffer_as_text(&bytes));
  assert_int_equal(ws_reply_count(reply), 0);
  assert_int_equal(ws_reply_problem_at(reply, 0)->code, WS_REPLY_TOO_LARGE);
  ws_reply_free(reply);
  ws_buffer_clear(&bytes);
}

/* Whatever a megabyte is filled with, reading it takes no time to speak of (under
 * sanitizers a second), and what is said of it has an end. */
static void floods_are_read_quickly(void **state) {
  static const char *const floods[] = {"```\n",
                                       "~~~~~~~\n```\n",
                                       "```lua\n```\n",
                                       "```lua\nlf.a=1\n```\n",
                                       "lf.a=1 ",
                                       "function lf.a() end\n",
                                       "local a\n",
                                       "{",
                                       "[",
                                       "[[",
                                       "{\"lfs\":[",
                                       "<think>",
                                       "</think>\n",
                                       "</think>",
                                       "\\",
                                       "\"",
                                       "--[[",
                                       "--[==[\n",
                                       "a SPAM /x/\n",
                                       "a b\n",
                                       "local function lf() end\n",
                                       "lf",
                                       "lf[",
                                       "lf.a,",
                                       "end ",
                                       "[=[ ]=] ",
                                       " ",
                                       "\n",
                                       "{},",
                                       "{\"name\":\"a\"},"};
  static const char *const fronts[] = {
      "",           "```lua\n", "```rules\n",
      "{\"lfs\":[", "<think>",  "```lua\nlf.x = keywords(HAM, {\"x\"})\n"};
  for (size_t i = 0; i < sizeof floods / sizeof *floods; i++)
    for (size_t j = 0; j < sizeof fronts / sizeof *fronts; j++) {
      ws_buffer bytes = {0};
      assert_int_equal(ws_buffer_string(&bytes, fronts[j]), WS_OK);
      repeat(&bytes, floods[i], WS_REPLY_BYTES_MAX - 8);
      if (strncmp(fronts[j], "```", 3) == 0)
        assert_int_equal(ws_buffer_string(&bytes, "\n```\n"), WS_OK);
      clock_t began = clock();
      ws_reply *reply = read_reply(*state, ws_buffer_as_text(&bytes));
      double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
      if (seconds > 3)
        print_error("'%s' behind '%s': %.1f s\n", floods[i], fronts[j], seconds);
      assert_true(seconds < 5);
      assert_true(ws_reply_count(reply) <= WS_REPLY_LFS_MAX);
      assert_in_range(ws_reply_problems(reply) + ws_reply_count(reply), 1, 300);
      ws_reply_free(reply);
      ws_buffer_clear(&bytes);
    }
}

static const char mixed[] =
    "<think>x</think>\n"
    "```lua\n-- label: SPAM\n-- rationale: r\nlocal t = { \"a\" }\n"
    "function lf.a(x) if has(x.text, t) then return SPAM end end\n"
    "function lf.b(x) if has(x.text, t) then return HAM end end\n```\n"
    "```rules\n# name: c\nc SPAM /x/i\nd EGGS /y/\n```\n"
    "```json\n{\"lfs\":[{\"name\":\"e\",\"label\":2,\"keywords\":[\"x\",\"y\"]},"
    "{\"name\":\"f\",\"label\":\"HAM\",\"pattern\":\"a/b\",\"field\":\"t\"}]}\n```\n"
    "```js\n```\n";

static ws_status read_mixed(void *user) {
  ws_reply *reply = NULL;
  ws_reply_options options = {.task = user};
  ws_status status = ws_reply_read(ws_text_of(mixed), &options, &reply, NULL);
  ws_reply_free(reply);
  return status;
}

static void running_out_of_memory_is_an_error(void **state) {
  ws_test_every_allocation_failure(read_mixed, *state);
}

static void all_that_is_there_is_found(void **state) {
  static const char *const names[] = {"a", "b", "c", "e", "f"};
  ws_reply *reply = read_reply(*state, ws_text_of(mixed));
  assert_int_equal(ws_reply_count(reply), 5);
  for (size_t i = 0; i < 5; i++)
    assert_true(ws_text_equals(ws_reply_at(reply, i)->names[0], names[i]));
  assert_int_equal(ws_reply_at(reply, 3)->label, 2);
  assert_non_null(
      strstr(ws_reply_at(reply, 3)->source.data, "class[\"any \\\"name\\\"\"]"));
  assert_int_equal(ws_reply_problems(reply), 2);
  assert_int_equal(ws_reply_problem_at(reply, 0)->code, WS_REPLY_BAD_RULE);
  assert_int_equal(ws_reply_problem_at(reply, 1)->code, WS_REPLY_WRONG_LANGUAGE);
  ws_reply_free(reply);
}

/* Cut anywhere, a reply costs what it loses and nothing else, and never becomes another
 * one: what is found is among what the whole one holds. */
static void a_reply_cut_anywhere_gives_nothing_new(void **state) {
  ws_reply *whole = read_reply(*state, ws_text_of(mixed));
  for (size_t size = 0; size < sizeof mixed - 1; size++) {
    ws_reply *part = read_cut(*state, (ws_text){mixed, size}, true);
    assert_true(ws_reply_count(part) <= ws_reply_count(whole));
    for (size_t i = 0; i < ws_reply_count(part); i++)
      assert_true(
          ws_text_equal(ws_reply_at(part, i)->source, ws_reply_at(whole, i)->source));
    assert_true(ws_reply_count(part) == ws_reply_count(whole) || ws_reply_problems(part));
    ws_reply_free(part);
  }
  ws_reply_free(whole);
}

/* The reply that a schema asks for is one that is read. */
static void schemas_are_json_and_name_the_classes(void **state) {
  for (unsigned kind = 0; kind < WS_PROMPT_KINDS; kind++) {
    ws_buffer schema = {0}, value = {0};
    ws_json_parser *parser = NULL;
    ws_error err = WS_ERROR_INIT;
    assert_int_equal(ws_reply_schema(*state, (ws_prompt_kind)kind, 5, &schema), WS_OK);
    assert_null(strchr(schema.data, '\n'));
    assert_non_null(strstr(schema.data, "\"maxItems\":5"));
    assert_non_null(
        strstr(schema.data, "\"enum\":[\"HAM\",\"SPAM\",\"any \\\"name\\\"\"]"));
    assert_int_equal(strstr(schema.data, "\"code\"") != NULL, kind != WS_PROMPT_RULES);
    assert_int_equal(strstr(schema.data, "\"pattern\"") != NULL, kind != WS_PROMPT_LUA);
    ws_text text = ws_buffer_as_text(&schema);
    assert_int_equal(ws_buffer_reserve(&schema, WS_JSON_PADDING), WS_OK);
    text.data = schema.data;
    assert_int_equal(ws_json_parser_new(&parser), WS_OK);
    assert_ok(ws_json_parse(parser, text, &value, &err), &err);
    ws_json_parser_free(parser);
    ws_buffer_clear(&schema);
    ws_buffer_clear(&value);
  }
}

/* Its name turns the direction of writing, which no file of rules may hold. */
static void a_class_that_cannot_be_shown_is_written_as_its_index(void **state) {
  static const char text[] = "[{\"name\":\"a\",\"label\":2,\"pattern\":\"x\"},"
                             "{\"name\":\"b\",\"label\":2,\"keywords\":[\"x\"]}]";
  (void)state;
  ws_task *task = ws_test_task("HAM,SPAM,a\xE2\x80\xAE z");
  ws_reply *reply = read_reply(task, ws_text_of(text));
  assert_int_equal(ws_reply_count(reply), 2);
  assert_true(ws_text_equals(ws_reply_at(reply, 0)->source, "a  2  /x/\n"));
  assert_int_equal(ws_reply_at(reply, 0)->label, 2);
  ws_reply_free(reply);
  ws_task_free(task);
}

static void codes_have_names_and_texts(void **state) {
  (void)state;
  for (unsigned i = 0; i < WS_REPLY_CODES; i++)
    for (unsigned j = 0; j < i; j++)
      assert_string_not_equal(ws_reply_code_name((ws_reply_code)i),
                              ws_reply_code_name((ws_reply_code)j));
  assert_string_equal(ws_reply_code_name(WS_REPLY_CODES), "unknown");
  assert_string_equal(ws_reply_kind_suffix(WS_REPLY_RULES), ".rules");
  assert_string_equal(ws_reply_kind_suffix(WS_REPLY_KEYWORDS), ".lua");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_reply_beyond_a_megabyte_is_not_read),
      TEST(floods_are_read_quickly),
      TEST(running_out_of_memory_is_an_error),
      TEST(all_that_is_there_is_found),
      TEST(a_reply_cut_anywhere_gives_nothing_new),
      TEST(schemas_are_json_and_name_the_classes),
      TEST(a_class_that_cannot_be_shown_is_written_as_its_index),
      TEST(codes_have_names_and_texts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
