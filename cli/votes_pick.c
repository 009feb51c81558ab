/* SPDX-License-Identifier: MIT
 *
 * Building votes again from some of their records.
 */
#include "votes_pick.h"

#include <weaksup/alloc.h>

static ws_status add_row(const ws_votes *votes, size_t i, ws_votes_builder *builder,
                         ws_vote *cast) {
  char digits[24];
  size_t K = ws_votes_classes(votes);
  ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
  for (size_t v = 0; v < pattern.size; v++)
    cast[v] =
        (ws_vote){(uint32_t)(pattern.columns[v] / K), (int32_t)(pattern.columns[v] % K)};
  return ws_votes_builder_add(builder, ws_votes_row_id(votes, i, digits),
                              ws_votes_row_gold(votes, i), cast, pattern.size);
}

ws_status votes_pick(const ws_votes *votes, const ws_task *task, votes_in in,
                     const void *user, ws_votes **out, ws_error *err) {
  size_t M = ws_votes_lfs(votes);
  uint32_t j;
  ws_votes_builder *builder = NULL;
  ws_vote *cast = ws_alloc_array(M, sizeof *cast);
  ws_status status =
      cast && ws_votes_builder_new(task, &builder) == WS_OK ? WS_OK : WS_ENOMEM;
  for (size_t i = 0; status == WS_OK && i < M; i++)
    status = ws_votes_builder_lf(builder, ws_votes_lf(votes, i), &j, err);
  for (size_t i = 0; status == WS_OK && i < ws_votes_rows(votes); i++)
    if (!in || in(user, i)) status = add_row(votes, i, builder, cast);
  if (status == WS_OK) status = ws_votes_builder_finish(builder, out);
  ws_votes_builder_free(builder);
  ws_free(cast);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

bool votes_has_gold_at(const void *votes, size_t i) {
  return ws_votes_row_gold(votes, i) != WS_ABSTAIN;
}
