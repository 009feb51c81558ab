/* SPDX-License-Identifier: MIT
 *
 * How sure linear scores should be.
 */
#ifndef WS_TEMPERATURE_H
#define WS_TEMPERATURE_H

#include <weaksup/status.h>

#include "classifier_priv.h"

/* The temperature by which scores[n][K] are to be divided so that the classes gold[n]
 * have the largest probability together, ln of it having the prior N(0, prior_sd^2), and
 * the mean of -log of that probability then. Between 1/50 and 50; four significant
 * digits: the rest is noise. Of no rows: 1, the prior's, and 0. */
WS_CHECK ws_status ws__temperature_fit(const double *scores, const int32_t *gold,
                                       size_t n, size_t K, double prior_sd, double *out,
                                       double *loss);

/* The same for targets[n][K], each a weight times a distribution: the scores'
 * distribution is as near to them as can be, by cross-entropy. Nothing is known before.
 */
WS_CHECK ws_status ws__temperature_fit_soft(const double *scores, const double *targets,
                                            size_t n, size_t K, double *out);

/* Divides the scores of a classifier that was just trained. */
void ws__classifier_temper(ws_classifier *classifier, double temperature);
/* Adds the scores of another classifier that was trained on the same features. */
void ws__classifier_add(ws_classifier *classifier, const ws_classifier *other);

#endif
