/* SPDX-License-Identifier: MIT
 *
 * A dev set in two: the records that a prompt may show, and those that select labeling
 * functions (LFs). What an author was shown proves nothing about what they wrote.
 */
#ifndef WEAKSUP_DEV_SPLIT_H
#define WEAKSUP_DEV_SPLIT_H

#include <weaksup/task.h>

WS_BEGIN_DECLS

typedef struct ws_dev_split_options {
  double prompt_share; // of the records, 0 .. 1; default 0.3
  uint64_t seed;       // default 0
} ws_dev_split_options;

WS_API ws_dev_split_options ws_dev_split_options_default(void);

typedef struct ws_dev_split {
  size_t prompt, select; // records of each
  size_t prompt_gold;    // of them with a gold label
  size_t select_gold;    //
  size_t texts, twice;   // different texts, and records whose text others have, too
} ws_dev_split;

/* Deals `rows` records by a hash of their texts: in_prompt[rows] is true for those of the
 * first half, the others select. Texts that differ in case and blanks only are one, and
 * are all on one side, whatever their labels. gold[rows] are classes below `classes` or
 * WS_ABSTAIN, NULL: there is none. Each class is split by the share as far as its texts
 * allow; where it has one text only, that one selects. Whether a text is on one side
 * depends on the texts and labels that there are and the seed, not on their order. NULL
 * options are the defaults; `out` may be NULL. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_dev_split_rows(const ws_text *texts, const int32_t *gold,
                                            size_t rows, size_t classes,
                                            const ws_dev_split_options *options,
                                            bool *in_prompt, ws_dev_split *out);

/* Which of texts[count] are among those[rows], in any case and with any blanks:
 * found[count] is true for them. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_dev_split_find(const ws_text *those, size_t rows,
                                            const ws_text *texts, size_t count,
                                            bool *found);

/* The rows that a prompt may show in the order in which it should: out[rows] gets the
 * numbers of those that are in_prompt[rows], *count how many they are; after one row of
 * each class one more of each follows, as far as there are such, so that every stretch
 * has all classes. Rows of a class come in an order drawn by the seed. gold[rows] are
 * classes below `classes`; a row without gold (WS_ABSTAIN) is no example. WS_ENOMEM only.
 */
WS_API WS_CHECK ws_status ws_dev_split_examples(const int32_t *gold,
                                                const bool *in_prompt, size_t rows,
                                                size_t classes, uint64_t seed,
                                                size_t *out, size_t *count);

WS_END_DECLS

#endif
