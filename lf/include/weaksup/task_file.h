/* SPDX-License-Identifier: MIT
 *
 * The task file, weaksup.lua: plain Lua data, run in an empty Lua state with limits on
 * steps and memory (the one Lua text that runs in the calling process: it has no
 * functions to call). It lives in lf/ because lf/ is the room that knows Lua; what it
 * says is core's ws_task.
 */
#ifndef WEAKSUP_TASK_FILE_H
#define WEAKSUP_TASK_FILE_H

#include <weaksup/task.h>

WS_BEGIN_DECLS

/* Loads a task file. data, dev and test are taken as relative to its folder. An unknown
 * key is an error with a suggestion; messages begin with file:line where Lua knows one.
 */
WS_API WS_CHECK ws_status ws_task_load(const char *path, ws_task **out, ws_error *err);

/* The version of Lua that labeling functions run on, "Lua 5.4.4", and of PCRE2, for
 * `weaksup version`. */
WS_API const char *ws_lua_version(void);
WS_API const char *ws_pcre2_version(void);
/* Whether PCRE2 can compile patterns to machine code here. */
WS_API bool ws_pcre2_jit(void);

WS_END_DECLS

#endif
