/* SPDX-License-Identifier: MIT
 *
 * Writing the header: what it is, its options, its tables, and the code that is the same
 * for all (templates/).
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/version.h>

#include "export_priv.h"

/* The first failure, which can only be lack of memory, is kept. */
typedef struct writer {
  const ws_export *e;
  ws_buffer *out;
  ws_status status;
} writer;

static void put(writer *to, const char *data, size_t size) {
  if (to->status == WS_OK) to->status = ws_buffer_append(to->out, data, size);
}

/* A line, NAME being replaced by the prefix. */
static void line(writer *to, const char *text) {
  for (const char *name; (name = strstr(text, "NAME")) != NULL; text = name + 4) {
    put(to, text, (size_t)(name - text));
    put(to, to->e->name, strlen(to->e->name));
  }
  put(to, text, strlen(text));
  put(to, "\n", 1);
}

static void lines(writer *to, const char *const *template) {
  line(to, "");
  for (; *template; template ++) line(to, *template);
}

/* Text within a comment: it neither ends there, nor changes the direction of writing. */
static void put_comment_text(writer *to, ws_text text) {
  ws_buffer copy = {0};
  if (to->status == WS_OK) to->status = ws_buffer_text(&copy, text);
  if (to->status == WS_OK) {
    ws_text_clean(copy.data, copy.size);
    for (size_t i = 0; i < copy.size; i++)
      if (strchr("*\\?", copy.data[i])) copy.data[i] = '.';
    put(to, copy.data, copy.size);
  }
  ws_buffer_clear(&copy);
}

/* Text within a C string. */
static void put_string_text(writer *to, ws_text text) {
  for (size_t i = 0; i < text.size; i++) {
    unsigned char c = (unsigned char)text.data[i];
    char octal[8];
    if (c >= ' ' && c < 0x7F && !strchr("\"\\?", c)) {
      put(to, &text.data[i], 1);
      continue;
    }
    snprintf(octal, sizeof octal, "\\%03o", c);
    put(to, octal, strlen(octal));
  }
}

/* --- arrays ------------------------------------------------------------------------- */

typedef enum number_kind { U32, U8, F32 } number_kind;

/* In C's locale, whatever the one of the program that calls. */
static int print_float(char *out, size_t size, float number) {
  snprintf(out, size, "%.9g", (double)number);
  size_t digits = strspn(out, "+-0123456789infa"), rest = digits;
  while (out[rest] && !strchr("0123456789e", out[rest])) rest++;
  if (rest > digits) { // the decimal point, which may be of several bytes
    out[digits] = '.';
    memmove(out + digits + 1, out + rest, strlen(out + rest) + 1);
  }
  return (int)strlen(out);
}

static int print_number(char *out, size_t size, number_kind kind, const void *numbers,
                        size_t i) {
  switch (kind) {
  case U32:
    return snprintf(out, size, "%lu", (unsigned long)((const uint32_t *)numbers)[i]);
  case U8:
    return snprintf(out, size, "%u", (unsigned)((const uint8_t *)numbers)[i]);
  case F32:
    break;
  }
  int length = print_float(out, size, ((const float *)numbers)[i]);
  const char *rest = strpbrk(out, ".e") ? "f" : ".0f"; // "1f" is no number
  return length + snprintf(out + length, size - (size_t)length, "%s", rest);
}

/* static const TYPE NAME_name[] = {...}; nothing is one 0, as C has no empty arrays. */
static void array(writer *to, const char *type, const char *name, number_kind kind,
                  const void *numbers, size_t count) {
  char text[160];
  static const char none[4] = {0};
  snprintf(text, sizeof text, "static const %s NAME_%s[%zu] = {", type, name,
           count ? count : 1);
  line(to, text);
  if (!count) numbers = none;
  size_t column = 0;
  for (size_t i = 0; i < (count ? count : 1); i++) {
    char digits[32];
    int size = print_number(digits, sizeof digits, kind, numbers, i);
    if (column + (size_t)size > 96) {
      put(to, "\n", 1);
      column = 0;
    }
    put(to, digits, (size_t)size);
    put(to, ",", 1);
    column += (size_t)size + 1;
  }
  line(to, "};");
}

/* A number as a macro: the name and what follows it. */
static void define(writer *to, const char *name, const char *value) {
  char text[160];
  snprintf(text, sizeof text, "#define NAME_%s %s", name, value);
  line(to, text);
}

static void define_count(writer *to, const char *name, size_t value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%zu", value);
  define(to, name, digits);
}

