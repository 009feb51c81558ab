/* SPDX-License-Identifier: MIT
 *
 * weaksup next --lfs: rules to write next.
 */
#include <stdio.h>

#include <weaksup/alloc.h>

#include "each_record.h"
#include "next_lfs.h"
#include "say.h"

static ws_status on_row(void *user, size_t i, const ws_record *record, ws_error *err) {
  next_ideas *s = user;
  const double *probs = NULL;
  if (!ws_ideas_wants(s->ideas, i)) return WS_OK;
  if (s->pass == WS_IDEA_PASSES - 1 && s->n->predictor) {
    WS_TRY(next_predict(s->n, record, err));
    probs = s->n->probs;
  }
  ws_status status = ws_ideas_row(s->ideas, i, record->text, probs);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* Where it is not known, nothing is new. */
static bool is_voted(next_ideas *s, const ws_record *record) {
  const ws_votes *votes = s->dev_votes;
  size_t rows = votes ? ws_votes_rows(votes) : 0;
  char digits[24];
  while (s->dev_row < rows && ws_votes_row_number(votes, s->dev_row) < record->row)
    s->dev_row++;
  if (s->dev_row == rows || ws_votes_row_number(votes, s->dev_row) != record->row)
    return true;
  return !ws_text_equal(ws_votes_row_id(votes, s->dev_row, digits), record->id) ||
         next_is_voted(s->n, votes, s->dev_row);
}

static ws_status on_gold(void *user, const ws_record *record, bool *stop, ws_error *err) {
  next_ideas *s = user;
  (void)stop;
  s->gold += record->gold != WS_ABSTAIN;
  ws_status status =
      ws_ideas_gold(s->ideas, record->text, record->gold, is_voted(s, record));
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status on_example(void *user, size_t i, const ws_record *record,
                            ws_error *err) {
  next_ideas *s = user;
  for (size_t e = 0; e < s->example_count; e++)
    if (s->examples[e].row == i && !s->examples[e].text.size &&
        ws_buffer_text(&s->examples[e].text, record->text) != WS_OK)
      return ws_error_nomem(err);
  return WS_OK;
}

static ws_status each_row(next_ideas *s, run_data_fn fn, ws_error *err) {
  next_run *n = s->n;
  return run_data_each(&n->data, n->task, n->votes, &n->how, fn, s, err);
}

static ws_status read_passes(next_ideas *s, ws_error *err) {
  for (s->pass = 0; s->pass < WS_IDEA_PASSES; s->pass++) {
    WS_TRY(each_row(s, on_row, err));
    if (s->pass == WS_IDEA_PASSES - 1 && s->n->has_dev)
      WS_TRY(each_record(s->n->dev.data, s->n->task, &s->n->how, on_gold, s, err));
    if (ws_ideas_end_pass(s->ideas) != WS_OK) return ws_error_nomem(err);
  }
  return WS_OK;
}

static ws_status read_examples(next_ideas *s, ws_error *err) {
  s->examples = ws_alloc_zero(s->count * WS_IDEA_EXAMPLES, sizeof *s->examples);
  if (!s->examples) return ws_error_nomem(err);
  for (size_t i = 0; i < s->count; i++)
    for (size_t e = 0; e < s->items[i].example_count; e++)
      s->examples[s->example_count++].row = s->items[i].examples[e];
  return each_row(s, on_example, err);
}

static ws_status run_steps(next_ideas *s, ws_error *err) {
  next_run *n = s->n;
  ws_ideas_options how = ws_ideas_options_default();
  if (!n->data.path.size)
    return ws_error_set(err, WS_EINVAL,
                        "--lfs: expected the records of the run: %s (--data FILE)",
                        n->data.why.data);
  WS_TRY(next_classifier(n, false, err));
  how.count = (size_t)n->o->lfs;
  how.seed = n->o->seed;
  how.own_probs = n->predictor != NULL;
  how.unread = n->unread;
  if (ws_ideas_new(n->votes, n->labels, &how, &s->ideas) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(next_lfs_file(s, err));
  WS_TRY(next_dev_votes(n, &s->dev_votes, err));
  WS_TRY(read_passes(s, err));
  if (ws_ideas_choose(s->ideas, &s->items, &s->count) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(read_examples(s, err));
  if (next_lfs_rules(s) != WS_OK) return ws_error_nomem(err);
  return n->o->out ? next_lfs_write(s, err) : WS_OK;
}

static void clear(next_ideas *s) {
  for (size_t e = 0; e < s->example_count; e++) ws_buffer_clear(&s->examples[e].text);
  ws_free(s->examples);
  ws_free(s->rule_ends);
  ws_buffer_clear(&s->rules);
  ws_buffer_clear(&s->file);
  ws_ideas_free(s->ideas);
  ws_votes_free(s->dev_votes);
}

int next_lfs(next_run *n) {
  ws_error err = WS_ERROR_INIT;
  next_ideas s = {.n = n};
  ws_status status = run_steps(&s, &err);
  bar_clear(&n->bar);
  int code = status == WS_OK ? next_print_lfs(&s) : say_failure(&err);
  clear(&s);
  return code;
}
