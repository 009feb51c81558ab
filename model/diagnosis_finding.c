/* SPDX-License-Identifier: MIT
 *
 * Writing the findings of a diagnosis: texts, names and figures.
 */
#include <stdio.h>

#include <weaksup/alloc.h>

#include "diagnosis_priv.h"

enum { NAMED = 3 }; // names that a sentence has; the others are counted

ws_status ws__finding_names(ws__doctor *d, const uint32_t *items, size_t count,
                            const char *quote,
                            ws_text (*name)(const ws_votes *, size_t)) {
  size_t shown = count <= NAMED ? count : NAMED;
  for (size_t i = 0; i < shown; i++) {
    ws_text text = name(d->votes, items[i]);
    const char *before = i == 0 ? "" : i + 1 == count ? " and " : ", ";
    WS_TRY(ws_buffer_printf(&d->text, "%s%s%.*s%s", before, quote, WS_TEXT_ARG(text),
                            quote));
  }
  if (shown == count) return WS_OK;
  return ws_buffer_printf(&d->text, " and %zu more", count - shown);
}

ws_status ws__finding_name_lfs(ws__doctor *d) {
  return ws__finding_names(d, d->list, d->listed, "'", ws_votes_lf);
}

ws_text ws__finding_class(const ws__doctor *d, size_t k) {
  return ws_votes_class(d->votes, k);
}

static ws_status copy_list(ws_arena *arena, const uint32_t *items, size_t count,
                           const uint32_t **out) {
  uint32_t *copy = ws_arena_alloc(arena, count * sizeof *copy);
  if (!copy) return WS_ENOMEM;
  for (size_t i = 0; i < count; i++) copy[i] = items[i];
  *out = copy;
  return WS_OK;
}

ws_status ws__finding_add(ws__doctor *d, ws_finding finding, const char *todo) {
  ws_diagnosis *found = d->found;
  if (!ws_grow(&found->items, &found->capacity, found->count + 1, sizeof *found->items))
    return WS_ENOMEM;
  WS_TRY(copy_list(&found->arena, finding.lfs, finding.lf_count, &finding.lfs));
  WS_TRY(
      copy_list(&found->arena, finding.classes, finding.class_count, &finding.classes));
  WS_TRY(ws_arena_text(&found->arena, ws_buffer_as_text(&d->text), &finding.what));
  WS_TRY(ws_arena_text(&found->arena, ws_text_of(todo), &finding.todo));
  finding.severe = finding.kind <= WS_TOO_BROAD;
  found->items[found->count++] = finding;
  d->text.size = 0;
  return WS_OK;
}

ws_status ws__finding_add_gold(ws__doctor *d, ws_finding finding, const char *before,
                               const char *behind) {
  bool more = d->facts.has_dev && d->facts.gold_rows;
  char todo[256];
  snprintf(todo, sizeof todo, "%s%s%s", before,
           more ? "give dev more gold labels" : "give dev with gold labels", behind);
  return ws__finding_add(d, finding, todo);
}

ws_finding ws__finding_of_lfs(const ws__doctor *d, ws_finding_kind kind) {
  return (ws_finding){.kind = kind, .lfs = d->list, .lf_count = d->listed};
}

void ws__finding_figure(ws_finding *finding, const char *name, double value) {
  finding->figures[finding->figure_count++] = (ws_figure){name, value};
}
