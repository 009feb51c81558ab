/* SPDX-License-Identifier: MIT
 *
 * A language model as a labeling function: it is shown a record and the classes, and
 * answers with one of them or with ABSTAIN. What it answers is a vote like any other,
 * never a gold label: how often it is right, a label model learns.
 *
 * The form of the answer is given as a JSON schema and as a grammar, for servers that
 * hold a model to one. A reply is taken as it is: one label in JSON, or its name alone;
 * anything else is unreadable, and no vote.
 */
#ifndef WEAKSUP_CHAT_LABEL_H
#define WEAKSUP_CHAT_LABEL_H

#include <weaksup/chat.h>
#include <weaksup/task.h>

WS_BEGIN_DECLS

#define WS_CHAT_MAX_SAMPLES 64
#define WS_CHAT_MAX_CODES   676 // AA .. ZZ

typedef struct ws_chat_label_options {
  unsigned samples;   // answers to each record, 1 (default) .. WS_CHAT_MAX_SAMPLES
  bool codes;         // answers are AA, AB, ... rather than names: as long as each other,
                      // and none begins like another
  double temperature; // NaN (default): 0 for one sample, 0.7 for several
  uint32_t max_tokens; // of an answer; default 256
  size_t max_text;     // bytes of a record that are shown, cut at its end; default 8000
  uint64_t seed;       // of the marks around the record, and of the samples
} ws_chat_label_options;

WS_API ws_chat_label_options ws_chat_label_options_default(void);

typedef struct ws_chat_labeler ws_chat_labeler;

/* The task is borrowed: its classes, their descriptions and its text are what the model
 * is told. WS_EINVAL where there are too many classes for codes, or samples out of range.
 */
WS_API WS_CHECK ws_status ws_chat_labeler_new(const ws_task *task,
                                              const ws_chat_label_options *options,
                                              ws_chat_labeler **out, ws_error *err);
WS_API void ws_chat_labeler_free(ws_chat_labeler *labeler);

/* The request for sample 0 .. samples-1 of a record; its texts are valid until the next
 * call. */
WS_API WS_CHECK ws_status ws_chat_labeler_request(ws_chat_labeler *labeler, ws_text text,
                                                  unsigned sample, ws_chat_request *out);

/* Reads a reply. *out is the class, or WS_ABSTAIN; false: it cannot be read. Blanks, one
 * code fence, and a <think> block in front are passed over. */
WS_API bool ws_chat_labeler_read(ws_chat_labeler *labeler, ws_text reply, int32_t *out);

/* What came of all samples of a record. */
typedef struct ws_chat_answer {
  int32_t label;       // that most samples gave; WS_ABSTAIN: two lead, or more abstained
  unsigned agreed;     // how many gave it; 0 with WS_ABSTAIN
  unsigned samples;    // that were asked
  unsigned abstained;  // of them
  unsigned unreadable; // of them
  unsigned cut;        // of those, cut at max_tokens
} ws_chat_answer;

/* Asks for all samples. Fails as ws_chat_ask does. */
WS_API WS_CHECK ws_status ws_chat_labeler_ask(ws_chat_labeler *labeler, ws_chat *chat,
                                              ws_text text, ws_chat_answer *out,
                                              ws_error *err);

/* Begins to ask for all samples (ws_chat_begin); false where not for all of them yet. */
WS_API bool ws_chat_labeler_begin(ws_chat_labeler *labeler, ws_chat *chat, ws_text text);

/* Of the last record asked about: the first reply that cannot be read, until the next
 * call; empty where all can be. */
WS_API ws_text ws_chat_labeler_unread(const ws_chat_labeler *labeler);

/* How right the answers are by how many samples agreed, where gold labels are known. */
typedef struct ws_chat_tally {
  uint64_t records;                           // with gold
  uint64_t answered[WS_CHAT_MAX_SAMPLES + 1]; // by how many agreed; [0]: no answer
  uint64_t right[WS_CHAT_MAX_SAMPLES + 1];    // of them; [0] is 0
} ws_chat_tally;

/* Passes over gold WS_ABSTAIN. Start from {0}. */
WS_API void ws_chat_tally_add(ws_chat_tally *tally, const ws_chat_answer *answer,
                              int32_t gold);

WS_END_DECLS

#endif
