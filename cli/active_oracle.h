/* SPDX-License-Identifier: MIT
 *
 * Who answers in `weaksup active`, where that is no person at the terminal: a command, or
 * a language model.
 */
#ifndef WS_ACTIVE_ORACLE_H
#define WS_ACTIVE_ORACLE_H

#include "chat_options.h"
#include "next.h"

typedef struct oracle {
  const ws_task *task; // borrowed
  chat_settings settings;
  ws_chat *chat;
  ws_json_parser *parser;
  bool model;       // a language model, which is shown the text alone and may be wrong
  ws_buffer system; // what it is told
  ws_buffer schema; // of its reply
} oracle;

/* `settings` are those that chat_read filled. Clear it whatever the status. */
WS_CHECK ws_status oracle_open(oracle *q, const ws_task *task,
                               const chat_settings *settings, bool model, ws_error *err);
void oracle_clear(oracle *q);

/* Asks for the label of a record. WS_ABSTAIN: it has none to give; `why` then gets
 * what came instead, if anything did. WS_EPARSE where a command answers with what is no
 * label: it is wrong, and is not asked on. */
WS_CHECK ws_status oracle_ask(oracle *q, const next_record *record, int32_t *label,
                              ws_buffer *why, ws_error *err);

#endif
