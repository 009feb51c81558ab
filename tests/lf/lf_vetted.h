/* SPDX-License-Identifier: MIT
 *
 * Candidates in a folder, a sample to vet them on, and their verdicts.
 */
#ifndef LF_VETTED_H
#define LF_VETTED_H

#include <weaksup/vet.h>

#include "lf_test.h"

enum { RECORDS = 200 };

typedef struct fixture {
  lf_fixture lf;
  ws_vet_options options;
  ws_vetting *vetting;
} fixture;

static inline int begin(void **state) {
  fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  lf_begin(&f->lf, "HAM,SPAM");
  f->options = ws_vet_options_default();
  f->options.lf = f->lf.options;
  f->options.workers = 2;
  *state = f;
  return 0;
}

static inline int end(void **state) {
  fixture *f = *state;
  ws_vetting_free(f->vetting);
  lf_end(&f->lf);
  free(f);
  return 0;
}

/* Every fifth record is free, every second one even; gold says SPAM of the free ones. */
static inline void write_sample(fixture *f, size_t rows) {
  ws_buffer out = {0};
  for (size_t i = 0; i < rows; i++)
    assert_ok(ws_buffer_printf(&out,
                               "{\"text\": \"%s thing %zu %s\", \"author\": \"%s\", "
                               "\"label\": %d}\n",
                               i % 5 ? "some" : "free", i, i % 2 ? "odd" : "even",
                               i % 3 ? "ann" : "bob", i % 5 == 0),
              NULL);
  lf_data(&f->lf, "sample.jsonl", out.data);
  ws_buffer_clear(&out);
}

static inline ws_status vet(fixture *f) {
  ws_reader *reader = NULL;
  ws_vetting_free(f->vetting);
  f->vetting = NULL;
  assert_ok(ws_reader_open(f->lf.data, f->lf.task, NULL, &reader, &f->lf.err),
            &f->lf.err);
  ws_status status =
      ws_vet(f->lf.lfs, f->lf.task, reader, &f->options, &f->vetting, &f->lf.err);
  ws_reader_free(reader);
  return status;
}

static inline const ws_vet_verdict *find(const fixture *f, const char *name) {
  for (size_t i = 0; i < ws_vetting_count(f->vetting); i++)
    if (strcmp(ws_vetting_at(f->vetting, i)->name, name) == 0)
      return ws_vetting_at(f->vetting, i);
  fail_msg("no verdict on '%s'", name);
  return NULL;
}

static inline void expect(const fixture *f, const char *name, ws_vet_stage stage,
                          ws_vet_reason reason) {
  const ws_vet_verdict *v = find(f, name);
  if (v->stage != stage || v->reason != reason)
    print_error("%s: %s\n", name, v->evidence);
  assert_string_equal(ws_vet_reason_name(v->reason), ws_vet_reason_name(reason));
  assert_string_equal(ws_vet_stage_name(v->stage), ws_vet_stage_name(stage));
  assert_int_equal(v->passed, reason == WS_VET_PASSED);
  assert_true((v->evidence[0] != '\0') == !v->passed);
  assert_null(strstr(v->evidence, f->lf.folder)); // where it lay is nobody's business
  assert_null(strstr(v->file, f->lf.folder));
}

#endif
