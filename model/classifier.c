/* SPDX-License-Identifier: MIT
 *
 * The classifier as an object, and training it: features become a matrix (matrix.c), the
 * solver minimises the objective (linear.c) in double precision, and what it found is
 * rounded to floats once.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "mlp.h"

ws_classifier_options ws_classifier_options_default(void) {
  return (ws_classifier_options){
      .c = 3, .max_iterations = 100, .tolerance = 1e-4, .decrease = 5e-5};
}

/* --- the object --------------------------------------------------------------------- */

ws_status ws__classifier_new(size_t K, size_t A, ws_classifier **out) {
  ws_classifier *classifier = ws_alloc_zero(1, sizeof *classifier);
  if (!classifier) return WS_ENOMEM;
  classifier->K = K;
  classifier->A = A;
  classifier->classes = ws_alloc_zero(K, sizeof *classifier->classes);
  classifier->keys = ws_alloc_array(A, sizeof *classifier->keys);
  classifier->scale = ws_alloc_array(A, sizeof *classifier->scale);
  classifier->shift = ws_alloc_array(A, sizeof *classifier->shift);
  classifier->bias = ws_alloc_array(K, sizeof *classifier->bias);
  classifier->weights = A > SIZE_MAX / K ? NULL : ws_alloc_zero(A * K, sizeof(float));
  if (!classifier->classes || !classifier->keys || !classifier->scale ||
      !classifier->shift || !classifier->bias || !classifier->weights) {
    ws_classifier_free(classifier);
    return WS_ENOMEM;
  }
  *out = classifier;
  return WS_OK;
}

ws_status ws__classifier_set_hidden(ws_classifier *classifier, size_t H) {
  size_t A = classifier->A, K = classifier->K;
  float *weights = A > SIZE_MAX / H ? NULL : ws_alloc_zero(A * H, sizeof *weights);
  float *bias = ws_alloc_zero(H, sizeof *bias);
  float *second = ws_alloc_zero((H + 1) * K, sizeof *second);
  if (!weights || !bias || !second) {
    ws_free(weights);
    ws_free(bias);
    ws_free(second);
    return WS_ENOMEM;
  }
  ws_free(classifier->weights);
  ws_free(classifier->bias);
  classifier->weights = weights;
  classifier->bias = bias;
  classifier->second = second;
  classifier->H = H;
  return WS_OK;
}

void ws_classifier_free(ws_classifier *classifier) {
  if (!classifier) return;
  ws_arena_clear(&classifier->arena);
  ws_free(classifier->classes);
  if (!classifier->file.bytes.data) {
    ws_free(classifier->keys);
    ws_free(classifier->scale);
    ws_free(classifier->shift);
    ws_free(classifier->bias);
    ws_free(classifier->weights);
    ws_free(classifier->second);
    for (size_t b = 0; b < WS__MOST_BLOCKS; b++)
      ws__word_table_clear(&classifier->tables[b]);
  }
  ws_mapping_clear(&classifier->file);
  ws_free(classifier->named);
  ws_free(classifier->directory);
  ws_free(classifier);
}

/* About one key a directory entry: looking one up is a step or two. Keys are counted, not
 * compared with the entries' bounds: loading would spend half of its time on branches
 * that cannot be foreseen. */
ws_status ws__classifier_index(ws_classifier *classifier) {
  size_t blocks = classifier->spec.count;
  unsigned bits = 0;
  while (bits < 22 && (size_t)1 << bits < classifier->A / blocks) bits++;
  size_t bins = (size_t)1 << bits;
  uint32_t *directory = ws_alloc_zero(blocks * (bins + 1), sizeof *directory);
  if (!directory) return WS_ENOMEM;
  classifier->directory = directory;
  classifier->directory_bits = bits;
  for (size_t b = 0; b < blocks; b++, directory += bins + 1) {
    size_t first = ws__matrix_first(classifier->ends, b);
    for (size_t e = first; e < classifier->ends[b]; e++)
      directory[((uint64_t)classifier->keys[e] >> (32 - bits)) + 1]++;
    directory[0] = (uint32_t)first;
    for (size_t bin = 0; bin < bins; bin++) directory[bin + 1] += directory[bin];
  }
  return WS_OK;
}

size_t ws_classifier_classes(const ws_classifier *classifier) {
  return classifier->K;
}

ws_text ws_classifier_class(const ws_classifier *classifier, size_t k) {
  return classifier->classes[k];
}

unsigned ws_classifier_iterations(const ws_classifier *classifier) {
  return classifier->iterations;
}

bool ws_classifier_converged(const ws_classifier *classifier) {
  return classifier->converged;
}

double ws_classifier_objective(const ws_classifier *classifier) {
  return classifier->objective;
}

size_t ws_classifier_active(const ws_classifier *classifier) {
  return classifier->A;
}

size_t ws_classifier_hidden(const ws_classifier *classifier) {
  return classifier->H;
}

