/* SPDX-License-Identifier: MIT
 *
 * Examples: records of each kind with what the LFs matched in them. report_why.c writes
 * the explanation that stands beside each.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/excerpt.h>

#include "report_page.h"
#include "report_why.h"

enum { TEXT_MOST = 480, FIELD_MOST = 160 };

static const char *const headings[] = {
    "Wrong against gold", "Ties",           "Flips", "Conflicts",
    "All votes agree",    "Without a vote",
};

static const char *const meanings[] = {
    ("The label is not the gold label of the data; the surest first. Look which labeling "
     "function is to blame, or whether the gold label is."),
    "Votes for several classes that come out even: these records have no label.",
    "The label model decides against the majority of the votes.",
    "Labeling functions vote for different classes: one of them is wrong here.",
    "All votes are for one class: is it right?",
    "No labeling function votes: what would a new one look for?",
};

/* --- matches ------------------------------------------------------------------------ */

/* Where the vote of an LF came from. */
typedef struct match {
  ws_span at;
  size_t lf;
  int32_t label;
  const char *field;
} match;

typedef struct matches {
  match *items; // [count]
  ws_span *spans;
  size_t count;
} matches;

static void matches_clear(matches *m) {
  ws_free(m->items);
  ws_free(m->spans);
}

/* Those in the field. */
static bool find_matches(const report *r, const report_record *record, const char *field,
                         matches *out) {
  size_t u = ws_votes_row_pattern(r->votes, record->row), K = ws_votes_classes(r->votes);
  ws_pattern pattern = ws_votes_pattern(r->votes, u);
  *out = (matches){ws_alloc_array(pattern.size, sizeof *out->items),
                   ws_alloc_array(pattern.size, sizeof *out->spans), 0};
  if (!out->items || !out->spans) return false;
  for (size_t i = 0; i < pattern.size; i++) {
    size_t lf = pattern.columns[i] / K;
    const ws_lf_match *found = report_match(r, record, lf);
    if (!found || !found->field || strcmp(found->field, field) != 0) continue;
    if (found->start == found->end) continue;
    out->spans[out->count] = (ws_span){found->start, found->end};
    out->items[out->count] =
        (match){out->spans[out->count], lf, (int32_t)(pattern.columns[i] % K), field};
    out->count++;
  }
  return true;
}

/* --- texts -------------------------------------------------------------------------- */

/* The numbers of the LFs whose match ends with the piece, as in the table beside it. */
static void put_numbers(html *h, const matches *m, ws_excerpt_piece piece) {
  bool any = false;
  for (size_t i = 0; i < m->count; i++) {
    if (!ws_span_covers(m->spans[i], piece) || m->spans[i].end != piece.at.end) continue;
    html_format(h, "%s%zu", any ? " " : "<sup>", m->items[i].lf + 1);
    any = true;
  }
  if (any) html_raw(h, "</sup>");
}

/* The class that all matches on the piece are for; -1: several. -2: there is none. */
static int class_of(const matches *m, ws_excerpt_piece piece) {
  int found = -2;
  for (size_t i = 0; i < m->count; i++) {
    if (!ws_span_covers(m->spans[i], piece)) continue;
    found = found == -2 || found == m->items[i].label ? m->items[i].label : -1;
  }
  return found;
}

static void put_piece(html *h, ws_text text, const matches *m, ws_excerpt_piece piece) {
  ws_text part = {text.data + piece.at.start, piece.at.end - piece.at.start};
  int label = class_of(m, piece);
  if (piece.gap) html_raw(h, "<span class=\"gap\"> \xE2\x80\xA6 </span>");
  if (label == -2) {
    html_shown(h, part);
    return;
  }
  if (label >= 0)
    html_format(h, "<mark class=\"k%u\">", page_colour((size_t)label));
  else
    html_raw(h, "<mark>");
  html_shown(h, part);
  put_numbers(h, m, piece);
  html_raw(h, "</mark>");
}

