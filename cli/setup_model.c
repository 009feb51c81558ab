/* SPDX-License-Identifier: MIT
 *
 * What users know, on its way to the label model: its kind, the class balance, priors of
 * LFs, the gold of the dev set.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/lf_report.h>

#include "say.h"
#include "setup.h"

static bool is_one(double sum) {
  return sum >= 1 - 1e-6 && sum <= 1 + 1e-6;
}

/* "uniform", "dev", or a share for each class; those by name wait for the classes. */
static bool read_balance(setup *s, const command *self, const options *o) {
  const char *at = o->class_balance;
  size_t count = 1, k = 0;
  double sum = 0;
  if (!at || strcmp(at, "uniform") == 0 || strchr(at, '=')) return true;
  if (strcmp(at, "dev") == 0) return s->label_model.balance_from_gold = true;
  for (const char *c = at; *c; c++) count += *c == ',';
  s->balance = ws_alloc_array(count, sizeof *s->balance);
  bool valid = s->balance != NULL;
  for (; valid && k < count; k++) {
    ws_text share = {at, strcspn(at, ",")};
    at += share.size + 1;
    valid = ws_text_to_double(share, &s->balance[k]) && s->balance[k] > 0;
    if (valid) sum += s->balance[k];
  }
  if (!valid)
    return say_usage(self,
                     "--class-balance: expected uniform, dev, or a share above 0 for "
                     "each class (0.8,0.2 or HAM=0.8,SPAM=0.2), found '%s'",
                     o->class_balance);
  if (!is_one(sum))
    return say_usage(self,
                     "--class-balance: expected shares that sum to 1, found '%s', which "
                     "sum to %.9g",
                     o->class_balance, sum);
  s->label_model.class_balance = s->balance;
  s->label_model.class_count = count;
  return true;
}

/* LF=P, the LF being looked up once there are votes. */
static bool read_priors(const command *self, const options *o) {
  for (size_t i = 0; i < o->prior_count; i++) {
    const char *equals = strrchr(o->priors[i], '=');
    double prior = 0;
    if (equals && equals > o->priors[i] &&
        ws_text_to_double(ws_text_of(equals + 1), &prior) && prior > 0 && prior < 1)
      continue;
    return say_usage(self,
                     "--prior: expected LF=P with P above 0 and below 1 (mentions=0.9), "
                     "found '%s'",
                     o->priors[i]);
  }
  return true;
}

bool setup_read_label_model(setup *s, const command *self, const options *o) {
  const char *const *kinds = ws_label_model_kinds();
  s->label_model = ws_label_model_options_default();
  s->label_model.threads = (unsigned)(o->jobs < 1024 ? o->jobs : 1024);
  while (o->label_model && *kinds && strcmp(*kinds, o->label_model) != 0) kinds++;
  if (!*kinds)
    return say_usage(self, "--label-model: expected %s, found '%s'",
                     ws_label_model_kinds_text(), o->label_model);
  if (o->label_model) s->label_model.kind = *kinds;
  if (o->class_balance_in_em && !o->class_balance)
    return say_usage(self, "--class-balance-in-em: expected a --class-balance too");
  s->label_model.balance_in_em = o->class_balance_in_em;
  s->label_model.gold_for_balance_only = o->no_dev_gold;
  return read_balance(s, self, o) && read_priors(self, o);
}

static ws_status uniform_balance(setup *s, size_t classes, ws_error *err) {
  s->balance = ws_alloc_array(classes, sizeof *s->balance);
  if (!s->balance) return ws_error_nomem(err);
  for (size_t k = 0; k < classes; k++) s->balance[k] = 1 / (double)classes;
  s->label_model.class_balance = s->balance;
  s->label_model.class_count = classes;
  return WS_OK;
}

