/* SPDX-License-Identifier: MIT
 *
 * The files of a folder of labeling functions. Private to lf; used in worker
 * processes, and where tests are read (lf_tests.c).
 */
#ifndef WS_LF_FILES_H
#define WS_LF_FILES_H

#include <weaksup/text.h>

#define WS__SOURCE_MAX   (1u << 20)  // bytes of a .lua or .rules file
#define WS__RESOURCE_MAX (16u << 20) // bytes of a word list

typedef struct ws__files ws__files;

/* Lists the *.lua and *.rules files below `path`, in byte order of their relative paths,
 * hidden ones left out; or takes the one file that `path` is. */
WS_CHECK ws_status ws__files_open(const char *path, ws__files **out, ws_error *err);
void ws__files_free(ws__files *files);
size_t ws__files_count(const ws__files *files);
const char *ws__files_root(const ws__files *files); // the folder, a path
/* As a user would write it: the folder as it was given, "/", the rest. */
const char *ws__files_path(const ws__files *files, size_t i);

/* Appends what is to be said of files in other languages, which are not read: of Python,
 * for example. Nothing where there are none. */
WS_CHECK ws_status ws__files_other(const ws__files *files, ws_buffer *out);

/* Reads file i whole: valid UTF-8 of at most WS__SOURCE_MAX bytes. */
WS_CHECK ws_status ws__files_read(ws__files *files, size_t i, ws_buffer *out,
                                  ws_error *err);

/* Reads what file i refers to as `name`: a path relative to that file's folder which does
 * not lead out of the folder of labeling functions, not by a symbolic link either. */
WS_CHECK ws_status ws__files_resource(ws__files *files, size_t i, ws_text name,
                                      ws_buffer *out, ws_error *err);

/* The hash of the names and contents of all that was read. */
void ws__files_digest(const ws__files *files, char out[33]);

#endif
