/* SPDX-License-Identifier: MIT
 *
 * The rules of a diagnosis: each looks at the facts and writes findings. They come in the
 * order of their kinds.
 */
#include <weaksup/diagnosis.h>

#include <math.h>

#include <weaksup/alloc.h>
#include <weaksup/arena.h>

#include "diagnosis_facts.h"
#include "label_model_priv.h"

enum {
  NAMED = 3,            // names that a sentence has; the others are counted
  FEWEST_RECORDS = 10,  // below, an LF on each record is no surprise
  FEWEST_REPEATED = 10, // votes of each near duplicate
};
#define BROAD         0.8 // of all records, for one class
#define BROAD_BALANCE 2.0 // times the balance of the class
#define HARDLY        0.1 // of the records that the class should have
#define EXTREME       4.0 // ratio of shares
#define HALF          0.5
#define CONFIDENCE    0.95

struct ws_diagnosis {
  ws_arena arena; // of all texts and lists
  ws_finding *items;
  size_t count, capacity;
  ws_duplicate_groups *duplicates;
};

typedef struct doctor {
  const ws_label_model *model;
  const ws_votes *votes;
  ws__facts facts;
  ws_diagnosis *found;
  uint32_t *list; // [M + K] scratch: the LFs or classes of a finding
  size_t listed;
  ws_buffer text;
} doctor;

const char *ws_finding_kind_name(ws_finding_kind kind) {
  static const char *const names[WS_FINDING_KINDS] = {"not_identifiable",
                                                      "class_without_votes",
                                                      "worse_than_chance",
                                                      "balance_unknown",
                                                      "disconnected",
                                                      "too_broad",
                                                      "dead",
                                                      "no_better_than_chance",
                                                      "no_overlap",
                                                      "class_hardly_voted",
                                                      "near_duplicates",
                                                      "low_coverage"};
  return names[kind];
}

/* --- writing findings --------------------------------------------------------------- */

/* "'a'", "'a' and 'b'", "'a', 'b', 'c' and 4 more". */
static ws_status name_list(doctor *d, const uint32_t *items, size_t count,
                           const char *quote, ws_text (*name)(const ws_votes *, size_t)) {
  size_t shown = count <= NAMED ? count : NAMED;
  for (size_t i = 0; i < shown; i++) {
    ws_text text = name(d->votes, items[i]);
    const char *before = i == 0 ? "" : i + 1 == count ? " and " : ", ";
    WS_TRY(ws_buffer_printf(&d->text, "%s%s%.*s%s", before, quote, WS_TEXT_ARG(text),
                            quote));
  }
  if (shown == count) return WS_OK;
  return ws_buffer_printf(&d->text, " and %zu more", count - shown);
}

static ws_status name_lfs(doctor *d) {
  return name_list(d, d->list, d->listed, "'", ws_votes_lf);
}

static ws_text class_name(const doctor *d, size_t k) {
  return ws_votes_class(d->votes, k);
}

static ws_status copy_list(ws_arena *arena, const uint32_t *items, size_t count,
                           const uint32_t **out) {
  uint32_t *copy = ws_arena_alloc(arena, count * sizeof *copy);
  if (!copy) return WS_ENOMEM;
  for (size_t i = 0; i < count; i++) copy[i] = items[i];
  *out = copy;
  return WS_OK;
}

/* Adds what stands in d->text and empties it; `lfs` and `classes` are copied. */
static ws_status add(doctor *d, ws_finding finding, const char *todo) {
  ws_diagnosis *found = d->found;
  if (!ws_grow(&found->items, &found->capacity, found->count + 1, sizeof *found->items))
    return WS_ENOMEM;
  WS_TRY(copy_list(&found->arena, finding.lfs, finding.lf_count, &finding.lfs));
  WS_TRY(
      copy_list(&found->arena, finding.classes, finding.class_count, &finding.classes));
  WS_TRY(ws_arena_text(&found->arena, ws_buffer_as_text(&d->text), &finding.what));
  WS_TRY(ws_arena_text(&found->arena, ws_text_of(todo), &finding.todo));
  finding.severe = finding.kind <= WS_TOO_BROAD;
  found->items[found->count++] = finding;
  d->text.size = 0;
  return WS_OK;
}

