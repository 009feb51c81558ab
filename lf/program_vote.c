/* SPDX-License-Identifier: MIT
 *
 * Asking the labeling functions of a program about records.
 */
#include "program_priv.h"

#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/apply.h>

void ws__program_pass_over(ws__program *program, const unsigned char *skip,
                           unsigned char value) {
  size_t words = ws__program_words(program);
  program->scans = false;
  memset(program->asked, 0, words * sizeof *program->asked);
  for (size_t j = 0; j < program->count; j++) {
    bool asked = !skip || skip[j] != value;
    program->asked[j / 64] |= (uint64_t)asked << j % 64;
  }
  for (size_t i = 0; i < words; i++) {
    uint64_t filtered = program->asked[i] & ~program->always[i];
    program->scans = program->scans || (program->prefilter && filtered);
    program->due[i] = program->always[i] & program->asked[i];
  }
}

void ws__program_record(ws__program *program, ws_value fields) {
  ws__subject_set(&program->subject, fields, program->options.text_field);
  ws__lua_new_record(program->lua);
  if (!program->scans) return;
  size_t words = ws__program_words(program);
  memcpy(program->due, program->always, words * sizeof *program->due);
  if (program->subject.text.data)
    ws__prefilter_scan(program->prefilter, program->subject.text, program->due);
  for (size_t i = 0; i < words; i++) program->due[i] &= program->asked[i];
}

size_t ws__program_next_due(const ws__program *program, size_t j) {
  size_t word = j / 64, words = ws__program_words(program);
  if (j >= program->count) return program->count;
  uint64_t bits = program->due[word] >> j % 64;
  while (!bits && ++word < words) {
    bits = program->due[word];
    j = word * 64;
  }
  if (!bits) return program->count;
  for (; !(bits & 0xFF); bits >>= 8) j += 8;
  for (; !(bits & 1); bits >>= 1) j++;
  return j;
}

static int32_t fail(const ws__entry *lf, ws_lf_error_kind kind, const ws_error *why,
                    ws_error *err) {
  ws__fail_in(err, lf->info.file, lf->info.line, lf->info.name, why->message);
  return ws__vote_failed(kind);
}

static ws_lf_error_kind kind_of_match(int code) {
  switch (ws__regex_failure(code)) {
  case WS__REGEX_STEPS:
    return WS_LF_ERROR_PATTERN;
  case WS__REGEX_MEMORY:
    return WS_LF_ERROR_MEMORY;
  default:
    return WS_LF_ERROR_RUNTIME;
  }
}

/* The text that a rule looks at; no text where the field is not there. False where it is
 * there and no text. */
static bool read_field(const ws__program *program, const ws__entry *lf, ws_text *out,
                       ws_error *err) {
  *out = program->subject.text;
  if (!lf->field.data) return true;
  ws_value value = ws_value_get(program->subject.fields, lf->field);
  *out = (ws_text){NULL, 0};
  if (ws_value_type(value) == WS_NULL) return true;
  if (ws_value_is(value, WS_STRING)) {
    *out = ws_value_text(value);
    return true;
  }
  ws_error_set(err, WS_ELF, "expected a string in field '%.*s', found %s",
               WS_TEXT_ARG(lf->field), ws_value_type_text(value));
  return false;
}

static int32_t match_regex(const ws__program *program, const ws__entry *lf,
                           ws_error *err) {
  ws_error why; // clearing it would cost more than many a match
  ws_text text;
  if (!read_field(program, lf, &text, &why))
    return fail(lf, WS_LF_ERROR_RUNTIME, &why, err);
  if (!text.data) return WS_ABSTAIN;
  int result = ws__regex_match(lf->regex, text, 0);
  if (result >= 0) return result ? lf->info.label : WS_ABSTAIN;
  ws__regex_explain(lf->regex, result, &why);
  return fail(lf, kind_of_match(result), &why, err);
}

static int32_t match_keywords(ws__program *program, const ws__entry *lf, ws_error *err) {
  ws_error why; // clearing it would cost more than many a match
  ws_buffer own = {0};
  ws_text lower;
  ws_status status = WS_OK;
  if (lf->field.data) {
    if (!read_field(program, lf, &lower, &why))
      return fail(lf, WS_LF_ERROR_RUNTIME, &why, err);
    if (lower.data) {
      status = ws__lower(lower, &own);
      lower = ws_buffer_as_text(&own);
    }
  } else {
    status = ws__subject_lower(&program->subject, &lower);
  }
  bool found = status == WS_OK && lower.data && ws__keywords_match(lf->keywords, lower);
  ws_buffer_clear(&own);
  if (status == WS_OK) return found ? lf->info.label : WS_ABSTAIN;
  ws_error_nomem(&why);
  return fail(lf, WS_LF_ERROR_MEMORY, &why, err);
}

/* A function that looks at a field is not called where there is none. */
static int32_t call(ws__program *program, const ws__entry *lf, ws_error *err) {
  ws_lf_error_kind kind = WS_LF_ERROR_RUNTIME;
  int32_t vote = WS_ABSTAIN;
  if (lf->field.data) {
    ws_error why; // filled where it fails
    ws_text text;
    if (!read_field(program, lf, &text, &why)) return fail(lf, kind, &why, err);
    if (!text.data) return WS_ABSTAIN;
  }
  if (ws__lua_call(program->lua, lf->lua, &vote, &kind, err) == WS_OK) return vote;
  return ws__vote_failed(kind);
}

int32_t ws__program_vote(ws__program *program, size_t j, ws_error *err) {
  const ws__entry *lf = &program->lfs[j];
  if (lf->regex) return match_regex(program, lf, err);
  if (lf->keywords) return match_keywords(program, lf, err);
  return call(program, lf, err);
}

const char *ws__program_traceback(const ws__program *program, size_t j) {
  return ws__program_is_lua(program, j) ? ws__lua_traceback(program->lua) : "";
}
