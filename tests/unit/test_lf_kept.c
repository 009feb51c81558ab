/* SPDX-License-Identifier: MIT
 *
 * Votes that are kept between runs: the same bytes as without, whatever is edited in
 * between, and nothing called that need not be.
 */
#include "../lf/lf_test.h"

#include <dirent.h>
#include <unistd.h>

#include <weaksup/rng.h>
#include <weaksup/votes_file.h>

#include "chunk.h"
#include "kept_column.h"

typedef struct fixture {
  lf_fixture lf;
  char cache[256];
} fixture;

static void open_cache(fixture *f) {
  ws_cache_close(f->lf.apply.cache);
  f->lf.apply.cache = NULL;
  assert_ok(ws_cache_open(f->cache, NULL, &f->lf.apply.cache, &f->lf.err), &f->lf.err);
}

static int begin(void **state) {
  fixture *f = calloc(1, sizeof *f);
  lf_begin(&f->lf, "HAM,SPAM");
  snprintf(f->cache, sizeof f->cache, "%s/cache", f->lf.folder);
  open_cache(f);
  *state = f;
  return 0;
}

static int end(void **state) {
  fixture *f = *state;
  ws_cache_close(f->lf.apply.cache);
  lf_end(&f->lf);
  free(f);
  return 0;
}

/* Applies the LFs as they are now; how many were not run. */
static size_t apply(fixture *f) {
  assert_ok(lf_load(&f->lf), &f->lf.err);
  assert_ok(lf_apply(&f->lf), &f->lf.err);
  return ws_apply_report_cached(f->lf.report);
}

static void assert_picture(const fixture *f, const char *expected) {
  char *picture = ws_test_picture(f->lf.votes);
  assert_string_equal(picture, expected);
  free(picture);
}

