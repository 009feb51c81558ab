/* SPDX-License-Identifier: MIT
 *
 * Counting terms. The text becomes an array of characters once; words and stretches of
 * characters are hashed where they stand. Repeats are found through a small hash table
 * whose slots carry the number of the text that filled them: it never has to be emptied.
 */
#include "terms.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "feature_hash.h"

void ws__terms_clear(ws__terms *terms) {
  ws_free(terms->items);
  ws_free(terms->slots);
  ws_free(terms->chars);
  ws_free(terms->words);
  *terms = (ws__terms){0};
}

/* --- the table ---------------------------------------------------------------------- */

static size_t slot_of(const ws__terms *terms, uint64_t hash) {
  size_t mask = terms->slot_count - 1, slot = (size_t)hash & mask;
  while (terms->slots[slot].stamp == terms->stamp &&
         terms->items[terms->slots[slot].item].hash != hash)
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
    slots[slot_of(terms, terms->items[i].hash)] = (ws__term_slot){1, (uint32_t)i};
  return WS_OK;
}

static ws_status append(ws__terms *terms, uint64_t hash, float value) {
  if (!ws_grow(&terms->items, &terms->capacity, terms->count + 1, sizeof *terms->items))
    return WS_ENOMEM;
  terms->items[terms->count++] = (ws__term){hash, value};
  return WS_OK;
}

static ws_status add(ws__terms *terms, uint64_t hash) {
  if (2 * (terms->count + 1) > terms->slot_count) WS_TRY(grow_slots(terms));
  ws__term_slot *slot = &terms->slots[slot_of(terms, hash)];
  if (slot->stamp == terms->stamp) {
    terms->items[slot->item].value++;
    return WS_OK;
  }
  *slot = (ws__term_slot){terms->stamp, (uint32_t)terms->count};
  return append(terms, hash, 1);
}

/* Forgets the last text. */
static void restart(ws__terms *terms) {
  terms->count = 0;
  if (++terms->stamp != 0) return;
  if (terms->slots) memset(terms->slots, 0, terms->slot_count * sizeof *terms->slots);
  terms->stamp = 1;
}

/* --- texts -------------------------------------------------------------------------- */

/* Hashes the words, and each punctuation mark as one. Returns how many there are. */
static size_t hash_words(const uint32_t *chars, size_t count, uint64_t *words) {
  size_t n = 0;
  for (size_t i = 0; i < count;) {
    ws_char_kind kind = ws_char_kind_of(chars[i]);
    uint64_t hash = ws__hash_step(WS__HASH_START, ws_char_lower(chars[i++]));
    if (kind == WS_CHAR_SPACE) continue;
    if (kind == WS_CHAR_WORD)
      while (i < count && (ws_char_kind_of(chars[i]) == WS_CHAR_WORD ||
                           ws_char_kind_of(chars[i]) == WS_CHAR_MARK))
        hash = ws__hash_step(hash, ws_char_lower(chars[i++]));
    words[n++] = hash;
  }
  return n;
}

static ws_status add_words(ws__terms *terms, const ws__block *block, size_t count) {
  if (!ws_grow(&terms->words, &terms->words_capacity, count, sizeof *terms->words))
    return WS_ENOMEM;
  size_t n = hash_words(terms->chars, count, terms->words);
  for (size_t i = 0; i < n; i++) {
    uint64_t hash = 0;
    for (size_t length = 1; length <= block->max_n && i + length <= n; length++) {
      hash = ws__hash_join(hash, terms->words[i + length - 1]);
      if (length >= block->min_n) WS_TRY(add(terms, ws__hash_end(hash)));
    }
  }
  return WS_OK;
}

/* The stretches of what stands between two blanks, [size] characters, with a blank before
 * and behind; one that is too short for the shortest counts as a whole. */
static ws_status add_stretches(ws__terms *terms, const ws__block *block,
                               const uint32_t *chars, size_t size) {
  size_t padded = size + 2;
  size_t shortest = block->min_n < padded ? block->min_n : padded;
  for (size_t first = 0; first + shortest <= padded; first++) {
    uint64_t hash = WS__HASH_START;
    for (size_t n = 1; n <= block->max_n && first + n <= padded; n++) {
      size_t at = first + n - 1; // in the padded characters
      bool blank = at == 0 || at == padded - 1;
      hash = ws__hash_step(hash, blank ? ' ' : ws_char_lower(chars[at - 1]));
      if (n >= shortest) WS_TRY(add(terms, ws__hash_end(hash)));
    }
  }
  return WS_OK;
}

static ws_status add_chars(ws__terms *terms, const ws__block *block, size_t count) {
  const uint32_t *chars = terms->chars;
  for (size_t i = 0; i < count;) {
    size_t first = i;
    while (i < count && ws_char_kind_of(chars[i]) != WS_CHAR_SPACE) i++;
    if (i > first) WS_TRY(add_stretches(terms, block, chars + first, i - first));
    while (i < count && ws_char_kind_of(chars[i]) == WS_CHAR_SPACE) i++;
  }
  return WS_OK;
}

ws_status ws__terms_of_text(ws__terms *terms, const ws__block *block, ws_text text) {
  restart(terms);
  if (!ws_grow(&terms->chars, &terms->chars_capacity, text.size, sizeof *terms->chars))
    return WS_ENOMEM;
  size_t count = ws_text_chars(text, terms->chars);
  return block->kind == WS__CHARS ? add_chars(terms, block, count)
                                  : add_words(terms, block, count);
}

/* --- other fields ------------------------------------------------------------------- */

