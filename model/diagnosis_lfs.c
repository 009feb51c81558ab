/* SPDX-License-Identifier: MIT
 *
 * What a diagnosis finds about labeling functions: those that never vote, guess, vote too
 * often, or repeat others.
 */
#include <math.h>

#include "diagnosis_priv.h"
#include "label_model_priv.h"

enum {
  FEWEST_RECORDS = 10,  // below, an LF on each record is no surprise
  FEWEST_REPEATED = 10, // votes of each near duplicate
};
#define BROAD         0.8 // of all records, for one class
#define BROAD_BALANCE 2.0 // times the balance of the class
#define CONFIDENCE    0.95

ws_status ws__find_dead(ws__doctor *d) {
  d->listed = 0;
  for (uint32_t j = 0; j < d->facts.M; j++)
    if (d->facts.votes[j] == 0 && !(d->left_out && d->left_out[j]))
      d->list[d->listed++] = j;
  if (d->listed == 0) return WS_OK;
  WS_TRY(ws__finding_name_lfs(d));
  WS_TRY(ws_buffer_printf(&d->text, " vote%s on no record", d->listed == 1 ? "s" : ""));
  return ws__finding_add(d, ws__finding_of_lfs(d, WS_DEAD),
                         "mend or remove what never votes");
}

/* --- against chance ----------------------------------------------------------------- */

/* How frequent a class is, by the gold: what votes at random for it would score. */
static double chance(const ws__doctor *d, size_t k) {
  return (double)d->facts.gold_class[k] / (double)d->facts.gold_rows;
}

static ws_interval gold_interval(const ws__doctor *d, size_t cell) {
  return ws_binomial_interval(d->facts.gold_right[cell], d->facts.gold_cast[cell],
                              CONFIDENCE);
}

ws_status ws__find_worse_than_chance(ws__doctor *d, uint32_t j, uint32_t k) {
  const ws__facts *f = &d->facts;
  size_t cell = j * f->K + k;
  if (f->gold_rows == 0 || f->gold_cast[cell] == 0) return WS_OK;
  if (d->left_out && d->left_out[j]) return WS_OK;
  ws_interval range = gold_interval(d, cell);
  if (!(range.high < chance(d, k))) return WS_OK;
  ws_finding finding = {.kind = WS_WORSE_THAN_CHANCE,
                        .lfs = &j,
                        .lf_count = 1,
                        .classes = &k,
                        .class_count = 1};
  ws__finding_figure(&finding, "gold_votes", (double)f->gold_cast[cell]);
  ws__finding_figure(&finding, "gold_right", (double)f->gold_right[cell]);
  ws__finding_figure(&finding, "accuracy_at_most", range.high);
  ws__finding_figure(&finding, "chance", chance(d, k));
  ws_text label = ws__finding_class(d, k);
  WS_TRY(ws_buffer_printf(
      &d->text,
      "'%.*s' is right in %llu of %llu gold votes for %.*s, so at most in %.1f %% "
      "(95 %%), where %.1f %% of the gold records are %.*s",
      WS_TEXT_ARG(ws_votes_lf(d->votes, j)), (unsigned long long)f->gold_right[cell],
      (unsigned long long)f->gold_cast[cell], WS_TEXT_ARG(label), 100 * range.high,
      100 * chance(d, k), WS_TEXT_ARG(label)));
  return ws__finding_add(d, finding, "remove it, or let it vote for another class");
}

/* The gold shows that the votes of LF j for class k are better than chance. */
static bool gold_acquits(const ws__doctor *d, size_t j, size_t k) {
  size_t cell = j * d->facts.K + k;
  return d->facts.gold_rows && d->facts.gold_cast[cell] &&
         gold_interval(d, cell).low > chance(d, k);
}

/* By the model: the lift is held at its least, or, for kinds without lift, the learned
 * accuracy is below the share of the class. */
static bool looks_random(const ws__doctor *d, size_t j, size_t k) {
  ws_lf_parameters p;
  if (!ws_label_model_parameters(d->model, j, k, &p) || gold_acquits(d, j, k))
    return false;
  if (d->model->type->rates) return p.clamp == WS_LIFT_LOW;
  return d->model->confusion.G && p.accuracy < ws__class_share(d, k);
}

/* Of the records on which others vote, too, most others contradict those votes. */
static bool is_contradicted(const ws__doctor *d, size_t j, size_t k) {
  const ws__facts *f = &d->facts;
  return f->against[j * f->K + k] > f->backed[j * f->K + k];
}

/* Lists the LFs with votes that look random and are contradicted, or that look random
 * for want of others: what is alone says nothing of its own (ws__find_no_overlap). */
static void list_random(ws__doctor *d, bool contradicted) {
  d->listed = 0;
  for (uint32_t j = 0; j < d->facts.M; j++) {
    bool found = false;
    for (size_t k = 0; k < d->facts.K && !found; k++)
      found = d->facts.shared[j] && looks_random(d, j, k) &&
              is_contradicted(d, j, k) == contradicted;
    if (found) d->list[d->listed++] = j;
  }
}

