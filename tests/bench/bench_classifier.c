/* SPDX-License-Identifier: MIT
 *
 * How long the classifier's stages take: bench_classifier [RUNS] [DOCUMENTS]. Documents
 * are drawn: words of Zipf's law, some of them a class's own. Prints medians; figures
 * depend on the machine. Nothing here is a test.
 *
 * bench_classifier write FILE DOCUMENTS WORDS writes such documents as JSONL with
 * probabilistic labels and votes, for whole programs and peers.
 *
 * bench_classifier load MODEL... prints how long loading takes, up to the first
 * prediction, of files that are in the system's memory.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <weaksup/model.h>
#include <weaksup/rng.h>
#include <weaksup/training.h>

enum { K = 4, VOCABULARY = 50000, OWN = 500, LETTERS = 10, LFS = 20, MOST_RUNS = 99 };

typedef struct corpus {
  size_t documents, words; // words a document
  char **texts;
  double *targets; // [documents][K]
  int8_t *votes;   // [documents][LFS]
} corpus;

typedef struct bench {
  const char *name, *blocks;
  size_t words;
} bench;

static const bench benches[] = {
    {"4 words, words and characters", NULL, 4},
    {"40 words, words alone", "words(text)", 40},
    {"40 words, words and characters", NULL, 40},
};
enum { BENCHES = sizeof benches / sizeof *benches };

static double now(void) {
  struct timespec t;
  clock_gettime(getenv("CPU") ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void need(ws_status status, const ws_error *err) {
  if (status == WS_OK) return;
  fprintf(stderr, "bench_classifier: %s\n", err->message);
  exit(1);
}

/* --- documents --- */

/* The word with this rank: always the same letters. */
static size_t write_word(size_t rank, char *out) {
  ws_rng rng;
  ws_rng_init(&rng, rank + 1);
  size_t size = 3 + ws_rng_below(&rng, LETTERS - 3 + 1) * (rank > 100 ? 1 : 0);
  for (size_t i = 0; i < size; i++) out[i] = (char)('a' + ws_rng_below(&rng, 26));
  return size;
}

/* Ranks with a probability of about 1 / rank. */
static size_t draw_rank(ws_rng *rng) {
  return (size_t)(exp(ws_rng_uniform(rng) * log(VOCABULARY)) - 1);
}

/* An LF fires at a fifth of its class's own words, and is wrong now and then. */
static void vote(ws_rng *rng, size_t class, size_t own, int8_t *votes) {
  size_t label = ws_rng_uniform(rng) < 0.9 ? class : ws_rng_below(rng, K);
  votes[class * LFS / K + own * LFS / K / OWN] = (int8_t)label;
}

static char *draw_document(ws_rng *rng, size_t words, size_t class, int8_t *votes) {
  char *text = malloc(words * (LETTERS + 1) + 1), *at = text;
  for (size_t i = 0; i < words; i++) {
    size_t rank = draw_rank(rng);
    if (ws_rng_uniform(rng) < 0.1) {
      size_t own = ws_rng_below(rng, OWN);
      rank = VOCABULARY + class * OWN + own;
      vote(rng, class, own, votes);
    }
    at += write_word(rank, at);
    *at++ = ' ';
  }
  at[words ? -1 : 0] = '\0';
  return text;
}

static corpus make_corpus(size_t documents, size_t words) {
  corpus c = {documents, words, malloc(documents * sizeof *c.texts),
              malloc(documents * K * sizeof *c.targets), malloc(documents * LFS)};
  memset(c.votes, -1, documents * LFS);
  ws_rng rng;
  ws_rng_init(&rng, 7);
  for (size_t i = 0; i < documents; i++) {
    size_t class = ws_rng_below(&rng, K);
    size_t label = ws_rng_uniform(&rng) < 0.85 ? class : ws_rng_below(&rng, K);
    c.texts[i] = draw_document(&rng, words, class, c.votes + i * LFS);
    for (size_t k = 0; k < K; k++) c.targets[i * K + k] = k == label ? 0.85 : 0.05;
  }
  return c;
}

static void free_corpus(corpus *c) {
  for (size_t i = 0; i < c->documents; i++) free(c->texts[i]);
  free(c->texts);
  free(c->targets);
  free(c->votes);
}

static int write_corpus(const char *path, size_t documents, size_t words) {
  corpus c = make_corpus(documents, words);
  FILE *file = fopen(path, "w");
  if (!file) return 1;
  for (size_t i = 0; i < documents; i++) {
    const double *p = c.targets + i * K;
    fprintf(file, "{\"id\":%zu,\"text\":\"%s\",\"probs\":{", i, c.texts[i]);
    for (size_t k = 0; k < K; k++)
      fprintf(file, "%s\"%c\":%g", k ? "," : "", (int)('A' + k), p[k]);
    fprintf(file, "},\"votes\":[");
    for (size_t l = 0; l < LFS; l++)
      fprintf(file, "%s%d", l ? "," : "", c.votes[i * LFS + l]);
    fprintf(file, "]}\n");
  }
  free_corpus(&c);
  return fclose(file) != 0;
}

/* --- stages --- */

