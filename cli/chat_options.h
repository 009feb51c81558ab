/* SPDX-License-Identifier: MIT
 *
 * What commands that ask a language model share: their options, and what they say of
 * failures and of the account. Each lists CHAT_OPTIONS among the options it takes.
 *
 * The API key is read from the environment, and from nowhere else.
 */
#ifndef WS_CHAT_OPTIONS_H
#define WS_CHAT_OPTIONS_H

#include <weaksup/chat.h>
#include <weaksup/json.h>
#include <weaksup/task.h>

#include "cmd.h"

#define CHAT_OPTIONS                                                                     \
  "endpoint", "server", "cmd", "chat:model", "api-key-env", "record", "replay",          \
      "budget-tokens", "budget-usd", "price-in", "price-out", "max-tokens",              \
      "temperature", "timeout", "attempts"

typedef struct chat_settings {
  ws_chat_options chat; // borrows from the options
  uint32_t max_tokens;  // 0: not given
  double temperature;   // NaN: not given
} chat_settings;

/* Whether the options name anybody to ask, or replies. */
bool chat_is_given(const options *o);

/* False: wrong usage, already said. */
bool chat_read(const command *self, const options *o, chat_settings *out);

/* Only what --dry-run needs, which asks nobody: prices, limits. */
bool chat_read_costs(const command *self, const options *o, chat_settings *out);

/* ", at most 0.0012 USD" for the usage, or how to learn that. */
void chat_put_cost(const chat_settings *settings, ws_chat_usage usage, char *out,
                   size_t size);

/* Takes the prices of the task where the options name none. */
void chat_use_task(chat_settings *settings, const ws_task *task);

/* Sets what --max-tokens and --temperature say; leaves the rest as it is. */
void chat_set_request(const chat_settings *settings, ws_chat_request *request);

/* Says what goes with the failure of the last request, if there is more than its error:
 * the difference to a recorded request, what a command complained about. */
void chat_say_detail(const ws_chat *chat);
/* Says how to find out what is wrong with a command that failed, of a `self` that has
 * --dry-run. */
void chat_say_advice(const command *self, const options *o, const ws_chat *chat);

/* "12 replies (3 recorded), 4120 tokens in, 300 out, 0.0012 USD". */
void chat_say_account(const options *o, const ws_chat *chat);
/* The same as members of an object that is open: "replies", "recorded", ... */
void chat_put_account(ws_json_writer *json, const ws_chat *chat);

#endif
