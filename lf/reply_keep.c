/* SPDX-License-Identifier: MIT
 *
 * What was found in a reply: problems, and candidates with the checks that each of them
 * passes, whatever language it came in.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "reply_priv.h"
#include "rules.h"
#include "test_lines.h"

/* --- problems --- */

/* At most `most` bytes, not inside a character, cleaned. */
static ws_status keep_line(ws_reply *out, ws_text text, size_t most, ws_text *kept) {
  ws_buffer line = {0};
  if (text.size > most)
    for (text.size = most; text.size && (text.data[text.size] & 0xC0) == 0x80;)
      text.size--;
  ws_status status = ws_buffer_text(&line, text);
  for (size_t i = 0; i < line.size; i++)
    if (line.data[i] == '\n' || line.data[i] == '\r' || line.data[i] == '\t')
      line.data[i] = ' ';
  if (line.size) ws_text_clean(line.data, line.size);
  if (status == WS_OK)
    status = ws_arena_text(&out->arena, ws_buffer_as_text(&line), kept);
  ws_buffer_clear(&line);
  return status;
}

static ws_status keep_problem(ws__replying *r, ws_reply_problem problem,
                              const char *message) {
  ws_reply *out = r->out;
  ws_text kept;
  if (!ws_grow(&out->problems, &out->problem_capacity, out->problem_count + 1,
               sizeof problem))
    return WS_ENOMEM;
  WS_TRY(keep_line(out, problem.name, WS_REPLY_NAME_MAX, &problem.name));
  WS_TRY(keep_line(out, ws_text_of(message), WS_ERROR_MESSAGE_SIZE, &kept));
  problem.message = kept.data;
  out->problems[out->problem_count++] = problem;
  return WS_OK;
}

ws_status ws__reply_problem(ws__replying *r, ws_reply_problem problem, const char *format,
                            ...) {
  char message[WS_ERROR_MESSAGE_SIZE];
  va_list arguments;
  if (r->out->problem_count > WS__REPLY_PROBLEMS_MAX) return WS_OK;
  if (r->out->problem_count == WS__REPLY_PROBLEMS_MAX)
    return keep_problem(r, (ws_reply_problem){.code = WS_REPLY_TOO_MANY, .dropped = true},
                        "more problems than are listed");
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return keep_problem(r, problem, message);
}

bool ws__reply_is_full(const ws__replying *r) {
  return r->full || r->out->problem_count > WS__REPLY_PROBLEMS_MAX;
}

uint64_t ws__reply_line(const ws__replying *r, const char *at) {
  uint64_t line = 1;
  for (const char *i = r->whole.data; i < at; i++) line += *i == '\n';
  return line;
}

ws_status ws__reply_check(ws__replying *r, ws_text text, uint64_t line, bool *good) {
  bool nul = text.size && memchr(text.data, '\0', text.size);
  *good = !nul && ws_utf8_valid(text);
  if (*good) return WS_OK;
  ws_reply_code code = nul ? WS_REPLY_NUL_BYTE : WS_REPLY_BAD_UTF8;
  return ws__reply_problem(
      r, (ws_reply_problem){.code = code, .line = line, .dropped = true},
      "expected UTF-8 without NUL, found %s", nul ? "a NUL" : "bytes that are no UTF-8");
}

/* --- candidates --- */

/* Without regard to ASCII case: names become names of files, which some systems do not
 * tell apart. */
static bool same_name(ws_text a, ws_text b) {
  if (a.size != b.size) return false;
  for (size_t i = 0; i < a.size; i++) {
    char x = a.data[i], y = b.data[i];
    if (x >= 'A' && x <= 'Z') x = (char)(x + 32);
    if (y >= 'A' && y <= 'Z') y = (char)(y + 32);
    if (x != y) return false;
  }
  return true;
}

static bool is_there(const ws_reply *out, const ws_reply_candidate *draft, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (same_name(draft->names[i], draft->names[n])) return true;
  for (size_t i = 0; i < out->count; i++)
    for (size_t j = 0; j < out->candidates[i].name_count; j++)
      if (same_name(out->candidates[i].names[j], draft->names[n])) return true;
  return false;
}

