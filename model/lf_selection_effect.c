/* SPDX-License-Identifier: MIT
 *
 * End to end: predictions of dev without the new labeling functions and with them, record
 * by record.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "lf_selection_priv.h"

ws_label_model_options ws__selection_fit_options(const ws_label_model_options *wanted,
                                                 const double *balance, size_t classes) {
  ws_label_model_options options = wanted ? *wanted : ws_label_model_options_default();
  options.gold = NULL; // what selects is not what fits
  options.balance_from_gold = options.gold_for_balance_only = false;
  options.start = NULL;
  options.progress = (ws_progress_sink){NULL, NULL};
  options.priors = NULL; // they are for the LFs of one set of votes
  options.prior_count = 0;
  if (!options.class_balance && balance) {
    options.class_balance = balance;
    options.class_count = classes;
  }
  return options;
}

void ws__selection_no_vote(const ws_label_model_options *options, size_t classes,
                           double *probs) {
  for (size_t k = 0; k < classes; k++)
    probs[k] = options->class_balance ? options->class_balance[k] : 1 / (double)classes;
}

/* Predictions of the records of dev that have gold, in their order. */
typedef struct predicted {
  double *probs; // [n][K]
  bool *covered; // [n]
} predicted;

typedef struct trial {
  const ws_selection_votes *pool, *dev;
  const bool *keep, *targeted;
  size_t K, n;
  size_t *rows;    // [n] of dev, with gold
  double *balance; // [K]
  ws_label_model_options fit;
  bool *none; // [C] all false
  predicted before, after;
} trial;

static void trial_clear(trial *t) {
  ws_free(t->rows);
  ws_free(t->balance);
  ws_free(t->none);
  ws_free(t->before.probs);
  ws_free(t->before.covered);
  ws_free(t->after.probs);
  ws_free(t->after.covered);
}

static ws_status predicted_init(predicted *p, size_t n, size_t K) {
  p->probs = ws_alloc_zero(n * K, sizeof *p->probs);
  p->covered = ws_alloc_zero(n, sizeof *p->covered);
  return p->probs && p->covered ? WS_OK : WS_ENOMEM;
}

static void take_rows(trial *t, const bool *targeted) {
  const ws_votes *dev = t->dev->candidates;
  for (size_t i = 0; i < ws_votes_rows(dev); i++)
    if (ws_votes_row_gold(dev, i) != WS_ABSTAIN && !(targeted && targeted[i]))
      t->rows[t->n++] = i;
}

static ws_status allocate(trial *t) {
  const ws_votes *dev = t->dev->candidates;
  t->rows = ws_alloc_array(ws_votes_rows(dev), sizeof *t->rows);
  t->balance = ws_alloc_array(t->K, sizeof *t->balance);
  t->none = ws_alloc_zero(ws_votes_lfs(dev), sizeof *t->none);
  if (!t->rows || !t->balance || !t->none) return WS_ENOMEM;
  take_rows(t, t->targeted);
  if (t->n == 0 && t->targeted) take_rows(t, NULL);
  WS_TRY(predicted_init(&t->before, t->n, t->K));
  return predicted_init(&t->after, t->n, t->K);
}

static ws_status trial_init(trial *t, const ws_selection_votes *pool,
                            const ws_selection_votes *dev, const bool *keep,
                            const bool *targeted,
                            const ws_label_model_options *label_model, ws_error *err) {
  *t = (trial){.pool = pool, .dev = dev, .keep = keep, .targeted = targeted};
  t->K = ws_votes_classes(pool->candidates);
  WS_TRY(ws__selection_check(pool, "the pool", err));
  WS_TRY(ws__selection_check(dev, "dev", err));
  if (ws_votes_classes(dev->candidates) != t->K ||
      ws_votes_lfs(dev->candidates) != ws_votes_lfs(pool->candidates))
    return ws_error_set(err, WS_EINVAL,
                        "expected votes of the same LFs and classes on dev and on the "
                        "pool");
  if (allocate(t) != WS_OK) return ws_error_nomem(err);
  if (t->n == 0) return ws_error_set(err, WS_EINVAL, "no record of dev has a gold label");
  if (ws__gold_balance_of(dev->candidates, targeted, t->balance) != WS_OK)
    return ws_error_nomem(err);
  t->fit = ws__selection_fit_options(label_model, t->balance, t->K);
  return WS_OK;
}

static int32_t gold_of(const trial *t, size_t i) {
  return ws_votes_row_gold(t->dev->candidates, t->rows[i]);
}

/* --- comparing --- */

/* A record without votes gets the class prior, and is right where that is: taken for a
 * tie of all classes, as labels are elsewhere, it would make any votes for a rare class
 * look harmful, and all others too good. */
static double right(const trial *t, const predicted *p, size_t i) {
  return ws_prediction_right(p->probs + i * t->K, t->K, true, gold_of(t, i));
}

