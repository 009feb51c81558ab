/* SPDX-License-Identifier: MIT
 *
 * Writing the header of a generated file. A header is comments of the language of the
 * file, one line each, whatever the values hold: they come from a model, a server and a
 * user, and none may end the comment or make up another value.
 */
#include <stddef.h>
#include <weaksup/json.h>

#include "provenance_priv.h"

#define AT(field) offsetof(ws_provenance, field)

/* Together, written in full with all escapes, they stay below WS_PROVENANCE_MAX. */
const ws__field ws__provenance_fields[] = {
    {"lf", WS__FIELD_TEXT, AT(lf), 300, 0},
    {"status", WS__FIELD_TEXT, AT(status), 40, 0},
    {"round", WS__FIELD_NUMBER, AT(round), 0, 0},
    {"variant", WS__FIELD_TEXT, AT(variant), 40, 0},
    {"date", WS__FIELD_TEXT, AT(date), 40, 0},
    {"model", WS__FIELD_TEXT, AT(model), 200, 1},
    {"endpoint", WS__FIELD_TEXT, AT(endpoint), 100, 1},
    {"template", WS__FIELD_HASH, AT(template_hash), 0, 1},
    {"prompt", WS__FIELD_HASH, AT(prompt), 0, 1},
    {"reply", WS__FIELD_HASH, AT(reply), 0, 1},
    {"parent", WS__FIELD_TEXT, AT(parent), 100, 2},
    {"tokens", WS__FIELD_TOKENS, AT(prompt_tokens), 0, 2},
    {"cost-usd", WS__FIELD_COST, AT(cost_usd), 0, 2},
    {"evidence", WS__FIELD_TEXT, AT(evidence), 600, 3},
};
const size_t ws__provenance_field_count =
    sizeof ws__provenance_fields / sizeof *ws__provenance_fields;

enum { LINES = 4 };

ws_status ws__provenance_hash(ws_text text, ws_hash128 *out) {
  ws_buffer bytes = {0};
  ws_status status = ws_buffer_reserve(&bytes, text.size + 1);
  if (status != WS_OK) return status;
  for (size_t i = 0; i < text.size; i++) {
    bool crlf = text.data[i] == '\r' && i + 1 < text.size && text.data[i + 1] == '\n';
    if (!crlf) bytes.data[bytes.size++] = text.data[i];
  }
  *out = ws_hash128_of(bytes.data, bytes.size);
  ws_buffer_clear(&bytes);
  return WS_OK;
}

/* --- values --- */

/* Each byte of what a terminal must not be shown as %XX, at most `most` bytes of output;
 * of a character all or nothing. */
static ws_status put_escaped(ws_buffer *out, ws_text text, size_t most) {
  ws_buffer clean = {0};
  size_t start = out->size, whole = start;
  ws_status status = ws_buffer_text(&clean, text);
  if (status == WS_OK) ws_text_clean(clean.data, clean.size);
  for (size_t i = 0; i < text.size && status == WS_OK; i++) {
    unsigned char c = (unsigned char)text.data[i];
    bool shown = clean.data[i] == text.data[i] && c != '%' && c != '|';
    if ((c & 0xC0) != 0x80) whole = out->size;
    if (out->size - start + (shown ? 1 : 3) > most) {
      out->size = whole;
      break;
    }
    status = shown ? ws_buffer_append(out, &c, 1) : ws_buffer_printf(out, "%%%02X", c);
  }
  ws_buffer_clear(&clean);
  return status;
}

static const void *member(const ws_provenance *p, const ws__field *field) {
  return (const char *)p + field->at;
}

static bool is_known(const ws_provenance *p, const ws__field *field) {
  switch (field->kind) {
  case WS__FIELD_TEXT:
    return ((const ws_text *)member(p, field))->size > 0;
  case WS__FIELD_NUMBER:
    return *(const uint64_t *)member(p, field) > 0;
  case WS__FIELD_HASH:
    return !ws_hash128_equals(*(const ws_hash128 *)member(p, field), (ws_hash128){0, 0});
  case WS__FIELD_TOKENS:
    return p->prompt_tokens || p->reply_tokens;
  default:
    return p->cost_usd >= 0; // neither NaN
  }
}

static ws_status put_hash(ws_buffer *out, ws_hash128 hash) {
  char hex[33];
  ws_hash128_hex(hash, hex);
  return ws_buffer_string(out, hex);
}

static ws_status put_tokens(ws_buffer *out, const ws_provenance *p) {
  return ws_buffer_printf(out, "%llu/%llu%s", (unsigned long long)p->prompt_tokens,
                          (unsigned long long)p->reply_tokens,
                          p->estimated ? " estimated" : "");
}

/* Not by printf, whose point depends on the locale. */
static ws_status put_number(ws_buffer *out, double value) {
  char digits[32];
  size_t size = ws_format_double(value, digits);
  return ws_buffer_append(out, digits, size);
}

static ws_status put_value(ws_buffer *out, const ws_provenance *p,
                           const ws__field *field) {
  switch (field->kind) {
  case WS__FIELD_TEXT:
    return put_escaped(out, *(const ws_text *)member(p, field), field->most);
  case WS__FIELD_NUMBER:
    return ws_buffer_printf(out, "%llu",
                            (unsigned long long)*(const uint64_t *)member(p, field));
  case WS__FIELD_HASH:
    return put_hash(out, *(const ws_hash128 *)member(p, field));
  case WS__FIELD_TOKENS:
    return put_tokens(out, p);
  default:
    return put_number(out, p->cost_usd);
  }
}

/* --- lines --- */

static ws_status put_line(ws_buffer *out, const ws_provenance *p, const char *comment,
                          int line) {
  bool begun = line == 0;
  if (begun) WS_TRY(ws_buffer_printf(out, "%s " WS__PROVENANCE_MARK, comment));
  for (size_t i = 0; i < ws__provenance_field_count; i++) {
    const ws__field *field = &ws__provenance_fields[i];
    if (field->line != line || !is_known(p, field)) continue;
    if (begun)
      WS_TRY(ws_buffer_printf(out, " | %s=", field->key));
    else
      WS_TRY(ws_buffer_printf(out, "%s %s=", comment, field->key));
    WS_TRY(put_value(out, p, field));
    begun = true;
  }
  return begun ? ws_buffer_string(out, "\n") : WS_OK;
}

/* The last line: what the lines above hold, and the code. */
static ws_status put_hashes(ws_buffer *out, size_t start, const char *comment,
                            ws_text source) {
  ws_hash128 header, code;
  WS_TRY(ws__provenance_hash((ws_text){out->data + start, out->size - start}, &header));
  WS_TRY(ws__provenance_hash(source, &code));
  WS_TRY(ws_buffer_printf(out, "%s header=", comment));
  WS_TRY(put_hash(out, header));
  WS_TRY(ws_buffer_string(out, " | source="));
  WS_TRY(put_hash(out, code));
  return ws_buffer_string(out, "\n");
}

ws_status ws_provenance_write(const ws_provenance *p, bool rules, ws_text source,
                              ws_buffer *out) {
  const char *comment = rules ? "#" : "--";
  size_t start = out->size;
  ws_status status = WS_OK;
  for (int line = 0; line < LINES && status == WS_OK; line++)
    status = put_line(out, p, comment, line);
  if (status == WS_OK) status = put_hashes(out, start, comment, source);
  if (status == WS_OK) status = ws_buffer_text(out, source);
  if (status != WS_OK) out->size = start;
  return status;
}
