/* SPDX-License-Identifier: MIT
 *
 * How good label models are on published votes: bench_label_accuracy DATA [ROWS]. For
 * each set below DATA a table: accuracy with ties split, macro-F1, log-loss and
 * calibration error of each kind, and how far its accuracy is from that of majority vote,
 * with a paired bootstrap interval over the records. With ROWS that many records with
 * gold are given to the fit as well: figures are then means over several draws of them,
 * without intervals, and the records that were drawn are left out where they are scored.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/label_model.h>
#include <weaksup/metrics.h>
#include <weaksup/model.h>
#include <weaksup/rng.h>
#include <weaksup/votes_file.h>

typedef struct data_set {
  const char *name, *fit, *test, *dev; // dev: where ROWS are drawn from
  size_t classes;
  bool crowd;
} data_set;

static const data_set sets[] = {
    {"youtube", "train", "test", "valid", 2, false},
    {"trec", "train", "test", "valid", 6, false},
    {"semeval", "train", "test", "valid", 9, false},
    {"agnews24k", "valid", "test", "valid", 4, false},
    {"mushroom", "train", "test", "valid", 2, false},
    {"tennis", "train", "valid", "valid", 2, false},
    {"crowd_rte", "all", "all", "all", 2, true},
    {"crowd_bluebird", "all", "all", "all", 2, true},
    {"crowd_dog", "all", "all", "all", 4, true},
    {"crowd_music", "all", "all", "all", 10, true},
    {"crowd_fact", "all", "all", "all", 3, true},
    {"crowd_weather", "all", "all", "all", 5, true},
};
enum { SETS = sizeof sets / sizeof *sets, KINDS_MAX = 16, RESAMPLES = 2000, DRAWS = 20 };

typedef struct loaded {
  ws_task *task;
  ws_votes *fit, *test, *dev; // equal pointers where the files are equal
} loaded;

static void need(ws_status status, const ws_error *err) {
  if (status == WS_OK) return;
  fprintf(stderr, "bench_label_accuracy: %s\n", err->message);
  exit(1);
}

static void enough(bool done) {
  if (done) return;
  fprintf(stderr, "bench_label_accuracy: out of memory\n");
  exit(1);
}

/* --- data --- */

static ws_task *number_classes(size_t classes) {
  char names[16][24];
  ws_text texts[16];
  ws_task *task = NULL;
  ws_error err = WS_ERROR_INIT;
  for (size_t k = 0; k < classes; k++) {
    snprintf(names[k], sizeof names[k], "%zu", k);
    texts[k] = ws_text_of(names[k]);
  }
  need(ws_task_new(texts, classes, &task, &err), &err);
  return task;
}

static ws_votes *read_votes(const char *data, const char *set, const char *split,
                            const ws_task *task) {
  char path[4096], digest[33];
  ws_votes *votes = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_votes_import_options options = ws_votes_import_options_default();
  snprintf(path, sizeof path, "%s/%s/%s.jsonl.gz", data, set, split);
  need(ws_votes_import(path, task, &options, &votes, digest, &err), &err);
  return votes;
}

static loaded load(const char *data, const data_set *set) {
  loaded l = {.task = number_classes(set->classes)};
  l.fit = read_votes(data, set->name, set->fit, l.task);
  l.test = l.dev = l.fit;
  if (strcmp(set->test, set->fit) != 0)
    l.test = read_votes(data, set->name, set->test, l.task);
  if (strcmp(set->dev, set->test) == 0)
    l.dev = l.test;
  else if (strcmp(set->dev, set->fit) != 0)
    l.dev = read_votes(data, set->name, set->dev, l.task);
  return l;
}

static void unload(loaded *l) {
  if (l->dev != l->fit && l->dev != l->test) ws_votes_free(l->dev);
  if (l->test != l->fit) ws_votes_free(l->test);
  ws_votes_free(l->fit);
  ws_task_free(l->task);
}

/* The records of `votes` that have a gold label, as many as there are. */
static size_t gold_rows(const ws_votes *votes, uint32_t *rows) {
  size_t count = 0;
  for (size_t i = 0; i < ws_votes_rows(votes); i++)
    if (ws_votes_row_gold(votes, i) != WS_ABSTAIN) rows[count++] = (uint32_t)i;
  return count;
}

