/* SPDX-License-Identifier: MIT
 *
 * Stratified folds. Groups, the largest first and in random order among equals, go each
 * to the fold that has the least of their classes so far; a row without a group is one of
 * its own, so that the rows of a class are dealt evenly then.
 */
#include <weaksup/cross_validation.h>

#include <stdlib.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

typedef struct member {
  uint64_t group;
  size_t row;
} member;

typedef struct group {
  size_t begin, size; // of the members
  size_t place;       // in the random order
} group;

typedef struct dealer {
  const int32_t *labels;
  const ws_text *classes;
  size_t K, folds;
  member *members; // [count] rows with a label
  size_t count;
  group *groups; // [group_count]
  size_t group_count;
  uint64_t *have;  // [folds][K] rows of the class that the fold has
  uint64_t *total; // [folds]
} dealer;

ws_folds_options ws_folds_options_default(void) {
  return (ws_folds_options){.folds = 5};
}

static int compare_members(const void *a, const void *b) {
  const member *x = a, *y = b;
  if (x->group != y->group) return x->group < y->group ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

static int compare_groups(const void *a, const void *b) {
  const group *x = a, *y = b;
  if (x->size != y->size) return x->size > y->size ? -1 : 1;
  return x->place < y->place ? -1 : x->place > y->place;
}

static void find_members(dealer *d, size_t rows, const uint64_t *groups) {
  for (size_t i = 0; i < rows; i++)
    if (d->labels[i] != WS_ABSTAIN)
      d->members[d->count++] = (member){groups ? groups[i] : i, i};
  if (groups) qsort(d->members, d->count, sizeof *d->members, compare_members);
  for (size_t i = 0; i < d->count; i++) {
    if (i == 0 || d->members[i].group != d->members[i - 1].group)
      d->groups[d->group_count++] = (group){.begin = i};
    d->groups[d->group_count - 1].size++;
  }
}

static ws_status order_groups(dealer *d, uint64_t seed) {
  ws_rng rng;
  uint32_t *places = ws_alloc_array(d->group_count, sizeof *places);
  if (!places) return WS_ENOMEM;
  for (size_t g = 0; g < d->group_count; g++) places[g] = (uint32_t)g;
  ws_rng_init(&rng, seed);
  ws_rng_shuffle(&rng, places, d->group_count);
  for (size_t g = 0; g < d->group_count; g++) d->groups[g].place = places[g];
  ws_free(places);
  qsort(d->groups, d->group_count, sizeof *d->groups, compare_groups);
  return WS_OK;
}

static int32_t label_of(const dealer *d, const group *g, size_t i) {
  return d->labels[d->members[g->begin + i].row];
}

static size_t best_fold(const dealer *d, const group *g) {
  size_t best = 0;
  uint64_t least = UINT64_MAX;
  for (size_t f = 0; f < d->folds; f++) {
    uint64_t same = 0;
    for (size_t i = 0; i < g->size; i++)
      same += d->have[f * d->K + (size_t)label_of(d, g, i)];
    if (same > least || (same == least && d->total[f] >= d->total[best])) continue;
    least = same;
    best = f;
  }
  return best;
}

static void deal(dealer *d, uint32_t *out) {
  for (size_t j = 0; j < d->group_count; j++) {
    const group *g = &d->groups[j];
    size_t f = best_fold(d, g);
    for (size_t i = 0; i < g->size; i++) {
      d->have[f * d->K + (size_t)label_of(d, g, i)]++;
      out[d->members[g->begin + i].row] = (uint32_t)f;
    }
    d->total[f] += g->size;
  }
}

/* In how many groups each class occurs: a row counts once a class and group. */
static ws_status check_classes(const dealer *d, bool grouped, ws_error *err) {
  size_t *seen = ws_alloc_zero(d->K, sizeof *seen), // the last group, from 1
      *count = ws_alloc_zero(d->K, sizeof *count);
  ws_status status = seen && count ? WS_OK : ws_error_nomem(err);
  for (size_t j = 0; status == WS_OK && j < d->group_count; j++)
    for (size_t i = 0; i < d->groups[j].size; i++) {
      size_t k = (size_t)label_of(d, &d->groups[j], i);
      if (seen[k] != j + 1) count[k]++;
      seen[k] = j + 1;
    }
  for (size_t k = 0; status == WS_OK && k < d->K; k++)
    if (count[k] < d->folds)
      status = ws_error_set(err, WS_EINVAL,
                            "class '%.*s': expected %s with a gold label for each of %zu "
                            "folds, found %zu: fewer folds, or more labels",
                            WS_TEXT_ARG(d->classes[k]), grouped ? "a group" : "a record",
                            d->folds, count[k]);
  ws_free(seen);
  ws_free(count);
  return status;
}

static ws_status make(dealer *d, size_t rows, const ws_folds_options *options,
                      uint32_t *out, ws_error *err) {
  if (!d->members || !d->groups || !d->have || !d->total) return ws_error_nomem(err);
  find_members(d, rows, options->groups);
  if (!options->allow_rare) WS_TRY(check_classes(d, options->groups != NULL, err));
  if (order_groups(d, options->seed) != WS_OK) return ws_error_nomem(err);
  deal(d, out);
  return WS_OK;
}

ws_status ws_folds_deal(const int32_t *labels, size_t rows, const ws_text *classes,
                        size_t class_count, const ws_folds_options *options,
                        uint32_t *out, ws_error *err) {
  ws_folds_options usual = ws_folds_options_default();
  if (!options) options = &usual;
  if (options->folds < 2 || rows >= WS_NO_FOLD)
    return ws_error_set(err, WS_EINVAL, "expected 2 folds or more, found %u",
                        options->folds);
  size_t K = class_count, folds = options->folds;
  dealer d = {.labels = labels, .classes = classes, .K = K, .folds = folds};
  for (size_t i = 0; i < rows; i++) out[i] = WS_NO_FOLD;
  d.members = ws_alloc_array(rows, sizeof *d.members);
  d.groups = ws_alloc_array(rows, sizeof *d.groups);
  d.have = folds > SIZE_MAX / K ? NULL : ws_alloc_zero(folds * K, sizeof *d.have);
  d.total = ws_alloc_zero(folds, sizeof *d.total);
  ws_status status = make(&d, rows, options, out, err);
  ws_free(d.members);
  ws_free(d.groups);
  ws_free(d.have);
  ws_free(d.total);
  return status;
}
