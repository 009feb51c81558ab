/* SPDX-License-Identifier: MIT
 *
 * Making a classifier ready for a header: what can be exported, how much of it, and the
 * part of it that is.
 *
 * Features that are left out count no longer in the length of a text's vector, as if they
 * had never been seen. Making up for that by weights that are smaller by the mean of what
 * is missing was tried: fewer records keep their class then.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "export_priv.h"

/* Compiled code, as the largest of the usual compilers make it with -Os. */
enum { CODE_BYTES = 4096, INT8_CODE_BYTES = 4352 };

ws_export_options ws_export_options_default(void) {
  return (ws_export_options){.name = "model"};
}

/* --- what can be exported ----------------------------------------------------------- */

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static ws_status check_name(const char *name, ws_error *err) {
  bool good = is_letter(name[0]) && strlen(name) <= 64;
  for (const char *c = name; *c; c++)
    good = good && (is_letter(*c) || (*c >= '0' && *c <= '9'));
  if (good) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "name: expected a C identifier of at most 64 letters, digits and "
                      "'_', found '%s'",
                      name);
}

static ws_status refuse(const ws_classifier *classifier, size_t b, const char *why,
                        ws_error *err) {
  ws_buffer block = {0};
  ws_status status = ws_classifier_block(classifier, b, &block);
  if (status == WS_OK)
    status = ws_error_set(err, WS_EINVAL,
                          "a header can only see the words and characters of one field; "
                          "the classifier has the block %s, %s",
                          block.data, why);
  else
    status = ws_error_nomem(err);
  ws_buffer_clear(&block);
  return status;
}

static ws_status check_blocks(const ws_classifier *classifier, ws_error *err) {
  const ws__spec *spec = &classifier->spec;
  if (classifier->H > 0)
    return ws_error_set(err, WS_EINVAL,
                        "expected a linear classifier, found a hidden layer of %zu units",
                        classifier->H);
  for (size_t b = 0; b < spec->count; b++) {
    if (!ws__block_has_terms(&spec->blocks[b]))
      return refuse(classifier, b, "which is neither", err);
    if (strcmp(spec->blocks[b].field, spec->blocks[0].field) != 0)
      return refuse(classifier, b, "of another field than the first", err);
  }
  return WS_OK;
}

/* --- how much of it ----------------------------------------------------------------- */

/* Bits of the directory of floats. */
static unsigned bin_bits(size_t A, size_t blocks) {
  unsigned bits = 0;
  while (bits < 20 && A / blocks >> bits > 8) bits++;
  return bits;
}

/* The compiled size of all but the entries. */
static size_t size_of_rest(const ws_export *e, const ws_classifier *classifier) {
  const ws__characters *c = &e->characters;
  size_t tables = c->runs.size + c->pages * 8 + c->case_count * sizeof(ws__case_range);
  size_t names = 0;
  for (size_t k = 0; k < classifier->K; k++)
    names += 8 + 1 + classifier->classes[k].size + 4; // pointer, text; bias
  return (e->int8 ? INT8_CODE_BYTES : CODE_BYTES) + tables + names;
}

/* The compiled size of A entries of the classifier, as floats. */
static size_t size_of(const ws_export *e, const ws_classifier *classifier, size_t A) {
  size_t blocks = classifier->spec.count, bin = A <= UINT16_MAX ? 2 : 4;
  size_t bins = blocks * (((size_t)1 << bin_bits(A, blocks)) + 1);
  return size_of_rest(e, classifier) + bins * bin + A * (8 + 4 * classifier->K);
}

size_t ws_export_bytes(const ws_export *e) {
  if (e->int8) return size_of_rest(e, e->classifier) + ws__packed_bytes(&e->packed);
  return size_of(e, e->classifier, e->classifier->A);
}

/* As many of the `most` entries as fit as floats; 0 where not even one does. */
static size_t count_floats(const ws_export *e, const ws_classifier *from, size_t most) {
  if (!e->most_bytes || size_of(e, from, most) <= e->most_bytes) return most;
  size_t low = 0; // fits, or is 0
  while (most - low > 1) {
    size_t middle = low + (most - low) / 2;
    if (size_of(e, from, middle) <= e->most_bytes)
      low = middle;
    else
      most = middle;
  }
  return low;
}

/* The same of either form, with the length of keys. WS_OK or WS_ENOMEM. */
static ws_status count_entries(ws_export *e, const ws_classifier *from, size_t most,
                               size_t *count) {
  size_t rest = size_of_rest(e, from);
  e->key_bits = 32;
  if (!e->int8)
    *count = count_floats(e, from, most);
  else if (!e->most_bytes || most == 0)
    *count = most;
  else if (e->most_bytes <= rest)
    *count = 0;
  else
    return ws__export_plan(from, most, e->most_bytes - rest, count, &e->key_bits);
  return WS_OK;
}

/* --- the part that is --------------------------------------------------------------- */

static ws_status take_names(ws_classifier *to, const ws_classifier *from) {
  for (size_t k = 0; k < from->K; k++)
    WS_TRY(ws_arena_text(&to->arena, from->classes[k], &to->classes[k]));
  return ws_arena_text(&to->arena, from->text, &to->text);
}

static void take_entry(ws_classifier *to, size_t at, const ws_classifier *from,
                       size_t e) {
  to->keys[at] = from->keys[e];
  to->scale[at] = from->scale[e];
  to->shift[at] = from->shift[e];
  memcpy(to->weights + at * to->K, from->weights + e * to->K, to->K * sizeof(float));
}

