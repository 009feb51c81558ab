/* SPDX-License-Identifier: MIT
 *
 * The terms of an explanation: what each vote, the class balance and the tempering add.
 * Of many votes those that weigh most have rows of their own; the rest is one row, so
 * that the sum is always that of what stands above it.
 */
#include "report_why.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/explain.h>

enum { ROWS_MOST = 10, MATCH_MOST = 40 };

typedef struct why {
  const report *r;
  const report_record *record;
  const ws_explanation *terms;
  bool *own;     // [terms] whether the term has a row
  double widest; // the largest margin of a row
} why;

const ws_lf_match *report_match(const report *r, const report_record *record, size_t j) {
  if (!record->traces || !r->lf_of || r->lf_of[j] == SIZE_MAX) return NULL;
  const ws_lf_trace *trace = ws_trace_at(record->traces, r->lf_of[j]);
  return trace->traced && trace->match.by != WS_MATCH_BY_NOTHING ? &trace->match : NULL;
}

/* --- which terms have rows ---------------------------------------------------------- */

/* How many votes weigh more than term i, of equal ones those in front of it. */
static size_t rank_of(const ws_explanation *terms, size_t i) {
  double weight = fabs(ws_explanation_margin(terms, i));
  size_t above = 0;
  for (size_t l = 0; l < ws_explanation_terms(terms); l++) {
    if (ws_explanation_term(terms, l)->kind != WS_TERM_VOTE || l == i) continue;
    double other = fabs(ws_explanation_margin(terms, l));
    above += other > weight || (other == weight && l < i);
  }
  return above;
}

static bool has_row(const ws_explanation *terms, size_t i) {
  ws_term_kind kind = ws_explanation_term(terms, i)->kind;
  if (kind == WS_TERM_SILENCE) return false;
  if (kind == WS_TERM_VOTE) return rank_of(terms, i) < ROWS_MOST;
  return fabs(ws_explanation_margin(terms, i)) > 1e-9; // a term that adds nothing
}

static bool choose_rows(why *w) {
  size_t count = ws_explanation_terms(w->terms);
  w->own = ws_alloc_zero(count, sizeof *w->own);
  if (!w->own) return false;
  for (size_t i = 0; i < count; i++) {
    w->own[i] = has_row(w->terms, i);
    double weight = fabs(ws_explanation_margin(w->terms, i));
    if (w->own[i] && weight > w->widest) w->widest = weight;
  }
  return true;
}

/* --- rows --------------------------------------------------------------------------- */

/* To the right where it speaks for the class, to the left where against it. */
static void put_margin(html *h, const why *w, double margin, bool drawn) {
  html_raw(h, "<td>");
  page_signed(h, margin, 2);
  html_raw(h, "</td><td class=\"tip\">");
  if (drawn && w->widest > 0) {
    double width = 48 * fabs(margin) / w->widest;
    if (width > 48) width = 48;
    html_format(h,
                "<svg class=\"odds %s\" viewBox=\"0 0 100 8\" width=\"64\" height=\"8\" "
                "preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"M50 "
                "0V8\"/><rect x=\"%.1f\" width=\"%.1f\" height=\"8\"/></svg>",
                margin < 0 ? "con" : "pro", margin < 0 ? 50 - width : 50, width);
  }
  html_raw(h, "</td>");
}

/* What matched where the text does not show it. */
static void put_match(html *h, const why *w, size_t j) {
  const ws_lf_match *match = report_match(w->r, w->record, j);
  if (!match || match->field || match->text.size == 0) return;
  size_t size = match->text.size < MATCH_MOST ? match->text.size : MATCH_MOST;
  while (size < match->text.size && size > 0 &&
         ((unsigned char)match->text.data[size] & 0xC0u) == 0x80u)
    size--;
  html_raw(h, " <small>found <q>");
  html_shown(h, (ws_text){match->text.data, size});
  html_raw(h, size < match->text.size ? "\xE2\x80\xA6</q></small>" : "</q></small>");
}

