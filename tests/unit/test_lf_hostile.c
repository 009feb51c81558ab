/* SPDX-License-Identifier: MIT
 *
 * Hostile labeling functions: every file of tests/hostile is put beside innocent ones and
 * applied. What it says itself must be what its first line expects; the innocent ones
 * must vote as they do without it, this process's memory may not grow beyond measure, and
 * the file must end within its limit of time and 200 ms.
 *
 * The first line is
 *   -- expect: KIND TEXT      (# in rules)
 * and is left out of what is run. KIND is load_error; votes, with the class, or abstain,
 * that every record gets; same, where votes must only be the same in every run; or the
 * kind of error that every call ends in. TEXT is a part of the message. <<N*PIECE>>
 * stands for so many times the piece. With WS_TEST_ONLY in the environment only the files
 * run whose names hold that.
 */
#define _DEFAULT_SOURCE // scandir
#include "../lf/lf_hostile.h"

#include <dirent.h>
#include <unistd.h>

#include "../lf/lf_time.h"
#include "channel.h"

#define LIMIT_MIB ((uint64_t)16 << 20)

enum {
  RECORDS = 24,           // no multiple of 17, of 8 texts three times
  LABELS_MAX = 64,        // LFs of a folder that are looked at
  MEMORY_KIB = 64 * 1024, // that this process may grow by
  TIMEOUTS = 10,
  KILLS = 3,
};

static const char innocent_lua[] =
    "local praise = set { 'love', 'great' }\n"
    "function field.words(x) return words(x.lower) end\n"
    "function lf.praises(x)\n"
    "  for _, w in ipairs(x.words) do if praise[w] then return HAM end end end\n"
    "function lf.long(x) if #x.text > 40 then return 'SPAM' end end\n"
    "function lf.shouts(x) if x.text:upper() == x.text then return SPAM end end\n"
    "function lf.digits(x) if rx([[\\d{2}]]):test(x.text) then return SPAM end end\n"
    "lf.offer = keywords(SPAM, { 'free', 'for sale' })\n";
static const char innocent_rules[] = "subscribe SPAM /\\bsubscribe\\b/i\n"
                                     "link SPAM /https?:/\n"
                                     "asks HAM /\\?$/\n";

/* The vote of each innocent LF on each record, as text; of the hostile ones apart. */
typedef struct votes_seen {
  const lf_fixture *f;
  ws_buffer innocent;
  int32_t hostile[RECORDS]; // by row of the file
  size_t hostile_lf;
  bool shuffled;
} votes_seen;

static int begin(void **state) {
  lf_setup(state);
  lf_fixture *f = *state;
  f->options.wall_ms = 20000;
  f->options.memory = LIMIT_MIB;
  return 0;
}

/* The time limit decides nothing but where that is expected. */
static void set_time(lf_fixture *f, bool limited) {
  f->options.call_cpu_ms = limited ? 30 : 5000;
  f->options.worker_cpu_ms = limited ? 90 : 15000;
}

/* --- data --- */

static void write_data(lf_fixture *f, bool shuffled) {
  ws_buffer out = {0};
  for (size_t n = 0; n < RECORDS; n++) {
    size_t i = shuffled ? n * 17 % RECORDS : n;
    assert_ok(ws_buffer_printf(&out, "{\"text\": \"%s %zu\", \"more\": [%zu]}\n",
                               text_of(i), i, i),
              NULL);
  }
  lf_data(f, shuffled ? "shuffled.jsonl" : "data.jsonl", out.data);
  ws_buffer_clear(&out);
}

/* --- runs --- */

static ws_status see(void *user, const ws_record *record, const int32_t *labels,
                     ws_error *err) {
  votes_seen *seen = user;
  const ws_lf_set *set = seen->f->set;
  size_t row = record->row;
  if (seen->shuffled) row = row * 17 % RECORDS;
  for (size_t j = 0; j < ws_lf_set_count(set); j++) {
    const char *name = ws_lf_set_at(set, j)->name;
    if (strncmp(name, "hostile", 7) == 0) {
      if (j == seen->hostile_lf) seen->hostile[row] = labels[j];
    } else {
      WS_TRY(ws_buffer_printf(&seen->innocent, "%s:%d ", name, labels[j]));
    }
  }
  (void)err;
  return ws_buffer_string(&seen->innocent, "\n");
}

