/* SPDX-License-Identifier: MIT
 *
 * Which records have a gold label in the dev set already. A record is known by its text,
 * and where the task names an id field by its id, too.
 */
#ifndef WS_LABELLED_H
#define WS_LABELLED_H

#include <weaksup/reader.h>

#include "options.h"

typedef struct labelled {
  uint64_t *keys; // [count]
  size_t count, capacity;
  bool sorted, by_id;
} labelled;

/* Adds the records of the file that have gold; a file that is not there has none. */
WS_CHECK ws_status labelled_read(labelled *l, const char *path, const ws_task *task,
                                 const ws_reader_options *how, ws_error *err);
WS_CHECK ws_status labelled_add(labelled *l, const ws_record *record);
bool labelled_has(labelled *l, const ws_record *record);
void labelled_clear(labelled *l);

typedef struct labelled_shares {
  uint64_t gold,
      shared; // records with gold, and those of them that another file has, too
} labelled_shares;

/* Counts the records of `path` with gold, and those that have one in the file `known`,
 * too; by text, and by id where the task names one. */
WS_CHECK ws_status labelled_share(const char *known, const ws_reader_options *known_how,
                                  const char *path, const ws_reader_options *how,
                                  const ws_task *task, labelled_shares *out,
                                  ws_error *err);

/* Where the dev set of a run lies: --dev, else the path in its manifest, from here or
 * beside the run, whatever has become of the file. Empty: it has none. */
WS_CHECK ws_status labelled_dev_path(const char *run, const options *o, ws_buffer *out,
                                     ws_error *err);

#endif
