/* SPDX-License-Identifier: MIT
 *
 * Choosing rows, targets and strength.
 */
#include <weaksup/training.h>

#include <string.h>

#include <weaksup/alloc.h>

ws_training_options ws_training_options_default(void) {
  ws_training_options options = {.classifier = ws_classifier_options_default(),
                                 .gold_weight = 5};
  options.classifier.c = 0;
  return options;
}

/* One-hot where there is gold. */
static void fill_targets(const ws_training_rows *rows, size_t n, size_t K, double *out,
                         ws_training_report *report) {
  for (size_t i = 0; i < n; i++) {
    double *target = out + i * K, sum = 0;
    int32_t gold = rows->gold ? rows->gold[i] : WS_ABSTAIN;
    for (size_t k = 0; k < K; k++) {
      target[k] = gold != WS_ABSTAIN ? (double)((size_t)gold == k)
                  : rows->targets    ? rows->targets[i * K + k]
                                     : 0;
      sum += target[k];
    }
    if (gold != WS_ABSTAIN)
      report->gold++;
    else if (sum > 0)
      report->covered++;
    else
      report->uncovered++;
  }
}

ws_status ws_training_run(ws_features *features, const ws_training_rows *rows,
                          const ws_text *classes, size_t class_count,
                          const ws_training_options *options, ws_classifier **out,
                          ws_training_report *report, ws_error *err) {
  ws_training_options usual = ws_training_options_default();
  size_t n = ws_features_rows(features), K = class_count;
  if (!options) options = &usual;
  *report = (ws_training_report){.temperature = 1};
  double *targets = n > SIZE_MAX / K ? NULL : ws_alloc_array(n * K, sizeof *targets);
  if (!targets) return ws_error_nomem(err);
  fill_targets(rows, n, K, targets, report);
  ws_classifier_options how = options->classifier;
  if (how.c == 0) how.c = report->covered ? 3 : 10;
  report->c = how.c;
  ws_status status = ws_classifier_train(features, targets, classes, K, &how, out, err);
  ws_free(targets);
  return status;
}
