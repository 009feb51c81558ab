/* SPDX-License-Identifier: MIT
 *
 * For tests of labeling functions: a task, a folder of LFs and data, and a run over them.
 * The test's own executable is the worker program: LF_TEST_WORKER hands over to it.
 */
#ifndef LF_TEST_H
#define LF_TEST_H

#include <stdio.h>
#include <sys/stat.h>

#include <weaksup/apply.h>
#include <weaksup/task_file.h>

#include "ws_test.h"

typedef struct lf_fixture {
  char *folder; // for everything
  char *lfs;    // in it: the LFs
  char *data;   // in it: the records
  ws_task *task;
  ws_lf_options options;
  ws_apply_options apply;
  ws_lf_set *set;
  ws_votes *votes;
  ws_apply_report *report;
  ws_error err;
} lf_fixture;

static inline char *lf_join(const char *folder, const char *name) {
  size_t size = strlen(folder) + strlen(name) + 2;
  char *path = malloc(size);
  assert_non_null(path);
  snprintf(path, size, "%s/%s", folder, name);
  return path;
}

static inline void lf_begin(lf_fixture *f, const char *classes) {
  memset(f, 0, sizeof *f);
  f->folder = ws_test_folder();
  f->lfs = lf_join(f->folder, "lfs");
  assert_int_equal(mkdir(f->lfs, 0700), 0);
  f->task = ws_test_task(classes);
  f->options = ws_lf_options_default();
  f->options.worker = "/proc/self/exe";
  f->apply = ws_apply_options_default();
}

static inline void lf_forget_votes(lf_fixture *f) {
  ws_votes_free(f->votes);
  ws_apply_report_free(f->report);
  f->votes = NULL;
  f->report = NULL;
}

static inline void lf_end(lf_fixture *f) {
  lf_forget_votes(f);
  ws_lf_set_free(f->set);
  ws_task_free(f->task);
  ws_test_remove_folder(f->folder);
  free(f->lfs);
  free(f->data);
}

/* For cmocka: a fixture of the two classes HAM and SPAM. */
static inline int lf_setup(void **state) {
  lf_fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  lf_begin(f, "HAM,SPAM");
  *state = f;
  return 0;
}

static inline int lf_teardown(void **state) {
  lf_end(*state);
  free(*state);
  return 0;
}

/* Writes a file in the folder of LFs. */
static inline void lf_file(lf_fixture *f, const char *name, const char *text) {
  free(ws_test_file(f->lfs, name, text, strlen(text)));
}

static inline void lf_data(lf_fixture *f, const char *name, const char *text) {
  free(f->data);
  f->data = ws_test_file(f->folder, name, text, strlen(text));
}

static inline ws_status lf_load(lf_fixture *f) {
  ws_lf_set_free(f->set);
  f->set = NULL;
  return ws_lf_set_load(f->lfs, f->task, &f->options, &f->set, &f->err);
}

static inline ws_status lf_apply(lf_fixture *f) {
  ws_reader *reader = NULL;
  lf_forget_votes(f);
  assert_ok(ws_reader_open(f->data, f->task, NULL, &reader, &f->err), &f->err);
  ws_status status = ws_apply_votes(f->set, reader, &f->apply, NULL, NULL, &f->votes,
                                    &f->report, &f->err);
  ws_reader_free(reader);
  return status;
}

/* The votes, as ws_test_picture shows them, of the LFs in `files` {name, text, ...} NULL
 * on the data. */
static inline void lf_expect(lf_fixture *f, const char *picture) {
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  char *found = ws_test_picture(f->votes);
  assert_string_equal(found, picture);
  free(found);
}

/* The message of failure i of LF j, without the folder in front. */
static inline const char *lf_failure(const lf_fixture *f, size_t j, size_t i) {
  const ws_lf_stats *stats = ws_apply_report_at(f->report, j);
  assert_true(i < stats->failure_count);
  const char *what = stats->failures[i].what;
  size_t front = strlen(f->lfs);
  assert_int_equal(strncmp(what, f->lfs, front), 0);
  return what + front + 1;
}

/* For the test's main. */
#define LF_TEST_WORKER(argc, argv)                                                       \
  if ((argc) > 1 && strcmp((argv)[1], WS_LF_WORKER_ARG) == 0)                            \
  return ws_lf_worker_main(argc, argv)

#endif
