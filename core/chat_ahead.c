/* SPDX-License-Identifier: MIT
 *
 * Asking ahead: requests whose replies will be wanted are sent by several threads, and
 * ws_chat_ask takes what they brought, request by request. All that is decided is decided
 * there, in its order: what came ahead changes when it is known, not what is made of it.
 *
 * Each thread has a conversation of its own. What one brings is kept in the folder of
 * recorded replies as soon as it is there, whatever becomes of the others.
 */
#include "chat_priv.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

enum {
  AHEAD = 4, // requests for each thread that may wait for it or for who wants them
  SLICE_MS = 50,
};

typedef enum item_state { WAITING, RUNNING, DONE } item_state;

typedef struct item {
  struct item *next;
  ws_buffer system, prompt, schema, grammar, canonical;
  ws_chat_request request; // of these texts
  ws_chat_usage used;      // when it was begun, others that were on their way included
  item_state state;
  ws_chat_reply reply;
  bool came; // there is a reply, though it may not have been recorded
  ws_status status;
  ws_error err;
  ws_chat_failure failure;
  ws_buffer detail;
  uint64_t lost, retries; // attempts that may have been charged
} item;

typedef struct asker {
  struct ws__chat_ahead *all;
  ws_chat *chat;
  pthread_t thread;
} asker;

struct ws__chat_ahead {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  pthread_mutex_t starting; // a process, or libcurl
  atomic_bool stop;
  item *first; // in the order in which they were begun
  size_t count;
  size_t running; // of them
  uint64_t turns; // how often one of them began to run
  asker *askers;  // [asker_count]
  size_t asker_count;
};

static void item_free(item *i) {
  ws_buffer *texts[] = {&i->system,  &i->prompt,    &i->schema,
                        &i->grammar, &i->canonical, &i->detail};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) ws_buffer_clear(texts[t]);
  ws_chat_reply_clear(&i->reply);
  ws_free(i);
}

/* --- threads ------------------------------------------------------------------------ */

static ws_status ask(ws_chat *chat, item *i) {
  const char *record = chat->options.record;
  if (record) WS_TRY(ws__chat_can_record(record, &i->err));
  WS_TRY(ws__chat_ask_live(chat, &i->request, &i->reply, &i->err));
  i->came = true;
  if (!record) return WS_OK;
  return ws__chat_entry_save(chat, record, ws_buffer_as_text(&i->canonical), &i->reply,
                             &i->err);
}

static void run(ws_chat *chat, item *i) {
  chat->account = (ws_chat_account){.usage = i->used};
  chat->account.usd = ws_chat_cost(&chat->options, i->used);
  chat->failure = WS_CHAT_FINE;
  chat->detail.size = 0;
  chat->scarce = false;
  i->status = ask(chat, i);
  i->failure = chat->failure;
  i->lost = chat->account.estimated;
  i->retries = chat->account.retries;
  if (ws_buffer_text(&i->detail, ws_buffer_as_text(&chat->detail)) != WS_OK)
    i->detail.size = 0; // it only tells more
}

/* What could not be started while others ran may go better once one of them is done: they
 * hold descriptors and processes that it lacks. With the lock. */
static void run_in_turn(asker *self, item *i) {
  struct ws__chat_ahead *all = self->all;
  bool last = false;
  i->state = RUNNING;
  all->running++;
  while (!last) {
    bool alone = all->running == 1;
    uint64_t turn = ++all->turns;
    pthread_mutex_unlock(&all->lock);
    run(self->chat, i);
    pthread_mutex_lock(&all->lock);
    alone = alone && turn == all->turns; // nobody came since
    last = alone || !self->chat->scarce || atomic_load(&all->stop);
    if (last || all->running == 1) continue;
    all->running--;
    pthread_cond_wait(&all->changed, &all->lock);
    all->running++;
  }
  all->running--;
  i->state = DONE;
  pthread_cond_broadcast(&all->changed);
}

static item *next_waiting(const struct ws__chat_ahead *all) {
  item *i = all->first;
  while (i && i->state != WAITING) i = i->next;
  return i;
}

static void *work(void *user) {
  asker *self = user;
  struct ws__chat_ahead *all = self->all;
  pthread_mutex_lock(&all->lock);
  while (!atomic_load(&all->stop)) {
    item *i = next_waiting(all);
    if (!i) {
      pthread_cond_wait(&all->changed, &all->lock);
      continue;
    }
    run_in_turn(self, i);
  }
  pthread_mutex_unlock(&all->lock);
  return NULL;
}

/* --- life --------------------------------------------------------------------------- */

/* In place of the caller's progress function, which is for one thread. */
static bool goes_on(void *user, const ws_progress *progress) {
  (void)progress;
  return !atomic_load(&((struct ws__chat_ahead *)user)->stop);
}

