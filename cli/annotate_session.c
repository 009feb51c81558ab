/* SPDX-License-Identifier: MIT
 *
 * Asking a person about one record after the other: each answer is in the file before the
 * next record is shown.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "annotate.h"
#include "table.h"

static ws_status tell(annotation *a, size_t i, int32_t label, bool undone,
                      ws_error *err) {
  return a->told ? a->told(a->user, i, label, undone, err) : WS_OK;
}

static ws_status answer(annotation *a, size_t k, ws_error *err) {
  const queue *q = a->queue;
  ws_text name = ws_task_class(q->task, k);
  const char *gold = ws_task_get(q->task, WS_TASK_GOLD);
  WS_TRY(label_output_add(a->file, queue_fields(q, a->at), gold, name, err));
  WS_TRY(tell(a, a->at, (int32_t)k, false, err));
  text_print(name);
  printf("\n");
  a->answered[a->at++] = true;
  a->redraw = true;
  return WS_OK;
}

static ws_status skip(annotation *a, ws_error *err) {
  WS_TRY(tell(a, a->at, WS_ABSTAIN, false, err));
  printf("skipped\n");
  a->answered[a->at++] = false;
  a->redraw = true;
  return WS_OK;
}

/* Back to the record before; its line, if it has one, is taken back. */
static ws_status undo(annotation *a, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  if (a->at == 0) {
    printf("nothing to undo\n> ");
    return WS_OK;
  }
  if (a->answered[a->at - 1] && label_output_undo(a->file, &why) != WS_OK) {
    printf("%s\n> ", why.message);
    return WS_OK;
  }
  WS_TRY(tell(a, a->at - 1, WS_ABSTAIN, true, err));
  printf("undone\n");
  a->at--;
  a->redraw = true;
  return WS_OK;
}

/* *more: whether to go on. */
static ws_status obey(annotation *a, int key, bool *more, ws_error *err) {
  int k = class_of_key(key, ws_task_classes(a->queue->task));
  a->whole = key == 'm';
  if (k >= 0) return answer(a, (size_t)k, err);
  switch (key) {
  case KEY_STOP:
  case KEY_END:
  case 'q':
    *more = false;
    return WS_OK;
  case 's':
    return skip(a, err);
  case 'u':
    return undo(a, err);
  case 'm':
    a->redraw = true;
    return WS_OK;
  case '?':
    a->redraw = true;
    return screen_help(a->queue) == WS_OK ? WS_OK : ws_error_nomem(err);
  default:
    printf("\a? shows the keys\n> ");
    return WS_OK;
  }
}

static ws_status ask(annotation *a, ws_error *err) {
  bool more = true;
  ws_status status = WS_OK;
  a->redraw = true;
  while (status == WS_OK && more && a->at < a->queue->count) {
    if (a->redraw && screen_record(a->queue, a->at, a->whole) != WS_OK)
      return ws_error_nomem(err);
    a->redraw = false;
    fflush(stdout);
    status = obey(a, keyboard_key(&a->keyboard), &more, err);
  }
  return status;
}

ws_status annotation_run(annotation *a, ws_error *err) {
  a->at = 0;
  a->answered = ws_alloc_zero(a->queue->count, sizeof *a->answered);
  if (!a->answered) return ws_error_nomem(err);
  ws_status status = keyboard_open(&a->keyboard, err);
  if (status == WS_OK) status = ask(a, err);
  ws_free(a->answered);
  a->answered = NULL;
  return status;
}

void annotation_end(annotation *a) {
  keyboard_close(&a->keyboard);
}
