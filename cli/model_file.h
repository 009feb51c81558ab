/* SPDX-License-Identifier: MIT
 *
 * A classifier by the path of its run folder, or of its file.
 */
#ifndef WS_MODEL_FILE_H
#define WS_MODEL_FILE_H

#include <weaksup/classifier.h>
#include <weaksup/task.h>

/* *task is the run's; of a file, one that has its classes and its text field. Both are
 * the caller's. */
WS_CHECK ws_status model_file_open(const char *path, ws_task **task,
                                   ws_classifier **classifier, ws_error *err);

#endif
