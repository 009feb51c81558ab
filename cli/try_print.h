/* SPDX-License-Identifier: MIT
 *
 * What `weaksup try` prints.
 */
#ifndef WS_TRY_PRINT_H
#define WS_TRY_PRINT_H

#include <weaksup/trace.h>

/* Everything borrowed. */
typedef struct try_result {
  const ws_task *task;
  const ws_lf_set *lfs;
  const char *id; // NULL: the text came from the command line
  ws_text text;
  const int32_t *labels; // [M]
  const ws_apply_report *report;
  const ws_trace *trace;
} try_result;

/* Return the exit code. */
int try_print_table(const try_result *result);
int try_print_json(const try_result *result);

#endif
