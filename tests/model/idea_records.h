/* SPDX-License-Identifier: MIT
 *
 * Records with votes and texts, and the ideas that they lead to.
 */
#ifndef IDEA_RECORDS_H
#define IDEA_RECORDS_H

#include <stdio.h>
#include <string.h>

#include <weaksup/ideas.h>

#include "ws_test.h"

typedef struct record {
  const char *id, *votes, *text; // votes as in ws_test_votes
  double spam;                   // by a classifier; below 0: none
} record;

typedef struct data {
  ws_votes *votes;
  ws_labels *labels;
} data;

static inline size_t read_votes(const char *picture, ws_vote *out) {
  size_t count = 0;
  for (uint32_t j = 0; picture[j]; j++)
    if (picture[j] != '-') out[count++] = (ws_vote){j, picture[j] - '0'};
  return count;
}

static inline data data_of(const record *records, size_t count) {
  ws_task *task = ws_test_task("HAM,SPAM");
  ws_votes_builder *builder;
  ws_error err = WS_ERROR_INIT;
  data d;
  uint32_t lf;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("a"), &lf, &err), &err);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("b"), &lf, &err), &err);
  for (size_t i = 0; i < count; i++) {
    ws_vote votes[2];
    size_t n = read_votes(records[i].votes, votes);
    assert_ok(
        ws_votes_builder_add(builder, ws_text_of(records[i].id), WS_ABSTAIN, votes, n),
        NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &d.votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  size_t U = ws_votes_patterns(d.votes);
  assert_ok(ws_labels_new(U, 2, &d.labels), NULL);
  for (size_t u = 0; u < U; u++) {
    ws_pattern pattern = ws_votes_pattern(d.votes, u);
    double *probs = ws_labels_at(d.labels, u), all = (double)pattern.size + 0.2;
    probs[0] = probs[1] = 0.1 / all;
    for (size_t i = 0; i < pattern.size; i++) probs[pattern.columns[i] % 2] += 1 / all;
  }
  return d;
}

static inline void clear(data *d) {
  ws_labels_free(d->labels);
  ws_votes_free(d->votes);
}

static inline ws_ideas *run(const data *d, const record *records, size_t count,
                            const ws_ideas_options *options, const record *gold,
                            size_t gold_count) {
  ws_ideas *ideas;
  assert_ok(ws_ideas_new(d->votes, d->labels, options, &ideas), NULL);
  for (int pass = 0; pass < WS_IDEA_PASSES; pass++) {
    for (size_t i = 0; i < count; i++) {
      double probs[] = {1 - records[i].spam, records[i].spam};
      assert_ok(ws_ideas_row(ideas, i, ws_text_of(records[i].text),
                             options->own_probs ? probs : NULL),
                NULL);
    }
    for (size_t i = 0; pass == WS_IDEA_PASSES - 1 && i < gold_count; i++)
      assert_ok(ws_ideas_gold(ideas, ws_text_of(gold[i].text), gold[i].votes[0] - '0',
                              gold[i].votes[1] != '-'),
                NULL);
    assert_ok(ws_ideas_end_pass(ideas), NULL);
  }
  return ideas;
}

static const record mail[] = {
    {"0", "--", "free gift inside", 0.9},     {"1", "--", "a Free gift", 0.9},
    {"2", "--", "your free, gift!", 0.95},    {"3", "--", "dear mother", 0.1},
    {"4", "--", "mother is here", 0.1},       {"5", "--", "call mother and go", 0.15},
    {"6", "1-", "free gift now", 0.95},       {"7", "0-", "mother says hello", 0.05},
    {"8", "01", "a gift of mother", 0.5},     {"9", "11", "buy gift inside here", 0.9},
    {"10", "0-", "is here and inside", 0.05}, {"11", "--", "nothing known", 0.5},
};
enum { MAIL = sizeof mail / sizeof *mail };

static inline const ws_idea *find(const ws_idea *ideas, size_t count, const char *words) {
  for (size_t i = 0; i < count; i++)
    if (ws_text_equals(ideas[i].words, words)) return &ideas[i];
  return NULL;
}

/* LF a votes on what has "bonus" or "prize", LF b on nearly everything. */
static const record had[] = {
    {"0", "10", "bonus one", 0.9},    {"1", "10", "bonus two", 0.9},
    {"2", "10", "a bonus", 0.9},      {"3", "10", "bonus now", 0.9},
    {"4", "10", "prize one", 0.9},    {"5", "10", "prize two", 0.9},
    {"6", "10", "a prize", 0.9},      {"7", "10", "prize now", 0.9},
    {"8", "-0", "lottery one", 0.9},  {"9", "--", "lottery two", 0.9},
    {"10", "--", "a lottery", 0.9},   {"11", "--", "lottery now", 0.9},
    {"12", "-0", "mother", 0.1},      {"13", "-0", "mother two", 0.1},
    {"14", "-0", "mother says", 0.1}, {"15", "-0", "father", 0.1},
    {"16", "-0", "father two", 0.1},  {"17", "-0", "father says", 0.1},
    {"18", "-0", "home", 0.1},        {"19", "-0", "home two", 0.1},
};
enum { HAD = sizeof had / sizeof *had };

#endif
