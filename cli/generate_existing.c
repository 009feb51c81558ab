/* SPDX-License-Identifier: MIT
 *
 * The LFs that are there when generate begins, and the names that are taken. A folder
 * that is missing, or empty, holds none.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/provenance.h>

#include "generate.h"
#include "load_errors.h"
#include "run_folder.h"
#include "say.h"

ws_status gen_take_name(generate *g, ws_text name) {
  size_t n = g->taken_count;
  if (!ws_grow(&g->taken, &g->taken_capacity, n + 1, sizeof *g->taken) ||
      !ws_grow(&g->taken_names, &g->names_capacity, n + 1, sizeof *g->taken_names))
    return WS_ENOMEM;
  WS_TRY(ws_arena_text(&g->arena, name, &g->taken[n]));
  g->taken_names[n] = g->taken[n].data;
  g->taken_count++;
  return WS_OK;
}

/* The names in the set, and those of LFs that do not load: their files are somebody's. */
static ws_status take_set(generate *g) {
  for (size_t j = 0; j < ws_lf_set_count(g->existing); j++)
    WS_TRY(gen_take_name(g, ws_text_of(ws_lf_set_at(g->existing, j)->name)));
  for (size_t i = 0; i < ws_lf_set_problem_count(g->existing); i++) {
    const ws_lf_problem *problem = ws_lf_set_problem_at(g->existing, i);
    for (size_t j = 0; j < problem->lf_count; j++)
      WS_TRY(gen_take_name(g, ws_text_of(problem->lfs[j])));
  }
  return WS_OK;
}

static ws_status count_files(const char *folder, size_t *count, ws_error *err) {
  ws_provenance_list *list = NULL;
  *count = 0;
  if (!is_folder(folder)) return WS_OK;
  WS_TRY(ws_provenance_list_load(folder, &list, err));
  *count = ws_provenance_list_count(list);
  ws_provenance_list_free(list);
  return WS_OK;
}

/* "lfs/generated/links.rules" takes "links". */
static ws_status take_stem(generate *g, const char *path) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  return gen_take_name(g, (ws_text){name, dot ? (size_t)(dot - name) : strlen(name)});
}

/* Wherever --out is. */
static ws_status take_files(generate *g, const char *folder, ws_error *err) {
  ws_provenance_list *list = NULL;
  ws_status status = WS_OK;
  if (!is_folder(folder)) return WS_OK;
  WS_TRY(ws_provenance_list_load(folder, &list, err));
  for (size_t i = 0; i < ws_provenance_list_count(list) && status == WS_OK; i++)
    status = take_stem(g, ws_provenance_list_at(list, i)->path);
  ws_provenance_list_free(list);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status take_words(generate *g, ws_text names) {
  for (size_t i = 0, end; i < names.size; i = end + 1) {
    for (end = i; end < names.size && names.data[end] != ' ';) end++;
    if (end > i) WS_TRY(gen_take_name(g, (ws_text){names.data + i, end - i}));
  }
  return WS_OK;
}

/* Unproven files that somebody edited stay where they are: another LF of such a name
 * would be a second one as soon as they are used. */
static ws_status take_edited(generate *g, ws_error *err) {
  ws_provenance_list *list = NULL;
  ws_buffer folder = {0};
  ws_status status = ws_buffer_printf(&folder, "%s/unproven", g->aside.data);
  bool there = status == WS_OK && is_folder(folder.data) &&
               ws_provenance_list_load(folder.data, &list, NULL) == WS_OK;
  for (size_t i = 0; there && i < ws_provenance_list_count(list); i++) {
    const ws_provenance_entry *entry = ws_provenance_list_at(list, i);
    if (status == WS_OK && entry->file.state != WS_PROVENANCE_UNCHANGED)
      status = take_stem(g, entry->path);
    if (status == WS_OK && entry->file.state != WS_PROVENANCE_UNCHANGED)
      status = take_words(g, entry->file.header.lf);
  }
  ws_provenance_list_free(list);
  ws_buffer_clear(&folder);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* --- their votes --- */

static ws_status vote(generate *g, const kept_records *r, ws_votes **out, ws_error *err) {
  ws_reader *reader = NULL;
  ws_apply_options how = g->setup.apply;
  how.cache = NULL; // of readers of files
  WS_TRY(gen_reader(g, r, &reader, err));
  ws_status status =
      ws_apply_votes(g->existing, reader, &how, NULL, NULL, out, NULL, err);
  ws_reader_free(reader);
  bar_clear(&g->bar);
  return status;
}

static ws_status vote_all(generate *g, ws_error *err) {
  ws_votes *votes = NULL;
  WS_TRY(vote(g, &g->pool, &g->first[POOL], err));
  for (int part = SELECT; part < PARTS; part++) {
    if (!gen_part(g, part)) continue;
    WS_TRY(vote(g, gen_part(g, part), &votes, err));
    WS_TRY(gen_part_gold(g, part, votes, &g->first[part], err));
  }
  return WS_OK;
}

ws_status gen_existing(generate *g, ws_error *err) {
  size_t files;
  WS_TRY(take_files(g, g->out.data, err));
  WS_TRY(take_edited(g, err));
  WS_TRY(count_files(g->lfs, &files, err));
  if (files == 0) {
    say_note(g->o, "%s holds no labeling functions yet", g->lfs);
    return WS_OK;
  }
  ws_lf_options how = g->setup.lf;
  how.keep_going = true;
  WS_TRY(ws_lf_set_load(g->lfs, g->task, &how, &g->existing, err));
  load_errors_say(load_errors_of(g->existing));
  if (take_set(g) != WS_OK) return ws_error_nomem(err);
  return vote_all(g, err);
}