/* The records rows[count] of `votes`, as votes of their own. */
static ws_votes *take(const loaded *l, const ws_votes *votes, const uint32_t *rows,
                      size_t count) {
  ws_votes_builder *builder = NULL;
  ws_votes *out = NULL;
  ws_error err = WS_ERROR_INIT;
  size_t M = ws_votes_lfs(votes), K = ws_votes_classes(votes);
  ws_vote *row = calloc(M, sizeof *row);
  enough(row && ws_votes_builder_new(l->task, &builder) == WS_OK);
  for (size_t j = 0; j < M; j++) {
    uint32_t index;
    need(ws_votes_builder_lf(builder, ws_votes_lf(votes, j), &index, &err), &err);
  }
  for (size_t i = 0; i < count; i++) {
    char digits[24];
    ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, rows[i]));
    for (size_t v = 0; v < pattern.size; v++)
      row[v] = (ws_vote){pattern.columns[v] / (uint32_t)K,
                         (int32_t)(pattern.columns[v] % (uint32_t)K)};
    enough(ws_votes_builder_add(builder, ws_votes_row_id(votes, rows[i], digits),
                                ws_votes_row_gold(votes, rows[i]), row,
                                pattern.size) == WS_OK);
  }
  enough(ws_votes_builder_finish(builder, &out) == WS_OK);
  ws_votes_builder_free(builder);
  free(row);
  return out;
}

/* --- scores --- */

static ws_labels *labels_of(const ws_votes *fit, const ws_votes *test, const char *kind,
                            const ws_gold *gold, const ws_votes *dev, const char **used) {
  ws_label_model_options options = ws_label_model_options_default();
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  ws_error err = WS_ERROR_INIT;
  options.kind = kind;
  options.gold = gold;
  need(ws_label_model_fit(fit, &options, &model, &err), &err);
  ws_scores scores;
  if (gold && ws_label_model_takes_gold(model))
    need(ws_label_model_cross_fit(fit, &options, dev, 5, model, NULL, &scores, &err),
         &err);
  need(ws_label_model_predict(model, test, &labels, &err), &err);
  *used = NULL;
  for (const char *const *name = ws_label_model_kinds(); *name; name++)
    if (strcmp(*name, ws_label_model_kind(model)) == 0) *used = *name;
  ws_label_model_free(model);
  return labels;
}

/* What a record counts in accuracy: 1 / t where its gold is one of t tied classes. */
static double hit(const double *probs, size_t K, bool covered, int32_t gold) {
  size_t tied = 0;
  double most = 0;
  if (!covered) return 1 / (double)K;
  for (size_t k = 0; k < K; k++) most = fmax(most, probs[k]);
  for (size_t k = 0; k < K; k++) tied += probs[k] >= most - WS_TIE;
  return probs[gold] >= most - WS_TIE ? 1 / (double)tied : 0;
}

/* What each record with gold gains over majority vote. */
static size_t gains(const ws_votes *votes, const ws_labels *labels, const ws_labels *mv,
                    double *out) {
  size_t count = 0, K = ws_votes_classes(votes);
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    int32_t gold = ws_votes_row_gold(votes, i);
    size_t u = ws_votes_row_pattern(votes, i);
    bool covered = ws_votes_pattern(votes, u).size > 0;
    if (gold == WS_ABSTAIN) continue;
    out[count++] = hit(ws_labels_get(labels, u), K, covered, gold) -
                   hit(ws_labels_get(mv, u), K, covered, gold);
  }
  return count;
}

