/* SPDX-License-Identifier: MIT
 *
 * Inputs as files, inputs with a checksum, and the task of all targets (fuzz.h).
 */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/hash.h>

enum { BESIDE_MAX = 4 };
static char path[200], folder[150], beside[BESIDE_MAX][200];
static size_t beside_count;

static void remove_files(void) {
  if (*path) unlink(path);
  for (size_t i = 0; i < beside_count; i++) unlink(beside[i]);
  rmdir(folder);
}

static void make_folder(void) {
  const char *temporary = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/weaksup-fuzz-XXXXXX",
           temporary ? temporary : "/tmp");
  FUZZ_CHECK(mkdtemp(folder));
  atexit(remove_files);
}

const char *fuzz_file(const uint8_t *data, size_t size, const char *name) {
  static int fd = -1;
  if (fd < 0) {
    make_folder();
    snprintf(path, sizeof path, "%s/%s", folder, name);
    fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    FUZZ_CHECK(fd >= 0);
  }
  FUZZ_CHECK(ftruncate(fd, 0) == 0);
  FUZZ_CHECK(pwrite(fd, data, size, 0) == (ssize_t)size);
  return path;
}

void fuzz_beside(const char *name, const char *text) {
  FUZZ_CHECK(*folder && beside_count < BESIDE_MAX);
  char *other = beside[beside_count++];
  snprintf(other, sizeof beside[0], "%s/%s", folder, name);
  FILE *file = fopen(other, "w");
  FUZZ_CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static ws_task *task;

static void free_task(void) {
  ws_task_free(task);
}

const ws_task *fuzz_task(void) {
  if (task) return task;
  FUZZ_CHECK(ws_task_from_names("A,B", &task, NULL) == WS_OK);
  FUZZ_CHECK(ws_task_set(task, WS_TASK_ID, ws_text_of("id"), NULL) == WS_OK);
  atexit(free_task);
  return task;
}

void fuzz_sealed(const uint8_t *data, size_t size, void (*check)(ws_text bytes)) {
  char *copy = malloc(size + 1);
  FUZZ_CHECK(copy);
  if (size) memcpy(copy, data, size);
  check((ws_text){copy, size});
  if (size >= 16) {
    ws_hash128 hash = ws_hash128_of(copy, size - 16);
    memcpy(copy + size - 16, &hash.low, 8);
    memcpy(copy + size - 8, &hash.high, 8);
    check((ws_text){copy, size});
  }
  free(copy);
}
