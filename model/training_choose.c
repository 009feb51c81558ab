/* SPDX-License-Identifier: MIT
 *
 * Choosing the loss and its strength on gold labels. Of few records accuracies are close,
 * and the differences between the values of C are smaller than their error: so the
 * default compares two classifiers only, each at the strength that serves it well in
 * general. Folds share the vocabulary that was counted over all rows: which n-grams are
 * features depends on the texts that are held out, too, though never on their labels.
 */
#include <weaksup/cross_validation.h>

#include <math.h>

#include <weaksup/alloc.h>

#include "features_rows.h"
#include "linear.h"
#include "log_ratios.h"
#include "temperature.h"
#include "training_priv.h"

enum {
  FOLDS = 5,
  FEW_FOLDS = 3,   // where one training takes long
  LEAST_ROWS = 50, // of fewer the comparison says nothing
};
#define LONG_TRAINING 3e7 // numbers that a pass over the rows multiplies
#define LONGEST       3e8 // beyond it nothing is tried
#define PRIOR_SD      1   // of the temperature's logarithm

/* C of the squared hinge, whose slope is steeper. */
static const double usual_c[] = {[WS_LOSS_LOGISTIC] = 10, [WS_LOSS_HINGE] = 1};

typedef struct chooser {
  const ws__matrix *matrix;
  size_t K, n;     // classes; rows with gold
  size_t *rows;    // [n]
  int32_t *gold;   // [n]
  double *weights; // [n] of the rows
  uint32_t *fold;  // [n]
  uint32_t folds;
  double *scores;   // [n][K] of rows not trained on
  bool *right;      // [WS_TRIALS_MOST][n] whether the trial had the row right
  double *mean;     // [n][K] of the best of each loss, for both together
  uint64_t *groups; // [n], or NULL
  size_t *part;     // [n] rows of the matrix, working memory
  double *targets;  // [n][K], the same
  const ws_classifier_options *how;
  uint64_t done, total; // trainings
} chooser;

static void chooser_clear(chooser *c) {
  ws_free(c->rows);
  ws_free(c->gold);
  ws_free(c->weights);
  ws_free(c->fold);
  ws_free(c->scores);
  ws_free(c->mean);
  ws_free(c->right);
  ws_free(c->groups);
  ws_free(c->part);
  ws_free(c->targets);
}

static ws_status chooser_init(chooser *c, size_t n, bool groups) {
  size_t K = c->K;
  c->rows = ws_alloc_array(n, sizeof *c->rows);
  c->gold = ws_alloc_array(n, sizeof *c->gold);
  c->weights = ws_alloc_array(n, sizeof *c->weights);
  c->fold = ws_alloc_array(n, sizeof *c->fold);
  c->scores = n > SIZE_MAX / K ? NULL : ws_alloc_array(n * K, sizeof *c->scores);
  c->mean = n > SIZE_MAX / K ? NULL : ws_alloc_zero(n * K, sizeof *c->mean);
  c->right = n > SIZE_MAX / WS_TRIALS_MOST
                 ? NULL
                 : ws_alloc_array(n * WS_TRIALS_MOST, sizeof *c->right);
  c->groups = ws_alloc_array(groups ? n : 0, sizeof *c->groups);
  c->part = ws_alloc_array(n, sizeof *c->part);
  c->targets = n > SIZE_MAX / K ? NULL : ws_alloc_array(n * K, sizeof *c->targets);
  bool fine = c->rows && c->gold && c->weights && c->fold && c->scores && c->mean &&
              c->right && c->groups && c->part && c->targets;
  return fine ? WS_OK : WS_ENOMEM;
}

static double weight_of(const ws_training_rows *rows, const ws_training_options *options,
                        size_t i) {
  double weight = rows->weights ? rows->weights[i] : 1;
  if (options->class_weights && weight > 0)
    weight *= options->class_weights[rows->gold[i]];
  return weight;
}

static ws_status take_rows(chooser *c, const ws_training_rows *rows, size_t n,
                           const ws_training_options *options, const uint64_t *groups,
                           ws_error *err) {
  for (size_t i = 0; i < n; i++) {
    if (rows->gold[i] == WS_ABSTAIN) continue;
    if (rows->weights && !(rows->weights[i] > 0)) continue;
    if (rows->gold[i] < 0 || (size_t)rows->gold[i] >= c->K)
      return ws_error_set(err, WS_EINVAL, "row %zu: its gold label is no class", i);
    double weight = weight_of(rows, options, i);
    if (!(weight > 0)) continue;
    c->rows[c->n] = i;
    if (groups) c->groups[c->n] = groups[i];
    c->gold[c->n] = rows->gold[i];
    c->weights[c->n++] = weight;
  }
  return WS_OK;
}

