/* SPDX-License-Identifier: MIT
 *
 * The report as JSON: the same for --json and for report.json, and the same to the byte
 * for the same replies, whoever gave them.
 */
#include <math.h>

#include "generate.h"
#include "members.h"

static void put_hash(ws_json_writer *json, const char *key, ws_hash128 hash) {
  char hex[33];
  ws_hash128_hex(hash, hex);
  json_put_string(json, key, hex);
}

static void put_file(ws_json_writer *json, const char *key, ws_text text) {
  ws_json_key(json, key);
  if (text.size)
    ws_json_text(json, text);
  else
    ws_json_null(json);
}

static void put_round(ws_json_writer *json, const gen_round *round, size_t number) {
  ws_json_open(json, '{');
  json_put_uint(json, "round", number);
  json_put_string(json, "variant", ws_prompt_variant_name(round->variant));
  put_hash(json, "prompt", round->prompt);
  put_hash(json, "reply", round->reply);
  json_put_text(json, "model", round->model);
  json_put_string(json, "finish", ws_chat_finish_text(round->finish));
  json_put_uint(json, "tokens_in", round->usage.input);
  json_put_uint(json, "tokens_out", round->usage.output);
  json_put_bool(json, "estimated", round->usage.estimated);
  json_put_number(json, "usd", round->usd);
  json_put_uint(json, "candidates", round->read);
  json_put_uint(json, "taken", round->chosen);
  ws_json_close(json, '}');
}

static void put_interval(ws_json_writer *json, const char *key, double low, double high) {
  ws_json_key(json, key);
  if (isnan(low)) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '[');
  ws_json_number(json, low);
  ws_json_number(json, high);
  ws_json_close(json, ']');
}

static void put_lf(ws_json_writer *json, const generate *g, bool times,
                   const gen_lf *lf) {
  bool known = lf->label != WS_ABSTAIN;
  ws_json_open(json, '{');
  put_file(json, "name", lf->name);
  json_put_string(json, "kind", lf->kind);
  put_file(json, "class",
           known ? ws_task_class(g->task, (size_t)lf->label) : (ws_text){NULL, 0});
  json_put_uint(json, "round", lf->round);
  json_put_string(json, "status", ws_lf_tier_name(lf->status));
  json_put_string(json, "stage", lf->stage);
  json_put_string(json, "reason", lf->reason);
  json_put_bool(json, "taken", lf->chosen);
  json_put_text(json, "evidence", lf->evidence);
  json_put_number(json, "coverage", lf->coverage);
  json_put_uint(json, "dev_votes", lf->dev_votes);
  json_put_uint(json, "dev_right", lf->dev_right);
  json_put_number(json, "precision",
                  lf->dev_votes ? (double)lf->dev_right / (double)lf->dev_votes
                                : (double)NAN);
  put_interval(json, "precision_interval", lf->precision.low, lf->precision.high);
  json_put_number(json, "estimated_accuracy", lf->estimated);
  json_put_number(json, "gain", lf->gain);
  json_put_uint(json, "slow_calls", lf->slow_calls);
  if (times) json_put_number(json, "p99_ms", lf->p99_ms);
  put_file(json, "file", lf->file);
  ws_json_close(json, '}');
}

static void put_paired(ws_json_writer *json, const char *key, ws_paired paired) {
  ws_json_key(json, key);
  ws_json_open(json, '{');
  json_put_number(json, "mean", paired.mean);
  put_interval(json, "interval", paired.low, paired.high);
  ws_json_close(json, '}');
}

static void put_effect(ws_json_writer *json, const char *key, bool there,
                       const ws_selection_effect *effect) {
  ws_json_key(json, key);
  if (!there) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  ws_json_key(json, "before");
  ws_scores_json(json, &effect->before);
  ws_json_key(json, "after");
  ws_scores_json(json, &effect->after);
  put_paired(json, "accuracy", effect->accuracy);
  put_paired(json, "log_loss", effect->log_loss);
  ws_json_close(json, '}');
}

static void put_pair(ws_json_writer *json, const gen_pair *pair) {
  ws_json_open(json, '{');
  ws_json_key(json, "lfs");
  ws_json_open(json, '[');
  ws_json_text(json, pair->a);
  ws_json_text(json, pair->b);
  ws_json_close(json, ']');
  json_put_uint(json, "agree", pair->agree);
  json_put_number(json, "expected", pair->expected);
  json_put_number(json, "correlation", pair->correlation);
  json_put_bool(json, "counted_once", pair->shared);
  ws_json_close(json, '}');
}

static void put_head(ws_json_writer *json, const generate *g) {
  ws_chat_account account = {0};
  if (g->chat) account = ws_chat_account_of(g->chat);
  json_put_bool(json, "validated", g->validated);
  json_put_string(json, "kind", ws_prompt_kind_name(g->kind));
  json_put_uint(json, "seed", g->o->seed);
  put_hash(json, "template", ws_prompt_template_hash(g->template));
  json_put_uint(json, "data", g->data_records);
  json_put_uint(json, "pool", g->pool.count);
  json_put_uint(json, "dev_prompt", g->dev.split.prompt);
  json_put_uint(json, "dev_select", g->dev.split.select);
  json_put_string(json, "stopped", g->stopped);
  json_put_uint(json, "accepted", gen_count(g, WS_LF_ACCEPTED));
  json_put_uint(json, "unproven", gen_count(g, WS_LF_UNPROVEN));
  json_put_uint(json, "rejected", gen_count(g, WS_LF_REJECTED));
  json_put_uint(json, "tokens_in", account.usage.input);
  json_put_uint(json, "tokens_out", account.usage.output);
  json_put_bool(json, "estimated", account.usage.estimated);
  json_put_number(json, "usd", account.usd);
}

ws_status gen_json(const generate *g, bool times, ws_buffer *out) {
  ws_json_writer json = {.out = out, .indent = 1};
  ws_json_open(&json, '{');
  put_head(&json, g);
  ws_json_key(&json, "rounds");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < g->round_count; i++) put_round(&json, &g->rounds[i], i + 1);
  ws_json_close(&json, ']');
  ws_json_key(&json, "lfs");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < g->lf_count; i++) put_lf(&json, g, times, &g->lfs_seen[i]);
  ws_json_close(&json, ']');
  ws_json_key(&json, "dependent");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < g->pair_count; i++) put_pair(&json, &g->pairs[i]);
  ws_json_close(&json, ']');
  put_effect(&json, "labels", g->has_effect, &g->labels);
  put_effect(&json, "classifier", g->has_classifier_effect, &g->classifier);
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(out, "\n") : json.status;
}
