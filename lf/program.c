/* SPDX-License-Identifier: MIT
 *
 * A folder of labeling functions as one list of callable things, in the order of the
 * files and of their lines, whatever language each is written in.
 */
#include "program_priv.h"

#include <inttypes.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "generated.h"

void ws__program_clear_entry(ws__entry *lf) {
  ws__regex_free(lf->own_regex);
  ws__keywords_free(lf->own_keywords);
}

void ws__program_free(ws__program *program) {
  if (!program) return;
  for (size_t j = 0; j < program->count; j++) ws__program_clear_entry(&program->lfs[j]);
  ws_free(program->lfs);
  ws__prefilter_free(program->prefilter);
  ws_free(program->always);
  ws_free(program->due);
  ws_free(program->asked);
  ws__lua_free(program->lua);
  ws__regexes_free(program->regexes);
  ws__files_free(program->files);
  ws__subject_clear(&program->subject);
  ws_arena_clear(&program->arena);
  ws__problems_clear(&program->problems);
  ws__problems_clear(&program->failed);
  ws_free(program);
}

/* --- loading --- */

/* A place for one more, zeroed. */
static ws__entry *add_lf(ws__program *program) {
  if (!ws_grow(&program->lfs, &program->capacity, program->count + 1, sizeof(ws__entry)))
    return NULL;
  ws__entry *added = &program->lfs[program->count++];
  memset(added, 0, sizeof *added);
  return added;
}

/* The parent keeps something for each of them, whatever they are. */
static ws_status check_count(const ws__program *program, const char *path, uint64_t line,
                             ws_error *err) {
  if (program->count < WS__LFS_MAX) return WS_OK;
  return ws_error_set(err, WS_ELF, "%s:%" PRIu64 ": more than %d labeling functions",
                      path, line, (int)WS__LFS_MAX);
}

/* The entries of a word list, borrowed from its text. */
static ws_status read_entries(ws_text text, ws_text **out, size_t *count) {
  ws_text *entries = NULL, line;
  size_t capacity = 0, position = 0;
  for (*count = 0; ws__list_line(text, &position, &line); ++*count) {
    if (!ws_grow(&entries, &capacity, *count + 1, sizeof *entries)) {
      ws_free(entries);
      return WS_ENOMEM;
    }
    entries[*count] = line;
  }
  *out = entries;
  return WS_OK;
}

static ws_status load_list(ws__program *program, size_t file, const ws__rule *rule,
                           ws__entry *added, ws_error *err) {
  ws_buffer bytes = {0};
  ws_text *entries = NULL;
  size_t count = 0;
  ws_status status = ws__files_resource(program->files, file, rule->list, &bytes, err);
  if (status != WS_OK) goto done;
  status = read_entries(ws_buffer_as_text(&bytes), &entries, &count);
  if (status != WS_OK)
    ws_error_nomem(err);
  else if (count == 0)
    status =
        ws_error_set(err, WS_ELF, "the list '%.*s' is empty", WS_TEXT_ARG(rule->list));
  else
    status = ws__keywords_new(entries, count, &added->own_keywords, err);
  added->keywords = added->own_keywords;
done:
  ws_free(entries);
  ws_buffer_clear(&bytes);
  return status;
}

