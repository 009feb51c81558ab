/* SPDX-License-Identifier: MIT
 *
 * The active loop. What was done stands in the journal, what was answered in the dev set,
 * before the next step is taken; so it can end at any moment, and the next start goes on.
 */
#include "active_loop.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/lock.h>

#include "each_record.h"
#include "fit.h"
#include "out_check.h"
#include "run_folder.h"
#include "say.h"
#include "stop.h"

enum { BATCH = 10, ASTRAY = 10 };

/* --- a fit -------------------------------------------------------------------------- */

static bool has_labels(const char *dev) {
  struct stat about;
  return stat(dev, &about) == 0 && about.st_size > 0;
}

static uint64_t count_gold(const ws_votes *votes) {
  uint64_t count = 0;
  for (size_t i = 0; votes && i < ws_votes_rows(votes); i++)
    count += ws_votes_row_gold(votes, i) != WS_ABSTAIN;
  return count;
}

static active_score score_of(bool has, const ws_scores *s) {
  if (!has) return (active_score){(double)NAN, (double)NAN};
  return (active_score){s->accuracy, s->log_loss};
}

/* What was measured: on test, else on dev by models that did not see its gold. */
static active_round measure(const active *a, const fit *f) {
  const score_set *set = &f->scores[f->scores[TEST].has_label_model ? TEST : DEV];
  active_round round = {.round = a->journal.round_count,
                        .labels = count_gold(f->parts[DEV].votes),
                        .asked = a->journal.asked.count,
                        .label_model = score_of(set->has_label_model, &set->label_model),
                        .classifier = score_of(set->has_classifier, &set->classifier)};
  if (set->has_label_model) {
    snprintf(round.set, sizeof round.set, "%s", set->name);
    round.n = set->label_model.n;
  }
  return round;
}

static void say_round(const active *a, const active_round *r) {
  char line[160] = "";
  if (*r->set)
    snprintf(line, sizeof line, "; on %s: label model %.4f (log-loss %.4f)", r->set,
             r->label_model.accuracy, r->label_model.log_loss);
  size_t used = strlen(line);
  if (!isnan(r->classifier.accuracy))
    snprintf(line + used, sizeof line - used, ", classifier %.4f (%.4f)",
             r->classifier.accuracy, r->classifier.log_loss);
  say_note(a->o, "round %llu: %llu records asked, %llu gold labels%s",
           (unsigned long long)r->round, (unsigned long long)r->asked,
           (unsigned long long)r->labels, line);
}

/* A dev set without a record is none to fit. */
static ws_status fit_round(active *a, ws_error *err) {
  options o = *a->o;
  fit f;
  active_round round = {0};
  o.out = a->out;
  o.model = NULL; // a language model's name
  o.keys[WS_TASK_DEV] = has_labels(a->dev) ? a->dev : "";
  o.quiet = o.quiet || a->fitted;
  if (!fit_init(&f, a->self, &o)) return ws_error_set(err, WS_EINVAL, "wrong usage");
  say_hush(a->fitted);
  ws_status status = fit_run(&f, err);
  if (status == WS_OK) round = measure(a, &f);
  fit_clear(&f);
  say_hush(false);
  a->fitted = true;
  WS_TRY(status);
  if (!a->journal.dev.size) WS_TRY(journal_begin(&a->journal, a->dev, a->o, err));
  WS_TRY(journal_round(&a->journal, &round, err));
  say_round(a, &round);
  return WS_OK;
}

/* --- a batch ------------------------------------------------------------------------ */

/* The batch at hand: the run it is chosen from, and its records. */
typedef struct batch {
  active *active;
  options o;
  next_run run;
  bool *passed; // [rows] asked already
  next_records records;
  queue queue; // the same, for asking
  label_output file;
} batch;

static ws_status open_run(batch *b, ws_error *err) {
  const active *a = b->active;
  const active_journal *j = &a->journal;
  b->o = *a->o;
  b->o.arguments[0] = a->out;
  b->o.argument_count = 1;
  b->o.keys[WS_TASK_DEV] = a->dev;
  b->o.quiet = true; // a dev set that is not there yet is nothing to tell
  WS_TRY(next_open(&b->run, &b->o, err));
  if (!b->run.data.path.size)
    return ws_error_set(err, WS_EINVAL, "%s: expected a run whose records are there: %s",
                        a->out, b->run.data.why.data);
  WS_TRY(journal_check(j, b->run.votes, err));
  b->passed = ws_alloc_zero(ws_votes_rows(b->run.votes), sizeof *b->passed);
  if (!b->passed) return ws_error_nomem(err);
  for (size_t i = 0; i < j->asked.count; i++) b->passed[j->asked.items[i].row] = true;
  b->run.passed = b->passed;
  if (has_labels(a->dev)) WS_TRY(label_output_check(a->dev, err));
  return a->o->classifier ? next_classifier(&b->run, true, err) : WS_OK;
}

