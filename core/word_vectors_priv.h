/* SPDX-License-Identifier: MIT
 *
 * What a format of word vectors has to give. Private to core.
 */
#ifndef WS_WORD_VECTORS_PRIV_H
#define WS_WORD_VECTORS_PRIV_H

#include <weaksup/word_vectors.h>

/* A format is one file of functions; word_vectors.c picks it by the first bytes. */
typedef struct ws__vectors_format {
  /* Reads the beginning. `memory` is NULL where the file is to be opened by its name. */
  ws_status (*open)(const char *name, const ws_text *memory, void **state,
                    size_t *dimensions, ws_error *err);
  ws_status (*next)(void *state, ws_text *word, float *numbers, bool *more,
                    ws_error *err);
  void (*close)(void *state); // takes NULL
} ws__vectors_format;

extern const ws__vectors_format
    ws__vectors_text; // GloVe .txt, word2vec and fastText .vec

#endif
