/* SPDX-License-Identifier: MIT
 *
 * Fields that LFs look at and no record has: why such an LF never votes.
 */
#ifndef WS_MISSING_FIELDS_H
#define WS_MISSING_FIELDS_H

#include <weaksup/lf_set.h>
#include <weaksup/records.h>

typedef struct missing_fields {
  bool begun;
  ws_text *items; // [count] that no record had so far, each once; of the LF set
  size_t count;
  ws_buffer found; // the fields of the first record, as they are said
} missing_fields;

/* Appends "id", "text", "label", each in quotes; of many fields the first ones. */
WS_CHECK ws_status put_fields(ws_buffer *out, ws_value record);

typedef struct field_name {
  char text[64];
} field_name;
/* The name of the record's field that was probably meant by `field`, but not the field
 * `but` (NULL: any); "" where none is near. */
void near_field(const char *field, const char *but, ws_value record, field_name *out);

void missing_fields_clear(missing_fields *m);

/* Takes the next record. The set must outlive the list. WS_ENOMEM. */
WS_CHECK ws_status missing_fields_record(missing_fields *m, const ws_lf_set *lfs,
                                         ws_value record);
/* Appends ": none has a field "author"; ..." where that is what keeps the LF silent. */
WS_CHECK ws_status missing_fields_why(const missing_fields *m, const ws_lf_info *lf,
                                      ws_buffer *out);

/* Appends, behind a message about a field that the record has not, one with a name like
 * it, else those that it has. */
WS_CHECK ws_status put_near(ws_buffer *out, const char *field, ws_value fields);

#endif
