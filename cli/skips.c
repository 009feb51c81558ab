/* SPDX-License-Identifier: MIT
 *
 * {"id": row, "error": message} for each record that is skipped (skips.h).
 */
#include "skips.h"
#include "members.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

void skips_clear(skips *s) {
  ws_buffer_clear(&s->lines);
  ws_free(s->items);
  *s = (skips){0};
}

static ws_status put_line(skips *s, uint64_t row, const char *message) {
  char digits[24];
  ws_json_writer json = {.out = &s->lines};
  if (!ws_grow(&s->items, &s->capacity, s->count + 1, sizeof *s->items)) return WS_ENOMEM;
  snprintf(digits, sizeof digits, "%" PRIu64, row);
  ws_json_open(&json, '{');
  json_put_string(&json, "id", digits);
  json_put_string(&json, "error", message);
  ws_json_close(&json, '}');
  WS_TRY(json.status);
  WS_TRY(ws_buffer_string(&s->lines, "\n"));
  s->items[s->count++] = (skip_line){row, s->lines.size};
  return WS_OK;
}

/* Moves those that wait to the front, where no more of them wait than were written. */
static void forget_written(skips *s) {
  size_t left = s->count - s->next;
  if (s->next == 0 || left > s->next) return;
  size_t gone = s->items[s->next - 1].end;
  memmove(s->lines.data, s->lines.data + gone, s->lines.size - gone);
  s->lines.size -= gone;
  for (size_t i = 0; i < left; i++) {
    s->items[i] = s->items[s->next + i];
    s->items[i].end -= gone;
  }
  s->count = left;
  s->next = 0;
}

static ws_status write_due(skips *s, ws_error *err) {
  for (; s->next < s->count && s->items[s->next].row == s->answered; s->next++) {
    size_t begin = s->next ? s->items[s->next - 1].end : 0;
    ws_text line = {s->lines.data + begin, s->items[s->next].end - begin};
    WS_TRY(ws_output_write(s->output, line, err));
    s->answered += s->step;
  }
  forget_written(s);
  return WS_OK;
}

void skips_take(void *user, const ws_error *why) {
  skips *s = user;
  if (s->tell) s->tell(s->tell_user, why);
  if (!s->output || s->err.status != WS_OK) return;
  uint64_t row = ws_reader_seen(s->reader) - 1;
  ws_status status = put_line(s, row, why->message);
  // At once where it can be, so that a long run of bad records takes no memory.
  status = status == WS_OK ? write_due(s, &s->err) : ws_error_nomem(&s->err);
  s->err.status = status;
}

ws_status skips_write(skips *s, ws_error *err) {
  if (!s->output) return WS_OK;
  if (s->err.status == WS_OK) return write_due(s, err);
  if (err) *err = s->err;
  return s->err.status;
}
