/* SPDX-License-Identifier: MIT
 *
 * A file that says that a process works here: only one does at a time. It is there while
 * the work lasts; what a killed process leaves keeps nobody away.
 */
#ifndef WEAKSUP_LOCK_H
#define WEAKSUP_LOCK_H

#include <weaksup/status.h>

WS_BEGIN_DECLS

typedef struct ws_lock ws_lock;

/* Takes the lock, without waiting. WS_EIO where another process has it, with its number
 * where that can be told, or where no file can be made at `path`: its folder must be
 * there. On a file system without locks there is nothing to hold, and it succeeds. Within
 * one process it keeps nobody away, and processes that this one starts do not have it. */
WS_API WS_CHECK ws_status ws_lock_take(const char *path, ws_lock **out, ws_error *err);
/* Removes the file; NULL is fine. */
WS_API void ws_lock_release(ws_lock *lock);

WS_END_DECLS

#endif
