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

#include "gold_priv.h"
#include "vote_counts.h"

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
  uint64_t gold_votes, gold_right; // of the dev set, where its gold went into the fit
  // LIFT only, 0 otherwise:
  double h;     // P(vote | class is label)
  double f;     // P(vote | class is another)
  double omega; // in (0, 1]: what a vote counts, less where others nearly repeat it
  ws__clamp clamp;
  double evidence; // what a vote says in prediction; follows from the three, and from
                   // the balance where gold went into the fit
} ws__column;

/* What the kinds learn that have a distribution over votes for each class: S = G K
 * states, class k having the G subtypes k G .. k G + G - 1. */
typedef struct ws__confusion {
  size_t G, S;
  double *weights; // [S] P(state)
  double *rates;   // [C][S] P(the vote of column c | state)
  double *silent;  // [M][S] P(abstaining | state), or NULL: abstaining says nothing
  // These follow:
  double *log_weights; // [S] and all abstaining, where that says something
  double *log_rates;   // [C][S]
  double *log_silent;  // [M][S]
} ws__confusion;

/* What a fit is given beside the votes. */
typedef struct ws__fit_input {
  const ws_votes *votes;
  const ws__vote_counts *counts;
  const uint32_t *id_of;
  const ws_gold *gold; // NULL: none, or none for the fit
  bool balance_in_em;  // and there is a balance
  bool first_look;
  ws_progress_sink progress;
} ws__fit_input;

/* A kind of label model. */
typedef struct ws__label_model_type {
  const char *name;
  double rho, eps;   // of the tempering (temper.h)
  bool rates;        // the columns have h, f, omega and clamp
  bool priors;       // it uses the accuracies that the user gave
  bool gold;         // it uses gold votes
  bool em;           // it can use the class balance inside EM
  unsigned subtypes; // G of its confusion; 0: it has none
  bool silence;      // its confusion has `silent`
  /* Learns from the votes, whose columns have been collected in the model. */
  ws_status (*fit)(ws_label_model *model, const ws__fit_input *input);
  /* The bare posterior of a pattern with at least one vote: probs[K]. */
  void (*posterior)(const ws_label_model *model, const uint32_t *id_of,
                    ws_pattern pattern, double *probs);
  /* Two classes: odds[v] becomes what a vote for column v of the votes adds to log P(1) -
   * log P(0), for all `columns` that they can have, and odds[columns] that of no votes.
   * NULL: what votes say does not add up so. */
  void (*odds)(const ws_label_model *model, const uint32_t *id_of, size_t columns,
               double *odds);
} ws__label_model_type;

extern const ws__label_model_type ws__lift;
extern const ws__label_model_type ws__hds;
extern const ws__label_model_type ws__majority;
extern const ws__label_model_type ws__weighted_majority;
extern const ws__label_model_type ws__dawid_skene;
extern const ws__label_model_type ws__one_coin;
extern const ws__label_model_type ws__ebcc;

/* What a vote counts for kind "weighted-mv". */
double ws__weighted_vote(const ws_label_model *model, const uint32_t *id_of,
                         uint32_t column);

/* The kind of that name, or NULL. */
const ws__label_model_type *ws__label_model_find(ws_text name);

/* For kind "auto": what suits the votes, with the reason as a sentence (regime.c). */
ws_status ws__regime(const ws__vote_counts *counts, const ws__label_model_type **type,
                     ws_buffer *why);
/* A sentence about what the votes cannot tell, where that is so; else nothing. */
ws_status ws__weak_votes(const ws__vote_counts *counts, ws_buffer *note);

struct ws_label_model {
  const ws__label_model_type *type;
  ws_text why;    // why "auto" took the kind; empty: the user chose
  ws_text note;   // what the votes could not tell; mostly empty
  ws_arena arena; // the names
  size_t M, K, C;
  ws_text *lfs;        // [M]
  ws_text *classes;    // [K]
  ws__column *columns; // [C]
  size_t *lf_begin; // [M + 1]: the columns of LF j are lf_begin[j] .. lf_begin[j + 1] - 1
  double *balance;  // [K] P(class), or NULL: unknown
  double *priors;   // [M] accuracies that were given, 0 where none, or NULL: none at all
  ws__confusion confusion;
  bool balance_in_em;     // the balance was used inside EM too
  uint64_t gold_rows;     // of the dev set, whose gold went into the fit
  double scale, rho, eps; // of the tempering; scale is 1 unless gold says otherwise
  uint64_t records, covered, patterns; // of the fit
  unsigned iterations;
  bool converged;
  double mean_max, mean_max_raw;
  // Not of files; fit_start while it is being fitted only:
  unsigned fit_threads;            // 0: as many as there are processors
  const ws_label_model *fit_start; // of the same kind and classes, or NULL
};

/* A model with room for M LFs and K classes, without names and columns. */
ws_status ws__label_model_new(const ws__label_model_type *type, size_t M, size_t K,
                              ws_label_model **out);

/* Sets C, columns (with their votes) and lf_begin from the columns that the votes use,
 * and gives id_of[M][K] of the same votes. */
ws_status ws__columns_collect(ws_label_model *model, const ws__vote_counts *counts,
                              uint32_t **out);

/* id_of[M'][K] for other votes, by the names of their LFs; where the LF did not vote so
 * in the fit, no column but a number from which ws__columns_lf knows it. WS_EINVAL where
 * the classes differ or an unknown LF votes. */
ws_status ws__columns_map(const ws_label_model *model, const ws_votes *votes,
                          uint32_t **out, ws_error *err);

/* The LF of that name, or M. Names mostly come in the model's order, so the search begins
 * at `hint` and goes round. */
size_t ws__label_model_find_lf(const ws_label_model *model, ws_text name, size_t hint);
/* Whether a number of such a map is that of a column. */
static inline bool ws__is_column(const ws_label_model *model, uint32_t id) {
  return id < model->C;
}
/* The LF of the model that a column of other votes belongs to, or M. */
size_t ws__columns_lf(const ws_label_model *model, const uint32_t *id_of,
                      uint32_t column);

/* Fills the columns' accuracy and the model's mean_max, mean_max_raw from the posteriors.
 */
ws_status ws__label_model_summarise(ws_label_model *model, const ws_votes *votes,
                                    const uint32_t *id_of);

/* The same after a fit, to the votes of the fit, where the scale has changed. */
ws_status ws__label_model_rescaled(ws_label_model *model, const ws_votes *votes);

/* Whether a number can be the prior accuracy of an LF. */
bool ws__is_prior(double prior);
/* Room for the priors of the M LFs, all 0, where there is none yet. */
ws_status ws__label_model_need_priors(ws_label_model *model);

/* log P(class k), or 0 for all where the balance is unknown. */
double ws__log_balance(const ws_label_model *model, size_t k);

/* omega log(h / f) of a column, for EM. */
double ws__column_log_lift(const ws__column *column);
/* The same for prediction: after a fit with gold a lone vote outweighs the balance. */
double ws__column_evidence(const ws_label_model *model, const ws__column *column);

#endif
