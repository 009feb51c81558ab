/* SPDX-License-Identifier: MIT
 *
 * What goes into the next prompt: records that are different, records that the LFs so far
 * do not decide, a few of dev, the LFs, and what the last round was refused for. No
 * record is shown in two rounds, while there are others.
 */
#include <math.h>
#include <string.h>

#include <weaksup/active.h>
#include <weaksup/alloc.h>
#include <weaksup/k_centre.h>
#include <weaksup/lf_analysis.h>

#include "generate.h"

enum {
  UNLABELLED = 20,
  EXAMPLES = 16,
  HARD_EACH = 8,       // of each kind
  REPLY_TOKENS = 4096, // at least,
  LF_TOKENS = 409,     // and for each LF
};

void gen_prompt_clear(gen_prompt *p) {
  ws_arena_clear(&p->arena);
  ws_free(p->unlabelled);
  ws_free(p->examples);
  ws_free(p->existing);
  ws_free(p->hard);
  ws_free(p->rejections);
  ws_prompt_clear(&p->prompt);
  ws_buffer_clear(&p->schema);
}

/* --- records --- */

static ws_status choose_different(generate *g, gen_prompt *p) {
  size_t rows[UNLABELLED], count = 0;
  p->unlabelled = ws_alloc_array(UNLABELLED, sizeof *p->unlabelled);
  if (!p->unlabelled) return WS_ENOMEM;
  WS_TRY(ws_k_centre(g->visible, g->pool.count, g->shown, UNLABELLED, rows, &count));
  for (size_t i = 0; i < count; i++) {
    p->unlabelled[i] = g->pool.texts[rows[i]];
    g->shown[rows[i]] = true;
  }
  p->values.unlabelled = p->unlabelled;
  p->values.unlabelled_count = count;
  return WS_OK;
}

static ws_status choose_examples(generate *g, gen_prompt *p) {
  size_t count = g->example_count < EXAMPLES ? g->example_count : EXAMPLES;
  p->examples = ws_alloc_array(count, sizeof *p->examples);
  if (!p->examples) return WS_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    size_t turn = g->round_count * EXAMPLES + i;
    size_t row = g->examples[turn % g->example_count];
    p->examples[i] = (ws_prompt_example){g->dev.all.texts[row], g->dev.all.gold[row]};
  }
  p->values.examples = p->examples;
  p->values.example_count = count;
  return WS_OK;
}

/* --- hard records --- */

/* "SPAM 2, HAM 1", by class. */
static ws_status say_votes(const generate *g, gen_prompt *p, ws_pattern pattern,
                           ws_text *out) {
  size_t K = ws_task_classes(g->task);
  ws_buffer words = {0};
  ws_status status = WS_OK;
  if (pattern.size == 0) {
    *out = ws_text_of("no LF votes");
    return WS_OK;
  }
  for (size_t k = 0; k < K && status == WS_OK; k++) {
    size_t votes = 0;
    for (size_t v = 0; v < pattern.size; v++) votes += pattern.columns[v] % K == k;
    if (votes)
      status = ws_buffer_printf(&words, "%s%.*s %zu", words.size ? ", " : "",
                                WS_TEXT_ARG(ws_task_class(g->task, k)), votes);
  }
  if (status == WS_OK) status = ws_arena_text(&p->arena, ws_buffer_as_text(&words), out);
  ws_buffer_clear(&words);
  return status;
}

static ws_status add_hard(generate *g, gen_prompt *p, size_t row) {
  const ws_votes *votes = g->now[POOL];
  ws_prompt_hard *hard = &p->hard[p->values.hard_count];
  hard->text = g->pool.texts[row];
  WS_TRY(say_votes(g, p, ws_votes_pattern(votes, ws_votes_row_pattern(votes, row)),
                   &hard->why));
  g->shown[row] = true;
  p->values.hard_count++;
  return WS_OK;
}

/* What the last round's rejected ones said of records whose class is known. */
static ws_status add_mistakes(const generate *g, gen_prompt *p) {
  for (size_t i = 0; i < g->mistake_count; i++) {
    const gen_mistake *m = &g->mistakes[i];
    ws_prompt_hard *hard = &p->hard[p->values.hard_count++];
    ws_buffer words = {0};
    ws_text is = ws_task_class(g->task, (size_t)g->dev.shown.gold[m->row]);
    hard->text = g->dev.shown.texts[m->row];
    ws_status status = ws_buffer_printf(
        &words, "%.*s, for which '%.*s' voted %.*s", WS_TEXT_ARG(is), WS_TEXT_ARG(m->lf),
        WS_TEXT_ARG(ws_task_class(g->task, (size_t)m->label)));
    if (status == WS_OK)
      status = ws_arena_text(&p->arena, ws_buffer_as_text(&words), &hard->why);
    ws_buffer_clear(&words);
    WS_TRY(status);
  }
  return WS_OK;
}

