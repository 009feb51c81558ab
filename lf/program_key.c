/* SPDX-License-Identifier: MIT
 *
 * The keys of labeling functions: a hash of everything that their votes depend on beside
 * the records, and of nothing else. What Lua code depends on, lua_key.c finds out.
 */
#include "program_priv.h"

#include <weaksup/bytes.h>
#include <weaksup/task_file.h>

/* To be raised by one when the same code, pattern or list may vote otherwise than before,
 * or when the functions that Lua code is given change. */
#define ENGINE_VERSION 3

ws_hash128 ws__pattern_hash(ws_text pattern, ws_text flags) {
  return ws_hash128_join(ws_hash128_of(pattern.data, pattern.size),
                         ws_hash128_of(flags.data, flags.size));
}

static ws_status put_classes(ws_buffer *out, const ws_task *task) {
  WS_TRY(ws_bytes_put(out, ws_task_classes(task), 8));
  for (size_t k = 0; k < ws_task_classes(task); k++)
    WS_TRY(ws_bytes_put_text(out, ws_task_class(task, k)));
  return WS_OK;
}

static ws_status put_numbers(ws_buffer *out, const uint64_t *numbers, size_t count) {
  for (size_t i = 0; i < count; i++) WS_TRY(ws_bytes_put(out, numbers[i], 8));
  return WS_OK;
}

static ws_status put_lua(ws_buffer *out, const ws__program_options *options) {
  const uint64_t limits[] = {options->lua_steps, options->memory, options->call_cpu_ms};
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_lua_version())));
  WS_TRY(ws_bytes_put_text(out, options->text_field));
  if (options->lua_instructions) WS_TRY(ws_bytes_put(out, options->lua_instructions, 8));
  return put_numbers(out, limits, sizeof limits / sizeof *limits);
}

/* What all labeling functions of a kind share. */
static ws_status put_kind(ws_buffer *out, const ws__program_options *options,
                          ws_lf_kind kind) {
  const uint64_t numbers[] = {ENGINE_VERSION, kind, options->worker_cpu_ms,
                              options->wall_ms, options->no_jit};
  out->size = 0;
  WS_TRY(put_numbers(out, numbers, sizeof numbers / sizeof *numbers));
  WS_TRY(put_classes(out, options->task));
  if (kind == WS_LF_LUA) WS_TRY(put_lua(out, options));
  if (kind != WS_LF_RULE) // lower case and words
    WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_unicode_version())));
  if (kind == WS_LF_KEYWORDS) return WS_OK;
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_pcre2_version())));
  return ws_bytes_put(out, options->pattern_steps, 8);
}

static ws_hash128 content_of(const ws__program *program, const ws__entry *lf) {
  if (lf->regex) return lf->pattern;
  if (lf->keywords) return ws__keywords_hash(lf->keywords);
  const ws__lua_lf *code = ws__lua_at(program->lua, lf->lua);
  if (!code->any_pattern) return code->code;
  return ws_hash128_join(code->code, ws__lua_patterns_hash(program->lua));
}

/* A rule on a named field says whether that is missing, so it is another one than a rule
 * on the text field of that name. */
static ws_status put_lf(ws_buffer *out, const ws__program *program, const ws__entry *lf,
                        ws_hash128 kind) {
  ws_hash128 content = content_of(program, lf);
  ws_text id = program->options.id_field;
  const char *gold = ws_task_get(program->options.task, WS_TASK_GOLD);
  bool generated =
      lf->info.kind == WS_LF_LUA && ws__lua_at(program->lua, lf->lua)->generated;
  const uint64_t numbers[] = {kind.low,
                              kind.high,
                              content.low,
                              content.high,
                              (uint64_t)(uint32_t)lf->info.label,
                              lf->filtered,
                              lf->field.data != NULL,
                              generated};
  out->size = 0;
  WS_TRY(put_numbers(out, numbers, sizeof numbers / sizeof *numbers));
  if (generated) { // what it does not see
    WS_TRY(ws_bytes_put_text(out, id.data ? id : (ws_text){"", 0}));
    WS_TRY(ws_bytes_put_text(out, ws_text_of(gold ? gold : "")));
  }
  return ws_bytes_put_text(out, lf->field.data ? lf->field : program->options.text_field);
}

static ws_status put_place(ws_buffer *out, const ws__program *program,
                           const ws__entry *lf) {
  ws_hash128 texts = {0, 0};
  if (lf->info.kind == WS_LF_LUA) texts = ws__lua_at(program->lua, lf->lua)->texts;
  const uint64_t numbers[] = {lf->info.line, texts.low, texts.high};
  out->size = 0;
  WS_TRY(put_numbers(out, numbers, sizeof numbers / sizeof *numbers));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(lf->info.file)));
  return ws_bytes_put_text(out, ws_text_of(lf->info.name));
}

static ws_status make_keys(ws__program *program, ws_buffer *bytes) {
  ws_hash128 kinds[WS_LF_RULE + 1];
  for (int kind = 0; kind <= WS_LF_RULE; kind++) {
    WS_TRY(put_kind(bytes, &program->options, (ws_lf_kind)kind));
    kinds[kind] = ws_hash128_of(bytes->data, bytes->size);
  }
  for (size_t j = 0; j < program->count; j++) {
    ws__entry *lf = &program->lfs[j];
    WS_TRY(put_lf(bytes, program, lf, kinds[lf->info.kind]));
    lf->info.key = ws_hash128_of(bytes->data, bytes->size);
    WS_TRY(put_place(bytes, program, lf));
    lf->info.error_key = ws_hash128_of(bytes->data, bytes->size);
  }
  return WS_OK;
}

ws_status ws__program_make_keys(ws__program *program) {
  ws_buffer bytes = {0};
  ws_status status = make_keys(program, &bytes);
  ws_buffer_clear(&bytes);
  return status;
}
