/* SPDX-License-Identifier: MIT
 *
 * The JSON schema of replies, for servers that hold a model to one. Only what all of them
 * know: objects whose members are all required, enums, anyOf.
 */
#include "reply_priv.h"

static void put_type(ws_json_writer *json, const char *key, const char *type) {
  ws_json_key(json, key);
  ws_json_open(json, '{');
  ws_json_key(json, "type");
  ws_json_string(json, type);
  ws_json_close(json, '}');
}

static void put_enum(ws_json_writer *json, const char *key, const ws_text *values,
                     size_t count) {
  ws_json_key(json, key);
  ws_json_open(json, '{');
  ws_json_key(json, "type");
  ws_json_string(json, "string");
  ws_json_key(json, "enum");
  ws_json_open(json, '[');
  for (size_t i = 0; i < count; i++) ws_json_text(json, values[i]);
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

static void put_list(ws_json_writer *json, const char *key) {
  ws_json_key(json, key);
  ws_json_open(json, '{');
  ws_json_key(json, "type");
  ws_json_string(json, "array");
  put_type(json, "items", "string");
  ws_json_close(json, '}');
}

static void begin_object(ws_json_writer *json) {
  ws_json_open(json, '{');
  ws_json_key(json, "type");
  ws_json_string(json, "object");
  ws_json_key(json, "properties");
  ws_json_open(json, '{');
}

/* Members in this order: the reason first, so that a model that writes it thinks first.
 */
static void end_object(ws_json_writer *json, const char *const *members) {
  ws_json_close(json, '}');
  ws_json_key(json, "required");
  ws_json_open(json, '[');
  for (; *members; members++) ws_json_string(json, *members);
  ws_json_close(json, ']');
  ws_json_key(json, "additionalProperties");
  ws_json_bool(json, false);
  ws_json_close(json, '}');
}

static void put_item(ws_json_writer *json, const ws_task *task, const char *kind,
                     const char *content) {
  const char *members[] = {"rationale", "name", "kind", "label", content, NULL, NULL};
  ws_text kinds[] = {ws_text_of(kind)}, flags[] = {ws_text_of(""), ws_text_of("i")};
  bool pattern = kind[0] == 'r';
  begin_object(json);
  put_type(json, "rationale", "string");
  put_type(json, "name", "string");
  put_enum(json, "kind", kinds, 1);
  put_enum(json, "label", ws_task_names(task), ws_task_classes(task));
  if (kind[0] == 'k')
    put_list(json, content);
  else
    put_type(json, content, "string");
  if (pattern) {
    put_enum(json, "flags", flags, 2);
    members[5] = "flags";
  }
  end_object(json, members);
}

ws_status ws_reply_schema(const ws_task *task, ws_prompt_kind kind, size_t n,
                          ws_buffer *out) {
  static const char *const lfs[] = {"lfs", NULL};
  size_t start = out->size;
  ws_json_writer json = {.out = out};
  begin_object(&json);
  ws_json_key(&json, "lfs");
  ws_json_open(&json, '{');
  ws_json_key(&json, "type");
  ws_json_string(&json, "array");
  ws_json_key(&json, "minItems");
  ws_json_uint(&json, 1);
  ws_json_key(&json, "maxItems");
  ws_json_uint(&json, n && n < WS_REPLY_LFS_MAX ? n : WS_REPLY_LFS_MAX);
  ws_json_key(&json, "items");
  ws_json_open(&json, '{');
  ws_json_key(&json, "anyOf");
  ws_json_open(&json, '[');
  if (kind != WS_PROMPT_RULES) put_item(&json, task, "lua", "code");
  if (kind != WS_PROMPT_LUA) put_item(&json, task, "rule", "pattern");
  put_item(&json, task, "keywords", "keywords");
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  ws_json_close(&json, '}');
  end_object(&json, lfs);
  if (json.status != WS_OK) out->size = start;
  return json.status;
}
