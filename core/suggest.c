/* SPDX-License-Identifier: MIT
 *
 * "Did you mean": the nearest of a few names by optimal string alignment distance
 * (insert, delete, replace, swap neighbours), without regard to ASCII case.
 */
#include <weaksup/text.h>

#include <string.h>

enum { LONGEST = 63 };

static int fold(char c) {
  return c >= 'A' && c <= 'Z' ? c + 32 : (unsigned char)c;
}

static size_t min3(size_t a, size_t b, size_t c) {
  size_t least = a < b ? a : b;
  return least < c ? least : c;
}

/* Both at most LONGEST bytes. Of the table of distances the
 * last rows are kept: that before the last two, the last, and the one that is made. */
static size_t distance(ws_text a, ws_text b) {
  size_t rows[3][LONGEST + 1];
  size_t *two = rows[0], *one = rows[1], *now = rows[2];
  for (size_t j = 0; j <= b.size; j++) now[j] = j;
  for (size_t i = 1; i <= a.size; i++) {
    size_t *spare = two;
    two = one, one = now, now = spare;
    now[0] = i;
    for (size_t j = 1; j <= b.size; j++) {
      bool same = fold(a.data[i - 1]) == fold(b.data[j - 1]);
      now[j] = min3(one[j] + 1, now[j - 1] + 1, one[j - 1] + !same);
      if (i > 1 && j > 1 && fold(a.data[i - 1]) == fold(b.data[j - 2]) &&
          fold(a.data[i - 2]) == fold(b.data[j - 1]) && two[j - 2] + 1 < now[j])
        now[j] = two[j - 2] + 1;
    }
  }
  return now[b.size];
}

/* One begins the other, by three letters or more: "output" for "out". */
static bool begins(ws_text a, ws_text b) {
  size_t common = a.size < b.size ? a.size : b.size;
  return common >= 3 && b.size <= LONGEST && strncmp(a.data, b.data, common) == 0;
}

const char *ws_suggest(ws_text word, const char *const *candidates, size_t count) {
  const char *best = NULL;
  if (word.size > LONGEST) return NULL;
  // A third of the word may be wrong, at least one letter.
  size_t nearest = (word.size < 6 ? 1 : word.size / 3) + 1;
  for (size_t i = 0; i < count; i++) {
    ws_text candidate = ws_text_of(candidates[i]);
    if (candidate.size > LONGEST) continue;
    size_t d = distance(word, candidate);
    if (d < nearest && d < candidate.size) nearest = d, best = candidates[i];
  }
  for (size_t i = 0; i < count && !best; i++)
    if (begins(word, ws_text_of(candidates[i]))) best = candidates[i];
  return best;
}
