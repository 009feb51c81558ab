/* SPDX-License-Identifier: MIT
 *
 * What a request that was not recorded differs in from the one in the folder that is most
 * like it: most often a template was edited, a record came or went, or a parameter
 * changed, and one line tells.
 */
#include "chat_priv.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>
#include <weaksup/output.h>

enum {
  MAX_ENTRIES = 10000, // looked at
  MAX_ENTRY = 64 << 20,
  KEY_DIGITS = 32,
};

/* --- the entries --- */

typedef struct names {
  char (*keys)[33]; // [count], ascending
  size_t count, capacity;
} names;

static int compare_keys(const void *a, const void *b) {
  return strcmp(a, b);
}

static bool is_entry(const char *name) {
  return strspn(name, "0123456789abcdef") == KEY_DIGITS &&
         strcmp(name + KEY_DIGITS, ".json") == 0;
}

static ws_status list(const char *path, names *out) {
  DIR *folder = opendir(path);
  if (!folder) return WS_OK; // there is nothing to compare with
  ws_status status = WS_OK;
  for (struct dirent *entry; status == WS_OK && (entry = readdir(folder));) {
    if (!is_entry(entry->d_name)) continue;
    if (!ws_grow(&out->keys, &out->capacity, out->count + 1, sizeof *out->keys)) {
      status = WS_ENOMEM;
      continue;
    }
    memcpy(out->keys[out->count], entry->d_name, KEY_DIGITS);
    out->keys[out->count++][KEY_DIGITS] = '\0';
  }
  closedir(folder);
  if (out->count) qsort(out->keys, out->count, sizeof *out->keys, compare_keys);
  if (out->count > MAX_ENTRIES) out->count = MAX_ENTRIES;
  return status;
}

/* Makes *request the flat value of the request in the entry; empty where the file cannot
 * be read as one. */
static ws_status load_request(ws_chat *chat, const char *folder, const char *key,
                              ws_buffer *request) {
  ws_buffer path = {0}, bytes = {0}, flat = {0};
  ws_error ignored = WS_ERROR_INIT;
  request->size = 0;
  ws_status status = ws__chat_entry_path(folder, key, &path);
  if (status == WS_OK) status = ws_input_file(path.data, MAX_ENTRY, &bytes, &ignored);
  if (status == WS_OK)
    status = ws_json_parse(chat->parser, ws_buffer_as_text(&bytes), &flat, &ignored);
  if (status == WS_OK) {
    ws_value entry = {(const unsigned char *)flat.data}, value = {NULL};
    if (ws_value_is(entry, WS_OBJECT)) value = ws_value_get(entry, ws_text_of("request"));
    if (ws_value_is(value, WS_OBJECT))
      status = ws_buffer_append(request, value.at, ws_value_size(value));
  }
  ws_buffer_clear(&flat);
  ws_buffer_clear(&bytes);
  ws_buffer_clear(&path);
  return status == WS_ENOMEM ? status : WS_OK;
}

/* --- how near --- */

static size_t common_front(ws_text a, ws_text b) {
  size_t least = a.size < b.size ? a.size : b.size, n = 0;
  while (n < least && a.data[n] == b.data[n]) n++;
  return n;
}

static size_t common_back(ws_text a, ws_text b) {
  size_t least = a.size < b.size ? a.size : b.size, n = 0;
  while (n < least && a.data[a.size - 1 - n] == b.data[b.size - 1 - n]) n++;
  return n;
}

/* How much of the longer one is the same in front and at the end, from 0 to 1. */
static double likeness(ws_text a, ws_text b) {
  size_t least = a.size < b.size ? a.size : b.size;
  size_t most = a.size < b.size ? b.size : a.size;
  size_t same = common_front(a, b);
  if (most == 0) return 1;
  if (same < least) same += common_back(a, b);
  return (double)(same < least ? same : least) / (double)most;
}

/* The entry's request as it is compared; empty where there is none. */
static ws_status load_unmarked(ws_chat *chat, const char *folder, const char *key,
                               ws_buffer *request, ws_buffer *text, ws_buffer *out) {
  ws_json_writer json = {.out = text};
  text->size = out->size = 0;
  WS_TRY(load_request(chat, folder, key, request));
  if (request->size == 0) return WS_OK;
  ws_json_value(&json, (ws_value){(const unsigned char *)request->data});
  WS_TRY(json.status);
  return ws__chat_unmarked(ws_buffer_as_text(text), out);
}

