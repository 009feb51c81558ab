/* SPDX-License-Identifier: MIT
 *
 * How two texts of requests differ, told by their sections (a line "# ..." begins one),
 * since what one more line pushes down is no difference of what follows. Marks between
 * which records stand are made from all that a prompt holds, and differ with any of it:
 * they are left out of account.
 */
#include "chat_priv.h"

#include <string.h>

enum {
  MARK_LEAST = 12, // hexadecimal digits in a row are a mark
  SECTIONS = 64,   // the rest is part of the last one
  LINES = 500,     // of a section, looked at
  AROUND = 60,     // bytes of a line shown in front of the difference
  SHOWN = 160,     // and in all
};

ws_status ws__chat_unmarked(ws_text text, ws_buffer *out) {
  static const char digits[] = "0123456789abcdef";
  const char *at = text.data, *end = text.data + text.size, *from = at;
  while (at < end) {
    const char *start = at;
    while (at < end && *at && strchr(digits, *at)) at++;
    if (at - start >= MARK_LEAST) {
      WS_TRY(ws_buffer_append(out, from, (size_t)(start - from)));
      WS_TRY(ws_buffer_string(out, "MARK"));
      from = at;
    }
    at += at == start;
  }
  return ws_buffer_append(out, from, (size_t)(end - from));
}

/* --- lines --- */

/* Takes the first line off `rest`; false where there is none. */
static bool next_line(ws_text *rest, ws_text *line) {
  if (rest->size == 0) return false;
  const char *stop = memchr(rest->data, '\n', rest->size);
  line->data = rest->data;
  line->size = stop ? (size_t)(stop - rest->data) : rest->size;
  size_t gone = line->size + (stop != NULL);
  rest->data += gone, rest->size -= gone;
  return true;
}

static bool has_line(ws_text body, ws_text wanted) {
  ws_text line;
  for (int i = 0; i < LINES && next_line(&body, &line);) {
    if (line.size == 0) continue;
    i++;
    if (ws_text_equal(line, wanted)) return true;
  }
  return false;
}

/* The first line that `other` does not have, and how many there are. */
static ws_text find_alone(ws_text body, ws_text other, size_t *count) {
  ws_text line, first = {"", 0};
  *count = 0;
  for (int i = 0; i < LINES && next_line(&body, &line);) {
    if (line.size == 0) continue;
    i++;
    if (has_line(other, line)) continue;
    if ((*count)++ == 0) first = line;
  }
  return first;
}

static size_t common_front(ws_text a, ws_text b) {
  size_t least = a.size < b.size ? a.size : b.size, n = 0;
  while (n < least && a.data[n] == b.data[n]) n++;
  return n;
}

/* --- saying --- */

static ws_status put_line(ws_chat *chat, const char *which, ws_text line, size_t at,
                          size_t more) {
  size_t front = at < line.size ? at : line.size;
  size_t start = front > AROUND ? front - AROUND : 0;
  while (start < line.size && ((unsigned char)line.data[start] & 0xC0) == 0x80) start++;
  ws_text part = {line.data + start, line.size - start};
  WS_TRY(ws_buffer_printf(&chat->detail, "    %s", which));
  WS_TRY(ws_buffer_string(&chat->detail, part.size ? "" : "(empty)"));
  WS_TRY(ws__chat_detail_text(chat, part, SHOWN));
  if (more)
    WS_TRY(ws_buffer_printf(&chat->detail, " (and %zu line%s more)", more,
                            more == 1 ? "" : "s"));
  return ws_buffer_string(&chat->detail, "\n");
}

/* The first lines in which they differ. */
static ws_status put_lines(ws_chat *chat, ws_text asked, ws_text recorded) {
  size_t more, less;
  ws_text a = find_alone(asked, recorded, &more), b = find_alone(recorded, asked, &less);
  size_t at = common_front(a, b);
  if (more == 0 && less == 0)
    return ws_buffer_string(&chat->detail, "    the same lines in another order\n");
  if (more) WS_TRY(put_line(chat, "asked:    ", a, at, more - 1));
  if (less) WS_TRY(put_line(chat, "recorded: ", b, at, less - 1));
  return WS_OK;
}

