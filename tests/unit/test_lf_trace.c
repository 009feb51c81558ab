/* SPDX-License-Identifier: MIT
 *
 * Traces: what is matched where, and that the parent believes no worker.
 */
#include "../lf/lf_test.h"

#include <weaksup/trace.h>

#include "trace_priv.h"

typedef struct trace_fixture {
  lf_fixture lf;
  ws_records *records;
  ws_trace *trace;
} trace_fixture;

static int begin(void **state) {
  trace_fixture *f = calloc(1, sizeof *f);
  lf_begin(&f->lf, "HAM,SPAM");
  assert_ok(ws_records_new(&f->records), NULL);
  *state = f;
  return 0;
}

static int end(void **state) {
  trace_fixture *f = *state;
  ws_trace_free(f->trace);
  ws_records_free(f->records);
  lf_end(&f->lf);
  free(f);
  return 0;
}

static void read_record(trace_fixture *f) {
  ws_reader *reader = NULL;
  size_t added;
  ws_records_clear(f->records);
  assert_ok(ws_reader_open(f->lf.data, f->lf.task, NULL, &reader, NULL), NULL);
  assert_ok(ws_reader_read(reader, f->records, 1, SIZE_MAX, &added, NULL), NULL);
  ws_reader_free(reader);
}

static void trace(trace_fixture *f) {
  assert_ok(lf_load(&f->lf), &f->lf.err);
  assert_ok(lf_apply(&f->lf), &f->lf.err);
  read_record(f);
  ws_trace_free(f->trace);
  f->trace = NULL;
  assert_ok(ws_trace_new(f->lf.set, f->records, f->lf.report, &f->trace, &f->lf.err),
            &f->lf.err);
}

/* by FIELD "text" CHARACTERS BYTES */
static void expect(const trace_fixture *f, size_t j, const char *expected) {
  const ws_lf_trace *lf = ws_trace_at(f->trace, j);
  const ws_lf_match *m = &lf->match;
  char found[200] = "";
  if (m->by)
    snprintf(found, sizeof found, "%s %s \"%s\" %zu-%zu %zu-%zu", ws_match_by_name(m->by),
             m->field ? m->field : "?", m->text.data, m->first_character,
             m->end_character, m->start, m->end);
  assert_true(lf->traced);
  assert_string_equal(found, expected);
}

static void matches_are_found_in_the_text_as_it_stands(void **state) {
  trace_fixture *f = *state;
  lf_file(
      &f->lf, "a.lua",
      "lf.kw = keywords(SPAM, {'istanbul', 'wow'})\n"
      "function lf.rx(x) if rx('o.l', 'i'):test(x.text) then return HAM end end\n"
      "function lf.has(x) if has(x.text, {'end'}) then return HAM end end\n"
      "function lf.find(x) if x.lower:find('owl', 1, true) then return HAM end end\n"
      "function lf.match(x) return x.lower:match('^%S+') and HAM end\n"
      "function lf.other(x) if rx('at'):test(x.title) then return HAM end end\n"
      "function lf.own(x) if rx('^.o'):test(words(x.text)[2]) then return HAM end end\n"
      "function lf.last(x) rx('OWL'):test(x.text) rx('no'):test(x.text) end\n"
      "function lf.half(x) if x.text:find('\\xC4') then return HAM end end\n");
  lf_file(&f->lf, "b.rules",
          "r SPAM /O(W)L/\nk HAM @k.txt\nt HAM title ~ /c/\nno HAM "
          "/zzz/\n");
  lf_file(&f->lf, "k.txt", "Owl\n");
  // U+0130 takes two bytes, its lower case one; U+023A two, its lower case three.
  lf_data(&f->lf, "d.jsonl",
          "{\"title\":\"cat\",\"text\":\"\xC8\xBA \xC4\xB0stanbul OWL end\"}\n");
  trace(f);
  expect(f, 0, "keyword text \"\xC4\xB0stanbul\" 2-10 3-12");
  expect(f, 1, "rx text \"OWL\" 11-14 13-16");
  expect(f, 2, "has text \"end\" 15-18 17-20");
  expect(f, 3, "find text \"OWL\" 11-14 13-16");
  expect(f, 4, "match text \"\xC8\xBA\" 0-1 0-2");
  expect(f, 5, "rx title \"at\" 1-3 1-3");
  expect(f, 6, "");
  expect(f, 7, "rx text \"OWL\" 11-14 13-16");
  expect(f, 8, "find text \"\xC4\xB0\" 2-3 3-5");
  expect(f, 9, "rule text \"OWL\" 11-14 13-16");
  expect(f, 10, "keyword text \"OWL\" 11-14 13-16");
  expect(f, 11, "rule title \"c\" 0-1 0-1");
  expect(f, 12, "");
  for (size_t j = 0; j < 12; j++) assert_true(ws_trace_at(f->trace, j)->micros >= 0);
  assert_true(ws_trace_at(f->trace, 12)->micros < 0); // not called: "zzz" is not there
}