/* A finding about the LFs that are listed. */
static ws_finding about_lfs(const doctor *d, ws_finding_kind kind) {
  return (ws_finding){.kind = kind, .lfs = d->list, .lf_count = d->listed};
}

static void add_figure(ws_finding *finding, const char *name, double value) {
  finding->figures[finding->figure_count++] = (ws_figure){name, value};
}

static double percent(uint64_t part, uint64_t whole) {
  return 100 * (double)part / (double)whole;
}

/* --- the votes as a whole ----------------------------------------------------------- */

static ws_status not_identifiable(doctor *d) {
  ws_text note = ws_label_model_note(d->model);
  if (note.size == 0) return WS_OK;
  ws_finding finding = {.kind = WS_NOT_IDENTIFIABLE};
  add_figure(&finding, "voting_lfs", (double)d->facts.active);
  add_figure(&finding, "overlap",
             d->facts.covered ? (double)d->facts.overlapped / (double)d->facts.covered
                              : (double)NAN);
  WS_TRY(ws_buffer_text(&d->text, note));
  return add(d, finding,
             "write labeling functions that vote on the same records, or give dev with "
             "gold labels");
}

static ws_status low_coverage(doctor *d) {
  const ws__facts *f = &d->facts;
  if (f->records == 0 || (double)f->covered >= HALF * (double)f->records) return WS_OK;
  ws_finding finding = {.kind = WS_LOW_COVERAGE};
  add_figure(&finding, "coverage", (double)f->covered / (double)f->records);
  WS_TRY(ws_buffer_printf(&d->text,
                          "%.1f %% of the records have a vote: the others get the class "
                          "balance and are left out of training",
                          percent(f->covered, f->records)));
  return add(d, finding, "write labeling functions for records without votes");
}

static bool all_unipolar(const ws__facts *f) {
  for (size_t j = 0; j < f->M; j++)
    if (f->polarity[j] > 1) return false;
  return f->active > 0;
}

/* How far apart two shares are. */
static double ratio(double a, double b) {
  double more = fmax(a, b), less = fmin(a, b);
  return more == 0 ? 1 : less == 0 ? (double)INFINITY : more / less;
}

/* The class whose share in the labels is furthest from that in the votes, or, where none
 * is far, the rarest; of those that are voted for. */
static size_t strangest_class(const ws__facts *f) {
  size_t far = f->K, rare = f->K;
  for (size_t k = 0; k < f->K; k++) {
    if (f->class_votes[k] == 0) continue;
    if (far == f->K ||
        ratio(f->labeled[k], f->voted[k]) > ratio(f->labeled[far], f->voted[far]))
      far = k;
    if (rare == f->K || f->labeled[k] < f->labeled[rare]) rare = k;
  }
  return ratio(f->labeled[far], f->voted[far]) >= EXTREME ? far : rare;
}

static ws_status balance_unknown(doctor *d) {
  const ws__facts *f = &d->facts;
  bool em = ws_label_model_takes_balance_in_em(d->model);
  if (!em || d->model->balance || !all_unipolar(f)) return WS_OK;
  uint32_t k = (uint32_t)strangest_class(f);
  double most = 0;
  for (size_t l = 0; l < f->K; l++) most = fmax(most, f->labeled[l]);
  if (ratio(f->labeled[k], f->voted[k]) < EXTREME && ratio(most, f->labeled[k]) < EXTREME)
    return WS_OK;
  ws_finding finding = {.kind = WS_BALANCE_UNKNOWN, .classes = &k, .class_count = 1};
  add_figure(&finding, "share_of_labels", f->labeled[k]);
  add_figure(&finding, "share_of_votes", f->voted[k]);
  WS_TRY(ws_buffer_printf(&d->text,
                          "how frequent the classes are, votes alone cannot tell: class "
                          "%.*s has %.1f %% of the "
                          "labels and %.1f %% of the votes",
                          WS_TEXT_ARG(class_name(d, k)), 100 * f->labeled[k],
                          100 * f->voted[k]));
  return add(
      d, finding,
      "give --class-balance, or dev with 100 or more gold labels: the F1 of a rare "
      "class may move by 20 to 40 points");
}

