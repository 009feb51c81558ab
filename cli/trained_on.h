/* SPDX-License-Identifier: MIT
 *
 * Whether gold labels that a classifier is scored on are those that it was trained on.
 */
#ifndef WS_TRAINED_ON_H
#define WS_TRAINED_ON_H

#include <weaksup/reader.h>

/* Warns where the gold labels in the file `data` are those that the classifier of the run
 * was trained on (of the file that `train` read, or of the dev set of `fit`): the same
 * file, the same bytes, or one in twenty of its records with gold among them. The task is
 * that of the run. Says nothing of what is not there any more. WS_ENOMEM only. */
WS_CHECK ws_status trained_on_say(const char *run, const char *data, const ws_task *task,
                                  const ws_reader_options *how, ws_error *err);

#endif
