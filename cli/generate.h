/* SPDX-License-Identifier: MIT
 *
 * weaksup generate: what its files share. Rounds stand in generate_round.c, in their
 * order: a prompt (generate_prompt.c), a reply, files of candidates (generate_files.c),
 * vetting and selecting (generate_judge.c). Everything that a model wrote is data here.
 */
#ifndef WS_GENERATE_H
#define WS_GENERATE_H

#include <weaksup/arena.h>
#include <weaksup/lf_selection.h>
#include <weaksup/lock.h>
#include <weaksup/prompt.h>
#include <weaksup/provenance.h>
#include <weaksup/reply.h>
#include <weaksup/vet.h>

#include "chat_options.h"
#include "dev_parts.h"
#include "setup.h"

enum { NO_CANDIDATE = -1 };

/* An LF that somebody proposed, and what became of it. */
typedef struct gen_lf {
  ws_text name;       // empty: it has none
  const char *kind;   // "lua", "rules", "keywords"; NULL: not known
  int32_t label;      // WS_ABSTAIN: several, or not known
  size_t round;       // from 1
  const char *stage;  // in which it was decided: "reply", those of vet.h, "precision",
  const char *reason; // "redundancy", "utility"; the code. Both static
  ws_text evidence;   // one line
  ws_text file;       // where it lies now; empty: nowhere
  int candidate;      // of the round's reply; NO_CANDIDATE
  double coverage;    // of the pool; NaN: it did not come so far, as are
  uint64_t dev_votes, dev_right;
  ws_interval precision;  // on dev-select; NaN
  double estimated, gain; // by the label model; in nats a record
  uint64_t slow_calls;    // on the pool
  double p99_ms;          // of a call: the clock's, in no file; NaN
  ws_hash128 source;      // equal: the same votes; zero: it did not load
  ws_lf_tier status;
  bool chosen; // its file is in the folder of LFs
} gen_lf;

/* A record of dev that a rejected LF voted on wrongly, and that prompts may show. */
typedef struct gen_mistake {
  size_t row; // of dev.shown
  ws_text lf;
  int32_t label; // that it voted for
} gen_mistake;

enum { MISTAKES_MOST = 5 };

/* Two LFs, at least one of them new, that agree beyond what the label model explains. */
typedef struct gen_pair {
  ws_text a, b;
  uint64_t agree;
  double expected, correlation;
  bool shared; // fit counts them as less than two
} gen_pair;

/* A round that came to a reply. */
typedef struct gen_round {
  ws_prompt_variant variant;
  ws_hash128 prompt, reply;
  ws_text model; // that answered
  ws_chat_finish finish;
  ws_chat_usage usage;
  double usd; // NaN: not known
  size_t read, chosen;
} gen_round;

typedef struct generate {
  const command *self;
  const options *o;
  setup setup;
  bar bar;
  ws_task *task;
  chat_settings settings;
  ws_chat *chat;
  ws_prompt_kind kind;
  ws_prompt_template *template;

  const char *lfs;     // the folder, which need not be there
  ws_buffer out;       // where chosen ones go
  ws_buffer aside;     // where the others go, and the report
  ws_buffer folder;    // for candidates, while they are looked at
  ws_lock *locks[3];   // of the folder beside, of that of accepted ones, and of the LFs
                       // where that lies among them; NULL: nothing is written
  bool aside_made;     // it was not there
  ws_buffer out_above; // the deepest folder above --out that was there; empty: itself
  ws_buffer kept;      // a reply that nobody records, until its files are in their places

  kept_records pool; // a sample of the data
  ws_text *visible;  // [pool.count] what a prompt may show of it; empty: nothing
  dev_parts dev;
  size_t *examples; // [example_count] of dev, those that may be shown, in turn
  size_t example_count;
  uint64_t data_records; // that the pool is drawn from
  bool validated;        // there is gold to select by
  bool *shown;           // [pool.count] in a prompt

  ws_lf_set *existing; // NULL: there is none
  // Votes on pool, select and what is shown of dev (NULL without): of LFs that were there
  // at the beginning, of those and the ones chosen since, of the latter alone. NULL:
  // there are none.
  ws_votes *first[3], *now[3], *added[3];

  ws_arena arena; // of everything below
  ws_text *taken; // [taken_count] names that nobody may take any more
  const char **taken_names;
  size_t taken_count, taken_capacity, names_capacity;
  gen_lf *lfs_seen; // [lf_count] in the order of rounds
  size_t lf_count, lf_capacity;
  gen_round *rounds; // [round_count]
  size_t round_count, round_capacity;
  size_t rounds_done;                  // whose files are in their places
  size_t last_begin;                   // the first LF of the last round
  gen_mistake mistakes[MISTAKES_MOST]; // [mistake_count] of the last round
  size_t mistake_count;

  ws_provenance_list *origins; // of files that are judged again; NULL: none are
  const char *stopped;         // why there was no further round; static
  bool has_effect, has_classifier_effect;
  ws_selection_effect labels, classifier;
  gen_pair *pairs; // [pair_count], the largest correlations first
  size_t pair_count;
} generate;

