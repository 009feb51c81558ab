/* SPDX-License-Identifier: MIT
 *
 * Votes that are kept between runs: a column is what one labeling function says about all
 * records of a data set. Private to lf.
 *
 * A column is kept under the hash of all that it follows from: the labeling function's
 * own key, the data's (ws_reader_key), and what runs it. Vote errors are kept with their
 * messages as far as the same call fails in the same way every time; such a column is
 * served only where the messages would name the same lines now. Columns with other errors
 * (limits on time and memory, workers that were killed) are not kept.
 */
#ifndef WS_KEPT_H
#define WS_KEPT_H

#include "chunk.h"
#include "lf_set_priv.h"

typedef struct ws__kept ws__kept;

/* Finds the columns that are there for the records of the reader, of which none must have
 * been read. *out is NULL where the data can be no key. */
WS_CHECK ws_status ws__kept_open(ws_cache *cache, const ws_lf_set *set, ws_reader *reader,
                                 ws__kept **out, ws_error *err);
void ws__kept_free(ws__kept *kept);

/* [M]: 1 for those that are there. */
const unsigned char *ws__kept_found(const ws__kept *kept);
size_t ws__kept_found_count(const ws__kept *kept);

/* Rows are counted here as records come: those that the reader skips have none. Columns
 * of data with such records are not kept. */

/* Writes what is there into the labels of the chunk, whose first record has that row, and
 * adds its messages and times; to be called for one chunk after the other. */
WS_CHECK ws_status ws__kept_fill(ws__kept *kept, uint64_t first, ws__chunk *chunk);
/* Collects the others from the labels [M], WS__VOTE_... included, of the record of that
 * row. */
void ws__kept_collect(ws__kept *kept, uint64_t row, const int32_t *labels);
/* A worker said what none should: nothing that was called in this run is kept. */
void ws__kept_distrust(ws__kept *kept);

/* After the last record: checks that the data were those that the columns are of (WS_EIO
 * otherwise), and keeps the new ones. Nothing is kept where this is not called. */
WS_CHECK ws_status ws__kept_finish(ws__kept *kept, const ws_apply_report *report,
                                   ws_error *err);

#endif
