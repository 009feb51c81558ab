/* SPDX-License-Identifier: MIT
 *
 * What is said at the end of generate, and what would help: unproven LFs are easily
 * forgotten, and often all that a class has.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "generate.h"
#include "say.h"
#include "step.h"

/* Which classes any LF votes for; [classes] of `out`. */
static void find_voted(const generate *g, bool *out) {
  const ws_votes *votes = g->now[POOL];
  size_t K = ws_task_classes(g->task), patterns = votes ? ws_votes_patterns(votes) : 0;
  for (size_t u = 0; u < patterns; u++) {
    ws_pattern p = ws_votes_pattern(votes, u);
    for (size_t v = 0; v < p.size; v++) out[p.columns[v] % K] = true;
  }
}

/* Of class k alone, or of all that have no votes, or of all. */
static size_t count_unproven(const generate *g, const bool *voted, int32_t k) {
  size_t count = 0;
  for (size_t i = 0; i < g->lf_count; i++) {
    const gen_lf *lf = &g->lfs_seen[i];
    if (lf->status != WS_LF_UNPROVEN || lf->chosen) continue;
    if (voted && (lf->label == WS_ABSTAIN || voted[lf->label])) continue;
    count += k == WS_ABSTAIN || lf->label == k;
  }
  return count;
}

static void say_help(const generate *g, size_t unproven) {
  if (unproven)
    say_note(g->o,
             "unproven ones (%zu): --include-unproven takes them; labels of the records "
             "that `weaksup next RUN --unproven %s/unproven` names decide about them",
             unproven, g->aside.data);
}

/* By log-loss: what is rare moves accuracy little, and the wrong way where a record
 * without votes counts as a tie. */
static bool say_harm(const generate *g) {
  bool labels = g->has_effect && g->labels.log_loss.high < 0;
  bool classifier = g->has_classifier_effect && g->classifier.log_loss.high < 0;
  if (labels)
    say_warning(
        "labels are worse on dev with these labeling functions than without them");
  if (classifier)
    say_warning("the classifier is worse on dev with these labeling functions than "
                "without them");
  return labels || classifier;
}

/* *any: whether there are classes without votes that unproven LFs have some for. */
static ws_status say_silent(const generate *g, const bool *voted, bool *any) {
  ws_buffer names = {0};
  ws_status status = WS_OK;
  size_t K = ws_task_classes(g->task), silent = 0;
  size_t unproven = count_unproven(g, voted, WS_ABSTAIN);
  for (size_t k = 0; k < K && status == WS_OK; k++) {
    if (!count_unproven(g, voted, (int32_t)k)) continue;
    status = ws_buffer_printf(&names, "%s%.*s", silent++ ? ", " : "",
                              WS_TEXT_ARG(ws_task_class(g->task, k)));
  }
  *any = unproven > 0;
  if (status == WS_OK && *any)
    say_warning("no labeling function votes for %s, but %zu unproven one%s", names.data,
                unproven, unproven == 1 ? " does" : "s do");
  ws_buffer_clear(&names);
  return status;
}

void gen_say_task(const generate *g) {
  const char *words = ws_task_get(g->task, WS_TASK_TASK_TEXT);
  size_t K = ws_task_classes(g->task), described = 0;
  for (size_t k = 0; k < K; k++) described += ws_task_describe(g->task, k).size > 0;
  if (!words || !*words)
    say_warning("the prompt does not say what the task is: --task-text, or task_text in "
                "weaksup.lua, tells the model");
  if (described == 0)
    say_warning("the prompt does not say what the classes mean: describe in weaksup.lua "
                "tells the model");
}

/* Exit code 0 says that the work was done, not that anything came of it. */
static void say_nothing(const generate *g) {
  size_t rejected = gen_count(g, WS_LF_REJECTED),
         unproven = count_unproven(g, NULL, WS_ABSTAIN);
  for (size_t i = 0; i < g->lf_count; i++)
    if (g->lfs_seen[i].chosen) return;
  if (rejected)
    say_note(
        g->o,
        "nothing was accepted: %s/report.json says of each LF that was rejected "
        "what was found out (\"evidence\"), and docs/generate.md what each reason means",
        g->aside.data);
  say_help(g, unproven);
}

ws_status gen_remark(const generate *g) {
  bool silent = false, *voted = ws_alloc_zero(ws_task_classes(g->task), sizeof *voted);
  if (!voted) return WS_ENOMEM;
  bool harm = say_harm(g);
  find_voted(g, voted);
  ws_status status = say_silent(g, voted, &silent);
  if (status == WS_OK && silent)
    say_help(g, count_unproven(g, voted, WS_ABSTAIN));
  else if (status == WS_OK && harm)
    say_help(g, count_unproven(g, NULL, WS_ABSTAIN));
  else
    say_nothing(g);
  ws_free(voted);
  return status;
}

/* What --judge, which asks nobody, does not take or need. */
static const char *const chat_only[] = {
    CHAT_OPTIONS, "model",   "n",     "rounds",  "template",         "constrain",
    "kind",       "max-lfs", "judge", "dry-run", "include-unproven", NULL};

/* Whether `inner` lies below the folder `outer`, as they are written. */
static bool is_below(const char *inner, const char *outer) {
  size_t size = strlen(outer);
  while (size > 1 && outer[size - 1] == '/') size--;
  return strncmp(inner, outer, size) == 0 && (inner[size] == '/' || !inner[size]);
}

/* What was accepted is fitted with; what is unproven is judged again when dev has grown.
 */
void gen_print_next(const generate *g) {
  static const char *const but[] = {"seed", NULL};
  bool chosen = gen_count_chosen(g) > 0;
  size_t unproven = count_unproven(g, NULL, WS_ABSTAIN);
  if (!chosen && (!unproven || !g->validated)) return;
  step s = step_to(chosen ? &cmd_fit : &cmd_generate);
  ws_buffer folder = {0};
  if (ws_buffer_printf(&folder, "%s/unproven", g->aside.data) != WS_OK) s.useless = true;
  step_argument(&s, chosen && !is_below(g->out.data, g->lfs) ? g->out.data : g->lfs);
  step_options(&s, g->self, g->o, chosen ? but : chat_only);
  if (!chosen && !s.useless) step_option(&s, "judge", folder.data);
  step_print(&s, g->o,
             chosen ? "fit with them"
                    : "label more of dev, then have the unproven ones judged again");
  ws_buffer_clear(&folder);
}
