/* SPDX-License-Identifier: MIT
 *
 * The parameters of the kinds that learn, for each LF and class, a distribution over its
 * votes, and prediction with them. S = G K states, G of them (subtypes) for each class.
 */
#ifndef WS_CONFUSION_H
#define WS_CONFUSION_H

#include "label_model_priv.h"

/* A rate of 0 counts as this, so that one vote that the fit has never seen in a class
 * does not outweigh all others. */
#define WS_LEAST_RATE 1e-9
/* And the weight of a state as this. */
#define WS_LEAST_STATE 1e-300

/* Makes room, once C is known: weights uniform, the rest 0. */
ws_status ws__confusion_new(ws_label_model *model);
void ws__confusion_clear(ws__confusion *confusion);
/* Computes what follows from weights, rates and silent. */
void ws__confusion_ready(ws_label_model *model);
/* The same for the weights and silent alone. */
void ws__confusion_weights_ready(ws_label_model *model);

/* The posterior of all kinds with a confusion. */
void ws__confusion_posterior(const ws_label_model *model, const uint32_t *id_of,
                             ws_pattern pattern, double *probs);
/* The odds of those that have no subtypes. */
void ws__confusion_odds(const ws_label_model *model, const uint32_t *id_of,
                        size_t columns, double *odds);

#endif
