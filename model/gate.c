/* SPDX-License-Identifier: MIT
 *
 * Five splits of the LFs; in each, three parts are hidden in turn. One split alone is
 * unstable: which LFs are hidden together matters more than chance among the records.
 * In some splits neither is right on more than a third of the records, and z is large all
 * the same: so the median of the splits decides, not their mean.
 */
#include "gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

#include "classifier_priv.h"
#include "naive_bayes.h"
#include "sub_matrix.h"

enum {
  PARTS = 3,
  MOST_ROWS = 10000, // what more would tell is not worth its time
  LEAST_TRAINED = 30,
  LEAST_HIDDEN = 10, // rows to judge by, for a part to count
};

/* Passes over the rows that a training takes about, naive Bayes' among them. */
#define PASSES 12

/* Which class is the best shows long before the regression is at its minimum. */
#define TOLERANCE 1e-2
#define DECREASE  1e-3

typedef struct lf {
  ws_text name;
  uint32_t index;
  size_t class; // that it mostly votes for
} lf;

typedef struct gate {
  const ws__training *training;
  const ws_training_options *options;
  const ws_votes *all;
  size_t K;
  ws_task *task; // the classes
  size_t *row;   // [n] covered rows of the matrix, ascending
  size_t n;
  ws__matrix matrix; // of these rows
  lf *lfs;           // [lf_count] those that vote, by name
  size_t lf_count;
  uint8_t *part;              // [M] of each LF, in this split
  ws_vote *votes;             // [M] working memory
  size_t *seen, *hidden;      // [n] rows of `matrix`, in this part
  double *targets;            // [n][K] of those seen
  bool *learned;              // [K] classes that they teach
  double count, sum, squares; // of this split: differences, Bayes less regression
  double bayes, regression;   // agreements
} gate;

/* --- setting up --------------------------------------------------------------------- */

static bool is_usable(const gate *g, size_t i) {
  return g->training->kind[i] == WS__WEAK &&
         ws_votes_pattern(g->all, ws_votes_row_pattern(g->all, i)).size > 0;
}

static int by_number(const void *a, const void *b) {
  const size_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* A sample where there are too many. */
static void choose_rows(gate *g) {
  size_t rows = ws_votes_rows(g->all);
  ws_rng rng;
  ws_rng_init(&rng, g->options->seed);
  if (rows > g->training->n) rows = g->training->n;
  for (size_t i = 0; i < rows; i++)
    if (is_usable(g, i)) g->row[g->n++] = i;
  if (g->n <= MOST_ROWS) return;
  for (size_t i = 0; i < MOST_ROWS; i++) {
    size_t j = i + (size_t)ws_rng_below(&rng, g->n - i), other = g->row[i];
    g->row[i] = g->row[j];
    g->row[j] = other;
  }
  g->n = MOST_ROWS;
  qsort(g->row, g->n, sizeof *g->row, by_number);
}

static int by_name(const void *a, const void *b) {
  const lf *x = a, *y = b;
  size_t size = x->name.size < y->name.size ? x->name.size : y->name.size;
  int order = memcmp(x->name.data, y->name.data, size);
  return order ? order : (x->name.size > y->name.size) - (x->name.size < y->name.size);
}

/* counts[M * K] of the columns. */
static void take_lfs(gate *g, const uint64_t *counts) {
  const ws_votes *votes = g->all;
  for (size_t j = 0; j < ws_votes_lfs(votes); j++) {
    const uint64_t *of = counts + j * g->K;
    size_t most = 0;
    for (size_t k = 1; k < g->K; k++)
      if (of[k] > of[most]) most = k;
    if (of[most] > 0)
      g->lfs[g->lf_count++] = (lf){ws_votes_lf(votes, j), (uint32_t)j, most};
  }
  qsort(g->lfs, g->lf_count, sizeof *g->lfs, by_name);
}

static ws_status find_lfs(gate *g) {
  const ws_votes *votes = g->all;
  uint64_t *counts = ws_alloc_zero(ws_votes_lfs(votes) * g->K, sizeof *counts);
  if (!counts) return WS_ENOMEM;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    for (size_t v = 0; v < pattern.size; v++) counts[pattern.columns[v]] += pattern.count;
  }
  take_lfs(g, counts);
  ws_free(counts);
  return WS_OK;
}