static void batch_clear(batch *b) {
  label_output_close(&b->file);
  queue_clear(&b->queue);
  next_records_clear(&b->records);
  next_clear(&b->run);
  ws_free(b->passed);
}

/* How many more may be asked about. */
static size_t budget_left(const active *a) {
  size_t asked = a->journal.asked.count, budget = (size_t)a->o->budget;
  return asked < budget ? budget - asked : 0;
}

static ws_status choose(batch *b, ws_error *err) {
  active *a = b->active;
  size_t wanted = a->o->batch ? (size_t)a->o->batch : BATCH;
  if (wanted > budget_left(a)) wanted = budget_left(a);
  WS_TRY(next_choose(&b->run, a->by, wanted, &b->records, err));
  if (!b->records.count) return WS_OK;
  return journal_batch(&a->journal, b->run.votes, &b->records, err);
}

/* The records of the open batch that were not asked about. */
static ws_status take_rest(batch *b, ws_error *err) {
  const active_journal *j = &b->active->journal;
  size_t count = 0;
  size_t *rows = ws_alloc_array(j->batch.count, sizeof *rows);
  if (!rows) return ws_error_nomem(err);
  for (size_t i = 0; i < j->batch.count; i++)
    if (!b->passed[j->batch.items[i].row]) rows[count++] = j->batch.items[i].row;
  if (count > budget_left(b->active)) count = budget_left(b->active);
  ws_status status = WS_OK;
  if (count)
    status = next_take(&b->run, ws_active_by_name(b->active->by), rows, count,
                       &b->records, err);
  ws_free(rows);
  return status;
}

static ws_status note_answer(void *user, size_t i, int32_t label, bool undone,
                             ws_error *err) {
  batch *b = user;
  ws_text name =
      label < 0 ? (ws_text){"", 0} : ws_task_class(b->queue.task, (size_t)label);
  return journal_answer(&b->active->journal, b->records.items[i].pick.row,
                        ws_buffer_as_text(&b->records.items[i].id), name, undone, err);
}

/* A record that is looked for in the dev set. */
typedef struct search {
  const queue_item *item;
  bool by_id;
  int32_t label; // WS_ABSTAIN: not found
} search;

static ws_status compare(void *user, const ws_record *record, bool *stop, ws_error *err) {
  search *s = user;
  (void)err;
  if (record->gold == WS_ABSTAIN ||
      !ws_text_equal(record->text, ws_buffer_as_text(&s->item->text)) ||
      (s->by_id && !ws_text_equal(record->id, ws_buffer_as_text(&s->item->id))))
    return WS_OK;
  s->label = record->gold;
  *stop = true;
  return WS_OK;
}

/* What was labelled when the work ended between the two files: its label is noted now. */
static ws_status is_labelled(batch *b, size_t i, bool *is, ws_error *err) {
  const queue_item *item = &b->queue.items[i];
  const ws_task *task = b->queue.task;
  search s = {item, ws_task_get(task, WS_TASK_ID) != NULL, WS_ABSTAIN};
  ws_record record = {.id = ws_buffer_as_text(&item->id),
                      .text = ws_buffer_as_text(&item->text)};
  *is = labelled_has(&b->run.labelled, &record);
  if (!*is) return WS_OK;
  WS_TRY(each_record(b->active->dev, task, &b->run.how, compare, &s, err));
  *is = s.label != WS_ABSTAIN;
  return *is ? note_answer(b, i, s.label, false, err) : WS_OK;
}

static ws_status drop_labelled(batch *b, ws_error *err) {
  size_t kept = 0;
  for (size_t i = 0; i < b->queue.count; i++) {
    bool done;
    WS_TRY(is_labelled(b, i, &done, err));
    if (done) continue;
    queue_item item = b->queue.items[kept];
    next_record record = b->records.items[kept];
    b->queue.items[kept] = b->queue.items[i], b->queue.items[i] = item;
    b->records.items[kept] = b->records.items[i], b->records.items[i] = record;
    kept++;
  }
  for (size_t i = kept; i < b->queue.count; i++) {
    ws_buffer_clear(&b->queue.items[i].id);
    ws_buffer_clear(&b->queue.items[i].text);
    ws_buffer_clear(&b->queue.items[i].fields);
  }
  b->queue.count = kept;
  return WS_OK;
}

/* --- asking ------------------------------------------------------------------------- */

static ws_status ask_person(batch *b, ws_error *err) {
  annotation session = {
      .queue = &b->queue, .file = &b->file, .told = note_answer, .user = b};
  ws_status status = annotation_run(&session, err);
  printf("\n");
  fflush(stdout);
  annotation_end(&session);
  b->active->quit = session.at < b->queue.count;
  return status;
}

