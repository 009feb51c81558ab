/* SPDX-License-Identifier: MIT
 *
 * JSON values in a flat, position-independent encoding: a record is one object in it, and
 * reaches a worker process by a plain copy of its bytes.
 *
 * A ws_value is a view: it borrows the bytes and lives as long as they do. Integers from
 * -2^63 to 2^63-1 are WS_INT, every other number is WS_DOUBLE. (Parsing refuses integers
 * of 2^64 and beyond, and numbers that no double can hold.)
 *
 * The encoding, numbers in the machine's own order: one tag byte (the ws_type), then
 *   WS_NULL nothing; WS_BOOL one byte; WS_INT and WS_DOUBLE 8 bytes;
 *   WS_STRING u32 size, bytes;
 *   WS_ARRAY  u32 size of what follows the two numbers, u32 count, the items;
 *   WS_OBJECT the same, each item being u32 key size, key bytes, value.
 */
#ifndef WEAKSUP_VALUE_H
#define WEAKSUP_VALUE_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

typedef enum ws_type {
  WS_NULL,
  WS_BOOL,
  WS_INT,
  WS_DOUBLE,
  WS_STRING,
  WS_ARRAY,
  WS_OBJECT,
} ws_type;

typedef struct ws_value {
  const unsigned char *at; // NULL: no value (a field that is not there)
} ws_value;

/* "a string", "an array", ...; "nothing" where there is no value: for messages. */
WS_API const char *ws_value_type_text(ws_value value);

WS_API ws_type ws_value_type(ws_value value); // WS_NULL where there is no value
WS_API bool ws_value_is(ws_value value, ws_type type);

/* Each needs a value of its type; ws_value_number takes WS_INT and WS_DOUBLE. */
WS_API bool ws_value_bool(ws_value value);
WS_API int64_t ws_value_int(ws_value value);
WS_API double ws_value_number(ws_value value);
WS_API ws_text ws_value_text(ws_value value);
WS_API size_t ws_value_count(ws_value value); // items of an array or object

/* How many bytes the encoding takes. */
WS_API size_t ws_value_size(ws_value value);

/* The member of an object under `name`; no value (at == NULL) where there is none. */
WS_API ws_value ws_value_get(ws_value object, ws_text name);

/* Steps through an array or object:
 *   ws_value_iter it = ws_value_each(value);
 *   while (ws_value_next(&it, &key, &item)) ...        key is {NULL, 0} in arrays */
typedef struct ws_value_iter {
  const unsigned char *next;
  size_t left;
  bool keys;
} ws_value_iter;
WS_API ws_value_iter ws_value_each(ws_value value);
WS_API bool ws_value_next(ws_value_iter *it, ws_text *key, ws_value *item);

WS_END_DECLS

#endif
