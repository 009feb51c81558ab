/* SPDX-License-Identifier: MIT
 *
 * A file of labels to train on: each row has a class (its label is gold), or a
 * distribution over the classes ("probs"; columns p_NAME in CSV), or none. In a row with
 * a distribution the label is its most probable class, as other commands write it, and no
 * gold; but where the user names the field of the gold label it is. A distribution beside
 * an empty list of votes is the class balance, and no label.
 */
#ifndef WS_LABEL_FILE_H
#define WS_LABEL_FILE_H

#include <weaksup/arena.h>

#include "gold_field.h"
#include "setup.h"

/* What a row says before the classes are known. */
typedef struct label_row {
  int64_t number;    // the label as an index; -1: none
  int32_t name;      // the label as a name of the list; -1: none
  bool is_list;      // the shares stand in the order of the classes
  size_t first, end; // its shares; first == end: none
  uint64_t line;
} label_row;

typedef struct label_share {
  uint32_t name; // of the list; its place where they are one
  double p;
} label_share;

typedef struct label_file {
  const char *path;
  const options *o;
  setup *setup;
  ws_task *task;            // once the classes are known
  const char *classes_from; // "--classes": who said so
  bool is_csv;
  label_row *rows; // [n]
  size_t n, capacity;
  size_t read; // rows of the file of labels; n is that of --data once those are read
  label_share *shares; // [share_count]
  size_t share_count, share_capacity;
  ws_text *names; // [name_count] of classes, as they came
  bool *in_probs; // [name_count] whether some distribution has it
  size_t name_count, name_capacity, in_probs_capacity;
  uint32_t *places; // [place_count] by the names' hashes: a name's number + 1, or 0
  size_t place_count;
  size_t list_size; // of distributions that are lists; 0: none is
  ws_arena arena;   // of the names and ids
  ws_hash128 *keys; // [n] of the ids, where they are needed
  size_t key_capacity;
  uint64_t skipped;
  gold_field found; // what the first row has in place of the field of the labels
  char digest[33];
  // The rows to train on, as finished: those of the labels, or of --data.
  ws_features *features;
  size_t count;     // of them
  double *targets;  // [count][K] all 0: none; NULL: no row has a distribution
  int32_t *gold;    // [count]
  ws_text *ids;     // [count] where they are kept
  uint64_t *groups; // [count] where --group names a field
  double *weights;  // [count] where --weight does
  size_t id_capacity, group_capacity, weight_capacity;
  uint64_t gold_rows, weak_rows, unmatched; // unmatched: labels without a record
} label_file;

/* Reads it all: the file and, with --data, the records that the labels are for, joined by
 * their ids. `keep_ids`: fills `ids`. To be cleared whatever the status. */
WS_CHECK ws_status label_file_read(label_file *f, const char *path, setup *s,
                                   bool keep_ids, ws_error *err);
void label_file_clear(label_file *f);

/* Why there is nothing to train on. */
ws_status label_file_no_labels(const label_file *f, size_t records, ws_error *err);

/* label_rows.c: adds the record's row to f->rows, and its shares, which are made to sum
 * to 1, to f->shares. WS_EPARSE where it says neither a label nor a distribution; the
 * message has no position. */
WS_CHECK ws_status label_file_take_row(label_file *f, const ws_record *record,
                                       ws_error *err);

/* label_names.c: the name's number in the list, added where it is new; -1: no memory.
 * `hint` is where it is looked for first. */
int32_t label_file_name(label_file *f, ws_text name, size_t hint);

/* What the record's field `field` says of its group, as a hash. */
WS_CHECK ws_status label_group(const char *field, const ws_record *record, uint64_t *out,
                               ws_error *err);

/* Gives the records, whose ids f->keys has, the labels with the same ids: keys[labels],
 * targets[labels][K] or NULL, gold[labels]. */
WS_CHECK ws_status label_file_join(label_file *f, const ws_hash128 *keys, size_t labels,
                                   const double *targets, const int32_t *gold,
                                   ws_error *err);

/* Once all rows are read: the classes, and from them targets[n][K] (NULL where there is
 * no distribution) and gold[n]. */
WS_CHECK ws_status label_file_resolve(label_file *f, double **targets, int32_t **gold,
                                      ws_error *err);

#endif
