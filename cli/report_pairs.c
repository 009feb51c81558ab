/* SPDX-License-Identifier: MIT
 *
 * Where labeling functions meet: a matrix of all pairs, overlaps above its diagonal and
 * conflicts below, and the pairs that matter most as tables, which say the same in
 * numbers.
 */
#include <math.h>

#include "report_page.h"

enum {
  CELL = 30,
  SMALL_CELL = 16,
  NUMBERED = 20, // as many places have numbers in their cells; of more there is a table
  LABEL = 150,   // width of the names
  HEAD = 22,
  NAME_MOST = 22, // characters of a name beside the matrix
  LISTED = 12,
};

typedef struct grid {
  const report *r;
  size_t count;
  int cell;
} grid;

/* One of nine shades: 0 for nothing at all. By the root, as small shares are the rule. */
static unsigned shade_of(uint64_t part, uint64_t of) {
  if (part == 0 || of == 0) return 0;
  unsigned shade = 1 + (unsigned)(8 * sqrt((double)part / (double)of));
  return shade > 8 ? 8 : shade;
}

static ws_text name_at(const report *r, size_t place) {
  return ws_votes_lf(r->votes, ws_vote_pairs_lf(r->pairs, place));
}

/* Of a long name the beginning. */
static void put_short_name(html *h, ws_text name) {
  size_t size = 0, characters = 0;
  while (size < name.size) {
    bool begins = ((unsigned char)name.data[size] & 0xC0u) != 0x80u;
    if (begins && characters++ == NAME_MOST) break;
    size++;
  }
  html_text(h, (ws_text){name.data, size});
  if (size < name.size) html_raw(h, "\xE2\x80\xA6");
}

/* --- the matrix --------------------------------------------------------------------- */

static void put_title(html *h, const grid *g, size_t row, size_t column,
                      ws_vote_pair pair) {
  html_raw(h, "<title>");
  html_text(h, name_at(g->r, row));
  if (row == column) {
    html_raw(h, ": votes on ");
    html_count(h, pair.both);
    html_raw(h, " records</title>");
    return;
  }
  html_raw(h, ", ");
  html_text(h, name_at(g->r, column));
  html_raw(h, ": both vote on ");
  html_count(h, pair.both);
  html_raw(h, " of ");
  html_count(h, pair.either);
  html_raw(h, " records, differ on ");
  html_count(h, pair.differ);
  html_raw(h, "</title>");
}

static void put_cell(html *h, const grid *g, size_t row, size_t column) {
  ws_vote_pair pair = ws_vote_pairs_at(g->r->pairs, row, column);
  bool overlap = column > row, own = column == row;
  uint64_t part = overlap || own ? pair.both : pair.differ;
  uint64_t of = own ? ws_votes_rows(g->r->votes) : pair.either;
  unsigned shade = shade_of(part, of);
  int x = LABEL + (int)column * g->cell, y = HEAD + (int)row * g->cell;
  if (shade == 0) return;
  html_format(h, "<g class=\"%s%u\">", own ? "v" : overlap ? "o" : "c", shade);
  put_title(h, g, row, column, pair);
  html_format(h, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", x, y,
              g->cell - 1, g->cell - 1);
  if (g->count <= NUMBERED)
    html_format(h, "<text x=\"%d\" y=\"%d\">%.0f</text>", x + g->cell / 2,
                y + g->cell / 2 + 4, 100 * (double)part / (double)of);
  html_raw(h, "</g>\n");
}

/* Rows have their names, columns the same numbers as in the table of LFs. */
static void put_names(html *h, const grid *g) {
  for (size_t i = 0; i < g->count; i++) {
    size_t number = ws_vote_pairs_lf(g->r->pairs, i) + 1;
    int at = (int)i * g->cell;
    html_format(h, "<text class=\"name\" x=\"%d\" y=\"%d\">", LABEL - 26,
                HEAD + at + g->cell / 2 + 4);
    put_short_name(h, name_at(g->r, i));
    html_format(h, "</text><text class=\"num\" x=\"%d\" y=\"%d\">%zu</text>", LABEL - 5,
                HEAD + at + g->cell / 2 + 4, number);
    html_format(h, "<text class=\"head\" x=\"%d\" y=\"%d\">%zu</text>\n",
                LABEL + at + g->cell / 2, HEAD - 6, number);
  }
}

static void put_matrix(html *h, const grid *g) {
  int side = (int)g->count * g->cell;
  page_scroll(h, "Matrix of labeling functions");
  html_format(h,
              "<svg class=\"heat\" role=\"img\" aria-labelledby=\"heat-t heat-d\" "
              "viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n"
              "<title id=\"heat-t\">Overlaps and conflicts of labeling functions</title>"
              "<desc id=\"heat-d\">The tables below list the pairs that matter "
              "most.</desc>\n",
              LABEL + side, HEAD + side, LABEL + side, HEAD + side);
  html_format(h,
              "<rect class=\"ground\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
              LABEL, HEAD, side - 1, side - 1);
  put_names(h, g);
  for (size_t row = 0; row < g->count; row++)
    for (size_t column = 0; column < g->count; column++) put_cell(h, g, row, column);
  html_raw(h, "</svg>\n</div>\n");
}

static void put_key(html *h, const char *letter, const char *words) {
  html_format(h, "<span class=\"key\"><svg class=\"heat\" viewBox=\"0 0 64 12\" "
                 "width=\"64\" height=\"12\" aria-hidden=\"true\">");
  for (unsigned shade = 1; shade <= 8; shade++)
    html_format(h, "<g class=\"%s%u\"><rect x=\"%u\" width=\"8\" height=\"12\"/></g>",
                letter, shade, 8 * (shade - 1));
  html_format(h, "</svg> %s</span>\n", words);
}

