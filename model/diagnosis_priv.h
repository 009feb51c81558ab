/* SPDX-License-Identifier: MIT
 *
 * The inside of a diagnosis, for the files diagnosis*.c alone: what its rules look at,
 * how they write findings, and the rules themselves.
 */
#ifndef WS_DIAGNOSIS_PRIV_H
#define WS_DIAGNOSIS_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/diagnosis.h>

#include "diagnosis_facts.h"

struct ws_diagnosis {
  ws_arena arena; // of all texts and lists
  ws_finding *items;
  size_t count, capacity;
  ws_duplicate_groups *duplicates;
};

/* Who goes through the rules. */
typedef struct ws__doctor {
  const ws_label_model *model;
  const ws_votes *votes;
  const bool *left_out; // [M] or NULL
  ws__facts facts;
  ws_diagnosis *found;
  uint32_t *list; // [M + K] scratch: the LFs or classes of a finding
  size_t listed;
  ws_buffer text; // what the next finding says
} ws__doctor;

/* --- writing findings (diagnosis_finding.c) ----------------------------------------- */

/* Adds names of LFs or classes to the text: "'a'", "'a' and 'b'", "'a', 'b', 'c' and 4
 * more". */
WS_CHECK ws_status ws__finding_names(ws__doctor *d, const uint32_t *items, size_t count,
                                     const char *quote,
                                     ws_text (*name)(const ws_votes *, size_t));

/* Adds the names of the LFs that are listed. */
WS_CHECK ws_status ws__finding_name_lfs(ws__doctor *d);

ws_text ws__finding_class(const ws__doctor *d, size_t k);

/* A finding about the LFs that are listed. */
ws_finding ws__finding_of_lfs(const ws__doctor *d, ws_finding_kind kind);

/* There is room for as many as a ws_finding has. */
void ws__finding_figure(ws_finding *finding, const char *name, double value);

/* Adds the finding, with what stands in d->text, and empties that; `lfs` and `classes`
 * are copied. */
WS_CHECK ws_status ws__finding_add(ws__doctor *d, ws_finding finding, const char *todo);
/* The same where gold labels are among what can be done: between `before` and `behind`
 * stands that dev should have some, or more of them. */
WS_CHECK ws_status ws__finding_add_gold(ws__doctor *d, ws_finding finding,
                                        const char *before, const char *behind);

/* --- rules -------------------------------------------------------------------------- */

/* Each adds what it finds, if anything, and fails for want of memory alone.
 *
 * The votes as a whole (diagnosis_votes.c). */
WS_CHECK ws_status ws__find_not_identifiable(ws__doctor *d);
WS_CHECK ws_status ws__find_disconnected(ws__doctor *d);
WS_CHECK ws_status ws__find_no_overlap(ws__doctor *d);
WS_CHECK ws_status ws__find_low_coverage(ws__doctor *d);

/* Classes (diagnosis_classes.c). */
WS_CHECK ws_status ws__find_classes_without_votes(ws__doctor *d);
WS_CHECK ws_status ws__find_balance_unknown(ws__doctor *d);
WS_CHECK ws_status ws__find_class_hardly_voted(ws__doctor *d, uint32_t k);

/* The share of the records that class k should have: the class balance, or a uniform
 * one. */
double ws__class_share(const ws__doctor *d, size_t k);

/* Single LFs, and groups that say the same (diagnosis_lfs.c): j with its votes for k. */
WS_CHECK ws_status ws__find_dead(ws__doctor *d);
WS_CHECK ws_status ws__find_worse_than_chance(ws__doctor *d, uint32_t j, uint32_t k);
WS_CHECK ws_status ws__find_no_better_than_chance(ws__doctor *d);
WS_CHECK ws_status ws__find_cannot_tell(ws__doctor *d);
WS_CHECK ws_status ws__find_too_broad(ws__doctor *d, uint32_t j, uint32_t k);
WS_CHECK ws_status ws__find_near_duplicates(ws__doctor *d,
                                            const ws_duplicate_group *group);

#endif
