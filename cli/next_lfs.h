/* SPDX-License-Identifier: MIT
 *
 * The parts of `weaksup next --lfs`.
 */
#ifndef WS_NEXT_LFS_H
#define WS_NEXT_LFS_H

#include <weaksup/ideas.h>
#include <weaksup/output.h>

#include "next.h"

typedef struct next_example {
  size_t row;
  ws_buffer text;
} next_example;

typedef struct next_ideas {
  next_run *n;
  ws_ideas *ideas;
  int pass;
  uint64_t gold;        // records of the dev set that have some
  ws_votes *dev_votes;  // on it; NULL: not known
  size_t dev_row;       // of them, while dev is read
  const ws_idea *items; // [count]
  size_t count;
  next_example *examples; // [example_count] those of the first idea, of the second, ...
  size_t example_count;
  ws_buffer file;    // what --out holds already, if it is a .rules file
  ws_buffer rules;   // a line for each idea
  size_t *rule_ends; // [count] in `rules`, without the line end
} next_ideas;

/* The votes on the run's dev set of its LFs, and of those that came since; *out NULL
 * where there is no dev set, or some LFs of the run are gone. */
WS_CHECK ws_status next_dev_votes(next_run *n, ws_votes **out, ws_error *err);
/* Whether an LF that counts votes on the row. */
bool next_is_voted(const next_run *n, const ws_votes *votes, size_t row);
/* Reads the .rules file that --out names, if it is there: its rules, also those that are
 * commented out, are no ideas any more. */
WS_CHECK ws_status next_lfs_file(next_ideas *s, ws_error *err);
/* Whether a rule of that file has the name. */
bool next_lfs_named(const next_ideas *s, const char *name);
/* Writes the rules to --out: behind what a .rules file holds already. */
WS_CHECK ws_status next_lfs_write(next_ideas *s, ws_error *err);
/* Makes s->rules. WS_ENOMEM. */
WS_CHECK ws_status next_lfs_rules(next_ideas *s);
/* Where words of `init` are there: which classes only they have, and the next step. */
void next_lfs_print_init(const next_ideas *s);
/* Returns the exit code. */
int next_print_lfs(const next_ideas *s);

#endif
