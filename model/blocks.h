/* SPDX-License-Identifier: MIT
 *
 * Passes over the patterns of some votes, on several threads, that give the same bytes
 * whatever their number: the patterns are cut into blocks whose number depends on the
 * data alone; each block has sums of its own, which are added in the order of the blocks.
 */
#ifndef WS_BLOCKS_H
#define WS_BLOCKS_H

#include <stddef.h>

#include <weaksup/status.h>

typedef struct ws__blocks ws__blocks;

/* Works on the items first .. end - 1. `sums` are the block's own, all 0 before. */
typedef void (*ws__block_fn)(void *user, double *sums, size_t first, size_t end);

/* Cuts `items` into blocks with `sums` numbers each, and starts the threads that are
 * worth it: 0 as many as there are processors. Fewer do where the system refuses some. */
WS_CHECK ws_status ws__blocks_new(size_t items, size_t sums, unsigned threads,
                                  ws__blocks **out);
/* For sums that are large, and are not to be multiplied: at most four blocks, as many as
 * there are enough items for. */
WS_CHECK ws_status ws__blocks_new_few(size_t items, size_t sums, unsigned threads,
                                      ws__blocks **out);
void ws__blocks_free(ws__blocks *blocks);

/* Calls fn for each block, several at a time, and returns the sums over the blocks:
 * [sums], valid until the next call. */
const double *ws__blocks_run(ws__blocks *blocks, ws__block_fn fn, void *user);
/* The same without adding up: returns how many blocks there are. */
size_t ws__blocks_each(ws__blocks *blocks, ws__block_fn fn, void *user);
/* What a block of the last call has in its sums. */
const double *ws__blocks_sums(const ws__blocks *blocks, size_t block);
/* The same over so many items, at most those that the blocks were made for. */
const double *ws__blocks_run_on(ws__blocks *blocks, size_t items, ws__block_fn fn,
                                void *user);

#endif