static size_t find_hostile(const ws_lf_set *set) {
  for (size_t j = 0; j < ws_lf_set_count(set); j++)
    if (strcmp(ws_lf_set_at(set, j)->name, "hostile") == 0) return j;
  return SIZE_MAX;
}

static void apply(lf_fixture *f, votes_seen *seen) {
  ws_reader *reader = NULL;
  lf_forget_votes(f);
  seen->f = f;
  seen->innocent = (ws_buffer){0};
  seen->hostile_lf = find_hostile(f->set);
  assert_ok(ws_reader_open(f->data, f->task, NULL, &reader, &f->err), &f->err);
  assert_ok(ws_apply(f->set, reader, &f->apply, see, seen, &f->report, &f->err), &f->err);
  ws_reader_free(reader);
}

static void write_innocent(lf_fixture *f) {
  lf_file(f, "a.lua", innocent_lua); // before and behind the hostile file
  lf_file(f, "z.rules", innocent_rules);
}

/* --- judgement --- */

static const char *file_name; // of the case at hand, for messages

static void expect_true(bool value, const char *what, const char *found) {
  if (!value) print_error("%s: expected %s, found: %s\n", file_name, what, found);
  assert_true(value);
}

static void expect_text(const char *text, const char *part) {
  expect_true(strstr(text, part) != NULL, part, text);
}

static void expect_votes(const votes_seen *seen, const ws_lf_stats *stats,
                         const char *label) {
  int32_t expected = WS_ABSTAIN;
  if (strcmp(label, "abstain") != 0)
    expected = ws_task_find(seen->f->task, ws_text_of(label));
  const char *what = stats->failure_count ? stats->failures[0].what : "other votes";
  expect_true(stats->errors == 0, "no error", what);
  for (size_t i = 0; i < RECORDS; i++)
    expect_true(seen->hostile[i] == expected, label, what);
}

/* Every error is of the kind. A worker that cannot be interrupted is killed instead. */
static void expect_kind(const ws_lf_stats *stats, const char *kind) {
  bool time = strcmp(kind, "limit_cpu") == 0;
  uint64_t right = time ? stats->errors_by_kind[WS_LF_ERROR_KILLED] : 0;
  for (int i = 0; i < WS_LF_ERROR_KINDS; i++)
    if (strcmp(ws_lf_error_kind_name((ws_lf_error_kind)i), kind) == 0)
      right += stats->errors_by_kind[i];
  expect_true(right == stats->errors, kind, "other kinds");
}

/* Every call that was made ended in an error of the kind. */
static void expect_errors(const ws_lf_stats *stats, const expectation *expected) {
  bool limited = strcmp(expected->kind, "limit_cpu") == 0 ||
                 strcmp(expected->kind, "limit_mem") == 0;
  uint64_t kills = stats->errors_by_kind[WS_LF_ERROR_KILLED];
  expect_true(stats->failure_count > 0, "an error", "none");
  const char *what = stats->failures[0].what;
  expect_text(what, expected->text);
  expect_text(what, ": in 'hostile': ");
  expect_true(stats->errors == stats->calls && stats->votes == 0, "errors only", what);
  expect_true(strlen(what) < 1024, "a short message", what);
  for (const char *c = what; *c; c++)
    expect_true((unsigned char)*c >= 0x20 && *c != 0x7f, "no control characters", what);
  expect_kind(stats, expected->kind);
  expect_true((stats->quarantined == WS_LF_QUARANTINE_FAILING) == !limited,
              "to be given up for the right reason", what);
  expect_true(!limited || (stats->errors <= TIMEOUTS && kills <= KILLS),
              "to be given up in time", what);
  if (strcmp(expected->kind, "limit_cpu") == 0) expect_text(what, "ms of CPU time");
  if (strcmp(expected->kind, "limit_mem") == 0) expect_text(what, "MiB of memory");
  if (strcmp(expected->kind, "limit_pattern") == 0) expect_text(what, " steps");
  if (strcmp(expected->kind, "vote_error") == 0) expect_text(what, "returned ");
}

