/* SPDX-License-Identifier: MIT
 *
 * The arena: a list of blocks, each twice as large as the one before. With
 * WS_ARENA_PASSTHROUGH each request is a block of its own, so that the address sanitizer
 * sees overruns.
 */
#include <weaksup/arena.h>

#include <stdalign.h>
#include <string.h>

#include <weaksup/alloc.h>

struct ws_arena_block {
  struct ws_arena_block *next;
  size_t used, size;
  alignas(max_align_t) unsigned char bytes[];
};

#ifdef WS_ARENA_PASSTHROUGH
enum { SMALLEST = 0, LARGEST = 0 };
#else
enum { SMALLEST = 1024, LARGEST = 1 << 20 };
#endif

void ws_arena_clear(ws_arena *arena) {
  while (arena->blocks) {
    struct ws_arena_block *block = arena->blocks;
    arena->blocks = block->next;
    ws_free(block);
  }
}

static struct ws_arena_block *add_block(ws_arena *arena, size_t need) {
  size_t size = arena->blocks ? arena->blocks->size * 2 : SMALLEST;
  if (size > LARGEST) size = LARGEST;
  if (size < need) size = need;
  if (size > SIZE_MAX - sizeof(struct ws_arena_block)) return NULL;
  struct ws_arena_block *block = ws_alloc(sizeof *block + size);
  if (!block) return NULL;
  *block = (struct ws_arena_block){.next = arena->blocks, .size = size};
  arena->blocks = block;
  return block;
}

void *ws_arena_alloc(ws_arena *arena, size_t size) {
#ifdef WS_ARENA_PASSTHROUGH
  size_t need = size; // exact, so that one byte too far is seen
#else
  const size_t align = alignof(max_align_t);
  if (size > SIZE_MAX - align) return NULL;
  size_t need = (size + align - 1) / align * align;
#endif
  struct ws_arena_block *block = arena->blocks;
  if (!block || block->size - block->used < need) block = add_block(arena, need);
  if (!block) return NULL;
  void *out = block->bytes + block->used;
  block->used += need;
#ifdef WS_ARENA_PASSTHROUGH
  block->used = block->size;
#endif
  return out;
}

ws_status ws_arena_text(ws_arena *arena, ws_text text, ws_text *out) {
  if (text.size == SIZE_MAX) return WS_ENOMEM;
  char *copy = ws_arena_alloc(arena, text.size + 1);
  if (!copy) return WS_ENOMEM;
  if (text.size) memcpy(copy, text.data, text.size);
  copy[text.size] = '\0';
  *out = (ws_text){copy, text.size};
  return WS_OK;
}
