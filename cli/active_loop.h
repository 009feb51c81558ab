/* SPDX-License-Identifier: MIT
 *
 * Label, fit, measure, repeat.
 */
#ifndef WS_ACTIVE_LOOP_H
#define WS_ACTIVE_LOOP_H

#include "active_journal.h"
#include "active_oracle.h"

typedef struct active {
  const command *self;
  const options *o;
  const char *out; // the run
  ws_task *task;   // as the first fit sees it
  const char *dev; // the file that labels are appended to
  ws_active_by by;
  bool human;
  bar bar;       // while the oracle is asked
  size_t astray; // answers in a row that were no labels
  oracle oracle;
  active_journal journal;
  bool fitted; // a round was fitted in this process
  bool quit;   // the person did
} active;

/* All of it, from where the journal ends. Where it fails, all answers so far are on the
 * disk, and the same call goes on. */
WS_CHECK ws_status active_run(active *a, ws_error *err);

#endif