ws_status ws__find_no_better_than_chance(ws__doctor *d) {
  const char *why = d->model->type->rates
                        ? "others mostly vote otherwise where it votes, and the model "
                          "holds the lift of such votes at its least, 2"
                        : "others mostly vote otherwise where it votes, and the model "
                          "finds such votes right less often than the class is frequent";
  list_random(d, true);
  if (d->listed == 0) return WS_OK;
  WS_TRY(ws__finding_name_lfs(d));
  WS_TRY(ws_buffer_printf(&d->text, " look%s no better than chance to the model: %s",
                          d->listed == 1 ? "s" : "", why));
  return ws__finding_add_gold(d, ws__finding_of_lfs(d, WS_NO_BETTER_THAN_CHANCE),
                              "this is no proof, the others may be wrong: look at "
                              "records with these votes, or ",
                              ", before you mend or remove anything");
}

ws_status ws__find_cannot_tell(ws__doctor *d) {
  list_random(d, false);
  if (d->listed == 0) return WS_OK;
  WS_TRY(ws_buffer_printf(&d->text, "how good "));
  WS_TRY(ws__finding_name_lfs(d));
  WS_TRY(ws_buffer_printf(
      &d->text, " %s, the votes cannot tell: %s", d->listed == 1 ? "is" : "are",
      d->model->type->rates
          ? "the model holds the lift of such votes at its least, 2, but most of the "
            "others that vote there, if any, agree"
          : "the model finds such votes right less often than the class is frequent, but "
            "most of the others that vote there, if any, agree"));
  return ws__finding_add_gold(d, ws__finding_of_lfs(d, WS_CANNOT_TELL),
                              "keep what you trust; write others that vote on the same "
                              "records, or ",
                              "");
}

/* --- votes that say little ---------------------------------------------------------- */

/* Of more votes for a class than there are records of it, the rest must be wrong. */
static ws_status too_broad_for_balance(ws__doctor *d, uint32_t j, uint32_t k,
                                       ws_finding *finding) {
  const ws__facts *f = &d->facts;
  double cast = (double)f->cast[j * f->K + k] / (double)f->records;
  double wrong = 1 - ws__class_share(d, k) / cast;
  ws_text label = ws__finding_class(d, k);
  ws__finding_figure(finding, "balance", ws__class_share(d, k));
  ws__finding_figure(finding, "wrong_at_least", wrong);
  WS_TRY(ws_buffer_printf(
      &d->text,
      "'%.*s' votes for %.*s on %.1f %% of the records, where %.1f %% are %.*s by the "
      "class balance: at least %.0f %% of its votes are wrong",
      WS_TEXT_ARG(ws_votes_lf(d->votes, j)), WS_TEXT_ARG(label), 100 * cast,
      100 * ws__class_share(d, k), WS_TEXT_ARG(label), floor(100 * wrong)));
  return ws__finding_add(d, *finding, "narrow it down");
}

ws_status ws__find_too_broad(ws__doctor *d, uint32_t j, uint32_t k) {
  const ws__facts *f = &d->facts;
  uint64_t cast = f->cast[j * f->K + k];
  if (f->records < FEWEST_RECORDS || cast == 0) return WS_OK;
  double coverage = (double)cast / (double)f->records;
  bool balance = d->model->balance && coverage > BROAD_BALANCE * ws__class_share(d, k);
  if (!balance && (f->polarity[j] > 1 || coverage < BROAD)) return WS_OK;
  ws_finding finding = {
      .kind = WS_TOO_BROAD, .lfs = &j, .lf_count = 1, .classes = &k, .class_count = 1};
  ws__finding_figure(&finding, "coverage", coverage);
  if (balance) return too_broad_for_balance(d, j, k, &finding);
  WS_TRY(ws_buffer_printf(&d->text, "'%.*s' votes for %.*s on ",
                          WS_TEXT_ARG(ws_votes_lf(d->votes, j)),
                          WS_TEXT_ARG(ws__finding_class(d, k))));
  WS_TRY(cast == f->records
             ? ws_buffer_string(&d->text, "every record")
             : ws_buffer_printf(&d->text, "%.1f %% of the records", 100 * coverage));
  return ws__finding_add(
      d, finding,
      "let it abstain where it does not know: a vote that nearly always comes says "
      "nothing about a record");
}

ws_status ws__find_near_duplicates(ws__doctor *d, const ws_duplicate_group *group) {
  if (group->fewest < FEWEST_REPEATED) return WS_OK;
  uint32_t k = (uint32_t)group->label;
  bool counted = d->model->type->rates;
  ws_finding finding = {.kind = WS_NEAR_DUPLICATES,
                        .lfs = group->lfs,
                        .lf_count = group->count,
                        .classes = &k,
                        .class_count = 1};
  ws__finding_figure(&finding, "effective_votes", group->effective);
  WS_TRY(ws__finding_names(d, group->lfs, group->count, "'", ws_votes_lf));
  WS_TRY(ws_buffer_printf(&d->text,
                          " nearly duplicate one another for %.*s: %s %.1f "
                          "votes",
                          WS_TEXT_ARG(ws__finding_class(d, k)),
                          counted ? "counted as" : "worth", group->effective));
  if (!counted)
    WS_TRY(ws_buffer_printf(&d->text, ", but %s counts each", d->model->type->name));
  return ws__finding_add(d, finding,
                         "merge them, unless they were written for different reasons");
}
