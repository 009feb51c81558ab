/* SPDX-License-Identifier: MIT
 *
 * Reading the header of a generated file, which anybody may have written or changed: what
 * does not add up makes it damaged, and the reason is said.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "generated.h"
#include "lf_files.h"
#include "provenance_priv.h"

const char *ws_provenance_state_name(ws_provenance_state state) {
  static const char *const names[] = {"not generated", "unchanged", "edited", "damaged"};
  return (unsigned)state < sizeof names / sizeof *names ? names[state] : "unknown";
}

typedef struct reading {
  ws_text left; // of the file
  const char *comment;
  size_t line; // from 1
  ws_provenance_file *out;
  ws_hash128 header, source; // as the last line says
  bool hashes;               // it was there
  size_t texts[32];          // [field] 1 + where in out->texts its text begins
} reading;

static void damaged(reading *r, const char *what) {
  if (r->out->state == WS_PROVENANCE_DAMAGED) return;
  r->out->state = WS_PROVENANCE_DAMAGED;
  r->out->problem_line = r->line;
  snprintf(r->out->problem, sizeof r->out->problem, "%s", what);
}

/* --- values --- */

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_hash(ws_text text, ws_hash128 *out) {
  ws_hash128 hash = {0, 0};
  char again[33];
  if (text.size != 32) return false;
  for (size_t i = 0; i < 32; i++) {
    uint64_t *half = i < 16 ? &hash.high : &hash.low;
    int digit = hex_digit(text.data[i]);
    if (digit < 0) return false;
    *half = *half << 4 | (uint64_t)digit;
  }
  ws_hash128_hex(hash, again);
  *out = hash;
  return memcmp(again, text.data, 32) == 0;
}

static bool read_tokens(ws_text text, ws_provenance *p) {
  static const char ending[] = " estimated";
  size_t size = sizeof ending - 1;
  if (text.size > size && memcmp(text.data + text.size - size, ending, size) == 0) {
    p->estimated = true;
    text.size -= size;
  }
  const char *slash = memchr(text.data, '/', text.size);
  if (!slash) return false;
  size_t first = (size_t)(slash - text.data);
  return ws_text_to_index((ws_text){text.data, first}, &p->prompt_tokens) &&
         ws_text_to_index((ws_text){slash + 1, text.size - first - 1}, &p->reply_tokens);
}

static bool is_escape(ws_text text, size_t i) {
  return i + 2 < text.size && hex_digit(text.data[i + 1]) >= 0 &&
         hex_digit(text.data[i + 2]) >= 0;
}

/* *good is false where an escape is none. */
static ws_status read_text(reading *r, size_t field, ws_text text, bool *good) {
  ws_buffer *texts = &r->out->texts;
  r->texts[field] = texts->size + 1;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    if (c == '%') {
      if (!is_escape(text, i)) return r->texts[field] = 0, *good = false, WS_OK;
      c = (char)(hex_digit(text.data[i + 1]) << 4 | hex_digit(text.data[i + 2]));
      i += 2;
    }
    WS_TRY(ws_buffer_append(texts, &c, 1));
  }
  return ws_buffer_append(texts, "", 1);
}

static ws_status read_field(reading *r, size_t i, ws_text value) {
  const ws__field *field = &ws__provenance_fields[i];
  ws_provenance *p = &r->out->header;
  void *member = (char *)p + field->at;
  bool good = true;
  if (field->kind == WS__FIELD_TEXT)
    WS_TRY(read_text(r, i, value, &good));
  else if (field->kind == WS__FIELD_NUMBER)
    good = ws_text_to_index(value, member);
  else if (field->kind == WS__FIELD_HASH)
    good = read_hash(value, member);
  else if (field->kind == WS__FIELD_TOKENS)
    good = read_tokens(value, p);
  else
    good = ws_text_to_double(value, &p->cost_usd);
  if (!good) damaged(r, "expected a value in the form of this field");
  return WS_OK;
}

/* Keys that are not known are those of later versions: passed over. */
static ws_status read_pair(reading *r, ws_text pair) {
  const char *equals = memchr(pair.data, '=', pair.size);
  if (!equals) return damaged(r, "expected key=value"), WS_OK;
  ws_text key = {pair.data, (size_t)(equals - pair.data)};
  ws_text value = {equals + 1, pair.size - key.size - 1};
  for (size_t i = 0; i < ws__provenance_field_count; i++)
    if (ws_text_equals(key, ws__provenance_fields[i].key)) return read_field(r, i, value);
  return WS_OK;
}

/* --- lines --- */

static bool begins_with(ws_text text, const char *what) {
  size_t size = strlen(what);
  return text.size >= size && memcmp(text.data, what, size) == 0;
}

static ws_text skip(ws_text text, size_t size) {
  return (ws_text){text.data + size, text.size - size};
}

