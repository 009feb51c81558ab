/* SPDX-License-Identifier: MIT
 *
 * weaksup annotate: gold labels by single keys.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "annotate.h"
#include "next.h"
#include "say.h"
#include "table.h"

typedef struct annotate {
  const options *o;
  queue queue;
  label_output file;
  keyboard keyboard;
  bool *answered; // [queue.count] whether a line was written
  size_t at;      // the present record
  bool whole;     // all of its text is shown
  bool redraw;
} annotate;

static ws_status answer(annotate *a, size_t k, ws_error *err) {
  const queue *q = &a->queue;
  ws_text name = ws_task_class(q->task, k);
  const char *gold = ws_task_get(q->task, WS_TASK_GOLD);
  WS_TRY(label_output_add(&a->file, queue_fields(q, a->at), gold, name, err));
  text_print(name);
  printf("\n");
  a->answered[a->at++] = true;
  a->redraw = true;
  return WS_OK;
}

static void skip(annotate *a) {
  printf("skipped\n");
  a->answered[a->at++] = false;
  a->redraw = true;
}

/* Back to the record before; its line, if it has one, is taken back. */
static void undo(annotate *a) {
  ws_error err = WS_ERROR_INIT;
  if (a->at == 0) {
    printf("nothing to undo\n> ");
    return;
  }
  if (a->answered[a->at - 1] && label_output_undo(&a->file, &err) != WS_OK) {
    printf("%s\n> ", err.message);
    return;
  }
  printf("undone\n");
  a->at--;
  a->redraw = true;
}

/* *more: whether to go on. */
static ws_status obey(annotate *a, int key, bool *more, ws_error *err) {
  int k = class_of_key(key, ws_task_classes(a->queue.task));
  a->whole = key == 'm';
  if (k >= 0) return answer(a, (size_t)k, err);
  switch (key) {
  case KEY_STOP:
  case KEY_END:
  case 'q':
    *more = false;
    return WS_OK;
  case 's':
    skip(a);
    return WS_OK;
  case 'u':
    undo(a);
    return WS_OK;
  case 'm':
    a->redraw = true;
    return WS_OK;
  case '?':
    a->redraw = true;
    return screen_help(&a->queue) == WS_OK ? WS_OK : ws_error_nomem(err);
  default:
    printf("\a? shows the keys\n> ");
    return WS_OK;
  }
}

static ws_status ask(annotate *a, ws_error *err) {
  bool more = true;
  ws_status status = WS_OK;
  a->redraw = true;
  while (status == WS_OK && more && a->at < a->queue.count) {
    if (a->redraw && screen_record(&a->queue, a->at, a->whole) != WS_OK)
      return ws_error_nomem(err);
    a->redraw = false;
    fflush(stdout);
    status = obey(a, keyboard_key(&a->keyboard), &more, err);
  }
  return status;
}

static ws_status run_steps(annotate *a, ws_error *err) {
  WS_TRY(label_output_open(&a->file, a->queue.dev.data, err));
  a->answered = ws_alloc_zero(a->queue.count, sizeof *a->answered);
  if (!a->answered) return ws_error_nomem(err);
  return ask(a, err);
}

static void say_end(const annotate *a) {
  printf("\n%zu labels written to ", a->file.count);
  text_print(ws_buffer_as_text(&a->queue.dev));
  printf(a->at < a->queue.count ? "; the same command goes on from here\n" : "\n");
  if (!a->queue.unknown || a->file.count == 0) return;
  printf("the task has no dev set yet: to have these labels used, add\n  dev = \"");
  text_print(ws_buffer_as_text(&a->queue.dev));
  printf("\"\nto weaksup.lua, or fit with --dev ");
  text_print(ws_buffer_as_text(&a->queue.dev));
  printf("\n");
}

static int work(annotate *a, ws_error *err) {
  if (a->queue.labelled)
    say_note(a->o, "%llu records are labelled already and passed over",
             (unsigned long long)a->queue.labelled);
  if (a->queue.count == 0) {
    say_note(a->o, "no records are left to label");
    return EXIT_DONE;
  }
  ws_status status = run_steps(a, err);
  say_end(a);
  keyboard_close(&a->keyboard);
  label_output_close(&a->file);
  return status == WS_OK ? EXIT_DONE : say_failure(err);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  annotate a = {.o = o, .file = {.fd = -1}};
  ws_active_by by;
  if (!next_by(self, o, &by)) return EXIT_USAGE;
  ws_status status = keyboard_check(&err);
  if (status == WS_OK) status = queue_load(&a.queue, o, by, &err);
  if (status == WS_OK && a.queue.count) status = keyboard_open(&a.keyboard, &err);
  int code = status == WS_OK ? work(&a, &err) : say_failure(&err);
  ws_free(a.answered);
  queue_clear(&a.queue);
  return code;
}

const command cmd_annotate = {
    .name = "annotate",
    .arguments = "RUN|FILE",
    .summary = "gold labels by single keys at the terminal",
    .details =
        "Shows one record after the other and appends the label that a key stands for to "
        "the\n"
        "dev set, or --out, a JSON Lines file: the record's own fields and the label, at "
        "once\n"
        "and for good, so that it can be stopped at any time and goes on where it "
        "stopped.\n"
        "Of a run: the records that `next` chooses (--records 20, --by, --classifier); "
        "of a\n"
        "file: all of its records, in their order, by the task of weaksup.lua.\n"
        "Keys: 1-9 and letters the classes, s skips, u undoes, m shows all of a long "
        "text,\n"
        "q quits, ? helps.\n",
    .examples = "weaksup annotate run\n"
                "weaksup next run --records 50 --out todo.jsonl\n"
                "weaksup annotate todo.jsonl --out dev.jsonl\n",
    .takes = (const char *const[]){"task", "classes", "data", "dev", "text", "gold", "id",
                                   "input-format", "max-line", "records", "by",
                                   "classifier", "out", "seed", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
