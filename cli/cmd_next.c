/* SPDX-License-Identifier: MIT
 *
 * weaksup next: which records to label, or which labeling functions to write next.
 */
#include <stdio.h>

#include <weaksup/output.h>

#include "next.h"
#include "say.h"
#include "setup.h"
#include "step.h"

static ws_status write_lines(const next_run *n, const next_records *r, ws_error *err) {
  ws_buffer lines = {0};
  ws_status status = WS_OK;
  if (!n->data.path.size)
    return ws_error_set(err, WS_EINVAL,
                        "--out: expected the records of the run: %s (--data FILE)",
                        n->data.why.data);
  for (size_t i = 0; i < r->count && status == WS_OK; i++) {
    status = ws_buffer_text(&lines, ws_buffer_as_text(&r->items[i].line));
    if (status == WS_OK) status = ws_buffer_string(&lines, "\n");
  }
  if (status != WS_OK)
    ws_error_nomem(err);
  else
    status = ws_output_file(n->o->out, ws_buffer_as_text(&lines), err);
  ws_buffer_clear(&lines);
  return status;
}

static void say_remarks(const next_run *n, const next_records *r, size_t asked) {
  if (!n->data.path.size)
    say_note(n->o,
             "records are told apart by their votes alone: the texts are not there: %s "
             "(--data FILE)",
             n->data.why.data);
  if (r->left_out)
    say_note(n->o, "%llu record%s labelled already and left out",
             (unsigned long long)r->left_out, r->left_out == 1 ? " is" : "s are");
  if (n->unproven && r->count == UNPROVEN_MOST && asked > UNPROVEN_MOST)
    say_note(n->o,
             "%d records instead of %zu: once they are labelled, it is time to judge "
             "again (weaksup generate LFS --judge %s)",
             UNPROVEN_MOST, asked, n->o->unproven);
  else if (n->unproven && r->count < asked)
    say_note(
        n->o,
        "%zu record%s instead of %zu: the others are labelled, or have no votes that "
        "would decide more (for each labeling function 20 are asked about)",
        r->count, r->count == 1 ? "" : "s", asked);
  else if (r->count < asked)
    say_note(n->o,
             "%zu record%s instead of %zu: the others are labelled, nearly the same as "
             "these, or tell nothing by this measure",
             r->count, r->count == 1 ? "" : "s", asked);
}

/* Labels for these records: from the file that they were written to, or as the run
 * chooses them again. */
static void print_next(const command *self, const next_run *n, const next_records *r) {
  static const char *const but[] = {"max-line", NULL};
  bool file = n->o->out && setup_finds_task(n->o); // which says what the classes are
  const char *dev = n->dev.size ? n->dev.data : "dev.jsonl";
  if (r->count == 0) return;
  step s = step_to(&cmd_annotate);
  if (file) {
    step_argument(&s, n->o->out);
    step_option(&s, "out", dev); // the task here may name none, or another
  } else {
    s.useless = n->unproven != NULL; // annotate chooses by the run alone
    step_argument(&s, n->o->arguments[0]);
    step_options(&s, self, n->o, but);
    step_number(&s, "records", r->count);
    if (!n->dev.size) step_option(&s, "out", dev);
  }
  step_print(&s, n->o, "label them");
}

static int records(const command *self, next_run *n) {
  ws_error err = WS_ERROR_INIT;
  next_records found = {0};
  ws_active_by by;
  size_t asked = n->o->records ? (size_t)n->o->records : 20;
  if (!next_by(self, n->o, &by)) return EXIT_USAGE;
  ws_status status = n->o->classifier ? next_classifier(n, true, &err) : WS_OK;
  if (status == WS_OK && n->o->unproven)
    status = next_unproven(n, self, n->o->unproven, asked, &found, &err);
  else if (status == WS_OK)
    status = next_choose(n, by, asked, &found, &err);
  if (status == WS_OK && n->o->out) status = write_lines(n, &found, &err);
  bar_clear(&n->bar);
  int code = status == WS_OK ? next_print_records(n, &found, by) : say_failure(&err);
  if (status == WS_OK) print_next(self, n, &found);
  if (status == WS_OK) say_remarks(n, &found, asked);
  next_records_clear(&found);
  return code;
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  next_run n;
  if (o->records && o->lfs) {
    say_usage(self, "expected --records or --lfs, found both");
    return EXIT_USAGE;
  }
  if (o->unproven && (o->lfs || o->by || o->classifier)) {
    say_usage(self, "--unproven: expected none of --lfs, --by and --classifier");
    return EXIT_USAGE;
  }
  ws_status status = next_open(&n, o, &err);
  if (status != WS_OK) bar_clear(&n.bar);
  int code = status != WS_OK ? say_failure(&err)
             : o->lfs        ? next_lfs(&n)
                             : records(self, &n);
  next_clear(&n);
  return code;
}

const command cmd_next = {
    .name = "next",
    .arguments = "RUN",
    .summary = "what to label, or which rules to write, next",
    .details =
        "--records N (20): unlabelled records whose gold labels would tell most, no two "
        "of\n"
        "them nearly the same; --out writes them as JSON Lines for `annotate` or "
        "people.\n"
        "Those that the dev set has already are left out. --by: entropy or margin of "
        "the\n"
        "label model's probabilities (--classifier: of the classifier's), disagreement "
        "of\n"
        "the votes, evidence (labeling functions with few gold votes), diverse (other\n"
        "words), or mix: evidence, entropy, disagreement, diverse in turn.\n"
        "--unproven FOLDER: up to 30 records whose labels would decide most of the "
        "labeling\n"
        "functions there, as `generate` leaves them in generated/unproven.\n"
        "--lfs N: words and pairs of words of records without votes, or with votes that\n"
        "nobody wins, as rules to write: how much they cover, which class they seem to\n"
        "mean, how often they are right on the dev set. Words that labeling functions "
        "have already\n"
        "are left out. --out writes the rules, behind those of a .rules file that is "
        "there.\n",
    .examples = "weaksup next run --records 30\n"
                "weaksup next run --by entropy --classifier --out todo.jsonl\n"
                "weaksup next run --records 30 --unproven generated/unproven --out "
                "todo.jsonl\n"
                "weaksup next run --lfs 5\n",
    .takes = (const char *const[]){"records", "unproven", "lfs", "by", "classifier",
                                   "data", "dev", "class-balance", "max-line", "out",
                                   "seed", "json", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