static ws_status set_up(gate *g, ws_error *err) {
  const ws_votes *votes = g->all;
  size_t M = ws_votes_lfs(votes), rows = ws_votes_rows(votes);
  ws_text *names = ws_alloc_array(g->K, sizeof *names);
  if (!names) return WS_ENOMEM;
  for (size_t k = 0; k < g->K; k++) names[k] = ws_votes_class(votes, k);
  ws_status status = ws_task_new(names, g->K, &g->task, err);
  ws_free(names);
  WS_TRY(status);
  g->row = ws_alloc_array(rows, sizeof *g->row);
  g->lfs = ws_alloc_array(M, sizeof *g->lfs);
  g->part = ws_alloc_zero(M, sizeof *g->part);
  g->votes = ws_alloc_array(M, sizeof *g->votes);
  if (!g->row || !g->lfs || !g->part || !g->votes) return WS_ENOMEM;
  choose_rows(g);
  WS_TRY(find_lfs(g));
  g->seen = ws_alloc_array(g->n, sizeof *g->seen);
  g->hidden = ws_alloc_array(g->n, sizeof *g->hidden);
  g->targets = ws_alloc_array(g->n * g->K, sizeof *g->targets);
  g->learned = ws_alloc_zero(g->K, sizeof *g->learned);
  if (!g->seen || !g->hidden || !g->targets || !g->learned) return WS_ENOMEM;
  return ws__sub_matrix_init(&g->matrix, g->training->matrix, g->row, g->n);
}

static void clear(gate *g) {
  ws_task_free(g->task);
  ws__matrix_clear(&g->matrix);
  ws_free(g->row);
  ws_free(g->lfs);
  ws_free(g->part);
  ws_free(g->votes);
  ws_free(g->seen);
  ws_free(g->hidden);
  ws_free(g->targets);
  ws_free(g->learned);
}

/* --- hiding ------------------------------------------------------------------------- */

/* Deals the LFs of each class into parts, as evenly as can be; where the odd ones go is
 * up to the split. */
static void deal(gate *g, ws_rng *rng) {
  for (size_t k = 0; k < g->K; k++) {
    size_t count = 0;
    for (size_t j = 0; j < g->lf_count; j++) count += g->lfs[j].class == k;
    // A random permutation without memory of its own: the next LF draws one of the
    // places that are left.
    size_t left = count, first = (size_t)ws_rng_below(rng, PARTS);
    uint64_t free_of[PARTS] = {0};
    for (size_t place = 0; place < count; place++) free_of[(first + place) % PARTS]++;
    for (size_t j = 0; j < g->lf_count; j++) {
      if (g->lfs[j].class != k) continue;
      uint64_t draw = ws_rng_below(rng, left--);
      uint8_t part = 0;
      while (draw >= free_of[part]) draw -= free_of[part++];
      free_of[part]--;
      g->part[g->lfs[j].index] = part;
    }
  }
}

/* What the LFs that are not hidden say of row i, into `votes`; returns how many do. */
static size_t votes_left(const gate *g, size_t i, int hidden, ws_vote *votes) {
  const ws_votes *all = g->all;
  ws_pattern pattern = ws_votes_pattern(all, ws_votes_row_pattern(all, g->row[i]));
  size_t count = 0;
  for (size_t v = 0; v < pattern.size; v++) {
    uint32_t j = pattern.columns[v] / (uint32_t)g->K;
    if (g->part[j] != hidden)
      votes[count++] = (ws_vote){j, (int32_t)(pattern.columns[v] % g->K)};
  }
  return count;
}

/* The LFs keep their numbers, those that are hidden just do not vote: so what the options
 * say of LFs by number still holds. */
