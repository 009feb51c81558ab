/* SPDX-License-Identifier: MIT
 *
 * For tests that run the files of tests/hostile, whose form test_lf_hostile.c tells.
 * _DEFAULT_SOURCE must be defined in front of all headers.
 */
#ifndef LF_HOSTILE_H
#define LF_HOSTILE_H

#include "lf_test.h"

#include <dirent.h>

typedef struct expectation {
  char kind[32], text[300];
} expectation;

static inline const char *text_of(size_t i) {
  static const char *const texts[] = {
      "I love this song",
      "SUBSCRIBE TO ME",
      "what is this?",
      "free money at http://x.example",
      "a car for sale, 1999",
      ("Gr\xC3\xBC\xC3\x9F"
       "e aus K\xC3\xB6ln, sch\xC3\xB6n"),
      "xxxxxxxxxxxxxxxxxxxx",
      "this one is great, but much too long to be read by anybody"};
  return texts[i % (sizeof texts / sizeof *texts)];
}

static inline char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  char *text = malloc(100000);
  assert_non_null(text);
  *size = fread(text, 1, 99999, file);
  text[*size] = '\0';
  fclose(file);
  return text;
}

/* "<<N*PIECE>>": writes it out; returns what is behind it, or NULL where it is none. */
static inline const char *expand(FILE *out, const char *at) {
  char *star;
  unsigned long count = strtoul(at + 2, &star, 10);
  if (star == at + 2 || *star != '*') return NULL;
  const char *close = strstr(star, ">>");
  assert_non_null(close);
  for (; count; count--) fwrite(star + 1, 1, (size_t)(close - star) - 1, out);
  return close + 2;
}

/* Without the first line, the pieces written out. */
static inline void write_hostile(const char *path, const char *text, size_t size) {
  FILE *out = fopen(path, "wb");
  assert_non_null(out);
  const char *at = strchr(text, '\n') + 1, *end = text + size;
  while (at < end) {
    const char *behind =
        end - at > 2 && at[0] == '<' && at[1] == '<' ? expand(out, at) : NULL;
    if (!behind) fputc(*at, out);
    at = behind ? behind : at + 1;
  }
  assert_int_equal(fclose(out), 0);
}

static inline expectation read_expectation(const char *text) {
  expectation out = {{0}, {0}};
  const char *at = strstr(text, "expect: ");
  assert_non_null(at);
  at += 8;
  size_t size = strcspn(at, "\n"), kind = strcspn(at, " \n");
  assert_true(kind < sizeof out.kind && size - kind < sizeof out.text);
  memcpy(out.kind, at, kind);
  if (size > kind) memcpy(out.text, at + kind + 1, size - kind - 1);
  return out;
}

static inline int by_file_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static inline int is_hostile_case(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

#endif
