/* SPDX-License-Identifier: MIT
 *
 * The next best step.
 */
#include "step.h"

#include <stdio.h>
#include <string.h>

#include "option_table.h"
#include "quote.h"
#include "say.h"
#include "table.h"
#include "terminal.h"

enum { ELSEWHERE = 80 }; // columns where there is no terminal

/* --- words of a command line -------------------------------------------------------- */

/* Whether the word comes out of a terminal as it went in. */
static bool is_printable(const char *word) {
  ws_buffer copy = {0};
  bool same = ws_buffer_string(&copy, word) == WS_OK;
  if (same && copy.size) ws_text_clean(copy.data, copy.size);
  same = same && (!copy.size || strcmp(copy.data, word) == 0);
  ws_buffer_clear(&copy);
  return same;
}

bool shell_word(ws_buffer *out, const char *word) {
  return is_printable(word) && quote_shell(out, ws_text_of(word)) == WS_OK;
}

static void add(step *s, const char *text) {
  if (ws_buffer_string(&s->line, text) != WS_OK) s->useless = true;
}

static void add_word(step *s, const char *word) {
  add(s, " ");
  if (!shell_word(&s->line, word)) s->useless = true;
}

step step_to(const command *to) {
  step s = {.to = to};
  add(&s, "weaksup ");
  add(&s, to->name);
  return s;
}

/* Standard input was read, and is no more. */
static bool is_stream(const char *word) {
  return strcmp(word, "-") == 0 || strncmp(word, "/dev/", 5) == 0;
}

void step_argument(step *s, const char *word) {
  ws_buffer path = {0};
  bool fine = ws_buffer_printf(&path, "%s%s", *word == '-' ? "./" : "", word) == WS_OK;
  if (!fine || is_stream(word))
    s->useless = true;
  else
    add_word(s, path.data);
  ws_buffer_clear(&path);
}

void step_option(step *s, const char *name, const char *value) {
  if (!value) return;
  s->useless = s->useless || is_stream(value);
  add(s, " --");
  add(s, name);
  if (*value != '-') {
    add_word(s, value);
    return;
  }
  add(s, "=");
  if (!shell_word(&s->line, value)) s->useless = true;
}

void step_flag(step *s, const char *name) {
  add(s, " --");
  add(s, name);
}

void step_number(step *s, const char *name, uint64_t value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  step_option(s, name, digits);
}

/* --- options that are repeated ------------------------------------------------------ */

/* How something is printed, where it goes, and how fast. */
static bool is_own(const char *name) {
  static const char *const own[] = {"out",      "json",    "quiet", "verbose", "color",
                                    "log-json", "help",    "jobs",  "chunk",   "format",
                                    "name",     "records", "top",   "cache",   NULL};
  size_t i = 0;
  while (own[i] && strcmp(own[i], name) != 0) i++;
  return own[i] != NULL;
}

static bool is_listed(const char *const *names, const char *name) {
  for (; names && *names; names++)
    if (strcmp(*names, name) == 0) return true;
  return false;
}

/* An option of the same place in the options means the same. */
static bool takes(const command *to, const option *opt) {
  option_walk walk = {0};
  const option *other = option_next(to, &walk);
  while (other && (other->at != opt->at || other->kind != opt->kind))
    other = option_next(to, &walk);
  return other != NULL;
}

static void repeat(step *s, const options *o, const option *opt) {
  const char *at = (const char *)o + opt->at, *usual = (const char *)&options_default;
  const char *name = option_shown(opt);
  if (opt->kind == TEXT) {
    const char *value;
    memcpy(&value, at, sizeof value);
    step_option(s, name, value);
  } else if (opt->kind == NUMBER) {
    uint64_t value, standard;
    memcpy(&value, at, sizeof value);
    memcpy(&standard, usual + opt->at, sizeof standard);
    if (value != standard) step_number(s, name, value);
  } else if (opt->kind == FLAG) {
    bool value;
    memcpy(&value, at, sizeof value);
    if (value) step_flag(s, name);
  }
}

void step_options(step *s, const command *from, const options *o,
                  const char *const *but) {
  option_walk walk = {0};
  for (const option *opt; (opt = option_next(from, &walk));) {
    const char *name = option_shown(opt);
    if (!is_own(name) && !is_listed(but, name) && takes(s->to, opt)) repeat(s, o, opt);
  }
  for (size_t i = 0; i < o->prior_count && !is_listed(but, "prior"); i++)
    step_option(s, "prior", o->priors[i]);
}

/* --- printing ----------------------------------------------------------------------- */

void step_print(step *s, const options *o, const char *why) {
  if (s->why) why = s->why;
  size_t most = terminal_columns(), wide = strlen("next: : ") + strlen(why);
  if (!o->quiet && !o->json && s->useless) {
    printf("%snext: %s\n", s->apart ? "\n" : "", why);
  } else if (!o->quiet && !o->json) {
    wide += ws_text_width(ws_buffer_as_text(&s->line));
    printf("%snext: %s:%s%s\n", s->apart ? "\n" : "", why,
           wide > (most ? most : ELSEWHERE) ? "\n  " : " ", s->line.data);
  }
  ws_buffer_clear(&s->line);
}

void step_print_line(step *s, const char *front) {
  printf("%s%s\n", front, s->useless ? "" : s->line.data);
  ws_buffer_clear(&s->line);
}

void step_say(step *s, const options *o, const char *why) {
  if (s->why) why = s->why;
  bool shown = !s->useless;
  if (!o->json)
    say_note(o, "next: %s%s%s", why, shown ? ": " : "", shown ? s->line.data : "");
  ws_buffer_clear(&s->line);
}