static int by_size(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* The mean of values[count] with its 95 % bootstrap interval. */
static double resample(const double *values, size_t count, double *low, double *high) {
  static double means[RESAMPLES];
  double sum = 0;
  ws_rng rng;
  ws_rng_init(&rng, 1);
  for (size_t i = 0; i < count; i++) sum += values[i];
  for (size_t b = 0; b < RESAMPLES; b++) {
    means[b] = 0;
    for (size_t i = 0; i < count; i++) means[b] += values[ws_rng_below(&rng, count)];
    means[b] /= (double)count;
  }
  qsort(means, RESAMPLES, sizeof *means, by_size);
  *low = means[RESAMPLES / 40];
  *high = means[RESAMPLES - 1 - RESAMPLES / 40];
  return sum / (double)count;
}

/* --- tables --- */

typedef struct sums {
  ws_scores total[2][KINDS_MAX]; // of the sets of LFs, of crowds
  size_t count[2];
} sums;

static void add_scores(ws_scores *to, const ws_scores *scores) {
  to->accuracy += scores->accuracy;
  to->macro_f1 += scores->macro_f1;
  to->log_loss += scores->log_loss;
  to->ece += scores->ece;
}

static void print_scores(const char *kind, const ws_scores *s, double n) {
  printf("  %-12s %8.4f %8.4f %8.4f %8.4f", kind, s->accuracy / n, s->macro_f1 / n,
         s->log_loss / n, s->ece / n);
}

static void heads(const char *title) {
  printf("%-14s %8s %8s %8s %8s  %s\n", title, "accuracy", "macro-F1", "log-loss", "ECE",
         "accuracy less majority vote's");
}

static void compare(const data_set *set, const loaded *l, sums *all) {
  const char *used;
  ws_labels *mv = labels_of(l->fit, l->test, "mv", NULL, NULL, &used);
  double *values = calloc(ws_votes_rows(l->test), sizeof *values), low, high;
  enough(values != NULL);
  heads(set->name);
  for (size_t i = 0; ws_label_model_kinds()[i]; i++) {
    const char *kind = ws_label_model_kinds()[i];
    ws_scores scores;
    ws_labels *labels = labels_of(l->fit, l->test, kind, NULL, NULL, &used);
    enough(ws_score_labels(labels, l->test, &scores) == WS_OK);
    double mean = resample(values, gains(l->test, labels, mv, values), &low, &high);
    print_scores(kind, &scores, 1);
    printf("  %+.4f [%+.4f, %+.4f]%s%s\n", mean, low, high, kind == used ? "" : "  ",
           kind == used ? "" : used);
    add_scores(&all->total[set->crowd][i], &scores);
    ws_labels_free(labels);
  }
  all->count[set->crowd]++;
  free(values);
  ws_labels_free(mv);
}

/* One draw: the records order[rows] help to fit; those of the test set are scored that
 * do not. Every kind gets the same. */
static void draw(const loaded *l, uint32_t *order, size_t gold, size_t rows,
                 ws_scores *with, ws_scores *without) {
  ws_votes *dev = take(l, l->dev, order, rows), *rest = NULL;
  ws_gold *counts = NULL;
  ws_error err = WS_ERROR_INIT;
  const char *used;
  if (l->dev == l->test) rest = take(l, l->dev, order + rows, gold - rows);
  const ws_votes *test = rest ? rest : l->test;
  need(ws_gold_count(l->fit, dev, &counts, &err), &err);
  for (size_t i = 0; ws_label_model_kinds()[i]; i++)
    for (int given = 0; given < 2; given++) {
      ws_scores scores;
      ws_labels *labels = labels_of(l->fit, test, ws_label_model_kinds()[i],
                                    given ? counts : NULL, dev, &used);
      enough(ws_score_labels(labels, test, &scores) == WS_OK);
      add_scores(given ? &with[i] : &without[i], &scores);
      ws_labels_free(labels);
    }
  ws_gold_free(counts);
  ws_votes_free(dev);
  ws_votes_free(rest);
}

static void compare_given(const data_set *set, const loaded *l, size_t rows, sums *all,
                          sums *all_without) {
  ws_scores with[KINDS_MAX] = {{0}}, without[KINDS_MAX] = {{0}};
  uint32_t *order = calloc(ws_votes_rows(l->dev), sizeof *order);
  enough(order != NULL);
  size_t gold = gold_rows(l->dev, order);
  if (gold <= rows) {
    printf("%s: only %zu records with gold\n", set->name, gold);
    free(order);
    return;
  }
  ws_rng rng;
  ws_rng_init(&rng, 7);
  for (size_t d = 0; d < DRAWS; d++) {
    ws_rng_shuffle(&rng, order, gold);
    draw(l, order, gold, rows, with, without);
  }
  heads(set->name);
  for (size_t i = 0; ws_label_model_kinds()[i]; i++) {
    ws_scores *pair[] = {&with[i], &without[i]};
    for (size_t s = 0; s < 2; s++) {
      ws_scores mean = {.accuracy = pair[s]->accuracy / DRAWS,
                        .macro_f1 = pair[s]->macro_f1 / DRAWS,
                        .log_loss = pair[s]->log_loss / DRAWS,
                        .ece = pair[s]->ece / DRAWS};
      add_scores(&(s ? all_without : all)->total[set->crowd][i], &mean);
    }
    print_scores(ws_label_model_kinds()[i], &with[i], DRAWS);
    printf("  without gold: %.4f, log-loss %.4f\n", without[i].accuracy / DRAWS,
           without[i].log_loss / DRAWS);
  }
  all->count[set->crowd]++;
  free(order);
}

static void print_means(const sums *all, const sums *without) {
  static const char *const titles[] = {"mean, LFs", "mean, crowds"};
  for (size_t crowd = 0; crowd < 2; crowd++) {
    double n = (double)all->count[crowd];
    if (n == 0) continue;
    heads(titles[crowd]);
    for (size_t i = 0; ws_label_model_kinds()[i]; i++) {
      print_scores(ws_label_model_kinds()[i], &all->total[crowd][i], n);
      if (without)
        printf("  without gold: %.4f, log-loss %.4f",
               without->total[crowd][i].accuracy / n,
               without->total[crowd][i].log_loss / n);
      printf("\n");
    }
  }
}

int main(int argc, char **argv) {
  static sums all, without;
  if (argc < 2) {
    fprintf(stderr, "usage: bench_label_accuracy DATA [ROWS [SET]]\n");
    return 2;
  }
  size_t rows = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
  ws_model_startup();
  for (size_t i = 0; i < SETS; i++) {
    if (argc > 3 && strcmp(argv[3], sets[i].name) != 0) continue;
    loaded l = load(argv[1], &sets[i]);
    if (rows)
      compare_given(&sets[i], &l, rows, &all, &without);
    else
      compare(&sets[i], &l, &all);
    unload(&l);
    fflush(stdout);
  }
  print_means(&all, rows ? &without : NULL);
  return 0;
}
