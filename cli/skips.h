/* SPDX-License-Identifier: MIT
 *
 * Lines for records that are skipped, in their places among those of the others: who
 * waits for an answer to each record that was sent gets one.
 *
 * The reader skips a record when it comes; the votes on those before it may not be known
 * yet. So its line waits until all of them have theirs, which the rows tell.
 */
#ifndef WS_SKIPS_H
#define WS_SKIPS_H

#include <weaksup/output.h>
#include <weaksup/reader.h>

typedef struct skip_line {
  uint64_t row;
  size_t end; // of its bytes in `lines`
} skip_line;

typedef struct skips {
  ws_output *output;       // borrowed; what is skipped has no line where it is NULL
  const ws_reader *reader; // the same; to be set before it reads
  ws_skip_fn tell;         // is told, too
  void *tell_user;
  uint64_t answered; // the first row that has no line yet, skipped or not
  uint64_t step;     // from one row to the next: more than 1 in a shard
  ws_buffer lines;   // that wait
  skip_line *items;
  size_t count, capacity, next; // items[next .. count-1] wait
  ws_error err;                 // what went wrong where nobody could be told
} skips;

void skips_clear(skips *s);

/* The reader's skip function, with the skips as its user. */
void skips_take(void *user, const ws_error *why);

/* Writes the lines whose turn it is: before the line of a record, and at the end. */
WS_CHECK ws_status skips_write(skips *s, ws_error *err);

#endif
