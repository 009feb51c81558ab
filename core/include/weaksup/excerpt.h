/* SPDX-License-Identifier: MIT
 *
 * A text cut to what is worth showing: what spans of it mark, with a little around them.
 */
#ifndef WEAKSUP_EXCERPT_H
#define WEAKSUP_EXCERPT_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

/* Bytes of a text, from `start` up to `end`, both between characters. */
typedef struct ws_span {
  size_t start, end;
} ws_span;

/* A stretch of the text: each span covers all of it, or nothing. */
typedef struct ws_excerpt_piece {
  ws_span at;
  bool gap; // something of the text is left out in front of it
} ws_excerpt_piece;

typedef struct ws_excerpt {
  ws_excerpt_piece *pieces; // [count], ascending; none is empty
  size_t count;
  bool cut; // something is left out behind the last one
} ws_excerpt;

/* The pieces of `text` that are to be shown. Of a text of at most `most` bytes that is
 * all of it; of a longer one its beginning, and the surroundings of the spans in their
 * order, as far as they go into `most` bytes or a few more: only between characters it is
 * cut. Spans may overlap and come in any order; parts of them beyond the text do not
 * count. Clear *out. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_excerpt_find(ws_text text, const ws_span *spans,
                                          size_t count, size_t most, ws_excerpt *out);
WS_API void ws_excerpt_clear(ws_excerpt *excerpt);

/* Whether the span covers the piece. */
WS_API bool ws_span_covers(ws_span span, ws_excerpt_piece piece);

WS_END_DECLS

#endif
