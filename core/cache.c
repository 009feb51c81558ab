/* SPDX-License-Identifier: MIT
 *
 * The cache's folder, and how an entry is named and begins.
 */
#define _XOPEN_SOURCE 700 // st_mtim

#include "cache_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/alloc.h>
#include <weaksup/version.h>

#include "files.h"

static const char magic[WS__CACHE_MAGIC] = "WSCACH1\n";

ws_cache_options ws_cache_options_default(void) {
  return (ws_cache_options){.max_bytes = (uint64_t)1 << 30, .max_entries = 50000};
}

/* --- the folder --- */

/* Tells git to leave the folder alone; it works without. */
static void write_gitignore(const char *folder) {
  ws_buffer path = {0};
  if (ws_buffer_printf(&path, "%s/.gitignore", folder) == WS_OK) {
    int fd = open(path.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    ssize_t ignored = fd < 0 ? 0 : write(fd, "*\n", 2);
    (void)ignored;
    if (fd >= 0) close(fd);
  }
  ws_buffer_clear(&path);
}

static bool make_folder(const char *path, bool *made) {
  *made = mkdir(path, 0777) == 0;
  return *made || errno == EEXIST;
}

/* Makes the folder and the one around it, as far as they are missing. */
static ws_status make_folders(const char *path, ws_error *err) {
  struct stat about;
  ws_buffer outer = {0};
  bool made_outer = false, made = false, there;
  size_t parent = ws__parent_size(path);
  if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) return WS_OK;
  if (ws_buffer_append(&outer, path, parent) != WS_OK) return ws_error_nomem(err);
  there = parent == 0 || make_folder(outer.data, &made_outer);
  there = there && make_folder(path, &made);
  int why = errno;
  if (made_outer)
    write_gitignore(outer.data);
  else if (made)
    write_gitignore(path);
  ws_buffer_clear(&outer);
  if (there && (made || (stat(path, &about) == 0 && S_ISDIR(about.st_mode))))
    return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: cannot make the folder: %s", path, strerror(why));
}

static ws_hash128 hash_program(const char *path) {
  struct stat about = {0};
  if (!path || stat(path, &about) != 0) return (ws_hash128){0, 0};
  uint64_t numbers[] = {(uint64_t)about.st_size, (uint64_t)about.st_mtim.tv_sec,
                        (uint64_t)about.st_mtim.tv_nsec,
                        ws_hash64(ws_version(), strlen(ws_version()), 0)};
  return ws_hash128_of(numbers, sizeof numbers);
}

ws_status ws_cache_open(const char *path, const ws_cache_options *options, ws_cache **out,
                        ws_error *err) {
  WS_TRY(make_folders(path, err));
  ws_cache *cache = ws_alloc_zero(1, sizeof *cache);
  if (!cache || ws_buffer_string(&cache->path, path) != WS_OK) {
    ws_free(cache);
    return ws_error_nomem(err);
  }
  cache->options = options ? *options : ws_cache_options_default();
  cache->program = hash_program(cache->options.program);
  *out = cache;
  return WS_OK;
}

void ws_cache_close(ws_cache *cache) {
  if (!cache) return;
  if (cache->stored) ws__cache_tidy(cache);
  ws_buffer_clear(&cache->path);
  ws_free(cache);
}

const char *ws_cache_trouble(const ws_cache *cache) {
  return cache->trouble[0] ? cache->trouble : NULL;
}

void ws__cache_note(ws_cache *cache, const char *what) {
  if (cache->trouble[0]) return;
  snprintf(cache->trouble, sizeof cache->trouble, "%.150s: cannot %s: %s",
           cache->path.data, what, strerror(errno));
}

/* --- entries --- */

bool ws__cache_is_name(const char *name) {
  size_t digits = strspn(name, "0123456789abcdef");
  return digits == 32 &&
         strncmp(name + digits, WS__CACHE_ENDING, sizeof WS__CACHE_ENDING - 1) == 0;
}

ws_hash128 ws__cache_key(const ws_cache *cache, ws_hash128 key) {
  uint64_t all[] = {cache->program.low, cache->program.high, key.low, key.high};
  return all[0] || all[1] ? ws_hash128_of(all, sizeof all) : key;
}

ws_status ws__cache_path(const ws_cache *cache, ws_hash128 key, ws_buffer *out) {
  char hex[33];
  ws_hash128_hex(key, hex);
  out->size = 0;
  return ws_buffer_printf(out, "%s/%s" WS__CACHE_ENDING, cache->path.data, hex);
}

void ws__cache_header(ws_hash128 key, unsigned char out[WS__CACHE_HEADER]) {
  memcpy(out, magic, sizeof magic);
  for (size_t i = 0; i < 8; i++) {
    out[WS__CACHE_MAGIC + i] = (unsigned char)(key.low >> 8 * i);
    out[WS__CACHE_MAGIC + 8 + i] = (unsigned char)(key.high >> 8 * i);
  }
}

void ws_cache_drop(ws_cache *cache, ws_hash128 key) {
  ws_buffer path = {0};
  key = ws__cache_key(cache, key);
  if (ws__cache_path(cache, key, &path) == WS_OK) unlink(path.data);
  ws_buffer_clear(&path);
}
