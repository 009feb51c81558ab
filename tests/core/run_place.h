/* SPDX-License-Identifier: MIT
 *
 * A folder in which runs are written, and what lies in them.
 */
#ifndef RUN_PLACE_H
#define RUN_PLACE_H

#include <dirent.h>
#include <stdio.h>

#include <weaksup/output.h>

#include "ws_test.h"

typedef struct place {
  char *parent;
  char path[200]; // parent/run
} place;

/* What makes a file a manifest. */
#define MARK(text) "{\n \"format\": \"weaksup test\",\n \"text\": \"" text "\"\n}\n"

static const char *const owned[] = {"manifest.json", "votes.wsv"};

static inline int set_up(void **state) {
  place *p = *state = calloc(1, sizeof *p);
  p->parent = ws_test_folder();
  snprintf(p->path, sizeof p->path, "%s/run", p->parent);
  return 0;
}

static inline int tear_down(void **state) {
  place *p = *state;
  ws_test_remove_folder(p->parent);
  free(p);
  return 0;
}

static inline void put(const char *folder, const char *name, const char *text) {
  free(ws_test_file(folder, name, text, strlen(text)));
}

/* All names in a folder, sorted, with a blank behind each. */
static inline void assert_names(const char *path, const char *expected) {
  struct dirent **entries;
  char names[1000] = "";
  int count = scandir(path, &entries, NULL, alphasort);
  assert_true(count >= 2);
  for (int i = 0; i < count; i++) {
    const char *name = entries[i]->d_name;
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
      strcat(strcat(names, name), " ");
    free(entries[i]);
  }
  free(entries);
  assert_string_equal(names, expected);
}

static inline void assert_holds(const char *folder, const char *name,
                                const char *expected) {
  char path[400];
  ws_buffer bytes = {0};
  snprintf(path, sizeof path, "%s/%s", folder, name);
  assert_ok(ws_input_file(path, 1000, &bytes, NULL), NULL);
  assert_string_equal(bytes.data, expected);
  ws_buffer_clear(&bytes);
}

static inline ws_folder *begin(const char *path) {
  ws_folder *folder = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_folder_begin(path, owned, 2, &folder, &err), &err);
  return folder;
}

static inline void write_file(ws_folder *folder, const char *name, const char *text) {
  assert_ok(ws_output_file(ws_folder_file(folder, name), ws_text_of(text), NULL), NULL);
}

static inline void commit(ws_folder *folder) {
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_folder_commit(folder, &err), &err);
}

/* A run whose files hold `text`. */
static inline void make_run(const char *path, const char *text) {
  ws_folder *folder = begin(path);
  write_file(folder, "manifest.json", text);
  write_file(folder, "votes.wsv", text);
  commit(folder);
}

#endif
