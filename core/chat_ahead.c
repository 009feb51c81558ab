/* SPDX-License-Identifier: MIT
 *
 * Asking ahead: requests whose replies will be wanted are sent by several threads, and
 * ws_chat_ask takes what they brought, request by request. All that is decided is decided
 * there, in its order: what came ahead changes when it is known, not what is made of it.
 *
 * Each thread has a conversation of its own. What one brings is kept in the folder of
 * recorded replies as soon as it is there, whatever becomes of the others.
 */
#include "chat_ahead.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

enum { AHEAD = 4 }; // requests for each thread that may wait for it or for who wants them

typedef ws__ahead_item item;
typedef ws__asker asker;

void ws__ahead_item_free(item *i) {
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
  chat->account = (ws_chat_account){0}; // before an attempt is made again it is counted
  chat->failure = WS_CHAT_FINE;
  chat->detail.size = 0;
  chat->scarce = false;
  i->status = ask(chat, i);
  i->failure = chat->failure;
  i->retries = chat->account.retries;
  if (ws_buffer_text(&i->detail, ws_buffer_as_text(&chat->detail)) != WS_OK)
    i->detail.size = 0; // it only tells more
}

/* What could not be started while others ran may go better once one of them is done: they
 * hold descriptors and processes that it lacks. With the lock. */
static void run_in_turn(asker *self, item *i) {
  struct ws__chat_ahead *all = self->all;
  bool last = false;
  self->item = i;
  i->state = WS__RUNNING;
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
  i->lost = self->chat->account.estimated;
  i->state = WS__DONE;
  pthread_cond_broadcast(&all->changed);
}

static bool may_run(const item *i) {
  const item *before = i->before;
  if (i->state != WS__WAITING) return false;
  return !before || (before->state == WS__DONE && before->status == WS_OK);
}

static item *next_waiting(const struct ws__chat_ahead *all) {
  item *i = all->first;
  while (i && !may_run(i)) i = i->next;
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
  self->chat->asker = self;
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
    ws__ahead_item_free(i);
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
static item *find(const struct ws__chat_ahead *all, const char *key) {
  item *i = all ? all->first : NULL;
  while (i && strcmp(i->reply.key, key) != 0) i = i->next;
  return i;
}

static bool has_room(const ws_chat *chat, const ws_chat_request *request, bool counts) {
  if (counts && chat->ahead && chat->ahead->count >= (size_t)chat->options.jobs * AHEAD)
    return false;
  return ws__ahead_fits(chat, request);
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
    ws__ahead_item_free(i);
    return NULL;
  }
  return i;
}

static void append(struct ws__chat_ahead *all, item *i, item *before,
                   ws_chat_usage used) {
  item **at = &all->first;
  pthread_mutex_lock(&all->lock);
  while (*at) at = &(*at)->next;
  *at = i;
  i->counts = !before;
  i->before = before;
  if (before) before->behind = i;
  all->count += i->counts;
  all->used = used;
  pthread_cond_broadcast(&all->changed);
  pthread_mutex_unlock(&all->lock);
}

static bool begin(ws_chat *chat, const ws_chat_request *request, ws_buffer *canonical,
                  const char *key, const char *behind) {
  item *before = find(chat->ahead, behind);
  if (before && before->behind) before = NULL;
  if (find(chat->ahead, key) || is_recorded(chat, key)) return true;
  if (!has_room(chat, request, !before)) return false;
  if (!chat->ahead && !open_ahead(chat)) return false;
  if (chat->ahead->asker_count == 0) return false;
  item *i = new_item(request, canonical, key);
  if (!i) return false;
  append(chat->ahead, i, before, chat->account.usage);
  return true;
}

bool ws__chat_begin_behind(ws_chat *chat, const ws_chat_request *request, char key[33]) {
  ws_buffer canonical = {0};
  char own[33];
  if (chat->options.replay) return true;
  if (chat->options.jobs < 2) return false;
  bool begun =
      ws__chat_canonical(chat->options.model, request, &canonical, NULL) == WS_OK;
  if (begun) {
    ws_hash128_hex(ws_hash128_of(canonical.data, canonical.size), own);
    begun = begin(chat, request, &canonical, own, key);
    memcpy(key, own, sizeof own);
  }
  ws_buffer_clear(&canonical);
  return begun;
}

bool ws_chat_begin(ws_chat *chat, const ws_chat_request *request) {
  char nothing[33] = "";
  return ws__chat_begin_behind(chat, request, nothing);
}

/* --- taking ------------------------------------------------------------------------- */

/* False where the caller wants to stop. */
static bool wait_for(const ws_chat *chat, const item *i) {
  struct ws__chat_ahead *all = chat->ahead;
  bool on = true, done = false;
  while (on && !done) {
    pthread_mutex_lock(&all->lock);
    if (i->state != WS__DONE) ws__ahead_wait(all);
    done = i->state == WS__DONE;
    pthread_mutex_unlock(&all->lock);
    if (!done) on = ws__chat_goes_on(chat);
  }
  return on;
}

/* Those before it are asked for no more: what comes first is asked for first. */
static void drop_skipped(struct ws__chat_ahead *all, const item *until) {
  for (item *i = all->first, *next; i != until; i = next) {
    next = i->next;
    if (i->state == WS__RUNNING) continue;
    if (i->state == WS__DONE) ws__ahead_add(&all->skipped, ws__ahead_usage(i));
    ws__ahead_remove(all, i);
    ws__ahead_item_free(i);
  }
}

/* What waited for it waits in vain. */
static void drop_behind(struct ws__chat_ahead *all, const item *failed) {
  for (item *i = failed->behind, *behind; i; i = behind) {
    behind = i->behind;
    ws__ahead_remove(all, i);
    ws__ahead_item_free(i);
  }
}

static void take_out(struct ws__chat_ahead *all, item *i) {
  pthread_mutex_lock(&all->lock);
  drop_skipped(all, i);
  if (i->status != WS_OK) drop_behind(all, i);
  ws__ahead_add(&all->used, ws__ahead_usage(i));
  ws__ahead_remove(all, i);
  pthread_mutex_unlock(&all->lock);
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
  item *i = find(all, reply->key);
  *out = (ws__chat_taken){false, false};
  if (!i) return WS_OK;
  if (!wait_for(chat, i))
    return ws__chat_fail(chat, WS_CHAT_STOPPED, WS_ESTOPPED, err, "stopped");
  take_out(all, i);
  settle(chat, i, reply);
  ws_status status = i->status;
  *out = (ws__chat_taken){true, i->came};
  if (status != WS_OK && err) *err = i->err;
  ws__ahead_item_free(i);
  // Others were on their way: alone it may fit, which is looked at again
  if (status != WS_OK && chat->failure == WS_CHAT_BUDGET) out->taken = false;
  return out->taken ? status : WS_OK;
}
