/* SPDX-License-Identifier: MIT
 *
 * Blocks of rules: each line is a candidate, with the comments above it.
 */
#include "reply_priv.h"
#include "rules.h"

static ws_status add_rule(ws__replying *r, const ws__rule *rule, ws_text text) {
  ws_buffer source = {0};
  ws__said said = {.name = {NULL, 0}};
  ws_reply_candidate draft = {.names = &rule->name,
                              .name_count = 1,
                              .kind = WS_REPLY_RULES,
                              .label = rule->label,
                              .line = rule->line};
  if (rule->list.data)
    return ws__reply_problem(
        r, (ws_reply_problem){WS_REPLY_NEEDS_FILE, rule->line, rule->name, NULL, true},
        "expected a /pattern/, found the file '@%.*s'", WS_TEXT_ARG(rule->list));
  ws_status status = ws_buffer_text(&source, ws__trim_lines(text));
  if (status == WS_OK && text.size && text.data[text.size - 1] != '\n')
    status = ws_buffer_string(&source, "\n");
  ws__reply_read_comments(text, &said);
  draft.source = ws_buffer_as_text(&source);
  draft.rationale = said.rationale;
  if (status == WS_OK) status = ws__reply_add(r, &draft);
  ws_buffer_clear(&source);
  return status;
}

/* The message has the position in front, of the reply. */
static ws_status say_bad(ws__replying *r, const ws__rules *rules, const ws_error *err) {
  return ws__reply_problem(
      r,
      (ws_reply_problem){.code = WS_REPLY_BAD_RULE, .line = rules->line, .dropped = true},
      "%s", err->message);
}

ws_status ws__reply_rules(ws__replying *r, ws_text source, uint64_t line) {
  ws__rules rules = {
      .path = "reply", .task = r->options->task, .text = source, .line = line - 1};
  size_t found = 0;
  for (bool more = true; more && !ws__reply_is_full(r);) {
    ws_error err = WS_ERROR_INIT;
    ws__rule rule;
    size_t from = rules.position;
    ws_status status = ws__rules_next(&rules, &rule, &more, &err);
    if (status == WS_ENOMEM) return status;
    ws_text text = {source.data + from, rules.position - from};
    if (status == WS_OK && more)
      WS_TRY(add_rule(r, &rule, text));
    else if (status != WS_OK)
      WS_TRY(say_bad(r, &rules, &err));
    found += more;
  }
  if (found) return WS_OK;
  return ws__reply_problem(
      r, (ws_reply_problem){.code = WS_REPLY_NO_LF, .line = line, .dropped = true},
      "expected NAME CLASS /PATTERN/, found no rule");
}

void ws__reply_count_rules(const ws__replying *r, ws_text source, size_t *good,
                           size_t *bad) {
  ws__rules rules = {.path = "reply", .task = r->options->task, .text = source};
  *good = *bad = 0;
  for (bool more = true; more;) {
    ws__rule rule;
    ws_status status = ws__rules_next(&rules, &rule, &more, NULL);
    if (status == WS_OK)
      *good += more;
    else
      (*bad)++;
  }
}
