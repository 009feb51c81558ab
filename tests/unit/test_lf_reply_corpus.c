/* SPDX-License-Identifier: MIT
 *
 * Replies of all kinds, most of them bad: tests/replies/NAME.reply is read, and what was
 * found must be what NAME.expected says, each candidate with whether it loads on its own
 * as a generated file. `test_lf_reply_corpus --update` writes the latter anew.
 */
#include <dirent.h>

#include <weaksup/output.h>
#include <weaksup/provenance.h>
#include <weaksup/reply.h>

#include "../lf/lf_test.h"

#define REPLIES WS_TEST_DATA "/../replies"

enum { SHOWN = 12 }; // candidates, problems

static bool updating;

typedef struct corpus_case {
  char name[100];
  ws_buffer reply, expected, found;
  ws_reply_options options;
  ws_text taken[8];
} corpus_case;

static void put(ws_buffer *out, const char *format, ...) WS_PRINTF(2, 3);
static void put(ws_buffer *out, const char *format, ...) {
  char line[4096];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  assert_int_equal(ws_buffer_string(out, line), WS_OK);
}

static void put_text(ws_buffer *out, ws_text text) {
  assert_int_equal(ws_buffer_text(out, text), WS_OK);
}

static void read_file(const char *name, const char *ending, ws_buffer *out) {
  char path[1000];
  ws_error err = WS_ERROR_INIT;
  snprintf(path, sizeof path, "%s/%s%s", REPLIES, name, ending);
  assert_ok(ws_input_file(path, 16u << 20, out, &err), &err);
}

/* "options: truncated kind=lua taken=a,b" */
static void read_options(corpus_case *c, lf_fixture *f) {
  static char words[1000];
  size_t size = strcspn(c->expected.data, "\n");
  assert_true(size < sizeof words);
  memcpy(words, c->expected.data, size);
  words[size] = '\0';
  c->options = (ws_reply_options){.task = f->task, .taken = c->taken};
  put(&c->found, "%s\n", words);
  for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
    if (strcmp(word, "truncated") == 0) c->options.truncated = true;
    if (strncmp(word, "kind=", 5) == 0)
      assert_true(ws_prompt_kind_of(ws_text_of(word + 5), &c->options.kind));
    if (strncmp(word, "taken=", 6) == 0)
      for (char *name = word + 6; name; name = strchr(name, ',')) {
        name += *name == ',';
        c->taken[c->options.taken_count++] = (ws_text){name, strcspn(name, ",")};
      }
  }
}

/* Alone in a folder, with its header. */
static void put_load(ws_buffer *out, lf_fixture *f, const ws_reply_candidate *candidate) {
  ws_buffer file = {0};
  char name[200];
  ws_provenance p = {.lf = candidate->names[0], .cost_usd = -1};
  assert_int_equal(ws_provenance_write(&p, candidate->kind == WS_REPLY_RULES,
                                       candidate->source, &file),
                   WS_OK);
  snprintf(name, sizeof name, "%.*s%s", WS_TEXT_ARG(candidate->names[0]),
           ws_reply_kind_suffix(candidate->kind));
  char *path = ws_test_file(f->lfs, name, file.data, file.size);
  ws_lf_set_free(f->set);
  f->set = NULL;
  if (ws_lf_set_load(path, f->task, &f->options, &f->set, &f->err) == WS_OK) {
    put(out, "  loads %zu\n", ws_lf_set_count(f->set));
  } else {
    put(out, "  fails %s\n", f->err.message + strlen(f->lfs) + 1);
  }
  remove(path);
  free(path);
  ws_buffer_clear(&file);
}

static void put_candidate(corpus_case *c, lf_fixture *f,
                          const ws_reply_candidate *candidate) {
  ws_buffer *out = &c->found;
  put(out, "candidate %s", ws_reply_kind_name(candidate->kind));
  for (size_t i = 0; i < candidate->name_count; i++)
    put(out, "%s%.*s", i ? "," : " ", WS_TEXT_ARG(candidate->names[i]));
  put(out, " label %d line %d shared %zu rationale [%.*s]\n", candidate->label,
      (int)candidate->line, candidate->shared, WS_TEXT_ARG(candidate->rationale));
  ws_text left = candidate->source;
  for (int line = 0; left.size && line < 40; line++) {
    const char *end = memchr(left.data, '\n', left.size);
    assert_non_null(end); // sources end in a line end
    size_t size = (size_t)(end - left.data);
    put(out, "  | ");
    put_text(out, (ws_text){left.data, size < 200 ? size : 200});
    put(out, "\n");
    left = (ws_text){end + 1, left.size - size - 1};
  }
  put_load(out, f, candidate);
}

