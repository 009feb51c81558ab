/* SPDX-License-Identifier: MIT
 *
 * How worker processes are locked down on this system.
 *
 * Labeling functions cannot reach anything outside of their worker by design (lf_set.h).
 * These are the walls behind that one: each worker gives the rights up before it runs
 * their code. What of it works depends on the kernel and on the build.
 */
#ifndef WEAKSUP_PROTECTIONS_H
#define WEAKSUP_PROTECTIONS_H

#include <weaksup/status.h>

WS_BEGIN_DECLS

/* A set of these is an unsigned. */
typedef enum ws_protection {
  WS_PROTECT_LIMITS = 1,     // no files, processes, core dumps; bounded memory
  WS_PROTECT_PRIVILEGES = 2, // none can be gained, nobody can debug the process
  WS_PROTECT_FILES = 4,      // Landlock: only the folder, and that only while it loads
  WS_PROTECT_CALLS = 8,      // seccomp: system calls for memory and the socket only
} ws_protection;

#define WS_PROTECTIONS_ALL 15u

/* What a worker has when it applies labeling functions: starts one, without any, and asks
 * it. `worker` as in ws_lf_options. Builds with sanitizers or coverage have little of it.
 */
WS_API WS_CHECK ws_status ws_lf_protections(const char *worker, unsigned *out,
                                            ws_error *err);

/* A short name, "limits", "privileges", "files", "calls"; and a few words. */
WS_API const char *ws_protection_name(ws_protection protection);
WS_API const char *ws_protection_text(ws_protection protection);

WS_END_DECLS

#endif
