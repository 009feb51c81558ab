/* SPDX-License-Identifier: MIT
 *
 * What the files of a folder say of where they come from. They are read as text.
 */
#include <weaksup/alloc.h>

#include "lf_files.h"
#include "provenance_priv.h"

struct ws_provenance_list {
  ws__files *files;
  ws_provenance_entry *entries; // [count]
  size_t count;
};

static ws_status read_file(ws_provenance_list *list, size_t i, ws_error *err) {
  ws_buffer bytes = {0};
  list->entries[i].path = ws__files_path(list->files, i);
  ws_status status = ws__files_read(list->files, i, &bytes, err);
  if (status == WS_OK &&
      ws_provenance_read(ws_buffer_as_text(&bytes), &list->entries[i].file) != WS_OK)
    status = ws_error_nomem(err);
  ws_buffer_clear(&bytes);
  return status;
}

static ws_status load(ws_provenance_list *list, const char *folder, ws_error *err) {
  WS_TRY(ws__files_open(folder, &list->files, err));
  size_t count = ws__files_count(list->files);
  list->entries = ws_alloc_zero(count, sizeof *list->entries);
  if (!list->entries) return ws_error_nomem(err);
  for (list->count = 0; list->count < count; list->count++)
    WS_TRY(read_file(list, list->count, err));
  return WS_OK;
}

ws_status ws_provenance_list_load(const char *folder, ws_provenance_list **out,
                                  ws_error *err) {
  ws_provenance_list *list = ws_alloc_zero(1, sizeof *list);
  if (!list) return ws_error_nomem(err);
  ws_status status = load(list, folder, err);
  if (status == WS_OK)
    *out = list;
  else
    ws_provenance_list_free(list);
  return status;
}

void ws_provenance_list_free(ws_provenance_list *list) {
  if (!list) return;
  for (size_t i = 0; i < list->count; i++) ws_provenance_clear(&list->entries[i].file);
  ws_free(list->entries);
  ws__files_free(list->files);
  ws_free(list);
}

size_t ws_provenance_list_count(const ws_provenance_list *list) {
  return list->count;
}

const ws_provenance_entry *ws_provenance_list_at(const ws_provenance_list *list,
                                                 size_t i) {
  return &list->entries[i];
}
