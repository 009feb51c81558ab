/* SPDX-License-Identifier: MIT
 *
 * Records whose labels would decide about LFs that nobody can tell about yet, as generate
 * leaves them in generated/unproven: each record chosen is one that many of them vote on.
 * They are judged as generate does it, so that what is asked about is what it wants.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/lf_selection.h>

#include "dev_parts.h"
#include "load_errors.h"
#include "next.h"
#include "say.h"
#include "setup.h"

/* So many more labels tell an LF that is right in nine of ten votes from one that is
 * right in six. */
enum { ENOUGH = 20 };

typedef struct unproven {
  next_run *n;
  setup setup;
  dev_parts dev; // in two parts, as generate has it: what a prompt may have shown proves
                 // nothing
  ws_lf_set *lfs;
  int32_t *gold; // [rows of the run's votes] 0: the record needs no label; WS_ABSTAIN
  uint64_t left_out;
} unproven;

static ws_status look(void *user, size_t i, const ws_record *record, ws_error *err) {
  unproven *u = user;
  (void)err;
  if (u->gold[i] == WS_ABSTAIN && labelled_has(&u->n->labelled, record)) {
    u->gold[i] = 0;
    u->left_out++;
  }
  return WS_OK;
}

/* Gold labels of the data itself count unless all records have one: then they are there
 * to measure with. */
static ws_status find_labelled(unproven *u, ws_error *err) {
  const ws_votes *votes = u->n->votes;
  size_t N = ws_votes_rows(votes), with = 0;
  u->gold = ws_alloc_array(N, sizeof *u->gold);
  if (!u->gold) return ws_error_nomem(err);
  for (size_t i = 0; i < N; i++) with += ws_votes_row_gold(votes, i) != WS_ABSTAIN;
  for (size_t i = 0; i < N; i++) {
    bool gold = with < N && ws_votes_row_gold(votes, i) != WS_ABSTAIN;
    u->gold[i] = gold ? 0 : WS_ABSTAIN;
    u->left_out += gold;
  }
  return run_data_each(&u->n->data, u->n->task, votes, &u->n->how, look, u, err);
}

static ws_status vote(unproven *u, ws_reader *reader, ws_votes **out, ws_error *err) {
  ws_status status =
      ws_apply_votes(u->lfs, reader, &u->setup.apply, NULL, NULL, out, NULL, err);
  ws_reader_free(reader);
  return status;
}

static ws_status vote_on_data(unproven *u, ws_votes **out, ws_error *err) {
  ws_reader *reader = NULL;
  ws_reader_options how = u->n->how;
  if (u->n->data.skips) how.on_error = WS_SKIP;
  WS_TRY(ws_reader_open(u->n->data.path.data, u->n->task, &how, &reader, err));
  return vote(u, reader, out, err);
}

static ws_status vote_on_dev(unproven *u, ws_votes **out, ws_error *err) {
  ws_reader *reader = NULL;
  ws_votes *bare = NULL;
  const kept_records *select = &u->dev.select;
  WS_TRY(kept_records_open(select, "dev", u->n->task, &u->n->how, &reader, err));
  ws_status status = vote(u, reader, &bare, err);
  if (status == WS_OK && ws_votes_with_gold(bare, select->gold, out) != WS_OK)
    status = ws_error_nomem(err);
  ws_votes_free(bare);
  return status;
}

static ws_status check_rows(const unproven *u, const ws_votes *votes, ws_error *err) {
  if (ws_votes_rows(votes) == ws_votes_rows(u->n->votes)) return WS_OK;
  return ws_error_set(
      err, WS_EINVAL, "--unproven: expected a run on all records of %s, found %zu of %zu",
      u->n->data.path.data, ws_votes_rows(u->n->votes), ws_votes_rows(votes));
}

/* Labels that came since may have decided some, which no record is chosen for. */
static void say_decided(const unproven *u, const ws_lf_selection *selection,
                        const char *folder) {
  size_t count = ws_lf_set_count(u->lfs), proven = 0, refused = 0;
  for (size_t j = 0; j < count; j++) {
    ws_lf_tier tier = ws_lf_selection_at(selection, j)->tier;
    proven += tier == WS_LF_ACCEPTED;
    refused += tier == WS_LF_REJECTED;
  }
  if (proven + refused)
    say_note(
        u->n->o,
        "no record is needed for %zu of the %zu labeling functions in %s: %zu proved "
        "good meanwhile, %zu did not (weaksup generate LFS --judge %s)",
        proven + refused, count, folder, proven, refused, folder);
}

