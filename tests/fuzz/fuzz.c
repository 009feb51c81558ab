/* SPDX-License-Identifier: MIT
 *
 * Inputs as files, and the task of all targets (fuzz.h).
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char path[200];

static void remove_file(void) {
  unlink(path);
}

const char *fuzz_file(const uint8_t *data, size_t size) {
  static int fd = -1;
  if (fd < 0) {
    const char *folder = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/weaksup-fuzz-XXXXXX", folder ? folder : "/tmp");
    fd = mkstemp(path);
    FUZZ_CHECK(fd >= 0);
    atexit(remove_file);
  }
  FUZZ_CHECK(ftruncate(fd, 0) == 0);
  FUZZ_CHECK(pwrite(fd, data, size, 0) == (ssize_t)size);
  return path;
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
