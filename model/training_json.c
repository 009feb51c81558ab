/* SPDX-License-Identifier: MIT
 *
 * What was decided, for programs that read it.
 */
#include <weaksup/training.h>

static void put_uint(ws_json_writer *json, const char *key, uint64_t value) {
  ws_json_key(json, key);
  ws_json_uint(json, value);
}

static void put_number(ws_json_writer *json, const char *key, double value) {
  ws_json_key(json, key);
  ws_json_number(json, value);
}

static void put_gate(ws_json_writer *json, const ws_training_report *report) {
  ws_json_key(json, "gate");
  if (!report->has_gate) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  ws_json_key(json, "z");
  ws_json_open(json, '[');
  for (unsigned s = 0; s < report->splits; s++) ws_json_number(json, report->z[s]);
  ws_json_close(json, ']');
  put_number(json, "median_z", report->median_z);
  put_uint(json, "hidden", report->hidden);
  put_number(json, "agree_regression", report->agree_regression);
  put_number(json, "agree_bayes", report->agree_bayes);
  ws_json_close(json, '}');
}

void ws_training_report_json(ws_json_writer *json, const ws_training_report *report) {
  static const char *const branches[] = {"plain", "gold", "regression",
                                         "naive Bayes with regression"};
  ws_json_open(json, '{');
  ws_json_key(json, "branch");
  ws_json_string(json, branches[report->branch]);
  put_uint(json, "covered", report->covered);
  put_uint(json, "uncovered", report->uncovered);
  put_uint(json, "gold", report->gold);
  put_uint(json, "left_out", report->left_out);
  put_number(json, "c", report->c);
  put_gate(json, report);
  put_number(json, "temperature", report->temperature);
  ws_json_close(json, '}');
}