/* Of entries that the header cannot tell apart only the first is taken. */
static void take_entries(ws_classifier *to, const ws_classifier *from,
                         const uint32_t *chosen, size_t count, unsigned key_bits) {
  size_t at = 0, next = 0;
  for (size_t b = 0; b < from->spec.count; b++) {
    size_t first = at;
    for (; next < count && chosen[next] < from->ends[b]; next++) {
      uint64_t key = from->keys[chosen[next]];
      if (at > first &&
          key >> (32 - key_bits) == (uint64_t)to->keys[at - 1] >> (32 - key_bits))
        continue;
      take_entry(to, at++, from, chosen[next]);
    }
    to->ends[b] = at;
  }
  to->A = at;
}

static ws_status take_part(ws_export *e, const ws_classifier *from,
                           const uint32_t *chosen, size_t count) {
  ws_classifier *to;
  e->bin_bits = bin_bits(count, from->spec.count);
  WS_TRY(ws__classifier_new(from->K, count, &to));
  e->classifier = to;
  to->spec = from->spec;
  to->hash_bits = from->hash_bits;
  to->loss = from->loss;
  to->rows = from->rows;
  to->c = from->c;
  memcpy(to->bias, from->bias, from->K * sizeof *to->bias);
  WS_TRY(take_names(to, from));
  take_entries(to, from, chosen, count, e->key_bits);
  return ws__classifier_index(to);
}

static ws_status make_bins(ws_export *e) {
  const ws_classifier *c = e->classifier;
  size_t bins = (size_t)1 << e->bin_bits, at = 0;
  e->bins = ws_alloc_array(c->spec.count * (bins + 1), sizeof *e->bins);
  if (!e->bins) return WS_ENOMEM;
  for (size_t b = 0; b < c->spec.count; b++) {
    size_t next = ws__matrix_first(c->ends, b);
    for (size_t bin = 0; bin <= bins; bin++) {
      while (next < c->ends[b] && (uint64_t)c->keys[next] >> (32 - e->bin_bits) < bin)
        next++;
      e->bins[at++] = (uint32_t)next;
    }
  }
  return WS_OK;
}

/* --- together ----------------------------------------------------------------------- */

static void drop(ws_export *e) {
  ws_free(e->bins);
  e->bins = NULL;
  ws__packed_clear(&e->packed);
  ws_classifier_free(e->classifier);
  e->classifier = NULL;
}

static ws_status take(ws_export *e, const ws_classifier *from, size_t count) {
  uint32_t *chosen = ws_alloc_array(count + 1, sizeof *chosen);
  ws_status status = chosen ? ws__export_choose(from, count, chosen) : WS_ENOMEM;
  if (status == WS_OK) status = take_part(e, from, chosen, count);
  if (status == WS_OK) status = e->int8 ? ws__export_round(e) : make_bins(e);
  ws_free(chosen);
  return status;
}

/* What was planned is near what comes out: fewer where that is too large. */
static ws_status take_what_fits(ws_export *e, const ws_classifier *from, size_t count) {
  WS_TRY(take(e, from, count));
  while (e->most_bytes && ws_export_bytes(e) > e->most_bytes && count > 1) {
    count -= count / 64 + 1;
    drop(e);
    WS_TRY(take(e, from, count));
  }
  return WS_OK;
}

static ws_status too_small(const ws_export *e, const ws_classifier *from, ws_error *err) {
  size_t least = size_of_rest(e, from) + 64;
  return ws_error_set(
      err, WS_EINVAL,
      "size: expected %zu bytes (%zuK) or more, found %zu: code and tables "
      "of characters take that much, and features come on top",
      least, (least + 1023) / 1024, e->most_bytes);
}

static ws_status prepare(ws_export *e, const ws_classifier *from,
                         const ws_export_options *options, ws_error *err) {
  size_t most = from->A, count = 0;
  e->name = ws_alloc_array(strlen(options->name) + 1, 1);
  if (!e->name || ws__characters_init(&e->characters) != WS_OK)
    return ws_error_nomem(err);
  strcpy(e->name, options->name);
  e->int8 = options->int8;
  e->columns = e->int8 ? ws__export_columns(from->K) : from->K;
  e->of = from->A;
  e->most_bytes = options->most_bytes;
  if (options->entries && options->entries < most) most = options->entries;
  if (count_entries(e, from, most, &count) != WS_OK) return ws_error_nomem(err);
  if (count == 0 && from->A > 0) return too_small(e, from, err);
  return take_what_fits(e, from, count) == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws_export_new(const ws_classifier *classifier, const ws_export_options *options,
                        ws_export **out, ws_error *err) {
  ws_export_options usual = ws_export_options_default();
  if (!options) options = &usual;
  WS_TRY(check_name(options->name, err));
  WS_TRY(check_blocks(classifier, err));
  ws_export *e = ws_alloc_zero(1, sizeof *e);
  if (!e) return ws_error_nomem(err);
  ws_status status = prepare(e, classifier, options, err);
  if (status == WS_OK)
    *out = e;
  else
    ws_export_free(e);
  return status;
}

void ws_export_free(ws_export *e) {
  if (!e) return;
  ws_free(e->name);
  drop(e);
  ws__characters_clear(&e->characters);
  ws__lessons_clear(&e->lessons);
  ws_free(e);
}

const ws_classifier *ws_export_classifier(const ws_export *e) {
  return e->classifier;
}
