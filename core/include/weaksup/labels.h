/* SPDX-License-Identifier: MIT
 *
 * Probabilistic labels: a distribution over the classes for each vote pattern, and
 * through it for each record. The votes say which pattern a record has.
 */
#ifndef WEAKSUP_LABELS_H
#define WEAKSUP_LABELS_H

#include <weaksup/votes.h>

WS_BEGIN_DECLS

/* Classes within this much of the largest share are tied. */
#define WS_TIE 1e-9

/* The class with the largest share, or WS_ABSTAIN where several tie for it. */
WS_API int32_t ws_probs_argmax(const double *probs, size_t classes);

/* A class drawn from the distribution by a number u of [0, 1). */
WS_API int32_t ws_probs_draw(const double *probs, size_t classes, double u);

typedef struct ws_labels ws_labels;

/* U x K, all zero. */
WS_API WS_CHECK ws_status ws_labels_new(size_t patterns, size_t classes, ws_labels **out);
WS_API void ws_labels_free(ws_labels *labels);
WS_API size_t ws_labels_patterns(const ws_labels *labels); // U
WS_API size_t ws_labels_classes(const ws_labels *labels);  // K
/* The distribution of pattern u: [K], sums to 1 within 1e-12 once a label model filled
 * it. */
WS_API double *ws_labels_at(ws_labels *labels, size_t u);
WS_API const double *ws_labels_get(const ws_labels *labels, size_t u);

typedef enum ws_labels_format {
  WS_LABELS_JSONL, // {"id","label","probs":{NAME:p},"votes":{LF:NAME}} a line
  WS_LABELS_CSV, // id,label,p_NAME...,votes: a header and a row a record; votes: how many
} ws_labels_format;

/* Receives the text piece by piece; anything but WS_OK ends the writing with that status.
 */
typedef ws_status (*ws_write_fn)(void *user, ws_text piece, ws_error *err);

/* Writes the records first .. first+count-1 in order (count is cut at the end). A record
 * without votes, and one whose largest classes tie, has no label: null, or an empty cell.
 * `labels` must come from these votes. The CSV header is written when first is 0. */
WS_API WS_CHECK ws_status ws_labels_write(const ws_labels *labels, const ws_votes *votes,
                                          ws_labels_format format, size_t first,
                                          size_t count, ws_write_fn write, void *user,
                                          ws_error *err);

/* The same for predictions, which are not made from votes: appends the header that CSV
 * has, and the line of one record. */
WS_API WS_CHECK ws_status ws_prediction_header(const ws_task *task,
                                               ws_labels_format format, ws_buffer *out);
WS_API WS_CHECK ws_status ws_prediction_line(const ws_task *task, ws_labels_format format,
                                             ws_text id, const double *probs,
                                             ws_buffer *out);

/* The same with the label given, for those who decide otherwise than by the largest
 * share, and with fewer probabilities. */
typedef struct ws_prediction {
  ws_text id;
  int32_t label;       // WS_ABSTAIN: none
  const double *probs; // [K]
  size_t top;          // JSON: of so many most probable classes, the likeliest first; 0:
                       // of all, in their order
  bool bare;           // no probabilities at all
} ws_prediction;
WS_API WS_CHECK ws_status ws_prediction_put(const ws_task *task, ws_labels_format format,
                                            const ws_prediction *prediction,
                                            ws_buffer *out);

WS_END_DECLS

#endif
