/* SPDX-License-Identifier: MIT
 *
 * The main job: apply, fit, label, train, score, write the run. The steps stand in
 * run_steps() in their order; fit_write.c writes the run.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "findings.h"
#include "fit.h"
#include "load_errors.h"
#include "say.h"

enum { FOLDS = 5 };

void fit_clear(fit *f) {
  ws_classifier_free(f->classifier);
  ws_free(f->gold_probs);
  ws_label_model_free(f->majority);
  ws_label_model_free(f->before);
  ws_label_model_free(f->model);
  ws_labels_free(f->labels);
  fit_report_clear(f);
  lf_table_clear(&f->table);
  lf_selection_clear(&f->selection);
  for (int i = 0; i < PARTS; i++) part_clear(&f->parts[i]);
  ws_lf_set_free(f->lfs);
  ws_task_free(f->task);
  ws_folder_abort(f->folder);
  setup_clear(&f->setup);
}

static double lap(fit *f) {
  double now = seconds_now(), took = now - f->lap;
  f->lap = now;
  return took;
}

/* --- votes --- */

/* Without labeling functions; with them --votes stands beside. */
static bool is_ready_made(const options *o) {
  return o->argument_count == 0;
}

bool fit_has_table(const options *o) {
  return !o->quiet && !o->json;
}

/* *done: how many came to their end. */
static ws_status apply_parts(fit *f, size_t *done, ws_error *err) {
  static const ws_task_key keys[PARTS] = {WS_TASK_DATA, WS_TASK_DEV, WS_TASK_TEST};
  for (*done = 0; *done < PARTS; ++*done) {
    size_t i = *done;
    const char *path = ws_task_get(f->task, keys[i]);
    if (!path) continue;
    bool features = i == DATA && !f->o->no_classifier;
    f->parts[i].notes_targeted = i == DEV;
    const char *more[PARTS] = {f->o->votes, f->o->dev_votes, f->o->test_votes};
    WS_TRY(part_apply(&f->parts[i], &f->setup, f->task, f->lfs, path, features, err));
    f->setup.reader.format = WS_INPUT_AUTO; // --input-format speaks of the data
    bar_clear(&f->bar);
    part_say_cached(&f->parts[i], &f->setup);
    if (more[i]) WS_TRY(part_join(&f->parts[i], &f->setup, f->task, more[i], err));
  }
  return WS_OK;
}

static ws_status apply_lfs(fit *f, ws_error *err) {
  const char *path;
  WS_TRY(setup_path(f->task, WS_TASK_DATA, &path, err));
  WS_TRY(setup_cache(&f->setup, f->o->arguments[0], err));
  WS_TRY(setup_lfs(&f->setup, f->o->arguments[0], f->task, &f->lfs, err));
  if (!fit_has_table(f->o)) load_errors_say(load_errors_of(f->lfs));
  size_t done;
  ws_status status = apply_parts(f, &done, err);
  bar_clear(&f->bar);
  part_say_errors(f->parts, done, f->lfs, f->o);
  return status;
}

/* dev and test must be votes files too: only those that were named on the command line
 * are. */
static ws_status import_votes(fit *f, ws_error *err) {
  part *data = &f->parts[DATA];
  const char *paths[PARTS] = {f->o->votes, options_path(f->o, WS_TASK_DEV),
                              options_path(f->o, WS_TASK_TEST)};
  WS_TRY(setup_cache(&f->setup, NULL, err));
  for (int i = 0; i < PARTS; i++) {
    if (!paths[i]) continue;
    bool features = i != DATA || !f->o->no_classifier;
    f->parts[i].notes_targeted = i == DEV;
    WS_TRY(part_import(&f->parts[i], &f->setup, f->task, paths[i], features, err));
    f->setup.reader.format = WS_INPUT_AUTO;
  }
  const char *texts = ws_task_get(f->task, WS_TASK_DATA);
  if (f->o->no_classifier || data->features || !texts) return WS_OK;
  return part_texts(data, &f->setup, f->task, texts, err);
}