enum { POOL, SELECT, SHOWN, PARTS };

/* LFs that are chosen, in all rounds. */
size_t gen_count_chosen(const generate *g);

/* --- generate_records.c --- */

/* Reads the pool and dev, and splits the latter. */
WS_CHECK ws_status gen_read(generate *g, ws_error *err);
/* Opens a reader of the records. */
WS_CHECK ws_status gen_reader(const generate *g, const kept_records *r, ws_reader **out,
                              ws_error *err);

/* The records of a part: NULL where there are none. */
const kept_records *gen_part(const generate *g, int part);
/* The votes of LFs on the records of a part of dev, with their gold labels, which LFs do
 * not see. Frees `votes`. */
WS_CHECK ws_status gen_part_gold(const generate *g, int part, ws_votes *votes,
                                 ws_votes **out, ws_error *err);

/* --- generate_existing.c --- */

/* Loads the LFs that are there, and has them vote. */
WS_CHECK ws_status gen_existing(generate *g, ws_error *err);
WS_CHECK ws_status gen_take_name(generate *g, ws_text name);

/* --- generate_prompt.c --- */

/* What the next prompt is made of; clear it. */
typedef struct gen_prompt {
  ws_prompt_values values;
  ws_arena arena;
  ws_text *unlabelled;
  ws_prompt_example *examples;
  ws_prompt_lf *existing;
  ws_prompt_hard *hard;
  ws_prompt_rejection *rejections;
  ws_prompt prompt;
  ws_buffer schema;
  ws_chat_request request;
} gen_prompt;

WS_CHECK ws_status gen_prompt_make(generate *g, gen_prompt *out, ws_error *err);
void gen_prompt_clear(gen_prompt *p);

/* --- generate_files.c --- */

/* Writes the candidates into g->folder, which is emptied first. */
WS_CHECK ws_status gen_files_write(generate *g, const ws_reply *reply, ws_error *err);
/* Puts the files of the last round where they belong, with tests made of the records in
 * `votes`, those of the candidates that passed (NULL: none did). */
WS_CHECK ws_status gen_files_place(generate *g, const ws_reply *reply,
                                   const ws_vetting *vetting, ws_error *err);

/* --- generate_meant.c --- */

/* WS_EINVAL where LFS is not there, and a folder beside it is what was perhaps meant. */
WS_CHECK ws_status gen_check_meant(const generate *g, ws_error *err);

/* --- generate_places.c --- */

/* Finds out where things go, and refuses what would lie in one another. */
WS_CHECK ws_status gen_find_places(generate *g, ws_error *err);
/* Whether the path is the other one, or inside of it, by whatever names. WS_ENOMEM. */
WS_CHECK ws_status gen_is_inside(const char *inner, const char *outer, bool *out);
/* That they can be written there. */
WS_CHECK ws_status gen_check_places(const generate *g, ws_error *err);

