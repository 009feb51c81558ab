/* SPDX-License-Identifier: MIT
 *
 * Word vectors of any format: so far there is one.
 */
#include "word_vectors_priv.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>

struct ws_word_vectors {
  const ws__vectors_format *format;
  void *state;
  size_t dimensions;
};

static ws_status open_source(const char *name, const ws_text *memory,
                             ws_word_vectors **out, ws_error *err) {
  ws_word_vectors *vectors = ws_alloc_zero(1, sizeof *vectors);
  if (!vectors) return ws_error_nomem(err);
  vectors->format = &ws__vectors_text;
  ws_status status =
      vectors->format->open(name, memory, &vectors->state, &vectors->dimensions, err);
  if (status == WS_OK)
    *out = vectors;
  else
    ws_word_vectors_free(vectors);
  return status;
}

/* fastText's own models begin with this number, little-endian. */
static bool is_fasttext_model(const char *path) {
  static const unsigned char magic[4] = {0xBA, 0x16, 0x4F, 0x2F};
  unsigned char begin[4];
  struct stat about;
  if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return false;
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  bool found = fread(begin, 1, sizeof begin, file) == sizeof begin &&
               memcmp(begin, magic, sizeof magic) == 0;
  (void)fclose(file);
  return found;
}

ws_status ws_word_vectors_open(const char *path, ws_word_vectors **out, ws_error *err) {
  if (is_fasttext_model(path))
    return ws_error_set(err, WS_EPARSE,
                        "%s: expected word vectors as text, found a model of fastText: "
                        "take the file .vec that fastText writes beside .bin",
                        path);
  return open_source(path, NULL, out, err);
}

ws_status ws_word_vectors_open_memory(const char *name, ws_text bytes,
                                      ws_word_vectors **out, ws_error *err) {
  return open_source(name, &bytes, out, err);
}

void ws_word_vectors_free(ws_word_vectors *vectors) {
  if (!vectors) return;
  vectors->format->close(vectors->state);
  ws_free(vectors);
}

size_t ws_word_vectors_dimensions(const ws_word_vectors *vectors) {
  return vectors->dimensions;
}

ws_status ws_word_vectors_next(ws_word_vectors *vectors, ws_text *word, float *numbers,
                               bool *more, ws_error *err) {
  return vectors->format->next(vectors->state, word, numbers, more, err);
}
