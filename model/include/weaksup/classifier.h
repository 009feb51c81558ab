/* SPDX-License-Identifier: MIT
 *
 * The discriminative classifier: multinomial logistic regression on text features,
 * trained on probabilistic labels, so that it generalises past the LFs and runs without
 * them.
 *
 * Minimises sum_i -sum_k P_ik log p_ik + |W|^2 / (2 C) over the records i that it is
 * trained on, the bias being free (scikit-learn's C). Deterministic.
 */
#ifndef WEAKSUP_CLASSIFIER_H
#define WEAKSUP_CLASSIFIER_H

#include <weaksup/features.h>
#include <weaksup/labels.h>
#include <weaksup/progress.h>

WS_BEGIN_DECLS

typedef struct ws_classifier ws_classifier;

typedef struct ws_classifier_options {
  double c;                // > 0, default 10
  unsigned max_iterations; // default 500
  double tolerance; // stops when the norm of the gradient (for scaled weights), relative
                    // to its first, is this or less; default 1e-4
  ws_progress_sink progress; // "training", in iterations
} ws_classifier_options;

WS_API ws_classifier_options ws_classifier_options_default(void);

/* Trains on row i of `features` with the distribution targets + i*K, [rows][K], each
 * summing to 1; a row whose targets are all 0 is left out (it still counts for idf).
 * WS_EINVAL where no row is left or
 * targets are neither. Ending before the tolerance is reached is no error. The class
 * names are copied. */
WS_API WS_CHECK ws_status ws_classifier_train(const ws_features *features,
                                              const double *targets,
                                              const ws_text *classes, size_t class_count,
                                              const ws_classifier_options *options,
                                              ws_classifier **out, ws_error *err);
WS_API void ws_classifier_free(ws_classifier *classifier);

WS_API size_t ws_classifier_classes(const ws_classifier *classifier); // K
WS_API ws_text ws_classifier_class(const ws_classifier *classifier, size_t k);
WS_API unsigned ws_classifier_iterations(const ws_classifier *classifier);
WS_API bool ws_classifier_converged(const ws_classifier *classifier);
WS_API double ws_classifier_objective(const ws_classifier *classifier);
WS_API size_t
ws_classifier_active(const ws_classifier *classifier); // buckets with a weight
WS_API uint64_t ws_classifier_rows(const ws_classifier *classifier); // trained on

/* The distribution over the classes of one text: probs[K]. A predictor holds the working
 * memory, so that many texts cost no allocation; one a thread. */
typedef struct ws_predictor ws_predictor;
WS_API WS_CHECK ws_status ws_predictor_new(const ws_classifier *classifier,
                                           ws_predictor **out);
WS_API void ws_predictor_free(ws_predictor *predictor);
WS_API WS_CHECK ws_status ws_predict(ws_predictor *predictor, ws_text text,
                                     double *probs);

/* classifier.wsc: binary, versioned, checksummed, canonical; docs/formats.md gives the
 * layout. */
WS_API WS_CHECK ws_status ws_classifier_encode(const ws_classifier *classifier,
                                               ws_buffer *out);
WS_API WS_CHECK ws_status ws_classifier_decode(ws_text bytes, ws_classifier **out,
                                               ws_error *err);
WS_API WS_CHECK ws_status ws_classifier_load(const char *path, ws_classifier **out,
                                             ws_error *err);

WS_END_DECLS

#endif
