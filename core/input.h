/* SPDX-License-Identifier: MIT
 *
 * Bytes in: from a file or standard input, decompressed where the content says gzip.
 * Private to core.
 */
#ifndef WS_INPUT_H
#define WS_INPUT_H

#include <weaksup/hash.h>
#include <weaksup/progress.h>
#include <weaksup/text.h>

typedef struct ws__input ws__input;

/* "-" is standard input. With `memory` the bytes are those, borrowed, and no file is
 * opened. The sink is asked after every MiB, and where a signal interrupts a read. */
WS_CHECK ws_status ws__input_open(const char *path, const ws_text *memory,
                                  ws_progress_sink progress, ws__input **out,
                                  ws_error *err);
void ws__input_free(ws__input *input);

/* Up to `size` bytes; *got is 0 only at the end. A gzip stream that ends early is
 * WS_EPARSE; messages have no position, the caller knows it. */
WS_CHECK ws_status ws__input_read(ws__input *input, void *data, size_t size, size_t *got,
                                  ws_error *err);

/* Whether reading waits for bytes that are not there yet, as it does at first. Where it
 * does not, *got is 0 also where it would have to, and ws__input_waits is true. */
void ws__input_set_wait(ws__input *input, bool wait);
bool ws__input_waits(const ws__input *input);
/* What to poll for more; -1 where reading never waits. */
int ws__input_descriptor(const ws__input *input);

/* The path as messages name it. */
const char *ws__input_name(const char *path);

/* Raw bytes read so far, of how many (0: not known), and their hash. */
uint64_t ws__input_bytes(const ws__input *input);
uint64_t ws__input_total(const ws__input *input);
void ws__input_digest(const ws__input *input, char out[33]);

/* The hash of the whole file as it lies there now, read beside what ws__input_read reads;
 * *known is false where the source is no regular file
 * with a name. The sink is asked as there. */
WS_CHECK ws_status ws__input_look_ahead(ws__input *input, ws_hash128 *out, bool *known,
                                        ws_error *err);
/* The hash of the raw bytes read so far. */
ws_hash128 ws__input_hash(const ws__input *input);

#endif
