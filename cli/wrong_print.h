/* SPDX-License-Identifier: MIT
 *
 * Mistakes that a model was sure of, as a table and as JSON.
 */
#ifndef WS_WRONG_PRINT_H
#define WS_WRONG_PRINT_H

#include <weaksup/json.h>
#include <weaksup/mistakes.h>
#include <weaksup/task.h>

/* A table; false where there was no memory. */
bool wrong_print(const char *model, ws_mistakes *mistakes, const ws_task *task);
/* Writes "KEY": {"count", "records": [...]}; null where mistakes is NULL. */
void wrong_json(ws_json_writer *json, const char *key, ws_mistakes *mistakes,
                const ws_task *task);

#endif
