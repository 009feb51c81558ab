/* SPDX-License-Identifier: MIT
 *
 * Votes with a model of them and its diagnosis, for tests of the findings.
 */
#ifndef PATIENT_H
#define PATIENT_H

#include <weaksup/diagnosis.h>

#include "ws_test.h"

typedef struct patient {
  ws_votes *votes, *gold;
  ws_label_model *model;
  ws_labels *labels;
  ws_diagnosis *found;
} patient;

static inline void examine(patient *p, const char *kind, const double *balance) {
  ws_error err = WS_ERROR_INIT;
  ws_label_model_options options = {
      .kind = kind, .class_balance = balance, .class_count = ws_votes_classes(p->votes)};
  assert_ok(ws_label_model_fit(p->votes, &options, &p->model, &err), &err);
  assert_ok(ws_label_model_predict(p->model, p->votes, &p->labels, &err), &err);
  assert_ok(ws_diagnose(p->model, p->votes, p->labels, p->gold, NULL, &p->found, &err),
            &err);
}

/* The picture `times` times over. */
static inline patient examined(const char *picture, int K, size_t times, const char *kind,
                               const double *balance) {
  size_t size = strlen(picture) + 1;
  char *whole = malloc(size * times + 1);
  for (size_t i = 0; i < times; i++) {
    memcpy(whole + i * size, picture, size - 1);
    whole[(i + 1) * size - 1] = i + 1 < times ? ' ' : '\0';
  }
  patient p = {.votes = ws_test_votes(whole, K)};
  free(whole);
  examine(&p, kind, balance);
  return p;
}

static inline void release(patient *p) {
  ws_diagnosis_free(p->found);
  ws_labels_free(p->labels);
  ws_label_model_free(p->model);
  ws_votes_free(p->votes);
  ws_votes_free(p->gold);
}

static const ws_finding *finding_of(const patient *p, ws_finding_kind kind) {
  for (size_t i = 0; i < ws_diagnosis_count(p->found); i++)
    if (ws_diagnosis_at(p->found, i)->kind == kind) return ws_diagnosis_at(p->found, i);
  return NULL;
}

static const ws_finding *must_find(const patient *p, ws_finding_kind kind) {
  const ws_finding *finding = finding_of(p, kind);
  for (size_t i = 0; !finding && i < ws_diagnosis_count(p->found); i++)
    print_error("found: %s\n", ws_diagnosis_at(p->found, i)->what.data);
  assert_non_null(finding);
  assert_true(finding->what.size > 0 && finding->todo.size > 0);
  return finding;
}

#endif
