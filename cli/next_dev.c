/* SPDX-License-Identifier: MIT
 *
 * The votes on dev of the labeling functions of a run, which the run does not hold: they
 * tell which records of dev another rule would be the first to decide.
 */
#include "members.h"
#include "next_lfs.h"
#include "part.h"
#include "run_folder.h"
#include "run_paths.h"

typedef struct voting {
  next_run *n;
  setup setup;
  ws_value manifest;
  ws_lf_set *lfs;
  part part;
} voting;

static bool has(const ws_lf_set *lfs, ws_text name) {
  for (size_t j = 0; j < ws_lf_set_count(lfs); j++)
    if (ws_text_equals(name, ws_lf_set_at(lfs, j)->name)) return true;
  return false;
}

/* Whether all that vote in the run are there, but for `beside`, which came from a file of
 * votes. Others, such as those that were proposed since, change nothing of which records
 * the run's have votes on. */
static bool has_all(const voting *v, uint64_t beside) {
  const ws_votes *votes = v->n->votes;
  uint64_t missing = 0;
  for (size_t j = 0; j < ws_votes_lfs(votes); j++)
    missing += !has(v->lfs, ws_votes_lf(votes, j));
  return missing <= beside;
}

static uint64_t count_beside(const voting *v, ws_value kept) {
  bool valid = true;
  uint64_t own = member_count(kept, "count", &valid), all = ws_votes_lfs(v->n->votes);
  return valid && own < all ? all - own : 0;
}

/* The labeling functions, where those of the run are still there. */
static ws_status load(voting *v, ws_error *err) {
  ws_value kept = run_file_of(v->manifest, "lfs");
  ws_buffer path = {0};
  ws_status status = run_put_path(&path, v->n->path, v->manifest, kept);
  v->setup.lf.keep_going = true; // what did not load then is no error now
  if (status == WS_OK)
    status = ws_lf_set_load(path.size ? path.data : "", v->n->task, &v->setup.lf, &v->lfs,
                            err);
  ws_buffer_clear(&path);
  if (status != WS_OK) return status;
  if (has_all(v, count_beside(v, kept))) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "labeling functions changed since the run was made");
}

/* Those of a model beside them, as they lay then. */
static ws_status join(voting *v, ws_error *err) {
  ws_value dev = run_file_of(v->manifest, "dev");
  ws_value beside = ws_value_get(dev, ws_text_of("votes_path"));
  ws_buffer path = {0};
  if (!dev.at || !ws_value_is(beside, WS_STRING)) return WS_OK;
  ws_status status = ws_buffer_text(&path, ws_value_text(beside));
  if (status == WS_OK)
    status = part_join(&v->part, &v->setup, v->n->task, path.data, err);
  ws_buffer_clear(&path);
  return status;
}

static ws_status vote(voting *v, ws_error *err) {
  if (run_is_ready_made(v->manifest))
    return part_import(&v->part, &v->setup, v->n->task, v->n->dev.data, false, err);
  WS_TRY(load(v, err));
  WS_TRY(part_apply(&v->part, &v->setup, v->n->task, v->lfs, v->n->dev.data, false, err));
  return join(v, err);
}

ws_status next_dev_votes(next_run *n, ws_votes **out, ws_error *err) {
  voting v = {.n = n};
  ws_error why = WS_ERROR_INIT;
  ws_buffer manifest = {0};
  *out = NULL;
  if (!n->has_dev) return WS_OK;
  if (!setup_init(&v.setup, &cmd_next, n->o, &n->bar))
    return ws_error_set(err, WS_EINVAL, "--lfs: the options make no sense");
  ws_status status = run_manifest(n->path, &manifest, &why);
  v.manifest = (ws_value){(const unsigned char *)manifest.data};
  if (status == WS_OK) status = vote(&v, &why);
  if (status == WS_OK) *out = v.part.votes;
  if (status == WS_OK) v.part.votes = NULL;
  part_clear(&v.part);
  ws_lf_set_free(v.lfs);
  ws_buffer_clear(&manifest);
  setup_clear(&v.setup);
  if (status != WS_ENOMEM && status != WS_ESTOPPED) return WS_OK; // then nobody knows
  *err = why;
  return status;
}

bool next_is_voted(const next_run *n, const ws_votes *votes, size_t row) {
  size_t K = ws_votes_classes(votes);
  ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, row));
  for (size_t i = 0; i < pattern.size; i++) {
    int64_t lf = ws_votes_find_lf(n->votes, ws_votes_lf(votes, pattern.columns[i] / K));
    if (lf >= 0 && !(n->unread && n->unread[lf])) return true;
  }
  return false;
}