static void put_vote(html *h, const why *w, const ws_term *term, double margin) {
  int64_t j = ws_votes_find_lf(w->r->votes, term->lf);
  html_raw(h, "<tr>");
  if (j >= 0)
    html_format(h, "<td>%lld</td><th scope=\"row\"><a href=\"#lf%lld\">",
                (long long)j + 1, (long long)j + 1);
  else
    html_raw(h, "<td></td><th scope=\"row\"><a>");
  html_name(h, term->lf);
  html_raw(h, "</a>");
  if (j >= 0) put_match(h, w, (size_t)j);
  html_raw(h, "</th><td class=\"text\">");
  page_class(h, w->r, term->label);
  html_raw(h, "</td>");
  put_margin(h, w, margin, true);
  html_raw(h, "</tr>\n");
}

static void put_other(html *h, const why *w, const char *name, double margin,
                      bool drawn) {
  html_format(h, "<tr><td></td><th scope=\"row\">%s</th><td></td>", name);
  put_margin(h, w, margin, drawn);
  html_raw(h, "</tr>\n");
}

static const char *name_of(const ws_term *term) {
  switch (term->kind) {
  case WS_TERM_PRIOR:
    return "class balance";
  case WS_TERM_SCALE:
    return "tempering: scale";
  default:
    return "tempering: floor";
  }
}

/* Votes without rows of their own, and LFs that abstain: one row each. */
static void put_rest(html *h, const why *w, ws_term_kind kind, const char *name) {
  size_t count = 0;
  double sum = 0;
  char text[64];
  for (size_t i = 0; i < ws_explanation_terms(w->terms); i++) {
    if (w->own[i] || ws_explanation_term(w->terms, i)->kind != kind) continue;
    count++;
    sum += ws_explanation_margin(w->terms, i);
  }
  if (count == 0) return;
  snprintf(text, sizeof text, "%zu %s", count, name);
  put_other(h, w, text, sum, false);
}

static void put_rows(html *h, const why *w) {
  double sum = 0;
  for (size_t i = 0; i < ws_explanation_terms(w->terms); i++) {
    const ws_term *term = ws_explanation_term(w->terms, i);
    double margin = ws_explanation_margin(w->terms, i);
    sum += margin;
    if (!w->own[i]) continue;
    if (term->kind == WS_TERM_VOTE)
      put_vote(h, w, term, margin);
    else
      put_other(h, w, name_of(term), margin, true);
  }
  put_rest(h, w, WS_TERM_VOTE, "more votes");
  put_rest(h, w, WS_TERM_SILENCE, "that abstain");
  html_raw(h, "</tbody>\n<tfoot>");
  put_other(h, w, "sum", sum, false);
  html_raw(h, "</tfoot>\n");
}

static void put_caption(html *h, const why *w) {
  size_t first = ws_explanation_first(w->terms), second = ws_explanation_second(w->terms);
  html_raw(h, "<table class=\"why\">\n<caption>");
  html_raw(h, ws_explanation_is_log(w->terms) ? "log-odds of " : "share of ");
  html_name(h, ws_task_class(w->r->task, first));
  html_raw(h, " against ");
  html_name(h, ws_task_class(w->r->task, second));
  html_raw(h, "</caption>\n<thead class=\"quiet\"><tr><th scope=\"col\">#</th>"
              "<th scope=\"col\">term</th><th scope=\"col\">vote</th>"
              "<th scope=\"col\">adds</th><td></td></tr></thead>\n<tbody>\n");
}

void report_why(html *h, const report *r, const report_record *record) {
  ws_explanation *terms = NULL;
  ws_error err = WS_ERROR_INIT;
  size_t u = ws_votes_row_pattern(r->votes, record->row);
  if (ws_explain(r->model, r->votes, u, &terms, &err) != WS_OK) {
    h->status = WS_ENOMEM; // the model predicted the same pattern before
    return;
  }
  why w = {.r = r, .record = record, .terms = terms};
  if (choose_rows(&w)) {
    put_caption(h, &w);
    put_rows(h, &w);
    html_raw(h, "</table>\n");
  } else {
    h->status = WS_ENOMEM;
  }
  ws_free(w.own);
  ws_explanation_free(terms);
}
