/* SPDX-License-Identifier: MIT
 *
 * The pass that decides which rules a text may match: it must never lose a match.
 * WS_TEST_BATCHES sets how many batches of random patterns are tried.
 */
#include "../lf/lf_test.h"
#include "prefilter.h"
#include "regex.h"
#include "rules.h"

#define HOUSEHOLD     WS_TEST_DATA "/../../samples/household"
#define TEXT(literal) ((ws_text){literal, sizeof literal - 1})

enum { BATCH = 40, TEXTS = 12 };

static uint32_t seed = 1;

static uint32_t below(uint32_t limit) {
  seed = seed * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)seed * limit) >> 32);
}

/* --- many patterns --- */

typedef struct batch {
  ws_arena arena;
  ws__regexes *regexes;
  ws__regex *regex[BATCH];
  ws__prefilter_entry entries[BATCH];
  bool filtered[BATCH];
  ws__prefilter *filter;
  size_t count;
} batch;

static void batch_begin(batch *b) {
  memset(b, 0, sizeof *b);
  assert_ok(ws__regexes_new(100000, &b->regexes), NULL);
}

static void batch_end(batch *b) {
  for (size_t i = 0; i < b->count; i++) ws__regex_free(b->regex[i]);
  ws__regexes_free(b->regexes);
  ws__prefilter_free(b->filter);
  ws_arena_clear(&b->arena);
}

/* Whether the pattern could be compiled. */
static bool batch_add(batch *b, ws_text pattern, ws_text flags) {
  size_t offset, i = b->count;
  assert_true(i < BATCH);
  if (ws__regex_new(b->regexes, pattern, flags, &b->regex[i], &offset, NULL) != WS_OK)
    return false;
  b->entries[i].bit = (uint32_t)(i * 7);
  assert_ok(ws__required(pattern, flags, &b->arena, &b->entries[i].required), NULL);
  b->count++;
  return true;
}

/* The plain way: the text folded, and every literal looked for. */
static bool holds_one(ws_text text, const ws__literal *literals) {
  char folded[2000];
  size_t size = 0;
  assert_true(text.size <= sizeof folded);
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    bool kelvin = i + 3 <= text.size && memcmp(text.data + i, "\xE2\x84\xAA", 3) == 0;
    bool long_s = i + 2 <= text.size && memcmp(text.data + i, "\xC5\xBF", 2) == 0;
    folded[size++] = (char)(kelvin   ? 'k'
                            : long_s ? 's'
                                     : c | (c >= 'A' && c <= 'Z' ? 0x20 : 0));
    i += kelvin ? 2 : long_s;
  }
  for (; literals; literals = literals->next)
    for (size_t i = 0; i + literals->text.size <= size; i++)
      if (memcmp(folded + i, literals->text.data, literals->text.size) == 0) return true;
  return false;
}

/* Returns the number of matches of patterns that are filtered. */
static size_t check_text(const batch *b, ws_text text) {
  uint64_t set[(BATCH * 7 + 63) / 64] = {0};
  size_t matches = 0;
  if (b->filter) ws__prefilter_scan(b->filter, text, set);
  for (size_t i = 0; i < b->count; i++) {
    uint32_t bit = b->entries[i].bit;
    bool said = set[bit / 64] >> bit % 64 & 1;
    bool matched = ws__regex_match(b->regex[i], text, 0) == 1;
    if (!b->filtered[i]) continue;
    matches += matched;
    assert_int_equal(said, holds_one(text, b->entries[i].required));
    assert_true(said || !matched);
  }
  return matches;
}

static void batch_build(batch *b) {
  assert_ok(ws__prefilter_new(b->entries, b->count, b->filtered, &b->filter), NULL);
}

/* --- random ones --- */

static void put(ws_buffer *out, const char *text) {
  assert_ok(ws_buffer_append(out, text, strlen(text)), NULL);
}

static void random_literal(ws_buffer *out) {
  static const char *const letters[] = {"a", "b", "k", "s",       "K",
                                        "B", "-", " ", "\xC3\xA9"};
  for (uint32_t n = 1 + below(4); n; n--) put(out, letters[below(9) * below(9) / 8]);
}

static void random_pattern(ws_buffer *out, unsigned depth);

static void random_group(ws_buffer *out, unsigned depth) {
  static const char *const opens[] = {"(",   "(?:", "(?:", "(?:", "(?=",   "(?!",
                                      "(?>", "(",   "(?i", "(?|", "(?<n>", "(?i:"};
  put(out, opens[below(12) * below(12) / 11]);
  random_pattern(out, depth - 1);
  put(out, ")");
}

