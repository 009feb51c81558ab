/* SPDX-License-Identifier: MIT
 *
 * Reading members of JSON objects that this program wrote. What is not there, or of
 * another type, clears *valid; null stands for a number that is not known.
 */
#ifndef WS_MEMBERS_H
#define WS_MEMBERS_H

#include <weaksup/value.h>

ws_value member_of(ws_value object, const char *name, ws_type type, bool *valid);
double member_number(ws_value object, const char *name, bool *valid); // null: NaN
uint64_t member_count(ws_value object, const char *name, bool *valid);
ws_text member_text(ws_value object, const char *name, bool *valid);

#endif
