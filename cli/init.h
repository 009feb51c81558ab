/* SPDX-License-Identifier: MIT
 *
 * The parts of `weaksup init`: looking at the data, asking, and what is written.
 */
#ifndef WS_INIT_H
#define WS_INIT_H

#include <weaksup/arena.h>
#include <weaksup/field_survey.h>
#include <weaksup/output.h>
#include <weaksup/telling_words.h>

#include "bar.h"

enum {
  INIT_SAMPLE = 1000,        // records whose fields are looked at
  INIT_WORD_RECORDS = 20000, // records that words are taken from
  INIT_LF_CLASSES = 100,     // classes that get labeling functions
  INIT_FEW_GOLD = 100,       // fewer gold labels choose no words but those beyond doubt
  INIT_DEV_MOST = 10000,     // about so many records become a dev set, of more
  INIT_WORDS = 18            // of a class
};

#define INIT_DEV "dev.jsonl" // the dev set that it writes

/* A class of the task to be. */
typedef struct init_class {
  ws_text name;
  uint64_t gold; // records that have it as gold label
  ws_text words[INIT_WORDS];
  size_t word_count;
  ws_text lf; // the name in a form that names of labeling functions and files may have
} init_class;

typedef struct init {
  const options *o;
  bar *bar;
  bool asks; // there is somebody to ask
  ws_arena arena;
  const char *data, *dev, *test;
  ws_task *reading; // what readers are told: the fields' names
  ws_records *sample;
  ws_field_survey *survey; // of the data
  ws_records *dev_sample;  // NULL: the gold labels are in the data, or nowhere
  ws_field_survey *dev_survey;
  ws_records *test_sample; // NULL: there is no test set
  ws_field_survey *test_survey;
  const char *text, *id, *gold; // fields; NULL: none
  bool id_guessed, gold_guessed;
  uint64_t records, dev_records;
  bool dev_is_data, test_is_data, test_is_dev; // the same file, whose labels count once
  ws_value_counts *labels;                     // gold labels as they stand in the files
  ws_records *kept;                            // what words are taken from
  int32_t *kept_labels;                        // [kept_used] numbers in `labels`
  size_t kept_used;
  init_class *classes;
  size_t class_count;
  bool classes_made_up;
  ws_task *task;         // with these classes
  int32_t *class_of;     // [labels] of each label
  uint64_t gold_records; // in all files
  uint64_t data_gold;    // in the data; in the others:
  uint64_t dev_gold, test_gold;
  size_t word_gold;          // among the records that words are taken from
  bool some_gold;            // not nearly all of the data's records have a gold label
  bool own_dev;              // the data's records that have one are to be its dev set:
  ws_buffer gold_lines;      // dev.jsonl in the folder
  uint64_t lines, gold_seen; // in there, of so many with one
  bool words_by_gold;        // else the words are placeholders
  ws_telling_words *telling;
} init;

/* Reads the first records of the data, and of dev and test, which may have the gold
 * labels.
 */
WS_CHECK ws_status init_sample(init *in, ws_error *err);
/* Which of the files are one and the same; says so. */
void init_find_same(init *in);
/* The fields: as given, else asked for, else as proposed. */
WS_CHECK ws_status init_choose_fields(init *in, ws_error *err);
/* Reads all files with these fields, as `fit` will; counts the gold labels. */
WS_CHECK ws_status init_read(init *in, ws_error *err);
/* Keeps some of the records, with their labels, to take words from. */
WS_CHECK ws_status init_keep(init *in, ws_error *err);
/* The classes: as given, else asked for, else the gold labels, else two. */
WS_CHECK ws_status init_choose_classes(init *in, ws_error *err);
/* Whether the records of the data that have gold labels are to be its dev set: not where
 * nearly all have one; says why not. Copies them. */
WS_CHECK ws_status init_choose_dev(init *in, ws_error *err);
/* Copies records of the data that have gold labels into `gold_lines`. */
WS_CHECK ws_status init_copy_gold(init *in, ws_error *err);
/* A few words for each class. */
WS_CHECK ws_status init_choose_words(init *in, ws_error *err);
/* Writes the folder. */
WS_CHECK ws_status init_write(init *in, const char *folder, ws_error *err);

/* Asks on the terminal; an empty answer is `proposed`, which may be "". The answer lives
 * in the arena. WS_EINVAL where the input ends. A signal ends the program at once. */
WS_CHECK ws_status init_ask(init *in, const char *question, const char *proposed,
                            const char **answer, ws_error *err);
/* Prints the fields of the survey, to choose from. */
void init_show_fields(init *in, const ws_field_survey *survey);

/* A copy in the arena, NULL where there is no memory. */
const char *init_copy(init *in, ws_text text);
/* The same, fit for a terminal; "?" where there is no memory. */
const char *init_clean(init *in, ws_text text);

/* --- how texts are written into files --- */

/* The class as the Lua code of init_lua.c names it, which has locals of its own. */
WS_CHECK ws_status init_put_lua_class(ws_buffer *out, ws_text name);
/* A JSON string. */
WS_CHECK ws_status init_put_json(ws_buffer *out, ws_text text);
/* For comments and prose: without anything that ends a line or turns its direction. */
WS_CHECK ws_status init_put_clean(ws_buffer *out, ws_text text);
/* The path of a file as it is called from inside of a folder that need not be there. */
WS_CHECK ws_status init_put_path(ws_buffer *out, const char *folder, const char *file,
                                 ws_error *err);

/* The files of the folder. */
WS_CHECK ws_status init_put_task(init *in, const char *folder, ws_buffer *out,
                                 ws_error *err);
WS_CHECK ws_status init_put_rules(init *in, ws_buffer *out);
WS_CHECK ws_status init_put_list(init *in, const init_class *class, ws_buffer *out);
WS_CHECK ws_status init_put_lua(init *in, ws_buffer *out);
WS_CHECK ws_status init_put_readme(init *in, ws_buffer *out);

/* Which of its words the class gives to the list (0), the pattern (1), the Lua code (2):
 * the i-th; false where there are no more. */
bool init_word(const init_class *class, int part, size_t i, ws_text *out);
/* How many classes get labeling functions. */
size_t init_lf_classes(init *in);

#endif
