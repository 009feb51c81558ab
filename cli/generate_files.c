/* SPDX-License-Identifier: MIT
 *
 * The files of candidates: in a folder of their own while they are looked at, then with
 * those that are used, or beside the task with the report. No file that somebody wrote or
 * edited is replaced.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>
#include <weaksup/provenance.h>

#include "generate_files.h"

enum { FILE_MOST = 14 << 10 };

/* --- one file --- */

static ws_status put_evidence(const generate *g, const placing *p, ws_buffer *out) {
  const gen_lf *lf = p->why;
  if (!lf) return WS_OK;
  if (p->status == WS_LF_REJECTED || p->status == WS_LF_UNPROVEN)
    WS_TRY(ws_buffer_printf(out, "%s %s: ", lf->stage, lf->reason));
  if (p->status == WS_LF_REJECTED) return ws_buffer_text(out, lf->evidence);
  if (!g->validated)
    WS_TRY(ws_buffer_printf(out, "unvalidated, estimated accuracy %.3f", lf->estimated));
  else if (lf->dev_votes)
    WS_TRY(ws_buffer_printf(out, "dev %llu/%llu precision %.3f [%.3f, %.3f]",
                            (unsigned long long)lf->dev_right,
                            (unsigned long long)lf->dev_votes,
                            (double)lf->dev_right / (double)lf->dev_votes,
                            lf->precision.low, lf->precision.high));
  else
    WS_TRY(ws_buffer_string(out, "no vote on dev"));
  return ws_buffer_printf(out, ", coverage %.4f", lf->coverage);
}

static ws_status join_names(const ws_reply_candidate *c, ws_buffer *out) {
  for (size_t n = 0; n < c->name_count; n++) {
    WS_TRY(ws_buffer_string(out, n ? " " : ""));
    WS_TRY(ws_buffer_text(out, c->names[n]));
  }
  return WS_OK;
}

/* What a file says of where it comes from; of one that is judged again what it said
 * before. */
static ws_provenance header_of(const generate *g, const placing *p) {
  const gen_round *round = &g->rounds[g->round_count - 1];
  const ws_provenance_entry *origin = gen_origin(g, p->candidate);
  if (origin) return origin->file.header;
  return (ws_provenance){
      .variant = ws_text_of(ws_prompt_variant_name(round->variant)),
      .model = round->model,
      .round = g->round_count,
      .template_hash = ws_prompt_template_hash(g->template),
      .prompt = round->prompt,
      .reply = round->reply,
      .prompt_tokens = round->usage.input,
      .reply_tokens = round->usage.output,
      .estimated = round->usage.estimated,
      .cost_usd = isnan(round->usd) ? -1 : round->usd,
  };
}

/* The file with its header. */
static ws_status compose(const generate *g, const placing *p, const char *status,
                         ws_text source, ws_buffer *out) {
  ws_buffer names = {0}, evidence = {0};
  ws_provenance header = header_of(g, p);
  ws_status fine = join_names(p->candidate, &names);
  if (fine == WS_OK) fine = put_evidence(g, p, &evidence);
  header.lf = ws_buffer_as_text(&names);
  header.status = ws_text_of(status);
  header.evidence = ws_buffer_as_text(&evidence);
  out->size = 0;
  if (fine == WS_OK)
    fine =
        ws_provenance_write(&header, p->candidate->kind == WS_REPLY_RULES, source, out);
  ws_buffer_clear(&names);
  ws_buffer_clear(&evidence);
  return fine;
}

static ws_status put_path(ws_buffer *out, const char *folder, const char *below,
                          const ws_reply_candidate *c, unsigned number) {
  out->size = 0;
  WS_TRY(ws_buffer_printf(out, "%s/%s%.*s", folder, below, (int)c->names[0].size,
                          c->names[0].data));
  if (number > 1) WS_TRY(ws_buffer_printf(out, "_%u", number));
  return ws_buffer_string(out, ws_reply_kind_suffix(c->kind));
}

static ws_status write_candidate(generate *g, const placing *p, ws_error *err) {
  ws_buffer path = {0}, file = {0};
  bool fine = put_path(&path, g->folder.data, "", p->candidate, 1) == WS_OK &&
              compose(g, p, "candidate", p->candidate->source, &file) == WS_OK;
  ws_status status = fine ? ws_output_file(path.data, ws_buffer_as_text(&file), err)
                          : ws_error_nomem(err);
  ws_buffer_clear(&path);
  ws_buffer_clear(&file);
  return status;
}

