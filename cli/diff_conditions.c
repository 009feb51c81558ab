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
  *c = (condition){.text = text, .name = find_name(name), .above = *sign == '>'};
  if (!c->name) {
    const char *meant = ws_suggest(name, names, NAMES);
    return say_usage(self,
                     "--fail-if: expected accuracy, macro_f1, log_loss, coverage or "
                     "flipped, found '%.*s'%s%s%s",
                     WS_TEXT_ARG(name), meant ? ", did you mean '" : "",
                     meant ? meant : "", meant ? "'?" : "");
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

static double value_of(const score_pair *pair, const char *name) {
  const ws_scores *a = &pair->before, *b = &pair->after;
  if (!pair->known) return (double)NAN;
  if (strcmp(name, "accuracy") == 0) return b->accuracy - a->accuracy;
  if (strcmp(name, "macro_f1") == 0) return b->macro_f1 - a->macro_f1;
  if (strcmp(name, "log_loss") == 0) return b->log_loss - a->log_loss;
  return b->coverage - a->coverage;
}

static double coverage(const side *s) {
  return (double)ws_votes_covered(s->votes) / (double)ws_votes_rows(s->votes);
}

double diff_value(const diff *d, const char *name) {
  const char *point = strchr(name, '.');
  if (strcmp(name, "flipped") == 0)
    return (double)d->found->flipped / (double)d->found->records;
  if (strcmp(name, "coverage") == 0 || strcmp(name, "label_model.coverage") == 0)
    return coverage(&d->sides[1]) - coverage(&d->sides[0]);
  if (point) return value_of(*name == 'c' ? &d->classifier : &d->label_model, point + 1);
  return value_of(d->classifier.known ? &d->classifier : &d->label_model, name);
}

bool diff_fails(const diff *d) {
  bool fails = false;
  for (size_t i = 0; i < d->condition_count; i++) {
    const condition *c = &d->conditions[i];
    double value = diff_value(d, c->name);
    bool met = c->above ? value > c->limit : value < c->limit;
    if (isnan(value))
      say_warning("--fail-if \"%s\": there are no gold labels that tell", c->text);
    else if (met)
      say_warning("--fail-if \"%s\": it is %+.4f", c->text, value);
    fails = fails || met || isnan(value);
  }
  return fails;
}
