/* SPDX-License-Identifier: MIT
 *
 * --fail-if of weaksup diff: "accuracy < -0.01".
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "diff.h"
#include "say.h"

static const char *const names[] = {
    "accuracy",
    "macro_f1",
    "log_loss",
    "coverage",
    "flipped",
    "label_model.accuracy",
    "label_model.macro_f1",
    "label_model.log_loss",
    "label_model.coverage",
    "classifier.accuracy",
    "classifier.macro_f1",
    "classifier.log_loss",
};
enum { NAMES = sizeof names / sizeof *names };

static ws_text trimmed(ws_text text) {
  while (text.size && *text.data == ' ') text = (ws_text){text.data + 1, text.size - 1};
  while (text.size && text.data[text.size - 1] == ' ') text.size--;
  return text;
}

/* Cuts ".low" or ".high" off the name. */
static const char *find_end(ws_text *name) {
  static const char *const ends[] = {"low", "high"};
  for (size_t i = 0; i < 2; i++) {
    size_t size = strlen(ends[i]);
    if (name->size <= size + 1 || name->data[name->size - size - 1] != '.') continue;
    if (memcmp(name->data + name->size - size, ends[i], size) != 0) continue;
    name->size -= size + 1;
    return ends[i];
  }
  return NULL;
}

static bool has_interval(const char *name) {
  return !strstr(name, "coverage") && !strstr(name, "flipped");
}

static const char *find_name(ws_text name) {
  for (size_t i = 0; i < NAMES; i++)
    if (ws_text_equals(name, names[i])) return names[i];
  return NULL;
}

static bool read_condition(condition *c, const command *self, const char *text) {
  const char *sign = strpbrk(text, "<>");
  if (!sign)
    return say_usage(self,
                     "--fail-if: expected NAME < NUMBER or NAME > NUMBER, found "
                     "'%s'",
                     text);
  ws_text name = trimmed((ws_text){text, (size_t)(sign - text)});
  ws_text number = trimmed(ws_text_of(sign + 1));
  const char *end = find_end(&name);
  *c = (condition){
      .text = text, .name = find_name(name), .end = end, .above = *sign == '>'};
  if (c->name && end && !has_interval(c->name))
    return say_usage(self,
                     "--fail-if: expected accuracy, macro_f1 or log_loss before "
                     "'.%s', found '%s'",
                     end, c->name);
  if (!c->name) {
    const char *meant = ws_suggest(name, names, NAMES);
    return say_usage(self,
                     "--fail-if: expected accuracy, macro_f1, log_loss, coverage or "
                     "flipped, found '%.*s'%s%s%s",
                     WS_TEXT_ARG(name), DID_YOU_MEAN(meant));
  }
  return ws_text_to_double(number, &c->limit) ||
         say_usage(self, "--fail-if: expected a number behind '%c', found '%.*s'", *sign,
                   WS_TEXT_ARG(number));
}

bool diff_read_conditions(diff *d, const command *self) {
  for (size_t i = 0; i < d->o->fail_if_count; i++)
    if (!read_condition(&d->conditions[d->condition_count++], self, d->o->fail_if[i]))
      return false;
  return true;
}

static double value_of(const score_pair *pair, const char *name, const char *end) {
  const ws_compared *is = &pair->is;
  const ws_paired *difference = strcmp(name, "accuracy") == 0   ? &is->accuracy
                                : strcmp(name, "macro_f1") == 0 ? &is->macro_f1
                                                                : &is->log_loss;
  if (!pair->known) return (double)NAN;
  if (end) return strcmp(end, "low") == 0 ? difference->low : difference->high;
  if (strcmp(name, "accuracy") == 0) return is->after.accuracy - is->before.accuracy;
  if (strcmp(name, "log_loss") == 0) return is->after.log_loss - is->before.log_loss;
  return difference->mean;
}

static double coverage(const side *s) {
  return (double)ws_votes_covered(s->votes) / (double)ws_votes_rows(s->votes);
}

double diff_value(const diff *d, const condition *c) {
  const char *name = c->name, *point = strchr(name, '.');
  if (strcmp(name, "flipped") == 0)
    return (double)d->found->flipped / (double)d->found->records;
  if (strcmp(name, "coverage") == 0 || strcmp(name, "label_model.coverage") == 0)
    return coverage(&d->sides[1]) - coverage(&d->sides[0]);
  if (point)
    return value_of(*name == 'c' ? &d->classifier : &d->label_model, point + 1, c->end);
  return value_of(d->classifier.known ? &d->classifier : &d->label_model, name, c->end);
}

bool diff_fails(const diff *d) {
  bool fails = false;
  for (size_t i = 0; i < d->condition_count; i++) {
    const condition *c = &d->conditions[i];
    double value = diff_value(d, c);
    bool met = c->above ? value > c->limit : value < c->limit;
    if (isnan(value))
      say_warning("--fail-if \"%s\": there are no gold labels that tell", c->text);
    else if (met)
      say_warning("--fail-if \"%s\": it is %+.4f", c->text, value);
    fails = fails || met || isnan(value);
  }
  return fails;
}
