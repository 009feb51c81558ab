/* SPDX-License-Identifier: MIT
 *
 * A classifier that is being exported, from inside.
 */
#ifndef WS_EXPORT_PRIV_H
#define WS_EXPORT_PRIV_H

#include <weaksup/export.h>

#include "classifier_priv.h"
#include "terms.h"

/* Lower case and kinds of all characters, as the tables of a header. */
typedef struct ws__case_range {
  uint32_t first;      // times 2, plus 1 where it is every second character only
  uint16_t count, add; // to the character's low 16 bits
} ws__case_range;

typedef struct ws__characters {
  ws_buffer runs; // see templates/characters.h
  uint32_t *page_first, *page_at;
  size_t pages, pages_capacity;
  ws__case_range *cases;
  size_t case_count, cases_capacity;
} ws__characters;

/* The character in UTF-8; returns its length. */
size_t ws__utf8_encode(uint32_t c, char out[4]);

/* To be cleared whatever the status: WS_OK or WS_ENOMEM. */
ws_status ws__characters_init(ws__characters *characters);
void ws__characters_clear(ws__characters *characters);

/* Weights of one byte. A weight w of column c is steps[c] * q * |q|; an idf is
 * idf_least + q * idf_step. */
typedef struct ws__bytes_form {
  int8_t *weights;     // [A][columns]
  uint8_t *idf;        // [A]
  float *steps, *bias; // [columns]
  float idf_least, idf_step;
} ws__bytes_form;

/* Texts to train the entries that are left on. */
typedef struct ws__lessons {
  ws__terms terms; // working memory
  size_t n;
  size_t *begin; // [n + 1]
  size_t begin_capacity;
  ws__cell *cells; // [begin[n]] .index is the entry
  size_t cell_count, cells_capacity;
  double *targets; // [n][K]
  size_t targets_capacity;
} ws__lessons;

void ws__lessons_clear(ws__lessons *lessons);

struct ws_export {
  char *name;
  bool int8;
  ws_classifier *classifier; // what is left, as the header has it
  size_t of;                 // entries before
  size_t columns;
  unsigned bin_bits;
  uint32_t *bins; // [blocks][2^bin_bits + 1] where the entries begin whose keys begin so
  ws__bytes_form bytes; // of int8
  ws__characters characters;
  ws__lessons lessons;
};

/* Whether so many of A entries are so few that training them again is better. */
static inline bool ws__export_is_few(size_t left, size_t A) {
  return left < A / 4;
}

/* The `most` entries that matter most, ascending: out[most]. */
ws_status ws__export_choose(const ws_classifier *from, size_t most, uint32_t *out);

/* Rounds the classifier's weights to what bytes hold. WS_OK or WS_ENOMEM. */
ws_status ws__export_round(ws_export *e);
void ws__export_round_clear(ws__bytes_form *bytes);

/* The parts of the header that are the same for all, line by line, NULL at the end; NAME
 * stands for the prefix. */
extern const char *const ws__template_characters[];
extern const char *const ws__template_numbers[];
extern const char *const ws__template_entries_float[];
extern const char *const ws__template_entries_int8[];
extern const char *const ws__template_counting[];
extern const char *const ws__template_words[];
extern const char *const ws__template_stretches[];
extern const char *const ws__template_predicting[];

#endif