/* CLASS=P. */
static ws_status read_share(setup *s, const ws_task *task, ws_text part, ws_error *err) {
  size_t at = part.size;
  int32_t k = WS_ABSTAIN;
  double share = 0;
  while (at > 0 && part.data[at - 1] != '=') at--;
  ws_text number = {part.data + at, part.size - at};
  if (at < 2 || !ws_text_to_double(number, &share) || !(share > 0))
    return ws_error_set(err, WS_EINVAL, "expected CLASS=P with P above 0, found '%.*s'",
                        WS_TEXT_ARG(part));
  ws_text name = {part.data, at - 1};
  WS_TRY(ws_task_label_text(task, name, &k, err));
  if (k == WS_ABSTAIN || s->balance[k] > 0)
    return ws_error_set(err, WS_EINVAL, "expected each class once, found '%.*s'%s",
                        WS_TEXT_ARG(name), k == WS_ABSTAIN ? "" : " again");
  s->balance[k] = share;
  return WS_OK;
}

static ws_status read_shares(setup *s, const ws_task *task, const char *at,
                             ws_error *err) {
  size_t classes = ws_task_classes(task);
  double sum = 0;
  for (bool more = true; more;) {
    ws_text part = {at, strcspn(at, ",")};
    WS_TRY(read_share(s, task, part, err));
    more = at[part.size] == ',';
    at += part.size + 1;
  }
  for (size_t k = 0; k < classes; k++) {
    if (!(s->balance[k] > 0))
      return ws_error_set(err, WS_EINVAL,
                          "expected a share for each class, found none for '%.*s'",
                          WS_TEXT_ARG(ws_task_class(task, k)));
    sum += s->balance[k];
  }
  if (is_one(sum)) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "expected shares that sum to 1, found some that sum to %.9g", sum);
}

static ws_status named_balance(setup *s, const ws_task *task, ws_error *err) {
  size_t classes = ws_task_classes(task);
  s->balance = ws_alloc_zero(classes, sizeof *s->balance);
  if (!s->balance) return ws_error_nomem(err);
  ws_status status = read_shares(s, task, s->options->class_balance, err);
  if (status != WS_OK) ws_error_prefix(err, "--class-balance: ");
  s->label_model.class_balance = s->balance;
  s->label_model.class_count = classes;
  return status;
}

ws_status setup_check_balance(setup *s, const ws_task *task, ws_error *err) {
  size_t shares = s->label_model.class_count, classes = ws_task_classes(task);
  const char *option = s->options->class_balance;
  if (option && strcmp(option, "uniform") == 0) return uniform_balance(s, classes, err);
  if (option && strchr(option, '=')) return named_balance(s, task, err);
  if (!s->balance || shares == classes) return WS_OK;
  return ws_error_set(err, WS_EINVAL, "--class-balance: expected %zu shares, found %zu",
                      classes, shares);
}

/* --- priors ------------------------------------------------------------------------- */

static ws_status unknown_lf(const ws_votes *votes, ws_text name, ws_error *err) {
  size_t count = ws_votes_lfs(votes);
  const char **names = ws_alloc_array(count, sizeof *names);
  if (!names) return ws_error_nomem(err);
  for (size_t j = 0; j < count; j++) names[j] = ws_votes_lf(votes, j).data;
  const char *meant = ws_suggest(name, names, count);
  ws_status status =
      ws_error_set(err, WS_EINVAL, "--prior: there is no labeling function '%.*s'%s%s%s",
                   WS_TEXT_ARG(name), DID_YOU_MEAN(meant));
  ws_free(names);
  return status;
}

static ws_status apply_option(setup *s, const ws_votes *votes, const char *option,
                              ws_error *err) {
  const char *equals = strrchr(option, '=');
  ws_text name = {option, (size_t)(equals - option)};
  int64_t j = ws_votes_find_lf(votes, name);
  if (j < 0) return unknown_lf(votes, name, err);
  (void)ws_text_to_double(ws_text_of(equals + 1),
                          &s->priors[j]); // read_priors checked it
  return WS_OK;
}

