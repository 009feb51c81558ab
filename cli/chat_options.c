/* SPDX-License-Identifier: MIT
 *
 * The options of commands that ask a language model.
 */
#include "chat_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members.h"
#include "say.h"

bool chat_is_given(const options *o) {
  return o->endpoint || o->cmd || o->replay;
}

/* --- reading --- */

static bool read_amount(const command *self, const char *name, const char *text,
                        double *out) {
  if (!text || (ws_text_to_double(ws_text_of(text), out) && *out >= 0)) return true;
  return say_usage(self, "--%s: expected a number, not below 0, found '%s'", name, text);
}

static bool read_amounts(const command *self, const options *o, chat_settings *out) {
  out->temperature = (double)NAN;
  if (!read_amount(self, "budget-usd", o->budget_usd, &out->chat.budget_usd) ||
      !read_amount(self, "price-in", o->price_in, &out->chat.price_input) ||
      !read_amount(self, "price-out", o->price_out, &out->chat.price_output) ||
      !read_amount(self, "temperature", o->temperature, &out->temperature))
    return false;
  if (!isnan(out->temperature) && out->temperature > 100)
    return say_usage(self, "--temperature: expected a number from 0 to 100, found '%s'",
                     o->temperature);
  return true;
}

static bool read_limits(const command *self, const options *o, chat_settings *out) {
  if (o->max_tokens > UINT32_MAX)
    return say_usage(self, "--max-tokens: expected at most %u", UINT32_MAX);
  out->max_tokens = (uint32_t)o->max_tokens;
  out->chat.seconds = (unsigned)o->timeout;
  out->chat.retries = (unsigned)o->attempts - 1;
  out->chat.budget_tokens = o->budget_tokens;
  return true;
}

/* With --replay nobody is asked, and no key is needed. */
static bool read_key(const command *self, const options *o, chat_settings *out) {
  if (!o->api_key_env || o->replay) return true;
  out->chat.api_key = getenv(o->api_key_env);
  if (out->chat.api_key && *out->chat.api_key) return true;
  return say_usage(self,
                   "--api-key-env: expected the name of an environment variable that "
                   "holds the key, and '%s' is not set (a key itself is never given as "
                   "an option: others can see those)",
                   strlen(o->api_key_env) > 40 ? "it" : o->api_key_env);
}

static bool read_who(const command *self, const options *o, chat_settings *out) {
  if (!chat_is_given(o))
    return say_usage(self, "expected whom to ask: --endpoint URL --model NAME, --cmd "
                           "COMMAND, or --replay DIR");
  if (o->endpoint && o->cmd)
    return say_usage(self, "expected --endpoint or --cmd, found both");
  if (o->record && o->replay)
    return say_usage(self, "expected --record or --replay, found both");
  if (!o->chat_model && !o->cmd)
    return say_usage(self, "expected --model NAME%s",
                     o->endpoint ? "" : ", as the replies were recorded");
  if (o->server && !ws_chat_server_find(o->server, &out->chat.server))
    return say_usage(self,
                     "--server: expected openai, llama.cpp, vllm or ollama, found '%s'",
                     o->server);
  return true;
}

bool chat_read_costs(const command *self, const options *o, chat_settings *out) {
  *out = (chat_settings){.chat = ws_chat_options_default()};
  return read_amounts(self, o, out) && read_limits(self, o, out);
}

bool chat_read(const command *self, const options *o, chat_settings *out) {
  *out = (chat_settings){.chat = ws_chat_options_default()};
  out->chat.endpoint = o->endpoint;
  out->chat.command = o->cmd;
  out->chat.model = o->chat_model;
  out->chat.record = o->record;
  out->chat.replay = o->replay;
  out->chat.seed = o->seed;
  return read_who(self, o, out) && read_amounts(self, o, out) &&
         read_limits(self, o, out) && read_key(self, o, out);
}

void chat_use_task(chat_settings *settings, const ws_task *task) {
  ws_task_prices prices = ws_task_prices_of(task);
  ws_chat_options *chat = &settings->chat;
  if (isnan(chat->price_input)) chat->price_input = prices.input;
  if (isnan(chat->price_output)) chat->price_output = prices.output;
}

void chat_put_cost(const chat_settings *settings, ws_chat_usage usage, char *out,
                   size_t size) {
  double usd = ws_chat_cost(&settings->chat, usage);
  if (isnan(usd))
    snprintf(out, size, " (--price-in and --price-out tell what that costs)");
  else
    snprintf(out, size, ", at most %.6g USD", usd);
}

void chat_set_request(const chat_settings *settings, ws_chat_request *request) {
  if (settings->max_tokens) request->max_tokens = settings->max_tokens;
  if (!isnan(settings->temperature)) request->temperature = settings->temperature;
}

/* --- saying --- */

/* Line by line, as messages are. */
static void say_lines(const char *what, ws_text text) {
  const char *at = text.data, *end = text.data + text.size;
  say_warning("%s", what);
  while (at < end) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop) stop = end;
    say_warning("| %.*s", (int)(stop - at), at);
    at = stop + 1;
  }
}

void chat_say_detail(const ws_chat *chat) {
  ws_text detail = ws_chat_detail(chat);
  ws_chat_failure failure = ws_chat_last_failure(chat);
  if (detail.size == 0) return;
  if (failure == WS_CHAT_NOT_RECORDED)
    say_lines("what is asked differs from what was recorded:", detail);
  bool late = failure == WS_CHAT_TIMEOUT, runs = ws_chat_runs_command(chat);
  if (failure == WS_CHAT_COMMAND || (late && runs))
    say_lines("the command said:", detail);
  if ((late && !runs) || failure == WS_CHAT_MALFORMED || failure == WS_CHAT_TOO_LARGE)
    say_lines("what came began with:", detail);
}

void chat_say_advice(const command *self, const options *o, const ws_chat *chat) {
  ws_chat_failure failure = ws_chat_last_failure(chat);
  bool late = failure == WS_CHAT_TIMEOUT && ws_chat_runs_command(chat);
  if (failure == WS_CHAT_COMMAND || late)
    say_note(o,
             "run the command by hand to see why: it reads a prompt from standard input, "
             "and `weaksup %s --dry-run` prints one%s",
             self->name, late ? "; --timeout S waits longer" : "");
}

void chat_say_account(const options *o, const ws_chat *chat) {
  ws_chat_account a = ws_chat_account_of(chat);
  char usd[64] = "";
  if (!isnan(a.usd)) snprintf(usd, sizeof usd, ", %.6g USD", a.usd);
  say_note(o, "%llu replies (%llu recorded), %llu tokens in, %llu out%s%s",
           (unsigned long long)a.replies, (unsigned long long)a.recorded,
           (unsigned long long)a.usage.input, (unsigned long long)a.usage.output,
           a.usage.estimated ? " (partly estimated)" : "", usd);
}

void chat_put_account(ws_json_writer *json, const ws_chat *chat) {
  ws_chat_account a = ws_chat_account_of(chat);
  json_put_uint(json, "replies", a.replies);
  json_put_uint(json, "recorded", a.recorded);
  json_put_uint(json, "retries", a.retries);
  json_put_uint(json, "failed", a.failed);
  json_put_uint(json, "tokens_in", a.usage.input);
  json_put_uint(json, "tokens_out", a.usage.output);
  json_put_uint(json, "estimated", a.estimated);
  json_put_number(json, "usd", a.usd);
}