static ws_text next_line(reading *r) {
  const char *end = r->left.size ? memchr(r->left.data, '\n', r->left.size) : NULL;
  ws_text line = {r->left.data, end ? (size_t)(end - r->left.data) : r->left.size};
  size_t step = line.size + (end != NULL);
  r->left = (ws_text){r->left.data + step, r->left.size - step};
  r->line++;
  if (line.size && line.data[line.size - 1] == '\r') line.size--;
  return line;
}

static ws_status read_pairs(reading *r, ws_text line) {
  while (line.size) {
    size_t size = 0;
    while (size < line.size && line.data[size] != '|') size++;
    ws_text pair = {line.data, size};
    while (pair.size && *pair.data == ' ') pair.data++, pair.size--;
    while (pair.size && pair.data[pair.size - 1] == ' ') pair.size--;
    if (pair.size) WS_TRY(read_pair(r, pair));
    size += size < line.size;
    line = (ws_text){line.data + size, line.size - size};
  }
  return WS_OK;
}

/* Its first line: a mark in another form, or of another version, is not ours to read. */
static ws_status read_first(reading *r) {
  ws_text line = next_line(r);
  r->comment = begins_with(line, "# ") ? "# " : "-- ";
  size_t front = strlen(r->comment) + sizeof WS__PROVENANCE_MARK - 1;
  if (!begins_with(line, r->comment) || line.size < front ||
      memcmp(line.data + strlen(r->comment), WS__PROVENANCE_MARK,
             front - strlen(r->comment)) != 0 ||
      (line.size > front && line.data[front] != ' '))
    return damaged(r, "expected the first line to begin with '-- " WS__PROVENANCE_MARK
                      "' or '# " WS__PROVENANCE_MARK "'"),
           WS_OK;
  return read_pairs(r, (ws_text){line.data + front, line.size - front});
}

/* The last line, to the byte: no hash stands for it. */
static void read_hashes(reading *r, ws_text line) {
  static const char between[] = " | source=";
  size_t size = sizeof between - 1;
  r->hashes = line.size == 32 + size + 32 && memcmp(line.data + 32, between, size) == 0 &&
              read_hash((ws_text){line.data, 32}, &r->header) &&
              read_hash((ws_text){line.data + 32 + size, 32}, &r->source);
  if (!r->hashes) damaged(r, "expected header=HASH | source=HASH, 32 digits each");
}

/* Up to the line with the hashes; `above` are the lines before it. */
static ws_status read_lines(reading *r, ws_text file, ws_text *above) {
  WS_TRY(read_first(r));
  while (r->out->state != WS_PROVENANCE_DAMAGED && !r->hashes) {
    *above = (ws_text){file.data, file.size - r->left.size};
    ws_text line = next_line(r);
    if (!begins_with(line, r->comment))
      return damaged(r, "expected header=HASH | source=HASH"), WS_OK;
    line = skip(line, strlen(r->comment));
    if (begins_with(line, "header="))
      read_hashes(r, skip(line, sizeof "header=" - 1));
    else
      WS_TRY(read_pairs(r, line));
  }
  return WS_OK;
}

/* The texts lie still now. */
static void point(reading *r) {
  for (size_t i = 0; i < ws__provenance_field_count; i++) {
    if (!r->texts[i]) continue;
    const char *at = r->out->texts.data + r->texts[i] - 1;
    *(ws_text *)(void *)((char *)&r->out->header + ws__provenance_fields[i].at) =
        ws_text_of(at);
  }
}

static ws_status compare(reading *r, ws_text above) {
  ws_hash128 header, source;
  WS_TRY(ws__provenance_hash(above, &header));
  WS_TRY(ws__provenance_hash(r->left, &source));
  if (!ws_hash128_equals(header, r->header))
    damaged(r, "the lines above are not those that were written");
  else
    r->out->state = ws_hash128_equals(source, r->source) ? WS_PROVENANCE_UNCHANGED
                                                         : WS_PROVENANCE_EDITED;
  return WS_OK;
}

ws_status ws_provenance_read(ws_text file, ws_provenance_file *out) {
  ws_text above = {NULL, 0};
  reading r = {.left = file, .out = out};
  ws_provenance_clear(out);
  out->header.cost_usd = -1;
  if (!ws__is_generated(file)) return WS_OK;
  ws_status status = read_lines(&r, file, &above);
  if (status == WS_OK && out->state != WS_PROVENANCE_DAMAGED) {
    out->source = file.size - r.left.size;
    status = compare(&r, above);
  }
  if (status == WS_OK)
    point(&r);
  else
    ws_provenance_clear(out);
  return status;
}

void ws_provenance_clear(ws_provenance_file *file) {
  ws_buffer_clear(&file->texts);
  *file = (ws_provenance_file){.source = 0};
}
