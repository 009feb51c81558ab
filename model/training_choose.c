/* SPDX-License-Identifier: MIT
 *
 * Training the classifier that a choice on gold labels ends in: see choice.h.
 */
#include <weaksup/cross_validation.h>

#include "choice.h"
#include "classifier_priv.h"
#include "log_ratios.h"
#include "temperature.h"
#include "training_priv.h"

/* Why nothing is tried, or NULL: there is nothing to try with, nothing is left open, and
 * no probability is to be made (those of logistic regression stay as they are). */
static const char *reason_not_open(const ws_training_rows *rows,
                                   const ws_training_options *options,
                                   const ws_choice_options *choose) {
  if (!rows->gold) return "there are no gold labels";
  if (options->classifier.hidden) return "only linear models are compared";
  bool open =
      choose->losses || choose->strengths || options->classifier.loss == WS_LOSS_HINGE;
  return open ? NULL : "nothing is left open";
}

static ws_status choose_best(ws__chooser *c, const ws_training_rows *rows,
                             const ws_training_options *options,
                             const ws_choice_options *choose, ws_choice *choice,
                             ws_error *err) {
  WS_TRY(ws__choice_rows(c, rows, options, choose, choice, err));
  if (choice->why_not) return WS_OK;
  if (ws__choice_list(c, options, choose, choice) != WS_OK) return ws_error_nomem(err);
  WS_TRY(ws__choice_score(c, choice, err));
  return ws__choice_take(c, choose->losses, choice, err);
}

/* What was asked of ws_training_choose, in one piece. */
typedef struct request {
  ws_features *features;
  const ws_training_rows *rows;
  const ws_text *classes;
  size_t K;
  ws_training_options how;
} request;

static ws_status train_one(request *r, const ws_trial *trial, double temperature,
                           ws_classifier **out, ws_training_report *report,
                           ws_error *err) {
  r->how.classifier.loss = trial->loss;
  r->how.classifier.c = trial->c;
  WS_TRY(
      ws_training_run(r->features, r->rows, r->classes, r->K, &r->how, out, report, err));
  ws__classifier_temper(*out, temperature);
  report->temperature = temperature;
  ws_status status = ws__classifier_summarise(*out, report);
  if (status == WS_OK) return WS_OK;
  ws_classifier_free(*out);
  *out = NULL;
  return ws_error_nomem(err);
}

/* Half of the scores of each, as they were tried. */
static ws_status train_both(request *r, const ws_choice *choice, ws_classifier **out,
                            ws_training_report *report, ws_error *err) {
  const ws_trial *first = ws__choice_best_of(choice, WS_LOSS_LOGISTIC),
                 *second = ws__choice_best_of(choice, WS_LOSS_HINGE);
  double temperature = 2 * choice->trials[choice->best].temperature;
  ws_classifier *classifier = NULL, *other = NULL;
  ws_training_report ignored;
  WS_TRY(train_one(r, first, temperature * first->temperature, &classifier, report, err));
  ws_status status =
      train_one(r, second, temperature * second->temperature, &other, &ignored, err);
  if (status == WS_OK) {
    ws__classifier_add(classifier, other);
    report->temperature = choice->trials[choice->best].temperature;
    report->both = true;
    if (ws__classifier_summarise(classifier, report) != WS_OK)
      status = ws_error_nomem(err);
  }
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  ws_classifier_free(other);
  return status;
}

static ws_status train_chosen(request *r, const ws_choice *choice, ws_classifier **out,
                              ws_training_report *report, ws_error *err) {
  if (choice->count) {
    const ws_trial *best = &choice->trials[choice->best];
    return best->both ? train_both(r, choice, out, report, err)
                      : train_one(r, best, best->temperature, out, report, err);
  }
  ws_classifier_options *how = &r->how.classifier;
  if (how->loss == WS_LOSS_HINGE && how->c == 0) how->c = ws__usual_c(WS_LOSS_HINGE);
  return ws_training_run(r->features, r->rows, r->classes, r->K, &r->how, out, report,
                         err);
}

ws_status ws_training_choose(ws_features *features, const ws_training_rows *rows,
                             const ws_text *classes, size_t class_count,
                             const ws_training_options *options,
                             const ws_choice_options *choose, ws_classifier **out,
                             ws_training_report *report, ws_choice *choice,
                             ws_error *err) {
  request r = {features, rows, classes, class_count,
               options ? *options : ws_training_options_default()};
  WS_TRY(ws__classifier_check_classes(class_count, err));
  r.how.classifier.log_ratios = ws__log_ratios_wanted(&r.how);
  *choice = (ws_choice){.why_not = reason_not_open(rows, &r.how, choose)};
  if (!choice->why_not) {
    ws__chooser c = {.features = features,
                     .classes = classes,
                     .how = &r.how.classifier,
                     .K = class_count};
    ws_status status = choose_best(&c, rows, &r.how, choose, choice, err);
    ws__chooser_clear(&c);
    WS_TRY(status);
  }
  return train_chosen(&r, choice, out, report, err);
}
