/* SPDX-License-Identifier: MIT
 *
 * What is trained on some rows often is so on a small matrix.
 */
#include "sub_matrix.h"

#include <weaksup/alloc.h>

static void fill(ws__matrix *out, const ws__matrix *matrix, const size_t *rows,
                 uint32_t *number) {
  size_t at = 0;
  for (size_t i = 0; i < out->n; i++) {
    out->begin[i] = at;
    for (size_t c = matrix->begin[rows[i]]; c < matrix->begin[rows[i] + 1]; c++) {
      uint32_t e = matrix->cells[c].index;
      if (number[e] == 0) number[e] = (uint32_t)++out->A;
      out->cells[at++] = (ws__cell){number[e] - 1, matrix->cells[c].value};
    }
  }
  out->begin[out->n] = at;
}

ws_status ws__sub_matrix_init(ws__matrix *out, const ws__matrix *matrix,
                              const size_t *rows, size_t n) {
  size_t cells = 0;
  *out = (ws__matrix){.n = n};
  for (size_t i = 0; i < n; i++)
    cells += matrix->begin[rows[i] + 1] - matrix->begin[rows[i]];
  out->begin = ws_alloc_array(n + 1, sizeof *out->begin);
  out->cells = ws_alloc_array(cells, sizeof *out->cells);
  uint32_t *number = ws_alloc_zero(matrix->A, sizeof *number); // + 1; 0: none yet
  ws_status status = out->begin && out->cells && number ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) fill(out, matrix, rows, number);
  ws_free(number);
  return status;
}
