/* SPDX-License-Identifier: MIT
 *
 * Reporting progress: the one place that knows that a sink may be empty.
 */
#include <weaksup/progress.h>

bool ws_progress_report(ws_progress_sink sink, const char *stage, uint64_t done,
                        uint64_t total, const char *unit) {
  ws_progress progress = {stage, done, total, unit};
  return !sink.call || sink.call(sink.user, &progress);
}
