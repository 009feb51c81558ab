/* SPDX-License-Identifier: MIT
 *
 * What the files of asking ahead share: chat_ahead.c sends and takes,
 * chat_ahead_room.c says what the budget leaves.
 */
#ifndef WS__CHAT_AHEAD_H
#define WS__CHAT_AHEAD_H

#include "chat_priv.h"

#include <stdatomic.h>

typedef enum ws__ahead_state { WS__WAITING, WS__RUNNING, WS__DONE } ws__ahead_state;

typedef struct ws__ahead_item {
  struct ws__ahead_item *next;
  struct ws__ahead_item *before; // is to end well before this one is sent; NULL: nothing
  struct ws__ahead_item *behind; // waits for this one
  ws_buffer system, prompt, schema, grammar, canonical;
  ws_chat_request request; // of these texts
  ws__ahead_state state;
  ws_chat_reply reply;
  bool came; // there is a reply, though it may not have been recorded
  ws_status status;
  ws_error err;
  ws_chat_failure failure;
  ws_buffer detail;
  bool counts;   // in `count`
  uint64_t lost; // attempts that may have been charged, known while it is on its way
  uint64_t retries;
} ws__ahead_item;

typedef struct ws__asker {
  struct ws__chat_ahead *all;
  ws_chat *chat;
  pthread_t thread;
  ws__ahead_item *item; // that it asks for
} ws__asker;

struct ws__chat_ahead {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  pthread_mutex_t starting; // a process, or libcurl
  atomic_bool stop;
  ws__ahead_item *first; // in the order in which they were begun
  size_t count;          // of those that are behind no other
  size_t running;        // of them
  uint64_t turns;        // how often one of them began to run
  ws__asker *askers;     // [asker_count]
  size_t asker_count;
  ws_chat_usage used;    // of what was taken
  ws_chat_usage skipped; // of replies that nobody asked for in the end
};

/* What an item has used; or may use, until that is known. */
ws_chat_usage ws__ahead_usage(const ws__ahead_item *item);
void ws__ahead_add(ws_chat_usage *sum, ws_chat_usage more);
/* Whether the budget has room for the request beside all that is on its way. By the
 * conversation's own thread. */
bool ws__ahead_fits(const ws_chat *chat, const ws_chat_request *request);
/* Takes it out of the list, to be freed; with the lock held. What is behind it may go. */
void ws__ahead_remove(struct ws__chat_ahead *all, ws__ahead_item *item);
void ws__ahead_item_free(ws__ahead_item *item);
/* Waits until something changes, but not long. Frees the lock meanwhile. */
void ws__ahead_wait(struct ws__chat_ahead *all);

#endif
