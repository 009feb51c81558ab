/* SPDX-License-Identifier: MIT
 *
 * Votes in files: weaksup's own form (.wsv), and ready-made votes of other tools.
 *
 * A .wsv file is binary, versioned, checksummed and canonical: equal votes are equal
 * bytes. docs/formats.md gives its layout.
 */
#ifndef WEAKSUP_VOTES_FILE_H
#define WEAKSUP_VOTES_FILE_H

#include <weaksup/reader.h>
#include <weaksup/votes.h>

WS_BEGIN_DECLS

/* Appends the file's bytes to `out`. */
WS_API WS_CHECK ws_status ws_votes_encode(const ws_votes *votes, ws_buffer *out);

/* The votes that `bytes` hold. Anything truncated, altered or from another version is
 * refused with WS_EPARSE. */
WS_API WS_CHECK ws_status ws_votes_decode(ws_text bytes, ws_votes **out, ws_error *err);

/* Reads a .wsv file. */
WS_API WS_CHECK ws_status ws_votes_load(const char *path, ws_votes **out, ws_error *err);

typedef enum ws_votes_format {
  WS_VOTES_AUTO, // .wsv by its first bytes; otherwise JSONL or CSV with one column an LF
  WS_VOTES_WIDE, // JSONL {"id", "votes": [...] or {LF: vote}, "label"}, or CSV, TSV with
                 // one column an LF (all but the id, the text and the gold field)
  WS_VOTES_LONG, // rows item,worker,label: one vote a row, one LF a worker
} ws_votes_format;

/* Called with each record of a wide file as it is read, for those who want its other
 * fields (its text, say); false stops the import with WS_ESTOPPED. */
typedef bool (*ws_votes_record_fn)(void *user, const ws_record *record);

typedef struct ws_votes_import_options {
  ws_votes_format format;
  ws_reader_options reader; // need_text is false here by default
  ws_votes_record_fn each;  // may be NULL
  void *each_user;
} ws_votes_import_options;

WS_API ws_votes_import_options ws_votes_import_options_default(void);

/* Reads ready-made votes. LFs of a JSONL list are called lf0, lf1, ...; lists of
 * different lengths, an unknown label and a second vote of one worker on one item are
 * errors with file:line. A .wsv file must have the task's classes in the task's order.
 * *digest receives the hash of the file's bytes. */
WS_API WS_CHECK ws_status ws_votes_import(const char *path, const ws_task *task,
                                          const ws_votes_import_options *options,
                                          ws_votes **out, char digest[33], ws_error *err);

WS_END_DECLS

#endif
