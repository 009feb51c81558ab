/* SPDX-License-Identifier: MIT
 *
 * What is to be said about data sets: kept votes, vote errors, records left out.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lf_stats.h"
#include "part.h"
#include "say.h"

void part_say_cached(const part *p, const setup *s) {
  if (!p->report || !s->cache || !s->options->verbose) return;
  say_note(s->options, "%s: the votes of %zu of %zu labeling functions were kept",
           input_name(p->path), ws_apply_report_cached(p->report),
           ws_apply_report_lfs(p->report));
}

/* --- vote errors --- */

/* NULL where it had none. */
static const ws_lf_stats *failed_on(const part *p, size_t j) {
  const ws_lf_stats *lf = p->report ? ws_apply_report_at(p->report, j) : NULL;
  return lf && lf->errors ? lf : NULL;
}

/* What was done about it, in full the first time. That it failed on too many records, the
 * counts tell. */
static ws_status put_quarantine(const part *p, const ws_lf_stats *lf, bool *told,
                                ws_buffer *out) {
  char why[100];
  if (lf->quarantined == WS_LF_QUARANTINE_NONE) return WS_OK;
  if (*told) return ws_buffer_string(out, " (quarantined)");
  *told = true;
  if (lf->quarantined == WS_LF_QUARANTINE_FAILING)
    return ws_buffer_string(out, " (quarantined, its votes are dropped)");
  return ws_buffer_printf(out, " (quarantined as %s: called no more%s)",
                          lf_stats_reason(lf, why, sizeof why),
                          p->streamed ? "" : ", its votes are dropped");
}

/* "3 of 20 calls failed on data.txt (quarantined, ...), 1 of 7 on dev.txt" */
static ws_status put_counts(const part *parts, size_t count, size_t j, ws_buffer *out) {
  bool told = false;
  out->size = 0;
  for (size_t i = 0; i < count; i++) {
    const ws_lf_stats *lf = failed_on(&parts[i], j);
    if (!lf) continue;
    WS_TRY(ws_buffer_printf(out, "%s%" PRIu64 " of %" PRIu64 "%s on %s",
                            out->size ? ", " : "", lf->errors, lf->calls,
                            out->size ? "" : " calls failed", input_name(parts[i].path)));
    WS_TRY(put_quarantine(&parts[i], lf, &told, out));
  }
  return WS_OK;
}

static const ws_lf_failure *first_failure(const part *parts, size_t count, size_t j) {
  for (size_t i = 0; i < count; i++) {
    const ws_lf_stats *lf = failed_on(&parts[i], j);
    if (lf && lf->failure_count) return &lf->failures[0];
  }
  return NULL;
}

static bool failed(const part *parts, size_t count, size_t j, bool *quarantined) {
  bool any = false;
  *quarantined = false;
  for (size_t i = 0; i < count; i++) {
    const ws_lf_stats *lf = failed_on(&parts[i], j);
    any = any || lf;
    *quarantined = *quarantined || (lf && lf->quarantined);
  }
  return any;
}

static void say_lf(const part *parts, size_t count, size_t j, const char *name,
                   const options *o) {
  ws_buffer counts = {0};
  const ws_lf_failure *first = first_failure(parts, count, j);
  bool made = put_counts(parts, count, j, &counts) == WS_OK;
  say_warning("'%s': %s: %s", name, made ? counts.data : "calls failed",
              first ? first->what : "no message");
  ws_buffer_clear(&counts);
  if (o->verbose && first && first->traceback)
    say_note(o, "'%s' failed at %s", name, first->traceback);
}

/* Those that are quarantined are all named, of the others the first few. */
void part_say_errors(const part *parts, size_t count, const ws_lf_set *lfs,
                     const options *o) {
  enum { SHOWN = 10 };
  size_t shown = 0, hidden = 0;
  for (size_t j = 0; j < ws_lf_set_count(lfs); j++) {
    bool quarantined;
    if (!failed(parts, count, j, &quarantined)) continue;
    if (shown++ < SHOWN || quarantined)
      say_lf(parts, count, j, ws_lf_set_at(lfs, j)->name, o);
    else
      hidden++;
  }
  if (hidden)
    say_warning("%zu more labeling function%s had vote errors", hidden,
                hidden == 1 ? "" : "s");
}

/* --- fields --- */

void part_say_missing(const part *p, const ws_lf_set *lfs) {
  enum { SHOWN = 5 };
  size_t silent = 0;
  for (size_t j = 0; p->report && j < ws_lf_set_count(lfs); j++) {
    ws_buffer why = {0};
    const ws_lf_info *lf = ws_lf_set_at(lfs, j);
    bool known = missing_fields_why(&p->missing, lf, &why) == WS_OK && why.size;
    if (known && ws_apply_report_at(p->report, j)->votes == 0 && silent++ < SHOWN)
      say_warning("'%s' votes on no record%s", lf->name, why.data);
    ws_buffer_clear(&why);
  }
  if (silent > SHOWN)
    say_warning("%zu more labeling functions look at fields that no record has",
                silent - SHOWN);
}

/* --- records --- */

void part_say_skipped(const part *p) {
  if (p->skipped)
    say_warning("left out %llu bad record%s of %s", (unsigned long long)p->skipped,
                p->skipped == 1 ? "" : "s", input_name(p->path));
}

void part_say_no_gold(const part *p, const ws_task *task) {
  if (p->votes && !ws_votes_has_gold(p->votes))
    say_warning(
        "%s: nothing is scored on it: no record has a gold label in the field '%s'%s",
        input_name(p->path), ws_task_get(task, WS_TASK_GOLD), gold_field_hint(&p->gold));
}

/* Data need not have gold, so a name that is the default, or of the other sets, says
 * nothing. */
void part_say_gold_field(const part *p, const ws_task *task, const options *o,
                         bool scored) {
  const char *name = task ? ws_task_get(task, WS_TASK_GOLD) : NULL;
  bool asked = o->keys[WS_TASK_GOLD] && !scored;
  bool misspelt = p->gold.meant.text[0] && name && strcmp(name, "label") != 0;
  if (!p->votes || ws_votes_has_gold(p->votes) || !name || !*gold_field_hint(&p->gold) ||
      !(asked || misspelt))
    return;
  say_warning("%s: no record has a gold label in the field '%s'%s", input_name(p->path),
              name, gold_field_hint(&p->gold));
}
