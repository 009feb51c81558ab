/* SPDX-License-Identifier: MIT
 *
 * Decisions, from options.
 */
#include "decide.h"

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "say.h"

static bool is_probability(const char *text, double *out) {
  return ws_text_to_double(ws_text_of(text), out) && *out > 0 && *out <= 1;
}

bool decide_check(const command *self, const options *o, ws_decision *out) {
  double ignored;
  if (o->reject_below && !is_probability(o->reject_below, &out->reject_below))
    return say_usage(self,
                     "--reject-below: expected a probability above 0, at most 1, found "
                     "'%s'",
                     o->reject_below);
  for (size_t i = 0; i < o->threshold_count; i++) {
    const char *equals = strrchr(o->thresholds[i], '=');
    if (!equals || !is_probability(equals + 1, &ignored))
      return say_usage(self,
                       "--threshold: expected CLASS=P with P above 0, at most 1, found "
                       "'%s'",
                       o->thresholds[i]);
  }
  return true;
}

static ws_status read_one(const ws_task *task, const char *option, double *thresholds,
                          ws_error *err) {
  const char *equals = strrchr(option, '=');
  int32_t k;
  ws_text name = {option, (size_t)(equals - option)};
  WS_TRY(ws_task_label_text(task, name, &k, err));
  if (k == WS_ABSTAIN)
    return ws_error_set(err, WS_EINVAL, "expected a class, found '%.*s'",
                        WS_TEXT_ARG(name));
  if (!isnan(thresholds[k]))
    return ws_error_set(err, WS_EINVAL, "expected each class once, found '%.*s' twice",
                        WS_TEXT_ARG(name));
  (void)is_probability(equals + 1, &thresholds[k]); // decide_check did
  return WS_OK;
}

ws_status decide_read(const options *o, const ws_task *task, double **thresholds,
                      ws_decision *out, ws_error *err) {
  size_t K = ws_task_classes(task);
  if (o->threshold_count == 0) return WS_OK;
  *thresholds = ws_alloc_array(K, sizeof **thresholds);
  if (!*thresholds) return ws_error_nomem(err);
  for (size_t k = 0; k < K; k++) (*thresholds)[k] = (double)NAN;
  for (size_t i = 0; i < o->threshold_count; i++) {
    ws_status status = read_one(task, o->thresholds[i], *thresholds, err);
    if (status == WS_OK) continue;
    ws_error_prefix(err, "--threshold: ");
    return status;
  }
  out->thresholds = *thresholds;
  return WS_OK;
}