static ws_status build_votes(gate *g, int hidden, ws_votes **out, ws_error *err) {
  ws_votes_builder *builder = NULL;
  const ws_votes *all = g->all;
  uint32_t at;
  WS_TRY(ws_votes_builder_new(g->task, &builder));
  ws_status status = WS_OK;
  for (size_t j = 0; status == WS_OK && j < ws_votes_lfs(all); j++)
    status = ws_votes_builder_lf(builder, ws_votes_lf(all, j), &at, err);
  for (size_t i = 0; status == WS_OK && i < g->n; i++) {
    size_t count = votes_left(g, i, hidden, g->votes);
    status = ws_votes_builder_add(builder, (ws_text){"", 0}, WS_ABSTAIN, g->votes, count);
  }
  if (status == WS_OK) status = ws_votes_builder_finish(builder, out);
  ws_votes_builder_free(builder);
  return status;
}

/* --- judging ------------------------------------------------------------------------ */

static size_t best(const double *scores, size_t K) {
  size_t best = 0;
  for (size_t k = 1; k < K; k++)
    if (scores[k] > scores[best]) best = k;
  return best;
}

/* 1 where class k is the label's most probable one; a share of it where it ties. */
static double agreement(const double *label, size_t k, size_t K) {
  size_t tied = 0, top = best(label, K);
  for (size_t l = 0; l < K; l++) tied += label[l] >= label[top] - WS_TIE;
  return label[k] >= label[top] - WS_TIE ? 1 / (double)tied : 0;
}

/* Whether each of the label's most probable classes is one that was learned. */
static bool is_learned(const gate *g, const double *label) {
  size_t top = best(label, g->K);
  for (size_t k = 0; k < g->K; k++)
    if (label[k] >= label[top] - WS_TIE && !g->learned[k]) return false;
  return true;
}

/* Hiding may take away all LFs of a class. What the others teach says nothing of it:
 * naive Bayes gives it what it does not know, regression nothing, and neither is
 * evidence. Drops the rows of such classes; returns how many are left. */
static size_t drop_unlearned(gate *g, size_t seen, size_t hidden) {
  size_t kept = 0;
  memset(g->learned, 0, g->K * sizeof *g->learned);
  for (size_t s = 0; s < seen; s++) g->learned[best(g->targets + s * g->K, g->K)] = true;
  for (size_t h = 0; h < hidden; h++)
    if (is_learned(g, g->training->labels + g->row[g->hidden[h]] * g->K))
      g->hidden[kept++] = g->hidden[h];
  return kept;
}

static void judge(gate *g, size_t hidden, const ws__linear *linear,
                  const ws__bayes *bayes, double *scores) {
  for (size_t h = 0; h < hidden; h++) {
    size_t i = g->hidden[h];
    const double *label = g->training->labels + g->row[i] * g->K;
    ws__linear_scores(linear, &g->matrix, i, scores);
    double a = agreement(label, best(scores, g->K), g->K);
    ws__bayes_scores(bayes, &g->matrix, i, scores);
    double b = agreement(label, best(scores, g->K), g->K);
    g->count++;
    g->sum += b - a;
    g->squares += (b - a) * (b - a);
    g->regression += a;
    g->bayes += b;
  }
}

static ws_status train_and_judge(gate *g, size_t seen, size_t hidden, ws_error *err) {
  const ws_classifier_options *how = &g->options->classifier;
  ws__linear_options linear_how = ws__linear_options_of(how);
  linear_how.tolerance = TOLERANCE;
  linear_how.decrease = DECREASE;
  ws__bayes_options bayes_how = {g->options->seed, how->threads};
  ws__rows rows = {g->seen, seen, g->targets};
  ws__linear linear = {0};
  ws__bayes bayes = {0};
  double *scores = ws_alloc_array(g->K, sizeof *scores);
  ws_status status = scores ? WS_OK : WS_ENOMEM;
  ws__work_next(g->training->work, PASSES * (double)seen);
  if (status == WS_OK)
    status = ws__linear_train(&linear, &g->matrix, &rows, g->K, &linear_how, err);
  if (status == WS_OK)
    status = ws__bayes_train(&bayes, &g->matrix, &rows, g->K, &bayes_how, NULL, err);
  if (status == WS_OK) judge(g, hidden, &linear, &bayes, scores);
  ws__linear_clear(&linear);
  ws__bayes_clear(&bayes);
  ws_free(scores);
  return status;
}

