/* SPDX-License-Identifier: MIT
 *
 * Excerpts. First the windows that are shown are laid out, the beginning and the
 * surroundings of spans, as long as there is room; then they are cut where spans begin
 * and end, so that a piece is marked as a whole or not at all.
 */
#include <weaksup/excerpt.h>

#include <stdlib.h>

#include <weaksup/alloc.h>

/* The shares of the room: a beginning, and so much on each side of a span. */
enum { BEGINNING = 3, AROUND = 8, SPAN_MOST = 4 };

typedef struct draft {
  ws_text text;
  size_t most, used;
  ws_span *windows; // ascending, apart from one another
  size_t window_count;
  size_t *edges; // where spans begin and end
  size_t edge_count;
} draft;

static int compare_spans(const void *a, const void *b) {
  const ws_span *x = a, *y = b;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

static int compare_sizes(const void *a, const void *b) {
  const size_t *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

static bool is_inside_character(ws_text text, size_t at) {
  return at > 0 && at < text.size && ((unsigned char)text.data[at] & 0xC0u) == 0x80u;
}

/* To the left, as the text is shown up to where a character ends. */
static size_t whole(ws_text text, size_t at) {
  if (at > text.size) at = text.size;
  while (is_inside_character(text, at)) at--;
  return at;
}

/* Adds a window, which begins no further left than those before it. */
static void add_window(draft *d, size_t start, size_t end) {
  ws_span *last = d->window_count ? &d->windows[d->window_count - 1] : NULL;
  start = whole(d->text, start);
  end = whole(d->text, end);
  if (last && start <= last->end) {
    if (end <= last->end) return;
    d->used += end - last->end;
    last->end = end;
  } else if (end > start) {
    d->used += end - start;
    d->windows[d->window_count++] = (ws_span){start, end};
  }
}

/* The surroundings of spans, until there is no room: of a very long one its beginning. */
static void add_surroundings(draft *d, const ws_span *spans, size_t count) {
  size_t around = d->most / AROUND;
  for (size_t i = 0; i < count && d->used + 2 * around <= d->most; i++) {
    size_t start = spans[i].start, end = spans[i].end;
    if (start >= d->text.size) continue;
    if (end - start > d->most / SPAN_MOST) end = start + d->most / SPAN_MOST;
    add_window(d, start > around ? start - around : 0, end + around);
  }
}

static void add_edges(draft *d, const ws_span *spans, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (spans[i].start >= spans[i].end) continue;
    d->edges[d->edge_count++] = whole(d->text, spans[i].start);
    d->edges[d->edge_count++] = whole(d->text, spans[i].end);
  }
  if (d->edge_count) qsort(d->edges, d->edge_count, sizeof *d->edges, compare_sizes);
}

static void lay_out(draft *d, const ws_span *spans, size_t count) {
  if (d->text.size <= d->most) {
    add_window(d, 0, d->text.size);
    return;
  }
  add_window(d, 0, count ? d->most / BEGINNING : d->most);
  add_surroundings(d, spans, count);
}

static void cut_windows(const draft *d, ws_excerpt *out) {
  size_t edge = 0, behind = 0;
  for (size_t w = 0; w < d->window_count; w++) {
    ws_span window = d->windows[w];
    while (window.start < window.end) {
      while (edge < d->edge_count && d->edges[edge] <= window.start) edge++;
      size_t end = edge < d->edge_count && d->edges[edge] < window.end ? d->edges[edge]
                                                                       : window.end;
      out->pieces[out->count++] =
          (ws_excerpt_piece){{window.start, end}, window.start > behind};
      window.start = behind = end;
    }
  }
  out->cut = behind < d->text.size;
}

ws_status ws_excerpt_find(ws_text text, const ws_span *spans, size_t count, size_t most,
                          ws_excerpt *out) {
  draft d = {.text = text, .most = most};
  ws_span *sorted = ws_alloc_array(count + 1, sizeof *sorted);
  d.windows = ws_alloc_array(count + 1, sizeof *d.windows);
  d.edges = ws_alloc_array(2 * count + 1, sizeof *d.edges);
  *out = (ws_excerpt){ws_alloc_array(3 * count + 1, sizeof *out->pieces), 0, false};
  bool fine = sorted && d.windows && d.edges && out->pieces;
  if (fine) {
    for (size_t i = 0; i < count; i++) sorted[i] = spans[i];
    if (count) qsort(sorted, count, sizeof *sorted, compare_spans);
    lay_out(&d, sorted, count);
    add_edges(&d, sorted, count);
    cut_windows(&d, out);
  }
  ws_free(sorted);
  ws_free(d.windows);
  ws_free(d.edges);
  if (fine) return WS_OK;
  ws_excerpt_clear(out);
  return WS_ENOMEM;
}

void ws_excerpt_clear(ws_excerpt *excerpt) {
  ws_free(excerpt->pieces);
  *excerpt = (ws_excerpt){0};
}

bool ws_span_covers(ws_span span, ws_excerpt_piece piece) {
  return span.start <= piece.at.start && span.end >= piece.at.end;
}
