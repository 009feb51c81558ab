/* SPDX-License-Identifier: MIT
 *
 * Keeping the cache below its limits: the entries that were not used for longest go
 * first. Reading an entry sets its time, so a file's time is when it was last used.
 */
#define _XOPEN_SOURCE 700 // dirfd, fstatat, st_mtim

#include "cache_priv.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <weaksup/alloc.h>

enum { ABANDONED_SECONDS = 3600 };

typedef struct found {
  char name[WS__CACHE_NAME + 1];
  struct timespec used;
  uint64_t bytes; // on disk
} found;

typedef struct listing {
  int folder;
  found *items;
  size_t count, capacity;
  uint64_t bytes;
} listing;

/* Temporary files of processes that were killed. Those that are at work are younger, or
 * lose an entry. */
static void remove_abandoned(const listing *all, const char *name,
                             const struct stat *about) {
  if (about->st_mtime + ABANDONED_SECONDS < time(NULL)) unlinkat(all->folder, name, 0);
}

static bool add(listing *all, const char *name) {
  struct stat about;
  if (!ws__cache_is_name(name) ||
      fstatat(all->folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(about.st_mode))
    return true;
  if (name[WS__CACHE_NAME]) {
    if (strncmp(name + WS__CACHE_NAME, ".tmp-", 5) == 0)
      remove_abandoned(all, name, &about);
    return true;
  }
  if (!ws_grow(&all->items, &all->capacity, all->count + 1, sizeof *all->items))
    return false;
  found *item = &all->items[all->count++];
  memcpy(item->name, name, sizeof item->name);
  item->used = about.st_mtim;
  item->bytes = (uint64_t)about.st_blocks * 512;
  if (item->bytes < (uint64_t)about.st_size) item->bytes = (uint64_t)about.st_size;
  all->bytes += item->bytes;
  return true;
}

static int by_use(const void *a, const void *b) {
  const found *x = a, *y = b;
  if (x->used.tv_sec != y->used.tv_sec) return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
  if (x->used.tv_nsec != y->used.tv_nsec)
    return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
  return strcmp(x->name, y->name);
}

static void remove_oldest(listing *all, const ws_cache_options *limits) {
  size_t left = all->count;
  if (left <= limits->max_entries && all->bytes <= limits->max_bytes) return;
  qsort(all->items, all->count, sizeof *all->items, by_use);
  for (size_t i = 0; i < all->count; i++) {
    if (left <= limits->max_entries && all->bytes <= limits->max_bytes) return;
    unlinkat(all->folder, all->items[i].name, 0);
    all->bytes -= all->items[i].bytes;
    left--;
  }
}

void ws__cache_tidy(ws_cache *cache) {
  DIR *folder = opendir(cache->path.data);
  listing all = {0};
  bool room = true;
  if (!folder) return;
  all.folder = dirfd(folder);
  for (struct dirent *item; room && (item = readdir(folder));)
    room = add(&all, item->d_name);
  if (room) remove_oldest(&all, &cache->options);
  closedir(folder);
  ws_free(all.items);
}
