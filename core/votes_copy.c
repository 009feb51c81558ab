/* SPDX-License-Identifier: MIT
 *
 * Votes made from others: some of their records, other gold labels, fewer votes. Patterns
 * are counted again, as those that nobody has any more must go.
 */
#include <weaksup/votes.h>

#include <weaksup/alloc.h>

#include "votes_priv.h"

/* What is different in the copy; NULL: nothing is. */
typedef struct change {
  ws_votes_in in;
  const void *user;
  const int32_t *gold;
  const bool *silent; // [M]
  uint32_t *left;     // [M] the columns of a record whose votes are fewer
} change;

static ws_pattern votes_left(const ws_votes *votes, size_t i, const change *how) {
  ws_pattern all = ws_votes_pattern(votes, votes->row_pattern[i]),
             some = {how->left, 0, 1};
  if (!how->silent) return all;
  for (size_t v = 0; v < all.size; v++)
    if (!how->silent[all.columns[v] / votes->classes.count])
      how->left[some.size++] = all.columns[v];
  return some;
}

/* Picked records get rows of their own: those of the data would leave gaps. */
static ws_status add_rows(const ws_votes *votes, const change *how,
                          ws_votes_builder *builder) {
  uint64_t picked = 0;
  for (size_t i = 0; i < votes->rows; i++) {
    char digits[24];
    if (how->in && !how->in(how->user, i)) continue;
    uint64_t row = how->in ? picked++ : ws_votes_row_number(votes, i);
    int32_t gold = how->gold ? how->gold[i] : ws_votes_row_gold(votes, i);
    WS_TRY(ws__votes_builder_copy(builder, row, ws_votes_row_id(votes, i, digits), gold,
                                  votes_left(votes, i, how)));
  }
  return WS_OK;
}

static ws_status copy(const ws_votes *votes, const change *how, ws_votes **out) {
  ws_votes_builder *builder = NULL;
  ws_status status = ws__votes_builder_like(votes, &builder);
  if (status == WS_OK) status = add_rows(votes, how, builder);
  if (status == WS_OK) status = ws_votes_builder_finish(builder, out);
  ws_votes_builder_free(builder);
  return status;
}

ws_status ws_votes_pick(const ws_votes *votes, ws_votes_in in, const void *user,
                        ws_votes **out) {
  return copy(votes, &(change){.in = in, .user = user}, out);
}

ws_status ws_votes_with_gold(const ws_votes *votes, const int32_t *gold, ws_votes **out) {
  return copy(votes, &(change){.gold = gold}, out);
}

ws_status ws_votes_silence(const ws_votes *votes, const bool *silent, ws_votes **out) {
  change how = {.silent = silent};
  how.left = ws_alloc_array(votes->lfs.count, sizeof *how.left);
  ws_status status = how.left ? copy(votes, &how, out) : WS_ENOMEM;
  ws_free(how.left);
  return status;
}