/* Runs fn on the path of every entry in the cache; how many there are. */
static size_t each_entry(const fixture *f, void (*fn)(const char *path)) {
  size_t count = 0;
  DIR *folder = opendir(f->cache);
  assert_non_null(folder);
  for (struct dirent *item; (item = readdir(folder));) {
    char path[600];
    if (item->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", f->cache, item->d_name);
    count++;
    if (fn) fn(path);
  }
  closedir(folder);
  return count;
}

static const char some_lfs[] =
    "function lf.a(x) if x.text:find('a') then return SPAM end end\n"
    "function lf.b(x) if x.text:find('b') then return HAM end end\n"
    "function lf.never(x) end\n";

static void a_second_run_calls_nothing(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_file(&f->lf, "b.rules", "c SPAM /c/\n");
  lf_data(&f->lf, "d.txt", "a\nb\nab\nc\n\nabc\n");
  assert_int_equal(apply(f), 0);
  assert_picture(f, "1--- -0-- 10-- ---1 ---- 10-1");
  assert_int_equal(each_entry(f, NULL), 4);
  assert_ok(lf_load(&f->lf), &f->lf.err);
  lf_file(&f->lf, "a.lua", "this is no Lua"); // a worker that loads it now would fail
  assert_ok(lf_apply(&f->lf), &f->lf.err);
  assert_int_equal(ws_apply_report_cached(f->lf.report), 4);
  assert_picture(f, "1--- -0-- 10-- ---1 ---- 10-1");
  assert_int_equal(ws_apply_report_at(f->lf.report, 0)->calls, 6);
  assert_int_equal(ws_apply_report_at(f->lf.report, 0)->votes, 3);
  assert_int_equal(ws_apply_report_records(f->lf.report), 6);
}

static void without_a_cache_nothing_is_kept(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  ws_cache *cache = f->lf.apply.cache;
  f->lf.apply.cache = NULL;
  assert_int_equal(apply(f), 0);
  assert_int_equal(apply(f), 0);
  f->lf.apply.cache = cache;
  assert_int_equal(each_entry(f, NULL), 0);
}

static void other_data_other_votes(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  apply(f);
  lf_data(&f->lf, "d.txt", "b\na\n");
  assert_int_equal(apply(f), 0);
  assert_picture(f, "-0- 1--");
  lf_data(&f->lf, "d.txt", "a\nb\n");
  assert_int_equal(apply(f), 3);
  assert_picture(f, "1-- -0-");
}

static void the_order_of_classes_counts(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  apply(f);
  ws_lf_set_free(f->lf.set);
  f->lf.set = NULL;
  ws_task_free(f->lf.task);
  f->lf.task = ws_test_task("SPAM,HAM");
  assert_int_equal(apply(f), 0);
  assert_picture(f, "0-- -1-");
}

/* --- errors --- */

/* Each failing function fails in its own way: in the code, in what it returns, beyond the
 * steps. */
static const char failing_lfs[] =
    "local function inner(x) return x.none.field end\n"
    "function lf.a(x) if x.text ~= 'a' then local v = inner(x) return v end end\n"
    "function lf.b(x) return x.text == 'b' and 'NEITHER' or SPAM end\n"
    "function lf.c(x) if x.text == 'c' then\n"
    "  for i = 1, 1000 do local s = ('a'):rep(1000) end end end\n";

static void append_stats(const ws_lf_stats *stats, ws_buffer *out) {
  for (size_t i = 0; i < WS_LF_ERROR_KINDS; i++)
    assert_ok(ws_buffer_printf(out, " %d", (int)stats->errors_by_kind[i]), NULL);
  assert_ok(ws_buffer_printf(out, " %d %d %d %d\n", (int)stats->calls, (int)stats->votes,
                             (int)stats->errors, (int)stats->quarantined),
            NULL);
  for (size_t i = 0; i < stats->failure_count; i++) {
    const ws_lf_failure *at = &stats->failures[i];
    assert_ok(ws_buffer_printf(out, "%d %d %s %d %s %s\n", (int)at->row, (int)at->line,
                               at->id, (int)at->kind, at->what,
                               at->traceback ? at->traceback : "-"),
              NULL);
  }
}

static void errors_are_kept_with_their_messages(void **state) {
  fixture *f = *state;
  ws_buffer first = {0}, second = {0};
  lf_file(&f->lf, "a.lua", failing_lfs);
  lf_file(&f->lf, "b.rules", "d HAM /(x+)+$/\n");
  lf_data(&f->lf, "d.txt", "a\nb\nc\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxz\nb\na\nb\n");
  f->lf.options.lua_steps = f->lf.options.pattern_steps = 10000;
  assert_int_equal(apply(f), 0);
  assert_int_equal(each_entry(f, NULL), 4);
  for (size_t j = 0; j < 4; j++)
    append_stats(ws_apply_report_at(f->lf.report, j), &first);
  for (size_t chunk = 0; chunk < 4; chunk++) {
    f->lf.apply.chunk = chunk;
    assert_int_equal(apply(f), 4);
    second.size = 0;
    for (size_t j = 0; j < 4; j++)
      append_stats(ws_apply_report_at(f->lf.report, j), &second);
    assert_string_equal(second.data, first.data);
  }
  const ws_lf_stats *stats = ws_apply_report_at(f->lf.report, 0);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_RUNTIME], 5);
  assert_non_null(strstr(stats->failures[0].traceback, "a.lua:1: in 'inner'"));
  stats = ws_apply_report_at(f->lf.report, 1);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_VOTE], 3);
  stats = ws_apply_report_at(f->lf.report, 2);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_PATTERN], 1);
  stats = ws_apply_report_at(f->lf.report, 3);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_PATTERN], 1);
  ws_buffer_clear(&first), ws_buffer_clear(&second);
}

static void messages_name_the_lines_that_there_are_now(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua", "function lf.a(x) return x.none.field end\n");
  lf_file(&f->lf, "b.rules", "b HAM /b/\n");
  lf_data(&f->lf, "d.txt", "a\nb\n");
  apply(f);
  assert_string_equal(lf_failure(&f->lf, 0, 0),
                      "a.lua:1: in 'a': attempt to index a nil value (field 'none')");
  lf_file(&f->lf, "a.lua", "\n\nfunction lf.a(x) return x.none.field end\n");
  assert_int_equal(apply(f), 1);
  for (int i = 0; i < 2; i++) {
    assert_string_equal(lf_failure(&f->lf, 0, 0),
                        "a.lua:3: in 'a': attempt to index a nil value (field 'none')");
    assert_int_equal(apply(f), 2);
  }
}