typedef struct stages {
  double features, training, predicting;
  unsigned iterations;
} stages;

static ws_record record_of(const char *text) {
  return (ws_record){.text = ws_text_of(text), .gold = WS_ABSTAIN};
}

static double predict_all(const corpus *c, const ws_classifier *classifier) {
  ws_predictor *predictor = NULL;
  ws_error err = WS_ERROR_INIT;
  double probs[K], began = now();
  need(ws_predictor_new(classifier, &predictor), &err);
  for (size_t i = 0; i < c->documents; i++) {
    ws_record record = record_of(c->texts[i]);
    need(ws_predict(predictor, &record, probs, &err), &err);
  }
  ws_predictor_free(predictor);
  return now() - began;
}

static stages run_once(const bench *b, const corpus *c, unsigned threads) {
  static const ws_text classes[K] = {{"A", 1}, {"B", 1}, {"C", 1}, {"D", 1}};
  ws_features_options what = ws_features_options_default();
  ws_training_options how = ws_training_options_default();
  ws_training_report report;
  ws_features *features = NULL;
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  stages took;
  what.blocks = b->blocks;
  how.recipe = WS_RECIPE_PLAIN;
  how.classifier.threads = threads;
  double began = now();
  need(ws_features_new(&what, &features, &err), &err);
  for (size_t i = 0; i < c->documents; i++) {
    ws_record record = record_of(c->texts[i]);
    need(ws_features_add(features, &record, &err), &err);
  }
  took.features = now() - began;
  began = now();
  ws_training_rows rows = {.targets = c->targets};
  need(ws_training_run(features, &rows, classes, K, &how, &classifier, &report, &err),
       &err);
  took.training = now() - began;
  took.predicting = predict_all(c, classifier);
  took.iterations = ws_classifier_iterations(classifier);
  ws_classifier_free(classifier);
  ws_features_free(features);
  return took;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *times, size_t runs) {
  qsort(times, runs, sizeof *times, by_size);
  return times[runs / 2];
}

static void run(const bench *b, size_t documents, size_t runs) {
  double features[MOST_RUNS], one[MOST_RUNS], all[MOST_RUNS], predicting[MOST_RUNS];
  unsigned iterations = 0;
  corpus c = make_corpus(documents, b->words);
  for (size_t i = 0; i < runs; i++) {
    stages single = run_once(b, &c, 1), many = run_once(b, &c, 0);
    features[i] = single.features;
    iterations = single.iterations;
    one[i] = single.training;
    all[i] = many.training;
    predicting[i] = single.predicting;
  }
  double n = (double)documents;
  printf("%-32s %8.3f %8.3f %8.3f %10.0f %10.0f %10u\n", b->name, median(features, runs),
         median(one, runs), median(all, runs), n / median(features, runs),
         n / median(predicting, runs), iterations);
  free_corpus(&c);
}

/* --- loading --- */

static double load(const char *path) {
  ws_classifier *classifier = NULL;
  ws_predictor *predictor = NULL;
  ws_error err = WS_ERROR_INIT;
  double began = now();
  need(ws_classifier_load(path, &classifier, &err), &err);
  need(ws_predictor_new(classifier, &predictor), &err);
  double took = now() - began;
  ws_predictor_free(predictor);
  ws_classifier_free(classifier);
  return took;
}

/* In a process of its own, whose memory is as new. */
static double load_once(const char *path) {
  double took = (double)NAN;
  int ends[2];
  if (pipe(ends) != 0) exit(1);
  pid_t child = fork();
  if (child == 0) {
    took = load(path);
    _exit(write(ends[1], &took, sizeof took) != sizeof took);
  }
  close(ends[1]);
  if (child < 0 || read(ends[0], &took, sizeof took) != sizeof took) exit(1);
  close(ends[0]);
  waitpid(child, NULL, 0);
  return took;
}

static int load_all(char **paths, size_t count) {
  double times[MOST_RUNS];
  for (size_t i = 0; i < count; i++) {
    for (size_t r = 0; r < MOST_RUNS; r++) times[r] = load_once(paths[i]);
    printf("%s: loaded in %.2f ms, median of %d\n", paths[i],
           1e3 * median(times, MOST_RUNS), MOST_RUNS);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc > 2 && strcmp(argv[1], "load") == 0)
    return load_all(argv + 2, (size_t)argc - 2);
  if (argc == 5 && strcmp(argv[1], "write") == 0)
    return write_corpus(argv[2], strtoull(argv[3], NULL, 10),
                        strtoull(argv[4], NULL, 10));
  size_t runs = argc > 1 ? strtoull(argv[1], NULL, 10) : 3;
  size_t documents = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
  if (runs < 1 || runs > MOST_RUNS) return 2;
  ws_model_startup();
  printf("%zu documents, K = %d, plain recipe; seconds, medians of %zu\n", documents, K,
         runs);
  printf("%-32s %8s %8s %8s %10s %10s %10s\n", "", "features", "train 1", "train",
         "featured/s", "predict/s", "iterations");
  for (size_t i = 0; i < BENCHES; i++)
    if (argc < 4 || strtoull(argv[3], NULL, 10) == i) run(&benches[i], documents, runs);
  return 0;
}
