/* SPDX-License-Identifier: MIT
 *
 * Ideas for labeling functions: what they have already, as far as their votes show it.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "ideas_priv.h"

static const double same = 0.9;    // Jaccard's similarity of two sets of records
static const double inside = 0.95; // share of the n-gram's records that have the vote
// The same of those where chance would not have brought it: an LF that counts the words
// of several lists votes for the class with most of them.
static const double beyond = 0.7;
// The chance of that, if n-gram and vote had nothing in common: for the same class, where
// little is lost, and for another one.
static const double chance = 0.05, chance_of_other = 1e-3;

ws_status ws__ideas_columns(ws_ideas *ideas) {
  const ws_votes *votes = ideas->votes;
  size_t all = ws_votes_lfs(votes) * ws_votes_classes(votes);
  ideas->column_of = ws_alloc_zero(all, sizeof *ideas->column_of);
  ideas->columns = ws_alloc_array(all, sizeof *ideas->columns);
  ideas->column_records = ws_alloc_zero(all, sizeof *ideas->column_records);
  if (!ideas->column_of || !ideas->columns || !ideas->column_records) return WS_ENOMEM;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    for (size_t i = 0; i < pattern.size; i++) {
      if (!ws__ideas_reads(ideas, pattern.columns[i])) continue;
      uint32_t *column = &ideas->column_of[pattern.columns[i]];
      if (!*column) {
        ideas->columns[ideas->column_count] = pattern.columns[i];
        *column = (uint32_t)++ideas->column_count;
      }
      ideas->column_records[*column - 1] += pattern.count;
    }
  }
  return WS_OK;
}

void ws__ideas_together(ws_ideas *ideas, size_t found, ws_pattern pattern) {
  uint32_t *row = &ideas->together[found * ideas->column_count];
  for (size_t i = 0; i < pattern.size; i++) {
    uint32_t column = ideas->column_of[pattern.columns[i]];
    if (column) row[column - 1]++;
  }
}

/* The most that the probability can be of so large a share of the records by chance (H.
 * Chernoff: A measure of asymptotic efficiency for tests of a hypothesis, 1952). */
static double chance_of(double records, double share, double coverage) {
  if (share <= coverage) return 1;
  double nats = share * log(share / coverage);
  if (share < 1) nats += (1 - share) * log((1 - share) / (1 - coverage));
  return exp(-records * nats);
}

/* Whether the LF votes on the n-gram's records for this class, as that suggests. */
static bool votes_so(double records, double share, double coverage) {
  if (share < inside && share - coverage < beyond * (1 - coverage)) return false;
  return chance_of(records, share, coverage) < chance;
}

static bool has(const ws_ideas *ideas, const ws__found *found, int32_t label, size_t c,
                double both) {
  double records = (double)found->records, votes = (double)ideas->column_records[c];
  size_t K = ws_votes_classes(ideas->votes);
  int32_t vote = (int32_t)(ideas->columns[c] % K);
  if (both >= same * (records + votes - both)) return true;
  double coverage = votes / (double)ws_votes_rows(ideas->votes);
  if (label == vote || label == WS_ABSTAIN)
    return votes_so(records, both / records, coverage);
  return !found->pair && both >= records && pow(coverage, records) < chance_of_other;
}

static bool is_left_out(const ws_ideas *ideas, ws_text words) {
  ws_text list = ws_buffer_as_text(&ideas->left_out);
  for (size_t at = 0; at < list.size;) {
    const char *start = list.data + at;
    size_t size = (size_t)((char *)memchr(start, '\n', list.size - at) - start);
    if (ws_text_equal(words, (ws_text){start, size})) return true;
    at += size + 1;
  }
  return false;
}

bool ws__ideas_is_known(const ws_ideas *ideas, size_t found, int32_t label) {
  const ws__found *f = &ideas->found[found];
  const uint32_t *row = &ideas->together[found * ideas->column_count];
  for (size_t c = 0; c < ideas->column_count; c++)
    if (row[c] && has(ideas, f, label, c, (double)row[c])) return true;
  return is_left_out(ideas, (ws_text){ideas->names.data + f->at, f->size});
}

ws_status ws_ideas_leave_out(ws_ideas *ideas, ws_text words) {
  WS_TRY(ws_buffer_text(&ideas->left_out, words));
  return ws_buffer_string(&ideas->left_out, "\n");
}

size_t ws_ideas_known(const ws_ideas *ideas) {
  return ideas->known;
}

/* --- in a text ---------------------------------------------------------------------- */

/* The first run of words in lower case that is this one, of one or two. */
static bool find_words(ws_text lower, ws_text words, size_t *start, size_t *end) {
  const char *blank = words.size ? memchr(words.data, ' ', words.size) : NULL;
  ws_text first = {words.data, blank ? (size_t)(blank - words.data) : words.size};
  ws_text second = {blank ? blank + 1 : NULL, blank ? words.size - first.size - 1 : 0};
  ws_text word, before = {NULL, 0};
  size_t position = 0;
  while (ws_text_next_word(lower, &position, &word)) {
    bool ends = ws_text_equal(word, blank ? second : first);
    if (ends && (!blank || (before.data && ws_text_equal(before, first)))) {
      *start = (size_t)((blank ? before.data : word.data) - lower.data);
      *end = (size_t)(word.data - lower.data) + word.size;
      return true;
    }
    before = word;
  }
  return false;
}

ws_status ws_idea_find(ws_text words, ws_text text, ws_span *out, bool *found) {
  ws_buffer lower = {0};
  size_t start = 0, end = 0;
  ws_status status = ws_text_lower(text, &lower);
  *found = status == WS_OK && find_words(ws_buffer_as_text(&lower), words, &start, &end);
  ws_buffer_clear(&lower);
  if (!*found) return status;
  *out = (ws_span){ws_text_lowered_from(text, start), ws_text_lowered_from(text, end)};
  return WS_OK;
}