bool ws_classifier_needs_text(const ws_classifier *classifier) {
  for (size_t b = 0; b < classifier->spec.count; b++)
    if (classifier->spec.blocks[b].is_text) return true;
  return false;
}

bool ws_classifier_needs_npy(const ws_classifier *classifier, size_t *columns) {
  for (size_t b = 0; b < classifier->spec.count; b++) {
    if (classifier->spec.blocks[b].kind != WS__NPY) continue;
    *columns = classifier->ends[b] - ws__matrix_first(classifier->ends, b);
    return true;
  }
  return false;
}

uint64_t ws_classifier_rows(const ws_classifier *classifier) {
  return classifier->rows;
}

ws_status ws_classifier_blocks(const ws_classifier *classifier, ws_buffer *out) {
  return ws__spec_write(&classifier->spec, out);
}

ws_text ws_classifier_text_field(const ws_classifier *classifier) {
  return classifier->text;
}

/* --- training ----------------------------------------------------------------------- */

static ws_status take_names(ws_classifier *classifier, const ws_features *features,
                            const ws_text *classes) {
  for (size_t k = 0; k < classifier->K; k++)
    WS_TRY(ws_arena_text(&classifier->arena, classes[k], &classifier->classes[k]));
  return ws_arena_text(&classifier->arena, ws_text_of(features->text), &classifier->text);
}

static ws_status take_tables(ws_classifier *classifier, const ws__matrix *matrix) {
  for (size_t b = 0; b < matrix->spec.count; b++)
    if (matrix->tables[b].dimensions)
      WS_TRY(ws__word_table_copy(&matrix->tables[b], &classifier->tables[b]));
  return WS_OK;
}

ws_status ws__classifier_begin(const ws_features *features, const ws__matrix *matrix,
                               const ws_text *classes, size_t K, ws_classifier **out) {
  ws_classifier *classifier;
  WS_TRY(ws__classifier_new(K, matrix->A, &classifier));
  classifier->spec = matrix->spec;
  classifier->hash_bits = matrix->hash_bits;
  memcpy(classifier->ends, matrix->ends, sizeof matrix->ends);
  if (matrix->A) {
    memcpy(classifier->keys, matrix->keys, matrix->A * sizeof *matrix->keys);
    memcpy(classifier->scale, matrix->scale, matrix->A * sizeof *matrix->scale);
    memcpy(classifier->shift, matrix->shift, matrix->A * sizeof *matrix->shift);
  }
  ws_status status = take_names(classifier, features, classes);
  if (status == WS_OK) status = take_tables(classifier, matrix);
  if (status == WS_OK) status = ws__classifier_index(classifier);
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  return status;
}

void ws__classifier_take_linear(ws_classifier *classifier, const ws__linear *linear) {
  memcpy(classifier->bias, linear->bias, classifier->K * sizeof *linear->bias);
  ws__linear_add_weights(linear, 1, classifier->weights);
  classifier->objective = linear->objective;
  classifier->iterations = linear->iterations;
  classifier->converged = linear->converged;
}

ws_status ws__check_targets(const double *target, size_t K, size_t row, bool *labeled,
                            ws_error *err) {
  double sum = 0;
  bool negative = false;
  for (size_t k = 0; k < K; k++) {
    negative = negative || !(target[k] >= 0);
    sum += target[k];
  }
  *labeled = sum != 0;
  if (!negative && (sum == 0 || fabs(sum - 1) <= 1e-6)) return WS_OK;
  return ws_error_set(err, WS_EINVAL, "row %zu: its targets are no distribution", row);
}

/* Finds the rows to train on, and puts their targets side by side. */
static ws_status choose_rows(const double *targets, size_t rows, size_t K, size_t *chosen,
                             double *dense, size_t *n, ws_error *err) {
  *n = 0;
  for (size_t i = 0; i < rows; i++) {
    const double *target = targets + i * K;
    bool labeled;
    WS_TRY(ws__check_targets(target, K, i, &labeled, err));
    if (!labeled) continue;
    memcpy(dense + *n * K, target, K * sizeof *target);
    chosen[(*n)++] = i;
  }
  if (*n == 0)
    return ws_error_set(err, WS_EINVAL, "expected labels to train on, found none");
  return WS_OK;
}

ws_status ws__classifier_check_classes(size_t K, ws_error *err) {
  if (K >= 1 && K <= WS_MAX_CLASSES) return WS_OK;
  return ws_error_set(err, WS_EINVAL, "expected 1 to %d classes, found %zu",
                      (int)WS_MAX_CLASSES, K);
}