static void put_text(html *h, ws_text text, const matches *m, size_t most) {
  ws_excerpt excerpt;
  if (ws_excerpt_find(text, m->spans, m->count, most, &excerpt) != WS_OK) {
    h->status = WS_ENOMEM;
    return;
  }
  for (size_t i = 0; i < excerpt.count; i++) put_piece(h, text, m, excerpt.pieces[i]);
  if (excerpt.cut) html_raw(h, "<span class=\"gap\"> \xE2\x80\xA6</span>");
  ws_excerpt_clear(&excerpt);
}

/* Other fields in which something matched. */
static void put_other_fields(html *h, const report *r, const report_record *record) {
  const char *own = ws_task_get(r->task, WS_TASK_TEXT);
  ws_text key;
  ws_value item;
  for (ws_value_iter it = ws_value_each(record->fields);
       ws_value_next(&it, &key, &item);) {
    matches m = {0};
    if (!ws_value_is(item, WS_STRING) || ws_text_equals(key, own)) continue;
    ws_buffer name = {0};
    bool fine = ws_buffer_text(&name, key) == WS_OK &&
                find_matches(r, record, name.size ? name.data : "", &m);
    ws_buffer_clear(&name);
    if (!fine) h->status = WS_ENOMEM;
    if (fine && m.count) {
      html_raw(h, "<p class=\"field\" dir=\"auto\"><span class=\"label\">");
      html_name(h, key);
      html_raw(h, "</span> ");
      put_text(h, ws_value_text(item), &m, FIELD_MOST);
      html_raw(h, "</p>\n");
    }
    matches_clear(&m);
  }
}

static void put_record_text(html *h, const report *r, const report_record *record) {
  matches m;
  if (!record->text.data) return;
  if (!find_matches(r, record, ws_task_get(r->task, WS_TASK_TEXT), &m)) {
    h->status = WS_ENOMEM;
    matches_clear(&m);
    return;
  }
  html_raw(h, "<p class=\"words\" dir=\"auto\">");
  put_text(h, record->text, &m, TEXT_MOST);
  html_raw(h, "</p>\n");
  matches_clear(&m);
  put_other_fields(h, r, record);
}

/* --- a record ----------------------------------------------------------------------- */

static void put_verdict(html *h, const report *r, size_t row, int32_t label,
                        const double *probs) {
  int32_t gold = ws_votes_row_gold(r->votes, row);
  html_raw(h, "<p class=\"verdict\">");
  if (label == WS_ABSTAIN) {
    html_raw(h, "no label");
  } else {
    page_class(h, r, label);
    html_format(h, " <span class=\"p\">%.3f</span>", probs[label]);
  }
  if (gold != WS_ABSTAIN) {
    html_raw(h, " \xC2\xB7 gold ");
    page_class(h, r, gold);
    if (label != WS_ABSTAIN)
      html_raw(h, label == gold ? " <span class=\"right\">right</span>"
                                : " <span class=\"wrong\">wrong</span>");
  }
  html_raw(h, "</p>");
}

/* For the filters: the label and the LFs that vote. */
static void open_record(html *h, const report *r, size_t row, int32_t label) {
  size_t K = ws_votes_classes(r->votes);
  ws_pattern pattern = ws_votes_pattern(r->votes, ws_votes_row_pattern(r->votes, row));
  html_format(h, "<article class=\"ex\" data-label=\"%d\" data-lfs=\" ", (int)label);
  for (size_t i = 0; i < pattern.size; i++)
    html_format(h, "%zu ", (size_t)(pattern.columns[i] / K) + 1);
  html_raw(h, "\">\n<div class=\"said\">\n");
}