static void put_problem(corpus_case *c, const ws_reply_problem *problem) {
  put(&c->found, "%s %s line %d [%.*s]: %s\n", problem->dropped ? "problem" : "note",
      ws_reply_code_name(problem->code), (int)problem->line, WS_TEXT_ARG(problem->name),
      problem->message);
}

/* What holds of every reply. */
static void check_rules(const ws_reply *reply) {
  size_t names = 0;
  assert_true(ws_reply_count(reply) || ws_reply_problems(reply));
  for (size_t i = 0; i < ws_reply_count(reply); i++) {
    const ws_reply_candidate *candidate = ws_reply_at(reply, i);
    names += candidate->name_count;
    assert_true(candidate->source.size <= WS_REPLY_SOURCE_MAX);
    assert_true(ws_utf8_valid(candidate->source));
    assert_null(memchr(candidate->source.data, '\0', candidate->source.size));
    for (size_t n = 0; n < candidate->name_count; n++) {
      assert_null(memchr(candidate->names[n].data, '/', candidate->names[n].size));
      assert_int_not_equal(*candidate->names[n].data, '.');
    }
  }
  assert_true(names <= WS_REPLY_LFS_MAX);
}

static void run_case(corpus_case *c, lf_fixture *f) {
  ws_reply *reply = NULL;
  read_file(c->name, ".reply", &c->reply);
  read_file(c->name, ".expected", &c->expected);
  read_options(c, f);
  assert_ok(ws_reply_read(ws_buffer_as_text(&c->reply), &c->options, &reply, &f->err),
            &f->err);
  check_rules(reply);
  size_t candidates = ws_reply_count(reply), problems = ws_reply_problems(reply);
  for (size_t i = 0; i < candidates && i < SHOWN; i++)
    put_candidate(c, f, ws_reply_at(reply, i));
  if (candidates > SHOWN) put(&c->found, "%zu candidates\n", candidates);
  for (size_t i = 0; i < problems; i++)
    if (i < SHOWN || i + 1 == problems) put_problem(c, ws_reply_problem_at(reply, i));
  if (problems > SHOWN) put(&c->found, "%zu problems\n", problems);
  if (ws_reply_thought(reply)) put(&c->found, "thought %zu\n", ws_reply_thought(reply));
  ws_reply_free(reply);
}

static bool compare(const corpus_case *c) {
  char path[1000];
  ws_error err = WS_ERROR_INIT;
  ws_text found = ws_buffer_as_text(&c->found);
  if (ws_text_equal(found, ws_buffer_as_text(&c->expected))) return true;
  snprintf(path, sizeof path, "%s/%s.expected", REPLIES, c->name);
  if (updating)
    assert_ok(ws_output_file(path, found, &err), &err);
  else
    print_error("%s: found\n%s\nexpected\n%s\n", c->name, c->found.data,
                c->expected.data);
  return updating;
}

static int by_name(const void *a, const void *b) {
  return strcmp(a, b);
}

static size_t list_cases(char names[][100], size_t most) {
  size_t count = 0;
  DIR *folder = opendir(REPLIES);
  assert_non_null(folder);
  for (struct dirent *entry; (entry = readdir(folder));) {
    size_t size = strlen(entry->d_name);
    if (size < 7 || strcmp(entry->d_name + size - 6, ".reply") != 0) continue;
    assert_true(count < most && size < 100);
    snprintf(names[count++], 100, "%.*s", (int)(size - 6), entry->d_name);
  }
  closedir(folder);
  qsort(names, count, 100, by_name);
  return count;
}

static void replies_are_read_as_expected(void **state) {
  static char names[1000][100];
  lf_fixture *f = *state;
  size_t count = list_cases(names, 1000), bad = 0, failed = 0;
  for (size_t i = 0; i < count; i++) {
    corpus_case c = {.name = ""};
    memcpy(c.name, names[i], sizeof c.name);
    bad += strncmp(c.name, "bad_", 4) == 0;
    run_case(&c, f);
    failed += !compare(&c);
    ws_buffer_clear(&c.reply);
    ws_buffer_clear(&c.expected);
    ws_buffer_clear(&c.found);
  }
  assert_true(bad >= 40);
  assert_int_equal(failed, 0);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  updating = argc > 1 && strcmp(argv[1], "--update") == 0;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(replies_are_read_as_expected, lf_setup,
                                      lf_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
