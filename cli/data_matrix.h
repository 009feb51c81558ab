/* SPDX-License-Identifier: MIT
 *
 * The matrix beside the records that some classifiers need: --npy and its like.
 */
#ifndef WS_DATA_MATRIX_H
#define WS_DATA_MATRIX_H

#include <weaksup/classifier.h>
#include <weaksup/reader.h>

typedef struct data_matrix {
  const char *path, *option; // NULL: not given; how it is given
} data_matrix;

/* A predictor with the matrix. *matrix is opened where the classifier needs one: to be
 * freed behind the predictor. */
WS_CHECK ws_status predictor_open(const ws_classifier *classifier, data_matrix given,
                                  ws_npy **matrix, ws_predictor **out, ws_error *err);

/* After all records were read: WS_EINVAL where the matrix (NULL: none) has not a row for
 * each. */
WS_CHECK ws_status check_matrix(const ws_npy *matrix, const ws_reader *reader,
                                ws_error *err);

#endif
