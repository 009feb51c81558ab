/* SPDX-License-Identifier: MIT
 *
 * The texts of rule files: rules and their patterns, the comments that hold tests in
 * files of either kind, and the lines of word lists.
 */
#include <string.h>

#include "fuzz.h"
#include "keywords.h"
#include "regex.h"
#include "test_lines.h"

static const char path[] = "a.rules";

/* The message of an error begins with where it is. */
static void check_message(const ws_error *err) {
  FUZZ_CHECK(strncmp(err->message, path, sizeof path - 1) == 0);
  FUZZ_CHECK(ws_utf8_valid(ws_text_of(err->message)));
}

static void match(const ws__regex *regex, ws_text text) {
  ws_error err = WS_ERROR_INIT;
  size_t count;
  int found = ws__regex_match(regex, text, 0);
  if (found < 0) {
    FUZZ_CHECK(ws__regex_explain(regex, found, &err) != WS_OK && *err.message);
  } else if (found) {
    const size_t *groups = ws__regex_groups(regex, &count);
    FUZZ_CHECK(count > 0 && groups[0] <= text.size && groups[1] <= text.size);
  }
}

static void compile(const ws__rules *rules, const ws__rule *rule) {
  ws__regexes *regexes = NULL;
  ws__regex *regex = NULL;
  ws_error err = WS_ERROR_INIT;
  size_t offset = 0;
  FUZZ_CHECK(ws__regexes_new(1000, &regexes) == WS_OK);
  if (ws__regex_new(regexes, rule->pattern, rule->flags, &regex, &offset, &err) ==
      WS_OK) {
    match(regex, rule->whole);
  } else {
    ws__rule_locate(rules, rule, offset, &err);
    check_message(&err);
  }
  ws__regex_free(regex);
  ws__regexes_free(regexes);
}

static void read_rules(ws_text text) {
  ws__rules rules = {.path = path, .task = fuzz_task(), .text = text};
  ws__rule rule;
  ws_error err = WS_ERROR_INIT;
  bool more = true;
  while (ws__rules_next(&rules, &rule, &more, &err) == WS_OK) {
    if (!more) return;
    FUZZ_CHECK(ws__is_lf_name(rule.name) && rule.label >= 0 && rule.label < 2);
    FUZZ_CHECK(!rule.pattern.data != !rule.list.data);
    if (rule.pattern.data) compile(&rules, &rule);
  }
  check_message(&err);
}

static void read_tests(ws_text text, char comment) {
  ws__test_lines lines = {.source = {.path = path, .task = fuzz_task(), .text = text},
                          .comment = comment};
  ws__test_line line = {0};
  ws_error err = WS_ERROR_INIT, *wanted = comment == '#' ? &err : NULL;
  bool more = true;
  uint64_t last = 0;
  FUZZ_CHECK(ws_json_parser_new(&lines.json) == WS_OK);
  ws_status status;
  while ((status = ws__test_lines_next(&lines, &line, &more, wanted)) == WS_OK && more) {
    FUZZ_CHECK(line.line > last && ws_utf8_valid(line.text));
    FUZZ_CHECK(line.expected >= WS_ABSTAIN && line.expected < 2);
    last = line.line;
  }
  if (status != WS_OK && wanted) check_message(wanted);
  ws__test_lines_clear(&lines);
  ws_json_parser_free(lines.json);
}

static void read_list(ws_text text) {
  size_t position = 0;
  for (ws_text line; ws__list_line(text, &position, &line);)
    FUZZ_CHECK(line.size && !memchr(line.data, '\n', line.size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size ? size : 1); // so that reading beyond it is noticed
  memcpy(copy, data, size);
  ws_text text = {copy, size};
  if (ws_utf8_valid(text)) {
    read_rules(text);
    read_tests(text, '#');
    read_tests(text, '-');
    read_list(text);
  }
  free(copy);
  return 0;
}
