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

/* --- short numbers ------------------------------------------------------------------ */

typedef struct ws__bits {
  ws_buffer bytes; // the highest bits first
  unsigned left;   // bits of the last byte that are free
} ws__bits;

/* How many bits the number takes, and writing it; templates/entries_int8.h reads it. */
unsigned ws__number_bits(uint32_t number, unsigned width);
ws_status ws__bits_number(ws__bits *to, uint32_t number, unsigned width);
/* The last `count` bits of the value. */
ws_status ws__bits_put(ws__bits *to, uint32_t value, unsigned count);
size_t ws__bits_size(const ws__bits *bits);
/* The next bit begins a byte. */
void ws__bits_align(ws__bits *to);

/* 0, -1, 1, -2, 2, ... as 0, 1, 2, 3, 4, ... */
static inline uint32_t ws__zigzag(int32_t number) {
  return number < 0 ? (uint32_t)(-2 * number - 1) : (uint32_t)(2 * number);
}

enum { WS__LEVELS = 240 };

typedef struct ws__alike {
  uint64_t hash; // of the weights
  uint32_t entry;
} ws__alike;

/* All weights as multiples of a step; the last class of columns == K - 1 has what makes
 * the sum 0. */
typedef struct ws__rounded {
  size_t K, A, columns;
  size_t levels;
  float idf[WS__LEVELS];
  uint8_t widths[WS__LEVELS]; // of the numbers of entries of this level
  uint8_t *level;             // [A]
  int16_t *values;            // [A][columns]
  float step;
  double *row;       // [2][K] working memory
  int32_t *numbers;  // [K]
  uint64_t *lengths; // [WS__LEVELS][widths]
  ws__alike *order;  // [A] entries with the same weights stand together
} ws__rounded;

size_t ws__export_columns(size_t K);
/* The levels, but no weights yet. To be cleared whatever the status: WS_OK or WS_ENOMEM.
 */
ws_status ws__rounded_init(ws__rounded *to, const ws_classifier *from);
void ws__rounded_clear(ws__rounded *rounded);
/* The weights, the step being larger where numbers would not fit. */
void ws__round(ws__rounded *to, const ws_classifier *from, float step);
unsigned ws__rounded_row_bits(const ws__rounded *rounded, size_t e);
void ws__rounded_take_back(const ws__rounded *from, ws_classifier *to);

/* The same numbers as the header has them: see templates/entries_int8.h. */
typedef struct ws__packed {
  unsigned key_bits;     // of the hash
  unsigned bin_bits;     // the first of these
  unsigned pointer_bits; // 0: rows stand in their entries
  size_t pool;           // byte where the rows begin that do not
  uint8_t key_widths[WS__MOST_BLOCKS];
  size_t bin_count;         // [blocks][2^bin_bits + 1]
  uint32_t *bases, *starts; // of every 16th bin, in bits; [bin_count] from there
  bool long_starts;         // they do not fit 16 bits
  size_t levels;
  float idf[WS__LEVELS];
  uint8_t widths[WS__LEVELS];
  float step;
  ws__bits bits;
} ws__packed;

/* Whether rows that are equal should stand but once. */
bool ws__pack_has_pool(size_t columns);
/* first[A]: the first entry, in the order of order[count] (NULL: as they stand), that has
 * the same level and row. */
ws_status ws__pack_find_equal(const ws__rounded *rounded, const uint32_t *order,
                              size_t count, uint32_t *first);
/* With so many entries in a bin at most, in the mean of a block. To be cleared whatever
 * the status: WS_OK or WS_ENOMEM. */
ws_status ws__pack(ws__packed *to, const ws_classifier *classifier,
                   const ws__rounded *rounded, unsigned key_bits, unsigned load);
size_t ws__packed_bytes(const ws__packed *packed);
void ws__packed_clear(ws__packed *packed);

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
  unsigned key_bits;
  size_t most_bytes; // of the whole; 0: any number
  ws__packed packed; // of int8, instead of bins
  ws__characters characters;
  ws__lessons lessons;
};

/* Whether so many of A entries are so few that training them again is better. */
static inline bool ws__export_is_few(size_t left, size_t A) {
  return left < A / 4;
}

/* The `most` entries that matter most, ascending: out[most]. */
ws_status ws__export_choose(const ws_classifier *from, size_t most, uint32_t *out);

/* How many of the `most` entries that matter most fit into so many bytes as numbers, and
 * how many bits their keys have then. WS_OK or WS_ENOMEM. */
ws_status ws__export_plan(const ws_classifier *from, size_t most, size_t bytes,
                          size_t *count, unsigned *key_bits);

/* Rounds the classifier's weights as finely as the size allows. WS_OK or WS_ENOMEM. */
ws_status ws__export_round(ws_export *e);

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