static void define_real(writer *to, const char *name, float value) {
  char digits[32], text[64];
  print_float(digits, sizeof digits, value);
  snprintf(text, sizeof text, "((NAME_real)%s)", digits);
  define(to, name, text);
}

/* --- the head ----------------------------------------------------------------------- */

static void put_features(writer *to) {
  const ws_classifier *c = to->e->classifier;
  char text[120];
  ws_buffer blocks = {0};
  if (to->status == WS_OK) to->status = ws_classifier_blocks(c, &blocks);
  put(to, " *   features  ", 15);
  put_comment_text(to, ws_buffer_as_text(&blocks));
  snprintf(text, sizeof text, ": %zu of %zu that were trained", c->A, to->e->of);
  line(to, text);
  ws_buffer_clear(&blocks);
}

static void put_comment(writer *to) {
  const ws_export *e = to->e;
  const ws_classifier *c = e->classifier;
  char text[160];
  line(to, "/* NAME: a text classifier, written by weaksup " WS_VERSION ".");
  line(to, " *");
  put(to, " *   classes   ", 15);
  for (size_t k = 0; k < c->K; k++) {
    if (k) put(to, ", ", 2);
    put_comment_text(to, c->classes[k]);
  }
  line(to, "");
  put_features(to);
  snprintf(text, sizeof text, " *   weights   %s",
           e->int8 ? "whole multiples of a step" : "floats");
  line(to, text);
  snprintf(text, sizeof text, " *   size      about %zu KB, compiled with -Os",
           (ws_export_bytes(e) + 1023) / 1024);
  line(to, text);
}

static const char *const usage[] = {
    " *",
    " * NAME_predict(text, size, probs) returns the index of the most probable class of "
    "a",
    " * UTF-8 text, NAME_class_names[] has their names. C99 and C++, without library,",
    " * without allocations, without state: several threads may call it. NAME_SLOTS, a",
    " * power of two, is how many different n-grams (3/4 of it) one pass over the text "
    "can",
    " * count, 12 bytes of stack each; longer texts take more passes, with the same "
    "result.",
    " *",
    " * This file may be used, changed and passed on by anybody, without conditions and",
    " * without any warranty.",
    " */",
    "#ifndef NAME_HEADER",
    "#define NAME_HEADER",
    "",
    "#include <stddef.h>",
    "#include <stdint.h>",
    "",
    "#ifndef NAME_SLOTS",
    "#define NAME_SLOTS 512",
    "#endif",
    "",
    NULL,
};

static void put_classes(writer *to) {
  const ws_classifier *c = to->e->classifier;
  define_count(to, "CLASSES", c->K);
  line(to, "");
  line(to, "static const char *const NAME_class_names[NAME_CLASSES] = {");
  for (size_t k = 0; k < c->K; k++) {
    put(to, "  \"", 3);
    put_string_text(to, c->classes[k]);
    line(to, "\",");
  }
  line(to, "};");
  line(to, "");
}

/* --- the tables --------------------------------------------------------------------- */

static void put_characters(writer *to) {
  const ws__characters *c = &to->e->characters;
  char text[160];
  line(to, "/* Characters: kinds, and lower case, of all of Unicode. */");
  define_count(to, "PAGES", c->pages);
  define_count(to, "CASES", c->case_count);
  array(to, "uint32_t", "page_first", U32, c->page_first, c->pages);
  array(to, "uint32_t", "page_at", U32, c->page_at, c->pages);
  array(to, "uint8_t", "runs", U8, c->runs.data, c->runs.size);
  line(to, "static const struct { uint32_t first; uint16_t count, add; } "
           "NAME_cases[NAME_CASES] "
           "= {");
  for (size_t i = 0; i < c->case_count; i++) {
    snprintf(text, sizeof text, "  {%lu, %u, %u},", (unsigned long)c->cases[i].first,
             (unsigned)c->cases[i].count, (unsigned)c->cases[i].add);
    line(to, text);
  }
  line(to, "};");
  line(to, "");
}

static void put_blocks(writer *to) {
  const ws__spec *spec = &to->e->classifier->spec;
  uint8_t shortest[WS__MOST_BLOCKS], longest[WS__MOST_BLOCKS], words[WS__MOST_BLOCKS];
  for (size_t b = 0; b < spec->count; b++) {
    shortest[b] = (uint8_t)spec->blocks[b].min_n;
    longest[b] = (uint8_t)spec->blocks[b].max_n;
    words[b] = spec->blocks[b].kind == WS__WORDS;
  }
  line(to, "/* Blocks of n-grams: of words, or of characters. */");
  define_count(to, "BLOCKS", spec->count);
  array(to, "uint8_t", "block_shortest", U8, shortest, spec->count);
  array(to, "uint8_t", "block_longest", U8, longest, spec->count);
  array(to, "uint8_t", "block_is_words", U8, words, spec->count);
  line(to, "");
}

