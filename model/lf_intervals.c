/* SPDX-License-Identifier: MIT
 *
 * Bootstrap intervals of the learned accuracies. A sample gives each pattern a Poisson
 * count with its own count as the mean, which is what drawing records with replacement
 * comes to. The generator is seeded anew for each pattern and round, with a hash of the
 * votes by name: so no order, of LFs or of records, moves a count.
 */
#include <weaksup/lf_report.h>

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "label_model_priv.h"

enum { MOST_ROUNDS = 100, FEWEST_ROUNDS = 40 };
#define WORK 1e7 // steps in all rounds together: some ten nanoseconds each

struct ws_lf_intervals {
  size_t M;
  unsigned rounds;
  double *accuracies; // [M][rounds]; sorted at the end
  size_t *known;      // [M] how many of them are numbers: the first ones
};

void ws_lf_intervals_free(ws_lf_intervals *intervals) {
  if (!intervals) return;
  ws_free(intervals->accuracies);
  ws_free(intervals->known);
  ws_free(intervals);
}

/* By the size of the votes, so that it is the same on each machine: in an iteration a
 * vote is a step for each state that it looks at, and an exponential is two. */
static unsigned count_rounds(const ws_label_model *model, const ws_votes *votes) {
  double U = (double)ws_votes_patterns(votes), votes_cast = 0;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++)
    votes_cast += (double)ws_votes_pattern(votes, u).size;
  double states = (double)(model->confusion.G ? model->confusion.S : model->K);
  double a_vote = model->confusion.G ? states : 1;
  double iterations = (double)model->iterations + 2; // and what stands around them
  double rounds = WORK / (iterations * (votes_cast * a_vote + U * states * 2) + 1);
  if (!(rounds >= FEWEST_ROUNDS)) return 0;
  return rounds < MOST_ROUNDS ? (unsigned)rounds : MOST_ROUNDS;
}

static ws_status intervals_new(size_t M, unsigned rounds, ws_lf_intervals **out) {
  ws_lf_intervals *made = ws_alloc_zero(1, sizeof *made);
  if (!made) return WS_ENOMEM;
  made->M = M;
  made->rounds = rounds;
  made->accuracies = ws_alloc_zero(M * MOST_ROUNDS, sizeof *made->accuracies);
  made->known = ws_alloc_zero(M, sizeof *made->known);
  if (made->accuracies && made->known) {
    *out = made;
    return WS_OK;
  }
  ws_lf_intervals_free(made);
  return WS_ENOMEM;
}

/* The sum over the votes does not depend on the order of the LFs. */
static uint64_t pattern_hash(const ws_votes *votes, ws_pattern pattern) {
  size_t K = ws_votes_classes(votes);
  uint64_t sum = pattern.size;
  for (size_t i = 0; i < pattern.size; i++) {
    ws_text lf = ws_votes_lf(votes, pattern.columns[i] / K);
    ws_text label = ws_votes_class(votes, pattern.columns[i] % K);
    sum += ws_hash64(lf.data, lf.size, ws_hash64(label.data, label.size, 0));
  }
  return sum;
}

/* Counts of a round; returns how many records have a vote. */
static uint64_t draw(const ws_votes *votes, const uint64_t *hashes, unsigned round,
                     gsl_rng *rng, uint64_t *counts) {
  uint64_t covered = 0;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    uint64_t seed = ws_hash64(&hashes[u], sizeof hashes[u], round);
    gsl_rng_set(rng, (unsigned long)(seed >> 32));
    counts[u] = gsl_ran_poisson(rng, (double)pattern.count);
    if (pattern.size) covered += counts[u];
  }
  return covered;
}

static ws_status fit_sample(const ws_votes *sample, const ws_label_model_options *options,
                            ws_lf_intervals *out, ws_error *err) {
  ws_label_model_options how = *options;
  ws_label_model *model = NULL;
  how.progress = (ws_progress_sink){0}; // the rounds are what is reported
  WS_TRY(ws_label_model_fit(sample, &how, &model, err));
  for (size_t j = 0; j < out->M; j++) {
    double accuracy = ws_label_model_accuracy(model, j);
    if (!isnan(accuracy)) out->accuracies[j * MOST_ROUNDS + out->known[j]++] = accuracy;
  }
  ws_label_model_free(model);
  return WS_OK;
}

static ws_status run_rounds(const ws_votes *votes, const ws_label_model_options *options,
                            const uint64_t *hashes, uint64_t *counts, gsl_rng *rng,
                            ws_lf_intervals *out, ws_error *err) {
  ws_status status = WS_OK;
  for (unsigned round = 0; status == WS_OK && round < out->rounds; round++) {
    ws_votes *sample = NULL;
    if (!ws_progress_report(options->progress, "intervals", round, out->rounds, "rounds"))
      return ws_error_set(err, WS_ESTOPPED, "fitting was stopped");
    if (draw(votes, hashes, round, rng, counts) == 0) continue;
    if (ws_votes_recount(votes, counts, &sample) != WS_OK) return ws_error_nomem(err);
    status = fit_sample(sample, options, out, err);
    ws_votes_free(sample);
  }
  return status;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

ws_status ws_lf_intervals_find(const ws_label_model *model, const ws_votes *votes,
                               const ws_label_model_options *options,
                               ws_lf_intervals **out, ws_error *err) {
  ws_label_model_options again = options ? *options : ws_label_model_options_default();
  ws_lf_intervals *made = NULL;
  size_t U = ws_votes_patterns(votes);
  again.kind = model->type->name;
  if (model->type->rates) again.start = model; // fewer iterations to the same fixed point
  uint64_t *hashes = ws_alloc_array(U, sizeof *hashes);
  uint64_t *counts = ws_alloc_array(U, sizeof *counts);
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
  ws_status status = WS_ENOMEM;
  if (hashes && counts && rng)
    status = intervals_new(ws_votes_lfs(votes), count_rounds(model, votes), &made);
  if (status == WS_OK) {
    for (size_t u = 0; u < U; u++)
      hashes[u] = pattern_hash(votes, ws_votes_pattern(votes, u));
    status = run_rounds(votes, &again, hashes, counts, rng, made, err);
  }
  for (size_t j = 0; status == WS_OK && j < made->M; j++)
    qsort(made->accuracies + j * MOST_ROUNDS, made->known[j], sizeof(double), compare);
  gsl_rng_free(rng);
  ws_free(hashes);
  ws_free(counts);
  if (status == WS_OK) {
    *out = made;
    return WS_OK;
  }
  ws_lf_intervals_free(made);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

unsigned ws_lf_intervals_rounds(const ws_lf_intervals *intervals) {
  return intervals->rounds;
}

/* Between the two nearest of the sorted numbers. */
static double quantile(const double *sorted, size_t count, double share) {
  double at = share * (double)(count - 1);
  size_t below = (size_t)at;
  if (below + 1 >= count) return sorted[count - 1];
  return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

ws_interval ws_lf_intervals_at(const ws_lf_intervals *intervals, size_t j) {
  const double *sorted = intervals->accuracies + j * MOST_ROUNDS;
  size_t known = intervals->known[j];
  if (known < 2 || known * 2 < intervals->rounds)
    return (ws_interval){(double)NAN, (double)NAN};
  return (ws_interval){quantile(sorted, known, 0.025), quantile(sorted, known, 0.975)};
}
