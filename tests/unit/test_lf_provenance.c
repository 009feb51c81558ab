/* SPDX-License-Identifier: MIT
 *
 * Headers of generated files: what is written is read again, and what was changed is
 * told.
 */
#include <stdio.h>
#include <sys/stat.h>

#include <weaksup/provenance.h>

#include "generated.h"
#include "ws_test.h"

static const char code[] = "function lf.promo(x)\n  return SPAM\nend\n";

static ws_provenance full(void) {
  return (ws_provenance){.lf = ws_text_of("promo"),
                         .status = ws_text_of("accepted"),
                         .variant = ws_text_of("rules"),
                         .model = ws_text_of("qwen3 | 100% \n]] --\x1B[2J \xFF \xC3\xA4"),
                         .endpoint = ws_text_of("openai"),
                         .date = ws_text_of("2026-01-02"),
                         .parent = ws_text_of("old"),
                         .evidence = ws_text_of("dev 38/41 precision 0.93 [0.81, 0.97]"),
                         .round = 2,
                         .template_hash = ws_hash128_of("t", 1),
                         .prompt = ws_hash128_of("p", 1),
                         .reply = ws_hash128_of("r", 1),
                         .prompt_tokens = 812,
                         .reply_tokens = 240,
                         .estimated = true,
                         .cost_usd = 0.00061};
}

static void write_file(const ws_provenance *p, bool rules, ws_buffer *out) {
  out->size = 0;
  assert_int_equal(ws_provenance_write(p, rules, ws_text_of(code), out), WS_OK);
}

static void assert_state(const char *file, size_t size, ws_provenance_state expected) {
  ws_provenance_file read = {.source = 0};
  assert_int_equal(ws_provenance_read((ws_text){file, size}, &read), WS_OK);
  assert_string_equal(ws_provenance_state_name(read.state),
                      ws_provenance_state_name(expected));
  assert_int_equal(*read.problem != '\0', expected == WS_PROVENANCE_DAMAGED);
  ws_provenance_clear(&read);
}

static void what_is_written_is_read_again(void **state) {
  (void)state;
  for (int rules = 0; rules < 2; rules++) {
    ws_buffer file = {0};
    ws_provenance p = full();
    ws_provenance_file read = {.source = 0};
    write_file(&p, rules, &file);
    assert_true(ws__is_generated(ws_buffer_as_text(&file)));
    assert_int_equal(ws_provenance_read(ws_buffer_as_text(&file), &read), WS_OK);
    assert_int_equal(read.state, WS_PROVENANCE_UNCHANGED);
    assert_string_equal(file.data + read.source, code);
    assert_true(ws_text_equal(read.header.lf, p.lf));
    assert_true(ws_text_equal(read.header.status, p.status));
    assert_true(ws_text_equal(read.header.variant, p.variant));
    assert_true(ws_text_equal(read.header.model, p.model));
    assert_true(ws_text_equal(read.header.endpoint, p.endpoint));
    assert_true(ws_text_equal(read.header.date, p.date));
    assert_true(ws_text_equal(read.header.parent, p.parent));
    assert_true(ws_text_equal(read.header.evidence, p.evidence));
    assert_int_equal(read.header.round, 2);
    assert_true(ws_hash128_equals(read.header.template_hash, p.template_hash));
    assert_true(ws_hash128_equals(read.header.prompt, p.prompt));
    assert_true(ws_hash128_equals(read.header.reply, p.reply));
    assert_int_equal(read.header.prompt_tokens, 812);
    assert_int_equal(read.header.reply_tokens, 240);
    assert_true(read.header.estimated);
    assert_near(read.header.cost_usd, 0.00061, 0);
    ws_provenance_clear(&read);
    ws_buffer_clear(&file);
  }
}

