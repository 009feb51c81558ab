/* SPDX-License-Identifier: MIT
 *
 * weaksup diff --json: docs/schemas/diff.schema.json.
 */
#include "diff.h"
#include "members.h"

static void put_lf(ws_json_writer *json, const ws_lf_diff *lf) {
  ws_json_open(json, '{');
  json_put_text(json, "lf", lf->lf);
  json_put_bool(json, "before", lf->before);
  json_put_bool(json, "after", lf->after);
  json_put_uint(json, "votes_before", lf->votes_before);
  json_put_uint(json, "votes_after", lf->votes_after);
  json_put_uint(json, "gained", lf->gained);
  json_put_uint(json, "lost", lf->lost);
  json_put_uint(json, "changed", lf->changed);
  json_put_uint(json, "flips", lf->flips);
  json_put_uint(json, "flips_by_vote", lf->flips_by_vote);
  ws_json_close(json, '}');
}

static void put_class(ws_json_writer *json, const diff *d, const char *key,
                      int32_t label) {
  ws_json_key(json, key);
  if (label == WS_ABSTAIN)
    ws_json_null(json);
  else
    ws_json_text(json, ws_task_class(d->sides[0].task, (size_t)label));
}

static void put_flip(ws_json_writer *json, const diff *d, const ws_label_flip *flip) {
  char digits[24];
  ws_json_open(json, '{');
  put_class(json, d, "from", flip->from);
  put_class(json, d, "to", flip->to);
  json_put_uint(json, "records", flip->records);
  ws_json_key(json, "examples");
  ws_json_open(json, '[');
  for (size_t i = 0; i < flip->records && i < WS_FLIP_EXAMPLES; i++)
    ws_json_text(json, ws_votes_row_id(d->sides[1].votes, flip->examples[i], digits));
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

static void put_paired(ws_json_writer *json, const char *key, const ws_paired *paired) {
  ws_json_key(json, key);
  ws_json_open(json, '{');
  json_put_number(json, "mean", paired->mean);
  json_put_number(json, "low", paired->low);
  json_put_number(json, "high", paired->high);
  ws_json_close(json, '}');
}

static void put_pair(ws_json_writer *json, const char *key, const score_pair *pair) {
  ws_json_key(json, key);
  if (!pair->known) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  ws_json_key(json, "before");
  ws_scores_json(json, &pair->is.before);
  ws_json_key(json, "after");
  ws_scores_json(json, &pair->is.after);
  put_paired(json, "accuracy_difference", &pair->is.accuracy);
  put_paired(json, "macro_f1_difference", &pair->is.macro_f1);
  put_paired(json, "log_loss_difference", &pair->is.log_loss);
  ws_json_close(json, '}');
}

static void put_conditions(ws_json_writer *json, const diff *d) {
  ws_json_key(json, "conditions");
  ws_json_open(json, '[');
  for (size_t i = 0; i < d->condition_count; i++) {
    const condition *c = &d->conditions[i];
    double value = diff_value(d, c);
    bool met = c->above ? value > c->limit : value < c->limit;
    ws_json_open(json, '{');
    json_put_string(json, "condition", c->text);
    json_put_number(json, "value", value);
    json_put_bool(json, "fails", met || value != value);
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
}

int diff_print_json(const diff *d) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  const ws_run_diff *found = d->found;
  ws_json_open(&json, '{');
  json_put_uint(&json, "records", found->records);
  json_put_uint(&json, "only_before", found->only_before);
  json_put_uint(&json, "only_after", found->only_after);
  ws_json_key(&json, "lfs");
  ws_json_open(&json, '[');
  for (size_t j = 0; j < found->lf_count; j++) put_lf(&json, &found->lfs[j]);
  ws_json_close(&json, ']');
  json_put_uint(&json, "flipped", found->flipped);
  json_put_uint(&json, "flipped_otherwise", found->flipped_otherwise);
  ws_json_key(&json, "flips");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < found->flip_count; i++) put_flip(&json, d, &found->flips[i]);
  ws_json_close(&json, ']');
  decisions_json(&json, &d->decided);
  put_pair(&json, "label_model", &d->label_model);
  put_pair(&json, "classifier", &d->classifier);
  json_put_string(&json, "scored_on", *d->scored_on ? d->scored_on : NULL);
  put_conditions(&json, d);
  ws_json_close(&json, '}');
  return json_print(&json);
}