/* A share that quarantines it in one run and not in the next. */
static void the_share_is_judged_by_the_run_that_has_it(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua", failing_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\nb\nb\na\n");
  apply(f);
  assert_int_equal(ws_apply_report_at(f->lf.report, 1)->quarantined,
                   WS_LF_QUARANTINE_FAILING);
  assert_picture(f, "--- --- --- --- ---");
  f->lf.apply.quarantine_share = 1;
  assert_int_equal(apply(f), 3);
  assert_int_equal(ws_apply_report_at(f->lf.report, 1)->quarantined,
                   WS_LF_QUARANTINE_NONE);
  assert_picture(f, "-1- --- --- --- -1-");
}

static void times_are_those_of_the_run_that_called(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\nab\nc\n");
  apply(f);
  ws_lf_stats before = *ws_apply_report_at(f->lf.report, 0);
  char id[20];
  snprintf(id, sizeof id, "%s", before.slowest_id);
  for (size_t chunk = 0; chunk < 4; chunk++) {
    f->lf.apply.chunk = chunk;
    assert_int_equal(apply(f), 3);
    const ws_lf_stats *stats = ws_apply_report_at(f->lf.report, 0);
    assert_int_equal(stats->timed_calls, 4);
    assert_int_equal(stats->timed_ns, before.timed_ns);
    assert_int_equal(stats->slowest_ns, before.slowest_ns);
    assert_int_equal(stats->slowest_row, before.slowest_row);
    assert_int_equal(stats->slowest_line, before.slowest_line);
    assert_string_equal(stats->slowest_id, id);
  }
}

static void time_limits_are_not_kept(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua",
          "function lf.slow(x) if x.text == 'slow' then while true do end end\n"
          "  return SPAM end\n"
          "function lf.fast(x) return HAM end\n");
  lf_data(&f->lf, "d.txt", "a\nslow\nb\n");
  apply(f);
  assert_picture(f, "10 -0 10");
  assert_int_equal(apply(f), 1);
  assert_picture(f, "10 -0 10");
  assert_int_equal(ws_apply_report_at(f->lf.report, 0)->errors_by_kind[WS_LF_ERROR_CPU],
                   1);
}

static void quarantined_ones_are_not_kept(void **state) {
  fixture *f = *state;
  ws_buffer text = {0};
  lf_file(&f->lf, "a.lua",
          "function lf.slow(x) while true do end end\n"
          "function lf.fast(x) return HAM end\n");
  for (int i = 0; i < 15; i++) assert_ok(ws_buffer_printf(&text, "%d\n", i), NULL);
  lf_data(&f->lf, "d.txt", text.data);
  f->lf.options.call_cpu_ms = 10;
  apply(f);
  assert_true(ws_apply_report_at(f->lf.report, 0)->quarantined);
  assert_int_equal(apply(f), 1);
  assert_true(ws_apply_report_at(f->lf.report, 0)->quarantined);
  assert_false(ws_apply_report_at(f->lf.report, 1)->quarantined);
  assert_int_equal(ws_votes_cast(f->lf.votes), 15);
  ws_buffer_clear(&text);
}

static void limits_on_errors_hold_the_same(void **state) {
  fixture *f = *state;
  ws_error first;
  lf_file(&f->lf, "a.lua",
          "function lf.a(x) return x.text == 'b' and x.none.field or SPAM end\n");
  lf_file(&f->lf, "b.rules", "b HAM /b/\n");
  lf_data(&f->lf, "d.txt", "a\nb\nb\na\n");
  apply(f);
  f->lf.apply.limit_errors = true;
  for (int kept = 0; kept < 2; kept++) {
    ws_cache *cache = f->lf.apply.cache;
    if (!kept) f->lf.apply.cache = NULL;
    f->lf.apply.max_error_share = 0.25; // 2 of 8 calls
    assert_ok(lf_apply(&f->lf), &f->lf.err);
    f->lf.apply.max_error_share = 0.2;
    assert_int_equal(lf_apply(&f->lf), WS_ELF);
    if (kept) assert_string_equal(f->lf.err.message, first.message);
    first = f->lf.err;
    f->lf.apply.max_error_share = -1;
    f->lf.apply.max_errors = 1;
    assert_int_equal(lf_apply(&f->lf), WS_ELF);
    f->lf.apply.cache = cache;
  }
}

/* A run that ends early keeps nothing. */
static void failed_runs_keep_nothing(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua",
          "function lf.a(x) return x.text == 'b' and x.none.field or SPAM end\n"
          "function lf.b(x) return SPAM end\n");
  lf_data(&f->lf, "d.txt", "a\nb\nb\na\n");
  f->lf.apply.limit_errors = true;
  assert_ok(lf_load(&f->lf), &f->lf.err);
  assert_int_equal(lf_apply(&f->lf), WS_ELF);
  assert_int_equal(each_entry(f, NULL), 0);
}

