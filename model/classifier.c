/* SPDX-License-Identifier: MIT
 *
 * Training the classifier: the rows become a design (design.c), the solver minimises the
 * objective (logistic.c) in double precision, and what it found is rounded to floats
 * once.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "logistic.h"
#include "solver.h"

ws_classifier_options ws_classifier_options_default(void) {
  return (ws_classifier_options){.c = 10, .max_iterations = 500, .tolerance = 1e-4};
}

/* --- the object --------------------------------------------------------------------- */

ws_status ws__classifier_new(size_t K, size_t A, ws_classifier **out) {
  ws_classifier *classifier = ws_alloc_zero(1, sizeof *classifier);
  if (!classifier) return WS_ENOMEM;
  classifier->K = K;
  classifier->A = A;
  classifier->classes = ws_alloc_zero(K, sizeof *classifier->classes);
  classifier->buckets = ws_alloc_array(A, sizeof *classifier->buckets);
  classifier->idf = ws_alloc_array(A, sizeof *classifier->idf);
  classifier->bias = ws_alloc_array(K, sizeof *classifier->bias);
  classifier->weights = A > SIZE_MAX / K ? NULL : ws_alloc_array(A * K, sizeof(float));
  if (!classifier->classes || !classifier->buckets || !classifier->idf ||
      !classifier->bias || !classifier->weights) {
    ws_classifier_free(classifier);
    return WS_ENOMEM;
  }
  *out = classifier;
  return WS_OK;
}

void ws_classifier_free(ws_classifier *classifier) {
  if (!classifier) return;
  ws_arena_clear(&classifier->arena);
  ws_free(classifier->classes);
  ws_free(classifier->buckets);
  ws_free(classifier->idf);
  ws_free(classifier->bias);
  ws_free(classifier->weights);
  ws_free(classifier->directory);
  ws_free(classifier);
}

/* About one bucket a directory entry: looking one up is a step or two. */
ws_status ws__classifier_index(ws_classifier *classifier) {
  unsigned bits = 0;
  while (bits < classifier->options.hash_bits && (size_t)1 << bits < classifier->A)
    bits++;
  size_t entries = (size_t)1 << bits, next = 0;
  unsigned shift = classifier->options.hash_bits - bits;
  classifier->directory = ws_alloc_array(entries + 1, sizeof *classifier->directory);
  if (!classifier->directory) return WS_ENOMEM;
  classifier->directory_bits = bits;
  for (size_t entry = 0; entry <= entries; entry++) {
    while (next < classifier->A && classifier->buckets[next] >> shift < entry) next++;
    classifier->directory[entry] = (uint32_t)next;
  }
  return WS_OK;
}

size_t ws__classifier_find(const ws_classifier *classifier, uint32_t bucket) {
  uint32_t entry = bucket >> (classifier->options.hash_bits - classifier->directory_bits);
  size_t end = classifier->directory[entry + 1];
  for (size_t a = classifier->directory[entry]; a < end; a++)
    if (classifier->buckets[a] == bucket) return a;
  return classifier->A;
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
uint64_t ws_classifier_rows(const ws_classifier *classifier) {
  return classifier->rows;
}

/* --- training ----------------------------------------------------------------------- */

/* Where the start is nearly the minimum, as with one class only, the first gradient is no
 * measure: a thousandth of the rows is then. */
static ws_status minimise(ws__logistic *problem, const ws_classifier_options *options,
                          double *x, ws__solution *solution, ws_error *err) {
  ws__solver_options solver = {
      .max_iterations = options->max_iterations,
      .tolerance = options->tolerance,
      .floor = 1e-3 * problem->bias_scale * (double)problem->design->n,
      .progress = options->progress,
  };
  ws__objective objective = {ws__logistic_call, problem, problem->size};
  ws__logistic_start(problem, x);
  return ws__minimise(objective, &solver, x, solution, err);
}

static ws_status take_names(ws_classifier *classifier, const ws_text *classes) {
  for (size_t k = 0; k < classifier->K; k++)
    WS_TRY(ws_arena_text(&classifier->arena, classes[k], &classifier->classes[k]));
  return WS_OK;
}

static ws_status take_solution(ws_classifier *classifier, const ws__logistic *problem,
                               const double *x, const ws__solution *solution) {
  const ws__design *design = problem->design;
  ws__logistic_weights(problem, x, classifier->weights, classifier->bias);
  memcpy(classifier->buckets, design->buckets, design->active * sizeof *design->buckets);
  memcpy(classifier->idf, design->idf, design->active * sizeof *design->idf);
  classifier->rows = design->n;
  classifier->c = problem->c;
  classifier->objective = solution->value;
  classifier->iterations = solution->iterations;
  classifier->converged = solution->converged;
  return ws__classifier_index(classifier);
}

static ws_status train(ws__design *design, const ws_classifier_options *options,
                       ws_classifier *classifier, ws_error *err) {
  ws__logistic problem;
  ws__solution solution = {0};
  double *x = NULL;
  ws_status status = ws__logistic_init(&problem, design, options->c);
  if (status != WS_OK) goto done;
  status = WS_ENOMEM;
  x = ws_alloc_array(problem.size, sizeof *x);
  if (!x) goto done;
  status = minimise(&problem, options, x, &solution, err);
  if (status == WS_OK) status = take_solution(classifier, &problem, x, &solution);
done:
  ws_free(x);
  ws__logistic_clear(&problem);
  return status;
}

static ws_status check_options(const ws_classifier_options *options, ws_error *err) {
  if (!(options->c > 0) || isinf(options->c))
    return ws_error_set(err, WS_EINVAL, "C: expected a number above 0, found %g",
                        options->c);
  if (!(options->tolerance >= 0))
    return ws_error_set(err, WS_EINVAL, "tolerance: expected 0 or more, found %g",
                        options->tolerance);
  return WS_OK;
}

ws_status ws_classifier_train(const ws_features *features, const double *targets,
                              const ws_text *classes, size_t class_count,
                              const ws_classifier_options *options, ws_classifier **out,
                              ws_error *err) {
  ws_classifier_options defaults = ws_classifier_options_default();
  if (!options) options = &defaults;
  WS_TRY(check_options(options, err));
  ws__design design;
  ws_classifier *classifier = NULL;
  ws_status status = ws__design_init(&design, features, targets, class_count, err);
  if (status == WS_OK)
    status = ws__classifier_new(class_count, design.active, &classifier);
  if (status == WS_OK) {
    classifier->options = features->terms.options;
    status = take_names(classifier, classes);
  }
  if (status == WS_OK) status = train(&design, options, classifier, err);
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  ws__design_clear(&design);
  return status;
}