/* --- parts that never meet ---------------------------------------------------------- */

/* The LFs of the part that begins with LF `first`. */
static void list_part(doctor *d, uint32_t first) {
  d->listed = 0;
  for (uint32_t j = first; j < d->facts.M; j++)
    if (d->facts.part[j] == first && d->facts.votes[j]) d->list[d->listed++] = j;
}

static bool next_part(doctor *d, uint32_t *from) {
  for (; *from < d->facts.M; ++*from) {
    if (d->facts.part[*from] != *from) continue;
    list_part(d, (*from)++);
    if (d->listed >= 2) return true;
  }
  return false;
}

/* LFs alone are left to no_overlap. The finding names the parts but the first. */
static ws_status disconnected(doctor *d) {
  size_t parts = 0;
  uint32_t from = 0;
  while (next_part(d, &from)) parts++;
  if (parts < 2) return WS_OK;
  WS_TRY(ws_buffer_printf(&d->text,
                          "the labeling functions fall into %zu groups that never vote "
                          "on the same record (",
                          parts));
  from = 0;
  for (size_t i = 0; i < 2 && next_part(d, &from); i++) {
    if (i) WS_TRY(ws_buffer_string(&d->text, "; "));
    WS_TRY(name_lfs(d));
  }
  WS_TRY(ws_buffer_printf(&d->text,
                          "%s): how frequent the classes are in one against "
                          "the other is arbitrary",
                          parts > 2 ? "; ..." : ""));
  d->listed = 0;
  uint32_t first = UINT32_MAX;
  for (uint32_t j = 0; j < d->facts.M; j++) {
    if (!d->facts.shared[j]) continue;
    if (first == UINT32_MAX) first = d->facts.part[j];
    if (d->facts.part[j] != first) d->list[d->listed++] = j;
  }
  ws_finding finding = about_lfs(d, WS_DISCONNECTED);
  add_figure(&finding, "groups", (double)parts);
  return add(d, finding,
             "write a labeling function that votes where both do, or give "
             "--class-balance or dev with gold labels");
}

static ws_status no_overlap(doctor *d) {
  d->listed = 0;
  for (uint32_t j = 0; j < d->facts.M; j++)
    if (d->facts.votes[j] && !d->facts.shared[j]) d->list[d->listed++] = j;
  if (d->listed == 0) return WS_OK;
  WS_TRY(name_lfs(d));
  bool one = d->listed == 1;
  WS_TRY(ws_buffer_printf(
      &d->text, " never vote%s where another does: %s a prior, not an estimate",
      one ? "s" : "", one ? "its accuracy is" : "their accuracies are"));
  return add(d, about_lfs(d, WS_NO_OVERLAP),
             "write others that vote on the same records, or give dev with gold labels");
}

/* --- classes ------------------------------------------------------------------------ */

static double share_of(const doctor *d, size_t k) {
  return d->model->balance ? d->model->balance[k] : 1 / (double)d->facts.K;
}

static ws_status classes_without_votes(doctor *d) {
  d->listed = 0;
  for (uint32_t k = 0; k < d->facts.K; k++)
    if (d->facts.class_votes[k] == 0) d->list[d->listed++] = k;
  if (d->listed == 0) return WS_OK;
  WS_TRY(ws_buffer_string(&d->text, "no labeling function votes for "));
  WS_TRY(name_list(d, d->list, d->listed, "", ws_votes_class));
  WS_TRY(ws_buffer_string(&d->text, ", so no record can get that label"));
  ws_finding finding = {
      .kind = WS_CLASS_WITHOUT_VOTES, .classes = d->list, .class_count = d->listed};
  return add(d, finding, "write a labeling function for each, or leave the class out");
}

