/* SPDX-License-Identifier: MIT
 *
 * Vetting: which kind of error counts, and what is said of it.
 */
#include <inttypes.h>

#include "vet_priv.h"

static const struct {
  ws_vet_reason reason;
  ws_lf_error_kind kind;
  bool limit;
} worst_first[] = {{WS_VET_KILLED, WS_LF_ERROR_KILLED, false},
                   {WS_VET_LIMIT_MEM, WS_LF_ERROR_MEMORY, true},
                   {WS_VET_LIMIT_CPU, WS_LF_ERROR_CPU, true},
                   {WS_VET_LIMIT_PATTERN, WS_LF_ERROR_PATTERN, true},
                   {WS_VET_VOTE_ERROR, WS_LF_ERROR_VOTE, false},
                   {WS_VET_RUNTIME_ERROR, WS_LF_ERROR_RUNTIME, false}};
enum { KINDS = sizeof worst_first / sizeof *worst_first };

ws_vet_reason ws__vet_worst(const ws_lf_stats *stats, bool limits) {
  for (int i = 0; i < KINDS; i++)
    if (stats->errors_by_kind[worst_first[i].kind] && (limits || !worst_first[i].limit))
      return worst_first[i].reason;
  return WS_VET_PASSED;
}

static uint64_t count_errors(const ws_lf_stats *stats, ws_vet_reason reason) {
  for (int i = 0; i < KINDS; i++)
    if (worst_first[i].reason == reason)
      return stats->errors_by_kind[worst_first[i].kind];
  return 0;
}

/* The first one that is known, or NULL. */
static const ws_lf_failure *first_failure(const ws_lf_stats *stats,
                                          ws_vet_reason reason) {
  for (size_t f = 0; f < stats->failure_count; f++)
    for (int i = 0; i < KINDS; i++)
      if (worst_first[i].reason == reason &&
          worst_first[i].kind == stats->failures[f].kind)
        return &stats->failures[f];
  return NULL;
}

/* How often, and on which line, time or memory runs out depends on the machine: what is
 * said does not. */
static ws_status reject_limit(ws_vetting *vetting, ws__vet_item *item,
                              const ws__vet_called *called, ws_vet_reason reason) {
  const ws_lf_options *limits = &vetting->options.lf;
  if (reason == WS_VET_LIMIT_CPU)
    return ws__vet_reject(vetting, item, called->stage, reason,
                          "on %s: a call took more than %u ms of CPU time",
                          called->records, limits->call_cpu_ms);
  if (reason == WS_VET_LIMIT_MEM)
    return ws__vet_reject(vetting, item, called->stage, reason,
                          "on %s: a call needs more than %" PRIu64 " MiB of memory",
                          called->records, limits->memory >> 20);
  return ws__vet_reject(vetting, item, called->stage, reason,
                        "on %s: the worker process died in a call, or had to be killed",
                        called->records);
}

ws_status ws__vet_reject_calls(ws_vetting *vetting, ws__vet_item *item,
                               const ws__vet_called *called, const ws_lf_stats *stats,
                               ws_vet_reason reason) {
  ws_buffer message = {0};
  if (reason == WS_VET_LIMIT_CPU || reason == WS_VET_LIMIT_MEM || reason == WS_VET_KILLED)
    return reject_limit(vetting, item, called, reason);
  const ws_lf_failure *first = first_failure(stats, reason);
  bool named = first && called->name && first->row < called->calls;
  ws_status status = ws__vet_message(vetting, first ? first->what : "", &message);
  if (status == WS_OK)
    status =
        ws__vet_reject(vetting, item, called->stage, reason,
                       "on %" PRIu64 " of %zu %s%s%s%s%s", count_errors(stats, reason),
                       called->calls, called->records, named ? ", the first being " : "",
                       named ? called->name(called->user, first->row) : "",
                       first ? ": " : "", message.data);
  ws_buffer_clear(&message);
  return status;
}
