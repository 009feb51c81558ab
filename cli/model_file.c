/* SPDX-License-Identifier: MIT
 *
 * Opening a classifier.
 */
#include "model_file.h"

#include <sys/stat.h>

#include <weaksup/alloc.h>

#include "run_folder.h"

static ws_status make_task(const ws_classifier *classifier, ws_task **out,
                           ws_error *err) {
  size_t K = ws_classifier_classes(classifier);
  ws_text *names = ws_alloc_array(K, sizeof *names);
  if (!names) return ws_error_nomem(err);
  for (size_t k = 0; k < K; k++) names[k] = ws_classifier_class(classifier, k);
  ws_status status = ws_task_new(names, K, out, err);
  ws_free(names);
  WS_TRY(status);
  status = ws_task_set(*out, WS_TASK_TEXT, ws_classifier_text_field(classifier), err);
  if (status == WS_OK) return WS_OK;
  ws_task_free(*out);
  *out = NULL;
  return status;
}

static bool is_folder(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static ws_status open_run(const char *path, ws_task **task, ws_classifier **classifier,
                          ws_error *err) {
  ws_task *found = NULL;
  WS_TRY(run_task(path, &found, err));
  ws_status status = run_classifier(path, found, classifier, err);
  if (status == WS_OK && !*classifier)
    status = ws_error_set(err, WS_EINVAL,
                          "%s: the run has no classifier: it was made with "
                          "--no-classifier, or from records without text",
                          path);
  if (status == WS_OK)
    *task = found;
  else
    ws_task_free(found);
  return status;
}

ws_status model_file_open(const char *path, ws_task **task, ws_classifier **classifier,
                          ws_error *err) {
  ws_classifier *found = NULL;
  if (is_folder(path)) return open_run(path, task, classifier, err);
  WS_TRY(ws_classifier_load(path, &found, err));
  ws_status status = make_task(found, task, err);
  if (status == WS_OK)
    *classifier = found;
  else
    ws_classifier_free(found);
  return status;
}
