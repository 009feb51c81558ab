/* SPDX-License-Identifier: MIT
 *
 * Tests of generated LFs: records that they were seen to vote on, in comments above them.
 */
#include <string.h>

#include <weaksup/lf_tests.h>
#include <weaksup/lf_write.h>

#include "generate_files.h"

enum { TEST_TEXT_MOST = 200 };

void gen_tests_find(const generate *g, const ws_votes *votes, placing *p) {
  size_t K = ws_votes_classes(votes);
  for (size_t n = 0; n < p->candidate->name_count; n++) {
    int64_t lf = ws_votes_find_lf(votes, p->candidate->names[n]);
    size_t found = 0;
    for (size_t i = 0; lf >= 0 && i < g->pool.count && found < TESTS_EACH; i++) {
      ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
      if (g->pool.texts[i].size > TEST_TEXT_MOST) continue;
      for (size_t v = 0; v < pattern.size; v++) {
        if (pattern.columns[v] / K != (size_t)lf) continue;
        p->tests[p->test_count++] = (file_test){p->candidate->names[n], g->pool.texts[i],
                                                (int32_t)(pattern.columns[v] % K), false};
        found++;
      }
    }
  }
}

/* --- @test "text" -> CLASS */
static ws_status put_test(const generate *g, const placing *p, const file_test *test,
                          ws_buffer *out) {
  ws_json_writer json = {.out = out};
  bool rules = p->candidate->kind == WS_REPLY_RULES;
  WS_TRY(ws_buffer_string(out, rules ? "# @test " : "--- @test "));
  ws_json_text(&json, test->text);
  WS_TRY(json.status);
  WS_TRY(ws_buffer_string(out, " -> "));
  WS_TRY(ws_lf_put_test_class(out, g->task, test->label));
  return ws_buffer_string(out, "\n");
}

/* The byte of the source at which the definition of the LF begins, as far as it is known:
 * in code the line that loading told, less those of the header. */
static size_t definition(const ws_vetting *vetting, const placing *p, ws_text name,
                         size_t header_lines) {
  ws_text source = p->candidate->source;
  uint64_t line = 0;
  size_t at = 0;
  if (p->candidate->kind != WS_REPLY_LUA) return 0;
  for (size_t i = 0; i < ws_vetting_count(vetting); i++)
    if (ws_text_equals(name, ws_vetting_at(vetting, i)->name))
      line = ws_vetting_at(vetting, i)->line;
  for (uint64_t k = header_lines + 1; k < line; k++) {
    const char *end = memchr(source.data + at, '\n', source.size - at);
    if (!end) return 0;
    at = (size_t)(end - source.data) + 1;
  }
  return at;
}

static ws_status put_tests(const generate *g, const placing *p, ws_text name,
                           ws_buffer *out) {
  for (size_t i = 0; i < p->test_count; i++)
    if (ws_text_equal(p->tests[i].lf, name) && !p->tests[i].failed)
      WS_TRY(put_test(g, p, &p->tests[i], out));
  return WS_OK;
}

/* The source, with the tests of each LF above it. */
ws_status gen_tests_put(const generate *g, const ws_vetting *vetting, const placing *p,
                        size_t header_lines, ws_buffer *out) {
  ws_text source = p->candidate->source;
  size_t done = 0;
  while (done <= source.size) {
    size_t next = source.size + 1, which = 0;
    for (size_t n = 0; n < p->candidate->name_count && vetting; n++) {
      size_t at = definition(vetting, p, p->candidate->names[n], header_lines);
      if (!gen_comment_may_follow((ws_text){source.data, at})) continue;
      if (at >= done && at < next) next = at, which = n;
    }
    if (next > source.size) break;
    WS_TRY(ws_buffer_append(out, source.data + done, next - done));
    WS_TRY(put_tests(g, p, p->candidate->names[which], out));
    const char *end = memchr(source.data + next, '\n', source.size - next);
    size_t line = end ? (size_t)(end - source.data) + 1 : source.size;
    WS_TRY(ws_buffer_append(out, source.data + next, line - next));
    done = line > next ? line : source.size + 1;
  }
  return done < source.size
             ? ws_buffer_append(out, source.data + done, source.size - done)
             : WS_OK;
}

/* --- running them --- */

static void fail_all(placing *all, size_t count) {
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < all[i].test_count; j++) all[i].tests[j].failed = true;
}

static void fail_one(placing *all, size_t count, const char *lf, ws_text text) {
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < all[i].test_count; j++) {
      file_test *test = &all[i].tests[j];
      if (ws_text_equals(test->lf, lf) && ws_text_equal(test->text, text))
        test->failed = true;
    }
}

ws_status gen_tests_run(generate *g, placing *all, size_t count, ws_error *err) {
  ws_lf_set *set = NULL;
  ws_lf_tests *tests = NULL;
  ws_lf_options how = g->setup.lf;
  how.keep_going = true;
  ws_status status = ws_lf_set_load(g->folder.data, g->task, &how, &set, err);
  if (status == WS_OK) status = ws_lf_tests_load(set, &tests, err);
  if (status == WS_OK) status = ws_lf_tests_run(tests, bar_sink(&g->bar), err);
  if (status == WS_OK && ws_lf_set_problem_count(set)) fail_all(all, count);
  for (size_t i = 0; status == WS_OK && i < ws_lf_tests_count(tests); i++) {
    const ws_lf_test *test = ws_lf_tests_at(tests, i);
    if (!ws_lf_test_passed(test))
      fail_one(all, count, ws_lf_set_at(set, test->lf)->name, test->text);
  }
  if (status == WS_ELF) fail_all(all, count);
  ws_lf_tests_free(tests);
  ws_lf_set_free(set);
  bar_clear(&g->bar);
  return status == WS_ELF ? WS_OK : status;
}
