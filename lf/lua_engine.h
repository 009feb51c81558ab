/* SPDX-License-Identifier: MIT
 *
 * Labeling functions in Lua: a state without access to anything outside, with limits.
 * Private to lf; used in worker processes only.
 */
#ifndef WS_LUA_ENGINE_H
#define WS_LUA_ENGINE_H

#include <weaksup/apply.h>
#include <weaksup/hash.h>
#include <weaksup/lf_set.h>
#include <weaksup/task.h>

#include "keywords.h"
#include "lf_files.h"
#include "regex.h"
#include "subject.h"
#include "trace_priv.h"

typedef struct ws__lua ws__lua;

typedef struct ws__lua_options {
  const ws_task *task; // everything is borrowed
  ws__regexes *regexes;
  ws__files *files;
  ws__subject *subject;  // what x shows
  ws_text id_field;      // hidden from generated files; {NULL, 0}: the task names none
  uint64_t memory;       // bytes that the state may take
  uint64_t steps;        // that the string library may take in a call
  uint64_t instructions; // of the virtual machine in a call; 0: any number
  uint64_t hash_salt;    // ws_lf_options
  unsigned cpu_ms;       // for messages: ws__lua_expire is called by who keeps the time
} ws__lua_options;

WS_CHECK ws_status ws__lua_new(const ws__lua_options *options, ws__lua **out,
                               ws_error *err);
void ws__lua_free(ws__lua *lua);

/* Runs file `file` of the folder, which adds the labeling functions that it defines.
 * WS_ELF with path:line. A generated file (generated.h) sees neither the record's id nor
 * its gold label. */
WS_CHECK ws_status ws__lua_load(ws__lua *lua, size_t file, ws_text source, bool generated,
                                ws_error *err);

/* Something that a user should know about the files, though they load. */
typedef struct ws__lua_note {
  size_t file;   // index in the folder
  uint64_t line; // 0: of no line
  const char *text;
} ws__lua_note;

/* In the order of files and lines. */
const ws__lua_note *ws__lua_notes(const ws__lua *lua, size_t *count);

/* Why the last file that ws__lua_load failed with did not load. */
ws_lf_problem_kind ws__lua_problem(const ws__lua *lua);

/* To be called when all files are loaded: what was compiled is kept from now on. */
void ws__lua_end_loading(ws__lua *lua);

typedef struct ws__lua_lf {
  const char *name;
  uint64_t line;
  size_t file;
  int32_t label; // WS_ABSTAIN: it may vote for any class
  ws_text
      field;    // that it looks at, a record without it gets no vote; {NULL, 0}: the text
  double prior; // accuracy that it is given, or 0
  const ws__keywords *keywords; // not NULL: a keyword list, for `label`
  // Of a function: the hash of all that its votes depend on beside the record, and of
  // what only the texts of its errors show: lines and names of variables.
  ws_hash128 code, texts;
  bool any_pattern;       // it may use any pattern: see ws__lua_patterns_hash
  const ws__regex *regex; // not NULL: a pattern, for `label`; of these
  ws_text pattern, flags;
  int64_t subject; // which x it is called with
  bool generated;
} ws__lua_lf;

size_t ws__lua_count(const ws__lua *lua);
const ws__lua_lf *ws__lua_at(const ws__lua *lua, size_t i);

/* The hash of all patterns that were made while files were loaded. They run as machine
 * code, with another count of steps than those that are made later. */
ws_hash128 ws__lua_patterns_hash(ws__lua *lua);

/* To be called when the subject is another record. */
void ws__lua_new_record(ws__lua *lua);

/* The vote of labeling function i, which is no keyword list, on the subject: WS_OK with a
 * class or WS_ABSTAIN, or WS_ELF with what went wrong and its kind. */
WS_CHECK ws_status ws__lua_call(ws__lua *lua, size_t i, int32_t *vote,
                                ws_lf_error_kind *kind, ws_error *err);

/* Fills err: "file:line: in 'name': text", as messages of failed calls are. */
void ws__fail_in(ws_error *err, const char *file, uint64_t line, const char *name,
                 const char *text);

#define WS__TRACEBACK 400 // bytes, with its NUL

/* After a call that failed: the Lua functions that were running where it was raised, the
 * innermost first, "lfs/a.lua:3: in 'helper'; lfs/a.lua:8: in 'has_link'". Empty where
 * none was, as for a wrong vote. */
const char *ws__lua_traceback(const ws__lua *lua);

/* From now on calls note there what they match and use; NULL: they do not (trace.h). */
void ws__lua_set_trace(ws__lua *lua, ws__trace *trace);

/* Changes options.cpu_ms. */
void ws__lua_set_cpu_ms(ws__lua *lua, unsigned cpu_ms);

/* Makes the running call fail, and everything that would catch that. May be called in a
 * signal handler. */
void ws__lua_expire(ws__lua *lua);
/* To be called between calls: a limit that was hit when a call was all but over, while
 * garbage was collected, must not end the next one. */
void ws__lua_forget_expiry(ws__lua *lua);

#endif
