/* SPDX-License-Identifier: MIT
 *
 * Labels and the records that they are for, joined by the hashes of their ids.
 */
#include <weaksup/alloc.h>

#include "label_file.h"
#include "say.h"

/* Where key i of the labels is, by open addressing; place[size] holds row + 1. */
static size_t find_place(const ws_hash128 *keys, const uint32_t *place, size_t mask,
                         ws_hash128 key) {
  size_t at = (size_t)key.low & mask;
  while (place[at] && !ws_hash128_equals(keys[place[at] - 1], key)) at = (at + 1) & mask;
  return at;
}

/* The labels of row i move to the record with the same id. */
static void move_labels(label_file *f, const ws_hash128 *keys, const uint32_t *place,
                        size_t mask, const double *targets, const int32_t *gold) {
  size_t K = ws_task_classes(f->task);
  uint64_t matched = 0;
  for (size_t i = 0; i < f->count; i++) {
    uint32_t row = place[find_place(keys, place, mask, f->keys[i])];
    f->gold[i] = row ? gold[row - 1] : WS_ABSTAIN;
    matched += row > 0;
    for (size_t k = 0; f->targets && k < K; k++)
      f->targets[i * K + k] = row ? targets[(row - 1) * K + k] : 0;
  }
  f->unmatched -= matched;
}

ws_status label_file_join(label_file *f, const ws_hash128 *keys, size_t labels,
                          const double *targets, const int32_t *gold, ws_error *err) {
  size_t K = ws_task_classes(f->task), size = 2;
  while (size < 2 * labels) size *= 2;
  uint32_t *place = ws_alloc_zero(size, sizeof *place);
  f->gold = ws_alloc_array(f->count, sizeof *f->gold);
  if (targets)
    f->targets =
        f->count > SIZE_MAX / K ? NULL : ws_alloc_array(f->count * K, sizeof *targets);
  f->unmatched = labels;
  bool fine = place && f->gold && (f->targets || !targets);
  for (size_t i = 0; fine && i < labels; i++)
    place[find_place(keys, place, size - 1, keys[i])] = (uint32_t)i + 1;
  if (fine) move_labels(f, keys, place, size - 1, targets, gold);
  ws_free(place);
  if (!fine) return ws_error_nomem(err);
  if (f->unmatched < labels) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: expected the ids of %s, found none of them (--id FIELD names "
                      "the field of the ids; without it they are row numbers)",
                      f->o->keys[WS_TASK_DATA], input_name(f->path));
}
