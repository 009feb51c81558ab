/* SPDX-License-Identifier: MIT
 *
 * Keeping a sample of the texts.
 */
#include "sample.h"

#include <string.h>

enum { HEAD = 8 };

bool ws__same_field(const ws__spec *spec, size_t b, size_t other) {
  return strcmp(spec->blocks[b].field, spec->blocks[other].field) == 0;
}

/* Whether a block before b keeps this field's texts already. */
static bool is_kept(const ws__spec *spec, size_t b) {
  for (size_t other = 0; other < b; other++)
    if (ws__block_has_terms(&spec->blocks[other]) && ws__same_field(spec, b, other))
      return true;
  return false;
}

static ws_text text_of(const ws__block *block, const ws_record *record) {
  if (block->is_text && record->text.data) return record->text;
  if (!record->fields.at) return (ws_text){"", 0};
  ws_value value = ws_value_get(record->fields, ws_text_of(block->field));
  return value.at && ws_value_type(value) == WS_STRING ? ws_value_text(value)
                                                       : (ws_text){"", 0};
}

ws_status ws__sample_add(ws_features *features, size_t b, const ws_record *record) {
  const ws__spec *spec = &features->spec;
  ws_buffer *sample = &features->sample;
  if (!ws__block_has_terms(&spec->blocks[b]) || is_kept(spec, b)) return WS_OK;
  ws_text text = text_of(&spec->blocks[b], record);
  if (text.size == 0 || text.size > WS__SAMPLE_BYTES ||
      sample->size > WS__SAMPLE_BYTES - text.size)
    return WS_OK;
  uint32_t head[2] = {(uint32_t)b, (uint32_t)text.size};
  WS_TRY(ws_buffer_append(sample, head, HEAD));
  return ws_buffer_text(sample, text);
}

bool ws__sample_next(const ws_features *features, size_t *at, size_t *block,
                     ws_text *text) {
  const ws_buffer *sample = &features->sample;
  uint32_t head[2];
  if (*at >= sample->size) return false;
  memcpy(head, sample->data + *at, HEAD);
  *block = head[0];
  *text = (ws_text){sample->data + *at + HEAD, head[1]};
  *at += HEAD + head[1];
  return true;
}
