/* SPDX-License-Identifier: MIT
 *
 * What two runs of fit decided otherwise, or were told otherwise: the kind of label
 * model, how the classifier was trained, options. Scores may differ by these, whatever
 * the labeling functions do.
 */
#ifndef WS_DECISIONS_H
#define WS_DECISIONS_H

#include <weaksup/arena.h>
#include <weaksup/json.h>
#include <weaksup/training.h>

enum { DECISIONS_MOST = 16 };

typedef struct decision {
  const char *what; // "label model", "--hard", ...
  ws_text before, after;
} decision;

typedef struct decisions {
  ws_arena arena; // of the texts
  decision items[DECISIONS_MOST];
  size_t count; // of those that differ
} decisions;

/* From the files of both; what one of them does not hold, as it is of another version, is
 * not compared. */
WS_CHECK ws_status decisions_find(const char *before, const char *after, decisions *out,
                                  ws_error *err);
void decisions_clear(decisions *d);
/* Lines, each with a blank line in front of the first; nothing where nothing differs. */
void decisions_print(const decisions *d);
/* The member "decisions" of the open object. */
void decisions_json(ws_json_writer *json, const decisions *d);

/* How the classifier of a run was trained. */
typedef struct run_branch {
  char name[48]; // "regression"; "" where it has none, or it is no run
  double z;      // of the gate; NaN: it was not asked
} run_branch;
run_branch run_branch_of(const char *run);

#endif
