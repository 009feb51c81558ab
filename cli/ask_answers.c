/* SPDX-License-Identifier: MIT
 *
 * Asking about one record after the other, and the votes that the answers make.
 *
 * What a server refuses or answers badly may be due to the record: it stays without a
 * vote, and the next one is asked about. Several in a row are not due to the records.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>
#include <weaksup/votes_file.h>

#include "ask.h"
#include "members.h"
#include "say.h"

enum { MAX_FAILURES = 5, MAX_UNREADABLE = 20 }; // in a row

static bool is_of_the_record(ws_chat_failure failure) {
  return failure == WS_CHAT_REFUSED || failure == WS_CHAT_MALFORMED ||
         failure == WS_CHAT_TOO_LARGE;
}

/* A model that has not understood what is asked would be paid for all of the records. */
static ws_status check_readable(const ws_chat_answer *answer, size_t *in_a_row,
                                ws_error *err) {
  *in_a_row = answer->unreadable == answer->samples ? *in_a_row + 1 : 0;
  if (*in_a_row < MAX_UNREADABLE) return WS_OK;
  return ws_error_set(
      err, WS_EPARSE,
      "expected a label in the replies, found none in those to %d records "
      "in a row: --record keeps replies, to be looked at",
      MAX_UNREADABLE);
}

/* What becomes of one request; the rest is of the server, a folder or the budget. */
static bool names_record(ws_chat_failure failure) {
  return is_of_the_record(failure) || failure == WS_CHAT_COMMAND ||
         failure == WS_CHAT_TIMEOUT;
}

static ws_status ask_item_once(ask *a, ask_item *item, size_t *in_a_row,
                               size_t *unreadable, ws_error *err) {
  ws_status status =
      ws_chat_labeler_ask(a->labeler, a->chat, item->text, &item->answer, err);
  if (status == WS_OK) {
    item->asked = true;
    *in_a_row = 0;
    return check_readable(&item->answer, unreadable, err);
  }
  ws_chat_failure failure = ws_chat_last_failure(a->chat);
  a->out_of_budget = failure == WS_CHAT_BUDGET;
  if (!is_of_the_record(failure) || ++*in_a_row == MAX_FAILURES) {
    if (names_record(failure))
      ws_error_prefix(err, "record '%.*s': ", WS_TEXT_ARG(item->id));
    return status;
  }
  bar_clear(&a->bar);
  say_warning("record '%.*s' stays without an answer: %s", WS_TEXT_ARG(item->id),
              err->message);
  a->failed++;
  return WS_OK;
}

/* The first one of the data, to be shown as an example. */
static ws_status keep_unread(ask *a, const ask_item *item, ws_error *err) {
  enum { SHOWN = 60 };
  if (!item->asked || !item->answer.unreadable || a->unread_id.size) return WS_OK;
  ws_text reply = ws_chat_labeler_unread(a->labeler);
  while (reply.size && strchr(" \r\n\t", reply.data[reply.size - 1])) reply.size--;
  size_t size = reply.size < SHOWN ? reply.size : SHOWN;
  while (size && size < reply.size && (reply.data[size] & 0xC0) == 0x80) size--;
  if (ws_buffer_text(&a->unread_id, item->id) != WS_OK ||
      ws_buffer_text(&a->unread, (ws_text){reply.data, size}) != WS_OK ||
      (size < reply.size && ws_buffer_string(&a->unread, "...") != WS_OK))
    return ws_error_nomem(err);
  return WS_OK;
}

/* With --jobs: about those behind the one at hand, as far as there is room. Returns the
 * first one that is still to be asked about. */
static size_t ask_ahead(ask *a, const ask_part *part, size_t at, size_t next) {
  if (next < at) next = at;
  while (next < part->chosen_count &&
         ws_chat_labeler_begin(a->labeler, a->chat, part->items[part->chosen[next]].text))
    next++;
  return next;
}

static ws_status ask_part_all(ask *a, ask_part *part, ws_error *err) {
  size_t in_a_row = 0, unreadable = 0, next = 0;
  for (size_t i = 0; i < part->chosen_count; i++) {
    ask_item *item = &part->items[part->chosen[i]];
    if (a->settings.chat.jobs > 1 && !a->o->replay) next = ask_ahead(a, part, i, next);
    WS_TRY(ask_item_once(a, item, &in_a_row, &unreadable, err));
    if (part == &a->data) WS_TRY(keep_unread(a, item, err));
  }
  return WS_OK;
}

