/* SPDX-License-Identifier: MIT
 *
 * What the budget leaves while requests are on their way: each of them counts at its
 * worst case until it is known what it used, and so do attempts that brought nothing.
 */
#include "chat_ahead.h"

#include <math.h>
#include <time.h>

enum { SLICE_MS = 50 };

void ws__ahead_add(ws_chat_usage *sum, ws_chat_usage more) {
  sum->input += more.input;
  sum->output += more.output;
}

ws_chat_usage ws__ahead_usage(const ws__ahead_item *item) {
  ws_chat_usage worst = ws_chat_worst_case(&item->request);
  uint64_t times = item->lost + (item->state != WS__DONE);
  ws_chat_usage sum = {worst.input * times, worst.output * times, true};
  if (item->state == WS__DONE && item->came) ws__ahead_add(&sum, item->reply.usage);
  return sum;
}

/* With the lock held. */
static ws_chat_usage on_its_way(const struct ws__chat_ahead *all,
                                const ws__ahead_item *but) {
  ws_chat_usage sum = all->skipped;
  for (const ws__ahead_item *i = all->first; i; i = i->next)
    if (i != but) ws__ahead_add(&sum, ws__ahead_usage(i));
  return sum;
}

static ws_chat_usage reserved(const ws_chat *chat) {
  struct ws__chat_ahead *all = chat->ahead;
  ws_chat_usage sum = chat->account.usage;
  if (!all) return sum;
  pthread_mutex_lock(&all->lock);
  ws__ahead_add(&sum, on_its_way(all, NULL));
  pthread_mutex_unlock(&all->lock);
  return sum;
}

bool ws__ahead_fits(const ws_chat *chat, const ws_chat_request *request) {
  const ws_chat_options *o = &chat->options;
  if (o->budget_tokens == UINT64_MAX && isnan(o->budget_usd)) return true;
  ws_chat_usage used = reserved(chat), more = ws_chat_worst_case(request);
  uint64_t tokens = used.input + used.output, added = more.input + more.output;
  if (o->budget_tokens != UINT64_MAX &&
      (tokens > o->budget_tokens || added > o->budget_tokens - tokens))
    return false;
  return isnan(o->budget_usd) ||
         ws_chat_cost(o, used) + ws_chat_cost(o, more) <= o->budget_usd;
}

void ws__chat_ahead_count(ws_chat *chat) {
  ws__asker *self = chat->asker;
  if (!self) return;
  struct ws__chat_ahead *all = self->all;
  pthread_mutex_lock(&all->lock);
  self->item->lost = chat->account.estimated;
  ws_chat_usage sum = all->used, worst = ws_chat_worst_case(&self->item->request);
  ws__ahead_add(&sum, on_its_way(all, self->item));
  pthread_mutex_unlock(&all->lock);
  sum.input += worst.input * chat->account.estimated;
  sum.output += worst.output * chat->account.estimated;
  chat->account.usage = sum;
  chat->account.usd = ws_chat_cost(&chat->options, sum);
}

/* --- making room -------------------------------------------------------------------- */

void ws__ahead_remove(struct ws__chat_ahead *all, ws__ahead_item *item) {
  ws__ahead_item **at = &all->first;
  while (*at != item) at = &(*at)->next;
  *at = item->next;
  all->count -= item->counts;
  if (item->before) item->before->behind = NULL;
  if (item->behind) item->behind->before = NULL;
}

void ws__ahead_wait(struct ws__chat_ahead *all) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  at.tv_nsec += SLICE_MS * 1000000L;
  if (at.tv_nsec >= 1000000000L) at.tv_sec++, at.tv_nsec -= 1000000000L;
  pthread_cond_timedwait(&all->changed, &all->lock, &at);
}

/* Who waits goes, to be asked when it is wanted; with the lock held. Whether some are on
 * their way. */
static bool drop_waiting(struct ws__chat_ahead *all) {
  bool running = false;
  for (ws__ahead_item *i = all->first, *next; i; i = next) {
    next = i->next;
    running = running || i->state == WS__RUNNING;
    if (i->state != WS__WAITING) continue;
    ws__ahead_remove(all, i);
    ws__ahead_item_free(i);
  }
  return running;
}

ws_status ws__chat_ahead_alone(ws_chat *chat, const ws_chat_request *request,
                               ws_error *err) {
  struct ws__chat_ahead *all = chat->ahead;
  bool running = all != NULL;
  while (running && !ws__ahead_fits(chat, request)) {
    pthread_mutex_lock(&all->lock);
    running = drop_waiting(all);
    if (running) ws__ahead_wait(all);
    pthread_mutex_unlock(&all->lock);
    if (!ws__chat_goes_on(chat))
      return ws__chat_fail(chat, WS_CHAT_STOPPED, WS_ESTOPPED, err, "stopped");
  }
  ws_chat_account *account = &chat->account;
  ws_chat_usage own = account->usage, all_used = reserved(chat);
  double usd = account->usd;
  account->usage.input = all_used.input, account->usage.output = all_used.output;
  account->usd = ws_chat_cost(&chat->options, all_used);
  ws_status status = ws__chat_budget(chat, request, err);
  account->usage.input = own.input, account->usage.output = own.output;
  account->usd = usd;
  return status;
}
