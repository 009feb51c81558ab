/* SPDX-License-Identifier: MIT
 *
 * The files that the manifest of a run names: where they lie now, and whether they are
 * still what they were. A path in a manifest is as the command was given it, with the way
 * from the run to where that was; the run may be looked at from another folder, or have
 * been moved together with what is beside it.
 */
#ifndef WS_RUN_PATHS_H
#define WS_RUN_PATHS_H

#include <weaksup/json.h>
#include <weaksup/text.h>
#include <weaksup/value.h>

/* The object that tells of a file: a member "data", "dev", "test", "labels" or "lfs" of
 * the manifest; .at is NULL where there is none. */
ws_value run_file_of(ws_value manifest, const char *member);
/* What it says: the path and the XXH3 of the bytes, in hexadecimal; empty where it does
 * not, or `file` is none. Borrowed from the manifest. */
ws_text run_file_path(ws_value file);
ws_text run_file_hash(ws_value file);
/* Whether the run was made from ready-made votes: no labeling functions were called. */
bool run_is_ready_made(ws_value manifest);

/* Adds "FOLDER/path" to `out`, the run being in FOLDER; an absolute path as it is. */
WS_CHECK ws_status run_put_beside(ws_buffer *out, const char *run, ws_text path);
/* Writes the member that tells where the command is run, from the folder of the run. */
void run_write_origin(ws_json_writer *json, const char *run);
/* Sets `out` to where the file lies: its path as it stands, else from where the command
 * was run, else beside the run. The first one with the hash of the file, else the first
 * one that is there, else the path as it stands; empty where `file` names none. */
WS_CHECK ws_status run_put_path(ws_buffer *out, const char *run, ws_value manifest,
                                ws_value file);
/* Sets `out` to one of the places where that looks: the path as it stands, beside the
 * run, from where the command was run. */
enum { RUN_PLACES = 3 };
WS_CHECK ws_status run_put_place(ws_buffer *out, const char *run, ws_value manifest,
                                 ws_value file, int place);
/* Whether a file is there and has this hash. */
bool run_file_is_same(const char *path, ws_text hash);

#endif
