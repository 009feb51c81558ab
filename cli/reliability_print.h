/* SPDX-License-Identifier: MIT
 *
 * How sure a classifier is and should be, class by class: for terminals and as JSON.
 */
#ifndef WS_RELIABILITY_PRINT_H
#define WS_RELIABILITY_PRINT_H

#include <weaksup/json.h>
#include <weaksup/reliability.h>

/* The reliability table and what rejecting costs. */
void reliability_print(const ws_reliability *r);
/* Precision, recall and F1 of each class, and the confusion matrix. */
void classes_print(const ws_reliability *r, const ws_text *names, size_t classes);

/* The members "reliability", "rejection", "classes" and "confusion". */
void reliability_json(ws_json_writer *json, const ws_reliability *r, const ws_text *names,
                      size_t classes);

/* The labels that a decision takes: how many there are, and how they fare by class. */
void operating_point_print(const ws_reliability *r, const ws_text *names, size_t classes);
/* Writes the member "operating_point". */
void operating_point_json(ws_json_writer *json, const ws_reliability *r,
                          const ws_text *names, size_t classes);

#endif
