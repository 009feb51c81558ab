/* SPDX-License-Identifier: MIT
 *
 * Planted labeling functions, for tests of their selection.
 *
 * Records are drawn with a class balance; a planted LF votes for its class on a share of
 * the records of that class and of the others, so that its precision is known.
 */
#ifndef LF_PLANTS_H
#define LF_PLANTS_H

#include <stdio.h>

#include <weaksup/lf_selection.h>
#include <weaksup/rng.h>

#include "ws_test.h"

enum { LFS_MOST = 24, POOL = 2000, DEV = 400 };

/* On records of its class it votes with `on`, on others with `off`. */
typedef struct plant {
  const char *name;
  int32_t label;
  double on, off;
  const char *copies; // votes as that one does, but for one vote in `but`
  int but;
} plant;

typedef struct drawn {
  int32_t gold[POOL];
  int32_t votes[LFS_MOST][POOL]; // WS_ABSTAIN: none
} drawn;

typedef struct fixture {
  const plant *plants;
  size_t count, existing; // the first ones are existing
  const double *balance;  // [K]
  size_t K;
  uint64_t seed;
  ws_votes *made[4];
  ws_selection_votes pool, dev;
  ws_selection_options options;
  ws_lf_selection *selection;
  ws_error err;
} fixture;

static inline int32_t draw_class(ws_rng *rng, const double *balance, size_t K) {
  double u = ws_rng_uniform(rng);
  for (size_t k = 0; k + 1 < K; k++) {
    if (u < balance[k]) return (int32_t)k;
    u -= balance[k];
  }
  return (int32_t)K - 1;
}

static inline size_t find_plant(const fixture *f, const char *name) {
  for (size_t j = 0; j < f->count; j++)
    if (strcmp(f->plants[j].name, name) == 0) return j;
  fail_msg("nobody planted '%s'", name);
  return 0;
}

static inline void draw(const fixture *f, uint64_t seed, size_t rows, drawn *out) {
  ws_rng rng;
  ws_rng_init(&rng, seed);
  for (size_t i = 0; i < rows; i++) {
    out->gold[i] = draw_class(&rng, f->balance, f->K);
    for (size_t j = 0; j < f->count; j++) {
      const plant *p = &f->plants[j];
      double rate = out->gold[i] == p->label ? p->on : p->off;
      bool fires = ws_rng_uniform(&rng) < rate;
      out->votes[j][i] = fires ? p->label : WS_ABSTAIN;
      if (!p->copies) continue;
      out->votes[j][i] = out->votes[find_plant(f, p->copies)][i];
      if (ws_rng_below(&rng, 1000) < (uint64_t)p->but) out->votes[j][i] = WS_ABSTAIN;
    }
  }
}

static inline ws_votes *build(const fixture *f, const drawn *d, size_t rows, size_t first,
                              size_t before, bool gold) {
  char names[100] = "c0";
  ws_votes_builder *builder = NULL;
  ws_votes *out = NULL;
  uint32_t at;
  for (size_t k = 1; k < f->K; k++)
    snprintf(names + strlen(names), sizeof names - strlen(names), ",c%zu", k);
  ws_task *task = ws_test_task(names);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = first; j < before; j++)
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(f->plants[j].name), &at, NULL),
              NULL);
  for (size_t i = 0; i < rows; i++) {
    ws_vote cast[LFS_MOST];
    char id[24];
    size_t count = 0;
    for (size_t j = first; j < before; j++)
      if (d->votes[j][i] != WS_ABSTAIN)
        cast[count++] = (ws_vote){(uint32_t)(j - first), d->votes[j][i]};
    snprintf(id, sizeof id, "r%zu", i);
    assert_ok(ws_votes_builder_add(builder, ws_text_of(id),
                                   gold ? d->gold[i] : WS_ABSTAIN, cast, count),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &out), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return out;
}

static inline void forget(fixture *f) {
  ws_lf_selection_free(f->selection);
  f->selection = NULL;
  for (size_t i = 0; i < 4; i++) {
    ws_votes_free(f->made[i]);
    f->made[i] = NULL;
  }
}

static inline void plant_all(fixture *f, const plant *plants, size_t count,
                             size_t existing, const double *balance, size_t K) {
  drawn *d = calloc(1, sizeof *d);
  assert_non_null(d);
  forget(f);
  f->plants = plants;
  f->count = count;
  f->existing = existing;
  f->balance = balance;
  f->K = K;
  draw(f, f->seed + 1, POOL, d);
  f->made[0] = build(f, d, POOL, existing, count, false);
  f->made[1] = existing ? build(f, d, POOL, 0, existing, false) : NULL;
  draw(f, f->seed + 2, DEV, d);
  f->made[2] = build(f, d, DEV, existing, count, true);
  f->made[3] = existing ? build(f, d, DEV, 0, existing, true) : NULL;
  f->pool = (ws_selection_votes){f->made[0], f->made[1]};
  f->dev = (ws_selection_votes){f->made[2], f->made[3]};
  free(d);
}

static inline int begin(void **state) {
  fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  f->options = ws_selection_options_default();
  *state = f;
  return 0;
}

static inline int end(void **state) {
  forget(*state);
  free(*state);
  return 0;
}

static inline void select_lfs(fixture *f, bool dev) {
  ws_lf_selection_free(f->selection);
  f->selection = NULL;
  assert_ok(
      ws_lf_select(&f->pool, dev ? &f->dev : NULL, &f->options, &f->selection, &f->err),
      &f->err);
}

static inline const ws_lf_choice *find(const fixture *f, const char *name) {
  return ws_lf_selection_at(f->selection, find_plant(f, name) - f->existing);
}

static inline void expect(const fixture *f, const char *name, ws_lf_tier tier,
                          ws_lf_verdict_reason reason) {
  const ws_lf_choice *c = find(f, name);
  if (c->tier != tier || c->reason != reason) print_error("%s: %s\n", name, c->evidence);
  assert_string_equal(ws_lf_tier_name(c->tier), ws_lf_tier_name(tier));
  assert_string_equal(ws_lf_verdict_reason_name(c->reason),
                      ws_lf_verdict_reason_name(reason));
  assert_true(c->evidence[0] != '\0');
}

#endif