static void only_those_that_are_wanted_are_called(void **state) {
  trace_fixture *f = *state;
  const bool wanted[] = {false, true, false, false};
  lf_file(&f->lf, "a.lua",
          "function lf.one(x) if x.text:find('a') then return HAM end end\n"
          "function lf.two(x) if x.text:find('b') then return HAM end end\n");
  lf_file(&f->lf, "b.rules", "three SPAM /a/\nfour SPAM /b/\n");
  lf_data(&f->lf, "d.txt", "a b\n");
  trace(f);
  ws_trace_free(f->trace);
  f->trace = NULL;
  assert_ok(ws_trace_some_new(f->lf.set, f->records, f->lf.report, wanted, &f->trace,
                              &f->lf.err),
            &f->lf.err);
  for (size_t j = 0; j < 4; j++)
    assert_int_equal(ws_trace_at(f->trace, j)->traced, wanted[j]);
  expect(f, 1, "find text \"b\" 2-3 2-3");
}

static void what_a_function_made_itself_has_no_place(void **state) {
  trace_fixture *f = *state;
  lf_file(&f->lf, "a.lua",
          "function lf.own(x) return (x.text .. '!'):find('b!') and HAM end\n"
          "function lf.long(x) return x.text:rep(100):find('.+') and HAM end\n");
  lf_data(&f->lf, "d.txt", "a\xC3\xA9zb\n");
  trace(f);
  expect(f, 0, "find ? \"b!\" 0-0 0-0");
  const ws_lf_match *match = &ws_trace_at(f->trace, 1)->match;
  assert_null(match->field);
  assert_true(match->text.size > 200 && match->text.size <= WS__TRACE_EXCERPT);
  assert_true(ws_utf8_valid(match->text));
}

static void derived_fields_are_told(void **state) {
  trace_fixture *f = *state;
  lf_file(&f->lf, "a.lua",
          "function field.w(x) return words(x.text) end\n"
          "function field.n(x) return #x.w end\n"
          "function lf.one(x) if x.n > 0 then return HAM end end\n"
          "function lf.two(x) if x.n > 1 and x.w[1] then return HAM end end\n");
  lf_data(&f->lf, "d.txt", "a b\n");
  trace(f);
  for (size_t j = 0; j < 2; j++) {
    const ws_lf_trace *lf = ws_trace_at(f->trace, j);
    assert_int_equal(lf->derived_count, 2);
    assert_string_equal(lf->derived[0], "n");
    assert_string_equal(lf->derived[1], "w");
  }
}

