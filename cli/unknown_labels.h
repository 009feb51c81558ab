/* SPDX-License-Identifier: MIT
 *
 * Labels in a file of records that are none of the classes there are: of a test set that
 * has a class which nobody trained on.
 */
#ifndef WS_UNKNOWN_LABELS_H
#define WS_UNKNOWN_LABELS_H

#include <weaksup/reader.h>

#define UNKNOWN_MOST 8 // different ones; the rest is not looked at

typedef struct unknown_labels {
  const char *path;
  ws_buffer names[UNKNOWN_MOST]; // [count] in the order in which they come
  size_t count;
  bool more;
  uint64_t line, records; // of the first one: where, and how many have it
} unknown_labels;

/* Looks through the records at `path`; those without a label, or whose label is no text,
 * are passed over. Clear it whatever the status. */
WS_CHECK ws_status unknown_labels_find(unknown_labels *u, const char *path,
                                       const ws_task *task, const ws_reader_options *how,
                                       ws_error *err);
void unknown_labels_clear(unknown_labels *u);

/* Where there are some, the error that names the first one, how many records have it,
 * `whose` the classes are, and ends with `how` and the list of all classes, those and
 * these: "...; HOW A,B,C". WS_OK where there are none. */
ws_status unknown_labels_say(const unknown_labels *u, const ws_task *task,
                             const char *whose, const char *how, ws_error *err);

#endif
