/* SPDX-License-Identifier: MIT
 *
 * What a reader holds. Private to core: reader*.c.
 */
#ifndef WS_READER_PRIV_H
#define WS_READER_PRIV_H

#include <weaksup/reader.h>

#include "format.h"
#include "id_set.h"

enum { WS__PENDING_IDS = 64 };

/* An id that is not in the set yet. The set is larger than any cache: its place there is
 * asked for when the record is read, and looked at some records later. */
typedef struct ws__pending_id {
  ws_hash128 hash;
  size_t record; // index in the batch
} ws__pending_id;

struct ws_reader {
  char *path; // for messages
  const ws_task *task;
  ws_reader_options options;
  const ws__format *format;
  ws__format_state *state;
  ws__lines lines;
  ws__id_set ids;
  ws__pending_id pending[WS__PENDING_IDS];
  size_t pending_count;
  uint64_t rows, skipped;
  uint64_t passed; // records of other shards
  bool numbered;   // records without an id got their row number
  bool ended;
  bool looked, known;  // whether the file was hashed ahead, and could be
  ws_hash128 expected; // the hash of its bytes then
};

/* Adds the next record to the batch, with all that it must fulfil; sets reader->ended, or
 * reader->lines.waits, where there is none. *line is that of the record, or of the one
 * that an error is about. */
WS_CHECK ws_status ws__reader_next(ws_reader *reader, ws_records *batch, uint64_t *line,
                                   ws_error *err);

/* Whether the record at `row` is of the shard that is read. */
bool ws__reader_owns(const ws_reader *reader, uint64_t row);

/* Looks at the ids that still wait for it: the end of a batch. *line is that of a record
 * whose id came before. */
WS_CHECK ws_status ws__reader_check_ids(ws_reader *reader, const ws_records *batch,
                                        uint64_t *line, ws_error *err);

/* "id, text, label" for messages, in `out`; the first few where there are many. */
const char *ws__list_names(const ws_text *names, size_t count, char *out, size_t size);
const char *ws__list_fields(ws_value fields, char *out, size_t size); // their names
enum { WS__LIST_SIZE = 300 };                                         // enough for one

/* Behind what was found in the place of a field; takes the name of its key, twice. */
#define WS__NAME_HINT " (--%s, or '%s' in the task file, names the field)"

#endif
