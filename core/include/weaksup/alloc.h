/* SPDX-License-Identifier: MIT
 *
 * The one seam through which the library asks for memory.
 *
 * Sizes are count x size with a check for overflow. Zero bytes are a valid request and
 * give a pointer that can be freed. Nothing here is zeroed unless it says so.
 */
#ifndef WEAKSUP_ALLOC_H
#define WEAKSUP_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include <weaksup/api.h>

WS_BEGIN_DECLS

/* In the manner of Lua: size 0 frees ptr (which may be NULL) and returns NULL; otherwise
 * resizes ptr (NULL: allocates) and returns the block, or NULL where there is no memory,
 * ptr then being untouched. */
typedef void *(*ws_allocator)(void *user, void *ptr, size_t size);

/* Replaces malloc and free, for tests and for hosts with an allocator of their own; NULL
 * restores the default. The one mutable global of the library: set it once, before
 * anything else is called, and from one thread. */
WS_API void ws_set_allocator(ws_allocator allocator, void *user);

/* NULL where there is no memory, or count x size is more than a size_t holds; to be freed
 * with ws_free. ws_alloc_zero gives zeros, the other two anything. */
WS_API WS_CHECK void *ws_alloc(size_t size);
WS_API WS_CHECK void *ws_alloc_zero(size_t count, size_t size);
WS_API WS_CHECK void *ws_alloc_array(size_t count, size_t size);

/* Zeros, in large pages where the system has them and the block is large: for tables that
 * are looked into here and there. */
WS_API WS_CHECK void *ws_alloc_table(size_t count, size_t size);

/* The resized block, or NULL; then ptr is untouched and still to be freed. */
WS_API WS_CHECK void *ws_realloc_array(void *ptr, size_t count, size_t size);

WS_API void ws_free(void *ptr);

/* For arrays that grow one by one: makes room for at least `need` items of `size` bytes
 * in *items, at least doubling *capacity. False where there is no memory; nothing changes
 * then. */
WS_API WS_CHECK bool ws_grow(void *items, size_t *capacity, size_t need, size_t size);

WS_END_DECLS

#endif