static ws_status choose_by(generate *g, gen_prompt *p, const ws_labels *labels,
                           ws_active_by by) {
  ws_active_options how = ws_active_options_default();
  ws_active *active = NULL;
  const size_t *rows;
  const ws_active_pick *picks;
  size_t count = 0;
  how.by = by, how.count = HARD_EACH, how.seed = g->o->seed;
  WS_TRY(ws_active_new(g->now[POOL], labels, &how, &active));
  for (size_t i = 0; i < g->pool.count; i++)
    if (g->shown[i] || g->visible[i].size == 0) ws_active_leave_out(active, i);
  ws_status status = ws_active_shortlist(active, &rows, &count);
  for (size_t i = 0; i < count && status == WS_OK; i++)
    status = ws_active_text(active, rows[i], g->pool.texts[rows[i]]);
  if (status == WS_OK) status = ws_active_choose(active, &picks, &count);
  for (size_t i = 0; i < count && status == WS_OK; i++)
    status = add_hard(g, p, picks[i].row);
  ws_active_free(active);
  return status;
}

static ws_status choose_uncovered(generate *g, gen_prompt *p) {
  size_t rows[HARD_EACH], count = 0;
  WS_TRY(
      ws_k_centre_uncovered(g->now[POOL], g->visible, g->shown, HARD_EACH, rows, &count));
  for (size_t i = 0; i < count; i++) WS_TRY(add_hard(g, p, rows[i]));
  return WS_OK;
}

/* --- LFs --- */

static ws_status describe_lfs(const ws_votes *votes, const ws_label_model *model,
                              ws_prompt_lf *out) {
  ws_lf_analysis *analysis = NULL;
  WS_TRY(ws_lf_analysis_new(votes, &analysis));
  for (size_t j = 0; j < ws_votes_lfs(votes); j++)
    out[j] = (ws_prompt_lf){.name = ws_votes_lf(votes, j),
                            .label = ws_lf_analysis_only_class(analysis, j),
                            .coverage = ws_lf_analysis_at(analysis, j)->coverage,
                            .accuracy =
                                model ? ws_label_model_accuracy(model, j) : (double)NAN};
  ws_lf_analysis_free(analysis);
  return WS_OK;
}

/* By what prompts may show of dev: an estimate that contradicts the records beside it
 * would teach the wrong thing. */
static ws_status count_gold(const ws_votes *shown, ws_prompt_lf *out) {
  ws_lf_analysis *analysis = NULL;
  WS_TRY(ws_lf_analysis_new(shown, &analysis));
  for (size_t j = 0; j < ws_votes_lfs(shown); j++) {
    out[j].votes = ws_lf_analysis_at(analysis, j)->gold_votes;
    out[j].right = ws_lf_analysis_at(analysis, j)->gold_correct;
  }
  ws_lf_analysis_free(analysis);
  return WS_OK;
}

/* Those that vote, and those that nobody can tell about: to write them again helps
 * nobody. */
static ws_status list_lfs(const generate *g, gen_prompt *p, const ws_label_model *model) {
  size_t count = g->now[POOL] ? ws_votes_lfs(g->now[POOL]) : 0;
  p->existing = ws_alloc_array(count + g->lf_count, sizeof *p->existing);
  if (!p->existing) return WS_ENOMEM;
  if (count) WS_TRY(describe_lfs(g->now[POOL], model, p->existing));
  if (count && g->now[SHOWN]) WS_TRY(count_gold(g->now[SHOWN], p->existing));
  for (size_t i = 0; i < g->lf_count; i++) {
    const gen_lf *lf = &g->lfs_seen[i];
    if (lf->status == WS_LF_UNPROVEN && !lf->chosen)
      p->existing[count++] =
          (ws_prompt_lf){lf->name, lf->label, lf->coverage, (double)NAN, 0, 0};
  }
  p->values.existing = p->existing;
  p->values.existing_count = count;
  return WS_OK;
}

/* Which limit a call runs into, and how often, depends on the machine: prompts do not,
 * else they would not be found among the recorded ones. */
static bool is_limit(const gen_lf *lf) {
  static const ws_vet_reason limits[] = {WS_VET_LOAD_TIME,   WS_VET_LOAD_MEMORY,
                                         WS_VET_LOAD_KILLED, WS_VET_LIMIT_CPU,
                                         WS_VET_LIMIT_MEM,   WS_VET_KILLED};
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
    if (strcmp(lf->reason, ws_vet_reason_name(limits[i])) == 0) return true;
  return false;
}

