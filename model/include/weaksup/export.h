/* SPDX-License-Identifier: MIT
 *
 * Classifiers for elsewhere: a C99 header that needs nothing, or JSON; and what a
 * classifier has learnt, for people to look at.
 */
#ifndef WEAKSUP_EXPORT_H
#define WEAKSUP_EXPORT_H

#include <weaksup/classifier.h>
#include <weaksup/json.h>

WS_BEGIN_DECLS

typedef struct ws_export_options {
  const char *name; // what the names in the header begin with, a C identifier; default
                    // "model"
  bool int8;        // weights as small whole numbers instead of floats; default false
  size_t entries;   // keeps so many features, those that matter most; 0, the default: all
  size_t most_bytes; // and no more than fit into so many bytes of compiled code and
                     // tables; 0, the default: any number
} ws_export_options;

WS_API ws_export_options ws_export_options_default(void);

/* A classifier made ready to be written as a header. */
typedef struct ws_export ws_export;

/* WS_EINVAL where the classifier looks at anything but the words and characters of one
 * field, naming the block; where the name is no identifier; where not one feature fits.
 */
WS_API WS_CHECK ws_status ws_export_new(const ws_classifier *classifier,
                                        const ws_export_options *options, ws_export **out,
                                        ws_error *err);
WS_API void ws_export_free(ws_export *exported);
/* Whether so few features are left that they should learn from records. */
WS_API bool ws_export_should_learn(const ws_export *exported);
/* Records that the weights that are left are to learn from: what the whole classifier
 * says of one, probs[K]. WS_EPARSE where it has not what the features are made of. */
WS_API WS_CHECK ws_status ws_export_teach(ws_export *exported, const ws_record *record,
                                          const double *probs, ws_error *err);
/* Trains those weights again, to say of all these records what the whole classifier does.
 * threads 0: as many as there are processors; the result does not depend on it. */
WS_API WS_CHECK ws_status ws_export_learn(ws_export *exported, unsigned threads,
                                          ws_error *err);
/* The classifier with the features and weights that the header has: for scoring what
 * leaving out and rounding cost. Belongs to `exported`. */
WS_API const ws_classifier *ws_export_classifier(const ws_export *exported);
/* The compiled size in bytes: an estimate of the code, tables of characters, features. */
WS_API size_t ws_export_bytes(const ws_export *exported);
/* Appends the header. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_export_header(const ws_export *exported, ws_buffer *out);

/* The features and weights as a JSON object; docs/formats.md describes it. WS_EINVAL for
 * one with a hidden layer, or with word vectors. */
WS_API WS_CHECK ws_status ws_export_json(const ws_classifier *classifier, ws_buffer *out,
                                         ws_error *err);

/* --- looking inside ----------------------------------------------------------------- */

/* Finds the texts of the features that weigh most, by counting the texts again that
 * `features` kept a sample of: what the classifier was trained on. They are written with
 * it. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_classifier_name(ws_classifier *classifier,
                                             const ws_features *features);

/* A feature and what it speaks for. */
typedef struct ws_strong_feature {
  size_t block;
  ws_text name;  // of a character stretch with its blanks
  double weight; // of the class, the mean of the classes being 0, times its idf
} ws_strong_feature;

/* The `most` named features that speak for class k most, the strongest first: out[most].
 * *count receives how many there are; WS_OK or WS_ENOMEM. */
WS_API WS_CHECK ws_status ws_classifier_strongest(const ws_classifier *classifier,
                                                  size_t k, size_t most,
                                                  ws_strong_feature *out, size_t *count);
/* Block b as it is written in a specification. Appends to `out`. */
WS_API WS_CHECK ws_status ws_classifier_block(const ws_classifier *classifier, size_t b,
                                              ws_buffer *out);
/* How many blocks there are, and the features of block b. */
WS_API size_t ws_classifier_block_count(const ws_classifier *classifier);
WS_API size_t ws_classifier_block_size(const ws_classifier *classifier, size_t b);
/* What it was trained with. */
WS_API double ws_classifier_c(const ws_classifier *classifier);
WS_API ws_loss ws_classifier_loss(const ws_classifier *classifier);
/* How it was trained, as JSON; may be empty. */
WS_API ws_text ws_classifier_summary(const ws_classifier *classifier);

/* What leaving out and rounding cost: the two classifiers on the same records. Begin with
 * zeros. */
typedef struct ws_export_cost {
  uint64_t records, same;                 // on `same` both say the same class
  uint64_t gold, whole_right, part_right; // records with a gold label, and who is right
  double largest;                         // difference of a probability
} ws_export_cost;

/* Adds a record: what the whole classifier says of it, what the exported one does, each
 * [K], and its gold label, WS_ABSTAIN where it has none. */
WS_API void ws_export_cost_add(ws_export_cost *cost, const double *whole,
                               const double *part, size_t K, int32_t gold);

WS_END_DECLS

#endif
