/* SPDX-License-Identifier: MIT
 *
 * A few threads that wait for passes. A block goes to whichever thread is free: which one
 * does not matter, as no two blocks write to one place.
 */
#define _DEFAULT_SOURCE // _SC_NPROCESSORS_ONLN
#include "blocks.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/alloc.h>

enum {
  MOST_BLOCKS = 64,
  BLOCK_ITEMS = 4096, // below that a block is not worth handing out
  FEW_BLOCKS = 4,
  FEW_ITEMS = 1024,
  MOST_SUMS = 1 << 22, // numbers in all blocks together: 32 MB
  LINE = 16, // numbers that processors take at once: no two blocks write to one such
};

struct ws__blocks {
  size_t sums, most_items, most; // blocks that there is room for
  size_t stride;                 // sums, rounded up to whole lines
  double *memory, *partial;      // [most][stride], from the first line in `memory` on
  pthread_t threads[MOST_BLOCKS];
  size_t thread_count;
  bool few;
  bool locks; // whether these were made:
  pthread_mutex_t lock;
  pthread_cond_t begun, done;
  // Guarded by the lock:
  ws__block_fn fn;
  void *user;
  size_t items, count;   // of the pass, in blocks
  size_t next, finished; // blocks
  bool ended;
};

static size_t count_blocks(const ws__blocks *b, size_t items) {
  size_t sums = b->sums;
  if (b->few) {
    size_t few = items / FEW_ITEMS;
    return few < 1 ? 1 : few > FEW_BLOCKS ? FEW_BLOCKS : few;
  }
  size_t count = items / BLOCK_ITEMS, most = MOST_SUMS / (sums ? sums : 1);
  if (count > MOST_BLOCKS) count = MOST_BLOCKS;
  if (count > most) count = most;
  return count ? count : 1;
}

static void run_block(ws__blocks *b, size_t block) {
  double *sums = b->partial + block * b->stride;
  size_t share = b->items / b->count,
         more = b->items % b->count; // the first have one more
  size_t first = block * share + (block < more ? block : more);
  memset(sums, 0, b->sums * sizeof *sums);
  b->fn(b->user, sums, first, first + share + (block < more));
}

/* Works on blocks as long as there are any. The lock is held before and after. */
static void work(ws__blocks *b) {
  while (b->next < b->count) {
    size_t block = b->next++;
    pthread_mutex_unlock(&b->lock);
    run_block(b, block);
    pthread_mutex_lock(&b->lock);
    if (++b->finished == b->count) pthread_cond_signal(&b->done);
  }
}

static void *thread_main(void *user) {
  ws__blocks *b = user;
  pthread_mutex_lock(&b->lock);
  while (!b->ended) {
    work(b);
    if (!b->ended) pthread_cond_wait(&b->begun, &b->lock);
  }
  pthread_mutex_unlock(&b->lock);
  return NULL;
}

static size_t processors(void) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (size_t)count : 1;
}

/* The caller works, too: it starts one less. */
static void start_threads(ws__blocks *b, unsigned threads) {
  size_t want = threads ? threads : processors();
  if (want > b->most) want = b->most;
  if (want < 2 || pthread_mutex_init(&b->lock, NULL) != 0) return;
  pthread_cond_init(&b->begun, NULL); // these two cannot fail without attributes
  pthread_cond_init(&b->done, NULL);
  b->locks = true;
  while (b->thread_count + 1 < want &&
         pthread_create(&b->threads[b->thread_count], NULL, thread_main, b) == 0)
    b->thread_count++;
}

static bool make_room(ws__blocks *b) {
  b->stride = (b->sums + LINE - 1) / LINE * LINE;
  b->memory = ws_alloc_zero(b->most * b->stride + LINE, sizeof *b->memory);
  if (!b->memory) return false;
  size_t line = LINE * sizeof *b->memory, over = (uintptr_t)b->memory % line;
  b->partial = b->memory + (line - over) / sizeof *b->memory;
  return true;
}

static ws_status blocks_new(size_t items, size_t sums, bool few, unsigned threads,
                            ws__blocks **out) {
  ws__blocks *b = ws_alloc_zero(1, sizeof *b);
  if (!b) return WS_ENOMEM;
  b->sums = sums;
  b->most_items = items;
  b->few = few;
  b->most = count_blocks(b, items);
  if (!make_room(b)) {
    ws__blocks_free(b);
    return WS_ENOMEM;
  }
  start_threads(b, threads);
  *out = b;
  return WS_OK;
}

ws_status ws__blocks_new(size_t items, size_t sums, unsigned threads, ws__blocks **out) {
  return blocks_new(items, sums, false, threads, out);
}

ws_status ws__blocks_new_few(size_t items, size_t sums, unsigned threads,
                             ws__blocks **out) {
  return blocks_new(items, sums, true, threads, out);
}

void ws__blocks_free(ws__blocks *b) {
  if (!b) return;
  if (b->locks) {
    pthread_mutex_lock(&b->lock);
    b->ended = true;
    pthread_cond_broadcast(&b->begun);
    pthread_mutex_unlock(&b->lock);
    for (size_t i = 0; i < b->thread_count; i++) pthread_join(b->threads[i], NULL);
    pthread_cond_destroy(&b->begun);
    pthread_cond_destroy(&b->done);
    pthread_mutex_destroy(&b->lock);
  }
  ws_free(b->memory);
  ws_free(b);
}

static void run_on_threads(ws__blocks *b) {
  pthread_cond_broadcast(&b->begun);
  work(b);
  while (b->finished < b->count) pthread_cond_wait(&b->done, &b->lock);
}

static void run_all(ws__blocks *b, size_t items, ws__block_fn fn, void *user) {
  if (b->locks) pthread_mutex_lock(&b->lock);
  b->fn = fn;
  b->user = user;
  b->items = items;
  b->count = count_blocks(b, items);
  b->next = b->finished = 0;
  if (b->thread_count > 0 && b->count > 1)
    run_on_threads(b);
  else
    for (; b->next < b->count; b->next++) run_block(b, b->next);
  if (b->locks) pthread_mutex_unlock(&b->lock);
}

size_t ws__blocks_each(ws__blocks *b, ws__block_fn fn, void *user) {
  run_all(b, b->most_items, fn, user);
  return b->count;
}

const double *ws__blocks_sums(const ws__blocks *b, size_t block) {
  return b->partial + block * b->stride;
}

const double *ws__blocks_run_on(ws__blocks *b, size_t items, ws__block_fn fn,
                                void *user) {
  run_all(b, items, fn, user);
  for (size_t block = 1; block < b->count; block++)
    for (size_t i = 0; i < b->sums; i++)
      b->partial[i] += b->partial[block * b->stride + i];
  return b->partial;
}

const double *ws__blocks_run(ws__blocks *b, ws__block_fn fn, void *user) {
  return ws__blocks_run_on(b, b->most_items, fn, user);
}
