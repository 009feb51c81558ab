/* SPDX-License-Identifier: MIT
 *
 * The folder of LFs that was perhaps meant. generate makes the one that it is told, so a
 * slip in its name would be paid for twice: the prompts would not tell of the LFs that
 * are there, and what comes back would lie where fit does not look.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>

#include "generate.h"
#include "run_folder.h"

typedef enum holding {
  HOLDS_OTHERS, // or cannot be read
  HOLDS_NOTHING,
  HOLDS_LFS
} holding;

typedef struct candidate {
  const char *path, *name; // as the user would write it; its last part
  holding holds;
} candidate;

typedef struct search {
  ws_arena arena;
  candidate *items; // [count]
  size_t count, capacity;
} search;

/* --- what a folder holds --- */

static bool is_lf_file(const char *name) {
  bool written = ends_with(name, ".lua") || ends_with(name, ".rules");
  return written && strcmp(name, "weaksup.lua") != 0;
}

/* Of its files; those of folders inside of it do not count. */
static holding look_at_files(const char *path) {
  ws_buffer file = {0};
  holding found = HOLDS_NOTHING;
  DIR *folder = opendir(path);
  if (!folder) return HOLDS_OTHERS;
  for (struct dirent *entry; found != HOLDS_LFS && (entry = readdir(folder));) {
    file.size = 0;
    if (*entry->d_name == '.') continue;
    if (ws_buffer_printf(&file, "%s/%s", path, entry->d_name) != WS_OK) break;
    if (!is_folder(file.data))
      found = is_lf_file(entry->d_name) ? HOLDS_LFS : HOLDS_OTHERS;
  }
  closedir(folder);
  ws_buffer_clear(&file);
  return found;
}

/* All that a first run of generate leaves in a folder is one inside of it. */
static holding look_at(const char *path) {
  ws_buffer inner = {0};
  holding found = run_is(path) ? HOLDS_OTHERS : look_at_files(path);
  if (found == HOLDS_NOTHING && ws_buffer_printf(&inner, "%s/generated", path) == WS_OK &&
      look_at_files(inner.data) == HOLDS_LFS)
    found = HOLDS_LFS;
  ws_buffer_clear(&inner);
  return found;
}

/* --- the folders that there are --- */

static ws_status add(search *s, const char *path, const char *name, holding holds) {
  ws_text kept;
  if (!ws_grow(&s->items, &s->capacity, s->count + 1, sizeof *s->items)) return WS_ENOMEM;
  WS_TRY(ws_arena_text(&s->arena, ws_text_of(path), &kept));
  s->items[s->count++] =
      (candidate){kept.data, kept.data + (kept.size - strlen(name)), holds};
  return WS_OK;
}

/* What generate writes itself beside the task is none. */
static ws_status look(const generate *g, search *s, const char *path, const char *name) {
  const char *const own[] = {g->aside.data, g->out.data};
  if (*name == '.' || !is_folder(path)) return WS_OK;
  for (size_t i = 0; i < 2; i++) {
    bool inside = false;
    WS_TRY(gen_is_inside(path, own[i], &inside));
    if (inside) return WS_OK;
  }
  holding found = look_at(path);
  return found == HOLDS_OTHERS ? WS_OK : add(s, path, name, found);
}

/* `above` is empty, or ends in '/'. */
static ws_status look_in(const generate *g, search *s, const char *above) {
  ws_buffer path = {0};
  ws_status status = WS_OK;
  DIR *folder = opendir(*above ? above : ".");
  if (!folder) return WS_OK;
  for (struct dirent *entry; status == WS_OK && (entry = readdir(folder));) {
    path.size = 0;
    status = ws_buffer_printf(&path, "%s%s", above, entry->d_name);
    if (status == WS_OK) status = look(g, s, path.data, entry->d_name);
  }
  closedir(folder);
  ws_buffer_clear(&path);
  return status;
}

/* --- the one --- */

/* The path without slashes at its end, and where its last part begins. */
static ws_status split(const char *path, ws_buffer *out, size_t *name) {
  WS_TRY(ws_buffer_string(out, path));
  while (out->size > 1 && out->data[out->size - 1] == '/') out->data[--out->size] = '\0';
  for (*name = out->size; *name && out->data[*name - 1] != '/';) --*name;
  return WS_OK;
}

/* Beside where LFS would be, and where that is elsewhere, beside the task. */
static ws_status find(const generate *g, search *s, ws_buffer *lfs, size_t *name) {
  ws_buffer above = {0}, task = {0};
  WS_TRY(split(g->lfs, lfs, name));
  ws_status status = ws_buffer_append(&above, lfs->data, *name);
  if (status == WS_OK) status = look_in(g, s, *name ? above.data : "");
  if (status == WS_OK) status = setup_beside_task(g->o, g->lfs, "", &task);
  if (status == WS_OK && s->count == 0)
    status = look_in(g, s, task.data ? task.data : "");
  ws_buffer_clear(&above);
  ws_buffer_clear(&task);
  return status;
}

static int by_path(const void *a, const void *b) {
  return strcmp(((const candidate *)a)->path, ((const candidate *)b)->path);
}

/* The folder of the nearest name, else the first one that holds LFs; or NULL. Folders
 * come in any order. */
static ws_status choose(search *s, const char *name, const char **out) {
  const char **names = ws_alloc_array(s->count ? s->count : 1, sizeof *names);
  if (!names) return WS_ENOMEM;
  if (s->count) qsort(s->items, s->count, sizeof *s->items, by_path);
  for (size_t i = 0; i < s->count; i++) names[i] = s->items[i].name;
  const char *near = ws_suggest(ws_text_of(name), names, s->count);
  *out = NULL;
  for (size_t i = 0; i < s->count && !*out; i++)
    if (near ? names[i] == near : s->items[i].holds == HOLDS_LFS) *out = s->items[i].path;
  ws_free(names);
  return WS_OK;
}

ws_status gen_check_meant(const generate *g, ws_error *err) {
  search s = {0};
  ws_buffer lfs = {0};
  struct stat about;
  size_t name = 0;
  if (lstat(g->lfs, &about) == 0) return WS_OK;
  const char *meant = NULL;
  ws_status status = find(g, &s, &lfs, &name);
  if (status == WS_OK) status = choose(&s, lfs.data + name, &meant);
  if (status != WS_OK) ws_error_nomem(err);
  if (meant)
    status = ws_error_set(err, WS_EINVAL,
                          "%s: expected a folder of labeling functions, found nothing of "
                          "that name, did you mean '%s'? For new ones in a folder of "
                          "their own, make it first: mkdir %s",
                          g->lfs, meant, g->lfs);
  ws_arena_clear(&s.arena);
  ws_free(s.items);
  ws_buffer_clear(&lfs);
  return status;
}