static void random_atom(ws_buffer *out, unsigned depth) {
  static const char *const atoms[] = {
      ".",    "[ab]",     "[^a]",     "\\b",      "\\w",    "\\W",
      "^",    "$",        "\\s",      "[]k]",     "[a-s]",  "\\-",
      "\\K",  "\\x61",    "\\Qab\\E", "\\1",      "\\p{L}", "[[:^space:]]",
      "\\R",  "(?<=a|k)", "#",        "\xC5\xBF", "\\X",    "\xE2\x84\xAA",
      "{",    "}",        "]",        "(?<!s)",   "\\A",    "\\x{73}",
      "\\pL", "[\\]s-]"};
  switch (below(depth ? 5 : 3)) {
  case 0:
    put(out, atoms[below(32)]);
    return;
  case 1:
  case 2:
    random_literal(out);
    return;
  default:
    random_group(out, depth);
  }
}

static void random_pattern(ws_buffer *out, unsigned depth) {
  static const char *const times[] = {"?",   "*",      "+",      "??",    "+?", "{2}",
                                      "{0}", "{0,2}",  "{1,}",   "{,2}",  "*+", "{1}",
                                      "++",  "{2}{2}", "{00,1}", "{3,4}?"};
  for (uint32_t n = 1 + below(4); n; n--) {
    random_atom(out, depth);
    if (below(4) == 0) put(out, times[below(16)]);
    if (below(6) == 0) put(out, "|");
  }
}

/* What is left of a pattern without its operators, in some case, amid noise: a text that
 * may well match. */
static void random_text(ws_buffer *out, ws_text pattern) {
  static const char *const odd[] = {"\xC5\xBF", "\xE2\x84\xAA", "\xC3\xA9", "\n",
                                    "\xE2\x82\xAC"};
  for (uint32_t n = below(3) * below(20); n; n--)
    put(out,
        below(6) ? (const char *const[]){"a", "b", "k", "S"}[below(4)] : odd[below(5)]);
  for (size_t i = 0; i < pattern.size; i++) {
    char c = pattern.data[i], one[] = {c, '\0'};
    if (c == '|' && below(2)) break;
    if (!strchr("abksKB- ]", c) || below(10) == 0) continue;
    if (below(3) == 0 && c >= 'a') one[0] = (char)(c - 32);
    put(out, c == 'k' && below(4) == 0   ? odd[1]
             : c == 's' && below(4) == 0 ? odd[0]
                                         : one);
  }
  for (uint32_t n = below(2) * below(40); n; n--)
    put(out, below(8) ? "b" : odd[below(5)]);
}

typedef struct totals {
  size_t patterns, filtered, texts, matches;
} totals;

static void try_batch(totals *sum) {
  static const char *const flags[] = {"", "i", "i", "is", "m", "ix"};
  ws_buffer patterns[BATCH] = {{0}};
  batch b;
  batch_begin(&b);
  while (b.count < BATCH) {
    ws_buffer *pattern = &patterns[b.count];
    pattern->size = 0;
    random_pattern(pattern, 3);
    batch_add(&b, ws_buffer_as_text(pattern), ws_text_of(flags[below(6)]));
  }
  batch_build(&b);
  for (size_t i = 0; i < BATCH; i++) sum->filtered += b.filtered[i];
  for (size_t i = 0; i < TEXTS; i++) {
    ws_buffer text = {0};
    for (uint32_t n = 1 + below(3); n; n--)
      random_text(&text, ws_buffer_as_text(&patterns[below(BATCH)]));
    sum->matches += check_text(&b, ws_buffer_as_text(&text));
    ws_buffer_clear(&text);
  }
  sum->patterns += BATCH;
  sum->texts += TEXTS;
  for (size_t i = 0; i < BATCH; i++) ws_buffer_clear(&patterns[i]);
  batch_end(&b);
}

static void no_match_of_a_random_pattern_is_lost(void **state) {
  (void)state;
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
  size_t batches = 100;
#else
  size_t batches = 1500;
#endif
  const char *wanted = getenv("WS_TEST_BATCHES");
  if (wanted) batches = strtoul(wanted, NULL, 10);
  totals sum = {0, 0, 0, 0};
  for (size_t i = 0; i < batches; i++) try_batch(&sum);
  print_message("%zu patterns, %zu filtered; %zu texts, %zu matches\n", sum.patterns,
                sum.filtered, sum.texts, sum.matches);
  assert_true(sum.filtered * 5 > sum.patterns);
}

/* --- real ones --- */

static void read_whole(const char *path, ws_buffer *out) {
  FILE *file = fopen(path, "rb");
  char part[4096];
  assert_non_null(file);
  for (size_t size; (size = fread(part, 1, sizeof part, file)) > 0;)
    assert_ok(ws_buffer_append(out, part, size), NULL);
  fclose(file);
}

