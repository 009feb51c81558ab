/* SPDX-License-Identifier: MIT
 *
 * Items of replies in JSON. Patterns and lists of keywords become files of ours; what
 * they say is written so that reading the file gives it back.
 */
#include <string.h>

#include <weaksup/lf_write.h>

#include "reply_priv.h"
#include "rules.h"

static ws_status refuse(ws__replying *r, const ws__item *it, ws_reply_code code,
                        const char *what) {
  return ws__reply_problem(
      r,
      (ws_reply_problem){
          .code = code, .line = it->line, .name = it->name, .dropped = true},
      "item %zu: %s", it->number, what);
}

static ws_value member(const ws__item *it, const char *key) {
  ws_value value = ws_value_get(it->value, ws_text_of(key));
  return ws_value_is(value, WS_NULL) ? (ws_value){NULL} : value;
}

static ws_text text_member(const ws__item *it, const char *key) {
  ws_value value = member(it, key);
  return ws_value_is(value, WS_STRING) ? ws_value_text(value) : (ws_text){NULL, 0};
}

static bool has_nul(ws_text text) {
  return text.size && memchr(text.data, '\0', text.size);
}

/* Whether it can be written on a line of rules, or behind "--". */
static bool has_line_end(ws_text text) {
  for (size_t i = 0; i < text.size; i++)
    if (text.data[i] == '\n' || text.data[i] == '\r' || text.data[i] == '\0') return true;
  return false;
}

/* --- labels --- */

/* WS_ABSTAIN, and said, where there is none that the task has. */
static ws_status read_label(ws__replying *r, const ws__item *it, int32_t *out) {
  ws_error err = WS_ERROR_INIT;
  *out = WS_ABSTAIN;
  ws_status status = ws_task_label(r->options->task, member(it, "label"), out, &err);
  if (status == WS_ENOMEM) return status;
  if (status != WS_OK) return refuse(r, it, WS_REPLY_BAD_LABEL, err.message);
  return *out == WS_ABSTAIN
             ? refuse(r, it, WS_REPLY_BAD_LABEL, "expected a class as label, found none")
             : WS_OK;
}

/* --- patterns --- */

/* An even number of backslashes stands in front of byte i. */
static bool is_bare(ws_text pattern, size_t i) {
  size_t slashes = 0;
  while (slashes < i && pattern.data[i - 1 - slashes] == '\\') slashes++;
  return slashes % 2 == 0;
}

static bool ends_bare(ws_text pattern) {
  return is_bare(pattern, pattern.size);
}

static bool holds(ws_text text, const char *two) {
  for (size_t i = 0; i + 1 < text.size; i++)
    if (text.data[i] == two[0] && text.data[i + 1] == two[1]) return true;
  return false;
}

/* /pattern/i in place of the pattern: it would match the slashes. */
static bool has_slashes(ws_text p) {
  size_t end = p.size;
  while (end && strchr("imsx", p.data[end - 1])) end--;
  return p.size > 1 && p.data[0] == '/' && end > 1 && p.data[end - 1] == '/';
}

static const char *pattern_problem(ws_text pattern, ws_text flags) {
  if (pattern.size == 0) return "expected a pattern, found an empty one";
  if (has_line_end(pattern)) return "expected a pattern without line ends and NUL: \\n";
  if (has_slashes(pattern))
    return "expected the pattern alone, found slashes around it: flags are a member";
  if (!ends_bare(pattern))
    return "expected a pattern, found one that ends in a backslash";
  if (holds(pattern, "\\Q") && memchr(pattern.data, '/', pattern.size))
    return "expected no slash within \\Q...\\E";
  for (size_t i = 0; i < flags.size; i++)
    if (!flags.data[i] || !strchr("imsx", flags.data[i]))
      return "expected flags of i, m, s and x";
  return NULL;
}

static size_t escaped_size(ws_text pattern) {
  size_t size = pattern.size;
  for (size_t i = 0; i < pattern.size; i++)
    size += pattern.data[i] == '/' && is_bare(pattern, i);
  return size;
}

/* A slash would end the pattern. */
static ws_status put_pattern(ws_buffer *out, ws_text pattern) {
  for (size_t i = 0; i < pattern.size; i++) {
    bool slash = pattern.data[i] == '/' && is_bare(pattern, i);
    if (slash) WS_TRY(ws_buffer_string(out, "\\"));
    WS_TRY(ws_buffer_append(out, pattern.data + i, 1));
  }
  return WS_OK;
}

