/* SPDX-License-Identifier: MIT
 *
 * Matching matrices with classifiers and records.
 */
#include "data_matrix.h"

ws_status predictor_open(const ws_classifier *classifier, data_matrix given,
                         ws_npy **matrix, ws_predictor **out, ws_error *err) {
  const char *npy = given.path, *option = given.option;
  size_t columns;
  bool needed = ws_classifier_needs_npy(classifier, &columns);
  if (needed && !npy)
    return ws_error_set(err, WS_EINVAL,
                        "the classifier was trained with a matrix of %zu columns beside "
                        "the records: expected %s FILE, found none",
                        columns, option);
  if (!needed && npy)
    return ws_error_set(err, WS_EINVAL, "%s: the classifier was trained without a matrix",
                        option);
  if (needed) WS_TRY(ws_npy_open(npy, matrix, err));
  if (ws_predictor_new(classifier, out) != WS_OK) return ws_error_nomem(err);
  return needed ? ws_predictor_set_npy(*out, *matrix, err) : WS_OK;
}

ws_status check_matrix(const ws_npy *matrix, const ws_reader *reader, ws_error *err) {
  if (!matrix || ws_npy_rows(matrix) == ws_reader_seen(reader)) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: expected a row for each record, found %llu rows and %llu "
                      "records",
                      ws_npy_name(matrix), (unsigned long long)ws_npy_rows(matrix),
                      (unsigned long long)ws_reader_seen(reader));
}
