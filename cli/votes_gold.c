/* SPDX-License-Identifier: MIT
 *
 * Votes are built again, record by record, with other gold labels.
 */
#include "votes_gold.h"

#include <weaksup/alloc.h>

static ws_status add_row(ws_votes_builder *builder, const ws_votes *votes, size_t i,
                         int32_t gold, ws_vote *row) {
  char digits[24];
  size_t K = ws_votes_classes(votes);
  ws_pattern p = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
  for (size_t v = 0; v < p.size; v++)
    row[v] = (ws_vote){(uint32_t)(p.columns[v] / K), (int32_t)(p.columns[v] % K)};
  return ws_votes_builder_add_at(builder, ws_votes_row_number(votes, i),
                                 ws_votes_row_id(votes, i, digits), gold, row, p.size);
}

ws_status votes_with_gold(const ws_votes *votes, const int32_t *gold, const ws_task *task,
                          ws_votes **out, ws_error *err) {
  ws_votes_builder *builder = NULL;
  size_t M = ws_votes_lfs(votes);
  uint32_t ignored;
  ws_vote *row = ws_alloc_array(M, sizeof *row);
  ws_status status = row ? ws_votes_builder_new(task, &builder) : WS_ENOMEM;
  for (size_t j = 0; j < M && status == WS_OK; j++)
    status = ws_votes_builder_lf(builder, ws_votes_lf(votes, j), &ignored, err);
  for (size_t i = 0; i < ws_votes_rows(votes) && status == WS_OK; i++)
    status = add_row(builder, votes, i, gold[i], row);
  if (status == WS_OK) status = ws_votes_builder_finish(builder, out);
  ws_votes_builder_free(builder);
  ws_free(row);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}
