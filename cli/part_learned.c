/* SPDX-License-Identifier: MIT
 *
 * Ready-made votes against the labeling functions that a label model learned from: their
 * names decide whose votes they are.
 */
#include "part.h"
#include "say.h"

enum { SHOWN = 3 };

bool part_lf_votes(const ws_votes *votes, size_t j) {
  size_t K = ws_votes_classes(votes);
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    for (size_t i = 0; i < pattern.size; i++)
      if (pattern.columns[i] / K == j) return true;
  }
  return false;
}

static bool is_learned(const ws_label_model *model, ws_text name) {
  for (size_t j = 0; j < ws_label_model_lfs(model); j++)
    if (ws_text_equal(ws_label_model_lf(model, j), name)) return true;
  return false;
}

static ws_status fail(const ws_label_model *model, const char *path, ws_text found,
                      ws_error *err) {
  ws_buffer names = {0};
  size_t M = ws_label_model_lfs(model);
  ws_status status = WS_OK;
  for (size_t j = 0; j < M && j < SHOWN && status == WS_OK; j++)
    status = ws_buffer_printf(&names, "%s'%.*s'", j ? ", " : "",
                              WS_TEXT_ARG(ws_label_model_lf(model, j)));
  if (status != WS_OK)
    ws_error_nomem(err);
  else
    status = ws_error_set(
        err, WS_EINVAL,
        "%s: expected votes of the labeling functions that the run was fitted on (%s%s), "
        "found '%.*s': `weaksup import-votes` with the same --name and --bins gives "
        "those names, `weaksup fit` with these votes learns new ones",
        path, names.data, M > SHOWN ? ", ..." : "", WS_TEXT_ARG(found));
  ws_buffer_clear(&names);
  return status;
}

/* What has a column for each shows all; else an LF may be missing as it never votes. */
static void say_missing(const ws_votes *votes, const ws_label_model *model,
                        const char *path) {
  size_t M = ws_label_model_lfs(model), there = 0;
  for (size_t j = 0; j < M; j++)
    there += ws_votes_find_lf(votes, ws_label_model_lf(model, j)) >= 0;
  if (there == M || (!ends_with(path, ".wsv") && 2 * there >= M)) return;
  say_warning("%s has votes of %zu of the %zu labeling functions that the run was fitted "
              "on: the others count as abstains",
              input_name(path), there, M);
}

ws_status part_check_learned(const part *p, const ws_label_model *model, const char *path,
                             ws_error *err) {
  for (size_t j = 0; j < ws_votes_lfs(p->votes); j++) {
    ws_text name = ws_votes_lf(p->votes, j);
    if (!is_learned(model, name) && part_lf_votes(p->votes, j))
      return fail(model, input_name(path), name, err);
  }
  say_missing(p->votes, model, path);
  return WS_OK;
}
