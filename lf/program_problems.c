/* SPDX-License-Identifier: MIT
 *
 * What a program does not hold: files that are left out, wrong lines of rules, and second
 * labeling functions of one name.
 *
 * A wrong line is only read, and costs that line. A .lua file that fails has run: what it
 * left in the state might change what the files behind it do, so the program it was found
 * in is used for no more than finding others. One that hit a limit may have hit it for
 * what a failed one before it had left behind: it is judged in a process without that.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "program_priv.h"

enum { LINES_MAX = 1000 }; // wrong lines of a file that are problems of their own

const ws__problems *ws__program_problems(const ws__program *program) {
  return &program->problems;
}

const ws__problems *ws__program_failed(const ws__program *program) {
  return &program->failed;
}

bool ws__program_is_ready(const ws__program *program) {
  return program->count > 0 && program->failed.count == 0;
}

/* --- files --- */

ws_status ws__program_leave_out(ws__program *program, size_t file, bool *out,
                                ws_error *err) {
  const char *path = ws__files_path(program->files, file);
  const ws_lf_problem *why =
      program->options.outside ? ws__problems_find(program->options.outside, path) : NULL;
  ws_error unread = WS_ERROR_INIT; // no news: it is why the file is left out
  ws_buffer bytes = {0};
  *out = why != NULL;
  if (!why) return WS_OK;
  // Read for the digest, and for its names.
  ws_status status = ws__files_read(program->files, file, &bytes, &unread);
  if (status != WS_ENOMEM)
    status =
        ws__problems_add(&program->problems, path, why->line, why->kind, why->message);
  if (status == WS_OK)
    status =
        ws__problems_add_names_of(&program->problems, path, ws_buffer_as_text(&bytes));
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws__program_set_aside(ws__program *program, size_t file, const ws_error *why,
                                bool *stop, ws_error *err) {
  const char *path = ws__files_path(program->files, file);
  // Where a file could not be read no code has run.
  ws_lf_problem_kind kind =
      why->status == WS_ELF ? ws__lua_problem(program->lua) : WS_LF_PROBLEM_LOAD_ERROR;
  *stop = kind == WS_LF_PROBLEM_TIME || kind == WS_LF_PROBLEM_MEMORY;
  if (*stop && program->failed.count) return WS_OK;
  uint64_t line = ws__problem_line(path, why->message);
  if (ws__problems_add(&program->failed, path, line, kind, why->message) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

/* --- lines --- */

static bool is_full(const ws__problems *problems, const char *path) {
  size_t count = problems->count;
  return count >= LINES_MAX && strcmp(problems->items[count - LINES_MAX].file, path) == 0;
}

static ws_status add_line(ws__problems *problems, const ws__rules *rules,
                          const ws__rule *rule, const char *message) {
  ws_lf_problem_kind kind =
      rule->list.data ? WS_LF_PROBLEM_LOAD_ERROR : WS_LF_PROBLEM_COMPILE_ERROR;
  if (!is_full(problems, rules->path))
    WS_TRY(ws__problems_add(problems, rules->path, rules->line, kind, message));
  return ws__is_lf_name(rule->name) ? ws__problems_add_name(problems, rule->name) : WS_OK;
}

bool ws__program_skips_rule(ws__program *program, const ws__rules *rules,
                            const ws__rule *rule, ws_status *status, ws_error *err) {
  if (!program->options.keep_going || *status == WS_ENOMEM) return false;
  *status = add_line(&program->problems, rules, rule, err->message);
  if (*status == WS_OK) return true;
  ws_error_nomem(err);
  return false;
}

/* --- names --- */

static int by_name(const void *a, const void *b) {
  const ws_lf_info *x = *(const ws_lf_info *const *)a, *y = *(const ws_lf_info *const *)b;
  int order = strcmp(x->name, y->name);
  return order ? order : (x > y) - (x < y); // as they stand in the array
}

/* Of two of one name, the first of which stands. */
static ws_status refuse(ws__program *program, const ws_lf_info *a, ws_lf_info *b,
                        ws_error *err) {
  if (!program->options.keep_going)
    return ws_error_set(err, WS_ELF,
                        "two labeling functions are called '%s': %s:%" PRIu64
                        " and %s:%" PRIu64,
                        a->name, a->file, a->line, b->file, b->line);
  ws_error why = WS_ERROR_INIT;
  ws_error_set(&why, WS_ELF,
               "%s:%" PRIu64 ": a labeling function is called '%s' already: %s:%" PRIu64,
               b->file, b->line, b->name, a->file, a->line);
  if (ws__problems_add(&program->problems, b->file, b->line, WS_LF_PROBLEM_LOAD_ERROR,
                       why.message) != WS_OK ||
      ws__problems_add_name(&program->problems, ws_text_of(b->name)) != WS_OK)
    return ws_error_nomem(err);
  program->problems.items[program->problems.count - 1].name_taken = true;
  b->name = NULL;
  return WS_OK;
}

static void drop_nameless(ws__program *program) {
  size_t kept = 0;
  for (size_t j = 0; j < program->count; j++) {
    if (program->lfs[j].info.name)
      program->lfs[kept++] = program->lfs[j];
    else
      ws__program_clear_entry(&program->lfs[j]);
  }
  program->count = kept;
}

ws_status ws__program_check_names(ws__program *program, ws_error *err) {
  ws__problems_sort(&program->problems);
  if (program->count == 0) return WS_OK;
  ws_lf_info **infos = ws_alloc_array(program->count, sizeof *infos);
  if (!infos) return ws_error_nomem(err);
  for (size_t j = 0; j < program->count; j++) infos[j] = &program->lfs[j].info;
  qsort(infos, program->count, sizeof *infos, by_name);
  ws_status status = WS_OK;
  for (size_t j = 1, first = 0; j < program->count && status == WS_OK; j++) {
    if (strcmp(infos[first]->name, infos[j]->name) == 0)
      status = refuse(program, infos[first], infos[j], err);
    else
      first = j;
  }
  ws_free(infos);
  drop_nameless(program);
  ws__problems_sort(&program->problems);
  return status;
}
