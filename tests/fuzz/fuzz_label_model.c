/* SPDX-License-Identifier: MIT
 *
 * label_model.json, under a right seal: what is taken at all is written and read again as
 * the same model, and predicts distributions. The input is the file up to its seal.
 */
#include <math.h>
#include <string.h>

#include <weaksup/hash.h>
#include <weaksup/label_model.h>

#include "fuzz.h"

static ws_status load(const ws_buffer *bytes, ws_label_model **out) {
  const uint8_t *data = (const uint8_t *)bytes->data;
  return ws_label_model_load(fuzz_file(data, bytes->size, "input"), out, NULL);
}

/* The same as ws_json_seal. */
static void seal(ws_buffer *bytes) {
  char hex[33];
  ws_hash128_hex(ws_hash128_of(bytes->data, bytes->size), hex);
  FUZZ_CHECK(ws_buffer_printf(bytes, "\"checksum\": \"%s\"\n}\n", hex) == WS_OK);
}

static void check_rewriting(const ws_label_model *model) {
  ws_buffer once = {0}, twice = {0};
  ws_label_model *again = NULL;
  FUZZ_CHECK(ws_label_model_encode(model, &once, NULL) == WS_OK);
  FUZZ_CHECK(load(&once, &again) == WS_OK);
  FUZZ_CHECK(ws_label_model_encode(again, &twice, NULL) == WS_OK);
  FUZZ_CHECK(ws_text_equal(ws_buffer_as_text(&once), ws_buffer_as_text(&twice)));
  ws_label_model_free(again);
  ws_buffer_clear(&once);
  ws_buffer_clear(&twice);
}

/* The first record has no votes; then each LF votes for one class, in turn. */
static void add_records(const ws_label_model *model, ws_votes_builder *builder) {
  size_t lfs = ws_label_model_lfs(model), classes = ws_label_model_classes(model);
  ws_vote *votes = malloc((lfs + 1) * sizeof *votes);
  for (size_t i = 0; i < 4; i++) {
    size_t count = i ? lfs : 0;
    for (size_t j = 0; j < count; j++)
      votes[j] = (ws_vote){(uint32_t)j, (int32_t)((i - 1 + j * (i == 3)) % classes)};
    FUZZ_CHECK(ws_votes_builder_add(builder, ws_text_of("r"), WS_ABSTAIN, votes, count) ==
               WS_OK);
  }
  free(votes);
}

/* False where the names are no task's. */
static bool make_votes(const ws_label_model *model, ws_votes **out) {
  size_t classes = ws_label_model_classes(model), lfs = ws_label_model_lfs(model);
  ws_text *names = malloc(classes * sizeof *names);
  ws_task *task = NULL;
  ws_votes_builder *builder = NULL;
  uint32_t index = 0;
  for (size_t k = 0; k < classes; k++) names[k] = ws_label_model_class(model, k);
  bool fine = ws_task_new(names, classes, &task, NULL) == WS_OK;
  free(names);
  if (!fine) return false;
  FUZZ_CHECK(ws_votes_builder_new(task, &builder) == WS_OK);
  for (size_t j = 0; j < lfs && fine; j++)
    fine = ws_votes_builder_lf(builder, ws_label_model_lf(model, j), &index, NULL) ==
               WS_OK &&
           index == j;
  if (fine) add_records(model, builder);
  FUZZ_CHECK(ws_votes_builder_finish(builder, out) == WS_OK);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return fine;
}

static void check_labels(const ws_labels *labels) {
  for (size_t u = 0; u < ws_labels_patterns(labels); u++) {
    const double *probs = ws_labels_get(labels, u);
    double sum = 0;
    for (size_t k = 0; k < ws_labels_classes(labels); k++) {
      FUZZ_CHECK(probs[k] >= 0 && probs[k] <= 1);
      sum += probs[k];
    }
    FUZZ_CHECK(fabs(sum - 1) < 1e-9);
  }
}

static void check_predicting(const ws_label_model *model) {
  ws_votes *votes = NULL;
  ws_labels *labels = NULL;
  if (make_votes(model, &votes) &&
      ws_label_model_predict(model, votes, &labels, NULL) == WS_OK)
    check_labels(labels);
  ws_labels_free(labels);
  ws_votes_free(votes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ws_buffer bytes = {0};
  ws_label_model *model = NULL;
  FUZZ_CHECK(ws_buffer_append(&bytes, data, size) == WS_OK);
  seal(&bytes);
  if (load(&bytes, &model) == WS_OK) {
    check_rewriting(model);
    check_predicting(model);
  }
  ws_label_model_free(model);
  ws_buffer_clear(&bytes);
  return 0;
}
