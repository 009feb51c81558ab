/* SPDX-License-Identifier: MIT
 *
 * What a diagnosis finds in the votes as a whole: whether they overlap, and tell enough.
 */
#include <math.h>

#include "diagnosis_priv.h"
#include "label_model_priv.h"

#define HALF 0.5

ws_status ws__find_not_identifiable(ws__doctor *d) {
  ws_text note = ws_label_model_note(d->model);
  if (note.size == 0) return WS_OK;
  ws_finding finding = {.kind = WS_NOT_IDENTIFIABLE};
  ws__finding_figure(&finding, "voting_lfs", (double)d->facts.active);
  ws__finding_figure(&finding, "overlap",
                     d->facts.covered
                         ? (double)d->facts.overlapped / (double)d->facts.covered
                         : (double)NAN);
  WS_TRY(ws_buffer_text(&d->text, note));
  return ws__finding_add_gold(
      d, finding, "write labeling functions that vote on the same records, or ", "");
}

static double percent(uint64_t part, uint64_t whole) {
  return 100 * (double)part / (double)whole;
}

ws_status ws__find_low_coverage(ws__doctor *d) {
  const ws__facts *f = &d->facts;
  if (f->records == 0 || (double)f->covered >= HALF * (double)f->records) return WS_OK;
  ws_finding finding = {.kind = WS_LOW_COVERAGE};
  ws__finding_figure(&finding, "coverage", (double)f->covered / (double)f->records);
  WS_TRY(ws_buffer_printf(&d->text,
                          "%.1f %% of the records have a vote: the others get the class "
                          "balance and no label",
                          percent(f->covered, f->records)));
  return ws__finding_add(d, finding,
                         "write labeling functions for records without votes");
}

/* --- parts that never meet ---------------------------------------------------------- */

/* The LFs of the part that begins with LF `first`. */
static void list_part(ws__doctor *d, uint32_t first) {
  d->listed = 0;
  for (uint32_t j = first; j < d->facts.M; j++)
    if (d->facts.part[j] == first && d->facts.votes[j]) d->list[d->listed++] = j;
}

static bool next_part(ws__doctor *d, uint32_t *from) {
  for (; *from < d->facts.M; ++*from) {
    if (d->facts.part[*from] != *from) continue;
    list_part(d, (*from)++);
    if (d->listed >= 2) return true;
  }
  return false;
}

/* All that share records, but those of the first part. */
static void list_later_parts(ws__doctor *d) {
  uint32_t first = UINT32_MAX;
  d->listed = 0;
  for (uint32_t j = 0; j < d->facts.M; j++) {
    if (!d->facts.shared[j]) continue;
    if (first == UINT32_MAX) first = d->facts.part[j];
    if (d->facts.part[j] != first) d->list[d->listed++] = j;
  }
}

/* LFs alone are left to ws__find_no_overlap. The finding names the parts but the first.
 */
ws_status ws__find_disconnected(ws__doctor *d) {
  size_t parts = 0;
  uint32_t from = 0;
  while (next_part(d, &from)) parts++;
  if (parts < 2) return WS_OK;
  WS_TRY(ws_buffer_printf(&d->text,
                          "the labeling functions fall into %zu groups that never vote "
                          "on the same record (",
                          parts));
  from = 0;
  for (size_t i = 0; i < 2 && next_part(d, &from); i++) {
    if (i) WS_TRY(ws_buffer_string(&d->text, "; "));
    WS_TRY(ws__finding_name_lfs(d));
  }
  WS_TRY(ws_buffer_printf(&d->text,
                          "%s): how frequent the classes are in one against "
                          "the other is arbitrary",
                          parts > 2 ? "; ..." : ""));
  list_later_parts(d);
  ws_finding finding = ws__finding_of_lfs(d, WS_DISCONNECTED);
  ws__finding_figure(&finding, "groups", (double)parts);
  return ws__finding_add_gold(d, finding,
                              "write a labeling function that votes where both do, give "
                              "--class-balance, or ",
                              "");
}

ws_status ws__find_no_overlap(ws__doctor *d) {
  d->listed = 0;
  for (uint32_t j = 0; j < d->facts.M; j++)
    if (d->facts.votes[j] && !d->facts.shared[j]) d->list[d->listed++] = j;
  if (d->listed == 0) return WS_OK;
  WS_TRY(ws__finding_name_lfs(d));
  bool one = d->listed == 1;
  WS_TRY(ws_buffer_printf(
      &d->text, " never vote%s where another does: %s a prior, not an estimate",
      one ? "s" : "", one ? "its accuracy is" : "their accuracies are"));
  return ws__finding_add_gold(d, ws__finding_of_lfs(d, WS_NO_OVERLAP),
                              "write others that vote on the same records, or ", "");
}