static ws_status find_nearest(ws_chat *chat, const char *folder, ws_text canonical,
                              const names *entries, const char **nearest) {
  ws_buffer request = {0}, text = {0}, theirs = {0}, ours = {0};
  ws_status status = ws__chat_unmarked(canonical, &ours);
  double best = -1;
  for (size_t i = 0; i < entries->count && status == WS_OK; i++) {
    status = load_unmarked(chat, folder, entries->keys[i], &request, &text, &theirs);
    if (status != WS_OK || theirs.size == 0) continue;
    double like = likeness(ws_buffer_as_text(&ours), ws_buffer_as_text(&theirs));
    if (like <= best) continue;
    best = like;
    *nearest = entries->keys[i];
  }
  ws_buffer_clear(&ours);
  ws_buffer_clear(&theirs);
  ws_buffer_clear(&text);
  ws_buffer_clear(&request);
  return status;
}

/* --- the difference --- */

static ws_status put_value(ws_chat *chat, const char *which, ws_value value) {
  ws_buffer text = {0};
  ws_json_writer json = {.out = &text};
  if (value.at) ws_json_value(&json, value);
  ws_status status = json.status;
  if (status == WS_OK) status = ws_buffer_string(&chat->detail, which);
  if (status == WS_OK) status = ws__chat_detail_text(chat, ws_buffer_as_text(&text), 80);
  ws_buffer_clear(&text);
  return status;
}

static bool same_value(ws_value a, ws_value b) {
  size_t size = ws_value_size(a);
  return b.at && size == ws_value_size(b) && memcmp(a.at, b.at, size) == 0;
}

static ws_status put_member(ws_chat *chat, ws_text key, ws_value asked,
                            ws_value recorded) {
  if (same_value(asked, recorded)) return WS_OK;
  if (ws_value_is(asked, WS_STRING) && ws_value_is(recorded, WS_STRING))
    return ws__chat_put_texts(chat, key, ws_value_text(asked), ws_value_text(recorded));
  WS_TRY(ws_buffer_printf(&chat->detail, "  %.*s: ", WS_TEXT_ARG(key)));
  WS_TRY(put_value(chat, "asked ", asked));
  WS_TRY(put_value(chat, ", recorded ", recorded));
  return ws_buffer_string(&chat->detail, "\n");
}

static ws_status put_difference(ws_chat *chat, ws_value asked, ws_value recorded) {
  ws_value_iter each = ws_value_each(asked);
  size_t before = chat->detail.size;
  ws_text key;
  ws_value value;
  while (ws_value_next(&each, &key, &value))
    WS_TRY(put_member(chat, key, value, ws_value_get(recorded, key)));
  if (chat->detail.size > before) return WS_OK;
  return ws_buffer_string(&chat->detail,
                          "  only the marks between which records stand differ: another "
                          "seed, or what is cut off records\n");
}

static ws_status compare(ws_chat *chat, const char *folder, const char *key,
                         ws_text canonical) {
  ws_buffer padded = {0}, asked = {0}, recorded = {0};
  ws_status status = ws_buffer_text(&padded, canonical);
  if (status == WS_OK) status = ws_buffer_reserve(&padded, WS_JSON_PADDING);
  if (status == WS_OK)
    status = ws_json_parse(chat->parser, ws_buffer_as_text(&padded), &asked, NULL);
  if (status == WS_OK) status = load_request(chat, folder, key, &recorded);
  if (status == WS_OK)
    status = ws_buffer_printf(&chat->detail, "nearest: %s/%s.json\n", folder, key);
  if (status == WS_OK && recorded.size)
    status = put_difference(chat, (ws_value){(const unsigned char *)asked.data},
                            (ws_value){(const unsigned char *)recorded.data});
  ws_buffer_clear(&recorded);
  ws_buffer_clear(&asked);
  ws_buffer_clear(&padded);
  return status;
}

ws_status ws__chat_nearest(ws_chat *chat, const char *folder, ws_text canonical) {
  names entries = {0};
  const char *nearest = NULL;
  chat->detail.size = 0;
  ws_status status = list(folder, &entries);
  if (status == WS_OK) status = find_nearest(chat, folder, canonical, &entries, &nearest);
  if (status == WS_OK)
    status = nearest ? compare(chat, folder, nearest, canonical)
                     : ws_buffer_string(&chat->detail, "the folder holds no reply\n");
  ws_free(entries.keys);
  return status;
}
