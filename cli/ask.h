/* SPDX-License-Identifier: MIT
 *
 * weaksup ask: what its files share.
 */
#ifndef WS_ASK_H
#define WS_ASK_H

#include <weaksup/arena.h>
#include <weaksup/chat_label.h>
#include <weaksup/lock.h>

#include "chat_options.h"
#include "setup.h"

typedef struct ask_item {
  ws_text id, text;
  int32_t gold;
  uint64_t row;
  bool asked;
  ws_chat_answer answer; // where it was asked
} ask_item;

/* The records of one file. */
typedef struct ask_part {
  ws_arena texts;
  ask_item *items; // [count]
  size_t count, capacity;
  size_t *chosen; // [chosen_count] indexes of those to ask about, in that order
  size_t chosen_count;
} ask_part;

typedef struct ask {
  const options *o;
  setup setup;
  bar bar;
  ws_task *task;
  chat_settings settings;
  ws_chat_label_options how;
  double below;
  unsigned least; // so many answers must agree for a vote
  ws_buffer name; // of the labeling function

  ws_chat_labeler *labeler;
  ws_chat *chat;
  ask_part data, dev;
  ws_chat_tally tally; // of dev
  uint64_t total;      // replies that are wanted
  ws_buffer unread;    // an answer of the data that cannot be read, cut, and the id:
  ws_buffer unread_id; // of its record
  size_t failed;       // records without an answer, as the server refused
  bool out_of_budget;
  ws_buffer
      kept;      // the folder of replies, where --record names none; empty: there is none
  ws_lock *lock; // of it
} ask;

/* Reads the task, its records, and those of dev that have gold. */
WS_CHECK ws_status ask_load(ask *a, ws_error *err);
void ask_part_clear(ask_part *part);

/* Asks about dev, then about the data. */
WS_CHECK ws_status ask_all(ask *a, ws_error *err);
/* Writes the votes on the records of the part; path "-" is standard output. */
WS_CHECK ws_status ask_write(const ask *a, const ask_part *part, const char *path,
                             ws_error *err);

/* WS_EINVAL where the file of the option `name` has votes on records that are not asked
 * about now. */
WS_CHECK ws_status ask_check_there(const ask *a, const ask_part *part, const char *name,
                                   const char *path, ws_error *err);

/* Keeps replies beside --out where --record and --replay name no folder, and finds those
 * that were kept before. */
WS_CHECK ws_status ask_keep_begin(ask *a, ws_error *err);
/* `done`: the votes are written, and nothing is to be kept. */
void ask_keep_end(ask *a, bool done);
/* Says where replies are kept, if there are any. */
void ask_keep_say(const ask *a);

/* Prints the first prompt and the worst case of all; returns the exit code. */
int ask_print_dry(ask *a);
/* Prints what came of it: a table, or JSON; returns the exit code. */
int ask_print(const ask *a);
/* Says what was not answered, and why. */
void ask_say(const ask *a);

#endif
