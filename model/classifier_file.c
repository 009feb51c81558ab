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

#include <weaksup/hash.h>
#include <weaksup/output.h>

#include "classifier_priv.h"

static const char magic[8] = "WSCLASS\n";
enum { VERSION = 1, TOKENIZER = 1, CHECKSUM = 16, HEADER = 72, ALIGN = 64 };

/* --- writing ------------------------------------------------------------------------ */

typedef struct writer {
  ws_buffer *out;
  size_t start; // of the file in the buffer
} writer;

static ws_status put_uint(writer *to, uint64_t number, size_t size) {
  unsigned char bytes[8];
  for (size_t i = 0; i < size; i++) bytes[i] = (unsigned char)(number >> 8 * i);
  return ws_buffer_append(to->out, bytes, size);
}

static ws_status put_double(writer *to, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return put_uint(to, bits, 8);
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
    WS_TRY(put_uint(to, bits, 4));
  }
  return WS_OK;
}

static ws_status put_header(writer *to, const ws_classifier *classifier) {
  WS_TRY(ws_buffer_append(to->out, magic, sizeof magic));
  WS_TRY(put_uint(to, VERSION, 4));
  WS_TRY(put_uint(to, TOKENIZER, 4));
  WS_TRY(put_uint(to, classifier->options.hash_bits, 4));
  WS_TRY(put_uint(to, classifier->options.max_ngram, 4));
  WS_TRY(put_uint(to, classifier->iterations, 4));
  WS_TRY(put_uint(to, classifier->converged, 4));
  WS_TRY(put_double(to, classifier->c));
  WS_TRY(put_double(to, classifier->objective));
  WS_TRY(put_uint(to, classifier->K, 8));
  WS_TRY(put_uint(to, classifier->A, 8));
  return put_uint(to, classifier->rows, 8);
}

static ws_status put_arrays(writer *to, const ws_classifier *classifier) {
  WS_TRY(align(to));
  for (size_t a = 0; a < classifier->A; a++)
    WS_TRY(put_uint(to, classifier->buckets[a], 4));
  WS_TRY(put_floats(to, classifier->idf, classifier->A));
  WS_TRY(put_floats(to, classifier->bias, classifier->K));
  return put_floats(to, classifier->weights, classifier->A * classifier->K);
}

ws_status ws_classifier_encode(const ws_classifier *classifier, ws_buffer *out) {
  writer to = {out, out->size};
  WS_TRY(put_header(&to, classifier));
  for (size_t k = 0; k < classifier->K; k++) {
    WS_TRY(put_uint(&to, classifier->classes[k].size, 4));
    WS_TRY(ws_buffer_text(out, classifier->classes[k]));
  }
  WS_TRY(put_arrays(&to, classifier));
  ws_hash128 hash = ws_hash128_of(out->data + to.start, out->size - to.start);
  WS_TRY(put_uint(&to, hash.low, 8));
  return put_uint(&to, hash.high, 8);
}

/* --- reading ------------------------------------------------------------------------ */

/* What is left of the file. A read beyond the end sets `bad` and gives 0. */
typedef struct reader {
  const unsigned char *start;
  size_t at, size;
  bool bad;
} reader;

static uint64_t take_uint(reader *in, size_t size) {
  uint64_t number = 0;
  if (in->size - in->at < size) {
    in->bad = true;
    return 0;
  }
  for (size_t i = 0; i < size; i++) number |= (uint64_t)in->start[in->at + i] << 8 * i;
  in->at += size;
  return number;
}

static double take_double(reader *in) {
  uint64_t bits = take_uint(in, 8);
  double number;
  memcpy(&number, &bits, sizeof number);
  in->bad |= !isfinite(number);
  return number;
}

static float take_float(reader *in) {
  uint32_t bits = (uint32_t)take_uint(in, 4);
  float number;
  memcpy(&number, &bits, sizeof number);
  in->bad |= !isfinite(number);
  return number;
}

static void take_zeros(reader *in) {
  while (in->at % ALIGN != 0 && !in->bad) in->bad = take_uint(in, 1) != 0 || in->bad;
}

static ws_status malformed(ws_error *err, const char *what) {
  return ws_error_set(err, WS_EPARSE, "not a valid classifier: %s", what);
}

/* Magic, version and checksum; leaves the reader behind the version, before the checksum.
 */
static ws_status take_frame(reader *in, ws_error *err) {
  if (in->size < sizeof magic || memcmp(in->start, magic, sizeof magic) != 0)
    return ws_error_set(err, WS_EPARSE,
                        "expected a classifier (.wsc), found something else");
  if (in->size < HEADER + CHECKSUM) return malformed(err, "it is truncated");
  in->size -= CHECKSUM;
  ws_hash128 hash = ws_hash128_of(in->start, in->size);
  reader tail = {in->start, in->size, in->size + CHECKSUM, false};
  in->at = sizeof magic;
  uint64_t version = take_uint(in, 4);
  if (take_uint(&tail, 8) != hash.low || take_uint(&tail, 8) != hash.high)
    return malformed(err, "checksum mismatch: it is truncated or damaged");
  if (version != VERSION)
    return ws_error_set(err, WS_EPARSE, "expected version %d of the format, found %llu",
                        VERSION, (unsigned long long)version);
  return WS_OK;
}

/* The numbers of the header, into a classifier without arrays; K and A are checked
 * against what the file can hold. */
static ws_status take_header(reader *in, ws_classifier *head, ws_error *err) {
  uint64_t tokenizer = take_uint(in, 4);
  head->options.hash_bits = (unsigned)take_uint(in, 4);
  head->options.max_ngram = (unsigned)take_uint(in, 4);
  head->iterations = (unsigned)take_uint(in, 4);
  uint64_t converged = take_uint(in, 4);
  head->converged = converged == 1;
  head->c = take_double(in);
  head->objective = take_double(in);
  uint64_t K = take_uint(in, 8), A = take_uint(in, 8);
  head->rows = take_uint(in, 8);
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

static ws_status take_names(reader *in, ws_classifier *classifier, ws_error *err) {
  for (size_t k = 0; k < classifier->K; k++) {
    size_t size = (size_t)take_uint(in, 4);
    if (in->bad || size > in->size - in->at) return malformed(err, "a name is cut off");
    ws_text name = {(const char *)in->start + in->at, size};
    if (!ws_utf8_valid(name)) return malformed(err, "a name is not UTF-8");
    WS_TRY(ws_arena_text(&classifier->arena, name, &classifier->classes[k]));
    in->at += size;
  }
  return WS_OK;
}

static void take_floats(reader *in, float *numbers, size_t count) {
  take_zeros(in);
  for (size_t i = 0; i < count && !in->bad; i++) numbers[i] = take_float(in);
}

static ws_status take_arrays(reader *in, ws_classifier *classifier, ws_error *err) {
  take_zeros(in);
  for (size_t a = 0; a < classifier->A && !in->bad; a++) {
    classifier->buckets[a] = (uint32_t)take_uint(in, 4);
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
  reader in = {(const unsigned char *)bytes.data, 0, bytes.size, false};
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
