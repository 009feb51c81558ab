/* --- characters -------------------------------------------------------------------- */

/* The character that begins at text[*at], which moves behind it. What is no UTF-8 is
 * U+FFFD, one for each byte. */
static inline uint32_t NAME_decode(const char *text, size_t size, size_t *at) {
  uint32_t c = (unsigned char)text[*at], least = 0x80;
  size_t length = 1, i;
  *at += 1;
  if (c < 0x80) return c;
  if (c >= 0xC2 && c <= 0xDF) {
    c &= 0x1F;
  } else if (c >= 0xE0 && c <= 0xEF) {
    c &= 0x0F;
    length = 2;
    least = 0x800;
  } else if (c >= 0xF0 && c <= 0xF4) {
    c &= 0x07;
    length = 3;
    least = 0x10000;
  } else {
    return 0xFFFD;
  }
  if (size - *at < length) return 0xFFFD;
  for (i = 0; i < length; i++) {
    uint32_t byte = (unsigned char)text[*at + i];
    if ((byte & 0xC0) != 0x80) return 0xFFFD;
    c = c << 6 | (byte & 0x3F);
  }
  if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return 0xFFFD;
  *at += length;
  return c;
}

enum { NAME_OTHER, NAME_WORD, NAME_MARK, NAME_SPACE };

/* A run of characters of one kind is a byte or more: 2 bits the kind, 1 whether another
 * byte follows, 5 its length; bytes that follow have 7 bits more of it each. */
static inline uint32_t NAME_kind(uint32_t c) {
  uint32_t first = 0, length, kind, byte;
  size_t i = 0, page;
  for (page = 1; page < NAME_PAGES && NAME_page_first[page] <= c; page++) {
    first = NAME_page_first[page];
    i = NAME_page_at[page];
  }
  do {
    byte = NAME_runs[i++];
    kind = byte >> 6;
    length = byte & 0x1F;
    byte = (byte & 0x20) << 2;
    while (byte & 0x80) {
      byte = NAME_runs[i++];
      length = length << 7 | (byte & 0x7F);
    }
    first += length;
  } while (first <= c);
  return kind;
}

/* The lower case of a character: of every first, or every second one of a range. */
static inline uint32_t NAME_lower(uint32_t c) {
  size_t low = 0, high = NAME_CASES;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    uint32_t first = NAME_cases[middle].first >> 1;
    uint32_t every = 1 + (NAME_cases[middle].first & 1), off = c - first;
    if (c < first)
      high = middle;
    else if (off >= NAME_cases[middle].count * every)
      low = middle + 1;
    else
      return off % every ? c : (c & 0x1F0000) | ((c + NAME_cases[middle].add) & 0xFFFF);
  }
  return c;
}

/* The next character in lower case, with its kind in the highest byte. */
static inline uint32_t NAME_next(const char *text, size_t size, size_t *at) {
  uint32_t c = NAME_decode(text, size, at);
  if (c >= 'a' && c <= 'z') return c | (uint32_t)NAME_WORD << 24;
  return NAME_lower(c) | NAME_kind(c) << 24;
}
