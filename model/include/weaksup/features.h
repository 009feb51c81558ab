/* SPDX-License-Identifier: MIT
 *
 * Features of records: what a classifier sees of them.
 *
 * A specification lists blocks, such as "words(text) chars(text) field(length)". Each
 * block is a sparse vector of its own, weighted and normalised by itself; a record's
 * vector is the blocks side by side.
 *
 *   words(F)  words and punctuation marks of the text field F in lower case, and pairs of
 *             neighbours: words(F, 1-2); 1 to 5 in a row
 *   chars(F)  stretches of 2 to 5 characters of what stands between blanks, with a blank
 *             before and behind: chars(F, 2-5); 1 to 8
 *   number(F), category(F), field(F)
 *             a number, standardised; a text or truth value, as one of those seen in
 *             training; whichever of the two the value is (a text that is a number, as
 *             in CSV, is one)
 *   vector(F) a list of numbers, of one length in all records, scaled to length 1
 *   vectors(F, FILE)
 *             the text field F by the word vectors of the file (weaksup/word_vectors.h):
 *             the mean of its words', rarer words weighing more, scaled to length 1
 *   npy(FILE) a row of a matrix (weaksup/npy.h): that of the record's place in its file,
 *             scaled to length 1; at most one
 *
 * Words and characters weigh 1 + log tf times smooth idf (1 + log((1+n)/(1+df))), the
 * block being scaled to length 1 (Gerard Salton, Christopher Buckley: Term-weighting
 * approaches in automatic text retrieval, 1988; the smoothing is scikit-learn's).
 *
 * Every feature is known by a 64-bit hash, and document frequencies are counted by it.
 * Character stretches that only one record has drop out; of what remains, a block keeps
 * the 2^hash_bits most frequent.
 */
#ifndef WEAKSUP_FEATURES_H
#define WEAKSUP_FEATURES_H

#include <weaksup/hash.h>
#include <weaksup/records.h>

WS_BEGIN_DECLS

typedef struct ws_features_options {
  // As above. NULL: words and characters of the task's text field.
  const char *blocks;
  const char *text;   // the task's text field, which is a record's .text; NULL: "text"
  unsigned hash_bits; // 2^bits features a block at most; 8 .. 26, default 18
  // So many words of a file of vectors, those in front, are kept for records to come,
  // beside all that occur in training; default 50000.
  size_t vector_words;
} ws_features_options;

WS_API ws_features_options ws_features_options_default(void);

/* Features of many records: sparse rows in the order of adding. */
typedef struct ws_features ws_features;

/* WS_EPARSE where the specification is none: the message shows where it ends being one;
 * WS_EPARSE or WS_EIO where a file that it names is malformed or not there. */
WS_API WS_CHECK ws_status ws_features_new(const ws_features_options *options,
                                          ws_features **out, ws_error *err);
WS_API void ws_features_free(ws_features *features);
/* WS_EPARSE, naming the field, where the record has not what a block needs; null is an
 * empty text, no number, no category. The record may go away afterwards. */
WS_API WS_CHECK ws_status ws_features_add(ws_features *features, const ws_record *record,
                                          ws_error *err);
/* For records that come from another file from now on: their matrix, where there is a
 * block npy. WS_EINVAL where the one so far has not a row for each record, or this one
 * not its columns; path NULL: where one is needed. */
WS_API WS_CHECK ws_status ws_features_next_npy(ws_features *features, const char *path,
                                               ws_error *err);
/* Features of rows[count] alone, in this order: the same as if only those records had
 * been added, so that vocabulary, document frequencies and means are theirs. No record
 * can be added to them. WS_EINVAL once `features` were trained on. */
WS_API WS_CHECK ws_status ws_features_pick(ws_features *features, const size_t *rows,
                                           size_t count, ws_features **out,
                                           ws_error *err);
WS_API size_t ws_features_rows(const ws_features *features);

/* Whether a block of options->blocks is made of the field. False where they are none. */
WS_API bool ws_features_read(const ws_features_options *options, const char *field);

/* The hash of the contents of all files that options->blocks names. WS_EPARSE where that
 * is no specification, WS_EIO where a file cannot be read. */
WS_API WS_CHECK ws_status ws_features_digest(const ws_features_options *options,
                                             ws_hash128 *out, ws_error *err);

WS_END_DECLS

#endif
