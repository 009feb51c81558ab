/* SPDX-License-Identifier: MIT
 *
 * The pieces of reading ready-made votes. Private to core.
 */
#ifndef WS_VOTES_IMPORT_H
#define WS_VOTES_IMPORT_H

#include <weaksup/votes_file.h>

/* Whether the file begins as a .wsv file does; false for standard input and pipes. */
/* Reads a .wsv file, also a compressed one; *digest: the hash of the file's bytes. */
WS_CHECK ws_status ws__votes_read(const char *path, ws_votes **out, char digest[33],
                                  ws_error *err);
WS_CHECK ws_status ws__is_votes_file(const char *path, bool *out, ws_error *err);

WS_CHECK ws_status ws__votes_import_long(const char *path, const ws_task *task,
                                         const ws_votes_import_options *options,
                                         ws_votes **out, char digest[33], ws_error *err);

#endif
