/* SPDX-License-Identifier: MIT
 *
 * Reading classifier.wsc, whose layout stands in classifier_file.c. The checksum is
 * checked first, and then every number all the same: who may write the file may write
 * the checksum, too.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>
#include <weaksup/output.h>

#include "classifier_file.h"
#include "classifier_priv.h"
#include "strongest.h"

enum { HEADER = 84 }; // bytes in front of the first text

static double take_finite(ws_bytes *in) {
  double number = ws_bytes_take_double(in);
  in->bad |= !isfinite(number);
  return number;
}

static ws_status malformed(ws_error *err, const char *what) {
  return ws_error_set(err, WS_EPARSE, "not a valid classifier: %s", what);
}

/* Magic, version and checksum; leaves the reader behind the version, before the checksum.
 */
static ws_status take_frame(ws_bytes *in, ws_error *err) {
  if (in->size < WS__CLASS_MAGIC_SIZE ||
      memcmp(in->data, WS__CLASS_MAGIC, WS__CLASS_MAGIC_SIZE) != 0)
    return ws_error_set(err, WS_EPARSE,
                        "expected a classifier (.wsc), found something else");
  if (in->size < HEADER + WS_BYTES_CHECKSUM) return malformed(err, "it is truncated");
  if (!ws_bytes_sealed((ws_text){(const char *)in->data, in->size}))
    return malformed(err, "checksum mismatch: it is truncated or damaged");
  in->size -= WS_BYTES_CHECKSUM;
  in->at = WS__CLASS_MAGIC_SIZE;
  uint64_t version = ws_bytes_take(in, 4);
  if (version != WS__CLASS_VERSION)
    return ws_error_set(err, WS_EPARSE, "expected version %d of the format, found %llu",
                        WS__CLASS_VERSION, (unsigned long long)version);
  return WS_OK;
}

/* The numbers of the header; K and A are checked against what the file can hold. */
static ws_status take_header(ws_bytes *in, ws_classifier *to, ws_error *err) {
  uint64_t tokenizer = ws_bytes_take(in, 4);
  to->hash_bits = (unsigned)ws_bytes_take(in, 4);
  uint64_t loss = ws_bytes_take(in, 4);
  to->loss = (ws_loss)loss;
  to->iterations = (unsigned)ws_bytes_take(in, 4);
  uint64_t converged = ws_bytes_take(in, 4);
  to->converged = converged == 1;
  to->c = take_finite(in);
  to->objective = take_finite(in);
  uint64_t K = ws_bytes_take(in, 8), A = ws_bytes_take(in, 8);
  to->rows = ws_bytes_take(in, 8);
  to->spec.count = (size_t)ws_bytes_take(in, 4);
  to->named_count = (size_t)ws_bytes_take(in, 4);
  uint64_t H = ws_bytes_take(in, 4);
  if (tokenizer != WS__CLASS_TOKENIZER)
    return malformed(err, "it needs another tokenizer");
  if (to->hash_bits < 8 || to->hash_bits > 26 || loss > WS_LOSS_HINGE || converged > 1 ||
      !(to->c > 0) || to->spec.count < 1 || to->spec.count > WS__MOST_BLOCKS || in->bad)
    return malformed(err, "its options are out of range");
  if (H > WS_MAX_HIDDEN || (H > 0 && loss != WS_LOSS_LOGISTIC))
    return malformed(err, "its options are out of range");
  if (K < 1 || K > WS_MAX_CLASSES || A > UINT32_MAX - 1 ||
      A * (H ? H : K) > in->size / 4 || to->named_count > A)
    return malformed(err, "its sizes do not fit the file");
  to->K = (size_t)K;
  to->A = (size_t)A;
  to->H = (size_t)H;
  return WS_OK;
}

static bool fits(const ws__block *block) {
  bool vectors = block->kind == WS__VECTORS, npy = block->kind == WS__NPY;
  if (block->kind < WS__WORDS || block->kind > WS__NPY) return false;
  if ((block->field[0] == '\0') != npy || (block->file[0] != '\0') != (vectors || npy))
    return false;
  if (vectors) return block->min_n == 1 && block->max_n == 1;
  if (!ws__block_has_terms(block)) return block->min_n == 0 && block->max_n == 0;
  return block->min_n >= 1 && block->min_n <= block->max_n && block->max_n <= 8;
}

/* A name that is shorter than `room` and holds no NUL. */
static void take_short(ws_bytes *in, char *out, size_t room) {
  ws_text name = ws_bytes_take_text(in);
  if (in->bad || name.size >= room || !ws_utf8_valid(name) ||
      (name.size > 0 && memchr(name.data, '\0', name.size)))
    in->bad = true;
  else if (name.size > 0)
    memcpy(out, name.data, name.size);
}

