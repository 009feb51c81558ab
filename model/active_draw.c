/* SPDX-License-Identifier: MIT
 *
 * Records to label, drawn by chance: the smallest numbers of a hash of the id, which is
 * the same wherever the record stands.
 */
#include <weaksup/active.h>

#include <stdlib.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

typedef struct ticket {
  uint64_t number;
  size_t row;
} ticket;

/* Of ids that occur twice the first comes first. */
static int by_number(const void *a, const void *b) {
  const ticket *x = a, *y = b;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

ws_status ws_active_draw(const ws_votes *votes, const bool *may, uint64_t seed,
                         size_t most, size_t *rows, size_t *count) {
  size_t N = ws_votes_rows(votes), n = 0;
  ticket *tickets = ws_alloc_array(N, sizeof *tickets);
  if (!tickets) return WS_ENOMEM;
  for (size_t i = 0; i < N; i++) {
    char digits[24];
    if (may && !may[i]) continue;
    ws_text id = ws_votes_row_id(votes, i, digits);
    tickets[n++] = (ticket){ws_hash64(id.data, id.size, seed), i};
  }
  if (n) qsort(tickets, n, sizeof *tickets, by_number);
  *count = n < most ? n : most;
  for (size_t i = 0; i < *count; i++) rows[i] = tickets[i].row;
  ws_free(tickets);
  return WS_OK;
}
