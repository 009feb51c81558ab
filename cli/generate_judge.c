/* SPDX-License-Identifier: MIT
 *
 * What becomes of the candidates of a round: they are vetted, those that pass are
 * selected among, and a file that holds several goes one way as a whole.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "generate.h"
#include "say.h"

ws_status gen_add(generate *g, gen_lf lf, ws_text name, ws_text evidence) {
  if (!ws_grow(&g->lfs_seen, &g->lf_capacity, g->lf_count + 1, sizeof *g->lfs_seen))
    return WS_ENOMEM;
  WS_TRY(ws_arena_text(&g->arena, name, &lf.name));
  WS_TRY(ws_arena_text(&g->arena, evidence, &lf.evidence));
  lf.round = g->round_count;
  g->lfs_seen[g->lf_count++] = lf;
  return WS_OK;
}

static gen_lf rejected(const char *stage, const char *reason) {
  return (gen_lf){.label = WS_ABSTAIN,
                  .stage = stage,
                  .reason = reason,
                  .candidate = NO_CANDIDATE,
                  .coverage = (double)NAN,
                  .precision = {(double)NAN, (double)NAN},
                  .estimated = (double)NAN,
                  .gain = (double)NAN,
                  .p99_ms = (double)NAN,
                  .status = WS_LF_REJECTED};
}

/* --- what could not be read --- */

static ws_status add_problems(generate *g, const ws_reply *reply) {
  for (size_t i = 0; i < ws_reply_problems(reply); i++) {
    const ws_reply_problem *problem = ws_reply_problem_at(reply, i);
    if (!problem->dropped) continue;
    WS_TRY(gen_add(g, rejected("reply", ws_reply_code_name(problem->code)), problem->name,
                   ws_text_of(problem->message)));
  }
  return WS_OK;
}

/* --- vetting --- */

static int candidate_of(const ws_reply *reply, const char *file) {
  for (size_t i = 0; i < ws_reply_count(reply); i++) {
    const ws_reply_candidate *c = ws_reply_at(reply, i);
    size_t size = c->names[0].size;
    if (strncmp(file, c->names[0].data, size) == 0 &&
        strcmp(file + size, ws_reply_kind_suffix(c->kind)) == 0)
      return (int)i;
  }
  return NO_CANDIDATE;
}

static ws_status add_verdict(generate *g, const ws_reply *reply,
                             const ws_vet_verdict *verdict) {
  gen_lf lf =
      rejected(ws_vet_stage_name(verdict->stage), ws_vet_reason_name(verdict->reason));
  ws_text name = ws_text_of(verdict->name);
  lf.candidate = candidate_of(reply, verdict->file);
  lf.label = verdict->label;
  lf.source = verdict->source;
  lf.slow_calls = verdict->slow_calls;
  if (verdict->p99_micros >= 0) lf.p99_ms = verdict->p99_micros / 1000;
  if (verdict->votes_by_class) lf.coverage = verdict->coverage;
  if (lf.candidate != NO_CANDIDATE) {
    const ws_reply_candidate *c = ws_reply_at(reply, (size_t)lf.candidate);
    lf.kind = ws_reply_kind_name(c->kind);
    if (lf.label == WS_ABSTAIN) lf.label = c->label;
    if (name.size == 0) name = c->names[0];
  }
  return gen_add(g, lf, name, ws_text_of(verdict->evidence));
}

static ws_status vet(generate *g, const ws_reply *reply, ws_vetting **out,
                     ws_error *err) {
  ws_reader *reader = NULL;
  ws_vet_options how = ws_vet_options_default();
  how.lf = g->setup.lf;
  how.workers = g->setup.apply.workers;
  how.seed = g->o->seed;
  how.records = g->pool.count;
  how.taken = g->taken_names;
  how.taken_count = g->taken_count;
  how.progress = bar_sink(&g->bar);
  WS_TRY(gen_reader(g, &g->pool, &reader, err));
  ws_status status = ws_vet(g->folder.data, g->task, reader, &how, out, err);
  ws_reader_free(reader);
  for (size_t i = 0; status == WS_OK && i < ws_vetting_count(*out); i++)
    if (add_verdict(g, reply, ws_vetting_at(*out, i)) != WS_OK)
      status = ws_error_nomem(err);
  bar_clear(&g->bar);
  return status;
}

/* --- selecting --- */

static const char *stage_of(ws_lf_verdict_reason reason) {
  switch (reason) {
  case WS_LF_DUPLICATE_SOURCE:
  case WS_LF_DUPLICATE_VOTES:
    return "redundancy";
  case WS_LF_NO_REASON:
  case WS_LF_NO_GAIN:
  case WS_LF_BEYOND_MOST:
    return "utility";
  default:
    return "precision";
  }
}

