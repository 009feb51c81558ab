/* SPDX-License-Identifier: MIT
 *
 * The page of `weaksup report`: its sections, in the order in which they stand. They only
 * write what the report holds.
 */
#ifndef WS_REPORT_PAGE_H
#define WS_REPORT_PAGE_H

#include "html.h"
#include "report.h"

/* LFs beyond these have no place in the heat map, and classes no line of their own. */
enum { REPORT_PAIRS = 40, REPORT_CLASSES = 60 };

/* cli/templates/: the lines of style and script, NULL at the end, and their hashes as a
 * content security policy takes them. */
extern const char *const report_css[], *const report_js[];
extern const char report_css_hash[], report_js_hash[];

/* The whole page. */
void report_page(html *h, const report *r);

void report_summary(html *h, const report *r);
void report_lfs(html *h, const report *r);
void report_pairs(html *h, const report *r);
void report_duplicates(html *h, const report *r);
void report_labels(html *h, const report *r);
void report_reliability(html *h, const report *r);
void report_active(html *h, const report *r);
void report_flips(html *h, const report *r);
void report_examples(html *h, const report *r);
void report_features(html *h, const report *r);
void report_about(html *h, const report *r);

/* Whether there is anything to tell in it: without `weaksup active` it is left out. */
bool report_has_active(const report *r);

/* --- pieces that several sections use ----------------------------------------------- */

/* Opens a section with its heading; `end` with </section>. */
void page_section(html *h, const char *id, const char *heading);
/* A region that scrolls sideways, which the keyboard reaches; close with </div>. */
void page_scroll(html *h, const char *label);
/* A class, told by its name, and by a colour too. */
void page_class(html *h, const report *r, int32_t label);
/* The number of a colour for a class: one of eight. */
unsigned page_colour(size_t label);
/* A bar of `share`, 0 to 1, of the width of its cell. Not read out: the number stands
 * beside it. */
void page_bar(html *h, double share, const char *colour);
/* The same with the share as a percentage beside it. */
void page_share(html *h, double share, const char *colour);
/* With its sign. */
void page_signed(html *h, double number, int digits);
/* A paragraph with a text from anywhere. */
void page_note(html *h, ws_text note);
/* A text member of an object, empty where there is none. */
ws_text page_text_of(ws_value object, const char *name);
double page_number_of(ws_value object, const char *name); // NaN: none
bool page_is_true(ws_value object, const char *name);

#endif
