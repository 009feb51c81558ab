/* SPDX-License-Identifier: MIT
 *
 * Votes that are kept between runs: a column is what one labeling function says about all
 * records of a data set. Private to lf.
 *
 * A column is kept under the hash of all that it follows from: the labeling function's
 * own key, the data's (ws_reader_key), and what runs it. Only columns without any vote
 * error are kept. So a message is always of the run that shows it, with the lines that
 * the files have now; and a time limit, which depends on the machine, is never kept.
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

/* Writes the votes that are there into labels [rows][M] of the records from row `first`
 * on; to be called for one chunk after the other. */
void ws__kept_fill(ws__kept *kept, uint64_t first, size_t rows, int32_t *labels);
/* Collects the others from the labels [M] of the record of that row. */
void ws__kept_collect(ws__kept *kept, uint64_t row, const int32_t *labels);

/* After the last record: checks that the data were those that the columns are of (WS_EIO
 * otherwise), and keeps the new ones. Nothing is kept where this is not called. */
WS_CHECK ws_status ws__kept_finish(ws__kept *kept, const ws_apply_report *report,
                                   ws_error *err);

#endif
