/* SPDX-License-Identifier: MIT
 *
 * One round: ask, read the reply, judge what it holds, put the files in their places.
 */
#include <math.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>

#include "generate.h"
#include "say.h"

static ws_status note_round(generate *g, const gen_prompt *p, const ws_chat_reply *reply,
                            ws_error *err) {
  gen_round round = {.variant = p->values.variant,
                     .prompt = p->prompt.hash,
                     .finish = reply->finish,
                     .usage = reply->usage,
                     .usd = reply->usd};
  round.reply = ws_hash128_of(reply->text.data, reply->text.size);
  if (ws_arena_text(&g->arena, ws_buffer_as_text(&reply->model), &round.model) != WS_OK ||
      !ws_grow(&g->rounds, &g->round_capacity, g->round_count + 1, sizeof *g->rounds))
    return ws_error_nomem(err);
  g->rounds[g->round_count++] = round;
  g->last_begin = g->lf_count;
  g->mistake_count = 0;
  return WS_OK;
}

static ws_status read_reply(generate *g, ws_text bytes, bool truncated, ws_reply **out,
                            ws_error *err) {
  ws_reply_options how = {.task = g->task,
                          .kind = g->kind,
                          .truncated = truncated,
                          .taken = g->taken,
                          .taken_count = g->taken_count};
  return ws_reply_read(bytes, &how, out, err);
}

static void say_problems(const generate *g, const ws_reply *reply) {
  for (size_t i = 0; i < ws_reply_problems(reply) && g->o->verbose; i++) {
    const ws_reply_problem *problem = ws_reply_problem_at(reply, i);
    say_note(g->o, "round %zu: reply:%llu: %s", g->round_count,
             (unsigned long long)problem->line, problem->message);
  }
}

/* Only what is in a file is taken: one may not have been written. */
static void count_round(generate *g, const ws_reply *reply) {
  gen_round *round = &g->rounds[g->round_count - 1];
  round->read = ws_reply_count(reply);
  for (size_t i = g->last_begin; i < g->lf_count; i++) {
    gen_lf *lf = &g->lfs_seen[i];
    lf->chosen = lf->chosen && lf->file.size > 0;
    round->chosen += lf->chosen;
  }
}

static void say_round(const generate *g) {
  const gen_round *round = &g->rounds[g->round_count - 1];
  if (g->origins)
    say_note(g->o, "%zu candidates, %zu taken", round->read, round->chosen);
  else
    say_note(g->o, "round %zu (%s): %zu candidates, %zu taken", g->round_count,
             ws_prompt_variant_name(round->variant), round->read, round->chosen);
}

/* By the clock, so not where everything is to be as it was. */
static void say_times(const generate *g) {
  if (!g->o->verbose || g->o->replay) return;
  for (size_t i = g->last_begin; i < g->lf_count; i++) {
    const gen_lf *lf = &g->lfs_seen[i];
    if (!isnan(lf->p99_ms))
      say_note(g->o, "'%.*s': 99 in 100 calls take at most %.3g ms",
               WS_TEXT_ARG(lf->name), lf->p99_ms);
  }
}

/* Why there is less than was asked for, and what helps. */
static void say_cut(const generate *g, const gen_prompt *p) {
  const gen_round *round = &g->rounds[g->round_count - 1];
  if (round->finish == WS_CHAT_LENGTH)
    say_warning("round %zu: the reply was cut at %u tokens%s; --max-tokens allows more",
                g->round_count, p->request.max_tokens,
                round->read ? "" : ", before any labeling function was whole");
  if (round->finish == WS_CHAT_FILTERED)
    say_warning("round %zu: the server's filter cut the reply (content_filter)",
                g->round_count);
}

/* A reply that nobody records lies beside the task while it is judged: what goes wrong
 * then, a kill or a disk that is full, does not cost it. */
static void keep_reply(generate *g, const ws_chat_reply *answer) {
  ws_error err = WS_ERROR_INIT;
  if (g->o->record || g->o->replay || !answer->text.size) return;
  if (ws_buffer_printf(&g->kept, "%s/reply-%.8s.md", g->aside.data, answer->key) ==
          WS_OK &&
      ws_output_file(g->kept.data, ws_buffer_as_text(&answer->text), &err) == WS_OK)
    return;
  if (err.status != WS_OK) say_warning("the reply is not kept: %s", err.message);
  ws_buffer_clear(&g->kept);
}

static void forget_reply(generate *g) {
  if (g->kept.size) unlink(g->kept.data);
  ws_buffer_clear(&g->kept);
}

ws_status gen_use_reply(generate *g, ws_text bytes, bool truncated, ws_error *err) {
  ws_reply *reply = NULL;
  ws_vetting *vetting = NULL;
  WS_TRY(read_reply(g, bytes, truncated, &reply, err));
  say_problems(g, reply);
  ws_status status = gen_judge(g, reply, &vetting, err);
  if (status == WS_OK && vetting) status = gen_files_place(g, reply, vetting, err);
  count_round(g, reply);
  if (status == WS_OK) say_round(g);
  if (status == WS_OK) say_times(g);
  g->rounds_done += status == WS_OK;
  ws_vetting_free(vetting);
  ws_reply_free(reply);
  return status;
}

ws_status gen_round_run(generate *g, ws_error *err) {
  gen_prompt p = {0};
  ws_chat_reply answer = {0};
  ws_status status = gen_prompt_make(g, &p, err);
  if (status == WS_OK) status = ws_chat_ask(g->chat, &p.request, &answer, err);
  bar_clear(&g->bar);
  if (status == WS_OK) keep_reply(g, &answer);
  if (status == WS_OK) status = note_round(g, &p, &answer, err);
  if (status == WS_OK)
    status = gen_use_reply(
        g, ws_buffer_as_text(&answer.text),
        answer.finish == WS_CHAT_LENGTH || answer.finish == WS_CHAT_FILTERED, err);
  if (status == WS_OK) say_cut(g, &p);
  if (status == WS_OK) forget_reply(g);
  ws_chat_reply_clear(&answer);
  gen_prompt_clear(&p);
  return status;
}