/* What a float cannot hold would become infinite. */
static ws_status add_number(ws__terms *terms, const ws__block *block, uint64_t hash,
                            double number, ws_error *err) {
  if (fabs(number) <= (double)FLT_MAX) return append(terms, hash, (float)number);
  return ws_error_set(
      err, WS_EPARSE,
      "field '%s': expected a number between -3.4e38 and 3.4e38, found %g", block->field,
      number);
}

static ws_status add_category(ws__terms *terms, ws_text text) {
  uint64_t hash = WS__HASH_START;
  for (size_t i = 0; i < text.size; i++)
    hash = ws__hash_step(hash, (unsigned char)text.data[i]);
  return append(terms, ws__hash_end(hash) | 1, 1); // 0 is that of a number
}

static ws_text text_of_bool(ws_value value) {
  return ws_text_of(ws_value_bool(value) ? "true" : "false");
}

/* A number, or a text that is one. */
static bool is_number(ws_value value, double *out) {
  ws_type type = ws_value_type(value);
  if (type == WS_STRING) return ws_text_to_double(ws_value_text(value), out);
  if (type != WS_INT && type != WS_DOUBLE) return false;
  *out = ws_value_number(value);
  return true;
}

static ws_status wrong(const ws__block *block, const char *what, ws_value value,
                       ws_error *err) {
  return ws_error_set(err, WS_EPARSE, "field '%s': expected %s, found %s", block->field,
                      what, ws_value_type_text(value));
}

static ws_status add_scalar(ws__terms *terms, const ws__block *block, ws_value value,
                            ws_error *err) {
  double number;
  ws_type type = ws_value_type(value);
  if (type == WS_STRING && ws_value_text(value).size == 0) return WS_OK; // CSV's null
  if (block->kind != WS__CATEGORY && is_number(value, &number))
    return add_number(terms, block, 0, number, err);
  if (block->kind == WS__NUMBER && type == WS_STRING)
    return ws_error_set(err, WS_EPARSE, "field '%s': expected a number, found '%.*s'",
                        block->field, WS_TEXT_ARG(ws_value_text(value)));
  if (block->kind == WS__NUMBER) return wrong(block, "a number", value, err);
  if (type == WS_STRING) return add_category(terms, ws_value_text(value));
  if (type == WS_BOOL) return add_category(terms, text_of_bool(value));
  if (type == WS_INT) {
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)ws_value_int(value));
    return add_category(terms, ws_text_of(digits));
  }
  return wrong(block, "a text, a truth value or a whole number", value, err);
}

static ws_status add_vector(ws__terms *terms, const ws__block *block, ws_value value,
                            ws_error *err) {
  if (ws_value_type(value) != WS_ARRAY)
    return wrong(block, "a list of numbers", value, err);
  ws_value_iter it = ws_value_each(value);
  ws_text key;
  ws_value item;
  for (uint64_t i = 0; ws_value_next(&it, &key, &item); i++) {
    ws_type type = ws_value_type(item);
    if (type != WS_INT && type != WS_DOUBLE)
      return ws_error_set(
          err, WS_EPARSE,
          "field '%s': expected a list of numbers, found %s as item %llu%s", block->field,
          ws_value_type_text(item), (unsigned long long)i + 1,
          type == WS_NULL ? " (null in place of the whole list is no vector)" : "");
    WS_TRY(add_number(terms, block, i, ws_value_number(item), err));
  }
  return WS_OK;
}

ws_status ws__terms_of_list(ws__terms *terms, const double *numbers, size_t count) {
  restart(terms);
  for (size_t i = 0; i < count; i++) WS_TRY(append(terms, i, (float)numbers[i]));
  return WS_OK;
}

static ws_status add_text(ws__terms *terms, const ws__block *block, ws_value value,
                          ws_error *err) {
  if (ws_value_type(value) != WS_STRING) return wrong(block, "a text", value, err);
  return ws__terms_of_text(terms, block, ws_value_text(value));
}

static ws_status missing(const ws__block *block, ws_value fields, ws_error *err) {
  enum { MOST = 64 };
  char names[MOST][WS__FIELD_NAME];
  const char *pointers[MOST];
  size_t count = 0;
  ws_value_iter it = fields.at ? ws_value_each(fields) : (ws_value_iter){0};
  ws_text key;
  for (ws_value item; count < MOST && ws_value_next(&it, &key, &item);) {
    if (key.size >= WS__FIELD_NAME) continue;
    memcpy(names[count], key.data, key.size);
    names[count][key.size] = '\0';
    pointers[count] = names[count];
    count++;
  }
  const char *near = ws_suggest(ws_text_of(block->field), pointers, count);
  return ws_error_set(
      err, WS_EPARSE,
      "expected the field '%s', of which features are made, found none%s%s%s",
      block->field, near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
}

ws_status ws__terms_collect(ws__terms *terms, const ws__block *block,
                            const ws_record *record, ws_error *err) {
  ws_status status = WS_OK;
  restart(terms);
  if (block->is_text && record->text.data && ws__block_has_text(block)) {
    status = ws__terms_of_text(terms, block, record->text);
  } else {
    ws_value value = record->fields.at
                         ? ws_value_get(record->fields, ws_text_of(block->field))
                         : (ws_value){NULL};
    if (!value.at) return missing(block, record->fields, err);
    if (ws_value_type(value) == WS_NULL)
      status = WS_OK;
    else if (ws__block_has_text(block))
      status = add_text(terms, block, value, err);
    else if (block->kind == WS__VECTOR)
      status = add_vector(terms, block, value, err);
    else
      status = add_scalar(terms, block, value, err);
  }
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}
