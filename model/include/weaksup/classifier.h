/* SPDX-License-Identifier: MIT
 *
 * The discriminative classifier: a linear model of features, or a perceptron with one
 * hidden layer, trained on probabilistic labels, so that it generalises past the LFs and
 * runs without them.
 *
 * Minimises sum_i w_i loss(P_i, p_i) + |W|^2 / (2 C) over the records i that it is
 * trained on, the bias being free (scikit-learn's C). Deterministic, whatever the number
 * of threads.
 */
#ifndef WEAKSUP_CLASSIFIER_H
#define WEAKSUP_CLASSIFIER_H

#include <weaksup/features.h>
#include <weaksup/labels.h>
#include <weaksup/npy.h>
#include <weaksup/progress.h>

WS_BEGIN_DECLS

typedef struct ws_classifier ws_classifier;

typedef enum ws_loss {
  WS_LOSS_LOGISTIC, // -sum_k P_k log p_k: multinomial logistic regression
  WS_LOSS_HINGE,    // the squared hinge, one class against the rest: a linear SVM
} ws_loss;

/* Whether n-grams that tell more about the classes, by naive Bayes' log ratios, are
 * penalised less: S. Wang, C. Manning, Baselines and bigrams, 2012. The classifier is as
 * linear as without. */
typedef enum ws_log_ratios {
  WS_LOG_RATIOS_AUTO, // ws_training_run: where all labels are gold, and there are
                      // WS_LOG_RATIOS_LEAST or more, and WS_LOG_RATIOS_LEAST_EACH for
                      // each class in the mean; else not
  WS_LOG_RATIOS_ON,
  WS_LOG_RATIOS_OFF,
} ws_log_ratios;

enum { WS_LOG_RATIOS_LEAST = 300, WS_LOG_RATIOS_LEAST_EACH = 10 };

enum {
  WS_MAX_HIDDEN = 1024,
  WS_MAX_HIDDEN_WEIGHTS = 1 << 25, // features times hidden units; training takes some
                                   // 200 bytes for each
};

typedef struct ws_classifier_options {
  ws_loss loss;             // default WS_LOSS_LOGISTIC
  ws_log_ratios log_ratios; // default WS_LOG_RATIOS_AUTO; not with hidden units
  size_t hidden; // 0, the default: linear; 1 .. WS_MAX_HIDDEN: a perceptron with
                 // so many hidden units (tanh), whose loss is the logistic one
  uint64_t seed; // of a perceptron's first weights
  double c;      // > 0, default 3
  unsigned max_iterations; // default 100
  double tolerance; // stops when the norm of the gradient (for scaled weights), relative
                    // to its first, is this or less; default 1e-4
  double decrease;  // or when an iteration lowers the mean loss by less; default 5e-5
  unsigned threads; // 0, the default: as many as there are processors
  ws_progress_sink progress; // "training", in iterations
} ws_classifier_options;

WS_API ws_classifier_options ws_classifier_options_default(void);

/* Trains on row i of `features` with the distribution targets + i*K, [rows][K], each
 * summing to 1; a row whose targets are all 0 is left out (it still counts for idf).
 * WS_EINVAL where no row is left or targets are neither. Ending before the tolerance is
 * reached is no error. The class names are copied; no record can be added to `features`
 * afterwards, but they can be trained on again. */
WS_API WS_CHECK ws_status ws_classifier_train(ws_features *features,
                                              const double *targets,
                                              const ws_text *classes, size_t class_count,
                                              const ws_classifier_options *options,
                                              ws_classifier **out, ws_error *err);
WS_API void ws_classifier_free(ws_classifier *classifier);

/* Names and texts are the classifier's. Of the training: the iterations it took, whether
 * it came to the tolerance, and what is minimised at its end. */
WS_API size_t ws_classifier_classes(const ws_classifier *classifier); // K
WS_API ws_text ws_classifier_class(const ws_classifier *classifier, size_t k);
WS_API unsigned ws_classifier_iterations(const ws_classifier *classifier);
WS_API bool ws_classifier_converged(const ws_classifier *classifier);
WS_API double ws_classifier_objective(const ws_classifier *classifier);
WS_API size_t ws_classifier_active(const ws_classifier *classifier); // features it knows
WS_API uint64_t ws_classifier_rows(const ws_classifier *classifier); // trained on
/* Hidden units of a perceptron; 0: it is linear. */
WS_API size_t ws_classifier_hidden(const ws_classifier *classifier);
/* Whether it looks at the task's text field. */
WS_API bool ws_classifier_needs_text(const ws_classifier *classifier);
/* Whether it needs a matrix beside the records, and of how many columns. */
WS_API bool ws_classifier_needs_npy(const ws_classifier *classifier, size_t *columns);
/* What it sees of a record: "words(text,1-2) chars(text,2-5)". Appends to `out`. */
WS_API WS_CHECK ws_status ws_classifier_blocks(const ws_classifier *classifier,
                                               ws_buffer *out);
/* The field that stood for the task's text when it was trained. */
WS_API ws_text ws_classifier_text_field(const ws_classifier *classifier);

/* The distribution over the classes of one record: probs[K]. A predictor holds the
 * working memory, so that many records cost no allocation; one a thread. WS_EPARSE,
 * naming the field, where the record has not what the features are made of. */
typedef struct ws_predictor ws_predictor;
WS_API WS_CHECK ws_status ws_predictor_new(const ws_classifier *classifier,
                                           ws_predictor **out);
WS_API void ws_predictor_free(ws_predictor *predictor);
/* The matrix with a row for each record, by ws_record.row; borrowed. WS_EINVAL where it
 * has not as many columns as the one in training. What needs none passes it over. */
WS_API WS_CHECK ws_status ws_predictor_set_npy(ws_predictor *predictor, const ws_npy *npy,
                                               ws_error *err);
WS_API WS_CHECK ws_status ws_predict(ws_predictor *predictor, const ws_record *record,
                                     double *probs, ws_error *err);

/* The same of a row of features of the classifier's specification, as if it were a new
 * record: to the byte what ws_predict says of that. WS_EINVAL where they were trained
 * on. */
WS_API WS_CHECK ws_status ws_predict_features(ws_predictor *predictor,
                                              ws_features *features, size_t row,
                                              double *probs, ws_error *err);

/* classifier.wsc: binary, versioned, checksummed, canonical; docs/formats.md gives the
 * layout. Encoding appends to `out`; WS_ENOMEM only. WS_EPARSE for bytes that are no
 * classifier, or are damaged; WS_EIO where the file cannot be read. */
WS_API WS_CHECK ws_status ws_classifier_encode(const ws_classifier *classifier,
                                               ws_buffer *out);
WS_API WS_CHECK ws_status ws_classifier_decode(ws_text bytes, ws_classifier **out,
                                               ws_error *err);
WS_API WS_CHECK ws_status ws_classifier_load(const char *path, ws_classifier **out,
                                             ws_error *err);

WS_END_DECLS

#endif
