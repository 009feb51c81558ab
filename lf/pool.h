/* SPDX-License-Identifier: MIT
 *
 * The worker processes of one run. Private to lf.
 */
#ifndef WS_POOL_H
#define WS_POOL_H

#include "chunk.h"
#include "lf_set_priv.h"

typedef struct ws__pool ws__pool;

/* left_out [M]: 1 for labeling functions that are not to be called; they abstain. NULL:
 * none. */
WS_CHECK ws_status ws__pool_new(ws_lf_set *set, unsigned workers,
                                const unsigned char *left_out, ws__pool **out);
/* Ends the processes; `politely`: those that wait for work may clear up. */
void ws__pool_free(ws__pool *pool, bool politely);

/* Whether a worker can take a chunk at once, and then: takes it. It is labelled some time
 * during a later ws__pool_wait, when chunk->done is set. */
bool ws__pool_has_room(const ws__pool *pool);
WS_CHECK ws_status ws__pool_submit(ws__pool *pool, ws__chunk *chunk, ws_error *err);

/* Whether a worker would begin with a chunk at once, rather than after another one. */
bool ws__pool_has_idle(const ws__pool *pool);

/* For each chunk that is done, in the order of the records: gives labeling functions up
 * that ran out of time or memory too often, or whose workers had to be killed, and makes
 * what they say behind that WS__VOTE_SKIPPED. */
void ws__pool_settle(ws__pool *pool, ws__chunk *chunk);

/* Waits until something has happened, or `input`, a descriptor or -1, can be read, or for
 * a moment. */
WS_CHECK ws_status ws__pool_wait(ws__pool *pool, int input, ws_error *err);

/* Why a labeling function is not called any more. */
ws_lf_quarantine ws__pool_quarantined(const ws__pool *pool, size_t lf);

#endif
