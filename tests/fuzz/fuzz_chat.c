/* SPDX-License-Identifier: MIT
 *
 * What a server of language models answers: a reply that is taken is UTF-8, its usage a
 * count, and its label one of the task's; an error is said without control characters.
 */
#include <string.h>

#include <weaksup/chat_label.h>

#include "chat_priv.h"
#include "fuzz.h"

static void check_label(ws_text reply) {
  ws_task *task = NULL;
  ws_chat_labeler *labeler = NULL;
  ws_chat_label_options options = ws_chat_label_options_default();
  int32_t label = 7;
  FUZZ_CHECK(ws_task_from_names("HAM,SPAM", &task, NULL) == WS_OK);
  FUZZ_CHECK(ws_chat_labeler_new(task, &options, &labeler, NULL) == WS_OK);
  if (ws_chat_labeler_read(labeler, reply, &label)) {
    FUZZ_CHECK(label >= WS_ABSTAIN && label < 2);
    FUZZ_CHECK(reply.size >= 3);
  } else {
    FUZZ_CHECK(label == 7);
  }
  ws_chat_labeler_free(labeler);
  ws_task_free(task);
}

static void check_error(ws_json_parser *parser, ws_text body) {
  ws_buffer said = {0};
  (void)!ws__chat_error_text(parser, body, &said);
  for (size_t i = 0; i < said.size; i++) FUZZ_CHECK((unsigned char)said.data[i] >= 0x20);
  ws_buffer_clear(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *padded = malloc(size + WS_JSON_PADDING);
  ws_json_parser *parser = NULL;
  ws_chat_reply reply = {0};
  memcpy(padded, data, size);
  memset(padded + size, '"', WS_JSON_PADDING);
  ws_text body = {padded, size};
  FUZZ_CHECK(ws_json_parser_new(&parser) == WS_OK);
  ws_buffer said = {0};
  if (ws__chat_read_body(parser, body, &reply, &said, NULL) == WS_OK) {
    FUZZ_CHECK(ws_utf8_valid(ws_buffer_as_text(&reply.text)));
    FUZZ_CHECK(reply.usage.input <= 1000000000 && reply.usage.output <= 1000000000);
    FUZZ_CHECK(reply.finish <= WS_CHAT_OTHER);
    check_label(ws_buffer_as_text(&reply.text));
  }
  for (size_t i = 0; i < said.size; i++) FUZZ_CHECK((unsigned char)said.data[i] >= 0x20);
  ws_buffer_clear(&said);
  check_label(body);
  check_error(parser, body);
  ws_chat_reply_clear(&reply);
  ws_json_parser_free(parser);
  free(padded);
  return 0;
}
