/* SPDX-License-Identifier: MIT
 *
 * Records that are labelled already.
 */
#include "labelled.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "each_record.h"
#include "run_folder.h"
#include "run_paths.h"

static uint64_t key_of(const labelled *l, const ws_record *record) {
  uint64_t seed = l->by_id ? ws_hash64(record->id.data, record->id.size, 1) : 0;
  return ws_hash64(record->text.data, record->text.size, seed);
}

static int by_number(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

ws_status labelled_add(labelled *l, const ws_record *record) {
  if (!ws_grow(&l->keys, &l->capacity, l->count + 1, sizeof *l->keys)) return WS_ENOMEM;
  l->keys[l->count++] = key_of(l, record);
  l->sorted = false;
  return WS_OK;
}

bool labelled_has(labelled *l, const ws_record *record) {
  uint64_t key = key_of(l, record);
  if (l->count == 0) return false;
  if (!l->sorted) qsort(l->keys, l->count, sizeof *l->keys, by_number);
  l->sorted = true;
  return bsearch(&key, l->keys, l->count, sizeof *l->keys, by_number);
}

void labelled_clear(labelled *l) {
  ws_free(l->keys);
  *l = (labelled){0};
}

static ws_status add_record(void *user, const ws_record *record, bool *stop,
                            ws_error *err) {
  (void)stop;
  if (record->gold == WS_ABSTAIN) return WS_OK;
  return labelled_add(user, record) == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status labelled_read(labelled *l, const char *path, const ws_task *task,
                        const ws_reader_options *how, ws_error *err) {
  struct stat about;
  l->by_id = ws_task_get(task, WS_TASK_ID) != NULL;
  if (stat(path, &about) == 0 ? S_ISREG(about.st_mode) && about.st_size == 0 : true)
    return WS_OK;
  return each_record(path, task, how, add_record, l, err);
}

typedef struct sharing {
  labelled known;
  labelled_shares *out;
} sharing;

static ws_status count_share(void *user, const ws_record *record, bool *stop,
                             ws_error *err) {
  sharing *s = user;
  (void)stop;
  (void)err;
  if (record->gold == WS_ABSTAIN) return WS_OK;
  s->out->gold++;
  s->out->shared += labelled_has(&s->known, record);
  return WS_OK;
}

ws_status labelled_share(const char *known, const ws_reader_options *known_how,
                         const char *path, const ws_reader_options *how,
                         const ws_task *task, labelled_shares *out, ws_error *err) {
  sharing s = {.out = out};
  *out = (labelled_shares){0};
  ws_status status = labelled_read(&s.known, known, task, known_how, err);
  if (status == WS_OK && s.known.count)
    status = each_record(path, task, how, count_share, &s, err);
  labelled_clear(&s.known);
  return status;
}

/* --- where it lies ------------------------------------------------------------------ */

ws_status labelled_dev_path(const char *run, const options *o, ws_buffer *out,
                            ws_error *err) {
  const char *given = o->keys[WS_TASK_DEV];
  ws_buffer bytes = {0};
  if (given) return ws_buffer_string(out, given) == WS_OK ? WS_OK : ws_error_nomem(err);
  WS_TRY(run_manifest(run, &bytes, err));
  ws_value manifest = {(const unsigned char *)bytes.data};
  ws_status status = run_put_path(out, run, manifest, run_file_of(manifest, "dev"));
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}
