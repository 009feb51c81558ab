/* --- what is known of an n-gram ---------------------------------------------------- */

#define NAME_NONE UINT32_MAX

/* The entry of the n-gram with this hash, or NAME_NONE. The first bits of the hash are
 * the number of its bin, the 16 behind them its key there. */
static inline uint32_t NAME_find(unsigned block, uint32_t hash) {
  const NAME_bin *bins = NAME_bins + (size_t)block * (((size_t)1 << NAME_BIN_BITS) + 1);
  uint32_t bin = (uint32_t)((uint64_t)hash >> (32 - NAME_BIN_BITS)), e;
  uint32_t key = hash >> (16 - NAME_BIN_BITS) & 0xFFFF;
  for (e = bins[bin]; e < bins[bin + 1]; e++)
    if (NAME_keys[e] == key) return e;
  return NAME_NONE;
}

static inline NAME_real NAME_idf_of(uint32_t entry) {
  return NAME_IDF_LEAST + (NAME_real)NAME_idf[entry] * NAME_IDF_STEP;
}

/* A weight stands as the square root of its size, with its sign, so that small ones are
 * exact, too; NAME_steps has the unit of each column. */
static inline void NAME_add(uint32_t entry, NAME_real weight, NAME_real *scores) {
  const int8_t *weights = NAME_weights + (size_t)entry * NAME_COLUMNS;
  unsigned k;
  for (k = 0; k < NAME_COLUMNS; k++) {
    int root = weights[k];
    scores[k] += weight * (NAME_real)(root < 0 ? -root * root : root * root);
  }
}

/* The first class has no column: its score is 0, those of the others are differences. */
static inline void NAME_finish(const NAME_real *sums, NAME_real *scores) {
  unsigned k, first = NAME_CLASSES - NAME_COLUMNS;
  scores[0] = 0;
  for (k = 0; k < NAME_COLUMNS; k++)
    scores[first + k] = NAME_bias[k] + NAME_steps[k] * sums[k];
}
