/* SPDX-License-Identifier: MIT
 *
 * Blocks of Lua: a candidate for each LF, with what it needs of the locals and
 * derived fields of its block, or one for the whole block.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "reply_priv.h"
#include "source_place.h"

/* --- what comments say --- */

/* The part of a comment line behind "KEY:", in either case; false where it is another
 * line. */
static bool read_key(ws_text line, const char *key, ws_text *out) {
  size_t size = strlen(key);
  line = ws__trim(line);
  if (!line.size || (*line.data != '-' && *line.data != '#')) return false;
  while (line.size && (*line.data == '-' || *line.data == '#')) line.data++, line.size--;
  line = ws__trim(line);
  if (line.size <= size || line.data[size] != ':') return false;
  for (size_t i = 0; i < size; i++)
    if ((line.data[i] | 0x20) != key[i]) return false;
  *out = ws__trim((ws_text){line.data + size + 1, line.size - size - 1});
  return true;
}

void ws__reply_read_comments(ws_text comments, ws__said *said) {
  while (comments.size) {
    const char *end = memchr(comments.data, '\n', comments.size);
    size_t size = end ? (size_t)(end - comments.data) : comments.size;
    ws_text line = {comments.data, size}, value;
    if (read_key(line, "name", &value)) said->name = value;
    if (read_key(line, "label", &value)) said->label = value;
    if (read_key(line, "rationale", &value)) said->rationale = value;
    size += end != NULL;
    comments = (ws_text){comments.data + size, comments.size - size};
  }
}

/* --- checks that cost nothing --- */

static ws_status read_label(ws__replying *r, const ws__said *said,
                            ws_reply_candidate *draft) {
  ws_error err = WS_ERROR_INIT;
  draft->label = WS_ABSTAIN;
  if (!said->label.size) return WS_OK;
  ws_status status =
      ws_task_label_text(r->options->task, said->label, &draft->label, &err);
  if (status == WS_OK || status == WS_ENOMEM) return status;
  return ws__reply_problem(r,
                           (ws_reply_problem){.code = WS_REPLY_BAD_LABEL,
                                              .line = draft->line,
                                              .name = draft->names[0]},
                           "%s; what the code says counts", err.message);
}

static ws_status compare_name(ws__replying *r, const ws__said *said,
                              const ws_reply_candidate *draft) {
  if (!said->name.size) return WS_OK;
  for (size_t i = 0; i < draft->name_count; i++)
    if (ws_text_equal(said->name, draft->names[i])) return WS_OK;
  return ws__reply_problem(
      r,
      (ws_reply_problem){
          .code = WS_REPLY_NAME_MISMATCH, .line = draft->line, .name = draft->names[0]},
      "expected the name that the code defines, '%.*s', found '%.*s'; the code counts",
      WS_TEXT_ARG(draft->names[0]), WS_TEXT_ARG(said->name));
}

/* --- candidates --- */

static ws_status put_unit(ws_buffer *out, ws_text source, const ws__unit *unit) {
  ws_text text = {source.data + unit->from, unit->to - unit->from};
  WS_TRY(ws_buffer_text(out, out->size ? text : ws__trim_lines(text)));
  bool ended = out->size && out->data[out->size - 1] == '\n';
  return ended ? WS_OK : ws_buffer_string(out, "\n");
}

static uint64_t line_at(ws_text source, uint64_t line, size_t at) {
  for (size_t i = 0; i < at; i++) line += source.data[i] == '\n';
  return line;
}

static ws_status add(ws__replying *r, ws__said said, ws_text comments,
                     ws_reply_candidate *draft) {
  ws__said above = {.name = {NULL, 0}};
  ws__reply_read_comments(comments, &above);
  if (above.name.size) said.name = above.name;
  if (above.label.size) said.label = above.label;
  if (!said.rationale.size) said.rationale = above.rationale;
  WS_TRY(compare_name(r, &said, draft));
  WS_TRY(read_label(r, &said, draft));
  draft->rationale = said.rationale;
  return ws__reply_add(r, draft);
}

