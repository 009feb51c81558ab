/* SPDX-License-Identifier: MIT
 *
 * Static word vectors from the files of GloVe (.txt: a word and its numbers a line),
 * word2vec and fastText (.vec: the same behind a line "words dimensions"), also
 * gzip-compressed; content tells which, not the name.
 *
 * Malformed files are WS_EPARSE with file:line: a line with too few or too many numbers,
 * something that is no number, or NaN or beyond what a float holds; a file that has not
 * as many words as its first line says; an empty one. A word that is not UTF-8 or has
 * blanks in it (published files hold some) is passed over: no token is like it.
 */
#ifndef WEAKSUP_WORD_VECTORS_H
#define WEAKSUP_WORD_VECTORS_H

#include <weaksup/hash.h>
#include <weaksup/text.h>

WS_BEGIN_DECLS

enum { WS_MAX_VECTOR_DIMENSIONS = 4096 };

typedef struct ws_word_vectors ws_word_vectors;

/* Opens the file and reads its beginning. */
WS_API WS_CHECK ws_status ws_word_vectors_open(const char *path, ws_word_vectors **out,
                                               ws_error *err);
/* The same for the bytes of a file, borrowed; `name` is what messages call it. */
WS_API WS_CHECK ws_status ws_word_vectors_open_memory(const char *name, ws_text bytes,
                                                      ws_word_vectors **out,
                                                      ws_error *err);
WS_API void ws_word_vectors_free(ws_word_vectors *vectors);

WS_API size_t ws_word_vectors_dimensions(const ws_word_vectors *vectors); // 1 or more

/* The next word, as the file has it and valid until the next call, with its vector:
 * numbers[dimensions]. *more is false at the end. */
WS_API WS_CHECK ws_status ws_word_vectors_next(ws_word_vectors *vectors, ws_text *word,
                                               float *numbers, bool *more, ws_error *err);

WS_END_DECLS

#endif
