/* SPDX-License-Identifier: MIT
 *
 * The classifier.wsc file. All numbers are little-endian:
 *
 *   8 bytes   "WSCLASS" and a line feed
 *   u32       version, 1
 *   u32       tokenizer, 1: lower-cased words, pairs joined by a blank, XXH3-64, low bits
 *   u32       hash bits;  u32 longest n-gram
 *   u32       iterations of the training;  u32 converged, 0 or 1
 *   f64       C;  f64 objective
 *   u64       K classes;  u64 A active buckets;  u64 rows trained on
 *   K         names: u32 size, bytes
 *   A x u32   buckets, ascending
 *   A x f32   idf
 *   K x f32   bias
 *   A x K x f32  weights, the K of the first bucket first
 *   16 bytes  XXH3-128 of all that stands before
 *
 * Each of the four arrays begins at a multiple of 64 bytes, zeros filling up, so that
 * they can be used where the file is mapped. Reading checks the checksum first, and then
 * every number all the same.
 */
#include <math.h>
#include <string.h>

#include <weaksup/bytes.h>
#include <weaksup/output.h>

#include "classifier_priv.h"

static const char magic[8] = "WSCLASS\n";
enum { VERSION = 1, TOKENIZER = 1, HEADER = 72, ALIGN = 64 };

/* --- writing ------------------------------------------------------------------------ */

typedef struct writer {
  ws_buffer *out;
  size_t start; // of the file in the buffer
} writer;

static ws_status put_double(writer *to, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return ws_bytes_put(to->out, bits, 8);
}

static ws_status align(writer *to) {
  static const char zeros[ALIGN] = {0};
  size_t over = (to->out->size - to->start) % ALIGN;
  return ws_buffer_append(to->out, zeros, over ? ALIGN - over : 0);
}

static ws_status put_floats(writer *to, const float *numbers, size_t count) {
  WS_TRY(align(to));
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &numbers[i], sizeof bits);
    WS_TRY(ws_bytes_put(to->out, bits, 4));
  }
  return WS_OK;
}

static ws_status put_header(writer *to, const ws_classifier *classifier) {
  WS_TRY(ws_buffer_append(to->out, magic, sizeof magic));
  WS_TRY(ws_bytes_put(to->out, VERSION, 4));
  WS_TRY(ws_bytes_put(to->out, TOKENIZER, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->options.hash_bits, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->options.max_ngram, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->iterations, 4));
  WS_TRY(ws_bytes_put(to->out, classifier->converged, 4));
  WS_TRY(put_double(to, classifier->c));
  WS_TRY(put_double(to, classifier->objective));
  WS_TRY(ws_bytes_put(to->out, classifier->K, 8));
  WS_TRY(ws_bytes_put(to->out, classifier->A, 8));
  return ws_bytes_put(to->out, classifier->rows, 8);
}

static ws_status put_arrays(writer *to, const ws_classifier *classifier) {
  WS_TRY(align(to));
  for (size_t a = 0; a < classifier->A; a++)
    WS_TRY(ws_bytes_put(to->out, classifier->buckets[a], 4));
  WS_TRY(put_floats(to, classifier->idf, classifier->A));
  WS_TRY(put_floats(to, classifier->bias, classifier->K));
  return put_floats(to, classifier->weights, classifier->A * classifier->K);
}

ws_status ws_classifier_encode(const ws_classifier *classifier, ws_buffer *out) {
  writer to = {out, out->size};
  WS_TRY(put_header(&to, classifier));
  for (size_t k = 0; k < classifier->K; k++)
    WS_TRY(ws_bytes_put_text(out, classifier->classes[k]));
  WS_TRY(put_arrays(&to, classifier));
  return ws_bytes_seal(out, to.start);
}

/* --- reading ------------------------------------------------------------------------ */

static double take_double(ws_bytes *in) {
  uint64_t bits = ws_bytes_take(in, 8);
  double number;
  memcpy(&number, &bits, sizeof number);
  in->bad |= !isfinite(number);
  return number;
}

static float take_float(ws_bytes *in) {
  uint32_t bits = (uint32_t)ws_bytes_take(in, 4);
  float number;
  memcpy(&number, &bits, sizeof number);
  in->bad |= !isfinite(number);
  return number;
}

static void take_zeros(ws_bytes *in) {
  while (in->at % ALIGN != 0 && !in->bad) in->bad = ws_bytes_take(in, 1) != 0 || in->bad;
}

static ws_status malformed(ws_error *err, const char *what) {
  return ws_error_set(err, WS_EPARSE, "not a valid classifier: %s", what);
}

/* Magic, version and checksum; leaves the reader behind the version, before the checksum.
 */