static void add_household_rules(batch *b) {
  ws_task *task = ws_test_task(
      "HEATING_COOLING,POOL,PLUMBING,ROOFING,PESTS,APPLIANCES,INTERNET,GARDEN,"
      "ELECTRICAL,WATER_HEATER");
  ws_buffer file = {0};
  read_whole(HOUSEHOLD "/lfs/keywords.rules", &file);
  ws__rules rules = {"k.rules", task, ws_buffer_as_text(&file), 0, 0};
  ws__rule rule;
  ws_error err = WS_ERROR_INIT;
  for (bool more = true; more;) {
    assert_ok(ws__rules_next(&rules, &rule, &more, &err), &err);
    if (more && rule.pattern.data) assert_true(batch_add(b, rule.pattern, rule.flags));
  }
  ws_buffer_clear(&file);
  ws_task_free(task);
}

static void no_match_of_the_household_rules_is_lost(void **state) {
  (void)state;
  batch b;
  ws_buffer data = {0};
  size_t matches = 0, filtered = 0;
  batch_begin(&b);
  add_household_rules(&b);
  batch_build(&b);
  for (size_t i = 0; i < b.count; i++) filtered += b.filtered[i];
  assert_true(b.count >= 20 && filtered == b.count);
  read_whole(HOUSEHOLD "/data/train.jsonl", &data);
  for (size_t at = 0; at < data.size;) {
    const char *line = data.data + at, *end = memchr(line, '\n', data.size - at);
    assert_non_null(end);
    matches += check_text(&b, (ws_text){line, (size_t)(end - line)});
    at = (size_t)(end - data.data) + 1;
  }
  assert_true(matches > 300);
  ws_buffer_clear(&data);
  batch_end(&b);
}

/* --- odd ones --- */

static void too_many_literals_are_not_filtered(void **state) {
  (void)state;
  enum { COUNT = 10000 };
  ws__prefilter_entry *entries = calloc(COUNT, sizeof *entries);
  bool *filtered = calloc(COUNT, 1);
  uint64_t *set = calloc(COUNT / 64 + 1, 8);
  ws_arena arena = {NULL};
  ws__prefilter *filter = NULL;
  for (uint32_t i = 0; i < COUNT; i++) {
    char pattern[40];
    snprintf(pattern, sizeof pattern, "x%06u a pattern of 30 bytes..", i);
    entries[i].bit = i;
    assert_ok(ws__required(ws_text_of(pattern), TEXT(""), &arena, &entries[i].required),
              NULL);
  }
  assert_ok(ws__prefilter_new(entries, COUNT, filtered, &filter), NULL);
  assert_true(filtered[0] && filtered[5000] && !filtered[COUNT - 1]);
  ws__prefilter_scan(filter, TEXT("a X005000 a pattern of 30 bytesss"), set);
  for (uint32_t i = 0; i < COUNT; i++)
    assert_int_equal(set[i / 64] >> i % 64 & 1, i == 5000);
  ws__prefilter_free(filter);
  ws_arena_clear(&arena);
  free(entries);
  free(filtered);
  free(set);
}

static ws_status make_filter(void *user) {
  (void)user;
  ws_arena arena = {NULL};
  ws__prefilter_entry entries[2] = {{NULL, 0}, {NULL, 1}};
  ws__prefilter *filter = NULL;
  bool filtered[2];
  ws_status status =
      ws__required(TEXT("one|two|three"), TEXT(""), &arena, &entries[0].required);
  if (status == WS_OK)
    status = ws__required(TEXT("three+"), TEXT(""), &arena, &entries[1].required);
  if (status == WS_OK) status = ws__prefilter_new(entries, 2, filtered, &filter);
  ws__prefilter_free(filter);
  ws_arena_clear(&arena);
  return status;
}

static void lack_of_memory_is_survived(void **state) {
  (void)state;
  ws_test_every_allocation_failure(make_filter, NULL);
}

/* Rules that abstain unasked among rules that are asked, and a field. */
static void rules_vote_as_if_each_were_alone(void **state) {
  (void)state;
  lf_fixture f;
  lf_begin(&f, "HAM,SPAM");
  lf_file(&f, "a.rules",
          "a SPAM /money/i\nb HAM /\\d+/\nc SPAM title ~ /money/\n"
          "d HAM /kiss|(?=x)never/i\ne SPAM @w.txt\nf HAM /money|\\bcash\\b/");
  lf_file(&f, "w.txt", "cash");
  lf_data(&f, "d.jsonl",
          "{\"text\":\"Money\",\"title\":\"money\"}\n{\"text\":\"\"}\n"
          "{\"text\":\"12 \xE2\x84\xAAI\xC5\xBFs "
          "cash\"}\n"
          "{\"text\":\"cashmoney\"}\n");
  lf_expect(&f, "1-1--- ------ -0-010 1----0");
  lf_end(&f);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_match_of_a_random_pattern_is_lost),
      cmocka_unit_test(no_match_of_the_household_rules_is_lost),
      cmocka_unit_test(too_many_literals_are_not_filtered),
      cmocka_unit_test(lack_of_memory_is_survived),
      cmocka_unit_test(rules_vote_as_if_each_were_alone),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