/* Tracing calls a function many times; what it says and its limits stay the same. */
static void those_that_hang_are_left_out(void **state) {
  trace_fixture *f = *state;
  lf_file(&f->lf, "a.lua",
          "function lf.before(x) if x.text:find('a') then return HAM end end\n"
          "function lf.loop(x) while true do end end\n"
          "function lf.steps(x) return x.text:rep(200):find('.-.-.-.-b') and HAM end\n"
          "function lf.after(x) if x.text:find('a') then return HAM end end\n");
  lf_data(&f->lf, "d.txt", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
  trace(f);
  expect(f, 0, "find text \"a\" 0-1 0-1");
  assert_false(ws_trace_at(f->trace, 1)->traced);
  expect(f, 3, "find text \"a\" 0-1 0-1");
}

/* Noting a match must cost next to nothing: the limit on time holds for traced calls. */
static void many_matches_in_a_long_text_are_fine(void **state) {
  trace_fixture *f = *state;
  ws_buffer text = {0};
  for (int i = 0; i < 20000; i++) assert_ok(ws_buffer_string(&text, "Abcd"), NULL);
  lf_file(&f->lf, "a.lua",
          "function lf.many(x)\n"
          "  for i = 1, 5000 do x.lower:find('bc', 40000 + i, true) end\n"
          "  return HAM\n"
          "end\n");
  lf_data(&f->lf, "d.txt", text.data);
  ws_buffer_clear(&text);
  trace(f);
  expect(f, 0, "find text \"bc\" 45001-45003 45001-45003");
}

/* Memory that was freed is used again: it says nothing of the text in it. */
static void a_text_where_another_one_was_is_looked_for(void **state) {
  trace_fixture *f = *state;
  ws__trace trace = {.lf = 0};
  char text[] = "cat";
  lf_data(&f->lf, "d.jsonl", "{\"text\":\"cat\",\"title\":\"dog\"}\n");
  read_record(f);
  ws_value fields = ws_records_at(f->records, 0).fields;
  ws__trace_match(&trace, fields, (ws_text){NULL, 0}, WS_MATCH_BY_RX, ws_text_of(text), 0,
                  1);
  assert_true(ws_text_equals(trace.field, "text"));
  memcpy(text, "dog", sizeof text);
  ws__trace_match(&trace, fields, (ws_text){NULL, 0}, WS_MATCH_BY_RX, ws_text_of(text), 0,
                  1);
  assert_true(ws_text_equals(trace.field, "title"));
}

static void only_one_record_is_traced(void **state) {
  trace_fixture *f = *state;
  lf_file(&f->lf, "a.rules", "a HAM /a/\n");
  lf_data(&f->lf, "d.txt", "a\n");
  trace(f);
  ws_trace *none = NULL;
  ws_records_clear(f->records);
  assert_status(WS_EINVAL,
                ws_trace_new(f->lf.set, f->records, f->lf.report, &none, &f->lf.err));
  assert_message(&f->lf.err, "expected one record to trace, found 0");
}

/* --- workers that lie --- */

static ws__trace honest(void) {
  ws__trace trace = {
      .lf = 1, .nanoseconds = 1500, .by = WS_MATCH_BY_RX, .start = 2, .end = 4};
  trace.field = ws_text_of("text");
  memcpy(trace.excerpt, "ab\xC3", trace.excerpt_size = 3);
  strcpy(trace.derived[trace.derived_count++], "words");
  return trace;
}

static ws_status send_trace(trace_fixture *f, const ws__trace *trace) {
  ws_buffer wire = {0};
  ws_value fields = ws_records_at(f->records, 0).fields;
  ws_trace_free(f->trace);
  f->trace = NULL;
  assert_ok(ws__trace_alloc(2, &f->trace), NULL);
  assert_ok(ws__put_trace(&wire, trace), NULL);
  ws_status status = ws__take_trace(f->trace, ws_buffer_as_text(&wire), fields);
  ws_buffer_clear(&wire);
  return status;
}

static void what_is_not_of_the_record_is_refused(void **state) {
  trace_fixture *f = *state;
  ws__trace t = honest();
  lf_data(&f->lf, "d.jsonl", "{\"text\":\"a\xC3\xA9\xC3\xA9z\",\"n\":1}\n");
  read_record(f);
  assert_status(WS_OK, send_trace(f, &t));
  expect(f, 1, "rx text \"\xC3\xA9\xC3\xA9\" 1-3 1-5"); // whole characters
  assert_near(ws_trace_at(f->trace, 1)->micros, 1.5, 1e-12);
  assert_false(ws_trace_at(f->trace, 0)->traced);
  t = honest(), t.lf = 2, assert_status(WS_ELF, send_trace(f, &t));
  t = honest(), t.end = 7, assert_status(WS_ELF, send_trace(f, &t));
  t = honest(), t.start = 5, assert_status(WS_ELF, send_trace(f, &t));
  t = honest(), t.end = UINT64_MAX, assert_status(WS_ELF, send_trace(f, &t));
  t = honest(), t.field = ws_text_of("n"), assert_status(WS_ELF, send_trace(f, &t));
  t = honest(), t.field = ws_text_of("no"), assert_status(WS_ELF, send_trace(f, &t));
  t = honest(), t.by = 99, assert_status(WS_ELF, send_trace(f, &t));
  t = honest(), t.derived[0][1] = '\033', assert_status(WS_ELF, send_trace(f, &t));
  t = honest(), t.field = (ws_text){NULL, 0}, assert_status(WS_OK, send_trace(f, &t));
  expect(f, 1, "rx ? \"ab\" 0-0 0-0");
}

/* What it may send is as much as there are labeling functions, whatever it says. */
static void a_labeling_function_is_told_of_once(void **state) {
  trace_fixture *f = *state;
  ws__trace t = honest();
  ws_buffer wire = {0};
  lf_data(&f->lf, "d.txt", "a\xC3\xA9\xC3\xA9z\n");
  read_record(f);
  ws_value fields = ws_records_at(f->records, 0).fields;
  assert_status(WS_OK, send_trace(f, &t));
  assert_ok(ws__put_trace(&wire, &t), NULL);
  assert_status(WS_ELF, ws__take_trace(f->trace, ws_buffer_as_text(&wire), fields));
  ws_buffer_clear(&wire);
}

/* Any byte changed, any end cut off: refused, or a trace that keeps within the text. */
static void damaged_frames_do_no_harm(void **state) {
  trace_fixture *f = *state;
  ws__trace t = honest();
  ws_buffer wire = {0};
  lf_data(&f->lf, "d.txt", "a\xC3\xA9\xC3\xA9z\n");
  read_record(f);
  ws_value fields = ws_records_at(f->records, 0).fields;
  assert_ok(ws__put_trace(&wire, &t), NULL);
  assert_ok(ws__trace_alloc(2, &f->trace), NULL);
  for (size_t size = 0; size < wire.size; size++)
    assert_status(WS_ELF, ws__take_trace(f->trace, (ws_text){wire.data, size}, fields));
  for (size_t i = 0; i < wire.size; i++)
    for (int value = 0; value < 256; value++) {
      char was = wire.data[i];
      wire.data[i] = (char)value;
      ws_trace_free(f->trace);
      assert_ok(ws__trace_alloc(2, &f->trace), NULL);
      ws_status status = ws__take_trace(f->trace, ws_buffer_as_text(&wire), fields);
      assert_true(status == WS_OK || status == WS_ELF);
      for (size_t j = 0; j < 2; j++) {
        const ws_lf_match *match = &ws_trace_at(f->trace, j)->match;
        assert_true(match->start <= match->end && match->end <= 6);
        assert_true(ws_utf8_valid(match->text));
      }
      wire.data[i] = was;
    }
  ws_buffer_clear(&wire);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      TEST(matches_are_found_in_the_text_as_it_stands),
      TEST(only_those_that_are_wanted_are_called),
      TEST(what_a_function_made_itself_has_no_place),
      TEST(derived_fields_are_told),
      TEST(those_that_hang_are_left_out),
      TEST(many_matches_in_a_long_text_are_fine),
      TEST(a_text_where_another_one_was_is_looked_for),
      TEST(only_one_record_is_traced),
      TEST(a_labeling_function_is_told_of_once),
      TEST(what_is_not_of_the_record_is_refused),
      TEST(damaged_frames_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
