/* SPDX-License-Identifier: MIT
 *
 * Fitting with votes that another model gave: on which of the task's records they are
 * says where they belong, as a fit to those on dev or test would train on what is to
 * judge it.
 */
#include <string.h>

#include "run_folder.h"
#include "setup.h"
#include "step.h"

typedef enum place { ON_DATA, ON_DEV, ON_TEST, ELSEWHERE } place;

static bool is_set(const options *o, const ws_task *task, ws_task_key key) {
  const char *path = o->keys[key] ? o->keys[key] : ws_task_get(task, key);
  return path && is_one_file(o->keys[WS_TASK_DATA], path);
}

/* Where --data lies in the task as its file has it. A task that names no data is asked
 * about those of the command line. */
static place place_in(const options *o, const ws_task *task) {
  const char *data = ws_task_get(task, WS_TASK_DATA);
  if (data && is_one_file(o->keys[WS_TASK_DATA], data)) return ON_DATA;
  if (is_set(o, task, WS_TASK_DEV)) return ON_DEV;
  if (is_set(o, task, WS_TASK_TEST)) return ON_TEST;
  return data ? ELSEWHERE : ON_DATA;
}

static place place_of(const options *o) {
  options file = *o; // without what the command line says in its place
  ws_task *task = NULL;
  place found = ON_DATA;
  if (!o->keys[WS_TASK_DATA]) return ON_DATA;
  for (int key = 0; key < WS_TASK_KEYS; key++) file.keys[key] = NULL;
  if (setup_task(&file, NULL, &task, NULL) == WS_OK) found = place_in(o, task);
  ws_task_free(task);
  return found;
}

/* Beside LFs all sets are records; without any they are votes. */
static void put_votes(step *s, place where, bool beside, const char *votes,
                      const char *dev_votes) {
  step_option(s, "votes", where == ON_DATA ? votes : "FILE");
  if (where == ON_DEV) dev_votes = votes;
  step_option(s, beside ? "dev-votes" : "dev", dev_votes);
  if (where == ON_TEST) step_option(s, beside ? "test-votes" : "test", votes);
}

static void put_options(step *s, const command *from, const options *o, place where,
                        bool beside) {
  const char *but[6] = {"seed"};
  size_t count = 1;
  const char *dev = o->keys[WS_TASK_DEV]; // '' spares questions, no gold labels
  if (!beside || (dev && !*dev)) but[count++] = "dev";
  if (!beside) but[count++] = "test";
  if (where != ON_DATA) but[count++] = "data";
  if (!beside || where != ON_DATA) but[count++] = "input-format";
  step_options(s, from, o, but);
}

void step_lfs_beside(const options *o, ws_buffer *out) {
  bool there = setup_beside_task(o, "lfs", "lfs", out) == WS_OK && out->size &&
               is_folder(out->data);
  if (!there) out->size = 0;
}

void step_run_beside(step *s, const options *o, const char *lfs) {
  ws_buffer run = {0};
  bool there =
      setup_beside_task(o, lfs, "run", &run) == WS_OK && run.size && run_is(run.data);
  step_option(s, "out", there && strcmp(run.data, "run") != 0 ? run.data : NULL);
  ws_buffer_clear(&run);
}

step step_fit_votes(const command *from, const options *o, const char *votes,
                    const char *dev_votes) {
  static const char *const why[] = {
      [ON_DATA] = NULL,
      [ON_DEV] = "these are votes on dev: fit with them beside those on the data, FILE",
      [ON_TEST] = "these are votes on test: fit with them beside those on the data, FILE",
      [ELSEWHERE] =
          "these are votes on records that the task names neither as data nor as "
          "dev or test: expected a task that does (--task), or `fit` with --data "
          "where they are to take the place of its data",
  };
  place where = place_of(o);
  step s = step_to(&cmd_fit);
  ws_buffer lfs = {0};
  step_lfs_beside(o, &lfs);
  bool beside = lfs.size > 0;
  s.why = why[where];
  s.useless = where == ELSEWHERE;
  if (beside) step_argument(&s, lfs.data);
  put_votes(&s, where, beside, votes, dev_votes);
  put_options(&s, from, o, where, beside);
  step_run_beside(&s, o, beside ? lfs.data : "lfs");
  ws_buffer_clear(&lfs);
  return s;
}
