/* --- counting ---------------------------------------------------------------------- */

typedef struct NAME_state {
  uint64_t runs[9]; /* hashes of the last 1, 2, ... words or characters */
  unsigned seen;    /* how many of them there are */
  unsigned block, shortest, longest;
  uint32_t part, parts; /* the n-grams that this pass counts, of how many shares */
  uint32_t used;
  int full;
  uint32_t entries[NAME_SLOTS]; /* a hash table of the n-grams that are known */
  uint32_t others[NAME_SLOTS];  /* the other half of the hash */
  uint32_t counts[NAME_SLOTS];
} NAME_state;

/* FNV-1a over characters, then the last steps of MurmurHash3's mixer. */
#define NAME_HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t NAME_hash_step(uint64_t hash, uint32_t c) {
  return (hash ^ c) * UINT64_C(0x100000001b3);
}

static inline void NAME_count(NAME_state *s, uint64_t hash) {
  uint32_t entry, other, slot;
  hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
  hash ^= hash >> 33;
  other = (uint32_t)(hash >> 32);
  if ((other & (s->parts - 1)) != s->part) return;
  entry = NAME_find(s->block, (uint32_t)hash);
  if (entry == NAME_NONE) return;
  slot = (uint32_t)hash & (NAME_SLOTS - 1);
  while (s->counts[slot] && (s->entries[slot] != entry || s->others[slot] != other))
    slot = (slot + 1) & (NAME_SLOTS - 1);
  if (!s->counts[slot]) {
    if (s->used >= NAME_SLOTS / 4 * 3) {
      s->full = 1;
      return;
    }
    s->used++;
    s->entries[slot] = entry;
    s->others[slot] = other;
  }
  s->counts[slot]++;
}

/* Counts the n-grams that end in the word or character that was just put to the runs. */
static inline void NAME_count_runs(NAME_state *s) {
  unsigned n;
  if (s->seen < s->longest) s->seen++;
  for (n = s->shortest; n <= s->seen; n++) NAME_count(s, s->runs[n]);
}

static inline void NAME_push_word(NAME_state *s, uint64_t word) {
  unsigned n;
  for (n = s->longest; n > 1; n--)
    s->runs[n] = s->runs[n - 1] * UINT64_C(0x9e3779b97f4a7c15) + word;
  s->runs[1] = word;
  NAME_count_runs(s);
}

static inline void NAME_push_character(NAME_state *s, uint32_t c) {
  unsigned n;
  for (n = s->longest; n > 1; n--) s->runs[n] = NAME_hash_step(s->runs[n - 1], c);
  s->runs[1] = NAME_hash_step(NAME_HASH_START, c);
  NAME_count_runs(s);
}