/* --- generate_folder.c --- */

/* Makes the folders that are written into, and keeps other processes out of them, those
 * that work on another task with the same LFs, too; before anything is read of what they
 * may write. */
WS_CHECK ws_status gen_lock(generate *g, ws_error *err);
void gen_unlock(generate *g);
/* The folder of candidates, at the beginning, in between and at the end. */
WS_CHECK ws_status gen_folder_make(generate *g, ws_error *err);
void gen_folder_empty(const generate *g);
void gen_folder_remove(generate *g);
/* Makes a folder and those on the way. */
WS_CHECK ws_status gen_make_folders(const char *path, ws_error *err);

/* --- generate_comment.c --- */

/* Whether a line of comment may stand behind this Lua, which ends with a line: false also
 * where that is only likely. */
bool gen_comment_may_follow(ws_text code);

/* --- generate_judge.c --- */

/* Vets and selects the candidates in g->folder, and adds what came of it to
 * g->lfs_seen. *vetting is the caller's, and NULL where there were no candidates. */
WS_CHECK ws_status gen_judge(generate *g, const ws_reply *reply, ws_vetting **vetting,
                             ws_error *err);
WS_CHECK ws_status gen_add(generate *g, gen_lf lf, ws_text name, ws_text evidence);

/* --- generate_effect.c --- */

/* Rejects all that the round chose where it makes labels worse, by the interval of the
 * log-loss on the records that select. `votes` are those of the round's candidates that
 * passed, keep[] which of them are chosen. */
WS_CHECK ws_status gen_refuse_harm(generate *g, const ws_votes *const votes[PARTS],
                                   const bool *keep, ws_error *err);
/* The effect of all that was chosen, if there is gold to measure it by. */
WS_CHECK ws_status gen_effect(generate *g, ws_error *err);

/* --- generate_pairs.c --- */

/* Finds the pairs that depend on one another, among all that was there and was chosen. */
WS_CHECK ws_status gen_find_pairs(generate *g, ws_error *err);
/* Prints the first ones, and what to do about them. */
void gen_print_pairs(const generate *g);

/* --- generate_mistakes.c --- */

/* Finds some of the wrong votes of items[count] that were rejected for their precision:
 * `votes` are theirs on dev.shown (NULL: there is none). */
void gen_find_mistakes(generate *g, const ws_votes *votes, gen_lf *const *items,
                       size_t count);

/* --- generate_round.c --- */

WS_CHECK ws_status gen_round_run(generate *g, ws_error *err);
/* What is done with a reply: of the round that g->rounds ends with. */
WS_CHECK ws_status gen_use_reply(generate *g, ws_text bytes, bool truncated,
                                 ws_error *err);

/* --- generate_again.c --- */

/* Judges the files of --judge, in rounds of their own. */
WS_CHECK ws_status gen_again(generate *g, ws_error *err);
/* The file that the candidate comes from, or NULL. */
const ws_provenance_entry *gen_origin(const generate *g, const ws_reply_candidate *c);
/* Removes it, now that the candidate lies in `now`. */
void gen_origin_remove(const ws_provenance_entry *origin, const char *now);

/* --- generate_remarks.c --- */

/* Says where LFs do harm or leave out a class, and what would help. WS_ENOMEM. */
WS_CHECK ws_status gen_remark(const generate *g);
/* The next step, to standard output. */
void gen_print_next(const generate *g);
/* Warns where the prompt leaves the model to guess what it is about. */
void gen_say_task(const generate *g);

/* --- generate_print.c, generate_json.c --- */

size_t gen_count(const generate *g, ws_lf_tier status);
/* `times`: with what the clock says, which is another at each run. */
WS_CHECK ws_status gen_json(const generate *g, bool times, ws_buffer *out);
int gen_print(const generate *g);
void gen_print_effect(const generate *g);

#endif