static ws_status say_reason(const gen_lf *lf, gen_prompt *p, ws_text *out) {
  ws_buffer words = {0};
  if (is_limit(lf)) {
    *out = ws_text_of("limits: it takes more time or memory than it may");
    return WS_OK;
  }
  ws_status status = ws_buffer_printf(&words, "%s: ", lf->reason);
  if (status == WS_OK) status = ws_buffer_text(&words, lf->evidence);
  if (status == WS_OK) status = ws_arena_text(&p->arena, ws_buffer_as_text(&words), out);
  ws_buffer_clear(&words);
  return status;
}

static ws_status list_rejections(const generate *g, gen_prompt *p) {
  size_t count = 0;
  p->rejections = ws_alloc_array(g->lf_count, sizeof *p->rejections);
  if (!p->rejections) return WS_ENOMEM;
  for (size_t i = g->last_begin; i < g->lf_count; i++) {
    const gen_lf *lf = &g->lfs_seen[i];
    if (lf->status != WS_LF_REJECTED) continue;
    ws_prompt_rejection *r = &p->rejections[count++];
    r->name = lf->name.size ? lf->name : ws_text_of("(no name)");
    WS_TRY(say_reason(lf, p, &r->reason));
  }
  p->values.rejections = p->rejections;
  p->values.rejection_count = count;
  return WS_OK;
}

/* --- all of it --- */

static ws_status choose_hard(generate *g, gen_prompt *p, const ws_label_model *model) {
  ws_labels *labels = NULL;
  p->hard = ws_alloc_array(3 * HARD_EACH + MISTAKES_MOST, sizeof *p->hard);
  if (!p->hard) return WS_ENOMEM;
  p->values.hard = p->hard;
  WS_TRY(add_mistakes(g, p));
  if (!model) return WS_OK;
  WS_TRY(ws_label_model_predict(model, g->now[POOL], &labels, NULL));
  ws_status status = choose_by(g, p, labels, WS_ACTIVE_DISAGREEMENT);
  if (status == WS_OK) status = choose_by(g, p, labels, WS_ACTIVE_MARGIN);
  if (status == WS_OK) status = choose_uncovered(g, p);
  ws_labels_free(labels);
  return status;
}

static ws_status collect(generate *g, gen_prompt *p, ws_error *err) {
  ws_label_model *model = NULL;
  bool votes = g->now[POOL] && ws_votes_covered(g->now[POOL]) > 0;
  if (votes) WS_TRY(ws_label_model_fit(g->now[POOL], &g->setup.label_model, &model, err));
  ws_status status = choose_hard(g, p, model);
  if (status == WS_OK) status = choose_different(g, p);
  if (status == WS_OK) status = choose_examples(g, p);
  if (status == WS_OK) status = list_lfs(g, p, model);
  if (status == WS_OK) status = list_rejections(g, p);
  ws_label_model_free(model);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* With --constrain the server holds the model to JSON. */
static ws_status make_request(const generate *g, gen_prompt *p, ws_error *err) {
  p->request = ws_chat_request_of(ws_buffer_as_text(&p->prompt.system),
                                  ws_buffer_as_text(&p->prompt.text));
  p->request.max_tokens = (uint32_t)(LF_TOKENS * p->values.n);
  if (p->request.max_tokens < REPLY_TOKENS) p->request.max_tokens = REPLY_TOKENS;
  p->request.seed = (int64_t)((g->o->seed + g->round_count) & (uint64_t)WS_CHAT_MAX_SEED);
  chat_set_request(&g->settings, &p->request);
  if (!g->o->constrain) return WS_OK;
  if (ws_reply_schema(g->task, g->kind, p->values.n, &p->schema) != WS_OK)
    return ws_error_nomem(err);
  p->request.json_schema = ws_buffer_as_text(&p->schema);
  return WS_OK;
}

static bool is_blank(const ws_buffer *text) {
  for (size_t i = 0; i < text->size; i++)
    if (!strchr(" \t\r\n", text->data[i])) return false;
  return true;
}

ws_status gen_prompt_make(generate *g, gen_prompt *out, ws_error *err) {
  ws_prompt_values *values = &out->values;
  values->task = g->task;
  values->n = (size_t)g->o->lf_number;
  values->kind = g->kind;
  values->constrained = g->o->constrain;
  values->seed = g->o->seed + g->round_count;
  WS_TRY(collect(g, out, err));
  values->variant = ws_prompt_variant_of(g->template, values, g->round_count);
  WS_TRY(ws_prompt_write(g->template, values, NULL, &out->prompt, err));
  if (is_blank(&out->prompt.text))
    return ws_error_set(err, WS_EINVAL, "%s: the prompt that it makes is empty",
                        g->o->template ? g->o->template : "the template");
  return make_request(g, out, err);
}
