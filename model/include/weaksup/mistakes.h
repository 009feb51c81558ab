/* SPDX-License-Identifier: MIT
 *
 * Labels that are wrong by the gold ones, those first that a model was surest of: there a
 * labeling function, or a gold label, is most likely to be wrong itself.
 */
#ifndef WEAKSUP_MISTAKES_H
#define WEAKSUP_MISTAKES_H

#include <weaksup/labels.h>

WS_BEGIN_DECLS

typedef struct ws_mistake {
  uint64_t row;        // of the record in its file, from 0
  int32_t gold, label; // label: what it was taken for
  double probability;  // of label
  double gold_probability;
  ws_text id, text; // text.data NULL: not known
} ws_mistake;

typedef struct ws_mistakes ws_mistakes;

/* Keeps the `most` surest ones. Memory grows with them, not with the records. */
WS_API WS_CHECK ws_status ws_mistakes_new(size_t most, ws_mistakes **out);
WS_API void ws_mistakes_free(ws_mistakes *mistakes);
/* Looks at a record, whose id and text are copied if it is one of them. No mistake: what
 * has no gold label, and no label (WS_ABSTAIN: a tie, or rejected). WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_mistakes_add(ws_mistakes *mistakes, uint64_t row, ws_text id,
                                          ws_text text, const double *probs,
                                          int32_t label, int32_t gold);
WS_API uint64_t ws_mistakes_count(const ws_mistakes *mistakes); // of all
/* The most probable first, equals by row. The array is the object's, until the next
 * call. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_mistakes_sorted(ws_mistakes *mistakes,
                                             const ws_mistake **out, size_t *count);

WS_END_DECLS

#endif