static ws_status class_hardly_voted(doctor *d, uint32_t k) {
  const ws__facts *f = &d->facts;
  double expected = share_of(d, k) * (double)f->covered;
  if (f->class_votes[k] == 0 || (double)f->class_votes[k] >= HARDLY * expected)
    return WS_OK;
  ws_finding finding = {.kind = WS_CLASS_HARDLY_VOTED, .classes = &k, .class_count = 1};
  add_figure(&finding, "records", (double)f->class_votes[k]);
  add_figure(&finding, "expected", expected);
  WS_TRY(ws_buffer_printf(
      &d->text,
      "%llu of %llu covered records have a vote for %.*s, where the class "
      "balance%s expects %.0f",
      (unsigned long long)f->class_votes[k], (unsigned long long)f->covered,
      WS_TEXT_ARG(class_name(d, k)), d->model->balance ? "" : " (taken as uniform)",
      expected));
  return add(d, finding,
             "write labeling functions for it; if it is that rare, say so with "
             "--class-balance");
}

/* --- single LFs --------------------------------------------------------------------- */

static ws_status dead(doctor *d) {
  d->listed = 0;
  for (uint32_t j = 0; j < d->facts.M; j++)
    if (d->facts.votes[j] == 0) d->list[d->listed++] = j;
  if (d->listed == 0) return WS_OK;
  WS_TRY(name_lfs(d));
  WS_TRY(ws_buffer_printf(&d->text, " vote%s on no record", d->listed == 1 ? "s" : ""));
  return add(d, about_lfs(d, WS_DEAD), "mend or remove what never votes");
}

/* How frequent a class is, by the gold: what votes at random for it would score. */
static double chance(const doctor *d, size_t k) {
  return (double)d->facts.gold_class[k] / (double)d->facts.gold_rows;
}

static ws_interval gold_interval(const doctor *d, size_t cell) {
  return ws_binomial_interval(d->facts.gold_right[cell], d->facts.gold_cast[cell],
                              CONFIDENCE);
}

static ws_status worse_than_chance(doctor *d, uint32_t j, uint32_t k) {
  const ws__facts *f = &d->facts;
  size_t cell = j * f->K + k;
  if (f->gold_rows == 0 || f->gold_cast[cell] == 0) return WS_OK;
  ws_interval range = gold_interval(d, cell);
  if (!(range.high < chance(d, k))) return WS_OK;
  ws_finding finding = {.kind = WS_WORSE_THAN_CHANCE,
                        .lfs = &j,
                        .lf_count = 1,
                        .classes = &k,
                        .class_count = 1};
  add_figure(&finding, "gold_votes", (double)f->gold_cast[cell]);
  add_figure(&finding, "gold_right", (double)f->gold_right[cell]);
  add_figure(&finding, "accuracy_at_most", range.high);
  add_figure(&finding, "chance", chance(d, k));
  ws_text label = class_name(d, k);
  WS_TRY(ws_buffer_printf(
      &d->text,
      "'%.*s' is right in %llu of %llu gold votes for %.*s, so at most in %.1f %% "
      "(95 %%), where %.1f %% of the gold records are %.*s",
      WS_TEXT_ARG(ws_votes_lf(d->votes, j)), (unsigned long long)f->gold_right[cell],
      (unsigned long long)f->gold_cast[cell], WS_TEXT_ARG(label), 100 * range.high,
      100 * chance(d, k), WS_TEXT_ARG(label)));
  return add(d, finding, "remove it, or let it vote for another class");
}

/* The gold shows that the votes of LF j for class k are better than chance. */
static bool gold_acquits(const doctor *d, size_t j, size_t k) {
  size_t cell = j * d->facts.K + k;
  return d->facts.gold_rows && d->facts.gold_cast[cell] &&
         gold_interval(d, cell).low > chance(d, k);
}

/* By the model: the lift is held at its least, or, for kinds without lift, the learned
 * accuracy is below the share of the class. */
static bool looks_random(const doctor *d, size_t j, size_t k) {
  ws_lf_parameters p;
  if (!ws_label_model_parameters(d->model, j, k, &p) || gold_acquits(d, j, k))
    return false;
  if (d->model->type->rates) return p.clamp == WS_LIFT_LOW;
  return d->model->confusion.G && p.accuracy < share_of(d, k);
}

