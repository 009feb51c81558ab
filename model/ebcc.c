/* SPDX-License-Identifier: MIT
 *
 * EBCC: annotators who err together (Y. Li, B. I. P. Rubinstein, T. Cohn: Exploiting
 * worker correlation for label aggregation in crowdsourcing, 2019). Each class has G
 * subtypes, and an LF has a distribution over its votes for each: records of a class that
 * are hard in the same way share a subtype. Variational Bayes; abstaining says nothing.
 *   subtypes:  Dirichlet(A_PI / G)     classes: Dirichlet(1)
 *   votes:     Dirichlet(4 for the class, 1 for the others)
 * The parameters that are kept are exp(E log p), as the posterior uses them: in a state
 * they sum to less than 1.
 *
 * The subtypes must begin different. Each pattern divides its share of a class by a
 * Dirichlet(1) draw whose seed is a hash of who votes for what, by name: the order of
 * LFs, records and classes does not count, and equal votes begin equal.
 */
#include <math.h>

#include <gsl/gsl_sf_psi.h>
#include <weaksup/hash.h>
#include <weaksup/rng.h>

#include "confusion.h"
#include "confusion_em.h"

enum { SUBTYPES = 3 };
#define A_PI  0.1
#define RIGHT 4.0
#define WRONG 1.0

/* x > 0. */
static double digamma(double x) {
  gsl_sf_result result;
  return gsl_sf_psi_e(x, &result) == 0 ? result.val : log(x);
}

static uint64_t name_hash(ws_text name, uint64_t seed) {
  return ws_hash64(name.data, name.size, seed);
}

static void split(const ws__em *em, size_t u, const double *share, double *q) {
  const ws_label_model *model = em->model;
  uint64_t votes = 0;
  for (size_t i = em->votes->begin[u]; i < em->votes->begin[u + 1]; i++) {
    const ws__column *c = &model->columns[em->votes->ids[i]];
    votes += name_hash(model->lfs[c->lf], name_hash(model->classes[c->label], 0));
  }
  for (size_t k = 0; k < model->K; k++) {
    ws_rng rng;
    double sum = 0, *of_class = q + k * SUBTYPES;
    ws_rng_init(&rng, name_hash(model->classes[k], votes));
    for (size_t g = 0; g < SUBTYPES; g++) {
      of_class[g] = -log1p(-ws_rng_uniform(&rng)) + 1e-12;
      sum += of_class[g];
    }
    for (size_t g = 0; g < SUBTYPES; g++) of_class[g] *= share[k] / sum;
  }
}

static void pool(ws__em *em) {
  size_t K = em->model->K;
  double W = 0;
  for (size_t s = 0; s < em->S; s++) W += em->mass[s];
  for (size_t k = 0; k < K; k++) {
    const double *mass = em->mass + k * SUBTYPES;
    double m = 0;
    for (size_t g = 0; g < SUBTYPES; g++) m += mass[g];
    double of_class = digamma(1 + m) - digamma((double)K + W) - digamma(A_PI + m);
    for (size_t g = 0; g < SUBTYPES; g++)
      em->model->confusion.weights[k * SUBTYPES + g] =
          exp(of_class + digamma(A_PI / SUBTYPES + mass[g]));
  }
}

/* The votes of LF j by state are summed in `all`. */
static void update_lf(const ws__em *em, size_t j, double *all) {
  ws_label_model *model = em->model;
  size_t S = em->S;
  for (size_t s = 0; s < S; s++) all[s] = RIGHT + WRONG * (double)(model->K - 1);
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++)
    for (size_t s = 0; s < S; s++) all[s] += em->counts[c * S + s];
  for (size_t s = 0; s < S; s++) all[s] = digamma(all[s]);
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    if (!em->wanted[c]) continue;
    for (size_t s = 0; s < S; s++) {
      bool right = s / SUBTYPES == (size_t)model->columns[c].label;
      double count = em->counts[c * S + s] + (right ? RIGHT : WRONG);
      model->confusion.rates[c * S + s] = exp(digamma(count) - all[s]);
    }
  }
}

static ws_status fit(ws_label_model *model, const ws__fit_input *input) {
  static const ws__em_kind kind = {.max_iterations = 500,
                                   .tolerance = 1e-5,
                                   .split = split,
                                   .pool = pool,
                                   .update_lf = update_lf};
  return ws__em_fit(model, input, &kind);
}

const ws__label_model_type ws__ebcc = {.name = "ebcc",
                                       .em = true,
                                       .subtypes = SUBTYPES,
                                       .fit = fit,
                                       .posterior = ws__confusion_posterior};
