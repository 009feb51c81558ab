/* SPDX-License-Identifier: MIT
 *
 * The next best step, at the end of what a command tells: why, and a command line that
 * works when it is pasted where the user stands, as its paths, its task and its options
 * are those of the command that ends.
 */
#ifndef WS_STEP_H
#define WS_STEP_H

#include <stdbool.h>

#include <weaksup/text.h>

#include "cmd.h"

/* A command line in the making. What cannot be written down, as it was read from standard
 * input or a name holds control characters, makes it useless: only the reason is printed
 * then. */
typedef struct step {
  const command *to;
  ws_buffer line;
  bool useless;
  bool apart;      // an empty line stands in front
  const char *why; // in place of the reason that it is printed with; NULL: that one
} step;

step step_to(const command *to);
/* Adds words as a shell must see them; an argument that begins with '-' is no option. */
void step_argument(step *s, const char *word);
/* " --name VALUE"; nothing where the value is NULL. */
void step_option(step *s, const char *name, const char *value);
/* " --name"; " --name N". */
void step_flag(step *s, const char *name);
void step_number(step *s, const char *name, uint64_t value);
/* Repeats the options of `from`, given as `o`, that `to` takes, too, and that mean the
 * same there; not those that say how to print, where to write, or that are in `but`
 * (ended by NULL; NULL: none). */
void step_options(step *s, const command *from, const options *o, const char *const *but);

/* Prints "next: WHY: COMMAND" to standard output, in two lines where one is too long, and
 * frees the step. Nothing with -q and --json. */
void step_print(step *s, const options *o, const char *why);
/* Prints `front`, the command and a line end, as it is part of more that is said. */
void step_print_line(step *s, const char *front);
/* As step_print, to standard error, for commands whose standard output is data. */
void step_say(step *s, const options *o, const char *why);

/* step_votes.c: Appends the folder lfs beside the task file; nothing where there is none.
 */
void step_lfs_beside(const options *o, ws_buffer *out);
/* Of a fit: " --out RUN", where a run lies beside the task already, not here. */
void step_run_beside(step *s, const options *o, const char *lfs);
/* `fit` with these votes: beside the labeling functions in the folder lfs
 * beside the task file, where there is one. `dev_votes` may be NULL. Where the records
 * are those of the task's dev or test, it is not fitted to them. */
step step_fit_votes(const command *from, const options *o, const char *votes,
                    const char *dev_votes);

/* step_again.c: `fit` of the run again, with the dev set `dev` (NULL: as it was). Useless
 * where its labeling functions are not there any more. */
step step_fit_again(const char *run, const char *dev);
/* " --task FILE": that of the run, where it is not found without; where there is no file,
 * what it would say of classes and fields. */
void step_task_of(step *s, const char *run);

/* Appends the word as a shell must see it; false where it cannot be written on a line. */
bool shell_word(ws_buffer *out, const char *word);

#endif