static ws_status no_better_than_chance(doctor *d) {
  const char *why = d->model->type->rates
                        ? "the model holds the lift of such votes at its least, 2"
                        : "the model finds such votes right less often than the class "
                          "is frequent";
  d->listed = 0;
  for (uint32_t j = 0; j < d->facts.M; j++) {
    bool random = false;
    for (size_t k = 0; k < d->facts.K && !random; k++) random = looks_random(d, j, k);
    if (random) d->list[d->listed++] = j;
  }
  if (d->listed == 0) return WS_OK;
  WS_TRY(name_lfs(d));
  WS_TRY(ws_buffer_printf(&d->text, " look%s no better than chance: %s",
                          d->listed == 1 ? "s" : "", why));
  return add(
      d, about_lfs(d, WS_NO_BETTER_THAN_CHANCE),
      "look at records with these votes, then mend or remove what casts them; gold "
      "labels in dev would tell");
}

/* Of more votes for a class than there are records of it, the rest must be wrong. */
static ws_status too_broad_for_balance(doctor *d, uint32_t j, uint32_t k,
                                       ws_finding *finding) {
  const ws__facts *f = &d->facts;
  double cast = (double)f->cast[j * f->K + k] / (double)f->records;
  double wrong = 1 - share_of(d, k) / cast;
  ws_text label = class_name(d, k);
  add_figure(finding, "balance", share_of(d, k));
  add_figure(finding, "wrong_at_least", wrong);
  WS_TRY(ws_buffer_printf(
      &d->text,
      "'%.*s' votes for %.*s on %.1f %% of the records, where %.1f %% are %.*s by the "
      "class balance: at least %.0f %% of its votes are wrong",
      WS_TEXT_ARG(ws_votes_lf(d->votes, j)), WS_TEXT_ARG(label), 100 * cast,
      100 * share_of(d, k), WS_TEXT_ARG(label), floor(100 * wrong)));
  return add(d, *finding, "narrow it down");
}

static ws_status too_broad(doctor *d, uint32_t j, uint32_t k) {
  const ws__facts *f = &d->facts;
  uint64_t cast = f->cast[j * f->K + k];
  if (f->records < FEWEST_RECORDS || cast == 0) return WS_OK;
  double coverage = (double)cast / (double)f->records;
  bool balance = d->model->balance && coverage > BROAD_BALANCE * share_of(d, k);
  if (!balance && (f->polarity[j] > 1 || coverage < BROAD)) return WS_OK;
  ws_finding finding = {
      .kind = WS_TOO_BROAD, .lfs = &j, .lf_count = 1, .classes = &k, .class_count = 1};
  add_figure(&finding, "coverage", coverage);
  if (balance) return too_broad_for_balance(d, j, k, &finding);
  WS_TRY(ws_buffer_printf(&d->text, "'%.*s' votes for %.*s on ",
                          WS_TEXT_ARG(ws_votes_lf(d->votes, j)),
                          WS_TEXT_ARG(class_name(d, k))));
  WS_TRY(cast == f->records
             ? ws_buffer_string(&d->text, "every record")
             : ws_buffer_printf(&d->text, "%.1f %% of the records", 100 * coverage));
  return add(
      d, finding,
      "let it abstain where it does not know: a vote that nearly always comes says "
      "nothing about a record");
}

static ws_status near_duplicates(doctor *d, const ws_duplicate_group *group) {
  if (group->fewest < FEWEST_REPEATED) return WS_OK;
  uint32_t k = (uint32_t)group->label;
  bool counted = d->model->type->rates;
  ws_finding finding = {.kind = WS_NEAR_DUPLICATES,
                        .lfs = group->lfs,
                        .lf_count = group->count,
                        .classes = &k,
                        .class_count = 1};
  add_figure(&finding, "effective_votes", group->effective);
  WS_TRY(name_list(d, group->lfs, group->count, "'", ws_votes_lf));
  WS_TRY(ws_buffer_printf(&d->text,
                          " nearly duplicate one another for %.*s: %s %.1f "
                          "votes",
                          WS_TEXT_ARG(class_name(d, k)), counted ? "counted as" : "worth",
                          group->effective));
  if (!counted)
    WS_TRY(ws_buffer_printf(&d->text, ", but %s counts each", d->model->type->name));
  return add(d, finding, "merge them, unless they were written for different reasons");
}