/* --- one trial ---------------------------------------------------------------------- */

/* The rows outside of fold f. */
static ws__rows rows_without(chooser *c, uint32_t f) {
  size_t count = 0;
  for (size_t i = 0; i < c->n; i++) {
    if (c->fold[i] == f) continue;
    double *target = c->targets + count * c->K;
    for (size_t k = 0; k < c->K; k++)
      target[k] = (size_t)c->gold[i] == k ? c->weights[i] : 0;
    c->part[count++] = c->rows[i];
  }
  return (ws__rows){c->part, count, c->targets};
}

/* As in training on all of them. */
static bool has_log_ratios(const chooser *c) {
  return c->how->log_ratios == WS_LOG_RATIOS_ON ||
         (c->how->log_ratios == WS_LOG_RATIOS_AUTO && ws__log_ratios_pay(c->n, c->K));
}

static bool on_progress(void *user, const ws_progress *training) {
  const chooser *c = user;
  (void)training;
  return ws_progress_report(c->how->progress, "choosing", c->done, c->total, "trainings");
}

static ws_status score_fold(chooser *c, const ws_trial *trial, uint32_t f,
                            ws_error *err) {
  ws__linear linear;
  ws__rows rows = rows_without(c, f);
  ws__linear_options how = ws__linear_options_of(c->how);
  how.loss = trial->loss;
  how.c = trial->c;
  how.log_ratios = has_log_ratios(c);
  how.progress = (ws_progress_sink){on_progress, c};
  ws_status status = ws__linear_train(&linear, c->matrix, &rows, c->K, &how, err);
  for (size_t i = 0; status == WS_OK && i < c->n; i++)
    if (c->fold[i] == f)
      ws__linear_scores(&linear, c->matrix, c->rows[i], c->scores + i * c->K);
  ws__linear_clear(&linear);
  c->done++;
  return status;
}

