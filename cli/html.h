/* SPDX-License-Identifier: MIT
 *
 * Writing HTML. Markup is what this program wrote itself; everything else is text, which
 * cannot become markup wherever it stands, in an element or in an attribute's quotes.
 */
#ifndef WS_HTML_H
#define WS_HTML_H

#include <weaksup/text.h>

/* Start from {0}. The first failure, which can only be lack of memory, is kept in
 * `status`, and later calls do nothing. */
typedef struct html {
  ws_buffer out;
  ws_status status;
} html;

/* Markup; as a format, only numbers and markup of our own go into it. */
void html_raw(html *h, const char *markup);
void html_format(html *h, const char *format, ...) WS_PRINTF(2, 3);

/* A text from anywhere: any bytes. What is no UTF-8 becomes U+FFFD; characters that are
 * not seen and act on what is around them (controls, marks of direction, tags) are
 * written like \u{202e}. */
void html_text(html *h, ws_text text);
void html_string(html *h, const char *text);
/* The same as an element's content, what is not seen being marked, and isolated, so that
 * its direction of writing does not act on what follows. */
void html_shown(html *h, ws_text text);
void html_name(html *h, ws_text name); // within <bdi>

/* 1,234,567. */
void html_count(html *h, uint64_t count);
/* A share with so many digits behind the point, or a dash for NaN. */
void html_number(html *h, double number, int digits);
/* 72.5 %, or a dash. */
void html_percent(html *h, double share);

#endif