ws_status gen_files_write(generate *g, const ws_reply *reply, ws_error *err) {
  gen_folder_empty(g);
  for (size_t i = 0; i < ws_reply_count(reply); i++) {
    placing p = {.candidate = ws_reply_at(reply, i), .status = WS_LF_UNPROVEN};
    WS_TRY(write_candidate(g, &p, err));
  }
  return WS_OK;
}

/* --- tests that hold --- */

static size_t count_lines(ws_text text) {
  size_t lines = 0;
  for (size_t i = 0; i < text.size; i++) lines += text.data[i] == '\n';
  return lines;
}

/* The source as it is kept. `file` is for what is thrown away. */
static ws_status final_source(const generate *g, const ws_vetting *vetting,
                              const placing *p, ws_buffer *file, ws_buffer *source) {
  source->size = 0;
  if (!p->chosen) return ws_buffer_text(source, p->candidate->source);
  placing bare = {.candidate = p->candidate, .status = WS_LF_UNPROVEN};
  WS_TRY(compose(g, &bare, "candidate", p->candidate->source, file));
  size_t header =
      count_lines(ws_buffer_as_text(file)) - count_lines(p->candidate->source);
  WS_TRY(gen_tests_put(g, vetting, p, header, source));
  if (source->size <= FILE_MOST) return WS_OK;
  source->size = 0;
  return ws_buffer_text(source, p->candidate->source);
}

/* An LF that looks at other fields votes otherwise on the text alone: such a test is left
 * out. */
static ws_status try_tests(generate *g, const ws_vetting *vetting, placing *all,
                           size_t count, ws_error *err) {
  ws_buffer path = {0}, source = {0}, file = {0};
  ws_status status = WS_OK;
  bool any = false;
  gen_folder_empty(g);
  for (size_t i = 0; i < count && status == WS_OK; i++) {
    if (!all[i].test_count) continue;
    any = true;
    bool fine =
        final_source(g, vetting, &all[i], &file, &source) == WS_OK &&
        put_path(&path, g->folder.data, "", all[i].candidate, 1) == WS_OK &&
        compose(g, &all[i], "candidate", ws_buffer_as_text(&source), &file) == WS_OK;
    status = fine ? ws_output_file(path.data, ws_buffer_as_text(&file), err)
                  : ws_error_nomem(err);
  }
  if (status == WS_OK && any) status = gen_tests_run(g, all, count, err);
  ws_buffer_clear(&path);
  ws_buffer_clear(&source);
  ws_buffer_clear(&file);
  return status;
}

/* --- places --- */

/* Whether generate left the file there and nobody touched it since; `lf`, unless empty:
 * with these LFs in it. */
static ws_status is_left(const char *path, ws_text lf, bool *out, ws_error *err) {
  ws_buffer bytes = {0};
  ws_provenance_file found = {0};
  struct stat about;
  *out = false;
  if (lstat(path, &about) != 0 || !S_ISREG(about.st_mode)) return WS_OK;
  ws_status status = ws_input_file(path, 1 << 20, &bytes, NULL);
  if (status == WS_OK) {
    status = ws_provenance_read(ws_buffer_as_text(&bytes), &found);
    *out = status == WS_OK && found.state == WS_PROVENANCE_UNCHANGED &&
           (lf.size == 0 || ws_text_equal(lf, found.header.lf));
    ws_provenance_clear(&found);
  }
  ws_buffer_clear(&bytes);
  return status == WS_ENOMEM ? ws_error_nomem(err) : WS_OK; // else it is not ours
}

/* Whether a file may be put there; where LFs are used from, none is replaced. */
static ws_status is_free(const char *path, bool used, bool *out, ws_error *err) {
  struct stat about;
  *out = lstat(path, &about) != 0;
  return *out || used ? WS_OK : is_left(path, (ws_text){"", 0}, out, err);
}

static ws_status find_place(const generate *g, const placing *p, ws_buffer *path,
                            ws_error *err) {
  const char *folder = p->chosen ? g->out.data : g->aside.data;
  const char *below = p->chosen                     ? ""
                      : p->status == WS_LF_REJECTED ? "rejected/"
                                                    : "unproven/";
  bool free = false;
  for (unsigned number = 1; !free; number++) {
    if (put_path(path, folder, below, p->candidate, number) != WS_OK)
      return ws_error_nomem(err);
    WS_TRY(is_free(path->data, p->chosen, &free, err));
  }
  size_t size = path->size;
  while (path->data[size - 1] != '/') size--;
  path->data[size - 1] = '\0';
  ws_status status = gen_make_folders(path->data, err);
  path->data[size - 1] = '/';
  return status;
}