static void put_record(html *h, const report *r, size_t row) {
  char digits[24];
  size_t u = ws_votes_row_pattern(r->votes, row);
  const double *probs = ws_labels_get(r->labels, u);
  bool covered = ws_votes_pattern(r->votes, u).size > 0;
  int32_t label =
      covered ? ws_probs_argmax(probs, ws_votes_classes(r->votes)) : WS_ABSTAIN;
  const report_record *record = report_record_of(r, row);
  open_record(h, r, row, label);
  html_raw(h, "<h4>");
  html_name(h, ws_votes_row_id(r->votes, row, digits));
  html_raw(h, "</h4>\n");
  put_verdict(h, r, row, label, probs);
  put_record_text(h, r, record);
  html_raw(h, "</div>\n");
  if (covered) report_why(h, r, record);
  html_raw(h, "</article>\n");
}

/* --- the kinds ---------------------------------------------------------------------- */

static void put_kind(html *h, const report *r, ws_example_kind kind) {
  const ws_example_set *set = &r->examples.kinds[kind];
  const char *name = ws_example_kind_name(kind);
  html_format(h,
              "<section class=\"kind\" id=\"ex-%s\" data-kind=\"%s\" "
              "aria-labelledby=\"ex-%s-h\">\n<h3 id=\"ex-%s-h\">%s <small>",
              name, name, name, name, headings[kind]);
  html_count(h, set->count);
  html_raw(h, set->count == 1 ? " record" : " records");
  if (set->picked < set->count) html_format(h, ", %zu shown", set->picked);
  html_raw(h, "</small></h3>\n<p>");
  if (kind == WS_EXAMPLE_WRONG && r->summary.gold == 0)
    html_raw(h, "The data has no gold labels.");
  else if (set->count == 0)
    html_raw(h, "There is none.");
  else
    html_raw(h, meanings[kind]);
  html_raw(h, "</p>\n");
  for (size_t i = 0; i < set->picked; i++) put_record(h, r, set->rows[i]);
  html_raw(h, "</section>\n");
}

static void put_options(html *h, const report *r) {
  for (size_t k = 0; k < ws_task_classes(r->task); k++) {
    html_format(h, "<option value=\"%zu\">", k);
    html_text(h, ws_task_class(r->task, k));
    html_raw(h, "</option>");
  }
}

static void put_tools(html *h, const report *r) {
  html_raw(h, "<form class=\"tools\" id=\"ex-tools\" hidden>\n<label>Kind <select "
              "id=\"ex-kind\"><option value=\"\">all</option>");
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++)
    html_format(h, "<option value=\"%s\">%s</option>",
                ws_example_kind_name((ws_example_kind)kind), headings[kind]);
  html_raw(h, "</select></label>\n<label>Label <select id=\"ex-label\"><option "
              "value=\"\">any</option><option value=\"-1\">none</option>");
  put_options(h, r);
  html_raw(h, "</select></label>\n<label>Voted on by <select id=\"ex-lf\"><option "
              "value=\"\">any</option>");
  for (size_t j = 0; j < r->table.count; j++) {
    html_format(h, "<option value=\"%zu\">", j + 1);
    html_text(h, r->table.rows[j].name);
    html_raw(h, "</option>");
  }
  html_raw(h, "</select></label>\n<label>Text <input type=\"search\" id=\"ex-text\" "
              "autocomplete=\"off\"></label>\n<output id=\"ex-count\" "
              "aria-live=\"polite\"></output>\n</form>\n");
}

void report_examples(html *h, const report *r) {
  html_format(h,
              "<p>At most %zu records of each kind, drawn by the hash of their ids: "
              "the same ones in each report. Raised numbers in a text are the "
              "labeling functions that matched there.</p>\n",
              (size_t)r->o->examples);
  if (r->no_texts.size) {
    html_raw(h, "<p class=\"note\">Texts are not shown: ");
    html_shown(h, ws_buffer_as_text(&r->no_texts));
    html_raw(h, ".</p>\n");
  } else if (r->no_spans.size) {
    html_raw(h, "<p class=\"note\">What matched is not marked: ");
    html_shown(h, ws_buffer_as_text(&r->no_spans));
    html_raw(h, ".</p>\n");
  }
  put_tools(h, r);
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++)
    put_kind(h, r, (ws_example_kind)kind);
}
