/* SPDX-License-Identifier: MIT
 *
 * What servers answer: a chat completion in one of the forms that OpenAI's has in the
 * wild, or why there is none, which many say with status 200.
 */
#include "chat_priv.h"

#include <string.h>

static const int64_t MAX_TOKENS = 1000000000; // more than that is no count of tokens

/* --- values --- */

/* Steps into objects only; no value for anything else. */
static ws_value member(ws_value object, const char *name) {
  if (!ws_value_is(object, WS_OBJECT)) return (ws_value){NULL};
  return ws_value_get(object, ws_text_of(name));
}

static ws_value first_item(ws_value array) {
  ws_value item = {NULL};
  if (!ws_value_is(array, WS_ARRAY)) return item;
  ws_value_iter each = ws_value_each(array);
  ws_text key;
  if (!ws_value_next(&each, &key, &item)) item.at = NULL;
  return item;
}

/* Of no text, where it is none. */
static ws_text text_of(ws_value value) {
  return ws_value_is(value, WS_STRING) ? ws_value_text(value) : (ws_text){"", 0};
}

/* The message of an error in one of its forms; nothing where there is none. */
static ws_text error_of(ws_value answer) {
  ws_value error = member(answer, "error");
  if (ws_value_is(error, WS_OBJECT)) error = member(error, "message");
  return text_of(error);
}

/* Whole: a key of which a cut leaves a part would not be found. */
static ws_status put_clean(ws_text text, ws_buffer *out) {
  size_t start = out->size;
  WS_TRY(ws_buffer_text(out, text));
  ws_text_clean(out->data + start, out->size - start);
  return WS_OK;
}

/* --- parts of an answer --- */

static void read_usage(ws_value usage, ws_chat_usage *out) {
  ws_value input = member(usage, "prompt_tokens");
  ws_value output = member(usage, "completion_tokens");
  *out = (ws_chat_usage){0, 0, true};
  if (!ws_value_is(input, WS_INT) || !ws_value_is(output, WS_INT)) return;
  int64_t in = ws_value_int(input), given = ws_value_int(output);
  if (in < 0 || in > MAX_TOKENS || given < 0 || given > MAX_TOKENS) return;
  *out = (ws_chat_usage){(uint64_t)in, (uint64_t)given, false};
}

static ws_chat_finish read_finish(ws_value reason) {
  static const struct {
    const char *text;
    ws_chat_finish finish;
  } known[] = {{"stop", WS_CHAT_STOP},
               {"length", WS_CHAT_LENGTH},
               {"max_tokens", WS_CHAT_LENGTH},
               {"content_filter", WS_CHAT_FILTERED}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (ws_text_equals(text_of(reason), known[i].text)) return known[i].finish;
  return WS_CHAT_OTHER;
}

/* The texts of a list of parts, one behind the other: what a model thought, and pictures,
 * are parts of other types. *any: whether there was one. */
static ws_status put_parts(ws_value parts, ws_buffer *out, ws_text *refusal, bool *any) {
  ws_value_iter each = ws_value_each(parts);
  ws_text key;
  ws_value part;
  while (ws_value_next(&each, &key, &part)) {
    ws_text type = text_of(member(part, "type"));
    if (ws_text_equals(type, "refusal")) *refusal = text_of(member(part, "refusal"));
    if (!ws_text_equals(type, "text") && !ws_text_equals(type, "output_text")) continue;
    *any = true;
    WS_TRY(ws_buffer_text(out, text_of(member(part, "text"))));
  }
  return WS_OK;
}

static ws_status put_content(ws_value content, ws_buffer *out, ws_text *refusal,
                             bool *any) {
  if (ws_value_is(content, WS_ARRAY)) return put_parts(content, out, refusal, any);
  *any = ws_value_is(content, WS_STRING);
  return ws_buffer_text(out, text_of(content));
}

/* --- all of it --- */

/* `why` and the server's own words. */
static ws_status refuse(const char *why, ws_text words, ws_buffer *said, ws_error *err) {
  said->size = 0;
  if (ws_buffer_string(said, why) != WS_OK || put_clean(words, said) != WS_OK)
    return ws_error_nomem(err);
  return WS_EIO;
}

/* A model that thought until it was cut has said nothing, which is a reply. */
static ws_status judge_content(const ws_chat_reply *reply, bool any, ws_text refusal,
                               ws_value content, ws_buffer *said, ws_error *err) {
  if (reply->text.size) return WS_OK;
  if (refusal.size) return refuse("the model refuses: ", refusal, said, err);
  if (reply->finish == WS_CHAT_FILTERED)
    return refuse("the server's filter kept the reply back (content_filter)",
                  (ws_text){"", 0}, said, err);
  if (any || reply->finish == WS_CHAT_LENGTH) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "expected a text choices[0].message.content, found %s%s",
                      ws_value_type_text(content),
                      ws_value_is(content, WS_ARRAY) ? " without a text" : "");
}

static ws_status read_answer(ws_value answer, ws_chat_reply *reply, ws_buffer *said,
                             ws_error *err) {
  ws_value choice = first_item(member(answer, "choices"));
  ws_value message = member(choice, "message"), content = member(message, "content");
  ws_text refusal = text_of(member(message, "refusal")), error = error_of(answer);
  bool any = false;
  if (error.size == 0) error = error_of(choice);
  if (error.size) return refuse("the server says: ", error, said, err);
  reply->finish = read_finish(member(choice, "finish_reason"));
  read_usage(member(answer, "usage"), &reply->usage);
  if (put_content(content, &reply->text, &refusal, &any) != WS_OK ||
      ws_buffer_text(&reply->model, text_of(member(answer, "model"))) != WS_OK)
    return ws_error_nomem(err);
  return judge_content(reply, any, refusal, content, said, err);
}

ws_status ws__chat_read_body(ws_json_parser *parser, ws_text body, ws_chat_reply *reply,
                             ws_buffer *said, ws_error *err) {
  ws_buffer flat = {0};
  if (body.size >= 3 && memcmp(body.data, "\xEF\xBB\xBF", 3) == 0)
    body.data += 3, body.size -= 3;
  ws_status status = ws_json_parse(parser, body, &flat, err);
  if (status == WS_OK)
    status = read_answer((ws_value){(const unsigned char *)flat.data}, reply, said, err);
  ws_buffer_clear(&flat);
  return status;
}

ws_status ws__chat_error_text(ws_json_parser *parser, ws_text body, ws_buffer *out) {
  ws_buffer flat = {0};
  ws_text text = body;
  ws_status status = ws_json_parse(parser, body, &flat, NULL);
  if (status == WS_OK) {
    ws_text error = error_of((ws_value){(const unsigned char *)flat.data});
    if (error.size) text = error;
  }
  if (status != WS_ENOMEM) status = put_clean(text, out);
  ws_buffer_clear(&flat);
  return status;
}
