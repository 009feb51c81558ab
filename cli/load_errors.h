/* SPDX-License-Identifier: MIT
 *
 * What of a folder of LFs did not load (--keep-going): said, printed, written.
 */
#ifndef WS_LOAD_ERRORS_H
#define WS_LOAD_ERRORS_H

#include <weaksup/arena.h>
#include <weaksup/json.h>
#include <weaksup/lf_set.h>

typedef struct load_errors {
  const ws_lf_set *lfs;       // what it left out, or
  const ws_lf_problem *items; // [count] what was read from a manifest
  size_t count;
} load_errors;

/* Of a set, which is borrowed; NULL, ready-made votes, has none. */
load_errors load_errors_of(const ws_lf_set *lfs);
/* From the manifest of a run: texts and lists are the arena's. WS_EPARSE where it holds
 * something else. */
WS_CHECK ws_status load_errors_read(ws_value manifest, ws_arena *arena, load_errors *out,
                                    ws_error *err);

/* Warns of each. */
void load_errors_say(load_errors errors);
/* To standard output, below the table of LFs: which LFs are not in it, and why. */
void load_errors_print(load_errors errors);
/* Writes the member "load_errors" into the open object. */
void load_errors_json(ws_json_writer *json, load_errors errors);

#endif
