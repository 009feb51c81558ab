/* SPDX-License-Identifier: MIT
 *
 * From options to the library's own: the task, the readers, the LFs, the models. Values
 * that make no sense are wrong usage: they are said at once and end the command with
 * EXIT_USAGE.
 */
#ifndef WS_SETUP_H
#define WS_SETUP_H

#include <weaksup/apply.h>
#include <weaksup/cross_validation.h>
#include <weaksup/label_model.h>
#include <weaksup/reader.h>
#include <weaksup/training.h>
#include <weaksup/votes_file.h>

#include "bar.h"
#include "cmd.h"

/* What the options say, checked. Borrows from the options; clear it. */
typedef struct setup {
  ws_reader_options reader; // of the main data; its format is that of --input-format
  ws_votes_format votes_format;
  ws_lf_options lf;
  ws_apply_options apply;
  ws_label_model_options label_model;
  ws_training_options training;
  ws_features_options features;
  ws_choice_options choose; // what is left open for gold labels
  bool chooses;             // whether the command trains on gold labels alone
  ws_cache *cache;          // NULL: none
  double *balance;          // what label_model.class_balance points to
  double *priors;           // what label_model.priors points to
  ws_gold *gold;            // what label_model.gold points to
  bool chosen_by_dev;       // the labeling functions are, so that dev must not judge them
  double *class_weights;    // what training.class_weights points to
  size_t warned;            // records that were skipped so far
  size_t told;              // of them those that a warning has counted
  bool looked_for_id;       // whether setup_look_for_id has seen a record
  const options *options;
  bar *bar;
} setup;

/* False: wrong usage, already said. The setup must not move afterwards. */
bool setup_init(setup *s, const command *self, const options *o, bar *b);
void setup_clear(setup *s);

/* Whether the file name ends so. */
bool ends_with(const char *name, const char *ending);

/* ".parquet" of a path; NULL where its last part has none. */
const char *path_ending(const char *path);

/* The form of commands that write labels: --format, else as --out ends, else JSONL.
 * False: wrong usage. */
bool setup_labels_format(const command *self, const options *o, ws_labels_format *out);

/* The task: --task, weaksup.lua beside the LF folder `lfs` (NULL: none) or here,
 * --classes; the options for its keys win. */
WS_CHECK ws_status setup_task(const options *o, const char *lfs, ws_task **out,
                              ws_error *err);

/* Whether there is one without an LF folder. */
bool setup_finds_task(const options *o);

/* Appends the path of `name` in the folder of the task file; without one, in the folder
 * that holds `lfs`. WS_ENOMEM. */
WS_CHECK ws_status setup_beside_task(const options *o, const char *lfs, const char *name,
                                     ws_buffer *out);

/* Sets the keys of a task, such as that of a run, that the options name. */
WS_CHECK ws_status setup_keys(const options *o, ws_task *task, ws_error *err);

/* Opens the cache for the LFs at the path `lfs` (NULL: there are none): --cache, or
 * .weaksup/cache in the folder that holds them, or without LFs beside the task file; none
 * where that cannot be. The LFs are applied with it from then on. */
WS_CHECK ws_status setup_cache(setup *s, const char *lfs, ws_error *err);

/* The part of setup_init that reads the label model's. */
bool setup_read_label_model(setup *s, const command *self, const options *o);

/* The part of setup_init that reads how the classifier is trained. */
bool setup_read_training(setup *s, const command *self, const options *o);

/* What "balanced" looks at: targets[count][K], NULL where there are none, and the class
 * of each row that is gold, else WS_ABSTAIN; NULL where none is. */
typedef struct label_rows {
  const double *targets;
  const int32_t *gold;
  const double *weights; // [count] of the rows; NULL: 1
  size_t count;
} label_rows;

/* Writes the members of a manifest's options that make the classifier (NULL: none). */
void setup_training_json(ws_json_writer *json, const setup *s,
                         const ws_classifier *classifier);

/* Warns where features are made of the field of the gold labels. */
void setup_say_gold_feature(const setup *s, const ws_task *task);

/* Warns of a hidden layer over many n-grams; only after the training it is known how many
 * features there are. */
void setup_say_many_inputs(const ws_classifier *classifier);

/* Reads --class-weight. */
WS_CHECK ws_status setup_class_weights(setup *s, const ws_task *task, label_rows rows,
                                       ws_error *err);

/* Checks that --class-balance has a share for each class; makes "uniform" shares of it.
 */
WS_CHECK ws_status setup_check_balance(setup *s, const ws_task *task, ws_error *err);

/* The LFs of the folder; says what is to be said about them. */
WS_CHECK ws_status setup_lfs(const setup *s, const char *folder, const ws_task *task,
                             ws_lf_set **out, ws_error *err);

/* Gives the label model the priors of the LFs of `votes`: those of --prior, else the LFs'
 * own (lfs NULL: ready-made votes have none). WS_EINVAL where --prior names an LF that
 * there is not. */
WS_CHECK ws_status setup_priors(setup *s, const ws_lf_set *lfs, const ws_votes *votes,
                                ws_error *err);

/* Gives the label model the gold of `dev` (NULL: there is none), unless --no-dev-gold or
 * chosen_by_dev.
 * WS_EINVAL where --class-balance dev has no gold to look at. */
WS_CHECK ws_status setup_gold(setup *s, const ws_votes *votes, const ws_votes *dev,
                              const bool *targeted, ws_error *err);

/* Warns of what the options say and the kind of model that was fitted does not look at.
 */
/* Warns of priors that changed nothing, and says why. */
WS_CHECK ws_status setup_say_idle_priors(const setup *s, const ws_label_model *model,
                                         const ws_votes *votes, ws_error *err);
void setup_say_unused(const setup *s, const ws_label_model *model);

/* At the first record of all: says that it has a field "id" where the task names none. */
void setup_look_for_id(setup *s, const ws_task *task, const ws_record *record);

/* The path under `key`, or WS_EINVAL that says how to give it. */
WS_CHECK ws_status setup_path(const ws_task *task, ws_task_key key, const char **out,
                              ws_error *err);

#endif
