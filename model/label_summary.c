/* SPDX-License-Identifier: MIT
 *
 * Summing labels up, pattern by pattern; only gold labels are looked up by record.
 */
#include <weaksup/label_summary.h>

#include <weaksup/alloc.h>

static double largest(const double *probs, size_t K) {
  double most = probs[0];
  for (size_t k = 1; k < K; k++)
    if (probs[k] > most) most = probs[k];
  return most;
}

static size_t bin_of(const double *probs, size_t K) {
  double p = K == 2 ? probs[1] : largest(probs, K);
  size_t bin = (size_t)(p * WS_POSTERIOR_BINS);
  return bin < WS_POSTERIOR_BINS ? bin : WS_POSTERIOR_BINS - 1;
}

static void add_pattern(ws_label_summary *s, ws_pattern pattern, const double *probs) {
  size_t K = s->class_count;
  int32_t label = ws_probs_argmax(probs, K);
  s->covered += pattern.count;
  s->cast += pattern.count * pattern.size;
  s->histogram[bin_of(probs, K)] += pattern.count;
  if (label == WS_ABSTAIN)
    s->ties += pattern.count;
  else
    s->classes[label].labels += pattern.count;
  for (size_t i = 0; i < pattern.size; i++)
    s->classes[pattern.columns[i] % K].votes += pattern.count;
  for (size_t k = 0; k < K; k++) s->classes[k].mass += probs[k] * (double)pattern.count;
}

static void add_gold(ws_label_summary *s, const ws_votes *votes) {
  if (!ws_votes_has_gold(votes)) return;
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    int32_t gold = ws_votes_row_gold(votes, i);
    if (gold == WS_ABSTAIN) continue;
    s->gold++;
    s->classes[gold].gold++;
  }
}

ws_status ws_label_summary_find(const ws_labels *labels, const ws_votes *votes,
                                ws_label_summary *out) {
  *out = (ws_label_summary){.records = ws_votes_rows(votes),
                            .class_count = ws_votes_classes(votes)};
  out->classes = ws_alloc_zero(out->class_count, sizeof *out->classes);
  if (!out->classes) return WS_ENOMEM;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    if (pattern.size) add_pattern(out, pattern, ws_labels_get(labels, u));
  }
  add_gold(out, votes);
  return WS_OK;
}

void ws_label_summary_clear(ws_label_summary *summary) {
  ws_free(summary->classes);
  *summary = (ws_label_summary){0};
}
