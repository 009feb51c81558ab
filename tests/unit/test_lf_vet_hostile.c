/* SPDX-License-Identifier: MIT
 *
 * The hostile labeling functions of tests/hostile as candidates: each ends as a
 * rejection, with the code that its first line leads one to expect. Those that do no harm
 * say nothing, or say the same of every record. With WS_TEST_ONLY in the environment only
 * the files run whose names hold that.
 */
#define _DEFAULT_SOURCE // scandir
#include "../lf/lf_hostile.h"

#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/vet.h>

enum { RECORDS = 24 };

typedef struct fixture {
  lf_fixture lf;
  ws_vet_options options;
} fixture;

static void write_sample(lf_fixture *f) {
  ws_buffer out = {0};
  for (size_t i = 0; i < RECORDS; i++)
    assert_ok(ws_buffer_printf(&out, "{\"text\": \"%s %zu\", \"more\": [%zu]}\n",
                               text_of(i), i, i),
              NULL);
  lf_data(f, "sample.jsonl", out.data);
  ws_buffer_clear(&out);
}

static int begin(void **state) {
  fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  lf_begin(&f->lf, "HAM,SPAM");
  f->options = ws_vet_options_default();
  f->options.lf = f->lf.options;
  f->options.lf.wall_ms = 120000; // sanitizers are slow, and others may be at work
  f->options.lf.memory = (uint64_t)16 << 20;
  f->options.workers = 1;
  write_sample(&f->lf);
  *state = f;
  return 0;
}

static int end(void **state) {
  fixture *f = *state;
  lf_end(&f->lf);
  free(f);
  return 0;
}

static bool is(const ws_vet_verdict *v, const char *reason) {
  return strcmp(ws_vet_reason_name(v->reason), reason) == 0;
}

/* Which codes the first line of a file allows. */
static bool is_right(const ws_vet_verdict *v, const expectation *expected, bool large,
                     bool begins_as_code) {
  const char *kind = expected->kind;
  bool called = v->stage == WS_VET_EDGE || v->stage == WS_VET_CALLS;
  if (large) return v->stage == WS_VET_STATIC && is(v, "too_large");
  if (strcmp(kind, "load_error") == 0) {
    if (begins_as_code) return is(v, "not_text");
    if (strstr(expected->text, "are called")) // beside it the file defines one that loads
      return is(v, strcmp(v->name, "subscribe") == 0 ? "name_taken" : "constant");
    return v->stage == WS_VET_STATIC && (is(v, "load_error") || is(v, "compile_error"));
  }
  if (strcmp(kind, "limit_cpu") == 0)
    return called && (is(v, "limit_cpu") || is(v, "killed"));
  if (strcmp(kind, "same") == 0) return is(v, "constant") || is(v, "coverage_high");
  if (strcmp(kind, "votes") == 0)
    return is(v, strcmp(expected->text, "abstain") == 0 ? "never_votes" : "constant");
  return called && is(v, kind);
}

/* What they do is allowed, and costs too much on each record. */
static bool is_costly(const char *file) {
  return strcmp(file, "27_plain_find.lua") == 0 ||
         strcmp(file, "98_memory_nearly_used.lua") == 0;
}

static void check(const ws_vet_verdict *v, const char *file, const expectation *expected,
                  bool large, bool begins_as_code) {
  bool right =
      !v->passed &&
      (is_costly(file) ? is(v, "slow") : is_right(v, expected, large, begins_as_code));
  if (!right)
    print_error("%s: expected %s %s, found %s/%s: %s\n", file, expected->kind,
                expected->text, ws_vet_stage_name(v->stage),
                ws_vet_reason_name(v->reason), v->evidence);
  assert_true(right);
  assert_true(v->evidence[0] && strlen(v->evidence) < WS_ERROR_MESSAGE_SIZE);
  for (const char *c = v->evidence; *c; c++)
    assert_true((unsigned char)*c >= 0x20 && *c != 0x7F);
}

static void run_case(fixture *f, const char *name, const char *path) {
  static const char *const taken[] = {"subscribe"};
  size_t size;
  struct stat info;
  ws_reader *reader = NULL;
  ws_vetting *vetting = NULL;
  char *text = read_file(path, &size);
  char *file = lf_join(f->lf.lfs, strstr(name, ".rules") ? "h.rules" : "h.lua");
  expectation expected = read_expectation(text);
  write_hostile(file, text, size);
  assert_int_equal(stat(file, &info), 0);
  bool limited = strcmp(expected.kind, "limit_cpu") == 0;
  f->options.lf.call_cpu_ms = limited ? 30 : 5000;
  f->options.lf.worker_cpu_ms = limited ? 90 : 15000;
  f->options.taken = taken;
  f->options.taken_count = 1;
  f->options.lfs_max = 1000; // many of a file are called, too
  assert_ok(ws_reader_open(f->lf.data, f->lf.task, NULL, &reader, &f->lf.err), NULL);
  assert_ok(ws_vet(f->lf.lfs, f->lf.task, reader, &f->options, &vetting, &f->lf.err),
            &f->lf.err);
  assert_true(ws_vetting_count(vetting) > 0);
  assert_int_equal(ws_vetting_passed(vetting), 0);
  for (size_t i = 0; i < ws_vetting_count(vetting); i++)
    if (!strstr(ws_vetting_at(vetting, i)->name, "other"))
      check(ws_vetting_at(vetting, i), name, &expected,
            (size_t)info.st_size > f->options.source_max,
            strchr(text, '\n')[1] == '\x1B');
  ws_vetting_free(vetting);
  ws_reader_free(reader);
  unlink(file);
  free(file);
  free(text);
}

static void hostile_candidates_are_rejected(void **state) {
  fixture *f = *state;
  struct dirent **entries;
  const char *only = getenv("WS_TEST_ONLY");
  int count = scandir(WS_TEST_HOSTILE, &entries, is_hostile_case, by_file_name);
  assert_true(count > 90);
  for (int i = 0; i < count; i++) {
    char *path = lf_join(WS_TEST_HOSTILE, entries[i]->d_name);
    if (!only || strstr(path, only)) run_case(f, entries[i]->d_name, path);
    free(path);
    free(entries[i]);
  }
  free(entries);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(hostile_candidates_are_rejected, begin, end)};
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
