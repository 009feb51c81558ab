/* SPDX-License-Identifier: MIT
 *
 * Small helpers around the file system that output.c and folder.c share. Private to core.
 */
#ifndef WS_FILES_H
#define WS_FILES_H

#include <stddef.h>

#include <weaksup/status.h>

/* Flushes the folder that holds `path` to disk, so that a rename survives a crash. */
WS_CHECK ws_status ws__sync_parent(const char *path, ws_error *err);

/* How many bytes of `path` name its parent folder, the last '/' left out: 0 for "x" and
 * "/x". */
size_t ws__parent_size(const char *path);

#endif
