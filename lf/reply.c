/* SPDX-License-Identifier: MIT
 *
 * Reading a reply: what it is made of. It may hold anything; whatever is refused becomes
 * a problem, never an error.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "reply_priv.h"

static const struct {
  const char *name, *text;
} codes[] = {
#define ROW(name, word, text) {word, text},
    WS_REPLY_CODE_MAP(ROW)
#undef ROW
};

const char *ws_reply_code_name(ws_reply_code code) {
  return code < WS_REPLY_CODES ? codes[code].name : "unknown";
}

const char *ws_reply_code_text(ws_reply_code code) {
  return code < WS_REPLY_CODES ? codes[code].text : "unknown";
}

const char *ws_reply_kind_name(ws_reply_kind kind) {
  static const char *const names[] = {"lua", "rules", "keywords"};
  return kind <= WS_REPLY_KEYWORDS ? names[kind] : "unknown";
}

const char *ws_reply_kind_suffix(ws_reply_kind kind) {
  return kind == WS_REPLY_RULES ? ".rules" : ".lua";
}

/* --- the reply --- */

static ws_status say(ws__replying *r, ws_reply_code code, uint64_t line, bool dropped) {
  return ws__reply_problem(
      r, (ws_reply_problem){.code = code, .line = line, .dropped = dropped}, "%s",
      ws_reply_code_text(code));
}

static bool is_info(ws_text info, const char *word) {
  size_t size = strlen(word);
  if (info.size != size) return false;
  for (size_t i = 0; i < size; i++)
    if ((info.data[i] | 0x20) != word[i]) return false;
  return true;
}

/* A block that does not say what it is. */
static ws_status read_unnamed(ws__replying *r, ws_text text, uint64_t line) {
  size_t good, bad;
  ws_text inner = ws__trim(text);
  bool taken = inner.size && (*inner.data == '{' || *inner.data == '[');
  if (taken) return ws__reply_json(r, text, line, true, &taken);
  ws__reply_count_rules(r, text, &good, &bad);
  if (good > bad || (good && !ws__reply_mentions_lf(text)))
    return ws__reply_rules(r, text, line);
  return ws__reply_lua(r, text, line, NULL);
}

static ws_status read_block(ws__replying *r, const ws__block *block) {
  uint64_t line = ws__reply_line(r, block->text.data);
  bool good, taken;
  if (!block->closed)
    return ws__reply_problem(
        r, (ws_reply_problem){WS_REPLY_TRUNCATED, line, {NULL, 0}, NULL, true},
        "expected the end of this block, found the end of the reply: it is dropped");
  WS_TRY(ws__reply_check(r, block->text, line, &good));
  if (!good) return WS_OK;
  if (is_info(block->info, "lua")) return ws__reply_lua(r, block->text, line, NULL);
  if (is_info(block->info, "rules")) return ws__reply_rules(r, block->text, line);
  if (is_info(block->info, "json"))
    return ws__reply_json(r, block->text, line, true, &taken);
  if (block->info.size == 0) return read_unnamed(r, block->text, line);
  return ws__reply_problem(
      r, (ws_reply_problem){WS_REPLY_WRONG_LANGUAGE, line, {NULL, 0}, NULL, true},
      "expected a block of lua, rules or json, found '%.*s'", WS_TEXT_ARG(block->info));
}

/* Code from the first line to the last. */
static ws_status read_bare(ws__replying *r, ws_text answer) {
  size_t good, bad;
  bool lua, valid;
  uint64_t line = ws__reply_line(r, answer.data);
  WS_TRY(ws__reply_check(r, answer, line, &valid));
  if (!valid) return WS_OK;
  WS_TRY(ws__reply_is_lua(answer, &lua));
  ws__reply_count_rules(r, answer, &good, &bad);
  if (r->options->truncated && (lua || good || ws__reply_mentions_lf(answer)))
    return say(r, WS_REPLY_TRUNCATED, line, true);
  if (!lua && (!good || bad)) return say(r, WS_REPLY_NO_CODE, line, true);
  return lua ? ws__reply_lua(r, answer, line, NULL) : ws__reply_rules(r, answer, line);
}