/* Gold tells nothing of votes that are not there, and scores leave them out. */
static void say_unequal(const fit *f) {
  static const char *const names[PARTS] = {"data", "dev", "test"};
  for (int i = DEV; i < PARTS; i++)
    if (f->parts[DATA].votes_path && f->parts[i].votes && !f->parts[i].votes_path)
      say_warning("%s has no votes such as those in %s: they count as abstains there "
                  "(--%s-votes FILE)",
                  names[i], input_name(f->parts[DATA].votes_path), names[i]);
}

/* A test set is there to tell of records that nothing was made from. */
static void say_own_test(const fit *f) {
  const part *data = &f->parts[DATA], *dev = &f->parts[DEV], *test = &f->parts[TEST];
  if (!test->votes) return;
  if (strcmp(data->digest, test->digest) == 0)
    say_warning("the data and test are the same file, %s: labels and classifier are made "
                "from these records, so the scores on test say little of others (another "
                "test set)",
                input_name(test->path));
  if (dev->votes && strcmp(dev->digest, test->digest) == 0)
    say_warning(
        "dev and test are the same file, %s: dev's gold labels are trained on, so "
        "the scores on test say nothing of other records (--no-dev-gold, or "
        "another test set)",
        input_name(test->path));
}

static void say_parts(fit *f) {
  bool scored = false;
  for (int i = 0; i < PARTS; i++) {
    const ws_votes *votes = f->parts[i].votes;
    part_say_skipped(&f->parts[i]);
    f->setup.told += f->parts[i].skipped;
    if (i != DATA) part_say_no_gold(&f->parts[i], f->task);
    scored = scored || (votes && ws_votes_has_gold(votes));
  }
  say_own_test(f);
  part_say_gold_field(&f->parts[DATA], f->task, f->o, scored);
  bool records = ws_task_get(f->task, WS_TASK_DEV) || ws_task_get(f->task, WS_TASK_TEST);
  if (is_ready_made(f->o) && records && !f->parts[DEV].votes && !f->parts[TEST].votes)
    say_note(f->o,
             "dev and test of the task are records, not votes: nothing is scored on "
             "them (--dev and --test name votes files)");
  say_unequal(f);
}

/* dev keeps its votes, which the table tells; label models pass over those of LFs that
 * they did not learn. */
static ws_status select_lfs(fit *f, ws_error *err) {
  const ws_votes *dev = f->parts[DEV].votes;
  if (!f->o->select_lfs) return WS_OK;
  if (!dev || !ws_votes_has_gold(dev))
    return ws_error_set(err, WS_EINVAL,
                        "--select-lfs: expected a dev set with gold labels, found %s "
                        "(--dev names one)",
                        dev ? "one without" : "no dev set");
  WS_TRY(lf_selection_find(&f->selection, f->parts[DATA].votes, dev, err));
  lf_selection_say(&f->selection, f->parts[DATA].votes, f->o);
  return lf_selection_drop(&f->selection, &f->parts[DATA].votes, err);
}

/* The names decide which votes are of one labeling function. */
static ws_status check_names(const fit *f, ws_error *err) {
  const ws_votes *data = f->parts[DATA].votes;
  for (int i = DEV; i < PARTS; i++) {
    const part *p = &f->parts[i];
    for (size_t j = 0; p->votes && j < ws_votes_lfs(p->votes); j++) {
      ws_text name = ws_votes_lf(p->votes, j);
      if (fit_has_lf(data, name) || !part_lf_votes(p->votes, j)) continue;
      return ws_error_set(
          err, WS_EINVAL,
          "%s: expected votes of labeling functions that vote on the data, too, found "
          "'%.*s': `weaksup import-votes --name` gives both files one name",
          input_name(p->votes_path ? p->votes_path : p->path), WS_TEXT_ARG(name));
    }
  }
  return WS_OK;
}

static ws_status get_votes(fit *f, ws_error *err) {
  WS_TRY(is_ready_made(f->o) ? import_votes(f, err) : apply_lfs(f, err));
  bar_clear(&f->bar);
  WS_TRY(check_names(f, err));
  say_parts(f);
  WS_TRY(select_lfs(f, err));
  f->seconds.votes = lap(f);
  const ws_votes *votes = f->parts[DATA].votes;
  if (ws_votes_covered(votes) == 0 && f->lfs) part_say_missing(&f->parts[DATA], f->lfs);
  if (ws_votes_covered(votes) == 0)
    return ws_error_set(err, WS_EINVAL,
                        "no labeling function votes on any of the %zu records "
                        "of %s",
                        ws_votes_rows(votes), input_name(f->parts[DATA].path));
  return WS_OK;
}