static ws_status score(const trial *t, const predicted *p, ws_scores *out) {
  ws_scorer *scorer = NULL;
  double sum = 0;
  WS_TRY(ws_scorer_new(t->K, &scorer));
  for (size_t i = 0; i < t->n; i++)
    ws_scorer_add(scorer, p->probs + i * t->K, true, gold_of(t, i));
  *out = ws_scorer_result(scorer);
  ws_scorer_free(scorer);
  out->covered = 0;
  for (size_t i = 0; i < t->n; i++) {
    out->covered += p->covered[i];
    if (p->covered[i]) sum += right(t, p, i);
  }
  out->coverage = (double)out->covered / (double)t->n;
  out->accuracy_covered = out->covered ? sum / (double)out->covered : (double)NAN;
  return WS_OK;
}

static double loss(const trial *t, const predicted *p, size_t i) {
  return -log(fmax(p->probs[i * t->K + (size_t)gold_of(t, i)], 1e-15));
}

static ws_status compare(const trial *t, uint64_t seed, ws_selection_effect *out) {
  double *differences = ws_alloc_array(t->n, sizeof *differences);
  ws_status status = differences ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) status = score(t, &t->before, &out->before);
  if (status == WS_OK) status = score(t, &t->after, &out->after);
  for (size_t i = 0; status == WS_OK && i < t->n; i++)
    differences[i] = right(t, &t->after, i) - right(t, &t->before, i);
  if (status == WS_OK)
    status = ws_paired_interval(differences, t->n, seed, &out->accuracy);
  for (size_t i = 0; status == WS_OK && i < t->n; i++)
    differences[i] = loss(t, &t->before, i) - loss(t, &t->after, i);
  if (status == WS_OK)
    status = ws_paired_interval(differences, t->n, seed, &out->log_loss);
  ws_free(differences);
  return status;
}

/* --- the label model --- */

static void predict_nothing(const trial *t, bool covered, predicted *out) {
  for (size_t i = 0; i < t->n; i++) {
    ws__selection_no_vote(&t->fit, t->K, out->probs + i * t->K);
    out->covered[i] = covered;
  }
}

static bool has_lfs(const trial *t, const bool *keep) {
  bool any = ws__existing_lfs(t->pool) > 0;
  for (size_t c = 0; c < ws_votes_lfs(t->pool->candidates); c++)
    any = any || !keep || keep[c];
  return any;
}

static ws_status predict_dev(const trial *t, const bool *keep,
                             const ws_label_model *model, predicted *out, ws_error *err) {
  ws_votes *dev = NULL;
  ws_labels *labels = NULL;
  ws_status status = ws_selection_join(t->dev, keep, &dev, err);
  if (status == WS_OK) status = ws_label_model_predict(model, dev, &labels, err);
  for (size_t i = 0; status == WS_OK && i < t->n; i++) {
    size_t u = ws_votes_row_pattern(dev, t->rows[i]);
    const double *probs = ws_labels_get(labels, u);
    for (size_t k = 0; k < t->K; k++) out->probs[i * t->K + k] = probs[k];
    out->covered[i] = ws_votes_pattern(dev, u).size > 0;
  }
  ws_labels_free(labels);
  ws_votes_free(dev);
  return status;
}

static ws_status predict_labels(const trial *t, const bool *keep, predicted *out,
                                ws_error *err) {
  ws_votes *pool = NULL;
  ws_label_model *model = NULL;
  if (!has_lfs(t, keep)) {
    predict_nothing(t, false, out);
    return WS_OK;
  }
  ws_status status = ws_selection_join(t->pool, keep, &pool, err);
  if (status == WS_OK) status = ws_label_model_fit(pool, &t->fit, &model, err);
  if (status == WS_OK) status = predict_dev(t, keep, model, out, err);
  ws_label_model_free(model);
  ws_votes_free(pool);
  return status;
}

ws_status ws_selection_effect_on_labels(const ws_selection_votes *pool,
                                        const ws_selection_votes *dev, const bool *keep,
                                        const bool *targeted,
                                        const ws_label_model_options *label_model,
                                        uint64_t seed, ws_selection_effect *out,
                                        ws_error *err) {
  trial t;
  ws_status status = trial_init(&t, pool, dev, keep, targeted, label_model, err);
  if (status == WS_OK) status = predict_labels(&t, t.none, &t.before, err);
  if (status == WS_OK) status = predict_labels(&t, keep, &t.after, err);
  if (status == WS_OK && compare(&t, seed, out) != WS_OK) status = ws_error_nomem(err);
  trial_clear(&t);
  return status;
}

/* --- the classifier --- */

typedef struct learner {
  const trial *t;
  ws_features *features;
  const ws_records *records;
  const ws_training_options *training;
} learner;

