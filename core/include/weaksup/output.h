/* SPDX-License-Identifier: MIT
 *
 * Files that appear whole or not at all: written under a temporary name beside the
 * target, flushed to disk, then renamed over it.
 */
#ifndef WEAKSUP_OUTPUT_H
#define WEAKSUP_OUTPUT_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

typedef struct ws_output ws_output;

/* Begins a file. A target that is there and is no regular file (a pipe, /dev/full), and
 * "-" (standard output), are written directly. */
WS_API WS_CHECK ws_status ws_output_open(const char *path, ws_output **out,
                                         ws_error *err);
WS_API WS_CHECK ws_status ws_output_write(ws_output *output, ws_text bytes,
                                          ws_error *err);
/* Hands on what is buffered: at once to the reader of a pipe. */
WS_API WS_CHECK ws_status ws_output_flush(ws_output *output, ws_error *err);
/* Flushes, syncs, renames, frees. On failure the target is as it was, unless only the
 * sync of its folder failed: the new one is there then, and a power failure may take it
 * back. NULL output is fine. */
WS_API WS_CHECK ws_status ws_output_commit(ws_output *output, ws_error *err);
/* Gives up: removes the temporary file, frees. For clean-up paths; NULL is fine. */
WS_API void ws_output_abort(ws_output *output);

/* The three calls in one. */
WS_API WS_CHECK ws_status ws_output_file(const char *path, ws_text bytes, ws_error *err);

/* Appends a whole file to `out`, with WS_JSON_PADDING readable bytes behind it. WS_EIO
 * where it cannot be read or holds more than `limit` bytes. */
WS_API WS_CHECK ws_status ws_input_file(const char *path, size_t limit, ws_buffer *out,
                                        ws_error *err);

/* --- a folder that is replaced whole ------------------------------------------------ */

/* A run is written into a new folder beside the target, which then takes the target's
 * place in one step; an interrupted run leaves the previous one as it was. */
typedef struct ws_folder ws_folder;

/* `owned` are the names of the files that such a folder holds, borrowed until the end;
 * the first is in each of them, a JSON document of weaksup's (manifest.json): a target
 * that is there, is not empty and lacks it is not ours and is refused. Temporary folders
 * that killed processes left beside the target are removed. */
WS_API WS_CHECK ws_status ws_folder_begin(const char *path, const char *const *owned,
                                          size_t owned_count, ws_folder **out,
                                          ws_error *err);
/* The path under which to write the file of that name, until the next call. */
WS_API const char *ws_folder_file(ws_folder *folder, const char *name);
/* Swaps the folders, frees. Files of the previous folder that are not owned (the user's)
 * are carried over; where one cannot be, the error says where it stays. */
WS_API WS_CHECK ws_status ws_folder_commit(ws_folder *folder, ws_error *err);
WS_API void ws_folder_abort(ws_folder *folder);

/* --- a folder that is not there yet --------------------------------------------------
 */

typedef struct ws_new_file {
  const char *name; // its path inside the folder; folders on the way are made
  ws_text bytes;
} ws_new_file;

/* Writes a folder with all these files, or nothing: `path` must not exist, or be an empty
 * folder. Nothing is ever replaced: WS_EIO that names what is there. On failure all that
 * was made is removed. */
WS_API WS_CHECK ws_status ws_folder_new(const char *path, const ws_new_file *files,
                                        size_t count, ws_error *err);
/* What ws_folder_new would refuse at once, without writing anything. */
WS_API WS_CHECK ws_status ws_folder_check_new(const char *path, ws_error *err);

WS_END_DECLS

#endif