/* --- entries that are not what they should be --- */

static void truncate_it(const char *path) {
  struct stat about;
  assert_int_equal(stat(path, &about), 0);
  assert_int_equal(truncate(path, about.st_size / 2), 0);
}

static void change_it(const char *path) {
  FILE *file = fopen(path, "r+");
  assert_non_null(file);
  assert_int_equal(fseek(file, 24, SEEK_SET), 0);
  int byte = getc(file);
  assert_int_equal(fseek(file, 24, SEEK_SET), 0);
  putc(byte ^ 1, file);
  fclose(file);
}

static void empty_it(const char *path) {
  assert_int_equal(truncate(path, 0), 0);
}

static void damaged_columns_are_computed_again(void **state) {
  fixture *f = *state;
  static void (*const damages[])(const char *path) = {truncate_it, change_it, empty_it};
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\nab\n");
  apply(f);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(each_entry(f, damages[i]), 3);
    assert_int_equal(apply(f), 0);
    assert_picture(f, "1-- -0- 10-");
    assert_int_equal(apply(f), 3);
    assert_picture(f, "1-- -0- 10-");
  }
}

/* Writes entries over all others that are whole, each under its own key, but hold
 * something else. */
static size_t forge(fixture *f, const char *bytes, size_t size) {
  ws_hash128 keys[8];
  size_t count = 0;
  DIR *folder = opendir(f->cache);
  for (struct dirent *item; (item = readdir(folder));) {
    unsigned long long high, low;
    if (sscanf(item->d_name, "%16llx%16llx.cache", &high, &low) == 2)
      keys[count++] = (ws_hash128){low, high};
  }
  closedir(folder);
  for (size_t i = 0; i < count; i++)
    ws_cache_put(f->lf.apply.cache, keys[i], (ws_text){bytes, size});
  return count;
}

/* The numbers behind the cells, and a message of row 0. */
enum {
  BYTES,
  CLASSES,
  RECORDS,
  VOTES,
  ERRORS,
  TIMED = 9,
  SLOWEST = 12,
  MESSAGES,
  NUMBERS
};

typedef struct change {
  const char *cells;
  size_t size;
  int at; // number `at` is `value`; below 0: none is another
  uint64_t value;
} change;

static void put_column(const change *c, ws_buffer *out) {
  uint64_t numbers[NUMBERS] = {[BYTES] = c->size, [CLASSES] = 2, [RECORDS] = 3};
  numbers[VOTES] = 1;
  numbers[ERRORS] = numbers[MESSAGES] = 1;
  if (c->at >= 0 && c->at < NUMBERS) numbers[c->at] = c->value;
  assert_ok(ws_buffer_append(out, c->cells, c->size), NULL);
  for (size_t i = 0; i < NUMBERS; i++) assert_ok(ws_bytes_put(out, numbers[i], 8), NULL);
  assert_ok(ws_bytes_put(out, c->at == NUMBERS ? c->value : 0, 8), NULL); // the row
  assert_ok(ws_bytes_put_text(out, ws_text_of("a.lua:1: in 'a': no")), NULL);
  assert_ok(ws_bytes_put_text(out, (ws_text){"", 0}), NULL);
  uint64_t size = c->at == NUMBERS + 1 ? c->value : out->size - c->size;
  assert_ok(ws_bytes_put(out, size, 8), NULL);
}

static bool opens(const change *c) {
  ws_buffer bytes = {0};
  ws__column column;
  put_column(c, &bytes);
  bool opened = ws__column_open(&column, ws_buffer_as_text(&bytes), 2);
  ws_buffer_clear(&bytes);
  return opened;
}

