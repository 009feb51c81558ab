/* SPDX-License-Identifier: MIT
 *
 * Scores. A prediction is spread evenly over its largest classes: `share` is 1/t for each
 * of t classes that tie, so that a tie neither gains nor loses by the order of the
 * classes. All figures are sums over records, taken in the order of adding.
 */
#include <weaksup/metrics.h>

#include <assert.h>
#include <math.h>

#include <weaksup/alloc.h>

#include "json_put.h"
#include "metrics_priv.h"

#define BINS        15
#define LEAST_PROBS 1e-15

typedef struct bin {
  double count, confidence,
      right; // records; sums of the largest probability, of the share
} bin;

struct ws_scorer {
  size_t K;
  uint64_t n, covered;
  double right, right_covered; // sums of the share of the gold class
  double log_loss, brier;      // sums
  bin bins[BINS];
  ws__class_counts classes[]; // [K]
};

ws_status ws_scorer_new(size_t classes, ws_scorer **out) {
  if (classes > (SIZE_MAX - sizeof(ws_scorer)) / sizeof(ws__class_counts))
    return WS_ENOMEM;
  ws_scorer *scorer =
      ws_alloc_zero(1, sizeof(ws_scorer) + classes * sizeof(ws__class_counts));
  if (!scorer) return WS_ENOMEM;
  scorer->K = classes;
  *out = scorer;
  return WS_OK;
}

void ws_scorer_free(ws_scorer *scorer) {
  ws_free(scorer);
}

/* --- adding ------------------------------------------------------------------------- */

static double largest(const double *probs, size_t K) {
  double max = probs[0];
  for (size_t k = 1; k < K; k++)
    if (probs[k] > max) max = probs[k];
  return max;
}

/* What each of the classes at `max` gets. */
static double share_at(const double *probs, size_t K, double max) {
  size_t tied = 0;
  for (size_t k = 0; k < K; k++) tied += probs[k] >= max - WS_TIE;
  return 1 / (double)tied;
}

static void add_calibration(ws_scorer *scorer, double confidence, double right) {
  double width = 1.0 / BINS;
  size_t b = confidence > 0 ? (size_t)(confidence / width) : 0;
  bin *into = &scorer->bins[b < BINS ? b : BINS - 1];
  into->count += 1;
  into->confidence += confidence;
  into->right += right;
}

double ws__log_loss(double probability) {
  return -log(fmax(probability, LEAST_PROBS));
}

static void add_losses(ws_scorer *scorer, const double *probs, size_t gold) {
  scorer->log_loss += ws__log_loss(probs[gold]);
  for (size_t k = 0; k < scorer->K; k++) {
    double error = probs[k] - (k == gold ? 1 : 0);
    scorer->brier += error * error;
  }
}

void ws_scorer_add(ws_scorer *scorer, const double *probs, bool covered, int32_t gold) {
  if (gold == WS_ABSTAIN) return;
  assert(gold >= 0 && (size_t)gold < scorer->K);
  size_t K = scorer->K, g = (size_t)gold;
  double max = largest(probs, K);
  double share = share_at(probs, K, max);
  bool hit = probs[g] >= max - WS_TIE;
  add_calibration(scorer, max, hit ? share : 0);
  add_losses(scorer, probs, g);
  if (!covered) share = 1 / (double)K;
  for (size_t k = 0; k < K; k++)
    if (!covered || probs[k] >= max - WS_TIE) scorer->classes[k].predicted += share;
  double right = !covered || hit ? share : 0;
  scorer->classes[g].right += right;
  scorer->classes[g].gold += 1;
  scorer->right += right;
  scorer->right_covered += covered ? right : 0;
  scorer->covered += covered;
  scorer->n++;
}

ws_status ws_score_labels(const ws_labels *labels, const ws_votes *votes,
                          ws_scores *out) {
  ws_scorer *scorer = NULL;
  WS_TRY(ws_scorer_new(ws_labels_classes(labels), &scorer));
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    size_t u = ws_votes_row_pattern(votes, i);
    bool covered = ws_votes_pattern(votes, u).size > 0;
    ws_scorer_add(scorer, ws_labels_get(labels, u), covered, ws_votes_row_gold(votes, i));
  }
  *out = ws_scorer_result(scorer);
  ws_scorer_free(scorer);
  return WS_OK;
}

/* --- the result --------------------------------------------------------------------- */

double ws__f1(const ws__class_counts *counts) {
  return 2 * counts->right / (counts->predicted + counts->gold);
}

double ws__macro_f1(const ws__class_counts *counts, size_t K) {
  double sum = 0;
  size_t count = 0;
  for (size_t k = 0; k < K; k++) {
    double one = ws__f1(&counts[k]);
    if (isnan(one)) continue;
    sum += one;
    count++;
  }
  return sum / (double)count;
}

static double calibration_error(const ws_scorer *scorer) {
  double sum = 0;
  for (size_t b = 0; b < BINS; b++)
    sum += fabs(scorer->bins[b].right - scorer->bins[b].confidence);
  return sum / (double)scorer->n;
}

ws_scores ws_scorer_result(const ws_scorer *scorer) {
  double n = (double)scorer->n, covered = (double)scorer->covered;
  return (ws_scores){
      .n = scorer->n,
      .covered = scorer->covered,
      .accuracy = scorer->right / n, // without records all is 0/0, a NaN
      .macro_f1 = ws__macro_f1(scorer->classes, scorer->K),
      .f1 = scorer->K == 2 && n > 0 ? ws__f1(&scorer->classes[1]) : (double)NAN,
      .log_loss = scorer->log_loss / n,
      .brier = scorer->brier / n,
      .ece = calibration_error(scorer),
      .coverage = covered / n,
      .accuracy_covered = scorer->right_covered / covered,
  };
}

static double accuracy(const ws_scores *scores) {
  return scores->accuracy;
}

static double macro_f1(const ws_scores *scores) {
  return scores->macro_f1;
}

static double log_loss(const ws_scores *scores) {
  return scores->log_loss;
}

static ws_spread spread_of(const ws_scores *scores, size_t count,
                           double (*value)(const ws_scores *)) {
  double sum = 0, squares = 0, n = (double)count;
  for (size_t i = 0; i < count; i++) sum += value(&scores[i]);
  for (size_t i = 0; i < count; i++) {
    double off = value(&scores[i]) - sum / n;
    squares += off * off;
  }
  return (ws_spread){sum / n, count > 1 ? sqrt(squares / (n - 1)) : (double)NAN};
}

ws_scores_spread ws_scores_over(const ws_scores *scores, size_t count) {
  return (ws_scores_spread){.accuracy = spread_of(scores, count, accuracy),
                            .macro_f1 = spread_of(scores, count, macro_f1),
                            .log_loss = spread_of(scores, count, log_loss)};
}

void ws_scores_json(ws_json_writer *json, const ws_scores *scores) {
  ws_json_open(json, '{');
  ws__put_uint(json, "n", scores->n);
  ws__put_uint(json, "covered", scores->covered);
  ws__put_number(json, "accuracy", scores->accuracy);
  ws__put_number(json, "macro_f1", scores->macro_f1);
  ws__put_number(json, "f1", scores->f1);
  ws__put_number(json, "log_loss", scores->log_loss);
  ws__put_number(json, "brier", scores->brier);
  ws__put_number(json, "ece", scores->ece);
  ws__put_number(json, "coverage", scores->coverage);
  ws__put_number(json, "accuracy_covered", scores->accuracy_covered);
  ws_json_close(json, '}');
}