/* What a regex on the text field requires. */
static ws_status find_required(ws__program *program, ws__entry *added, ws_text pattern,
                               ws_text flags, ws_error *err) {
  if (added->field.data) return WS_OK;
  ws_status status = ws__required(pattern, flags, &program->arena, &added->required);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status load_rule(ws__program *program, size_t file, const ws__rules *rules,
                           const ws__rule *rule, ws_error *err) {
  WS_TRY(check_count(program, rules->path, rule->line, err));
  ws__entry *added = add_lf(program);
  ws_text name;
  if (!added || ws_arena_text(&program->arena, rule->name, &name) != WS_OK)
    return ws_error_nomem(err);
  if (rule->field.data &&
      ws_arena_text(&program->arena, rule->field, &added->field) != WS_OK)
    return ws_error_nomem(err);
  added->info = (ws_lf_info){.name = name.data,
                             .kind = rule->pattern.data ? WS_LF_RULE : WS_LF_KEYWORDS,
                             .file = rules->path,
                             .line = rule->line,
                             .label = rule->label};
  if (rule->pattern.data) added->pattern = ws__pattern_hash(rule->pattern, rule->flags);
  size_t offset = 0;
  ws_status status = rule->pattern.data
                         ? ws__regex_new(program->regexes, rule->pattern, rule->flags,
                                         &added->own_regex, &offset, err)
                         : load_list(program, file, rule, added, err);
  if (status != WS_OK && status != WS_ENOMEM) {
    program->count--;
    ws__rule_locate(rules, rule, offset, err);
    return WS_ELF;
  }
  added->regex = added->own_regex;
  if (status == WS_OK && added->regex)
    status = find_required(program, added, rule->pattern, rule->flags, err);
  return status;
}

static ws_status check_field(const ws__program *program, const ws__rules *rules,
                             const ws__rule *rule, ws_error *err) {
  const ws__program_options *o = &program->options;
  const char *hidden =
      rule->field.data ? ws__hidden(o->task, o->id_field, rule->field) : NULL;
  if (!hidden) return WS_OK;
  size_t at = (size_t)(rule->field.data - rule->whole.data);
  return ws_error_set(err, WS_ELF,
                      "%s:%" PRIu64 ":%zu: the field '%.*s' is the record's %s, which a "
                      "generated file does not see",
                      rules->path, rule->line, ws__column_of(rule->whole, at),
                      WS_TEXT_ARG(rule->field), hidden);
}

static ws_status load_rules(ws__program *program, size_t file, ws_text text,
                            bool generated, ws_error *err) {
  ws__rules rules = {ws__files_path(program->files, file), program->options.task, text, 0,
                     0};
  ws__rule rule;
  bool more = true;
  for (;;) {
    ws_status status = ws__rules_next(&rules, &rule, &more, err);
    if (status == WS_OK && !more) return WS_OK;
    bool read = status == WS_OK;
    if (!read) rule.list.data = NULL; // not looked for yet
    if (read && generated) status = check_field(program, &rules, &rule, err);
    if (status == WS_OK) status = load_rule(program, file, &rules, &rule, err);
    if (status != WS_OK && !ws__program_skips_rule(program, &rules, &rule, &status, err))
      return status;
  }
}

/* Labeling function i of the Lua engine. */
static ws_status add_lua(ws__program *program, size_t i, const char *path,
                         ws_error *err) {
  const ws__lua_lf *lf = ws__lua_at(program->lua, i);
  WS_TRY(check_count(program, path, lf->line, err));
  ws__entry *added = add_lf(program);
  if (!added) return ws_error_nomem(err);
  ws_lf_kind kind = lf->keywords ? WS_LF_KEYWORDS : lf->regex ? WS_LF_RULE : WS_LF_LUA;
  added->info = (ws_lf_info){.name = lf->name,
                             .kind = kind,
                             .file = path,
                             .line = lf->line,
                             .label = lf->label,
                             .prior = lf->prior};
  added->field = lf->field;
  added->keywords = lf->keywords;
  added->regex = lf->regex;
  added->lua = i;
  if (!lf->regex) return WS_OK;
  added->pattern = ws__pattern_hash(lf->pattern, lf->flags);
  return find_required(program, added, lf->pattern, lf->flags, err);
}

static ws_status load_lua(ws__program *program, size_t file, ws_text text, bool generated,
                          ws_error *err) {
  const char *path = ws__files_path(program->files, file);
  size_t first = ws__lua_count(program->lua);
  WS_TRY(ws__lua_load(program->lua, file, text, generated, err));
  for (size_t i = first; i < ws__lua_count(program->lua); i++)
    WS_TRY(add_lua(program, i, path, err));
  return WS_OK;
}

static bool is_rules(const char *path) {
  size_t size = strlen(path);
  return size > 6 && strcmp(path + size - 6, ".rules") == 0; // "a.lua" is shorter
}

/* Loads a file that was read. */
static ws_status load_source(ws__program *program, size_t file, ws_text text,
                             ws_error *err) {
  const char *path = ws__files_path(program->files, file);
  bool rules = is_rules(path), generated = ws__is_generated(text);
  if (generated && text.size > WS__GENERATED_MAX)
    return ws_error_set(err, WS_ELF,
                        "%s:1: expected at most %u bytes in a generated file, found %zu",
                        path, WS__GENERATED_MAX, text.size);
  return rules ? load_rules(program, file, text, generated, err)
               : load_lua(program, file, text, generated, err);
}

/* Rules cannot be interrupted: the limit on time must not hit the file behind them. */
static void tell(const ws__program *program, const char *file) {
  ws__lua *lua = file && is_rules(file) ? NULL : program->lua;
  program->options.loading(program->options.user, lua, file);
}

static ws_status load_file(ws__program *program, size_t file, ws_error *err) {
  const char *path = ws__files_path(program->files, file);
  ws_buffer bytes = {0};
  tell(program, path);
  ws_status status = ws__files_read(program->files, file, &bytes, err);
  if (status == WS_OK)
    status = load_source(program, file, ws_buffer_as_text(&bytes), err);
  ws_buffer_clear(&bytes);
  tell(program, NULL);
  return status;
}

static ws_status load_files(ws__program *program, ws_error *err) {
  bool out, stop = false;
  for (size_t i = 0; i < ws__files_count(program->files) && !stop; i++) {
    ws_error why = WS_ERROR_INIT;
    WS_TRY(ws__program_leave_out(program, i, &out, err));
    if (out) continue;
    ws_status status = load_file(program, i, &why);
    if (status == WS_ENOMEM || (status != WS_OK && !program->options.keep_going))
      return ws_error_set(err, status, "%s", why.message);
    if (status != WS_OK) WS_TRY(ws__program_set_aside(program, i, &why, &stop, err));
  }
  return WS_OK;
}

static ws_status filter(ws__program *program, ws__prefilter_entry *entries,
                        bool *filtered) {
  for (size_t j = 0; j < program->count; j++)
    entries[j] = (ws__prefilter_entry){program->lfs[j].required, (uint32_t)j};
  WS_TRY(ws__prefilter_new(entries, program->count, filtered, &program->prefilter));
  for (size_t j = 0; j < program->count; j++)
    if (!(program->lfs[j].filtered = filtered[j]))
      program->always[j / 64] |= (uint64_t)1 << j % 64;
  ws__program_pass_over(program, NULL, 0);
  return WS_OK;
}

static ws_status filter_rules(ws__program *program, ws_error *err) {
  program->always = ws_alloc_zero(ws__program_words(program), sizeof *program->always);
  program->due = ws_alloc_zero(ws__program_words(program), sizeof *program->due);
  program->asked = ws_alloc_zero(ws__program_words(program), sizeof *program->asked);
  ws__prefilter_entry *entries = ws_alloc_array(program->count, sizeof *entries);
  bool *filtered = ws_alloc_zero(program->count, sizeof *filtered);
  ws_status status = WS_ENOMEM;
  if (program->always && program->due && program->asked && entries && filtered)
    status = filter(program, entries, filtered);
  ws_free(entries);
  ws_free(filtered);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status none_found(const ws__program *program, ws_error *err) {
  ws_buffer other = {0};
  if (ws__files_other(program->files, &other) != WS_OK) {
    ws_buffer_clear(&other);
    return ws_error_nomem(err);
  }
  ws_status status =
      ws_error_set(err, WS_ELF,
                   "%s: no labeling function: expected 'function lf.NAME(x)' in a .lua "
                   "file, or a line 'NAME LABEL /PATTERN/' in a .rules file%s%s%s",
                   program->options.folder, other.size ? " (" : "",
                   other.size ? other.data : "", other.size ? ")" : "");
  ws_buffer_clear(&other);
  return status;
}

static ws_status load(ws__program *program, ws_error *err) {
  const ws__program_options *options = &program->options;
  WS_TRY(ws__files_open(options->folder, &program->files, err));
  if (options->listed) options->listed(options->user, program->files);
  if (ws__regexes_new(options->pattern_steps, &program->regexes) != WS_OK)
    return ws_error_nomem(err);
  if (options->no_jit) ws__regexes_end_jit(program->regexes);
  ws__lua_options lua = {.task = options->task,
                         .regexes = program->regexes,
                         .files = program->files,
                         .subject = &program->subject,
                         .id_field = options->id_field,
                         .memory = options->memory,
                         .steps = options->lua_steps,
                         .instructions = options->lua_instructions,
                         .hash_salt = options->hash_salt,
                         .cpu_ms = options->load_cpu_ms};
  WS_TRY(ws__lua_new(&lua, &program->lua, err));
  WS_TRY(load_files(program, err));
  ws__regexes_end_jit(program->regexes);
  ws__lua_end_loading(program->lua);
  WS_TRY(ws__program_check_names(program, err));
  if (program->count == 0 && program->problems.count + program->failed.count == 0 &&
      !options->may_be_empty)
    return none_found(program, err);
  if (!ws__program_is_ready(program)) return WS_OK;
  WS_TRY(filter_rules(program, err));
  return ws__program_make_keys(program) == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws__program_new(const ws__program_options *options, ws__program **out,
                          ws_error *err) {
  ws__program *program = ws_alloc_zero(1, sizeof *program);
  if (!program) return ws_error_nomem(err);
  program->options = *options;
  ws_status status = load(program, err);
  if (status == WS_OK)
    *out = program;
  else
    ws__program_free(program);
  return status;
}

size_t ws__program_count(const ws__program *program) {
  return program->count;
}

const ws_lf_info *ws__program_at(const ws__program *program, size_t j) {
  return &program->lfs[j].info;
}

const ws__lua_note *ws__program_notes(const ws__program *program, size_t *count) {
  return ws__lua_notes(program->lua, count);
}

ws_status ws__program_other_files(const ws__program *program, ws_buffer *out) {
  return ws__files_other(program->files, out);
}

const char *ws__program_path(const ws__program *program, size_t file) {
  return ws__files_path(program->files, file);
}

void ws__program_digest(const ws__program *program, char out[33]) {
  ws__files_digest(program->files, out);
}

ws__lua *ws__program_lua(ws__program *program) {
  return program->lua;
}

bool ws__program_is_lua(const ws__program *program, size_t j) {
  return program->lfs[j].info.kind == WS_LF_LUA;
}

ws__program_rule ws__program_rule_at(const ws__program *program, size_t j) {
  const ws__entry *lf = &program->lfs[j];
  return (ws__program_rule){lf->regex, lf->keywords, lf->field};
}

const ws__subject *ws__program_subject(const ws__program *program) {
  return &program->subject;
}
