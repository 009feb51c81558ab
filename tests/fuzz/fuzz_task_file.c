/* SPDX-License-Identifier: MIT
 *
 * Task files: what is taken at all is a whole task, and what is wrong with the others is
 * the same each time.
 */
#include <weaksup/task_file.h>

#include <string.h>

#include "fuzz.h"

static void check(const ws_task *task) {
  size_t classes = ws_task_classes(task);
  FUZZ_CHECK(classes >= 2 && classes <= WS_MAX_CLASSES);
  for (size_t k = 0; k < classes; k++) {
    ws_text name = ws_task_class(task, k);
    FUZZ_CHECK(name.size && ws_utf8_valid(name));
    FUZZ_CHECK(ws_task_find(task, name) == (int32_t)k);
    FUZZ_CHECK(ws_utf8_valid(ws_task_describe(task, k)));
  }
  for (int key = 0; key < WS_TASK_KEYS; key++) {
    const char *value = ws_task_get(task, (ws_task_key)key);
    FUZZ_CHECK(!value || ws_utf8_valid(ws_text_of(value)));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ws_task *task = NULL, *same = NULL;
  ws_error err = WS_ERROR_INIT, again = WS_ERROR_INIT;
  const char *path = fuzz_file(data, size, "weaksup.lua");
  if (ws_task_load(path, &task, &err) == WS_OK)
    check(task);
  else
    FUZZ_CHECK(strncmp(err.message, path, strlen(path)) == 0);
  FUZZ_CHECK((ws_task_load(path, &same, &again) == WS_OK) == (task != NULL));
  FUZZ_CHECK(strcmp(err.message, again.message) == 0);
  ws_task_free(task);
  ws_task_free(same);
  return 0;
}
