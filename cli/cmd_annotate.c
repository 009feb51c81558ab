/* SPDX-License-Identifier: MIT
 *
 * weaksup annotate: gold labels by single keys.
 */
#include <stdio.h>

#include "annotate.h"
#include "next.h"
#include "run_folder.h"
#include "say.h"
#include "step.h"
#include "table.h"

typedef struct annotate {
  const options *o;
  queue queue;
  label_output file;
  annotation session;
} annotate;

static ws_status run_steps(annotate *a, ws_error *err) {
  WS_TRY(label_output_open(&a->file, a->queue.dev.data, err));
  a->session = (annotation){.queue = &a->queue, .file = &a->file};
  return annotation_run(&a->session, err);
}

static void say_end(const annotate *a) {
  printf("\n%zu label%s written to ", a->file.count, a->file.count == 1 ? "" : "s");
  text_print(ws_buffer_as_text(&a->queue.dev));
  printf(a->session.at < a->queue.count ? "; the same command goes on from here\n"
                                        : "\n");
  if (!a->queue.unknown || a->file.count == 0) return;
  printf("the task has no dev set yet: to have these labels used, add\n  dev = \"");
  text_print(ws_buffer_as_text(&a->queue.dev));
  printf("\"\nto weaksup.lua (as the path is from its folder), or fit with --dev ");
  shell_print(ws_buffer_as_text(&a->queue.dev));
  printf("\n");
}

/* The labels tell something once the run is fitted with them. */
static void print_next(const annotate *a) {
  const char *run = a->o->arguments[0];
  if (a->file.count == 0 || !run_is(run)) return;
  step s = step_fit_again(run, a->queue.dev.data);
  step_print(&s, a->o, "fit with these labels");
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
  print_next(a);
  annotation_end(&a->session);
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
  int code = status == WS_OK ? work(&a, &err) : say_failure(&err);
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
