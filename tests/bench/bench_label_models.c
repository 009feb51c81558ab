/* SPDX-License-Identifier: MIT
 *
 * How long a label model takes from votes in memory to the model, and how much memory it
 * takes beside them, and for hds its file: bench_label_models [RUNS] [CASE]. Votes are
 * drawn: each LF votes on a share of the records, and is right in a share of its votes.
 * Prints medians; figures depend on the machine. Nothing here is a test.
 */
#define _DEFAULT_SOURCE // malloc_usable_size
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <weaksup/alloc.h>
#include <weaksup/label_model.h>
#include <weaksup/model.h>
#include <weaksup/output.h>
#include <weaksup/rng.h>

typedef struct bench {
  const char *name, *kind;
  size_t rows, lfs, classes;
  double coverage; // of each LF
  double low;      // how often the worst LF knows what it votes for: it guesses otherwise
  size_t distinct; // records drawn, which are repeated up to `rows`; 0: all
} bench;

static const bench benches[] = {
    {"1e6 x 50, K = 2, all distinct", "lift", 1000000, 50, 2, 0.2, 0.3, 0},
    {"1e6 x 50, K = 2, poor LFs", "lift", 1000000, 50, 2, 0.2, 0.05, 0},
    {"1e6 x 50, K = 2, 5,000 distinct", "lift", 1000000, 50, 2, 0.2, 0.3, 5000},
    {"1e5 x 200, K = 2", "lift", 100000, 200, 2, 0.2, 0.3, 0},
    {"1e5 x 1,200, K = 56", "lift", 100000, 1200, 56, 0.02, 0.3, 0},
    {"1e5 x 1,200, K = 56, 7 votes", "hds", 100000, 1200, 56, 0.006, 0.3, 0},
};
enum { BENCHES = sizeof benches / sizeof *benches };

/* --- memory --- */

static size_t live, peak;

static void *count_memory(void *user, void *ptr, size_t size) {
  (void)user;
  live -= ptr ? malloc_usable_size(ptr) : 0;
  void *block = size ? realloc(ptr, size) : NULL;
  if (!size) free(ptr);
  live += block ? malloc_usable_size(block) : 0;
  if (live > peak) peak = live;
  return block;
}

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void need(ws_status status, const ws_error *err) {
  if (status == WS_OK) return;
  fprintf(stderr, "bench_label_models: %s\n", err->message);
  exit(1);
}

/* --- votes --- */

static size_t draw(const bench *b, ws_rng *rng, ws_vote *votes) {
  size_t count = 0, truth = ws_rng_below(rng, b->classes);
  for (size_t j = 0; j < b->lfs; j++) {
    if (ws_rng_uniform(rng) >= b->coverage) continue;
    double accuracy = b->low + 0.4 * (double)j / (double)b->lfs;
    size_t label = ws_rng_uniform(rng) < accuracy ? truth : ws_rng_below(rng, b->classes);
    votes[count++] = (ws_vote){(uint32_t)j, (int32_t)label};
  }
  return count;
}

static ws_task *make_task(size_t classes) {
  char names[64][32];
  ws_text texts[64];
  ws_task *task = NULL;
  ws_error err = WS_ERROR_INIT;
  for (size_t k = 0; k < classes; k++) {
    snprintf(names[k], sizeof names[k], "class%zu", k);
    texts[k] = ws_text_of(names[k]);
  }
  need(ws_task_new(texts, classes, &task, &err), &err);
  return task;
}

/* The votes of all LFs but for `changed`, which votes anew. */
static ws_votes *make_votes(const bench *b, int64_t changed) {
  ws_error err = WS_ERROR_INIT;
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  ws_task *task = make_task(b->classes);
  size_t drawn = b->distinct ? b->distinct : b->rows;
  ws_vote *row = calloc(b->lfs, sizeof *row);
  need(ws_votes_builder_new(task, &builder), &err);
  for (size_t j = 0; j < b->lfs; j++) {
    char name[24];
    uint32_t index;
    snprintf(name, sizeof name, "lf%zu", j);
    need(ws_votes_builder_lf(builder, ws_text_of(name), &index, &err), &err);
  }
  for (size_t i = 0; i < b->rows; i++) {
    char id[24];
    ws_rng rng;
    ws_rng_init(&rng, i % drawn);
    size_t count = draw(b, &rng, row);
    for (size_t v = 0; v < count; v++)
      if ((int64_t)row[v].lf == changed)
        row[v].label = (int32_t)ws_rng_below(&rng, b->classes);
    snprintf(id, sizeof id, "%zu", i);
    need(ws_votes_builder_add(builder, ws_text_of(id), WS_ABSTAIN, row, count), &err);
  }
  need(ws_votes_builder_finish(builder, &votes), &err);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  free(row);
  return votes;
}