static void expect_same(lf_fixture *f, const votes_seen *first) {
  votes_seen again = {.shuffled = true};
  f->apply.workers = 3;
  f->apply.chunk = 1;
  write_data(f, true);
  apply(f, &again);
  expect_true(memcmp(again.hostile, first->hostile, sizeof again.hostile) == 0,
              "the same votes in another order", "others");
  ws_buffer_clear(&again.innocent);
}

static void judge(lf_fixture *f, const votes_seen *seen, const expectation *expected);

/* PCRE2's interpreter says what its machine code says. */
static void expect_without_jit(lf_fixture *f, const votes_seen *with,
                               const expectation *expected) {
  votes_seen without = {0};
  f->options.no_jit = true;
  expect_true(lf_load(f) == WS_OK, "to load without JIT", f->err.message);
  f->options.no_jit = false;
  apply(f, &without);
  judge(f, &without, expected);
  expect_true(strcmp(without.innocent.data, with->innocent.data) == 0 &&
                  memcmp(without.hostile, with->hostile, sizeof with->hostile) == 0,
              "the same votes without JIT", "others");
  ws_buffer_clear(&without.innocent);
}

static void judge(lf_fixture *f, const votes_seen *seen, const expectation *expected) {
  const ws_lf_stats *stats = ws_apply_report_at(f->report, seen->hostile_lf);
  if (strcmp(expected->kind, "same") == 0)
    expect_same(f, seen);
  else if (strcmp(expected->kind, "votes") == 0)
    expect_votes(seen, stats, expected->text);
  else
    expect_errors(stats, expected);
}

/* Whether the file ended within its limits. One that does not load has the limit of
 * loading. The same work takes more time of a processor whose caches others use: only
 * what is late `last` fails. */
static bool is_in_time(lf_fixture *f, const votes_seen *seen, const expectation *expected,
                       long runs, long cpu_ms, bool last) {
  ws_lf_options limits = ws_lf_options_default();
  bool limited = strcmp(expected->kind, "limit_cpu") == 0;
  if (limited) limits = f->options;
  long allowed = ws__load_limits_default().cpu_ms + LATE_MS;
  if (strcmp(expected->kind, "load_error") != 0) {
    const ws_lf_stats *stats = ws_apply_report_at(f->report, seen->hostile_lf);
    allowed =
        runs * time_allowed(stats, limited, limits.call_cpu_ms, limits.worker_cpu_ms);
  }
  char found[64];
  snprintf(found, sizeof found, "%ld ms, allowed are %ld ms", cpu_ms, allowed);
  if (last) expect_true(cpu_ms <= allowed, "to end within its limits", found);
  return cpu_ms <= allowed;
}

/* Inputs 78 to 90 are about PCRE2. */
static bool is_about_patterns(const char *name) {
  return strcmp(name, "78") > 0 && strcmp(name, "91") < 0;
}

/* --- the cases --- */

enum { ATTEMPTS = 3 };

