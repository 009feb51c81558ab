/* SPDX-License-Identifier: MIT
 *
 * Runs an exported classifier over texts that each end in a NUL: a line of class and
 * probabilities for each. Compiled with -DHEADER="..." and -DNAME=prefix.
 */
#include HEADER

#include <stdio.h>
#include <stdlib.h>

#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)

int main(void) {
  static float probs[JOIN(NAME, CLASSES)];
  size_t size = 0, capacity = 1 << 16;
  char *text = (char *)malloc(capacity);
  for (int c; text && (c = getchar()) != EOF;) {
    if (c != 0) {
      if (size == capacity) text = (char *)realloc(text, capacity *= 2);
      if (text) text[size++] = (char)c;
      continue;
    }
    int best = JOIN(NAME, predict)(text, size, probs);
    printf("%d", best);
    for (int k = 0; k < JOIN(NAME, CLASSES); k++) printf(",%.9g", (double)probs[k]);
    printf("\n");
    size = 0;
  }
  free(text);
  return 0;
}