static void only_what_is_right_in_all_its_numbers_is_a_column(void **state) {
  (void)state;
  // an error, and a vote on the record after the next
  static const change right = {"\x02\x00\x03", 3, -1, 0};
  static const change wrong[] = {
      {"\x02\x00\x03", 3, BYTES, 4},
      {"\x02\x00\x03", 3, CLASSES, 3},
      {"\x02\x00\x03", 3, RECORDS, 1},
      {"\x02\x00\x03", 3, VOTES, 2},
      {"\x02\x00\x03", 3, ERRORS, 0},
      {"\x02\x00\x03", 3, ERRORS + 1, 1},
      {"\x02\x00\x03", 3, TIMED, 4},       // more calls than records
      {"\x02\x00\x03", 3, SLOWEST, 3},     // of a record that is not there
      {"\x02\x00\x03", 3, MESSAGES, 0},    // bytes are left
      {"\x02\x00\x03", 3, MESSAGES, 2},    // none is left
      {"\x02\x00\x03", 3, MESSAGES, 4},    // more than are kept
      {"\x02\x00\x03", 3, NUMBERS, 3},     // of a record that is not there
      {"\x02\x00\x03", 3, NUMBERS + 1, 9}, // begins somewhere
      {"\x02\x00\x03", 3, NUMBERS + 1, UINT64_MAX},
      {"\x02\x03\x03", 3, -1, 0},     // no kind
      {"\x02\x00\x83", 3, -1, 0},     // cut inside a number
      {"\x01\x02", 2, -1, 0},         // cut before the kind
      {"\x02\x00\x03\x01", 4, -1, 0}, // one more
      {"\x02\x00\x07", 3, -1, 0},     // beyond the last record
      {"\x02\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13, -1, 0},
      {"\x02\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12, -1, 0},
  };
  assert_true(opens(&right));
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    if (opens(&wrong[i])) fail_msg("case %zu is taken for a column", i);
}

static void whole_entries_with_nonsense_are_not_taken(void **state) {
  fixture *f = *state;
  static const change nonsense = {"\x03\x83", 2, -1, 0};
  ws_buffer bytes = {0};
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\nab\n");
  apply(f);
  put_column(&nonsense, &bytes);
  assert_int_equal(forge(f, bytes.data, bytes.size), 3);
  assert_int_equal(apply(f), 0);
  assert_picture(f, "1-- -0- 10-");
  forge(f, "short", 5);
  assert_int_equal(apply(f), 0);
  ws_buffer_clear(&bytes);
}

/* Nothing but somebody's hand can make this; it must not be for ever. */
static void a_column_of_other_records_is_an_error_once(void **state) {
  fixture *f = *state;
  ws_buffer bytes = {0};
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\nab\n");
  apply(f);
  const ws__column_end end = {.classes = 2, .records = 4};
  assert_ok(ws__column_put_end(&end, 0, &bytes), NULL);
  forge(f, bytes.data, bytes.size);
  assert_ok(lf_load(&f->lf), &f->lf.err);
  assert_int_equal(lf_apply(&f->lf), WS_EIO);
  assert_message(&f->lf.err, "are of other data, and are removed now: run it again");
  assert_int_equal(apply(f), 0);
  assert_picture(f, "1-- -0- 10-");
  ws_buffer_clear(&bytes);
}

/* --- data that change while they are read --- */

typedef struct appender {
  const char *path;
  bool done;
} appender;

static bool append_once(void *user, const ws_progress *progress) {
  appender *a = user;
  (void)progress;
  if (a->done) return true;
  FILE *file = fopen(a->path, "a");
  fputs("a\n", file);
  fclose(file);
  a->done = true;
  return true;
}

static ws_status apply_while_it_grows(fixture *f) {
  lf_fixture *lf = &f->lf;
  appender grow = {lf->data, false};
  ws_reader_options options = ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_hash128 ignored;
  bool known;
  lf_forget_votes(lf);
  assert_ok(lf_load(lf), &lf->err);
  assert_ok(ws_reader_open(lf->data, lf->task, &options, &reader, &lf->err), &lf->err);
  assert_ok(ws_reader_key(reader, &ignored, &known, &lf->err), &lf->err);
  append_once(&grow, NULL);
  ws_status status = ws_apply_votes(lf->set, reader, &lf->apply, NULL, NULL, &lf->votes,
                                    &lf->report, &lf->err);
  ws_reader_free(reader);
  return status;
}

static void data_that_change_end_the_run_or_are_not_kept(void **state) {
  fixture *f = *state;
  lf_file(&f->lf, "a.lua", some_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  assert_ok(apply_while_it_grows(f), &f->lf.err); // nothing came from the cache
  assert_picture(f, "1-- -0- 1--");
  assert_int_equal(each_entry(f, NULL), 0);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  apply(f);
  assert_int_equal(apply_while_it_grows(f), WS_EIO);
  assert_message(&f->lf.err, "d.txt: changed while it was being read");
  assert_int_equal(apply(f), 0); // the file has changed
  assert_picture(f, "1-- -0- 1--");
}

/* --- any edits --- */

enum { LFS = 9, WORDS = 5 };

/* What a random LF does is told by one number; its kind by its index. Some fail. */
static void write_lfs(fixture *f, const unsigned *what, bool derived) {
  static const char *const words[WORDS] = {"red", "green", "blue", "dog", "cat"};
  ws_buffer lua = {0}, rules = {0};
  assert_ok(ws_buffer_printf(&lua, "function field.n(x) return #x.text %% %d end\n",
                             derived ? 3 : 2),
            NULL);
  for (unsigned j = 0; j < LFS; j++) {
    const char *word = words[what[j] % WORDS];
    const char *label = what[j] / WORDS % 2 ? "HAM" : "SPAM";
    if (j % 3 == 0)
      assert_ok(ws_buffer_printf(&rules, "r%u %s /%s/i\n", j, label, word), NULL);
    else if (j % 3 == 1)
      assert_ok(ws_buffer_printf(&lua,
                                 "function lf.f%u(x) if x.lower:find('%s') and x.n < %u "
                                 "then return %s end end\n",
                                 j, word, what[j] % 4, label),
                NULL);
    else
      assert_ok(ws_buffer_printf(&lua,
                                 "function lf.e%u(x) if x.text:find('%s') then return %s "
                                 "elseif %u == 9 then error('no') end end\n",
                                 j, word, label, what[j] % 12),
                NULL);
  }
  lf_file(&f->lf, "a.lua", lua.data);
  lf_file(&f->lf, "b.rules", rules.data);
  ws_buffer_clear(&lua);
  ws_buffer_clear(&rules);
}

static void write_data(fixture *f, ws_rng *rng) {
  static const char *const words[] = {"red", "Green", "blue", "dog", "CAT", "other", "x"};
  ws_buffer text = {0};
  for (unsigned i = 0; i < 400; i++) {
    for (unsigned n = 0; n < 3; n++)
      assert_ok(ws_buffer_printf(&text, "%s ", words[ws_rng_below(rng, 7)]), NULL);
    assert_ok(ws_buffer_string(&text, "\n"), NULL);
  }
  lf_data(&f->lf, "d.txt", text.data);
  ws_buffer_clear(&text);
}

static void put_report(const fixture *f, ws_buffer *out) {
  for (size_t j = 0; j < ws_apply_report_lfs(f->lf.report); j++)
    append_stats(ws_apply_report_at(f->lf.report, j), out);
}

/* The bytes of the votes, and what the report says. */
static void run(fixture *f, ws_cache *cache, unsigned workers, size_t chunk,
                ws_buffer *out) {
  out->size = 0;
  f->lf.apply.cache = cache;
  f->lf.apply.workers = workers;
  f->lf.apply.chunk = chunk;
  apply(f);
  assert_ok(ws_votes_encode(f->lf.votes, out), NULL);
  put_report(f, out);
}

static void any_edits_give_the_votes_that_running_all_gives(void **state) {
  fixture *f = *state;
  ws_rng rng;
  ws_buffer plain = {0}, kept = {0};
  unsigned what[LFS], steps = 24;
  size_t from_cache = 0;
  ws_rng_init(&rng, 7);
  for (unsigned j = 0; j < LFS; j++) what[j] = (unsigned)ws_rng_below(&rng, 60);
  write_data(f, &rng);
  for (unsigned step = 0; step < steps; step++) {
    unsigned edits = (unsigned)ws_rng_below(&rng, 3);
    for (unsigned i = 0; i < edits; i++)
      what[ws_rng_below(&rng, LFS)] = (unsigned)ws_rng_below(&rng, 60);
    if (step % 9 == 8) write_data(f, &rng);
    write_lfs(f, what, step % 8 < 4);
    ws_cache *cache = f->lf.apply.cache;
    run(f, NULL, 1 + step % 3, step % 4 * 50, &plain);
    run(f, cache, 1 + step % 2, step % 3 * 70, &kept);
    from_cache += ws_apply_report_cached(f->lf.report);
    assert_int_equal(kept.size, plain.size);
    assert_memory_equal(kept.data, plain.data, plain.size);
  }
  assert_true(from_cache > 0);
  assert_true(from_cache < steps * LFS);
  ws_buffer_clear(&plain);
  ws_buffer_clear(&kept);
}

/* Votes of every size of number: gaps of many records, many classes. */
static void far_apart_votes_of_many_classes(void **state) {
  fixture *f = *state;
  ws_buffer classes = {0}, text = {0}, rules = {0}, plain = {0}, kept = {0};
  for (int k = 0; k < 300; k++)
    assert_ok(ws_buffer_printf(&classes, "%sk%d", k ? "," : "", k), NULL);
  ws_task_free(f->lf.task);
  f->lf.task = ws_test_task(classes.data);
  for (int i = 0; i < 20000; i++) assert_ok(ws_buffer_printf(&text, "%d\n", i), NULL);
  for (int k = 0; k < 300; k += 23)
    assert_ok(ws_buffer_printf(&rules, "r%d k%d /^[0-9]?%d$/\n", k, k, k * 7), NULL);
  assert_ok(ws_buffer_string(&rules, "last k299 /^19999$/\nall k298 /./\n"), NULL);
  lf_data(&f->lf, "d.txt", text.data);
  lf_file(&f->lf, "a.rules", rules.data);
  ws_cache *cache = f->lf.apply.cache;
  run(f, cache, 2, 0, &plain);
  run(f, cache, 2, 0, &kept);
  assert_int_equal(ws_apply_report_cached(f->lf.report), 16);
  assert_int_equal(kept.size, plain.size);
  assert_memory_equal(kept.data, plain.data, plain.size);
  ws_buffer_clear(&classes), ws_buffer_clear(&text), ws_buffer_clear(&rules);
  ws_buffer_clear(&plain), ws_buffer_clear(&kept);
}

/* --- workers that lie --- */

/* A worker was not asked about LF 1: what it says about it, even so, is not taken. */
static void votes_that_nobody_asked_for_are_not_taken(void **state) {
  (void)state;
  static const unsigned char left_out[3] = {0, 1, 0};
  static const int32_t votes[6] = {1, 0, -1, -1, -5, 7};
  ws__slot_error errors[2] = {{.position = 1, .size = 4, .text = "oops"},
                              {.position = 5, .size = 4, .text = "oops"}};
  ws__timing times[3] = {{.calls = 0}}, sum[3] = {{.calls = 0}};
  uint32_t count = 2;
  ws__slot_parts slot = {NULL, votes, &count, errors, 2, times, 3};
  ws__chunk_lfs lfs = {3, 2, left_out};
  ws__chunk chunk;
  int32_t labels[6];
  assert_ok(ws__chunk_init(&chunk), NULL);
  chunk.labels = labels;
  chunk.times = sum;
  assert_ok(ws__chunk_harvest(&chunk, &slot, &lfs, 0, 6), NULL);
  const int32_t expected[6] = {1, -1, -1, -1, -1, ws__vote_failed(WS_LF_ERROR_VOTE)};
  assert_memory_equal(labels, expected, sizeof expected);
  assert_int_equal(chunk.error_count, 2); // both of position 5
  assert_int_equal(chunk.errors[0].position, 5);
  assert_int_equal(chunk.errors[1].position, 5);
  assert_true(chunk.forged);
  chunk.labels = NULL;
  chunk.times = NULL;
  ws__chunk_clear(&chunk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(a_second_run_calls_nothing),
      TEST(without_a_cache_nothing_is_kept),
      TEST(other_data_other_votes),
      TEST(the_order_of_classes_counts),
      TEST(errors_are_kept_with_their_messages),
      TEST(messages_name_the_lines_that_there_are_now),
      TEST(the_share_is_judged_by_the_run_that_has_it),
      TEST(times_are_those_of_the_run_that_called),
      TEST(time_limits_are_not_kept),
      TEST(quarantined_ones_are_not_kept),
      TEST(limits_on_errors_hold_the_same),
      TEST(failed_runs_keep_nothing),
      TEST(damaged_columns_are_computed_again),
      TEST(only_what_is_right_in_all_its_numbers_is_a_column),
      TEST(whole_entries_with_nonsense_are_not_taken),
      TEST(a_column_of_other_records_is_an_error_once),
      TEST(data_that_change_end_the_run_or_are_not_kept),
      TEST(any_edits_give_the_votes_that_running_all_gives),
      TEST(far_apart_votes_of_many_classes),
      TEST(votes_that_nobody_asked_for_are_not_taken),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
