/* SPDX-License-Identifier: MIT
 *
 * What ws_apply needs to know of a set. Private to lf.
 */
#ifndef WS_LF_SET_PRIV_H
#define WS_LF_SET_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/hash.h>

#include "worker_process.h"

struct ws_lf_set {
  const ws_task *task; // borrowed
  ws_lf_options options;
  ws__load_limits load;
  ws_arena arena;
  ws_text folder, program; // end in NUL
  ws_buffer init;          // what every worker is told (ws__put_init)
  ws_lf_info *infos;       // [count]
  size_t count;
  ws__problems outside;  // files that no worker is to load
  ws__problems problems; // what the workers left out, those files among them
  const char **notes;    // [note_count]
  size_t note_count;
  char digest[33];
  bool may_be_empty; // nothing has to be left of it (vet.c)
};

/* With keep_going, where nothing is left, or was there at all, too: a set without LFs,
 * which cannot be applied to anything. */
WS_CHECK ws_status ws__lf_set_load_any(const char *folder, const ws_task *task,
                                       const ws_lf_options *options, ws_lf_set **out,
                                       ws_error *err);

/* ws_lf_set_load with other limits than the standard ones; NULL: these. */
WS_CHECK ws_status ws__lf_set_load(const char *folder, const ws_task *task,
                                   const ws_lf_options *options,
                                   const ws__load_limits *load, ws_lf_set **out,
                                   ws_error *err);

/* Reads the first frame of a worker. With `again` it must say the same as when the set
 * was loaded. The worker's own error comes through as it is. */
WS_CHECK ws_status ws__lf_set_read(ws_lf_set *set, ws_text manifest, bool again,
                                   ws_error *err);

/* "a worker process sent something unexpected". */
ws_status ws__lf_set_broken(ws_error *err);

/* Says why a worker ended before it had loaded the folder; `status` as of waitpid,
 * `loading` what it had noted. */
ws_status ws__lf_set_fail(const ws_lf_set *set, int status, const char *loading,
                          bool stuck, ws_error *err);

/* What the votes of LF j depend on beside the data: ws_lf_info.key. */
ws_hash128 ws__lf_key(const ws_lf_set *set, size_t j);

/* "took more than 150 ms of CPU time", "died of signal 11", ... */
void ws__describe_end(int status, unsigned cpu_ms, char *out, size_t size);

#endif