/* Entries: the n-grams that are known. */
static void put_keys(writer *to) {
  const ws_export *e = to->e;
  const ws_classifier *c = e->classifier;
  size_t bins = c->spec.count * (((size_t)1 << e->bin_bits) + 1);
  line(
      to,
      "/* Entries, which are the n-grams that are known: bins of keys, idf, weights. */");
  define_count(to, "BIN_BITS", e->bin_bits);
  line(to,
       c->A <= UINT16_MAX ? "typedef uint16_t NAME_bin;" : "typedef uint32_t NAME_bin;");
  array(to, "NAME_bin", "bins", U32, e->bins, bins);
}

static void put_floats(writer *to) {
  const ws_classifier *c = to->e->classifier;
  put_keys(to);
  array(to, "uint32_t", "keys", U32, c->keys, c->A);
  array(to, "float", "idf", F32, c->scale, c->A);
  array(to, "float", "weights", F32, c->weights, c->A * c->K);
  array(to, "float", "bias", F32, c->bias, c->K);
}

static void put_packed(writer *to) {
  const ws_export *e = to->e;
  const ws__packed *p = &e->packed;
  char mask[48];
  snprintf(mask, sizeof mask, "UINT32_C(%llu)",
           (1ULL << (p->key_bits - p->bin_bits)) - 1);
  line(to, "/* Entries, which are the n-grams that are known, as a string of bits. */");
  define_count(to, "BIN_BITS", p->bin_bits);
  define_count(to, "KEY_BITS", p->key_bits);
  define(to, "KEY_MASK", mask);
  define_count(to, "POINTER_BITS", p->pointer_bits);
  define_count(to, "POOL", p->pool);
  define_real(to, "STEP", p->step);
  array(to, "uint32_t", "bases", U32, p->bases, p->bin_count / 16 + 1);
  array(to, p->long_starts ? "uint32_t" : "uint16_t", "starts", U32, p->starts,
        p->bin_count);
  array(to, "uint8_t", "key_widths", U8, p->key_widths, e->classifier->spec.count);
  array(to, "float", "idf", F32, p->idf, p->levels);
  array(to, "uint8_t", "widths", U8, p->widths, p->levels);
  array(to, "uint8_t", "bits", U8, p->bits.bytes.data, p->bits.bytes.size);
  array(to, "float", "bias", F32, e->classifier->bias, e->classifier->K);
}

/* --- the code ----------------------------------------------------------------------- */

static void put_counters(writer *to) {
  const ws__spec *spec = &to->e->classifier->spec;
  bool words = false, chars = false;
  for (size_t b = 0; b < spec->count; b++) {
    words |= spec->blocks[b].kind == WS__WORDS;
    chars |= spec->blocks[b].kind == WS__CHARS;
  }
  if (words) lines(to, ws__template_words);
  if (chars) lines(to, ws__template_stretches);
  line(to, "");
  line(to, "static inline void NAME_count_block(NAME_state *s, const char *text, size_t "
           "size) {");
  if (words && chars) line(to, "  if (NAME_block_is_words[s->block])");
  if (words)
    line(to, words && chars ? "    NAME_count_words(s, text, size);"
                            : "  NAME_count_words(s, text, size);");
  if (words && chars) line(to, "  else");
  if (chars)
    line(to, words ? "    NAME_count_characters(s, text, size);"
                   : "  NAME_count_characters(s, text, size);");
  line(to, "}");
}

static void put_code(writer *to) {
  lines(to, ws__template_characters);
  lines(to, ws__template_numbers);
  lines(to, to->e->int8 ? ws__template_entries_int8 : ws__template_entries_float);
  lines(to, ws__template_counting);
  put_counters(to);
  lines(to, ws__template_predicting);
  line(to, "");
  line(to, "#endif");
}

ws_status ws_export_header(const ws_export *e, ws_buffer *out) {
  writer to = {e, out, WS_OK};
  put_comment(&to);
  for (const char *const *text = usage; *text; text++) line(&to, *text);
  put_classes(&to);
  define_count(&to, "COLUMNS", e->columns);
  line(&to, e->int8 ? "typedef float NAME_real;" : "typedef double NAME_real;");
  line(&to, "");
  put_blocks(&to);
  if (e->int8)
    put_packed(&to);
  else
    put_floats(&to);
  line(&to, "");
  put_characters(&to);
  put_code(&to);
  return to.status;
}