static ws_status note_place(generate *g, const placing *p, const char *path) {
  for (size_t i = g->last_begin; i < g->lf_count; i++)
    if (g->lfs_seen[i].candidate == (int)p->index)
      WS_TRY(ws_arena_text(&g->arena, ws_text_of(path), &g->lfs_seen[i].file));
  return WS_OK;
}

/* An LF that is used now needs no file of an earlier run among the unproven ones: it
 * could never be used beside it. */
static ws_status remove_earlier(const generate *g, const placing *p, ws_error *err) {
  static const ws_reply_kind kinds[] = {WS_REPLY_LUA, WS_REPLY_RULES};
  ws_buffer path = {0}, names = {0};
  bool left = false;
  ws_status status = join_names(p->candidate, &names);
  for (size_t i = 0; i < 2 && status == WS_OK; i++) {
    ws_reply_candidate of_kind = *p->candidate;
    of_kind.kind = kinds[i];
    status = put_path(&path, g->aside.data, "unproven/", &of_kind, 1);
    if (status == WS_OK)
      status = is_left(path.data, ws_buffer_as_text(&names), &left, err);
    if (status == WS_OK && left) unlink(path.data);
  }
  ws_buffer_clear(&path);
  ws_buffer_clear(&names);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status place(generate *g, const ws_vetting *vetting, const placing *p,
                       ws_error *err) {
  ws_buffer path = {0}, source = {0}, file = {0};
  ws_status status = find_place(g, p, &path, err);
  if (status == WS_OK && (final_source(g, vetting, p, &file, &source) != WS_OK ||
                          compose(g, p, ws_lf_tier_name(p->status),
                                  ws_buffer_as_text(&source), &file) != WS_OK))
    status = ws_error_nomem(err);
  if (status == WS_OK) status = ws_output_file(path.data, ws_buffer_as_text(&file), err);
  const ws_provenance_entry *origin = gen_origin(g, p->candidate);
  if (status == WS_OK && origin) gen_origin_remove(origin, path.data);
  if (status == WS_OK && note_place(g, p, path.data) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK && p->chosen) status = remove_earlier(g, p, err);
  ws_buffer_clear(&path);
  ws_buffer_clear(&source);
  ws_buffer_clear(&file);
  return status;
}

/* What the LFs of the file came to: the worst of it. */
static void look_up(const generate *g, placing *p) {
  p->status = WS_LF_ACCEPTED;
  for (size_t i = g->last_begin; i < g->lf_count; i++) {
    const gen_lf *lf = &g->lfs_seen[i];
    if (lf->candidate != (int)p->index) continue;
    if (!p->why || lf->status > p->status) p->why = lf;
    if (lf->status > p->status) p->status = lf->status;
    p->chosen = lf->chosen;
  }
}

static ws_status prepare(const generate *g, const ws_reply *reply,
                         const ws_vetting *vetting, placing *all) {
  for (size_t i = 0; i < ws_reply_count(reply); i++) {
    placing *p = &all[i];
    p->candidate = ws_reply_at(reply, i);
    p->index = i;
    look_up(g, p);
    p->tests = ws_alloc_zero(p->candidate->name_count * TESTS_EACH, sizeof *p->tests);
    if (!p->tests) return WS_ENOMEM;
    if (p->chosen) gen_tests_find(g, ws_vetting_votes(vetting), p);
  }
  return WS_OK;
}

ws_status gen_files_place(generate *g, const ws_reply *reply, const ws_vetting *vetting,
                          ws_error *err) {
  size_t count = ws_reply_count(reply);
  placing *all = ws_alloc_zero(count, sizeof *all);
  bool fine = all && prepare(g, reply, vetting, all) == WS_OK;
  ws_status status = fine ? try_tests(g, vetting, all, count, err) : ws_error_nomem(err);
  for (size_t i = 0; i < count && status == WS_OK; i++)
    if (all[i].why) status = place(g, vetting, &all[i], err);
  for (size_t i = 0; all && i < count; i++) ws_free(all[i].tests);
  ws_free(all);
  return status;
}
