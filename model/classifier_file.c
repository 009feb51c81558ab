/* SPDX-License-Identifier: MIT
 *
 * Writing the classifier.wsc file. All numbers are little-endian; a text is u32 size,
 * bytes:
 *
 *   8 bytes   "WSCLASS" and a line feed
 *   u32       version, 3
 *   u32       tokenizer, 2: docs/formats.md describes tokens and their hashes
 *   u32       hash bits;  u32 loss, 0 logistic, 1 hinge
 *   u32       iterations of the training;  u32 converged, 0 or 1
 *   f64       C;  f64 objective
 *   u64       K classes;  u64 A entries;  u64 rows trained on
 *   u32       blocks;  u32 named entries
 *   u32       H hidden units, 0 of linear models; width is H then, else K
 *   text      the task's text field
 *   for each block: u32 kind (words 1, chars 2, number 3, category 4, field 5, vector 6,
 *             vectors 7, npy 8), u32 shortest, u32 longest n-gram, u32 least df,
 *             u32 entries, u32 V words with vectors, text field, text file
 *   K texts   names of the classes
 *   text      how it was trained, as JSON; may be empty
 *   for each named entry, ascending: u32 entry, text its n-gram
 *   A x u32   keys: the low half of each feature's hash, ascending in each block
 *   A x f32   idf, or 1 / deviation
 *   A x f32   0, or mean
 *   width x f32  bias
 *   A x width x f32  weights, those of the first entry first
 *   with H:   H x K x f32, K x f32  weights and bias of the output
 *   for each block of word vectors, of D entries:
 *             V x u32  keys: the low half of each word's hash, ascending
 *             V x f32  weights
 *             V x D x f32  vectors
 *   16 bytes  XXH3-128 of all that stands before
 *
 * Each array begins at a multiple of 64 bytes, zeros filling up: they are used where they
 * stand in the file. classifier_load.c reads it.
 */
#include <weaksup/bytes.h>

#include "classifier_file.h"
#include "classifier_priv.h"

typedef struct writer {
  ws_buffer *out;
  size_t start; // of the file in the buffer
} writer;

/* `words` are numbers of 4 bytes. */
static ws_status put_array(writer *to, const void *words, size_t count) {
  static const char zeros[WS__CLASS_ALIGN] = {0};
  size_t over = (to->out->size - to->start) % WS__CLASS_ALIGN;
  WS_TRY(ws_buffer_append(to->out, zeros, over ? WS__CLASS_ALIGN - over : 0));
  size_t at = to->out->size;
  WS_TRY(ws_buffer_append(to->out, words, count * 4));
  if (!ws__is_little_endian()) ws__swap_words(to->out->data + at, count);
  return WS_OK;
}

static ws_status put_header(writer *to, const ws_classifier *classifier) {
  WS_TRY(ws_buffer_append(to->out, WS__CLASS_MAGIC, WS__CLASS_MAGIC_SIZE));
  WS_TRY(ws_bytes_put(to->out, WS__CLASS_VERSION, 4));
  WS_TRY(ws_bytes_put(to->out, WS__CLASS_TOKENIZER, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->hash_bits, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->loss, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->iterations, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->converged, 4));
  WS_TRY(ws_bytes_put_double(to->out, classifier->c));
  WS_TRY(ws_bytes_put_double(to->out, classifier->objective));
  WS_TRY(ws_bytes_put(to->out, classifier->K, 8));
  WS_TRY(ws_bytes_put(to->out, classifier->A, 8));
  WS_TRY(ws_bytes_put(to->out, classifier->rows, 8));
  WS_TRY(ws_bytes_put(to->out, classifier->spec.count, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->named_count, 4));
  return ws_bytes_put(to->out, classifier->H, 4);
}

static ws_status put_block(writer *to, const ws_classifier *classifier, size_t b) {
  const ws__block *block = &classifier->spec.blocks[b];
  WS_TRY(ws_bytes_put(to->out, block->kind, 4));
  WS_TRY(ws_bytes_put(to->out, block->min_n, 4));
  WS_TRY(ws_bytes_put(to->out, block->max_n, 4));
  WS_TRY(ws_bytes_put(to->out, block->min_df, 4));
  WS_TRY(ws_bytes_put(to->out,
                      classifier->ends[b] - ws__matrix_first(classifier->ends, b), 4));
  WS_TRY(ws_bytes_put(to->out, classifier->tables[b].words, 4));
  WS_TRY(ws_bytes_put_text(to->out, ws_text_of(block->field)));
  return ws_bytes_put_text(to->out, ws_text_of(block->file));
}

static ws_status put_names(writer *to, const ws_classifier *classifier) {
  for (size_t k = 0; k < classifier->K; k++)
    WS_TRY(ws_bytes_put_text(to->out, classifier->classes[k]));
  WS_TRY(ws_bytes_put_text(to->out, classifier->summary));
  for (size_t i = 0; i < classifier->named_count; i++) {
    WS_TRY(ws_bytes_put(to->out, classifier->named[i].entry, 4));
    WS_TRY(ws_bytes_put_text(to->out, classifier->named[i].name));
  }
  return WS_OK;
}

static ws_status put_table(writer *to, const ws__word_table *table) {
  if (table->dimensions == 0) return WS_OK;
  WS_TRY(put_array(to, table->keys, table->words));
  WS_TRY(put_array(to, table->weights, table->words));
  return put_array(to, table->vectors, table->words * table->dimensions);
}

static ws_status put_arrays(writer *to, const ws_classifier *classifier) {
  size_t K = classifier->K, A = classifier->A, H = classifier->H,
         width = ws__classifier_width(classifier);
  WS_TRY(put_array(to, classifier->keys, A));
  WS_TRY(put_array(to, classifier->scale, A));
  WS_TRY(put_array(to, classifier->shift, A));
  WS_TRY(put_array(to, classifier->bias, width));
  WS_TRY(put_array(to, classifier->weights, A * width));
  if (H) WS_TRY(put_array(to, classifier->second, (H + 1) * K));
  for (size_t b = 0; b < classifier->spec.count; b++)
    WS_TRY(put_table(to, &classifier->tables[b]));
  return WS_OK;
}

ws_status ws_classifier_encode(const ws_classifier *classifier, ws_buffer *out) {
  writer to = {out, out->size};
  WS_TRY(put_header(&to, classifier));
  WS_TRY(ws_bytes_put_text(out, classifier->text));
  for (size_t b = 0; b < classifier->spec.count; b++)
    WS_TRY(put_block(&to, classifier, b));
  WS_TRY(put_names(&to, classifier));
  WS_TRY(put_arrays(&to, classifier));
  return ws_bytes_seal(out, to.start);
}
