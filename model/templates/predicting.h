/* --- predicting -------------------------------------------------------------------- */

/* sums += weights of what this pass counted; returns the sum of their squares. */
static inline NAME_real NAME_weigh(const NAME_state *s, NAME_real *sums) {
  NAME_real squares = 0;
  uint32_t slot;
  for (slot = 0; slot < NAME_SLOTS; slot++) {
    NAME_real weight;
    if (!s->counts[slot]) continue;
    weight = (1 + NAME_log(s->counts[slot])) * NAME_idf_of(s->entries[slot]);
    squares += weight * weight;
    NAME_add(s->entries[slot], weight, sums);
  }
  return squares;
}

/* Counts one share of a block's n-grams. */
static inline void NAME_pass(NAME_state *s, const char *text, size_t size) {
  uint32_t slot;
  unsigned n;
  for (slot = 0; slot < NAME_SLOTS; slot++) s->counts[slot] = 0;
  for (n = 0; n < 9; n++) s->runs[n] = 0;
  s->used = 0;
  s->seen = 0;
  s->full = 0;
  NAME_count_block(s, text, size);
}

/* One block: where its n-grams do not fit the table, they are counted in more passes, a
 * share in each. */
static inline void NAME_sum_block(NAME_state *s, const char *text, size_t size,
                                  NAME_real *sums) {
  NAME_real squares = 0, length;
  unsigned k;
  s->parts = 1;
  s->part = 0;
  for (k = 0; k < NAME_COLUMNS; k++) sums[k] = 0;
  while (s->part < s->parts) {
    NAME_pass(s, text, size);
    if (s->full && s->parts < 65536) {
      s->parts *= 2;
      s->part = 0;
      squares = 0;
      for (k = 0; k < NAME_COLUMNS; k++) sums[k] = 0;
      continue;
    }
    squares += NAME_weigh(s, sums);
    s->part++;
  }
  length = NAME_sqrt(squares);
  for (k = 0; k < NAME_COLUMNS; k++) sums[k] = length > 0 ? sums[k] / length : 0;
}

static inline int NAME_softmax(NAME_real *scores, float *probs) {
  NAME_real largest, sum = 0;
  int best = 0, k;
  for (k = 1; k < NAME_CLASSES; k++)
    if (scores[k] > scores[best]) best = k;
  largest = scores[best];
  for (k = 0; k < NAME_CLASSES; k++) {
    scores[k] = NAME_exp(scores[k] - largest);
    sum += scores[k];
  }
  if (probs)
    for (k = 0; k < NAME_CLASSES; k++) probs[k] = (float)(scores[k] / sum);
  return best;
}

/* Which class the UTF-8 text of `size` bytes belongs to: the index of the most probable.
 * probs[NAME_CLASSES] receives the distribution; NULL: not wanted. */
static inline int NAME_predict(const char *text, size_t size, float *probs) {
  NAME_state state;
  NAME_real sums[NAME_COLUMNS], scores[NAME_CLASSES], total[NAME_COLUMNS];
  unsigned b, k;
  for (k = 0; k < NAME_COLUMNS; k++) total[k] = 0;
  for (b = 0; b < NAME_BLOCKS; b++) {
    state.block = b;
    state.shortest = NAME_block_shortest[b];
    state.longest = NAME_block_longest[b];
    NAME_sum_block(&state, text, size, sums);
    for (k = 0; k < NAME_COLUMNS; k++) total[k] += sums[k];
  }
  NAME_finish(total, scores);
  return NAME_softmax(scores, probs);
}
