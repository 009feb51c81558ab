/* SPDX-License-Identifier: MIT
 *
 * Readers: JSON Lines, CSV and TSV with a header, plain text with one record a line; each
 * also gzip-compressed (told by content), from a file or from standard input.
 *
 * Every error says file:line. Refused, or with WS_SKIP left out and counted: text that is
 * not UTF-8 or holds a raw NUL byte, a line beyond the limit, a row with too few or too
 * many columns, a doubled id, a text field that is absent or not a string, a gold label
 * that is none of the task's. Errors of the file itself (missing, truncated gzip) are
 * never skipped.
 */
#ifndef WEAKSUP_READER_H
#define WEAKSUP_READER_H

#include <weaksup/hash.h>
#include <weaksup/progress.h>
#include <weaksup/records.h>

WS_BEGIN_DECLS

typedef enum ws_input_format {
  WS_INPUT_AUTO, // by the name's ending (.jsonl .ndjson .json, .csv, .tsv .tab, .txt,
                 // each also with .gz); otherwise JSON Lines if the first byte is '{'
  WS_INPUT_JSONL,
  WS_INPUT_CSV,
  WS_INPUT_TSV,
  WS_INPUT_TEXT,
} ws_input_format;

/* "jsonl", "csv", "tsv", "text"; false for other names. */
WS_API bool ws_input_format_find(ws_text name, ws_input_format *out);

typedef enum ws_on_error { WS_STOP, WS_SKIP } ws_on_error;

/* Called for every record that WS_SKIP leaves out, with the error that it would have
 * been. The reader counts it already: its row is ws_reader_seen - 1, unless an importer
 * of votes leaves it out, which looks at whole batches. */
typedef void (*ws_skip_fn)(void *user, const ws_error *why);

typedef struct ws_reader_options {
  ws_input_format format;
  ws_on_error on_error;
  size_t max_line;        // bytes of one record; default 16 MiB
  bool need_text;         // each record must have the text field, a string; default true
  bool unique_ids;        // refuse doubled ids: costs 32 bytes a record; default true
  const char *default_id; // where the task names no id field: the field that is the id of
                          // those records that have it; default NULL
  bool optional_id; // a record without the id field gets its row number; default false
  bool need_gold;   // read the gold field, and refuse labels that the task does not have;
                    // default true. False: the field is one like any other
  uint64_t shard,
      shards;         // with shards > 1 only the records whose row, divided by shards,
                      // leaves the rest shard (0 .. shards - 1) are given out; all are
                      // read and checked, and keep their rows; default 0, 0: all are
  ws_skip_fn skipped; // may be NULL
  void *skipped_user;
  ws_progress_sink progress; // "reading", in bytes of the file; also asked when a signal
                             // interrupts a read that waits for input
} ws_reader_options;

WS_API ws_reader_options ws_reader_options_default(void);

typedef struct ws_reader ws_reader;

/* Opens `path`, "-" being standard input. `task` names the fields and the classes; it is
 * borrowed until the reader is freed. NULL options are the defaults. */
WS_API WS_CHECK ws_status ws_reader_open(const char *path, const ws_task *task,
                                         const ws_reader_options *options,
                                         ws_reader **out, ws_error *err);
/* The same for the bytes of a file that is in memory, borrowed until the reader is freed.
 * `name` is what messages call it; its ending may tell the format. */
WS_API WS_CHECK ws_status ws_reader_open_memory(const char *name, ws_text bytes,
                                                const ws_task *task,
                                                const ws_reader_options *options,
                                                ws_reader **out, ws_error *err);
WS_API void ws_reader_free(ws_reader *reader);

/* Appends records to `batch` until it holds max_records, or max_bytes were added, or the
 * input ends; *added tells how many, 0 only at the end. A file without any record is an
 * error. */
WS_API WS_CHECK ws_status ws_reader_read(ws_reader *reader, ws_records *batch,
                                         size_t max_records, size_t max_bytes,
                                         size_t *added, ws_error *err);

/* Gets a record, which it may look at until it returns; what is not WS_OK ends the
 * reading. */
typedef ws_status (*ws_record_fn)(void *user, const ws_record *record, ws_error *err);
/* Reads all records that are left, in batches of its own, and hands them on one by one.
 */
WS_API WS_CHECK ws_status ws_reader_each(ws_reader *reader, ws_record_fn fn, void *user,
                                         ws_error *err);

/* ws_reader_read without waiting for input that is not there yet, as on a pipe: appends
 * the records that are there whole, perhaps none. It also returns when max_records were
 * skipped. *ended tells that the input is over. */
WS_API WS_CHECK ws_status ws_reader_read_ready(ws_reader *reader, ws_records *batch,
                                               size_t max_records, size_t max_bytes,
                                               bool *ended, ws_error *err);
/* Whether the last ws_reader_read_ready stopped because no more input is there. */
WS_API bool ws_reader_waits(const ws_reader *reader);
/* What to poll(2) before the next ws_reader_read_ready; -1 where input never has to be
 * waited for, as in a file. */
WS_API int ws_reader_descriptor(const ws_reader *reader);

/* So far: records given out, records left out, bytes read of the file's own size (0 where
 * that is not known, as on a pipe). */
WS_API uint64_t ws_reader_rows(const ws_reader *reader);
WS_API uint64_t ws_reader_skipped(const ws_reader *reader);
/* All records so far: those given out, left out, and of other shards. */
WS_API uint64_t ws_reader_seen(const ws_reader *reader);
WS_API uint64_t ws_reader_bytes_read(const ws_reader *reader);
WS_API uint64_t ws_reader_bytes_total(const ws_reader *reader);
/* The hash of all bytes read so far, as they stand in the file: for the manifest. */
WS_API void ws_reader_digest(const ws_reader *reader, char out[33]);
/* The hash of all that decides which records the reader gives: the bytes of the whole
 * file, as it lies there at the first call, and the options as far as they matter. Two
 * readers with the same one give the same records (but for ids and gold labels, if the
 * task names other fields for them). *known is false for standard input and what else is
 * no regular file. */
WS_API WS_CHECK ws_status ws_reader_key(ws_reader *reader, ws_hash128 *out, bool *known,
                                        ws_error *err);
/* After all was read: WS_EIO where those were not the bytes that the key speaks of. */
WS_API WS_CHECK ws_status ws_reader_key_check(const ws_reader *reader, ws_error *err);
/* The names of the columns of CSV and TSV, in order; *count is 0 for the other formats.
 */
WS_API const ws_text *ws_reader_columns(const ws_reader *reader, size_t *count);

WS_END_DECLS

#endif