static bool is_taken(const ws_reply_options *o, ws_text name) {
  for (size_t i = 0; i < o->taken_count; i++)
    if (same_name(o->taken[i], name)) return true;
  return false;
}

/* Says what is wrong with a name; *good stays where nothing is. */
static ws_status check_name(ws__replying *r, const ws_reply_candidate *draft, size_t n,
                            bool *good) {
  ws_text name = draft->names[n];
  ws_reply_problem problem = {WS_REPLY_BAD_NAME, draft->line, name, NULL, true};
  const char *what = NULL;
  if (!ws__is_lf_name(name) || name.size > WS_REPLY_NAME_MAX) {
    what = "expected a name of at most 100 letters, digits, '_', '.' and '-'";
  } else if (is_there(r->out, draft, n)) {
    problem.code = WS_REPLY_DUPLICATE_NAME;
    what = "the reply has a labeling function of this name already";
  } else if (is_taken(r->options, name)) {
    problem.code = WS_REPLY_NAME_TAKEN;
    what = "there is a labeling function of this name already";
  }
  if (!what) return WS_OK;
  *good = false;
  return ws__reply_problem(r, problem, "%s, found '%.*s'", what, WS_TEXT_ARG(name));
}

static ws_status check_kind(ws__replying *r, const ws_reply_candidate *draft,
                            bool *good) {
  ws_prompt_kind asked = r->options->kind;
  *good = asked == WS_PROMPT_MIXED || draft->kind == WS_REPLY_KEYWORDS ||
          (asked == WS_PROMPT_LUA) == (draft->kind == WS_REPLY_LUA);
  if (*good) return WS_OK;
  return ws__reply_problem(
      r,
      (ws_reply_problem){WS_REPLY_WRONG_KIND, draft->line, draft->names[0], NULL, true},
      "expected %s, found %s", asked == WS_PROMPT_LUA ? "Lua" : "rules or keywords",
      draft->kind == WS_REPLY_LUA ? "Lua" : "rules");
}

static ws_status check_size(ws__replying *r, const ws_reply_candidate *draft,
                            bool *good) {
  *good = draft->source.size <= WS_REPLY_SOURCE_MAX;
  if (*good) return WS_OK;
  return ws__reply_problem(
      r, (ws_reply_problem){WS_REPLY_TOO_LONG, draft->line, draft->names[0], NULL, true},
      "expected at most %u bytes, found %zu", WS_REPLY_SOURCE_MAX, draft->source.size);
}

/* Said once. */
static ws_status check_room(ws__replying *r, const ws_reply_candidate *draft,
                            bool *good) {
  *good = r->out->lfs + draft->name_count <= WS_REPLY_LFS_MAX;
  if (*good || r->full) return WS_OK;
  r->full = true;
  return ws__reply_problem(
      r, (ws_reply_problem){WS_REPLY_TOO_MANY, draft->line, draft->names[0], NULL, true},
      "expected at most %d labeling functions in a reply, found more from this one on",
      WS_REPLY_LFS_MAX);
}

/* A person is to read the file: what an editor or a terminal would not show, or would
 * turn round, has no place in it. */
static ws_status check_shown(ws__replying *r, const ws_reply_candidate *draft,
                             bool *good) {
  ws_buffer clean = {0};
  WS_TRY(ws_buffer_text(&clean, draft->source));
  ws_text_clean(clean.data, clean.size);
  for (size_t i = 0; i < clean.size; i++) {
    char c = draft->source.data[i];
    *good &= clean.data[i] == c || c == '\n' || c == '\t' || c == '\r';
  }
  ws_buffer_clear(&clean);
  if (*good) return WS_OK;
  return ws__reply_problem(
      r,
      (ws_reply_problem){WS_REPLY_BAD_CHARACTER, draft->line, draft->names[0], NULL,
                         true},
      "expected no control characters and no marks that turn the direction of writing: "
      "write them as escapes");
}

/* Tests that a model wrote beside an LF are kept. One that cannot be read would end
 * `weaksup test` for the whole folder. */