static ws_status note_choice(generate *g, gen_lf *lf, const ws_lf_choice *choice) {
  lf->stage = stage_of(choice->reason);
  lf->reason = ws_lf_verdict_reason_name(choice->reason);
  lf->status = choice->tier;
  lf->chosen = choice->chosen;
  if (lf->label == WS_ABSTAIN) lf->label = choice->label;
  lf->dev_votes = choice->dev_votes;
  lf->dev_right = choice->dev_right;
  if (g->validated && choice->dev_votes)
    lf->precision = ws_wilson_interval(choice->dev_right, choice->dev_votes, 0.95);
  lf->estimated = choice->estimated;
  lf->gain = choice->gain;
  return ws_arena_text(&g->arena, ws_text_of(choice->evidence), &lf->evidence);
}

/* The items of the round that passed, in the order of the candidates' votes. */
static size_t passed_items(const generate *g, const ws_vetting *vetting, gen_lf **out) {
  size_t first = g->lf_count - ws_vetting_count(vetting), passed = 0;
  for (size_t i = 0; i < ws_vetting_count(vetting); i++)
    if (ws_vetting_at(vetting, i)->passed) out[passed++] = &g->lfs_seen[first + i];
  return passed;
}

static ws_status select_among(generate *g, const ws_vetting *vetting,
                              const ws_votes *dev_votes, gen_lf **items, size_t count,
                              ws_error *err) {
  ws_selection_votes pool = {ws_vetting_votes(vetting), g->now[POOL]};
  ws_selection_votes dev = {dev_votes, g->now[SELECT]};
  ws_selection_options how = ws_selection_options_default();
  ws_lf_selection *selection = NULL;
  ws_hash128 *sources = ws_alloc_array(count, sizeof *sources);
  if (!sources) return ws_error_nomem(err);
  for (size_t i = 0, j = 0; i < ws_vetting_count(vetting); i++)
    if (ws_vetting_at(vetting, i)->passed)
      sources[j++] = ws_vetting_at(vetting, i)->source;
  how.sources = sources;
  how.targeted = g->dev.select.targeted;
  how.counts = g->dev.counts;
  how.include_unproven = g->o->include_unproven;
  if (g->o->max_lfs) how.max_lfs = (size_t)g->o->max_lfs - gen_count_chosen(g);
  how.label_model = &g->setup.label_model;
  how.progress = bar_sink(&g->bar);
  ws_status status =
      ws_lf_select(&pool, g->validated ? &dev : NULL, &how, &selection, err);
  for (size_t j = 0; j < count && status == WS_OK; j++)
    if (note_choice(g, items[j], ws_lf_selection_at(selection, j)) != WS_OK)
      status = ws_error_nomem(err);
  ws_lf_selection_free(selection);
  ws_free(sources);
  bar_clear(&g->bar);
  return status;
}

/* Of what is taken the selection knows; what nobody could tell about in an earlier round
 * is not told about again. */
static ws_status reject_repeats(generate *g) {
  for (size_t i = g->last_begin; i < g->lf_count; i++) {
    gen_lf *lf = &g->lfs_seen[i];
    for (size_t j = 0; j < g->last_begin && lf->status == WS_LF_UNPROVEN; j++) {
      const gen_lf *old = &g->lfs_seen[j];
      if (old->status != WS_LF_UNPROVEN || lf->chosen ||
          !ws_hash128_equals(old->source, lf->source))
        continue;
      ws_buffer words = {0};
      lf->status = WS_LF_REJECTED;
      lf->stage = stage_of(WS_LF_DUPLICATE_SOURCE);
      lf->reason = ws_lf_verdict_reason_name(WS_LF_DUPLICATE_SOURCE);
      ws_status status = ws_buffer_printf(
          &words, "says the same as '%.*s' of round %zu, which is unproven",
          WS_TEXT_ARG(old->name), old->round);
      if (status == WS_OK)
        status = ws_arena_text(&g->arena, ws_buffer_as_text(&words), &lf->evidence);
      ws_buffer_clear(&words);
      WS_TRY(status);
    }
  }
  return WS_OK;
}

/* --- files go as a whole --- */

static void turn_down(gen_lf *lf, ws_lf_tier tier) {
  lf->status = tier;
  lf->chosen = false;
  lf->stage = "file";
  lf->reason = "same_file";
  lf->evidence =
      ws_text_of(tier == WS_LF_REJECTED ? "another LF of its file is rejected"
                                        : "another LF of its file is unproven");
}

/* An LF that would be taken stays out where one of its file does. */
static void settle_files(generate *g) {
  for (size_t i = g->last_begin; i < g->lf_count; i++) {
    gen_lf *lf = &g->lfs_seen[i];
    ws_lf_tier worst = WS_LF_ACCEPTED;
    for (size_t j = g->last_begin; j < g->lf_count && lf->chosen; j++) {
      const gen_lf *other = &g->lfs_seen[j];
      if (other->candidate == lf->candidate && !other->chosen && other->status > worst)
        worst = other->status;
    }
    if (lf->chosen && worst != WS_LF_ACCEPTED) turn_down(lf, worst);
  }
}

