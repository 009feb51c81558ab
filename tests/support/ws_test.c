/* SPDX-License-Identifier: MIT
 *
 * The project's assertions and fixtures (ws_test.h).
 */
#define _POSIX_C_SOURCE 200809L

#include "ws_test.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void ws_test_status(ws_status expected, ws_status found, const ws_error *err,
                    const char *call, const char *file, int line) {
  if (expected == found) return;
  print_error("%s\n  expected: %s\n  found: %s%s%s\n", call, ws_status_text(expected),
              ws_status_text(found), err ? ": " : "", err ? err->message : "");
  _fail(file, line);
}

void ws_test_near(double a, double b, double tolerance, const char *file, int line) {
  if (fabs(a - b) <= tolerance) return;
  print_error("expected %.17g, found %.17g: they differ by %g, more than %g\n", b, a,
              a - b, tolerance);
  _fail(file, line);
}

void ws_test_message(const ws_error *err, const char *part, const char *file, int line) {
  if (strstr(err->message, part)) return;
  print_error("expected a message with: %s\n  found: %s\n", part, err->message);
  _fail(file, line);
}

ws_task *ws_test_task(const char *classes) {
  ws_error err = WS_ERROR_INIT;
  ws_task *task = NULL;
  assert_ok(ws_task_from_names(classes, &task, &err), &err);
  return task;
}

static ws_task *numbered_task(int classes) {
  char names[1024];
  size_t used = 0;
  for (int k = 0; k < classes; k++)
    used += (size_t)snprintf(names + used, sizeof names - used, "%sc%d", k ? "," : "", k);
  return ws_test_task(names);
}

static size_t add_lfs(ws_votes_builder *builder, const char *picture) {
  size_t count = strcspn(picture, " ");
  for (size_t j = 0; j < count; j++) {
    char name[24];
    uint32_t lf;
    snprintf(name, sizeof name, "lf%zu", j);
    assert_int_equal(ws_votes_builder_lf(builder, ws_text_of(name), &lf, NULL), WS_OK);
  }
  return count;
}

ws_votes *ws_test_votes(const char *picture, int classes) {
  ws_task *task = numbered_task(classes);
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  assert_int_equal(ws_votes_builder_new(task, &builder), WS_OK);
  size_t lfs = add_lfs(builder, picture), row = 0;
  ws_vote *list = malloc((lfs + 1) * sizeof *list);
  for (const char *at = picture; *at; at += lfs + (at[lfs] == ' '), row++) {
    char id[24];
    size_t count = 0;
    assert_int_equal(strcspn(at, " "), lfs);
    for (size_t j = 0; j < lfs; j++)
      if (at[j] != '-') list[count++] = (ws_vote){(uint32_t)j, at[j] - '0'};
    snprintf(id, sizeof id, "%zu", row);
    assert_int_equal(
        ws_votes_builder_add(builder, ws_text_of(id), WS_ABSTAIN, list, count), WS_OK);
  }
  assert_int_equal(ws_votes_builder_finish(builder, &votes), WS_OK);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  free(list);
  return votes;
}

char *ws_test_picture(const ws_votes *votes) {
  size_t rows = ws_votes_rows(votes), lfs = ws_votes_lfs(votes);
  size_t classes = ws_votes_classes(votes);
  char *out = malloc(rows * (lfs + 1) + 1), *at = out;
  for (size_t i = 0; i < rows; i++) {
    ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
    if (i) *at++ = ' ';
    memset(at, '-', lfs);
    for (size_t v = 0; v < pattern.size; v++)
      at[pattern.columns[v] / classes] = (char)('0' + pattern.columns[v] % classes);
    at += lfs;
  }
  *at = '\0';
  return out;
}

/* --- running out of memory --- */

typedef struct budget {
  size_t left, live;
} budget;

static void *limited(void *user, void *ptr, size_t size) {
  budget *b = user;
  if (size == 0) {
    if (ptr) b->live--;
    free(ptr);
    return NULL;
  }
  if (b->left == 0) return NULL;
  b->left--;
  void *block = realloc(ptr, size);
  if (!ptr && block) b->live++;
  return block;
}

void ws_test_every_allocation_failure(ws_status (*fn)(void *user), void *user) {
  ws_status status = WS_ENOMEM;
  for (size_t room = 0; status == WS_ENOMEM; room++) {
    budget b = {.left = room};
    ws_set_allocator(limited, &b);
    status = fn(user);
    ws_set_allocator(NULL, NULL);
    if (status != WS_ENOMEM) assert_status(WS_OK, status);
    if (b.live) print_error("%zu blocks stay behind with room for %zu\n", b.live, room);
    assert_int_equal(b.live, 0);
    assert_true(room < 100000);
  }
}

/* --- folders --- */

char *ws_test_folder(void) {
  const char *base = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
  char *folder = malloc(strlen(base) + 20);
  sprintf(folder, "%s/weaksup-XXXXXX", base);
  assert_non_null(mkdtemp(folder));
  return folder;
}

static void remove_tree(const char *path) {
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    struct stat about;
    char inner[4096];
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
    if (lstat(inner, &about) == 0 && S_ISDIR(about.st_mode))
      remove_tree(inner);
    else
      unlink(inner);
  }
  if (folder) closedir(folder);
  rmdir(path);
}

void ws_test_remove_folder(char *folder) {
  remove_tree(folder);
  free(folder);
}

char *ws_test_file(const char *folder, const char *name, const char *data, size_t size) {
  char *path = malloc(strlen(folder) + strlen(name) + 2);
  sprintf(path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(data, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
  return path;
}
