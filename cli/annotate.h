/* SPDX-License-Identifier: MIT
 *
 * The parts of `weaksup annotate`: the records to label, the file that the labels are
 * appended to, the terminal, and what is shown on it.
 */
#ifndef WS_ANNOTATE_H
#define WS_ANNOTATE_H

#include <signal.h>
#include <termios.h>

#include <weaksup/active.h>
#include <weaksup/reader.h>

#include "cmd.h"
#include "next.h"

/* --- records (annotate_queue.c) ----------------------------------------------------- */

typedef struct queue_item {
  ws_buffer id, text;
  ws_buffer fields; // the object in the flat encoding (weaksup/value.h)
} queue_item;

typedef struct queue {
  ws_task *task;
  queue_item *items; // [count]
  size_t count, capacity, most;
  uint64_t labelled; // passed over: they are labelled already
  ws_buffer dev;     // path of the file to append to
  bool unknown;      // neither the run nor the task here has a dev set
} queue;

/* From a run, or from a file of records. Clear it whatever the status. */
WS_CHECK ws_status queue_load(queue *q, const options *o, ws_active_by by, ws_error *err);
void queue_clear(queue *q);
ws_value queue_fields(const queue *q, size_t i);

/* WS_EINVAL where `dev` is the other file (NULL: none), `what` it is: records that came
 * twice, once with a label, would be there for good. */
WS_CHECK ws_status queue_check_apart(const char *dev, const char *other, const char *what,
                                     ws_error *err);
/* Fills a queue with records that are chosen already, of a task that the queue takes
 * over. */
WS_CHECK ws_status queue_take(queue *q, const next_records *chosen, ws_error *err);
/* WS_EINVAL where there are more classes than keys. */
WS_CHECK ws_status queue_check_keys(const queue *q, ws_error *err);

/* --- the file (annotate_file.c) ----------------------------------------------------- */

/* What this process appended: undo takes back nothing else. */
typedef struct written {
  size_t offset, size;
  uint64_t hash;
} written;

typedef struct label_output {
  const char *path;
  int fd;
  written *lines; // [count]
  size_t count, capacity;
} label_output;

/* Refuses what is no JSON Lines file. */
WS_CHECK ws_status label_output_check(const char *path, ws_error *err);
WS_CHECK ws_status label_output_open(label_output *f, const char *path, ws_error *err);
void label_output_close(label_output *f);
/* Appends the record with the label as one line in one write, and syncs: the file always
 * consists of whole lines. */
WS_CHECK ws_status label_output_add(label_output *f, ws_value fields, const char *gold,
                                    ws_text label, ws_error *err);
/* The same with a line that is made already, without its line end. */
WS_CHECK ws_status label_output_line(label_output *f, ws_text text, ws_error *err);
/* Takes the last line back; WS_EIO where something else was written behind it. */
WS_CHECK ws_status label_output_undo(label_output *f, ws_error *err);

/* --- the terminal (annotate_keys.c) --------------------------------------------- */

typedef struct keyboard {
  struct termios before;
  sigset_t mask; // before
  bool raw;
} keyboard;

enum { KEY_END = -1, KEY_STOP = -2, KEY_NONE = -3 };

/* WS_EINVAL where standard input and output are none. */
WS_CHECK ws_status keyboard_check(ws_error *err);
/* Single keys from now on, without echo. */
WS_CHECK ws_status keyboard_open(keyboard *t, ws_error *err);
void keyboard_close(keyboard *t);
/* Waits for a key: its byte; KEY_END: no more input; KEY_STOP: a signal came; KEY_NONE:
 * what is no single character, such as an arrow. */
int keyboard_key(keyboard *t);

/* --- the screen (annotate_screen.c) ------------------------------------------------- */

/* The key of class k, and the class of a key; -1 where there is none. */
char key_of_class(size_t k);
int class_of_key(int key, size_t classes);
enum { KEY_CLASSES = 57 };

WS_CHECK ws_status screen_record(const queue *q, size_t i, bool whole);
WS_CHECK ws_status screen_help(const queue *q);

/* --- a session (annotate_session.c) ------------------------------------------------- */

/* Called when an answer to record i is in the file (WS_ABSTAIN: it was skipped), or was
 * taken back, and before the next record is shown. */
typedef ws_status (*annotation_fn)(void *user, size_t i, int32_t label, bool undone,
                                   ws_error *err);

typedef struct annotation {
  const queue *queue;
  label_output *file;
  annotation_fn told; // may be NULL
  void *user;
  size_t at; // the present record; below queue->count at the end: the user quit
  keyboard keyboard;
  bool *answered; // [queue->count] whether a line was written
  bool whole;     // all of the record's text is shown
  bool redraw;
} annotation;

/* Asks about all records of the queue, until the user quits. annotation_end gives the
 * terminal back, whatever the status: what is printed before it is still on the screen
 * when a signal ends the program. */
WS_CHECK ws_status annotation_run(annotation *a, ws_error *err);
void annotation_end(annotation *a);

#endif
