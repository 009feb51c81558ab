/* SPDX-License-Identifier: MIT
 *
 * Labels that are no classes.
 */
#include "unknown_labels.h"

#include <string.h>

#include "each_record.h"
#include "say.h"

typedef struct looking {
  unknown_labels *u;
  const ws_task *task;
} looking;

static ws_status note(unknown_labels *u, const ws_record *record, ws_text name,
                      ws_error *err) {
  size_t i = 0;
  while (i < u->count && !ws_text_equal(ws_buffer_as_text(&u->names[i]), name)) i++;
  if (u->count == 0) u->line = record->line;
  u->records += i == 0;
  u->more = u->more || i == UNKNOWN_MOST;
  if (i < u->count || i == UNKNOWN_MOST) return WS_OK;
  u->count++;
  return ws_buffer_text(&u->names[i], name) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status on_record(void *user, const ws_record *record, bool *stop,
                           ws_error *err) {
  looking *l = user;
  const char *field = ws_task_get(l->task, WS_TASK_GOLD);
  ws_value label = ws_value_get(record->fields, ws_text_of(field));
  int32_t ignored;
  (void)stop;
  if (!ws_value_is(label, WS_STRING)) return WS_OK;
  ws_text name = ws_value_text(label);
  if (ws_task_label_text(l->task, name, &ignored, NULL) == WS_OK) return WS_OK;
  return note(l->u, record, name, err);
}

ws_status unknown_labels_find(unknown_labels *u, const char *path, const ws_task *task,
                              const ws_reader_options *how, ws_error *err) {
  ws_reader_options reading = *how;
  looking l = {u, task};
  *u = (unknown_labels){.path = path};
  reading.need_gold = false;
  reading.need_text = false;
  reading.skipped = NULL; // it is told when the records are used
  return each_record(path, task, &reading, on_record, &l, err);
}

void unknown_labels_clear(unknown_labels *u) {
  for (size_t i = 0; i < u->count; i++) ws_buffer_clear(&u->names[i]);
  u->count = 0;
}

/* *listed false: a name holds what parts them. */
static ws_status put_name(ws_buffer *out, ws_text name, bool *listed) {
  if (memchr(name.data, ',', name.size)) *listed = false;
  return ws_buffer_printf(out, "%s%.*s", out->size ? "," : "", WS_TEXT_ARG(name));
}

static ws_status put_classes(const unknown_labels *u, const ws_task *task,
                             ws_buffer *out) {
  bool listed = !u->more;
  for (size_t k = 0; k < ws_task_classes(task); k++)
    WS_TRY(put_name(out, ws_task_class(task, k), &listed));
  for (size_t i = 0; i < u->count; i++)
    WS_TRY(put_name(out, ws_buffer_as_text(&u->names[i]), &listed));
  if (listed) return WS_OK;
  out->size = 0;
  return ws_buffer_string(out, "A,B,...");
}

ws_status unknown_labels_say(const unknown_labels *u, const ws_task *task,
                             const char *whose, const char *how, ws_error *err) {
  ws_buffer classes = {0};
  if (u->count == 0) return WS_OK;
  ws_text name = ws_buffer_as_text(&u->names[0]);
  const char *meant = ws_task_suggest(task, name);
  ws_status status = put_classes(u, task, &classes);
  status = status == WS_OK
               ? ws_error_set(
                     err, WS_EPARSE,
                     "%s:%llu: the label '%.*s' (of %llu record%s) is none of the %zu "
                     "classes of %s%s%s%s; %s%s",
                     input_name(u->path), (unsigned long long)u->line, WS_TEXT_ARG(name),
                     (unsigned long long)u->records, u->records == 1 ? "" : "s",
                     ws_task_classes(task), whose, meant ? " (did you mean '" : "",
                     meant ? meant : "", meant ? "'?)" : "", how, classes.data)
               : ws_error_nomem(err);
  ws_buffer_clear(&classes);
  return status;
}
