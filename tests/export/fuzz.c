/* SPDX-License-Identifier: MIT
 *
 * Feeds random bytes to an exported classifier, each text in memory of its own size: the
 * answer must be a distribution, and the same again. -DHEADER="...", prefix m.
 */
#define m_SLOTS 64
#include HEADER

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state = 1;

static uint32_t draw(void) {
  state = state * 1664525u + 1013904223u;
  return state >> 8;
}

static unsigned char draw_byte(void) {
  static const unsigned char likely[] = {0x80, 0xBF, 0xC2, 0xE0, 0xED, 0xEF, 0xF0,
                                         0xF4, 0x9F, 0xA0, 0xCC, 0,    ' ',  'e'};
  return draw() & 1 ? (unsigned char)draw() : likely[draw() % sizeof likely];
}

/* Returns 0 where all is well. */
static int try_one(void) {
  size_t size = draw() % (draw() % 50 ? 60 : 5000);
  char *text = (char *)malloc(size ? size : 1);
  float probs[m_CLASSES], again[m_CLASSES], sum = 0;
  for (size_t i = 0; i < size; i++) text[i] = (char)draw_byte();
  int best = m_predict(text, size, probs);
  int same = m_predict(text, size, again) == best && !memcmp(probs, again, sizeof probs);
  for (int k = 0; k < m_CLASSES; k++) {
    sum += probs[k];
    same = same && probs[k] >= 0 && probs[k] <= probs[best];
  }
  free(text);
  return !(same && best >= 0 && best < m_CLASSES && sum > 0.999f && sum < 1.001f);
}

int main(void) {
  for (int i = 0; i < 5000; i++)
    if (try_one()) {
      printf("text %d: no distribution, or another one the second time\n", i);
      return 1;
    }
  return 0;
}
