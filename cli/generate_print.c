/* SPDX-License-Identifier: MIT
 *
 * The table of candidates, and what they do to labels and classifier.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "generate.h"
#include "table.h"

size_t gen_count(const generate *g, ws_lf_tier status) {
  size_t count = 0;
  for (size_t i = 0; i < g->lf_count; i++) count += g->lfs_seen[i].status == status;
  return count;
}

static void put_number(table *t, double value) {
  if (isnan(value))
    table_cell(t, "-");
  else
    table_cell(t, "%.3f", value);
}

static void put_precision(table *t, const generate *g, const gen_lf *lf) {
  if (!g->validated)
    put_number(t, lf->estimated);
  else if (!lf->dev_votes)
    table_cell(t, "-");
  else
    table_cell(t, "%llu/%llu %.2f [%.2f, %.2f]", (unsigned long long)lf->dev_right,
               (unsigned long long)lf->dev_votes,
               (double)lf->dev_right / (double)lf->dev_votes, lf->precision.low,
               lf->precision.high);
}

/* A model that proposes again what was refused is told so in one line. */
static bool is_same(const gen_lf *a, const gen_lf *b) {
  return a->status == WS_LF_REJECTED && b->status == WS_LF_REJECTED && a->name.size &&
         ws_text_equal(a->name, b->name) && ws_hash128_equals(a->source, b->source) &&
         strcmp(a->reason, b->reason) == 0;
}

static bool is_repeated(const generate *g, const gen_lf *lf) {
  for (const gen_lf *other = g->lfs_seen; other < lf; other++)
    if (other->round < lf->round && is_same(other, lf)) return true;
  return false;
}

/* "1", or of one that was proposed again "1,3". */
static void put_rounds(table *t, const generate *g, const gen_lf *lf) {
  char rounds[64];
  size_t last = lf->round;
  int size = snprintf(rounds, sizeof rounds, "%zu", lf->round);
  for (const gen_lf *other = lf + 1; other < g->lfs_seen + g->lf_count; other++) {
    if (other->round <= last || !is_same(lf, other)) continue;
    last = other->round;
    if (size < (int)sizeof rounds - 24)
      size += snprintf(rounds + size, sizeof rounds - (size_t)size, ",%zu", last);
  }
  table_cell(t, "%s", rounds);
}

static void put_row(table *t, const generate *g, const gen_lf *lf) {
  bool known = lf->label != WS_ABSTAIN;
  table_cell(t, "%.*s", WS_TEXT_ARG(lf->name.size ? lf->name : ws_text_of("-")));
  put_rounds(t, g, lf);
  table_cell(t, "%s", lf->kind ? lf->kind : "-");
  table_cell(
      t, "%.*s",
      WS_TEXT_ARG(known ? ws_task_class(g->task, (size_t)lf->label) : ws_text_of("-")));
  put_number(t, lf->coverage);
  put_precision(t, g, lf);
  table_cell(t, "%s%s", ws_lf_tier_name(lf->status),
             lf->chosen && lf->status != WS_LF_ACCEPTED ? ", taken" : "");
  if (lf->status == WS_LF_REJECTED) table_mark(t, MARK_DIM);
  table_cell(t, "%s", lf->stage);
  table_cell(t, "%s", lf->reason);
}

/* Accepted ones first, each group in the order in which they came. */
int gen_print(const generate *g) {
  static const bool right[] = {false, true,  false, false, true,
                               false, false, false, false};
  static const unsigned char give_up[] = {0, 1, 2, 0, 4, 5, 0, 3, 0};
  const char *heads[] = {"LF",        "round",  "kind",  "class", "coverage",
                         "precision", "status", "stage", "reason"};
  table t = {.columns = 9, .right = right, .give_up = give_up};
  if (!g->validated) heads[5] = "estimated";
  if (g->lf_count == 0) {
    puts("no candidates");
    return EXIT_DONE;
  }
  for (size_t i = 0; i < t.columns; i++) table_cell(&t, "%s", heads[i]);
  for (int status = WS_LF_ACCEPTED; status <= WS_LF_REJECTED; status++)
    for (size_t i = 0; i < g->lf_count; i++)
      if ((int)g->lfs_seen[i].status == status && !is_repeated(g, &g->lfs_seen[i]))
        put_row(&t, g, &g->lfs_seen[i]);
  return table_print(&t) ? EXIT_DONE : EXIT_FAILED;
}

static void print_one(const char *what, const ws_selection_effect *effect) {
  printf(
      "%s on dev: accuracy %.3f -> %.3f, %+.3f [%+.3f, %+.3f]; log-loss %.3f -> %.3f\n",
      what, effect->before.accuracy, effect->after.accuracy, effect->accuracy.mean,
      effect->accuracy.low, effect->accuracy.high, effect->before.log_loss,
      effect->after.log_loss);
}

void gen_print_effect(const generate *g) {
  printf("%zu accepted, %zu unproven, %zu rejected%s\n", gen_count(g, WS_LF_ACCEPTED),
         gen_count(g, WS_LF_UNPROVEN), gen_count(g, WS_LF_REJECTED),
         g->validated ? "" : "; unvalidated: no gold labels to select by");
  if (g->has_effect) print_one("labels", &g->labels);
  if (g->has_classifier_effect) print_one("classifier", &g->classifier);
}
