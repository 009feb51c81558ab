/* SPDX-License-Identifier: MIT
 *
 * Labeling functions that are one opinion twice: new ones that agree with others on more
 * records than the label model explains.
 */
#include <stdio.h>

#include <weaksup/alloc.h>

#include "generate.h"
#include "table.h"

enum { PAIRS_SHOWN = 10 };

static ws_status keep_pair(generate *g, const ws_dependent_pair *p, size_t existing) {
  gen_pair *pair = &g->pairs[g->pair_count];
  const ws_votes *first = g->first[POOL], *added = g->added[POOL];
  if (p->b < existing) return WS_OK; // both were there
  ws_text a =
      p->a < existing ? ws_votes_lf(first, p->a) : ws_votes_lf(added, p->a - existing);
  *pair = (gen_pair){.agree = p->agree,
                     .expected = p->expected,
                     .correlation = p->correlation,
                     .shared = p->shared};
  WS_TRY(ws_arena_text(&g->arena, a, &pair->a));
  WS_TRY(ws_arena_text(&g->arena, ws_votes_lf(added, p->b - existing), &pair->b));
  g->pair_count++;
  return WS_OK;
}

static ws_status keep_pairs(generate *g, const ws_dependent_pairs *pairs) {
  size_t count = ws_dependent_pairs_count(pairs);
  size_t existing = g->first[POOL] ? ws_votes_lfs(g->first[POOL]) : 0;
  g->pairs = ws_alloc_array(count, sizeof *g->pairs);
  if (!g->pairs) return WS_ENOMEM;
  for (size_t i = 0; i < count; i++)
    WS_TRY(keep_pair(g, ws_dependent_pairs_at(pairs, i), existing));
  return WS_OK;
}

ws_status gen_find_pairs(generate *g, ws_error *err) {
  ws_selection_votes pool = {g->added[POOL], g->first[POOL]};
  ws_selection_votes dev = {g->added[SELECT], g->first[SELECT]};
  ws_dependent_pairs *pairs = NULL;
  if (!g->added[POOL]) return WS_OK;
  WS_TRY(ws_selection_dependence(&pool, g->validated ? &dev : NULL,
                                 g->dev.select.targeted, &g->setup.label_model, &pairs,
                                 err));
  ws_status status = keep_pairs(g, pairs);
  ws_dependent_pairs_free(pairs);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static void print_name(ws_text name) {
  printf("'");
  text_print(name);
  printf("'");
}

void gen_print_pairs(const generate *g) {
  bool twice = false;
  for (size_t i = 0; i < g->pair_count && i < PAIRS_SHOWN; i++) {
    const gen_pair *p = &g->pairs[i];
    print_name(p->a);
    printf(" and ");
    print_name(p->b);
    printf(" vote alike on %llu records, %.1f if they were independent: correlation "
           "%.2f, counted %s\n",
           (unsigned long long)p->agree, p->expected, p->correlation,
           p->shared ? "once" : "twice");
  }
  for (size_t i = 0; i < g->pair_count; i++) twice = twice || !g->pairs[i].shared;
  if (g->pair_count > PAIRS_SHOWN)
    printf("%zu more pairs depend on one another: %s/report.json\n",
           g->pair_count - PAIRS_SHOWN, g->aside.data);
  if (twice)
    printf("what is counted twice makes labels too sure where both vote: merge the two, "
           "or remove the less precise one\n");
}
