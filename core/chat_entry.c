/* SPDX-License-Identifier: MIT
 *
 * A recorded reply is a file KEY.json: what was asked, word for word, and what came back.
 * It can be read, kept in a repository, and written by hand. It is believed where it
 * holds the request that is asked for; there is no date in it and no address, so that the
 * same work records the same bytes.
 */
#include "chat_priv.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/hash.h>
#include <weaksup/output.h>

enum { VERSION = 1, MAX_ENTRY = 64 << 20 };
static const int64_t MAX_TOKENS = 1000000000; // of one reply, as recorded

/* --- reading --- */

ws_status ws__chat_entry_path(const char *folder, const char *key, ws_buffer *out) {
  return ws_buffer_printf(out, "%s/%s.json", folder, key);
}

static ws_status bad(ws_chat *chat, ws_error *err, const char *what) {
  return ws__chat_fail(chat, WS_CHAT_BAD_ENTRY, WS_EIO, err, "%s", what);
}

static bool read_finish(ws_value value, ws_chat_finish *out) {
  if (!ws_value_is(value, WS_STRING)) return false;
  for (ws_chat_finish f = WS_CHAT_STOP; f <= WS_CHAT_OTHER; f++)
    if (ws_text_equals(ws_value_text(value), ws_chat_finish_text(f))) {
      *out = f;
      return true;
    }
  return false;
}

static bool read_tokens(ws_value value, uint64_t *out) {
  if (!ws_value_is(value, WS_INT)) return false;
  int64_t tokens = ws_value_int(value);
  if (tokens < 0 || tokens > MAX_TOKENS) return false;
  *out = (uint64_t)tokens;
  return true;
}

static bool read_usage(ws_value value, ws_chat_usage *out) {
  if (!ws_value_is(value, WS_OBJECT)) return false;
  ws_value estimated = ws_value_get(value, ws_text_of("estimated"));
  if (!ws_value_is(estimated, WS_BOOL)) return false;
  out->estimated = ws_value_bool(estimated);
  return read_tokens(ws_value_get(value, ws_text_of("input")), &out->input) &&
         read_tokens(ws_value_get(value, ws_text_of("output")), &out->output);
}

static ws_status check_request(ws_chat *chat, ws_value entry, ws_text canonical,
                               ws_error *err) {
  ws_buffer found = {0};
  ws_json_writer json = {.out = &found};
  ws_value request = ws_value_get(entry, ws_text_of("request"));
  ws_status status = WS_OK;
  if (!ws_value_is(request, WS_OBJECT))
    return bad(chat, err, "expected an object \"request\"");
  ws_json_value(&json, request);
  if (json.status != WS_OK)
    status = json.status;
  else if (!ws_text_equal(ws_buffer_as_text(&found), canonical))
    status = bad(chat, err,
                 "its \"request\" is not the one that the file's name stands for: it "
                 "was edited; remove the file");
  ws_buffer_clear(&found);
  return status;
}

static ws_status read_reply(ws_chat *chat, ws_value entry, ws_chat_reply *reply,
                            ws_error *err) {
  ws_value given = ws_value_get(entry, ws_text_of("reply"));
  if (!ws_value_is(given, WS_OBJECT))
    return bad(chat, err, "expected an object \"reply\"");
  ws_value text = ws_value_get(given, ws_text_of("text"));
  ws_value model = ws_value_get(given, ws_text_of("model"));
  if (!ws_value_is(text, WS_STRING) || ws_value_text(text).size > WS_CHAT_MAX_REPLY ||
      !ws_value_is(model, WS_STRING))
    return bad(chat, err,
               "expected texts \"text\", of at most 1 MiB, and \"model\" in "
               "\"reply\"");
  if (!read_finish(ws_value_get(given, ws_text_of("finish")), &reply->finish))
    return bad(chat, err,
               "expected \"finish\" to be stop, length, content_filter or other");
  if (!read_usage(ws_value_get(entry, ws_text_of("usage")), &reply->usage))
    return bad(chat, err,
               "expected numbers \"input\" and \"output\", and a boolean "
               "\"estimated\", in \"usage\"");
  WS_TRY(ws_buffer_text(&reply->text, ws_value_text(text)));
  return ws_buffer_text(&reply->model, ws_value_text(model));
}

