/* --- what is known of an n-gram ---------------------------------------------------- */

#define NAME_NONE UINT32_MAX

/* The entry of the n-gram with this hash, or NAME_NONE. The keys whose first bits are
 * equal stand in one bin. */
static inline uint32_t NAME_find(unsigned block, uint32_t hash) {
  const NAME_bin *bins = NAME_bins + (size_t)block * (((size_t)1 << NAME_BIN_BITS) + 1);
  uint32_t bin = (uint32_t)((uint64_t)hash >> (32 - NAME_BIN_BITS)), e;
  for (e = bins[bin]; e < bins[bin + 1]; e++)
    if (NAME_keys[e] == hash) return e;
  return NAME_NONE;
}

static inline NAME_real NAME_idf_of(uint32_t entry) {
  return (NAME_real)NAME_idf[entry];
}

static inline void NAME_add(uint32_t entry, NAME_real weight, NAME_real *scores) {
  const float *weights = NAME_weights + (size_t)entry * NAME_CLASSES;
  unsigned k;
  for (k = 0; k < NAME_CLASSES; k++) scores[k] += weight * (NAME_real)weights[k];
}

static inline void NAME_finish(const NAME_real *sums, NAME_real *scores) {
  unsigned k;
  for (k = 0; k < NAME_CLASSES; k++) scores[k] = (NAME_real)NAME_bias[k] + sums[k];
}
