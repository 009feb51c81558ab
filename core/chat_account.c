/* SPDX-License-Identifier: MIT
 *
 * Tokens and money. What a request may use is told before it is sent, at its worst: the
 * texts by an estimate of tokens that rather says too many, and the reply at max_tokens.
 */
#include "chat_priv.h"

#include <math.h>

/* Chat templates put a few tokens around each message. */
enum { MESSAGE_TOKENS = 8 };

uint64_t ws_chat_estimate(ws_text text) {
  size_t others = 0;
  for (size_t i = 0; i < text.size; i++) others += (unsigned char)text.data[i] >= 0x80;
  return (text.size - others + 3) / 4 + (others + 1) / 2;
}

ws_chat_usage ws_chat_worst_case(const ws_chat_request *request) {
  uint64_t input = ws_chat_estimate(request->prompt) + MESSAGE_TOKENS;
  if (request->system.size) input += ws_chat_estimate(request->system) + MESSAGE_TOKENS;
  return (ws_chat_usage){input, request->max_tokens, true};
}

double ws_chat_cost(const ws_chat_options *options, ws_chat_usage usage) {
  return ((double)usage.input * options->price_input +
          (double)usage.output * options->price_output) /
         1e6;
}

static uint64_t tokens(ws_chat_usage usage) {
  return usage.input + usage.output;
}

static ws_status over_tokens(ws_chat *chat, uint64_t more, ws_error *err) {
  const ws_chat_account *account = &chat->account;
  uint64_t used = tokens(account->usage);
  return ws__chat_fail(
      chat, WS_CHAT_BUDGET, WS_EINVAL, err,
      "beyond the budget of %llu tokens: %llu are used (%llu of them for recorded "
      "replies), and this request may use %llu more; --budget-tokens raises it",
      (unsigned long long)chat->options.budget_tokens, (unsigned long long)used,
      (unsigned long long)(used - tokens(account->paid)), (unsigned long long)more);
}

static ws_status over_usd(ws_chat *chat, double more, ws_error *err) {
  const ws_chat_account *account = &chat->account;
  return ws__chat_fail(
      chat, WS_CHAT_BUDGET, WS_EINVAL, err,
      "beyond the budget of %.6g USD: %.6g are spent (%.6g of them for recorded "
      "replies), and this request may cost %.6g more; --budget-usd raises it",
      chat->options.budget_usd, account->usd, account->usd - account->paid_usd, more);
}

ws_status ws__chat_budget(ws_chat *chat, const ws_chat_request *request, ws_error *err) {
  const ws_chat_options *options = &chat->options;
  ws_chat_usage worst = ws_chat_worst_case(request);
  double usd = ws_chat_cost(options, worst);
  uint64_t used = tokens(chat->account.usage), more = tokens(worst);
  if (options->budget_tokens != UINT64_MAX &&
      (used > options->budget_tokens || more > options->budget_tokens - used))
    return over_tokens(chat, more, err);
  if (!isnan(options->budget_usd) && chat->account.usd + usd > options->budget_usd)
    return over_usd(chat, usd, err);
  return WS_OK;
}

static void add(ws_chat *chat, ws_chat_usage usage, bool paid) {
  ws_chat_account *account = &chat->account;
  ws_chat_usage *of[] = {&account->usage, &account->paid};
  for (size_t i = 0; i < (paid ? 2u : 1u); i++) {
    of[i]->input += usage.input;
    of[i]->output += usage.output;
    of[i]->estimated = of[i]->estimated || usage.estimated;
  }
  account->estimated += usage.estimated;
  account->usd = ws_chat_cost(&chat->options, account->usage);
  account->paid_usd = ws_chat_cost(&chat->options, account->paid);
}

void ws__chat_count(ws_chat *chat, const ws_chat_reply *reply) {
  add(chat, reply->usage, !reply->recorded);
  chat->account.replies++;
  chat->account.recorded += reply->recorded;
}

void ws__chat_count_lost(ws_chat *chat, const ws_chat_request *request) {
  add(chat, ws_chat_worst_case(request), true);
}