static size_t votes_bytes(const ws_votes *votes) {
  size_t columns = 0;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++)
    columns += ws_votes_pattern(votes, u).size;
  return columns * 4 + ws_votes_patterns(votes) * 16 + ws_votes_rows(votes) * 4;
}

/* --- files --- */

/* Address space in MB, the most so far. */
static double most_memory(void) {
  char line[256];
  double most = 0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "VmPeak: %lf", &most) == 1) break;
  if (file) fclose(file);
  return most / 1024;
}

/* Writes the model and reads it again, in memory of their own. */
static void measure_file(const ws_label_model *model) {
  const char *path = "bench_label_models.json";
  ws_buffer bytes = {0};
  ws_label_model *loaded = NULL;
  ws_error err = WS_ERROR_INIT;
  double began = now(CLOCK_MONOTONIC);
  need(ws_label_model_encode(model, &bytes, &err), &err);
  need(ws_output_file(path, ws_buffer_as_text(&bytes), &err), &err);
  double written = now(CLOCK_MONOTONIC), size = (double)bytes.size / 1024 / 1024;
  ws_buffer_clear(&bytes);
  double before = most_memory(), reading = now(CLOCK_MONOTONIC);
  need(ws_label_model_load(path, &loaded, &err), &err);
  printf("  file of %.1f MB: written in %.3f s, read in %.3f s, address space %.0f MB, "
         "%.0f before reading\n",
         size, written - began, now(CLOCK_MONOTONIC) - reading, most_memory(), before);
  ws_label_model_free(loaded);
  remove(path);
}

/* --- fits --- */

static int by_size(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static ws_label_model *fit(const char *kind, const ws_votes *votes, unsigned threads,
                           const ws_label_model *start) {
  ws_label_model_options options = ws_label_model_options_default();
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  options.kind = kind;
  options.threads = threads;
  options.start = start;
  need(ws_label_model_fit(votes, &options, &model, &err), &err);
  return model;
}

static void measure(const char *name, const char *kind, const ws_votes *votes,
                    unsigned threads, const ws_label_model *start, size_t runs) {
  double *seconds = calloc(runs, sizeof *seconds), *cpu = calloc(runs, sizeof *cpu);
  unsigned iterations = 0;
  size_t before = live;
  peak = live;
  for (size_t r = 0; r < runs; r++) {
    double began = now(CLOCK_MONOTONIC), spent = now(CLOCK_PROCESS_CPUTIME_ID);
    ws_label_model *model = fit(kind, votes, threads, start);
    seconds[r] = now(CLOCK_MONOTONIC) - began;
    cpu[r] = now(CLOCK_PROCESS_CPUTIME_ID) - spent;
    iterations = ws_label_model_iterations(model);
    ws_label_model_free(model);
  }
  qsort(seconds, runs, sizeof *seconds, by_size);
  qsort(cpu, runs, sizeof *cpu, by_size);
  double mega = 1024 * 1024, size = (double)votes_bytes(votes);
  printf(
      "%-36s %u thread%s %7.4f s (%.4f-%.4f), processor %7.4f s, %2u iterations, %.1f MB "
      "beside %.1f MB of votes (%.2f)\n",
      name, threads, threads == 1 ? " " : "s", seconds[runs / 2], seconds[0],
      seconds[runs - 1], cpu[runs / 2], iterations, (double)(peak - before) / mega,
      size / mega, ((double)(peak - before) + size) / size);
  fflush(stdout);
  free(seconds);
  free(cpu);
}

static void run_case(const bench *b, size_t runs) {
  ws_votes *votes = make_votes(b, -1);
  printf("%s, %zu patterns\n", b->kind, ws_votes_patterns(votes));
  measure(b->name, b->kind, votes, 1, NULL, runs);
  measure(b->name, b->kind, votes, 2, NULL, runs);
  if (b == benches) {
    ws_label_model *before = fit(b->kind, votes, 0, NULL);
    ws_votes_free(votes);
    votes = make_votes(b, 25);
    measure("  one LF changed", b->kind, votes, 1, NULL, runs);
    measure("  one LF changed, warm", b->kind, votes, 1, before, runs);
    measure("  one LF changed, warm", b->kind, votes, 2, before, runs);
    ws_label_model_free(before);
  }
  if (strcmp(b->kind, "hds") == 0) {
    ws_label_model *model = fit(b->kind, votes, 0, NULL);
    measure_file(model);
    ws_label_model_free(model);
  }
  ws_votes_free(votes);
}

int main(int argc, char **argv) {
  size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 7;
  size_t only = argc > 2 ? strtoul(argv[2], NULL, 10) : BENCHES;
  ws_model_startup();
  ws_set_allocator(count_memory, NULL);
  for (size_t i = 0; i < BENCHES; i++)
    if (only == BENCHES || only == i) run_case(&benches[i], runs ? runs : 1);
  return 0;
}
