/* SPDX-License-Identifier: MIT
 *
 * Judging generated files again, when there is more gold than at first: they take the way
 * of a reply, and keep in their headers where they came from.
 */
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>

#include "generate.h"
#include "say.h"

enum { FILES_AT_ONCE = 32, FILE_MOST = 1 << 20 };

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

const ws_provenance_entry *gen_origin(const generate *g, const ws_reply_candidate *c) {
  size_t size = c->names[0].size;
  for (size_t i = 0; g->origins && i < ws_provenance_list_count(g->origins); i++) {
    const ws_provenance_entry *entry = ws_provenance_list_at(g->origins, i);
    const char *name = base_name(entry->path);
    if (entry->file.state == WS_PROVENANCE_UNCHANGED &&
        strncmp(name, c->names[0].data, size) == 0 &&
        strcmp(name + size, ws_reply_kind_suffix(c->kind)) == 0)
      return entry;
  }
  return NULL;
}

/* Unless it is the same file. */
void gen_origin_remove(const ws_provenance_entry *origin, const char *now) {
  struct stat before, after;
  if (stat(origin->path, &before) != 0 || stat(now, &after) != 0) return;
  if (before.st_dev != after.st_dev || before.st_ino != after.st_ino)
    unlink(origin->path);
}

/* A fence that is longer than any in the code. */
static ws_status put_fence(ws_buffer *out, ws_text code) {
  size_t longest = 3, run = 0;
  for (size_t i = 0; i < code.size; i++) {
    run = code.data[i] == '`' ? run + 1 : 0;
    if (run >= longest) longest = run + 1;
  }
  for (size_t i = 0; i < longest; i++) WS_TRY(ws_buffer_string(out, "`"));
  return WS_OK;
}

static ws_status put_block(ws_buffer *out, ws_text code, const char *language) {
  WS_TRY(put_fence(out, code));
  WS_TRY(ws_buffer_printf(out, "%s\n", language));
  WS_TRY(ws_buffer_text(out, code));
  WS_TRY(put_fence(out, code));
  return ws_buffer_string(out, "\n");
}

static ws_status add_file(const ws_provenance_entry *entry, ws_buffer *out,
                          ws_error *err) {
  ws_buffer bytes = {0};
  WS_TRY(ws_input_file(entry->path, FILE_MOST, &bytes, err));
  size_t at = entry->file.source < bytes.size ? entry->file.source : bytes.size;
  ws_text code = {bytes.data + at, bytes.size - at};
  ws_status status =
      put_block(out, code, ends_with(entry->path, ".rules") ? "rules" : "lua");
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status begin_round(generate *g, ws_error *err) {
  gen_round round = {.variant = WS_PROMPT_GENERAL,
                     .finish = WS_CHAT_OTHER,
                     .usd = (double)NAN,
                     .model = {"", 0}};
  if (!ws_grow(&g->rounds, &g->round_capacity, g->round_count + 1, sizeof *g->rounds))
    return ws_error_nomem(err);
  g->rounds[g->round_count++] = round;
  g->last_begin = g->lf_count;
  g->mistake_count = 0;
  return WS_OK;
}

/* *next: the first file that was not looked at. */
static ws_status judge_some(generate *g, size_t *next, ws_error *err) {
  ws_buffer text = {0};
  ws_status status = WS_OK;
  size_t files = 0;
  while (*next < ws_provenance_list_count(g->origins) && files < FILES_AT_ONCE &&
         status == WS_OK) {
    const ws_provenance_entry *entry = ws_provenance_list_at(g->origins, (*next)++);
    if (entry->file.state == WS_PROVENANCE_UNCHANGED) {
      status = add_file(entry, &text, err);
      files++;
    } else {
      say_note(g->o, "%s is no generated file as it was generated: it is left alone",
               entry->path);
    }
  }
  if (status == WS_OK && files) status = begin_round(g, err);
  if (status == WS_OK && files)
    status = gen_use_reply(g, ws_buffer_as_text(&text), false, err);
  ws_buffer_clear(&text);
  return status;
}

ws_status gen_again(generate *g, ws_error *err) {
  size_t next = 0;
  WS_TRY(ws_provenance_list_load(g->o->judge, &g->origins, err));
  g->stopped = "judged";
  while (next < ws_provenance_list_count(g->origins)) {
    WS_TRY(judge_some(g, &next, err));
    if (!g->o->max_lfs || gen_count_chosen(g) < g->o->max_lfs) continue;
    g->stopped = "max_lfs";
    return WS_OK;
  }
  return WS_OK;
}