static ws_status add_chat(struct ws__chat_ahead *all, const ws_chat *of, ws_chat **out) {
  ws_chat *chat = ws_alloc_zero(1, sizeof *chat);
  if (!chat) return WS_ENOMEM;
  chat->options = of->options; // whose texts are borrowed
  chat->options.progress = (ws_progress_sink){goes_on, all};
  chat->starting = &all->starting;
  ws_rng_init(&chat->rng, of->options.seed + all->asker_count + 1);
  ws_status status = ws_json_parser_new(&chat->parser);
  if (status == WS_OK && chat->options.endpoint) status = ws__chat_check_url(chat, NULL);
  if (status == WS_OK)
    *out = chat;
  else
    ws_chat_free(chat);
  return status;
}

/* Signals are for the thread that was there before. */
static bool start_thread(asker *self) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = pthread_create(&self->thread, NULL, work, self) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return started;
}

static void add_asker(struct ws__chat_ahead *all, const ws_chat *chat) {
  asker *self = &all->askers[all->asker_count];
  self->all = all;
  if (add_chat(all, chat, &self->chat) != WS_OK) return;
  if (start_thread(self))
    all->asker_count++;
  else
    ws_chat_free(self->chat);
}

/* With fewer threads where the system does not give so many; false: with none. */
static bool open_ahead(ws_chat *chat) {
  struct ws__chat_ahead *all = ws_alloc_zero(1, sizeof *all);
  if (!all) return false;
  pthread_mutex_init(&all->lock, NULL);
  pthread_mutex_init(&all->starting, NULL);
  pthread_cond_init(&all->changed, NULL);
  chat->ahead = all;
  chat->starting = &all->starting;
  all->askers = ws_alloc_zero(chat->options.jobs, sizeof *all->askers);
  pthread_mutex_lock(&all->lock);
  for (unsigned j = 0; all->askers && j < chat->options.jobs; j++) add_asker(all, chat);
  pthread_mutex_unlock(&all->lock);
  return all->asker_count > 0;
}

void ws__chat_ahead_free(ws_chat *chat) {
  struct ws__chat_ahead *all = chat->ahead;
  if (!all) return;
  pthread_mutex_lock(&all->lock);
  atomic_store(&all->stop, true);
  pthread_cond_broadcast(&all->changed);
  pthread_mutex_unlock(&all->lock);
  for (size_t j = 0; j < all->asker_count; j++) {
    pthread_join(all->askers[j].thread, NULL);
    ws_chat_free(all->askers[j].chat);
  }
  for (item *i = all->first, *next; i; i = next) {
    next = i->next;
    item_free(i);
  }
  pthread_mutex_destroy(&all->lock);
  pthread_mutex_destroy(&all->starting);
  pthread_cond_destroy(&all->changed);
  ws_free(all->askers);
  ws_free(all);
  chat->ahead = NULL;
  chat->starting = NULL;
}

/* --- beginning ---------------------------------------------------------------------- */

static bool is_recorded(const ws_chat *chat, const char *key) {
  ws_buffer path = {0};
  struct stat about;
  const char *record = chat->options.record;
  bool there = record && ws__chat_entry_path(record, key, &path) == WS_OK &&
               stat(path.data, &about) == 0;
  ws_buffer_clear(&path);
  return there;
}

/* The list is changed by one thread only, which may look at it without the lock; so may
 * all at what stays as it is in an item. */
static bool is_begun(const struct ws__chat_ahead *all, const char *key) {
  for (const item *i = all ? all->first : NULL; i; i = i->next)
    if (strcmp(i->reply.key, key) == 0) return true;
  return false;
}

/* What is used, and what those may use that are on their way. */
static ws_chat_usage reserved(const ws_chat *chat) {
  ws_chat_usage sum = chat->account.usage;
  for (const item *i = chat->ahead ? chat->ahead->first : NULL; i; i = i->next) {
    ws_chat_usage worst = ws_chat_worst_case(&i->request);
    sum.input += worst.input;
    sum.output += worst.output;
  }
  return sum;
}

static bool has_room(const ws_chat *chat, const ws_chat_request *request) {
  const ws_chat_options *o = &chat->options;
  ws_chat_usage used = reserved(chat), more = ws_chat_worst_case(request);
  uint64_t tokens = used.input + used.output, added = more.input + more.output;
  if (chat->ahead && chat->ahead->count >= (size_t)o->jobs * AHEAD) return false;
  if (o->budget_tokens != UINT64_MAX &&
      (tokens > o->budget_tokens || added > o->budget_tokens - tokens))
    return false;
  return isnan(o->budget_usd) ||
         ws_chat_cost(o, used) + ws_chat_cost(o, more) <= o->budget_usd;
}

static ws_status copy_text(ws_text *text, ws_buffer *to) {
  if (text->size == 0) return WS_OK;
  WS_TRY(ws_buffer_text(to, *text));
  *text = ws_buffer_as_text(to);
  return WS_OK;
}

