/* SPDX-License-Identifier: MIT
 *
 * Words for each class of a new task: those that stand out in its gold records, or
 * placeholders; and names for its labeling functions.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "init.h"

enum {
  PARTS = 3,       // of a class's words: the list, the pattern, the Lua code
  NAME_MOST = 40,  // bytes of a class in the name of a labeling function
  PLACEHOLDERS = 9 // frequent words for each class, without gold labels
};

size_t init_lf_classes(init *in) {
  return in->class_count < INIT_LF_CLASSES ? in->class_count : INIT_LF_CLASSES;
}

bool init_word(const init_class *class, int part, size_t i, ws_text *out) {
  size_t at = class->word_count < PARTS ? i : i * PARTS + (size_t)part;
  if (at >= class->word_count) return false;
  *out = class->words[at];
  return true;
}

/* A word is of one class only: what tells two tells nothing. */
static bool is_used(init *in, ws_text word) {
  for (size_t k = 0; k < init_lf_classes(in); k++)
    for (size_t i = 0; i < in->classes[k].word_count; i++)
      if (ws_text_equal(in->classes[k].words[i], word)) return true;
  return false;
}

static ws_status add_word(init *in, init_class *class, ws_text word) {
  if (class->word_count == INIT_WORDS || is_used(in, word)) return WS_OK;
  return ws_arena_text(&in->arena, word, &class->words[class->word_count++]);
}

/* The words of the class's own name: a text that has them may well be of it. */
static ws_status add_name(init *in, init_class *class) {
  ws_buffer lower = {0};
  ws_status status = ws_text_lower(class->name, &lower);
  size_t position = 0;
  ws_text word;
  while (status == WS_OK &&
         ws_text_next_word(ws_buffer_as_text(&lower), &position, &word))
    if (word.size > 2 && word.size <= NAME_MOST) status = add_word(in, class, word);
  ws_buffer_clear(&lower);
  return status;
}

static ws_status add_last_resort(init *in, size_t k) {
  char word[40];
  if (in->classes[k].word_count) return WS_OK;
  snprintf(word, sizeof word, "replace_me_%zu", k);
  return add_word(in, &in->classes[k], ws_text_of(word));
}

/* --- where they come from --- */

/* Of a few dozen texts hundreds of words stand out by chance. Where most records have no
 * label, no more of them will come to tell such words from others: they must be surer. */
static bool is_sure(const init *in, const ws_telling_word *word) {
  static const double of_dozens = 2.5, of_part = 3.5; // z
  if (in->word_gold < INIT_FEW_GOLD) return word->z >= of_dozens;
  return !in->some_gold || word->z >= of_part;
}

static ws_status add_telling(init *in, const ws_text *texts, const int32_t *labels) {
  size_t K = in->class_count;
  WS_TRY(ws_telling_words_new(texts, labels, in->kept_used, K, 2 * INIT_WORDS,
                              &in->telling));
  // the best of every class first, so that none takes another's
  for (size_t i = 0; i < 2 * INIT_WORDS; i++)
    for (size_t k = 0; k < init_lf_classes(in); k++) {
      if (i >= ws_telling_words_count(in->telling, k)) continue;
      const ws_telling_word *word = ws_telling_words_at(in->telling, k, i);
      if (is_sure(in, word)) WS_TRY(add_word(in, &in->classes[k], word->word));
    }
  return WS_OK;
}

/* Words of a dev set that is so small would be chosen by what is to judge them; and words
 * of some classes alone would leave the others without a vote. */
static ws_status try_gold(init *in, const ws_text *texts, const int32_t *labels) {
  for (size_t i = 0; i < in->kept_used; i++) in->word_gold += labels[i] >= 0;
  if (!in->word_gold || (in->own_dev && in->word_gold < INIT_FEW_GOLD)) return WS_OK;
  WS_TRY(add_telling(in, texts, labels));
  in->words_by_gold = true;
  if (in->word_gold >= INIT_FEW_GOLD && !in->some_gold) return WS_OK;
  for (size_t k = 0; k < init_lf_classes(in); k++)
    in->words_by_gold = in->words_by_gold && in->classes[k].word_count;
  if (in->words_by_gold) return WS_OK;
  for (size_t k = 0; k < init_lf_classes(in); k++) in->classes[k].word_count = 0;
  ws_telling_words_free(in->telling);
  in->telling = NULL;
  return WS_OK;
}

static ws_status add_frequent(init *in, const ws_text *texts) {
  size_t classes = init_lf_classes(in);
  WS_TRY(
      ws_frequent_words_new(texts, in->kept_used, PLACEHOLDERS * classes, &in->telling));
  for (size_t i = 0; i < ws_telling_words_count(in->telling, 0); i++)
    WS_TRY(add_word(in, &in->classes[i % classes],
                    ws_telling_words_at(in->telling, 0, i)->word));
  return WS_OK;
}

static ws_status add_words(init *in, const ws_text *texts, const int32_t *labels) {
  WS_TRY(try_gold(in, texts, labels));
  // names first, so that none is dealt to another class
  for (size_t k = 0; k < init_lf_classes(in); k++)
    if (in->classes[k].word_count == 0) WS_TRY(add_name(in, &in->classes[k]));
  if (!in->words_by_gold) WS_TRY(add_frequent(in, texts));
  for (size_t k = 0; k < init_lf_classes(in); k++) WS_TRY(add_last_resort(in, k));
  return WS_OK;
}

/* --- names --- */

static bool same_name(ws_text a, ws_text b) { // on some disks case does not count
  if (a.size != b.size) return false;
  for (size_t i = 0; i < a.size; i++)
    if ((a.data[i] | 0x20) != (b.data[i] | 0x20)) return false;
  return true;
}

static ws_status name_lf(init *in, size_t k) {
  ws_text name = in->classes[k].name;
  char safe[NAME_MOST + 32];
  size_t size = 0;
  for (size_t i = 0; i < name.size && size < NAME_MOST; i++) {
    char c = name.data[i];
    bool kept =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (kept || (size && safe[size - 1] != '_')) safe[size++] = kept ? c : '_';
  }
  while (size && safe[size - 1] == '_') size--;
  safe[size] = '\0';
  bool clashes = size == 0;
  for (size_t j = 0; j < k && !clashes; j++)
    clashes = same_name(in->classes[j].lf, (ws_text){safe, size});
  if (clashes)
    snprintf(safe + size, sizeof safe - size, "%s%zu", size ? "__" : "class__", k);
  return ws_arena_text(&in->arena, ws_text_of(safe), &in->classes[k].lf);
}

ws_status init_choose_words(init *in, ws_error *err) {
  ws_text *texts = ws_alloc_array(in->kept_used, sizeof *texts);
  int32_t *labels = ws_alloc_array(in->kept_used, sizeof *labels);
  ws_status status = texts && labels ? WS_OK : WS_ENOMEM;
  for (size_t i = 0; i < in->kept_used && status == WS_OK; i++) {
    int32_t label = in->kept_labels[i];
    texts[i] = ws_records_at(in->kept, i).text;
    labels[i] = label < 0 ? WS_ABSTAIN : in->class_of[label];
  }
  if (status == WS_OK) status = add_words(in, texts, labels);
  for (size_t k = 0; k < in->class_count && status == WS_OK; k++) status = name_lf(in, k);
  ws_free(texts);
  ws_free(labels);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}
