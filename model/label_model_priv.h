/* SPDX-License-Identifier: MIT
 *
 * A label model from inside: what every kind has in common, and what a kind must provide.
 *
 * In the formulas: N records, U vote patterns, M LFs, K classes. A column c is a pair (j,
 * l) of an LF and a class; the model keeps the C columns that had a vote in the fit,
 * numbered by LF, then class. Votes number their columns j * K + l with their own j: a
 * map `id_of` leads from theirs to the model's.
 */
#ifndef WS_LABEL_MODEL_PRIV_H
#define WS_LABEL_MODEL_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/label_model.h>

#define WS_NO_COLUMN UINT32_MAX

#define WS_LABEL_MODEL_FORMAT  "weaksup label model"
#define WS_LABEL_MODEL_VERSION 1

/* How a fitted likelihood ratio was held inside its bounds. */
typedef enum ws__clamp { WS_CLAMP_NONE, WS_CLAMP_LOW, WS_CLAMP_HIGH } ws__clamp;

typedef struct ws__column {
  uint32_t lf;
  int32_t label;
  uint64_t votes;  // n_c > 0
  double accuracy; // mean posterior of `label`, before tempering, over the votes
  // LIFT only, 0 otherwise:
  double h;     // P(vote | class is label)
  double f;     // P(vote | class is another)
  double omega; // in (0, 1]: what a vote counts, less where others nearly repeat it
  ws__clamp clamp;
  double evidence; // omega log(h / f); follows from the three
} ws__column;

/* A kind of label model. */
typedef struct ws__label_model_type {
  const char *name;
  double rho, eps; // of the tempering (temper.h)
  bool rates;      // the columns have h, f, omega and clamp
  /* Learns from the votes, whose columns have been collected in the model. */
  ws_status (*fit)(ws_label_model *model, const ws_votes *votes, const uint32_t *id_of,
                   ws_progress_sink progress);
  /* The bare posterior of a pattern with at least one vote: probs[K]. */
  void (*posterior)(const ws_label_model *model, const uint32_t *id_of,
                    ws_pattern pattern, double *probs);
} ws__label_model_type;

extern const ws__label_model_type ws__lift;
extern const ws__label_model_type ws__majority;

/* The kind of that name, or NULL. */
const ws__label_model_type *ws__label_model_find(ws_text name);

struct ws_label_model {
  const ws__label_model_type *type;
  ws_arena arena; // the names
  size_t M, K, C;
  ws_text *lfs;        // [M]
  ws_text *classes;    // [K]
  ws__column *columns; // [C]
  size_t *lf_begin; // [M + 1]: the columns of LF j are lf_begin[j] .. lf_begin[j + 1] - 1
  double *balance;  // [K] P(class), or NULL: unknown
  double *priors;   // [M] accuracies that were given, 0 where none, or NULL: none at all
  double rho, eps;
  uint64_t records, covered, patterns; // of the fit
  unsigned iterations;
  bool converged;
  double mean_max, mean_max_raw;
  // While it is being fitted only:
  unsigned fit_threads;            // 0: as many as there are processors
  const ws_label_model *fit_start; // of the same kind and classes, or NULL
};

/* A model with room for M LFs and K classes, without names and columns. */
ws_status ws__label_model_new(const ws__label_model_type *type, size_t M, size_t K,
                              ws_label_model **out);

/* Sets C, columns (with their votes) and lf_begin from the columns that the votes use,
 * and gives id_of[M][K] of the same votes. */
ws_status ws__columns_collect(ws_label_model *model, const ws_votes *votes,
                              uint32_t **out);

/* id_of[M'][K] for other votes, by the names of their LFs. WS_EINVAL where the classes
 * differ or an unknown LF votes. */
ws_status ws__columns_map(const ws_label_model *model, const ws_votes *votes,
                          uint32_t **out, ws_error *err);

/* The LF of that name, or M. Names mostly come in the model's order, so the search begins
 * at `hint` and goes round. */
size_t ws__label_model_find_lf(const ws_label_model *model, ws_text name, size_t hint);

/* Fills the columns' accuracy and the model's mean_max, mean_max_raw from the posteriors.
 */
ws_status ws__label_model_summarise(ws_label_model *model, const ws_votes *votes,
                                    const uint32_t *id_of);

/* Whether a number can be the prior accuracy of an LF. */
bool ws__is_prior(double prior);
/* Room for the priors of the M LFs, all 0, where there is none yet. */
ws_status ws__label_model_need_priors(ws_label_model *model);

/* log P(class k), or 0 for all where the balance is unknown. */
double ws__log_balance(const ws_label_model *model, size_t k);

/* evidence of a column, from h, f and omega. */
double ws__column_evidence(const ws__column *column);

#endif