static ws_status check_tests(ws__replying *r, const ws_reply_candidate *draft,
                             bool *good) {
  ws_error err = WS_ERROR_INIT;
  ws__test_lines lines = {
      .source = {.path = draft->kind == WS_REPLY_RULES ? "rules" : "lua",
                 .task = r->options->task,
                 .text = draft->source},
      .comment = draft->kind == WS_REPLY_RULES ? '#' : '-',
      .json = r->json};
  ws__test_line line;
  ws_status status = WS_OK;
  for (bool more = true; more && status == WS_OK;)
    status = ws__test_lines_next(&lines, &line, &more, &err);
  ws__test_lines_clear(&lines);
  if (status == WS_OK || status == WS_ENOMEM) return status;
  *good = false;
  return ws__reply_problem(
      r, (ws_reply_problem){WS_REPLY_BAD_TEST, draft->line, draft->names[0], NULL, true},
      "%s", err.message);
}

/* Names come last: many of them would take long. */
static ws_status check(ws__replying *r, const ws_reply_candidate *draft, bool *good) {
  WS_TRY(check_kind(r, draft, good));
  if (*good) WS_TRY(check_size(r, draft, good));
  if (*good) WS_TRY(check_shown(r, draft, good));
  if (*good) WS_TRY(check_tests(r, draft, good));
  if (*good) WS_TRY(check_room(r, draft, good));
  for (size_t n = 0; *good && n < draft->name_count; n++)
    WS_TRY(check_name(r, draft, n, good));
  return WS_OK;
}

static bool ends_with_key(ws_text front) {
  static const char key[] = "rationale:";
  size_t size = sizeof key - 1;
  while (front.size && front.data[front.size - 1] == ' ') front.size--;
  bool same = front.size >= size;
  for (size_t i = 0; same && i < size; i++)
    same = (front.data[front.size - size + i] | 0x20) == key[i];
  return same;
}

static bool says_rationale(ws_text source, ws_text rationale) {
  for (size_t i = 0; i + rationale.size <= source.size; i++)
    if (memcmp(source.data + i, rationale.data, rationale.size) == 0 &&
        ends_with_key((ws_text){source.data, i}))
      return true;
  return false;
}

/* Comments of a block say themselves why an LF is right; what an item in JSON says would
 * be lost. */
static ws_status put_rationale(const ws_reply_candidate *draft, ws_text rationale,
                               ws_buffer *out) {
  ws_text source = draft->source;
  const char *comment = draft->kind == WS_REPLY_RULES ? "# " : "-- ";
  size_t most = source.size + rationale.size + sizeof "-- rationale: \n";
  if (rationale.size && !says_rationale(source, rationale) &&
      most <= WS_REPLY_SOURCE_MAX) {
    WS_TRY(ws_buffer_string(out, comment));
    WS_TRY(ws_buffer_string(out, "rationale: "));
    WS_TRY(ws_buffer_text(out, rationale));
    WS_TRY(ws_buffer_string(out, "\n"));
  }
  return ws_buffer_text(out, source);
}

static ws_status keep_source(ws_reply *out, const ws_reply_candidate *draft,
                             ws_reply_candidate *kept) {
  ws_buffer source = {0};
  WS_TRY(keep_line(out, draft->rationale, WS_REPLY_RATIONALE_MAX, &kept->rationale));
  ws_status status = put_rationale(draft, kept->rationale, &source);
  if (status == WS_OK)
    status = ws_arena_text(&out->arena, ws_buffer_as_text(&source), &kept->source);
  ws_buffer_clear(&source);
  return status;
}

ws_status ws__reply_add(ws__replying *r, const ws_reply_candidate *draft) {
  ws_reply *out = r->out;
  ws_reply_candidate kept = *draft;
  bool good;
  WS_TRY(check(r, draft, &good));
  if (!good) return WS_OK;
  ws_text *names = ws_arena_alloc(&out->arena, draft->name_count * sizeof *names);
  if (!names || !ws_grow(&out->candidates, &out->capacity, out->count + 1, sizeof *draft))
    return WS_ENOMEM;
  for (size_t i = 0; i < draft->name_count; i++)
    WS_TRY(ws_arena_text(&out->arena, draft->names[i], &names[i]));
  kept.names = names;
  WS_TRY(keep_source(out, draft, &kept));
  out->candidates[out->count++] = kept;
  out->lfs += kept.name_count;
  return WS_OK;
}