/* Of c->scores, as trial t. */
static ws_status judge(const chooser *c, ws_choice *choice, size_t t, ws_error *err) {
  ws_trial *trial = &choice->trials[t];
  size_t right = 0;
  for (size_t i = 0; i < c->n; i++) {
    bool hit = ws_probs_argmax(c->scores + i * c->K, c->K) == c->gold[i];
    c->right[t * c->n + i] = hit;
    right += hit;
  }
  trial->accuracy = (double)right / (double)c->n;
  ws_status status = ws__temperature_fit(c->scores, c->gold, c->n, c->K, PRIOR_SD,
                                         &trial->temperature, &trial->log_loss);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status try_one(chooser *c, ws_choice *choice, size_t t, ws_error *err) {
  for (uint32_t f = 0; f < c->folds; f++)
    WS_TRY(score_fold(c, &choice->trials[t], f, err));
  return judge(c, choice, t, err);
}

/* --- all of them -------------------------------------------------------------------- */

static void list_trials(const ws_training_options *options,
                        const ws_choice_options *choose, ws_choice *choice) {
  static const double grid[] = {1, 3, 10, 30, 100};
  static const double hinge_grid[] = {.1, .3, 1, 3, 10};
  const ws_loss losses[] = {WS_LOSS_LOGISTIC, WS_LOSS_HINGE};
  for (size_t l = 0; l < 2; l++) {
    if (!choose->losses && losses[l] != options->classifier.loss) continue;
    bool hinge = losses[l] == WS_LOSS_HINGE;
    for (size_t i = 0; choose->strengths && i < 5; i++)
      choice->trials[choice->count++] =
          (ws_trial){.loss = losses[l], .c = hinge ? hinge_grid[i] : grid[i]};
    if (choose->strengths) continue;
    double c = options->classifier.c > 0 ? options->classifier.c : usual_c[losses[l]];
    choice->trials[choice->count++] = (ws_trial){.loss = losses[l], .c = c};
  }
}

/* The most accurate one of a loss; NULL where it was not tried. */
static const ws_trial *best_of(const ws_choice *choice, ws_loss loss) {
  const ws_trial *best = NULL;
  for (size_t t = 0; t < choice->count; t++) {
    const ws_trial *trial = &choice->trials[t];
    if (trial->both || trial->loss != loss) continue;
    if (!best || trial->accuracy > best->accuracy) best = trial;
  }
  return best;
}

/* The scores of the loss just tried are lost with the next trial: where it is the best of
 * its loss so far, they are kept in place of those of the one before. */
static ws_status try_loss(chooser *c, ws_choice *choice, ws_loss loss, double *kept,
                          ws_error *err) {
  size_t cells = c->n * c->K;
  double best = -1;
  for (size_t t = 0; t < choice->count; t++) {
    ws_trial *trial = &choice->trials[t];
    if (trial->loss != loss) continue;
    WS_TRY(try_one(c, choice, t, err));
    if (trial->accuracy <= best) continue;
    best = trial->accuracy;
    for (size_t i = 0; i < cells; i++) kept[i] = c->scores[i] / trial->temperature / 2;
  }
  for (size_t i = 0; best >= 0 && i < cells; i++) c->mean[i] += kept[i];
  return WS_OK;
}

/* Whether trial t has fewer rows right than the other by more than one standard error of
 * that difference, which rests on the rows that only one of them has right (Quinn
 * McNemar: Note on the sampling error of the difference between correlated proportions,
 * 1947). */
static bool is_worse(const chooser *c, size_t t, size_t other) {
  double lost = 0, won = 0;
  for (size_t i = 0; i < c->n; i++) {
    bool mine = c->right[t * c->n + i], its = c->right[other * c->n + i];
    lost += its && !mine;
    won += mine && !its;
  }
  return lost - won > sqrt(lost + won);
}

/* Log-loss tells apart what accuracy cannot. */
static void take_best(const chooser *c, ws_choice *choice) {
  size_t most = 0;
  for (size_t t = 1; t < choice->count; t++)
    if (choice->trials[t].accuracy > choice->trials[most].accuracy) most = t;
  choice->best = most;
  for (size_t t = 0; t < choice->count; t++)
    if (!is_worse(c, t, most) &&
        choice->trials[t].log_loss < choice->trials[choice->best].log_loss)
      choice->best = t;
}

static ws_status try_all(chooser *c, bool both, ws_choice *choice, ws_error *err) {
  double *kept = ws_alloc_array(c->n * c->K, sizeof *kept);
  ws_status status = kept ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = try_loss(c, choice, WS_LOSS_LOGISTIC, kept, err);
  if (status == WS_OK) status = try_loss(c, choice, WS_LOSS_HINGE, kept, err);
  ws_free(kept);
  WS_TRY(status);
  if (both) {
    choice->trials[choice->count++] = (ws_trial){.both = true};
    double *own = c->scores;
    c->scores = c->mean;
    status = judge(c, choice, choice->count - 1, err);
    c->scores = own;
  }
  if (status == WS_OK) take_best(c, choice);
  return status;
}

/* What one pass over the rows multiplies. */
static double pass_cost(const chooser *c) {
  double cells = 0;
  for (size_t i = 0; i < c->n; i++)
    cells += (double)(c->matrix->begin[c->rows[i] + 1] - c->matrix->begin[c->rows[i]]);
  return cells * (double)c->K;
}

static const char *reason_not_to(const chooser *c, const ws_training_rows *rows,
                                 size_t n) {
  for (size_t i = 0; rows->targets && i < n; i++) {
    bool out = rows->weights && !(rows->weights[i] > 0);
    for (size_t k = 0; !out && k < c->K; k++)
      if (rows->targets[i * c->K + k] > 0 && rows->gold[i] == WS_ABSTAIN)
        return "there are probabilistic labels";
  }
  if (c->n < LEAST_ROWS) return "there are fewer than 50 gold labels";
  if (pass_cost(c) > LONGEST) return "it would take too long on so much data";
  return NULL;
}

static ws_status choose_best(chooser *c, const ws_training_rows *rows, size_t n,
                             const ws_text *classes, const ws_training_options *options,
                             const ws_choice_options *choose, ws_choice *choice,
                             ws_error *err) {
  if (chooser_init(c, n, choose->groups != NULL) != WS_OK) return ws_error_nomem(err);
  WS_TRY(take_rows(c, rows, n, options, choose->groups, err));
  choice->why_not = reason_not_to(c, rows, n);
  if (choice->why_not) return WS_OK;
  c->folds = choice->folds = pass_cost(c) > LONG_TRAINING ? FEW_FOLDS : FOLDS;
  ws_folds_options deal = {.folds = c->folds, .seed = choose->seed, .allow_rare = true};
  if (choose->groups) deal.groups = c->groups;
  WS_TRY(ws_folds_deal(c->gold, c->n, classes, c->K, &deal, c->fold, err));
  list_trials(options, choose, choice);
  c->total = choice->count * c->folds;
  return try_all(c, choose->losses, choice, err);
}

/* Why nothing is tried, or NULL: there is nothing to try with, nothing is left open, and
 * no probability is to be made (those of logistic regression stay as they are). */
static const char *reason_not_open(const ws_training_rows *rows,
                                   const ws_training_options *options,
                                   const ws_choice_options *choose) {
  if (!rows->gold) return "there are no gold labels";
  if (options->classifier.hidden) return "only linear models are compared";
  bool open =
      choose->losses || choose->strengths || options->classifier.loss == WS_LOSS_HINGE;
  return open ? NULL : "nothing is left open";
}

/* What was asked of ws_training_choose, in one piece. */
typedef struct request {
  ws_features *features;
  const ws_training_rows *rows;
  const ws_text *classes;
  size_t K;
  ws_training_options how;
} request;

static ws_status train_one(request *r, const ws_trial *trial, double temperature,
                           ws_classifier **out, ws_training_report *report,
                           ws_error *err) {
  r->how.classifier.loss = trial->loss;
  r->how.classifier.c = trial->c;
  WS_TRY(
      ws_training_run(r->features, r->rows, r->classes, r->K, &r->how, out, report, err));
  ws__classifier_temper(*out, temperature);
  report->temperature = temperature;
  ws_status status = ws__classifier_summarise(*out, report);
  if (status == WS_OK) return WS_OK;
  ws_classifier_free(*out);
  *out = NULL;
  return ws_error_nomem(err);
}

/* Half of the scores of each, as they were tried. */
static ws_status train_both(request *r, const ws_choice *choice, ws_classifier **out,
                            ws_training_report *report, ws_error *err) {
  const ws_trial *first = best_of(choice, WS_LOSS_LOGISTIC),
                 *second = best_of(choice, WS_LOSS_HINGE);
  double temperature = 2 * choice->trials[choice->best].temperature;
  ws_classifier *classifier = NULL, *other = NULL;
  ws_training_report ignored;
  WS_TRY(train_one(r, first, temperature * first->temperature, &classifier, report, err));
  ws_status status =
      train_one(r, second, temperature * second->temperature, &other, &ignored, err);
  if (status == WS_OK) {
    ws__classifier_add(classifier, other);
    report->temperature = choice->trials[choice->best].temperature;
    report->both = true;
    if (ws__classifier_summarise(classifier, report) != WS_OK)
      status = ws_error_nomem(err);
  }
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  ws_classifier_free(other);
  return status;
}

static ws_status train_chosen(request *r, const ws_choice *choice, ws_classifier **out,
                              ws_training_report *report, ws_error *err) {
  if (choice->count) {
    const ws_trial *best = &choice->trials[choice->best];
    return best->both ? train_both(r, choice, out, report, err)
                      : train_one(r, best, best->temperature, out, report, err);
  }
  ws_classifier_options *how = &r->how.classifier;
  if (how->loss == WS_LOSS_HINGE && how->c == 0) how->c = usual_c[WS_LOSS_HINGE];
  return ws_training_run(r->features, r->rows, r->classes, r->K, &r->how, out, report,
                         err);
}

ws_status ws_training_choose(ws_features *features, const ws_training_rows *rows,
                             const ws_text *classes, size_t class_count,
                             const ws_training_options *options,
                             const ws_choice_options *choose, ws_classifier **out,
                             ws_training_report *report, ws_choice *choice,
                             ws_error *err) {
  request r = {features, rows, classes, class_count,
               options ? *options : ws_training_options_default()};
  WS_TRY(ws__classifier_check_classes(class_count, err));
  r.how.classifier.log_ratios = ws__log_ratios_wanted(&r.how);
  *choice = (ws_choice){.why_not = reason_not_open(rows, &r.how, choose)};
  if (!choice->why_not) {
    chooser c = {.K = class_count, .how = &r.how.classifier};
    WS_TRY(ws__features_matrix(features, &c.matrix, err));
    ws_status status = choose_best(&c, rows, ws_features_rows(features), classes, &r.how,
                                   choose, choice, err);
    chooser_clear(&c);
    WS_TRY(status);
  }
  return train_chosen(&r, choice, out, report, err);
}
