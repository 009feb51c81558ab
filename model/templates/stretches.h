static inline void NAME_end_stretch(NAME_state *s) {
  NAME_push_character(s, ' ');
  if (s->seen < s->shortest) NAME_count(s, s->runs[s->seen]);
}

/* Stretches of what stands between white space, with a blank before and behind. */
static inline void NAME_count_characters(NAME_state *s, const char *text, size_t size) {
  int inside = 0;
  size_t at = 0;
  while (at < size && !s->full) {
    uint32_t c = NAME_next(text, size, &at);
    if (c >> 24 == NAME_SPACE) {
      if (inside) NAME_end_stretch(s);
      inside = 0;
      continue;
    }
    if (!inside) {
      s->seen = 0;
      NAME_push_character(s, ' ');
    }
    inside = 1;
    NAME_push_character(s, c & 0x1FFFFF);
  }
  if (inside) NAME_end_stretch(s);
}
