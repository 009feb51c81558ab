/* SPDX-License-Identifier: MIT
 *
 * The bytes of a JSON file.
 */
#ifndef WS_JSON_FILE_H
#define WS_JSON_FILE_H

#include <weaksup/text.h>

/* Reads the file, with WS_JSON_PADDING bytes of room behind it; with `sealed` the
 * checksum is demanded and checked. */
WS_CHECK ws_status ws__json_file_read(const char *path, bool sealed, ws_buffer *out,
                                      ws_error *err);

#endif