/* The form is a contract with those who read such files. */
static void a_header_is_lines_of_comments(void **state) {
  ws_buffer file = {0};
  ws_provenance p = {.lf = ws_text_of("a"),
                     .status = ws_text_of("unproven"),
                     .round = 1,
                     .model = ws_text_of("m|\n"),
                     .prompt_tokens = 3,
                     .cost_usd = -1};
  (void)state;
  assert_int_equal(ws_provenance_write(&p, true, ws_text_of("a SPAM /x/\n"), &file),
                   WS_OK);
  assert_string_equal(file.data,
                      "# weaksup-generated: v1 | lf=a | status=unproven | round=1\n"
                      "# model=m%7C%0A\n"
                      "# tokens=3/0\n"
                      "# header=7e52416f8996cedacc3fb04c61c3ee16 | "
                      "source=001470f4df856cd7c009b9e76b1f486e\n"
                      "a SPAM /x/\n");
  ws_buffer_clear(&file);
}

static void nothing_but_the_mark_is_enough(void **state) {
  ws_buffer file = {0};
  ws_provenance p = {.cost_usd = -1};
  (void)state;
  write_file(&p, false, &file);
  assert_state(file.data, file.size, WS_PROVENANCE_UNCHANGED);
  ws_buffer_clear(&file);
}

/* Each byte, replaced, left out, doubled. */
static void every_change_is_noticed(void **state) {
  ws_buffer file = {0};
  ws_provenance p = full();
  (void)state;
  write_file(&p, false, &file);
  size_t source = file.size - (sizeof code - 1);
  char *changed = malloc(file.size + 2);
  for (size_t i = 0; i < file.size; i++)
    for (int kind = 0; kind < 3; kind++) {
      ws_provenance_file read = {.source = 0};
      size_t size = i;
      memcpy(changed, file.data, i);
      if (kind == 0) changed[size++] = file.data[i] == 'q' ? 'z' : 'q';
      if (kind == 2) changed[size++] = file.data[i];
      size_t from = kind == 2 ? i : i + 1;
      memcpy(changed + size, file.data + from, file.size - from);
      size += file.size - from;
      assert_int_equal(ws_provenance_read((ws_text){changed, size}, &read), WS_OK);
      if (i >= source)
        assert_int_equal(read.state, WS_PROVENANCE_EDITED);
      else
        assert_int_not_equal(read.state, WS_PROVENANCE_UNCHANGED);
      ws_provenance_clear(&read);
    }
  free(changed);
  ws_buffer_clear(&file);
}

static void line_ends_of_another_system_are_no_edit(void **state) {
  ws_buffer file = {0}, crlf = {0};
  ws_provenance p = full();
  (void)state;
  write_file(&p, false, &file);
  for (size_t i = 0; i < file.size; i++) {
    if (file.data[i] == '\n') assert_int_equal(ws_buffer_string(&crlf, "\r"), WS_OK);
    assert_int_equal(ws_buffer_append(&crlf, file.data + i, 1), WS_OK);
  }
  assert_state(crlf.data, crlf.size, WS_PROVENANCE_UNCHANGED);
  ws_buffer_clear(&file);
  ws_buffer_clear(&crlf);
}

static void files_of_people_have_none(void **state) {
  (void)state;
  assert_state("", 0, WS_PROVENANCE_NONE);
  assert_state(code, sizeof code - 1, WS_PROVENANCE_NONE);
  assert_state("-- by hand\n-- weaksup-generated: v1\n", 37, WS_PROVENANCE_NONE);
}

static void what_is_no_header_of_ours_is_damaged(void **state) {
  static const char *const files[] = {
      "-- weaksup-generated: v1\n",
      "-- weaksup-generated: v1 | model=m\nfunction lf.a(x) end\n",
      "-- weaksup-generated: v2 | source=0\n",
      "-- weaksup-generated: v11\n",
      "--weaksup-generated: v1\n",
      "local s = 'weaksup-generated: v1'\n",
      "-- weaksup-generated: v1 | source=00\n",
      "-- weaksup-generated: v1 | nonsense\n-- source=0123456789abcdef0123456789abcdef\n",
      "-- weaksup-generated: v1 | round=-1\n-- source=0123456789abcdef0123456789abcdef\n",
      "-- weaksup-generated: v1 | tokens=1\n-- source=0123456789abcdef0123456789abcdef\n",
      "-- weaksup-generated: v1 | model=%zz\n-- "
      "source=0123456789abcdef0123456789abcdef\n",
      "-- weaksup-generated: v1 | cost-usd=x\n-- "
      "source=0123456789abcdef0123456789abcdef\n",
      "-- weaksup-generated: v1\n-- header=1 | source=0123456789abcdef0123456789abcdef\n",
      "-- weaksup-generated: v1\n-- source=0123456789abcdef0123456789abcdef\n",
      "-- weaksup-generated: v1\n# header=00000000000000000000000000000000 | "
      "source=0123456789abcdef0123456789abcdef\n"};
  (void)state;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    assert_state(files[i], strlen(files[i]), WS_PROVENANCE_DAMAGED);
}