/* targets[N][K]; records without a vote have none. */
static void set_targets(const ws_votes *pool, const ws_labels *labels, double *targets) {
  size_t K = ws_votes_classes(pool);
  for (size_t i = 0; i < ws_votes_rows(pool); i++) {
    size_t u = ws_votes_row_pattern(pool, i);
    bool covered = ws_votes_pattern(pool, u).size > 0;
    for (size_t k = 0; k < K; k++)
      targets[i * K + k] = covered ? ws_labels_get(labels, u)[k] : 0;
  }
}

static ws_status train(const learner *l, const ws_votes *pool, const double *targets,
                       ws_classifier **out, ws_error *err) {
  size_t K = l->t->K;
  ws_training_report report;
  ws_training_options options = *l->training;
  ws_training_rows rows = {.targets = targets, .votes = pool};
  ws_text *names = ws_alloc_array(K, sizeof *names);
  if (!names) return ws_error_nomem(err);
  for (size_t k = 0; k < K; k++) names[k] = ws_votes_class(pool, k);
  options.label_model = &l->t->fit;
  options.gold_probs = NULL;
  ws_status status =
      ws_training_run(l->features, &rows, names, K, &options, out, &report, err);
  ws_free(names);
  return status;
}

static ws_status predict_records(const learner *l, const ws_classifier *classifier,
                                 predicted *out, ws_error *err) {
  ws_predictor *predictor = NULL;
  if (ws_predictor_new(classifier, &predictor) != WS_OK) return ws_error_nomem(err);
  ws_status status = WS_OK;
  for (size_t i = 0; status == WS_OK && i < l->t->n; i++) {
    ws_record record = ws_records_at(l->records, l->t->rows[i]);
    status = ws_predict(predictor, &record, out->probs + i * l->t->K, err);
    out->covered[i] = true;
  }
  ws_predictor_free(predictor);
  return status;
}

static ws_status learn(const learner *l, const ws_votes *pool, const ws_labels *labels,
                       predicted *out, ws_error *err) {
  ws_classifier *classifier = NULL;
  double *targets = ws_alloc_array(ws_votes_rows(pool) * l->t->K, sizeof *targets);
  if (!targets) return ws_error_nomem(err);
  set_targets(pool, labels, targets);
  ws_status status = train(l, pool, targets, &classifier, err);
  if (status == WS_OK) status = predict_records(l, classifier, out, err);
  ws_classifier_free(classifier);
  ws_free(targets);
  return status;
}

static ws_status learn_from(const learner *l, const bool *keep, predicted *out,
                            ws_error *err) {
  ws_votes *pool = NULL;
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  if (!has_lfs(l->t, keep)) {
    predict_nothing(l->t, true, out);
    return WS_OK;
  }
  ws_status status = ws_selection_join(l->t->pool, keep, &pool, err);
  if (status == WS_OK) status = ws_label_model_fit(pool, &l->t->fit, &model, err);
  if (status == WS_OK) status = ws_label_model_predict(model, pool, &labels, err);
  if (status == WS_OK) status = learn(l, pool, labels, out, err);
  ws_labels_free(labels);
  ws_label_model_free(model);
  ws_votes_free(pool);
  return status;
}

static ws_status check_rows(const trial *t, const ws_features *features,
                            const ws_records *records, ws_error *err) {
  size_t pool = ws_votes_rows(t->pool->candidates),
         dev = ws_votes_rows(t->dev->candidates);
  if (ws_features_rows(features) != pool)
    return ws_error_set(err, WS_EINVAL,
                        "expected features of %zu records of the pool, found %zu", pool,
                        ws_features_rows(features));
  if (ws_records_count(records) != dev)
    return ws_error_set(err, WS_EINVAL, "expected %zu records of dev, found %zu", dev,
                        ws_records_count(records));
  return WS_OK;
}

/* Where the existing ones vote for one class only, nothing can be learned from them. */
static ws_status learn_before(const learner *l, predicted *out, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  ws_status status = learn_from(l, l->t->none, out, &why);
  if (status == WS_EINVAL) {
    predict_nothing(l->t, true, out);
    return WS_OK;
  }
  return status == WS_OK ? WS_OK : ws_error_set(err, status, "%s", why.message);
}

ws_status ws_selection_effect_on_classifier(
    const ws_selection_votes *pool, const ws_selection_votes *dev, const bool *keep,
    const bool *targeted, ws_features *features, const ws_records *records,
    const ws_training_options *training, uint64_t seed, ws_selection_effect *out,
    ws_error *err) {
  trial t;
  ws_training_options options = training ? *training : ws_training_options_default();
  ws_status status = trial_init(&t, pool, dev, keep, targeted, options.label_model, err);
  if (status == WS_OK) status = check_rows(&t, features, records, err);
  learner l = {&t, features, records, &options};
  if (status == WS_OK) status = learn_before(&l, &t.before, err);
  if (status == WS_OK) status = learn_from(&l, keep, &t.after, err);
  if (status == WS_OK && compare(&t, seed, out) != WS_OK) status = ws_error_nomem(err);
  trial_clear(&t);
  return status;
}
