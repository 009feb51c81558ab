/* SPDX-License-Identifier: MIT
 *
 * Records on which rejected LFs were wrong, for the next prompt: of those of dev that it
 * may show.
 */
#include <string.h>

#include "generate.h"

static bool is_told(const generate *g, size_t row) {
  for (size_t i = 0; i < g->mistake_count; i++)
    if (g->mistakes[i].row == row) return true;
  return false;
}

static void find_one(generate *g, const ws_votes *votes, size_t j, ws_text name) {
  size_t K = ws_votes_classes(votes);
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    ws_pattern p = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
    for (size_t v = 0; v < p.size; v++) {
      int32_t label = (int32_t)(p.columns[v] % K);
      if (p.columns[v] / K != j || label == ws_votes_row_gold(votes, i) || is_told(g, i))
        continue;
      g->mistakes[g->mistake_count++] = (gen_mistake){i, name, label};
      return;
    }
  }
}

/* In turn, so that each has one before any has two. */
void gen_find_mistakes(generate *g, const ws_votes *votes, gen_lf *const *items,
                       size_t count) {
  size_t before = SIZE_MAX;
  if (!votes) return;
  while (g->mistake_count != before) {
    before = g->mistake_count;
    for (size_t j = 0; j < count && g->mistake_count < MISTAKES_MOST; j++)
      if (items[j]->status == WS_LF_REJECTED && strcmp(items[j]->stage, "precision") == 0)
        find_one(g, votes, j, items[j]->name);
  }
}