static void score(ask *a) {
  for (size_t i = 0; i < a->dev.count; i++)
    if (a->dev.items[i].asked)
      ws_chat_tally_add(&a->tally, &a->dev.items[i].answer, a->dev.items[i].gold);
}

ws_status ask_all(ask *a, ws_error *err) {
  ws_status status = ask_part_all(a, &a->dev, err);
  score(a);
  if (status == WS_OK) status = ask_part_all(a, &a->data, err);
  // What is answered is paid for: it is written, and the rest stays without votes.
  return status != WS_OK && a->out_of_budget && ws_chat_account_of(a->chat).replies
             ? WS_OK
             : status;
}

/* --- votes --- */

/* Whether the answer is a vote, and of which of the labeling functions. */
static bool vote_of(const ask *a, const ask_item *item, ws_vote *out) {
  const ws_chat_answer *answer = &item->answer;
  if (!item->asked || answer->label == WS_ABSTAIN || answer->agreed < a->least)
    return false;
  *out = (ws_vote){a->o->by_agreement ? answer->agreed - a->least : 0, answer->label};
  return true;
}

static ws_status add_lfs(const ask *a, ws_votes_builder *builder, ws_error *err) {
  uint32_t lf;
  ws_text name = ws_buffer_as_text(&a->name);
  if (!a->o->by_agreement) return ws_votes_builder_lf(builder, name, &lf, err);
  for (unsigned agreed = a->least; agreed <= a->how.samples; agreed++) {
    ws_buffer one = {0};
    ws_status status =
        ws_buffer_printf(&one, "%s_%uof%u", a->name.data, agreed, a->how.samples);
    if (status == WS_OK)
      status = ws_votes_builder_lf(builder, ws_buffer_as_text(&one), &lf, err);
    ws_buffer_clear(&one);
    if (status != WS_OK) return status;
  }
  return WS_OK;
}

static ws_status build(const ask *a, const ask_part *part, ws_votes_builder *builder,
                       ws_votes **out, ws_error *err) {
  WS_TRY(add_lfs(a, builder, err));
  for (size_t i = 0; i < part->count; i++) {
    const ask_item *item = &part->items[i];
    ws_vote vote;
    size_t count = vote_of(a, item, &vote);
    if (ws_votes_builder_add_at(builder, item->row, item->id, item->gold, &vote, count) !=
        WS_OK)
      return ws_error_nomem(err);
  }
  return ws_votes_builder_finish(builder, out) == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* {"id", "votes": {LF: CLASS}} a line. */
static ws_status put_lines(const ws_votes *votes, ws_buffer *out) {
  size_t K = ws_votes_classes(votes);
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    char digits[24];
    ws_json_writer json = {.out = out};
    ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
    ws_json_open(&json, '{');
    json_put_text(&json, "id", ws_votes_row_id(votes, i, digits));
    ws_json_key(&json, "votes");
    ws_json_open(&json, '{');
    for (size_t c = 0; c < pattern.size; c++) {
      ws_json_key_text(&json, ws_votes_lf(votes, pattern.columns[c] / K));
      ws_json_text(&json, ws_votes_class(votes, pattern.columns[c] % K));
    }
    ws_json_close(&json, '}');
    ws_json_close(&json, '}');
    WS_TRY(json.status);
    WS_TRY(ws_buffer_string(out, "\n"));
  }
  return WS_OK;
}

ws_status ask_write(const ask *a, const ask_part *part, const char *path, ws_error *err) {
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  ws_buffer bytes = {0};
  bool lines = ends_with(path, ".jsonl") || (path[0] == '-' && !path[1]);
  ws_status status = ws_votes_builder_new(a->task, &builder);
  status = status == WS_OK ? build(a, part, builder, &votes, err) : ws_error_nomem(err);
  if (status == WS_OK &&
      (lines ? put_lines(votes, &bytes) : ws_votes_encode(votes, &bytes)) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK) status = ws_output_file(path, ws_buffer_as_text(&bytes), err);
  ws_buffer_clear(&bytes);
  ws_votes_free(votes);
  ws_votes_builder_free(builder);
  return status;
}
