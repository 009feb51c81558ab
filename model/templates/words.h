/* Words are runs of word characters and the marks behind them; any other character that
 * is no white space stands for itself. */
static inline void NAME_count_words(NAME_state *s, const char *text, size_t size) {
  uint64_t word = 0;
  int inside = 0;
  size_t at = 0;
  while (at < size && !s->full) {
    uint32_t c = NAME_next(text, size, &at), kind = c >> 24;
    c &= 0x1FFFFF;
    if (inside && (kind == NAME_WORD || kind == NAME_MARK)) {
      word = NAME_hash_step(word, c);
      continue;
    }
    if (inside) NAME_push_word(s, word);
    inside = kind == NAME_WORD;
    word = NAME_hash_step(NAME_HASH_START, c);
    if (kind == NAME_OTHER || kind == NAME_MARK) NAME_push_word(s, word);
  }
  if (inside) NAME_push_word(s, word);
}