static ws_status take_block(ws_bytes *in, ws_classifier *to, size_t b, ws_error *err) {
  ws__block *block = &to->spec.blocks[b];
  block->kind = (ws__block_kind)ws_bytes_take(in, 4);
  block->min_n = (unsigned)ws_bytes_take(in, 4);
  block->max_n = (unsigned)ws_bytes_take(in, 4);
  block->min_df = (unsigned)ws_bytes_take(in, 4);
  size_t first = ws__matrix_first(to->ends, b), entries = (size_t)ws_bytes_take(in, 4);
  size_t words = (size_t)ws_bytes_take(in, 4);
  take_short(in, block->field, sizeof block->field);
  take_short(in, block->file, sizeof block->file);
  bool vectors = block->kind == WS__VECTORS;
  if (in->bad || !fits(block) || entries > to->A - first ||
      (vectors ? entries < 1 || words > in->size / 4 / entries : words > 0))
    return malformed(err, "a block of features is malformed");
  block->is_text = block->field[0] && ws_text_equal(ws_text_of(block->field), to->text);
  if (vectors) to->tables[b] = (ws__word_table){.words = words, .dimensions = entries};
  to->ends[b] = first + entries;
  return WS_OK;
}

static ws_status take_blocks(ws_bytes *in, ws_classifier *to, ws_error *err) {
  ws_text text = ws_bytes_take_text(in);
  if (in->bad || !ws_utf8_valid(text)) return malformed(err, "a name is malformed");
  WS_TRY(ws_arena_text(&to->arena, text, &to->text));
  for (size_t b = 0; b < to->spec.count; b++) WS_TRY(take_block(in, to, b, err));
  if (to->ends[to->spec.count - 1] != to->A)
    return malformed(err, "its blocks do not make up its features");
  return WS_OK;
}

static ws_status take_name(ws_bytes *in, ws_classifier *to, ws_text *out, ws_error *err) {
  ws_text name = ws_bytes_take_text(in);
  if (in->bad) return malformed(err, "a name is cut off");
  if (!ws_utf8_valid(name)) return malformed(err, "a name is not UTF-8");
  return ws_arena_text(&to->arena, name, out);
}

static ws_status take_names(ws_bytes *in, ws_classifier *to, ws_error *err) {
  to->classes = ws_alloc_zero(to->K, sizeof *to->classes);
  to->named = ws_alloc_zero(to->named_count, sizeof *to->named);
  if (!to->classes || !to->named) return WS_ENOMEM;
  for (size_t k = 0; k < to->K; k++) WS_TRY(take_name(in, to, &to->classes[k], err));
  WS_TRY(take_name(in, to, &to->summary, err));
  for (size_t i = 0; i < to->named_count; i++) {
    ws__named *named = &to->named[i];
    named->entry = (uint32_t)ws_bytes_take(in, 4);
    if (named->entry >= to->A || (i > 0 && named->entry <= named[-1].entry))
      return malformed(err, "its named features are not ascending");
    WS_TRY(take_name(in, to, &named->name, err));
  }
  return WS_OK;
}

/* Where the next array stands, NULL where the file ends before. */
static void *take_array(ws_bytes *in, size_t count) {
  while (in->at % WS__CLASS_ALIGN != 0 && !in->bad)
    in->bad = ws_bytes_take(in, 1) != 0 || in->bad;
  ws_text bytes = ws_bytes_take_run(in, count * 4);
  return in->bad ? NULL : (void *)(uintptr_t)bytes.data;
}

static bool all_finite(const float *numbers, size_t count) {
  uint32_t bad = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &numbers[i], sizeof bits);
    bad |= (bits & 0x7F800000u) == 0x7F800000u;
  }
  return !bad;
}

static bool keys_ascend(const ws_classifier *classifier) {
  for (size_t b = 0; b < classifier->spec.count; b++) {
    size_t first = ws__matrix_first(classifier->ends, b);
    bool list = ws__block_is_dense(&classifier->spec.blocks[b]);
    for (size_t e = first; e < classifier->ends[b]; e++) {
      if (e > first && classifier->keys[e] <= classifier->keys[e - 1]) return false;
      if (list && classifier->keys[e] != e - first) return false;
    }
  }
  return true;
}

/* An idf is 1 + log((1 + n) / (1 + df)), which is 1 to 46; 1 / deviation is 0 or more. */
static bool scales_are_right(const ws_classifier *classifier) {
  for (size_t b = 0; b < classifier->spec.count; b++) {
    bool terms = ws__block_has_terms(&classifier->spec.blocks[b]);
    for (size_t e = ws__matrix_first(classifier->ends, b); e < classifier->ends[b]; e++) {
      float scale = classifier->scale[e];
      if (terms ? !(scale > 0.5F && scale < 50) : !(scale >= 0)) return false;
    }
  }
  return true;
}

/* An array of numbers of 4 bytes, as they stand in memory. */
static void *take_numbers(ws_bytes *in, size_t count) {
  void *array = take_array(in, count);
  if (array && !ws__is_little_endian()) ws__swap_words(array, count);
  return array;
}

