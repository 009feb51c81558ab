/* SPDX-License-Identifier: MIT
 *
 * The run folder: what fit writes and the other commands read.
 */
#ifndef WS_RUN_FOLDER_H
#define WS_RUN_FOLDER_H

#include <weaksup/classifier.h>
#include <weaksup/json.h>
#include <weaksup/label_model.h>
#include <weaksup/output.h>
#include <weaksup/votes_file.h>

#define RUN_MANIFEST    "manifest.json"
#define RUN_VOTES       "votes.wsv"
#define RUN_LABEL_MODEL "label_model.json"
#define RUN_LABELS      "labels.jsonl"
#define RUN_CLASSIFIER  "classifier.wsc"
#define RUN_METRICS     "metrics.json"
#define RUN_REPORT      "report.html" // of the report command: gone with a new run

/* All of them, for ws_folder_begin. */
extern const char *const run_files[];
extern const size_t run_file_count;

/* What lies at `path`, through links; false where nothing does. */
bool is_file(const char *path); // a regular one
/* Whether it can be read but once: "-", which is standard input, or a pipe. */
bool is_read_once(const char *path);
bool is_folder(const char *path);
/* Whether both paths (or NULL) lead to one file that is there. */
bool is_one_file(const char *a, const char *b);

/* Whether `path` is a folder with a manifest. */
bool run_is(const char *path);

/* Whether something of this name lies in the folder `run`. */
bool run_has(const char *run, const char *name);

/* run_is, with an error that says what is there instead. */
WS_CHECK ws_status run_check(const char *path, ws_error *err);

/* WS_EINVAL where the input at `path` (NULL: none) is a file of the run in the folder
 * `out`, which a new one there replaces. `again` (or NULL) is the name of a file that the
 * new run holds with the same content. */
WS_CHECK ws_status run_check_input(const char *out, const char *path, const char *again,
                                   ws_error *err);

/* Writes one of the files. */
WS_CHECK ws_status run_write_file(ws_folder *folder, const char *name,
                                  const ws_buffer *bytes, ws_error *err);
/* Writes all labels, as they stand in a run or in another form. */
WS_CHECK ws_status run_write_labels(const ws_labels *labels, const ws_votes *votes,
                                    ws_labels_format form, ws_output *output,
                                    ws_error *err);
/* Opens the document with its format and version; when it was made. */
void run_write_format(ws_json_writer *json, const char *format);
void run_write_time(ws_json_writer *json);
/* Writes the member "task" of a manifest, and makes a task of it again. */
void run_write_task(ws_json_writer *json, const ws_task *task);
/* The task of the run in the folder `path`. */
WS_CHECK ws_status run_task(const char *path, ws_task **out, ws_error *err);

/* The files of a run; WS_EIO where one is missing or no regular file. A classifier of
 * other classes than the task's is refused: it is that of another run. */
WS_CHECK ws_status run_votes(const char *path, ws_votes **out, ws_error *err);
WS_CHECK ws_status run_label_model(const char *path, ws_label_model **out, ws_error *err);
WS_CHECK ws_status run_metrics(const char *path, ws_buffer *out, ws_error *err);
WS_CHECK ws_status run_manifest(const char *path, ws_buffer *out, ws_error *err);
/* *out is NULL where the run was made without a classifier. */
WS_CHECK ws_status run_classifier(const char *path, const ws_task *task,
                                  ws_classifier **out, ws_error *err);

/* The same from a run folder, or from a classifier.wsc alone, whose task is its classes
 * and its text field. WS_EINVAL where the run has no classifier. Both are to be freed
 * whatever the status. */
WS_CHECK ws_status run_or_model(const char *path, ws_task **task, ws_classifier **out,
                                ws_error *err);

#endif
