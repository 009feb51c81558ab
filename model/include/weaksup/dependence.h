/* SPDX-License-Identifier: MIT
 *
 * Conditional dependence: pairs of labeling functions (LFs) that vote for the same class
 * on more records than a label model explains by how good each of them is. Label models
 * take LFs for independent given the class; two that look at the same words are one
 * opinion that counts twice.
 */
#ifndef WEAKSUP_DEPENDENCE_H
#define WEAKSUP_DEPENDENCE_H

#include <weaksup/label_model.h>

WS_BEGIN_DECLS

typedef struct ws_dependent_pair {
  size_t a, b;        // LFs of the votes, a < b
  uint64_t agree;     // records on which both vote for the same class
  double expected;    // of them, were the two independent given the class
  double correlation; // of the two, given the class: 0 for independent ones, 1 for two
                      // that are the same
  bool shared; // they are near duplicates for which the model does not count each vote
               // whole (ws_lf_parameters.omega): its labels know of it
} ws_dependent_pair;

typedef struct ws_dependence_options {
  double least_correlation; // default 0.3; docs/label-models.md has what smaller ones are
                            // worth: nothing
  double most_by_chance;    // so many pairs of all may be listed though all are
                            // independent; default 0.01
  size_t most_lfs;          // pairs are looked for among so many; default 1000
} ws_dependence_options;

WS_API ws_dependence_options ws_dependence_options_default(void);

typedef struct ws_dependent_pairs ws_dependent_pairs;

/* Looks at the votes that the model was fitted on. How many records of a class there are
 * is told by the model's class balance; where that is not known the records that somebody
 * votes on count alone, so that pairs of which nobody else knows are not found. The
 * largest correlations first. `options` NULL: the defaults. Conditions as for
 * ws_label_model_predict. */
WS_API WS_CHECK ws_status ws_dependent_pairs_find(const ws_label_model *model,
                                                  const ws_votes *votes,
                                                  const ws_dependence_options *options,
                                                  ws_dependent_pairs **out,
                                                  ws_error *err);
WS_API void ws_dependent_pairs_free(ws_dependent_pairs *pairs);
WS_API size_t ws_dependent_pairs_count(const ws_dependent_pairs *pairs);
WS_API const ws_dependent_pair *ws_dependent_pairs_at(const ws_dependent_pairs *pairs,
                                                      size_t i);

WS_END_DECLS

#endif