static ws_status take_table(ws_bytes *in, ws__word_table *table, ws_error *err) {
  if (table->dimensions == 0) return WS_OK;
  size_t numbers = table->words * table->dimensions;
  table->keys = take_numbers(in, table->words);
  table->weights = take_numbers(in, table->words);
  table->vectors = take_numbers(in, numbers);
  if (in->bad) return malformed(err, "its arrays do not fit the file");
  for (size_t i = 1; i < table->words; i++)
    if (table->keys[i] <= table->keys[i - 1])
      return malformed(err, "its words are not ascending");
  for (size_t i = 0; i < table->words; i++)
    if (!(table->weights[i] >= 0 && table->weights[i] <= 1))
      return malformed(err, "a weight of a word is out of range");
  if (!all_finite(table->vectors, numbers))
    return malformed(err, "a number of it is not finite");
  return WS_OK;
}

static ws_status take_arrays(ws_bytes *in, ws_classifier *to, ws_error *err) {
  size_t K = to->K, A = to->A, H = to->H, width = ws__classifier_width(to);
  to->keys = take_numbers(in, A);
  to->scale = take_numbers(in, A);
  to->shift = take_numbers(in, A);
  to->bias = take_numbers(in, width);
  to->weights = take_numbers(in, A * width);
  if (H) to->second = take_numbers(in, (H + 1) * K);
  if (in->bad) return malformed(err, "its arrays do not fit the file");
  for (size_t b = 0; b < to->spec.count; b++) WS_TRY(take_table(in, &to->tables[b], err));
  if (in->at != in->size) return malformed(err, "its arrays do not fit the file");
  if (!keys_ascend(to)) return malformed(err, "its features are not ascending");
  if (!all_finite(to->scale, A) || !all_finite(to->shift, A) ||
      !all_finite(to->bias, width) || !all_finite(to->weights, A * width) ||
      (H && !all_finite(to->second, (H + 1) * K)))
    return malformed(err, "a number of it is not finite");
  if (!scales_are_right(to)) return malformed(err, "an idf of it is out of range");
  return WS_OK;
}

static ws_status take_all(ws_classifier *to, ws_error *err) {
  ws_bytes in = ws_bytes_of(to->file.bytes);
  WS_TRY(take_frame(&in, err));
  WS_TRY(take_header(&in, to, err));
  WS_TRY(take_blocks(&in, to, err));
  WS_TRY(take_names(&in, to, err));
  WS_TRY(take_arrays(&in, to, err));
  ws__mean_named(to);
  return ws__classifier_index(to);
}

/* Takes the file's bytes over. */
static ws_status decode(ws_mapping *file, ws_classifier **out, ws_error *err) {
  ws_classifier *classifier = ws_alloc_zero(1, sizeof *classifier);
  if (!classifier) return ws_error_nomem(err);
  classifier->file = *file;
  *file = (ws_mapping){0};
  ws_status status = take_all(classifier, err);
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  return status;
}

ws_status ws_classifier_decode(ws_text bytes, ws_classifier **out, ws_error *err) {
  ws_buffer copy = {0};
  ws_status status = ws_buffer_text(&copy, bytes);
  ws_mapping file = ws_mapping_of(&copy);
  status = status == WS_OK ? decode(&file, out, err) : ws_error_nomem(err);
  ws_mapping_clear(&file);
  return status;
}

/* Whether the file begins as another one; it may be large, or a device without an end.
 * What cannot be read twice is taken on trust. */
static bool is_other(const char *path) {
  struct stat about;
  char begin[8];
  if (stat(path, &about) != 0 || !(S_ISREG(about.st_mode) || S_ISCHR(about.st_mode)))
    return false;
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  size_t size = fread(begin, 1, sizeof begin, file);
  (void)fclose(file);
  return size < sizeof begin || memcmp(begin, WS__CLASS_MAGIC, sizeof begin) != 0;
}

/* The arrays are used where they stand, unless their numbers have to be turned round. */
static ws_status open_file(const char *path, ws_mapping *file, ws_error *err) {
  ws_buffer bytes = {0};
  if (ws__is_little_endian()) return ws_mapping_open(path, file, err);
  ws_status status = ws_input_file(path, SIZE_MAX / 2, &bytes, err);
  *file = ws_mapping_of(&bytes);
  return status;
}

ws_status ws_classifier_load(const char *path, ws_classifier **out, ws_error *err) {
  ws_mapping file = {0};
  if (is_other(path))
    return ws_error_set(err, WS_EPARSE,
                        "%s: expected a classifier (.wsc), found something else", path);
  ws_status status = open_file(path, &file, err);
  if (status == WS_OK) {
    status = decode(&file, out, err);
    if (status == WS_EPARSE) ws_error_prefix(err, "%s: ", path);
  }
  ws_mapping_clear(&file);
  return status;
}
