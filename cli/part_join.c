/* SPDX-License-Identifier: MIT
 *
 * Ready-made votes beside those of labeling functions: a model's, a crowd's.
 */
#include "part.h"

#include "say.h"

/* A name in both is the user's slip, and better told of the folder than of the data. */
static ws_status check_names(const part *p, const ws_votes *more, const char *path,
                             ws_error *err) {
  for (size_t j = 0; j < ws_votes_lfs(more); j++)
    if (ws_votes_find_lf(p->votes, ws_votes_lf(more, j)) >= 0)
      return ws_error_set(err, WS_EINVAL,
                          "%s: there is a labeling function '%.*s' already: expected "
                          "another name",
                          input_name(path), WS_TEXT_ARG(ws_votes_lf(more, j)));
  return WS_OK;
}

ws_status part_join(part *p, const setup *s, const ws_task *task, const char *path,
                    ws_error *err) {
  ws_votes_import_options how = ws_votes_import_options_default();
  ws_votes *more = NULL, *all = NULL;
  how.format = s->votes_format;
  how.reader.max_line = s->reader.max_line;
  how.reader.progress = s->reader.progress;
  WS_TRY(ws_votes_import(path, task, &how, &more, p->votes_digest, err));
  ws_votes_source sources[] = {{input_name(p->path), p->votes}, {input_name(path), more}};
  ws_status status = check_names(p, more, path, err);
  if (status == WS_OK) status = ws_votes_join(sources, 2, &all, err);
  ws_votes_free(more);
  WS_TRY(status);
  ws_votes_free(p->votes);
  p->votes = all;
  p->votes_path = path;
  return WS_OK;
}
