/* SPDX-License-Identifier: MIT
 *
 * What `init` dealt out blindly and is still there: votes of it tell `weaksup next --lfs`
 * nothing.
 */
#include <stdio.h>

#include <weaksup/alloc.h>
#include <weaksup/value.h>

#include "next_lfs.h"
#include "run_folder.h"
#include "run_paths.h"
#include "step.h"
#include "table.h"

static ws_status take_names(next_run *n, ws_value list) {
  ws_text key;
  ws_value item;
  if (!ws_value_is(list, WS_ARRAY) || ws_value_count(list) == 0) return WS_OK;
  n->unread = ws_alloc_zero(ws_votes_lfs(n->votes), sizeof *n->unread);
  if (!n->unread) return WS_ENOMEM;
  for (ws_value_iter it = ws_value_each(list); ws_value_next(&it, &key, &item);) {
    int64_t lf = -1;
    if (ws_value_is(item, WS_STRING))
      lf = ws_votes_find_lf(n->votes, ws_value_text(item));
    if (lf < 0) continue;
    n->unread[lf] = true;
    n->unread_count++;
  }
  return WS_OK;
}

ws_status next_find_init(next_run *n, ws_error *err) {
  ws_buffer bytes = {0};
  WS_TRY(run_manifest(n->path, &bytes, err));
  ws_value manifest = {(const unsigned char *)bytes.data};
  ws_value lfs = run_file_of(manifest, "lfs");
  ws_status status = WS_OK;
  if (lfs.at) status = take_names(n, ws_value_get(lfs, ws_text_of("placeholders")));
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* Whether a rule proposed now, or an LF that is not of `init`, votes for the class. */
static bool has_class(const next_ideas *s, size_t k) {
  const ws_votes *votes = s->n->votes;
  size_t K = ws_votes_classes(votes);
  for (size_t i = 0; i < s->count; i++)
    if (s->items[i].label == (int32_t)k) return true;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    for (size_t i = 0; i < pattern.size; i++)
      if (pattern.columns[i] % K == k && !s->n->unread[pattern.columns[i] / K])
        return true;
  }
  return false;
}

/* Without rules for a class nothing would get its label. */
static size_t print_missing(const next_ideas *s) {
  enum { SHOWN = 10 };
  size_t count = 0;
  for (size_t k = 0; k < ws_votes_classes(s->n->votes); k++) {
    if (has_class(s, k)) continue;
    if (count < SHOWN) {
      printf("%s", count ? ", " : "\nno rule yet for ");
      text_print(ws_votes_class(s->n->votes, k));
    }
    count++;
  }
  if (count > SHOWN) printf(" and %zu more", count - SHOWN);
  if (count) printf("\n");
  return count;
}

/* The other way, where there are labels enough: without rules. */
static void print_train(const next_ideas *s) {
  const ws_buffer *dev = &s->n->dev;
  step train = step_to(&cmd_train);
  step_option(&train, "labels", dev->size ? dev->data : "dev.jsonl");
  step_task_of(&train, s->n->path);
  step_option(&train, "out", "trained");
  printf("next: put words of yours in the place of those of `init`; or label more, fit, "
         "and have\n  more rules proposed. About 100 labels also teach a classifier "
         "without rules:\n");
  step_print_line(&train, "  ");
  printf("label more:\n");
}

void next_lfs_print_init(const next_ideas *s) {
  bool whole = print_missing(s) == 0;
  if (whole && s->n->o->out) {
    printf("\nnext: each class has rules: look through them, delete the files of `init` "
           "(fit names\n  them), then fit again\n");
    return;
  }
  if (s->gold == 0) {
    printf("next: gold labels tell which words: label 30 records, then fit with --dev "
           "dev.jsonl:\n");
  } else {
    print_train(s);
  }
  printf("  weaksup annotate ");
  shell_print(ws_text_of(s->n->path));
  printf(" --records 30%s\n", s->gold == 0 ? " --out dev.jsonl" : "");
}
