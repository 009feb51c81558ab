/* SPDX-License-Identifier: MIT
 *
 * A task: the classes, the names of the fields, and where the data lies. What weaksup.lua
 * says (lf/ reads that file, <weaksup/task_file.h>), or what the options of a command
 * say.
 *
 * A label is a class index, 0 .. K-1. WS_ABSTAIN stands for no vote, and for no gold
 * label.
 */
#ifndef WEAKSUP_TASK_H
#define WEAKSUP_TASK_H

#include <weaksup/value.h>

WS_BEGIN_DECLS

#define WS_ABSTAIN     (-1)
#define WS_MAX_CLASSES 10000

typedef struct ws_task ws_task;

/* The keys that hold one text. Each is also an option of the command. */
typedef enum ws_task_key {
  WS_TASK_DATA,      // path of the records to label
  WS_TASK_DEV,       // path of the few rows with gold labels
  WS_TASK_TEST,      // path of the rows with gold labels that are used for scores only
  WS_TASK_TEXT,      // field that rules match and the classifier reads; "text"
  WS_TASK_GOLD,      // field of the gold label; "label"
  WS_TASK_ID,        // field of the id; unset: the row number, from 0
  WS_TASK_TASK_TEXT, // the task in words
  WS_TASK_KEYS       // how many there are
} ws_task_key;

/* "data", "dev", ...: as in the task file. */
WS_API const char *ws_task_key_name(ws_task_key key);

/* At least two classes, different, not empty, valid UTF-8 without control characters,
 * none called ABSTAIN. The texts are copied. */
WS_API WS_CHECK ws_status ws_task_new(const ws_text *classes, size_t count, ws_task **out,
                                      ws_error *err);
/* Names separated by commas, blanks around them dropped: the form of --classes. */
WS_API WS_CHECK ws_status ws_task_from_names(const char *names, ws_task **out,
                                             ws_error *err);
WS_API void ws_task_free(ws_task *task);

WS_API size_t ws_task_classes(const ws_task *task);          // K
WS_API ws_text ws_task_class(const ws_task *task, size_t k); // ends in NUL
WS_API const ws_text *ws_task_names(const ws_task *task);    // [K], the same names
/* The class of that name, or WS_ABSTAIN where there is none. */
WS_API int32_t ws_task_find(const ws_task *task, ws_text name);
/* The nearest class name, for "did you mean", or NULL. */
WS_API const char *ws_task_suggest(const ws_task *task, ws_text name);

/* The text under a key, or NULL where it is unset. Paths are as a user would write them
 * from the current directory. */
WS_API const char *ws_task_get(const ws_task *task, ws_task_key key);
/* An empty text unsets the key; text and gold, which always name a field, refuse it. */
WS_API WS_CHECK ws_status ws_task_set(ws_task *task, ws_task_key key, ws_text value,
                                      ws_error *err);

/* The class in words ("" where nothing was said), for prompts. */
WS_API ws_text ws_task_describe(const ws_task *task, size_t k);
WS_API WS_CHECK ws_status ws_task_set_describe(ws_task *task, size_t k, ws_text words);

/* What a language model's tokens cost, in USD for a million; NaN: not known. */
typedef struct ws_task_prices {
  double input, output; // of prompts, of replies
} ws_task_prices;

WS_API ws_task_prices ws_task_prices_of(const ws_task *task);
/* WS_EINVAL where one is negative or infinite. */
WS_API WS_CHECK ws_status ws_task_set_prices(ws_task *task, ws_task_prices prices,
                                             ws_error *err);

/* Reads a label: a number is a class index; a text is a class name first, then a decimal
 * index; null, an empty text, -1 and "-1" are WS_ABSTAIN. WS_EPARSE, with the classes
 * that there are, for everything else; never a guess. */
WS_API WS_CHECK ws_status ws_task_label(const ws_task *task, ws_value value, int32_t *out,
                                        ws_error *err);
WS_API WS_CHECK ws_status ws_task_label_text(const ws_task *task, ws_text text,
                                             int32_t *out, ws_error *err);

WS_END_DECLS

#endif