/* --- the rounds --------------------------------------------------------------------- */

typedef ws_status (*column_rule)(doctor *d, uint32_t j, uint32_t k);

static ws_status each_column(doctor *d, column_rule rule) {
  for (uint32_t j = 0; j < d->facts.M; j++)
    for (uint32_t k = 0; k < d->facts.K; k++) WS_TRY(rule(d, j, k));
  return WS_OK;
}

static ws_status examine(doctor *d) {
  WS_TRY(not_identifiable(d));
  WS_TRY(classes_without_votes(d));
  WS_TRY(each_column(d, worse_than_chance));
  WS_TRY(balance_unknown(d));
  WS_TRY(disconnected(d));
  WS_TRY(each_column(d, too_broad));
  WS_TRY(dead(d));
  WS_TRY(no_better_than_chance(d));
  WS_TRY(no_overlap(d));
  for (uint32_t k = 0; k < d->facts.K; k++) WS_TRY(class_hardly_voted(d, k));
  const ws_duplicate_groups *groups = d->found->duplicates;
  for (size_t i = 0; i < ws_duplicate_groups_count(groups); i++)
    WS_TRY(near_duplicates(d, ws_duplicate_groups_at(groups, i)));
  return low_coverage(d);
}

static ws_status check_votes(const ws_label_model *model, const ws_votes *votes,
                             const ws_votes *gold, ws_error *err) {
  bool same = model->M == ws_votes_lfs(votes) && model->K == ws_votes_classes(votes);
  for (size_t j = 0; same && j < model->M; j++)
    same = ws_text_equal(model->lfs[j], ws_votes_lf(votes, j));
  if (same && (!gold || ws_votes_classes(gold) == model->K)) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "diagnosis: expected the votes that the label model was fitted on, "
                      "found others");
}

static ws_status diagnose(doctor *d, const ws_labels *labels, const ws_votes *gold,
                          ws_error *err) {
  WS_TRY(check_votes(d->model, d->votes, gold, err));
  d->list = ws_alloc_array(d->model->M + d->model->K, sizeof *d->list);
  d->found = ws_alloc_zero(1, sizeof *d->found);
  if (!d->list || !d->found) return ws_error_nomem(err);
  WS_TRY(ws_duplicate_groups_find(d->model, d->votes, &d->found->duplicates, err));
  ws_status status = ws__facts_gather(&d->facts, d->votes, labels, gold);
  if (status == WS_OK) status = examine(d);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws_diagnose(const ws_label_model *model, const ws_votes *votes,
                      const ws_labels *labels, const ws_votes *gold, ws_diagnosis **out,
                      ws_error *err) {
  doctor d = {.model = model, .votes = votes};
  ws_status status = diagnose(&d, labels, gold, err);
  ws__facts_clear(&d.facts);
  ws_buffer_clear(&d.text);
  ws_free(d.list);
  if (status == WS_OK)
    *out = d.found;
  else
    ws_diagnosis_free(d.found);
  return status;
}

void ws_diagnosis_free(ws_diagnosis *diagnosis) {
  if (!diagnosis) return;
  ws_duplicate_groups_free(diagnosis->duplicates);
  ws_arena_clear(&diagnosis->arena);
  ws_free(diagnosis->items);
  ws_free(diagnosis);
}

size_t ws_diagnosis_count(const ws_diagnosis *diagnosis) {
  return diagnosis->count;
}

const ws_finding *ws_diagnosis_at(const ws_diagnosis *diagnosis, size_t i) {
  return &diagnosis->items[i];
}

const ws_duplicate_groups *ws_diagnosis_duplicates(const ws_diagnosis *diagnosis) {
  return diagnosis->duplicates;
}