static ws_status take_frame(ws_bytes *in, ws_error *err) {
  if (in->size < sizeof magic || memcmp(in->data, magic, sizeof magic) != 0)
    return ws_error_set(err, WS_EPARSE,
                        "expected a classifier (.wsc), found something else");
  if (in->size < HEADER + WS_BYTES_CHECKSUM) return malformed(err, "it is truncated");
  if (!ws_bytes_sealed((ws_text){(const char *)in->data, in->size}))
    return malformed(err, "checksum mismatch: it is truncated or damaged");
  in->size -= WS_BYTES_CHECKSUM;
  in->at = sizeof magic;
  uint64_t version = ws_bytes_take(in, 4);
  if (version != VERSION)
    return ws_error_set(err, WS_EPARSE, "expected version %d of the format, found %llu",
                        VERSION, (unsigned long long)version);
  return WS_OK;
}

/* The numbers of the header, into a classifier without arrays; K and A are checked
 * against what the file can hold. */
static ws_status take_header(ws_bytes *in, ws_classifier *head, ws_error *err) {
  uint64_t tokenizer = ws_bytes_take(in, 4);
  head->options.hash_bits = (unsigned)ws_bytes_take(in, 4);
  head->options.max_ngram = (unsigned)ws_bytes_take(in, 4);
  head->iterations = (unsigned)ws_bytes_take(in, 4);
  uint64_t converged = ws_bytes_take(in, 4);
  head->converged = converged == 1;
  head->c = take_double(in);
  head->objective = take_double(in);
  uint64_t K = ws_bytes_take(in, 8), A = ws_bytes_take(in, 8);
  head->rows = ws_bytes_take(in, 8);
  if (tokenizer != TOKENIZER) return malformed(err, "it needs another tokenizer");
  if (head->options.hash_bits < 8 || head->options.hash_bits > 26 ||
      head->options.max_ngram < 1 || head->options.max_ngram > 2 || converged > 1 ||
      !(head->c > 0) || in->bad)
    return malformed(err, "its options are out of range");
  if (K < 1 || K > WS_MAX_CLASSES || A > (uint64_t)1 << head->options.hash_bits ||
      A * K * 4 > in->size)
    return malformed(err, "its sizes do not fit the file");
  head->K = (size_t)K;
  head->A = (size_t)A;
  return WS_OK;
}

static ws_status take_names(ws_bytes *in, ws_classifier *classifier, ws_error *err) {
  for (size_t k = 0; k < classifier->K; k++) {
    ws_text name = ws_bytes_take_text(in);
    if (in->bad) return malformed(err, "a name is cut off");
    if (!ws_utf8_valid(name)) return malformed(err, "a name is not UTF-8");
    WS_TRY(ws_arena_text(&classifier->arena, name, &classifier->classes[k]));
  }
  return WS_OK;
}

static void take_floats(ws_bytes *in, float *numbers, size_t count) {
  take_zeros(in);
  for (size_t i = 0; i < count && !in->bad; i++) numbers[i] = take_float(in);
}

static ws_status take_arrays(ws_bytes *in, ws_classifier *classifier, ws_error *err) {
  take_zeros(in);
  for (size_t a = 0; a < classifier->A && !in->bad; a++) {
    classifier->buckets[a] = (uint32_t)ws_bytes_take(in, 4);
    if (classifier->buckets[a] >> classifier->options.hash_bits != 0 ||
        (a > 0 && classifier->buckets[a] <= classifier->buckets[a - 1]))
      return malformed(err, "its buckets are not ascending");
  }
  take_floats(in, classifier->idf, classifier->A);
  take_floats(in, classifier->bias, classifier->K);
  take_floats(in, classifier->weights, classifier->A * classifier->K);
  if (in->bad || in->at != in->size)
    return malformed(err, "its arrays do not fit the file");
  return WS_OK;
}

ws_status ws_classifier_decode(ws_text bytes, ws_classifier **out, ws_error *err) {
  ws_bytes in = ws_bytes_of(bytes);
  ws_classifier head = {0}, *classifier = NULL;
  WS_TRY(take_frame(&in, err));
  WS_TRY(take_header(&in, &head, err));
  ws_status status = ws__classifier_new(head.K, head.A, &classifier);
  if (status != WS_OK) return ws_error_nomem(err);
  classifier->options = head.options;
  classifier->iterations = head.iterations;
  classifier->converged = head.converged;
  classifier->c = head.c;
  classifier->objective = head.objective;
  classifier->rows = head.rows;
  status = take_names(&in, classifier, err);
  if (status == WS_OK) status = take_arrays(&in, classifier, err);
  if (status == WS_OK) status = ws__classifier_index(classifier);
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  return status;
}

ws_status ws_classifier_load(const char *path, ws_classifier **out, ws_error *err) {
  ws_buffer bytes = {0};
  ws_status status = ws_input_file(path, SIZE_MAX / 2, &bytes, err);
  if (status == WS_OK) {
    status = ws_classifier_decode(ws_buffer_as_text(&bytes), out, err);
    if (status == WS_EPARSE) ws_error_prefix(err, "%s: ", path);
  }
  ws_buffer_clear(&bytes);
  return status;
}
