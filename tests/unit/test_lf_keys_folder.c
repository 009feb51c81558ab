/* SPDX-License-Identifier: MIT
 *
 * Keys of labeling functions: settings that several share, and edits of the samples.
 */
#include <dirent.h>

#include "../lf/lf_keys.h"

#define HOUSEHOLD                                                                        \
  "HEATING_COOLING,POOL,WATER_HEATER,PLUMBING,ELECTRICAL,APPLIANCES,ROOFING,GARDEN,"     \
  "PESTS,INTERNET"
#define SAMPLES WS_TEST_DATA "/../../samples/"

enum { FILES_MAX = 16 };

typedef struct file {
  char name[256];
  char *text;
} file;

/* --- what all of a kind share --- */

/* The names of those whose keys change when `change` was done to the fixture. */
static void expect_changes(void (*change)(lf_fixture *f), const char *expected) {
  lf_fixture f;
  lf_keys *before = malloc(sizeof *before), *after = malloc(sizeof *after);
  char found[4096];
  assert_true(before && after);
  lf_begin(&f, "HAM,SPAM");
  lf_file(&f, "a.lua",
          "function lf.lua(x) return 1 end lf.list = keywords(SPAM, { 'a' })");
  lf_file(&f, "b.rules", "rule SPAM /x/\nfield SPAM text ~ /x/\n");
  lf_load_keys(&f, before);
  change(&f);
  lf_load_keys(&f, after);
  assert_int_equal(after->count, 4);
  lf_keys_differ(before, after, false, found, sizeof found);
  free(before);
  free(after);
  lf_end(&f);
  assert_string_equal(found, expected);
}

static void set_task(lf_fixture *f, const char *classes, const char *text) {
  ws_task_free(f->task);
  f->task = ws_test_task(classes);
  if (text)
    assert_ok(ws_task_set(f->task, WS_TASK_TEXT, ws_text_of(text), &f->err), &f->err);
}

static void swap_classes(lf_fixture *f) {
  set_task(f, "SPAM,HAM", NULL);
}

static void add_class(lf_fixture *f) {
  set_task(f, "HAM,SPAM,OTHER", NULL);
}

static void rename_class(lf_fixture *f) {
  set_task(f, "HAM,SPAM", NULL);
  lf_file(f, "a.lua",
          "function lf.lua(x) return 1 end lf.list = keywords(JUNK, { 'a' })");
  lf_file(f, "b.rules", "rule JUNK /x/\nfield JUNK text ~ /x/\n");
  set_task(f, "HAM,JUNK", NULL);
}

static void change_text(lf_fixture *f) {
  set_task(f, "HAM,SPAM", "body");
}

static void name_text(lf_fixture *f) {
  set_task(f, "HAM,SPAM", "text");
}

static void change_lua_steps(lf_fixture *f) {
  f->options.lua_steps++;
}

static void change_pattern_steps(lf_fixture *f) {
  f->options.pattern_steps++;
}

static void change_memory(lf_fixture *f) {
  f->options.memory++;
}

static void change_call_time(lf_fixture *f) {
  f->options.call_cpu_ms++;
}

static void change_worker_time(lf_fixture *f) {
  f->options.worker_cpu_ms++;
}

static void change_wall_time(lf_fixture *f) {
  f->options.wall_ms++;
}

static void rename_files(lf_fixture *f) {
  char *from = lf_join(f->lfs, "a.lua"), *to = lf_join(f->lfs, "z.lua");
  assert_int_equal(rename(from, to), 0);
  free(from);
  free(to);
}

static void shared_settings_count(void **state) {
  (void)state;
  expect_changes(swap_classes, " lua list rule field");
  expect_changes(add_class, " lua list rule field");
  expect_changes(rename_class, " lua list rule field");
  expect_changes(change_text, " lua list rule");
  expect_changes(name_text, "");
  expect_changes(change_lua_steps, " lua");
  expect_changes(change_pattern_steps, " lua rule field");
  expect_changes(change_memory, " lua");
  expect_changes(change_call_time, " lua");
  expect_changes(change_worker_time, " lua list rule field");
  expect_changes(change_wall_time, " lua list rule field");
  expect_changes(rename_files, "");
}

/* --- samples --- */

static char *read_sample(const char *folder, const char *name) {
  char *path = lf_join(folder, name);
  FILE *in = fopen(path, "rb");
  assert_non_null(in);
  char *text = calloc(1, 1 << 16);
  assert_non_null(text);
  assert_true(fread(text, 1, (1 << 16) - 1, in) > 0);
  fclose(in);
  free(path);
  return text;
}

static size_t read_samples(const char *folder, file *files) {
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (entry->d_name[0] == '.') continue;
    assert_true(count < FILES_MAX);
    snprintf(files[count].name, sizeof files[count].name, "%s", entry->d_name);
    files[count++].text = read_sample(folder, entry->d_name);
  }
  closedir(dir);
  return count;
}

/* With code put in front of each function's body in turn, only its own key changes; with
 * a comment, none. */
static void edit_sample(lf_fixture *f, const file *in, const lf_keys *before,
                        lf_keys *after) {
  char found[4096], name[70];
  for (const char *at = in->text; (at = strstr(at, "\nfunction lf."));) {
    at += strlen("\nfunction lf.");
    size_t size = strcspn(at, "(");
    snprintf(name, sizeof name, " %.*s", (int)size, at);
    for (int edited = 0; edited < 2; edited++) {
      const char *body = at + size + 3; // (x)
      char *text = malloc(strlen(in->text) + 64);
      assert_non_null(text);
      sprintf(text, "%.*s %s%s", (int)(body - in->text), in->text,
              edited ? "if #x.text == 12345 then return 0 end" : "--[[ why ]]\n\n", body);
      lf_file(f, in->name, text);
      free(text);
      lf_load_keys(f, after);
      lf_keys_differ(before, after, false, found, sizeof found);
      assert_string_equal(found, edited ? name : "");
    }
    lf_file(f, in->name, in->text);
  }
}

static void edit_samples(const char *folder, const char *classes, size_t expected) {
  lf_fixture f;
  file files[FILES_MAX];
  lf_keys *before = malloc(sizeof *before), *after = malloc(sizeof *after);
  assert_true(before && after);
  lf_begin(&f, classes);
  size_t count = read_samples(folder, files);
  for (size_t i = 0; i < count; i++) lf_file(&f, files[i].name, files[i].text);
  lf_load_keys(&f, before);
  assert_true(before->count >= expected);
  for (size_t i = 0; i < count; i++) {
    if (strstr(files[i].name, ".lua")) edit_sample(&f, &files[i], before, after);
    free(files[i].text);
  }
  free(before);
  free(after);
  lf_end(&f);
}

static void edits_of_samples_change_one_key(void **state) {
  (void)state;
  edit_samples(SAMPLES "spam/lfs", "HAM,SPAM", 7);
  edit_samples(SAMPLES "household/lfs", HOUSEHOLD, 20);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shared_settings_count),
      cmocka_unit_test(edits_of_samples_change_one_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