/* False where it was late, which is allowed but the last time. */
static bool run_case(lf_fixture *f, const char *name, const char *path,
                     const char *innocent, bool last) {
  size_t size;
  char *text = read_file(path, &size);
  const char *inside = strstr(name, ".rules") ? "h.rules" : "h.lua";
  char *hostile = lf_join(f->lfs, inside);
  expectation expected = read_expectation(text);
  votes_seen seen = {0};
  file_name = name;
  write_hostile(hostile, text, size);
  set_time(f, strcmp(expected.kind, "limit_cpu") == 0);
  long runs = 1 + (strcmp(expected.kind, "same") == 0);
  spent before = look();
  ws_status status = lf_load(f);
  if (strcmp(expected.kind, "load_error") == 0) {
    expect_true(status == WS_ELF || status == WS_EIO, "a load error", "none");
    expect_text(f->err.message, expected.text);
  } else {
    expect_true(status == WS_OK, "to load", f->err.message);
    apply(f, &seen);
    judge(f, &seen, &expected);
    expect_true(strcmp(seen.innocent.data, innocent) == 0, "the votes of the innocent",
                "others");
    if (is_about_patterns(name)) {
      runs *= 2;
      expect_without_jit(f, &seen, &expected);
    }
  }
  spent after = look();
  expect_true(after.memory_kib - before.memory_kib <= MEMORY_KIB, "little memory",
              "more");
  bool in_time =
      is_in_time(f, &seen, &expected, runs, after.cpu_ms - before.cpu_ms, last);
  ws_buffer_clear(&seen.innocent);
  unlink(hostile);
  free(hostile);
  free(text);
  return in_time;
}

/* A run of the innocent alone, and what it takes to start and end a worker. */
static void measure_process(lf_fixture *f, votes_seen *innocent) {
  spent before = look();
  set_time(f, false);
  f->apply.workers = WORKERS;
  f->apply.chunk = 7;
  assert_ok(lf_load(f), &f->err);
  apply(f, innocent);
  process_ms = (look().cpu_ms - before.cpu_ms) / (WORKERS + 1) + 1;
}

/* What is asserted of every hostile file is false where a call takes too long. */
static void limits_that_do_not_hold_are_noticed(void **state) {
  static const char *const loops[] = {
      "function lf.hostile(x) while true do end end",
      "function lf.hostile(x) while true do pcall(function() while true do end end) end "
      "end"};
  lf_fixture *f = *state;
  votes_seen innocent = {0};
  write_data(f, false);
  write_innocent(f);
  measure_process(f, &innocent);
  ws_buffer_clear(&innocent.innocent);
  for (size_t i = 0; i < 2; i++) {
    votes_seen seen = {0};
    lf_file(f, "h.lua", loops[i]);
    set_time(f, true);
    unsigned call_ms = f->options.call_cpu_ms, end_ms = f->options.worker_cpu_ms;
    f->options.call_cpu_ms += LATE_MS * SLOWNESS;
    f->options.worker_cpu_ms += LATE_MS * SLOWNESS;
    spent before = look();
    assert_ok(lf_load(f), &f->err);
    apply(f, &seen);
    long cpu_ms = look().cpu_ms - before.cpu_ms;
    const ws_lf_stats *stats = ws_apply_report_at(f->report, seen.hostile_lf);
    assert_true(cpu_ms > time_allowed(stats, true, call_ms, end_ms));
    assert_true(cpu_ms <= time_allowed(stats, true, f->options.call_cpu_ms,
                                       f->options.worker_cpu_ms));
    ws_buffer_clear(&seen.innocent);
  }
}

static void hostile_files_harm_nobody(void **state) {
  lf_fixture *f = *state;
  votes_seen innocent = {0};
  struct dirent **entries;
  const char *only = getenv("WS_TEST_ONLY");
  int count = scandir(WS_TEST_HOSTILE, &entries, is_hostile_case, by_file_name);
  assert_true(count > 90);
  write_innocent(f);
  write_data(f, false);
  measure_process(f, &innocent);
  for (int i = 0; i < count; i++) {
    char *path = lf_join(WS_TEST_HOSTILE, entries[i]->d_name);
    f->apply = ws_apply_options_default();
    bool done = only && !strstr(path, only);
    for (int attempt = 1; !done; attempt++) {
      f->apply.workers = WORKERS;
      f->apply.chunk = 7;
      write_data(f, false);
      done = run_case(f, entries[i]->d_name, path, innocent.innocent.data,
                      attempt == ATTEMPTS);
    }
    free(path);
    free(entries[i]);
  }
  free(entries);
  ws_buffer_clear(&innocent.innocent);
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, lf_teardown)
  const struct CMUnitTest tests[] = {TEST(hostile_files_harm_nobody),
                                     TEST(limits_that_do_not_hold_are_noticed)};
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