/* --- the same in numbers ------------------------------------------------------------ */

static void put_number(html *h, const grid *g, size_t row, size_t column) {
  ws_vote_pair pair = ws_vote_pairs_at(g->r->pairs, row, column);
  bool own = column == row;
  uint64_t part = column < row ? pair.differ : pair.both;
  uint64_t of = own ? ws_votes_rows(g->r->votes) : pair.either;
  if (part == 0)
    html_raw(h, "<td></td>");
  else
    html_format(h, "<td>%.0f</td>", 100 * (double)part / (double)of);
}

/* For who cannot tell shades apart, or points at nothing. */
static void put_numbers(html *h, const grid *g) {
  html_raw(h, "<details class=\"numbers\"><summary>The matrix in numbers</summary>\n");
  page_scroll(h, "The matrix in numbers");
  html_raw(h, "<table><caption>Percent: overlaps above the diagonal, "
              "conflicts below</caption><thead><tr><td></td>");
  for (size_t i = 0; i < g->count; i++)
    html_format(h, "<th scope=\"col\">%zu</th>", ws_vote_pairs_lf(g->r->pairs, i) + 1);
  html_raw(h, "</tr></thead>\n<tbody>\n");
  for (size_t row = 0; row < g->count; row++) {
    html_format(h, "<tr><th scope=\"row\" class=\"text\">%zu ",
                ws_vote_pairs_lf(g->r->pairs, row) + 1);
    put_short_name(h, name_at(g->r, row));
    html_raw(h, "</th>");
    for (size_t column = 0; column < g->count; column++) put_number(h, g, row, column);
    html_raw(h, "</tr>\n");
  }
  html_raw(h, "</tbody></table>\n</div>\n</details>\n");
}

/* --- the tables --------------------------------------------------------------------- */

static void put_lf(html *h, const report *r, size_t place, bool heading) {
  html_format(h, "<t%s class=\"text\"%s><a href=\"#lf%zu\">", heading ? "h" : "d",
              heading ? " scope=\"row\"" : "", ws_vote_pairs_lf(r->pairs, place) + 1);
  html_name(h, name_at(r, place));
  html_raw(h, heading ? "</a></th>" : "</a></td>");
}

static void put_pair(html *h, const report *r, ws_vote_pair pair, bool conflict) {
  uint64_t part = conflict ? pair.differ : pair.both;
  html_raw(h, "<tr>");
  put_lf(h, r, pair.a, true);
  put_lf(h, r, pair.b, false);
  html_raw(h, "<td>");
  html_count(h, part);
  html_raw(h, "</td><td>");
  html_count(h, pair.either);
  html_raw(h, "</td><td>");
  page_share(h, (double)part / (double)pair.either, conflict ? "warm" : "cool");
  html_raw(h, "</td></tr>\n");
}

static void put_pairs(html *h, const report *r, ws_vote_pairs_order order,
                      const char *caption, const char *part, const char *of) {
  ws_vote_pair pairs[LISTED];
  size_t count = ws_vote_pairs_first(r->pairs, order, LISTED, pairs);
  if (count == 0) return;
  page_scroll(h, caption);
  html_format(h,
              "<table><caption>%s</caption><thead><tr><th scope=\"col\" "
              "class=\"text\">one</th><th scope=\"col\" class=\"text\">other</th>"
              "<th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
              "<th scope=\"col\">share</th></tr></thead>\n<tbody>\n",
              caption, part, of);
  for (size_t i = 0; i < count; i++)
    put_pair(h, r, pairs[i], order == WS_PAIRS_BY_CONFLICT);
  html_raw(h, "</tbody></table>\n</div>\n");
}

static void put_words(html *h, const report *r, size_t count) {
  html_raw(h, "<p>Of the records on which either of two votes, in percent: above the "
              "diagonal those on which both vote (much of it: they repeat each other), "
              "below it those on which they vote for different classes (much of it: one "
              "of them is mostly wrong there). On the diagonal: coverage. Columns have "
              "the numbers of the rows; an empty cell is none at all.");
  if (count < ws_votes_lfs(r->votes)) {
    html_format(h, " The %zu of ", count);
    html_count(h, ws_votes_lfs(r->votes));
    html_raw(h, " labeling functions are shown that are in conflict on most records, "
                "then those that vote most; the tables are about them, too.");
  }
  html_raw(h, "</p>\n");
}

void report_pairs(html *h, const report *r) {
  size_t count = ws_vote_pairs_count(r->pairs);
  grid g = {r, count, count <= NUMBERED ? CELL : SMALL_CELL};
  put_words(h, r, count);
  html_raw(h, "<p class=\"keys\">");
  put_key(h, "o", "overlap");
  put_key(h, "c", "conflict");
  put_key(h, "v", "coverage");
  html_raw(h, "</p>\n");
  put_matrix(h, &g);
  if (count > NUMBERED) put_numbers(h, &g);
  html_raw(h, "<div class=\"pair\">\n");
  put_pairs(h, r, WS_PAIRS_BY_CONFLICT, "Most records in conflict", "differ",
            "either votes");
  put_pairs(h, r, WS_PAIRS_BY_OVERLAP, "Most alike in where they vote", "both vote",
            "either votes");
  html_raw(h, "</div>\n");
}
