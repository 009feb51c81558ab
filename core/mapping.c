/* SPDX-License-Identifier: MIT
 *
 * Mapping files. Pages that the system has are entered into the mapping at once: faults
 * would cost several times as much.
 */
#define _DEFAULT_SOURCE // MAP_POPULATE

#include <weaksup/mapping.h>

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/output.h>

#ifndef MAP_POPULATE
#define MAP_POPULATE 0
#endif

static bool is_mappable(const struct stat *about) {
  return S_ISREG(about->st_mode) && about->st_size > 0 &&
         (uintmax_t)about->st_size < SIZE_MAX / 2;
}

/* False where the file is none to map; whatever is wrong with it is left to reading. */
static bool map(const char *path, ws_mapping *out) {
  struct stat about;
  void *at = MAP_FAILED;
  if (stat(path, &about) != 0 || !is_mappable(&about)) return false; // opening may wait
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  if (fstat(fd, &about) == 0 && is_mappable(&about))
    at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  close(fd);
  if (at == MAP_FAILED) return false;
  *out = (ws_mapping){.bytes = {at, (size_t)about.st_size}, .mapped = true};
  return true;
}

ws_status ws_mapping_open(const char *path, ws_mapping *out, ws_error *err) {
  ws_buffer bytes = {0};
  if (map(path, out)) return WS_OK;
  ws_status status = ws_input_file(path, SIZE_MAX / 2, &bytes, err);
  if (status == WS_OK) *out = ws_mapping_of(&bytes);
  ws_buffer_clear(&bytes);
  return status;
}

ws_mapping ws_mapping_of(ws_buffer *bytes) {
  ws_mapping mapping = {.bytes = ws_buffer_as_text(bytes), .read = *bytes};
  *bytes = (ws_buffer){0};
  return mapping;
}

void ws_mapping_clear(ws_mapping *mapping) {
  if (mapping->mapped)
    (void)munmap((void *)(uintptr_t)mapping->bytes.data, mapping->bytes.size);
  ws_buffer_clear(&mapping->read);
  *mapping = (ws_mapping){0};
}
