/* SPDX-License-Identifier: MIT
 *
 * Votes that are in the file of --out already: they were paid for, and asking about other
 * records would replace them by fewer.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>
#include <weaksup/votes_file.h>

#include "ask.h"
#include "run_folder.h"

typedef struct id_set {
  uint64_t *ids;
  size_t count;
} id_set;

static uint64_t hash_of(ws_text id) {
  return ws_hash64(id.data, id.size, 0);
}

static int by_number(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* Of the records that are asked about. */
static bool collect(const ask_part *part, id_set *out) {
  out->ids = ws_alloc_array(part->chosen_count, sizeof *out->ids);
  if (!out->ids) return false;
  for (size_t i = 0; i < part->chosen_count; i++)
    out->ids[out->count++] = hash_of(part->items[part->chosen[i]].id);
  if (out->count) qsort(out->ids, out->count, sizeof *out->ids, by_number);
  return true;
}

/* Records with votes in the file, and those of them that are not asked about. */
static void count_lost(const ws_votes *votes, const id_set *asked, size_t *there,
                       size_t *lost) {
  char digits[24];
  *there = *lost = 0;
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    if (ws_votes_pattern(votes, ws_votes_row_pattern(votes, i)).size == 0) continue;
    uint64_t id = hash_of(ws_votes_row_id(votes, i, digits));
    ++*there;
    if (!bsearch(&id, asked->ids, asked->count, sizeof id, by_number)) ++*lost;
  }
}

ws_status ask_check_there(const ask *a, const ask_part *part, const char *name,
                          const char *path, ws_error *err) {
  char digest[33];
  ws_error why = WS_ERROR_INIT;
  ws_votes *votes = NULL;
  id_set asked = {0};
  size_t there, lost;
  if (!path || !is_file(path)) return WS_OK;
  ws_status status = ws_votes_import(path, a->task, NULL, &votes, digest, &why);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  if (status != WS_OK) return WS_OK; // no votes of this task
  status = collect(part, &asked) ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) {
    count_lost(votes, &asked, &there, &lost);
    if (lost)
      status =
          ws_error_set(err, WS_EINVAL,
                       "--%s: %s has votes on %zu records, %zu of which are not asked "
                       "about now and would be lost: give another name, or remove "
                       "it first",
                       name, path, there, lost);
  }
  ws_free(asked.ids);
  ws_votes_free(votes);
  return status;
}