/* --- models --- */

/* Whether the dev set's gold moved the model: its accuracies or its balance. */
static bool used_gold(const fit *f) {
  return f->setup.gold && (ws_label_model_gold_rows(f->model) > 0 ||
                           f->setup.label_model.balance_from_gold);
}

/* A dev set that helped to fit is not scored with that model. How sure the model should
 * be shows in what others say of dev, too. */
static ws_status cross_fit(fit *f, ws_error *err) {
  score_set *set = &f->scores[DEV];
  if (!used_gold(f)) return WS_OK;
  set->cross_fitted = true;
  ws_label_model_options same = f->setup.label_model;
  same.kind = ws_label_model_kind(f->model);
  f->right = ws_alloc_array(ws_votes_rows(f->parts[DEV].votes), sizeof *f->right);
  if (!f->right) return ws_error_nomem(err);
  return ws_label_model_cross_fit(f->parts[DATA].votes, &same, f->parts[DEV].votes, FOLDS,
                                  f->model, f->right, &set->label_model, err);
}

static ws_status fit_label_models(fit *f, ws_error *err) {
  const ws_votes *votes = f->parts[DATA].votes;
  WS_TRY(setup_priors(&f->setup, f->lfs, votes, err));
  WS_TRY(fit_find_chosen(f, err));
  WS_TRY(setup_gold(&f->setup, votes, f->parts[DEV].votes, part_targeted(&f->parts[DEV]),
                    err));
  if (f->o->warm_start) {
    WS_TRY(run_label_model(f->o->warm_start, &f->before, err));
    f->setup.label_model.start = f->before;
  }
  ws_label_model_options majority = f->setup.label_model;
  majority.kind = "mv";
  majority.start = NULL;
  majority.gold = NULL; // it is scored on dev as it is
  majority.balance_from_gold = false;
  WS_TRY(ws_label_model_fit(votes, &f->setup.label_model, &f->model, err));
  WS_TRY(cross_fit(f, err));
  WS_TRY(ws_label_model_fit(votes, &majority, &f->majority, err));
  WS_TRY(ws_label_model_predict(f->model, votes, &f->labels, err));
  const part *dev = &f->parts[DEV];
  if (lf_table_new(votes, dev->votes && ws_votes_has_gold(dev->votes) ? dev->votes : NULL,
                   f->model, f->parts[DATA].report, &f->table) != WS_OK)
    return ws_error_nomem(err);
  if (f->selection.lfs) lf_table_selected(&f->table, &f->selection);
  WS_TRY(fit_examine(f, err));
  bar_clear(&f->bar);
  setup_say_unused(&f->setup, f->model);
  fit_say_collapse(f);
  WS_TRY(setup_say_idle_priors(&f->setup, f->model, votes, err));
  lf_table_say_silent(&f->table, f->lfs, &f->parts[DATA].missing);
  findings_say(f->diagnosis, f->o->out ? f->o->out : "run");
  if (f->lfs) WS_TRY(fit_find_placeholders(f, err));
  f->seconds.label_model = lap(f);
  return WS_OK;
}

static ws_status train(fit *f, ws_error *err) {
  ws_status status = fit_classifier(f, err);
  bar_clear(&f->bar);
  f->seconds.classifier = lap(f);
  return status;
}

/* --- scores --- */

static ws_status score_trained(fit *f, int i, double *right, ws_error *err) {
  const part *p = &f->parts[i];
  score_set *set = &f->scores[i];
  set->has_classifier = true;
  if (i == DEV && f->training.cross_fitted) {
    set->classifier_cross_fitted = true;
    return fit_score_gold(f, &set->classifier, right, err);
  }
  data_matrix matrix = i == DEV ? (data_matrix){f->o->dev_npy, "--dev-npy"}
                                : (data_matrix){f->o->test_npy, "--test-npy"};
  ws_reader_options how = f->setup.reader;
  how.skipped = NULL; // it was told
  score_details details = {.right = right, .right_count = set->majority.n};
  return score_classifier_in_detail(f->classifier, f->task, p->path, &how, matrix,
                                    &set->classifier, right ? &details : NULL, err);
}

