/* --- what is known of an n-gram ---------------------------------------------------- */

#define NAME_NONE UINT32_MAX

/* Entries are one string of bits: the next `count` of them, less than 32, as a number. */
static inline uint32_t NAME_take(uint32_t *at, unsigned count) {
  uint32_t value = 0;
  while (count > 0) {
    unsigned left = 8 - (unsigned)(*at & 7), now = count < left ? count : left;
    uint32_t part = (uint32_t)NAME_bits[*at >> 3] >> (left - now);
    value = value << now | (part & ((1u << now) - 1));
    *at += now;
    count -= now;
  }
  return value;
}

static inline uint32_t NAME_long_number(uint32_t *at, unsigned width) {
  uint32_t value = 0;
  unsigned ones = 0;
  for (; NAME_take(at, 1); width += ++ones > 1) value += (uint32_t)1 << width;
  return value + NAME_take(at, width);
}

/* A number stands in the bucket that is as far as there are ones before the next zero;
 * the first two buckets hold 2^width numbers, each further one twice as many. Most are
 * whole within the next 25 bits. */
static inline uint32_t NAME_number(uint32_t *at, unsigned width) {
  const uint8_t *bytes = NAME_bits + (*at >> 3);
  uint32_t next = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                  (uint32_t)bytes[2] << 8 | bytes[3];
  uint32_t value = 0;
  unsigned first = width, ones = 0;
  for (next <<= *at & 7; next >> 31; next <<= 1) {
    value += (uint32_t)1 << width;
    width += ++ones > 1;
  }
  if (ones + width >= 25) return NAME_long_number(at, first);
  *at += ones + 1 + width;
  return value + (next >> (31 - width));
}

/* Where a bin of entries begins, whose hashes begin with the same bits. */
static inline uint32_t NAME_bin(size_t bin) {
  return NAME_bases[bin / 16] + NAME_starts[bin];
}

/* The place of what is known of the n-gram with this hash, or NAME_NONE. An entry is how
 * far its key is from the one before, the number of its idf, and its weights or their
 * place. */
static inline uint32_t NAME_find(unsigned block, uint32_t hash) {
  size_t bin = (size_t)block * (((size_t)1 << NAME_BIN_BITS) + 1) +
               (size_t)((uint64_t)hash >> (32 - NAME_BIN_BITS));
  uint32_t at = NAME_bin(bin), end = NAME_bin(bin + 1), key = 0;
  uint32_t wanted = hash >> (32 - NAME_KEY_BITS) & NAME_KEY_MASK;
  while (at < end) {
    unsigned width, k;
    key += NAME_number(&at, NAME_key_widths[block]);
    if (key >= wanted) return key == wanted ? at : NAME_NONE;
    key++;
    width = NAME_widths[NAME_number(&at, 0)];
    if (NAME_POINTER_BITS)
      at += NAME_POINTER_BITS;
    else
      for (k = 0; k < NAME_COLUMNS; k++) NAME_number(&at, width);
  }
  return NAME_NONE;
}

static inline NAME_real NAME_idf_of(uint32_t entry) {
  return NAME_idf[NAME_number(&entry, 0)];
}

/* Weights are multiples of NAME_STEP: 0, -1, 1, -2, 2, ... stand as 0, 1, 2, 3, 4, ... */
static inline void NAME_add(uint32_t entry, NAME_real weight, NAME_real *scores) {
  unsigned width = NAME_widths[NAME_number(&entry, 0)], k;
  if (NAME_POINTER_BITS) entry = 8 * (NAME_POOL + NAME_take(&entry, NAME_POINTER_BITS));
  for (k = 0; k < NAME_COLUMNS; k++) {
    uint32_t number = NAME_number(&entry, width);
    NAME_real size = (NAME_real)((number + 1) / 2);
    scores[k] += number & 1 ? -weight * size : weight * size;
  }
}

/* With few classes the last one has no column: all of them sum to 0. */
static inline void NAME_finish(const NAME_real *sums, NAME_real *scores) {
  NAME_real rest = 0;
  unsigned k;
  for (k = 0; k < NAME_COLUMNS; k++) {
    scores[k] = NAME_bias[k] + NAME_STEP * sums[k];
    rest -= sums[k];
  }
  if (NAME_COLUMNS < NAME_CLASSES)
    scores[NAME_CLASSES - 1] = NAME_bias[NAME_CLASSES - 1] + NAME_STEP * rest;
}
