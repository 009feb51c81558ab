/* SPDX-License-Identifier: MIT
 *
 * What was decided, for programs that read it.
 */
#include <weaksup/training.h>

#include <stdio.h>

#include "json_put.h"

static int side_of(double z) {
  return (z > WS_GATE_LEAST_Z) - (z < WS_GATE_LEAST_Z);
}

ws_gate_z ws_gate_z_of(double z) {
  enum { MOST_DIGITS = 15 };
  ws_gate_z out = {""};
  for (int digits = 1; digits <= MOST_DIGITS; digits++) {
    snprintf(out.text, sizeof out.text, "%.*f", digits, z);
    double shown;
    bool is_number = ws_text_to_double(ws_text_of(out.text), &shown);
    if (!is_number || side_of(shown) == side_of(z)) break;
  }
  return out;
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
  ws__put_number(json, "median_z", report->median_z);
  ws__put_uint(json, "hidden", report->hidden);
  ws__put_number(json, "agree_regression", report->agree_regression);
  ws__put_number(json, "agree_bayes", report->agree_bayes);
  ws_json_close(json, '}');
}

void ws_training_report_json(ws_json_writer *json, const ws_training_report *report) {
  static const char *const branches[] = {"plain", "gold", "regression",
                                         "naive Bayes with regression"};
  ws_json_open(json, '{');
  ws__put_string(json, "branch", branches[report->branch]);
  ws__put_uint(json, "covered", report->covered);
  ws__put_uint(json, "uncovered", report->uncovered);
  ws__put_uint(json, "gold", report->gold);
  ws__put_uint(json, "left_out", report->left_out);
  ws__put_number(json, "c", report->c);
  put_gate(json, report);
  ws__put_number(json, "temperature", report->temperature);
  if (report->log_ratios) {
    ws_json_key(json, "log_ratios");
    ws_json_bool(json, true);
  }
  if (report->both) {
    ws_json_key(json, "both");
    ws_json_bool(json, true);
  }
  ws_json_close(json, '}');
}