/* The label model of the votes that are left, on their rows. */
static ws_status label_seen(gate *g, const ws_votes *votes, size_t seen, ws_error *err) {
  ws_label_model_options how = g->options->label_model ? *g->options->label_model
                                                       : ws_label_model_options_default();
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  how.start = NULL;
  how.progress = (ws_progress_sink){0};
  ws_status status = ws_label_model_fit(votes, &how, &model, err);
  if (status == WS_OK) status = ws_label_model_predict(model, votes, &labels, err);
  for (size_t s = 0; status == WS_OK && s < seen; s++)
    memcpy(g->targets + s * g->K,
           ws_labels_get(labels, ws_votes_row_pattern(votes, g->seen[s])),
           g->K * sizeof *g->targets);
  ws_labels_free(labels);
  ws_label_model_free(model);
  return status;
}

static ws_status run_part(gate *g, int part, ws_error *err) {
  size_t seen = 0, hidden = 0;
  ws_votes *votes = NULL;
  for (size_t i = 0; i < g->n; i++)
    if (votes_left(g, i, part, g->votes) > 0)
      g->seen[seen++] = i;
    else
      g->hidden[hidden++] = i;
  if (hidden < LEAST_HIDDEN || seen < LEAST_TRAINED) return WS_OK;
  WS_TRY(build_votes(g, part, &votes, err));
  ws_status status = label_seen(g, votes, seen, err);
  ws_votes_free(votes);
  WS_TRY(status);
  hidden = drop_unlearned(g, seen, hidden);
  return hidden < LEAST_HIDDEN ? WS_OK : train_and_judge(g, seen, hidden, err);
}

/* The mean difference in its standard errors. Differences that are all alike would have
 * none: their variance is taken to be one in as many. */
static double z_of(const gate *g) {
  double mean = g->sum / g->count, variance = g->squares / g->count - mean * mean;
  return mean / sqrt(fmax(variance, 1 / g->count) / g->count);
}

static double median(const double *z, size_t count) {
  double sorted[WS_GATE_SPLITS];
  for (size_t s = 0; s < count; s++) {
    size_t at = s;
    for (; at > 0 && sorted[at - 1] > z[s]; at--) sorted[at] = sorted[at - 1];
    sorted[at] = z[s];
  }
  return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static ws_status run_split(gate *g, size_t split, ws_training_report *report,
                           size_t *splits, ws_error *err) {
  ws_rng rng;
  ws_rng_init(&rng, g->options->seed + split);
  deal(g, &rng);
  g->count = g->sum = g->squares = 0;
  for (int part = 0; part < PARTS; part++) WS_TRY(run_part(g, part, err));
  if (g->count == 0) return WS_OK;
  report->z[(*splits)++] = z_of(g);
  report->hidden += (uint64_t)g->count;
  return WS_OK;
}

static ws_status run(gate *g, ws_training_report *report, ws_error *err) {
  size_t splits = 0;
  WS_TRY(set_up(g, err));
  for (size_t s = 0; s < WS_GATE_SPLITS; s++)
    WS_TRY(run_split(g, s, report, &splits, err));
  if (splits == 0) return WS_OK;
  report->has_gate = true;
  report->splits = (unsigned)splits;
  report->median_z = median(report->z, splits);
  report->agree_regression = g->regression / (double)report->hidden;
  report->agree_bayes = g->bayes / (double)report->hidden;
  return WS_OK;
}

double ws__gate_work(const ws__training *training) {
  size_t rows = 0;
  for (size_t i = 0; i < training->n; i++) rows += training->kind[i] == WS__WEAK;
  if (rows > MOST_ROWS) rows = MOST_ROWS;
  return (double)WS_GATE_SPLITS * (PARTS - 1) * PASSES * (double)rows;
}

ws_status ws__gate_run(const ws__training *training, const ws_votes *votes,
                       ws_training_report *report, ws_error *err) {
  gate g = {
      .training = training, .options = training->options, .all = votes, .K = training->K};
  ws_status status = run(&g, report, err);
  clear(&g);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}
