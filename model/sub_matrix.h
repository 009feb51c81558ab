/* SPDX-License-Identifier: MIT
 *
 * Some rows of a matrix as one of their own.
 */
#ifndef WS_SUB_MATRIX_H
#define WS_SUB_MATRIX_H

#include "matrix.h"

/* The rows, with the entries that they have, numbered anew in the order of first
 * occurrence; without keys and scales. To be cleared whatever the status. */
ws_status ws__sub_matrix_init(ws__matrix *out, const ws__matrix *matrix,
                              const size_t *rows, size_t n);

#endif
