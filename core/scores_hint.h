/* SPDX-License-Identifier: MIT
 *
 * Class scores in place of votes: what to do with them is said. Private to core.
 */
#ifndef WS_SCORES_HINT_H
#define WS_SCORES_HINT_H

#include <weaksup/task.h>

/* Each appends what to do to the error of votes that do not read, where it is class
 * scores that were found: one in place of a vote, ... */
void ws__hint_score(ws_value vote, ws_error *err);
/* ... a record that holds "scores", "probs", or a number under a class's name, ... */
void ws__hint_scores(const ws_task *task, ws_value record, ws_error *err);
/* ... a matrix, by the name of its file. */
void ws__hint_matrix(const char *path, ws_error *err);

#endif
