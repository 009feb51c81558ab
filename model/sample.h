/* SPDX-License-Identifier: MIT
 *
 * A sample of the texts that features are made of, kept so that the n-grams behind the
 * hashes can be told: for each text u32 block, u32 size, bytes. The block is the first
 * one of the text's field.
 */
#ifndef WS_SAMPLE_H
#define WS_SAMPLE_H

#include "features_rows.h"

enum { WS__SAMPLE_BYTES = 4 << 20 };

/* Keeps what block b sees of the record, as long as there is room in the sample. */
ws_status ws__sample_add(ws_features *features, size_t b, const ws_record *record);
/* The text that stands at *at, which moves behind it; false at the end. */
bool ws__sample_next(const ws_features *features, size_t *at, size_t *block,
                     ws_text *text);
/* Whether block b is of the same field as `other`. */
bool ws__same_field(const ws__spec *spec, size_t b, size_t other);

#endif