/* However long the values are, the file may have 16 KiB with a source of 14. */
static void headers_have_a_bound(void **state) {
  ws_buffer file = {0}, text = {0};
  (void)state;
  for (int i = 0; i < 3000; i++) assert_int_equal(ws_buffer_string(&text, "\x01"), WS_OK);
  ws_text long_text = ws_buffer_as_text(&text);
  ws_provenance p = full();
  p.lf = p.status = p.variant = p.model = p.endpoint = p.date = p.parent = p.evidence =
      long_text;
  p.round = p.prompt_tokens = p.reply_tokens = INT64_MAX;
  p.cost_usd = 1.2345678901234567e-300;
  write_file(&p, false, &file);
  assert_true(file.size - (sizeof code - 1) <= WS_PROVENANCE_MAX);
  assert_state(file.data, file.size, WS_PROVENANCE_UNCHANGED);
  ws_buffer_clear(&file);
  ws_buffer_clear(&text);
}

static void a_folder_is_looked_through_in_order(void **state) {
  static const ws_provenance_state expected[] = {WS_PROVENANCE_EDITED, WS_PROVENANCE_NONE,
                                                 WS_PROVENANCE_UNCHANGED};
  char *folder = ws_test_folder();
  ws_buffer file = {0};
  ws_provenance p = full();
  ws_provenance_list *list = NULL;
  ws_error err = WS_ERROR_INIT;
  (void)state;
  write_file(&p, true, &file);
  free(ws_test_file(folder, "c.rules", file.data, file.size));
  free(ws_test_file(folder, "b.lua", code, sizeof code - 1));
  free(ws_test_file(folder, "notes.md", file.data, file.size));
  assert_int_equal(ws_buffer_string(&file, "# more\n"), WS_OK);
  free(ws_test_file(folder, "a.rules", file.data, file.size));
  assert_ok(ws_provenance_list_load(folder, &list, &err), &err);
  assert_int_equal(ws_provenance_list_count(list), 3);
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(ws_provenance_list_at(list, i)->file.state, expected[i]);
  assert_non_null(strstr(ws_provenance_list_at(list, 0)->path, "/a.rules"));
  ws_provenance_list_free(list);
  free(ws_test_file(folder, "d.lua", "\xFF", 1));
  assert_int_equal(ws_provenance_list_load(folder, &list, &err), WS_EPARSE);
  assert_message(&err, "d.lua");
  assert_int_equal(ws_provenance_list_load("/nowhere", &list, &err), WS_EIO);
  ws_test_remove_folder(folder);
  ws_buffer_clear(&file);
}

static ws_status write_and_read(void *user) {
  ws_buffer file = {0};
  ws_provenance p = full();
  ws_provenance_file read = {.source = 0};
  (void)user;
  ws_status status = ws_provenance_write(&p, false, ws_text_of(code), &file);
  if (status == WS_OK) status = ws_provenance_read(ws_buffer_as_text(&file), &read);
  ws_provenance_clear(&read);
  ws_buffer_clear(&file);
  return status;
}

static void running_out_of_memory_is_an_error(void **state) {
  ws_test_every_allocation_failure(write_and_read, *state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_is_read_again),
      cmocka_unit_test(a_header_is_lines_of_comments),
      cmocka_unit_test(nothing_but_the_mark_is_enough),
      cmocka_unit_test(every_change_is_noticed),
      cmocka_unit_test(line_ends_of_another_system_are_no_edit),
      cmocka_unit_test(files_of_people_have_none),
      cmocka_unit_test(what_is_no_header_of_ours_is_damaged),
      cmocka_unit_test(headers_have_a_bound),
      cmocka_unit_test(a_folder_is_looked_through_in_order),
      cmocka_unit_test(running_out_of_memory_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
