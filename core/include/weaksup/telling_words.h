/* SPDX-License-Identifier: MIT
 *
 * Words that stand out in the texts of a class, and words that are frequent: the first
 * entries of keyword lists.
 *
 * Words are those of ws_text_next_word in lower case, of two characters or more. A text
 * counts once for each different word in it. A word stands out by the log-odds of finding
 * it in a text of the class against one of the others, each count with a half added,
 * divided by their standard error: a rare word needs more of a difference (B. Woolf: On
 * estimating the relation between blood group and disease, 1955; the half is J. B. S.
 * Haldane's, The estimation and significance of the logarithm of a ratio of frequencies,
 * 1956).
 */
#ifndef WEAKSUP_TELLING_WORDS_H
#define WEAKSUP_TELLING_WORDS_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

typedef struct ws_telling_word {
  ws_text word;             // lower case
  uint64_t inside, outside; // texts of the class, and of the others, that have it
  double z;                 // log-odds by standard error; 0 for frequent words
} ws_telling_word;

typedef struct ws_telling_words ws_telling_words;

/* texts[count] and the class of each, labels[count] below K; negative: of no class, not
 * looked at. At most `most` words for each class, the most telling first, those that are
 * equally so in byte order; each is above z = 1 and in two texts of the class, or in one
 * where the class has fewer than ten. The texts may go away afterwards. WS_ENOMEM only.
 */
WS_API WS_CHECK ws_status ws_telling_words_new(const ws_text *texts,
                                               const int32_t *labels, size_t count,
                                               size_t K, size_t most,
                                               ws_telling_words **out);
/* The `most` most frequent words of four characters or more that are in no more than half
 * of the texts (where there are none, of all words), as those of class 0. */
WS_API WS_CHECK ws_status ws_frequent_words_new(const ws_text *texts, size_t count,
                                                size_t most, ws_telling_words **out);
WS_API void ws_telling_words_free(ws_telling_words *words);

/* How many there are of class k, and the i-th of them, which is the object's. */
WS_API size_t ws_telling_words_count(const ws_telling_words *words, size_t k);
WS_API const ws_telling_word *ws_telling_words_at(const ws_telling_words *words, size_t k,
                                                  size_t i);

WS_END_DECLS

#endif