static ws_status score_part(fit *f, int i, ws_error *err) {
  const part *p = &f->parts[i];
  score_set *set = &f->scores[i];
  if (!p->votes || !ws_votes_has_gold(p->votes)) return WS_OK;
  if (!set->cross_fitted)
    WS_TRY(score_label_model(f->model, p->votes, &set->label_model, err));
  set->has_label_model = true;
  WS_TRY(score_label_model(f->majority, p->votes, &set->majority, err));
  set->has_majority = true;
  bool texts = f->lfs || p->features;
  if (i == DATA || !f->classifier || !texts)
    return WS_OK; // it was trained on the data's texts
  double *right;
  WS_TRY(fit_classifier_right(f, i, &right, err));
  ws_status status = score_trained(f, i, right, err);
  if (status == WS_OK && right && set->classifier.n == set->majority.n)
    status = fit_compare_classifier(f, right, i, err);
  ws_free(right);
  return status;
}

static ws_status score_all(fit *f, ws_error *err) {
  static const char *const names[PARTS] = {"data", "dev", "test"};
  for (int i = 0; i < PARTS; i++) {
    f->scores[i].name = names[i];
    WS_TRY(score_part(f, i, err));
  }
  bar_clear(&f->bar);
  f->seconds.scores = lap(f);
  return WS_OK;
}

/* --- all of it --- */

/* Votes of the run itself are votes of the new one, too. */
static ws_status check_inputs(const fit *f, const char *out, ws_error *err) {
  static const ws_task_key keys[] = {WS_TASK_DATA, WS_TASK_DEV, WS_TASK_TEST};
  for (size_t i = 0; i < PARTS; i++) {
    const char *path = ws_task_get(f->task, keys[i]);
    WS_TRY(run_check_input(out, path, NULL, err));
    if (keys[i] != WS_TASK_DATA && path && is_read_once(path) && !f->o->no_classifier)
      return ws_error_set(err, WS_EINVAL,
                          "--%s: expected a file, found %s, which cannot be read again "
                          "for the classifier (--no-classifier does without)",
                          ws_task_key_name(keys[i]),
                          strcmp(path, "-") == 0 ? "standard input" : "a pipe");
  }
  WS_TRY(run_check_input(out, f->o->dev_votes, NULL, err));
  WS_TRY(run_check_input(out, f->o->test_votes, NULL, err));
  return run_check_input(out, f->o->votes, is_ready_made(f->o) ? RUN_VOTES : NULL, err);
}

static ws_status run_steps(fit *f, ws_error *err) {
  const char *out = f->o->out ? f->o->out : "run";
  f->began = f->lap = seconds_now();
  WS_TRY(
      setup_task(f->o, is_ready_made(f->o) ? NULL : f->o->arguments[0], &f->task, err));
  WS_TRY(setup_check_balance(&f->setup, f->task, err));
  WS_TRY(check_inputs(f, out, err));
  WS_TRY(ws_folder_begin(out, run_files, run_file_count, &f->folder, err));
  f->earlier = run_branch_of(out);
  fit_rival_read(f, out);
  WS_TRY(get_votes(f, err));
  WS_TRY(fit_label_models(f, err));
  WS_TRY(train(f, err));
  WS_TRY(score_all(f, err));
  return fit_write(f, err);
}

bool fit_init(fit *f, const command *self, const options *o) {
  *f = (fit){.o = o, .bar = bar_new(o)};
  if (o->weight && o->no_classifier)
    return say_usage(self, "--weight: expected no --no-classifier, as weights count in "
                           "its training alone");
  f->parts[DATA].weight = f->parts[DEV].weight = o->weight;
  f->parts[DEV].weight_optional = true;
  return setup_init(&f->setup, self, o, &f->bar);
}

ws_status fit_run(fit *f, ws_error *err) {
  ws_status status = run_steps(f, err);
  bar_clear(&f->bar);
  return status;
}
