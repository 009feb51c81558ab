/* SPDX-License-Identifier: MIT
 *
 * JSON in (by simdjson, strict, UTF-8 validated) and out (a small writer).
 *
 * A sealed document carries a checksum of itself as its last member, so that a truncated
 * or altered file is refused when it is read again.
 */
#ifndef WEAKSUP_JSON_H
#define WEAKSUP_JSON_H

#include <weaksup/value.h>

WS_BEGIN_DECLS

/* A parser keeps its working memory from one text to the next. Not for two threads at
 * once. */
typedef struct ws_json_parser ws_json_parser;
WS_API WS_CHECK ws_status ws_json_parser_new(ws_json_parser **out);
WS_API void ws_json_parser_free(ws_json_parser *parser);

/* At most this many arrays and objects inside one another, and members of one object. */
#define WS_JSON_MAX_DEPTH   64
#define WS_JSON_MAX_MEMBERS 16384 // a member for each class fits

/* Appends the object or array that `text` holds to `out` (see value.h). WS_JSON_PADDING
 * bytes behind the text must be readable; their content does not matter. WS_EPARSE with
 * what is wrong, and `out` as it was, for anything but one whole object or array; an
 * object with the same key twice is refused too. */
#define WS_JSON_PADDING 64
WS_API WS_CHECK ws_status ws_json_parse(ws_json_parser *parser, ws_text text,
                                        ws_buffer *out, ws_error *err);

/* Looks once more at a text that ws_json_parse has refused as WS_EPARSE, to say where.
 * Where its syntax is wrong `err` becomes "JSON: column 20: expected ',' or '}' behind
 * the value, found 'x'", with the line in front where the text has several; other errors
 * (a key that occurs twice, a limit) stay as they are. Columns are characters, from 1;
 * `first_line` is the number that the text's first line has where it comes from, which is
 * always told then; 0: it is the first. */
WS_API void ws_json_place(ws_text text, size_t first_line, ws_error *err);

/* Reads a whole JSON file into `out`; on success out->data holds one value. With `sealed`
 * the checksum is demanded and checked. */
WS_API WS_CHECK ws_status ws_json_load(const char *path, bool sealed, ws_buffer *out,
                                       ws_error *err);

/* A JSON file of which one array is most, so that its items are parsed one by one and
 * memory hardly grows with their number beyond the file's bytes. */
typedef struct ws_json_items ws_json_items;

/* Like ws_json_load, but in `out` the array that is the member `key` of the outermost
 * object is empty. Its items are in *items. Where there is no such array, or its key is
 * written with escapes, there are none, and all is in `out`. */
WS_API WS_CHECK ws_status ws_json_items_load(const char *path, bool sealed,
                                             const char *key, ws_buffer *out,
                                             ws_json_items **items, ws_error *err);
WS_API void ws_json_items_free(ws_json_items *items);
WS_API size_t ws_json_items_count(const ws_json_items *items);
/* The next item, valid until the next call; {NULL} behind the last. WS_EPARSE where it is
 * malformed. */
WS_API WS_CHECK ws_status ws_json_items_next(ws_json_items *items, ws_value *item,
                                             ws_error *err);
/* Begins with the first again. */
WS_API void ws_json_items_rewind(ws_json_items *items);

/* --- writing ------------------------------------------------------------------------ */

/* Appends JSON to a buffer, placing commas and (with indent > 0) line breaks. Start from
 * {.out = buffer}. Bytes of keys and texts that are not UTF-8, as in names of files, are
 * written as U+FFFD. The first failure, which can only be lack of memory, is kept in
 * `status` and later calls do nothing: check it once at the end. */
typedef struct ws_json_writer {
  ws_buffer *out;
  int indent;       // blanks a level; 0 writes everything on one line
  ws_status status; // WS_OK so far
  int depth;
  bool first; // nothing yet at this level
  bool keyed; // a key was written, its value follows
} ws_json_writer;

/* Each appends to `out`, with the commas and blanks that are needed. After a failure
 * (WS_ENOMEM) status keeps it and nothing more is written, so that it is enough to look
 * at it in the end. */
WS_API void ws_json_open(ws_json_writer *json, char bracket);  // '{' or '['
WS_API void ws_json_close(ws_json_writer *json, char bracket); // '}' or ']'
WS_API void ws_json_key(ws_json_writer *json, const char *key);
WS_API void ws_json_key_text(ws_json_writer *json, ws_text key);
WS_API void ws_json_null(ws_json_writer *json);
WS_API void ws_json_bool(ws_json_writer *json, bool value);
WS_API void ws_json_int(ws_json_writer *json, int64_t value);
WS_API void ws_json_uint(ws_json_writer *json, uint64_t value);
/* The shortest digits that read back as the same number; null for NaN and infinities. */
WS_API void ws_json_number(ws_json_writer *json, double value);
WS_API void ws_json_text(ws_json_writer *json, ws_text value);
WS_API void ws_json_string(ws_json_writer *json, const char *value); // NULL writes null
/* A value in the flat encoding. */
WS_API void ws_json_value(ws_json_writer *json, ws_value value);

/* Appends the member "checksum" to the outermost object, closes it and ends the line. The
 * buffer must hold this one document and nothing else. */
WS_API void ws_json_seal(ws_json_writer *json);

/* The shortest digits that read back as `value`, in the C locale; 32 bytes are enough.
 * Returns the length; a NUL follows. */
WS_API size_t ws_format_double(double value, char out[32]);

WS_END_DECLS

#endif