static ws_status keep_answer(batch *b, size_t i, int32_t label, ws_error *err) {
  const char *gold = ws_task_get(b->queue.task, WS_TASK_GOLD);
  if (label != WS_ABSTAIN)
    WS_TRY(label_output_add(&b->file, queue_fields(&b->queue, i), gold,
                            ws_task_class(b->queue.task, (size_t)label), err));
  return note_answer(b, i, label, false, err);
}

static ws_status ask_one(batch *b, size_t i, ws_error *err) {
  active *a = b->active;
  int32_t label = WS_ABSTAIN;
  bool astray = false;
  WS_TRY(oracle_ask(&a->oracle, &b->records.items[i], &label, &astray, err));
  a->astray = astray ? a->astray + 1 : 0;
  if (astray)
    say_warning("the model's answer about the record '%s' is no label",
                b->queue.items[i].id.data);
  return keep_answer(b, i, label, err);
}

static ws_status ask_at_once(batch *b, ws_error *err) {
  size_t count = b->queue.count;
  int32_t *labels = ws_alloc_array(count, sizeof *labels);
  if (!labels) return ws_error_nomem(err);
  ws_status status =
      oracle_ask_all(&b->active->oracle, b->records.items, count, labels, err);
  for (size_t i = 0; status == WS_OK && i < count; i++)
    status = keep_answer(b, i, labels[i], err);
  ws_free(labels);
  return status;
}

/* A model that never answers as it should would use up the whole budget. */
static ws_status ask_oracle(batch *b, ws_error *err) {
  if (b->active->o->at_once) return ask_at_once(b, err);
  for (size_t i = 0; i < b->queue.count; i++) {
    if (b->active->astray >= ASTRAY)
      return ws_error_set(err, WS_EIO,
                          "the last %d answers of the language model were no labels: "
                          "give another one, or other words in task_text and describe",
                          (int)ASTRAY);
    if (stop_wanted()) return ws_error_set(err, WS_ESTOPPED, "stopped");
    WS_TRY(ask_one(b, i, err));
  }
  return WS_OK;
}

static ws_status ask_batch(batch *b, ws_error *err) {
  const active *a = b->active;
  b->queue.task = b->run.task; // taken over
  b->run.task = NULL;
  WS_TRY(queue_take(&b->queue, &b->records, err));
  WS_TRY(drop_labelled(b, err));
  if (!b->queue.count) return WS_OK;
  WS_TRY(label_output_open(&b->file, a->dev, err));
  if (!a->human) {
    ws_status status = ask_oracle(b, err);
    bar_clear(&b->active->bar);
    return status;
  }
  WS_TRY(queue_check_keys(&b->queue, err));
  return ask_person(b, err);
}

/* *more: whether there was anything to ask about. */
static ws_status run_batch(active *a, bool *more, ws_error *err) {
  batch *b = ws_alloc_zero(1, sizeof *b);
  if (!b) return ws_error_nomem(err);
  b->active = a;
  b->file.fd = -1;
  ws_status status = open_run(b, err);
  bool open = a->journal.batch.count > 0;
  if (status == WS_OK) status = open ? take_rest(b, err) : choose(b, err);
  *more = a->journal.batch.count > 0;
  if (status == WS_OK && b->records.count) status = ask_batch(b, err);
  batch_clear(b);
  ws_free(b);
  return status;
}

/* --- the loop ----------------------------------------------------------------------- */

static ws_status check_dev(const active *a, ws_error *err) {
  const active_journal *j = &a->journal;
  if (!j->dev.size || strcmp(j->dev.data, a->dev) == 0) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: its labels are in %s, found --dev %s: give that one, or "
                      "another --out",
                      a->out, j->dev.data, a->dev);
}

/* Two at once would ask about the same records. The run folder itself is another one
 * after each fit. */
static ws_status lock(const active *a, ws_lock **out, ws_error *err) {
  ws_buffer path = {0};
  WS_TRY(out_check_above(a->out, err));
  size_t size = strlen(a->out);
  while (size > 1 && a->out[size - 1] == '/') size--;
  ws_status status = ws_buffer_printf(&path, "%.*s.active.lock", (int)size, a->out);
  status = status == WS_OK ? ws_lock_take(path.data, out, err) : ws_error_nomem(err);
  ws_buffer_clear(&path);
  return status;
}

static ws_status run_all(active *a, ws_error *err) {
  bool more = true;
  WS_TRY(journal_read(&a->journal, a->out, err));
  WS_TRY(check_dev(a, err));
  if (!a->journal.round_count || !run_is(a->out)) WS_TRY(fit_round(a, err));
  while (a->journal.batch.count || budget_left(a)) {
    WS_TRY(run_batch(a, &more, err));
    if (a->quit || !more) return WS_OK;
    WS_TRY(fit_round(a, err));
  }
  return WS_OK;
}

ws_status active_run(active *a, ws_error *err) {
  ws_lock *held = NULL;
  WS_TRY(lock(a, &held, err));
  ws_status status = run_all(a, err);
  ws_lock_release(held);
  return status;
}
