/* SPDX-License-Identifier: MIT
 *
 * Near duplicates as groups (near_duplicates.c finds what their votes count), and the
 * parameters of a column. Columns of one class with a Jaccard similarity of WS_SIMILAR or
 * more are linked; linked columns are a group. Only for columns that can have a partner
 * are the patterns listed and walked through: those with omega < 1 where the kind has
 * found omega, all of them for other kinds.
 */
#include <weaksup/lf_report.h>

#include <math.h>

#include <weaksup/alloc.h>

#include "linked.h"
#include "near_duplicates.h"

bool ws_label_model_parameters(const ws_label_model *model, size_t j, size_t k,
                               ws_lf_parameters *out) {
  static const ws_lift_clamp clamps[] = {WS_LIFT_FREE, WS_LIFT_LOW, WS_LIFT_HIGH};
  bool rates = model->type->rates;
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    const ws__column *column = &model->columns[c];
    if (column->label != (int32_t)k) continue;
    *out = (ws_lf_parameters){
        .votes = column->votes,
        .accuracy = column->accuracy,
        .lift = rates ? column->h / column->f : (double)NAN,
        .omega = rates ? column->omega : (double)NAN,
        .clamp = clamps[column->clamp],
        .gold_votes = column->gold_votes,
        .gold_right = column->gold_right,
    };
    return true;
  }
  return false;
}

struct ws_duplicate_groups {
  ws_arena arena; // of the members
  ws_duplicate_group *items;
  size_t count, capacity;
};

typedef struct finder {
  const ws_label_model *model;
  const ws_votes *votes;
  const uint32_t *id_of;
  ws_duplicate_groups *groups;
  size_t *begin;     // [C + 1] where the patterns of a column begin in `where`
  uint32_t *where;   // patterns, ascending for a column
  uint64_t *fired;   // [C] votes
  double *similar;   // [C] 1 + sum of J over the partners
  uint32_t *parent;  // [C] a column of the same group, at last the first one
  double *both;      // [C] scratch: records on which both fire
  uint32_t *touched; // [C] columns for which `both` is not 0
  uint32_t *next;    // [C] the next column of the group, or WS_NO_COLUMN
  uint32_t *lf_of;   // [C] LF of the votes
} finder;

static bool may_have_partner(const finder *f, size_t c) {
  return !f->model->type->rates || f->model->columns[c].omega < 1;
}

static void finder_clear(finder *f) {
  ws_free(f->begin);
  ws_free(f->where);
  ws_free(f->fired);
  ws_free(f->similar);
  ws_free(f->parent);
  ws_free(f->both);
  ws_free(f->touched);
  ws_free(f->next);
  ws_free(f->lf_of);
}

/* Counts the votes of each column; begin[c + 1] becomes the number of its patterns. */
static void count_votes(finder *f) {
  for (size_t u = 0; u < ws_votes_patterns(f->votes); u++) {
    ws_pattern pattern = ws_votes_pattern(f->votes, u);
    for (size_t i = 0; i < pattern.size; i++) {
      uint32_t c = f->id_of[pattern.columns[i]];
      if (!ws__is_column(f->model, c)) continue;
      f->fired[c] += pattern.count;
      f->begin[c + 1] += may_have_partner(f, c);
      f->lf_of[c] = pattern.columns[i] / (uint32_t)f->model->K;
    }
  }
}

static void list_patterns(finder *f, size_t *next) {
  for (size_t u = 0; u < ws_votes_patterns(f->votes); u++) {
    ws_pattern pattern = ws_votes_pattern(f->votes, u);
    for (size_t i = 0; i < pattern.size; i++) {
      uint32_t c = f->id_of[pattern.columns[i]];
      if (ws__is_column(f->model, c) && may_have_partner(f, c))
        f->where[next[c]++] = (uint32_t)u;
    }
  }
}

static ws_status finder_init(finder *f) {
  size_t C = f->model->C;
  f->begin = ws_alloc_zero(C + 1, sizeof *f->begin);
  f->fired = ws_alloc_zero(C, sizeof *f->fired);
  f->similar = ws_alloc_array(C, sizeof *f->similar);
  f->parent = ws_alloc_array(C, sizeof *f->parent);
  f->both = ws_alloc_zero(C, sizeof *f->both);
  f->touched = ws_alloc_array(C, sizeof *f->touched);
  f->next = ws_alloc_array(C, sizeof *f->next);
  f->lf_of = ws_alloc_zero(C, sizeof *f->lf_of);
  size_t *next = ws_alloc_array(C + 1, sizeof *next);
  ws_status status = f->begin && f->fired && f->similar && f->parent && f->both &&
                             f->touched && f->next && f->lf_of && next
                         ? WS_OK
                         : WS_ENOMEM;
  if (status == WS_OK) {
    count_votes(f);
    for (size_t c = 0; c < C; c++) {
      next[c] = f->begin[c];
      f->begin[c + 1] += f->begin[c];
      f->similar[c] = 1;
      f->parent[c] = (uint32_t)c;
    }
    f->where = ws_alloc_array(f->begin[C], sizeof *f->where);
    status = f->where ? WS_OK : WS_ENOMEM;
  }
  if (status == WS_OK) list_patterns(f, next);
  ws_free(next);
  return status;
}