ws_status setup_priors(setup *s, const ws_lf_set *lfs, const ws_votes *votes,
                       ws_error *err) {
  size_t count = ws_votes_lfs(votes);
  if (!lfs && s->options->prior_count == 0) return WS_OK;
  s->priors = ws_alloc_zero(count, sizeof *s->priors);
  if (!s->priors) return ws_error_nomem(err);
  for (size_t j = 0; lfs && j < count && j < ws_lf_set_count(lfs); j++)
    s->priors[j] = ws_lf_set_at(lfs, j)->prior;
  for (size_t i = 0; i < s->options->prior_count; i++)
    WS_TRY(apply_option(s, votes, s->options->priors[i], err));
  s->label_model.priors = s->priors;
  s->label_model.prior_count = count;
  return WS_OK;
}

/* Why the prior of LF j cannot move it. */
static void say_idle(const ws_label_model *model, size_t j) {
  uint64_t votes = 0;
  size_t low = 0, high = 0, columns = 0;
  ws_lf_parameters p;
  for (size_t k = 0; k < ws_label_model_classes(model); k++) {
    if (!ws_label_model_parameters(model, j, k, &p)) continue;
    columns++;
    votes += p.votes;
    low += p.clamp == WS_LIFT_LOW;
    high += p.clamp == WS_LIFT_HIGH;
  }
  ws_text name = ws_label_model_lf(model, j);
  double prior = ws_label_model_prior(model, j);
  if (columns && low + high == columns)
    say_warning("the prior %g of '%.*s' has no effect: the lift of its votes is held at "
                "%s, its %s",
                prior, WS_TEXT_ARG(name), low ? "2" : "30", low ? "least" : "greatest");
  else
    say_warning("the prior %g of '%.*s' has no effect: it weighs ten votes, and its %llu "
                "votes say otherwise or the same",
                prior, WS_TEXT_ARG(name), (unsigned long long)votes);
}

ws_status setup_say_idle_priors(const setup *s, const ws_label_model *model,
                                const ws_votes *votes, ws_error *err) {
  enum { SHOWN = 5 };
  size_t count = ws_label_model_lfs(model), found = 0;
  bool *idle = ws_alloc_array(count, sizeof *idle);
  if (!idle) return ws_error_nomem(err);
  ws_status status = ws_idle_priors_find(model, votes, &s->label_model, idle, err);
  for (size_t j = 0; status == WS_OK && j < count; j++)
    if (idle[j] && found++ < SHOWN) say_idle(model, j);
  if (found > SHOWN) say_warning("%zu more priors have no effect", found - SHOWN);
  ws_free(idle);
  return status;
}

/* --- gold --------------------------------------------------------------------------- */

ws_status setup_gold(setup *s, const ws_votes *votes, const ws_votes *dev,
                     const bool *targeted, ws_error *err) {
  bool gold = dev && ws_votes_has_gold(dev), balance = s->label_model.balance_from_gold;
  if (balance && !gold)
    return ws_error_set(err, WS_EINVAL,
                        "--class-balance dev: expected a dev set with gold labels, found "
                        "%s (--dev names one)",
                        dev ? "one without" : "no dev set");
  bool unused = s->options->no_dev_gold || s->chosen_by_dev;
  if (!gold || (unused && !balance)) return WS_OK;
  s->label_model.gold_for_balance_only = unused;
  WS_TRY(ws_gold_count_fair(votes, dev, targeted, &s->gold, err));
  s->label_model.gold = s->gold;
  return WS_OK;
}

void setup_say_unused(const setup *s, const ws_label_model *model) {
  const char *kind = ws_label_model_kind(model);
  if (s->options->prior_count && !ws_label_model_takes_priors(model))
    say_warning("--prior: the label model %s takes no priors", kind);
  if (s->options->class_balance_in_em && !ws_label_model_takes_balance_in_em(model))
    say_warning("--class-balance-in-em: the label model %s has no EM", kind);
  if (s->options->class_balance && strcmp(kind, "mv") == 0)
    say_warning("--class-balance: the label model mv uses it for records without votes "
                "only");
  if (s->options->warm_start &&
      (strcmp(kind, "mv") == 0 || strcmp(kind, "weighted-mv") == 0))
    say_warning("--warm-start: the label model %s learns nothing that a fit could begin "
                "with",
                kind);
}
