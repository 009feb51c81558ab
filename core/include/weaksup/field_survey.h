/* SPDX-License-Identifier: MIT
 *
 * What the fields of some records look like, and which of them are likely to be the text,
 * the id and the gold label: for a program that proposes a task for data it has never
 * seen. Guesses, for a person to look at.
 */
#ifndef WEAKSUP_FIELD_SURVEY_H
#define WEAKSUP_FIELD_SURVEY_H

#include <weaksup/records.h>
#include <weaksup/task.h>

WS_BEGIN_DECLS

typedef struct ws_field_info {
  ws_text name;
  size_t filled;    // records that have it; null and the empty text are not counted
  size_t texts;     // records in which it is a string, the empty one included
  size_t integers;  // records in which it is a whole number
  size_t bytes;     // of the strings together
  size_t blanks;    // ASCII blanks in the strings together
  size_t distinct;  // different values among the filled strings and whole numbers
  ws_value example; // the first filled value
} ws_field_info;

typedef struct ws_field_survey ws_field_survey;

/* Looks at every field of all records of the batch, in the order in which they first
 * come. Borrows from the batch, which must outlive it; what the functions below return
 * belongs to the survey. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_field_survey_new(const ws_records *records,
                                              ws_field_survey **out);
WS_API void ws_field_survey_free(ws_field_survey *survey);

WS_API size_t ws_field_survey_records(const ws_field_survey *survey);
WS_API size_t ws_field_survey_count(const ws_field_survey *survey);
WS_API const ws_field_info *ws_field_survey_at(const ws_field_survey *survey, size_t i);
/* NULL where no record has such a field. */
WS_API const ws_field_info *ws_field_survey_find(const ws_field_survey *survey,
                                                 ws_text name);

/* The field that is a string in every record and has the most words; NULL where there is
 * none. */
WS_API const ws_field_info *ws_field_survey_text(const ws_field_survey *survey);
/* The field whose values are short, without blanks, and different in every record: one
 * that is called like an id, else the first, if there are records enough to tell. `text`
 * is left out. NULL where there is none. */
WS_API const ws_field_info *ws_field_survey_id(const ws_field_survey *survey,
                                               ws_text text);
/* The field that has few different values, each of them often: one that is called like a
 * label ("label", "class", "category", ...), for which one value will do (a file may be
 * sorted by it), else the first one whose values are short strings. `text` and `id` are
 * left out. NULL where there is none. */
WS_API const ws_field_info *ws_field_survey_gold(const ws_field_survey *survey,
                                                 ws_text text, ws_text id);

/* What is known beside the records about their gold labels. */
typedef struct ws_gold_hints {
  ws_text text, id;            // fields that are these
  const ws_task *classes;      // the labels are its classes; NULL: they may be any
  const ws_field_survey *data; // of records that are to be labeled, where this survey is
                               // of a dev set beside them; NULL: it is of the data
} ws_gold_hints;

/* All fields that may hold the gold label, the likeliest first, up to `most` of them in
 * out; returns how many there are. As above, and: where the classes are known those whose
 * values in the records are all classes, and behind them what is called like a label; of
 * a dev set first those that the data does not have. Whole numbers are class indexes only
 * where the name, or the data, speak for the field. */
WS_API size_t ws_field_survey_golds(const ws_field_survey *survey,
                                    const ws_gold_hints *hints, const ws_field_info **out,
                                    size_t most);

/* --- values and how often they come ------------------------------------------------- */

/* Strings and whole numbers, counted: the labels that a field holds. */
typedef struct ws_value_counts ws_value_counts;

/* Without a value. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_value_counts_new(ws_value_counts **out);
WS_API void ws_value_counts_free(ws_value_counts *counts);
/* Counts a value; the number of its kind goes to *number. What is no label (null, the
 * empty text, -1, or no value at all) is passed over: *number is WS_ABSTAIN. WS_EPARSE
 * for what can be no label: other types. */
WS_API WS_CHECK ws_status ws_value_counts_add(ws_value_counts *counts, ws_value value,
                                              int32_t *number, ws_error *err);
/* The number of a value's kind without counting it; WS_ABSTAIN where it was not added. */
WS_API int32_t ws_value_counts_find(const ws_value_counts *counts, ws_value value);
WS_API size_t ws_value_counts_size(const ws_value_counts *counts);
/* The i-th different value, as it came first; whole numbers in their decimal form. The
 * text is the object's. How often it came. */
WS_API ws_text ws_value_counts_name(const ws_value_counts *counts, size_t i);
WS_API uint64_t ws_value_counts_of(const ws_value_counts *counts, size_t i);
/* Whether a value was a number, which as a label is a class index. */
WS_API bool ws_value_counts_any_number(const ws_value_counts *counts);

WS_END_DECLS

#endif