static ws_status read_blocks(ws__replying *r, ws_text answer) {
  ws__block block = {.closed = true};
  size_t at = 0, count = 0;
  while (!ws__reply_is_full(r) && ws__reply_next_block(answer, &at, &block)) {
    count++;
    WS_TRY(read_block(r, &block));
  }
  if (count == 0) return read_bare(r, answer);
  if (block.closed && r->options->truncated)
    return ws__reply_problem(
        r,
        (ws_reply_problem){.code = WS_REPLY_TRUNCATED,
                           .line = ws__reply_line(r, answer.data + answer.size)},
        "the reply was cut behind its last block: nothing is dropped");
  return WS_OK;
}

static ws_status read_answer(ws__replying *r, ws_text answer, bool sure, bool *taken) {
  ws_text inner = ws__trim(answer);
  *taken = false;
  if (!inner.size || (*inner.data != '{' && *inner.data != '[')) return WS_OK;
  return ws__reply_json(r, inner, ws__reply_line(r, inner.data), sure, taken);
}

static bool has_block(ws_text answer) {
  ws__block block;
  size_t at = 0;
  return ws__reply_next_block(answer, &at, &block);
}

/* Nothing was said: of a reply that was cut, that is why. */
static ws_status say_nothing(ws__replying *r, ws_reply_code code) {
  uint64_t line = code == WS_REPLY_UNCLOSED_THOUGHT;
  if (!r->options->truncated) return say(r, code, line, true);
  return ws__reply_problem(
      r, (ws_reply_problem){WS_REPLY_TRUNCATED, line, {NULL, 0}, NULL, true},
      "the reply was cut before the model said anything but what it thought");
}

/* JSON may hold what looks like thoughts, so it is tried first. */
static ws_status read_whole(ws__replying *r) {
  bool closed, taken;
  ws_text reply = ws__trim(r->whole);
  if (r->whole.size > WS_REPLY_BYTES_MAX) return say(r, WS_REPLY_TOO_LARGE, 0, true);
  if (reply.size == 0) return say_nothing(r, WS_REPLY_EMPTY);
  WS_TRY(read_answer(r, reply, false, &taken));
  if (taken) return WS_OK;
  ws_text answer = ws__reply_answer(reply, &closed);
  if (!closed) return say_nothing(r, WS_REPLY_UNCLOSED_THOUGHT);
  r->out->thought = reply.size - answer.size;
  answer = ws__trim(answer);
  if (answer.size == 0) return say_nothing(r, WS_REPLY_NO_CODE);
  WS_TRY(read_answer(r, answer, !has_block(answer), &taken));
  return taken ? WS_OK : read_blocks(r, answer);
}

static ws_status read(ws__replying *r, ws_text bytes) {
  static const char padding[WS_JSON_PADDING];
  ws_buffer copy = {0};
  size_t kept = bytes.size <= WS_REPLY_BYTES_MAX ? bytes.size : WS_REPLY_BYTES_MAX + 1;
  bool bom = kept >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0;
  ws_status status = ws_buffer_append(&copy, bytes.data, kept);
  if (status == WS_OK) status = ws_buffer_append(&copy, padding, sizeof padding);
  if (status == WS_OK) status = ws_json_parser_new(&r->json);
  if (status == WS_OK) {
    r->whole = (ws_text){copy.data + 3 * bom, kept - (size_t)(3 * bom)};
    status = read_whole(r);
  }
  ws_json_parser_free(r->json);
  ws_buffer_clear(&copy);
  return status;
}

ws_status ws_reply_read(ws_text bytes, const ws_reply_options *options, ws_reply **out,
                        ws_error *err) {
  ws__replying r = {.options = options};
  r.out = ws_alloc_zero(1, sizeof *r.out);
  if (r.out && read(&r, bytes) == WS_OK) {
    *out = r.out;
    return WS_OK;
  }
  ws_reply_free(r.out);
  return ws_error_nomem(err);
}

void ws_reply_free(ws_reply *reply) {
  if (!reply) return;
  ws_arena_clear(&reply->arena);
  ws_free(reply->candidates);
  ws_free(reply->problems);
  ws_free(reply);
}

size_t ws_reply_count(const ws_reply *reply) {
  return reply->count;
}

const ws_reply_candidate *ws_reply_at(const ws_reply *reply, size_t i) {
  return &reply->candidates[i];
}

size_t ws_reply_problems(const ws_reply *reply) {
  return reply->problem_count;
}

const ws_reply_problem *ws_reply_problem_at(const ws_reply *reply, size_t i) {
  return &reply->problems[i];
}

size_t ws_reply_thought(const ws_reply *reply) {
  return reply->thought;
}