/* Texts without sections: where they part. */
static ws_status put_plain(ws_chat *chat, ws_text key, ws_text asked, ws_text recorded) {
  ws_text a = {"", 0}, b = {"", 0};
  size_t line = 0;
  bool more, less;
  do {
    more = next_line(&asked, &a), less = next_line(&recorded, &b);
    if (!more) a = (ws_text){"", 0};
    if (!less) b = (ws_text){"", 0};
    line++;
  } while ((more || less) && ws_text_equal(a, b));
  WS_TRY(ws_buffer_printf(&chat->detail, "  %.*s, line %zu:\n", WS_TEXT_ARG(key), line));
  WS_TRY(put_line(chat, "asked:    ", a, common_front(a, b), 0));
  return put_line(chat, "recorded: ", b, common_front(a, b), 0);
}

/* --- sections --- */

typedef struct section {
  ws_text title, body; // no title: what stands in front of the first one
} section;

static bool begins(ws_text line, const char *front) {
  size_t size = strlen(front);
  return line.size >= size && memcmp(line.data, front, size) == 0;
}

/* In a block of code "#" begins a comment. */
static size_t part(ws_text text, section out[SECTIONS]) {
  size_t count = 1;
  bool code = false;
  ws_text line;
  out[0] = (section){{"", 0}, {text.data, 0}};
  while (next_line(&text, &line)) {
    if (begins(line, "```")) code = !code;
    if (!code && begins(line, "# ") && count < SECTIONS)
      out[count++] = (section){{line.data + 2, line.size - 2}, {text.data, 0}};
    else
      out[count - 1].body.size = (size_t)(text.data - out[count - 1].body.data);
  }
  return count;
}

static const section *find(const section *all, size_t count, ws_text title) {
  for (size_t i = 0; i < count; i++)
    if (ws_text_equal(all[i].title, title)) return &all[i];
  return NULL;
}

static ws_status put_head(ws_chat *chat, ws_text key, ws_text title, const char *where) {
  WS_TRY(ws_buffer_printf(&chat->detail, "  %.*s, %s", WS_TEXT_ARG(key),
                          title.size ? "'" : "in front of all sections"));
  WS_TRY(ws__chat_detail_text(chat, title, SHOWN));
  return ws_buffer_printf(&chat->detail, "%s%s:\n", title.size ? "'" : "", where);
}

/* Sections of `mine` that differ from `theirs`, or are not there; the latter alone where
 * `missing` says so. */
static ws_status put_sections(ws_chat *chat, ws_text key, const section *mine,
                              size_t count, const section *theirs, size_t others,
                              bool missing) {
  const ws_text none = {"", 0};
  for (size_t i = 0; i < count; i++) {
    const section *other = find(theirs, others, mine[i].title);
    if (other && (missing || ws_text_equal(mine[i].body, other->body))) continue;
    WS_TRY(put_head(chat, key, mine[i].title,
                    other     ? ""
                    : missing ? ", which was recorded and is not asked now"
                              : ", which was not there when it was recorded"));
    WS_TRY(put_lines(chat, missing ? none : mine[i].body,
                     missing ? mine[i].body
                     : other ? other->body
                             : none));
  }
  return WS_OK;
}

static ws_status put_both(ws_chat *chat, ws_text key, ws_text asked, ws_text recorded) {
  section a[SECTIONS], b[SECTIONS];
  size_t now = part(asked, a), then = part(recorded, b);
  if (now == 1 && then == 1) return put_plain(chat, key, asked, recorded);
  size_t before = chat->detail.size;
  WS_TRY(put_sections(chat, key, a, now, b, then, false));
  WS_TRY(put_sections(chat, key, b, then, a, now, true));
  if (chat->detail.size > before) return WS_OK;
  return ws_buffer_printf(&chat->detail,
                          "  %.*s: the same sections, in another order or number\n",
                          WS_TEXT_ARG(key));
}

ws_status ws__chat_put_texts(ws_chat *chat, ws_text key, ws_text asked,
                             ws_text recorded) {
  ws_buffer a = {0}, b = {0};
  ws_status status = ws__chat_unmarked(asked, &a);
  if (status == WS_OK) status = ws__chat_unmarked(recorded, &b);
  ws_text now = ws_buffer_as_text(&a), then = ws_buffer_as_text(&b);
  if (status == WS_OK && !ws_text_equal(now, then))
    status = put_both(chat, key, now, then);
  ws_buffer_clear(&a);
  ws_buffer_clear(&b);
  return status;
}
