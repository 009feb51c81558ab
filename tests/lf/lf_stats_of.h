/* SPDX-License-Identifier: MIT
 *
 * Records that are numbers, and what the report says of an LF on them.
 */
#ifndef LF_STATS_OF_H
#define LF_STATS_OF_H

#include "lf_test.h"

static inline const ws_lf_stats *stats_of(const lf_fixture *f, size_t j) {
  return ws_apply_report_at(f->report, j);
}

static inline void lines(lf_fixture *f, size_t from, size_t to) {
  ws_buffer text = {0};
  for (size_t i = from; i <= to; i++)
    assert_ok(ws_buffer_printf(&text, "%zu\n", i), NULL);
  lf_data(f, "d.txt", text.data);
  ws_buffer_clear(&text);
}

#endif