static ws_status add_whole(ws__replying *r, ws_text source, uint64_t line,
                           const ws__units *units, ws__said said) {
  ws_buffer text = {0};
  ws__unit all = {
      0, units->count ? units->items[0].code : 0, source.size, WS__UNIT_OTHER, {NULL, 0}};
  ws_status status = put_unit(&text, source, &all);
  ws_reply_candidate draft = {.names = units->names,
                              .name_count = units->name_count,
                              .kind = WS_REPLY_LUA,
                              .line = line};
  draft.source = ws_buffer_as_text(&text);
  if (status == WS_OK) status = add(r, said, (ws_text){source.data, all.code}, &draft);
  ws_buffer_clear(&text);
  return status;
}

/* LF `which` and what it needs of the block, in their order. */
static ws_status put_part(ws_buffer *out, ws_text source, const ws__units *units,
                          size_t which, size_t *shared) {
  bool *keep = ws_alloc_array(units->count, sizeof *keep);
  ws_status status = keep ? WS_OK : WS_ENOMEM;
  if (keep) ws__units_needed(source, units, which, keep);
  for (size_t i = 0; i < units->count && status == WS_OK; i++) {
    size_t before = out->size;
    if (keep[i]) status = put_unit(out, source, &units->items[i]);
    if (i != which) *shared += out->size - before;
  }
  ws_free(keep);
  return status;
}

static ws_status add_part(ws__replying *r, ws_text source, uint64_t line,
                          const ws__units *units, size_t which, ws__said said) {
  const ws__unit *unit = &units->items[which];
  ws_buffer text = {0};
  ws_reply_candidate draft = {
      .names = &unit->name, .name_count = 1, .kind = WS_REPLY_LUA};
  draft.line = line_at(source, line, unit->code);
  ws_status status = put_part(&text, source, units, which, &draft.shared);
  draft.source = ws_buffer_as_text(&text);
  ws_text comments = {source.data + unit->from, unit->code - unit->from};
  if (status == WS_OK) status = add(r, said, comments, &draft);
  ws_buffer_clear(&text);
  return status;
}

static ws_status add_parts(ws__replying *r, ws_text source, uint64_t line,
                           const ws__units *units, ws__said said) {
  for (size_t i = 0; i < units->count && !ws__reply_is_full(r); i++)
    if (units->items[i].kind == WS__UNIT_LF)
      WS_TRY(add_part(r, source, line, units, i, said));
  return WS_OK;
}

/* What keeps a block from being read at all. */
static ws_status refuse(ws__replying *r, ws_text source, uint64_t line,
                        const ws__units *units, bool *refused) {
  ws_reply_problem problem = {.line = line, .dropped = true};
  *refused = true;
  if (units->odd) {
    problem.code = WS_REPLY_BAD_CHARACTER;
    problem.line = line_at(source, line, units->odd - 1);
    if (units->name_count) problem.name = units->names[0];
    return ws__reply_problem(r, problem, "%s", ws_reply_code_text(problem.code));
  }
  problem.code = WS_REPLY_NO_LF;
  if (!units->name_count)
    return ws__reply_problem(r, problem,
                             "expected function lf.NAME(x) or lf.NAME = ..., found none");
  *refused = false;
  return WS_OK;
}

ws_status ws__reply_lua(ws__replying *r, ws_text source, uint64_t line,
                        const ws__said *said) {
  ws__units units = {0};
  ws__said nothing = {.name = {NULL, 0}};
  bool refused = false;
  // A name that is said of several LFs is that of none.
  ws_status status = ws__units_find(source, &units);
  if (status == WS_OK) status = refuse(r, source, line, &units, &refused);
  if (status == WS_OK && !refused) {
    ws__said own = said ? *said : nothing;
    bool part = !units.whole && units.lfs > 1;
    if (part) own.name = nothing.name;
    status = part ? add_parts(r, source, line, &units, own)
                  : add_whole(r, source, line, &units, own);
  }
  ws__units_clear(&units);
  return status;
}

ws_status ws__reply_is_lua(ws_text source, bool *out) {
  ws__units units = {0};
  ws_status status = ws__units_find(source, &units);
  *out = status == WS_OK && units.lfs > 0 && !units.whole && !units.odd;
  ws__units_clear(&units);
  return status;
}

bool ws__reply_mentions_lf(ws_text source) {
  ws__source_place place = {0};
  ws_text word;
  while (ws__source_next_word(&place, source, &word))
    if (ws_text_equals(word, "lf")) return true;
  return false;
}
