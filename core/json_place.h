/* SPDX-License-Identifier: MIT
 *
 * Where a text stops being JSON: simdjson tells what is wrong, but not where. Private to
 * core.
 */
#ifndef WS_JSON_PLACE_H
#define WS_JSON_PLACE_H

#include <weaksup/text.h>

/* Looks once more at a text that ws_json_parse has refused as WS_EPARSE. Where its syntax
 * is wrong `err` becomes "JSON: column 20: expected ',' or '}' behind the value, found
 * 'x'", with the line in front where the text has several; other errors (a key that
 * occurs twice, a limit) stay as they are. Columns are characters, from 1. */
void ws__json_place(ws_text text, ws_error *err);

#endif