/* Links column c with its partners behind it. */
static void link_partners(finder *f, uint32_t c) {
  size_t touched = 0;
  for (size_t at = f->begin[c]; at < f->begin[c + 1]; at++) {
    ws_pattern pattern = ws_votes_pattern(f->votes, f->where[at]);
    for (size_t i = 0; i < pattern.size; i++) {
      uint32_t d = f->id_of[pattern.columns[i]];
      if (!ws__is_column(f->model, d) || d <= c ||
          f->model->columns[d].label != f->model->columns[c].label)
        continue;
      if (f->both[d] == 0) f->touched[touched++] = d;
      f->both[d] += (double)pattern.count;
    }
  }
  for (size_t i = 0; i < touched; i++) {
    uint32_t d = f->touched[i];
    double J = f->both[d] / ((double)f->fired[c] + (double)f->fired[d] - f->both[d]);
    f->both[d] = 0;
    if (J < WS_SIMILAR) continue;
    f->similar[c] += J;
    f->similar[d] += J;
    ws__link(f->parent, c, d);
  }
}

/* --- groups ------------------------------------------------------------------------- */

/* Strings each column behind the first one of its group, in ascending order. */
static void string_groups(finder *f) {
  for (size_t c = 0; c < f->model->C; c++) f->next[c] = WS_NO_COLUMN;
  for (uint32_t c = (uint32_t)f->model->C; c-- > 0;) {
    uint32_t first = ws__linked_first(f->parent, c);
    if (first == c) continue;
    f->next[c] = f->next[first];
    f->next[first] = c;
  }
}

/* Makes the group whose first column is c. */
static ws_status add_group(finder *f, uint32_t c) {
  size_t count = 0;
  for (uint32_t d = c; d != WS_NO_COLUMN; d = f->next[d]) f->touched[count++] = d;
  ws_duplicate_groups *groups = f->groups;
  uint32_t *lfs = ws_arena_alloc(&groups->arena, count * sizeof *lfs);
  if (!lfs || !ws_grow(&groups->items, &groups->capacity, groups->count + 1,
                       sizeof *groups->items))
    return WS_ENOMEM;
  ws_duplicate_group group = {.label = (size_t)f->model->columns[c].label,
                              .lfs = lfs,
                              .count = count,
                              .fewest = UINT64_MAX};
  for (size_t i = 0; i < count; i++) {
    uint32_t d = f->touched[i];
    lfs[i] = f->lf_of[d];
    group.effective += 1 / f->similar[d];
    if (f->fired[d] < group.fewest) group.fewest = f->fired[d];
  }
  groups->items[groups->count++] = group;
  return WS_OK;
}

static ws_status add_groups(finder *f) {
  string_groups(f);
  for (size_t k = 0; k < f->model->K; k++)
    for (uint32_t c = 0; c < f->model->C; c++)
      if (f->model->columns[c].label == (int32_t)k && f->parent[c] == c &&
          f->next[c] != WS_NO_COLUMN)
        WS_TRY(add_group(f, c));
  return WS_OK;
}

static ws_status find(finder *f) {
  WS_TRY(finder_init(f));
  for (uint32_t c = 0; c < f->model->C; c++)
    if (may_have_partner(f, c)) link_partners(f, c);
  return add_groups(f);
}

ws_status ws_duplicate_groups_find(const ws_label_model *model, const ws_votes *votes,
                                   ws_duplicate_groups **out, ws_error *err) {
  uint32_t *id_of = NULL;
  ws_status status = ws__columns_map(model, votes, &id_of, err);
  if (status != WS_OK) return status == WS_ENOMEM ? ws_error_nomem(err) : status;
  finder f = {.model = model, .votes = votes, .id_of = id_of};
  f.groups = ws_alloc_zero(1, sizeof *f.groups);
  status = f.groups ? find(&f) : WS_ENOMEM;
  finder_clear(&f);
  ws_free(id_of);
  if (status == WS_OK) {
    *out = f.groups;
    return WS_OK;
  }
  ws_duplicate_groups_free(f.groups);
  return ws_error_nomem(err);
}

void ws_duplicate_groups_free(ws_duplicate_groups *groups) {
  if (!groups) return;
  ws_arena_clear(&groups->arena);
  ws_free(groups->items);
  ws_free(groups);
}

size_t ws_duplicate_groups_count(const ws_duplicate_groups *groups) {
  return groups->count;
}

const ws_duplicate_group *ws_duplicate_groups_at(const ws_duplicate_groups *groups,
                                                 size_t i) {
  return &groups->items[i];
}
