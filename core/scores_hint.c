/* SPDX-License-Identifier: MIT
 *
 * A file of class scores is easily taken for votes, as both have a column for each of
 * something. A vote is a whole number or a class; a fraction is a score.
 */
#include "scores_hint.h"

#include <string.h>

enum { MESSAGE_MAX = 350 }; // longer ones leave no room

static void hint(ws_error *err) {
  if (!err || strlen(err->message) > MESSAGE_MAX) return;
  ws_error was = *err;
  ws_error_set(err, was.status,
               "%s (class scores of another model? `weaksup import-votes` makes votes "
               "of them)",
               was.message);
}

static bool is_fraction(ws_value value) {
  double number;
  if (ws_value_is(value, WS_DOUBLE)) return true;
  if (!ws_value_is(value, WS_STRING)) return false;
  ws_text text = ws_value_text(value);
  return ws_text_to_double(text, &number) && text.size &&
         memchr(text.data, '.', text.size);
}

void ws__hint_score(ws_value vote, ws_error *err) {
  if (is_fraction(vote)) hint(err);
}

void ws__hint_scores(const ws_task *task, ws_value record, ws_error *err) {
  bool scores = ws_value_get(record, ws_text_of("scores")).at ||
                ws_value_get(record, ws_text_of("probs")).at;
  for (size_t k = 0; k < ws_task_classes(task) && !scores; k++) {
    ws_value value = ws_value_get(record, ws_task_class(task, k));
    scores = ws_value_is(value, WS_DOUBLE) || ws_value_is(value, WS_INT);
  }
  if (scores) hint(err);
}

void ws__hint_matrix(const char *path, ws_error *err) {
  size_t size = strlen(path);
  if (size > 4 && strcmp(path + size - 4, ".npy") == 0) hint(err);
}