static ws_status put_rule(ws__replying *r, const ws__item *it, int32_t label,
                          ws_buffer *out) {
  ws_text field = text_member(it, "field");
  WS_TRY(ws_buffer_text(out, it->name));
  WS_TRY(ws_buffer_string(out, "  "));
  WS_TRY(ws_lf_put_rule_class(out, r->options->task, label));
  if (field.size) {
    WS_TRY(ws_buffer_string(out, "  \""));
    WS_TRY(ws_buffer_text(out, field));
    WS_TRY(ws_buffer_string(out, "\" ~"));
  }
  WS_TRY(ws_buffer_string(out, "  /"));
  WS_TRY(put_pattern(out, text_member(it, "pattern")));
  WS_TRY(ws_buffer_string(out, "/"));
  WS_TRY(ws_buffer_text(out, text_member(it, "flags")));
  return ws_buffer_string(out, "\n");
}

/* Whether the line, read again, is the rule that was meant. */
static bool reads_back(const ws__replying *r, const ws__item *it, ws_text line,
                       int32_t label) {
  ws__rules rules = {.path = "reply", .task = r->options->task, .text = line};
  ws__rule rule;
  bool more;
  ws_text field = text_member(it, "field");
  return ws__rules_next(&rules, &rule, &more, NULL) == WS_OK && more &&
         ws_text_equal(rule.name, it->name) && rule.label == label &&
         rule.pattern.size == escaped_size(text_member(it, "pattern")) &&
         ws_text_equal(rule.flags, text_member(it, "flags")) &&
         (field.size ? ws_text_equal(rule.field, field) : !rule.field.data) &&
         rules.position == line.size;
}

static ws_status add_source(ws__replying *r, const ws__item *it, ws_reply_kind kind,
                            int32_t label, ws_text source) {
  ws_reply_candidate draft = {.names = &it->name,
                              .name_count = 1,
                              .kind = kind,
                              .label = label,
                              .source = source,
                              .rationale = text_member(it, "rationale"),
                              .line = it->line};
  return ws__reply_add(r, &draft);
}

static ws_status read_pattern(ws__replying *r, const ws__item *it) {
  ws_buffer line = {0};
  int32_t label;
  const char *wrong =
      pattern_problem(text_member(it, "pattern"), text_member(it, "flags"));
  ws_text field = text_member(it, "field");
  if (!wrong &&
      (has_line_end(field) || (field.size && memchr(field.data, '"', field.size))))
    wrong = "expected the name of a field without quotes and line ends";
  if (wrong) return refuse(r, it, WS_REPLY_BAD_PATTERN, wrong);
  WS_TRY(read_label(r, it, &label));
  if (label == WS_ABSTAIN) return WS_OK;
  ws_status status = put_rule(r, it, label, &line);
  ws_text source = ws_buffer_as_text(&line);
  if (status == WS_OK)
    status = reads_back(r, it, source, label)
                 ? add_source(r, it, WS_REPLY_RULES, label, source)
                 : refuse(r, it, WS_REPLY_BAD_PATTERN,
                          "expected a pattern that can stand between slashes");
  ws_buffer_clear(&line);
  return status;
}

/* --- keywords --- */

static const char *keywords_problem(ws_value list) {
  ws_value word;
  ws_text key;
  ws_value_iter each;
  if (!ws_value_is(list, WS_ARRAY) || ws_value_count(list) == 0)
    return "expected a list of keywords, found none";
  if (ws_value_count(list) > WS_REPLY_KEYWORDS_MAX)
    return "expected at most 1000 keywords, found more";
  for (each = ws_value_each(list); ws_value_next(&each, &key, &word);) {
    if (!ws_value_is(word, WS_STRING)) return "expected texts as keywords";
    ws_text text = ws_value_text(word);
    if (ws__trim(text).size == 0 || has_nul(text) || text.size > 200)
      return "expected keywords of 1 to 200 bytes without NUL";
  }
  return NULL;
}

/* Lines of about 90 columns. */
static ws_status put_words(ws_buffer *out, ws_value list) {
  ws_value word;
  ws_text key;
  size_t line = out->size;
  ws_value_iter each = ws_value_each(list);
  for (bool first = true; ws_value_next(&each, &key, &word); first = false) {
    size_t next = ws_value_text(word).size + 4;
    if (!first) WS_TRY(ws_buffer_string(out, ","));
    if (first || out->size - line + next > 88) {
      WS_TRY(ws_buffer_string(out, "\n "));
      line = out->size;
    }
    WS_TRY(ws_buffer_string(out, " "));
    WS_TRY(ws_lf_put_string(out, ws_value_text(word)));
  }
  return ws_buffer_string(out, ",\n");
}

