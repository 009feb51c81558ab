/* SPDX-License-Identifier: MIT
 *
 * Who answers in `weaksup active`, where that is no person at the terminal: a command, or
 * a language model.
 */
#ifndef WS_ACTIVE_ORACLE_H
#define WS_ACTIVE_ORACLE_H

#include <weaksup/chat_label.h>

#include "chat_options.h"
#include "next.h"

typedef struct oracle {
  const ws_task *task; // borrowed
  ws_chat *chat;
  ws_json_parser *parser;
  ws_chat_labeler *labeler; // of a language model, which is shown the text alone; NULL: a
                            // command, which gets the whole record
} oracle;

/* `settings` are those that chat_read filled. Clear it whatever the status. */
WS_CHECK ws_status oracle_open(oracle *q, const ws_task *task,
                               const chat_settings *settings, bool model, ws_error *err);
void oracle_clear(oracle *q);

/* Asks for the label of a record. WS_ABSTAIN: it has none to give; *astray where a
 * language model's answer is no label. WS_EPARSE where a command's is none: it is wrong,
 * and is not asked on. */
WS_CHECK ws_status oracle_ask(oracle *q, const next_record *record, int32_t *label,
                              bool *astray, ws_error *err);
/* Asks a command about all of them at once: labels[count]. WS_EPARSE where it does not
 * give a line for each. */
WS_CHECK ws_status oracle_ask_all(oracle *q, const next_record *records, size_t count,
                                  int32_t *labels, ws_error *err);

#endif
