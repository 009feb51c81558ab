/* SPDX-License-Identifier: MIT
 *
 * Finding the tests in the files of a set. The files are read as text here, by the host;
 * which labeling function a test is of follows from the lines that the worker reported.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "lf_files.h"
#include "lf_set_priv.h"
#include "lf_tests_priv.h"
#include "test_lines.h"

typedef struct loader {
  ws_lf_tests *tests;
  ws__files *files;
  char *shown; // the path of the file that is read as ws_lf_info has it
  ws_json_parser *json;
  ws_error *err;
} loader;

/* How many labeling functions the next line with any defines; *out is the first. */
static size_t next_lf(const ws_lf_set *set, const char *file, uint64_t line,
                      size_t *out) {
  uint64_t nearest = UINT64_MAX;
  size_t count = 0;
  for (size_t j = 0; j < set->count; j++) {
    const ws_lf_info *info = &set->infos[j];
    if (info->line <= line || info->line > nearest || strcmp(info->file, file) != 0)
      continue;
    if (info->line < nearest) *out = j, count = 0;
    nearest = info->line;
    count++;
  }
  return count;
}

/* Whether what stands next below was left out; `next` is the line of what was not. */
static bool is_left_out(const ws_lf_set *set, const char *file, uint64_t line,
                        uint64_t next) {
  if (ws__problems_find(&set->outside, file)) return true;
  for (size_t i = 0; i < set->problems.count; i++) {
    const ws_lf_problem *problem = &set->problems.items[i];
    if (problem->line > line && problem->line < next && strcmp(problem->file, file) == 0)
      return true;
  }
  return false;
}

/* *out is SIZE_MAX where the labeling function was left out. */
static ws_status find_lf(const loader *l, const char *path, uint64_t line, size_t *out) {
  const ws_lf_set *set = l->tests->set;
  size_t count = next_lf(set, l->shown, line, out);
  if (is_left_out(set, path, line, count ? set->infos[*out].line : UINT64_MAX)) {
    *out = SIZE_MAX;
    return WS_OK;
  }
  if (count == 1) return WS_OK;
  if (count == 0)
    return ws_error_set(l->err, WS_ELF,
                        "%s:%llu:1: expected a labeling function below the test, found "
                        "none",
                        path, (unsigned long long)line);
  return ws_error_set(l->err, WS_ELF,
                      "%s:%llu:1: expected one labeling function below the test, found "
                      "%zu in line %llu",
                      path, (unsigned long long)line, count,
                      (unsigned long long)set->infos[*out].line);
}

static ws_status add_test(const loader *l, const char *path, const ws__test_line *line) {
  ws_lf_tests *tests = l->tests;
  ws__test added = {
      .test = {.line = line->line, .expected = line->expected, .found = WS_ABSTAIN}};
  WS_TRY(find_lf(l, path, line->line, &added.test.lf));
  if (added.test.lf == SIZE_MAX) return WS_OK;
  if (ws_arena_text(&tests->arena, line->text, &added.test.text) != WS_OK ||
      !ws_grow(&tests->items, &tests->capacity, tests->count + 1, sizeof added))
    return ws_error_nomem(l->err);
  tests->items[tests->count++] = added;
  tests->tested[added.test.lf] = true;
  return WS_OK;
}

/* What was most likely meant to be a test. */
static ws_status add_note(const loader *l, const char *path, const ws__test_line *line) {
  ws_lf_tests *tests = l->tests;
  ws_buffer text = {0};
  ws_text kept;
  ws_status status = ws_buffer_printf(
      &text, "%s:%llu:%zu: '%.*s' is no test, did you mean '@test'?", path,
      (unsigned long long)line->line, line->column, WS_TEXT_ARG(line->meant));
  if (status == WS_OK)
    status = ws_arena_text(&tests->arena, ws_buffer_as_text(&text), &kept);
  ws_buffer_clear(&text);
  if (status != WS_OK || !ws_grow(&tests->notes, &tests->note_capacity,
                                  tests->note_count + 1, sizeof *tests->notes))
    return ws_error_nomem(l->err);
  tests->notes[tests->note_count++] = kept.data;
  return WS_OK;
}

static ws_status read_tests(const loader *l, const char *path, ws_text source) {
  bool lua = strcmp(path + strlen(path) - 4, ".lua") == 0, more = true;
  ws__test_lines lines = {
      .source = {.path = path, .task = l->tests->set->task, .text = source},
      .comment = lua ? '-' : '#',
      .json = l->json};
  ws_status status = WS_OK;
  while (status == WS_OK) {
    ws__test_line line;
    status = ws__test_lines_next(&lines, &line, &more, l->err);
    if (status != WS_OK || !more) break;
    status = line.meant.size ? add_note(l, path, &line) : add_test(l, path, &line);
  }
  ws__test_lines_clear(&lines);
  return status;
}

static ws_status load_file(loader *l, size_t i) {
  ws_buffer bytes = {0};
  const char *path = ws__files_path(l->files, i);
  size_t size = strlen(path);
  l->shown = ws_arena_alloc(&l->tests->arena, size + 1);
  if (!l->shown) return ws_error_nomem(l->err);
  memcpy(l->shown, path, size + 1);
  ws_text_clean(l->shown, size);
  ws_status status = ws__files_read(l->files, i, &bytes, l->err);
  if (status == WS_OK) status = read_tests(l, path, ws_buffer_as_text(&bytes));
  ws_buffer_clear(&bytes);
  return status;
}

static ws_status load(loader *l) {
  const ws_lf_set *set = l->tests->set;
  l->tests->tested = ws_alloc_zero(set->count, sizeof *l->tests->tested);
  if (!l->tests->tested || ws_json_parser_new(&l->json) != WS_OK)
    return ws_error_nomem(l->err);
  WS_TRY(ws__files_open(set->folder.data, &l->files, l->err));
  for (size_t i = 0; i < ws__files_count(l->files); i++) WS_TRY(load_file(l, i));
  return WS_OK;
}

ws_status ws_lf_tests_load(ws_lf_set *set, ws_lf_tests **out, ws_error *err) {
  loader l = {.tests = ws_alloc_zero(1, sizeof *l.tests), .err = err};
  if (!l.tests) return ws_error_nomem(err);
  l.tests->set = set;
  ws_status status = load(&l);
  ws_json_parser_free(l.json);
  ws__files_free(l.files);
  if (status == WS_OK)
    *out = l.tests;
  else
    ws_lf_tests_free(l.tests);
  return status;
}

void ws_lf_tests_free(ws_lf_tests *tests) {
  if (!tests) return;
  ws_arena_clear(&tests->arena);
  ws_free(tests->items);
  ws_free(tests->tested);
  ws_free(tests->notes);
  ws_free(tests);
}

size_t ws_lf_tests_count(const ws_lf_tests *tests) {
  return tests->count;
}

const ws_lf_test *ws_lf_tests_at(const ws_lf_tests *tests, size_t i) {
  return &tests->items[i].test;
}

size_t ws_lf_tests_notes(const ws_lf_tests *tests) {
  return tests->note_count;
}

const char *ws_lf_tests_note(const ws_lf_tests *tests, size_t i) {
  return tests->notes[i];
}

bool ws_lf_tests_has(const ws_lf_tests *tests, size_t j) {
  return tests->tested[j];
}

bool ws_lf_test_passed(const ws_lf_test *test) {
  return test->found == test->expected;
}

size_t ws_lf_tests_failed(const ws_lf_tests *tests) {
  size_t failed = 0;
  for (size_t i = 0; i < tests->count; i++)
    failed += !ws_lf_test_passed(&tests->items[i].test);
  return failed;
}