/* --- what is chosen joins the others --- */

static ws_status join(ws_votes **to, const ws_votes *candidates, const bool *keep,
                      bool owned, ws_error *err) {
  ws_selection_votes votes = {candidates, *to};
  ws_votes *joined = NULL;
  WS_TRY(ws_selection_join(&votes, keep, &joined, err));
  if (owned) ws_votes_free(*to);
  *to = joined;
  return WS_OK;
}

static ws_status join_kept(generate *g, const ws_votes *const votes[PARTS],
                           const bool *keep, ws_error *err) {
  ws_status status = WS_OK;
  for (int i = POOL; i < PARTS && status == WS_OK; i++) {
    if (!votes[i]) continue;
    status = join(&g->now[i], votes[i], keep, g->now[i] != g->first[i], err);
    if (status == WS_OK) status = join(&g->added[i], votes[i], keep, true, err);
  }
  return status;
}

static bool find_kept(gen_lf *const *items, size_t count, bool *keep) {
  bool any = false;
  for (size_t j = 0; j < count; j++) any = (keep[j] = items[j]->chosen) || any;
  return any;
}

static ws_status join_chosen(generate *g, const ws_votes *const votes[PARTS],
                             gen_lf **items, size_t count, ws_error *err) {
  bool *keep = ws_alloc_zero(count, sizeof *keep);
  if (!keep) return ws_error_nomem(err);
  ws_status status = WS_OK;
  if (find_kept(items, count, keep)) status = gen_refuse_harm(g, votes, keep, err);
  if (status == WS_OK && find_kept(items, count, keep))
    status = join_kept(g, votes, keep, err);
  ws_free(keep);
  return status;
}

static ws_status take_names(generate *g) {
  for (size_t i = g->last_begin; i < g->lf_count; i++)
    if (g->lfs_seen[i].status != WS_LF_REJECTED || g->lfs_seen[i].chosen)
      WS_TRY(gen_take_name(g, g->lfs_seen[i].name));
  return WS_OK;
}

/* --- all of it --- */

static ws_status part_votes(generate *g, ws_vetting *vetting, int part, ws_votes **out,
                            ws_error *err) {
  ws_reader *reader = NULL;
  ws_votes *votes = NULL;
  if (!gen_part(g, part)) return WS_OK;
  WS_TRY(gen_reader(g, gen_part(g, part), &reader, err));
  ws_status status = ws_vetting_apply(vetting, reader, NULL, NULL, &votes, err);
  ws_reader_free(reader);
  WS_TRY(status);
  return gen_part_gold(g, part, votes, out, err);
}

static ws_status choose_by_votes(generate *g, ws_vetting *vetting,
                                 const ws_votes *const votes[PARTS], gen_lf **items,
                                 size_t count, ws_error *err) {
  WS_TRY(select_among(g, vetting, votes[SELECT], items, count, err));
  if (reject_repeats(g) != WS_OK) return ws_error_nomem(err);
  settle_files(g);
  gen_find_mistakes(g, votes[SHOWN], items, count);
  return join_chosen(g, votes, items, count, err);
}

static ws_status choose(generate *g, ws_vetting *vetting, gen_lf **items, ws_error *err) {
  ws_votes *made[PARTS] = {NULL};
  size_t count = passed_items(g, vetting, items);
  if (count == 0) return WS_OK;
  ws_status status = part_votes(g, vetting, SELECT, &made[SELECT], err);
  if (status == WS_OK) status = part_votes(g, vetting, SHOWN, &made[SHOWN], err);
  const ws_votes *const votes[PARTS] = {ws_vetting_votes(vetting), made[SELECT],
                                        made[SHOWN]};
  if (status == WS_OK) status = choose_by_votes(g, vetting, votes, items, count, err);
  ws_votes_free(made[SELECT]);
  ws_votes_free(made[SHOWN]);
  return status;
}

ws_status gen_judge(generate *g, const ws_reply *reply, ws_vetting **vetting,
                    ws_error *err) {
  if (add_problems(g, reply) != WS_OK) return ws_error_nomem(err);
  if (ws_reply_count(reply) == 0) return WS_OK;
  WS_TRY(gen_files_write(g, reply, err));
  WS_TRY(vet(g, reply, vetting, err));
  gen_lf **items = ws_alloc_array(ws_vetting_count(*vetting), sizeof *items);
  if (!items) return ws_error_nomem(err);
  ws_status status = choose(g, *vetting, items, err);
  ws_free(items);
  WS_TRY(status);
  return take_names(g) == WS_OK ? WS_OK : ws_error_nomem(err);
}
