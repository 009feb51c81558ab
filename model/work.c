/* SPDX-License-Identifier: MIT
 *
 * Pieces of a job.
 */
#include "work.h"

#include <math.h>

/* Plans are wrong in both directions: what is told stays where it was until the work is
 * there. */
static bool tell(ws__work *work, double share_of_piece) {
  double share = (work->over + share_of_piece * work->piece) / fmax(work->planned, 1);
  work->share = fmin(fmax(share, work->share), 1);
  return ws_progress_report(work->to, "training",
                            (uint64_t)(work->share * (double)work->rows), work->rows,
                            "rows");
}

static bool on_progress(void *user, const ws_progress *piece) {
  double share = piece->total ? (double)piece->done / (double)piece->total : 0;
  return tell(user, fmin(share, 1));
}

ws_progress_sink ws__work_sink(ws__work *work) {
  return (ws_progress_sink){on_progress, work};
}

void ws__work_next(ws__work *work, double rows) {
  if (!work) return;
  work->over += work->piece;
  work->piece = rows;
  (void)tell(work, 0); // a wish to stop is asked for again, by the piece
}
