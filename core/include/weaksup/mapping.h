/* SPDX-License-Identifier: MIT
 *
 * The bytes of a file where they lie in the system's memory, without a copy.
 */
#ifndef WEAKSUP_MAPPING_H
#define WEAKSUP_MAPPING_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

/* Read only. Who cuts the file off meanwhile ends the program: files that are replaced by
 * a rename, as weaksup's are, stay whole for those who have them open. */
typedef struct ws_mapping {
  ws_text bytes;
  ws_buffer read; // holds them where they were read
  bool mapped;
} ws_mapping;

/* Maps a regular file, and reads what cannot be mapped. WS_EIO where neither works. To be
 * cleared where it did. */
WS_API WS_CHECK ws_status ws_mapping_open(const char *path, ws_mapping *out,
                                          ws_error *err);
/* The same of bytes in memory, which it takes over. */
WS_API ws_mapping ws_mapping_of(ws_buffer *bytes);
WS_API void ws_mapping_clear(ws_mapping *mapping);

WS_END_DECLS

#endif
