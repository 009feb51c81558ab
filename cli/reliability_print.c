/* SPDX-License-Identifier: MIT
 *
 * Printing where predictions are right.
 */
#include "reliability_print.h"

#include <math.h>
#include <stdio.h>

#include "members.h"
#include "table.h"

enum { MATRIX_SHOWN = 20 }; // classes of a confusion matrix on a terminal

static void share_cell(table *t, double share) {
  if (isnan(share))
    table_cell(t, "-");
  else
    table_cell(t, "%.3f", share);
}

static void bins_print(const ws_reliability *r) {
  static const bool right[] = {false, true, true, true};
  table t = {.columns = 4, .right = right};
  const char *const heads[] = {"probability", "n", "mean", "accuracy"};
  for (size_t i = 0; i < 4; i++) table_cell(&t, "%s", heads[i]);
  for (size_t b = 0; b < WS_RELIABILITY_BINS; b++) {
    ws_reliability_bin bin = ws_reliability_bin_at(r, b);
    if (bin.n == 0) continue;
    table_cell(&t, "%.1f to %.1f", bin.low, bin.high);
    table_cell(&t, "%llu", (unsigned long long)bin.n);
    share_cell(&t, bin.confidence);
    share_cell(&t, bin.accuracy);
  }
  table_print(&t);
}

static void rejection_print(const ws_reliability *r) {
  static const bool right[] = {false, true, true, true};
  table t = {.columns = 4, .right = right};
  const char *const heads[] = {"--reject-below", "n", "coverage", "accuracy"};
  for (size_t i = 0; i < 4; i++) table_cell(&t, "%s", heads[i]);
  for (size_t i = 0; i < WS_REJECTION_POINTS; i++) {
    ws_rejection point = ws_rejection_at(r, i);
    table_cell(&t, "%g", point.least);
    table_cell(&t, "%llu", (unsigned long long)point.n);
    share_cell(&t, point.coverage);
    share_cell(&t, point.accuracy);
  }
  table_print(&t);
}

void reliability_print(const ws_reliability *r) {
  printf("\nby the probability of the label:\n");
  bins_print(r);
  printf("\nwhat is left where less is rejected:\n");
  rejection_print(r);
}

/* Columns of the matrix, of which the first has the names of classes. */
static size_t matrix_width(const ws_reliability *r, const ws_text *names, size_t classes,
                           bool numbered) {
  size_t first = sizeof "gold \\ label" - 1, sum = 0;
  for (size_t k = 0; k < classes; k++) {
    size_t name = ws_text_width(names[k]), widest = numbered ? k >= 9 ? 2 : 1 : name;
    for (size_t g = 0; g < classes; g++) {
      size_t digits = 1;
      for (uint64_t n = ws_confusion_at(r, g, k); n > 9; n /= 10) digits++;
      if (digits > widest) widest = digits;
    }
    sum += 2 + widest;
    if (numbered) name += sizeof "10 " - 1;
    if (name > first) first = name;
  }
  return first + sum;
}

static void name_cell(table *t, const ws_text *names, size_t k, bool numbered) {
  if (numbered)
    table_cell(t, "%2zu %.*s", k + 1, WS_TEXT_ARG(names[k]));
  else
    table_cell(t, "%.*s", WS_TEXT_ARG(names[k]));
}

/* Where names are too long to stand above the columns, their numbers do. */
static void matrix_print(const ws_reliability *r, const ws_text *names, size_t classes,
                         bool numbered) {
  bool right[MATRIX_SHOWN + 1];
  table t = {.columns = classes + 1, .right = right};
  for (size_t i = 0; i <= classes; i++) right[i] = i > 0;
  table_cell(&t, "gold \\ label");
  for (size_t k = 0; k < classes; k++)
    if (numbered)
      table_cell(&t, "%zu", k + 1);
    else
      table_cell(&t, "%.*s", WS_TEXT_ARG(names[k]));
  for (size_t g = 0; g < classes; g++) {
    name_cell(&t, names, g, numbered);
    for (size_t k = 0; k < classes; k++)
      table_cell(&t, "%llu", (unsigned long long)ws_confusion_at(r, g, k));
  }
  printf("\n");
  table_print(&t);
}

/* Of a matrix that no terminal is wide enough for: what is mistaken for what. */
static void mistakes_print(const ws_reliability *r, const ws_text *names,
                           size_t classes) {
  enum { MOST = 10 };
  uint64_t before = UINT64_MAX;
  size_t shown = 0, last = 0;
  printf("\nmost frequent mistakes:\n");
  while (shown < MOST) {
    size_t best = SIZE_MAX;
    uint64_t most = 0;
    for (size_t i = 0; i < classes * classes; i++) {
      uint64_t n = ws_confusion_at(r, i / classes, i % classes);
      bool seen = n > before || (n == before && i <= last);
      if (i / classes == i % classes || seen || n <= most) continue;
      best = i;
      most = n;
    }
    if (best == SIZE_MAX) break;
    printf("  ");
    text_print(names[best / classes]);
    printf(" is labeled ");
    text_print(names[best % classes]);
    printf(": %llu\n", (unsigned long long)most);
    before = most;
    last = best;
    shown++;
  }
}

