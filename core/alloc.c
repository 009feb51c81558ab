/* SPDX-License-Identifier: MIT
 *
 * The allocation seam. Everything goes through one function pointer, so that a test can
 * refuse the n-th request; sizes are multiplied here and nowhere else.
 */
#define _DEFAULT_SOURCE // madvise
#include <weaksup/alloc.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

static void *default_allocator(void *user, void *ptr, size_t size) {
  (void)user;
  if (size == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, size);
}

static struct {
  ws_allocator call;
  void *user;
} current = {default_allocator, NULL};

void ws_set_allocator(ws_allocator allocator, void *user) {
  current.call = allocator ? allocator : default_allocator;
  current.user = user;
}

static void *resize(void *ptr, size_t size) {
  return current.call(current.user, ptr, size ? size : 1);
}

void *ws_alloc(size_t size) {
  return resize(NULL, size);
}

void *ws_alloc_array(size_t count, size_t size) {
  return ws_realloc_array(NULL, count, size);
}

void *ws_alloc_zero(size_t count, size_t size) {
  void *block = ws_realloc_array(NULL, count, size);
  if (block) memset(block, 0, count * size);
  return block;
}

/* Asks for large pages: in a table of many pages a look-up costs little more than finding
 * out where its page is. */
static void use_large_pages(void *block, size_t size) {
#ifdef MADV_HUGEPAGE
  enum { LARGE = 2 << 20 };
  size_t before = (LARGE - (uintptr_t)block % LARGE) % LARGE;
  if (size < before + LARGE) return;
  int ignored =
      madvise((char *)block + before, (size - before) / LARGE * LARGE, MADV_HUGEPAGE);
  (void)ignored; // it is only slower without
#else
  (void)block, (void)size;
#endif
}

void *ws_alloc_table(size_t count, size_t size) {
  void *block = ws_alloc_array(count, size);
  if (!block) return NULL;
  use_large_pages(block, count * size);
  return memset(block, 0, count * size);
}

void *ws_realloc_array(void *ptr, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) return NULL;
  return resize(ptr, count * size);
}

void ws_free(void *ptr) {
  if (ptr) current.call(current.user, ptr, 0);
}

bool ws_grow(void *items, size_t *capacity, size_t need, size_t size) {
  if (need <= *capacity) return true;
  size_t room = *capacity > SIZE_MAX / 2 ? SIZE_MAX : *capacity * 2;
  if (room < need) room = need;
  if (room < 8) room = 8;
  void *block; // the pointer is copied, not cast: items may be of any pointer type
  memcpy(&block, items, sizeof block);
  block = ws_realloc_array(block, room, size);
  if (!block) return false;
  memcpy(items, &block, sizeof block);
  *capacity = room;
  return true;
}
