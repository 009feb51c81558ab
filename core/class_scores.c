/* SPDX-License-Identifier: MIT
 *
 * Votes from class scores: the scores are read first, then the data, whose order and ids
 * the votes have.
 */
#include "scores_read.h"

#include <assert.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "input.h"

enum { NAMED = 3 }; // how many ids a message names

/* A record of the data. */
typedef struct row {
  ws_text id; // in the arena
  uint64_t number;
  int64_t entry; // of the scores; -1: there are none
  int32_t gold;
} row;

typedef struct making {
  const char *path, *data;
  const ws_task *task;
  const ws_score_options *options;
  ws__scores scores;
  ws_arena arena;
  row *rows; // [count]
  size_t count, capacity;
  uint64_t seen; // records of the data
  bool numbered; // all ids of the data are row numbers
  ws_votes_builder *builder;
  ws_score_report report;
} making;

ws_score_options ws_score_options_default(void) {
  ws_score_options options = {.reader = ws_reader_options_default()};
  options.reader.need_text = false;
  return options;
}

/* --- the data ----------------------------------------------------------------------- */

static int64_t find_entry(const making *m, const ws_record *record) {
  if (m->scores.by_id) return ws__names_find(&m->scores.ids, record->id);
  return record->row < m->scores.count ? (int64_t)record->row : -1;
}

static ws_status add_row(making *m, const ws_record *record) {
  uint64_t number;
  row r = {.number = record->row, .gold = record->gold, .entry = find_entry(m, record)};
  if (!ws_grow(&m->rows, &m->capacity, m->count + 1, sizeof *m->rows)) return WS_ENOMEM;
  WS_TRY(ws_arena_text(&m->arena, record->id, &r.id));
  m->numbered = m->numbered && ws_text_to_index(r.id, &number) && number == record->row;
  if (r.entry >= 0) m->scores.items[r.entry].used = true;
  m->rows[m->count++] = r;
  return WS_OK;
}

static ws_status take_row(void *user, const ws_record *record, ws_error *err) {
  return add_row(user, record) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status read_data(making *m, ws_error *err) {
  ws_reader *reader = NULL;
  m->numbered = true;
  WS_TRY(ws_reader_open(m->data, m->task, &m->options->reader, &reader, err));
  ws_status status = ws_reader_each(reader, take_row, m, err);
  m->seen = ws_reader_seen(reader);
  ws_reader_free(reader);
  return status;
}

/* --- whether they fit --------------------------------------------------------------- */

typedef struct id_list {
  ws_buffer text; // 'a', 'b', 'c', ...
  uint64_t count;
} id_list;

static ws_status list_id(id_list *list, ws_text id) {
  if (list->count++ > NAMED) return WS_OK;
  if (list->count > NAMED) return ws_buffer_string(&list->text, ", ...");
  int size = id.size > 60 ? 60 : (int)id.size;
  return ws_buffer_printf(&list->text, "%s'%.*s'", list->count > 1 ? ", " : "", size,
                          id.data);
}

static ws_status check_order(const making *m, ws_error *err) {
  if (m->scores.count == m->seen) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "%s: expected scores of the %llu records of %s in their order, as "
                      "they have no ids, found %zu",
                      ws__input_name(m->path), (unsigned long long)m->seen,
                      ws__input_name(m->data), m->scores.count);
}

static ws_status find_unknown(making *m, id_list *list, ws_error *err) {
  for (size_t i = 0; i < m->scores.count; i++)
    if (!m->scores.items[i].used && list_id(list, m->scores.ids.items[i]) != WS_OK)
      return ws_error_nomem(err);
  m->report.unknown = list->count;
  if (!list->count || m->options->unknown_skip) return WS_OK;
  return ws_error_set(
      err, WS_EPARSE, "%s: %llu of %zu ids are not in %s: %s%s", ws__input_name(m->path),
      (unsigned long long)list->count, m->scores.count, ws__input_name(m->data),
      list->text.data,
      m->numbered && !ws_task_get(m->task, WS_TASK_ID)
          ? " (the ids there are row numbers: --id names the field of the id)"
          : " (--unknown skip leaves them out)");
}

static ws_status find_missing(making *m, id_list *list, ws_error *err) {
  for (size_t i = 0; i < m->count; i++) {
    const row *r = &m->rows[i];
    bool there = r->entry >= 0 && !m->scores.items[r->entry].absent;
    if (!there && list_id(list, r->id) != WS_OK) return ws_error_nomem(err);
  }
  m->report.missing = list->count;
  if (!list->count || m->options->missing_abstain) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "%s: no scores for %llu of the %zu records of %s: %s "
                      "(--missing abstain: they get no vote)",
                      ws__input_name(m->path), (unsigned long long)list->count, m->count,
                      ws__input_name(m->data), list->text.data);
}

static ws_status check_fit(making *m, ws_error *err) {
  id_list unknown = {0}, missing = {0};
  if (!m->scores.by_id) WS_TRY(check_order(m, err));
  ws_status status = m->scores.by_id ? find_unknown(m, &unknown, err) : WS_OK;
  if (status == WS_OK) status = find_missing(m, &missing, err);
  ws_buffer_clear(&unknown.text);
  ws_buffer_clear(&missing.text);
  return status;
}

/* --- LFs ---------------------------------------------------------------------------- */

