/* SPDX-License-Identifier: MIT
 *
 * A .rules file that round after round of `weaksup next --lfs` adds to.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "next_lfs.h"
#include "say.h"
#include "setup.h"

enum { FILE_MOST = 16 << 20 };

static bool is_rules_file(const char *path) {
  struct stat about;
  return path && ends_with(path, ".rules") && stat(path, &about) == 0 &&
         S_ISREG(about.st_mode);
}

/* The next line from *at on, without blanks in front and its end. */
static bool next_line(ws_text text, size_t *at, ws_text *line) {
  if (*at >= text.size) return false;
  const char *start = text.data + *at, *end = memchr(start, '\n', text.size - *at);
  size_t size = end ? (size_t)(end - start) : text.size - *at, blanks = 0;
  *at += size + 1;
  while (blanks < size && (start[blanks] == ' ' || start[blanks] == '\t')) blanks++;
  *line = (ws_text){start + blanks, size - blanks};
  return true;
}

/* The words of `... /\bfree\W+gift\b/i`, as this command writes rules. */
static ws_status read_words(ws_text line, ws_buffer *words) {
  static const char open[] = "/\\b", close[] = "\\b/i", gap[] = "\\W+";
  words->size = 0;
  for (size_t at = 0; at + 3 <= line.size; at++) {
    if (memcmp(line.data + at, open, 3) != 0) continue;
    for (at += 3; at < line.size && line.data[at] != '/'; at++) {
      size_t left = line.size - at;
      if (left >= 4 && memcmp(line.data + at, close, 4) == 0) return WS_OK;
      bool blank = left >= 3 && memcmp(line.data + at, gap, 3) == 0;
      WS_TRY(ws_buffer_append(words, blank ? " " : line.data + at, 1));
      if (blank) at += 2;
    }
    words->size = 0; // another pattern
  }
  return WS_OK;
}

/* In lower case, as ideas are: "/\bSubscribe\b/i" says the same. */
static ws_status leave_out(next_ideas *s, ws_text line, ws_buffer *words,
                           ws_buffer *lower) {
  WS_TRY(read_words(line, words));
  if (words->size == 0) return WS_OK;
  lower->size = 0;
  WS_TRY(ws_text_lower(ws_buffer_as_text(words), lower));
  return ws_ideas_leave_out(s->ideas, ws_buffer_as_text(lower));
}

ws_status next_lfs_file(next_ideas *s, ws_error *err) {
  ws_buffer words = {0}, lower = {0};
  ws_text line;
  size_t at = 0;
  if (!is_rules_file(s->n->o->out)) return WS_OK;
  WS_TRY(ws_input_file(s->n->o->out, FILE_MOST, &s->file, err));
  if (!ws_utf8_valid(ws_buffer_as_text(&s->file)))
    return ws_error_set(err, WS_EINVAL, "%s: expected UTF-8, found other bytes",
                        s->n->o->out);
  ws_status status = WS_OK;
  while (status == WS_OK && next_line(ws_buffer_as_text(&s->file), &at, &line))
    status = leave_out(s, line, &words, &lower);
  ws_buffer_clear(&words);
  ws_buffer_clear(&lower);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* Names of rules that are commented out count, too: they may come back. */
bool next_lfs_named(const next_ideas *s, const char *name) {
  size_t at = 0, size = strlen(name);
  ws_text line;
  while (next_line(ws_buffer_as_text(&s->file), &at, &line)) {
    while (line.size && (line.data[0] == '#' || line.data[0] == ' '))
      line = (ws_text){line.data + 1, line.size - 1};
    if (line.size > size && memcmp(line.data, name, size) == 0 &&
        (line.data[size] == ' ' || line.data[size] == '\t'))
      return true;
  }
  return false;
}

/* Reading all records takes its time, in which somebody may have edited the file. */
static ws_status check_unchanged(const next_ideas *s, const char *path, ws_error *err) {
  ws_buffer now = {0};
  if (!is_rules_file(path) && s->file.size == 0) return WS_OK;
  ws_status status = ws_input_file(path, FILE_MOST, &now, err);
  bool same = ws_text_equal(ws_buffer_as_text(&now), ws_buffer_as_text(&s->file));
  ws_buffer_clear(&now);
  if (status != WS_OK || same) return status;
  return ws_error_set(err, WS_EIO,
                      "%s: expected the file as it was a moment ago, found another: "
                      "nothing is written, run the command again",
                      path);
}

ws_status next_lfs_write(next_ideas *s, ws_error *err) {
  ws_buffer *file = &s->file;
  const char *path = s->n->o->out;
  bool adds = file->size > 0;
  if (adds && s->count == 0) return WS_OK;
  WS_TRY(check_unchanged(s, path, err));
  ws_status status = WS_OK;
  if (adds && file->data[file->size - 1] != '\n') status = ws_buffer_string(file, "\n");
  if (status == WS_OK) status = ws_buffer_text(file, ws_buffer_as_text(&s->rules));
  if (status != WS_OK) return ws_error_nomem(err);
  WS_TRY(ws_output_file(path, ws_buffer_as_text(file), err));
  if (adds)
    say_note(s->n->o, "%zu rule%s added to %s, behind what was there", s->count,
             s->count == 1 ? "" : "s", path);
  return WS_OK;
}