/* lf.NAME = keywords(CLASS, { ... }), with a field { label, field, run = ... }. */
static ws_status put_keywords(ws__replying *r, const ws__item *it, int32_t label,
                              ws_buffer *out) {
  ws_text class = ws_task_class(r->options->task, (size_t)label);
  ws_text field = text_member(it, "field");
  if (ws_lf_is_name(it->name)) {
    WS_TRY(ws_buffer_string(out, "lf."));
    WS_TRY(ws_buffer_text(out, it->name));
  } else {
    WS_TRY(ws_buffer_string(out, "lf["));
    WS_TRY(ws_lf_put_string(out, it->name));
    WS_TRY(ws_buffer_string(out, "]"));
  }
  WS_TRY(ws_buffer_string(out, " = "));
  if (field.size) {
    WS_TRY(ws_buffer_string(out, "{ label = "));
    WS_TRY(ws_lf_put_class(out, class, NULL));
    WS_TRY(ws_buffer_string(out, ", field = "));
    WS_TRY(ws_lf_put_string(out, field));
    WS_TRY(ws_buffer_string(out, ", run = "));
  }
  WS_TRY(ws_buffer_string(out, "keywords("));
  WS_TRY(ws_lf_put_class(out, class, NULL));
  WS_TRY(ws_buffer_string(out, ", {"));
  WS_TRY(put_words(out, member(it, "keywords")));
  return ws_buffer_string(out, field.size ? "}) }\n" : "})\n");
}

static ws_status read_keywords(ws__replying *r, const ws__item *it) {
  ws_buffer source = {0};
  int32_t label;
  const char *wrong = keywords_problem(member(it, "keywords"));
  if (wrong) return refuse(r, it, WS_REPLY_BAD_KEYWORDS, wrong);
  WS_TRY(read_label(r, it, &label));
  if (label == WS_ABSTAIN) return WS_OK;
  ws_status status = put_keywords(r, it, label, &source);
  if (status == WS_OK)
    status = add_source(r, it, WS_REPLY_KEYWORDS, label, ws_buffer_as_text(&source));
  ws_buffer_clear(&source);
  return status;
}

/* --- code --- */

static ws_status read_code(ws__replying *r, const ws__item *it) {
  char digits[32] = "";
  ws_value label = member(it, "label");
  ws__said said = {it->name, text_member(it, "label"), text_member(it, "rationale")};
  if (ws_value_is(label, WS_INT)) {
    size_t size = ws_format_double((double)ws_value_int(label), digits);
    said.label = (ws_text){digits, size};
  }
  return ws__reply_lua(r, text_member(it, "code"), it->line, &said);
}

/* --- items --- */

static const char *content_of(const ws__item *it) {
  static const char *const contents[] = {"code", "pattern", "keywords"};
  const char *found = NULL;
  for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
    if (!member(it, contents[i]).at) continue;
    if (found) return NULL;
    found = contents[i];
  }
  return found;
}

static bool kind_agrees(const ws__item *it) {
  static const char *const kinds[][2] = {{"lua", "code"},
                                         {"rule", "pattern"},
                                         {"rules", "pattern"},
                                         {"keywords", "keywords"}};
  ws_value kind = member(it, "kind");
  if (!kind.at) return true;
  if (!ws_value_is(kind, WS_STRING)) return false;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (ws_text_equals(ws_value_text(kind), kinds[i][0]))
      return strcmp(it->content, kinds[i][1]) == 0;
  return false;
}

/* Members that must be texts, where they are there. */
static const char *odd_member(const ws__item *it) {
  static const char *const texts[] = {"name",  "kind",  "code",     "pattern",
                                      "flags", "field", "rationale"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ws_value value = member(it, texts[i]);
    if (value.at && !ws_value_is(value, WS_STRING)) return texts[i];
  }
  return NULL;
}

static bool item_has_nul(const ws__item *it) {
  static const char *const texts[] = {"name", "code", "pattern", "field", "label"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (has_nul(text_member(it, texts[i]))) return true;
  return false;
}

ws_status ws__reply_item(ws__replying *r, ws__item *it) {
  if (!ws_value_is(it->value, WS_OBJECT))
    return refuse(r, it, WS_REPLY_BAD_JSON, "expected an object");
  it->name = text_member(it, "name");
  it->content = content_of(it);
  if (odd_member(it))
    return refuse(r, it, WS_REPLY_BAD_JSON, "expected texts as members");
  if (item_has_nul(it))
    return refuse(r, it, WS_REPLY_NUL_BYTE, "expected no NUL in texts");
  if (!it->content)
    return refuse(r, it, WS_REPLY_BAD_JSON,
                  "expected one of the members code, pattern and keywords");
  if (!kind_agrees(it))
    return refuse(
        r, it, WS_REPLY_BAD_JSON,
        "expected the kind lua with code, rule with a pattern, or keywords with "
        "keywords");
  if (!ws__is_lf_name(it->name))
    return refuse(r, it, WS_REPLY_BAD_NAME,
                  "expected a name of letters, digits, '_', '.' and '-'");
  if (strcmp(it->content, "code") == 0) return read_code(r, it);
  return strcmp(it->content, "pattern") == 0 ? read_pattern(r, it) : read_keywords(r, it);
}