static ws_status read_entry(ws_chat *chat, const char *path, ws_text canonical,
                            ws_buffer *bytes, ws_buffer *flat, ws_chat_reply *reply,
                            ws_error *err) {
  ws_status status = ws_input_file(path, MAX_ENTRY, bytes, err);
  if (status == WS_EIO) chat->failure = WS_CHAT_BAD_ENTRY;
  if (status != WS_OK) return status; // it names the path
  status = ws_json_parse(chat->parser, ws_buffer_as_text(bytes), flat, err);
  ws_value entry = {(const unsigned char *)flat->data};
  if (status == WS_EPARSE) {
    chat->failure = WS_CHAT_BAD_ENTRY;
    if (err) err->status = status = WS_EIO;
  }
  if (status == WS_OK &&
      (!ws_value_is(entry, WS_OBJECT) ||
       !ws_value_is(ws_value_get(entry, ws_text_of("weaksup_chat")), WS_INT) ||
       ws_value_int(ws_value_get(entry, ws_text_of("weaksup_chat"))) != VERSION))
    status = bad(chat, err, "expected a recorded reply, \"weaksup_chat\": 1");
  if (status == WS_OK) status = check_request(chat, entry, canonical, err);
  if (status == WS_OK) status = read_reply(chat, entry, reply, err);
  if (status == WS_EIO) ws_error_prefix(err, "%s: ", path);
  return status == WS_EPARSE ? WS_EIO : status;
}

ws_status ws__chat_entry_load(ws_chat *chat, const char *folder, ws_text canonical,
                              ws_chat_reply *reply, bool *found, ws_error *err) {
  ws_buffer path = {0}, bytes = {0}, flat = {0};
  struct stat about;
  ws_status status = ws__chat_entry_path(folder, reply->key, &path);
  *found = false;
  bool there = status == WS_OK && stat(path.data, &about) == 0;
  if (there && !S_ISREG(about.st_mode)) { // a pipe would be waited for
    chat->failure = WS_CHAT_BAD_ENTRY;
    status =
        ws_error_set(err, WS_EIO, "%s: expected a file, found something else", path.data);
  } else if (there || (status == WS_OK && errno != ENOENT)) {
    status = read_entry(chat, path.data, canonical, &bytes, &flat, reply, err);
    *found = status == WS_OK;
  }
  ws_buffer_clear(&flat);
  ws_buffer_clear(&bytes);
  ws_buffer_clear(&path);
  return status;
}

/* --- writing --- */

static void put_usage(ws_json_writer *json, ws_chat_usage usage) {
  ws_json_key(json, "usage");
  ws_json_open(json, '{');
  ws_json_key(json, "input");
  ws_json_uint(json, usage.input);
  ws_json_key(json, "output");
  ws_json_uint(json, usage.output);
  ws_json_key(json, "estimated");
  ws_json_bool(json, usage.estimated);
  ws_json_close(json, '}');
}

static void put_entry(ws_json_writer *json, ws_value request,
                      const ws_chat_reply *reply) {
  ws_json_open(json, '{');
  ws_json_key(json, "weaksup_chat");
  ws_json_int(json, VERSION);
  ws_json_key(json, "request");
  ws_json_value(json, request);
  ws_json_key(json, "reply");
  ws_json_open(json, '{');
  ws_json_key(json, "text");
  ws_json_text(json, ws_buffer_as_text(&reply->text));
  ws_json_key(json, "finish");
  ws_json_string(json, ws_chat_finish_text(reply->finish));
  ws_json_key(json, "model");
  ws_json_text(json, ws_buffer_as_text(&reply->model));
  ws_json_close(json, '}');
  put_usage(json, reply->usage);
  ws_json_close(json, '}');
}

static ws_status encode(ws_chat *chat, ws_text canonical, const ws_chat_reply *reply,
                        ws_buffer *scratch, ws_buffer *flat, ws_buffer *out,
                        ws_error *err) {
  ws_json_writer json = {.out = out, .indent = 1};
  if (ws_buffer_text(scratch, canonical) != WS_OK ||
      ws_buffer_reserve(scratch, WS_JSON_PADDING) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(ws_json_parse(chat->parser, ws_buffer_as_text(scratch), flat, err));
  put_entry(&json, (ws_value){(const unsigned char *)flat->data}, reply);
  if (json.status != WS_OK || ws_buffer_string(out, "\n") != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

ws_status ws__chat_entry_save(ws_chat *chat, const char *folder, ws_text canonical,
                              const ws_chat_reply *reply, ws_error *err) {
  ws_buffer scratch = {0}, flat = {0}, bytes = {0}, path = {0};
  ws_status status = encode(chat, canonical, reply, &scratch, &flat, &bytes, err);
  if (status == WS_OK) status = ws__chat_entry_path(folder, reply->key, &path);
  if (status == WS_OK) status = ws_output_file(path.data, ws_buffer_as_text(&bytes), err);
  ws_buffer_clear(&path);
  ws_buffer_clear(&bytes);
  ws_buffer_clear(&flat);
  ws_buffer_clear(&scratch);
  return status;
}
