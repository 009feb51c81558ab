/* SPDX-License-Identifier: MIT
 *
 * The record that labeling functions are looking at, with what is derived from it once
 * for all of them. Private to lf.
 */
#ifndef WS_SUBJECT_H
#define WS_SUBJECT_H

#include <weaksup/value.h>

typedef struct ws__subject {
  ws_value fields;
  ws_text text;    // of the text field; {NULL, 0} where there is none
  ws_buffer lower; // the text in lower case, once `lowered`
  bool lowered;
} ws__subject;

void ws__subject_set(ws__subject *subject, ws_value fields, ws_text text_field);
void ws__subject_clear(ws__subject *subject); // frees

/* The text in lower case; {NULL, 0} where there is no text. */
WS_CHECK ws_status ws__subject_lower(ws__subject *subject, ws_text *out);

/* Appends a text in lower case: ws_text_lower with a short way for ASCII. */
WS_CHECK ws_status ws__lower(ws_text text, ws_buffer *out);

#endif
