/* SPDX-License-Identifier: MIT
 *
 * Matrices of numbers in NumPy's .npy files: two dimensions, float32 or float64,
 * little-endian, in C order; versions 1 to 3 of the format (numpy.lib.format). Rows are
 * read where they are asked for, so that a matrix may be larger than the memory.
 */
#ifndef WEAKSUP_NPY_H
#define WEAKSUP_NPY_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

typedef struct ws_npy ws_npy;

/* WS_EPARSE where the file is none of these, or not as long as its header says. */
WS_API WS_CHECK ws_status ws_npy_open(const char *path, ws_npy **out, ws_error *err);
/* The same for the bytes of a file, borrowed; `name` is what messages call it. */
WS_API WS_CHECK ws_status ws_npy_open_memory(const char *name, ws_text bytes,
                                             ws_npy **out, ws_error *err);
WS_API void ws_npy_free(ws_npy *npy);

/* The name is that of the path, or the one given; it lives as long as the object. */
WS_API uint64_t ws_npy_rows(const ws_npy *npy);
WS_API size_t ws_npy_columns(const ws_npy *npy); // 1 or more
WS_API const char *ws_npy_name(const ws_npy *npy);

/* One row: out[columns]. From any number of threads. WS_EPARSE, naming row and column
 * (from 0, as NumPy does), where a number is not finite or beyond what a float holds;
 * WS_EINVAL where there is no such row. */
WS_API WS_CHECK ws_status ws_npy_row(const ws_npy *npy, uint64_t row, double *out,
                                     ws_error *err);

/* --- writing ------------------------------------------------------------------------ */

typedef enum ws_npy_type { WS_NPY_INT64, WS_NPY_FLOAT64 } ws_npy_type;

/* Appends the header of a matrix, or with columns 0 of a vector; the numbers follow, row
 * after row. WS_ENOMEM only, as with these. */
WS_API WS_CHECK ws_status ws_npy_put_header(ws_buffer *out, ws_npy_type type,
                                            uint64_t rows, size_t columns);
WS_API WS_CHECK ws_status ws_npy_put_int64(ws_buffer *out, int64_t value);
WS_API WS_CHECK ws_status ws_npy_put_float64(ws_buffer *out, double value);

WS_END_DECLS

#endif
