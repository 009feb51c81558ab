/* SPDX-License-Identifier: MIT
 *
 * The fields of a header of provenance, for who writes and who reads them. Private to lf.
 */
#ifndef WS_PROVENANCE_PRIV_H
#define WS_PROVENANCE_PRIV_H

#include <weaksup/provenance.h>

typedef enum ws__field_kind {
  WS__FIELD_TEXT,
  WS__FIELD_NUMBER,
  WS__FIELD_HASH,
  WS__FIELD_TOKENS, // both numbers and whether they are estimated
  WS__FIELD_COST,
} ws__field_kind;

typedef struct ws__field {
  const char *key;
  ws__field_kind kind;
  size_t at;   // offset in ws_provenance
  size_t most; // bytes of a text; more is cut
  int line;    // of the header, on which it is written
} ws__field;

extern const ws__field ws__provenance_fields[];
extern const size_t ws__provenance_field_count;

#define WS__PROVENANCE_MARK "weaksup-generated: v1"

/* The hash of the text in which each CR LF counts as LF. WS_ENOMEM only. */
WS_CHECK ws_status ws__provenance_hash(ws_text text, ws_hash128 *out);

#endif