static ws_text name_of(const making *m) {
  const char *path = m->path, *slash = strrchr(path, '/'), *dot;
  if (m->options->name) return ws_text_of(m->options->name);
  if (strcmp(path, "-") == 0) return ws_text_of("scores");
  if (slash) path = slash + 1;
  dot = strchr(path, '.');
  return dot && dot > path ? (ws_text){path, (size_t)(dot - path)} : ws_text_of(path);
}

static const ws__score *score_of(const making *m, const row *r) {
  return r->entry < 0 ? NULL : &m->scores.items[r->entry];
}

/* Quantiles of the scores that may get a vote. */
static ws_status find_edges(making *m, ws_error *err) {
  const ws_score_options *o = m->options;
  double lowest = o->thresholds ? o->thresholds[0] : 0;
  size_t count = 0;
  assert(o->bins <= WS_SCORE_BINS);
  double *scores = ws_alloc_array(m->count, sizeof *scores);
  if (!scores) return ws_error_nomem(err);
  for (size_t k = 1; o->thresholds && k < ws_task_classes(m->task); k++)
    if (o->thresholds[k] < lowest) lowest = o->thresholds[k];
  for (size_t i = 0; i < m->count; i++) {
    const ws__score *s = score_of(m, &m->rows[i]);
    if (s && s->label != WS_ABSTAIN) scores[count++] = s->score;
  }
  m->report.bins = ws__score_edges(scores, count, lowest, o->bins, m->report.edges);
  ws_free(scores);
  return WS_OK;
}

static void take_edges(making *m) {
  const ws_score_options *o = m->options;
  size_t count = o->edge_count;
  bool whole = o->edges[count - 1] >= 1;
  assert(count + !whole <= WS_SCORE_BINS + 1);
  memcpy(m->report.edges, o->edges, count * sizeof *o->edges);
  if (!whole) m->report.edges[count++] = 1;
  m->report.bins = count - 1;
}

static ws_status name_lfs(making *m, ws_error *err) {
  uint32_t lf;
  ws_buffer name = {0};
  const double *edges = m->report.edges;
  if (!m->report.bins) return ws_votes_builder_lf(m->builder, name_of(m), &lf, err);
  ws_status status = WS_OK;
  for (size_t b = 0; status == WS_OK && b < m->report.bins; b++) {
    name.size = 0;
    if (ws_buffer_printf(&name, "%.*s_%.12g-%.12g", WS_TEXT_ARG(name_of(m)), edges[b],
                         edges[b + 1]) != WS_OK)
      status = ws_error_nomem(err);
    else
      status = ws_votes_builder_lf(m->builder, ws_buffer_as_text(&name), &lf, err);
  }
  ws_buffer_clear(&name);
  return status;
}

/* --- votes -------------------------------------------------------------------------- */

static double threshold_of(const making *m, int32_t label) {
  if (m->options->thresholds) return m->options->thresholds[label];
  return m->report.bins ? 0 : WS_SCORE_DEFAULT;
}

/* The LF that votes; -1: none does. */
static int64_t voter(making *m, const ws__score *s) {
  int64_t lf = 0;
  if (s->label == WS_ABSTAIN) {
    m->report.tied++;
    return -1;
  }
  bool enough = s->score >= threshold_of(m, s->label);
  if (enough && m->report.bins)
    lf = ws__score_bin(m->report.edges, m->report.bins, s->score);
  if (!enough || lf < 0) {
    m->report.below++;
    return -1;
  }
  m->report.voted++;
  return lf;
}

static ws_status add_rows(making *m) {
  for (size_t i = 0; i < m->count; i++) {
    const row *r = &m->rows[i];
    const ws__score *s = score_of(m, r);
    int64_t lf = s && !s->absent ? voter(m, s) : -1;
    ws_vote vote = {.lf = lf < 0 ? 0 : (uint32_t)lf, .label = lf < 0 ? 0 : s->label};
    WS_TRY(
        ws_votes_builder_add_at(m->builder, r->number, r->id, r->gold, &vote, lf >= 0));
  }
  return WS_OK;
}

static ws_status make(making *m, ws_votes **out, ws_error *err) {
  WS_TRY(ws__scores_read(m->path, m->task, m->options, &m->scores, err));
  WS_TRY(read_data(m, err));
  WS_TRY(check_fit(m, err));
  m->report.records = m->count;
  m->report.by_id = m->scores.by_id;
  m->report.distributions = m->scores.distributions;
  if (m->options->edge_count)
    take_edges(m);
  else if (m->options->bins)
    WS_TRY(find_edges(m, err));
  if (ws_votes_builder_new(m->task, &m->builder) != WS_OK) return ws_error_nomem(err);
  WS_TRY(name_lfs(m, err));
  bool fine = add_rows(m) == WS_OK && ws_votes_builder_finish(m->builder, out) == WS_OK;
  return fine ? WS_OK : ws_error_nomem(err);
}

ws_status ws_votes_from_scores(const char *path, const char *data, const ws_task *task,
                               const ws_score_options *options, ws_votes **out,
                               ws_score_report *report, ws_error *err) {
  ws_score_options defaults = ws_score_options_default();
  making m = {
      .path = path, .data = data, .task = task, .options = options ? options : &defaults};
  ws_status status = make(&m, out, err);
  if (status == WS_OK && report) *report = m.report;
  ws_votes_builder_free(m.builder);
  ws__scores_clear(&m.scores);
  ws_arena_clear(&m.arena);
  ws_free(m.rows);
  return status;
}
