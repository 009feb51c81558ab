/* SPDX-License-Identifier: MIT
 *
 * Runs an exported classifier over texts that each end in a NUL: a line of class and
 * probabilities for each. Linked with what compare.sh makes of the header.
 */
#include <stdio.h>
#include <stdlib.h>

extern const int model_classes;
int model_predict(const char *text, size_t size, float *probs);

int main(void) {
  float *probs = (float *)malloc((size_t)model_classes * sizeof *probs);
  size_t size = 0, capacity = 1 << 16;
  char *text = (char *)malloc(capacity);
  for (int c; text && probs && (c = getchar()) != EOF;) {
    if (c != 0) {
      if (size == capacity) text = (char *)realloc(text, capacity *= 2);
      if (text) text[size++] = (char)c;
      continue;
    }
    int best = model_predict(text, size, probs);
    printf("%d", best);
    for (int k = 0; k < model_classes; k++) printf(",%.9g", (double)probs[k]);
    printf("\n");
    size = 0;
  }
  free(probs);
  free(text);
  return 0;
}
