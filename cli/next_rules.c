/* SPDX-License-Identifier: MIT
 *
 * Rules, ready to be pasted into a .rules file.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "next_lfs.h"

static bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '_';
}

static bool is_taken(const next_ideas *s, const char *name, const char (*names)[64],
                     size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return true;
  return next_lfs_named(s, name) || ws_votes_find_lf(s->n->votes, ws_text_of(name)) >= 0;
}

/* "has_free_gift"; of words in other scripts a number. */
static void make_name(const next_ideas *s, size_t i, char (*names)[64]) {
  const ws_text words = s->items[i].words;
  char stem[48] = "has_";
  size_t size = 4;
  bool plain = true;
  for (size_t at = 0; at < words.size && size < 40; at++) {
    plain = plain && (is_plain(words.data[at]) || words.data[at] == ' ');
    stem[size++] = words.data[at] == ' ' ? '_' : words.data[at];
  }
  stem[size] = '\0';
  if (!plain) snprintf(stem, sizeof stem, "has_words_%zu", i + 1);
  snprintf(names[i], sizeof names[i], "%s", stem);
  for (unsigned n = 2; is_taken(s, names[i], (const char(*)[64])names, i); n++)
    snprintf(names[i], sizeof names[i], "%s_%u", stem, n);
}

static bool is_class(const ws_votes *votes, const char *name) {
  for (size_t k = 0; k < ws_votes_classes(votes); k++)
    if (ws_text_equals(ws_votes_class(votes, k), name)) return true;
  return false;
}

/* Names go before numbers: zeros in front make it one that is no name. */
static ws_status put_index(ws_buffer *out, const ws_votes *votes, size_t k) {
  char digits[20];
  for (int width = 1; width < 19; width++) {
    snprintf(digits, sizeof digits, "%0*zu", width, k);
    if (!is_class(votes, digits)) break;
  }
  return ws_buffer_string(out, digits);
}

static ws_status put_class(ws_buffer *out, const ws_votes *votes, size_t k) {
  ws_text name = ws_votes_class(votes, k);
  bool plain = name.size > 0;
  if (memchr(name.data, '"', name.size)) return put_index(out, votes, k);
  for (size_t i = 0; i < name.size; i++) plain = plain && is_plain(name.data[i]);
  if (plain) return ws_buffer_text(out, name);
  WS_TRY(ws_buffer_string(out, "\""));
  WS_TRY(ws_buffer_text(out, name));
  return ws_buffer_string(out, "\"");
}

/* Words are letters, digits and marks: nothing that a pattern would obey. */
static ws_status put_pattern(ws_buffer *out, ws_text words) {
  WS_TRY(ws_buffer_string(out, "/\\b"));
  for (size_t at = 0; at < words.size; at++)
    WS_TRY(words.data[at] == ' ' ? ws_buffer_string(out, "\\W+")
                                 : ws_buffer_append(out, &words.data[at], 1));
  return ws_buffer_string(out, "\\b/i");
}

static ws_status put_rule(next_ideas *s, const ws_idea *idea, const char *name) {
  bool known = idea->label != WS_ABSTAIN;
  WS_TRY(ws_buffer_printf(&s->rules, "%s%-20s  ", known ? "" : "# ", name));
  WS_TRY(known ? put_class(&s->rules, s->n->votes, (size_t)idea->label)
               : ws_buffer_string(&s->rules, "CLASS"));
  WS_TRY(ws_buffer_string(&s->rules, "  "));
  return put_pattern(&s->rules, idea->words);
}

ws_status next_lfs_rules(next_ideas *s) {
  char(*names)[64] = ws_alloc_zero(s->count, sizeof *names);
  s->rule_ends = ws_alloc_zero(s->count, sizeof *s->rule_ends);
  ws_status status = names && s->rule_ends ? WS_OK : WS_ENOMEM;
  for (size_t i = 0; i < s->count && status == WS_OK; i++) {
    make_name(s, i, names);
    status = put_rule(s, &s->items[i], names[i]);
    s->rule_ends[i] = s->rules.size;
    if (status == WS_OK) status = ws_buffer_string(&s->rules, "\n");
  }
  ws_free(names);
  return status;
}