ws_status ws__classifier_check(const ws_classifier_options *options, ws_error *err) {
  if (!(options->c > 0) || isinf(options->c))
    return ws_error_set(err, WS_EINVAL, "C: expected a number above 0, found %g",
                        options->c);
  if (options->hidden > WS_MAX_HIDDEN)
    return ws_error_set(err, WS_EINVAL, "hidden units: expected at most %d, found %zu",
                        (int)WS_MAX_HIDDEN, options->hidden);
  if (options->hidden && options->loss != WS_LOSS_LOGISTIC)
    return ws_error_set(err, WS_EINVAL,
                        "expected the logistic loss for hidden units, found another");
  if (options->hidden && options->log_ratios == WS_LOG_RATIOS_ON)
    return ws_error_set(err, WS_EINVAL,
                        "log ratios: expected a linear model, found hidden units");
  if (!(options->tolerance >= 0))
    return ws_error_set(err, WS_EINVAL, "tolerance: expected 0 or more, found %g",
                        options->tolerance);
  return WS_OK;
}

ws__linear_options ws__linear_options_of(const ws_classifier_options *options) {
  return (ws__linear_options){
      .loss = options->loss,
      .c = options->c,
      .max_iterations = options->max_iterations,
      .tolerance = options->tolerance,
      .decrease = options->decrease,
      .threads = options->threads,
      .progress = options->progress,
      .log_ratios = options->log_ratios == WS_LOG_RATIOS_ON,
  };
}

ws_status ws__classifier_take_mlp(ws_classifier *classifier, const ws__mlp *mlp) {
  size_t H = mlp->H;
  WS_TRY(ws__classifier_set_hidden(classifier, H));
  ws__mlp_spread(mlp, classifier->weights);
  memcpy(classifier->bias, mlp->first + mlp->columns * H, H * sizeof(float));
  memcpy(classifier->second, mlp->second, (H + 1) * classifier->K * sizeof(float));
  classifier->objective = mlp->objective;
  classifier->iterations = mlp->iterations;
  classifier->converged = mlp->converged;
  return WS_OK;
}

ws_status ws__classifier_train_mlp(ws__mlp *out, const ws__matrix *matrix,
                                   const ws__rows *rows, size_t K,
                                   const ws_classifier_options *options, ws_error *err) {
  ws__mlp_options how = {
      .hidden = options->hidden,
      .c = options->c,
      .max_iterations = options->max_iterations,
      .tolerance = options->tolerance,
      .decrease = options->decrease,
      .threads = options->threads,
      .seed = options->seed,
      .progress = options->progress,
  };
  *out = (ws__mlp){0};
  if (matrix->A > WS_MAX_HIDDEN_WEIGHTS / options->hidden)
    return ws_error_set(err, WS_EINVAL,
                        "expected at most %d weights of a hidden layer, found %zu "
                        "features for each of %zu units: it is for vectors",
                        (int)WS_MAX_HIDDEN_WEIGHTS, matrix->A, options->hidden);
  return ws__mlp_train(out, matrix, rows, K, &how, err);
}

static ws_status train_mlp(const ws__matrix *matrix, const ws__rows *rows,
                           const ws_classifier_options *options,
                           ws_classifier *classifier, ws_error *err) {
  ws__mlp mlp;
  ws_status status =
      ws__classifier_train_mlp(&mlp, matrix, rows, classifier->K, options, err);
  if (status == WS_OK) status = ws__classifier_take_mlp(classifier, &mlp);
  ws__mlp_clear(&mlp);
  classifier->rows = rows->n;
  classifier->c = options->c;
  return status;
}

static ws_status train(const ws__matrix *matrix, const ws__rows *rows,
                       const ws_classifier_options *options, ws_classifier *classifier,
                       ws_error *err) {
  ws__linear linear;
  ws__linear_options how = ws__linear_options_of(options);
  if (options->hidden) return train_mlp(matrix, rows, options, classifier, err);
  ws_status status = ws__linear_train(&linear, matrix, rows, classifier->K, &how, err);
  if (status == WS_OK) ws__classifier_take_linear(classifier, &linear);
  ws__linear_clear(&linear);
  classifier->loss = options->loss;
  classifier->rows = rows->n;
  classifier->c = options->c;
  return status;
}

ws_status ws_classifier_train(ws_features *features, const double *targets,
                              const ws_text *classes, size_t class_count,
                              const ws_classifier_options *options, ws_classifier **out,
                              ws_error *err) {
  ws_classifier_options defaults = ws_classifier_options_default();
  const ws__matrix *matrix;
  ws_classifier *classifier = NULL;
  if (!options) options = &defaults;
  WS_TRY(ws__classifier_check_classes(class_count, err));
  WS_TRY(ws__classifier_check(options, err));
  size_t rows = features->rows, K = class_count, n = 0;
  size_t *chosen = ws_alloc_array(rows, sizeof *chosen);
  double *dense = rows > SIZE_MAX / K ? NULL : ws_alloc_array(rows * K, sizeof *dense);
  ws_status status = chosen && dense ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) status = choose_rows(targets, rows, K, chosen, dense, &n, err);
  if (status == WS_OK) status = ws__features_matrix(features, &matrix, err);
  if (status == WS_OK)
    status = ws__classifier_begin(features, matrix, classes, K, &classifier);
  if (status == WS_OK)
    status = train(matrix, &(ws__rows){chosen, n, dense}, options, classifier, err);
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  ws_free(chosen);
  ws_free(dense);
  return status;
}
