/* SPDX-License-Identifier: MIT
 *
 * Counting terms. A word's bucket is the low bits of the XXH3 hash of its lower-cased
 * UTF-8; a pair is hashed with one blank between, so that the words are laid out one
 * behind the other and every term is a stretch of bytes. Repeats are found through a
 * small hash table whose slots carry the number of the text that filled them: it never
 * has to be emptied.
 */
#include "terms.h"

#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

void ws__terms_clear(ws__terms *terms) {
  ws_free(terms->items);
  ws_free(terms->slots);
  ws_buffer_clear(&terms->lower);
  ws_buffer_clear(&terms->words);
  *terms = (ws__terms){.options = terms->options};
}

static size_t slot_of(const ws__terms *terms, uint32_t bucket) {
  size_t mask = terms->slot_count - 1;
  size_t slot = (bucket * 2654435761u >> 7) & mask; // Knuth's multiplicative hash
  while (terms->slots[slot].stamp == terms->stamp &&
         terms->items[terms->slots[slot].item].bucket != bucket)
    slot = (slot + 1) & mask;
  return slot;
}

/* Doubles the table and enters the items of this text again. */
static ws_status grow_slots(ws__terms *terms) {
  size_t count = terms->slot_count ? terms->slot_count * 2 : 256;
  ws__term_slot *slots = ws_alloc_zero(count, sizeof *slots);
  if (!slots) return WS_ENOMEM;
  ws_free(terms->slots);
  terms->slots = slots;
  terms->slot_count = count;
  terms->stamp = 1;
  for (size_t i = 0; i < terms->count; i++)
    slots[slot_of(terms, terms->items[i].bucket)] = (ws__term_slot){1, (uint32_t)i};
  return WS_OK;
}

static ws_status add(ws__terms *terms, const char *data, size_t size) {
  uint32_t mask = ((uint32_t)1 << terms->options.hash_bits) - 1;
  uint32_t bucket = (uint32_t)ws_hash64(data, size, 0) & mask;
  if (2 * (terms->count + 1) > terms->slot_count) WS_TRY(grow_slots(terms));
  ws__term_slot *slot = &terms->slots[slot_of(terms, bucket)];
  if (slot->stamp == terms->stamp) {
    terms->items[slot->item].count++;
    return WS_OK;
  }
  if (!ws_grow(&terms->items, &terms->capacity, terms->count + 1, sizeof *terms->items))
    return WS_ENOMEM;
  *slot = (ws__term_slot){terms->stamp, (uint32_t)terms->count};
  terms->items[terms->count++] = (ws__term){bucket, 1};
  return WS_OK;
}

/* Forgets the last text. */
static void restart(ws__terms *terms) {
  terms->count = 0;
  terms->lower.size = 0;
  terms->words.size = 0;
  if (++terms->stamp != 0) return;
  if (terms->slots) memset(terms->slots, 0, terms->slot_count * sizeof *terms->slots);
  terms->stamp = 1;
}

ws_status ws__terms_count(ws__terms *terms, ws_text text) {
  restart(terms);
  WS_TRY(ws_text_lower(text, &terms->lower));
  ws_buffer *words = &terms->words;
  size_t position = 0, before = 0, start = 0; // where the previous and this word begin
  ws_text word;
  for (bool first = true;
       ws_text_next_word(ws_buffer_as_text(&terms->lower), &position, &word);
       first = false) {
    if (!first) WS_TRY(ws_buffer_append(words, " ", 1));
    before = start;
    start = words->size;
    WS_TRY(ws_buffer_text(words, word));
    WS_TRY(add(terms, words->data + start, words->size - start));
    if (!first && terms->options.max_ngram > 1)
      WS_TRY(add(terms, words->data + before, words->size - before));
  }
  return WS_OK;
}