static item *new_item(const ws_chat_request *request, ws_buffer *canonical,
                      const char *key) {
  item *i = ws_alloc_zero(1, sizeof *i);
  if (!i) return NULL;
  i->request = *request;
  memcpy(i->reply.key, key, sizeof i->reply.key);
  i->err = (ws_error)WS_ERROR_INIT;
  if (copy_text(&i->request.system, &i->system) != WS_OK ||
      copy_text(&i->request.prompt, &i->prompt) != WS_OK ||
      copy_text(&i->request.json_schema, &i->schema) != WS_OK ||
      copy_text(&i->request.grammar, &i->grammar) != WS_OK ||
      ws_buffer_text(&i->canonical, ws_buffer_as_text(canonical)) != WS_OK) {
    item_free(i);
    return NULL;
  }
  return i;
}

static void append(struct ws__chat_ahead *all, item *i) {
  item **at = &all->first;
  pthread_mutex_lock(&all->lock);
  while (*at) at = &(*at)->next;
  *at = i;
  all->count++;
  pthread_cond_broadcast(&all->changed);
  pthread_mutex_unlock(&all->lock);
}

static bool begin(ws_chat *chat, const ws_chat_request *request, ws_buffer *canonical) {
  char key[33];
  ws_hash128_hex(ws_hash128_of(canonical->data, canonical->size), key);
  if (is_begun(chat->ahead, key) || is_recorded(chat, key)) return true;
  if (!has_room(chat, request)) return false;
  if (!chat->ahead && !open_ahead(chat)) return false;
  if (chat->ahead->asker_count == 0) return false;
  item *i = new_item(request, canonical, key);
  if (!i) return false;
  i->used = reserved(chat);
  append(chat->ahead, i);
  return true;
}

bool ws_chat_begin(ws_chat *chat, const ws_chat_request *request) {
  ws_buffer canonical = {0};
  if (chat->options.replay) return true;
  if (chat->options.jobs < 2) return false;
  bool begun =
      ws__chat_canonical(chat->options.model, request, &canonical, NULL) == WS_OK &&
      begin(chat, request, &canonical);
  ws_buffer_clear(&canonical);
  return begun;
}

/* --- taking ------------------------------------------------------------------------- */

static struct timespec soon(void) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  at.tv_nsec += SLICE_MS * 1000000L;
  if (at.tv_nsec >= 1000000000L) at.tv_sec++, at.tv_nsec -= 1000000000L;
  return at;
}

/* False where the caller wants to stop. */
static bool wait_for(const ws_chat *chat, const item *i) {
  struct ws__chat_ahead *all = chat->ahead;
  bool on = true, done = false;
  while (on && !done) {
    struct timespec at = soon();
    pthread_mutex_lock(&all->lock);
    if (i->state != DONE) pthread_cond_timedwait(&all->changed, &all->lock, &at);
    done = i->state == DONE;
    pthread_mutex_unlock(&all->lock);
    if (!done) on = ws__chat_goes_on(chat);
  }
  return on;
}

static item *take_out(struct ws__chat_ahead *all, item *i) {
  item **at = &all->first;
  pthread_mutex_lock(&all->lock);
  while (*at != i) at = &(*at)->next;
  *at = i->next;
  all->count--;
  pthread_mutex_unlock(&all->lock);
  return i;
}

static void settle(ws_chat *chat, item *i, ws_chat_reply *reply) {
  for (uint64_t n = 0; n < i->lost; n++) ws__chat_count_lost(chat, &i->request);
  chat->account.retries += i->retries;
  chat->failure = i->failure;
  chat->detail.size = 0;
  if (ws_buffer_text(&chat->detail, ws_buffer_as_text(&i->detail)) != WS_OK)
    chat->detail.size = 0;
  ws_chat_reply before = *reply;
  *reply = i->reply;
  i->reply = before;
}

ws_status ws__chat_ahead_take(ws_chat *chat, ws_chat_reply *reply, ws__chat_taken *out,
                              ws_error *err) {
  struct ws__chat_ahead *all = chat->ahead;
  item *i = all ? all->first : NULL;
  *out = (ws__chat_taken){false, false};
  while (i && strcmp(i->reply.key, reply->key) != 0) i = i->next;
  if (!i) return WS_OK;
  if (!wait_for(chat, i))
    return ws__chat_fail(chat, WS_CHAT_STOPPED, WS_ESTOPPED, err, "stopped");
  take_out(all, i);
  settle(chat, i, reply);
  ws_status status = i->status;
  *out = (ws__chat_taken){true, i->came};
  if (status != WS_OK && err) *err = i->err;
  item_free(i);
  // Others were on their way: alone it may fit
  if (status != WS_OK && chat->failure == WS_CHAT_BUDGET) out->taken = false;
  return out->taken ? status : WS_OK;
}
