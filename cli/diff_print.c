/* SPDX-License-Identifier: MIT
 *
 * weaksup diff: tables for people.
 */
#include <math.h>
#include <stdio.h>

#include "diff.h"
#include "step.h"

static const char *class_name(const diff *d, int32_t label) {
  return label == WS_ABSTAIN ? "-" : ws_task_class(d->sides[0].task, (size_t)label).data;
}

/* --- labeling functions ------------------------------------------------------------- */

static bool is_other(const ws_lf_diff *lf) {
  return !lf->before || !lf->after || lf->gained || lf->lost || lf->changed || lf->flips;
}

static void put_lf(table *t, const ws_lf_diff *lf) {
  table_cell(t, "%s", lf->lf.data);
  table_cell(t, "%s", !lf->before ? "new" : !lf->after ? "gone" : "in both");
  table_cell(t, "%llu", (unsigned long long)lf->votes_before);
  table_cell(t, "%llu", (unsigned long long)lf->votes_after);
  table_cell(t, "%llu", (unsigned long long)lf->gained);
  table_cell(t, "%llu", (unsigned long long)lf->lost);
  table_cell(t, "%llu", (unsigned long long)lf->changed);
  table_cell(t, "%llu", (unsigned long long)lf->flips);
}

static bool print_lfs(const diff *d) {
  static const bool right[] = {false, false, true, true, true, true, true, true};
  static const char *const heads[] = {
      "labeling function", "runs",         "votes before", "after", "gained", "lost",
      "changed",           "labels turned"};
  static const unsigned char give_up[] = {0, 0, 1, 2, 4, 5, 3, 0};
  table t = {.columns = sizeof heads / sizeof *heads, .right = right, .give_up = give_up};
  const ws_run_diff *found = d->found;
  size_t others = 0;
  for (size_t i = 0; i < t.columns; i++) table_cell(&t, "%s", heads[i]);
  for (size_t j = 0; j < found->lf_count; j++) {
    if (!is_other(&found->lfs[j])) continue;
    put_lf(&t, &found->lfs[j]);
    others++;
  }
  if (!table_print(&t)) return false;
  printf("%zu of %zu labeling functions vote as before and turn no label\n",
         found->lf_count - others, found->lf_count);
  return true;
}

/* --- labels ------------------------------------------------------------------------- */

static void put_flip(table *t, const diff *d, const ws_label_flip *flip) {
  char digits[24];
  table_cell(t, "%s", class_name(d, flip->from));
  table_cell(t, "%s", class_name(d, flip->to));
  table_cell(t, "%llu", (unsigned long long)flip->records);
  ws_text id = ws_votes_row_id(d->sides[1].votes, flip->examples[0], digits);
  table_cell(t, "%.*s", WS_TEXT_ARG(id));
}

static bool print_flips(const diff *d) {
  static const bool right[] = {false, false, true, false};
  static const char *const heads[] = {"label before", "after", "records", "for example"};
  const ws_run_diff *found = d->found;
  printf("\n%llu of %llu labels %s", (unsigned long long)found->flipped,
         (unsigned long long)found->records,
         found->flipped == 1 ? "is another" : "are others");
  if (found->flipped_otherwise)
    printf(", %llu of them turned by the class balance or the model rather than by a "
           "labeling function",
           (unsigned long long)found->flipped_otherwise);
  putchar('\n');
  if (!found->flip_count) return true;
  static const unsigned char give_up[] = {0, 0, 0, 1};
  table t = {.columns = sizeof heads / sizeof *heads, .right = right, .give_up = give_up};
  for (size_t i = 0; i < t.columns; i++) table_cell(&t, "%s", heads[i]);
  for (size_t i = 0; i < found->flip_count; i++) put_flip(&t, d, &found->flips[i]);
  return table_print(&t);
}

/* --- scores ------------------------------------------------------------------------- */

static void put_score(table *t, const char *who, const char *score, double before,
                      double after, const ws_paired *range) {
  table_cell(t, "%s", who);
  table_cell(t, "%s", score);
  table_cell(t, "%.3f", before);
  table_cell(t, "%.3f", after);
  table_cell(t, "%+.3f", after - before);
  if (range)
    table_cell(t, "%+.3f to %+.3f", range->low, range->high);
  else
    table_cell(t, "%s", "");
}

static void put_scores(table *t, const char *who, const score_pair *pair) {
  const ws_scores *a = &pair->is.before, *b = &pair->is.after;
  if (!pair->known) return;
  put_score(t, who, "accuracy", a->accuracy, b->accuracy, &pair->is.accuracy);
  put_score(t, "", "macro-F1", a->macro_f1, b->macro_f1, &pair->is.macro_f1);
  put_score(t, "", "log-loss", a->log_loss, b->log_loss, &pair->is.log_loss);
}

static bool print_scores(const diff *d) {
  static const bool right[] = {false, false, true, true, true, false};
  static const char *const heads[] = {"scores", "",           "before",
                                      "after",  "difference", "95 %"};
  static const unsigned char give_up[] = {0, 0, 1, 2, 0, 0};
  table t = {.columns = sizeof heads / sizeof *heads, .right = right, .give_up = give_up};
  putchar('\n');
  for (size_t i = 0; i < t.columns; i++) table_cell(&t, "%s", heads[i]);
  put_score(&t, "label model", "coverage",
            (double)ws_votes_covered(d->sides[0].votes) /
                (double)ws_votes_rows(d->sides[0].votes),
            (double)ws_votes_covered(d->sides[1].votes) /
                (double)ws_votes_rows(d->sides[1].votes),
            NULL);
  put_scores(&t, "", &d->label_model);
  put_scores(&t, "classifier", &d->classifier);
  if (!table_print(&t)) return false;
  if (d->label_model.known)
    printf("label model: on %llu records of the data with gold labels\n",
           (unsigned long long)d->label_model.is.before.n);
  if (d->classifier.known) {
    printf("classifier: on %llu records of ",
           (unsigned long long)d->classifier.is.before.n);
    text_print(ws_text_of(d->scored_on));
    putchar('\n');
  }
  return true;
}

/* Why a label is another one; where none is, the new run. */
static void print_next(const diff *d) {
  const ws_run_diff *found = d->found;
  bool flips = found->flip_count > 0;
  step s = step_to(flips ? &cmd_explain : &cmd_report);
  ws_buffer id = {0};
  char digits[24];
  step_argument(&s, d->sides[1].run);
  if (flips) {
    ws_text name =
        ws_votes_row_id(d->sides[1].votes, found->flips[0].examples[0], digits);
    s.useless = s.useless || ws_buffer_text(&id, name) != WS_OK;
    step_option(&s, "id", id.data);
    step_print(&s, d->o, "why a label is another one");
  } else {
    step_flag(&s, "open");
    step_print(&s, d->o, "look at the new run");
  }
  ws_buffer_clear(&id);
}

int diff_print(const diff *d) {
  const ws_run_diff *found = d->found;
  printf("%llu record%s in both runs", (unsigned long long)found->records,
         found->records == 1 ? " is" : "s are");
  if (found->only_before || found->only_after)
    printf(", %llu only before, %llu only after", (unsigned long long)found->only_before,
           (unsigned long long)found->only_after);
  printf("\n\n");
  if (!print_lfs(d) || !print_flips(d)) return EXIT_FAILED;
  decisions_print(&d->decided);
  if (!print_scores(d)) return EXIT_FAILED;
  print_next(d);
  return EXIT_DONE;
}