static void scores_print(const ws_reliability *r, const ws_text *names, size_t classes) {
  static const bool right[] = {false, true, true, true, true, true};
  table t = {.columns = 6, .right = right};
  const char *const heads[] = {"class", "gold", "labeled", "precision", "recall", "F1"};
  for (size_t i = 0; i < 6; i++) table_cell(&t, "%s", heads[i]);
  for (size_t k = 0; k < classes; k++) {
    ws_class_scores scores = ws_class_scores_at(r, k);
    table_cell(&t, "%.*s", WS_TEXT_ARG(names[k]));
    table_cell(&t, "%llu", (unsigned long long)scores.gold);
    table_cell(&t, "%llu", (unsigned long long)scores.predicted);
    share_cell(&t, scores.precision);
    share_cell(&t, scores.recall);
    share_cell(&t, scores.f1);
  }
  printf("\n");
  table_print(&t);
}

void operating_point_print(const ws_reliability *r, const ws_text *names,
                           size_t classes) {
  ws_labeled all = ws_reliability_labeled(r);
  printf("\nat these thresholds: %llu of %llu records have a label (coverage %.3f)",
         (unsigned long long)all.n, (unsigned long long)ws_reliability_rows(r),
         all.coverage);
  if (all.n) printf(", accuracy %.3f of these", all.accuracy);
  printf("\n");
  scores_print(r, names, classes);
}

void classes_print(const ws_reliability *r, const ws_text *names, size_t classes) {
  size_t most = terminal_columns();
  scores_print(r, names, classes);
  if (!ws_has_confusion(r)) return;
  bool few = classes <= MATRIX_SHOWN;
  if (few && (!most || matrix_width(r, names, classes, false) <= most))
    matrix_print(r, names, classes, false);
  else if (few && matrix_width(r, names, classes, true) <= most)
    matrix_print(r, names, classes, true);
  else
    mistakes_print(r, names, classes);
}

/* --- JSON --------------------------------------------------------------------------- */

static void put_bins(ws_json_writer *json, const ws_reliability *r) {
  ws_json_key(json, "reliability");
  ws_json_open(json, '[');
  for (size_t b = 0; b < WS_RELIABILITY_BINS; b++) {
    ws_reliability_bin bin = ws_reliability_bin_at(r, b);
    ws_json_open(json, '{');
    json_put_number(json, "low", bin.low);
    json_put_number(json, "high", bin.high);
    json_put_uint(json, "n", bin.n);
    json_put_number(json, "confidence", bin.confidence);
    json_put_number(json, "accuracy", bin.accuracy);
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
}

static void put_rejection(ws_json_writer *json, const ws_reliability *r) {
  ws_json_key(json, "rejection");
  ws_json_open(json, '[');
  for (size_t i = 0; i < WS_REJECTION_POINTS; i++) {
    ws_rejection point = ws_rejection_at(r, i);
    ws_json_open(json, '{');
    json_put_number(json, "reject_below", point.least);
    json_put_uint(json, "n", point.n);
    json_put_number(json, "coverage", point.coverage);
    json_put_number(json, "accuracy", point.accuracy);
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
}

static void put_class(ws_json_writer *json, ws_text name, ws_class_scores scores) {
  ws_json_open(json, '{');
  json_put_text(json, "class", name);
  json_put_uint(json, "gold", scores.gold);
  json_put_uint(json, "predicted", scores.predicted);
  json_put_uint(json, "right", scores.right);
  json_put_number(json, "precision", scores.precision);
  json_put_number(json, "recall", scores.recall);
  json_put_number(json, "f1", scores.f1);
  ws_json_close(json, '}');
}

static void put_confusion(ws_json_writer *json, const ws_reliability *r, size_t classes) {
  ws_json_key(json, "confusion");
  if (!ws_has_confusion(r)) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '[');
  for (size_t g = 0; g < classes; g++) {
    ws_json_open(json, '[');
    for (size_t k = 0; k < classes; k++) ws_json_uint(json, ws_confusion_at(r, g, k));
    ws_json_close(json, ']');
  }
  ws_json_close(json, ']');
}

static void put_classes(ws_json_writer *json, const ws_reliability *r,
                        const ws_text *names, size_t classes) {
  ws_json_key(json, "classes");
  ws_json_open(json, '[');
  for (size_t k = 0; k < classes; k++)
    put_class(json, names[k], ws_class_scores_at(r, k));
  ws_json_close(json, ']');
}

void operating_point_json(ws_json_writer *json, const ws_reliability *r,
                          const ws_text *names, size_t classes) {
  ws_labeled all = ws_reliability_labeled(r);
  ws_json_key(json, "operating_point");
  ws_json_open(json, '{');
  json_put_uint(json, "n", ws_reliability_rows(r));
  json_put_uint(json, "labeled", all.n);
  json_put_uint(json, "right", all.right);
  json_put_number(json, "coverage", all.coverage);
  json_put_number(json, "accuracy", all.accuracy);
  put_classes(json, r, names, classes);
  ws_json_close(json, '}');
}

void reliability_json(ws_json_writer *json, const ws_reliability *r, const ws_text *names,
                      size_t classes) {
  put_bins(json, r);
  put_rejection(json, r);
  put_classes(json, r, names, classes);
  put_confusion(json, r, classes);
}