static ws_status choose(unproven *u, const char *folder, const ws_votes *pool,
                        const ws_votes *dev, size_t most, next_records *out,
                        ws_error *err) {
  ws_selection_votes on_pool = {pool, NULL}, on_dev = {dev, NULL};
  ws_selection_options how = ws_selection_options_default();
  how.targeted = u->dev.select.targeted;
  how.counts = u->dev.counts;
  how.label_model = &u->setup.label_model;
  ws_lf_selection *selection = NULL;
  if (most > ws_votes_rows(pool)) most = ws_votes_rows(pool);
  size_t *rows = ws_alloc_zero(most, sizeof *rows), count = 0;
  if (!rows) return ws_error_nomem(err);
  ws_status status = ws_lf_select(&on_pool, &on_dev, &how, &selection, err);
  if (status == WS_OK &&
      ws_lf_selection_ask(selection, pool, most, ENOUGH, rows, &count) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK) status = next_take(u->n, "unproven", rows, count, out, err);
  if (status == WS_OK) say_decided(u, selection, folder);
  ws_lf_selection_free(selection);
  ws_free(rows);
  return status;
}

static ws_status load(unproven *u, const char *folder, ws_error *err) {
  next_run *n = u->n;
  if (!n->data.path.size)
    return ws_error_set(err, WS_EINVAL,
                        "--unproven: expected the records of the run: %s (--data FILE)",
                        n->data.why.data);
  if (!n->has_dev)
    return ws_error_set(err, WS_EINVAL,
                        "--unproven: expected a dev set with gold labels, found none "
                        "(--dev FILE)");
  WS_TRY(setup_check_balance(&u->setup, n->task, err));
  u->setup.label_model.balance_from_gold = false; // as generate takes it
  WS_TRY(dev_parts_read(&u->dev, n->dev.data, n->task, &n->how, n->o->seed, err));
  if (u->dev.select.count == 0)
    return ws_error_set(err, WS_EINVAL,
                        "--unproven: expected gold labels in the dev set %s, found none",
                        n->dev.data);
  u->setup.lf.keep_going = true;
  WS_TRY(ws_lf_set_load(folder, n->task, &u->setup.lf, &u->lfs, err));
  load_errors_say(load_errors_of(u->lfs));
  return find_labelled(u, err);
}

static ws_status run_steps(unproven *u, const char *folder, size_t most,
                           next_records *out, ws_error *err) {
  ws_votes *bare = NULL, *dev = NULL, **pool = &u->n->unproven;
  WS_TRY(load(u, folder, err));
  WS_TRY(vote_on_data(u, &bare, err));
  ws_status status = check_rows(u, bare, err);
  if (status == WS_OK && ws_votes_with_gold(bare, u->gold, pool) != WS_OK)
    status = ws_error_nomem(err);
  ws_votes_free(bare);
  if (status == WS_OK) status = vote_on_dev(u, &dev, err);
  if (status == WS_OK) status = choose(u, folder, *pool, dev, most, out, err);
  out->left_out = u->left_out;
  ws_votes_free(dev);
  return status;
}

ws_status next_unproven(next_run *n, const command *self, const char *folder, size_t most,
                        next_records *out, ws_error *err) {
  unproven u = {.n = n};
  if (most > UNPROVEN_MOST) most = UNPROVEN_MOST;
  *out = (next_records){0};
  if (!setup_init(&u.setup, self, n->o, &n->bar))
    return ws_error_set(err, WS_EINVAL, "--unproven: the options make no sense");
  u.setup.apply.progress = bar_sink(&n->bar);
  ws_status status = run_steps(&u, folder, most, out, err);
  ws_free(u.gold);
  dev_parts_clear(&u.dev);
  ws_lf_set_free(u.lfs);
  setup_clear(&u.setup);
  return status;
}
