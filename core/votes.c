/* SPDX-License-Identifier: MIT
 *
 * Reading votes: accessors over the pattern table.
 */
#include <weaksup/votes.h>

#include <stdio.h>

#include <weaksup/alloc.h>

#include "votes_priv.h"

void ws_votes_free(ws_votes *votes) {
  if (!votes) return;
  ws__names_clear(&votes->classes);
  ws__names_clear(&votes->lfs);
  ws_free(votes->starts);
  ws_free(votes->columns);
  ws_free(votes->counts);
  ws_free(votes->row_pattern);
  ws_free(votes->id_bytes);
  ws_free(votes->id_ends);
  ws_free(votes->gold);
  ws_free(votes->row_numbers);
  ws_free(votes);
}

size_t ws_votes_rows(const ws_votes *votes) {
  return votes->rows;
}

size_t ws_votes_lfs(const ws_votes *votes) {
  return votes->lfs.count;
}

size_t ws_votes_classes(const ws_votes *votes) {
  return votes->classes.count;
}

size_t ws_votes_patterns(const ws_votes *votes) {
  return votes->patterns;
}

uint64_t ws_votes_covered(const ws_votes *votes) {
  uint64_t covered = 0;
  for (size_t u = 0; u < votes->patterns; u++)
    if (votes->starts[u + 1] > votes->starts[u]) covered += votes->counts[u];
  return covered;
}

uint64_t ws_votes_cast(const ws_votes *votes) {
  uint64_t cast = 0;
  for (size_t u = 0; u < votes->patterns; u++)
    cast += (votes->starts[u + 1] - votes->starts[u]) * votes->counts[u];
  return cast;
}

ws_text ws_votes_lf(const ws_votes *votes, size_t j) {
  return votes->lfs.items[j];
}

ws_text ws_votes_class(const ws_votes *votes, size_t k) {
  return votes->classes.items[k];
}

int64_t ws_votes_find_lf(const ws_votes *votes, ws_text name) {
  return ws__names_find(&votes->lfs, name);
}

ws_pattern ws_votes_pattern(const ws_votes *votes, size_t u) {
  size_t start = votes->starts[u];
  return (ws_pattern){votes->columns + start, votes->starts[u + 1] - start,
                      votes->counts[u]};
}

size_t ws_votes_row_pattern(const ws_votes *votes, size_t i) {
  return votes->row_pattern[i];
}

size_t ws__row_digits(uint64_t row, char digits[24]) {
  return (size_t)snprintf(digits, 24, "%llu", (unsigned long long)row);
}

uint64_t ws_votes_row_number(const ws_votes *votes, size_t i) {
  return votes->row_numbers ? votes->row_numbers[i] : i;
}

ws_text ws_votes_row_id(const ws_votes *votes, size_t i, char digits[24]) {
  if (!votes->id_ends)
    return (ws_text){digits, ws__row_digits(ws_votes_row_number(votes, i), digits)};
  size_t start = i ? votes->id_ends[i - 1] : 0;
  return (ws_text){votes->id_bytes + start, votes->id_ends[i] - start};
}

int32_t ws_votes_row_gold(const ws_votes *votes, size_t i) {
  return votes->gold ? votes->gold[i] : WS_ABSTAIN;
}

bool ws_votes_has_gold(const ws_votes *votes) {
  return votes->gold != NULL;
}

int ws__pattern_compare(const uint32_t *a, size_t a_size, const uint32_t *b,
                        size_t b_size) {
  size_t common = a_size < b_size ? a_size : b_size;
  for (size_t i = 0; i < common; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return (a_size > b_size) - (a_size < b_size);
}
